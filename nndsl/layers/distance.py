"""How near two tensors are to each other."""

from __future__ import annotations

from typing import Any

from nndsl.layers.arguments import axis, flag, real, unbounded
from nndsl.layers.rules import (
    broadcast,
    like,
    no_lead,
    number,
    other,
    truth,
    wording,
)
from nndsl.model.graph import TensorType
from nndsl.model.spec import Layer, LayerCall, LayerResult, Rejected


def _pair(call: LayerCall) -> tuple[Any, ...]:
    second = other(call, 1)
    no_lead(call)
    if not isinstance(second, TensorType) or second.shape is None or second.lead:
        raise Rejected("`{layer}` takes two tensors", "x2")
    return broadcast(call, call.input, second)


def _cosine(call: LayerCall) -> LayerResult:
    shape = _pair(call)
    place: Any = number(call, "dim")
    if not -len(shape) <= place < len(shape):
        raise Rejected(
            f"`{{layer}}` has dim = {place}, but the tensors have {len(shape)} axes", "dim"
        )
    place %= len(shape)
    return LayerResult(like(call, (*shape[:place], *shape[place + 1 :])))


def _distance(call: LayerCall) -> LayerResult:
    shape = _pair(call)
    if not shape:
        raise Rejected(f"`{{layer}}` takes rows, but receives {wording(call.input)}", "input")
    kept = (1,) if truth(call, "keepdim") else ()
    return LayerResult(like(call, (*shape[:-1], *kept)))


ENTRIES = (
    Layer(
        "cosine_similarity",
        "torch.nn.CosineSimilarity",
        (
            axis("dim", "axis that is summed over", 1),
            real("eps", "against division by zero", 1e-08, low=0),
        ),
        _cosine,
        positional=("dim", "eps"),
        inputs=("x1", "x2"),
        doc="The cosine of the angle between two tensors along an axis.",
    ),
    Layer(
        "pairwise_distance",
        "torch.nn.PairwiseDistance",
        (
            unbounded("p", "the exponent", 2.0),
            real("eps", "added to the difference", 1e-06),
            flag("keepdim", "whether the last axis stays, with size 1"),
        ),
        _distance,
        positional=("p", "eps", "keepdim"),
        leading=1,
        inputs=("x1", "x2"),
        doc="The norm of the difference of two tensors along the last axis.",
    ),
)
