"""Layers of a transformer on top of each other: copies of one that is given as an argument."""

from __future__ import annotations

from typing import Any

from nndsl.layers.arguments import flag, layer, whole
from nndsl.layers.parts import Met, given, met
from nndsl.layers.rules import number, times
from nndsl.model.expr import Static, Undecided
from nndsl.model.graph import FlowType, TensorType, Weight
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Rejected

_DEPTH = whole("num_layers", "how many copies there are", low=1, high=10_000)
_NORM = layer("norm", "what comes behind the last copy", None)


def _stacked(call: LayerCall, name: str, wanted: str) -> LayerResult:
    part = given(call, name)
    if part.layer.torch != f"torch.nn.{wanted}":
        raise Rejected(f"`{{layer}}` stacks no `{part.name}`", name, _advice(wanted))
    inside = met(call, name, *call.inputs)
    found: dict[str, Static] = {name: inside.built}
    output: FlowType = inside.result.output
    macs = times(call["num_layers"], inside.result.macs)
    last = met(call, "norm", output) if call["norm"] is not None else None
    if last is not None:
        found["norm"] = last.built
        output, macs = last.result.output, macs + last.result.macs
    return LayerResult(output, found, _weights(call, inside, last), macs)


def _advice(wanted: str) -> str:
    kind = "encoder" if "Encoder" in wanted else "decoder"
    return f"give it a layer of its kind: `{{layer}}(transformer_{kind}_layer(8), 6)`"


def _weights(call: LayerCall, inside: Met, last: Met | None) -> tuple[Weight, ...]:
    try:
        depth = number(call, "num_layers")
    except Undecided:
        return ()
    weights = [
        _under(f"layers.{i}", weight) for i in range(depth) for weight in inside.result.weights
    ]
    if last is not None:
        weights += [_under("norm", weight) for weight in last.result.weights]
    return tuple(sorted(weights, key=lambda w: not w.trainable))


def _under(path: str, weight: Weight) -> Weight:
    return Weight(f"{path}.{weight.name}", weight.shape, weight.trainable, weight.dtype)


def _encoder(call: LayerCall) -> LayerResult:
    return _stacked(call, "encoder_layer", "TransformerEncoderLayer")


def _decoder(call: LayerCall) -> LayerResult:
    return _stacked(call, "decoder_layer", "TransformerDecoderLayer")


def _assumed(name: str, call: LayerCall) -> TensorType | None:
    part = given(call, name)
    return part.layer.assume(part.call) if part.layer.assume else None


def _entry(kind: str, rule: Any, inputs: str, doc: str, *more: Argument) -> Layer:
    stacked = layer(f"{kind.lower()}_layer", "what is stacked")
    arguments = (stacked, _DEPTH, _NORM, *more)
    return Layer(
        f"transformer_{kind.lower()}",
        f"torch.nn.Transformer{kind}",
        arguments,
        rule,
        positional=tuple(a.name for a in arguments),
        leading=2,
        inputs=tuple(inputs.split()),
        ranks=(3,),
        assume=lambda call: _assumed(stacked.name, call),
        random=True,
        doc=doc,
    )


ENTRIES = (
    _entry(
        "Encoder",
        _encoder,
        "src mask? src_key_padding_mask?",
        "Encoder layers on top of each other, all beginning as copies of one.",
        flag("enable_nested_tensor", "whether padding is skipped in evaluation", True),
        flag("mask_check", "whether masks are looked at before padding is skipped", True),
    ),
    _entry(
        "Decoder",
        _decoder,
        "tgt memory tgt_mask? memory_mask? tgt_key_padding_mask? memory_key_padding_mask?",
        "Decoder layers on top of each other, all beginning as copies of one.",
    ),
)
