"""What rules ask of their tensors: axes, broadcasting, dtypes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.expr import (
    Applied,
    Call,
    Cond,
    Expr,
    Index,
    Listing,
    Name,
    Op,
    Size,
    SliceOf,
    Spread,
    Static,
    Text,
)
from nndsl.model.graph import TensorType
from nndsl.model.spec import Rejected
from nndsl.record import replace

Shape = tuple[Size, ...]

DTYPES = ("bool", "int", "float")
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not", "not"))
_WHOLE = frozenset(("int", "len", "floor", "ceil"))
_FLOATS = frozenset(("float", "log", "log2", "sqrt", "exp"))
_REORDERED = frozenset(("sorted", "reversed"))


class Unknown(Exception):
    """A shape is asked for that isn't known: anything may flow in, or an error came before."""


def shape_of(type: TensorType) -> Shape:
    """The known (last) axes."""
    if type.shape is None:
        raise Unknown
    return type.shape


def whole_shape(type: TensorType, action: str) -> Shape:
    """All axes; refused where any axes may stand in front."""
    if type.lead:
        raise Rejected(
            f"{action} needs to know how many axes {show_shape(type.shape, True)} has",
            "input",
            "declare the input with all its axes instead of `...`",
        )
    return shape_of(type)


def reshaped(type: TensorType, shape: Iterable[Static], dtype: str = "") -> TensorType:
    """The same tensor with other known axes."""
    tidied = tuple(cast(Size, dims.tidy(size)) for size in shape)
    return replace(type, shape=tidied, dtype=dtype or type.dtype, optional=False)


def entries(value: Static, check: Checker) -> tuple[Static, ...]:
    """The items of a list; a single value is a list of one."""
    if isinstance(value, Listing):
        value = value.items
    elif isinstance(value, Expr) and may_be_list(value):
        value = cast(Static, check.number(value))
    if not isinstance(value, tuple | list):
        return (value,)
    items: list[Static] = []
    for item in value:
        items.extend(entries(item.value, check) if isinstance(item, Spread) else (item,))
    return tuple(items)


def may_be_list(value: Expr) -> bool:
    """Whether an expression may be a list as a whole."""
    if isinstance(value, Name):
        return value.type in ("list", "any") or value.type.startswith("list[")
    if isinstance(value, Op):
        return any(
            isinstance(part, tuple | Listing) or isinstance(part, Expr) and may_be_list(part)
            for part in value.args
        )
    if isinstance(value, Call):
        return value.fn in ("range", "enumerate", "zip", "reversed", "sorted")
    return not isinstance(value, Index)


def is_list(value: object) -> bool:
    """Whether a static value is a list, or may be one."""
    return isinstance(value, tuple | list | Listing) or (
        isinstance(value, Expr) and may_be_list(value)
    )


def axis(type: TensorType, dim: Static, check: Checker, name: str = "dim", extra: int = 0) -> int:
    """The place among the known axes that ``dim`` means; ``extra`` allows further places."""
    place = check.number(dim)
    if isinstance(place, bool) or not isinstance(place, int):
        raise Rejected(f"`{name}` is the number of an axis, not {show(place)}", name)
    shape = shape_of(type)
    places = len(shape) + extra
    if type.lead:
        if not -places <= place < 0:
            raise Rejected(
                f"axis {place} of {show_shape(shape, True)} isn't known",
                name,
                "count from the end: the last axis is -1",
            )
        return place + places
    if not -places <= place < places:
        has = count(len(shape), "axis") if shape else "no axes"
        allowed = f": {-places} to {places - 1}" if places else ""
        raise Rejected(
            f"{show_shape(shape)} has {has}, so `{name}` can't be {place}",
            name,
            f"`{name}` counts from 0, or from the end with -1{allowed}",
        )
    return place % places


def axes(
    type: TensorType, dims_: Static, check: Checker, name: str = "dim", extra: int = 0
) -> tuple[int, ...]:
    """The places that several axes mean, each at most once."""
    places: list[int] = []
    for item in entries(dims_, check):
        place = axis(type, item, check, name, extra)
        if place in places:
            raise Rejected(f"axis {place} stands twice in `{name}`", name)
        places.append(place)
    return tuple(places)


def flag(value: Static, check: Checker) -> bool:
    """A yes or no that decides about the structure of the result."""
    return bool(check.number(value))


def unify(a: Size, b: Size, check: Checker) -> Size | None:
    """The common size of two axes that must be equal; None if they can't be."""
    if check.same(a, b):
        return a
    return a if check.equal(a, b) else None


def stretch(a: Size, b: Size, check: Checker) -> Size | None:
    """The size of two axes that broadcast; None if they can't."""
    if check.same(a, b) or check.same(b, 1):
        return a
    if check.same(a, 1):
        return b
    return cast(Size, check.wider(a, b)) if check.equal(a, b) else None


def broadcast_shapes(a: Shape, b: Shape, check: Checker, done: str) -> Shape:
    """The shape of two shapes broadcast; ``done`` says what can't be done otherwise."""
    length = max(len(a), len(b))
    result: list[Size] = []
    for back in range(length, 0, -1):
        if back > len(a) or back > len(b):
            result.append(a[-back] if back <= len(a) else b[-back])
            continue
        size = stretch(a[-back], b[-back], check)
        if size is None:
            axis = "the last axis" if back == 1 else f"axis {-back}"
            if len(a) == len(b) and back > 1:
                axis = f"axis {length - back}"
            raise Rejected(
                f"{show_shape(a)} and {show_shape(b)} can't be {done}: {axis} is "
                f"{show(a[-back])} in one and {show(b[-back])} in the other",
            )
        result.append(size)
    return tuple(result)


def broadcast(types: Sequence[TensorType], check: Checker, done: str, dtype: str) -> TensorType:
    """The type of several tensors broadcast against each other."""
    shape, lead = shape_of(types[0]), types[0].lead
    for other in types[1:]:
        refuse_overlap(TensorType(shape, dtype, lead), other, done)
        shape = broadcast_shapes(shape, shape_of(other), check, done)
        lead = lead or other.lead
    return TensorType(shape, dtype, lead)


def refuse_overlap(a: TensorType, b: TensorType, done: str) -> None:
    """Refuses tensors whose known axes may meet axes that aren't known."""
    one, other = len(shape_of(a)), len(shape_of(b))
    if a.lead and b.lead and one != other or a.lead and other > one or b.lead and one > other:
        raise Rejected(
            f"{show_shape(a.shape, a.lead)} and {show_shape(b.shape, b.lead)} can't be {done}: "
            "axes that are known meet axes in `...`",
            "",
            "keep a reduced axis with `keepdim=True`, or name the axes instead of `...`",
        )


def promote(dtypes: Iterable[str]) -> str:
    """The dtype that arithmetic on several gives: bool < int < float."""
    return DTYPES[max(DTYPES.index(dtype) for dtype in dtypes)]


def number_dtype(value: Static, check: Checker) -> str:
    """Whether a static number is a bool, an int or a float, without its value where possible."""
    if isinstance(value, Name) and value.type in DTYPES:
        return value.type
    if isinstance(value, Op):
        if value.op in _COMPARISONS:
            return "bool"
        if value.op == "/":
            return "float"
        return promote(("int", *(number_dtype(part, check) for part in value.args)))
    if isinstance(value, Applied):
        return number_dtype(value.meaning, check)
    if isinstance(value, Call) and (found := _call_dtype(value, check)):
        return found
    if isinstance(value, Index) and (kinds := _item_dtypes(value.value, check)):
        return promote(kinds)
    if isinstance(value, Cond):
        return promote(number_dtype(part, check) for part in (value.then, value.orelse))
    plain = value if isinstance(value, Text) else check.number(value)
    if isinstance(plain, bool | int | float):
        return type(plain).__name__
    raise Rejected(f"a number is wanted here, not {show(plain)}")


def _call_dtype(value: Call, check: Checker) -> str:
    """What a function of numbers gives; empty where that depends on their values."""
    if value.fn in _WHOLE or value.fn == "round" and len(value.args) == 1:
        return "int"
    if value.fn in _FLOATS:
        return "float"
    if value.fn == "abs":
        return promote(("int", number_dtype(value.args[0], check)))
    if value.fn == "sum":
        return promote(("int", *kinds)) if (kinds := _item_dtypes(value.args[0], check)) else ""
    if value.fn in ("min", "max"):
        given = value.args if len(value.args) > 1 else value.args[0]
        alike = set(_item_dtypes(given, check))
        return alike.pop() if len(alike) == 1 else ""  # one of them comes out as it is
    return ""


def _item_dtypes(value: Static, check: Checker) -> list[str]:
    """What kinds of numbers a list holds; none where its items aren't told."""
    while isinstance(value, SliceOf | Spread) or isinstance(value, Call) and value.fn in _REORDERED:
        value = value.args[0] if isinstance(value, Call) else value.value
    if isinstance(value, Name) and value.meaning is not None:
        return _item_dtypes(value.meaning, check)
    if isinstance(value, Op):  # lists joined, or one repeated
        sides = [_item_dtypes(part, check) for part in value.args if is_list(part)]
        return [kind for side in sides for kind in side] if all(sides) else []
    items = value.items if isinstance(value, Listing) else value
    if isinstance(items, tuple):
        kinds = [
            _item_dtypes(one, check) if isinstance(one, Spread) else [number_dtype(one, check)]
            for one in items
        ]
        return [kind for one in kinds for kind in one] if all(kinds) else []
    item = value.type.removeprefix("list[").removesuffix("]") if isinstance(value, Name) else ""
    return [item] if item in DTYPES else []


def same_dtype(a: TensorType, b: TensorType, action: str) -> None:
    """Refuses to mix dtypes where torch doesn't convert."""
    if a.dtype != b.dtype:
        raise Rejected(
            f"{action} needs one dtype: one tensor is {a.dtype}, the other {b.dtype}",
            "input",
            f"convert one with `{promote((a.dtype, b.dtype))}(...)`",
        )


def need_float(type: TensorType, action: str, name: str = "input") -> None:
    """Refuses tensors of integers and bools."""
    if type.dtype != "float":
        raise Rejected(
            f"{action} works on floats, not on {type.dtype} tensors",
            name,
            "convert with `float(...)`",
        )
