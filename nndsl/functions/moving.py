"""Elements shifted, mirrored, repeated, cut and padded: the axes stay what they are."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.entry import INPUT, arg, entry, tensor
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Size, Static
from nndsl.model.graph import TensorType
from nndsl.model.spec import FunctionCall, Rejected

_MODES = ("constant", "reflect", "replicate", "circular")


def _flip(call: FunctionCall) -> TensorType:
    shapes.axes(tensor(call), call["dims"], call.check, "dims")
    return tensor(call)


def _roll(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shifts = shapes.entries(call["shifts"], call.check)
    if call["dims"] is None:
        if len(shifts) != 1:
            raise Rejected("several `shifts` need `dims`", "dims")
        return type
    places = [
        shapes.axis(type, d, call.check, "dims") for d in shapes.entries(call["dims"], call.check)
    ]
    if len(shifts) != len(places):
        raise Rejected(
            f"{count(len(shifts), 'shift')} for {count(len(places), 'axis')}",
            "shifts",
            "give one shift an axis",
        )
    return type


def _pad(call: FunctionCall) -> TensorType:
    type = tensor(call)
    amounts = shapes.entries(call["pad"], call.check)
    axes = len(amounts) // 2
    shape = list(shapes.shape_of(type))
    if len(amounts) % 2:
        raise Rejected(
            f"`pad` has {len(amounts)} numbers: it needs two an axis",
            "pad",
            "the last axis comes first: [left, right, top, bottom]",
        )
    if axes > len(shape):
        raise Rejected(
            f"`pad` has numbers for {count(axes, 'axis')}, {show_shape(shape, type.lead)} "
            f"has {len(shape)}",
            "pad",
        )
    mode = cast(str, call.check.number(call["mode"]))
    if mode != "constant":
        _check_mode(mode, type, axes, call)
    for number in range(axes):
        place = len(shape) - 1 - number
        before, after = amounts[2 * number : 2 * number + 2]
        _check_reach(mode, (before, after), shape[place], call)
        shape[place] = _grown(shape[place], before, after, place, call)
    return shapes.reshaped(type, shape)


def _grown(size: Size, before: Static, after: Static, place: int, call: FunctionCall) -> Size:
    grown = dims.tidy(size + before + after)  # type: ignore[operator]
    if call.check.less(grown, 0):
        raise Rejected(f"`pad` takes more from axis {place} than its {show(size)}", "pad")
    return cast(Size, grown)


def _check_mode(mode: str, type: TensorType, axes: int, call: FunctionCall) -> None:
    if call["value"] is not None:
        raise Rejected(f'`value` has no meaning with mode="{mode}"', "value")
    rank = len(shapes.whole_shape(type, f'mode="{mode}"'))
    if axes not in (1, 2, 3) or rank not in (axes + 1, axes + 2):
        raise Rejected(
            f'mode="{mode}" pads the last 1 to 3 axes behind batch and channels, not '
            f"{axes} of {rank}",
            "pad",
        )
    shapes.need_float(type, f'mode="{mode}"')


def _check_reach(mode: str, amounts: tuple[Static, ...], size: Size, call: FunctionCall) -> None:
    for amount in amounts:
        too_far = mode == "reflect" and call.check.less(amount, size) is False
        if too_far or mode == "circular" and call.check.less(size, amount):
            raise Rejected(
                f'mode="{mode}" can\'t add {show(amount)} to an axis of {show(size)}', "pad"
            )


def _triangle(call: FunctionCall) -> TensorType:
    type = tensor(call)
    if len(shapes.shape_of(type)) < 2:
        raise Rejected(
            f"a triangle needs two axes, {show_shape(type.shape, type.lead)} has fewer", "input"
        )
    return type


def _repeat_interleave(call: FunctionCall) -> TensorType:
    type, times = tensor(call), call["repeats"]
    if call["dim"] is None:
        total = dims.product(shapes.whole_shape(type, "`repeat_interleave` without `dim`"))
        return TensorType((cast(Size, dims.tidy(total * times)),), type.dtype)
    place = shapes.axis(type, call["dim"], call.check)
    shape = list(shapes.shape_of(type))
    shape[place] = shape[place] * times
    return shapes.reshaped(type, shape)


_DIAGONAL = arg("diagonal", "int", 0)

FUNCTIONS = (
    entry("flip", "Tensor.flip", (INPUT, arg("dims", "axes")), _flip, star="dims"),
    entry("roll", "torch.roll", (INPUT, arg("shifts", "ints"), arg("dims", "axes|none", None)),
          _roll),
    entry("pad", "F.pad",
          (INPUT, arg("pad", "ints"), arg("mode", "str", "constant", choices=_MODES),
           arg("value", "float|none", None)), _pad),
    entry("tril", "torch.tril", (INPUT, _DIAGONAL), _triangle),
    entry("triu", "torch.triu", (INPUT, _DIAGONAL), _triangle),
    entry("repeat_interleave", "torch.repeat_interleave",
          (INPUT, arg("repeats", "int", low=0), arg("dim", "axis|none", None)), _repeat_interleave),
)  # fmt: skip
