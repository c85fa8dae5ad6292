"""Statements of a body."""

from __future__ import annotations

import pytest
import torch

import nndsl
from tests.language.table import Holds, Refused, findings, hold, refuse, rows

NET = 'model net()(x: "b 4"):\n    '
SEQ = 'model net()(x: "b t 4"):\n    '
PAIR = (2, 4)
STEPS = (2, 5, 4)
BOOL = torch.tensor([[True, False, True, False]])


def recurrent(net: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    """A cell over time, by hand."""
    h, states = torch.zeros(len(x), 6), []
    for step in x.unbind(1):
        h = net.cell(step, h)
        states.append(h)
    return torch.stack(states, 1)


RIGHT = [
    # names
    Holds(
        "a tensor", NET + "y = x | relu\n    y + y", "", [PAIR], equals=lambda n, x: 2 * x.relu()
    ),
    Holds("a static value", NET + "n = 4 * 2\n    linear n", None, [PAIR], (2, 8)),
    Holds(
        "a list of tensors",
        NET + "ys = [x, x * 2]\n    cat(ys, dim=1)",
        "",
        [PAIR],
        equals=lambda n, x: torch.cat([x, 2 * x], 1),
    ),
    Holds(
        "a list that grows",
        NET + "ys = []\n    for i in range(3):\n        ys = ys + [x * i]\n    cat(ys, dim=1)",
        "",
        [PAIR],
        equals=lambda n, x: torch.cat([0 * x, x, 2 * x], 1),
    ),
    Holds(
        "items of a list",
        NET + "ys = [x, x * 2, x * 3]\n    ys[0] + ys[-1] + cat(ys[1:], dim=1)[:, :4]",
        "",
        [PAIR],
        equals=lambda n, x: 6 * x,
    ),
    Holds(
        "a list with its places",
        NET + "y = x\n    for i, v in enumerate([x, x * 2]):\n        y = y + i * v\n    y",
        "",
        [PAIR],
        equals=lambda n, x: 3 * x,
    ),
    Holds(
        "two lists side by side",
        NET + "y = x\n    for a, c in zip([x, x * 2], reversed([x + 1, x])):\n"
        "        y = y + a * c\n    y",
        "",
        [PAIR],
        equals=lambda n, x: x + x * x + 2 * x * (x + 1),
    ),
    Holds(
        "the length of a list",
        NET + "ys = [x, x]\n    x * len(ys)",
        "",
        [PAIR],
        equals=lambda n, x: 2 * x,
    ),
    Holds(
        "side by side",
        NET + "ys = x | [linear w for w in [2, 3]]\n    cat(ys, dim=1)",
        None,
        [PAIR],
        (2, 5),
    ),
    Holds(
        "naming again",
        NET + "y = x + 1\n    y = y * 2\n    y",
        "",
        [PAIR],
        equals=lambda n, x: 2 * (x + 1),
    ),
    Holds(
        "naming an input again",
        NET + "x = x + 1\n    x * 2",
        "",
        [PAIR],
        equals=lambda n, x: 2 * (x + 1),
    ),
    Holds(
        "taking apart",
        NET + "a, (c, d) = [x, [x + 1, x + 2]]\n    a + c + d",
        "",
        [PAIR],
        equals=lambda n, x: 3 * x + 3,
    ),
    Holds(
        "taking static values apart", NET + "n, m = [2, 3]\n    linear(n * m)", None, [PAIR], (2, 6)
    ),
    Holds("several results", NET + "return x + 1, x + 2", "", [PAIR], (PAIR, PAIR)),
    Holds("several results without a word", NET + "x + 1, x + 2", "", [PAIR], (PAIR, PAIR)),
    Holds("return", NET + "y = x + 1\n    return y", "", [PAIR], equals=lambda n, x: x + 1),
    Holds(
        "a layer's name",
        'model net(fast=False)(x: "b 4"):\n    layer act = relu if fast else tanh\n    act | act',
        "",
        [PAIR],
        equals=lambda n, x: x.tanh().tanh(),
    ),
    Holds(
        "a layer's name with weights",
        NET + "layer lin = linear(4, bias=False)\n    lin | lin",
        "0.weight 1.weight",
    ),
    # conditions at construction
    Holds(
        "if",
        'model net(k=1)(x: "b 4"):\n    if k == 1:\n        y = x + 1\n    else:\n        y = x +'
        " 2\n    y * 2",
        "",
        [PAIR],
        equals=lambda n, x: 2 * (x + 1),
    ),
    Holds(
        "elif",
        'model net(k=2)(x: "b 4"):\n    if k == 1:\n        y = x + 1\n    elif k == 2:\n'
        "        y = x + 2\n    else:\n        y = x + 3\n    y * 2",
        "",
        [PAIR],
        equals=lambda n, x: 2 * (x + 2),
    ),
    Holds(
        "if without else",
        'model net(k=2)(x: "b 4"):\n    y = x\n    if k == 1:\n        y = x | linear 3\n    y * 2',
        "",
        [PAIR],
        equals=lambda n, x: 2 * x,
    ),
    Holds(
        "a result in each branch",
        'model net(k=2)(x: "b 4"):\n    if k == 1:\n        x + 1\n    else:\n        x + 2',
        "",
        [PAIR],
        equals=lambda n, x: x + 2,
    ),
    Holds(
        "the mode of the module",
        NET + "if training:\n        x = x + 1\n    x * 2",
        "",
        [PAIR],
        mode="train",
        equals=lambda n, x: 2 * (x + 1),
    ),
    Holds(
        "the other mode",
        NET + "if training:\n        x = x + 1\n    x * 2",
        "",
        [PAIR],
        equals=lambda n, x: 2 * x,
    ),
    Holds(
        "not the mode",
        NET + "if not training:\n        x = x + 1\n    else:\n        x = x + 2\n    x * 2",
        "",
        [PAIR],
        equals=lambda n, x: 2 * (x + 1),
    ),
    Holds(
        "not the mode, in training",
        NET + "if not training:\n        x = x + 1\n    else:\n        x = x + 2\n    x * 2",
        "",
        [PAIR],
        mode="train",
        equals=lambda n, x: 2 * (x + 2),
    ),
    Holds(
        "the mode as an expression",
        NET + "x + 1 if not training else x",
        "",
        [PAIR],
        equals=lambda n, x: x + 1,
    ),
    Holds(
        "a layer in a branch of the mode",
        NET + "if training:\n        x = x | noise: linear 4\n    x * 2",
        "noise.weight noise.bias",
        [PAIR],
        equals=lambda n, x: 2 * x,
    ),
    Holds(
        "an optional input of a model, given",
        'model net()(x: "b 4", y: "b 4" = None):\n    if y is not None:\n        x = x + y\n   '
        " x * 2",
        "",
        [PAIR, PAIR],
        equals=lambda n, x, y: 2 * (x + y),
    ),
    Holds(
        "an optional input of a model, not given",
        'model net()(x: "b 4", y: "b 4" = None):\n    if y is not None:\n        x = x + y\n   '
        " x * 2",
        "",
        [PAIR],
        equals=lambda n, x: 2 * x,
    ),
    Holds(
        "an optional mask",
        'model net()(x: "b 4", m: bool "b 4" = None):\n    x if m is None else where(m, x, 0)',
        "",
        [(1, 4), BOOL],
        equals=lambda n, x, m: x * m,
    ),
    # loops at construction
    Holds(
        "for",
        NET + "for i in range(3):\n        x = x + i\n    x",
        "",
        [PAIR],
        equals=lambda n, x: x + 3,
    ),
    Holds(
        "for over a list",
        NET + "for w in [5, 6]:\n        x = x | linear w\n    x",
        None,
        [PAIR],
        (2, 6),
    ),
    Holds(
        "for over pairs",
        NET + "for i, (w, b) in enumerate([[5, True], [6, False]]):\n"
        '        x = x | "l{i}": linear(w, b)\n    x',
        "l0.weight l0.bias l1.weight",
        [PAIR],
        (2, 6),
    ),
    Holds(
        "for without rounds",
        NET + "for i in range(0):\n        x = x | linear 3\n    x * 1",
        "",
        [PAIR],
        PAIR,
    ),
    Holds(
        "for over tensors",
        NET + "for part in [x + 1, x + 2]:\n        x = x * part\n    x",
        "",
        [PAIR],
        equals=lambda n, x: x * (x + 1) * (x + 2),
    ),
    Holds(
        "for over chunks",
        NET + "y = 0 * x[:, :2]\n    for part in chunk(x, 2, dim=1):\n        y = y + part\n    y",
        "",
        [PAIR],
        equals=lambda n, x: x[:, :2] + x[:, 2:],
    ),
    Holds(
        "a loop's variable is gone after it",
        "i = 3\n" + NET + "for i in range(2):\n        x = x + i\n    linear i",
        None,
        [PAIR],
        (2, 3),
    ),
    # loops at run time
    Holds(
        "a cell over time",
        'def encoder(width)(x: "b t d"):\n    h = zeros(size(x, 0), width)\n    states = []\n'
        "    for xt in unbind(x, dim=1):\n        h = xt | cell: gru_cell(width)(h)\n"
        "        states = states + [h]\n    stack(states, dim=1)\n\n" + SEQ + "a: encoder(6)",
        None,
        [STEPS],
        equals=lambda n, x: recurrent(n.a, x),
    ),
    Holds(
        "a carried value",
        SEQ + "h = x[:, 0]\n    for xt in unbind(x, dim=1):\n        h = h * 0.5 + xt\n    h",
        "",
        [STEPS],
        equals=lambda n, x: sum((x[:, i] * 0.5 ** (4 - i) for i in range(5)), x[:, 0] * 0.5**5),
    ),
    Holds(
        "two carried values",
        SEQ + "a = x[:, 0]\n    m = x[:, 0]\n    for xt in unbind(x, dim=1):\n"
        "        a = a + xt\n        m = maximum(m, xt)\n    a * m",
        "",
        [STEPS],
        equals=lambda n, x: (x.sum(1) + x[:, 0]) * x.amax(1),
    ),
    Holds(
        "gathering",
        SEQ + "module a: linear 3\n    stack([a(xt) for xt in unbind(x, dim=1)], dim=1)",
        "a.weight a.bias",
        [STEPS],
        equals=lambda n, x: n.a(x),
    ),
    Holds(
        "a list of a list that was built",
        NET + "ys = [x, x * 2]\n    zs = [y * i for i, y in enumerate(ys) if i > 0]\n"
        "    stack([y + zs[0] for y in ys], dim=1) | sum(dim=1)",
        "",
        [(2, 4)],
        equals=lambda n, x: 7 * x,
    ),
    Holds(
        "a gathered list joined with others",
        SEQ + "ys = [y * 2 for y in unbind(x, dim=1)]\n    a = x[:, 0]\n"
        "    cat([a] + ys + [a, a], dim=1)",
        "",
        [(2, 3, 4)],
        equals=lambda n, x: torch.cat([x[:, 0], 2 * x.flatten(1), x[:, 0], x[:, 0]], dim=1),
    ),
    Holds(
        "gathering expressions",
        SEQ + "stack([xt * 2 for xt in unbind(x, dim=1)], dim=1)",
        "",
        [STEPS],
        equals=lambda n, x: 2 * x,
    ),
    Holds(
        "a whole number and the float that equals it",
        'def f(n)(x: int "b 4"): x * n\nmodel net()(x: int "b 4"):\n    y = f(2.0)(x)\n'
        "    z = f(2)(x)\n    y, z",
        "",
        [torch.tensor([[1, 2, 3, 4]])],
        equals=lambda n, x: (2.0 * x, 2 * x),
    ),
    # parameters and buffers
    *[
        Holds(
            f"param = {init}",
            NET + f'param g: "4" = {init}\n    x * g',
            "g",
            [PAIR],
            equals=lambda n, x: x * n.g,
        )
        for init in (
            "zeros",
            "ones",
            "0.5",
            "1",
            "normal(0, 0.02)",
            "uniform(-0.1, 0.1)",
            "trunc_normal(std=0.02)",
            "1 / 2 ** 0.5",
            "ones * 0.5",
            "1 + normal(0, 0.1)",
            "log(arange(1, 5))",
        )
    ],
    Holds(
        "a parameter of the size of the input",
        'def f()(x: "b d"):\n    param g: "d" = zeros\n    x + g\n\n' + NET + "f",
        "0.g",
        [PAIR],
        equals=lambda n, x: x,
    ),
    Holds(
        "a parameter of several axes",
        'model net(n=3)(x: "b 4"):\n    param w: "{n} 4" = ones\n    x @ transpose(w, 0, 1)',
        "w",
        [PAIR],
        equals=lambda n, x: x.sum(1, keepdim=True).expand(2, 3),
    ),
    Holds(
        "a parameter that is not learned",
        NET + 'param g: "4" = ones, requires_grad=False\n    x * g',
        "g",
        [PAIR],
        equals=lambda n, x: x,
    ),
    Holds(
        "a buffer",
        NET + "buffer mask = tril(ones(4, 4))\n    x @ mask",
        "mask",
        [PAIR],
        equals=lambda n, x: x @ torch.ones(4, 4).tril(),
    ),
    Holds(
        "a buffer that is not saved",
        NET + "buffer k = arange(4), persistent=False\n    x * k",
        "",
        [PAIR],
        equals=lambda n, x: x * torch.arange(4),
    ),
    Holds(
        "a buffer with a shape",
        NET + 'buffer k: "4" = zeros\n    x + k',
        "k",
        [PAIR],
        equals=lambda n, x: x,
    ),
    Holds(
        "a buffer by another",
        NET + "buffer a = arange(4)\n    buffer c = a * 2\n    x * c",
        "a c",
        [PAIR],
        equals=lambda n, x: x * torch.arange(4) * 2,
    ),
    # modules
    Holds(
        "shared",
        'model net()(a: "b 4", c: "b 4"):\n    module enc: linear 3\n    (a | enc) + (c | enc)',
        "enc.weight enc.bias",
        [PAIR, PAIR],
        equals=lambda n, a, c: n.enc(a) + n.enc(c),
    ),
    Holds(
        "called",
        NET + "module enc: linear 4\n    enc(x) + enc(x * 2)",
        None,
        [PAIR],
        equals=lambda n, x: n.enc(x) + n.enc(2 * x),
    ),
    Holds(
        "a list of modules",
        NET + "module layers: [linear(4) for i in range(2)]\n    layers[0](x) + layers[1](x)",
        "layers.0.weight layers.0.bias layers.1.weight layers.1.bias",
        [PAIR],
        equals=lambda n, x: n.layers[0](x) + n.layers[1](x),
    ),
    Holds(
        "a module that goes unused",
        'model net(k=1)(x: "b 4"):\n    module c: linear 3->4\n    module a: linear 4\n    x | a',
        "c.weight c.bias a.weight a.bias",
        [PAIR],
        PAIR,
    ),
    Holds(
        "a tie to a module that goes unused",
        NET + "module c: embedding(5, 4)\n    x | a: linear 5\n    tie a.weight = c.weight",
        "c.weight a.weight a.bias",
        [PAIR],
        equals=lambda n, x: torch.nn.functional.linear(x, n.c.weight, n.a.bias),
    ),
    Holds(
        "a definition as a module",
        "def f(n)(x, y): (x | fc: linear n) + y\n\n"
        + NET
        + "module m: f(4)\n    m(x, x) + m(x, x * 2)",
        "m.fc.weight m.fc.bias",
        [PAIR],
        equals=lambda n, x: 2 * n.m.fc(x) + 3 * x,
    ),
    Holds(
        "a recurrent module",
        SEQ + "module enc: lstm(6, batch_first=True)\n    y, (h, c) = x | enc\n"
        "    z, _ = enc(x * 2)\n    y + z + h[0][:, None] * c[0][:, None]",
        None,
        [STEPS],
        (2, 5, 6),
    ),
    # order and ties
    Holds(
        "order",
        NET + "x | a: linear 4 | c: linear 4 | d: linear 4\n    order d, a",
        "d.weight d.bias a.weight a.bias c.weight c.bias",
    ),
    Holds(
        "order of parameters",
        NET + 'param a: "4" = ones\n    param c: "4" = ones\n    x * a * c\n    order c',
        "c a",
    ),
    Holds(
        "tie",
        NET
        + "x | a: linear(4, bias=False) | c: linear(4, bias=False)\n    tie c.weight = a.weight",
        "a.weight c.weight",
        [PAIR],
        equals=lambda n, x: x @ n.a.weight.T @ n.a.weight.T,
    ),
    Holds(
        "tie several",
        NET + "x | a: linear 4 | c: linear 4 | d: linear 4\n    tie c.weight, d.weight = a.weight",
        None,
        [PAIR],
        equals=lambda n, x: n.d(n.c(n.a(x))),
    ),
    Holds(
        "tie under a condition",
        'model net(tied=True)(ids: int "b t"):\n    embed: embedding 9->4 | head: linear(9,'
        " bias=False)\n    if tied:\n        tie head.weight = embed.weight",
        "embed.weight head.weight",
        [torch.tensor([[1, 2]])],
        equals=lambda n, i: n.embed(i) @ n.embed.weight.T,
    ),
    Holds(
        "tie with a parameter",
        NET + 'param w: "4 4" = normal(0, 1)\n    x @ w | a: linear(4, bias=False)\n'
        "    tie a.weight = w",
        "w a.weight",
        [PAIR],
        equals=lambda n, x: x @ n.w @ n.w.T,
    ),
    # assertions
    Holds(
        "an assertion that holds",
        'model net(n=4)(x: "b {n}"):\n    assert n % 2 == 0, "{n} is odd"\n    linear n',
    ),
    Holds("an assertion behind the result", NET + "linear 3\n    assert 1 < 2"),
    # what may go unused
    Holds(
        "one output of several",
        "def f()(x):\n    x + 1, x + 2\n" + NET + "a, c = x | f()\n    a",
        "",
        [PAIR],
    ),
    Holds(
        "dead in one branch",
        'model net(k=1)(x: "b 4"):\n    y = x | a: linear 4\n    if k == 1:\n        x + y\n'
        "    else:\n        x * 2",
        None,
        [PAIR],
        PAIR,
    ),
    Holds(
        "dead in the branch taken",
        'model net(k=2)(x: "b 4"):\n    y = x | a: linear 4\n    if k == 1:\n        x + y\n'
        "    else:\n        x * 2",
        None,
        [PAIR],
        PAIR,
    ),
    Holds(
        "dead in the last round",
        NET + "for i in range(2):\n        y = x * i\n        x = x + y\n    x",
        "",
        [PAIR],
    ),
    Holds("a parameter", 'model net(n=3)(x: "b 4"):\n    x * 2', "", [PAIR]),
]

WRONG = [
    Refused(
        "a value that is never used", NET + "y = x | linear 3\n    x | linear 2", "E402", "`y`", "|"
    ),
    Refused(
        "a result that is not the last",
        NET + "x | linear 3\n    x | relu",
        "E402",
        "",
        "begin the next line",
    ),
    Refused(
        "a module that nothing calls and whose sizes nobody says",
        NET + "module c: linear 4\n    x * 2",
        "E305",
        "`c`",
        "linear 784->10",
    ),
    Refused("a buffer of an input", SEQ + "buffer m = x\n    x + m", "E211", "flows"),
    Refused("a buffer of what flows", NET + "y = x * 2\n    buffer m = y[0]\n    y + m", "E211"),
    Refused(
        "a parameter of a buffer",
        NET + 'buffer m = ones(4)\n    param g: "4" = m / 2\n    x * g * m',
        "E211",
        "from a buffer",
    ),
    Refused(
        "a buffer of a parameter",
        NET + 'param g: "4" = ones\n    buffer m = g / 2\n    x * g * m',
        "E211",
        "from a parameter",
    ),
    Refused(
        "lists of the run of two lengths",
        'model net()(x: "b 3 4", y: "b 2 4"):\n'
        "    [a * c for a, c in zip(unbind(x, dim=1), unbind(y, dim=1))]",
        "E301",
        "3 and 2",
    ),
    Refused(
        "too few names for lists of the run",
        'model net()(x: "b 3 4"):\n    [a for a in zip(unbind(x, dim=1), unbind(x, dim=1))]',
        "E205",
        "2 tensors",
    ),
    Refused(
        "a list of the run with one that is none",
        'model net()(x: "b t 4"):\n    [a * c for a, c in zip(unbind(x, dim=1), [x, x])]',
        "E205",
        "goes with others only",
    ),
    Refused("a value overwritten unread", NET + "y = x + 1\n    y = x + 2\n    y", "E402", "`y`"),
    Refused("no result", NET + "y = x | linear 3", "E408"),
    Refused("only a number", NET + "3", "E408"),
    Refused("something behind return", NET + "return x\n    x = x + 1", "E407"),
    Refused(
        "another kind",
        NET + "y = x + 1\n    z = y\n    y = 3\n    linear(y) | _ + z[:, :3]",
        "E208",
        "`y`",
    ),
    Refused("a tensor's name for a layer", NET + "layer f = x\n    f", "E205"),
    Refused(
        "a condition on an open size",
        SEQ + "if t > 8:\n        x = x + 1\n    x * 2",
        "E405",
        "t > 8",
    ),
    Refused(
        "a condition on a tensor",
        NET + "if sum(x) > 0:\n        x = x + 1\n    x * 2",
        "E405",
        "",
        "where",
    ),
    Refused(
        "rounds of an open number", SEQ + "for i in range(t):\n        x = x + i\n    x", "E304"
    ),
    Refused(
        "a carried value that changes",
        SEQ + "h = x[:, 0]\n    for xt in unbind(x, dim=1):\n        h = cat(h, xt, dim=1)\n    h",
        "E406",
        "`h`",
    ),
    Refused(
        "a carried value that changes its kind",
        SEQ + "h = x[:, 0]\n    for xt in unbind(x, dim=1):\n        h = xt > 0\n    h",
        "E406",
        "`h`",
    ),
    Refused(
        "branches that differ",
        NET + "if training:\n        y = x\n    else:\n        y = x[:, :2]\n    y * 2",
        "E406",
    ),
    Refused(
        "a name of one branch",
        'model net(k=2)(x: "b 4"):\n    if k == 1:\n        y = x + 1\n    y * 2',
        "E201",
        "`y`",
    ),
    Refused(
        "a name of one mode", NET + "if training:\n        y = x + 1\n    y * 2", "E201", "`y`"
    ),
    Refused(
        "the variable of a loop",
        NET + "for i in range(2):\n        x = x + i\n    x * i",
        "E201",
        "`i`",
    ),
    Refused(
        "a parameter of open size",
        SEQ + 'param p: "t" = zeros\n    x * 2 + p[:, None]',
        "E304",
        "",
        "a number for `t`",
    ),
    Refused(
        "a list joined with what torch took apart",
        SEQ + "stack([x[:, 0]] + unbind(x, dim=1), dim=1)",
        "E205",
        "is not a list",
    ),
    Refused(
        "lists of tensors with other axes",
        SEQ + "cat([x] + [y * 2 for y in unbind(x, dim=1)], dim=1)",
        "E205",
        "differ in kind",
    ),
    Refused("a buffer of open size", SEQ + "buffer m = ones(t)\n    x + m[:, None]", "E304"),
    Refused(
        "an unknown start",
        NET + 'param p: "4" = nrmal(0, 1)\n    x * p',
        "E201",
        "`nrmal`",
        "normal",
    ),
    Refused("a start of another shape", NET + 'param p: "4" = ones(5)\n    x * p', "E301"),
    Refused("a parameter without a shape", NET + "param p = zeros\n    x * p", "E305"),
    Refused(
        "a module for another size",
        'model net()(x: "b 4", y: "b 5"):\n    module m: linear 3\n    m(x) + m(y)',
        "E301",
        "another size",
    ),
    Refused(
        "a module in a list that isn't there",
        NET + "module l: [linear(4) for i in range(2)]\n    x | l[2]",
        "E206",
        "2 modules",
    ),
    Refused(
        "a list of modules, called",
        NET + "module l: [linear(4) for i in range(2)]\n    x | l",
        "E211",
        "",
        "[0]",
    ),
    Refused(
        "a splice of what is wrong",
        'def f(ws): (linear w for w in ws)\n\nmodel net(ws=None)(x: "b 4"):\n'
        "    x | top: (*f(ws) | linear 1)",
        "E205",
        "a list is wanted",
    ),
    Refused("an order of nothing", NET + "x | fc: linear 3\n    order frist", "E404", "`frist`"),
    Refused(
        "a tie of nothing",
        NET + "x | fc: linear 4\n    tie fc.wait = fc.weight",
        "E404",
        "`fc.wait`",
        "fc.weight",
    ),
    Refused(
        "a tie of a round that isn't there",
        NET + "x | body: linear(4) x 5\n    tie body.5.weight = body.0.weight",
        "E404",
        "`body.5.weight`",
    ),
    Refused(
        "a tie before a layer without such a parameter",
        NET + "tie c.wait = a.weight\n    x | a: linear 4 | c: linear 4",
        "E404",
        "`c.wait`",
    ),
    Refused(
        "a tie of two shapes",
        NET + "x | a: linear 4 | c: linear 3\n    tie c.weight = a.weight",
        "E301",
        "shape",
    ),
    Refused(
        "an assertion that fails",
        'model net(n=3)(x: "b 4"):\n    assert n % 2 == 0, "{n} is odd"\n    linear n',
        "E409",
        "3 is odd",
    ),
    Refused(
        "a loss in a definition",
        "def f():\n    linear 3\n    loss cross_entropy\n\nlinear 4->4 | f",
        "E407",
    ),
    Refused("two losses", NET + "linear 3\n    loss cross_entropy\n    loss mse", "E208"),
]


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@rows(WRONG)
def test_wrong(row: Refused) -> None:
    refuse(row)


@pytest.mark.parametrize(
    ("init", "low", "high"),
    [
        ("zeros", 0, 0),
        ("ones", 1, 1),
        ("0.5", 0.5, 0.5),
        ("uniform(2, 3)", 2, 3),
        ("trunc_normal(0, 1, -0.5, 0.5)", -0.5, 0.5),
        ("normal(5, 0.01)", 4.9, 5.1),
        ("2 * uniform(2, 3) - 1", 3, 5),
    ],
)
def test_parameters_begin_as_written(init: str, low: float, high: float) -> None:
    net = nndsl.build(NET + f'param g: "4" = {init}\n    x * g')
    assert isinstance(net.g, torch.nn.Parameter)
    assert low <= net.g.min().item() <= net.g.max().item() <= high
    if low != high:
        assert net.g.min() < net.g.max()


def test_tied_weights_are_one_parameter() -> None:
    text = NET + "x | a: linear 4 | c: linear 4\n    tie c.weight = a.weight"
    net = nndsl.build(text)
    assert net.a.weight is net.c.weight
    assert len(list(net.parameters())) == 3


def test_a_tie_that_is_not_taken() -> None:
    text = (
        'model net(tied=True)(x: "b 4"):\n    x | a: linear 4 | c: linear 4\n    if tied:\n       '
        " tie c.weight = a.weight"
    )
    tied = nndsl.parse(text).build(tied=True)
    assert tied.a.weight is tied.c.weight
    net = nndsl.parse(text).build(tied=False)
    assert net.a.weight is not net.c.weight


def test_what_is_not_saved_moves_with_the_module() -> None:
    net = nndsl.build(NET + "buffer k = arange(4), persistent=False\n    x * k")
    assert "k" in dict(net.named_buffers())
    assert not net.state_dict()


def test_assertions_on_open_sizes_become_assumptions() -> None:
    report = nndsl.parse('model net()(x: "b t 4"):\n    assert t % 2 == 0\n    x * 2').check()
    assert report
    assert report.assumptions == {"net": ("`t` is a multiple of 2",)}


@pytest.mark.parametrize(
    ("loss", "made"),
    [
        ("cross_entropy", torch.nn.CrossEntropyLoss),
        ("mse", torch.nn.MSELoss),
        ("cross_entropy(label_smoothing=0.1)", torch.nn.CrossEntropyLoss),
        ("bce_with_logits", torch.nn.BCEWithLogitsLoss),
        ("nll_loss", torch.nn.NLLLoss),
        ("smooth_l1_loss(beta=0.5)", torch.nn.SmoothL1Loss),
    ],
)
def test_losses(loss: str, made: type) -> None:
    assert isinstance(nndsl.parse(NET + f"linear 3\n    loss {loss}").loss(), made)


def test_a_parameter_may_be_left_out_of_learning() -> None:
    head = 'model net(fixed=True)(x: "b 4"):\n'
    spec = nndsl.parse(head + '    param g: "4" = ones, requires_grad=not fixed\n    x * g')
    assert not spec.build().g.requires_grad
    assert spec.build(fixed=False).g.requires_grad
    assert "Non-trainable params: 4" in spec.summary()


def test_a_mistake_inside_a_labelled_group_is_reported_once() -> None:
    text = 'model net()(x: "b t d"):\n    x | head: (linear 4 | linear(d))'
    assert [d.code for d in findings(text)] == ["E304"]


def test_every_mistake_of_a_body_is_reported_once() -> None:
    text = (
        NET
        + "a = x | linear 7->3 | relu | tanh\n    c = x | relluu | linear 3\n    d = x | dropout"
        " 1.5\n    cat(a, c, d, dim=1) | linear 2"
    )
    assert [d.code for d in findings(text)] == ["E301", "E201", "E206"]


def test_a_mistake_in_a_definition_is_reported_once_however_often_it_is_used() -> None:
    text = "def f(n): linear n | dropout 1.5\n\nlinear 4->4 | f(3) | f(3) | f(4) | f(5) x 3"
    assert [d.code for d in findings(text)] == ["E206"]
