"""Linear maps of the last axis, and the layer that does nothing."""

from __future__ import annotations

from typing import Any

from nndsl.layers.arguments import BIAS, inferred, size
from nndsl.layers.rules import (
    Shaped,
    like,
    likely,
    other,
    shape_of,
    taken,
    times,
    unchanged,
)
from nndsl.layers.writing import (
    Function,
)
from nndsl.model.graph import TensorType, Weight
from nndsl.model.spec import Layer, LayerCall, LayerResult, Rejected


def _linear(call: LayerCall) -> LayerResult:
    shape = shape_of(call)
    out: Any = call["out_features"]
    inferred = taken(call, "in_features", shape[-1], "features")
    weights = [Weight("weight", (out, shape[-1]))]
    if likely(call, "bias"):
        weights.append(Weight("bias", (out,)))
    output = like(call, (*shape[:-1], out))
    return LayerResult(output, inferred, tuple(weights), times(*shape, out))


def _bilinear(call: LayerCall) -> LayerResult:
    left = shape_of(call)
    second = other(call, 1)
    right = second.shape if isinstance(second, TensorType) and second.shape else None
    if (
        right is None
        or len(right) != len(left)
        or not all(map(call.check.equal, left[:-1], right[:-1]))
    ):
        raise Rejected("`{layer}` takes two tensors that differ in the last axis only", "input2")
    out: Any = call["out_features"]
    sizes = (out, left[-1], right[-1])
    inferred = taken(call, "in1_features", left[-1], "features")
    inferred |= taken(call, "in2_features", right[-1], "features in the second tensor")
    weights = [Weight("weight", sizes)]
    if likely(call, "bias"):
        weights.append(Weight("bias", (out,)))
    macs = times(*left[:-1], *sizes)
    return LayerResult(like(call, (*left[:-1], out)), inferred, tuple(weights), macs)


ENTRIES = (
    Layer(
        "linear",
        "torch.nn.Linear",
        (
            inferred("in_features", "size of the last axis coming in"),
            size("out_features", "size of the last axis going out"),
            BIAS,
        ),
        _linear,
        positional=("out_features", "bias"),
        arrow=("in_features", "out_features"),
        leading=2,
        assume=Shaped(("b", "in_features")),
        doc="Multiplies the last axis by a learned matrix and adds a learned offset.",
    ),
    Layer(
        "bilinear",
        "torch.nn.Bilinear",
        (
            inferred("in1_features", "size of the last axis of the first tensor"),
            inferred("in2_features", "size of the last axis of the second tensor"),
            size("out_features", "size of the last axis going out"),
            BIAS,
        ),
        _bilinear,
        positional=("out_features", "bias"),
        leading=3,
        inputs=("input1", "input2"),
        doc="Multiplies two tensors through a learned matrix for every output feature.",
    ),
    Layer(
        "identity",
        "torch.nn.Identity",
        (),
        unchanged,
        dtype="any",
        functional=Function("op.identity"),
        doc="Hands its input on.",
    ),
)
