"""Nesting and size: no text makes the parser slow or a later pass overflow."""

from __future__ import annotations

import time

import pytest

from nndsl.source import Source
from nndsl.syntax import parse, parse_expression
from nndsl.syntax.tree import dump

MANY = 100_000


@pytest.mark.parametrize(
    "text",
    ["(" * MANY, "[" * MANY, "f(" * MANY, "- " * MANY + "a", "not " * MANY + "a",
     "(" * MANY + ")" * MANY,
     "a ** " * MANY + "a", "a + " * MANY + "a", "f" + "()" * MANY, "a" + "[0]" * MANY,
     "a" + ".b" * MANY,
     "a if b else " * MANY + "a", "a < " * MANY + "a", ")" * MANY, "a | " * MANY + "a", "x" * MANY,
     "if a: b\nelif a: b\n" * 5 + "elif a: b\n" * MANY, "for i in j: for k in l: m", "\"" * MANY,
     "(\n" * MANY, "{" * MANY, "$\n" * MANY, "\u03bb\n" * MANY, "/* a */\n" * MANY, "\ta\n" * MANY],
)  # fmt: skip
def test_deep_texts_are_safe(text: str) -> None:
    began = time.process_time()
    for read in (parse, parse_expression):
        value, _ = read(Source(text))
        dump(value)
    assert time.process_time() - began < 20


@pytest.mark.parametrize("around", ["a = [1{}]\n", "a = [[1{}] for k in c]\n", "linear 8{}\n"])
def test_each_clause_is_a_loop_inside_of_the_one_before(around: str) -> None:
    around = around if "=" in around else f"relu | ({around[:-1]})\n"
    many = around.format(" for i in b" * 101)
    assert [one.code for one in parse(Source(many))[1]] == ["E509"]
    assert not parse(Source(around.format(" for i in b" * 95)))[1]


def test_blocks_are_counted() -> None:
    text = "".join("    " * n + "if a:\n" for n in range(100)) + "    " * 100 + "b\n"
    assert [one.code for one in parse(Source(text))[1]] == ["E509"]


@pytest.mark.parametrize("depth", [60, 64])
def test_depth_within_the_limit(depth: int) -> None:
    text = "f(" * depth + "a" + ")" * depth
    file, findings = parse(Source(text))
    assert not findings
    assert "Name('a')" in dump(file)
    assert parse(Source("(" + text + ")" if depth == 64 else "((((("))[1]


def test_worst_tree_can_be_walked() -> None:
    text = "(l: f(a=" * 32 + "a" + "))" * 32
    file, findings = parse(Source(text))
    assert not findings
    dump(file)


def test_time_is_linear() -> None:
    line = "y = x | conv(64, 3, padding=1) | linear 784->256 | (a + b * 2) if c else d\n"

    def seconds(lines: int) -> float:
        began = time.process_time()
        assert not parse(Source(line * lines))[1]
        return time.process_time() - began

    seconds(100)
    assert seconds(8000) < 4 * 8 * seconds(1000)
