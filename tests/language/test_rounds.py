"""Labelled rounds: what stands at which number of their container."""

from __future__ import annotations

from tests.language.table import Holds, hold, rows

TABLE = [
    Holds(
        "one layer or another takes the round's number itself",
        'model net()(x: "b 4"):\n    x | l: (linear(4, bias=False) if i > 0 else relu '
        "for i in range(3))",
        keys="l.1.weight l.2.weight",
    ),
    Holds(
        "a layer that is absent leaves its number free",
        'model net()(x: "b 4"): x | l: (linear(4, bias=False) if i != 1 for i in range(3))',
        keys="l.0.weight l.2.weight",
        given=((2, 4),),
        gives=(2, 4),
    ),
    Holds(
        "layers in parentheses are one layer",
        'model net()(x: "b 4"): x | l: (((linear(4, bias=False))) for i in range(2))',
        keys="l.0.weight l.1.weight",
    ),
    Holds(
        "where one side has several stages, both are groups",
        'model net()(x: "b 4"):\n    x | l: ((linear(4, bias=False) | relu) if i > 0 else '
        "linear(4, bias=False) for i in range(2))",
        keys="l.0.0.weight l.1.0.weight",
    ),
    Holds(
        "where the other side has several stages, both are groups",
        'model net()(x: "b 4"):\n    x | l: (linear(4, bias=False) if i > 0 else '
        "(linear(4, bias=False) | relu) for i in range(2))",
        keys="l.0.0.weight l.1.0.weight",
    ),
    Holds(
        "several stages that are absent leave their number free",
        'model net()(x: "b 4"):\n    x | l: ((linear(4, bias=False) | relu) if i != 1 '
        "for i in range(3))",
        keys="l.0.0.weight l.2.0.weight",
    ),
    Holds(
        "a condition in the other side of a condition",
        'model net()(x: "b 4"):\n    x | l: (linear(4, bias=False) if i == 0 else '
        "(linear(4, bias=False) if i == 2) for i in range(3))",
        keys="l.0.weight l.2.weight",
    ),
]


@rows(TABLE)
def test_keys(row: Holds) -> None:
    hold(row)
