"""``a + b`` of lists, where one has as many items as a loop has rounds."""

from __future__ import annotations

from typing import Any

from nndsl.model.checker import Checker
from nndsl.model.dims import tidy
from nndsl.model.expr import (
    Cond,
    Index,
    Listing,
    Name,
    Op,
    Static,
    Undecided,
    binary,
    names_in,
    substitute,
)
from nndsl.model.graph import (
    Apply,
    Do,
    FlowType,
    For,
    ListType,
    Many,
    Operand,
    Scan,
    TensorType,
    Var,
    walk,
)
from nndsl.model.listing import listed
from nndsl.record import dataclass, replace
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import snippet
from nndsl.resolve.tensor_lists import is_built
from nndsl.resolve.values import Bundle
from nndsl.syntax import tree


@dataclass(frozen=True)
class Side:
    """One of the two lists: how it is read, its items' types, its length.

    ``index`` is the place in a list whose items share one type; others have a type an item.
    """

    operand: Operand
    types: tuple[FlowType, ...]
    length: Static
    index: Name | None = None


def is_counted(found: Any) -> bool:
    """Whether it is a list of which only the type of its items is known."""
    return isinstance(found, Var) and isinstance(found.type, ListType)


def join_counted(left: Any, right: Any, node: tree.Binary, cx: Context) -> Any:
    """The list of both lists' items. Where they differ in size, an item's place says its size."""
    b = cx.builder
    first, second = _side(left, node.left, cx), _side(right, node.right, cx)
    if not first.types or not second.types:
        return left if first.types else right
    index = b.size("i", "loop")
    item = _item(first, second, index, b.check)
    if item is None:
        return _refuse(first, second, node)
    length: Any = tidy(binary("+", first.length, second.length))
    operation = Apply("op.add", (first.operand, second.operand))
    return b.apply(operation, ListType(item, length, index), node.span)


def joined_type(first: ListType, second: ListType, b: Any) -> ListType | None:
    """The type of two lists joined; None if their items differ in more than sizes."""
    index = b.size("i", "loop")
    sides = [Side(Many(()), (one.item,), one.length, one.index) for one in (first, second)]
    item = _item(sides[0], sides[1], index, b.check)
    length: Any = tidy(binary("+", first.length, second.length))
    return None if item is None else ListType(item, length, index)


def _side(found: Any, node: tree.Expr, cx: Context) -> Side:
    if isinstance(found, Bundle) and all(isinstance(item, Var) for item in found.items):
        types = tuple(item.type for item in found.items)
        return Side(Many(found.items), types, len(types))
    if found == ():
        return Side(Many(()), (), 0)
    if is_counted(found) and (is_built(found) or _is_made_here(found, cx)):
        kind = found.type
        return Side(found, (kind.item,), kind.length, kind.index)
    raise fault("E205", f"`{snippet(node)}` is not a list", node.span, "a list is wanted here")


def _is_made_here(var: Var, cx: Context) -> bool:
    """Whether a loop or a join made it: what torch gives is a tuple, which joins no list."""
    for statement in walk(tuple(cx.builder.statements)):
        if isinstance(statement, For | Scan) and any(g.after is var for g in statement.gathered):
            return True
        if isinstance(statement, Do) and var in statement.targets:
            return isinstance(statement.operation, Apply) and statement.operation.fn == "op.add"
    return False


def _item(first: Side, second: Side, index: Name, check: Checker) -> TensorType | None:
    """The type of an item at ``index``; None if they differ in more than their sizes."""
    types = (*first.types, *second.types)
    one = types[0]
    if not isinstance(one, TensorType) or one.shape is None:
        return None
    if any(replace(t, shape=()) != replace(one, shape=()) for t in types):
        return None
    rank = len(one.shape)
    if any(t.shape is None or len(t.shape) != rank for t in types):  # type: ignore[union-attr]
        return None
    shape: list[Any] = []
    for axis in range(rank):
        before = _size(first, axis, index, check)
        behind = _size(second, axis, tidy(binary("-", index, first.length)), check)
        shape.append(
            before if check.same(before, behind) else _by_place(first, second, axis, index, check)
        )
    return replace(one, shape=tuple(shape))


def _by_place(first: Side, second: Side, axis: int, index: Name, check: Checker) -> Static:
    """A size that differs between the two lists: told by the place, or by a list of sizes."""
    if _told_by_list(first, axis) or _told_by_list(second, axis):
        both = (_all_sizes(first, axis, check), _all_sizes(second, axis, check))
        return Index(Op("+", both), index)
    before = _size(first, axis, index, check)
    behind = _size(second, axis, tidy(binary("-", index, first.length)), check)
    return Cond(binary("<", index, first.length), before, behind)


def _told_by_list(side: Side, axis: int) -> bool:
    size = side.types[0].shape[axis]  # type: ignore[union-attr, index]
    return side.index is not None and isinstance(size, Index) and size.index == side.index


def _all_sizes(side: Side, axis: int, check: Checker) -> Static:
    sizes: tuple[Any, ...] = tuple(t.shape[axis] for t in side.types)  # type: ignore[union-attr, index]
    return Listing(sizes) if side.index is None else listed(sizes[0], side.index, side.length)


def _size(side: Side, axis: int, place: Static, check: Checker) -> Static:
    """The size that the item at a place of one list has."""
    sizes: list[Any] = [t.shape[axis] for t in side.types]  # type: ignore[union-attr, index]
    if side.index is not None:
        return substitute(sizes[0], {side.index: place})
    found = sizes[-1]
    for number in reversed(range(len(sizes) - 1)):
        if not check.same(found, sizes[number]):
            found = Cond(binary("<", place, number + 1), sizes[number], found)
    return found


def _refuse(first: Side, second: Side, node: tree.Binary) -> Any:
    for name in names_in((first.length, second.length)):
        if name.role == "param":
            raise Undecided(name)
    raise fault("E205", "the items of these lists differ in kind", node.span, "joined here")
