"""Convolutions and transposed convolutions over one, two or three axes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from nndsl.layers.arguments import BIAS, inferred, size, wholes, word
from nndsl.layers.rules import (
    AXES,
    Shaped,
    divides,
    like,
    likely,
    number,
    per_axis,
    shape_of,
    spread,
    taken,
    tidy,
    times,
)
from nndsl.layers.statics import (
    is_listing,
    is_text,
)
from nndsl.layers.windows import same_padding, slid
from nndsl.model.expr import Cond, Op, Static, Undecided
from nndsl.model.graph import Weight
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Rejected
from nndsl.model.text import expression

_IN = inferred("in_channels", "channels coming in")
_OUT = size("out_channels", "channels going out")
_KERNEL = wholes("kernel_size", "extent of the kernel", low=1)
_STRIDE = wholes("stride", "steps between windows", 1, low=1)
_DILATION = wholes("dilation", "steps between the kernel's points", 1, low=1)
_GROUPS = size("groups", "groups of channels that don't see each other", 1)
_MODES = ("zeros", "reflect", "replicate", "circular")

CONV = (
    _IN,
    _OUT,
    _KERNEL,
    _STRIDE,
    Argument("padding", "ints|str", 0, "rim around the input", low=0, choices=("same", "valid")),
    _DILATION,
    _GROUPS,
    BIAS,
    word("padding_mode", "what the rim holds", "zeros", *_MODES),
)
TRANSPOSED = (
    _IN,
    _OUT,
    _KERNEL,
    _STRIDE,
    wholes("padding", "rim taken off the output", 0, low=0),
    wholes("output_padding", "added to one side of the output", 0, low=0),
    _GROUPS,
    BIAS,
    _DILATION,
    word("padding_mode", "what the rim holds", "zeros", "zeros"),
)


def _padding(call: LayerCall, count: int) -> tuple[tuple[Any, ...], dict[str, Static]]:
    """The rim of each axis, and how torch is told where the author used a word."""
    if not is_text(call["padding"]):
        return per_axis(call, "padding", count), {}
    same = same_padding(call, count)
    try:
        value = 0 if number(call, "padding") == "valid" else same
    except Undecided:
        value = _chosen_padding(call["padding"], same)
    return spread(value, "padding", count), {"padding": value}


def _chosen_padding(word: Static, same: Any) -> Any:
    valid = Op("==", (word, "valid"))
    return tuple(Cond(valid, 0, s) for s in same) if is_listing(same) else Cond(valid, 0, same)


def _check_mode(call: LayerCall, sizes: Sequence[Any], padding: Sequence[Any]) -> None:
    if call["padding_mode"] not in ("reflect", "circular"):
        return
    most = 1 if call["padding_mode"] == "reflect" else 0
    for extent, rim in zip(sizes, padding, strict=True):
        if call.check.less(extent - most, rim):
            raise Rejected(
                f"`{{layer}}` can't fill a rim of {expression(rim)} "
                f"from {expression(extent)} positions",
                "padding",
            )


def _groups(call: LayerCall, channels: Any) -> None:
    divides(call, "groups", channels, "channels coming in")
    divides(call, "groups", call["out_channels"], "channels going out")


def _conv(count: int, call: LayerCall) -> LayerResult:
    batch, channels, *sizes = shape_of(call)
    out: Any = call["out_channels"]
    groups: Any = call["groups"]
    inferred = taken(call, "in_channels", channels, "channels")
    _groups(call, channels)
    kernel = per_axis(call, "kernel_size", count)
    padding, replaced = _padding(call, count)
    _check_mode(call, sizes, padding)
    steps = [per_axis(call, name, count) for name in ("stride", "dilation")]
    extents = slid(call, sizes, kernel, steps[0], padding, steps[1])
    weight = (out, tidy(channels // groups), *kernel)
    macs = times(batch, *extents, *weight)
    output = like(call, (batch, out, *extents))
    return LayerResult(output, inferred | replaced, _weights(call, weight, out), macs)


def _weights(call: LayerCall, shape: tuple[Any, ...], out: Any) -> tuple[Weight, ...]:
    weight = Weight("weight", shape)
    return (weight, Weight("bias", (out,))) if likely(call, "bias") else (weight,)


def _transposed(count: int, call: LayerCall) -> LayerResult:
    batch, channels, *sizes = shape_of(call)
    out: Any = call["out_channels"]
    groups: Any = call["groups"]
    inferred = taken(call, "in_channels", channels, "channels")
    _groups(call, channels)
    extents = [_spread_out(call, *of) for of in zip(sizes, *_geometry(call, count), strict=True)]
    weight = (channels, tidy(out // groups), *per_axis(call, "kernel_size", count))
    macs = times(batch, *sizes, *weight)
    output = like(call, (batch, out, *extents))
    return LayerResult(output, inferred, _weights(call, weight, out), macs)


def _geometry(call: LayerCall, count: int) -> list[tuple[Any, ...]]:
    names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
    return [per_axis(call, name, count) for name in names]


def _spread_out(
    call: LayerCall, size: Any, kernel: Any, stride: Any, padding: Any, added: Any, dilation: Any
) -> Any:
    if call.check.less(added, stride) is False and call.check.less(added, dilation) is False:
        raise Rejected(
            f"`{{layer}}` has output_padding = {expression(added)}, "
            f"which must be less than the stride or the dilation",
            "output_padding",
        )
    extent = tidy((size - 1) * stride - 2 * padding + dilation * (kernel - 1) + added + 1)
    if call.check.less(extent, 1):
        raise Rejected(f"`{{layer}}` would make {expression(extent)} positions", "padding")
    return extent


def _entry(transposed: bool, count: int) -> Layer:
    arguments = TRANSPOSED if transposed else CONV
    return Layer(
        f"conv_transpose{count}d" if transposed else f"conv{count}d",
        f"torch.nn.Conv{'Transpose' if transposed else ''}{count}d",
        arguments,
        partial(_transposed if transposed else _conv, count),
        positional=tuple(a.name for a in arguments[1:]),
        arrow=("in_channels", "out_channels"),
        leading=4,
        ranks=(count + 2,),
        assume=Shaped(("b", "in_channels", *AXES[count + 2][2:])),
        doc=_DOCS[transposed],
    )


_DOCS = (
    "Slides a learned kernel over the input.",
    "The transpose of a convolution: spreads every position out by a learned kernel.",
)

ENTRIES = tuple(_entry(transposed, n) for transposed in (False, True) for n in (1, 2, 3))
