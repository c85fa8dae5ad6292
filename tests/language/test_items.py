"""What a file holds: pipelines, definitions, models, activations, functions, names, imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

import nndsl
from tests.language.table import Holds, Refused, hold, refuse, rows

SOFT_STEP = "activation soft_step(alpha=1.0): where(x <= 0, 1 / (1 + alpha * exp(-x)), x)\n\n"
ROPE = (
    "fn rotate_half(x):\n    a, b = chunk(x, 2, dim=-1)\n    cat(-b, a, dim=-1)\n\n"
    "fn rope(t, cos, sin): t * cos + rotate_half(t) * sin\n\n"
)


def soft_step(x: torch.Tensor, alpha: Any = 1.0) -> torch.Tensor:
    return torch.where(x <= 0, 1 / (1 + alpha * torch.exp(-x)), x)


RIGHT = [
    # pipelines
    Holds("a pipeline", "linear 4->3 | relu", "0.weight 0.bias", [(2, 4)], (2, 3)),
    Holds("a pipeline with a loss", "linear 4->3\nloss cross_entropy\n", "0.weight 0.bias"),
    Holds("a pipeline with an assertion", "n = 3\nlinear 4->n\nassert n > 2\n", "0.weight 0.bias"),
    # definitions and models
    Holds(
        "a definition is one module",
        "def f(n): linear n\n\nlinear 4->8 | f(3)",
        "0.weight 0.bias 1.0.weight 1.0.bias",
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "a definition without inputs has one",
        "def f(n):\n    y = _ | relu\n    y + (y | fc: linear n)\n\nlinear 4->4 | f(4)",
        "0.weight 0.bias 1.fc.weight 1.fc.bias",
    ),
    Holds(
        "no parameters but inputs",
        'def gate()(x, y): x * sigmoid(y)\n\nmodel net()(x: "b 4", y: "b 4"): gate()(x, y)',
        "",
        [(2, 4), (2, 4)],
        equals=lambda n, x, y: x * y.sigmoid(),
    ),
    Holds(
        "a definition before and after its use",
        "def f(n): g(n) | relu\ndef g(n): linear n\n\nlinear 4->4 | f(3)",
        "0.weight 0.bias 1.0.0.weight 1.0.0.bias",
    ),
    Holds(
        "a model inside a model",
        'model a()(x: "b 4"): linear 3\nmodel b()(x: "b 4"): a | linear 2',
        "0.0.weight 0.0.bias 1.weight 1.bias",
        [(2, 4)],
        (2, 2),
        model="b",
    ),
    Holds(
        "a model that configures another adds no wrapper",
        'model net(width=3, depth=1)(x: "b 4"): linear(width) x depth\nmodel big = net(width=8)',
        "0.weight 0.bias 1.weight 1.bias",
        [(2, 4)],
        (2, 8),
        model="big",
        params={"depth": 2},
    ),
    Holds(
        "a configuration of a configuration",
        'model net(width=3, depth=1)(x: "b 4"): linear(width) x depth\n'
        "model wide = net(width=8)\nmodel deep = wide(depth=2)",
        "0.weight 0.bias 1.weight 1.bias",
        [(2, 4)],
        (2, 8),
        model="deep",
    ),
    # static parameters
    Holds(
        "a default names a parameter before it",
        "def f(c, mid=c): linear mid | linear c\n\nlinear 4->4 | f(3) | f(3, 5)",
        None,
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "every type of parameter",
        "def f(width: int, rate: float, bias: bool, mode: str, sizes: list[int], act: layer):\n"
        '    linear(width, bias) | dropout rate | act | linear(sizes[0]) if mode == "on"\n\n'
        'linear 4->4 | f(3, 0.5, False, "on", [2], tanh)',
        "0.weight 0.bias 1.0.weight 1.3.weight 1.3.bias",
        [(2, 4)],
        (2, 2),
    ),
    Holds(
        "an int where a float is wanted", "def f(rate: float): dropout rate\n\nlinear 4->4 | f(0)"
    ),
    Holds("a float for an int default", "def f(rate=0): dropout rate\n\nlinear 4->4 | f(0.5)"),
    Holds(
        "None leaves it open",
        "def f(n=None): linear n if n is not None\n\nlinear 4->4 | f() | f(3)",
        "0.weight 0.bias 2.0.weight 2.0.bias",
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "dots pass what has the same name",
        "def f(n, bias, act: layer): linear(n, bias) | act\n"
        'model net(n=3, bias=False, act: layer = tanh)(x: "b 4"): f(...)',
        "0.0.weight",
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "dots beside others",
        'def f(n, bias): linear(n, bias)\nmodel net(n=3, bias=True)(x: "b 4"): f(bias=False, ...)',
        "0.0.weight",
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "a star spreads a list",
        "rows = [[8, False], [3, True]]\ndef f(n, bias): linear(n, bias)\n\n"
        "linear 4->4 | (f(*row) for row in rows)",
        "0.weight 0.bias 1.0.weight 2.0.weight 2.0.bias",
    ),
    Holds(
        "a layer parameter is named after itself",
        'def f(body: layer)(x):\n    x + (x | body)\n\nmodel net()(x: "b 4"): f(linear(4))',
        "0.body.weight 0.body.bias",
        [(2, 4)],
        equals=lambda n, x: x + n[0].body(x),
    ),
    Holds(
        "a layer parameter that is a definition",
        "def f(body: layer)(x):\n    x + (x | body)\ndef g(n): linear n | relu\n\n"
        'model net()(x: "b 4"): f(g(4))',
        "0.body.0.weight 0.body.0.bias",
    ),
    Holds(
        "a layer parameter labelled where it is used",
        'def f(body: layer)(x):\n    x + (x | inner: body)\n\nmodel net()(x: "b 4"): f(linear(4))',
        "0.inner.weight 0.inner.bias",
    ),
    Holds(
        "a layer parameter with its arguments given in two places",
        'def f(act: layer)(x):\n    x | a: act(4)\n\nmodel net()(x: "b 4"): f(linear(bias=False))',
        "0.a.weight",
    ),
    Holds(
        "each use of a layer parameter has weights of its own",
        'def f(body: layer): body | body\n\nmodel net()(x: "b 4"): f(linear(4))',
        "0.0.weight 0.0.bias 0.1.weight 0.1.bias",
    ),
    Holds(
        "a layer alias of the file",
        "layer norm = batchnorm(eps=1e-3)\n\nlinear 4->4 | norm | norm",
        None,
        [(2, 4)],
        equals=lambda n, x: n[2](n[1](n[0](x))),
    ),
    # inputs
    Holds(
        "an optional input that is left out",
        'model net()(x: "b 4", y: "b 4" = None):\n    if y is None:\n        x * 2\n    else:\n    '
        "    x + y",
        "",
        [(2, 4)],
        equals=lambda n, x: 2 * x,
    ),
    Holds(
        "an optional input of a definition, decided per use",
        'def f()(x: "b d", m: "b d" = None):\n    if m is not None:\n        x = x * m\n    x |'
        ' linear d\n\nmodel net()(x: "b 4", m: "b 4"): f()(x) | f()(_, m)',
        None,
        [(2, 4), (2, 4)],
        (2, 4),
    ),
    Holds(
        "integers flow in",
        'model net()(ids: int "b t"): embedding 9->4',
        "0.weight",
        [torch.tensor([[1, 2]])],
        (1, 2, 4),
    ),
    Holds(
        "bools flow in",
        'model net()(x: "b t", m: bool "b t"): where(m, x, 0)',
        "",
        [(1, 2), torch.tensor([[True, False]])],
        equals=lambda n, x, m: torch.where(m, x, 0.0),
    ),
    Holds(
        "lists flow in",
        'def f()(xs: list "b 4"): cat(*xs, dim=1)\nmodel net()(x: "b 4"): f()([x, x * 2, x])',
        "",
        [(2, 4)],
        (2, 12),
    ),
    Holds(
        "sizes of an input are numbers",
        'def f()(x: "b c h w"):\n    x = x | conv(2 * c, 1)\n    x | conv(c + 1, 1)\n\n'
        'model net()(x: "b 3 8 8"): f',
        None,
        [(2, 3, 8, 8)],
        (2, 4, 8, 8),
    ),
    Holds(
        "a static value in a pattern",
        'model net(n=4)(x: "b {n}"): linear 3',
        None,
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "any size",
        'def f()(x: "b _ d"): linear d\nmodel net()(x: "b t 4"): f',
        None,
        [(2, 5, 4)],
        (2, 5, 4),
    ),
    Holds(
        "any axes",
        'def f()(x: "... d"): linear d\nmodel net()(x: "b t 4"): f',
        None,
        [(2, 5, 4)],
        (2, 5, 4),
    ),
    Holds(
        "the same size twice",
        'model net()(x: "b d", y: "b d"): x * y',
        "",
        [(2, 3), (2, 3)],
        (2, 3),
    ),
    # outputs
    Holds(
        "a stated output",
        'model net(n=3)(x: "b 4") -> "b {n}": linear n',
        None,
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "a stated output in sizes of the input",
        'def up(c)(x: "b ci h w") -> "b {c} {2*h} {2*w}": conv_transpose(c, 2, 2)\n'
        'model net()(x: "b 3 h w"): up(5)',
        None,
        [(1, 3, 4, 6)],
        (1, 5, 8, 12),
    ),
    Holds(
        "named outputs",
        'model net()(x: "b t 4") -> (hidden: "b t 4", pooled: "b 4"):\n    return x * 2, mean(x,'
        " dim=1)",
        "",
        [(2, 3, 4)],
        ((2, 3, 4), (2, 4)),
        equals=lambda n, x: n(x),
    ),
    Holds(
        "named outputs are taken by name",
        'def f()(x: "b t d") -> (hidden: "b t d", pooled: "b d"):\n    return x * 2, mean(x,'
        ' dim=1)\nmodel net()(x: "b t 4"):\n    y = x | f()\n    y.pooled + y.hidden[:, 0]',
        "",
        [(2, 3, 4)],
        equals=lambda n, x: x.mean(1) + 2 * x[:, 0],
    ),
    # activations
    Holds(
        "a learned activation",
        SOFT_STEP + "linear 4->4 | soft_step",
        "0.weight 0.bias 1.alpha",
        [(2, 4)],
        equals=lambda n, x: soft_step(n[0](x), n[1].alpha),
    ),
    Holds(
        "a start of its own",
        SOFT_STEP + "linear 4->4 | soft_step(alpha=0.5)",
        None,
        [(2, 4)],
        equals=lambda n, x: soft_step(n[0](x), 0.5),
    ),
    Holds(
        "one parameter a channel",
        'activation slope(beta: "c" = 0.25): where(x > 0, x, beta * x)\n\nmodel net()(x: "b 3 8'
        ' 8"): slope',
        "0.beta",
        [(2, 3, 8, 8)],
        equals=lambda n, x: torch.nn.functional.leaky_relu(x, 0.25),
    ),
    Holds(
        "one parameter a channel, after training",
        'activation slope(beta: "c" = 0.25): beta * x\n\nmodel net()(x: "b 3 8"): a: slope',
        "a.beta",
        [(2, 3, 8)],
        equals=lambda n, x: x * n.a.beta.view(3, 1),
    ),
    Holds(
        "a constant",
        "activation scaled(a=1.0, const k=2): a * x ** k\n\nlinear 4->4 | scaled(k=3)",
        "0.weight 0.bias 1.a",
        [(2, 4)],
        equals=lambda n, x: n[0](x) ** 3,
    ),
    # functions
    Holds(
        "functions",
        ROPE + 'model net()(x: "b 4", c: "4", s: "4"): x | rope(c, s)',
        "",
        [(2, 4), (4,), (4,)],
        equals=lambda n, x, c, s: x * c + torch.cat([-x[:, 2:], x[:, :2]], -1) * s,
    ),
    Holds(
        "a function of numbers",
        "fn double(n): 2 * n\n\nlinear(4->double(3))",
        None,
        [(2, 4)],
        (2, 6),
    ),
    Holds(
        "a function of numbers with a body",
        "fn rounded(n, k=8):\n    m = n // k\n    m * k\n\nlinear(4->rounded(17))",
        None,
        [(2, 4)],
        (2, 16),
    ),
    Holds(
        "one function of both",
        'fn twice(n): n + n\n\nmodel net()(x: "b 4"): linear(twice(3)) | twice',
        None,
        [(2, 4)],
        equals=lambda n, x: 2 * n.linear(x) if hasattr(n, "linear") else 2 * n[0](x),
    ),
    Holds(
        "pipes and patterns in a function",
        'fn heads(x, n): x | "b t (n d) -> b n t d" | _ * 2\n\nmodel net()(x: "b t 8"): x |'
        " heads(2)",
        "",
        [(2, 3, 8)],
        equals=lambda n, x: 2 * x.view(2, 3, 2, 4).transpose(1, 2),
    ),
    Holds(
        "a conditional in a function",
        'fn f(x, up=True): x * 2 if up else x / 2\n\nmodel net()(x: "b 4"): f | f(up=False) |'
        " f(False)",
        "",
        [(2, 4)],
        equals=lambda n, x: x / 2,
    ),
    # names
    Holds(
        "a name of the file",
        "gain = 1.5\n\nlinear 4->4 | _ * gain",
        None,
        [(2, 4)],
        equals=lambda n, x: 1.5 * (n.linear(x) if hasattr(n, "linear") else n[0](x)),
    ),
    Holds("a name by another", "b = 2 * a\na = 3\n\nlinear 4->b", None, [(2, 4)], (2, 6)),
    Holds(
        "a parameter hides a name of the file",
        'n = 5\nmodel net(n=3)(x: "b 4"): linear n',
        None,
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "a definition hides the prelude",
        "def block(n): linear(n, bias=False)\n\nlinear 4->4 | block(3)",
        "0.weight 0.bias 1.0.weight",
    ),
    Holds(
        "a definition hides a built-in layer",
        "def Linear(n): conv1d(n, 1)\n\nconv1d(3->4, 1) | Linear(2)",
        None,
        [(2, 3, 5)],
        (2, 2, 5),
    ),
]

WRONG = [
    Refused("a missing argument", "def f(n, k): linear n\n\nlinear 4->3 | f(3)", "E203", "`k`"),
    Refused(
        "a missing tensor", 'def f()(x, y): x + y\nmodel net()(x: "b 4"): f()(x)', "E203", "`y`"
    ),
    Refused("one argument too many", "def f(n): linear n\n\nlinear 4->3 | f(3, 4)", "E204", "`f`"),
    Refused(
        "one tensor too many",
        'def f()(x): x * 2\nmodel net()(x: "b 4"): f()(x, x)',
        "E204",
        "`f`",
    ),
    Refused(
        "defined twice", "def f(n): linear n\ndef f(n): relu\n\nlinear 4->3 | f(3)", "E208", "`f`"
    ),
    Refused(
        "two parameters of one name",
        "def f(n, n): linear n\n\nlinear 4->3 | f(3, 3)",
        "E145",
        "`n`",
    ),
    Refused(
        "two inputs of one name",
        'def f()(x, x): x\nmodel net()(x: "b 4"): f()(x, x)',
        "E145",
        "`x`",
    ),
    Refused(
        "a size that is a parameter already",
        'def f(c)(x: "b c"): linear c\nmodel net()(x: "b 4"): f(3)',
        "E208",
        "`c`",
        "{c}",
    ),
    Refused(
        "a layer for a number", "def f(n: int): linear n\n\nlinear 4->3 | f(relu)", "E205", "an int"
    ),
    Refused("a number for a layer", "def f(b: layer): b\n\nlinear 4->3 | f(3)", "E205", "a layer"),
    Refused(
        "a float for an int", "def f(n: int): linear n\n\nlinear 4->3 | f(3.0)", "E205", "an int"
    ),
    Refused(
        "a float for an int by its default", "def f(n=3): linear n\n\nlinear 4->3 | f(2.5)", "E205"
    ),
    Refused(
        "a text for a number by its default", 'def f(n=3): linear n\n\nlinear 4->3 | f("a")', "E205"
    ),
    Refused("a bool for an int", "def f(n: int): linear n\n\nlinear 4->3 | f(True)", "E205"),
    Refused(
        "a declared module for a template",
        'def f(b: layer): b\nmodel net()(x: "b 4"):\n    module m: linear 4\n    x | f(m) | m',
        "E211",
        "",
    ),
    Refused(
        "a definition by itself",
        "def f(n): linear n | f(n)\n\nlinear 4->3 | f(3)",
        "E210",
        "f -> f",
    ),
    Refused(
        "definitions in a circle",
        "def f(n): g(n)\ndef g(n): f(n)\n\nlinear 4->3 | f(3)",
        "E210",
        "f -> g -> f",
    ),
    Refused("a function by itself", "fn f(x): f(x) + 1\n\nlinear 4->3 | f", "E210", "f -> f"),
    Refused("a name by itself", "a = b\nb = a\n\nlinear 4->a", "E210"),
    Refused("a model by itself", "model a = b()\nmodel b = a()", "E210"),
    Refused(
        "state in a function", "fn f(x):\n    param g = ones\n    x * g\n\nlinear 4->3 | f", "E407"
    ),
    Refused(
        "a labelled layer with weights in a function",
        "fn f(x): x | (fc: linear 3)\n\nlinear 4->3 | f",
        "E407",
        "",
        "def",
    ),
    Refused(
        "a layer with weights in a function",
        "fn f(x): x | linear 3\n\nlinear 4->3 | f",
        "E407",
        "",
        "def",
    ),
    Refused("an import without a file", 'import "a.nn"\n\nlinear 4->3', "E209"),
    Refused("a stated output that differs", 'model net()(x: "b 4") -> "b 5": linear 3', "E306"),
    Refused(
        "a wrong number of outputs", 'model net()(x: "b 4") -> (a: "b 4", c: "b 4"): x * 2', "E306"
    ),
    Refused("a wrong dtype", 'model net()(ids: "b t"): embedding 9->4', "E303", "", "int"),
    Refused("floats as indices", 'model net()(x: "b t d"): x | embedding 9->4', "E303"),
    Refused("a group in an input's pattern", 'model net()(x: "b (h w)"): x * 2', "E308"),
]


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@rows(WRONG)
def test_wrong(row: Refused) -> None:
    refuse(row)


def test_a_pipeline_is_named_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "my-net.nn").write_text("linear 4->3 | relu")
    assert nndsl.load(tmp_path / "my-net.nn").models == ("my_net",)


def test_a_loss_is_the_models(tmp_path: Path) -> None:
    loss = nndsl.parse("linear 4->3\nloss cross_entropy(label_smoothing=0.1)\n").loss()
    assert isinstance(loss, torch.nn.CrossEntropyLoss)
    assert loss.label_smoothing == 0.1
    assert nndsl.parse("linear 4->3").loss() is None


@pytest.mark.parametrize("name", ["linear", "Linear", "LINEAR", "leaky_relu", "LeakyRelu"])
def test_hiding_what_is_built_in_is_a_warning(name: str) -> None:
    text = f"def {name}(n): conv1d(n, 1)\n\nconv1d(3->4, 1) | {name}(2)"
    found = nndsl.parse(text).check().diagnostics
    assert [(d.code, d.severity) for d in found] == [("W601", "warning")]


def test_named_outputs_are_a_named_tuple() -> None:
    net = nndsl.build(
        'model net()(x: "b 4") -> (double: "b 4", half: "b 4"):\n    return x * 2, x / 2\n'
    )
    out = net(torch.ones(1, 4))
    assert out.double.tolist() == [[2.0] * 4]
    assert out.half.tolist() == [[0.5] * 4]
    assert out._fields == ("double", "half")


def test_each_layer_parameter_has_weights_of_its_own() -> None:
    net = nndsl.build('def f(body: layer): body | body\n\nmodel net()(x: "b 4"): f(linear(4))')
    assert not torch.equal(net[0][0].weight, net[0][1].weight)
