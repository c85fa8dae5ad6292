"""Lists of tensors over a block's names: what is known of their items, and how they are joined."""

from __future__ import annotations

from typing import Any

from nndsl.functions import indexing
from nndsl.model import dims
from nndsl.model.expr import (
    Cond,
    Expr,
    Index,
    Listing,
    Name,
    Static,
    Undecided,
    names_in,
    rebuild,
    substitute,
)
from nndsl.model.graph import Apply, JoinedSize, ListType, SliceArg, TensorType, Var
from nndsl.model.listing import listed
from nndsl.record import replace
from nndsl.resolve.context import Context
from nndsl.resolve.values import Bundle
from nndsl.syntax import tree


def is_built(found: Any) -> bool:
    """Whether it is a list that the author built, of which only the items' type is known."""
    return isinstance(found, Var) and is_list_type(found.type)


def is_list_type(type: Any) -> bool:
    """Whether it is the type of a list that the author built."""
    return isinstance(type, ListType) and type.index is not None


def is_listable(found: Any) -> bool:
    """Whether a list can be one variable: tensors that differ in sizes only."""
    return is_built(found) or isinstance(found, Bundle) and _kind(found) is not None


def is_empty(found: Any) -> bool:
    """Whether it is a list without items, of which nothing says yet what it is of."""
    return found == () or isinstance(found, Bundle) and not found.items


def both_listable(first: Any, second: Any) -> bool:
    """Whether the lists of two branches can be one variable behind them."""
    kinds = [is_listable(one) for one in (first, second)]
    return all(kinds) or any(kinds) and (is_empty(first) or is_empty(second))


def as_list(found: Any, node: tree.Node, cx: Context, name: str = "") -> Var | None:
    """A list as one variable, its items' sizes told by their place; None if they differ in kind."""
    if is_built(found):
        made: Var = found
        return made
    if not isinstance(found, Bundle):
        return None
    type = bundle_type(found, cx)
    if type is None:
        return None
    return cx.builder.apply(Apply("op.list", found.items), type, node.span, name)


def bundle_type(found: Bundle, cx: Context) -> ListType | None:
    """The type of a list that is written down item by item."""
    first = _kind(found)
    if first is None:
        return None
    b = cx.builder
    index = b.size("i", "loop")
    sizes = zip(*(item.type.shape for item in found.items), strict=True)
    shape = tuple(_one_size(tuple(axis), index, b.check) for axis in sizes)
    return ListType(replace(first, shape=shape), len(found.items), index)


def _kind(found: Bundle) -> TensorType | None:
    """The first item's type, if all others have as many axes and the same dtype."""
    if found.kind != "list" or not found.items:
        return None
    types = [item.type if isinstance(item, Var) else None for item in found.items]
    first = types[0]
    for one in types:
        if not isinstance(one, TensorType) or one.shape is None or one.lead or one.optional:
            return None
        assert isinstance(first, TensorType) and first.shape is not None
        if one.dtype != first.dtype or len(one.shape) != len(first.shape):
            return None
    return first if isinstance(first, TensorType) else None


def _one_size(sizes: tuple[Any, ...], index: Name, check: Any) -> Any:
    if all(check.same(sizes[0], one) for one in sizes[1:]):
        return sizes[0]
    return Index(Listing(sizes), index)


def placed(type: ListType, index: Name) -> ListType:
    """The same type with another name for the place in the list."""
    if type.index is None or not isinstance(type.item, TensorType) or type.item.shape is None:
        return replace(type, index=index)
    shape = tuple(substitute(size, {type.index: index}) for size in type.item.shape)
    return ListType(replace(type.item, shape=shape), type.length, index)


def all_sizes(type: ListType, axis: int) -> Static:
    """The sizes that the items of a list have along an axis, as a list."""
    assert isinstance(type.item, TensorType) and type.item.shape and type.index is not None
    return listed(type.item.shape[axis], type.index, type.length)


def sizes_of(type: ListType) -> tuple[Any, ...]:
    """The sizes that a list's items have, told by their place."""
    assert isinstance(type.item, TensorType) and type.item.shape is not None
    return type.item.shape


def by_own_length(operand: Any, found: Var, cx: Context) -> Any:
    """An index into a list in which its length is read from the list itself, as authors do."""
    assert isinstance(found.type, ListType)
    length = found.type.length
    if isinstance(operand, SliceArg):
        parts = (operand.start, operand.stop, operand.step)
        return SliceArg(*(by_own_length(part, found, cx) for part in parts))
    if not isinstance(operand, Expr) or not isinstance(length, Expr):
        return operand
    if isinstance(operand, Name) and operand.role == "local":
        spelled = by_own_length(operand.meaning, found, cx)
        return operand if spelled == operand.meaning else spelled
    if operand == length:
        name = cx.builder.size("length", "size", length)
        cx.builder.origins[name] = (found, -1)
        return name
    return rebuild(operand, lambda part: by_own_length(part, found, cx))


def backwards(found: Var, node: tree.Node, cx: Context) -> Var:
    """``reversed(rows)`` of a list that has become one variable."""
    part = SliceArg(None, None, -1)
    type, _ = indexing.index(found.type, (part,), cx.builder.check)
    return cx.builder.apply(Apply("op.getitem", (found, part)), type, node.span)


# ------------------------------------------------------------------ two branches


def join_types(
    test: Static, left: ListType, right: ListType, sizes: list[JoinedSize], cx: Context
) -> ListType:
    """The type of a list that is one of two: lengths and sizes that differ hang on the test."""
    b = cx.builder
    index = left.index or right.index
    assert index is not None
    left, right = placed(left, index), placed(right, index)
    assert isinstance(left.item, TensorType) and isinstance(right.item, TensorType)
    first, second = sizes_of(left), sizes_of(right)
    kinds = {replace(one.item, shape=()) for one in (left, right)}
    if len(first) != len(second) or len(kinds) > 1:
        raise Undecided(next(names_in(test)))
    shape: list[Any] = []
    for axis, (a, c) in enumerate(zip(first, second, strict=True)):
        if b.check.same(a, c):
            shape.append(a)
            continue
        name = b.size("sizes", "carried", None, "list[int]")
        sizes.append(JoinedSize(name, all_sizes(left, axis), all_sizes(right, axis)))
        shape.append(Index(name, index))
    alike = dims.equal(left.length, right.length, b.check.facts) is True
    length = left.length if alike else Cond(test, left.length, right.length)
    return ListType(TensorType(tuple(shape), left.item.dtype), length, index)


def as_lists(found: list[Any], sides: list[list[Any]], node: tree.Node, cx: Context) -> list[Any]:
    """The results of two branches as variables, made at the ends of their branches."""
    made: list[Any] = []
    for one, side in zip(found, sides, strict=True):
        with cx.builder.collect() as more:
            made.append(as_list(one, node, cx))
        side.extend(more)
    known = next(one.type for one in made if one is not None)
    for place, (one, side) in enumerate(zip(made, sides, strict=True)):
        if one is None:  # an empty list, of what the other is of
            with cx.builder.collect() as more:
                empty = replace(known, length=0)
                made[place] = cx.builder.apply(Apply("op.list", ()), empty, node.span)
            side.extend(more)
    return made
