"""Random texts: valid ones survive formatting, broken ones give findings and never an exception."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nndsl.source import Source
from nndsl.syntax import parse, parse_expression
from nndsl.syntax.lexer import tokenize
from tests.syntax.samples import SAMPLES, formatted

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

NAMES = st.sampled_from(["a", "x", "x3", "relu", "order", "model", "layer", "_", "block", "width"])
ATOMS = st.one_of(
    NAMES,
    st.sampled_from(
        ["7", "1_000", "0.5", "1e-5", "True", "None", '"b c -> c b"', "'text'", "linear(8)"]
    ),
)


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    operator = st.sampled_from(
        ["+", "-", "*", "/", "//", "%", "@", "**", "and", "or", "<", "==", "in", "is not"]
    )
    return st.one_of(
        st.builds(lambda a, op, b: f"({a} {op} {b})", inner, operator, inner),
        pair.map(lambda p: f"({p[0]} | {p[1]})"),
        pair.map(lambda p: f"f({p[0]}, key={p[1]}, *row)"),
        pair.map(lambda p: f"[{p[0]}, {p[1]}]"),
        pair.map(lambda p: f"({p[0]} if {p[1]} else y)"),
        pair.map(lambda p: f"[{p[0]} for i, j in {p[1]} if i]"),
        pair.map(lambda p: f"({p[0]} for i in {p[1]})"),
        inner.map(lambda a: f"(- {a})"),
        inner.map(lambda a: f"(not {a})"),
        inner.map(lambda a: f"({a},)"),
        inner.map(lambda a: f"g({a})[0, 1:7]"),
        inner.map(lambda a: f"(({a}) x3)"),
        inner.map(lambda a: f"(fc: {a} as s)"),
    )  # fmt: skip


EXPRESSIONS = st.recursive(ATOMS, _grow, max_leaves=12)
BREAKS = st.sampled_from([" ", " ", " ", "\n", " # why\n", "\n  # own\n", "\n\n"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Statements of stages, some of them over several lines, with comments and blank lines."""
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        stages = draw(st.lists(EXPRESSIONS, min_size=1, max_size=5))
        text = stages[0] + "".join(f"{draw(BREAKS)}| {stage}" for stage in stages[1:])
        form = draw(
            st.sampled_from(
                ["{}", "y = {}", "def f(a)(b): {}", "def g():\n  y = 1\n  {}", "if a:\n   {}"]
            )
        )
        if "if" in form:
            form = "def h():\n " + form.replace("\n", "\n  ")
        lines.append(
            form.replace("{}", text)
            + draw(st.sampled_from(["", "  # end", "\n\n\n", "\n# next", "\n   # deep"]))
        )
    return "\n".join(lines) + "\n"


@QUICK
@given(texts())
def test_formatting_keeps_meaning_and_is_stable(text: str) -> None:
    if not parse(Source(text))[1]:
        formatted(text)


@QUICK
@given(EXPRESSIONS)
def test_random_expressions_are_read(text: str) -> None:
    assert parse_expression(Source(f"({text})"))[1] == ()


@QUICK
@given(st.text(st.sampled_from("ab1x \n\t()[]|:=,.+-*\"'#>_\u200b\u00e9;\r\x00"), max_size=60))
@example("_;\n|")
def test_any_text_is_safe(text: str) -> None:
    parse(Source(text))
    parse_expression(Source(text))


@pytest.mark.parametrize("seed", range(60))
def test_mutations_are_safe(seed: int) -> None:
    """Deletes, doubles and swaps tokens of the samples: findings or a tree, never an exception."""
    chance = random.Random(seed)
    text = chance.choice(list(SAMPLES.values()))
    tokens = tokenize(Source(text))
    for _ in range(20):
        mutant = text
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(tokens.kinds))
            start, end = tokens.starts[at], tokens.ends[at]
            word = text[start:end]
            other = chance.choice(
                [
                    "",
                    word * 2,
                    "(",
                    ")",
                    "|",
                    ":",
                    "=",
                    "\n",
                    "  ",
                    "if",
                    "->",
                    "x3",
                    ",",
                    "]",
                    "def",
                ]
            )
            mutant = mutant[:start] + other + mutant[end:]
        file, findings = parse(Source(mutant))
        assert file is not None or findings
        if file is not None and not findings:
            formatted(mutant)
