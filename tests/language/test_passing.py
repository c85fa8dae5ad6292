"""What is passed to definitions and layers: parameters of the same names, lists, layers."""

from __future__ import annotations

import pytest
import torch

import nndsl
from tests.language.table import Holds, Refused, hold, refuse, rows

SIZES = 'def f(n=3, m=2)(x): x | linear(n * m)\nmodel net(n=4, m=5)(x: "b 4"): x | '
TWO = 'def f(n, m)(x): x | linear(n) | linear(m)\nmodel net(ns=[3, 5], k=2)(x: "b 4"): x | '
LAYER = 'def f(l: layer)(x): x | l\nmodel net(c=True)(x: "b 4"): x | '


def _gives(name: str, text: str, size: int) -> Holds:
    return Holds(name, text, given=((2, 4),), gives=(2, size))


RIGHT = [
    _gives("all parameters of the same names", SIZES + "f(...)", 20),
    _gives("those that are not given by place", SIZES + "f(1, ...)", 5),
    _gives("those that are not given by name before", SIZES + "f(m=1, ...)", 4),
    _gives("those that are not given by name behind", SIZES + "f(..., m=1)", 4),
    _gives("all are given", SIZES + "f(1, 1, ...)", 1),
    _gives("a list of parameters", TWO + "f(*ns)", 5),
    _gives("a list that is written", TWO + "f(*[k, 3])", 3),
    _gives("a tuple that is written", TWO + "f(*(3, k))", 2),
    _gives("a list behind an argument", TWO + "f(4, *[k])", 2),
    _gives("a list before a name", TWO + "f(*[k], m=6)", 6),
    _gives("a size of the flow for a layer", LAYER + "linear(4->3)", 3),
    _gives("a layer that is called as passed", LAYER.replace("| l\n", "| l(7)\n") + "f(linear)", 7),
    _gives("one in brackets", LAYER.replace("| l\n", "| l(7)\n") + "f((linear))", 7),
    _gives("layers repeated", LAYER + "f((linear 6) x2)", 6),
    _gives("one of two layers", LAYER + "f(linear 6 if c else linear 7)", 6),
    _gives("a layer or none", LAYER + "f(linear 6 if not c else identity)", 4),
    _gives("layers by place", "def f(ls)(x): x | ls[1] | ls[0]\n"
           'model net()(x: "b 4"): x | f([linear 3, linear 5])', 3),
    Holds("an expression of the flow", LAYER + "f(_ * 2) | f(2 + _)", given=((2, 4),),
          equals=lambda net, x: 2 * x + 2),
    Holds("a function of tensors", LAYER + "f(mean(dim=1))", given=((2, 4),),
          equals=lambda net, x: x.mean(1)),
    Holds("layers one behind the other", LAYER + "f(relu | tanh)", given=((2, 4),),
          equals=lambda net, x: torch.tanh(torch.relu(x))),
]  # fmt: skip

WRONG = [
    Refused("twice", SIZES + "f(2, n=3)", "E204", "`n` is given twice"),
    Refused("one too many", SIZES + "f(*[1, 2, 3])", "E204", "takes 2 arguments, but gets 3"),
    Refused("no list", SIZES + "f(*n)", "E205", "a list is wanted here"),
    Refused("sizes of a definition", SIZES + "f(4->3)", "E211", "`f` takes no `->`"),
    Refused("names of a function", 'fn f(x, n=3): x * n\nmodel net(n=4)(x: "b 4"): x | f(...)',
            "E204", "a function takes plain arguments"),
    Refused("a declared module", 'def f(l: layer)(x): x | l\nmodel net()(x: "b 4"):\n'
            "    module m: linear 4->4\n    x | m | f(m)", "E211",
            "a declared module can't be passed as a layer", "pass the layer itself"),
    Refused("a tensor", LAYER + "f(x)", "E205", "`x` is a tensor", "tensors stand in the second"),
    Refused("a function that is not called", LAYER + "f(exp)", "E211", "`exp` is a function"),
    Refused("a number of a function", LAYER + "f(exp(2.0))", "E205", "is a layer, not a float"),
    Refused("a number", LAYER + "f(max(1, 2))", "E205", "is a layer, not an int"),
    Refused("a list of layers", LAYER + "f([relu, tanh])", "E205", "is a layer, not a list"),
]  # fmt: skip


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@rows(WRONG)
def test_refused(row: Refused) -> None:
    refuse(row)


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row.name)
def test_printed(row: Holds) -> None:
    spec = nndsl.parse(row.text, "net.nn")
    assert "class Net" in spec.codegen()
