"""Layers that only arrange values anew."""

from __future__ import annotations

from typing import Any

from nndsl.layers.arguments import axis, size
from nndsl.layers.rules import (
    divides,
    like,
    no_lead,
    position,
    shape_of,
    tidy,
    wording,
)
from nndsl.layers.statics import (
    items,
)
from nndsl.layers.writing import (
    function,
)
from nndsl.model import dims
from nndsl.model.expr import Listing
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Rejected
from nndsl.model.text import expression

_FLATTEN = (
    axis("start_dim", "first axis that is joined", 1),
    axis("end_dim", "last axis that is joined", -1),
)
_UNFLATTEN = (
    axis("dim", "axis that is taken apart"),
    Argument("unflattened_size", "ints", doc="its new sizes; -1 stands for what is left", low=-1),
)


def _flatten(call: LayerCall) -> LayerResult:
    no_lead(call)
    shape = shape_of(call)
    if not shape:
        return LayerResult(like(call, (1,)))
    start, end = (position(call, name, len(shape)) for name in ("start_dim", "end_dim"))
    if start > end:
        raise Rejected(
            f"`{{layer}}` is to join axes {start} to {end} of {wording(call.input)}", "start_dim"
        )
    joined = dims.product(shape[start : end + 1])
    return LayerResult(like(call, (*shape[:start], joined, *shape[end + 1 :])))


def _unflatten(call: LayerCall) -> LayerResult:
    no_lead(call)
    shape = shape_of(call)
    place = position(call, "dim", len(shape))
    sizes = _whole(call, shape[place])
    if not call.check.equal(dims.product(sizes), shape[place]):
        raise Rejected(
            f"`{{layer}}` can't make {expression(sizes)} of {expression(shape[place])}",
            "unflattened_size",
        )
    return LayerResult(like(call, (*shape[:place], *sizes, *shape[place + 1 :])))


def _whole(call: LayerCall, total: Any) -> tuple[Any, ...]:
    """The new sizes, the -1 among them worked out."""
    told: Any = call["unflattened_size"]
    if not isinstance(told, tuple | Listing):
        told = call.check.number(told)
    if not isinstance(told, tuple | Listing):
        raise Rejected("`{layer}` takes a list as unflattened_size", "unflattened_size")
    sizes = items(told, len(told.items if isinstance(told, Listing) else told)) or ()
    open_ = [i for i, s in enumerate(sizes) if isinstance(s, int) and s == -1]
    wrong = any(isinstance(s, int) and s < 1 and s != -1 for s in sizes)
    if not sizes or len(open_) > 1 or wrong:
        raise Rejected(f"`{{layer}}` can't tell the sizes {expression(sizes)}", "unflattened_size")
    if not open_:
        return sizes
    rest = dims.product(tuple(s for i, s in enumerate(sizes) if i != open_[0]))
    if not call.check.divides(rest, total):
        raise Rejected(
            f"`{{layer}}` can't make {expression(sizes)} of {expression(total)}",
            "unflattened_size",
        )
    return tuple(tidy(total // rest) if i == open_[0] else s for i, s in enumerate(sizes))


def _shuffle(call: LayerCall) -> LayerResult:
    shape = _image(call, 3)
    divides(call, "groups", shape[1], "channels")
    return LayerResult(call.input)


def _image(call: LayerCall, rank: int) -> tuple[Any, ...]:
    no_lead(call)
    shape = shape_of(call)
    if len(shape) < rank:
        raise Rejected(
            f"`{{layer}}` takes at least {rank} axes, but receives {wording(call.input)}", "input"
        )
    return shape


def _pixels(call: LayerCall) -> LayerResult:
    *before, channels, height, width = _image(call, 3)
    factor: Any = call["upscale_factor"]
    if not call.check.divides(factor * factor, channels):
        raise Rejected(
            f"`{{layer}}` needs a multiple of {expression(tidy(factor * factor))} channels, "
            f"but receives {expression(channels)}",
            "input",
        )
    output = (*before, channels // (factor * factor), height * factor, width * factor)
    return LayerResult(like(call, output))


def _unpixels(call: LayerCall) -> LayerResult:
    *before, channels, height, width = _image(call, 3)
    factor: Any = call["downscale_factor"]
    for extent in (height, width):
        divides(call, "downscale_factor", extent, "positions")
    output = (*before, channels * factor * factor, height // factor, width // factor)
    return LayerResult(like(call, output))


def _factor(name: str, torch: str, fn: str, argument: Argument, rule: Any, doc: str) -> Layer:
    return Layer(
        name,
        f"torch.nn.{torch}",
        (argument,),
        rule,
        positional=(argument.name,),
        leading=1,
        dtype="any",
        functional=function(fn, (argument,), leading=1),
        doc=doc,
    )


ENTRIES = (
    Layer(
        "flatten",
        "torch.nn.Flatten",
        _FLATTEN,
        _flatten,
        positional=("start_dim", "end_dim"),
        leading=2,
        dtype="any",
        functional=function("torch.flatten", _FLATTEN, leading=2, start_dim=0),
        doc="Joins neighbouring axes, all but the batch if not told otherwise.",
    ),
    Layer(
        "unflatten",
        "torch.nn.Unflatten",
        _UNFLATTEN,
        _unflatten,
        positional=("dim", "unflattened_size"),
        leading=2,
        dtype="any",
        functional=function("Tensor.unflatten", _UNFLATTEN, leading=2),
        doc="Takes one axis apart into several.",
    ),
    _factor(
        "channel_shuffle",
        "ChannelShuffle",
        "F.channel_shuffle",
        size("groups", "groups of channels that are dealt out"),
        _shuffle,
        "Deals the channels of several groups out among each other.",
    ),
    _factor(
        "pixel_shuffle",
        "PixelShuffle",
        "F.pixel_shuffle",
        size("upscale_factor", "how much height and width grow"),
        _pixels,
        "Turns channels into height and width.",
    ),
    _factor(
        "pixel_unshuffle",
        "PixelUnshuffle",
        "F.pixel_unshuffle",
        size("downscale_factor", "how much height and width shrink"),
        _unpixels,
        "Turns height and width into channels.",
    ),
)
