"""``"b t (heads hd) -> b heads t hd"`` as the few operations a person would write.

The parts of the left side (its *units*) are taken apart, put in the order of the right side and
joined again: squeeze, unflatten, transpose or permute, flatten, unsqueeze. Axes behind ``...`` are
counted from the end, so that the same operations fit any rank.
"""

from __future__ import annotations

from typing import Any, cast

from nndsl.functions.entry import Steps
from nndsl.functions.layout import Plan, Unit, Values, planned
from nndsl.functions.shapes import shape_of
from nndsl.model.checker import Checker
from nndsl.model.expr import Size
from nndsl.model.graph import TensorType, Var
from nndsl.model.patterns import Pattern
from nndsl.model.spec import Step


def rearrange(
    var: Var, pattern: Pattern, values: Values, check: Checker
) -> tuple[tuple[Step, ...], TensorType]:
    """The steps, and the type of the result; no steps where nothing changes.

    ``values`` has the static names in scope, and ``{text}`` parts as they stand, with the braces.
    """
    type = var.type
    assert isinstance(type, TensorType) and pattern.right is not None
    if type.shape is None:
        return (), type
    plan = planned(pattern, type, values, check)
    work = _Work(Steps(var), type.dtype, type.lead, check)
    work.start(plan.left, shape_of(type))
    _run(work, plan)
    return tuple(work.steps.taken), work.type()


class _Work:
    """The tensor on its way: its axes as lists of units, and the steps so far."""

    def __init__(self, steps: Steps, dtype: str, lead: bool, check: Checker) -> None:
        self.steps = steps
        self.dtype = dtype
        self.lead = lead
        self.check = check
        self.axes: list[list[Unit]] = []

    def start(self, axes: list[list[Unit]], shape: tuple[Size, ...]) -> None:
        self.axes = [list(axis) for axis in axes]
        self.whole = shape

    def place(self, number: int) -> int:
        """How torch counts an axis: from the end behind `...`."""
        rest = next((i for i, axis in enumerate(self.axes) if _is_rest(axis)), len(self.axes))
        return number if number < rest else number - len(self.axes)

    def type(self) -> TensorType:
        shape: list[Size] = []
        for axis in self.axes:
            if _is_rest(axis):
                shape.extend(axis[0].rest or ())
            else:
                shape.append(self.check.joined(tuple(cast(Size, unit.size) for unit in axis)))
        return TensorType(tuple(shape), self.dtype, self.lead)

    def do(self, fn: str, *args: Any) -> None:
        self.steps.do(self.type(), f"Tensor.{fn}", *args)


def _is_rest(axis: list[Unit]) -> bool:
    return len(axis) == 1 and axis[0].rest is not None


def _run(work: _Work, plan: Plan) -> None:
    _squeeze(work)
    _unflatten(work)
    _move(work, [axis[0] if len(axis) == 1 else unit for axis in plan.right for unit in axis])
    _flatten(work, plan.right)
    _unsqueeze(work, plan.right)


def _squeeze(work: _Work) -> None:
    gone = [number for number, axis in enumerate(work.axes) if not axis]
    if gone:
        places = tuple(work.place(number) for number in gone)
        work.axes = [axis for axis in work.axes if axis]
        work.do("squeeze", places[0] if len(places) == 1 else places)


def _unflatten(work: _Work) -> None:
    number = 0
    while number < len(work.axes):
        axis = work.axes[number]
        if len(axis) > 1:
            place = work.place(number)
            work.axes[number : number + 1] = [[unit] for unit in axis]
            sizes = tuple(-1 if unit.known is None else unit.known for unit in axis)
            work.do("unflatten", place, sizes)
        number += len(axis)


def _move(work: _Work, wanted: list[Unit]) -> None:
    units = [axis[0] for axis in work.axes]
    order = [units.index(unit) for unit in wanted]
    moved = [number for number, source in enumerate(order) if number != source]
    if not moved:
        return
    sources = [work.place(order[number]) for number in moved]
    work.axes = [[unit] for unit in wanted]
    targets = [work.place(number) for number in moved]
    rest = any(unit.rest is not None for unit in wanted)
    if len(moved) == 2 and sources == targets[::-1]:
        work.do("transpose", *targets)
    elif not rest:
        work.do("permute", *order)
    else:
        _move_around_rest(work, wanted, units)


def _move_around_rest(work: _Work, wanted: list[Unit], units: list[Unit]) -> None:
    """``movedim`` says where the named axes go; those of `...` fill what is left."""
    after = work.axes
    work.axes = [[unit] for unit in units]
    named = [unit for unit in wanted if unit.rest is None]
    sources = {id(unit): work.place(units.index(unit)) for unit in named}
    work.axes = after
    targets = {id(unit): work.place(wanted.index(unit)) for unit in named}
    few = _fewest(units, wanted, sources, targets)
    source = tuple(sources[id(unit)] for unit in few)
    target = tuple(targets[id(unit)] for unit in few)
    work.do("movedim", *((source[0], target[0]) if len(few) == 1 else (source, target)))


def _fewest(
    units: list[Unit], wanted: list[Unit], sources: dict[int, int], targets: dict[int, int]
) -> list[Unit]:
    """One axis if moving it alone does it, else all that change their place."""
    for unit in units:
        others = [u for u in units if u is not unit]
        if unit.rest is None and others == [u for u in wanted if u is not unit]:
            return [unit]
    return [u for u in wanted if u.rest is None]


def _flatten(work: _Work, right: list[list[Unit]]) -> None:
    number = 0
    for axis in right:
        if len(axis) > 1:
            first, last = work.place(number), work.place(number + len(axis) - 1)
            ends = number + len(axis) == len(work.axes)
            work.axes[number : number + len(axis)] = [axis]
            work.do("flatten", *((first,) if ends else (first, last)))
        number += 1 if axis else 0


def _unsqueeze(work: _Work, right: list[list[Unit]]) -> None:
    for number, axis in enumerate(right):
        if not axis:
            work.axes.insert(number, axis)
            work.do("unsqueeze", work.place(number))
