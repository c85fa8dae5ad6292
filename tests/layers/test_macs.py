"""Multiplications are counted as torch counts them when the module runs."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from nndsl.layers import apply
from tests.layers.cases import ROWS, Row, call_of, entry_of
from tests.layers.oracle import tensor_of, torch_module

UNSEEN = ("bilinear", "lstm(", "orthogonal")
"""Torch doesn't count the first two, and counts how the weight of the last is made."""
COUNTED = [
    row
    for row in ROWS
    if apply.meet(entry_of(row), call_of(entry_of(row), row)).macs
    and not any(name in str(row) for name in UNSEEN)
]


@pytest.mark.parametrize("row", COUNTED, ids=str)
def test_macs_are_half_of_the_operations(row: Row) -> None:
    layer = entry_of(row)
    module = torch_module(layer, row, "cpu")
    tensors = [tensor_of(s, row.dtypes.get(i, "float"), "cpu") for i, s in enumerate(row.shapes)]
    named = dict(zip((name.rstrip("?") for name in layer.inputs), tensors, strict=False))
    first, *others = list(named)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module(named[first], **{name: named[name] for name in others})
    assert apply.meet(layer, call_of(layer, row)).macs == counter.get_total_flops() / 2
