"""Lists of tensors of which only the items' type is known: what their sizes come to."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.model import dims
from nndsl.model.expr import (
    Call,
    CompClause,
    Comprehension,
    Cond,
    Index,
    Name,
    Op,
    Size,
    Static,
    binary,
    names_in,
    substitute,
)
from nndsl.model.graph import ListType, TensorType, Var
from nndsl.model.spec import FunctionCall, Rejected


def counted(call: FunctionCall) -> ListType | None:
    """The list's type, where only the type of its items is known."""
    value = call["tensors"]
    if isinstance(value, Var) and isinstance(value.type, ListType):
        if not isinstance(value.type.item, TensorType):
            raise Rejected("a list of tensors is wanted, not a list of lists", "tensors")
        return value.type
    return None


def even(listing: ListType, call: FunctionCall, apart: int | None) -> list[Size]:
    """An item's sizes, which all but one axis have in common."""
    shape = list(shapes.shape_of(cast(TensorType, listing.item)))
    index = listing.index
    for place, size in enumerate(shape):
        if place != apart and index is not None and index in names_in(size):
            if not call.check.lenient:
                raise Rejected("the sizes in this list change from item to item", "tensors")
            shape[place] = cast(Size, substitute(size, {index: 0}))  # they are equal, or torch says
    return shape


def summed(size: Static, index: Name, length: Static) -> Static:
    """``size`` added up for all places ``index`` of a list."""
    if index not in names_in(size):
        return dims.tidy(binary("*", size, length))
    split = _halves(size, index)
    if split is not None:
        stop, first, second = split
        rest = dims.tidy(substitute(second, {index: binary("+", index, stop)}))
        behind = summed(rest, index, dims.tidy(binary("-", length, stop)))
        return dims.tidy(binary("+", summed(first, index, stop), behind))
    over = size.value if isinstance(size, Index) and size.index == index else None
    if over is not None and length == Call("len", (over,)):
        return Call("sum", (over,))
    return Call("sum", (Comprehension(size, (CompClause(index, Call("range", (length,))),)),))


def _halves(size: Static, index: Name) -> tuple[Static, Static, Static] | None:
    """``first if index < stop else second``, taken apart."""
    test = size.test if isinstance(size, Cond) else None
    if isinstance(size, Cond) and isinstance(test, Op) and test.op == "<":
        place, stop = test.args
        if place == index and index not in names_in(stop):
            return stop, size.then, size.orelse
    return None
