"""Formatting: stable, and it changes nothing but the layout."""

from __future__ import annotations

import pytest

from nndsl.diagnostics import SpecError
from nndsl.source import Source
from nndsl.syntax import expression_text, format_text, parse_expression
from tests.syntax.samples import SAMPLES, formatted, golden


@pytest.mark.parametrize("name", SAMPLES)
def test_samples(name: str) -> None:
    text = formatted(SAMPLES[name])
    assert text == golden(f"{name}.formatted", text)


@pytest.mark.parametrize("width", range(20, 120, 7))
def test_long_lines(width: int) -> None:
    parts = ["conv(64, 3)", "relu", "(a | b)", "foo(bar(1, 2), [baz, 3])"]
    parameters = ", ".join(f"p{n}=1" for n in range(width))
    stages = " | ".join(parts[n % 4] for n in range(width // 4))
    for text in (stages, f"y = {stages}", f"def f(): {stages}", f"cat({stages}, {stages})",
                 f"foo({', '.join(['a' * 9] * (width // 5 + 1))})",
                 f"def f({parameters})(x: \"b c\"): relu"):  # fmt: skip
        assert all(len(line) <= 88 for line in formatted(text).splitlines())


LONG = "a_layer_with_a_name(64, 3) | another_layer_with_a_name(64, 3)"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        # an item of a list ends before `for`
        (f"ys = [{LONG} | relu for i in range(n)]",
         f"ys = [\n    {LONG} | relu\n    for i in range(n)\n]\n"),
        # also where the item takes several lines
        (f"a | ({LONG} | a_third_layer_with_a_name | relu for i in range(n))",
         f"a\n| (\n    {LONG}\n    | a_third_layer_with_a_name | relu\n    for i in range(n)\n)\n"),
        # arguments are parted before their pipelines are
        (f"cat({LONG}, {LONG}, dim=1)", f"cat(\n    {LONG},\n    {LONG}, dim=1\n)\n"),
    ],
)  # fmt: skip
def test_where_long_lines_break(text: str, result: str) -> None:
    assert formatted(text) == result
    assert formatted(result) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a|b", "a | b\n"),
        ("block( 256 )x3", "block(256) x3\n"),
        ("linear 784 -> 256", "linear 784->256\n"),
        ("conv 64 kernel_size = 3", "conv 64 kernel_size=3\n"),
        ("f(a = 1,b= - 2)", "f(a=1, b=-2)\n"),
        ("_[ : , 1 : 2 ]", "_[:, 1:2]\n"),
        ("_[1,:-1]", "_[1, :-1]\n"),
        ("y=2**i+n  **  (k)", "y = 2**i + n ** (k)\n"),
        ("layer  a = 'b'", 'layer a = "b"\n'),
        ("a = 'say \"b\"'", "a = 'say \"b\"'\n"),
        ("def f(a:int=1)(x:\"c\")->\"c\":x", 'def f(a: int = 1)(x: "c") -> "c": x\n'),
        ("#comment\na#b", "# comment\na  # b\n"),
        ("f(*row,-1,...)", "f(*row, -1, ...)\n"),
        ("", ""),
        ("\n\n# end", "# end\n"),
        ("a\n\n\n\n\nb", "a\n\n\nb\n"),
        ("def f():\n\n  a\n\n\n\n  b\nc", "def f():\n    a\n\n    b\n\nc\n"),
    ],
)  # fmt: skip
def test_layout(text: str, result: str) -> None:
    assert formatted(text) == result


def test_broken_text() -> None:
    with pytest.raises(SpecError):
        format_text(Source("a b ="))


@pytest.mark.parametrize(
    "text",
    ["a + b * -c**2", "f(a, *b, c=1, ...)", "_[:, 1:2, ::3, ...]", "a[i,]", "linear 784->256",
     "a if b else c",
     "(a, b)", "(a,)", "[a, *b]", "[f(w) for i, w in ws if w > 0]", "(f(w) for w in ws)",
     "block(8) x3",
     "block(8) x n", "block(8) x(n - 1)", "a | l: *b as (c, d) | \"b c\"", "not a is not None",
     "1_000 + 1e-5",
     "a.b.c(3)[0]", "'say \"b\"'", "a if b"],
)  # fmt: skip
def test_expression_text(text: str) -> None:
    node, findings = parse_expression(Source(text))
    assert not findings
    assert node is not None
    assert expression_text(node) == text
