"""``init``: rules that give parameters their first values, by class or by key."""

from __future__ import annotations

import re
from typing import Any

from nndsl.layers.matching import complete
from nndsl.model.expr import Expr, Static, known
from nndsl.model.graph import Init
from nndsl.model.nearest import suggest
from nndsl.model.spec import Choice, Initializer, Layer, Rejected
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.evaluate import snippet, static
from nndsl.resolve.scope import MISSING
from nndsl.resolve.values import Builtin
from nndsl.syntax import tree

_KEY = re.compile(r"[A-Za-z0-9_.*]+")
_NUMBERED = re.compile(r".*_l\d+(_reverse)?")


def init(node: tree.Init, cx: Context) -> None:
    """Note a rule; what it finds is checked when the body is whole."""
    if cx.builder.splices:
        raise fault(
            "E407",
            "a definition with `init` rules can't be spliced",
            cx.builder.splices[-1],
            "`*` here",
            help="leave out the `*`: its rules hold for a module of its own",
        )
    classes, key, sure, some = _target(node.target, cx)
    entry, args, kwargs = _rule(node.value, cx)
    rule = Init(classes, key, entry.torch, args, kwargs, sure, node.span)
    cx.builder.emit(rule)
    cx.builder.inits.append((rule, entry, some, str(node.target.parts[0])))


# ------------------------------------------------------------------ which parameters


def _target(node: tree.Path, cx: Context) -> tuple[tuple[str, ...], str, bool, bool]:
    """The classes, the parameter or pattern, whether each of these layers has the parameter, and
    whether some may be without it."""
    first = node.parts[0]
    if isinstance(first, tree.String) and len(node.parts) == 1:
        if not _KEY.fullmatch(first.value):
            raise fault(
                "E404",
                f"`{first.value}` can't be a key",
                node.span,
                "no key",
                help="a key has names, numbers and dots, and `*` for any text",
            )
        return (), first.value, True, False
    if len(node.parts) != 2 or not all(isinstance(p, str) for p in node.parts):
        key = ".".join(p if isinstance(p, str) else p.value for p in node.parts)
        by_class = f"`init {key}.weight: ...` or " if len(node.parts) == 1 else ""
        raise fault(
            "E404",
            "a rule is for a layer's parameter, or for a key in quotes",
            node.span,
            "neither of them",
            help=f'write {by_class}`init "{key}": ...`',
        )
    name, parameter = map(str, node.parts)
    entries = [_torch_class(one, name, parameter, node) for one in _entries(name, node, cx)]
    scarce = [_may_lack(one, parameter) for one in entries]
    sure = parameter == "weight" and not any(scarce)
    return tuple(dict.fromkeys(one.torch for one in entries)), parameter, sure, all(scarce)


def _entries(name: str, node: tree.Path, cx: Context) -> list[Layer]:
    from nndsl.layers import registry

    found = cx.scope.get(name)
    if isinstance(found, Builtin) and isinstance(found.layer, Layer):
        return [found.layer]
    if isinstance(found, Builtin) and isinstance(found.layer, Choice):
        chosen = (registry.find(one) for one in found.layer.by_rank.values())
        return [one for one in chosen if isinstance(one, Layer)]
    by_key = f'`init "{name}.{node.parts[1]}": ...`'
    if any(path[0] == name for path in cx.builder.members):
        help = f"a label is part of a key: write {by_key}"
        raise fault("E205", f"`{name}` is a label, no layer", node.span, "no class", help=help)
    if found is MISSING:
        help = suggest(name, registry.names())
        raise fault("E201", f"`{name}` is no layer", node.span, "unknown name", help=help)
    raise fault(
        "E205",
        f"`{name}` is no layer of torch",
        node.span,
        "a class of layers is wanted",
        help="write the rule in that definition, or name parameters by key: "
        f'`init "*.{node.parts[1]}": ...`',
    )


def _torch_class(entry: Layer, name: str, parameter: str, node: tree.Path) -> Layer:
    """Only classes of torch itself are known well enough to be told by their class."""
    by_key = f'name its parameters by key: `init "*.{parameter}": ...`'
    if entry.declared_by or not entry.torch.rpartition(".")[0] == "torch.nn":
        raise fault("E205", f"`{name}` is no class of torch", node.span, "no class", help=by_key)
    if _NUMBERED.fullmatch(parameter):
        raise fault(
            "E404",
            f"not every `{name}` has `{parameter}`",
            node.span,
            "depends on its arguments",
            help=by_key,
        )
    return entry


def _may_lack(entry: Layer, parameter: str) -> bool:
    """Whether an argument of the class leaves this parameter out."""
    names = {one.name for one in entry.arguments}
    affine = bool(names & {"affine", "elementwise_affine"})
    return parameter == "bias" and "bias" in names or affine and parameter in ("weight", "bias")


# ------------------------------------------------------------------ what they get


def _rule(node: tree.Expr, cx: Context) -> tuple[Initializer, tuple[Static, ...], Any]:
    """The function of torch and its arguments as they are given, by place or by name."""
    from nndsl.layers.inits import INITS
    from nndsl.resolve.static_arguments import arguments

    while isinstance(node, tree.Group):
        node = node.inner
    _check_one_value(node)
    head = node.func if isinstance(node, tree.Call) else node
    entry = INITS.get(head.id) if isinstance(head, tree.Name) and _is_free(head.id, cx) else None
    positional: tuple[Static, ...] = ()
    keywords: tuple[tuple[str, Static], ...] = ()
    if entry is None:
        _check_known_name(node, head, cx)
        entry, positional = INITS["constant"], (static(node, cx.plain()),)
    elif isinstance(node, tree.Call):
        given = arguments(node, cx.plain())
        if given.arrow is not None:
            raise fault("E202", f"`{entry.name}` takes no sizes", node.span, "no `->` here")
        positional = tuple(one.value for one in given.positional)
        keywords = tuple((name, one.value) for name, one in given.keywords)
    try:
        args, _ = complete(entry, positional, dict(keywords))
        if entry.suits is not None:
            entry.suits(args)
    except Rejected as reason:
        message, help = (t.replace("{layer}", entry.name) for t in (reason.message, reason.help))
        raise fault(reason.code, message, node.span, "", help) from None
    for value in (*positional, *(v for _, v in keywords)):
        if not cx.general and isinstance(value, Expr | tuple) and not known(value):
            raise statics.undecided(value, node.span, f"a number that `{entry.name}` takes")
    return entry, positional, keywords


def _check_one_value(node: tree.Expr) -> None:
    """A rule gives one thing: an initializer or a number."""
    if isinstance(node, tree.Pipeline | tree.Stage | tree.Repeat | tree.ChainComp):
        raise fault(
            "E205",
            f"`{snippet(node)}` is no value for parameters",
            node.span,
            "a pipeline",
            help="write an initializer, `normal(0, 0.02)`, or a number",
        )
    if isinstance(node, tree.Conditional) and _names_initializer((node.then, node.orelse)):
        raise fault(
            "E205",
            "a rule has one initializer",
            node.span,
            "one of two",
            help="write `if ...:` with a rule in each branch",
        )


def _names_initializer(parts: tuple[tree.Expr | None, ...]) -> bool:
    from nndsl.layers.inits import INITS

    heads = [part.func if isinstance(part, tree.Call) else part for part in parts]
    return any(isinstance(head, tree.Name) and head.id in INITS for head in heads)


def _is_free(name: str, cx: Context) -> bool:
    """Whether a name is nothing of the spec's own here."""
    found = cx.scope.get(name)
    return found is MISSING or isinstance(found, Builtin)


def _check_known_name(node: tree.Expr, head: tree.Expr, cx: Context) -> None:
    """A misspelt initializer is told as one."""
    from nndsl.layers.inits import INITS
    from nndsl.model.expr import FUNCTIONS

    if not isinstance(head, tree.Name) or not _is_free(head.id, cx):
        return
    found = cx.scope.get(head.id)
    if isinstance(found, Builtin) and found.static and head.id in FUNCTIONS:
        return
    if found is MISSING:
        raise Cascade  # an unknown name, which is told where names are looked at
    help = suggest(head.id.removesuffix("_"), INITS) or "there are " + ", ".join(sorted(INITS))
    raise fault(
        "E201", f"`{snippet(head)}` gives parameters no values", head.span, "unknown", help=help
    )


def holds_init(node: object) -> tree.Init | None:
    """The first rule in a body, in the conditions and loops of it too."""
    if isinstance(node, tuple):
        return next((found for part in node if (found := holds_init(part))), None)
    if isinstance(node, tree.If):
        return holds_init((*node.body, *node.orelse))
    if isinstance(node, tree.For):
        return holds_init(node.body)
    return node if isinstance(node, tree.Init) else None


def refuse(node: tree.Init, where: str) -> Any:
    """The fault of a rule in a place that construction doesn't come by once."""
    return fault(
        "E407",
        f"`init` can't stand in {where}",
        node.span,
        "not here",
        help="a rule finds its parameters by itself: write it behind the result",
    )
