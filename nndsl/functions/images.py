"""Images resized, sampled, and their pixels traded for channels."""

from __future__ import annotations

import math
from typing import cast

from nndsl.functions import creation, shapes
from nndsl.functions.convolution import per_axis
from nndsl.functions.entry import INPUT, apply, arg, entry, tensor
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Call, Expr, Size, Static, binary
from nndsl.model.graph import Many, TensorType
from nndsl.model.spec import FunctionCall, FunctionResult, Rejected, Step

# mode: the ranks it works on
_RANKS = {
    "nearest": (3, 4, 5), "nearest-exact": (3, 4, 5), "area": (3, 4, 5), "linear": (3,),
    "bilinear": (4,), "bicubic": (4,), "trilinear": (5,),
}  # fmt: skip
_ALIGNED = ("linear", "bilinear", "bicubic", "trilinear")


def _interpolate(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.whole_shape(type, "`interpolate`")
    shapes.need_float(type, "`interpolate`")
    mode = cast(str, call.check.number(call["mode"]))
    if len(shape) not in _RANKS[mode]:
        wanted = " or ".join(map(str, _RANKS[mode]))
        raise Rejected(
            f'mode="{mode}" works on {wanted} axes, {show_shape(shape)} has {len(shape)}', "mode"
        )
    _check_options(mode, call)
    axes = len(shape) - 2
    if call["size"] is not None:
        sizes = per_axis(call, "size", axes, 1)
    else:
        factors = per_axis(call, "scale_factor", axes)
        sizes = tuple(_scaled(s, f, call) for s, f in zip(shape[2:], factors, strict=True))
    return shapes.reshaped(type, (*shape[:2], *sizes))


def _check_options(mode: str, call: FunctionCall) -> None:
    if (call["size"] is None) == (call["scale_factor"] is None):
        raise Rejected("`interpolate` needs either `size` or `scale_factor`", "size")
    if call["align_corners"] is not None and mode not in _ALIGNED:
        raise Rejected(f'`align_corners` has no meaning with mode="{mode}"', "align_corners")
    if mode not in ("bilinear", "bicubic") and not call.check.same(call["antialias"], False):
        raise Rejected(
            f'`antialias` has no meaning with mode="{mode}"',
            "antialias",
            "it works with bilinear and bicubic",
        )


def _scaled(size: Size, factor: Static, call: FunctionCall) -> Static:
    if not call.check.less(0, factor) and not isinstance(factor, Expr):
        raise Rejected(f"`scale_factor` is more than 0, not {show(factor)}", "scale_factor")
    if isinstance(factor, float) and factor.is_integer():
        factor = int(factor)
    if not isinstance(factor, float):
        return size * factor  # type: ignore[operator]
    inverse = 1 / factor
    if inverse.is_integer():  # halves and the like are whole numbers of their own
        scaled: Static = dims.tidy(binary("//", size, int(inverse)))
    else:
        product = binary("*", size, factor)
        scaled = Call("floor", (product,)) if isinstance(product, Expr) else math.floor(product)  # type: ignore[arg-type]
    if call.check.less(scaled, 1):
        raise Rejected(
            f"an axis of {show(size)} times {show(factor)} has no elements", "scale_factor"
        )
    return scaled


def _image(call: FunctionCall, name: str) -> shapes.Shape:
    shape = shapes.shape_of(tensor(call))
    if len(shape) < 3:
        raise Rejected(
            f"`{name}` takes (..., channels, height, width), not "
            f"{show_shape(shape, tensor(call).lead)}",
            "input",
        )
    return shape


def _pixel_shuffle(call: FunctionCall) -> TensorType:
    shape, factor = _image(call, "pixel_shuffle"), call["upscale_factor"]
    channels, height, width = shape[-3:]
    area = dims.tidy(binary("*", factor, factor))
    if not call.check.divides(area, channels):
        raise Rejected(
            f"{show(channels)} channels are no multiple of {show(factor)} * {show(factor)}",
            "upscale_factor",
        )
    sizes = (channels // area, height * factor, width * factor)  # type: ignore[operator]
    return shapes.reshaped(tensor(call), (*shape[:-3], *sizes))


def _pixel_unshuffle(call: FunctionCall) -> TensorType:
    shape, factor = _image(call, "pixel_unshuffle"), call["downscale_factor"]
    channels, height, width = shape[-3:]
    for size in (height, width):
        if not call.check.divides(factor, size):
            raise Rejected(
                f"an axis of {show(size)} is no multiple of {show(factor)}", "downscale_factor"
            )
    sizes = (channels * factor * factor, height // factor, width // factor)
    return shapes.reshaped(tensor(call), (*shape[:-3], *sizes))


def _channel_shuffle(call: FunctionCall) -> TensorType:
    shape = shapes.whole_shape(tensor(call), "`channel_shuffle`")
    if len(shape) < 3:
        raise Rejected(
            f"`channel_shuffle` takes (batch, channels, ...), not {show_shape(shape)}", "input"
        )
    if not call.check.divides(call["groups"], shape[1]):
        raise Rejected(
            f"{show(shape[1])} channels can't be cut into {show(call['groups'])} groups", "groups"
        )
    return tensor(call)


def _grid_sample(call: FunctionCall) -> FunctionResult:
    type, grid = tensor(call), tensor(call, "grid")
    shape, places = (shapes.whole_shape(t, "`grid_sample`") for t in (type, grid))
    for each in (type, grid):
        shapes.need_float(each, "`grid_sample`")
    if len(shape) not in (4, 5) or len(places) != len(shape):
        raise Rejected(
            "`grid_sample` takes two tensors of 4 or 5 axes, not "
            f"{show_shape(shape)} and {show_shape(places)}",
            "grid",
        )
    if not call.check.equal(shape[0], places[0]):
        raise Rejected(f"the batches are {show(shape[0])} and {show(places[0])}", "grid")
    if not call.check.equal(places[-1], len(shape) - 2):
        raise Rejected(
            f"a grid for {count(len(shape) - 2, 'axis')} ends with an axis of "
            f"{len(shape) - 2}, not {show(places[-1])}",
            "grid",
        )
    if len(shape) == 5 and call["mode"] == "bicubic":
        raise Rejected('mode="bicubic" works on 4 axes', "mode")
    return _said(call, "F.grid_sample", shapes.reshaped(type, (*shape[:2], *places[1:-1])))


def _said(call: FunctionCall, fn: str, type: TensorType) -> FunctionResult:
    """The one step, with ``align_corners``: torch warns where it isn't said."""
    names = [name for name in call.args if name in call.given and name != "align_corners"]
    first, given = [call[name] for name in names[:2]], {name: call[name] for name in names[2:]}
    if isinstance(first[1], tuple):  # torch says that it wants a list
        first[1] = Many(first[1])
    corners = False if call["align_corners"] is None else call["align_corners"]
    return FunctionResult(type, (Step(apply(fn, *first, **given, align_corners=corners), type),))


def _affine_grid(call: FunctionCall) -> FunctionResult:
    type = tensor(call, "theta")
    shapes.need_float(type, "`affine_grid`", "theta")
    shape = shapes.whole_shape(type, "`affine_grid`")
    wanted = creation.sizes(call["size"], call)
    axes = len(wanted) - 2
    if axes not in (2, 3):
        raise Rejected(
            f"`size` is (batch, channels, height, width), not {show_shape(wanted)}", "size"
        )
    for size in wanted:
        if call.check.less(size, 1):
            raise Rejected(f"no size of an image is {show(size)}", "size")
    fits = len(shape) == 3 and all(
        call.check.equal(a, b) for a, b in zip(shape, (wanted[0], axes, axes + 1), strict=True)
    )
    if not fits:
        raise Rejected(
            f"`theta` is {show_shape(shape)}, {show_shape((wanted[0], axes, axes + 1))} is wanted",
            "theta",
        )
    return _said(call, "F.affine_grid", shapes.reshaped(type, (wanted[0], *wanted[2:], axes)))


_CORNERS = arg("align_corners", "bool|none", None)

FUNCTIONS = (
    entry("interpolate", "F.interpolate",
          (INPUT, arg("size", "ints|none", None), arg("scale_factor", "floats|none", None),
           arg("mode", "str", "nearest", choices=tuple(_RANKS)), _CORNERS,
           arg("antialias", "bool", False, named=True)), _interpolate),
    entry("pixel_shuffle", "F.pixel_shuffle", (INPUT, arg("upscale_factor", "size")),
          _pixel_shuffle),
    entry("pixel_unshuffle", "F.pixel_unshuffle", (INPUT, arg("downscale_factor", "size")),
          _pixel_unshuffle),
    entry("channel_shuffle", "F.channel_shuffle", (INPUT, arg("groups", "size")), _channel_shuffle),
    entry("affine_grid", "F.affine_grid", (arg("theta"), arg("size", "sizes"), _CORNERS),
          _affine_grid),
    entry("grid_sample", "F.grid_sample",
          (INPUT, arg("grid"),
           arg("mode", "str", "bilinear", choices=("bilinear", "nearest", "bicubic")),
           arg("padding_mode", "str", "zeros", choices=("zeros", "border", "reflection")),
           _CORNERS),
          _grid_sample),
)  # fmt: skip
