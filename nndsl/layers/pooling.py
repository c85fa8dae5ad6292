"""Pooling over windows: maximum, average, power average, random windows, and unpooling."""

from __future__ import annotations

from functools import partial
from typing import Any

from nndsl.layers.arguments import flag, real, reals, whole, wholes
from nndsl.layers.rules import (
    AXES,
    agree,
    chosen,
    image,
    like,
    other,
    per_axis,
    shape_of,
    tidy,
    unless_none,
    with_indices,
)
from nndsl.layers.statics import (
    is_listing,
)
from nndsl.layers.windows import slid
from nndsl.layers.writing import (
    function,
)
from nndsl.model.expr import Call, Expr
from nndsl.model.graph import Apply, TensorType, Var
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Rejected
from nndsl.model.text import expression
from nndsl.record import replace

_KERNEL = wholes("kernel_size", "extent of the window", low=1)
_STRIDE = wholes("stride", "steps between windows; the kernel's extent if left out", None, low=1)
_PADDING = wholes("padding", "rim put around the input", 0, low=0)
_DILATION = wholes("dilation", "steps between the window's points", 1, low=1)
_INDICES = flag("return_indices", "whether the places of the values are returned too")
_CEIL = flag("ceil_mode", "whether a last window may reach over the edge")
_COUNT_PAD = flag("count_include_pad", "whether zeros of the rim count in the average", True)
_DIVISOR = whole("divisor_override", "what sums are divided by", None)
_NORM = real("norm_type", "the exponent")

MAX = (_KERNEL, _STRIDE, _PADDING, _DILATION, _INDICES, _CEIL)
AVERAGE = (_KERNEL, _STRIDE, _PADDING, _CEIL, _COUNT_PAD)
POWER = (_NORM, _KERNEL, _STRIDE, _CEIL)
UNPOOL = (_KERNEL, _STRIDE, _PADDING)
FRACTIONAL = (
    _KERNEL,
    wholes("output_size", "extent of the output", None, low=1),
    reals("output_ratio", "extent of the output as a share of the input", None, low=0),
    _INDICES,
)


def _strides(call: LayerCall, count: int) -> tuple[Any, ...]:
    kernel = per_axis(call, "kernel_size", count)
    if call["stride"] is None:
        return kernel
    return tuple(map(unless_none, per_axis(call, "stride", count), kernel))


def _padding(call: LayerCall, count: int) -> tuple[Any, ...]:
    if "padding" not in call.args:
        return (0,) * count
    padding = per_axis(call, "padding", count)
    for rim, kernel in zip(padding, per_axis(call, "kernel_size", count), strict=True):
        if call.check.less(kernel, 2 * rim):
            raise Rejected(
                f"`{{layer}}` has a rim of {expression(rim)}, which is more than half of its "
                f"kernel of {expression(kernel)}",
                "padding",
            )
    return padding


def _pooled(count: int, call: LayerCall) -> TensorType:
    shape = shape_of(call)
    kernel = per_axis(call, "kernel_size", count)
    dilation = per_axis(call, "dilation", count) if "dilation" in call.args else (1,) * count
    geometry = (call, shape[2:], kernel, _strides(call, count), _padding(call, count), dilation)
    extents = slid(*geometry, ceil=True)
    if call["ceil_mode"] is not True:
        try:
            whole = slid(*geometry)
        except Rejected:  # a kernel that reaches out of the input: only this mode can be meant
            if not isinstance(call["ceil_mode"], Expr):
                raise
            whole = extents
        extents = list(map(partial(chosen, call, "ceil_mode"), extents, whole))
    return like(call, (*shape[:2], *extents))


def _max(count: int, call: LayerCall) -> LayerResult:
    return LayerResult(with_indices(call, _pooled(count, call)))


def _average(count: int, call: LayerCall) -> LayerResult:
    _whole_windows(count, call)
    if "divisor_override" in call.args and call.check.same(call["divisor_override"], 0):
        raise Rejected("`{layer}` can't divide by 0", "divisor_override")
    return LayerResult(_pooled(count, call))


def _whole_windows(count: int, call: LayerCall) -> None:
    """Averages over three axes need room for a kernel even where a rim is put around."""
    if count < 3:
        return
    for kernel, extent in zip(per_axis(call, "kernel_size", 3), shape_of(call)[2:], strict=True):
        if call.check.less(extent, kernel):
            raise Rejected(
                f"`{{layer}}` has a kernel of {expression(kernel)} "
                f"on {expression(extent)} positions",
                "kernel_size",
            )


def _power(count: int, call: LayerCall) -> LayerResult:
    _whole_windows(count, call)
    if count == 1 and is_listing(call["kernel_size"]):
        raise Rejected("`{layer}` takes one number as kernel_size", "kernel_size")
    if call.check.same(call["norm_type"], 0):
        raise Rejected("`{layer}` takes a root, so norm_type can't be 0", "norm_type")
    return LayerResult(_pooled(count, call))


def _unpool(count: int, call: LayerCall) -> LayerResult:
    shape = shape_of(call)
    indices = other(call, 1)
    agree(call, indices, shape, "indices")
    geometry = (
        shape[2:],
        per_axis(call, "kernel_size", count),
        _strides(call, count),
        per_axis(call, "padding", count),
    )
    extents = []
    for extent, kernel, stride, rim in zip(*geometry, strict=True):
        extents.append(tidy((extent - 1) * stride - 2 * rim + kernel))
        if call.check.less(extents[-1], 1):
            raise Rejected(f"`{{layer}}` would make {expression(extents[-1])} positions", "padding")
    return LayerResult(like(call, (*shape[:2], *extents)))


def _fractional(count: int, call: LayerCall) -> LayerResult:
    shape = shape_of(call)
    told = [name for name in ("output_size", "output_ratio") if call[name] is not None]
    if len(told) != 1:
        raise Rejected("`{layer}` takes either an output_size or an output_ratio", "output_size")
    amounts = per_axis(call, told[0], count)
    extents = [
        _share(extent, amount) if told[0] == "output_ratio" else amount
        for extent, amount in zip(shape[2:], amounts, strict=True)
    ]
    for kernel, before, after in zip(
        per_axis(call, "kernel_size", count), shape[2:], extents, strict=True
    ):
        room = before - 1 if count == 3 else before  # torch wants one more in three axes
        if call.check.less(room, after + kernel - 1) or call.check.less(after, 1):
            raise Rejected(
                f"`{{layer}}` can't place {expression(after)} windows of {expression(kernel)} "
                f"on {expression(before)} positions",
                told[0],
            )
    return LayerResult(with_indices(call, like(call, (*shape[:2], *extents))))


def _fractional_function(count: int, call: LayerCall, var: Var) -> Apply:
    """The function wants a ratio for each axis, where the module spreads one."""
    ratio = call["output_ratio"]
    several = None if ratio is None else per_axis(call, "output_ratio", count)
    spread = replace(call, args={**call.args, "output_ratio": several})
    return function(f"F.fractional_max_pool{count}d", FRACTIONAL, leading=1)(spread, var)


def _share(extent: Any, ratio: Any) -> Any:
    if isinstance(ratio, int | float) and not 0 < ratio < 1:
        raise Rejected("`{layer}` takes an output_ratio between 0 and 1", "output_ratio")
    share = extent * ratio
    return int(share) if isinstance(share, int | float) else Call("int", (share,))


def _entry(
    name: str, torch: str, arguments: tuple[Argument, ...], rule: Any, count: int, **more: Any
) -> Layer:
    return Layer(
        name.replace("#", str(count)),
        f"torch.nn.{torch.replace('#', str(count))}",
        arguments,
        partial(rule, count),
        positional=tuple(a.name for a in arguments),
        ranks=(len(AXES[count + 2]),),
        assume=image(count + 2),
        **more,
    )


def _window(name: str, torch: str, arguments: tuple[Argument, ...], rule: Any, doc: str) -> Any:
    leading = 3 if arguments[0] is _NORM else 2
    fn = {"maxpool": "max_pool", "avgpool": "avg_pool", "lppool": "lp_pool"}[name]
    for count in (1, 2, 3):
        every = arguments
        if rule is _average and count > 1:
            every = (*arguments, _DIVISOR)
        yield _entry(
            f"{name}#d", f"{torch}#d", every, rule, count, leading=leading, doc=doc,
            functional=function(f"F.{fn}{count}d", every, leading=leading),
        )  # fmt: skip


ENTRIES = (
    *_window("maxpool", "MaxPool", MAX, _max, "The largest value in every window."),
    *_window("avgpool", "AvgPool", AVERAGE, _average, "The average of every window."),
    *_window("lppool", "LPPool", POWER, _power, "The root of the sum of powers in every window."),
    *(
        _entry(
            "max_unpool#d", "MaxUnpool#d", UNPOOL, _unpool, count, leading=2,
            inputs=("input", "indices"),
            dtypes={"indices": "int"},
            doc="Puts values back to the places that maxpool took them from.",
        )
        for count in (1, 2, 3)
    ),
    *(
        _entry(
            "fractional_maxpool#d", "FractionalMaxPool#d", FRACTIONAL, _fractional, count,
            leading=1, random=True,
            functional=partial(_fractional_function, count),
            doc="The largest value in windows that are placed at random.",
        )
        for count in (2, 3)
    ),
)  # fmt: skip
