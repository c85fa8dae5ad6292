"""Parts of a tensor taken out by place, put back, or laid on a diagonal."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.bounds import at_most
from nndsl.functions.entry import DIM, INPUT, arg, entry, tensor
from nndsl.functions.indexing import sliced
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Expr, Size, Static
from nndsl.model.graph import SliceArg, TensorType
from nndsl.model.spec import FunctionCall, Rejected


def _narrow(call: FunctionCall) -> TensorType:
    type, start, length = tensor(call), call["start"], call["length"]
    place = shapes.axis(type, call["dim"], call.check)
    shape = list(shapes.shape_of(type))
    size = shape[place]
    end = length if call.check.less(start, 0) else dims.tidy(start + length)
    if call.check.less(start, 0):
        end = dims.tidy(size + start + length)
        _check_start(start, size, call)
    if call.check.less(length, 0) or not at_most(end, size, call.check):
        raise Rejected(
            f"{show(length)} items from {show(start)} on don't lie in axis {place}, which has "
            f"{show(size)}",
            "length",
        )
    shape[place] = length
    return shapes.reshaped(type, shape)


def _check_start(start: Static, size: Size, call: FunctionCall) -> None:
    if not at_most(dims.tidy(-start), size, call.check):  # type: ignore[operator]
        raise Rejected(f"an axis of {show(size)} has no item {show(start)}", "start")


def _select(call: FunctionCall) -> TensorType:
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check)
    shape = shapes.shape_of(type)
    check_place(call["index"], shape[place], call)
    return shapes.reshaped(type, (*shape[:place], *shape[place + 1 :]))


def check_place(index: Static, size: Size, call: FunctionCall) -> None:
    """Refuses an item that an axis hasn't."""
    beyond = call.check.less(index, size) is False
    if beyond or call.check.less(index, dims.tidy(-size)):
        raise Rejected(f"an axis of size {show(size)} has no item {show(index)}", "index")


def _same_shape(call: FunctionCall, wanted: list[Size], what: str) -> None:
    """Refuses a ``src`` that doesn't fill the part it is put in."""
    shape = shapes.shape_of(tensor(call, "src"))
    fits = len(shape) == len(wanted) and all(
        call.check.equal(a, b) for a, b in zip(shape, wanted, strict=True)
    )
    if not fits or tensor(call, "src").lead != tensor(call).lead:
        raise Rejected(f"{what} is {show_shape(wanted)}, `src` is {show_shape(shape)}", "src")


def _select_scatter(call: FunctionCall) -> TensorType:
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check)
    shape = list(shapes.shape_of(type))
    check_place(call["index"], shape[place], call)
    _same_shape(call, shape[:place] + shape[place + 1 :], "the part")
    return type


def _slice_scatter(call: FunctionCall) -> TensorType:
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check)
    shape = list(shapes.shape_of(type))
    part = SliceArg(call["start"], call["end"], call["step"])
    shape[place] = sliced(shape[place], part, call.check)
    _same_shape(call, shape, "the part")
    return type


# ------------------------------------------------------------------ diagonals


def _diagonal(call: FunctionCall) -> TensorType:
    type, offset = tensor(call), call["offset"]
    first = shapes.axis(type, call["dim1"], call.check, "dim1")
    second = shapes.axis(type, call["dim2"], call.check, "dim2")
    if first == second:
        raise Rejected("a diagonal needs two different axes", "dim2")
    shape = shapes.shape_of(type)
    length = _length(shape[first], shape[second], offset, call)
    rest = [size for place, size in enumerate(shape) if place not in (first, second)]
    return shapes.reshaped(type, (*rest, length))


def _length(rows: Size, columns: Size, offset: Static, call: FunctionCall) -> Size:
    """How long the diagonal is that begins ``offset`` to the right."""
    if call.check.less(offset, 0):
        rows = cast(Size, dims.tidy(rows + offset))  # type: ignore[operator]
    else:
        columns = cast(Size, dims.tidy(columns - offset))  # type: ignore[operator]
    if call.check.less(rows, columns):
        shorter = rows
    elif call.check.less(columns, rows):
        shorter = columns
    else:  # a diagonal of two axes that may differ is taken for that of a square
        call.check.equal(rows, columns)
        shorter = rows
    return max(0, shorter) if not isinstance(shorter, Expr) else shorter


def _size_with(size: Size, offset: Static, call: FunctionCall) -> Size:
    """The side of a square on whose diagonal ``size`` items lie."""
    sign = -1 if call.check.less(offset, 0) else 1
    return cast(Size, dims.tidy(size + sign * offset))  # type: ignore[operator]


def _diag(call: FunctionCall) -> TensorType:
    type, offset = tensor(call), call["diagonal"]
    shape = shapes.whole_shape(type, "`diag`")
    if len(shape) == 1:
        return shapes.reshaped(type, (_size_with(shape[0], offset, call),) * 2)
    if len(shape) == 2:
        return shapes.reshaped(type, (_length(*shape, offset, call),))
    raise Rejected(
        f"`diag` takes 1 or 2 axes, {show_shape(shape)} has {count(len(shape), 'axis')}",
        "input",
        "of more: `diagonal` or `diag_embed`",
    )


def _diag_embed(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.shape_of(type)
    if not shape:
        raise Rejected("a diagonal needs an axis", "input")
    first = shapes.axis(type, call["dim1"], call.check, "dim1", extra=1)
    second = shapes.axis(type, call["dim2"], call.check, "dim2", extra=1)
    if first == second:
        raise Rejected("a diagonal needs two different axes", "dim2")
    side = _size_with(shape[-1], call["offset"], call)
    sizes = list(shape[:-1])
    for place in sorted((first, second)):
        sizes.insert(place, side)
    return shapes.reshaped(type, sizes)


def _rot90(call: FunctionCall) -> TensorType:
    type = tensor(call)
    places = [shapes.axis(type, d, call.check, "dims")
              for d in shapes.entries(call["dims"], call.check)]  # fmt: skip
    if len(places) != 2 or places[0] == places[1]:
        raise Rejected("`rot90` turns in the plane of two different axes", "dims")
    turns = call.check.number(call["k"])
    shape = list(shapes.shape_of(type))
    if turns % 2:  # type: ignore[operator]
        first, second = places
        shape[first], shape[second] = shape[second], shape[first]
    return shapes.reshaped(type, shape)


_WHERE = arg("index", "int")

FUNCTIONS = (
    entry("narrow", "torch.narrow", (INPUT, DIM, arg("start", "int"), arg("length", "int")),
          _narrow),
    entry("select", "torch.select", (INPUT, DIM, _WHERE), _select),
    entry("select_scatter", "torch.select_scatter", (INPUT, arg("src"), DIM, _WHERE),
          _select_scatter),
    entry("slice_scatter", "torch.slice_scatter",
          (INPUT, arg("src"), arg("dim", "axis", 0), arg("start", "int|none", None),
           arg("end", "int|none", None), arg("step", "int", 1)), _slice_scatter),
    entry("diagonal", "torch.diagonal",
          (INPUT, arg("offset", "int", 0), arg("dim1", "axis", 0), arg("dim2", "axis", 1)),
          _diagonal),
    entry("diag", "torch.diag", (INPUT, arg("diagonal", "int", 0)), _diag),
    entry("diag_embed", "torch.diag_embed",
          (INPUT, arg("offset", "int", 0), arg("dim1", "axis", -2), arg("dim2", "axis", -1)),
          _diag_embed),
    entry("rot90", "torch.rot90", (INPUT, arg("k", "int", 1), arg("dims", "axes", (0, 1))),
          _rot90),
)  # fmt: skip
