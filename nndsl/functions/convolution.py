"""Convolutions with weights that flow, and windows as columns."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.entry import INPUT, Rule, arg, entry, tensor
from nndsl.functions.products import check_vector
from nndsl.functions.shapes import Shape
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Size, Static, binary
from nndsl.model.graph import TensorType
from nndsl.model.spec import FunctionCall, FunctionResult, Rejected
from nndsl.model.windows import conv_size, conv_transpose_size


def per_axis(
    call: FunctionCall, name: str, axes: int, low: int | None = None
) -> tuple[Static, ...]:
    """One number an axis; a single number holds for all."""
    values = shapes.entries(call[name], call.check)
    if len(values) == 1:
        values *= axes
    if len(values) != axes:
        raise Rejected(f"`{name}` has {len(values)} numbers for {count(axes, 'axis')}", name)
    for value in values:
        if low is not None and call.check.less(value, low):
            raise Rejected(f"`{name}` is at least {low}, not {show(value)}", name)
    return values


def _fits(call: FunctionCall, axes: int, transposed: bool) -> tuple[Shape, Shape, Size]:
    """Input, weight and output channels, checked against each other."""
    type, weight = tensor(call), tensor(call, "weight")
    shape, kernel = (shapes.whole_shape(t, "a convolution") for t in (type, weight))
    shapes.same_dtype(type, weight, "a convolution")
    shapes.need_float(type, "a convolution")
    if len(shape) not in (axes + 1, axes + 2):
        raise Rejected(
            f"{show_shape(shape)} has {count(len(shape), 'axis')}, {axes + 2} are wanted: "
            "batch, channels and what is swept",
            "input",
        )
    if len(kernel) != axes + 2:
        raise Rejected(
            f"the weight {show_shape(kernel)} has {count(len(kernel), 'axis')}, "
            f"{axes + 2} are wanted",
            "weight",
        )
    channels, groups = shape[-axes - 1], call["groups"]
    takes = kernel[0] if transposed else dims.tidy(kernel[1] * groups)
    makes = dims.tidy(kernel[1] * groups) if transposed else kernel[0]
    if not call.check.equal(channels, takes):
        raise Rejected(
            f"the input has {show(channels)} channels, the weight {show_shape(kernel)} takes "
            f"{show(takes)}",
            "weight",
        )
    if not call.check.divides(groups, kernel[0]):
        raise Rejected(
            f"{show(kernel[0])} channels can't be cut into {show(groups)} groups", "groups"
        )
    check_vector(call, "bias", (cast(Size, makes),))
    return shape, kernel, cast(Size, makes)


def _conv(axes: int) -> Rule:
    def rule(call: FunctionCall) -> FunctionResult:
        shape, kernel, channels = _fits(call, axes, False)
        stride = per_axis(call, "stride", axes, 1)
        dilation = per_axis(call, "dilation", axes, 1)
        if isinstance(call["padding"], str):
            sizes = _named_padding(call, shape[-axes:], kernel[2:], stride, dilation)
        else:
            padding = per_axis(call, "padding", axes, 0)
            windows = zip(shape[-axes:], kernel[2:], stride, padding, dilation, strict=True)
            sizes = [_swept(*window, call=call) for window in windows]
        output = shapes.reshaped(tensor(call), (*shape[: -axes - 1], channels, *sizes))
        macs = dims.product((*shapes.shape_of(output), *kernel[1:]))
        return FunctionResult(output, (), macs)

    return rule


def _swept(
    size: Size,
    kernel: Static,
    stride: Static,
    padding: Static,
    dilation: Static,
    *,
    call: FunctionCall,
) -> Size:
    swept = conv_size(size, kernel, stride, padding, dilation)
    if call.check.less(swept, 1):
        raise Rejected(
            f"a kernel of {show(kernel)} doesn't fit on {show(size)} with a padding of "
            f"{show(padding)}",
            "input",
        )
    return swept


def _named_padding(
    call: FunctionCall,
    sizes: Shape,
    kernel: Shape,
    stride: tuple[Static, ...],
    dilation: tuple[Static, ...],
) -> list[Size]:
    if call["padding"] == "valid":
        windows = zip(sizes, kernel, stride, (0,) * len(sizes), dilation, strict=True)
        return [_swept(*window, call=call) for window in windows]
    if call["padding"] != "same":
        raise Rejected('`padding` is a number, "same" or "valid"', "padding")
    if not all(call.check.same(step, 1) for step in stride):
        raise Rejected('padding="same" needs stride 1', "padding", "give the padding as a number")
    return list(sizes)


def _conv_transpose(axes: int) -> Rule:
    def rule(call: FunctionCall) -> FunctionResult:
        shape, kernel, channels = _fits(call, axes, True)
        stride = per_axis(call, "stride", axes, 1)
        padding = per_axis(call, "padding", axes, 0)
        more = per_axis(call, "output_padding", axes, 0)
        dilation = per_axis(call, "dilation", axes, 1)
        for extra, step, hole in zip(more, stride, dilation, strict=True):
            if call.check.less(extra, step) is False and call.check.less(extra, hole) is False:
                raise Rejected(
                    f"`output_padding` is less than the stride or dilation, not {show(extra)}",
                    "output_padding",
                )
        windows = zip(shape[-axes:], kernel[2:], stride, padding, more, dilation, strict=True)
        sizes = [conv_transpose_size(*window) for window in windows]
        if any(call.check.less(size, 1) for size in sizes):
            raise Rejected(f"the result would be {show_shape(sizes)}", "padding")
        output = shapes.reshaped(tensor(call), (*shape[: -axes - 1], channels, *sizes))
        return FunctionResult(output, (), dims.product((*shape, *kernel[1:])))

    return rule


def _windows(call: FunctionCall, sizes: tuple[Static, ...]) -> tuple[list[Size], Static]:
    """How many windows there are on both axes, and how many elements each has."""
    kernel = per_axis(call, "kernel_size", 2, 1)
    stride, padding, dilation = (
        per_axis(call, name, 2, low)
        for name, low in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    rows = zip(cast(Shape, sizes), kernel, stride, padding, dilation, strict=True)
    return [_swept(*row, call=call) for row in rows], dims.product(cast(Shape, kernel))


def _unfold(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.whole_shape(type, "`unfold`")
    shapes.need_float(type, "`unfold`")
    if len(shape) not in (3, 4):
        raise Rejected(
            f"`unfold` takes (batch, channels, height, width), not {show_shape(shape)}", "input"
        )
    counts, area = _windows(call, shape[-2:])
    return shapes.reshaped(
        type, (*shape[:-3], binary("*", shape[-3], area), dims.product(tuple(counts)))
    )


def _fold(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.whole_shape(type, "`fold`")
    shapes.need_float(type, "`fold`")
    if len(shape) not in (2, 3):
        raise Rejected(
            f"`fold` takes (batch, channels * window, windows), not {show_shape(shape)}", "input"
        )
    sizes = per_axis(call, "output_size", 2, 1)
    counts, area = _windows(call, sizes)
    windows = dims.product(tuple(counts))
    if not call.check.equal(shape[-1], windows):
        raise Rejected(
            f"{show_shape(sizes)} has {show(windows)} windows, the input {show(shape[-1])}",
            "output_size",
        )
    if not call.check.divides(area, shape[-2]):
        raise Rejected(
            f"{show(shape[-2])} is no multiple of {show(area)}, the elements of a window",
            "kernel_size",
        )
    return shapes.reshaped(type, (*shape[:-2], shape[-2] // area, *sizes))  # type: ignore[operator]


_WEIGHTS = (INPUT, arg("weight"), arg("bias", "tensor|none", None))
_STRIDE = arg("stride", "ints", 1)
_PADDING = arg("padding", "ints", 0)
_DILATION = arg("dilation", "ints", 1)
_GROUPS = arg("groups", "size", 1)
_CONV = (*_WEIGHTS, _STRIDE, arg("padding", "ints|str", 0), _DILATION, _GROUPS)
_TRANSPOSE = (*_WEIGHTS, _STRIDE, _PADDING, arg("output_padding", "ints", 0), _GROUPS, _DILATION)
_WINDOW = (arg("kernel_size", "ints"), _DILATION, _PADDING, _STRIDE)

FUNCTIONS = (
    *(entry(f"conv{n}d", f"F.conv{n}d", _CONV, _conv(n)) for n in (1, 2, 3)),
    *(entry(f"conv_transpose{n}d", f"F.conv_transpose{n}d", _TRANSPOSE, _conv_transpose(n))
      for n in (1, 2, 3)),
    entry("unfold", "F.unfold", (INPUT, *_WINDOW), _unfold),
    entry("fold", "F.fold", (INPUT, arg("output_size", "ints"), *_WINDOW), _fold),
)  # fmt: skip
