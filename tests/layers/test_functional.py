"""The function that stands for a layer computes what the module does."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from nndsl.layers import apply
from nndsl.model.graph import Apply, Many, Special, Var
from tests.layers.cases import (
    ROWS,
    Row,
    call_of,
    entry_of,
    flow_of,
)
from tests.layers.oracle import (
    tensor_of,
    torch_module,
)
from tests.layers.test_entries import ENTRIES

FUNCTIONAL = [row for row in ROWS if ENTRIES[row.name].functional is not None]


def _operand(operand: Any, tensor: Any, training: bool) -> Any:
    if isinstance(operand, Var):
        return tensor
    if isinstance(operand, Special):
        assert operand.kind == "training"
        return training
    return list(operand.items) if isinstance(operand, Many) else operand


def _run(step: Apply, tensor: Any, training: bool) -> Any:
    """Execute one operation on one tensor."""
    roots = {"torch": torch, "F": F, "Tensor": torch.Tensor}
    root, name = step.fn.split(".")
    args = [_operand(a, tensor, training) for a in step.args]
    kwargs = {key: _operand(value, tensor, training) for key, value in step.kwargs}
    if step.fn == "op.identity":
        return args[0]
    return getattr(roots[root], name)(*args, **kwargs)


def _tensors(value: Any) -> Any:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("row", FUNCTIONAL, ids=str)
def test_the_function_computes_what_the_module_does(row: Row, training: bool) -> None:
    layer = entry_of(row)
    call = call_of(layer, row)
    step = apply.functional(layer, call, apply.meet(layer, call), Var(0, "x", call.input))
    assert step is not None
    module = torch_module(layer, row, "cpu").train(training)
    tensor = tensor_of(row.shapes[0], "float", "cpu")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "dropout2d|lp_pool")
        torch.manual_seed(0)
        expected = _tensors(module(tensor.clone()))
        torch.manual_seed(0)
        actual = _tensors(_run(step, tensor.clone(), training))
    for theirs, ours in zip(expected, actual, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("name", ENTRIES)
def test_layers_without_weights_that_read_one_tensor_have_a_function(name: str) -> None:
    layer = ENTRIES[name]
    if name == "cross_map_lrn2d" or len(layer.inputs) > 1:
        assert layer.functional is None
        return
    row = next(row for row in ROWS if row.name == name)
    call = call_of(layer, row)
    weights = apply.meet(layer, call).weights
    stateless = name not in ("instancenorm1d", "instancenorm2d", "instancenorm3d")
    assert (layer.functional is None) == bool(weights or not stateless)


def _text(name: str, *shape: int, **args: Any) -> str:
    layer = ENTRIES[name]
    call = call_of(layer, Row(name, args, (shape,)))
    step = apply.functional(layer, call, apply.meet(layer, call), Var(0, "x", flow_of(shape)))
    assert step is not None
    words = ["x" if isinstance(a, Var) else str(_operand(a, None, True)) for a in step.args]
    words += [f"{k}={_operand(v, None, 'self.training')}" for k, v in step.kwargs]
    return f"{step.fn}({', '.join(words)})"


def test_functions_are_written_as_by_hand() -> None:
    assert _text("relu", 2, 3) == "torch.relu(x)"
    assert _text("relu", 2, 3, inplace=True) == "F.relu(x, inplace=True)"
    assert _text("gelu", 2, 3) == "F.gelu(x)"
    assert _text("gelu", 2, 3, approximate="tanh") == "F.gelu(x, approximate=tanh)"
    assert _text("leaky_relu", 2, 3, negative_slope=0.2) == "F.leaky_relu(x, 0.2)"
    assert _text("dropout", 2, 3) == "F.dropout(x, training=self.training)"
    assert _text("dropout", 2, 3, p=0.1) == "F.dropout(x, 0.1, training=self.training)"
    assert _text("flatten", 2, 3, 4) == "torch.flatten(x, 1)"
    assert _text("softmax", 2, 3, dim=-1) == "torch.softmax(x, dim=-1)"
    assert _text("adaptive_avgpool2d", 2, 3, 4, 4, output_size=1) == "F.adaptive_avg_pool2d(x, 1)"
    pool = _text("maxpool2d", 2, 3, 8, 8, kernel_size=3, stride=2, padding=1)
    assert pool == "F.max_pool2d(x, 3, 2, padding=1)"
    pad = _text("reflection_pad2d", 2, 3, 8, 8, padding=1)
    assert pad == "F.pad(x, [1, 1, 1, 1], mode=reflect)"
    assert _text("zero_pad2d", 2, 3, 8, 8, padding=(1, 0, 1, 0)) == "F.pad(x, [1, 0, 1, 0])"
    up = _text("upsample", 2, 3, 8, 8, scale_factor=2, mode="bilinear", align_corners=False)
    assert up == "F.interpolate(x, scale_factor=2, mode=bilinear, align_corners=False)"


OWN = {"training", "mode", "align_corners", "dim", "end_dim", "value", "size"}
"""Arguments of functions that modules are made without, or take at another place."""


@pytest.mark.parametrize("row", FUNCTIONAL, ids=str)
def test_arguments_that_a_module_takes_by_name_a_function_takes_by_name_too(row: Row) -> None:
    layer = entry_of(row)
    call = call_of(layer, row)
    result = apply.meet(layer, call)
    named = {name for name, _ in apply.construct(layer, call, result).kwargs}
    step = apply.functional(layer, call, result, Var(0, "x", call.inputs[0]))
    assert step is not None
    assert named <= {name for name, _ in step.kwargs} <= named | OWN
