"""Patterns of keys, followed letter by letter, against the standard library's."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st

from nndsl.model import keys
from nndsl.model.expr import Name, Text

PATTERNS = st.text("ab1.*", min_size=1, max_size=9)
KEYS = st.lists(st.sampled_from(["a", "b", "ab", "1", "10", "aab1"]), min_size=1, max_size=4)


@given(PATTERNS, KEYS)
def test_a_pattern_means_what_the_standard_library_says(pattern: str, path: list[str]) -> None:
    states = keys.along(pattern, keys.begin(pattern), tuple(path))
    assert keys.is_end(pattern, states) == fnmatchcase(".".join(path), pattern)


@given(PATTERNS, KEYS, st.integers(0, 120))
def test_the_number_of_a_round_may_be_any(pattern: str, path: list[str], number: int) -> None:
    name = Name("i", "loop")
    for part, text in ((name, str(number)), (Text(("a", name)), f"a{number}")):
        states = keys.along(pattern, keys.begin(pattern), (*path, part))
        if fnmatchcase(".".join([*path, text]), pattern):
            assert keys.is_end(pattern, states)
    if "*" not in pattern and "1" not in pattern:
        assert not keys.is_end(pattern, keys.along(pattern, keys.begin(pattern), (*path, name)))


@given(st.integers(1, 300))
def test_stars_cost_no_more_than_letters(stars: int) -> None:
    pattern = "*a" * stars
    states = keys.along(pattern, keys.begin(pattern), ("a" * 40,))
    assert len(states) < len(pattern) + 2
    assert keys.is_end(pattern, states) == (stars <= 40)
