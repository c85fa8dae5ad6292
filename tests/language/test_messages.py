"""What is said of slips that people make: the place, the words and the repair."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

import nndsl
from nndsl.render import render_text
from tests.language.table import Holds, findings, hold, rows


@dataclass(frozen=True)
class Said:
    """A slip; of the one finding its code, the text under the caret, pieces of message and help."""

    name: str
    text: str
    code: str
    at: str
    message: str = ""
    help: str = ""


NAMES = [
    Said(
        "an unknown parameter is underlined itself",
        'model base(alpha=3)(x: "b 4"): x | linear alpha\nmodel c = base(alpah=7)',
        "E202",
        "alpah",
        "",
        "did you mean `alpha`?",
    ),
    Said("an unknown argument of a layer", "linear 4->3 | dropout(prob=0.5)", "E202", "prob"),
    Said("an unknown argument of a function", "linear 4->3 | mean(dims=1)", "E202", "dims"),
    Said(
        "the one parameter",
        'model base(a=3)(x: "b 4"): x | linear a\nmodel c = base(z=7)',
        "E202",
        "z",
        "",
        "its parameter is a",
    ),
    Said(
        "an unknown model to configure",
        'model base(a=3)(x: "b 4"): x | linear a\nmodel c = cosh1(z=7)',
        "E201",
        "cosh1",
        "",
        "the file defines `base`",
    ),
    Said(
        "a model to configure, misspelled",
        'model base(a=3)(x: "b 4"): x | linear a\nmodel c = bse(a=7)',
        "E201",
        "bse",
        "",
        "did you mean `base`?",
    ),
    Said(
        "functions in a circle",
        'fn f(x): g(x)\nfn g(x): f(x)\nmodel m()(x: "b 4"): f(x)',
        "E210",
        "f",
        ": f -> g -> f",
    ),
    Said(
        "names in a circle",
        'a = b\nb = a\nmodel m()(x: "b 4"): x | linear a',
        "E210",
        "a",
        "a -> b -> a",
    ),
    Said(
        "layers in a circle",
        'layer p = q\nlayer q = p\nmodel m()(x: "b 4"): x | p',
        "E210",
        "p",
        "p -> q -> p",
    ),
    Said(
        "a parameter with a name of a module",
        'model m(half=3)(x: "b 4"): x | linear half',
        "E207",
        "half",
        "the name of a parameter",
        "call it `half_`",
    ),
    Said("a value named training", 'model m()(training: "b 4"): training * 2', "E207", "training"),
    Said(
        "a fraction in a label",
        'model m(n=2)(x: "b 4"): x | "k{n + 0.5}": linear 12',
        "E205",
        "n + 0.5",
        "whole numbers and texts",
    ),
    Said(
        "a dot in a label's value",
        'model m(s="a.b")(x: "b 4"): x | "k{s}": linear 12',
        "E207",
        "s",
        "has a dot",
        "outside of the braces",
    ),
    Said(
        "one label in two splices",
        'def cl(n): a: conv(n, 3) | b: batchnorm\nmodel m()(x: "b 3 h w"): x | *cl(4) | *cl(5)',
        "E401",
        "cl(5)",
        "`a`",
        "leave out one `*`",
    ),
    Said(
        "a label in a round inside a round",
        'model m(n=2)(x: "b 4"):\n'
        "    x | outer: ((inner: linear 4 for i in range(2)) for j in range(n))",
        "E401",
        "linear 4",
        "",
        '"inner{i}"',
    ),
    Said(
        "a parameter in every round",
        'model m(n=2)(x: "b 4"):\n    for i in range(n):\n        param g: "4" = ones\n'
        "        x = x * g\n    x",
        "E401",
        "g",
        "",
        "put it into a definition",
    ),
]

STAGES = [
    Said(
        "a forgotten bar", "linear 784->256 relu | linear 10", "E133", "relu", "", "write `| relu"
    ),
    Said("a forgotten bar further on", "linear 4->3 | relu linear 10", "E133", "linear"),
    Said("a forgotten bar before arguments", "linear 4->3 dropout 0.5", "E133", "dropout"),
    Said(
        "a creation as a stage",
        'model m()(x: "b 3"): x | relu | zeros(3)',
        "E403",
        "zeros(3)",
        "ignores what flows in",
    ),
    Said(
        "a layer called as torch's function",
        'model m()(x: "b 4"): linear(x, 3)',
        "E301",
        "3",
        "",
        "`linear(3)(x)` or `x | linear(3)`",
    ),
    Said(
        "a stage that names what flows in",
        'model m()(x: "b 4"): relu(x) | dropout(x, 0.5)',
        "E301",
        "dropout(x, 0.5)",
        "",
        "write `| dropout(0.5)`",
    ),
    Said(
        "a pool called as torch's function",
        'model m()(x: "b 64 h w"): x | max_pool2d(_, 2)',
        "E205",
        "_",
        "",
        "what flows in is put first",
    ),
    Said(
        "torch's order and a name",
        'model m()(x: "b 64 h w"): x | conv2d(64, 64, kernel_size=3)',
        "E204",
        "3",
        "twice",
        "in_channels follows from the input",
    ),
    Said(
        "a method of a tensor",
        'model m()(x: "b t 4"): x.sum(1)',
        "E211",
        "x.sum",
        "",
        "write `sum(x, 1)`",
    ),
    Said(
        "a method that has another name here",
        'model m()(x: "b t 4"): x.view(3)',
        "E211",
        "x.view",
        "",
        "`reshape` does it",
    ),
    Said(
        "a tensor taken apart",
        'model m(heads=2)(x: "b t 6"):\n'
        '    q, k, v = x | "b t (3 heads hd) -> 3 b heads t hd"\n    q + k + v',
        "E205",
        "q, k, v",
        "",
        "unbind(dim=0)",
    ),
    Said(
        "a sum that begins at 0",
        'model m()(x: "b 4"):\n    total = 0\n    for i in range(3):\n        total = total + x\n'
        "    total",
        "E208",
        "total",
        "",
        "`total = zeros_like(x)`",
    ),
    Said(
        "a condition in a function",
        'fn j(x):\n    if x > 0: x\n    else: -x\n\nmodel m()(x: "b 4"): j(x)',
        "E405",
        "x > 0",
        "",
        "where",
    ),
    Said(
        "a size below 1",
        'model m(n=3)(x: "b 4"): x | linear(n - 6)',
        "E206",
        "n - 6",
        "at least 1, not -3",
    ),
    Said(
        "numbers are ordered as written",
        'model m()(x: "b 4"):\n    linear 3 | linear 4\n    order 1, 0',
        "E407",
        "order 1, 0",
        "",
        "it lists labels",
    ),
    Said(
        "a pattern that takes a size for unknown",
        'model m()(x: "b d"): x | "(b t) d -> b t d"',
        "E302",
        '"(b t) d -> b t d"',
        "",
        "`{b}`",
    ),
    Said(
        "an axis that stands twice",
        'model m()(x: "b h w"): x | "b h (p q) -> b (h p p) q"',
        "E308",
        "p",
        "stands twice",
        "another name",
    ),
    Said(
        "a mask of another size",
        'model m()(x: "b 3 4", m: bool "b 5"): x[m]',
        "E301",
        "x[m]",
        "a mask of 5 places for an axis of size 3",
        "",
    ),
    Said(
        "a mask beside indices",
        'model m()(x: "b t 4", m: bool "b t", k: int "n"): x[m, k]',
        "E301",
        "x[m, k]",
        "a mask is the only tensor in an index",
        "index twice",
    ),
    Said(
        "a list read in the loop at run time in which it grows",
        'model m()(x: "b t 4"):\n    hs = [x[:, 0]]\n    for xt in unbind(x, dim=1):\n'
        "        hs = hs + [hs[-1] + xt]\n    stack(hs, dim=1)",
        "E406",
        "for xt in unbind(x, dim=1):\n        hs = hs + [hs[-1] + xt]",
        "`hs` is read in the loop in which it grows",
        "as many items in each round",
    ),
    Said(
        "a list of another length in each round",
        'model m()(x: "b t 4"):\n    hs = [x[:, 0], x[:, 1]]\n    for xt in unbind(x, dim=1):\n'
        "        hs = [hs[0] + xt]\n    hs[0]",
        "E406",
        "for xt in unbind(x, dim=1):\n        hs = [hs[0] + xt]",
        "`hs` changes its length from round to round",
        "as many items",
    ),
    Said(
        "a list of integers for a list of floats",
        'def f()(xs: list "b d"): cat(xs, dim=1)\nmodel m()(ids: int "b 4"): f()([ids, ids])',
        "E303",
        'xs: list "b d"',
        "`xs` takes float tensors, but gets int",
        'list int "..."',
    ),
    Said(
        "a list made at run time that doesn't fit its pattern",
        'def f()(xs: list "b 7"): stack(xs, dim=1)\n'
        'model m()(x: "b t 4"): f()([tanh(xt) for xt in unbind(x, dim=1)])',
        "E301",
        "7",
        "axis 1 of (b, 4) is 4, not 7",
        "",
    ),
    Said(
        "a list made at run time for one tensor",
        'def f()(y: "b d"): y * d\n'
        'model m()(x: "b t 4"): f()([tanh(xt) for xt in unbind(x, dim=1)])',
        "E307",
        'y: "b d"',
        "`y` takes one tensor",
        "",
    ),
    Said(
        "one name for two sizes",
        'model m()(x: "b 4 5"): x | "b n n"',
        "E301",
        '"b n n"',
        "`n` is 4 in one place and 5 in another",
        "",
    ),
]


@rows([*NAMES, *STAGES])
def test_said(row: Said) -> None:
    (found,) = findings(row.text)
    assert found.span is not None
    assert (found.code, found.span.text) == (row.code, row.at)
    assert row.message in found.message
    assert row.help in found.help


def places(text: str, code: str) -> list[str]:
    found = findings(text)
    assert {one.code for one in found} == {code}
    return [one.span.text for one in found if one.span]


def test_every_name_that_is_taken_is_told() -> None:
    text = (
        'model m(range=4, half=2)(x: "b 4"):\n    self = x | eval: linear 4\n    F = self\n    F\n'
    )
    assert places(text, "E207") == ["range", "half", "self", "eval", "F"]


def test_every_unknown_type_is_told() -> None:
    text = "def d(flag: flot, mode: list[x] = [], k: dict = 3): linear 3\n\nlinear 4->4 | d(True)"
    assert places(text, "E205") == ["flot", "list[x]", "dict"]


def test_items_of_a_list_are_of_its_type() -> None:
    text = (
        "def d(widths: list[int]): (linear w for w in widths)\n\n"
        'linear 4->4 | d([3, "a"]) | d([1.5]) | d([True]) | d([2, 3])'
    )
    assert places(text, "E205") == ['[3, "a"]', "[1.5]", "[True]"]


def test_every_unknown_member_of_an_order_is_told() -> None:
    text = 'model m()(x: "b 4"):\n    x | a: linear 4 | e: linear 4\n    order b, c, x\n'
    assert places(text, "E404") == ["b", "c", "x"]


RIGHT = [
    Holds(
        "a number twice in a pattern",
        'model m(p=2)(x: "b 3 8 6"): x | "b c (h p) (w p) -> b (h w) (c p p)"',
        given=((2, 3, 8, 6),),
        gives=(2, 12, 12),
        equals=lambda net, x: (
            x.reshape(2, 3, 4, 2, 3, 2).permute(0, 2, 4, 1, 3, 5).reshape(2, 12, 12)
        ),
    ),
    Holds(
        "a value of the file twice in a pattern",
        'window = 4\n\nmodel m()(x: "b 8 8 c"):\n'
        '    x | "b (h window) (w window) c -> b h w (window window) c"',
        given=((2, 8, 8, 3),),
        gives=(2, 2, 2, 16, 3),
        equals=lambda net, x: (
            x.reshape(2, 2, 4, 2, 4, 3).permute(0, 1, 3, 2, 4, 5).reshape(2, 2, 2, 16, 3)
        ),
    ),
    Holds(
        "a choice between beginnings",
        'model m(use=True)(x: "b 3"):\n    param g: "3" = ones if use else zeros\n    x * g',
        "g",
        ((2, 3),),
        equals=lambda net, x: x * 0,
        params={"use": False},
    ),
    Holds(
        "inputs and values may be called like methods of a module",
        'model m(dim=8)(type: "b 8"):\n    half = dim // 2\n    type[:, :half] | linear 3',
        "0.weight 0.bias",
        ((2, 8),),
        gives=(2, 3),
    ),
]


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@pytest.mark.parametrize("use", [True, False])
def test_a_choice_between_beginnings_is_printed_as_one(use: bool) -> None:
    spec = nndsl.parse(
        'model m(use=True)(x: "b 3"):\n    param g: "3" = ones if use else zeros\n'
        "    buffer h = zeros(3) if use else ones(3)\n    x * g + h\n"
    )
    names: dict[str, Any] = {}
    exec(spec.codegen(), names)
    printed, built = names["M"](use=use), spec.build(use=use)
    for key, value in built.state_dict().items():
        torch.testing.assert_close(printed.state_dict()[key], value)


BROKEN = [
    Said(
        "a head without its colon",
        'model m(w=3)(x: "b 4")\n    y = x | linear w\n    y',
        "E131",
        "",
    ),
    Said(
        "a shape in the first parentheses", 'model n(x: "b 4"):\n    x | linear 3', "E130", '"b 4"'
    ),
    Said("a shape without quotes", "model n()(x: b 4):\n    x | linear 3", "E130", "b 4"),
    Said("a word with a capital", 'Model m()(x: "b 4"):\n    x | linear 3', "E130", "Model"),
    Said(
        "a backslash inside parentheses",
        'model m(n=3)(x: "b 4"):\n    assert (n > 2), "bad \\n"\n    x | relu',
        "E112",
        "\\",
    ),
    Said(
        "two braces in a text",
        'model m(n=3)(x: "b 4"):\n    assert n > 2, "{{n}}"\n    x | relu',
        "E104",
        '"{{n}}"',
        "can't hold a brace",
    ),
    Said("braces as Python's", 'model m()(x: "b 4"):\n    y = {}\n    x | relu', "E102", "{"),
]


@rows(BROKEN)
def test_what_stands_in_a_broken_block_is_not_judged(row: Said) -> None:
    test_said(row)


OPTIONAL = 'model m()(x: "b 4", k: "b 4" = None):\n    '
BODIES = [
    Said(
        "a size in a condition",
        'model m()(x: "b t 4"):\n    if t > 3:\n        x = x * 2\n    x',
        "E405",
        "t > 3",
        "",
        "`where`",
    ),
    Said(
        "a name of a branch that is not taken",
        'model m(deep=False)(x: "b 4"):\n    if deep:\n        h = x | linear 4\n    h | relu',
        "E201",
        "h",
        "only assigned where `deep` is True",
        "in both branches",
    ),
    Said(
        "a name of a loop at run time",
        'model m()(x: "b t 4"):\n    for xt in unbind(x, dim=1):\n        y = xt | linear 4\n    y',
        "E201",
        "y",
        "inside a loop",
        "before the loop",
    ),
    Said(
        "a name of a loop without rounds",
        'model m(n=0)(x: "b 4"):\n    for i in range(n):\n        y = x * i\n    y',
        "E201",
        "y",
        "inside a loop",
    ),
    Said(
        "a static value that depends on the run",
        OPTIONAL + "x | linear(2 if k is None else 3)",
        "E406",
        "2 if k is None else 3",
        "a static value can't depend on the run",
    ),
    Said(
        "lists that depend on the run",
        OPTIONAL + "y = [x, x + 2] if k is None else [x + 3, x]\n    y[0]",
        "E406",
        "[x, x + 2] if k is None else [x + 3, x]",
        "a list can't",
    ),
    Said(
        "several tensors for one",
        'def two()(x: "b 2"): x | linear 3\nmodel m()(x: "b 4"): chunk(x, 2, dim=1) | two',
        "E307",
        "two",
        "`two` takes one tensor",
        "_[0]",
    ),
    Said(
        "a loop over modules",
        'model m()(x: "b 4"):\n    module layers: [linear 4 for i in range(3)]\n'
        "    for layer in layers:\n        x = x | layer\n    x",
        "E205",
        "layers",
        "",
        "`for i in range(3):` with `layers[i]`",
    ),
    Said(
        "a counted loop over a list of the run",
        'model m()(x: "b t 4"):\n    y = x[:, 0]\n'
        "    for i, xt in enumerate(unbind(x, dim=1)):\n        y = y + xt * i\n    y",
        "E205",
        "unbind(x, dim=1)",
        "",
        "`zip`",
    ),
    Said(
        "layers in a list as a stage",
        'model m()(x: "b 4"): x | [linear 3, linear 4] | cat(dim=1)',
        "E403",
        "[linear 3, linear 4]",
        "",
        "`| cat(a, b, dim=1)`",
    ),
    Said(
        "rounds that are thrown away",
        'model m(n=3)(x: "b 4"):\n    for i in range(n):\n        h = x | linear 4\n    h | relu',
        "E402",
        "h",
        "only that of the last",
        "gather them",
    ),
    Said(
        "a tensor under a parameter's name",
        'model m(w=3)(x: "b 4"):\n    w = x\n    x | linear 3',
        "E208",
        "w",
    ),
    Said(
        "a number and a name stuck", 'model m()(x: "b 3x"): x | relu', "E308", "3x", "", "a space"
    ),
    Said(
        "a learned parameter without a start",
        "activation f(alpha): x * alpha\n\nlinear 4->5 | f | linear 3",
        "E132",
        ")",
        "needs a start",
        "`alpha=1.0`",
    ),
    Said(
        "a layer as a function's default",
        'fn q(a, b=relu): a\nmodel m()(x: "b 4"): q(x)',
        "E205",
        "relu",
        "no layer",
        "`def`",
    ),
    Said(
        "a number for a tensor of a layer",
        'model m()(x: "b t 4"): lstm(4, batch_first=True)(x, hx=3) | _[0]',
        "E205",
        "lstm(4, batch_first=True)(x, hx=3)",
        "takes a tensor as `hx`, not an int",
    ),
    Said(
        "a number among tensors",
        'def f(w)(x: "b d"): x | linear w\nmodel m()(x: "b 4"): x, 3 | f(2)',
        "E205",
        "3",
    ),
    Said(
        "a number inside a result",
        'model m(w=3)(x: "b 4"): x | relu, (x, (x, 2 * w))',
        "E408",
        "(x, (x, 2 * w))",
    ),
    Said(
        "a module of a number", 'model m()(x: "b 4"):\n    module h: 3\n    x | relu', "E205", "3"
    ),
    Said(
        "a number added to a text",
        'model m(mode="a")(x: "b 4"): x | linear(4, bias=mode + 1)',
        "E205",
        "mode + 1",
        "a text and an int",
        "braces",
    ),
    Said(
        "a text taken from a number",
        'model m(mode="a")(x: "b 4"): x | linear(4, bias=1 - mode)',
        "E205",
        "1 - mode",
        "an int and a text",
        "braces",
    ),
    Said(
        "a forgotten bar before a definition",
        'def g(): linear 3\nmodel m(w=4)(x: "b 4"): x | linear w g',
        "E133",
        "g",
        "`|` is missing",
        "`| g`",
    ),
    Said(
        "a forgotten bar before a function",
        'fn q(x): x + 1\nmodel m(w=4)(x: "b 4"): x | linear w q',
        "E133",
        "q",
        "`|` is missing",
        "`| q`",
    ),
    Said(
        "axes without a name",
        'model m()(x: "_ 3 _ _ _"): x | "b 4 d h w"',
        "E301",
        "4",
        "axis 1 of (b, 3, d, h, w) is 3",
    ),
]


@rows(BODIES)
def test_bodies(row: Said) -> None:
    test_said(row)


MODEL = 'model m()(x: "b 4"): x | linear 3\n'
UNUSED = [
    Said("a layer of the file", "layer foo = nosuch(3)\n" + MODEL, "E201", "nosuch"),
    Said("a value of the file", "g = hh + 1\n" + MODEL, "E201", "hh"),
    Said("a value that can't be", "g = 1 // 0\n" + MODEL, "E206", "1 // 0"),
    Said("an argument in a layer of the file", "layer f = linear(3, q=1)\n" + MODEL, "E202", "q"),
    Said("an argument", "def f(w): linear(w, q=3)\n" + MODEL, "E202", "q", "`linear`"),
    Said("an argument of a choice", "def f(w): conv(w, 3, paddin=1)\n" + MODEL, "E202", "paddin"),
    Said("a value", "def f(w): dropout(2.0)\n" + MODEL, "E206", "2.0", "at most 1"),
    Said("an argument of a function", "def f(w): mean(dims=1)\n" + MODEL, "E202", "dims"),
    Said("a parameter", "def f(w): g(q=w)\ndef g(n): linear n\n" + MODEL, "E202", "q", "`g`"),
    Said("one too many", "def f(w): g(3, 4)\ndef g(n): linear n\n" + MODEL, "E204", "4"),
    Said("a forgotten bar", "def f(w): linear w relu\n" + MODEL, "E133", "relu"),
    Said(
        "a branch that is not taken",
        'model m(deep=False)(x: "b 4"):\n    if deep:\n        x = x | linear(3, q=1)\n    x',
        "E202",
        "q",
    ),
]


@rows(UNUSED)
def test_what_nothing_uses_is_looked_at(row: Said) -> None:
    test_said(row)


def test_a_mistake_behind_an_unknown_stage_is_told() -> None:
    text = 'model m()(x: "b 4"): x | batchnrm | dropout(p=0.5, q=3) | linear(3, bia=False)'
    assert [one.code for one in findings(text)] == ["E201", "E202", "E202"]


FINE = """
layer act = leaky_relu(0.1)
gain = 3
def f(body: layer, w)(x: "b c"): x | body(w, bias=False) | linear w | conv1d if w > 30
def g(spectral_norm)(x: "b c"): orthogonal(linear spectral_norm)
fn h(a, b=2): cat(a, a, dim=b)
activation k(c=1.0): softplus(x, beta=2) * c
model m(w=3)(x: "b 4"):
    conv = linear 3 | act
    conv | f(linear, gain) | k(c=3) | weight_norm(linear(5)) | transpose(dim0=0, dim1=1)
"""


def test_what_is_right_by_its_text_is_not_refused() -> None:
    assert findings(FINE) == []


def test_the_sample_of_the_readme_is_what_is_said() -> None:
    text = (
        'model digits()(image: "b 1 28 28"):\n    conv(32, 3) | relu\n    | conv(64, 3) | relu\n'
        "    | maxpool 2\n    | flatten\n    | linear 9200->10\n"
    )
    (found,) = nndsl.parse(text, "digits.nn").check().diagnostics
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"```\n{render_text(found)}\n```" in readme
