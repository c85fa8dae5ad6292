"""Letters, words, lines, and how strongly things bind."""

from __future__ import annotations

import math

import pytest
import torch

import nndsl
from tests.language.table import Holds, Refused, findings, hold, refuse, rows

FLAT = 'model net()(x: "b 4"):\n    '
PAIR = 'model net()(x: "b 4", y: "b 4"):\n    '

RIGHT = [
    Holds("one line", "linear 4->3", "0.weight 0.bias", [(2, 4)], (2, 3)),
    Holds("windows line ends", "linear 4->3\r\n| relu\r\n", "0.weight 0.bias", [(2, 4)], (2, 3)),
    Holds("byte order mark", "\ufefflinear 4->3\n", "0.weight 0.bias", [(2, 4)], (2, 3)),
    Holds("no last line end", "linear 4->3 | relu", None, [(2, 4)], (2, 3)),
    Holds(
        "letters of any kind in comments",
        "# größer als 日本\nlinear 4->3  # ж\n",
        None,
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "a line that begins with a pipe goes on",
        "linear 4->8\n# between\n\n    | relu\n| linear 3\n",
        "0.weight 0.bias 2.weight 2.bias",
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "line ends in brackets mean nothing",
        "linear(\n  4 ->\n\n  3,  # out\n  bias=False,\n)\n",
        "0.weight",
        [(2, 4)],
        (2, 3),
    ),
    Holds("a body behind the colon", 'model net()(x: "b 4"): linear 3\n', "0.weight 0.bias"),
    Holds("digits in groups", "linear 4->1_000", None, [(2, 4)], (2, 1000)),
    Holds("decimals", FLAT + "x * 0.5 + 1e-1", "", [(2, 4)], equals=lambda n, x: x * 0.5 + 0.1),
    Holds("pi", FLAT + "x * pi", "", [(2, 4)], equals=lambda n, x: x * math.pi),
    Holds("inf", FLAT + "x | clamp(min=0, max=inf)", "", [(2, 4)], equals=lambda n, x: x.clamp(0)),
    Holds(
        "either quote",
        "model net()(x: 'b 4'):\n    'fc': linear 3\n",
        "fc.weight fc.bias",
    ),
    Holds(
        "the constants",
        FLAT + "a: linear(3, bias=False) | b: linear(3, bias=True) | clamp(0, max=None)",
        "a.weight b.weight b.bias",
    ),
    Holds("x as an input", FLAT + "x + 1", "", [(2, 4)], equals=lambda n, x: x + 1),
    Holds(
        "x beside a repeat",
        FLAT + "x | linear 4 x2 | linear(4) x 2 | (linear 4) x(1 + 1)",
        " ".join(f"{i}.{p}" for i in range(6) for p in ("weight", "bias")),
        [(2, 4)],
        (2, 4),
    ),
    Holds(
        "names that begin with x",
        FLAT + "x1 = x | relu\n    x3 = x1 * 2\n    x1 | a: linear(4) x2 | _ + x3",
        "a.0.weight a.0.bias a.1.weight a.1.bias",
    ),
    Holds("times is no repeat", FLAT + "x * 3", "", [(2, 4)], equals=lambda n, x: 3 * x),
    Holds(
        "soft keywords are names",
        'model net(order=2, tie=3)(model: "b 4", loss: "b 4", x: "b 4"):\n'
        "    param = model * order\n    buffer = loss * tie\n    fn = param + buffer\n    fn + x",
        "",
        [(2, 4), (2, 4), (2, 4)],
        equals=lambda n, a, b, c: 2 * a + 3 * b + c,
    ),
    Holds(
        "soft keywords as labels",
        FLAT + "x | model: linear 4 | param: linear 4 | order: linear 4 | layer: linear 4",
        " ".join(
            f"{n}.{p}" for n in ("model", "param", "order", "layer") for p in ("weight", "bias")
        ),
    ),
    Holds(
        "soft keywords as definitions",
        "def activation(n): linear n\ndef module(n): linear n\n\nlinear 4->4 | activation(3) |"
        " module(2)",
        "0.weight 0.bias 1.0.weight 1.0.bias 2.0.weight 2.0.bias",
    ),
    # how strongly things bind
    Holds(
        "plus before pipe",
        PAIR + "y + x | relu",
        "",
        [(2, 4), (2, 4)],
        equals=lambda n, x, y: (x + y).relu(),
    ),
    Holds(
        "minus to the left",
        PAIR + "x - y - 1",
        "",
        [(2, 4), (2, 4)],
        equals=lambda n, x, y: x - y - 1,
    ),
    Holds(
        "times before plus",
        PAIR + "x + y * 2",
        "",
        [(2, 4), (2, 4)],
        equals=lambda n, x, y: x + y * 2,
    ),
    Holds("power before sign", FLAT + "-x ** 2", "", [(2, 4)], equals=lambda n, x: -(x**2)),
    Holds("power to the right", FLAT + "x * 2 ** 3 ** 0", "", [(2, 4)], equals=lambda n, x: x * 2),
    Holds("power of a sign", FLAT + "x * 2 ** -1", "", [(2, 4)], equals=lambda n, x: x / 2),
    Holds(
        "matmul like times",
        'model net()(x: "b 4 4"):\n    x + x @ x',
        "",
        [(2, 4, 4)],
        equals=lambda n, x: x + x @ x,
    ),
    Holds(
        "comparison before not, not before and, and before or",
        FLAT + "where(not x > 0 and x > -1 or x > 1, x, 0)",
        "",
        [(2, 4)],
        equals=lambda n, x: torch.where((~(x > 0) & (x > -1)) | (x > 1), x, 0.0),
    ),
    Holds(
        "chained comparison of tensors",
        FLAT + "where(-1 < x <= 0.5, x, 0)",
        "",
        [(2, 4)],
        equals=lambda n, x: torch.where((x > -1) & (x <= 0.5), x, 0.0),
    ),
    Holds(
        "label over conditional",
        'model net(wide=True)(x: "b 4"):\n    a: linear 4 if wide else linear 3\n',
        "a.weight a.bias",
        [(2, 4)],
        (2, 4),
    ),
    Holds(
        "as over conditional",
        'model net(wide=False)(x: "b 4"):\n    relu if wide else tanh as y | y + _\n',
        "",
        [(2, 4)],
        equals=lambda n, x: 2 * x.tanh(),
    ),
    Holds(
        "calls and indexing bind tightest",
        FLAT + "-x[:, 0] ** 2",
        "",
        [(2, 4)],
        equals=lambda n, x: -(x[:, 0] ** 2),
    ),
]

WRONG = [
    Refused("a tab before a line", 'model net()(x: "b 4"):\n\tlinear 3\n', "E103", "tab"),
    Refused("a control character", "linear 4->\x0b3\n", "E101"),
    Refused("a zero-width character", "lin\u200bear 4->3\n", "E101", "U+200B"),
    Refused("letters outside ASCII", "linéar 4->3\n", "E102", "outside ASCII"),
    Refused("a ligature", "\ufb01: linear 4->3\n", "E102", "outside ASCII"),
    Refused(
        "a line that begins with an operator",
        'model net()(x: "b 4"):\n    x\n    + 1\n',
        "E136",
        "",
        "(",
    ),
    Refused("a number of 19 digits", "linear 4->1234567890123456789\n", "E510", "digits"),
    Refused("a text over two lines", 'model net()(x: "b\n4"): relu\n', "E107 E108 E107"),
    Refused(
        "x as a bare argument",
        "def f(x): linear x\n\nlinear 4->4 | f(3)\n",
        "E142",
        "",
        "linear(x)",
    ),
    Refused("a bracket that stays open", "linear(4->3\n", "E104"),
    Refused(
        "an expression as a bare argument", "linear 4->3+1\n", "E148", "bare", "`(linear 4->3) +1`"
    ),
    Refused("a keyword of Python", "class: linear 4->3\n", "E137"),
    Refused("no count behind the repeat sign", "linear 4->4 | relu x1_\n", "E201", "`x1_`"),
]


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@rows(WRONG)
def test_wrong(row: Refused) -> None:
    refuse(row)


@pytest.mark.parametrize(
    "name", ["forward", "train", "eval", "type", "to", "parameters", "half", "training", "__init__"]
)
def test_names_that_modules_have_are_no_labels(name: str) -> None:
    """Written plainly, in quotes, or as a part of a path."""
    for text in (f"{name}: linear 4->3", f'"{name}": linear 4->3', f'"a.{name}": linear 4->3'):
        found = findings(text)
        assert [one.code for one in found] == ["E207"], text
        assert f"{name.strip('_')}_" in found[0].help, text


@pytest.mark.parametrize("name", ["torch", "self", "len"])
def test_names_that_printing_needs_are_labels(name: str) -> None:
    net = nndsl.build(f"{name}: linear 4->3")
    assert list(net.state_dict()) == [f"{name}.weight", f"{name}.bias"]


@pytest.mark.parametrize("name", ["torch", "nn", "F", "Tensor", "self", "range", "super", "len"])
def test_names_that_printing_needs_are_no_values(name: str) -> None:
    """As an input, a value, a static parameter, a definition, a size."""
    texts = [
        f'model net()({name}: "b 4"):\n    {name} + 1',
        f'model net()(x: "b 4"):\n    {name} = x + 1\n    {name} * 2',
        f'model net({name}=3)(x: "b 4"):\n    x * {name}',
        f"def {name}(n): linear n\n\nlinear 4->4 | {name}(3)",
        f'model net()(x: "b {name}"):\n    x * {name}',
        f"fn {name}(a): a * 2\n\nlinear 4->4 | {name}",
    ]
    for text in texts:
        found = findings(text)
        assert [one.code for one in found] == ["E207"], text
        assert f"{name}_" in found[0].help, text


@pytest.mark.parametrize("name", ["forward", "train", "type"])
def test_names_that_modules_have_are_no_parameters(name: str) -> None:
    """A constructor may keep its arguments as attributes."""
    assert [d.code for d in findings(f'model net({name}=3)(x: "b 4"):\n    x * {name}')] == ["E207"]
