"""Inputs that are lists of tensors: over a block's names a list has any number of items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nndsl.model.axes import axis_names, owned
from nndsl.model.checker import Checker
from nndsl.model.expr import Call, Index, Listing, Name, names_in
from nndsl.model.graph import FlowType, ListType, TensorType, TupleType
from nndsl.model.listing import listed
from nndsl.record import replace
from nndsl.resolve.context import Context
from nndsl.resolve.tensor_lists import is_list_type
from nndsl.syntax import tree

Axes = tuple[int, ...]


class Counted(Exception):
    """A list's items are wanted one by one: a block must know how many there are."""


def is_even(type: FlowType) -> bool:
    """Whether a type is that of a list whose tensors differ in sizes only."""
    if is_list_type(type):
        return True
    if not isinstance(type, TupleType) or not type.built or not type.items:
        return False
    first = type.items[0]
    if not isinstance(first, TensorType) or first.shape is None:
        return False
    return all(isinstance(one, TensorType) and _alike(first, one) for one in type.items)


def _alike(first: TensorType, one: TensorType) -> bool:
    ranks = [None if t.shape is None else len(t.shape) for t in (first, one)]
    return ranks[0] == ranks[1] and replace(first, shape=()) == replace(one, shape=())


def as_list_type(type: FlowType) -> FlowType:
    """A list's type where its length is left open; its sizes are those of one item."""
    if not isinstance(type, TupleType):
        return type
    return ListType(type.items[0], len(type.items), Name("i", "loop"))


def uneven_axes(type: FlowType, check: Checker) -> Axes:
    """The axes along which the tensors of a list differ, or may."""
    if isinstance(type, ListType):
        sizes = enumerate(type.item.shape)  # type: ignore[union-attr, arg-type]
        return tuple(axis for axis, size in sizes if type.index in set(names_in(size)))
    shapes = [one.shape for one in type.items]  # type: ignore[union-attr]
    columns = enumerate(zip(*shapes, strict=True))
    return tuple(axis for axis, sizes in columns if not all(check.same(sizes[0], s) for s in sizes))


def own_list(
    name: str,
    given: FlowType,
    cx: Context,
    pattern: tree.String | None = None,
    uneven: Axes | None = None,
) -> ListType:
    """The type of a list inside a general block: its length and its items' sizes are names.

    ``uneven``: the axes whose size may differ from item to item; all, if it isn't said.
    """
    from nndsl.resolve.axis_names import named_axes
    from nndsl.resolve.inputs import bind_size
    from nndsl.resolve.shapes import read

    item = given.item if isinstance(given, ListType) else given.items[0]  # type: ignore[union-attr]
    assert isinstance(item, TensorType) and item.shape is not None
    b = cx.builder
    index = b.size("i", "loop")
    rank = len(item.shape)
    named = named_axes(read(pattern).left, rank) if pattern is not None else {}
    spoken = {axis: part.text for axis, part in named.items()}
    names = axis_names(rank, b.asked.get(name, ()), spoken, item.dtype)
    shape: list[Any] = []
    for axis in range(rank):
        if axis in named:
            assert pattern is not None
            shape.append(bind_size(named[axis], pattern, item.shape[axis], cx))
        elif uneven is not None and axis not in uneven:
            shape.append(b.size(names[axis]))
        else:
            sizes = b.size(owned(name, axis, names), "size", None, "list[int]")
            shape.append(Index(sizes, index))
    told: Any = shape[1 if rank > 2 else rank - 1] if rank else None
    listed_sizes = isinstance(told, Index)
    length = Call("len", (told.value,)) if listed_sizes else b.size(f"{name}_length", "size")
    return ListType(replace(item, shape=tuple(shape)), length, index)


def list_sizes(own: ListType, given: FlowType) -> Iterator[tuple[Any, Any]]:
    """The names of a list inside a block, and what the caller's list has for them."""
    own_item = own.item
    items = given.items if isinstance(given, TupleType) else (given.item,)  # type: ignore[union-attr]
    yield own.length, given.length if isinstance(given, ListType) else len(items)
    if not isinstance(own_item, TensorType) or own_item.shape is None:
        return
    for axis, size in enumerate(own_item.shape):
        sizes = tuple(one.shape[axis] for one in items)  # type: ignore[union-attr, index]
        if not (isinstance(size, Index) and isinstance(size.value, Name)):
            yield size, sizes[0]
        elif isinstance(given, ListType) and given.index is not None:
            yield size.value, listed(sizes[0], given.index, given.length)
        else:
            yield size.value, Listing(sizes)
