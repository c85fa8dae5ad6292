"""Pipelines and what their stages can be; layers, functions, several outputs."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from tests.language.table import Holds, Refused, hold, refuse, rows

NET = 'model net()(x: "b 4"):\n    '
IMG = 'model net()(x: "b 3 8 8"):\n    '
SEQ = 'model net()(x: "b t 4"):\n    '
TWO = 'model net()(x: "b 4", y: "b 4"):\n    '
MASKED = "def masked(n)(x, m): (x | fc: linear n) * m\n"
PAIR = (2, 4)


def flat(n: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    return F.linear(x, *n.parameters())


RIGHT = [
    Holds(
        "a layer of the file, spliced",
        'layer two = relu | linear 3\nmodel net()(x: "b 4"):\n    x | linear 5 | *two | linear 6',
        "0.weight 0.bias 2.weight 2.bias 3.weight 3.bias",
        [(2, 4)],
        (2, 6),
    ),
    # rule 2: a layer where a tensor is expected
    Holds("a pipeline that begins with a layer", NET + "linear 3 | relu", None, [PAIR], (2, 3)),
    Holds(
        "a body that begins with a layer, later",
        NET + "y = fc: linear 4\n    y + x",
        "fc.weight fc.bias",
        [PAIR],
        equals=lambda n, x: n.fc(x) + x,
    ),
    Holds(
        "the tensor flowing in",
        NET + "x | _ + 1 | _ * _",
        "",
        [PAIR],
        equals=lambda n, x: (x + 1) ** 2,
    ),
    Holds(
        "a residual",
        NET + "_ + (layernorm | a: linear 4)",
        None,
        [PAIR],
        equals=lambda n, x: x + n.a(F.layer_norm(x, (4,))),
    ),
    Holds(
        "two residuals",
        NET + "_ + (a: linear 4) | _ + (b: linear 4)",
        "a.weight a.bias b.weight b.bias",
        [PAIR],
        equals=lambda n, x: x + n.a(x) + n.b(x + n.a(x)),
    ),
    Holds(
        "branches",
        IMG + "cat(a: conv(5, 1), b: conv(6, 3, padding=1), dim=1)",
        "a.weight a.bias b.weight b.bias",
        [(2, 3, 8, 8)],
        (2, 11, 8, 8),
        equals=lambda n, x: torch.cat([n.a(x), n.b(x)], 1),
    ),
    Holds(
        "branches of pipelines",
        IMG + "cat(x | a: conv(5, 1) | relu, b: conv(6, 1) | tanh, dim=1)",
        None,
        [(2, 3, 8, 8)],
        equals=lambda n, x: torch.cat([n.a(x).relu(), n.b(x).tanh()], 1),
    ),
    Holds(
        "branches with the flow",
        IMG + "cat(_, a: conv(5, 1), dim=1) | b: conv(2, 1)",
        None,
        [(2, 3, 8, 8)],
        equals=lambda n, x: n.b(torch.cat([x, n.a(x)], 1)),
    ),
    Holds(
        "branches that are functions too",
        NET + "x | cat(relu, tanh, dim=1)",
        "",
        [PAIR],
        equals=lambda n, x: torch.cat([x.relu(), x.tanh()], 1),
    ),
    Holds(
        "branches of layers that are functions too",
        NET + "x | cat(_, linear 3, linear(2), dim=1)",
        None,
        [PAIR],
        (2, 9),
    ),
    Holds(
        "a layer on either side",
        NET + "(a: linear 3) * sigmoid(b: linear 3)",
        None,
        [PAIR],
        equals=lambda n, x: n.a(x) * n.b(x).sigmoid(),
    ),
    # rule 3: construct, then call
    Holds("a call on a tensor", NET + "linear(3)(x)", None, [PAIR], equals=flat),
    Holds("a call without arguments", NET + "relu()(x)", "", [PAIR], equals=lambda n, x: x.relu()),
    Holds(
        "what flows comes first",
        MASKED + TWO + "x | a: masked(4)(y)",
        "a.fc.weight a.fc.bias",
        [PAIR, PAIR],
        equals=lambda n, x, y: n.a.fc(x) * y,
    ),
    Holds(
        "unless it is read",
        MASKED + TWO + "x | a: masked(4)(y, _)",
        None,
        [PAIR, PAIR],
        equals=lambda n, x, y: n.a.fc(y) * x,
    ),
    Holds(
        "unless it is read at a depth",
        MASKED + TWO + "x | a: masked(4)(y, exp(_ * 2))",
        None,
        [PAIR, PAIR],
        equals=lambda n, x, y: n.a.fc(y) * torch.exp(2 * x),
    ),
    Holds(
        "unless a layer reads it",
        MASKED + TWO + "x | a: masked(4)(y, gate: linear 4)",
        None,
        [PAIR, PAIR],
        equals=lambda n, x, y: n.a.fc(y) * n.gate(x),
    ),
    Holds(
        "tensors by name",
        MASKED + TWO + "x | a: masked(4)(m=y)",
        None,
        [PAIR, PAIR],
        equals=lambda n, x, y: n.a.fc(x) * y,
    ),
    Holds(
        "a function takes what flows first",
        TWO + "x | minimum(y)",
        "",
        [PAIR, PAIR],
        equals=lambda n, x, y: torch.minimum(x, y),
    ),
    Holds(
        "a function reads what flows elsewhere",
        TWO + "x | cat(y, _, dim=1)",
        "",
        [PAIR, PAIR],
        equals=lambda n, x, y: torch.cat([y, x], 1),
    ),
    # the table of stages
    Holds(
        "bare arguments",
        IMG + "conv 6 kernel_size=3 padding=1 bias=False",
        None,
        [(2, 3, 8, 8)],
        (2, 6, 8, 8),
    ),
    Holds("bare sizes with an arrow", "linear 4->3", None, [PAIR], (2, 3)),
    Holds(
        "bare negative numbers",
        NET + "leaky_relu negative_slope=-1",
        "",
        [PAIR],
        equals=lambda n, x: x.abs(),
    ),
    Holds(
        "parentheses",
        IMG + "conv(2 * 3, 3, 2, padding=1, bias=False)",
        None,
        [(2, 3, 8, 8)],
        (2, 6, 4, 4),
    ),
    Holds("both sizes in parentheses", "linear(2 + 2 -> 3, bias=False)", None, [PAIR], (2, 3)),
    Holds("a definition", "def f(n): linear n | relu\n\nlinear 4->4 | f(3)", None, [PAIR], (2, 3)),
    Holds(
        "a definition without parentheses",
        "def f(): linear 3\n\nlinear 4->4 | f",
        None,
        [PAIR],
        (2, 3),
    ),
    Holds("a function", SEQ + "mean(dim=1)", "", [(2, 5, 4)], equals=lambda n, x: x.mean(1)),
    Holds(
        "an expression",
        SEQ + "x | _[:, 0] | _ * 2 + 1",
        "",
        [(2, 5, 4)],
        equals=lambda n, x: x[:, 0] * 2 + 1,
    ),
    Holds(
        "a pattern that asserts",
        'model net()(x: "b c h w"): "b 3 h w"',
        "",
        [(2, 3, 4, 4)],
        (2, 3, 4, 4),
    ),
    Holds(
        "a pattern that rearranges",
        IMG + '"b c h w -> b (h w) c"',
        "",
        [(2, 3, 8, 8)],
        equals=lambda n, x: x.flatten(2).transpose(1, 2),
    ),
    Holds(
        "a pattern that drops ones",
        IMG + 'adaptive_avgpool 1 | "b c 1 1 -> b c"',
        "",
        [(2, 3, 8, 8)],
        equals=lambda n, x: x.mean((2, 3)),
    ),
    Holds("a group", IMG + "(conv(6, 3) | relu)", "0.weight 0.bias", [(2, 3, 8, 8)], (2, 6, 6, 6)),
    Holds(
        "a repeat",
        NET + "block(4)x3",
        "0.0.weight 0.0.bias 1.0.weight 1.0.bias 2.0.weight 2.0.bias",
    ),
    Holds(
        "a repeat with a name",
        'model net(n=2)(x: "b 4"): (linear 4 | relu) x n',
        "0.weight 0.bias 2.weight 2.bias",
        [PAIR],
        (2, 4),
    ),
    Holds(
        "a repeat with an expression",
        'model net(n=2)(x: "b 4"): (linear 8 | relu) x(n - 1) | linear 3',
        "0.weight 0.bias 2.weight 2.bias",
        [PAIR],
        (2, 3),
    ),
    Holds(
        "no round",
        'model net(n=1)(x: "b 4"): (linear 8 | relu) x(n - 1) | linear 3',
        "0.weight 0.bias",
        [PAIR],
        (2, 3),
    ),
    Holds("no round of anything", 'model net(n=0)(x: "b 4"): linear 8 x n', "", [PAIR], PAIR),
    Holds(
        "rounds of differing sizes",
        "linear 4->4 | (linear(w) for w in [5, 6])",
        None,
        [PAIR],
        (2, 6),
    ),
    Holds(
        "a comprehension with a test",
        "linear 4->4 | (linear w for w in [5, 0, 6] if w > 0)",
        "0.weight 0.bias 1.weight 1.bias 2.weight 2.bias",
        [PAIR],
        (2, 6),
    ),
    Holds(
        "a comprehension over pairs",
        "linear 4->4 | (linear(w, bias=b) for w, b in [[5, True], [6, False]])",
        "0.weight 0.bias 1.weight 1.bias 2.weight",
    ),
    Holds(
        "a comprehension in a comprehension",
        "linear 4->4 | (linear(w * k) for w in [1, 2] for k in [3, 4])",
        " ".join(f"{i}.{p}" for i in range(5) for p in ("weight", "bias")),
        [PAIR],
        (2, 8),
    ),
    Holds(
        "a comprehension over numbers",
        "linear 4->4 | (linear(4 + i) for i in range(2))",
        None,
        [PAIR],
        (2, 5),
    ),
    Holds(
        "an empty comprehension",
        "linear 4->4 | (linear w for w in [])",
        "0.weight 0.bias",
        [PAIR],
        PAIR,
    ),
    Holds(
        "a conditional",
        'model net(n=3)(x: "b 4"): linear 4->4 | linear n if n != 4 else identity',
        None,
        [PAIR],
        (2, 3),
    ),
    Holds(
        "its other side",
        'model net(n=4)(x: "b 4"): linear n if n != 4 else tanh',
        "",
        [PAIR],
        equals=lambda n, x: x.tanh(),
    ),
    Holds(
        "an absent stage",
        'model net(p=0.0)(x: "b 4"): linear 4 | dropout p if p > 0 | linear 3',
        "0.weight 0.bias 1.weight 1.bias",
        [PAIR],
        (2, 3),
    ),
    Holds(
        "a stage that is there",
        'model net(p=0.5)(x: "b 4"): linear 4 | dropout p if p > 0 | linear 3',
        "0.weight 0.bias 2.weight 2.bias",
    ),
    Holds(
        "a chain of conditionals",
        'model net(k="b")(x: "b 4"): relu if k == "a" else tanh if k == "b" else sigmoid',
        "",
        [PAIR],
        equals=lambda n, x: x.tanh(),
    ),
    Holds(
        "a condition on a size of the input",
        'def f(n)(x: "b d"): linear n if d != n\nmodel net()(x: "b 4"): f(4) | f(3) | f(3)',
        "1.0.weight 1.0.bias",
        [PAIR],
        (2, 3),
    ),
    Holds(
        "a splice",
        "def f(n): linear n | relu\n\nlinear 4->4 | *f(3) | linear 2",
        "0.weight 0.bias 1.weight 1.bias 3.weight 3.bias",
        [PAIR],
        (2, 2),
    ),
    Holds(
        "a splice of labels",
        "def f(n): fc: linear n | relu\n\nin_: linear 4->4 | *f(3)",
        "in_.weight in_.bias fc.weight fc.bias",
        [PAIR],
        (2, 3),
    ),
    Holds(
        "a splice in a repeat",
        "def f(n): linear n | relu\n\nlinear 4->4 | (*f(4)) x 2",
        "0.weight 0.bias 1.weight 1.bias 3.weight 3.bias",
    ),
    Holds(
        "a named value",
        NET + "x | a: linear 4 as y | relu | _ + y",
        "a.weight a.bias",
        [PAIR],
        equals=lambda n, x: n.a(x) + n.a(x).relu(),
    ),
    Holds(
        "several named values",
        SEQ + "lstm(6, batch_first=True) as (y, (h, c)) | _[0][:, -1] + y[:, 0] + h[0] * c[0]",
        None,
        [(2, 5, 4)],
        (2, 6),
    ),
    # layers
    Holds(
        "case and underscores don't matter",
        NET + "LeakyReLU(0.2) | leaky_relu(0.2) | leakyrelu 0.2",
        "",
        [PAIR],
        equals=lambda n, x: torch.where(x > 0, x, x * 0.008),
    ),
    Holds(
        "norms infer their size",
        IMG + "batchnorm | groupnorm 3 | instancenorm",
        None,
        [(2, 3, 8, 8)],
    ),
    Holds(
        "another axis than the last",
        IMG + "layernorm(shape=[8, 8], eps=1e-6)",
        "0.weight 0.bias",
        [(2, 3, 8, 8)],
        equals=lambda n, x: F.layer_norm(x, (8, 8), eps=1e-6),
    ),
    Holds(
        "prelu has one slope",
        NET + "prelu",
        "0.weight",
        [PAIR],
        equals=lambda n, x: F.prelu(x, n[0].weight),
    ),
    Holds(
        "one, two, three dimensions",
        'model net()(a: "b 3 9", i: "b 3 9 9", v: "b 3 5 5 5"):\n    return a | conv(4, 3) |'
        " maxpool 2, i | conv(4, 3) | maxpool 2, v | conv(4, 3) | maxpool 2",
        None,
        [(1, 3, 9), (1, 3, 9, 9), (1, 3, 5, 5, 5)],
        ((1, 4, 3), (1, 4, 3, 3), (1, 4, 1, 1, 1)),
    ),
    Holds(
        "the same size",
        IMG + 'conv(3, 5, padding="same") | conv(3, 3, 2, padding="same", dilation=2)',
        None,
        [(2, 3, 8, 8)],
        (2, 3, 4, 4),
    ),
    Holds(
        "a layer of recurrent kind",
        SEQ + "y, (h, c) = x | rnn: lstm(6, batch_first=True)\n    y[:, -1] + h[-1] + c[-1]",
        None,
        [(2, 5, 4)],
        (2, 6),
    ),
    Holds(
        "one output by its index", SEQ + "lstm 6 | _[0] | linear 3", None, [(2, 5, 4)], (2, 5, 3)
    ),
    Holds(
        "outputs of a definition",
        'def f()(x: "b d"):\n    x * 2, x + 1\n' + NET + "one, two = x | f()\n    one * two",
        "",
        [PAIR],
        equals=lambda n, x: 2 * x * (x + 1),
    ),
    Holds(
        "one of several goes unused",
        SEQ + "y, _ = x | r: gru 6\n    y",
        None,
        [(2, 5, 4)],
        (2, 5, 6),
    ),
    # functions
    Holds(
        "a name that is both, as a stage",
        NET + "softmax",
        "",
        [PAIR],
        equals=lambda n, x: x.softmax(-1),
    ),
    Holds(
        "a name that is both, on a tensor",
        SEQ + "softmax(x, dim=1)",
        "",
        [(2, 5, 4)],
        equals=lambda n, x: x.softmax(1),
    ),
    Holds(
        "random in training only",
        NET + "dropout(x, 0.5) + dropout(x, 0.5)",
        "",
        [PAIR],
        equals=lambda n, x: 2 * x,
    ),
    Holds(
        "random in training",
        NET + "dropout(x, 0.5)",
        "",
        [(4, 4)],
        mode="train",
        equals=lambda n, x: F.dropout(x, 0.5),
    ),
    Holds(
        "operators",
        TWO + "x @ transpose(y, 0, 1) % 2 / 0.5",
        "",
        [PAIR, PAIR],
        equals=lambda n, x, y: x @ y.T % 2 / 0.5,
    ),
    Holds(
        "size", SEQ + "x * size(x, 2) + size(x, 1)", "", [(2, 5, 4)], equals=lambda n, x: x * 4 + 5
    ),
    Holds(
        "a size as the argument of a layer",
        SEQ + "x | linear(size(x, 2) // 2)",
        "0.weight 0.bias",
        [(2, 5, 4)],
        (2, 5, 2),
    ),
    Holds(
        "a size for a parameter without type",
        "def widen(n)(y): y | linear(2 * n)\n\n" + SEQ + "x | widen(size(x, 2))",
        "0.0.weight 0.0.bias",
        [(2, 5, 4)],
        (2, 5, 8),
    ),
    Holds(
        "a list for a size",
        NET + "reshape([-1, 2, 2])",
        "",
        [PAIR],
        equals=lambda n, x: x.view(2, 2, 2),
    ),
    Holds(
        "einsum",
        TWO + 'einsum("bi,bj->bij", x, y)',
        "",
        [PAIR, PAIR],
        equals=lambda n, x, y: torch.einsum("bi,bj->bij", x, y),
    ),
    Holds(
        "casts",
        NET + "float(int(x)) + float(bool(x))",
        "",
        [PAIR],
        equals=lambda n, x: x.long().float() + x.bool().float(),
    ),
    Holds(
        "slices",
        SEQ + "cat(x[..., :2], x[:, :, -2:], dim=-1)",
        "",
        [(2, 5, 4)],
        equals=lambda n, x: x,
    ),
    Holds(
        "attention",
        'model net()(q: "b h t 4"): scaled_dot_product_attention(q, q, q, is_causal=True)',
        "",
        [(2, 2, 5, 4)],
        equals=lambda n, q: F.scaled_dot_product_attention(q, q, q, is_causal=True),
    ),
    Holds(
        "a convolution of two tensors",
        'model net()(x: "b 3 8 8", w: "5 3 3 3"): conv2d(x, w, padding=1)',
        "",
        [(2, 3, 8, 8), (5, 3, 3, 3)],
        equals=lambda n, x, w: F.conv2d(x, w, padding=1),
    ),
    # numbers
    *[
        Holds(f"numbers: {text}", f"linear(4->({text}))", None, [PAIR], (2, size))
        for text, size in {
            "len([1, 2, 3])": 3,
            "sum([1, 2])": 3,
            "min(3, 5)": 3,
            "max([1, 3])": 3,
            "abs(-3)": 3,
            "round(2.6)": 3,
            "floor(3.9)": 3,
            "ceil(2.1)": 3,
            "int(3.7)": 3,
            "int(log2(8))": 3,
            "int(sqrt(9))": 3,
            "int(log(exp(3.1)))": 3,
            "int(float(3))": 3,
            "7 // 2": 3,
            "8 % 5": 3,
            "2 ** 2 - 1": 3,
            "sorted([5, 3])[0]": 3,
            "3 if any([False, True]) else 2": 3,
            "3 if all([True, True]) else 2": 3,
            "sum([a * b for a, b in zip([1, 1], [1, 2])])": 3,
            "reversed([1, 2, 3])[0]": 3,
            "[1, 2, 3][-1]": 3,
            "int(3 in [1, 3]) + 2": 3,
            "int(bool(2)) + 2": 3,
            "len(str(123))": 3,
        }.items()
    ],
]

WRONG = [
    Refused("no tensor for a layer", "y = 3\n\nlinear y", "E305", "", "->"),
    Refused("nothing says the size", "linear 256 | relu", "E305", "", "784->256"),
    Refused("the wrong size", "linear 4->8 | linear 7->3", "E301", "", "linear 3"),
    Refused("torch's order", IMG + "conv(3, 64, 3)", "E301", "", "conv(64, 3)"),
    Refused("a fraction for a size", "linear 4->8 | linear(8 / 2)", "E205", "", "//"),
    Refused("a tuple into a layer", SEQ + "lstm 6 | linear 3", "E307", "", "_[0]"),
    Refused(
        "outputs of a definition into a layer",
        'def f()(x: "b d"):\n    x * 2, x + 1\n' + NET + "x | f() | linear 3",
        "E307",
        "",
        "_[0]",
    ),
    Refused("a stage that ignores what flows in", TWO + "x | relu | y + 1", "E403"),
    Refused("a static stage", NET + "x | 3", "E205", "a number", "`linear 3`"),
    Refused("a layer of no rank", 'def f()(x): conv(3, 3)\nmodel net()(x: "b 4"): f', "E302"),
    Refused("a negative count", NET + "linear 4 x(0 - 1)", "E206"),
    Refused("a count that is no integer", NET + "linear 4 x(1.5)", "E205"),
    Refused("a probability", NET + "dropout 1.5", "E206"),
    Refused("two layers added", NET + "x | linear(4) + 3 | nonsense", "E201"),
    Refused(
        "a list of tensors as a result's stage", NET + "[linear(w) for w in [1, 2]] | relu", "E307"
    ),
    Refused(
        "taken apart wrongly", SEQ + "y, h, c = x | lstm 6\n    y + h + c", "E205", "3 names for 2"
    ),
    Refused("an axis that isn't there", SEQ + "mean(dim=3)", "E301"),
    Refused("an index that isn't there", SEQ + "x | lstm 6 | _[2]", "E301"),
    Refused("a splice of a layer", NET + "*linear(4)", "E211"),
    Refused("a label on a splice", "def f(n): linear n\n\nlinear 4->4 | a: *f(3)", "E407"),
    Refused("a number that is called", "n = 3\n\nlinear 4->4 | n(3)", "E211"),
    Refused("a condition on a tensor", NET + "relu if x > 0 else tanh", "E405", "", "where"),
    Refused("bias where it can't be", NET + "linear(3, 4, 5)", "E204"),
    Refused("an argument twice", NET + "linear(3, out_features=4)", "E204"),
]


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@rows(WRONG)
def test_wrong(row: Refused) -> None:
    refuse(row)
