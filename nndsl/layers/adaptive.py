"""Pooling to a given extent."""

from __future__ import annotations

from functools import partial

from nndsl.layers.arguments import flag
from nndsl.layers.rules import (
    image,
    like,
    per_axis,
    shape_of,
    unless_none,
    with_indices,
)
from nndsl.layers.writing import (
    function,
)
from nndsl.model.graph import TensorType
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Rejected

_SIZE = Argument(
    "output_size", "ints|none", doc="extent of the output; None keeps the input's", low=1
)
_INDICES = flag("return_indices", "whether the places of the values are returned too")


def _output(count: int, call: LayerCall) -> TensorType:
    shape = shape_of(call)
    wanted = per_axis(call, "output_size", count)
    if call["output_size"] is None or (count == 1 and None in wanted):
        raise Rejected(
            "`{layer}` takes None only as one of several extents", "output_size",
            "write `identity` to keep the input" if count == 1 else "",
        )  # fmt: skip
    return like(call, (*shape[:2], *map(unless_none, wanted, shape[2:])))


def _average(count: int, call: LayerCall) -> LayerResult:
    return LayerResult(_output(count, call))


def _max(count: int, call: LayerCall) -> LayerResult:
    return LayerResult(with_indices(call, _output(count, call)))


def _entry(kind: str, count: int) -> Layer:
    arguments = (_SIZE, _INDICES) if kind == "max" else (_SIZE,)
    return Layer(
        f"adaptive_{kind}pool{count}d",
        f"torch.nn.Adaptive{kind.title()}Pool{count}d",
        arguments,
        partial(_max if kind == "max" else _average, count),
        positional=tuple(a.name for a in arguments),
        leading=1,
        ranks=(count + 2,),
        functional=function(f"F.adaptive_{kind}_pool{count}d", arguments, leading=1),
        assume=image(count + 2),
        doc=f"The {_WORDS[kind]} of as many windows as the output is to have positions.",
    )


_WORDS = {"avg": "averages", "max": "largest values"}

ENTRIES = tuple(_entry(kind, count) for kind in ("avg", "max") for count in (1, 2, 3))
