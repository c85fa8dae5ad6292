"""How many places a sliding window has: the sizes that convolutions and poolings make."""

from __future__ import annotations

from typing import cast

from nndsl.model import dims
from nndsl.model.expr import Size, Static


def conv_size(
    size: Size, kernel: Static, stride: Static = 1, padding: Static = 0, dilation: Static = 1
) -> Size:
    """``(size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1``."""
    room = size + 2 * padding - dilation * (kernel - 1) - 1  # type: ignore[operator]
    return cast(Size, dims.tidy(dims.tidy(room) // stride + 1))  # type: ignore[operator]


def conv_transpose_size(
    size: Size,
    kernel: Static,
    stride: Static = 1,
    padding: Static = 0,
    output_padding: Static = 0,
    dilation: Static = 1,
) -> Size:
    """The size whose convolution gives ``size``, and ``output_padding`` more."""
    grown = (size - 1) * stride - 2 * padding + dilation * (kernel - 1)  # type: ignore[operator]
    return cast(Size, dims.tidy(grown + output_padding + 1))  # type: ignore[operator]
