"""Layers that resample images, or take them apart into patches and put them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nndsl.layers.arguments import flag, reals, wholes, word
from nndsl.layers.rules import (
    image,
    like,
    number,
    per_axis,
    shape_of,
    tidy,
)
from nndsl.layers.windows import slid
from nndsl.layers.writing import (
    Function,
    function,
)
from nndsl.model import dims
from nndsl.model.expr import Call, Name, Undecided
from nndsl.model.graph import TensorType
from nndsl.model.spec import Layer, LayerCall, LayerResult, Rejected
from nndsl.model.text import expression

_SIZE = wholes("size", "extent of the output", None, low=1)
_SCALE = reals("scale_factor", "how many times larger the output is", None, low=0)
_UPSAMPLE = (
    _SIZE,
    _SCALE,
    word(
        "mode", "how values in between are found",
        "nearest", "nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact",
    ),
    flag("align_corners", "whether the outermost positions coincide", None),
    flag("recompute_scale_factor", "whether the scale is worked out from the sizes", None),
)  # fmt: skip
_RANKS = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5}
_PATCHES = (
    wholes("kernel_size", "extent of a patch", low=1),
    wholes("dilation", "steps between a patch's points", 1, low=1),
    wholes("padding", "rim put around the image", 0, low=0),
    wholes("stride", "steps between patches", 1, low=1),
)
_FOLD = (wholes("output_size", "height and width of the image", low=1), *_PATCHES)


def _upsample(call: LayerCall) -> LayerResult:
    rank = len(shape_of(call))
    try:
        mode = str(number(call, "mode"))
    except Undecided:
        return _resized(call)  # whether the mode fits is checked where it is known
    if _RANKS.get(mode, rank) != rank:
        raise Rejected(
            f'`{{layer}}` with mode="{mode}" takes {_RANKS[mode]} axes, but receives {rank}', "mode"
        )
    if mode not in _RANKS and call["align_corners"] is not None:
        raise Rejected(f'`{{layer}}` has no align_corners with mode="{mode}"', "align_corners")
    return _resized(call)


def _resized(call: LayerCall) -> LayerResult:
    shape = shape_of(call)
    count = len(shape) - 2
    told = [name for name in ("size", "scale_factor") if call[name] is not None]
    if len(told) != 1:
        raise Rejected("`{layer}` takes either a size or a scale_factor", "scale_factor")
    amounts = per_axis(call, told[0], count)
    if told[0] == "size":
        if call.args.get("recompute_scale_factor"):
            raise Rejected("`{layer}` has no scale to work out", "recompute_scale_factor")
        return LayerResult(like(call, (*shape[:2], *amounts)))
    extents = [_scaled(call, *axis) for axis in zip(shape[2:], amounts, strict=True)]
    return LayerResult(like(call, (*shape[:2], *extents)))


def _scaled(call: LayerCall, extent: Any, scale: Any) -> Any:
    """The new extent; torch cuts fractions off."""
    larger = extent * scale
    if isinstance(scale, int) or (isinstance(scale, Name) and scale.type == "int"):
        larger = tidy(larger)
    elif isinstance(larger, float):
        larger = int(min(larger, 2.0**62))  # beyond what any tensor holds
    else:
        larger = Call("int", (larger,))
    if call.check.less(larger, 1):
        raise Rejected(f"`{{layer}}` leaves nothing of {expression(extent)}", "scale_factor")
    return larger


def _places(call: LayerCall, sizes: Sequence[Any]) -> Any:
    """How many patches there are."""
    kernel, stride, padding, dilation = (
        per_axis(call, name, 2) for name in ("kernel_size", "stride", "padding", "dilation")
    )
    return dims.product(tuple(slid(call, sizes, kernel, stride, padding, dilation)))


def _unfold(call: LayerCall) -> LayerResult:
    batch, channels, *sizes = shape_of(call)
    kernel = per_axis(call, "kernel_size", 2)
    places = _places(call, sizes)
    return LayerResult(like(call, (batch, channels * kernel[0] * kernel[1], places)))


def _fold(call: LayerCall) -> LayerResult:
    batch, width, places = shape_of(call)
    kernel = per_axis(call, "kernel_size", 2)
    sizes = per_axis(call, "output_size", 2)
    patch = tidy(kernel[0] * kernel[1])
    if not call.check.divides(patch, width):
        raise Rejected(
            f"`{{layer}}` can't make patches of {expression(patch)} positions "
            f"from {expression(width)} values",
            "kernel_size",
        )
    needed = _places(call, sizes)
    if not call.check.equal(needed, places):
        raise Rejected(
            f"`{{layer}}` needs {expression(needed)} patches for an image of "
            f"{' x '.join(map(expression, sizes))}, but receives {expression(places)}",
            "input",
        )
    return LayerResult(like(call, (batch, width // patch, *sizes)))


def _fixed(name: str, torch: str, defaults: tuple[tuple[str, Any], ...], doc: str) -> Layer:
    """``Upsample`` with a mode of its own."""
    arguments = (_SIZE, _SCALE)

    def functional(call: LayerCall, var: Any) -> Any:
        pairs = (("size", None), ("scale_factor", None), *((n, object()) for n, _ in defaults))
        whole = LayerCall({**call.args, **dict(defaults)}, call.given, call.inputs, call.check)
        return Function("F.interpolate", pairs)(whole, var)

    return Layer(
        name,
        f"torch.nn.{torch}",
        arguments,
        _resized,
        positional=("size", "scale_factor"),
        leading=1,
        ranks=(4,),
        functional=functional,
        assume=image(4),
        doc=doc,
    )


def _patches(_: LayerCall) -> TensorType:
    return TensorType((Name("b"), Name("d"), Name("n")))


ENTRIES = (
    Layer(
        "upsample",
        "torch.nn.Upsample",
        _UPSAMPLE,
        _upsample,
        positional=tuple(a.name for a in _UPSAMPLE),
        leading=1,
        ranks=(3, 4, 5),
        functional=function("F.interpolate", _UPSAMPLE, leading=1),
        doc="Resamples to another extent.",
    ),
    _fixed(
        "upsampling_nearest2d", "UpsamplingNearest2d", (("mode", "nearest"),),
        "Resamples an image by repeating its values.",
    ),
    _fixed(
        "upsampling_bilinear2d", "UpsamplingBilinear2d",
        (("mode", "bilinear"), ("align_corners", True)),
        "Resamples an image by weighing four neighbours; corners coincide.",
    ),
    Layer(
        "unfold",
        "torch.nn.Unfold",
        _PATCHES,
        _unfold,
        positional=tuple(a.name for a in _PATCHES),
        leading=1,
        ranks=(4,),
        functional=function("F.unfold", _PATCHES, leading=1),
        assume=image(4),
        doc="Lays out the patches of an image as columns.",
    ),
    Layer(
        "fold",
        "torch.nn.Fold",
        _FOLD,
        _fold,
        positional=tuple(a.name for a in _FOLD),
        leading=2,
        ranks=(3,),
        functional=function("F.fold", _FOLD, leading=2),
        assume=_patches,
        doc="Adds up patches that were laid out as columns.",
    ),
)  # fmt: skip
