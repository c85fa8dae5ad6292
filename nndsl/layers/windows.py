"""Windows that slide over axes: their geometry, shared by convolutions, pooling and unfolding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nndsl.layers.rules import (
    per_axis,
    tidy,
)
from nndsl.layers.statics import (
    is_listing,
)
from nndsl.model.expr import Call, Expr
from nndsl.model.spec import LayerCall, Rejected
from nndsl.model.text import expression


def slid(
    call: LayerCall,
    sizes: Sequence[Any],
    kernel: Sequence[Any],
    stride: Sequence[Any],
    padding: Sequence[Any],
    dilation: Sequence[Any],
    ceil: bool = False,
) -> list[Any]:
    """How many windows fit on each axis. ``ceil``: one that begins inside may reach out."""
    axes = zip(sizes, kernel, stride, padding, dilation, strict=True)
    return [_count(call, *axis, ceil=ceil) for axis in axes]


def _count(
    call: LayerCall, size: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, *, ceil: bool
) -> Any:
    reach = dilation * (kernel - 1) + 1
    room = size + 2 * padding - reach
    if call.check.less(room + (stride - 1 if ceil else 0), 0):
        raise Rejected(
            f"`{{layer}}` has a kernel that reaches over {expression(tidy(reach))} positions, and "
            f"the padded input has {expression(tidy(size + 2 * padding))}",
            "kernel_size",
        )
    if not ceil:
        return tidy(room // stride + 1)
    most = tidy((room + stride - 1) // stride + 1)
    # no window begins in the padding behind the input
    if call.check.less(reach, stride + padding) is False:
        return most
    begin_inside = tidy((size + padding - 1) // stride + 1)
    shorter = call.check.less(begin_inside, most)
    if shorter is None:
        return Call("min", (most, begin_inside))
    return begin_inside if shorter else most


def same_padding(call: LayerCall, count: int) -> Any:
    """The rim for ``padding="same"``, as one number where all axes agree."""
    kernel: Any = call["kernel_size"]
    dilation: Any = call["dilation"]
    if not is_listing(kernel) and not is_listing(dilation):
        return _same(kernel, dilation)
    kernels, dilations = (per_axis(call, name, count) for name in ("kernel_size", "dilation"))
    rims = tuple(map(_same, kernels, dilations))
    first = rims[0]
    return first if not isinstance(first, Expr) and set(rims) == {first} else rims


def _same(kernel: Any, dilation: Any) -> Any:
    if isinstance(kernel, int) and kernel % 2:
        return dilation * (kernel // 2)
    return dilation * (kernel - 1) // 2
