"""What is known of one name, as a page: signature, arguments, an example and what it makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nndsl.functions import registry as functions
from nndsl.layers import registry as layers
from nndsl.model.graph import Block, Construct, FlowType, ListType, Make, TensorType, TupleType
from nndsl.model.spec import REQUIRED, Argument, Choice, Function, Layer, Loss
from nndsl.model.text import shape
from nndsl.record import dataclass
from nndsl.reference import prose
from nndsl.reference.examples import example
from nndsl.source import Source

_TORCH = "https://docs.pytorch.org/docs/stable/generated"


@dataclass(frozen=True)
class Row:
    """An argument: its name, what it may be, what it is if left out, and what it means."""

    name: str
    type: str
    default: str
    meaning: str


@dataclass(frozen=True)
class Page:
    """One entry. ``example`` is a whole spec; ``inputs`` and ``output`` are the shapes in it, and
    ``weights`` the tensors that the layer owns there: key, shape, kind. ``torch`` is where it
    lives, ``link`` a page about it."""

    name: str
    kind: str
    signature: str
    doc: str
    rows: tuple[Row, ...] = ()
    example: str = ""
    inputs: tuple[str, ...] = ()
    output: str = ""
    weights: tuple[tuple[str, str, str], ...] = ()
    torch: str = ""
    link: str = ""
    declared_by: str = ""


def pages(name: str) -> Iterator[Page]:
    """Every meaning of a name: a layer, a function, a loss."""
    layer = layers.find(name)
    if layer is not None:
        yield page(layer)
    function = functions.find(name)
    if function is not None:
        yield page(function)
    loss = layers.find_loss(name)
    if loss is not None and layer is None and function is None:
        yield page(loss)


def summary(name: str) -> str:
    """What a name means, in its first sentence."""
    for one in (layers.find(name), functions.find(name)):
        if one is not None:
            doc = prose.of_function(one) if isinstance(one, Function) else one.doc
            return doc.split("\n\n")[0]
    return ""


def page(entry: Layer | Choice | Function | Loss) -> Page:
    """The page of an entry."""
    if isinstance(entry, Choice):
        return _of_choice(entry)
    if isinstance(entry, Function):
        return _of_function(entry)
    text = example(entry)
    block = _resolved(text)
    kind = "loss" if isinstance(entry, Loss) else "layer"
    return Page(
        entry.name,
        kind,
        signature(entry),
        entry.doc,
        tuple(_row(one, one.doc) for one in entry.arguments),
        text,
        *_ends(block),
        weights=() if isinstance(entry, Loss) else _weights(block, entry.torch),
        torch=entry.torch,
        link=_link(entry),
        declared_by=getattr(entry, "declared_by", ""),
    )


def _of_choice(entry: Choice) -> Page:
    members = [f"{name} for {rank}" for rank, name in sorted(entry.by_rank.items())]
    doc = f"{entry.doc} By the number of axes, the batch included, it is {', '.join(members)}."
    first = layers.find(entry.by_rank[max(entry.by_rank) - 1])
    assert isinstance(first, Layer)
    text = example(entry)
    head = signature(first).replace(first.name, entry.name, 1)
    rows = tuple(_row(one, one.doc) for one in first.arguments)
    block = _resolved(text)
    weights = _weights(block, first.torch)
    return Page(entry.name, "layer", head, doc, rows, text, *_ends(block), weights=weights)


def _of_function(entry: Function) -> Page:
    alone = [(one.name, one.type) for one in entry.arguments] == [("input", "tensor")]
    rows = [_row(one, prose.of_argument(entry, one)) for one in entry.arguments if not alone]
    text = example(entry)
    return Page(
        entry.name,
        "function",
        signature(entry),
        prose.of_function(entry),
        tuple(rows),
        text,
        *_ends(_resolved(text)),
        torch=entry.torch,
        link=_link(entry),
        declared_by=entry.declared_by,
    )


# ------------------------------------------------------------------ arguments


def signature(entry: Layer | Function | Loss) -> str:
    """``conv2d(out_channels, kernel_size, stride=1, ...)``, in the order of a spec; what may only
    be given by name stands behind ``*``."""
    by_name = {one.name: one for one in entry.arguments}
    order = list(by_name)
    if isinstance(entry, Layer):
        order = list(entry.positional)
    elif isinstance(entry, Loss):
        order = []
    else:
        order = [a.name for a in entry.arguments if not a.named]
    rest = [a.name for a in entry.arguments if a.name not in order and not a.inferred]
    if rest:
        order += ["*", *rest]
    given = ", ".join(name if name == "*" else _parameter(by_name[name]) for name in order)
    called = f"({_inputs(entry.inputs)})" if isinstance(entry, Layer) and entry.inputs[1:] else ""
    return f"{entry.name}({given}){called}"


def _parameter(one: Argument) -> str:
    return one.name if one.default is REQUIRED else f"{one.name}={shown(one.default)}"


def _inputs(names: Sequence[str]) -> str:
    return ", ".join(name.replace("?", "=None") for name in names)


def shown(value: Any) -> str:
    """A plain value as a spec writes it."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(shown, value))}]"
    return repr(value)


_TYPES = {
    "size": ("int",), "ints": ("int", "list"), "floats": ("float", "list"),
    "axes": ("axis", "list"), "sizes": ("list",), "none": ("None",),
    "tensors": ("list of tensors",),
}  # fmt: skip


def _row(one: Argument, meaning: str) -> Row:
    words = [word for part in one.type.split("|") for word in _TYPES.get(part, (part,))]
    if one.inferred:
        default = "from the input"
    else:
        default = "required" if one.default is REQUIRED else shown(one.default)
    return Row(one.name, " or ".join(dict.fromkeys(words)), default, _bounded(one, meaning))


def _bounded(one: Argument, meaning: str) -> str:
    """The meaning, and what values are allowed."""
    if one.choices:
        joint = ":" if one.type in ("str", "str|none") else ", or"
        return f"{meaning}{joint} {', '.join(map(shown, one.choices))}"
    low = 1 if one.low is None and "size" in one.type.split("|") else one.low
    known = [v for v in (low, one.high) if v is not None and abs(v) != float("inf")]
    if len(known) == 2:
        return f"{meaning}, {low:g} to {one.high:g}"
    if known and low in known and "size" not in one.type.split("|"):
        return f"{meaning}, at least {low:g}"
    return meaning


# ------------------------------------------------------------------ the example


def _resolved(text: str) -> Block | None:
    """The model of an example; None where there is none, or a plug-in's own is wrong."""
    from nndsl import resolve

    if not text:
        return None
    core = resolve.load(Source(text, "example"))
    models = tuple(core.models)
    block, _ = resolve.resolve_model(core, models[0], {}) if models else (None, ())
    return block


def _ends(block: Block | None) -> tuple[tuple[str, ...], str]:
    if block is None:
        return (), ""
    return tuple(_flow(one.var.type) for one in block.inputs), _flow(block.output)


def _flow(type: FlowType) -> str:
    if isinstance(type, TensorType):
        return shape(type.shape, type.lead) + ("" if type.dtype == "float" else f" {type.dtype}")
    if isinstance(type, TupleType):
        return f"({', '.join(map(_flow, type.items))})"
    if isinstance(type, ListType):
        return f"[{_flow(type.item)}]"
    return "None"


def _weights(block: Block | None, torch: str) -> tuple[tuple[str, str, str], ...]:
    """The tensors of the first layer of a class that the example constructs."""
    for statement in () if block is None else block.body:
        made = statement.what if isinstance(statement, Make) else None
        if isinstance(made, Construct) and made.torch == torch:
            return tuple(
                (w.name, shape(w.shape), "parameter" if w.trainable else "buffer")
                for w in made.weights
            )
    return ()


def _link(entry: Layer | Function | Loss) -> str:
    """torch's page about an entry, or the one that a plug-in names."""
    own = getattr(entry, "link", "")
    path = entry.torch
    if own or not path.startswith(("torch.", "F.", "Tensor.")):
        return str(own)
    for short, long in (("F.", "torch.nn.functional."), ("Tensor.", "torch.Tensor.")):
        if path.startswith(short):
            path = long + path.removeprefix(short)
    return f"{_TORCH}/{path}.html"
