"""What is accepted, and the tree it gives."""

from __future__ import annotations

import gc

import pytest

from nndsl.source import Source
from nndsl.syntax import parse, parse_expression
from nndsl.syntax import tree as t
from nndsl.syntax.tree import dump
from tests.syntax.samples import SAMPLES, golden


def tree_of(text: str) -> t.File:
    file, findings = parse(Source(text))
    assert not findings
    assert file is not None
    return file


def shape(text: str) -> str:
    return dump(tree_of(text)).removeprefix("File([").removesuffix("])")


@pytest.mark.parametrize("name", SAMPLES)
def test_tree(name: str) -> None:
    text = "\n".join(dump(item) for item in tree_of(SAMPLES[name]).items) + "\n"
    assert text == golden(f"{name}.tree", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("y + x | relu", "(y + x | relu)"),
        ("a if b else c if d else e", "a if b else (c if d else e)"),
        ("-a ** b", "-(a ** b)"),
        ("a ** -b ** c", "a ** (-(b ** c))"),
        ("not a == b", "not (a == b)"),
        ("a or b and c", "a or (b and c)"),
        ("a - b - c", "(a - b) - c"),
        ("a * b @ c // d", "((a * b) @ c) // d"),
        ("fc: relu if a else gelu", "fc: (relu if a else gelu)"),
        ("linear 64 x3", "(linear 64) x3"),
        ("block(8)x3 if a", "(block(8) x3) if a"),
    ],
)
def test_binding(one: str, other: str) -> None:
    def bare(text: str) -> str:
        return shape(text).replace("Group", "").replace("(", "").replace(")", "")

    assert bare(one) == bare(other)


@pytest.mark.parametrize(
    "word",
    [
        "model",
        "param",
        "buffer",
        "module",
        "activation",
        "fn",
        "layer",
        "order",
        "tie",
        "loss",
        "const",
        "weights",
        "drop",
        "x",
        "list",
    ],
)
@pytest.mark.parametrize("text", ["{}: relu", "{} = 3", "{} | relu", "y = 2 * {}", "f({}=1)",
 "relu | {}", "{}(3)",
                                  "{} if a else b", "def f({}=1)({}_): {} + 1",
                                  "[{} for {} in y]"])  # fmt: skip
def test_soft_keywords_are_names(word: str, text: str) -> None:
    tree_of(text.replace("{}", word) + "\n")


def test_continuation_skips_comments_and_blank_lines() -> None:
    assert shape("a\n\n  # why\n\n| b\n") == shape("a | b")


def test_line_ends_and_byte_order_mark() -> None:
    plain = "def f(a):\n    y = a\n    y | relu\n"
    assert (
        shape("\ufeff" + plain.replace("\n", "\r\n")) == shape(plain) == shape(plain.rstrip("\n"))
    )


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "  # indented\n"])
def test_empty(text: str) -> None:
    assert tree_of(text).items == ()


def test_spans() -> None:
    text = "# about f\n# twice\ndef f(a): (x | relu)  # behind\n"
    (item,) = tree_of(text).items
    assert isinstance(item, t.Definition)
    assert item.comment == "about f\ntwice"
    assert item.header.text == "def f(a):"
    assert item.span.text == "def f(a): (x | relu)"
    assert [one.own_line for one in tree_of(text).comments] == [True, True, False]


def test_expression() -> None:
    value, findings = parse_expression(Source("[2, 2 * n]"))
    assert not findings
    assert dump(value) == "ListExpr([Number(2), Binary('*', Number(2), Name('n'))])"


@pytest.mark.parametrize("text", ["", "a b c d =", "def f(): x", "a\nb", "(", "]"])
def test_broken_expression(text: str) -> None:
    assert parse_expression(Source(text))[1]


@pytest.mark.parametrize("on", [True, False])
def test_collector_is_left_as_it_was(on: bool) -> None:
    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        parse(Source("relu"))
        parse(Source("("))
        assert gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("# a title\n#\n# more\n\nlinear 3\n", "a title\n\nmore"),
        ("\n\n# a title\n\n# about f\nfn f(x): x\n", "a title"),
        ("# about f\nfn f(x): x\n", ""),
        ("# about n\nn = 3\n", ""),
        ('# a title\nfrom "a.nn" import b\n', "a title"),
        ("# a title\nlinear 3\n", "a title"),
        ("linear 3  # not a title\n", ""),
        ("fn f(x): x\n\n# not a title\n", ""),
        ("# a title\n", "a title"),
    ],
)
def test_the_comment_of_a_file(text: str, comment: str) -> None:
    assert tree_of(text).comment == comment


def test_the_comment_of_a_value_of_the_file() -> None:
    first, second = tree_of("# the title\n\n# about n\nn = 3\nm = 4\n").items
    assert isinstance(first, t.Assign) and isinstance(second, t.Assign)
    assert (first.comment, second.comment) == ("about n", "")
