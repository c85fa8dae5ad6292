"""What torch refuses is refused, and what it accepts has the same shapes: calls made at random."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nndsl.layers import apply
from nndsl.model.spec import Argument, Layer, Rejected
from tests.layers.cases import (
    ROWS,
    Row,
    call_of,
    shapes_in,
    weights_of,
)
from tests.layers.oracle import (
    torch_run,
    torch_weights,
)
from tests.layers.test_entries import ENTRIES

STRICTER = ("needs an axis", "is at least 0, not -", "is at least 1, not ", "while training")
"""Our own rules: a softmax whose axis torch would guess, numbers that make no sense."""

SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


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
        except (RuntimeError, ValueError, AssertionError, TypeError, IndexError, KeyError,
                ZeroDivisionError, NotImplementedError) as no:  # fmt: skip
            return no
    if _empty(shapes):
        return ValueError("a size is at least 1 in a spec")
    return shapes, torch_weights(module)


def _empty(shapes: Any) -> bool:
    return any(_empty(s) if isinstance(s, tuple) else s == 0 for s in shapes)


def _compare(row: Row) -> None:
    layer = ENTRIES[row.name]
    ours, theirs = _ours(layer, row), _theirs(layer, row)
    if isinstance(ours, Rejected):
        assert "{" not in ours.message + ours.help
        if not any(words in ours.message for words in STRICTER):
            assert isinstance(theirs, Exception), (row, ours.message, theirs[0])
    else:
        assert not isinstance(theirs, Exception), (row, ours[0], theirs)
        assert ours == theirs, row


# ------------------------------------------------------------------ arguments from their types


def _scalar(argument: Argument, kind: str) -> st.SearchStrategy[Any]:
    low = 1 if kind == "size" and argument.low is None else argument.low
    if kind in ("int", "size"):
        least = -2 if low is None or math.isinf(low) else int(low)
        return st.integers(least, 3 if argument.name != "out_channels" else 6)
    if kind == "axis":
        return st.integers(-4, 4)
    if kind == "float":
        values = (-0.5, 0.0, 0.3, 0.75, 1.0, 1.5, 2.0)
        high = argument.high
        return st.sampled_from(
            [v for v in values if (low is None or v >= low) and (high is None or v <= high)]
        )
    if kind == "bool":
        return st.booleans()
    return st.just(None) if kind == "none" else st.sampled_from(argument.choices)


def _value(argument: Argument, axes: int) -> st.SearchStrategy[Any]:
    choices = []
    for kind in argument.type.split("|"):
        if kind in ("ints", "floats"):
            one = _scalar(argument, "int" if kind == "ints" else "float")
            count = 2 * axes if argument.name == "padding" and len(argument.type) == 4 else axes
            choices += [one, st.tuples(*[one] * count), st.tuples(*[one] * axes)]
        elif kind != "str" or argument.name != "padding":
            choices.append(_scalar(argument, kind))
    return st.one_of(choices)


@st.composite
def calls(draw: Any, layer: Layer) -> Row:
    """A call of an entry with one input: some arguments, a small shape of a fitting rank."""
    rank = draw(st.sampled_from(layer.ranks or (2, 3, 4)))
    shape = tuple(draw(st.lists(st.integers(1, 7), min_size=rank, max_size=rank)))
    args = {}
    for argument in layer.arguments:
        if argument.inferred and not (argument.name == "normalized_shape" and draw(st.booleans())):
            continue
        if argument.name in ("num_layers", "hidden_size") or draw(st.booleans()):
            args[argument.name] = draw(_value(argument, max(rank - 2, 1)))
    for argument in layer.arguments:
        if argument.default is not None and argument.default.__class__.__name__ == "Required":
            args.setdefault(argument.name, draw(_value(argument, max(rank - 2, 1))))
    return Row(layer.name, args, (shape,), {0: layer.dtype} if layer.dtype == "int" else {})


SINGLE = [n for n, e in ENTRIES.items() if len([i for i in e.inputs if "?" not in i]) == 1]


@pytest.mark.parametrize("name", SINGLE)
def test_calls_made_from_the_arguments_types(name: str) -> None:
    @SETTINGS
    @given(calls(ENTRIES[name]))
    def check(row: Row) -> None:
        _compare(row)

    check()


# ------------------------------------------------------------------ rows with something changed


@st.composite
def changed(draw: Any, row: Row) -> Row:
    """The row with one size of one tensor, or one integer among its arguments, off by a little."""
    numbers = [k for k, v in row.args.items() if isinstance(v, int) and not isinstance(v, bool)]
    off = draw(st.sampled_from((-2, -1, 1, 2, 3)))
    if numbers and draw(st.booleans()):
        name = draw(st.sampled_from(numbers))
        return Row(row.name, {**row.args, name: row.args[name] + off}, row.shapes, row.dtypes)
    place = draw(st.sampled_from([i for i, s in enumerate(row.shapes) if s]))
    shape = row.shapes[place]
    assume(not isinstance(shape[0], tuple))
    axis = draw(st.integers(0, len(shape) - 1))
    assume(shape[axis] + off >= 1)
    new = (*shape[:axis], shape[axis] + off, *shape[axis + 1 :])
    shapes = (*row.shapes[:place], new, *row.shapes[place + 1 :])
    return Row(row.name, row.args, shapes, row.dtypes)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_rows_with_something_changed(row: Row) -> None:
    @settings(SETTINGS, max_examples=4)
    @given(changed(row))
    def check(other: Row) -> None:
        _compare(other)

    check()
