"""A result's sizes in terms of what goes in, for docstrings."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.backends.source.closed import Closed
from nndsl.backends.source.naming import unique, without_number
from nndsl.backends.source.same import as_same, odd_names
from nndsl.backends.source.shapes import static
from nndsl.model.axes import axis_names
from nndsl.model.expr import Name, Op, Static, names_in
from nndsl.model.graph import Block, FlowType, InputParameter, ListType, TensorType, TupleType
from nndsl.record import replace

_LONG = 34
_ALL = 60
_FEATURES = ("c", "d", "in_channels", "in_features", "out_channels", "out_features")
_PLACES = ("t", "h", "w")
_INNER = ("carried", "local", "loop", "size")


class Outward:
    """The result of a block as its docstring tells it: ``h_out`` for a size that only the
    constructor computes, and for a formula that nobody reads. ``odd``: the parameters for odd
    values of which it is told."""

    def __init__(self, block: Block) -> None:
        self.odd: dict[Name, None] = {}
        self._closed = Closed(block.body)
        self._inputs = block.inputs
        self._spoken = {one.name.id for one in block.parameters} | _sizes_of_inputs(block.inputs)
        self._hidden: dict[Static, Name] = {}
        self.type = self._told(block.output)

    def _told(self, type: FlowType) -> FlowType:
        if isinstance(type, TupleType):
            return replace(type, items=tuple(map(self._told, type.items)))
        if isinstance(type, ListType):
            return replace(type, item=self._told(type.item))
        if not isinstance(type, TensorType) or type.shape is None:
            return type
        whole = [self._closed(size) for size in type.shape]
        plain = _short([as_same(s) if _is_spoken(s, self._spoken) else None for s in whole])
        shape: list[Static] = []
        for axis, (size, given) in enumerate(zip(plain, whole, strict=True)):
            if size is not None:
                self.odd.update(dict.fromkeys(odd_names(given)))
            shape.append(self._out(type.shape[axis], axis, len(plain)) if size is None else size)
        return replace(type, shape=tuple(shape))

    def _out(self, size: Static, axis: int, rank: int) -> Name:
        """A name after the axis of the first input, if it has one; one for each size."""
        if size in self._hidden:
            return self._hidden[size]
        first = self._inputs[0].var.type if self._inputs else None
        shape = first.shape if isinstance(first, TensorType) else None
        own = shape[axis] if shape is not None and len(shape) == rank else None
        name = own.id if isinstance(own, Name) else axis_names(rank)[axis]
        if isinstance(size, Name) and without_number(size.id) in _FEATURES and name in _PLACES:
            name = "c"  # the axes of the result are others
        name = f"out_{name[3:]}" if name.startswith("in_") else f"{name}_out"
        made = Name(unique(name, {other.id for other in self._hidden.values()}))
        return self._hidden.setdefault(size, made)


def _short(sizes: list[Static]) -> list[Static]:
    """Without formulas that nobody reads, the longest first."""
    texts = {axis: static(size) for axis, size in enumerate(sizes) if isinstance(size, Op)}
    while texts and (max(map(len, texts.values())) > _LONG or sum(map(len, texts.values())) > _ALL):
        longest = max(texts, key=lambda axis: len(texts[axis]))
        sizes[longest] = None
        del texts[longest]
    return sizes


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
