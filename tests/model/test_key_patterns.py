"""Patterns of keys: what they match, what they fill in, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndsl.model.key_patterns import WrongPattern, read_pattern

FOUND = [
    ("fc.weight", "fc.weight", {}),
    ("fc.weight", "fcxweight", None),
    ("fc.weight", "a.fc.weight", None),
    ("a+b.(c)", "a+b.(c)", {}),
    ("a+b.(c)", "aab.c", None),
    ("h.{i}.weight", "h.12.weight", {"i": "12"}),
    ("h.{i}.weight", "h.1.2.weight", None),
    ("h.{i}.weight", "h..weight", None),
    ("layer{i}.w", "layer3.w", {"i": "3"}),
    ("layer{i}_{j}.w", "layer3_4.w", {"i": "3", "j": "4"}),
    ("bert.{rest...}", "bert.a.b", {"rest": "a.b"}),
    ("bert.{rest...}", "bert", {"rest": ""}),
    ("bert.{rest...}", "berta.b", None),
    ("{p...}.gamma", "a.b.gamma", {"p": "a.b"}),
    ("{p...}.gamma", "gamma", {"p": ""}),
    ("{p...}.gamma", "a.xgamma", None),
    ("{p...}.mid.{q...}", "a.mid.b.mid.c", {"p": "a", "q": "b.mid.c"}),
    ("{p...}.mid.{q...}", "mid", {"p": "", "q": ""}),
    ("a.{p...}.z", "a.z", {"p": ""}),
    ("a.{p...}.z", "a.b.c.z", {"p": "b.c"}),
    ("{all...}", "a.b", {"all": "a.b"}),
    ("{all...}", "", None),
]


@pytest.mark.parametrize(("pattern", "key", "wanted"), FOUND)
def test_matching(pattern: str, key: str, wanted: dict[str, str] | None) -> None:
    match = read_pattern(pattern).expression().fullmatch(key)
    found = match and {name: text or "" for name, text in match.groupdict().items()}
    assert found == wanted
    if wanted is not None:
        assert read_pattern(pattern).fill(wanted) == key


WRONG = [
    "", ".", "a..b", "a.", "{", "a}", "{}", "{1}", "{a b}", "{a.b}", "{a{b}}", "{...}",
    "{a}.{a}", "x{a...}", "{a...}x.b", "{a...}.{b...}", "{a...}.x.{b...}.y.{c...}", "{a}{b}{c}",
    "a" * 401,
]  # fmt: skip


@pytest.mark.parametrize("pattern", WRONG)
def test_refused(pattern: str) -> None:
    with pytest.raises(WrongPattern) as wrong:
        read_pattern(pattern)
    assert 0 <= wrong.value.start <= wrong.value.end <= len(pattern)


PARTS = st.lists(st.sampled_from(["a", "b", "0", "12", "a_b"]), min_size=1, max_size=6)
PIECES = st.lists(
    st.sampled_from(["a", "b", "{n}", "a{n}", "{p...}", "{q...}", "0"]), min_size=1, max_size=5
)


@given(PIECES, PARTS)
def test_what_was_found_fills_in_the_key(pieces: list[str], parts: list[str]) -> None:
    try:
        pattern = read_pattern(".".join(pieces))
    except WrongPattern:
        return
    key = ".".join(parts)
    match = pattern.expression().fullmatch(key)
    if match is not None:
        assert pattern.fill({name: text or "" for name, text in match.groupdict().items()}) == key
    assert (match is not None) == _fits(pieces, parts)


def _fits(pieces: list[str], parts: list[str]) -> bool:
    """Whether a pattern fits, tried in the simplest way."""
    if not pieces:
        return not parts
    first, *rest = pieces
    if first.endswith("...}"):
        return any(_fits(rest, parts[n:]) for n in range(len(parts) + 1))
    if not parts:
        return False
    begin = first.replace("{n}", "")
    if "{n}" not in first:
        fits = parts[0] == first
    else:
        fits = parts[0].startswith(begin) and len(parts[0]) > len(begin)
    return fits and _fits(rest, parts[1:])
