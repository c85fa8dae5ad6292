"""Lines that the layouter settles by itself are as black would leave them."""

from __future__ import annotations

import math
from typing import Any

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndsl.backends.source import py
from nndsl.backends.source.layout import Writer, signature
from nndsl.backends.source.literals import literal, string
from nndsl.backends.source.py import Py
from nndsl.backends.source.statics import Statics
from nndsl.model.expr import Call, Cond, Expr, Index, Name, Op, SliceOf, evaluate

NAMES = st.sampled_from(["x", "self.layer", "width", "out_channels", "in_features_of_the_block"])
LEAVES = NAMES.map(Py) | st.sampled_from([Py("1"), Py("0.5"), Py("None")])

BOUNDS = st.one_of(
    LEAVES,
    st.builds(py.binary, st.sampled_from(["+", "//"]), LEAVES, LEAVES),
    st.builds(lambda x: py.call("len", [x]), LEAVES),
    st.builds(lambda x: py.unary("-", x), LEAVES),
)


def grown(inner: st.SearchStrategy[Py]) -> st.SearchStrategy[Py]:
    items = st.lists(inner, max_size=5)
    return st.one_of(
        st.builds(py.call, st.sampled_from(["nn.Conv2d", "self.norm", "Block"]), items),
        st.builds(
            lambda name, i: py.call(name, i, forced=len(i) > 1),
            st.just("nn.Sequential"),
            items,
        ),
        st.builds(py.sequence, items.filter(bool)),
        st.builds(py.binary, st.sampled_from(["+", "*", "//", "**", "==", "or"]), inner, inner),
        st.builds(py.unary, st.sampled_from(["-", "not"]), inner),
        st.builds(py.conditional, inner, inner, inner),
        st.builds(lambda v: py.call("nn.Linear", [Py("x"), py.keyword("bias", v)]), inner),
        st.builds(
            lambda v: py.call("nn.ModuleList", [py.comprehension(v, ["for _ in range(depth)"])]),
            inner,
        ),
        st.builds(
            lambda v: py.call("list", [py.star(py.bracketed("(", [_rounds(v)], ")")), Py("x")]),
            inner,
        ),
        st.builds(lambda v, a, b: py.index(v, [py.slicing(a, b, None)]), inner, BOUNDS, BOUNDS),
        st.builds(lambda v: py.call(py.attribute(v, "view"), [Py("b"), Py("t")]), inner),
    )


def _rounds(element: Py) -> Py:
    return py.comprehension(element, ["for width in widths", "if width > 0"])


TEXTS = st.recursive(LEAVES, grown, max_leaves=14)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["x = ", "return ", "self.layer = ", ""]), st.integers(1, 3))
def test_black_leaves_settled_lines_alone(text: Py, prefix: str, levels: int) -> None:
    writer = Writer(4 * levels)
    writer.put(prefix, text)
    if writer.unsettled or text.level == py.LAMBDA:
        return
    heads = ["def f(self):", "    if x:", "        if y:"][:levels]
    source = "\n".join([*heads, *writer.lines]) + "\n"
    assert black.format_str(source, mode=black.Mode()) == source


@given(st.lists(st.sampled_from(["x: Tensor", "width: int", "rate: float = 0.1"]), max_size=9))
def test_black_leaves_signatures_alone(parameters: list[str]) -> None:
    writer = Writer(4)
    named = [text.replace(":", f"{k}:", 1) for k, text in enumerate(parameters)]
    signature(writer, "def forward(", ["self", *named], ") -> tuple[Tensor, Tensor]:")
    source = "\n".join(["class A:", *writer.lines, "        pass"]) + "\n"
    assert black.format_str(source, mode=black.Mode()) == source


A, K = Name("a", "param"), Name("k", "param")
NUMBERS = st.integers(-9, 9) | st.sampled_from([A, K, 0.5, True])


def expressions(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def pair(op: str, x: Any, y: Any) -> Op:
        return Op(op, (x, y))

    compared = st.builds(pair, st.sampled_from(["==", "!=", "<", ">="]), inner, inner)
    # "and" and "or" give a bool here and an operand in Python, so they join only comparisons
    joined = st.builds(pair, st.sampled_from(["and", "or"]), compared, compared)
    test = st.one_of(compared, joined, joined.map(lambda x: Op("not", (x,))))
    return st.one_of(
        st.builds(pair, st.sampled_from(["+", "-", "*", "//", "%", "**"]), inner, inner),
        st.builds(lambda op, x: Op(op, (x,)), st.sampled_from(["neg", "pos"]), inner),
        st.builds(Cond, test, inner, inner),
        st.builds(lambda x, y: Call("max", (x, y)), inner, inner),
        st.builds(lambda x, y: Index((x, y, 3), 0), inner, inner),
        st.builds(
            lambda x, y: Index(SliceOf((1, x, y), 1, Op("+", (A, 1)), None), 1), inner, inner
        ),
    )


@settings(max_examples=600, deadline=None)
@given(st.recursive(NUMBERS, expressions, max_leaves=10))
def test_printed_expressions_mean_the_same(value: Any) -> None:
    text = Statics(lambda name: Py(name.id), lambda layer: Py("layer"))(value).text
    try:
        meant = evaluate(value, {A: 6, K: -3}) if isinstance(value, Expr) else value
    except (ArithmeticError, TypeError):
        return
    if isinstance(meant, complex) or (isinstance(meant, float) and not math.isfinite(meant)):
        return
    got = eval(text, {"a": 6, "k": -3, "max": max})
    assert got == meant, text
    writer = Writer()
    writer.put("x = ", Py(text))
    if not writer.unsettled:
        assert black.format_str(f"x = {text}\n", mode=black.Mode()) == f"x = {text}\n"


@given(st.text())
def test_strings_come_back_as_they_are(text: str) -> None:
    made = string(text)
    assert eval(made) == text
    assert made.isascii()
    assert "\n" not in made
    line = f"x = {made}\n"
    assert black.format_str(line, mode=black.Mode()) == line


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-5, "1e-5"), (1e22, "1e22"), (float("inf"), 'float("inf")'), (-3, "-3"), (None, "None")],
)
def test_plain_values(value: object, text: str) -> None:
    assert literal(value).text == text


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError):
        literal(float("nan"))
