"""Mistakes in bodies, one by one: what is said of each, and of which piece of the text."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import nndsl
from tests.language.table import findings


@dataclass(frozen=True)
class Said:
    """A wrong text: the code, the message, and the piece of the text that it is about."""

    name: str
    text: str
    code: str
    message: str
    piece: str
    help: str = ""


TABLE = [
    Said(
        "a layer gets a name where nothing flows",
        "model net()():\n    a = linear(4)\n    zeros(3) | a",
        "E407",
        "a layer's name is given by `layer`",
        "a = linear(4)",
        "write `layer a = linear(4)`",
    ),
    Said(
        "a layer gets a name of the file",
        'act = relu\nmodel net()(x: "b 4"): x | act',
        "E407",
        "a layer's name is given by `layer`",
        "act = relu",
        "write `layer act = relu`",
    ),
    Said(
        "a result of tensors and numbers",
        'model net(n=3)(x: "b 4"):\n    y = [x, n]\n    y',
        "E408",
        "`y` is not made of tensors alone",
        "y",
    ),
    Said(
        "a loss with an argument that it has not",
        'model net()(x: "b 4"):\n    x | linear 2\n    loss cross_entropy(foo=1)',
        "E202",
        "`cross_entropy` has no argument `foo`",
        "loss cross_entropy(foo=1)",
        "it takes ignore_index, reduction, label_smoothing",
    ),
    Said(
        "a loss with a value that it does not take",
        'model net()(x: "b 4"):\n    x | linear 2\n    loss cross_entropy(reduction="all")',
        "E206",
        "reduction of `cross_entropy` is one of 'none', 'mean', 'sum', not 'all'",
        'loss cross_entropy(reduction="all")',
    ),
    Said(
        "one tensor is spread among tensors",
        'def f()(x, y): x + y\nmodel net()(x: "b 4"): f()(*x)',
        "E205",
        "only a list can be spread with `*`",
        "*x",
    ),
    Said(
        "a function of numbers whose list is spread",
        'model net()(x: "b 4"): x | linear(max(*[1, 2]))',
        "E202",
        "`max` takes plain arguments here",
        "*[1, 2]",
    ),
    Said(
        "a function of numbers with a mistake is one mistake where it is used",
        'fn f(n): n + "a"\nmodel net()(x: "b 4"): x | linear(f(3)) | linear(f(4))',
        "E205",
        "`+` does not work on an int and a text",
        'n + "a"',
    ),
    Said(
        "dots are no place of a list of numbers",
        'model net(ns=[4, 5])(x: "b 4"): x | linear(ns[...])',
        "E407",
        "`...` can only stand in an index",
        "...",
    ),
    Said(
        "statements beside definitions that are no model's",
        'assert 1 > 0\nloss cross_entropy\nmodel net()(x: "b 4"): x',
        "E407",
        "this belongs into a model",
        "assert 1 > 0",
    ),
    Said(
        "nothing flows into a layer",
        "model net()(): relu()",
        "E201",
        "nothing flows into `relu()`",
        "relu()",
        "send a tensor through it",
    ),
    Said(
        "a number decides nothing and a tensor is joined to it",
        'model net()(x: "b 4"): where(b > 1 and x > 0, x, 2)',
        "E205",
        "`and` joins a static value and a tensor",
        "b > 1 and x > 0",
    ),
    Said(
        "what a condition without `else` may leave out is no result",
        'model net()(x: "b 4"):\n    if training:\n        x + 1',
        "E408",
        "`net` has no result",
        "net",
    ),
    Said(
        "what is wrong in a branch is the only mistake",
        'model net()(x: "b 4"):\n    if training:\n        x + "a"\n    else:\n'
        "        assert 1 > 0",
        "E205",
        '`"a"` is no tensor and no number',
        '"a"',
    ),
    Said(
        "what is wrong in the other branch is the only mistake",
        'model net()(x: "b 4"):\n    if training:\n        x\n    else:\n        x + "a"',
        "E205",
        '`"a"` is no tensor and no number',
        '"a"',
    ),
    Said(
        "what may be missing in one branch may be missing behind it",
        'model net()(x: "b 4", m: "b 4" = None, k: "b 4" = None):\n'
        "    y = x if k is None else m\n    x + y",
        "E301",
        "`y` may be missing here",
        "y",
        "decide with `if y is None`",
    ),
    Said(
        "stated axes that the result has not",
        'def f()(x: "b d") -> "b t d": x\nmodel net()(x: "b 4"): x | f()',
        "E306",
        '(b, 4) doesn\'t fit "b t d": it has 2 axes',
        '"b t d"',
    ),
    Said(
        "a stated axis named like one of the input",
        'def f()(x: "b d") -> "b d": x | linear 3\nmodel net()(x: "b 4"): x | f()',
        "E306",
        "`d` is 4, but the result has 3 there",
        '"b d"',
    ),
    Said(
        "two stated axes of one name",
        'model net()(x: "b 4 5") -> "b e e": x',
        "E306",
        "`e` is 4, but the result has 5 there",
        '"b e e"',
    ),
    Said(
        "a beginning of two parts of other shapes",
        'model net()(x: "b 4"):\n    param p: "4" = normal() + zeros(3)\n    x + p',
        "E301",
        "(4) and (3) can't be added",
        "normal() + zeros(3)",
    ),
    Said(
        "a list grows by a call",
        'model net()(x: "b 4"):\n    ys = [x]\n    ys.append(x + 1)\n    cat(ys, dim=1)',
        "E211",
        "lists have no `append`",
        "append",
        "write `ys = ys + [x + 1]`",
    ),
    Said(
        "a list grows by several",
        'model net()(x: "b 4"):\n    ys = [x]\n    ys.extend([x, x])\n    cat(ys, dim=1)',
        "E211",
        "lists have no `extend`",
        "extend",
        "write `ys = ys + [...]`",
    ),
    Said(
        "a list grows by nothing",
        'model net()(x: "b 4"):\n    ys = [x]\n    ys.append()\n    cat(ys, dim=1)',
        "E211",
        "lists have no `append`",
        "append",
        "write `ys = ys + [...]`",
    ),
    Said(
        "a list in one branch and a tensor in the other",
        'model net()(x: "b 4"):\n    if training:\n        y = [x]\n    else:\n        y = x\n'
        "    y[0]",
        "E406",
        "`y` is another list in each branch",
        "if training:\n        y = [x]\n    else:\n        y = x",
    ),
    Said(
        "a tensor's name becomes an empty list",
        'model net()(x: "b 4"):\n    y = x + 1\n    z = y * 2\n    y = []\n    y = y + [z]\n'
        "    cat(y, dim=1)",
        "E208",
        "`y` was a tensor before",
        "y",
        "take another name",
    ),
    Said(
        "a list's name becomes a number",
        'model net()(x: "b 4"):\n    y = [x, x]\n    z = cat(y, dim=1)\n    y = 4\n'
        "    z | linear y",
        "E208",
        "`y` was a tensor before",
        "y",
        "take another name",
    ),
    Said(
        "an axis's name becomes a tensor",
        'def f()(x: "b d"):\n    d = x * d\n    d\nmodel net()(x: "b 4"): x | f()',
        "E208",
        "`d` was the name of an axis before",
        "d",
        "take another name",
    ),
    Said(
        "a sum of tensors begins with a number",
        'model net()(x: "b 4"):\n    s = 1\n    for i in range(3):\n        s = s + x * i\n    s',
        "E208",
        "`s` was a static value before",
        "s",
        "begin with a tensor, `s = ones_like(x)`",
    ),
    Said(
        "a sum of tensors begins with zero, beside tensors of other shapes",
        'model net()(z: "b 7", x: "b 4"):\n    s = 0\n    for i in range(3):\n'
        "        s = s + x * i\n    s + mean(z)",
        "E208",
        "`s` was a static value before",
        "s",
        "begin with a tensor, `s = zeros_like(x)`",
    ),
    Said(
        "a stated size that the result has not",
        'model net()(x: "b 4") -> "b 5": x',
        "E306",
        "axis 1 of the result is 4, not 5",
        "5",
    ),
    Said(
        "a stated size of the last axis, whatever stands before it",
        'model net()(x: "b 3 4") -> "... 5": x',
        "E306",
        "axis 2 of the result is 4, not 5",
        "5",
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_what_is_said_of_which_piece(row: Said) -> None:
    (found,) = findings(row.text)
    assert (found.code, row.message in found.message) == (row.code, True), found.message
    assert found.span is not None and found.span.text.strip() == row.piece
    assert row.help in found.help


def _chain(first: str, next_: str, count: int, last: str) -> str:
    lines = [first, *(next_.format(i, i - 1) for i in range(1, count + 1)), last]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            _chain("a0 = 1", "a{} = a{}", 300, 'model net()(x: "b 4"): x | linear a300'),
            "values that need each other are more than 200 deep",
        ),
        (
            _chain("fn f0(x): x", "fn f{}(x): f{}(x)", 300, 'model net()(x: "b 4"): x | f300'),
            "functions are nested more than 200 deep",
        ),
    ],
)
def test_what_goes_too_deep_is_said_once(text: str, message: str) -> None:
    (found,) = findings(text)
    assert (found.code, found.message) == ("E509", message)


def test_advice_for_unknown_names_ends_some_time() -> None:
    lines = [f'    x = x | "l{{layer{n}}}": linear 4' for n in range(60)]
    text = "\n".join(['model net(layers=3)(x: "b 4"):', *lines, "    x | linear layers"])
    found = findings(text)
    assert {one.message for one in found} == {f"`layer{n}` is not defined" for n in range(60)}


def test_a_list_from_outside_may_be_too_long_to_go_over() -> None:
    text = 'model net(ns)(x: "b 4"): x | (linear 4 for n in ns)'
    (found,) = findings(text, "net", {"ns": [1] * 100_001})
    assert (found.code, found.message) == ("E511", "more than 100,000 rounds")


GROWS = 'model net(n=9)(x: "b 1"): x | cat(_, _[:, :1], dim=1) x n'


@pytest.mark.parametrize(("most", "codes"), [(8, ["E511"]), (9, [])])
def test_so_many_rounds_may_differ(most: int, codes: list[str]) -> None:
    spec = nndsl.parse(GROWS, limits=nndsl.Limits(items=most))
    found = [one for one in spec.check().diagnostics if one.severity == "error"]
    assert [one.code for one in found] == codes
    assert all(one.message == f"more than {most} rounds that differ" for one in found)
