"""Which numbers a layer reads: torch's own refusals, and the kind of what comes out."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch

from nndsl.layers import apply
from nndsl.model.graph import TupleType
from nndsl.model.spec import Rejected
from tests.layers.cases import ROWS, Row, call_of, entry_of
from tests.layers.oracle import tensor_of, torch_module
from tests.layers.test_agreement import REFUSALS

CONVERTS = "a conversion that was forgotten: an activation of indices, their average"
MOVES = "values are only moved, but of several modes torch has some for floats only"
REFUSED = {
    ("relu", "int"): CONVERTS, ("relu6", "int"): CONVERTS, ("hardtanh", "int"): CONVERTS,
    ("tanhshrink", "int"): CONVERTS, ("softsign", "int"): CONVERTS,
    ("sigmoid", "int"): CONVERTS, ("sigmoid", "bool"): CONVERTS,
    ("tanh", "int"): CONVERTS, ("tanh", "bool"): CONVERTS,
    ("local_response_norm", "int"): CONVERTS,
    **{(f"avgpool{n}d", "int"): CONVERTS for n in (1, 2, 3)},
    **{(f"lppool{n}d", kind): CONVERTS for n in (1, 2, 3) for kind in ("int", "bool")},
    ("cosine_similarity", "int"): CONVERTS, ("cosine_similarity", "bool"): CONVERTS,
    ("pairwise_distance", "int"): CONVERTS,
    ("embedding_bag", "bool"): "an index is a number",
    ("maxpool2d", "int"): MOVES, ("maxpool3d", "int"): MOVES,
    **{
        (f"{kind}_pad{n}d", "int"): MOVES
        for kind in ("reflection", "replication", "circular") for n in (1, 2, 3)
    },
    **{(f"circular_pad{n}d", "bool"): MOVES for n in (1, 2, 3)},
    ("unfold", "bool"): MOVES, ("fold", "bool"): MOVES,
}  # fmt: skip
"""What torch runs and the language refuses all the same, with the reason. Write `float(_)`."""


def _variants(row: Row) -> list[Row]:
    """The row with one tensor of another kind of number."""
    plain = [i for i, s in enumerate(row.shapes) if s and not isinstance(s[0], tuple)]
    return [
        Row(row.name, row.args, row.shapes, {**row.dtypes, place: dtype})
        for place in plain
        for dtype in ("int", "bool", "float")
        if row.dtypes.get(place, "float") != dtype
    ]


def _run(row: Row) -> Any:
    """What torch gives, or how it refuses."""
    layer = entry_of(row)
    tensors = [tensor_of(s, row.dtypes.get(i, "float"), "cpu") for i, s in enumerate(row.shapes)]
    named = dict(zip([n.rstrip("?") for n in layer.inputs], tensors, strict=False))
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        try:
            module = torch_module(layer, row, "cpu").train("batchnorm" not in str(row))
            return module(tensors[0], **{n: named[n] for n in list(named)[1:]})
        except REFUSALS as no:
            return no


def _kinds(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_kinds, value))
    if value.dtype == torch.bool:
        return "bool"
    return "float" if value.dtype.is_floating_point else "int"


def _said(flow: Any) -> Any:
    return tuple(map(_said, flow.items)) if isinstance(flow, TupleType) else flow.dtype


def _refusal(row: Row) -> Rejected | None:
    try:
        apply.meet(entry_of(row), call_of(entry_of(row), row))
    except Rejected as no:
        return no
    return None


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_kind_of_every_tensor_is_torchs(row: Row) -> None:
    assert _said(apply.meet(entry_of(row), call_of(entry_of(row), row)).output) == _kinds(_run(row))
    for other in _variants(row):
        refusal, theirs = _refusal(other), _run(other)
        changed = next(d for i, d in other.dtypes.items() if row.dtypes.get(i, "float") != d)
        if refusal is None:
            assert not isinstance(theirs, Exception), other
            assert _said(apply.meet(entry_of(other), call_of(entry_of(other), other)).output) == (
                _kinds(theirs)
            )
        elif not isinstance(theirs, Exception):
            assert (row.name, changed) in REFUSED, other
        if refusal is not None:
            assert refusal.code == "E303", refusal.message


@pytest.mark.parametrize(("name", "dtype"), REFUSED)
def test_what_is_refused_for_a_reason_is_what_torch_runs(name: str, dtype: str) -> None:
    rows = [Row(r.name, r.args, r.shapes, {**r.dtypes, 0: dtype}) for r in ROWS if r.name == name]
    assert all(_refusal(row) is not None for row in rows)
    assert any(not isinstance(_run(row), Exception) for row in rows)
