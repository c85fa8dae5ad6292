"""Axes in front that are not known: a call on ``(..., t, d)`` means the same for any of them."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nndsl.functions import apply
from nndsl.functions.registry import find, names
from nndsl.model.expr import Undecided
from nndsl.model.graph import TensorType, TupleType, Var
from nndsl.model.spec import Rejected
from tests.functions.cases import Case, c
from tests.functions.comparing import DIVIDING, META, TORCH_SAYS_NO
from tests.functions.drawing import calls
from tests.functions.running import T, Trial, f, sample, seen
from tests.functions.test_drawn import EXAMPLES

FRONTS: tuple[tuple[int, ...], ...] = ((), (2,), (3, 1, 2))


class Fronted(Trial):
    """A trial whose tensors have any axes in front; the real ones have ``front`` there."""

    def __init__(self, name: str, front: tuple[int, ...]) -> None:
        super().__init__(fill=name in DIVIDING, device="meta" if name in META else "cpu")
        self.front = front

    def var(self, spec: T) -> Var:
        number = next(self.ids)
        made = sample(T((*self.front, *spec.shape), spec.dtype), self.fill)
        self.real[number] = made.to(self.device)
        return Var(number, "", TensorType(spec.shape, spec.dtype, lead=True))


def with_front(name: str, case: Case, front: tuple[int, ...]) -> tuple[Any, Any]:
    """The entry's type and what its steps make, for these axes in front."""
    function = find(name)
    assert function is not None
    trial = Fronted(name, front)
    args = [trial.operand(arg) for arg in case[0]]
    kwargs = {key: trial.operand(arg) for key, arg in case[1].items()}
    output, steps, _ = apply.call(function, args, kwargs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _front(output, front), seen(trial.run(steps)) if steps else None


def _front(type: Any, front: tuple[int, ...]) -> Any:
    if isinstance(type, TensorType):
        assert type.shape is not None
        return (*(front if type.lead else ()), *type.shape), type.dtype
    if isinstance(type, TupleType):
        return [_front(item, front) for item in type.items]
    return type


@pytest.mark.parametrize("name", [n for n in names() if not find(n).creates])  # type: ignore[union-attr]
def test_axes_in_front_stay(name: str) -> None:
    @settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=list(HealthCheck))
    @given(calls(name), st.sampled_from(FRONTS))
    def run(case: Case, front: tuple[int, ...]) -> None:
        try:
            said, made = with_front(name, case, front)
        except (Rejected, Undecided):
            return
        except TORCH_SAYS_NO as reason:
            raise AssertionError(f"{case} with {front} in front: {reason}") from None
        assert made is None or said == made, f"{case} with {front} in front: {said}, torch {made}"

    run()


USED: list[tuple[str, Case]] = [
    ("softmax", c(f(3, 4), dim=-1)),
    ("mean", c(f(3, 4), -2)),
    ("matmul", c(f(3, 4), f(4, 2))),
    ("add", c(f(3, 4), f(3, 1))),
    ("cat", c([f(3, 4), f(3, 2)], dim=-1)),
    ("layer_norm", c(f(3, 4), (4,))),
    ("scaled_dot_product_attention", c(f(3, 4), f(5, 4), f(5, 2))),
    ("solve_triangular", c(f(3, 3), f(3, 2), upper=True)),
]


@pytest.mark.parametrize(("name", "case"), USED, ids=[name for name, _ in USED])
@pytest.mark.parametrize("front", FRONTS, ids=str)
def test_what_people_write_is_not_refused(name: str, case: Case, front: tuple[int, ...]) -> None:
    said, made = with_front(name, case, front)
    assert said == made


@pytest.mark.parametrize(("one", "other"), [((3,), ()), ((), (3,)), ((2, 3), (3,))])
def test_known_axes_never_meet_unknown_ones(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    with pytest.raises(Rejected, match="meet axes in"):
        with_front("add", c(T(one), T(other)), (2,))
