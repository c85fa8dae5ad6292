"""Inputs whose shape the author left out show the one that all their users give."""

from __future__ import annotations

import pytest

import nndsl

HEAD = """
def inner(heads)(x: "b t d", seen): where(seen, x, 0.0)
def outer(heads)(x: "b t d", seen): inner(heads)(x, seen)
"""


def shown(spec: str) -> dict[str, str]:
    """The shapes in each class's docstring."""
    found, name = {}, ""
    for line in nndsl.codegen(spec).splitlines():
        if line.startswith("class "):
            name = line[6 : line.index("(")]
        elif "->" in line and "def " not in line:
            found[name] = line.strip().strip('".')
    return found


@pytest.mark.parametrize(
    ("model", "inner", "outer"),  # what `seen` and the result are, and what `seen` is
    [
        ('model m()(x: "b t 8", seen: bool "b t 1"): outer(2)(x, seen)',
         "seen (b, t, 1) -> (b, t, d)", "seen (b, t, 1)"),
        ('model m()(x: "b t 8", seen: bool "1 t 1"): outer(2)(x, seen) | inner(2)(_, seen)',
         "seen (1, t, 1) -> (b, t, d)", "seen (1, t, 1)"),
        ('model m()(x: "b t 8", s: bool "b t 1", r: bool "1 t 1"): outer(2)(x, s) | inner(2)(_, r)',
         "seen -> (b, seen_t, d)", "seen (b, t, 1)"),
    ],
)  # fmt: skip
def test_what_all_users_give(model: str, inner: str, outer: str) -> None:
    found = shown(HEAD + model)
    assert found["Inner"] == f"x (b, t, d), {inner}"
    assert found["Outer"] == f"x (b, t, d), {outer} -> (b, t, d)"
