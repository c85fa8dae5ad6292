"""Every row once as a text: checked, built, printed and run; refusals have a place."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
from hypothesis import given, settings

import nndsl
from nndsl.layers import apply
from nndsl.model.spec import Rejected
from tests.layers.cases import ROWS, Inside, Row, call_of, entry_of
from tests.layers.oracle import sizes_of, tensor_of, torch_module
from tests.layers.strategies import changed
from tests.layers.test_agreement import SETTINGS

FLOWS = "xyzuvw"


def text_of(row: Row) -> str:
    """A model with the row's layer and nothing else: ``net[0]`` is that layer."""
    inputs, operands = [], []
    for place, shape in enumerate(row.shapes):
        name, dtype = FLOWS[place], row.dtypes.get(place, "float")
        parts = shape if shape and isinstance(shape[0], tuple) else (shape,)
        names = [f"{name}{i}" for i in range(len(parts))] if parts != (shape,) else [name]
        if shape is not None:
            inputs += [_input(n, dtype, p) for n, p in zip(names, parts, strict=True)]
        operand = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        operands.append("None" if shape is None else operand)
    body = f"{_written(Inside(row.name, row.args))}({', '.join(operands)})"
    return f"model net()({', '.join(inputs)}):\n    {body}\n"


def _input(name: str, dtype: str, shape: tuple[int, ...]) -> str:
    kind = "" if dtype == "float" else f"{dtype} "
    return f'{name}: {kind}"{" ".join(map(str, shape))}"'


def _written(value: Any) -> str:
    if isinstance(value, Inside):
        return f"{value.name}({', '.join(f'{k}={_written(v)}' for k, v in value.args.items())})"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _inputs(row: Row) -> list[torch.Tensor]:
    found: list[torch.Tensor] = []
    for place, shape in enumerate(row.shapes):
        made = tensor_of(shape, row.dtypes.get(place, "float"), "cpu")
        found += made if isinstance(made, tuple) else [] if made is None else [made]
    return found


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.filterwarnings("ignore")
def test_a_row_is_a_model(row: Row) -> None:
    text = text_of(row)
    net = nndsl.build(text, seed=0)
    torch.manual_seed(0)
    theirs = torch_module(entry_of(row), row, "cpu")
    torch.manual_seed(0)
    names: dict[str, Any] = {}
    exec(nndsl.codegen(text), names)
    printed = names["Net"]()
    wanted = {f"0.{name}": tensor for name, tensor in theirs.state_dict().items()}
    for made in (net, printed):
        state = made.state_dict()
        assert list(state) == list(wanted)
        assert all(torch.equal(state[name], tensor) for name, tensor in wanted.items())
    inputs = _inputs(row)
    expected = apply.meet(entry_of(row), call_of(entry_of(row), row)).output
    with torch.no_grad():
        for made in (net, printed):
            assert _shapes(made.eval()(*inputs)) == _said(expected)


def _shapes(value: Any) -> Any:
    return sizes_of(value)


def _said(flow: Any) -> Any:
    items = getattr(flow, "items", None)
    return flow.shape if items is None else tuple(map(_said, items))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_refusal_has_a_place(row: Row) -> None:
    @settings(SETTINGS, max_examples=3)
    @given(changed(row))
    def check(other: Row) -> None:
        text = text_of(other)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [d for d in nndsl.parse(text).check().diagnostics if d.severity == "error"]
        assert bool(found) == _refused(other), (text, found)
        for one in found:
            assert one.span is not None and one.span.text and one.message

    check()


def _refused(row: Row) -> bool:
    try:
        apply.meet(entry_of(row), call_of(entry_of(row), row))
    except Rejected:
        return True
    return False
