"""Layers that are arguments of other layers: ``weight_norm(conv(64, 3))``."""

from __future__ import annotations

from nndsl.layers.apply import construct, meet
from nndsl.model.expr import Built
from nndsl.model.graph import FlowType
from nndsl.model.spec import Layer, LayerCall, LayerResult, Part, Rejected
from nndsl.record import dataclass, replace


@dataclass(frozen=True)
class Met:
    """A part that met its tensors: what it makes of them, and the module as an argument."""

    part: Part
    result: LayerResult
    built: Built


def given(call: LayerCall, name: str) -> Part:
    """The layer that was given as ``name``."""
    part = call[name]
    if not isinstance(part, Part):
        raise Rejected(f"`{{layer}}` takes a layer as {name}", name, code="E205")
    return part


def met(call: LayerCall, name: str, *inputs: FlowType) -> Met:
    """What the layer given as ``name`` makes of tensors. Its own refusals name it as the part."""
    part = given(call, name)
    inner = replace(part.call, inputs=inputs, check=call.check)
    try:
        result = meet(part.layer, inner, part.name)
    except Rejected as no:
        no.part = no.part or part
        raise
    made = construct(part.layer, inner, result)
    return Met(part, result, Built(made.torch, made.args, made.kwargs))


def worn(layer: Layer, call: LayerCall) -> Layer:
    """The entry of a layer that wraps another: it reads what the layer inside reads."""
    part = given(call, layer.wraps)
    inner, within = part.layer, part.call
    assume = None if inner.assume is None else lambda _: inner.assume(within)  # type: ignore[misc]
    return replace(
        layer,
        inputs=inner.inputs,
        ranks=inner.ranks,
        dtype=inner.dtype,
        dtypes=inner.dtypes,
        random=layer.random or inner.random,
        assume=assume,
    )
