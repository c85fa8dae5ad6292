"""The same numbers as another dtype or without their gradient, and the size of an axis."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.entry import DIM, INPUT, Rule, entry, tensor
from nndsl.functions.indexing import size_of
from nndsl.model import dims
from nndsl.model.graph import FlowType, TensorType
from nndsl.model.spec import FunctionCall, FunctionResult


def _as(dtype: str) -> Rule:
    def rule(call: FunctionCall) -> TensorType:
        type = tensor(call)
        return TensorType(type.shape, dtype or type.dtype, type.lead)

    return rule


def _size(call: FunctionCall) -> FunctionResult:
    """A number, not a tensor: it doesn't flow."""
    size = size_of(tensor(call), call["dim"], call.check)
    return FunctionResult(cast(FlowType, size))


def _numel(call: FunctionCall) -> FunctionResult:
    """A number too."""
    shape = shapes.whole_shape(tensor(call), "`numel`")
    return FunctionResult(cast(FlowType, dims.product(shape)))


FUNCTIONS = (
    entry("size", "Tensor.size", (INPUT, DIM), _size, number=True),
    entry("numel", "torch.numel", (INPUT,), _numel, number=True),
    entry("int", "Tensor.long", (INPUT,), _as("int")),
    entry("float", "Tensor.float", (INPUT,), _as("float")),
    entry("bool", "Tensor.bool", (INPUT,), _as("bool")),
    entry("detach", "Tensor.detach", (INPUT,), _as("")),
)
