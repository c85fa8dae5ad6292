"""Matches the arguments that a spec gives with those of an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nndsl.layers.values import checked
from nndsl.model.elsewhere import argument_here
from nndsl.model.expr import Static
from nndsl.model.nearest import suggest
from nndsl.model.spec import REQUIRED, Argument, Initializer, Layer, Loss, Rejected

Entry = Layer | Loss | Initializer


class Given(frozenset[str]):
    """The names of the arguments that were written; ``positional`` are those without a name."""

    positional: tuple[str, ...] = ()


def complete(
    layer: Entry,
    positional: Sequence[Static],
    keywords: Mapping[str, Static],
    arrow: tuple[Static, Static] | None = None,
    name: str = "",
) -> tuple[dict[str, Static], Given]:
    """All arguments of a layer (or a loss, or an initializer), and which of them were written.

    What follows from the input and was left out is None. ``name`` is the author's spelling.
    """
    try:
        return _complete(layer, positional, keywords, arrow)
    except Rejected as no:
        raise named(no, name or layer.name) from None


def _complete(
    layer: Entry,
    positional: Sequence[Static],
    keywords: Mapping[str, Static],
    arrow: tuple[Static, Static] | None,
) -> tuple[dict[str, Static], Given]:
    by_name = {a.name: a for a in layer.arguments}
    written: dict[str, Static] = _from_arrow(layer, arrow)
    order = [name for name in getattr(layer, "positional", ()) if name not in written]
    if len(positional) > len(order):
        raise _too_many(layer, len(order), len(positional))
    written |= zip(order, positional, strict=False)
    for key, value in keywords.items():
        name = _argument(layer, key).name
        if name in written:
            advice = f"leave out `{key}=...`"
            if name in order[: len(positional)] and written[name] != value:
                advice = _order_help(layer)
            raise Rejected(f"`{{layer}}` is given {key} twice", key, advice, "E204")
        written[name] = value
    for name, value in written.items():
        unnamed = positional if name in order[: len(positional)] else ()
        written[name] = _checked(layer, by_name[name], value, unnamed)
    given = Given(written)
    given.positional = tuple(order[: len(positional)])
    return _with_defaults(layer, written), given


def _from_arrow(layer: Entry, arrow: tuple[Static, Static] | None) -> dict[str, Static]:
    if arrow is None:
        return {}
    if not isinstance(layer, Layer) or layer.arrow is None:
        advice = f"leave `->` out: {_signature(layer)}"
        raise Rejected("`{layer}` has no input and output size for `->` to set", "", advice, "E204")
    return dict(zip(layer.arrow, arrow, strict=True))


def _argument(layer: Entry, key: str) -> Argument:
    for argument in layer.arguments:
        if key in (argument.name, argument.alias) and key:
            return argument
    names = [a.name for a in layer.arguments]
    advice = argument_here(key, names) or suggest(key, names) or _signature(layer)
    raise Rejected(f"`{{layer}}` has no argument `{key[:80]}`", key, advice, "E202")


def _signature(layer: Entry) -> str:
    taken = ", ".join(a.name for a in layer.arguments if not a.inferred)
    return f"it takes {taken}" if taken else "it takes none"


def _too_many(layer: Entry, most: int, count: int) -> Rejected:
    wanted = "no arguments" if most == 0 else f"{most} argument{'s' * (most > 1)}"
    advice = _order_help(layer) or _signature(layer)
    return Rejected(
        f"`{{layer}}` takes {wanted} without a name, but is given {count}", "", advice, "E204"
    )


def _order_help(layer: Entry) -> str:
    """What to say to someone who may have written torch's order."""
    sizes = [a.name for a in layer.arguments if a.inferred]
    if not sizes or not isinstance(layer, Layer):
        return ""
    follows = "follows" if len(sizes) == 1 else "follow"
    order = ", ".join(minimum(layer))
    example = f"`{{layer}}({order})`" if order else "`{layer}`"
    return f"{', '.join(sizes)} {follows} from the input: write {example}"


def minimum(layer: Layer) -> list[str]:
    required = {a.name for a in layer.arguments if a.default is REQUIRED}
    return [name for name in layer.positional if name in required]


def _checked(layer: Entry, argument: Argument, value: Static, unnamed: Sequence[Static]) -> Static:
    """A value if it fits; ``unnamed`` are all those without a name, where it is one of them."""
    try:
        return checked(argument, value)
    except Rejected as no:
        if len(unnamed) > 1 and _may_be_misplaced(argument, value, no):
            own = "" if no.code == "E206" else no.help
            no.help = _both_sizes(layer, unnamed) or own or _order_help(layer) or no.help
        raise


def _may_be_misplaced(argument: Argument, value: Static, no: Rejected) -> bool:
    """Whether a number without a name may be meant for another place: one of a wrong kind, or one
    above 1 where a share is wanted."""
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return no.code != "E206" or argument.type == "float" and value > 1


def _both_sizes(layer: Entry, unnamed: Sequence[Static]) -> str:
    """What to write for ``Linear(784, 256)``."""
    if not isinstance(layer, Layer) or layer.arrow is None or len(unnamed) < 2:
        return ""
    first, second = unnamed[:2]
    if not (isinstance(first, int) and isinstance(second, int)):
        return ""
    inferred = [a.name for a in layer.arguments if a.inferred]
    return (
        f"write `{{layer}}({first}->{second})`, or `{{layer}}({second})`: "
        f"{', '.join(inferred)} follows from the input"
    )


def _with_defaults(layer: Entry, written: Mapping[str, Static]) -> dict[str, Static]:
    args = {a.name: written.get(a.name, a.default) for a in layer.arguments}
    missing = [name for name, value in args.items() if value is REQUIRED]
    if missing:
        advice = _add(layer, missing)
        raise Rejected(f"`{{layer}}` needs {', '.join(missing)}", "", advice, "E203")
    return args


def _add(layer: Entry, missing: Sequence[str]) -> str:
    """How to give what is missing, and in which order arguments stand."""
    if isinstance(layer, Layer) and layer.arrow is not None and missing[0] in layer.arrow:
        sizes = [a for a in layer.arguments if a.name in layer.arrow]
        if sizes[0].inferred:
            return "write the size that it makes: `{layer} 10`"
        return "write both sizes: `{layer} 1000->64`"
    return f"add `{missing[0]}=...`; {_signature(layer)}"


def named(no: Rejected, name: str, short: str = "") -> Rejected:
    """The same refusal with the layer's name put in."""
    message, advice = (
        text.replace("{layer}", name).replace("{short}", short) for text in (no.message, no.help)
    )
    said = Rejected(message, no.culprit, advice, no.code, no.text)
    said.part = no.part
    return said
