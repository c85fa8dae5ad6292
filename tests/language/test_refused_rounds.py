"""Mistakes in rounds: loops, comprehensions, lists that they make."""

from __future__ import annotations

from tests.language.table import Refused, refuse, rows

WRONG = [
    Refused(
        "rounds of a chain that the mode of the run would choose",
        'model net(n=4)(x: "b 4"):\n    x | (linear(4) for i in range(n) if training)',
        "E405",
        "`training` is only known when the model runs",
        "which rounds there are is decided at construction",
    ),
    Refused(
        "rounds of a list that an optional input would choose",
        'model net()(x: "b 4", m: "b 4" = None):\n'
        "    ys = [x | linear(4) for i in range(3) if m is None]\n    cat(x, *ys, dim=1)",
        "E405",
        "`m is None` is only known when the model runs",
    ),
    Refused(
        "items of a list of tensors that the mode of the run would choose",
        'model net()(x: "b 4"):\n    ys = [y * 2 for y in [x, x] if training]\n'
        "    cat(x, *ys, dim=1)",
        "E405",
        "`training` is only known when the model runs",
    ),
    Refused(
        "a list that is made at run time of lists",
        'model net()(x: "b t 4"):\n    zs = [[y, y * 2] for y in unbind(x, dim=1)]\n    zs[0][1]',
        "E205",
        "is no tensor",
        "make a list of each",
    ),
    Refused(
        "a list that is made at run time of numbers",
        'model net()(x: "b t 4"):\n    zs = [3 for y in unbind(x, dim=1)]\n    x * zs[0]',
        "E205",
        "is no tensor",
    ),
    Refused(
        "a list that grows at run time by lists",
        'model net()(x: "b t 4"):\n    zs = []\n    for y in unbind(x, dim=1):\n'
        "        zs = zs + [(y, y)]\n    zs[0][1]",
        "E205",
        "is no tensor",
    ),
    Refused(
        "repeats under one label in both branches of the run that differ in what they repeat",
        'model net(n=3)(x: "b 4"):\n    if training:\n        y = x | g: (linear 4 x(n))\n'
        "    else:\n        y = x | g: (linear(4, bias=False) x(n))\n    y | linear n",
        "E401",
        "two things under one name: `g`",
    ),
    Refused(
        "repeats under one label in both branches of the run that differ in how often",
        'model net(n=3)(x: "b 4"):\n    if training:\n        y = x | g: (linear 4 x(n))\n'
        "    else:\n        y = x | g: (linear 4 x(n + 1))\n    y | linear n",
        "E401",
        "two things under one name: `g`",
    ),
    Refused(
        "uses under one label in both branches of the run that differ in an argument",
        'def f(n)(x): x | linear n | linear 4\nmodel net()(x: "b 4"):\n    if training:\n'
        "        y = x | g: f(3)\n    else:\n        y = x | g: f(5)\n    y",
        "E401",
        "two things under one name: `g`",
    ),
    Refused(
        "an item of a declared list that isn't there",
        'model net(n=3)(x: "b 4"):\n    module ls: [linear(4) for i in range(n)]\n    x | ls[3]',
        "E206",
        "there are 3 modules here",
    ),
    Refused(
        "an item of a declared list by a text",
        'model net(n=3)(x: "b 4"):\n    module ls: [linear(4) for i in range(n)]\n    x | ls["a"]',
        "E206",
        "there are 3 modules here",
    ),
    Refused(
        "an item of a declared list by a truth",
        'model net(n=3)(x: "b 4"):\n    module ls: [linear(4) for i in range(n)]\n'
        "    x | ls[n > 1]",
        "E206",
        "there are 3 modules here",
    ),
]


@rows(WRONG)
def test_what_is_refused(row: Refused) -> None:
    refuse(row)
