"""Puts a layer's entry to use: meets the input and writes the construction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nndsl.layers.matching import Given, complete, minimum, named
from nndsl.layers.rules import (
    AXES,
    Shaped,
    wording,
)
from nndsl.layers.writing import (
    written,
)
from nndsl.model.expr import Name, Static
from nndsl.model.graph import (
    Apply,
    Construct,
    FlowType,
    ListType,
    NoneType,
    Operand,
    TensorType,
    TupleType,
    Var,
)
from nndsl.model.spec import Layer, LayerCall, LayerResult, Part, Rejected
from nndsl.model.text import expression
from nndsl.record import replace

TORCH_ORDER: Mapping[str, tuple[float, float]] = {
    "kernel_size": (12, float("inf")),
    "num_layers": (12, float("inf")),
    "dim_feedforward": (0, 32),
}
"""Ranges in which the second positional argument is hardly meant, if the first one equals a size
that follows from the input: ``conv(3, 64, 3)`` on 3 channels is torch's order."""


# ------------------------------------------------------------------ input


def meet(layer: Layer, call: LayerCall, name: str = "") -> LayerResult:
    """What a layer makes of its inputs. ``name`` is the author's spelling, for messages."""
    try:
        if not layer.wraps:  # else the layer inside looks at them, and is named
            _check_inputs(layer, call)
        if any(isinstance(flow, TensorType) and flow.shape is None for flow in call.inputs):
            return LayerResult(_unknown(layer, call))
        _check_order(layer, call)
        return layer.rule(call)
    except Rejected as no:
        raise named(no, name or layer.name, _short(layer, call, name)) from None


def _check_inputs(layer: Layer, call: LayerCall) -> None:
    required = [i for i in layer.inputs if not i.endswith("?")]
    if not len(required) <= len(call.inputs) <= len(layer.inputs):
        raise Rejected(
            f"`{{layer}}` takes {_count(layer)}, but receives {len(call.inputs)}",
            "input",
            f"call it as `{{layer}}(...)({', '.join(required)})`" if len(required) > 1 else "",
        )
    for name, flow in zip(layer.inputs, call.inputs, strict=False):
        if name in required and not isinstance(flow, TensorType):
            raise _no_tensor(name, flow)
    for name, flow in zip(layer.inputs, call.inputs, strict=False):
        _check_dtype(layer, name.rstrip("?"), flow)
    _check_rank(layer, call)


def _count(layer: Layer) -> str:
    names = [i.rstrip("?") for i in layer.inputs]
    return "one tensor" if len(names) == 1 else f"the tensors {', '.join(names)}"


def _no_tensor(name: str, flow: FlowType) -> Rejected:
    if isinstance(flow, TupleType | ListType):
        amount = f"{len(flow.items)} of them" if isinstance(flow, TupleType) else "a list"
        advice = "take one of them first: `| _[0] |`"
        message = f"`{{layer}}` takes one tensor, but receives {amount}"
        return Rejected(message, "input", advice, "E307")
    none = isinstance(flow, NoneType)
    return Rejected(f"`{{layer}}` needs {name}, but receives {'None' if none else 'no tensor'}")


def _check_dtype(layer: Layer, name: str, flow: FlowType) -> None:
    """Refuse numbers of another kind than the layer reads; the states of an LSTM are two."""
    if isinstance(flow, TupleType):
        for item in flow.items:
            _check_dtype(layer, name, item)
    if not isinstance(flow, TensorType):
        return
    wanted = layer.dtypes.get(name, layer.dtype)
    masked = "mask" in name and flow.dtype == "bool"
    if masked or wanted in ("any", flow.dtype):
        return
    advice = "write `float(_)` before it" if name == layer.inputs[0] else "write `float(...)`"
    if wanted == "int":
        advice = 'indices are declared as `(ids: int "b t")`'
    where = "" if name == layer.inputs[0] else f" as {name}"
    kinds = "bool or float" if "mask" in name else wanted
    raise Rejected(
        f"`{{layer}}` takes {kinds} values{where}, but receives {flow.dtype} values",
        "input",
        advice,
        "E303",
    )


def _check_rank(layer: Layer, call: LayerCall) -> None:
    tensor = call.input
    if tensor.shape is None or tensor.rank in layer.ranks:
        return
    if not layer.ranks:
        if not tensor.shape and any(argument.inferred for argument in layer.arguments):
            raise Rejected(
                f"`{{layer}}` needs an axis, but receives {wording(tensor)}", "input", "", "E302"
            )
        return
    named = isinstance(layer.assume, Shaped) or layer.declared_by
    assume = layer.assume
    pattern = assume.pattern(call) if isinstance(assume, Shaped) else str(assume) if named else ""
    patterns = [f"({', '.join(AXES[rank])})" for rank in layer.ranks]
    raise Rejected(
        f"`{{layer}}` takes {pattern if len(patterns) == 1 and pattern else ' or '.join(patterns)}"
        f", but receives {wording(tensor)}",
        "input",
        code="E302",
    )


def _unknown(layer: Layer, call: LayerCall) -> FlowType:
    """The output's structure where the shape is unknown, so that it can be taken apart."""
    stand_in = _stand_in(layer, call)
    if stand_in is None:
        return TensorType(None)
    try:
        inputs = (stand_in, *call.inputs[1:])
        return _blank(layer.rule(replace(call, inputs=inputs, check=type(call.check)())).output)
    except Rejected:
        return TensorType(None)


def _stand_in(layer: Layer, call: LayerCall) -> TensorType | None:
    shape = layer.assume(call) if layer.assume else None
    if shape is None and layer.ranks:
        sizes: Any = tuple(Name(axis) for axis in AXES[layer.ranks[0]])
        shape = TensorType(sizes, call.input.dtype)
    return shape


def _blank(flow: FlowType) -> FlowType:
    if isinstance(flow, TupleType):
        return replace(flow, items=tuple(map(_blank, flow.items)))
    return replace(flow, shape=None) if isinstance(flow, TensorType) else flow


# ------------------------------------------------------------------ torch's order


def _check_order(layer: Layer, call: LayerCall) -> None:
    """Refuse arguments in torch's order where they happen to fit: ``conv(3, 64, 3)``."""
    inferred = [a for a in layer.arguments if a.inferred]
    names = call.given.positional if isinstance(call.given, Given) else ()
    if not inferred or len(names) < max(2, len(inferred) + len(minimum(layer))):
        return
    shape = call.input.shape or ()
    first, second = call[names[0]], call[names[1]]
    axis = 1 if inferred[0].name in ("in_channels", "num_features") else -1
    low, high = TORCH_ORDER.get(names[1], (1, 0))
    unlikely = isinstance(second, int) and low <= second <= high
    if unlikely and call.check.same(first, shape[axis]):
        raise Rejected(
            f"`{{layer}}` is given {expression(first)} as {names[0]} and "
            f"{expression(second)} as {names[1]}: that looks like the order of torch",
            names[0],
            f"write `{{layer}}({_moved(call, names)})`: {inferred[0].name} follows from the input, "
            f"or name the arguments if it is meant",
        )


def _moved(call: LayerCall, names: Sequence[str]) -> str:
    return ", ".join(expression(call[name]) for name in names[1:])


# ------------------------------------------------------------------ what is made


def construct(layer: Layer, call: LayerCall, result: LayerResult) -> Construct:
    """The module's construction, as a person would write it."""
    args, kwargs = written(_pairs(layer), _final(call, result), layer.leading)
    return Construct(layer.torch, args, kwargs, result.weights, result.macs)


def functional(layer: Layer, call: LayerCall, result: LayerResult, var: Var) -> Apply | None:
    """The same computation as a function; None for a layer that only exists as a module."""
    if layer.functional is None:
        return None
    return layer.functional(replace(call, args=_final(call, result)), var)


def invocation(
    layer: Layer, operands: Sequence[Operand]
) -> tuple[tuple[Operand, ...], tuple[tuple[str, Operand], ...]]:
    """How the module is called: (positional, by name). Masks have names, as everybody gives them
    (and ``multihead_attention`` needs it); so has what stands behind one that is left out."""
    positional: list[Operand] = []
    named: list[tuple[str, Operand]] = []
    for place, (name, operand) in enumerate(zip(layer.inputs, operands, strict=False)):
        if operand is None or (isinstance(operand, Var) and isinstance(operand.type, NoneType)):
            continue
        if len(positional) == place and "mask" not in name:
            positional.append(operand)
        else:
            named.append((name.rstrip("?"), operand))
    return tuple(positional), tuple(named)


def _final(call: LayerCall, result: LayerResult) -> dict[str, Static]:
    return {**call.args, **result.inferred}


def _pairs(layer: Layer) -> list[tuple[str, Any]]:
    return [(a.name, a.default) for a in layer.arguments]


# ------------------------------------------------------------------ wording


def _short(layer: Layer, call: LayerCall, name: str) -> str:
    """The call without its input size: ``linear 10``, ``conv(64, 3)``."""
    name = name or layer.name
    names = [n for n in layer.positional if n in call.given]
    names = names[: _leading_run(layer, names)]
    values = [_said(call[n]) for n in names]
    if len(values) == 1 and values[0].isalnum():
        return f"`{name} {values[0]}`"
    return f"`{name}({', '.join(values)})`" if values else f"`{name}`"


def _said(value: Static) -> str:
    return f"{value.name}(...)" if isinstance(value, Part) else expression(value)


def _leading_run(layer: Layer, names: Sequence[str]) -> int:
    pairs = zip(names, layer.positional, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), len(names))


__all__ = ["Given", "complete", "construct", "functional", "invocation", "meet"]
