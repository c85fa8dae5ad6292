"""Rules on expressions give what they give on numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from nndsl.layers import apply, registry
from nndsl.model.expr import Expr, Name, Undecided, evaluate, names_in
from nndsl.model.graph import TensorType, TupleType
from nndsl.model.spec import Choice, Layer, LayerCall
from nndsl.model.text import expression, shape
from nndsl.record import replace
from tests.layers.cases import (
    ROWS,
    Inside,
    Row,
    call_of,
    entry_of,
    shapes_in,
)
from tests.layers.test_entries import ENTRIES

STRUCTURAL = {
    "return_indices", "start_dim", "end_dim", "dim", "keepdim", "unflattened_size", "name",
}  # fmt: skip
"""Arguments that the structure of the output depends on, so that a rule may ask for them."""

UNCOUNTED = {
    "num_layers", "num_encoder_layers", "num_decoder_layers", "bidirectional", "proj_size",
    "normalized_shape",
}  # fmt: skip
"""Arguments that the number of weights depends on, or of their axes: they aren't counted."""


def _symbolic(flow: Any, env: dict[Name, Any], place: str) -> Any:
    """The type with a name for every size."""
    if isinstance(flow, TupleType):
        items = [_symbolic(f, env, f"{place}_{i}") for i, f in enumerate(flow.items)]
        return replace(flow, items=tuple(items))
    if not isinstance(flow, TensorType):
        return flow
    names = tuple(Name(f"{place}_{i}") for i in range(len(flow.shape or ())))
    env |= dict(zip(names, flow.shape or (), strict=True))
    return replace(flow, shape=names)


def _values(value: Any, env: dict[Name, Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(_values(v, env) for v in value)
    return evaluate(value, env) if isinstance(value, Expr) else value


def _flat(values: Any) -> list[Any]:
    return [i for v in values for i in (v if isinstance(v, tuple) else ()) or ()]


def _meets(
    layer: Layer, call: LayerCall, env: dict[Name, Any], expected: Any, counted: bool = True
) -> None:
    result = apply.meet(layer, call)
    if not all(evaluate(assumption, env) for assumption in call.check.assumptions):
        return  # broadcast or of different sizes, which can't be seen from names
    assert _values(shapes_in(result.output), env) == shapes_in(expected.output)
    if counted:
        theirs = [_values(w.shape, env) for w in result.weights]
        assert theirs == [w.shape for w in expected.weights]
        assert _values(result.macs, env) == expected.macs


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_sizes_that_are_names(row: Row) -> None:
    layer = entry_of(row)
    call = call_of(layer, row)
    expected = apply.meet(layer, call)
    env: dict[Name, Any] = {}
    inputs = tuple(_symbolic(f, env, f"x{i}") for i, f in enumerate(call.inputs))
    _meets(layer, replace(call, inputs=inputs, check=type(call.check)()), env, expected)


WITH_ARGS = [row for row in ROWS if row.args and None not in _flat(row.args.values())]
KINDS = {bool: "bool", int: "int", float: "float", str: "str", tuple: "list[int]"}
Path = tuple[str, ...]


def _leaves(args: Mapping[str, Any], before: Path = ()) -> dict[Path, Any]:
    """Every argument by its path, those of layers among the arguments too."""
    found: dict[Path, Any] = {}
    for key, value in args.items():
        inside = isinstance(value, Inside)
        found |= _leaves(value.args, (*before, key)) if inside else {(*before, key): value}
    return found


def _with_names(
    args: Mapping[str, Any], names: Mapping[Path, Name], before: Path = ()
) -> dict[str, Any]:
    """The arguments with names in some places."""

    def one(key: str, value: Any) -> Any:
        path = (*before, key)
        if isinstance(value, Inside):
            return Inside(value.name, _with_names(value.args, names, path))
        return names.get(path, value)

    return {key: one(key, value) for key, value in args.items()}


@pytest.mark.parametrize("row", WITH_ARGS, ids=str)
def test_arguments_that_are_names(row: Row) -> None:
    """Each argument alone, then all of them, stands for a parameter of the definition."""
    layer = entry_of(row)
    expected = apply.meet(layer, call_of(layer, row))
    leaves = {path: v for path, v in _leaves(row.args).items() if v is not None}
    names = {p: Name("__".join(p), "param", KINDS[type(v)]) for p, v in leaves.items()}
    env = {names[path]: leaves[path] for path in names}
    for chosen in [*({path} for path in names), set(names)]:
        args = _with_names(row.args, {p: n for p, n in names.items() if p in chosen})
        # weights that an unknown flag decides on are counted, a number of layers isn't
        counted = not any(leaves[p] is False or p[-1] in UNCOUNTED for p in chosen)
        try:
            other = Row(row.name, args, row.shapes, row.dtypes)
            _meets(layer, call_of(layer, other), env, expected, counted)
        except Undecided as no:
            assert no.name.id.split("__")[-1] in STRUCTURAL, f"{row.name} asks for {no.name.id}"


def _shape(name: str, *sizes: Any, **args: Any) -> str:
    entry = registry.find(name)
    layer = registry.choose(entry, len(sizes)) if isinstance(entry, Choice) else entry
    assert layer is not None
    given, names = apply.complete(layer, [], args)
    result = apply.meet(layer, LayerCall(given, names, (TensorType(sizes),)))
    assert isinstance(result.output, TensorType)
    return shape(result.output.shape)


def test_sizes_are_short() -> None:
    b, h, w = Name("b"), Name("h"), Name("w")
    stride, width = Name("stride", "param"), Name("width", "param")
    conv = {"out_channels": width, "kernel_size": 3, "padding": 1}
    expected = "(b, width, (h - 1) // stride + 1, (w - 1) // stride + 1)"
    assert _shape("conv", b, 3, h, w, stride=stride, **conv) == expected
    assert _shape("conv", b, 3, h, w, **conv) == "(b, width, h, w)"
    assert _shape("maxpool", b, 3, h, w, kernel_size=2) == "(b, 3, h // 2, w // 2)"
    assert _shape("flatten", b, 3, h, w) == "(b, 3 * h * w)"
    doubled = _shape("conv_transpose", b, 3, h, out_channels=4, kernel_size=2, stride=2)
    assert doubled == "(b, 4, 2 * h)"
    assert _shape("pixel_shuffle", b, 12, h, w, upscale_factor=2) == "(b, 3, 2 * h, 2 * w)"


def test_what_cannot_be_decided_is_assumed() -> None:
    c, groups = Name("c"), Name("groups", "param")
    layer = ENTRIES["conv1d"]
    args, given = apply.complete(layer, [8, 1], {"groups": groups})
    call = LayerCall(args, given, (TensorType((2, c, 9)),))
    result = apply.meet(layer, call)
    asked = [{n.id for n in names_in(a)} for a in call.check.assumptions]
    assert asked == [{"c", "groups"}, {"groups"}]
    for count, holds in ((2, True), (3, False)):
        env = {c: 12, groups: count}
        assert all(evaluate(a, env) for a in call.check.assumptions) == holds
    assert apply.construct(layer, call, result).args == (c, 8, 1)


def test_same_padding() -> None:
    kernel = Name("kernel", "param")
    layer = ENTRIES["conv2d"]
    for size, stride, expected in ((3, 2, 1), (5, 1, 2), (kernel, 1, None)):
        args, given = apply.complete(layer, [8, size, stride], {"padding": "same"})
        call = LayerCall(args, given, (TensorType((2, 3, 9, 9)),))
        made = dict(apply.construct(layer, call, apply.meet(layer, call)).kwargs)["padding"]
        assert made == expected if expected else expression(made) == "(kernel - 1) // 2"


@pytest.mark.parametrize("name", ENTRIES)
def test_an_unknown_shape_stays_unknown_and_keeps_its_structure(name: str) -> None:
    layer = ENTRIES[name]
    row = next(row for row in ROWS if row.name == name)
    call = call_of(layer, row)
    known = apply.meet(layer, call).output
    blank = replace(call, inputs=(TensorType(None, call.input.dtype), *call.inputs[1:]))
    unknown = apply.meet(layer, blank).output
    if isinstance(known, TupleType) and len(layer.inputs) < 3:
        assert isinstance(unknown, TupleType) and len(unknown.items) == len(known.items)
    elif isinstance(unknown, TensorType):
        assert unknown.shape is None


def test_any_axes_in_front() -> None:
    d = Name("d")
    for name, args in (("linear", {"out_features": 4}), ("layernorm", {}), ("relu", {})):
        layer = ENTRIES[name]
        given, names = apply.complete(layer, [], args)
        call = LayerCall(given, names, (TensorType((d,), lead=True),))
        output = apply.meet(layer, call).output
        assert isinstance(output, TensorType) and output.lead
