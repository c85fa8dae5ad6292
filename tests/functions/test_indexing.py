"""Indexing against torch, with plain and with symbolic sizes."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nndsl.functions.indexing import PICKED, index, member, size_of
from nndsl.model.checker import Checker
from nndsl.model.expr import Name, Op, evaluate
from nndsl.model.graph import ListType, NoneType, SliceArg, Special, TensorType, TupleType, Var
from nndsl.model.spec import Rejected

bounds = st.one_of(st.none(), st.integers(-5, 5))
slices = st.builds(slice, bounds, bounds, st.one_of(st.none(), st.integers(-1, 3)))
indices = st.sampled_from([(), (2,), (1, 3), (3,)])
items = st.one_of(st.integers(-4, 4), slices, st.none(), st.just(...), indices)


def operand(item: Any) -> Any:
    if isinstance(item, slice):
        return SliceArg(item.start, item.stop, item.step)
    if isinstance(item, tuple):
        return Var(1, "", TensorType(item, "int"))
    return Special("...") if item is ... else item


def by_torch(shape: tuple[int, ...], key: list[Any]) -> Any:
    real = tuple(torch.zeros(i, dtype=torch.int64) if isinstance(i, tuple) else i for i in key)
    try:
        return tuple(torch.zeros(shape)[real].shape)
    except (IndexError, ValueError, RuntimeError, TypeError) as reason:
        return reason


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.integers(1, 4), max_size=4).map(tuple), st.lists(items, max_size=4), st.booleans()
)
def test_agrees_with_torch(shape: tuple[int, ...], key: list[Any], symbolic: bool) -> None:
    values = {Name(f"n{i}"): size for i, size in enumerate(shape) if symbolic and size > 1}
    sizes = tuple(Name(f"n{i}") if Name(f"n{i}") in values else s for i, s in enumerate(shape))
    if key.count(...) > 1:  # torch reads the second as `:`; here it is refused
        return
    check, expected = Checker(), by_torch(shape, key)
    try:
        type, _ = index(TensorType(sizes), [operand(i) for i in key], check)
    except Rejected as reason:
        assert isinstance(expected, Exception), f"{reason}; torch: {expected}"
        return
    assert isinstance(type, TensorType) and type.shape is not None
    assumed = all(evaluate(a, values) for a in check.assumptions)
    if assumed and not (symbolic and isinstance(expected, Exception)):
        assert tuple(evaluate(s, values) for s in type.shape) == expected


def test_slices_of_symbolic_axes() -> None:
    h = Name("h")
    check = Checker()
    cases = {
        (None, None, None): h, (1, None, None): Op("-", (h, 1)), (None, -1, None): Op("-", (h, 1)),
        (None, Op("//", (h, 2)), None): Op("//", (h, 2)), (-1, None, None): 1,
        (None, None, 2): Op("//", (Op("+", (h, 1)), 2)),
    }  # fmt: skip
    for parts, size in cases.items():
        type, _ = index(TensorType((h,)), [SliceArg(*parts)], check)
        assert isinstance(type, TensorType) and type.shape == (size,)
    assert not check.assumptions


def test_a_bound_that_may_lie_outside_is_assumed_not_to() -> None:
    h, t = Name("h"), Name("t")
    check = Checker()
    type, _ = index(TensorType((h,)), [SliceArg(None, t, None)], check)
    assert isinstance(type, TensorType) and type.shape == (t,)
    assert check.assumptions == [Op("<=", (t, h))]


def test_axes_in_front_that_are_not_known() -> None:
    lead = TensorType((3, 4), "float", True)
    type, _ = index(lead, [Special("..."), 0], Checker())
    assert type == TensorType((3,), "float", True)
    with pytest.raises(Rejected):
        index(lead, [0], Checker())


def test_a_mask_picks_places_whose_number_has_a_name() -> None:
    mask = Var(1, "", TensorType((3, 4), "bool"))
    type, _ = index(TensorType((3, 4, 5)), [mask], Checker())
    assert isinstance(type, TensorType) and type.shape == (PICKED, 5)
    type, _ = index(TensorType((2, 3, 4, 5)), [SliceArg(None, None, None), mask], Checker())
    assert isinstance(type, TensorType) and type.shape == (2, PICKED, 5)


def test_a_mask_stands_alone_and_fits() -> None:
    mask = Var(1, "", TensorType((3,), "bool"))
    places = Var(2, "", TensorType((7,), "int"))
    for type, items in (
        (TensorType((3, 4)), [mask, places]),
        (TensorType((3, 3)), [mask, mask]),
        (TensorType((4,)), [mask]),
    ):
        with pytest.raises(Rejected):
            index(type, items, Checker())


def test_tuples_and_lists() -> None:
    a, b = TensorType((1,)), TensorType((2,))
    pair = TupleType((a, b), ("values", "indices"))
    assert index(pair, [-1], Checker())[0] == b
    assert index(pair, [SliceArg(1, None, None)], Checker())[0] == TupleType((b,), None, True)
    assert member(pair, "values") == (a, 0)
    i, n = Name("i", "loop"), Name("n")
    growing = ListType(TensorType((Op("+", (i, 1)),)), n, i)
    assert index(growing, [2], Checker())[0] == TensorType((3,))
    assert index(growing, [-1], Checker())[0] == TensorType((n,))
    assert index(ListType(a, 5), [SliceArg(1, None, 2)], Checker())[0] == ListType(a, 2)


@pytest.mark.parametrize(
    ("type", "key"),
    [
        (TupleType((TensorType(()),)), [1]),
        (TupleType((TensorType(()),)), [0, 0]),
        (TupleType((TensorType(()),)), [None]),
        (ListType(TensorType(()), 3), [3]),
        (ListType(TensorType(()), 3), [-4]),
        (NoneType(), [0]),
        (TensorType((3,)), [1.5]),
        (TensorType((3,)), [True]),
        (TensorType((3,)), [Var(1, "", TensorType((2,)))]),
        (TensorType((3,)), [SliceArg(None, None, 0)]),
        (TensorType((3,)), [SliceArg(0.5, None, None)]),
    ],
)
def test_refused(type: Any, key: list[Any]) -> None:
    with pytest.raises(Rejected):
        index(type, key, Checker())


def test_an_output_that_is_not_there() -> None:
    with pytest.raises(Rejected) as caught:
        member(TupleType((TensorType(()),), ("hidden",)), "cell")
    assert "`hidden`" in caught.value.help


def test_size_of() -> None:
    b = Name("b")
    assert size_of(TensorType((b, 3)), 0, Checker()) == b
    assert size_of(TensorType((b, 3)), -1, Checker()) == 3
    with pytest.raises(Rejected):
        size_of(TensorType((b, 3)), 2, Checker())
