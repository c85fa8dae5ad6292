"""Attention with several heads."""

from __future__ import annotations

from typing import Any

from nndsl.layers.arguments import BIAS, flag, inferred, rate, size
from nndsl.layers.rules import (
    Shaped,
    agree,
    chosen,
    likely,
    other,
    shares_heads,
    taken,
    tidy,
    times,
    wording,
)
from nndsl.model.expr import Static
from nndsl.model.graph import TensorType, TupleType, Weight
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Rejected

FIRST = flag("batch_first", "whether the batch is the first axis, not the second")


def linear_weights(call: LayerCall, name: str, out: Any, features: Any) -> list[Weight]:
    """The weights of a linear map under a name."""
    weights = [Weight(f"{name}.weight", (out, features))]
    return [*weights, Weight(f"{name}.bias", (out,))] if likely(call, "bias") else weights


def sequence(call: LayerCall, flow: Any, name: str) -> tuple[Any, Any, Any]:
    """(batch, length, features) of a sequence in either order of axes."""
    if not isinstance(flow, TensorType) or flow.shape is None or flow.rank != 3:
        raise Rejected(f"`{{layer}}` takes three axes as {name}, not {wording(flow)}", name)
    first, second, features = flow.shape
    batch = chosen(call, "batch_first", first, second)
    return batch, chosen(call, "batch_first", second, first), features


def _attention(call: LayerCall) -> LayerResult:
    batch, length, features = sequence(call, call.inputs[0], "query")
    key, value = (sequence(call, call.inputs[i], n) for i, n in ((1, "key"), (2, "value")))
    if not call.check.equal(key[0], batch) or not all(map(call.check.equal, key[:2], value[:2])):
        raise Rejected(
            f"`{{layer}}` can't match the key {wording(call.inputs[1])} with the query "
            f"{wording(call.input)} and the value {wording(call.inputs[2])}",
            "key",
        )
    found = taken(call, "embed_dim", features, "features")
    shares_heads(call, "num_heads", features)
    found |= _inner_size(call, "kdim", key[2], features)
    found |= _inner_size(call, "vdim", value[2], features)
    _masks(call, batch, length, key[1])
    weights = _attention_weights(call, {**call.args, **found}, features, key[2], value[2])
    seen = key[1]
    for extra in ("add_bias_kv", "add_zero_attn"):
        seen = chosen(call, extra, seen + 1, seen)
    seen = tidy(seen)
    maps = TensorType((batch, length, seen))
    macs = attention_macs(batch, length, key[1], features, key[2] + value[2], seen)
    return LayerResult(TupleType((call.input, maps)), found, weights, macs)


def _inner_size(call: LayerCall, name: str, actual: Any, features: Any) -> dict[str, Static]:
    """``kdim`` and ``vdim`` are left out where they are the query's size."""
    if call[name] is None and not call.check.differ(actual, features):
        call.check.equal(actual, features)
        return {}
    return taken(call, name, actual, "features")


def _masks(call: LayerCall, batch: Any, length: Any, seen: Any) -> None:
    padding, mask = other(call, 3), other(call, 4)
    if padding is not None:
        agree(call, padding, (batch, seen), "key_padding_mask")
    if isinstance(mask, TensorType) and mask.rank == 3:
        heads: Any = call["num_heads"]
        agree(call, mask, (batch * heads, length, seen), "attn_mask")
    elif mask is not None:
        agree(call, mask, (length, seen), "attn_mask")


def _attention_weights(
    call: LayerCall, args: Any, d: Any, key: Any, value: Any
) -> tuple[Weight, ...]:
    separate = any(
        args[name] is not None and not call.check.same(args[name], d) for name in ("kdim", "vdim")
    )
    if separate:
        sizes = (("q", d), ("k", key), ("v", value))
        weights = [Weight(f"{name}_proj_weight", (d, s)) for name, s in sizes]
    else:
        weights = [Weight("in_proj_weight", (tidy(3 * d), d))]
    if likely(call, "bias"):
        weights.append(Weight("in_proj_bias", (tidy(3 * d),)))
    if likely(call, "add_bias_kv"):
        weights += [Weight("bias_k", (1, 1, d)), Weight("bias_v", (1, 1, d))]
    return tuple(weights + linear_weights(call, "out_proj", d, d))


def attention_macs(
    batch: Any, length: Any, given: Any, d: Any, others: Any, seen: Any = None
) -> Any:
    """``others`` are the key's and the value's features together; ``seen`` is their length with
    what the layer adds to those that are given."""
    maps = times(batch, length, d, 2 * d) + times(batch, given, d, others)
    return maps + times(2, batch, length, given if seen is None else seen, d)


def entry(
    name: str, torch: str, arguments: tuple[Argument, ...], rule: Any, inputs: str, doc: str
) -> Layer:
    """A layer that reads sequences."""
    return Layer(
        name,
        f"torch.nn.{torch}",
        arguments,
        rule,
        positional=tuple(a.name for a in arguments if not a.inferred),
        leading=2,
        inputs=tuple(inputs.split()),
        ranks=(3,),
        assume=Shaped(("t", "b", arguments[0].name), turned="batch_first"),
        random=True,
        doc=doc,
    )


ENTRIES = (
    entry(
        "multihead_attention",
        "MultiheadAttention",
        (
            inferred("embed_dim", "size of the query's last axis"),
            size("num_heads", "heads that attend on their own"),
            rate("dropout", "probability of leaving a weight out", 0.0),
            BIAS,
            flag("add_bias_kv", "whether a learned key and value are added"),
            flag("add_zero_attn", "whether a key and value of zeros are added"),
            inferred("kdim", "size of the key's last axis, if it differs"),
            inferred("vdim", "size of the value's last axis, if it differs"),
            FIRST,
        ),
        _attention,
        "query key value key_padding_mask? attn_mask?",
        "Attention with several heads. Gives its output and the averaged weights.",
    ),
)
