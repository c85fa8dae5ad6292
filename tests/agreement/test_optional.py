"""Inputs that may be left out: what is joined with them, and lists that only some uses give."""

from __future__ import annotations

from tests.agreement.harness import check_agreement

JOINED = """
# what may be None in one branch may be None behind it; what was asked for is there
def either()(x: "b d", m: "b d" = None):
    y = m if m is not None else x
    x + y

model net(c=True)(x: "b 4", m: "b 4" = None, k: "b e" = None):
    w = x if c else m
    w = x * 2 if w is None else w + 1
    v = m
    if k is not None:
        v = x | linear 4
    if v is not None:
        w = w * v
    either()(w, m) + either()(w, x) + either()(w)
"""

LISTS = """
# a list that only some uses give; given by all it is asked no more
def some()(y, xs: list "b d" = None):
    if xs is not None:
        y = y + xs[0] * xs[1]
    y + 1

def every()(y, xs: list "b d" = None):
    if xs is None:
        y = y * 2
    else:
        y = y + xs[0]
    y | linear 4

model net()(x: "b 4"):
    a = some()(x) + some()(x, [x, x + 2]) + some()(x, [x, x, x])
    every()(a, [x]) + every()(a, [x, a])
"""


def test_what_may_be_missing_in_one_branch_may_be_missing_behind_it() -> None:
    assert check_agreement(JOINED).configurations


def test_lists_that_only_some_uses_give() -> None:
    assert check_agreement(LISTS).configurations
