"""What torch refuses is refused, and what it accepts has the same shapes: calls made at random."""

from __future__ import annotations

import os
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from nndsl.layers import apply
from nndsl.model.spec import Layer, Rejected
from tests.layers.cases import ROWS, Row, call_of, entry_of, shapes_in, weights_of
from tests.layers.oracle import torch_run, torch_weights
from tests.layers.strategies import calls, changed
from tests.layers.test_entries import ENTRIES

STRICTER = {
    "needs an axis": "torch guesses the axis of a softmax and warns",
    "is at least 0, not -": "torch takes what makes no sense, such as a negative eps",
    "is at least 1, not ": "a layer of no outputs, a stack of no layers",
    "while training": "torch fails only when the running average is computed",
    "is computed already": "a second parametrization of a weight: torch takes it in silence",
    "of them for ": "torch repeats a list of one, and reads the beginning of a longer one",
    "takes a number for ": "the same where there is one axis",
    "it learns": "torch lets buffers be parametrized, and then overwrites what is computed",
}
"""Our own rules: what is said, and why torch is not followed."""

STRICTER_THAN = {
    "dropout2d": "takes (b, c, h, w)",  # torch warns, and drops along another axis
    "dropout3d": "takes (b, c, d, h, w)",
    "adaptive_avgpool2d": "takes (b, c, h, w)",  # of two axes torch has one left in the end
    "adaptive_avgpool3d": "takes (b, c, d, h, w)",
    "reflection_pad1d": "takes (b, c, t)",
    "reflection_pad2d": "takes (b, c, h, w)",
    "reflection_pad3d": "takes (b, c, d, h, w)",
    "replication_pad1d": "takes (b, c, t)",  # torch goes by how many numbers padding has
    "replication_pad2d": "takes (b, c, h, w)",
    "replication_pad3d": "takes (b, c, d, h, w)",
    "upsampling_nearest2d": "takes (b, c, h, w) / either a size or a scale_factor",
    "upsample": "either a size or a scale_factor",  # torch takes a scale of 0 for none
    "upsampling_bilinear2d": "either a size or a scale_factor",
    "feature_alpha_dropout": "takes at least 2 axes",  # with p=0 torch doesn't look
}
"""The same of single entries: torch runs them on what their name doesn't say."""

COUNT = int(os.environ.get("NNDSL_EXAMPLES", "1"))
"""How many times the usual number of examples are tried."""

SETTINGS = settings(
    max_examples=30 * COUNT,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=COUNT == 1,
)
REFUSALS = (RuntimeError, ValueError, AssertionError, TypeError, IndexError, KeyError,
            ZeroDivisionError, NotImplementedError, AttributeError)  # fmt: skip


def _ours(layer: Layer, row: Row) -> Any:
    try:
        result = apply.meet(layer, call_of(layer, row))
    except Rejected as no:
        return no
    return shapes_in(result.output), weights_of(result)


def _theirs(layer: Layer, row: Row) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module, shapes = torch_run(layer, row)
        except REFUSALS as no:
            return no
    if _empty(shapes):
        return ValueError("a size is at least 1 in a spec")
    return shapes, torch_weights(module)


def _empty(shapes: Any) -> bool:
    return any(_empty(s) if isinstance(s, tuple) else s == 0 for s in shapes)


def _own_rule(no: Rejected, layer: Layer, row: Row) -> bool:
    """Whether a refusal is one of the language's own: the first axis is always the batch."""
    unbatched = no.code == "E302" and len(row.shapes[0]) + 1 in layer.ranks
    words = [*STRICTER, *STRICTER_THAN.get(row.name, "needs an axis").split(" / ")]
    return unbatched or any(text in no.message + no.help for text in words)


def _compare(row: Row) -> None:
    try:
        layer = entry_of(row)
    except Rejected:
        return  # an argument that is out of range, which the tests of arguments look at
    ours, theirs = _ours(layer, row), _theirs(layer, row)
    if isinstance(ours, Rejected):
        assert "{" not in ours.message + ours.help
        if not _own_rule(ours, layer, row):
            assert isinstance(theirs, Exception), (row, ours.message, theirs[0])
    else:
        assert not isinstance(theirs, Exception), (row, ours[0], theirs)
        assert ours == theirs, row


@pytest.mark.parametrize("name", ENTRIES)
def test_calls_of_an_entry(name: str) -> None:
    @SETTINGS
    @given(calls(ENTRIES[name]))
    def check(row: Row) -> None:
        _compare(row)

    check()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_rows_with_something_changed(row: Row) -> None:
    @settings(SETTINGS, max_examples=4 * COUNT)
    @given(changed(row))
    def check(other: Row) -> None:
        _compare(other)

    check()
