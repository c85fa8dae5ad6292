"""Lists of tensors that only the run knows: what loops go over, gather and carry."""

from __future__ import annotations

import pytest

from tests.language.table import findings

NET = 'model net()(x: "b t 4", y: "b s 4", u: "b 3 4", w: "b 5 4"):\n    {}\n    x | relu\n'
LOOP = "a = x\n    for {} in {}:\n        a = a + x\n    a | relu"

XS, YS = "unbind(x, dim=1)", "unbind(y, dim=1)"

LOOPS = (
    ("a, (c, d)", f"zip({XS}, {XS})", "each item is one tensor", "c, d"),
    ("c", f"zip({XS}, {XS})", "each item is 2 tensors", "c"),
    ("c, d, e", f"zip({XS}, {XS})", "each item is 2 tensors", "c, d, e"),
    ("c, d", XS, "each item is one tensor", "c, d"),
    ("c, d", f"zip({XS}, [1, 2])", "a list of tensors goes with others only", "[1, 2]"),
    ("c, d", f"zip([x, x], {XS})", "a list of tensors goes with others only", "[x, x]"),
    ("c, d", f"zip(zip({XS}, {XS}), {XS})", "a list of tensors goes with others only", None),
    ("c, d", "zip(unbind(u, dim=1), unbind(w, dim=1))", "these lists have 3 and 5 items", None),
)

GATHERED = (
    ("3", "E205", "`3` is no tensor"),
    ('"a"', "E205", '`"a"` is no tensor'),
    ("(v, v)", "E205", "`(v, v)` is no tensor"),
    ("[v, v]", "E205", "`[v, v]` is no tensor"),
    ("qqq", "E201", "`qqq` is not defined"),
)

CARRIED = (
    ("h = x[:, 0]", "h = cat(h, v, dim=1)", "`h` changes its shape from round to round"),
    ("h = x[:, 0]", "h = int(v)", "`h` changes its shape from round to round"),
    ("h = [x[:, 0], x[:, 0]]", "h = [h[1]]", "`h` changes its length from round to round"),
    ("h = [x[:, 0], x[:, 0]]", "h = h + [v, h[0]]", "`h` is read in the loop in which it grows"),
    ("h = []", "h = h + [v, v]", "`h` can only grow by one item a round"),
    ("h = []", "h = [v] + h", "`h` is read in the loop in which it grows"),
    ("h = [x[:, 0], x]", "h = h + [v]", "the items of `h` differ in kind"),
    ("h = [x[:, 0], x[:, 0, :3]]", "h = h + [v]", "the items of `h` differ in kind"),
    ("h = 3", "h = v", "`h`"),
)


@pytest.mark.parametrize(("targets", "over", "said", "place"), LOOPS)
def test_what_a_loop_goes_over(targets: str, over: str, said: str, place: str | None) -> None:
    first = findings(NET.format(LOOP.format(targets, over)))[0]
    assert said in first.message
    assert first.span is not None
    assert place is None or first.span.text == place


@pytest.mark.parametrize(("item", "code", "said"), GATHERED)
def test_each_round_gives_a_tensor(item: str, code: str, said: str) -> None:
    text = NET.format(f"vs = [{item} for v in {XS}]\n    a = stack(vs, dim=1)\n    a | relu")
    first = findings(text)[0]
    assert (first.code, first.message) == (code, said)
    assert first.span is not None and first.span.text == item


@pytest.mark.parametrize(("before", "round", "said"), CARRIED)
def test_what_a_loop_carries(before: str, round: str, said: str) -> None:
    body = f"{before}\n    for v in {XS}:\n        {round}\n    h | relu"
    first = findings(NET.format(body))[0]
    assert said in first.message and first.code in ("E406", "E205")
