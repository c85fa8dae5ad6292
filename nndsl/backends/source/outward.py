"""A result's sizes in terms of what goes in, for docstrings."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.backends.source.shapes import static
from nndsl.model import dims
from nndsl.model.axes import axis_names
from nndsl.model.expr import Name, Op, Static, binary, names_in, rebuild, substitute
from nndsl.model.graph import Block, FlowType, InputParameter, ListType, TensorType, TupleType
from nndsl.record import replace

_LONG = 34
_ALL = 60
_INNER = ("carried", "local", "loop", "size")


def outward(type: FlowType, block: Block) -> FlowType:
    """The type of a result; a size that only the constructor computes is ``h_out``, and so is a
    formula that nobody reads."""
    if isinstance(type, TupleType):
        return replace(type, items=tuple(outward(item, block) for item in type.items))
    if isinstance(type, ListType):
        return replace(type, item=outward(type.item, block))
    if not isinstance(type, TensorType) or type.shape is None:
        return type
    spoken = {one.name.id for one in block.parameters} | _sizes_of_inputs(block.inputs)
    shape = [as_same(size) if _is_spoken(size, spoken) else None for size in type.shape]
    texts = {axis: static(size) for axis, size in enumerate(shape) if isinstance(size, Op)}
    while texts and (max(map(len, texts.values())) > _LONG or sum(map(len, texts.values())) > _ALL):
        longest = max(texts, key=lambda axis: len(texts[axis]))
        shape[longest] = None
        del texts[longest]
    first, rank = block.inputs[:1], len(shape)
    sizes = tuple(_out(axis, rank, first) if s is None else s for axis, s in enumerate(shape))
    return replace(type, shape=sizes)


def as_same(size: Static) -> Static:
    """A size behind ``same`` padding as it is for every odd kernel: ``h``, although ``kernel // 2``
    on both sides adds one for an even kernel, and ``(kernel - 1) // 2`` takes one away."""
    if not isinstance(size, Op):
        return size
    inside = rebuild(size, as_same)
    terms = dims.normal(inside)
    whole: Static = 0
    for monomial, count in terms.items():
        half = monomial[0][0] if len(monomial) == 1 and monomial[0][1] == 1 else None
        twice = _twice(half) if count % 2 == 0 else None
        term = dims.build({monomial: count}) if twice is None else binary("*", count // 2, twice)
        whole = binary("+", whole, term)
    shorter = len(dims.normal(whole)) < len(terms)
    return dims.tidy(whole) if shorter or inside != size else size


def _twice(half: Static) -> Static | None:
    """``kernel - 1`` for ``kernel // 2``, where one odd parameter tells what is left over."""
    if not isinstance(half, Op) or half.op != "//" or half.args[1] != 2:
        return None
    size, counter = half.args[0], Name("counter")
    for name in names_in(size):
        odd = binary("+", binary("*", 2, counter), 1)
        poly = dims.normal(substitute(size, {name: odd}))
        if name.role == "param" and not any(count % 2 for m, count in poly.items() if m):
            return binary("-", size, poly.get((), 0) % 2)
    return None


def _is_spoken(size: Static, spoken: set[str]) -> bool:
    return all(name.id in spoken or name.role not in _INNER for name in names_in(size))


def _sizes_of_inputs(inputs: Sequence[InputParameter]) -> set[str]:
    """The names of sizes that come in."""
    found: set[str] = set()
    waiting = [one.var.type for one in inputs]
    while waiting:
        type = waiting.pop()
        if isinstance(type, TupleType):
            waiting += type.items
        elif isinstance(type, ListType):
            found.update(name.id for name in names_in(type.length))
            waiting.append(type.item)
        elif isinstance(type, TensorType):
            found.update(name.id for size in type.shape or () for name in names_in(size))
    return found


def _out(axis: int, rank: int, inputs: Sequence[InputParameter]) -> Name:
    """The name of a result's axis: after that of the first input, if it has one."""
    first = inputs[0].var.type if inputs else None
    shape = first.shape if isinstance(first, TensorType) else None
    own = shape[axis] if shape is not None and len(shape) == rank else None
    name = own.id if isinstance(own, Name) else axis_names(rank)[axis]
    return Name(f"out_{name[3:]}" if name.startswith("in_") else f"{name}_out")
