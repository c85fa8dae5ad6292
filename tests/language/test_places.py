"""Places in lists and stretches of them, and what is said of those that are none."""

from __future__ import annotations

import torch

from tests.language.table import Holds, Refused, hold, refuse, rows

NET = 'model net(a=[1, 2], k=3)(x: "b t 4"): '

WRONG = [
    Refused(
        "a place that only the run knows, in a list of tensors",
        NET + "[x, x][t]",
        "E304",
        "a place in a list of tensors must be known when the model is constructed, but `t`",
    ),
    Refused(
        "a stretch up to a size of the run, of a list of tensors",
        NET + "cat([x, x][:t], dim=1)",
        "E304",
        "a place in a list of tensors must be known when the model is constructed, but `t`",
    ),
    Refused(
        "a place that only the run knows, among several outputs",
        NET + "unbind(x, dim=2)[t]",
        "E304",
        "a place in a list of tensors must be known when the model is constructed, but `t`",
    ),
    Refused(
        "a stretch of a list of tensors that begins at a float",
        NET + "cat([x, x][1.5:], dim=1)",
        "E205",
        "a stretch begins and ends at an int, not at a float",
    ),
    Refused(
        "a stretch of a list of tensors in steps of 0",
        NET + "cat([x, x][:: k - 3], dim=1)",
        "E206",
        "the step of a stretch can't be 0",
    ),
    Refused(
        "a stretch of a list of numbers in steps of 0",
        NET + "x * a[::0][0]",
        "E206",
        "the step of a stretch can't be 0",
    ),
    Refused(
        "a stretch of a list of numbers that ends at a text",
        NET + 'x * a[:"b"][0]',
        "E205",
        "a stretch begins and ends at an int, not at a text",
    ),
    Refused(
        "a text as a place",
        NET + 'x * a["b"]',
        "E205",
        "a place in a list is an int, not a text",
    ),
    Refused(
        "a float as a place",
        NET + "x * a[k / 2]",
        "E205",
        "a place in a list is an int, not a float",
    ),
    Refused("an item of a number", NET + "x * k[0]", "E205", "an int has no items"),
    Refused("a stretch of a number", NET + "x * k[1:]", "E205", "an int has no items"),
    Refused(
        "a place behind the end",
        NET + "x * a[2]",
        "E206",
        "the list has 2 items",
        help="the first is item 0, the last item 1",
    ),
    Refused("a place before the beginning", NET + "x * a[-3]", "E206", "the list has 2 items"),
    Refused("a place in an empty list", NET + "x * a[2:][0]", "E206", "the list has 0 items"),
    Refused("a tensor as a place", NET + "x * a[x]", "E205", "`x` is a tensor"),
    Refused(
        "a number of which the run says whether it is a float",
        NET + "x * min(t, 2.5)",
        "E304",
        "which kind of number `*` takes must be known when the model is constructed, but `t`",
    ),
    Refused("a text with a size in it", NET + 'x * "a{t}"', "E301", "a number is wanted here"),
]

RIGHT = [
    Holds(
        "the last place from behind is the first",
        NET + "x * a[-2] + a[1]",
        given=((2, 3, 4),),
        equals=lambda net, x: x + 2,
    ),
    Holds(
        "tensors from behind",
        NET + "[x, x * 2][-2] + [x, x * 2][-1]",
        given=((2, 3, 4),),
        equals=lambda net, x: x * 3,
    ),
    Holds(
        "a stretch backwards",
        NET + "cat([x, x * 2, x * 3][::-2], dim=1)",
        given=((2, 3, 4),),
        equals=lambda net, x: torch.cat([x * 3, x], 1),
    ),
    Holds(
        "a letter of a text and a stretch of one",
        NET + 'x | linear(5 if "abc"[1] == "b" and "abc"[1:] == "bc" else 6)',
        given=((2, 3, 4),),
        gives=(2, 3, 5),
    ),
    Holds(
        "a place among numbers that only the run knows",
        NET + "x * [1, 2, 3, 4][t] + [k, 7][1:][t - 3] + sum(a[:t])",
        given=((2, 3, 4),),
        equals=lambda net, x: x * 4 + 10,
    ),
]


@rows(WRONG)
def test_refused(row: Refused) -> None:
    refuse(row)


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)
