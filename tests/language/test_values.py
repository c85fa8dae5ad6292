"""Numbers, lists, texts and conditions at construction: what they come to and what is refused."""

from __future__ import annotations

import pytest

import nndsl
from tests.language.table import Refused, refuse

NET = 'model net(k=3, m=None, s="a")(x: "b t 4"): x | linear({})'

HOLD = (
    # about sizes that only the run knows, whatever they are
    "t + 1 > t", "t < t + 1", "t <= t + 1", "not t + 1 <= t", "not t > t", "t >= t",
    "2 * t == t + t", "not 2 * t != t + t", "t > 0", "t >= 1", "not t < 1", "not t == t + 1",
    "t != t + 1", "t == t and k == 3", "not (t == 7 and k == 4)", "t == 7 or k == 3",
    "not (k == 4 and t == 7)", "not t + 1 < t < 5", "not 5 < t < t", "t is not None",
    "not t is None", "not t - t > 0",
    # about values
    "k is not None", "not k is None", "m is None", "not m is not None", "m == None",
    "not m != None", "1 < k < 4", "not 1 < k < 3", "1 < k <= 3", "not 3 < k <= 4", "s == 'a'",
    "s in ['a', 'b']", "s not in ['b']", "[1, 2] + [3] == [1, 2, 3]", "[1, 2] * 2 == 2 * [1, 2]",
    "len([1, 2] * -1) == 0", "'a' * 3 == 'aaa'", "s + 'b' == 'ab'", "2 ** 62 // 2 ** 60 == 4",
    "1 ** 1000000000000 == 1", "(-1) ** 1000000000000 == 1", "0 ** 1000000000000 == 0",
    "2 ** -1 == 0.5", "2 ** k == 8", "sum([k, 2]) == 5", "sorted([k, 2]) == [2, 3]",
    "range(k) == [0, 1, 2]", "range(4, 0, -2) == [4, 2]", "list_of(k) == [3, 3]",
    "[*[1, 2], *[k]] == [1, 2, 3]", "[i * k for i in [1, 2]] == [3, 6]",
    "[i for i in range(5) if i % 2] == [1, 3]",
    "[a + b for a, b in zip([1, 2], [3, 4])] == [4, 6]",
    "[i * a for i, a in enumerate([5, 6])] == [0, 6]", "reversed([1, 2]) == [2, 1]",
    "[a for a in [1, 2] for c in [a, 3]] == [1, 1, 2, 2]",
)  # fmt: skip
"""Conditions that hold, each decided when the model is constructed."""

WRONG = (
    ("t == 3", "E405", "`t == 3` can't be decided when the model is constructed"),
    ("t == 7 or k == 4", "E405", "can't be decided"),
    ("t == 7 and k == 3", "E405", "can't be decided"),
    ("t == True", "E405", "can't be decided"),
    ("t", "E405", "`t` can't be decided"),
    ("not t", "E405", "can't be decided"),
    ("t > 1", "E405", "can't be decided"),
    ("k < 'a'", "E205", "an int and a text can't be compared"),
    ("[1] < k", "E205", "a list and an int can't be compared"),
    ("1 + 'a'", "E205", "`+` does not work on an int and a text"),
    ("k + m", "E205", "`+` does not work on an int and None"),
    ("[1] + k", "E205", "`+` does not work on a list and an int"),
    ("k + [1]", "E205", "`+` does not work on an int and a list"),
    ("[1] + t", "E205", "`+` does not work on a list and a number"),
    ("[1] + (t + 1)", "E205", "`+` does not work on a list and a number"),
    ("[1, t] - [t]", "E205", "`-` does not work on a list and a list"),
    ("-s", "E205", "`-` does not work on a text"),
    ("k // 0", "E206", "division by zero"),
    ("k % (k - 3)", "E206", "division by zero"),
    ("0.0 ** -1", "E206", "division by zero"),
    ("10.0 ** 400", "E510", "this number is too large"),
    ("2 ** 1000000000000", "E510", "this number is too large"),
    ("(-2) ** 1000000000001", "E510", "this number is too large"),
    ("2 ** 63", "E510", "this number is too large"),
    ("-(2 ** 62) * 3", "E510", "this number is too large"),
    ("len(k)", "E205", "`len` can't be called so"),
    ("sqrt(-1)", "E205", "`sqrt` can't be called so"),
    ("max([])", "E205", "`max` can't be called so"),
    ("[1] * 100001", "E511", "this list is too long"),
    ("100001 * [1]", "E511", "this list is too long"),
    ("'ab' * 50001", "E511", "this text is too long"),
    ("range(100001)", "E511", "this loop has more than 100,000 rounds"),
    ("[*k]", "E205", "a list is wanted here"),
    ("[i for i in k]", "E205", "a list is wanted here"),
)

HELPS = (
    ("k + m", "give it a value, or decide with `... is None`"),
    ("[1] + k", "put what is added in brackets: `[...]`"),
    ("1 + 'a'", "numbers go into a text with braces"),
    ("'a' + 1", "numbers go into a text with braces"),
    ("[i for i in k]", "count with `range(k)`"),
    ("range(100001)", "it is not written out"),
)


@pytest.mark.parametrize("test", HOLD)
def test_decided(test: str) -> None:
    text = "fn list_of(n): [n, n]\n" + NET.format(f"5 if {test} else 6")
    net = nndsl.parse(text, "net.nn").build()
    assert net.get_parameter("0.weight").shape == (5, 4)


@pytest.mark.parametrize(("test", "code", "said"), WRONG)
def test_refused(test: str, code: str, said: str) -> None:
    refuse(Refused("", NET.format(f"5 if {test} else 6"), code, said))


@pytest.mark.parametrize(("test", "help"), HELPS)
def test_what_to_do(test: str, help: str) -> None:
    [found] = nndsl.parse(NET.format(f"5 if {test} else 6"), "net.nn").check().diagnostics
    assert help in found.help


LENGTH = 'a = {}\nmodel net()(x: "b 4"): x | linear(len(a))'


def test_as_many_items_as_the_limits_allow() -> None:
    few = nndsl.Limits(items=6)
    for text, holds in (
        ("[1, 2, 3, 4, 5, 6]", True),
        ("[1, 2, 3, 4, 5, 6, 7]", False),
        ("[[1, 2], [3, 4]]", True),
        ("[[1, 2], [3, 4], 5]", False),
        ("[[1, 2, 3, 4, 5], 1, 2, 3, 4, 5]", False),
        ("[1, 2, 3] + [4, 5, 6]", True),
        ("[1, 2, 3] + [4, 5, 6, 7]", False),
        ("[1, 2] * 3", True),
        ("[1, 2] * 4", False),
        ("range(6)", True),
        ("range(7)", False),
        ("range(0, 12, 2)", True),
        ("range(0, 13, 2)", False),
        ("[*range(3), *range(3)]", True),
        ("[*range(3), *range(4)]", False),
    ):
        report = nndsl.parse(LENGTH.format(text), "net.nn", limits=few).check()
        assert [one.code for one in report.diagnostics] == ([] if holds else ["E511"]), text


def test_lists_as_deep_in_each_other_as_the_limits_allow() -> None:
    few = nndsl.Limits(nesting=4)
    deeper = [f"a{n} = [a{n - 1}]" for n in range(1, 8)]
    for deep in range(1, 8):
        lines = ["a0 = [1]", *deeper[:deep], f'model net()(x: "b 4"): x | linear(len(a{deep}))']
        report = nndsl.parse("\n".join(lines), "net.nn", limits=few).check()
        assert [one.code for one in report.diagnostics] == ([] if deep <= 4 else ["E509"]), deep
