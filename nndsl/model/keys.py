"""Patterns of keys: ``*.weight``, in which ``*`` stands for any text, dots too."""

from __future__ import annotations

from nndsl.model.expr import Text
from nndsl.model.graph import Path

States = frozenset[int]


def begin(pattern: str) -> States:
    """Where in a pattern a key may stand before its first letter."""
    return _settled(pattern, {0})


def step(pattern: str, states: States, text: str) -> States:
    """Where it may stand behind a text."""
    for letter in text:
        if not states:
            break
        there = {s + (pattern[s] != "*") for s in states if pattern[s : s + 1] in ("*", letter)}
        states = _settled(pattern, there)
    return states


def along(pattern: str, states: States, path: Path) -> States:
    """Where it may stand behind a path; the number of a round may be any, as may a template's
    computed parts."""
    for place, part in enumerate(path):
        states = step(pattern, states, "." if place else "")
        for piece in part.parts if isinstance(part, Text) else (part,):
            known = isinstance(piece, str | int)
            states = step(pattern, states, str(piece)) if known else _numbers(pattern, states)
    return states


def _numbers(pattern: str, states: States) -> States:
    """Where it may stand behind a whole number."""
    found: States = frozenset()
    ahead = states
    while not ahead <= found:
        found |= ahead if ahead is not states else frozenset()
        ahead = frozenset(s for digit in "0123456789" for s in step(pattern, ahead, digit))
    return found


def is_end(pattern: str, states: States) -> bool:
    """Whether a key that ends here is one that the pattern means."""
    return len(pattern) in states


def _settled(pattern: str, states: set[int]) -> States:
    """With what a ``*`` that stands for nothing lets be reached, without what it makes needless.

    Whoever has come to a later ``*`` can go on with any text, so earlier places add nothing.
    """
    for place in sorted(states):
        while pattern[place : place + 1] == "*":
            place += 1
            states.add(place)
    stars = [place for place in states if pattern[place : place + 1] == "*"]
    last = max(stars, default=0)
    return frozenset(place for place in states if place >= last)
