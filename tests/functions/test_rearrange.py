"""Rearranging patterns against an oracle that follows every element on its own."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nndsl.functions.rearrange import rearrange
from nndsl.model.checker import Checker
from nndsl.model.expr import Name, Op, evaluate
from nndsl.model.graph import TensorType, Var
from nndsl.model.patterns import parse_pattern
from nndsl.model.spec import Rejected
from tests.functions.running import Trial

Side = list[list[str]]


def oracle(tensor: torch.Tensor, left: Side, right: Side, sizes: dict[str, int]) -> torch.Tensor:
    """Each element's place: taken apart by the left side, put together by the right."""

    def place(side: Side, at: dict[str, int]) -> tuple[int, ...]:
        spots = []
        for axis in side:
            spot = 0
            for unit in axis:
                spot = spot * sizes[unit] + at[unit]
            spots.append(spot)
        return tuple(spots)

    units = list(sizes)
    out = torch.empty([math.prod(sizes[u] for u in axis) for axis in right], dtype=tensor.dtype)
    for spots in itertools.product(*(range(sizes[u]) for u in units)):
        at = dict(zip(units, spots, strict=True))
        out[place(right, at)] = tensor[place(left, at)]
    return out


@st.composite
def grouped(draw: Any, units: list[str]) -> Side:
    """Units in groups, in order; some axes are empty (a 1)."""
    side: Side = [[]] * draw(st.integers(0, 1))
    for unit in units:
        if side and draw(st.booleans()):
            side[-1] = [*side[-1], unit]
        else:
            side.append([unit])
    return side + [[]] * draw(st.integers(0, 1))


def text_of(side: Side) -> str:
    return " ".join("1" if not a else a[0] if len(a) == 1 else f"({' '.join(a)})" for a in side)


def run(pattern: str, tensor: torch.Tensor, values: dict[str, Any], symbolic: bool = False) -> Any:
    trial = Trial(symbolic)
    shape: list[Any] = [trial.name(0, i, s) if symbolic else s for i, s in enumerate(tensor.shape)]
    var = Var(0, "x", TensorType(tuple(shape)))
    trial.real[0] = tensor
    check = Checker()
    steps, type = rearrange(var, parse_pattern(pattern), values, check)
    assert all(trial.settle(a) for a in check.assumptions)
    made = trial.run(steps) if steps else tensor
    assert type.shape is not None
    assert tuple(trial.settle(s) for s in type.shape) == tuple(made.shape)
    return made


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_agrees_with_the_oracle(data: st.DataObject) -> None:
    units = list("abcdef")[: data.draw(st.integers(1, 5))]
    sizes = {unit: data.draw(st.integers(1, 3)) for unit in units}
    left = data.draw(grouped(units))
    right = data.draw(grouped(data.draw(st.permutations(units))))
    known = {u: sizes[u] for axis in left for u in axis[1:]}
    tensor = torch.rand([math.prod(sizes[u] for u in axis) for axis in left])
    pattern = f"{text_of(left)} -> {text_of(right)}"
    made = run(pattern, tensor, known, data.draw(st.booleans()))
    assert torch.equal(made, oracle(tensor, left, right, sizes)), pattern


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_dots_are_the_axes_they_stand_for(data: st.DataObject) -> None:
    front, back = (
        list("ab")[: data.draw(st.integers(0, 2))],
        list("cd")[: data.draw(st.integers(0, 2))],
    )
    middle = list("xyz")[: data.draw(st.integers(0, 3))]
    order = data.draw(st.permutations([*front, "...", *back]))
    left = " ".join([*front, "...", *back])
    written = [[u] for u in [*front, *middle, *back]]
    wanted = [[v] for u in order for v in (middle if u == "..." else [u])]
    sizes = {unit: data.draw(st.integers(1, 3)) for axis in written for unit in axis}
    tensor = torch.rand([sizes[axis[0]] for axis in written])
    made = run(f"{left} -> {' '.join(order)}", tensor, {})
    assert torch.equal(made, oracle(tensor, written, wanted, sizes))


# pattern, shape, values, the operations and their arguments behind the tensor
WRITTEN: list[tuple[str, tuple[int, ...], dict[str, int], list[tuple[Any, ...]]]] = [
    ("b t (heads hd) -> b heads t hd", (2, 3, 8), {"heads": 4},
     [("unflatten", 2, (4, -1)), ("transpose", 1, 2)]),
    ("b t (h d) -> b h t d", (2, 3, 8), {"h": 4, "d": 2},
     [("unflatten", 2, (4, 2)), ("transpose", 1, 2)]),
    ("b heads t hd -> b t (heads hd)", (2, 4, 3, 2), {"heads": 4},
     [("transpose", 1, 2), ("flatten", 2)]),
    ("b t (3 heads hd) -> 3 b heads t hd", (2, 5, 24), {"heads": 4},
     [("unflatten", 2, (3, 4, -1)), ("permute", 2, 0, 3, 1, 4)]),
    ("b c h w -> b (h w) c", (2, 3, 4, 5), {}, [("permute", 0, 2, 3, 1), ("flatten", 1, 2)]),
    ("b c 1 1 -> b c", (2, 3, 1, 1), {}, [("squeeze", (2, 3))]),
    ("b c -> b c 1 1", (2, 3), {}, [("unsqueeze", 2), ("unsqueeze", 3)]),
    ("b c h w -> b (c h w)", (2, 3, 4, 5), {}, [("flatten", 1)]),
    ("... h w -> ... w h", (2, 3, 4, 5), {}, [("transpose", -2, -1)]),
    ("... (h d) -> ... h d", (2, 3, 8), {"h": 2}, [("unflatten", -1, (2, -1))]),
    ("... h d -> ... (h d)", (2, 3, 8), {}, [("flatten", -2)]),
    ("... c h w -> ... h w c", (2, 3, 4, 5), {}, [("movedim", -3, -1)]),
    ("b ... c -> b (...) c", (2, 3, 4, 5), {}, [("flatten", 1, 2)]),
    ("b c ... -> b c (...)", (2, 3), {}, [("unsqueeze", 2)]),
    ("b c -> b c", (2, 3), {}, []),
    ("b {n} -> {n} b", (2, 3), {"{n}": 3}, [("transpose", 0, 1)]),
    ("2 b -> b 2", (2, 3), {}, [("transpose", 0, 1)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "shape", "values", "steps"), WRITTEN, ids=lambda v: str(v)[:40]
)
def test_what_is_written(
    pattern: str, shape: tuple[int, ...], values: dict[str, int], steps: list[tuple[Any, ...]]
) -> None:
    var = Var(0, "x", TensorType(shape))
    made, _ = rearrange(var, parse_pattern(pattern), values, Checker())
    assert [(s.operation.fn[7:], *s.operation.args[1:]) for s in made] == steps


REFUSED = {
    ("a b -> a", (2, 3)): "missing on the right",
    ("a -> a b", (2,)): "missing on the left",
    ("a (b c) -> a b c", (2, 6)): "can't both follow",
    ("a (b 4) -> a b 4", (2, 6)): "no multiple of 4",
    ("a b c -> c b a", (2, 3)): "has 2 axes",
    ("a -> a", (2, 3)): "has 2 axes",
    ("a 2 -> 2 a", (2, 3)): "axis 1 is 3",
    ("a 1 -> a", (2, 3)): "axis 1 is 3",
    ("a 2 -> a 3", (2, 2)): "missing",
    ("(a ...) -> a ...", (2, 2)): "group on the left",
    ("a ... -> a", (2, 2)): "missing on the right",
}


@pytest.mark.parametrize(("pattern", "shape"), REFUSED)
def test_refused(pattern: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(Rejected) as caught:
        rearrange(Var(0, "x", TensorType(shape)), parse_pattern(pattern), {}, Checker())
    assert REFUSED[pattern, shape] in caught.value.message


def test_what_repeats_or_reduces_is_told_another_way() -> None:
    for pattern, word in (("a b -> a", "mean"), ("a -> a b", "expand")):
        with pytest.raises(Rejected) as caught:
            rearrange(
                Var(0, "x", TensorType((2, 3)[: pattern.count(" ") - 1])),
                parse_pattern(pattern),
                {},
                Checker(),
            )
        assert word in caught.value.help


def test_names_stay_in_what_is_written() -> None:
    b, d = Name("b"), Name("d")
    heads = Name("heads", "param")
    check = Checker()
    var = Var(0, "x", TensorType((b, Name("t"), d)))
    steps, type = rearrange(
        var, parse_pattern("b t (heads hd) -> b heads t hd"), {"heads": heads}, check
    )
    assert steps[0].operation.args[1:] == (2, (heads, -1))
    assert type.shape == (b, heads, Name("t"), Op("//", (d, heads)))
    (assumed,) = check.assumptions
    assert evaluate(assumed, {d: 12, heads: 3}) and not evaluate(assumed, {d: 12, heads: 5})


def test_axes_in_front_that_are_not_known() -> None:
    d = Name("d")
    var = Var(0, "x", TensorType((d,), "float", True))
    steps, type = rearrange(var, parse_pattern("... (h d) -> ... h d"), {"h": 2}, Checker())
    assert steps[0].operation.args[1:] == (-1, (2, -1))
    assert type == TensorType((2, Op("//", (d, 2))), "float", True)
    for pattern in ("a b -> b a", "b ... -> ... b", "... d -> (... d)"):
        with pytest.raises(Rejected):
            rearrange(var, parse_pattern(pattern), {}, Checker())


def test_an_unknown_shape_stays_unknown() -> None:
    var = Var(0, "x", TensorType(None))
    assert rearrange(var, parse_pattern("a b -> b a"), {}, Checker()) == ((), TensorType(None))
