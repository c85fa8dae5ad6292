"""Whatever a spec passes: a result, a refusal or "not known yet", never anything else."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nndsl.functions import apply
from nndsl.functions.indexing import index
from nndsl.functions.operators import binary
from nndsl.functions.registry import find, names
from nndsl.model.checker import Checker
from nndsl.model.expr import Expr, Listing, Name, Op, Undecided
from nndsl.model.graph import ListType, NoneType, SliceArg, Special, TensorType, TupleType, Var
from nndsl.model.spec import Argument, Rejected

B, N = Name("b"), Name("n", "param")
F = Name("rate", "param", "float")
sizes = st.sampled_from([1, 2, 3, 4, 12, 0, B, N, Op("*", (2, N)), Op("//", (B, 2))])
shapes = st.one_of(st.none(), st.lists(sizes, max_size=5).map(tuple))
types = st.builds(
    TensorType,
    shapes,
    st.sampled_from(["float", "int", "bool"]),
    st.sampled_from([False, False, True]),
)
tensors = types.map(lambda type: Var(1, "", type))
lists: Any = st.one_of(
    st.lists(tensors, max_size=3).map(tuple),
    st.lists(types, max_size=3).map(lambda items: Var(2, "", TupleType(tuple(items), None, True))),
    types.map(lambda item: Var(3, "", ListType(item, N))),
)
whole = st.one_of(st.integers(-3, 5), st.sampled_from([N, B, 2**62, -(2**63), Op("-", (N, 3))]))
wild: Any = st.sampled_from(
    [
        None,
        True,
        "mean",
        "",
        "same",
        "->",
        "...",
        0.5,
        float("nan"),
        float("inf"),
        10**30,
        (),
        ((),),
        F,
        {},
    ]
)
OF: dict[str, Any] = {
    "tensor": tensors,
    "tensors": lists,
    "int": whole,
    "size": whole,
    "axis": whole,
    "axes": st.one_of(whole, st.lists(whole, max_size=4).map(tuple)),
    "ints": st.one_of(whole, st.lists(whole, max_size=6).map(tuple)),
    "sizes": st.one_of(
        st.lists(whole, max_size=5).map(tuple), st.lists(whole).map(lambda v: Listing(tuple(v)))
    ),
    "float": st.one_of(st.floats(-2, 2), whole, st.just(F)),
    "floats": st.floats(-2, 3),
    "numbers": st.one_of(whole, st.lists(st.one_of(whole, st.lists(whole).map(tuple))).map(tuple)),
    "pairs": st.lists(st.lists(whole, max_size=2).map(tuple), max_size=3).map(tuple),
    "bool": st.sampled_from([True, False, N]),
    "str": st.sampled_from(
        [
            "none",
            "tanh",
            "constant",
            "reflect",
            "ij,jk->ik",
            "a...,b->ab",
            "bilinear",
            "r",
            "U",
            "sum",
            "nuc",
            "floor",
        ]
    ),
    "dtype": st.sampled_from(["float", "int", "bool", "half"]),
    "none": st.none(),
}


def values(argument: Argument) -> Any:
    kinds = [OF[kind] for kind in argument.type.split("|")]
    return st.one_of(*kinds * 3, wild, st.just(Var(4, "", NoneType())), tensors)


@pytest.mark.parametrize("name", names())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_functions(name: str, data: st.DataObject) -> None:
    function = find(name)
    assert function is not None
    chosen = [
        a for a in function.arguments if repr(a.default) == "REQUIRED" or data.draw(st.booleans())
    ]
    args = {a.name: data.draw(values(a), a.name) for a in chosen}
    with contextlib.suppress(Rejected, Undecided):
        apply.call(function, (), args, Checker())


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "@", "==", "<", "and", "or", "in", "is"]),
    types,
    st.one_of(types, whole, wild),
)
def test_operators(sign: str, a: TensorType, b: Any) -> None:
    for left, right in ((a, b), (b, a)):
        with contextlib.suppress(Rejected, Undecided):
            binary(sign, left, right, Checker())


bounds = st.one_of(st.none(), whole, wild)
keys: Any = st.one_of(
    whole, wild, tensors, st.builds(SliceArg, bounds, bounds, bounds), st.just(Special("..."))
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(types, lists.filter(lambda v: isinstance(v, Var)).map(lambda v: v.type)),
    st.lists(keys, max_size=4),
)
def test_indexing(type: Any, items: list[Any]) -> None:
    with contextlib.suppress(Rejected, Undecided):
        index(type, items, Checker())


def test_the_samples_are_expressions() -> None:
    assert isinstance(F, Expr)
