"""Names in the state dict: labels, numbers, names, containers, order."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import nndsl
from tests.language.table import Holds, Refused, findings, hold, refuse, rows, same

NET = 'model net()(x: "b 4"):\n    '
HEAD = "def f(n): linear n | relu\ndef g(n)(x, y): (x | linear n) + y\n\n"
LIN = ("weight", "bias")


def keys(*names: str) -> str:
    """The keys of linear layers."""
    return " ".join(f"{name}.{part}" for name in names for part in LIN)


RIGHT = [
    # labels
    Holds("a label", NET + "fc: linear 3", keys("fc")),
    Holds(
        "labels are not values", NET + "y = x | y: linear 3\n    y * 2", keys("y"), [(2, 4)], (2, 3)
    ),
    Holds(
        "an expression that is passed as a layer takes no number",
        "def f(body: layer)(x): x | body | linear 4\n" + NET + "x | f(_ * 2) | f(relu)",
        keys("0.0", "1.1"),
    ),
    Holds(
        "a quoted label is a template",
        NET + 'for i in range(2):\n        x = x | "layer{i+1}": linear 4\n    x',
        keys("layer1", "layer2"),
    ),
    Holds(
        "a quoted label is a path",
        NET + '"layers.0": linear 4 | "layers.1": linear 4',
        keys("layers.0", "layers.1"),
    ),
    Holds(
        "a path of names",
        NET + '"body.first": linear 4 | "body.second": linear 4',
        keys("body.first", "body.second"),
    ),
    Holds("a deep path", NET + '"a.0.fc": linear 4 | "a.1.fc": linear 4', keys("a.0.fc", "a.1.fc")),
    Holds(
        "any name that a module takes",
        NET + '"block1-0": linear 4 | "b+c": linear 4 | "größe": linear 4',
        keys("block1-0", "b+c", "größe"),
    ),
    Holds(
        "a template of words",
        NET + 'x | ("{name}_fc": linear 4 for name in ["q", "k"])',
        keys("q_fc", "k_fc"),
    ),
    Holds(
        "a label covers a conditional",
        'model net(k=1)(x: "b 4"): a: linear 4 if k == 1 else linear(4, bias=False)',
        keys("a"),
    ),
    Holds(
        "an absent stage registers nothing",
        'model net(k=2)(x: "b 4"): x | a: linear 4 if k == 1 | c: linear 3',
        keys("c"),
    ),
    Holds(
        "branches that exclude each other may share a label",
        'model net(k=1)(x: "b 4"):\n    if k == 1:\n        y = x | a: linear 3\n    else:\n'
        "        y = x | a: linear(3, bias=False)\n    y",
        keys("a"),
    ),
    Holds(
        "branches of the mode may not, but both register",
        NET + "if training:\n        y = x | a: linear 3\n    else:\n        y = x | c: linear 3\n"
        "    y",
        keys("a", "c"),
    ),
    # numbered
    Holds("a body of one pipeline", NET + "linear 3 | relu | linear 2", keys("0", "2")),
    Holds(
        "a pipeline that begins with the input",
        NET + "x | linear 3 | relu | linear 2",
        keys("0", "2"),
    ),
    Holds(
        "layers without parameters count", NET + "identity | relu | dropout | linear 2", keys("3")
    ),
    Holds(
        "functions, patterns and expressions don't",
        NET + 'x | exp | linear 3 | _ * 2 | "b d -> b 1 d" | linear 2',
        keys("0", "1"),
    ),
    Holds(
        "absent stages don't",
        'model net(p=0)(x: "b 4"): linear 3 | dropout p if p > 0 | linear 2',
        keys("0", "1"),
    ),
    Holds(
        "groups are laid out flat",
        NET + "linear 3 | (relu | (linear 4 | relu)) | linear 2",
        keys("0", "2", "4"),
    ),
    Holds(
        "repeats are laid out flat", NET + "(linear 4 | relu) x 2 | linear 2", keys("0", "2", "4")
    ),
    Holds(
        "comprehensions are laid out flat",
        NET + "(linear w | relu for w in [5, 6]) | linear 2",
        keys("0", "2", "4"),
    ),
    Holds("a labelled group", NET + "head: (linear 3 | relu | linear 2)", keys("head.0", "head.2")),
    Holds("a labelled group of one stage", NET + "head: (linear 3)", keys("head.0")),
    Holds("a labelled layer", NET + "head: linear 3", keys("head")),
    Holds(
        "a labelled group with labels",
        NET + "head: (a: linear 3 | relu | c: linear 2)",
        keys("head.a", "head.c"),
    ),
    Holds("groups in groups", NET + "a: (linear 4 | c: (linear 4 | relu) | linear 4)", None),
    Holds(
        "a numbered body that isn't only layers",
        NET + "x | linear 4 | relu | _ * 2",
        keys("0"),
        [(2, 4)],
        equals=lambda n, x: 2 * n[0](x).relu(),
    ),
    Holds(
        "numbers behind names of values",
        'model net(n=3)(x: "b 4"):\n    m = 2 * n\n    linear m | relu | linear n',
        keys("0", "2"),
    ),
    # a use of a definition
    Holds("a use of a definition is one module", HEAD + NET + "f(3) | f(2)", keys("0.0", "1.0")),
    Holds(
        "however small", "def one(n): linear n\n\n" + NET + "one(3) | one(2)", keys("0.0", "1.0")
    ),
    Holds("a splice is not", HEAD + NET + "*f(3) | *f(2)", keys("0", "2")),
    Holds("a labelled use", HEAD + NET + "a: f(3)", keys("a.0")),
    # labelled repeats and comprehensions
    Holds(
        "a labelled repeat", NET + "blocks: linear(4) x3", keys("blocks.0", "blocks.1", "blocks.2")
    ),
    Holds(
        "a labelled repeat of a definition",
        HEAD + NET + "blocks: f(4) x2",
        keys("blocks.0.0", "blocks.1.0"),
    ),
    Holds(
        "a labelled repeat of several stages",
        NET + "blocks: (linear 4 | relu | linear 4) x2",
        keys("blocks.0.0", "blocks.0.2", "blocks.1.0", "blocks.1.2"),
    ),
    Holds(
        "a labelled repeat with labels inside",
        NET + "blocks: (a: linear 4 | relu) x2",
        keys("blocks.0.a", "blocks.1.a"),
    ),
    Holds(
        "a labelled comprehension",
        NET + "blocks: (linear w for w in [5, 6])",
        keys("blocks.0", "blocks.1"),
    ),
    Holds(
        "a labelled comprehension of several stages",
        NET + "blocks: (linear w | relu for w in [5, 6])",
        keys("blocks.0.0", "blocks.1.0"),
    ),
    Holds(
        "labels inside replace the numbers",
        NET + 'blocks: ("l{w}": linear w for w in [5, 6])',
        None,
        [(2, 4)],
        (2, 6),
    ),
    Holds(
        "no round at all",
        NET + "blocks: linear(4) x(0) | fc: linear 3",
        keys("fc"),
        [(2, 4)],
        (2, 3),
    ),
    Holds(
        "side by side under a label",
        NET + "y = heads: [linear w for w in [2, 3]]\n    cat(y, dim=1)",
        keys("heads.0", "heads.1"),
        [(2, 4)],
        (2, 5),
    ),
    # named
    Holds("named after itself", NET + "y = x | linear 4\n    y + x", keys("linear")),
    Holds(
        "and numbered by its place",
        NET + "y = x | linear 4\n    z = x | linear 4\n    y + z",
        keys("linear", "linear_1"),
    ),
    Holds(
        "whether taken or not",
        'model net(k=2)(x: "b 4"):\n    y = x\n    if k == 1:\n        y = x | linear 4\n'
        "    y + (x | linear 4)",
        keys("linear_1"),
    ),
    Holds("as it is spelled", NET + "y = x | Linear 4\n    y + x", None),
    Holds(
        "after the definition",
        HEAD + NET + "y = x | f(4)\n    y + (y | f(4))",
        keys("f.0", "f_1.0"),
    ),
    Holds(
        "in a loop it becomes a container",
        NET + "y = x\n    for i in range(2):\n        y = y + (y | linear 4)\n    y",
        keys("linear.0", "linear.1"),
    ),
    Holds("without parameters it makes no module", NET + "y = x | relu | softmax\n    y + x", ""),
    Holds("a label beside it", NET + "x | fc: linear 4 | linear 3", keys("fc", "linear")),
    # order
    Holds(
        "parameters before buffers before children",
        NET
        + 'y = x | fc: linear 4\n    buffer k = arange(4)\n    param g: "4" = ones\n    y * g + k',
        "g k fc.weight fc.bias",
    ),
    Holds(
        "each as written",
        NET + "s = x | two: linear 4\n    t = x | one: linear 4\n    s + t",
        keys("two", "one"),
    ),
    Holds(
        "what stands first in the text of a call",
        NET + "(x | a: linear 4) + (x | c: linear 4)",
        keys("a", "c"),
    ),
    *[
        Holds(
            f"an order of what may be absent: {extra}, {rounds}",
            'model net(extra=False, rounds=0)(x: "b 4"):\n    x | a: linear 4\n'
            "    | c: linear 4 if extra\n"
            '    | d: linear 4 | ("e.{i}": linear(4, bias=False) for i in range(rounds))'
            "\n    order e, d, c",
            keys,
            [(2, 4)],
            (2, 4),
            params={"extra": extra, "rounds": rounds},
        )
        for extra, rounds, keys in (
            (False, 0, "d.weight d.bias a.weight a.bias"),
            (True, 0, "d.weight d.bias c.weight c.bias a.weight a.bias"),
            (False, 1, "e.0.weight d.weight d.bias a.weight a.bias"),
        )
    ],
    Holds(
        "an order",
        NET + "x | a: linear 4 | c: linear 4 | d: linear 4\n    order c",
        keys("c", "a", "d"),
    ),
]

WRONG = [
    Refused("two things under one name", NET + "a: linear 3 | a: linear 2", "E401", "`a`"),
    Refused(
        "a layer and a parameter",
        NET + 'param a: "4" = ones\n    x * a | a: linear 2',
        "E401",
        "`a`",
    ),
    Refused("a layer and a container", NET + 'a: linear 4 | "a.0": linear 2', "E401", "`a`"),
    Refused(
        "one label in every round",
        NET + "for i in range(2):\n        x = x | a: linear 4\n    x",
        "E401",
        "`a`",
        "{i}",
    ),
    Refused(
        "a label that a name made",
        NET + "y = x | linear 4\n    y | linear: linear 3",
        "E401",
        "`linear`",
    ),
    Refused("an empty label", NET + '"": linear 3', "E207"),
    Refused("an empty part of a path", NET + '"a..b": linear 3', "E207"),
    Refused("a label on a function", NET + "a: exp", "E404"),
    Refused("an open size in a label", 'model net()(x: "b t 4"):\n    "l{t}": linear 3', "E304"),
]


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@rows(WRONG)
def test_wrong(row: Refused) -> None:
    refuse(row)


@pytest.mark.parametrize(
    ("text", "path", "kind"),
    [
        ("linear 4->3 | relu", "", nn.Sequential),
        ("def f(n): linear n | relu\n\nlinear 4->4 | f(3)", "1", nn.Sequential),
        (NET + "a: (linear 3 | relu)", "a", nn.Sequential),
        (NET + "a: (linear 3)", "a", nn.Sequential),
        (NET + "a: linear 3", "a", nn.Linear),
        (NET + "a: linear(4) x 2", "a", nn.Sequential),
        (NET + "a: (linear 4 | relu) x 2", "a", nn.Sequential),
        (NET + "a: (linear 4 | relu) x 2", "a.0", nn.Sequential),
        (NET + "a: (linear w for w in [5, 6])", "a", nn.Sequential),
        (HEAD + NET + "x | a: (g(4)(x) for i in range(2))", "a", nn.ModuleList),
        (NET + "a: (_ + (linear 4) for i in range(2))", "a", nn.ModuleList),
        (NET + '"a.0": linear 4 | "a.1": linear 4', "a", nn.ModuleList),
        (NET + '"a.b": linear 4 | "a.c": linear 4', "a", nn.Module),
        (
            NET + "y = x\n    for i in range(2):\n        y = y + (y | linear 4)\n    y",
            "linear",
            nn.ModuleList,
        ),
        (NET + "y = a: [linear w for w in [2, 3]]\n    cat(y, dim=1)", "a", nn.ModuleList),
        (
            NET + "module a: [linear(4) for i in range(2)]\n    a[0](x) + a[1](x)",
            "a",
            nn.ModuleList,
        ),
    ],
)
def test_containers(text: str, path: str, kind: type) -> None:
    made = nndsl.build(text).get_submodule(path)
    assert type(made) is kind or kind is nn.Module and isinstance(made, kind)


def test_a_sequential_is_torchs_own() -> None:
    net = nndsl.build("linear 4->3 | relu | linear 2")
    assert type(net) is nn.Sequential
    same(net, nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)), torch.randn(2, 4))


def test_weights_are_drawn_in_the_order_of_the_keys() -> None:
    text = 'model net()(x: "b 4"):\n    x | a: linear 4 | c: linear 4\n    order c'
    net = nndsl.parse(text).build(seed=3)
    torch.manual_seed(3)
    first, second = nn.Linear(4, 4), nn.Linear(4, 4)
    assert torch.equal(net.c.weight, first.weight)
    assert torch.equal(net.a.weight, second.weight)


def test_names_without_labels_are_noted() -> None:
    text = 'model net()(x: "b 4"):\n    y = x | linear 4\n    y + (x | linear 4)'
    found = nndsl.parse(text).check().diagnostics
    assert [(d.code, d.severity) for d in found] == [("W602", "note")]
    assert "linear_1" in found[0].message + found[0].help + "".join(
        one.text for one in found[0].labels
    )
    assert not nndsl.parse("linear 4->4 | relu | linear 3").check().diagnostics


def test_the_label_of_a_condition_names_both_its_sides() -> None:
    text = 'model net(n=1)(x: "b 4"): x | head: (linear 4 if n > 0 else linear(3))'
    assert not nndsl.parse(text).check().diagnostics


@pytest.mark.parametrize("rounds", [0, 1, 3])
def test_a_repeat_makes_as_many_as_it_says(rounds: int) -> None:
    net = nndsl.parse('model net(n=2)(x: "b 4"): blocks: block(4) x n | head: linear 3').build(
        n=rounds
    )
    assert list(net.state_dict()) == (
        keys(*(f"blocks.{i}.0" for i in range(rounds)), "head").split()
    )


def test_two_mistakes_of_names_are_both_reported() -> None:
    found = findings('model net()(x: "b 4"):\n    a: linear 4 | a: linear 4 | train: linear 3')
    assert sorted(d.code for d in found) == ["E207", "E401"]
