"""The transformer and its layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.layers.arguments import BIAS, flag, inferred, rate, real, size, whole, word
from nndsl.layers.attention import FIRST, attention_macs, entry, linear_weights, sequence
from nndsl.layers.rules import (
    agree,
    like,
    likely,
    other,
    shares_heads,
    taken,
    tidy,
    times,
    wording,
)
from nndsl.model.expr import Static, Undecided
from nndsl.model.graph import TensorType, Weight
from nndsl.model.spec import Argument, LayerCall, LayerResult, Rejected

_D_MODEL = inferred("d_model", "size of the last axis coming in")
_FEED = size("dim_feedforward", "size between the two linear maps", 2048)
_TRANSFORMER = (
    rate("dropout", "probability of leaving a value out", 0.1),
    word("activation", "what stands between the linear maps", "relu", "relu", "gelu"),
    real("layer_norm_eps", "against division by zero", 1e-05, low=0),
    FIRST,
    flag("norm_first", "whether normalization stands before the maps"),
    BIAS,
)


def _depth(name: str, what: str) -> Argument:
    return whole(name, f"layers of the {what}", 6, low=1, high=10_000)


def _norm(call: LayerCall, name: str, features: Any) -> list[Weight]:
    weights = [Weight(f"{name}.weight", (features,))]
    return [*weights, Weight(f"{name}.bias", (features,))] if likely(call, "bias") else weights


def _self_attention(call: LayerCall, name: str, d: Any) -> list[Weight]:
    weights = [Weight(f"{name}.in_proj_weight", (tidy(3 * d), d))]
    if likely(call, "bias"):
        weights.append(Weight(f"{name}.in_proj_bias", (tidy(3 * d),)))
    return weights + linear_weights(call, f"{name}.out_proj", d, d)


def _layer(call: LayerCall, d: Any, *attentions: str) -> list[Weight]:
    feed: Any = call["dim_feedforward"]
    weights = [w for name in attentions for w in _self_attention(call, name, d)]
    weights += linear_weights(call, "linear1", feed, d) + linear_weights(call, "linear2", d, feed)
    for place in range(len(attentions) + 1):
        weights += _norm(call, f"norm{place + 1}", d)
    return weights


def _encoder(call: LayerCall, d: Any) -> list[Weight]:
    return _layer(call, d, "self_attn")


def _decoder(call: LayerCall, d: Any) -> list[Weight]:
    return _layer(call, d, "self_attn", "multihead_attn")


def _stack(
    call: LayerCall, d: Any, name: str, make: Callable[[LayerCall, Any], list[Weight]]
) -> list[Weight]:
    """The weights of ``num_..._layers`` layers and the norm behind them."""
    depth: Any = call.check.number(call[f"num_{name}_layers"])
    one = make(call, d)
    weights = [Weight(f"{name}.layers.{i}.{w.name}", w.shape) for i in range(depth) for w in one]
    return weights + _norm(call, f"{name}.norm", d)


def _check_model(call: LayerCall, features: Any) -> dict[str, Static]:
    found = taken(call, "d_model", features, "features")
    shares_heads(call, "nhead", features)
    return found


def _layer_macs(call: LayerCall, batch: Any, length: Any, d: Any, memory: Any = None) -> Any:
    macs = attention_macs(batch, length, length, d, 2 * d)
    if memory is not None:
        macs = macs + attention_macs(batch, length, memory, d, 2 * d)
    return macs + times(2, batch, length, d, call["dim_feedforward"])


def _mask_inputs(call: LayerCall, first: int, *masks: tuple[str, Any, Any]) -> None:
    """Look at the masks that were handed in, from the input at place ``first`` on."""
    for place, (name, rows, columns) in enumerate(masks, first):
        mask = other(call, place)
        if isinstance(mask, TensorType) and mask.rank == 3 and "padding" not in name:
            heads: Any = call["nhead"]
            batch = sequence(call, call.inputs[0], "input")[0]
            agree(call, mask, (batch * heads, rows, columns), name)
        elif mask is not None:
            agree(call, mask, (rows, columns), name)


def _encoder_layer(call: LayerCall) -> LayerResult:
    batch, length, features = sequence(call, call.inputs[0], "src")
    found = _check_model(call, features)
    _mask_inputs(call, 1, ("src_mask", length, length), ("src_key_padding_mask", batch, length))
    weights = tuple(_encoder(call, features))
    return LayerResult(call.input, found, weights, _layer_macs(call, batch, length, features))


def _memory(call: LayerCall, place: int, name: str, batch: Any, features: Any) -> Any:
    """The length of the other sequence."""
    flow = call.inputs[place]
    rows, length, width = sequence(call, flow, name)
    if not call.check.equal(rows, batch) or not call.check.equal(width, features):
        raise Rejected(
            f"`{{layer}}` can't match {name} {wording(flow)} with {wording(call.input)}", name
        )
    return length


def _decoder_layer(call: LayerCall) -> LayerResult:
    batch, length, features = sequence(call, call.inputs[0], "tgt")
    found = _check_model(call, features)
    memory = _memory(call, 1, "memory", batch, features)
    _mask_inputs(
        call, 2,
        ("tgt_mask", length, length),
        ("memory_mask", length, memory),
        ("tgt_key_padding_mask", batch, length),
        ("memory_key_padding_mask", batch, memory),
    )  # fmt: skip
    macs = _layer_macs(call, batch, length, features, memory)
    return LayerResult(call.input, found, tuple(_decoder(call, features)), macs)


def _transformer(call: LayerCall) -> LayerResult:
    batch, length, features = sequence(call, call.inputs[0], "src")
    found = _check_model(call, features)
    target = _memory(call, 1, "tgt", batch, features)
    _mask_inputs(
        call, 2,
        ("src_mask", length, length),
        ("tgt_mask", target, target),
        ("memory_mask", target, length),
        ("src_key_padding_mask", batch, length),
        ("tgt_key_padding_mask", batch, target),
        ("memory_key_padding_mask", batch, length),
    )  # fmt: skip
    output = call.inputs[1]
    assert isinstance(output, TensorType) and output.shape is not None
    macs = times(call["num_encoder_layers"], _layer_macs(call, batch, length, features))
    inner = _layer_macs(call, batch, target, features, length)
    macs = macs + times(call["num_decoder_layers"], inner)
    return LayerResult(like(call, output.shape), found, _both(call, features), macs)


def _both(call: LayerCall, features: Any) -> tuple[Weight, ...]:
    try:
        encoder = _stack(call, features, "encoder", _encoder)
        return (*encoder, *_stack(call, features, "decoder", _decoder))
    except Undecided:
        return ()


def _heads(name: str, default: Any) -> Argument:
    return size(name, "heads that attend on their own", default)


ENTRIES = (
    entry(
        "transformer_encoder_layer",
        "TransformerEncoderLayer",
        (_D_MODEL, size("nhead", "heads that attend on their own"), _FEED, *_TRANSFORMER),
        _encoder_layer,
        "src src_mask? src_key_padding_mask?",
        "Self-attention and two linear maps, each with a residual and a norm.",
    ),
    entry(
        "transformer_decoder_layer",
        "TransformerDecoderLayer",
        (_D_MODEL, size("nhead", "heads that attend on their own"), _FEED, *_TRANSFORMER),
        _decoder_layer,
        "tgt memory tgt_mask? memory_mask? tgt_key_padding_mask? memory_key_padding_mask?",
        "Self-attention, attention to a memory and two linear maps.",
    ),
    entry(
        "transformer",
        "Transformer",
        (
            _D_MODEL,
            _heads("nhead", 8),
            _depth("num_encoder_layers", "encoder"),
            _depth("num_decoder_layers", "decoder"),
            _FEED,
            *_TRANSFORMER,
        ),
        _transformer,
        "src tgt src_mask? tgt_mask? memory_mask? src_key_padding_mask? "
        "tgt_key_padding_mask? memory_key_padding_mask?",
        "An encoder and a decoder: gives the target's new features.",
    ),
)
