"""Mistakes one by one: what is said of each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.language.table import Refused, findings, refuse, rows

WRONG = [
    Refused(
        "spread lists with too many items among arguments",
        "a = range(99999)\ndef f(n)(x): x | linear n\n"
        'model net()(x: "b 4"): x | f(*a, *a)',
        "E511",
        "this list is too long",
    ),
    Refused(
        "spread lists with too many items in a list",
        'a = range(99999)\nmodel net()(x: "b 4"): x | linear(len([*a, *a]))',
        "E511",
        "this list is too long",
    ),
    Refused(
        "a tensor of too many axes",
        f'model net()(x: "b {"1 " * 60}"): x | {"unsqueeze(0) | " * 4} relu',
        "E301",
        "the result would have 65 axes; 64 are the most",
    ),
    Refused(
        "an index that adds too many axes",
        f'model net()(x: "b {"1 " * 60}"):\n    y = x[None, None]\n    y[None, None]\n',
        "E301",
        "the result would have 65 axes; 64 are the most",
    ),
    Refused(
        "a label of too many containers",
        f'model net()(x: "b 4"): x | "{"a." * 65}b": linear 4',
        "E509",
        "more than 64 containers",
    ),
    Refused(
        "a declared module in too many containers",
        f'model net()(x: "b 4"):\n    module "{"a." * 65}b": linear 4->4\n    x',
        "E509",
        "more than 64 containers",
    ),
    Refused(
        "spread lists of too many tensors for a definition",
        'def f()(x, y): x + y\nmodel net()(x: "b 9 9"):\n'
        "    a = [x for i in range(50001)]\n    f()(*a, *a)",
        "E511",
        "this list is too long",
    ),
    Refused(
        "spread lists of too many tensors for a function",
        'model net()(x: "b 9 9"):\n    a = [x for i in range(50001)]\n    cat(*a, *a, dim=1)',
        "E511",
        "this list is too long",
    ),
    Refused(
        "a weight with one number too many",
        'model net()(x: "b 4294967296"): x | linear 2147483648',
        "E510",
        "would be larger than any tensor",
    ),
    Refused(
        "rounds that don't go on",
        'model net()(x: "b 4"):\n    for i in range(1, 5, 0):\n        x = x + i\n    x',
        "E205",
        "`range` can't be called so",
    ),
    Refused(
        "too many rounds, some at a time",
        'model net()(x: "b 4"):\n    for i in range(0, 10 ** 15, 2):\n        x = x + i\n    x',
        "E511",
        "rounds",
    ),
    Refused(
        "an unknown parameter of one",
        'def f(n)(x): x | linear n\nmodel net()(x: "b 4"): x | f(qqq=1)',
        "E202",
        help="its parameter is n",
    ),
    Refused(
        "an unknown parameter of two",
        'def f(n, m)(x): x | linear(n + m)\nmodel net()(x: "b 4"): x | f(1, qqq=1)',
        "E202",
        help="its parameters are n, m",
    ),
    Refused(
        "a text where an int or None is wanted",
        "def f(n: int = None)(x): x | linear(3 if n is None else n)\n"
        'model net()(x: "b 4"): x | f(n="a")',
        "E205",
        "not a text",
    ),
    Refused(
        "None where an int is wanted",
        'def f(n: int = 3)(x): x | linear n\nmodel net()(x: "b 4"): x | f(n=None)',
        "E205",
        "None",
    ),
    Refused(
        "a declared definition that receives two sizes",
        'def block(n)(x): x | linear n\nmodel net()(x: "b 4", y: "b 5"):\n'
        "    module l: block(4)\n    l(x) + l(y)",
        "E301",
        "this module was made for another size",
    ),
    Refused(
        "a list times a text",
        'model net()(x: "b 4"): x | linear(([1, 2] * "a")[0])',
        "E205",
        "list and a text",
    ),
    Refused(
        "a list and a large number",
        'model net()(x: "b 4"): x | linear(([1, 2] + 10000000000)[0])',
        "E205",
        "list and an int",
    ),
    Refused(
        "an order that depends on the run",
        'model net()(x: "b 4", m: "b 4" = None):\n    if m is None:\n        order a, c\n'
        "    x | c: linear 4 | a: linear 4",
        "E405",
        "`order` is decided at construction",
    ),
    Refused(
        "parameters of the same names for a layer",
        'layer g = linear 3\nmodel net(n=5)(x: "b 4"): x | g(...)',
        "E204",
        "`...` passes parameters to a definition",
    ),
    Refused(
        "a result in a branch, an assertion behind it, is lost",
        'model net(c=True)(x: "b 4"):\n    if c:\n        x + 1\n        assert c\n    x',
        "E402",
        "`x + 1` is computed and never used",
    ),
    Refused(
        "a result in the other branch, an assertion behind it, is lost",
        'model net(c=False)(x: "b 4"):\n    if c:\n        assert c\n    else:\n        x + 1\n'
        "        assert not c\n    x",
        "E402",
        "`x + 1` is computed and never used",
    ),
    Refused(
        "is a parameter or buffer of this module",
        'model net()(x: "b 4"):\n    param p: "4" = 0\n    p = x + 1\n    x + p',
        "E208",
        "is a parameter or buffer of this module",
    ),
    Refused(
        "a loss takes plain arguments",
        'model net()(x: "b 4"):\n    x | linear 2\n    loss cross_entropy(*[1])',
        "E202",
        "a loss takes plain arguments",
    ),
    Refused(
        "can't be called",
        'model net()(x: "b 4"):\n    y = x + 1\n    y(x)',
        "E211",
        "can't be called",
    ),
    Refused(
        "tensors are given one by one",
        'model net()(x: "b 4"):\n    (relu)(x, 3->4)',
        "E204",
        "tensors are given one by one",
    ),
    Refused(
        "is a layer, not a condition",
        'model net()(x: "b 4"):\n    x | (relu if relu else tanh)',
        "E205",
        "is a layer, not a condition",
    ),
    Refused(
        "a parameter is float: it is learned",
        'model net()(x: "b 4"):\n    param p = zeros(4, dtype="int")\n    x + p',
        "E303",
        "a parameter is float: it is learned",
    ),
    Refused(
        "has one option",
        'model net()(x: "b 4"):\n    param p: "4" = 0, fast=True\n    x + p',
        "E202",
        "has one option",
    ),
    Refused(
        "is True or False",
        'model net()(x: "b 4"):\n    param p: "4" = 0, requires_grad=3\n    x + p',
        "E205",
        "is True or False",
    ),
    Refused(
        "a parameter's axes are sizes",
        'model net()(x: "b 4"):\n    param p: "4 ..." = 0\n    x + p',
        "E308",
        "a parameter's axes are sizes",
    ),
    Refused(
        "a name of the file has one value",
        'a, b = 3\nmodel net()(x: "b 4"): x | linear a',
        "E407 E201",
        "a name of the file has one value",
    ),
    Refused(
        "is not a layer",
        'layer l = 3\nmodel net()(x: "b 4"): x | l',
        "E205",
        "is not a layer",
    ),
    Refused(
        "a function takes plain arguments",
        'fn f(x, k): x + k\nmodel net()(x: "b 4"): f(x, 3->4)',
        "E204",
        "a function takes plain arguments",
    ),
    Refused(
        "takes 2 arguments, but gets 3",
        'fn f(x, k): x + k\nmodel net()(x: "b 4"): f(x, 3, 4)',
        "E204",
        "takes 2 arguments, but gets 3",
    ),
    Refused(
        "needs k",
        'fn f(x, k): x + k\nmodel net()(x: "b 4"): f(x)',
        "E203",
        "needs `k`",
    ),
    Refused(
        "gives no tensor",
        'fn f(x): 3\nmodel net()(x: "b 4"): x | f',
        "E408",
        "gives no tensor",
    ),
    Refused(
        "... stands first in the pattern of a model's input",
        'model net()(x: "b ... 4"): x',
        "E308",
        "`...` stands first in the pattern of a model's input",
    ),
    Refused(
        "takes a list of tensors",
        'def f()(xs: list "b d"): cat(xs, dim=1)\nmodel net()(x: "b 4"): f()(x)',
        "E307",
        "takes a list of tensors",
    ),
    Refused(
        "is given twice",
        'def f(l)(x): x | l(bias=True)\nmodel net()(x: "b 4"): f(linear(4, bias=False))',
        "E204",
        "is given twice",
    ),
    Refused(
        "a list has one index",
        'model net()(x: "b 4"):\n    ys = [x, x]\n    ys[0, 1]',
        "E205",
        "a list has one index",
    ),
    Refused(
        "a list has one index, again",
        'model net(ns=[1, 2])(x: "b 4"):\n    x | linear(ns[0, 1])',
        "E205",
        "a list has one index",
    ),
    Refused(
        "the list has 2 items",
        'model net()(x: "b 4"):\n    ys = [x, x]\n    ys[2]',
        "E206",
        "the list has 2 items",
    ),
    Refused(
        "this module takes one tensor",
        'model net()(x: "b 4"):\n    module l: relu | linear 4\n    l(x, x)',
        "E211",
        "this module takes one tensor",
    ),
    Refused(
        "is no tensor and no number",
        'model net()(x: "b 4"): x + "a"',
        "E205",
        "is no tensor and no number",
    ),
    Refused(
        "a model is a call of another model",
        "model a = relu",
        "E211",
        "a model is a call of another model",
    ),
    Refused(
        "each item is one tensor",
        'model net()(x: "b t 4"):\n    for a, c in unbind(x, dim=1):\n        x = x + a\n    x',
        "E205",
        "each item is one tensor",
    ),
    Refused(
        "rounds that the mode leaves out",
        'model net()(x: "b 4"):\n    hs = [x * i for i in [1, 2] if training]\n    cat(hs, dim=1)',
        "E405",
        "`training` is only known when the model runs",
    ),
    Refused(
        "rounds that an optional input leaves out",
        'model net()(x: "b 4", m: "b 4" = None):\n'
        "    x | (linear 4 for i in range(2) if m is not None and i > 0)",
        "E405",
        "`m is not None and i > 0` is only known when the model runs",
    ),
    Refused(
        "items of a list of tensors can't be left out",
        'model net()(x: "b t 4"):\n'
        "    ys = [y for y in unbind(x, dim=1) if mean(y) > 0]\n"
        "    cat(ys, dim=1)",
        "E405",
        "items of a list of tensors can't be left out",
    ),
    Refused(
        "can only grow by one item a round",
        'model net()(x: "b t 4"):\n'
        "    ys = []\n"
        "    for xt in unbind(x, dim=1):\n"
        "        ys = ys + [xt, xt]\n"
        "    cat(ys, dim=1)",
        "E406",
        "can only grow by one item a round",
    ),
    Refused(
        "is read in the loop in which it grows",
        'model net()(x: "b t 4"):\n'
        "    ys = []\n"
        "    for xt in unbind(x, dim=1):\n"
        "        ys = ys + [xt]\n"
        "        x = x + ys[0][:, None]\n"
        "    x",
        "E406",
        "is read in the loop in which it grows",
    ),
    Refused(
        "a pattern stands after one tensor",
        'model net()(x: "b t 4"):\n    x | lstm(5) | "b t d"',
        "E307",
        "a pattern stands after one tensor",
    ),
    Refused(
        "can't be spliced",
        'model net()(x: "b 4"):\n    n = 3\n    x | *n',
        "E211",
        "can't be spliced",
    ),
    Refused(
        "only a definition can be spliced",
        'model net()(x: "b 4"):\n    x | *relu',
        "E211",
        "only a definition can be spliced",
    ),
    Refused(
        "... passes parameters to a definition",
        'model net(n=3)(x: "b 4"): x | linear(...)',
        "E204",
        "`...` passes parameters to a definition",
    ),
    Refused(
        "takes one list",
        'model net()(x: "b 4"):\n'
        "    y = x\n"
        "    for v in reversed([x], [x]):\n"
        "        y = y + v\n"
        "    y",
        "E204",
        "takes one list",
    ),
    Refused(
        "takes no such argument",
        'model net()(x: "b 4"): sum(x, ...)',
        "E204",
        "takes no such argument",
    ),
    Refused(
        "works on numbers",
        'model net()(x: "b 4"): x | range',
        "E211",
        "works on numbers",
    ),
    Refused(
        "has no input foo",
        'model net()(x: "b t 4"):\n    multihead_attention(2)(x, x, x, foo=x)',
        "E202",
        "has no input `foo`",
    ),
    Refused(
        "input x is given twice",
        'def f()(x): x\nmodel net()(x: "b 4"): f()(x, x=x)',
        "E204",
        "input `x` is given twice",
    ),
    Refused(
        "can't fill a rim",
        'model net()(x: "b 3 4 4"): x | conv(8, 3, padding=6, padding_mode="reflect")',
        "E301",
        "can't fill a rim",
    ),
    Refused(
        "weighs rows only with mode",
        'model net()(ids: int "n", o: int "b", w: "n"): embedding_bag(10, 4)(ids, o, w)',
        "E301",
        "weighs rows only with mode",
    ),
    Refused(
        "has no scale_grad_by_freq",
        'model net()(ids: int "b 5"): embedding_bag(10, 4, mode="max", scale_grad_by_freq=True)',
        "E301",
        "has no scale_grad_by_freq",
    ),
    Refused(
        "has no sparse gradients",
        'model net()(ids: int "b 5"): embedding_bag(10, 4, mode="max", sparse=True)',
        "E301",
        "has no sparse gradients",
    ),
    Refused(
        "has no bag",
        'model net()(ids: int "n", o: int "1"):\n'
        "    embedding_bag(10, 4, include_last_offset=True)(ids, o)",
        "E301",
        "has no bag",
    ),
    Refused(
        "can't divide by 0",
        'model net()(x: "b 3 4 4"): x | avgpool(2, divisor_override=0)',
        "E301",
        "can't divide by 0",
    ),
    Refused(
        "has no scale to work out",
        'model net()(x: "b 3 4 4"): x | upsample(size=8, recompute_scale_factor=True)',
        "E301",
        "has no scale to work out",
    ),
    Refused(
        "is not a list",
        'model net()(x: "b t 4"):\n'
        "    ys = []\n"
        "    for xt in unbind(x, dim=1):\n"
        "        ys = ys + [xt]\n"
        "    zs = ys + x\n"
        "    cat(zs, dim=1)",
        "E205",
        "is not a list",
    ),
    Refused(
        "is a list of tensors and numbers",
        'fn f(xs): xs[0]\nmodel net()(x: "b 4"): f([x, 3])',
        "E205",
        "is a list of tensors and numbers",
    ),
    Refused(
        "is a list of tensors and numbers, again",
        'fn f(xs): xs[0]\nmodel net(n=3)(x: "b 4"): f([x, n])',
        "E205",
        "is a list of tensors and numbers",
    ),
    Refused(
        "begins at a number",
        'activation f(a="x"): a * x\nmodel net()(x: "b 4"): x | f',
        "E205",
        "begins at a number",
    ),
    Refused(
        'of shape "1" or one per channel',
        'activation f(a: "2 3" = 1): a * x\nmodel net()(x: "b 4"): x | f',
        "E308",
        'of shape "1" or one per channel',
    ),
    Refused(
        "is another list in each branch",
        'model net()(x: "b 4", m: "b 4" = None):\n'
        "    if m is None:\n"
        "        ys = [x]\n"
        "    else:\n"
        "        ys = [x, m]\n"
        "    cat(ys, dim=1)",
        "E406",
        "is another list in each branch",
    ),
    Refused(
        "the branches give different kinds of things",
        'model net()(x: "b 4", m: "b 4" = None):\n    y = m if m is not None else 3\n    x + y',
        "E406",
        "the branches give different kinds of things",
    ),
    Refused(
        "the branches give tensors of different kinds",
        'model net()(x: "b 4", m: int "b 4" = None):\n    y = m if m is not None else x\n    y * 2',
        "E406",
        "the branches give tensors of different kinds",
    ),
    Refused(
        "takes mean, std",
        'model net()(x: "b 4"):\n    param p: "4" = normal(scale=2)\n    x + p',
        "E202",
        "takes mean, std",
    ),
    Refused(
        "a choice between beginnings stands alone",
        'model net(n=1)(x: "b 4"):\n'
        '    param p: "4" = 2 * (normal() if n > 1 else uniform())\n'
        "    x + p",
        "E205",
        "a choice between beginnings stands alone",
    ),
    Refused(
        "a number is wanted here",
        'model net()(x: "b 4"):\n    param p: "4" = normal("a")\n    x + p',
        "E205",
        "a number is wanted here",
    ),
    Refused(
        "is a function; call it",
        'fn f(x): x + 1\nmodel net(n=f)(x: "b 4"): x',
        "E211",
        "is a function; call it",
    ),
    Refused(
        "nothing flows in here",
        "model net()(): _ + 1",
        "E201",
        "nothing flows in here",
    ),
    Refused(
        "takes no sizes",
        'model net()(x: "b 4"):\n    x | linear 4\n    init linear.weight: normal(3->4)',
        "E202",
        "takes no sizes",
    ),
    Refused(
        "the shape that y receives is not known",
        'def f()(y: "b d"): y | linear d\nmodel net(): f',
        "E305",
        "the shape that `y` receives is not known",
    ),
    Refused(
        "- does not work on lists of tensors",
        'model net()(x: "b 4"):\n    cat([x] - [x], dim=1)',
        "E205",
        "`-` does not work on lists of tensors",
    ),
    Refused(
        "may be missing here",
        'model net()(x: "b 4", m: "b 4" = None): x + m',
        "E301",
        "may be missing here",
    ),
    Refused(
        "is several tensors, but one is wanted here",
        'model net()(x: "b 4 5"):\n    lstm(5)(x) + 1',
        "E307",
        "is several tensors, but one is wanted here",
    ),
    Refused(
        "an activation can't be spliced",
        'activation f(a=1): a * x\nmodel net()(x: "b 4"): x | *f',
        "E211",
        "an activation can't be spliced",
    ),
    Refused(
        "differ in kind",
        'model net()(x: "b t 4", y: int "b"):\n'
        "    ys = []\n"
        "    for xt in unbind(x, dim=1):\n"
        "        ys = ys + [xt]\n"
        "    cat(ys + [y], dim=1)",
        "E205",
        "differ in kind",
    ),
]


@rows(WRONG)
def test_wrong(row: Refused) -> None:
    refuse(row)


BASE = 'model base(n=1, act=relu)(x: "b 4"): x | linear n | act\nmodel net = base(n=3)'


@pytest.mark.parametrize(
    ("model", "params", "code", "message", "help"),
    [
        ("base", {"k": 1}, "E202", "`base` has no parameter `k`", "its parameters are n, act"),
        ("base", {"acts": "relu"}, "E202", "`base` has no parameter `acts`", "`act`"),
        ("net", {"n": 1}, "E202", "`net` sets `n` itself", "its parameters are act"),
        ("base", {"act": "rleu"}, "E201", "`rleu` is not defined", "`relu`"),
        ("base", {"n": "two"}, "E205", "`n` of `base` is a number, not a text", "without quotes"),
    ],
)
def test_values_from_outside(
    model: str, params: dict[str, Any], code: str, message: str, help: str
) -> None:
    (found,) = findings(BASE, model, params)
    assert (found.code, found.message) == (code, message)
    assert help in found.help
