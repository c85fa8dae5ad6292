"""``x[...]``: integers, slices, ``...``, new axes, tensors of indices; lists and tuples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import cast

from nndsl.functions import shapes
from nndsl.functions.bounds import at_most
from nndsl.functions.text import count, quote, show, show_shape, show_type
from nndsl.model import dims, listing
from nndsl.model.checker import Checker
from nndsl.model.expr import Call, Expr, Name, Size, SliceOf, Static
from nndsl.model.graph import (
    FlowType,
    ListType,
    NoneType,
    Operand,
    SliceArg,
    Special,
    TensorType,
    TupleType,
    Var,
)
from nndsl.model.spec import Rejected
from nndsl.record import dataclass, replace


def index(
    type: FlowType, items: Sequence[Operand], check: Checker
) -> tuple[FlowType, tuple[Operand, ...]]:
    """The type of ``x[items]``, and what stands between the brackets.

    An item is a static integer, a ``SliceArg`` of static bounds, ``Special("...")``, None (a new
    axis) or a ``Var`` of integers. Lists and tuples take one integer or slice.
    """
    if isinstance(type, NoneType):
        raise Rejected("this input was not given, it has no items", "input")
    if not isinstance(type, TensorType):
        if len(items) != 1:
            raise Rejected(
                f"{show_type(type)} takes one index", "input", "index the item: `[0][:, 1]`"
            )
        return _item(type, items[0], check), tuple(items)
    if type.shape is None:
        return type, tuple(items)
    try:
        return _tensor(type, list(items), check), tuple(items)
    except shapes.Unknown:
        return TensorType(None, type.dtype), tuple(items)


def member(type: FlowType, name: str) -> tuple[FlowType, int]:
    """An output by its name: its type and place."""
    names = type.names if isinstance(type, TupleType) else None
    if isinstance(type, TupleType) and names and name in names:
        place = names.index(name)
        return type.items[place], place
    known = f"its outputs are {quote(names)}" if names else "only several named outputs have names"
    raise Rejected(f"there is no output `{name}`", "input", known)


def size_of(type: FlowType, dim: Static, check: Checker) -> Size:
    """The size of an axis, as a number of the language."""
    if not isinstance(type, TensorType):
        raise Rejected(f"{show_type(type)} has no axes", "input")
    return shapes.shape_of(type)[shapes.axis(type, dim, check)]


# ------------------------------------------------------------------ lists


def _item(type: TupleType | ListType, item: Operand, check: Checker) -> FlowType:
    if isinstance(item, Var | Special) or item is None:
        raise Rejected(f"{show_type(type)} is indexed by a number", "input")
    if isinstance(item, SliceArg):
        return _items(type, item, check)
    if isinstance(type, ListType):
        return _listed(type, cast(Static, item), check)
    place = _whole(check.number(cast(Static, item)))
    if not -len(type.items) <= place < len(type.items):
        raise Rejected(f"{show_type(type)} has no item {place}", "input")
    return type.items[place]


def _listed(type: ListType, item: Static, check: Checker) -> FlowType:
    if not isinstance(item, Expr):
        _whole(item)
    low = check.less(item, 0)
    if check.less(item, type.length) is False or low and check.less(item, -type.length):  # type: ignore[operator]
        raise Rejected(f"{show_type(type)} has no item {show(item)}", "input")
    if type.index is None:
        return type.item
    index, place = type.index, type.length + item if low else item  # type: ignore[operator]
    return _changed(type.item, lambda size: listing.picked(size, index, item, place))


def _changed(type: FlowType, change: Callable[[Static], Static]) -> FlowType:
    if isinstance(type, TensorType) and type.shape is not None:
        return shapes.reshaped(type, list(map(change, type.shape)))
    if isinstance(type, TupleType):
        items = tuple(_changed(item, change) for item in type.items)
        return replace(type, items=items)
    return type


def _items(type: TupleType | ListType, part: SliceArg, check: Checker) -> FlowType:
    bounds = (part.start, part.stop, part.step)
    if isinstance(type, TupleType):
        plain = [None if b is None else _whole(check.number(cast(Static, b))) for b in bounds]
        if plain[2] == 0:
            raise Rejected("the step of a slice isn't 0", "input")
        return replace(type, items=type.items[slice(*plain)], names=None, many=True)
    if type.index is not None:
        return _stretch(type, type.index, bounds)
    return ListType(type.item, sliced(cast(Size, type.length), part, check))


def _stretch(type: ListType, index: Name, bounds: tuple[Operand, ...]) -> ListType:
    """A stretch of a list whose items may differ in size; what lies outside counts as in Python."""
    start, stop, step = cast(tuple[Static, ...], bounds)
    if step == 0:
        raise Rejected("the step of a slice isn't 0", "input")

    def size(one: Static) -> Static:
        return listing.sliced(one, index, type.length, (start, stop, step))

    places = Call("range", (type.length,))
    count = type.length
    if bounds != (None, None, None) and bounds != (None, None, -1):
        count = Call("len", (SliceOf(places, start, stop, step),))
    return ListType(_changed(type.item, size), count, index)


# ------------------------------------------------------------------ tensors


@dataclass
class _Walk:
    """What has been made of the axes so far; ``tensors`` are places where indices stand."""

    out: list[Size]
    tensors: list[tuple[int, TensorType]]
    masks: int = 0


def _tensor(type: TensorType, items: list[Operand], check: Checker) -> TensorType:
    shape = shapes.shape_of(type)
    dots = [i for i, item in enumerate(items) if isinstance(item, Special) and item.kind == "..."]
    if len(dots) > 1:
        raise Rejected("`...` can stand once in an index", "input")
    split = dots[0] if dots else len(items)
    front, back = items[:split], items[split + 1 :]
    used = [sum(map(_axes_of, part)) for part in (front, back)]
    if type.lead and used[0]:
        raise Rejected(
            f"the first axes of {show_shape(shape, True)} aren't known",
            "input",
            "count from the end: `x[..., 0]`",
        )
    if sum(used) > len(shape):
        raise Rejected(
            f"{count(sum(used), 'index')} for {show_shape(shape, type.lead)}, which has "
            f"{count(len(shape), 'axis')}",
            "input",
        )
    walk = _Walk([], [])
    _walk(walk, front, shape, check)
    walk.out.extend(shape[used[0] : len(shape) - used[1]])
    _walk(walk, back, shape[len(shape) - used[1] :], check)
    if walk.masks and (walk.tensors or walk.masks > 1 or type.lead):
        raise Rejected("a mask is the only tensor in an index", "input", "index twice")
    if walk.tensors and type.lead:
        raise Rejected("tensors of indices need all axes to be known", "input")
    return shapes.reshaped(type, _gathered(walk, check))


PICKED = Name("rows", "size", "int", None, -1)
"""How many places a mask picks: stands in a type until its block gives it a name."""


def _axes_of(item: Operand) -> int:
    """How many axes an item of an index stands for."""
    if item is None:
        return 0
    return len(item.type.shape or ()) if _is_mask(item) else 1  # type: ignore[union-attr]


def _is_mask(item: Operand) -> bool:
    type = item.type if isinstance(item, Var) else None
    return isinstance(type, TensorType) and type.dtype == "bool" and bool(type.shape)


def _pick(mask: TensorType, sizes: Iterator[Size], check: Checker) -> Size:
    """The one axis of the places that a mask picks from the axes it covers."""
    for own in mask.shape or ():
        size = next(sizes)
        if not check.equal(own, size):
            text = f"a mask of {show(own)} places for an axis of size {show(size)}"
            raise Rejected(text, "input")
    return PICKED


def _walk(walk: _Walk, items: list[Operand], shape: tuple[Size, ...], check: Checker) -> None:
    sizes = iter(shape)
    for item in items:
        if item is None:
            walk.out.append(1)
            continue
        if _is_mask(item):
            walk.out.append(_pick(cast(TensorType, cast(Var, item).type), sizes, check))
            walk.masks += 1
            continue
        size = next(sizes)
        if isinstance(item, SliceArg):
            walk.out.append(sliced(size, item, check))
        elif isinstance(item, Var):
            type = _indices(item)
            if type.rank != 0:  # one without axes is an integer
                walk.tensors.append((len(walk.out), type))
                walk.out.append(-1)
        else:
            _check_integer(size, cast(Static, item), check)


def _check_integer(size: Size, item: Static, check: Checker) -> None:
    if not isinstance(item, Expr):
        _whole(item)
    if check.less(item, size) is False or check.less(item, -size):
        raise Rejected(f"an axis of size {show(size)} has no item {show(item)}", "input")


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Rejected(f"an index is a whole number, not {show(cast(Static, value))}", "input")
    return value


def _indices(item: Var) -> TensorType:
    type = item.type
    if not isinstance(type, TensorType):
        raise Rejected(f"{show_type(type)} can't be an index", "input")
    if type.dtype == "bool":
        raise Rejected(
            "a mask picks a number of items that isn't known before",
            "input",
            "use `where(mask, x, 0)` or `masked_fill`",
        )
    if type.dtype != "int":
        raise Rejected("an index is a tensor of integers, not of floats", "input", "use `int(...)`")
    return type


def _gathered(walk: _Walk, check: Checker) -> list[Size]:
    """The axes of the result where tensors of indices stand: together, in front if apart."""
    if not walk.tensors:
        return walk.out
    picked: shapes.Shape = ()
    for _, type in walk.tensors:
        whole = shapes.whole_shape(type, "an index")
        picked = shapes.broadcast_shapes(picked, whole, check, "used as indices together")
    places = [place for place, _ in walk.tensors]
    together = places[-1] - places[0] == len(places) - 1
    rest = [size for place, size in enumerate(walk.out) if place not in places]
    at = places[0] if together else 0
    return [*rest[:at], *picked, *rest[at:]]


# ------------------------------------------------------------------ slices


def sliced(size: Size, part: SliceArg, check: Checker) -> Size:
    """How many items ``start:stop:step`` takes of ``size``."""
    step = 1 if part.step is None else cast(Size, part.step)
    for bound in (part.start, part.stop, step):
        if bound is not None and not isinstance(bound, Expr):
            _whole(bound)
    if check.less(step, 1):
        raise Rejected(
            "the step of a slice is at least 1", "input", "use `flip(x, dim)` to reverse"
        )
    start = 0 if part.start is None else _bound(cast(Static, part.start), size, check)
    stop = size if part.stop is None else _bound(cast(Static, part.stop), size, check)
    length = dims.tidy(stop - start)  # type: ignore[operator]
    if not at_most(start, stop, check):
        return 0
    if not isinstance(length, Expr) and not isinstance(step, Expr):
        return -(-cast(int, length) // step)
    return dims.ceildiv(cast(Size, length), step)


def _bound(bound: Static, size: Size, check: Checker) -> Static:
    """A bound as a place: counted from the front, and within the axis."""
    if check.less(bound, 0):
        within = at_most(dims.tidy(-bound), size, check)  # type: ignore[operator]
        return dims.tidy(size + bound) if within else 0  # type: ignore[operator]
    return bound if at_most(bound, size, check) else size
