"""Lists among static values, and the sizes that the items of a list of tensors have."""

from __future__ import annotations

from nndsl.model.expr import (
    Call,
    CompClause,
    Comprehension,
    Index,
    Listing,
    Name,
    Op,
    SliceOf,
    Static,
    binary,
    names_in,
    rebuild,
)


def length(over: Static) -> Static:
    """How many items something has that a loop runs over."""
    if isinstance(over, tuple):
        return len(over)
    if isinstance(over, Call) and over.fn in ("enumerate", "reversed", "sorted"):
        return length(over.args[0])
    if isinstance(over, Call) and over.fn == "range" and len(over.args) == 1:
        return over.args[0]
    if isinstance(over, Call) and over.fn == "zip" and over.args:
        lengths = tuple(map(length, over.args))
        return lengths[0] if len(lengths) == 1 else Call("min", lengths)
    return Call("len", (over,))


def item_at(over: Static, place: Static) -> Static:
    """The item at a place of something that a loop runs over."""
    if isinstance(over, Call) and over.fn == "range" and len(over.args) == 1:
        return place
    if isinstance(over, Call) and over.fn == "range" and len(over.args) == 2:
        return binary("+", over.args[0], place)
    if isinstance(over, Call) and over.fn == "reversed":
        return item_at(over.args[0], binary("-", -1, place))
    if isinstance(over, Call) and over.fn == "enumerate" and len(over.args) == 1:
        return (place, item_at(over.args[0], place))
    if isinstance(over, Call) and over.fn == "zip":
        return tuple(item_at(one, place) for one in over.args)
    return Index(over, place)


def listed(size: Static, index: Name, count: Static) -> Static:
    """A size that depends on the place ``index`` in a list, as the list of all its values."""
    if index not in names_in(size):
        one = Listing((size,))
        return one if count == 1 else Op("*", (one, count))
    if isinstance(size, Index) and size.index == index and index not in names_in(size.value):
        return size.value
    return Comprehension(size, (CompClause(index, Call("range", (count,))),))


def sliced(size: Static, index: Name, count: Static, bounds: tuple[Static, ...]) -> Static:
    """The size at ``index`` of a stretch of a list; ``bounds`` are start, stop, step."""
    if index not in names_in(size):
        return size
    return Index(SliceOf(listed(size, index, count), *bounds), index)


def picked(size: Static, index: Name, place: Static, counted: Static) -> Static:
    """The size at one place; ``counted`` is the place as it counts from the front."""
    if size == index:
        return counted
    if isinstance(size, Index) and size.index == index and index not in names_in(size.value):
        return Index(size.value, place)
    if index not in names_in(size):
        return size
    return rebuild(size, lambda part: picked(part, index, place, counted))
