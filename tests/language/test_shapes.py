"""Sizes, patterns, assumptions."""

from __future__ import annotations

import pytest
import torch

import nndsl
from tests.language.table import Holds, Refused, findings, hold, refuse, rows

IMG = 'model net()(x: "b 3 h w"):\n    '
SEQ = 'model net(heads=2)(x: "b t 8"):\n    '
IMAGE = (2, 3, 8, 12)
STEPS = (2, 5, 8)

RIGHT = [
    # rims
    Holds(
        "the same extent with a kernel of two sizes",
        IMG + 'conv(4, [3, 5], padding="same", padding_mode="reflect")',
        None,
        [IMAGE],
        (2, 4, 8, 12),
    ),
    # open sizes
    Holds("any batch", "linear 4->3", None, [(7, 4)], (7, 3)),
    Holds("any height and width", IMG + "conv(4, 3, 2, padding=1)", None, [IMAGE], (2, 4, 4, 6)),
    Holds(
        "an open size is a number of the run",
        SEQ + "x + arange(t)[:, None]",
        "",
        [STEPS],
        equals=lambda n, x: x + torch.arange(5)[:, None],
    ),
    Holds(
        "arithmetic on open sizes",
        SEQ + "x * t / (t + 1)",
        "",
        [STEPS],
        equals=lambda n, x: x * 5 / 6,
    ),
    Holds(
        "open sizes in a shape",
        IMG + "reshape(x, [b, 3, h * w])",
        "",
        [IMAGE],
        equals=lambda n, x: x.flatten(2),
    ),
    Holds(
        "open sizes in a slice", SEQ + "x[:, t // 2:]", "", [STEPS], equals=lambda n, x: x[:, 2:]
    ),
    Holds(
        "tensors of open size",
        SEQ + "x + zeros(t, 8) + ones(b, 1, 8)",
        "",
        [STEPS],
        equals=lambda n, x: x + 1,
    ),
    Holds(
        "the size of an axis",
        SEQ + "y = x[:, 1:]\n    y * size(y, 1)",
        "",
        [STEPS],
        equals=lambda n, x: 4 * x[:, 1:],
    ),
    Holds(
        "a definition's sizes after naming again",
        'def f()(x: "b t d"):\n    x = x[:, 1:]\n    x * t\nmodel net()(x: "b t 8"): f',
        "",
        [STEPS],
        equals=lambda n, x: 5 * x[:, 1:],
    ),
    Holds(
        "flatten knows the product",
        'model net()(x: "b 3 4 4"): flatten | linear 5',
        None,
        [(2, 3, 4, 4)],
        (2, 5),
    ),
    Holds(
        "one definition at two sizes",
        'def f()(x: "b d"): linear(2 * d)\nmodel net()(x: "b 4"): f | f',
        None,
        [(2, 4)],
        (2, 16),
    ),
    Holds(
        "one definition at two ranks",
        'def f(n)(x): x | conv(n, 3, padding=1) | batchnorm\nmodel net()(x: "b 3 8", y: "b 3 8'
        ' 8"):\n    return x | a: f(4), y | c: f(4)',
        None,
        [(2, 3, 8), (2, 3, 8, 8)],
        ((2, 4, 8), (2, 4, 8, 8)),
    ),
    # patterns that rearrange
    *[
        Holds(
            f"pattern: {pattern}",
            f'model net(heads=2, k=4)(x: "{axes}"): x | "{pattern}"',
            "",
            [given],
            equals=equals,
        )
        for axes, pattern, given, equals in [
            ("b c h w", "b c h w -> b (h w) c", IMAGE, lambda n, x: x.flatten(2).transpose(1, 2)),
            (
                "b t 8",
                "b t (heads hd) -> b heads t hd",
                STEPS,
                lambda n, x: x.view(2, 5, 2, 4).transpose(1, 2),
            ),
            (
                "b t 8",
                "b t (hd heads) -> b heads t hd",
                STEPS,
                lambda n, x: x.view(2, 5, 4, 2).permute(0, 3, 1, 2),
            ),
            (
                "b t 8",
                "b t (2 heads hd) -> 2 b heads t hd",
                STEPS,
                lambda n, x: x.view(2, 5, 2, 2, 2).permute(2, 0, 3, 1, 4),
            ),
            ("b t 8", "b t d -> b d t", STEPS, lambda n, x: x.transpose(1, 2)),
            ("b t 8", "b t d -> b t 1 d", STEPS, lambda n, x: x[:, :, None]),
            ("b t 8", "b t d -> 1 b t d 1", STEPS, lambda n, x: x[None, ..., None]),
            ("b 1 8", "b 1 d -> b d", (2, 1, 8), lambda n, x: x[:, 0]),
            ("b t 8", "b t d -> (b t) d", STEPS, lambda n, x: x.flatten(0, 1)),
            (
                "b t 8",
                "b t (k m) -> (b k) t m",
                STEPS,
                lambda n, x: x.view(2, 5, 4, 2).permute(0, 2, 1, 3).reshape(8, 5, 2),
            ),
            (
                "b 4 h w",
                "b (heads r) h w -> b heads h (r w)",
                (2, 4, 3, 5),
                lambda n, x: x.view(2, 2, 2, 3, 5).permute(0, 1, 3, 2, 4).reshape(2, 2, 3, 10),
            ),
            (
                "b 3 8 8",
                "b c (h heads) (w heads2) -> b (c heads heads2) h w".replace("heads2", "2"),
                (2, 3, 8, 8),
                lambda n, x: (
                    x.view(2, 3, 4, 2, 4, 2).permute(0, 1, 3, 5, 2, 4).reshape(2, 12, 4, 4)
                ),
            ),
            ("b t 8", "b t d -> b t d", STEPS, lambda n, x: x),
        ]
    ],
    Holds(
        "names of a pattern are its own",
        IMG + 'conv(5, 3, 2, padding=1) | "b c h w -> b (h w) c"',
        None,
        [IMAGE],
        (2, 24, 5),
    ),
    Holds(
        "the number of the body's name",
        'model net()(x: "b t 8"):\n    n = 4\n    x | "b t (n d) -> b n t d"',
        "",
        [STEPS],
        (2, 4, 5, 2),
    ),
    Holds(
        "a size of the input is no number of a pattern",
        'model net()(x: "b t 8"): x | "t b d -> b t d"',
        "",
        [STEPS],
        equals=lambda n, x: x.transpose(0, 1),
    ),
    # patterns that assert
    Holds("an assertion", SEQ + 'x | "b t 8" | _ * 2', "", [STEPS], equals=lambda n, x: 2 * x),
    Holds(
        "an assertion with a value", 'model net(n=8)(x: "b t 8"): x | "_ t {n}" | relu', "", [STEPS]
    ),
    Holds(
        "an assertion with a size of the input",
        SEQ + 'x | linear 8 | "b {t} d" | relu',
        None,
        [STEPS],
    ),
    Holds("an assertion of any axes", SEQ + 'x | "... 8" | relu', "", [STEPS]),
]

WRONG = [
    Refused("a layer on an open size", 'model net()(x: "b t d"): linear 3', "E304", "`d`", "input"),
    Refused("a count", SEQ + "relu x t", "E304", "`t`"),
    Refused("a number of channels", IMG + "conv(h, 1)", "E304", "`h`"),
    Refused("a kernel", IMG + "conv(4, w)", "E304", "`w`"),
    Refused(
        "sizes of flattened images", IMG + "conv(4, 3) | flatten | linear 10", "E304", "", "number"
    ),
    Refused("added sizes", 'model net()(x: "b 4", y: "b 5"): x + y', "E301", "4"),
    Refused("joined sizes", 'model net()(x: "b 4 5", y: "b 4 6"): cat(x, y, dim=1)', "E301"),
    Refused("multiplied matrices", 'model net()(x: "b 4", y: "5 6"): x @ y', "E301"),
    Refused(
        "an input of a definition",
        'def f()(x: "b 3 h w"): relu\nmodel net()(x: "b 4 8 8"): f',
        "E301",
        "3",
    ),
    Refused(
        "a rank of a definition's input",
        'def f()(x: "b c h w"): relu\nmodel net()(x: "b 4"): f',
        "E302",
    ),
    Refused(
        "two sizes of one name",
        'def f()(x: "b d", y: "b d"): x * y\nmodel net()(x: "b 4", y: "b 5"): f()(x, y)',
        "E301",
        "`d`",
    ),
    Refused(
        "a value in an input's pattern",
        'def f(n)(x: "b {n}"): relu\nmodel net()(x: "b 4"): f(5)',
        "E301",
        "5",
    ),
    Refused("a pattern of other rank", SEQ + 'x | "b c h w -> b c (h w)"', "E302"),
    Refused("a pattern that loses a name", SEQ + 'x | "b t d -> b t"', "E308", "`d`"),
    Refused("a pattern that makes a name", SEQ + 'x | "b t d -> b t d e"', "E308", "`e`"),
    Refused("a pattern with a name twice", SEQ + 'x | "b t t -> b t t"', "E308", "`t`"),
    Refused("a pattern that doesn't divide", SEQ + 'x | "b t (3 d) -> b 3 t d"', "E302", "3"),
    Refused(
        "a pattern with two unknowns", SEQ + 'x | "b t (m d) -> b m t d"', "E302", "`m` and `d`"
    ),
    Refused("a pattern that isn't closed", SEQ + 'x | "b t (m d -> b t m d"', "E308"),
    Refused("an assertion of another size", SEQ + 'x | "b t 9"', "E301", "9"),
    Refused("an assertion of another rank", SEQ + 'x | "b 8"', "E302"),
    Refused("too small an image", 'model net()(x: "b 3 4 4"): conv(4, 5)', "E301"),
    Refused("channels that don't divide", 'model net()(x: "b 6 4 4"): groupnorm 4', "E301", "4"),
    Refused(
        "a float where a size is wanted",
        'model net(n=8)(x: "b 4"): linear(n / 2)',
        "E205",
        "",
        "//",
    ),
]


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@rows(WRONG)
def test_wrong(row: Refused) -> None:
    refuse(row)


HALVED = "(conv(4, 3, padding=1) | maxpool 2)"
UP = "(conv_transpose(4, 2, 2))"


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        (
            IMG + "x + (x | maxpool 2 | interpolate(scale_factor=2))",
            ("`h` and `w` are multiples of 2",),
        ),
        (
            IMG + f"y = x | {HALVED} x5 | {UP} x5\n    x[:, :1] + y[:, :1]",
            ("`h` and `w` are multiples of 32",),
        ),
        (
            IMG + '"b c (h 4) (w 2) -> b (c 4 2) h w"',
            ("`h` is a multiple of 4", "`w` is a multiple of 2"),
        ),
        ('model net()(x: "b t 4", y: "b s 4"): x + y', ("`t` equals `s`",)),
        (IMG + "conv(4, 3)", None),
    ],
)
def test_assumptions(text: str, assumed: tuple[str, ...] | None) -> None:
    """What can't be decided is said in the user's terms."""
    report = nndsl.parse(text).check()
    assert report, report
    found = report.assumptions.get("net", ())
    if assumed is not None:
        assert found == assumed


def test_where_a_wrong_number_was_born() -> None:
    text = (
        'model net()(image: "b 1 28 28"):\n    conv(32, 3) | relu\n    | maxpool 2\n'
        "    | conv(64, 2)\n    | flatten\n    | linear 9200->10\n"
    )
    (found,) = findings(text)
    assert found.code == "E301"
    assert "9200" in found.message
    assert "9216" in found.message
    assert any("makes (b, 9216)" in label.text for label in found.labels)
    assert "linear 10" in found.help


def test_one_mistake_is_told_once() -> None:
    text = 'model net()(x: "b 4"):\n    y = x | linear 5->3\n    z = y | linear 2 | relu\n    z + y'
    assert [d.code for d in findings(text)] == ["E301"]


def test_several_mistakes_are_all_told() -> None:
    text = (
        'def f(n)(x: "b d"): linear n | relluu\n\nmodel net()(x: "b 4"):\n    a = x | linear 5->3\n'
        "    c = x | dropout 1.5\n    d = x | f(3)\n    e = x | linear(3, biass=False)\n"
        "    cat(a, c, d, e, dim=1)"
    )
    assert [d.code for d in findings(text)] == ["E201", "E301", "E206", "E202"]


def test_constants_follow_the_first_input() -> None:
    net = nndsl.build(
        'model net()(x: "b t 4"): x + arange(t)[:, None] + zeros(4)', dtype=torch.float64
    )
    assert net(torch.zeros(1, 2, 4, dtype=torch.float64)).dtype is torch.float64
