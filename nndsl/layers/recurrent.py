"""Recurrent networks and their single steps."""

from __future__ import annotations

from functools import partial
from typing import Any

from nndsl.layers.arguments import BIAS, flag, inferred, rate, size, whole, word
from nndsl.layers.rules import (
    Shaped,
    agree,
    chosen,
    like,
    likely,
    other,
    shape_of,
    taken,
    tidy,
    times,
    truth,
)
from nndsl.model.expr import Cond, Expr, Op, Undecided
from nndsl.model.graph import FlowType, TensorType, TupleType, Weight
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Rejected

_IN = inferred("input_size", "size of the last axis coming in")
_HIDDEN = size("hidden_size", "size of the state")
_LAYERS = whole("num_layers", "networks on top of each other", 1, low=1, high=10_000)
_NONLINEARITY = word("nonlinearity", "what is applied to the state", "tanh", "tanh", "relu")
_REST = (
    BIAS,
    flag("batch_first", "whether the batch is the first axis, not the second"),
    rate("dropout", "probability of leaving a value out between the layers", 0.0),
    flag("bidirectional", "whether a second network reads backwards"),
)
_PROJ = whole("proj_size", "size that the state is projected to; 0: it isn't", 0, low=0)

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def _network(kind: str, call: LayerCall) -> LayerResult:
    shape = shape_of(call)
    inferred = taken(call, "input_size", shape[-1], "features")
    hidden: Any = call["hidden_size"]
    layers: Any = call["num_layers"]
    out = _projected(call)
    batch = chosen(call, "batch_first", shape[0], shape[1])
    states = chosen(call, "bidirectional", 2 * layers, layers)
    final = _state(call, kind, (states, batch), (out, hidden))
    output = like(call, (*shape[:2], chosen(call, "bidirectional", 2 * out, out)))
    weights = _network_weights(kind, call, shape[-1], out)
    macs = times(*shape[:2], _matrices(weights))
    return LayerResult(TupleType((output, final)), inferred, weights, macs)


def _projected(call: LayerCall) -> Any:
    """The size of what a network hands on."""
    projected: Any = call.args.get("proj_size", 0)
    hidden: Any = call["hidden_size"]
    if call.check.same(projected, 0):
        return hidden
    if call.check.less(projected, hidden) is False:
        raise Rejected("`{layer}` needs a proj_size below its hidden_size", "proj_size")
    if isinstance(projected, Expr) and call.check.less(0, projected) is not True:
        return Cond(Op(">", (projected, 0)), projected, hidden)
    return projected


def _matrices(weights: tuple[Weight, ...]) -> Any:
    """The multiply-adds of one step: the elements of all matrices."""
    total: Any = 0
    for weight in weights:
        if len(weight.shape) == 2:
            total = total + times(*weight.shape)
    return total


def _state(
    call: LayerCall, kind: str, lead: tuple[Any, ...], sizes: tuple[Any, Any]
) -> TensorType | TupleType:
    """The type of the state, after a look at the one that may be handed in."""
    parts = [(*lead, s) for s in sizes][: 2 if kind == "LSTM" else 1]
    given: FlowType | None = other(call, 1)
    if given is not None:
        tensors = given.items if isinstance(given, TupleType) else (given,)
        if len(tensors) != len(parts):
            words = "one tensor" if len(parts) == 1 else f"{len(parts)} tensors"
            raise Rejected(
                f"`{{layer}}` takes {words} as its state, but receives {len(tensors)}",
                "hx",
            )
        for tensor, part in zip(tensors, parts, strict=True):
            agree(call, tensor, part, "state")
    types = tuple(TensorType(tuple(map(tidy, part))) for part in parts)
    return TupleType(types) if kind == "LSTM" else types[0]


def _network_weights(kind: str, call: LayerCall, features: Any, out: Any) -> tuple[Weight, ...]:
    """The weights, or none where even their number isn't known."""
    try:
        layers: Any = call.check.number(call["num_layers"])
        ways = 2 if truth(call, "bidirectional") else 1
    except Undecided:
        return ()
    weights: list[Weight] = []
    for layer in range(layers):
        for way in ("", "_reverse")[:ways]:
            before = features if layer == 0 else tidy(ways * out)
            weights += _step_weights(kind, call, before, out, f"_l{layer}{way}")
    return tuple(weights)


def _step_weights(
    kind: str, call: LayerCall, features: Any, out: Any, suffix: str = ""
) -> list[Weight]:
    hidden: Any = call["hidden_size"]
    gates = tidy(GATES[kind] * hidden)
    weights = [
        Weight(f"weight_ih{suffix}", (gates, features)),
        Weight(f"weight_hh{suffix}", (gates, out)),
    ]
    if likely(call, "bias"):
        weights += [Weight(f"bias_{of}{suffix}", (gates,)) for of in ("ih", "hh")]
    if out is not hidden:
        weights.append(Weight(f"weight_hr{suffix}", (out, hidden)))
    return weights


def _cell(kind: str, call: LayerCall) -> LayerResult:
    shape = shape_of(call)
    hidden: Any = call["hidden_size"]
    inferred = taken(call, "input_size", shape[-1], "features")
    weights = tuple(_step_weights(kind, call, shape[-1], hidden))
    macs = times(shape[0], _matrices(weights))
    state = _state(call, kind, shape[:1], (hidden, hidden))
    return LayerResult(state, inferred, weights, macs)


def _entry(kind: str, arguments: tuple[Argument, ...], doc: str) -> Layer:
    return Layer(
        kind.lower(),
        f"torch.nn.{kind}",
        (_IN, _HIDDEN, *arguments),
        partial(_network, kind),
        positional=("hidden_size", *(a.name for a in arguments)),
        arrow=("input_size", "hidden_size"),
        leading=2,
        inputs=("input", "hx?"),
        ranks=(3,),
        assume=Shaped(("t", "b", "input_size"), turned="batch_first"),
        random=True,
        doc=doc,
    )


def _cell_entry(kind: str, arguments: tuple[Argument, ...], doc: str) -> Layer:
    return Layer(
        f"{kind.lower()}_cell",
        f"torch.nn.{kind}Cell",
        (_IN, _HIDDEN, *arguments),
        partial(_cell, kind),
        positional=("hidden_size", *(a.name for a in arguments)),
        arrow=("input_size", "hidden_size"),
        leading=2,
        inputs=("input", "hx?"),
        ranks=(2,),
        assume=Shaped(("b", "input_size")),
        doc=doc,
    )


_GIVES = "Gives its output at every step and its last state"

ENTRIES = (
    _entry("RNN", (_LAYERS, _NONLINEARITY, *_REST), f"A recurrent network. {_GIVES}."),
    _entry("LSTM", (_LAYERS, *_REST, _PROJ), f"Long short-term memory. {_GIVES} (h, c)."),
    _entry("GRU", (_LAYERS, *_REST), f"Gated recurrent units. {_GIVES}."),
    _cell_entry("RNN", (BIAS, _NONLINEARITY), "One step of a recurrent network."),
    _cell_entry("LSTM", (BIAS,), "One step of a long short-term memory: gives (h, c)."),
    _cell_entry("GRU", (BIAS,), "One step of gated recurrent units."),
)
