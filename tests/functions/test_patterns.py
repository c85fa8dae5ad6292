"""Reading axis patterns, and laying them on shapes."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndsl.model.expr import Name
from nndsl.model.graph import TensorType
from nndsl.model.patterns import BadPattern, Group, Part, match, parse_pattern, parts_of
from nndsl.model.spec import Rejected


def test_every_kind_of_part() -> None:
    pattern = parse_pattern("b _ 3 {2*h} ...")
    assert [part.kind for part in parts_of(pattern.left)] == [
        "name",
        "any",
        "number",
        "value",
        "rest",
    ]
    assert pattern.left[3] == Part("value", "2*h", 7)
    assert pattern.right is None and not pattern.rearranges


def test_groups_and_both_sides() -> None:
    pattern = parse_pattern(" b t (3 heads hd)->3 b heads t hd ")
    assert isinstance(pattern.left[2], Group)
    assert [part.text for part in pattern.left[2].parts] == ["3", "heads", "hd"]
    assert pattern.right is not None and len(pattern.right) == 5


BAD = {
    "a, b": (1, "separated by spaces"),
    "a b)": (3, "closes nothing"),
    "a (b -> a b": (2, "never closed"),
    "a (b": (2, "never closed"),
    "a ((b) c) -> a": (3, "inside groups"),
    "a {b": (2, "never closed"),
    "a {}": (2, "nothing inside"),
    "a {b{c}}": (4, "can't stand inside"),
    "a . b": (2, "single dots"),
    "2*h": (1, "can't stand"),
    "a -> b -> c": (7, "stands once"),
    "... a ...": (6, "once on a side"),
    "_ a -> a _": (0, "can't be moved"),
    "a 0": (2, "can't be 0"),
    "(a b)": (0, "belong in a pattern with"),
    "a \u0430": (2, "U+0430"),
    "a 1234567890123456789": (2, "too large"),
    "a }": (2, "can't stand"),
    " ".join(["_"] * 65): (128, "more than 64"),
    f"({' '.join(['a'] * 65)})": (129, "more than 64"),
}


@pytest.mark.parametrize("text", BAD)
def test_what_is_wrong_and_where(text: str) -> None:
    with pytest.raises(BadPattern) as caught:
        parse_pattern(text)
    offset, words = BAD[text]
    assert (caught.value.offset, words in caught.value.message) == (offset, True), caught.value


@given(st.text(alphabet="ab1_. ->(){}*\u00e9", max_size=30))
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        pattern = parse_pattern(text)
    except BadPattern as reason:
        assert 0 <= reason.offset <= len(text)
    else:
        for part in (*parts_of(pattern.left), *parts_of(pattern.right or ())):
            assert (
                text[part.offset : part.offset + part.length] == part.text or part.kind == "number"
            )


@pytest.mark.parametrize(
    "text", [" " * 200_000, "{" * 200_000, "." * 200_000, "a" * 200_000, "(" * 200_000]
)
def test_long_texts_are_read_in_their_own_time(text: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(BadPattern):
        parse_pattern(text)
    assert time.perf_counter() - start < 2


def test_match_gives_names_in_order_and_what_to_check() -> None:
    b, c = Name("b"), Name("c")
    matched = match(parse_pattern("n _ 4 {k} d"), TensorType((b, c, 4, 5, 6)))
    assert matched.names == (("n", b), ("d", 6))
    assert [(place, part.text) for place, part in matched.required] == [(2, "4"), (3, "k")]


def test_match_counts_from_the_end_behind_dots() -> None:
    b, d = Name("b"), Name("d")
    matched = match(parse_pattern("b ... 4 d"), TensorType((b, 2, 3, 4, d)))
    assert matched.names == (("b", b), ("d", d))
    assert matched.required[0][0] == -2
    assert match(parse_pattern("... d"), TensorType((d,), "float", True)).names == (("d", d),)


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("a b", TensorType((1,))),
        ("a b", TensorType((1, 2, 3))),
        ("a b ...", TensorType((1,))),
        ("a b", TensorType((1, 2), "float", True)),
        ("a ...", TensorType((1, 2), "float", True)),
    ],
)
def test_a_shape_that_does_not_fit(text: str, type: TensorType) -> None:
    with pytest.raises(Rejected) as caught:
        match(parse_pattern(text), type)
    assert text in caught.value.message
