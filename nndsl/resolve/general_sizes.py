"""A general block's sizes and values in its caller's terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nndsl.model import dims
from nndsl.model.axes import Axes, axis_names, told_as
from nndsl.model.expr import Expr, Name, Static, names_in, substitute
from nndsl.model.graph import (
    Block,
    FlowType,
    ListType,
    NoneType,
    TensorType,
    TupleType,
)
from nndsl.record import replace
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context
from nndsl.resolve.input_lists import Counted, as_list_type, is_even, list_sizes
from nndsl.resolve.resolver import RecordedUse
from nndsl.resolve.tensor_lists import is_list_type, placed
from nndsl.resolve.uses import inputs_of
from nndsl.resolve.values import Definition


def kind_of_type(type: FlowType) -> Any:
    """What must be alike for uses to share a block: number of axes and dtype."""
    if isinstance(type, TensorType):
        return ("tensor", None if type.shape is None else len(type.shape), type.dtype, type.lead)
    if isinstance(type, TupleType):
        items = tuple(map(kind_of_type, type.items))
        return ("tuple", items, type.names, type.many, type.built)
    if isinstance(type, ListType):
        return ("list", is_list_type(type), kind_of_type(type.item))
    return "none"


def merged_types(
    definition: Definition,
    types: dict[str, FlowType] | None,
    uses: list[RecordedUse],
    counted: bool,
) -> dict[str, FlowType] | None:
    """The inputs' types for all uses: an optional one that only some give may be None."""
    from nndsl.resolve.conditions import Parted

    if types is None:
        return None
    merged = dict(types)
    for one in inputs_of(definition):
        name = one.name.id
        given = [t for u in uses if not isinstance(t := u.types.get(name, NoneType()), NoneType)]
        if one.optional:
            merged[name] = given[0] if given else NoneType()
        if one.many and is_even(merged[name]):
            merged[name] = _as_met(name, uses) if counted else as_list_type(merged[name])
        if not one.optional:
            merged[name] = _given(merged[name])
        elif tensors := [t for t in given if isinstance(t, TensorType)]:
            some_none = len(given) < len(uses) or any(t.optional for t in tensors)
            merged[name] = replace(tensors[0], optional=some_none)
        elif given and len(given) < len(uses):
            raise Parted  # a list that some uses give
    return merged


def _given(type: FlowType) -> FlowType:
    """An input that must be given is there when the model runs, whatever the caller has."""
    optional = isinstance(type, TensorType) and type.optional
    return replace(type, optional=False) if optional else type


def _as_met(name: str, uses: list[RecordedUse]) -> FlowType:
    """A list as the uses have it, item by item."""
    if not uses:
        raise Counted
    return uses[0].types[name]


def input_sizes(block: Block) -> dict[Name, tuple[int, int]]:
    """Every size name of the inputs: which input, which axis."""
    found: dict[Name, tuple[int, int]] = {}
    for place, one in enumerate(block.inputs):
        type = one.var.type
        if isinstance(type, TensorType) and type.shape is not None:
            for axis, size in enumerate(type.shape):
                if isinstance(size, Name) and size.role == "size":
                    found.setdefault(size, (place, axis))
        else:
            for size, _ in paired_sizes(type, type):
                if isinstance(size, Name) and size.role == "size":
                    found.setdefault(size, (place, -1))
    return found


def size_table(block: Block, types: dict[str, FlowType]) -> dict[Name, Any]:
    """The caller's size for every size name of a block's inputs."""
    table: dict[Name, Any] = {}
    for one in block.inputs:
        if (given := types.get(one.var.name)) is not None:
            for name, size in paired_sizes(one.var.type, given):
                if isinstance(name, Name) and name.role == "size":
                    table.setdefault(name, size)
    return table


def paired_sizes(own: FlowType, given: FlowType) -> Iterator[tuple[Any, Any]]:
    """The sizes of an input inside and outside, those of each tensor of several too."""
    if isinstance(own, TensorType) and isinstance(given, TensorType):
        if own.shape is not None and given.shape is not None and len(own.shape) == len(given.shape):
            yield from zip(own.shape, given.shape, strict=True)
    elif isinstance(own, TupleType) and isinstance(given, TupleType):
        for inner, outer in zip(own.items, given.items, strict=False):
            yield from paired_sizes(inner, outer)
    elif is_list_type(own) and is_even(given):
        yield from list_sizes(own, given)  # type: ignore[arg-type]
    elif isinstance(own, ListType) and isinstance(given, ListType):
        yield own.length, given.length
        yield from paired_sizes(own.item, given.item)


def parameter_table(block: Block, args: dict[str, Any]) -> dict[Name, Any]:
    """The caller's value for every parameter of a block, defaults put in."""
    table: dict[Name, Any] = {}
    for one in block.parameters:
        if one.name.id in args:
            table[one.name] = args[one.name.id]
        elif not one.required:
            table[one.name] = substitute(one.default, table)
    return table


def settle_output(
    block: Block, table: dict[Name, Any], sizes: dict[Name, Any], child: Builder, cx: Context
) -> tuple[FlowType, tuple[tuple[Name, str], ...]]:
    """The output in the caller's terms; a size that only the child knows gets a name here."""
    told: list[tuple[Name, str]] = []
    replaced = {**table, **sizes}

    def size(value: Any, axis: int, rank: int, output: str) -> Any:
        if not isinstance(value, Expr):
            return value
        outer = substitute(expand(value, child), replaced)
        if any(n.role == "size" for n in names_in(outer)):
            outer = dims.tidy(outer)  # an author's own expression is left as it was written
        if not any(n.scope == child.scope for n in names_in(outer)):
            return outer
        attr = (told_as(axis, _output_axes(block, child, rank)) if rank else "out_size") + output
        name = cx.builder.size(attr, "size")
        told.append((name, attr))
        cx.builder.told[name] = (attr, block, value)
        return name

    def turn(type: FlowType, output: str = "") -> FlowType:
        if isinstance(type, TensorType) and type.shape is not None:
            rank = len(type.shape)
            shape = tuple(size(s, a, rank, output) for a, s in enumerate(type.shape))
            return replace(type, shape=shape)
        if isinstance(type, TupleType):
            numbers = (output, *(f"{output}_{n}" for n in range(2, len(type.items) + 1)))
            return replace(type, items=tuple(map(turn, type.items, numbers)))
        if isinstance(type, ListType):
            length = size(type.length, 0, 0, output)
            if type.index is None:
                return replace(type, item=turn(type.item, output), length=length)
            index = cx.builder.size("i", "loop")
            return ListType(turn(placed(type, index).item, output), length, index)
        return type

    return turn(block.output), tuple(told)


def _output_axes(block: Block, child: Builder, rank: int) -> Axes:
    """What the axes of an output are: those of an input with as many, as its sizes are wanted."""
    asked: set[int] = set()
    for name in block.needs:
        place, axis = child.inputs.get(name, (-1, -1))
        type = block.inputs[place].var.type if place >= 0 else None
        if isinstance(type, TensorType) and type.rank == rank:
            asked.add(axis)
    return axis_names(rank, asked)


def expand(value: Static, builder: Builder) -> Static:
    """Local names of a block replaced by what they stand for."""
    if isinstance(value, Name):
        if value.role == "local" and value.meaning is not None:
            return expand(value.meaning, builder)
        return value
    if isinstance(value, Expr):
        table = {n: expand(n, builder) for n in names_in(value) if n.role == "local"}
        return substitute(value, table) if table else value
    return value
