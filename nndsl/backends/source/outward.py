"""A result's sizes in terms of what goes in, for docstrings."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.model.expr import Name, Static, names_in
from nndsl.model.graph import Block, FlowType, InputParameter, ListType, TensorType, TupleType
from nndsl.record import replace

_AXES = {2: ("b", "d"), 3: ("b", "t", "d"), 4: ("b", "c", "h", "w"), 5: ("b", "c", "d", "h", "w")}
_INNER = ("carried", "local", "loop", "size")


def outward(type: FlowType, block: Block, inputs: Sequence[InputParameter]) -> FlowType:
    """The type of a result; a size that only the constructor computes is ``h_out``."""
    if isinstance(type, TupleType):
        return replace(type, items=tuple(outward(item, block, inputs) for item in type.items))
    if isinstance(type, ListType):
        return replace(type, item=outward(type.item, block, inputs))
    if not isinstance(type, TensorType) or type.shape is None:
        return type
    spoken = {one.name.id for one in block.parameters} | _sizes_of_inputs(inputs)
    sizes = enumerate(type.shape)
    rank = len(type.shape)
    return replace(
        type,
        shape=tuple(s if _is_spoken(s, spoken) else _out(axis, rank, inputs) for axis, s in sizes),
    )


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
    if isinstance(own, Name):
        return Name(f"{own.id}_out")
    names = _AXES.get(rank, ())
    return Name(f"{names[axis] if axis < len(names) else 'n'}_out")
