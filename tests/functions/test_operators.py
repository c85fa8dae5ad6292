"""Operators on tensors and numbers, against torch."""

from __future__ import annotations

import operator
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nndsl.functions.operators import binary, unary
from nndsl.model.checker import Checker
from nndsl.model.expr import Name, Op
from nndsl.model.graph import ListType, NoneType, TensorType, TupleType
from nndsl.model.spec import Rejected
from tests.functions.running import DTYPES, T, Trial, flat, sample, seen

SIGNS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod, "**": operator.pow, "@": operator.matmul,
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "and": operator.and_, "or": operator.or_,
}  # fmt: skip

shapes = st.lists(st.integers(0, 3), max_size=4).map(tuple)
tensors = st.builds(T, shapes, st.sampled_from(sorted(DTYPES)))
numbers = st.sampled_from([True, False, 2, -1, 0.5])


def by_torch(sign: str, a: Any, b: Any) -> Any:
    operands = [sample(x, 1) if isinstance(x, T) else x for x in (a, b)]
    try:
        return seen(SIGNS[sign](*operands))
    except (RuntimeError, TypeError, NotImplementedError, IndexError) as reason:
        return reason


def by_rule(sign: str, a: Any, b: Any) -> Any:
    types = [TensorType(x.shape, x.dtype) if isinstance(x, T) else x for x in (a, b)]
    try:
        type, fn = binary(sign, types[0], types[1], Checker())
    except Rejected as reason:
        return reason
    assert fn.startswith("op.") and hasattr(operator, fn[3:])
    return flat(type, Trial())


# Refused, though torch has an answer.
STRICTER = (
    "bools have no `**`",
    "`@` doesn't work on bool",
    "`@` needs one dtype",
    "an int tensor can't be divided by 0",
    "`and` works on bool",
    "`or` works on bool",
)


@pytest.mark.parametrize("sign", SIGNS)
@settings(max_examples=150, deadline=None)
@given(tensors, st.one_of(tensors, numbers))
def test_agrees_with_torch(sign: str, a: T, b: Any) -> None:
    for left, right in ((a, b), (b, a)):
        torchs, ours = by_torch(sign, left, right), by_rule(sign, left, right)
        if isinstance(torchs, Exception):
            assert isinstance(ours, Rejected), f"torch: {torchs}; rule: {ours}"
        elif isinstance(ours, Rejected):
            assert ours.message.startswith(STRICTER), f"torch: {torchs}; rule: {ours}"
        else:
            assert ours == torchs


def test_the_message_shows_both_shapes_and_the_axis() -> None:
    b, h, w = Name("b"), Name("h"), Name("w")
    with pytest.raises(Rejected) as caught:
        binary("+", TensorType((b, 3, h, w)), TensorType((b, 64, h, w)), Checker())
    assert caught.value.message == (
        "(b, 3, h, w) and (b, 64, h, w) can't be added: axis 1 is 3 in one and 64 in the other"
    )


def test_an_undecided_size_is_assumed_equal() -> None:
    h, w = Name("h"), Name("w")
    check = Checker()
    type, fn = binary("*", TensorType((h, 4)), TensorType((w, 1)), check)
    assert (type.shape, fn) == ((h, 4), "op.mul")
    assert check.assumptions == [Op("==", (h, w))]


def test_a_size_of_one_gives_way_to_a_symbolic_one() -> None:
    h = Name("h")
    check = Checker()
    assert binary("+", TensorType((1,)), TensorType((h,)), check)[0].shape == (h,)
    assert binary("+", TensorType((h,)), TensorType((1,)), check)[0].shape == (h,)
    assert not check.assumptions


def test_any_axes_in_front_stay() -> None:
    d = Name("d")
    lead = TensorType((d,), "float", True)
    assert binary("+", lead, TensorType((d,)), Checker())[0] == lead
    assert binary("@", lead, TensorType((d, 7)), Checker())[0] == TensorType((7,), "float", True)


def test_an_unknown_shape_stays_unknown() -> None:
    for sign in ("+", "<", "and", "@"):
        dtype = "bool" if sign == "and" else "float"
        unknown = TensorType(None, dtype)
        assert binary(sign, unknown, TensorType((2, 2), dtype), Checker())[0].shape is None


def test_a_symbolic_number_keeps_its_kind() -> None:
    n = Name("n")
    whole = TensorType((2,), "int")
    assert binary("*", whole, n, Checker())[0].dtype == "int"
    assert binary("/", n, whole, Checker())[0].dtype == "float"
    assert binary("*", whole, Op("/", (n, 2)), Checker())[0].dtype == "float"


@pytest.mark.parametrize(
    "type", [TupleType(()), ListType(TensorType(()), 3), NoneType(), "text", None]
)
def test_what_is_no_tensor(type: Any) -> None:
    with pytest.raises(Rejected):
        binary("+", type, TensorType((2,)), Checker())


@pytest.mark.parametrize(
    ("sign", "dtype"), [("-", "float"), ("-", "int"), ("+", "int"), ("not", "bool")]
)
def test_unary(sign: str, dtype: str) -> None:
    type = TensorType((2,), dtype)
    assert unary(sign, type)[0] == type


@pytest.mark.parametrize(("sign", "dtype"), [("-", "bool"), ("+", "bool"), ("not", "float")])
def test_unary_refused(sign: str, dtype: str) -> None:
    with pytest.raises(Rejected):
        unary(sign, TensorType((2,), dtype))


@pytest.mark.parametrize("sign", ["in", "is", "not in"])
def test_words_that_tensors_have_not(sign: str) -> None:
    with pytest.raises(Rejected):
        binary(sign, TensorType((2,)), TensorType((2,)), Checker())


def test_torch_is_asked_with_small_tensors() -> None:
    assert sample(T((2,), "int"), 1).dtype is torch.int64
