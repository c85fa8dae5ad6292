"""Both sides of a rearranging pattern read against a shape: units, their sizes, their places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from nndsl.functions.shapes import shape_of
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.expr import Size, Static
from nndsl.model.graph import TensorType
from nndsl.model.patterns import Axis, BadPattern, Group, Part, Pattern, parts_of
from nndsl.model.spec import Rejected
from nndsl.record import dataclass, field

Values = Mapping[str, Static]


@dataclass(eq=False)
class Unit:
    """What moves as one. ``known`` is the number that a static name or an integer gives."""

    label: str
    known: Static = None
    size: Size | None = None
    rest: tuple[Size, ...] | None = None  # the sizes that `...` stands for, as far as known


@dataclass
class Plan:
    """Both sides as lists of axes, each a list of units; an empty axis is a 1."""

    left: list[list[Unit]] = field(default_factory=list)
    right: list[list[Unit]] = field(default_factory=list)


def planned(pattern: Pattern, type: TensorType, values: Values, check: Checker) -> Plan:
    """Every unit with its size, on both sides; refuses what can't be."""
    for side in (pattern.left, pattern.right or ()):
        _check_repeats(side, values)
    units = Units(values)
    plan = Plan([units.axis(axis) for axis in pattern.left])
    units.turn()
    plan.right = [units.axis(axis) for axis in pattern.right or ()]
    _same_units(pattern, plan)
    _measure(pattern, plan, type, check)
    _open_rest(pattern, plan, type)
    _keep_ones(plan)
    return plan


class Units:
    """Makes the units of the left side and finds them again for the right."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.made: dict[str, list[Unit]] = {}
        self.second = False

    def turn(self) -> None:
        self.second = True

    def axis(self, axis: Axis) -> list[Unit]:
        parts = axis.parts if isinstance(axis, Group) else (axis,)
        return [self._unit(part) for part in parts if part.text != "1"]

    def _unit(self, part: Part) -> Unit:
        label = f"{{{part.text}}}" if part.kind == "value" else part.text
        waiting = self.made.setdefault(label, [])
        if self.second and waiting:
            return waiting.pop(0)
        known = part.number if part.kind == "number" else self.values.get(label)
        unit = Unit(label, known, rest=() if part.kind == "rest" else None)
        if not self.second:
            waiting.append(unit)
        return unit


def _check_repeats(side: tuple[Axis, ...], values: Values) -> None:
    """Only what means a number may stand twice on a side; the first on the left is the first on
    the right."""
    seen: set[str] = set()
    for part in parts_of(side):
        if part.kind == "name" and part.text in seen and part.text not in values:
            raise BadPattern(
                f"the axis `{part.text}` stands twice",
                part.offset,
                part.length,
                f"give it another name, write `{{{part.text}}}` where it is a size, or take the "
                "`diagonal(dim1=..., dim2=...)`",
            )
        seen.add(part.text)


def _same_units(pattern: Pattern, plan: Plan) -> None:
    left = {id(u) for axis in plan.left for u in axis}
    right = {id(u) for axis in plan.right for u in axis}
    for side, other, units in ((pattern.left, right, plan.left), (pattern.right, left, plan.right)):
        flat = [unit for axis in units for unit in axis]
        parts = [part for part in parts_of(side or ()) if part.text != "1"]
        for part, unit in zip(parts, flat, strict=True):
            if id(unit) not in other:
                raise _one_sided(part, side is pattern.left)


def _one_sided(part: Part, left: bool) -> BadPattern:
    shown = f"{{{part.text}}}" if part.kind == "value" else part.text
    offset, length = part.offset, part.length
    if left:
        return BadPattern(
            f"the axis `{shown}` is missing on the right: a pattern only moves axes",
            offset,
            length,
            "reduce it with a function: `mean(dim=...)`",
        )
    return BadPattern(
        f"the axis `{shown}` is missing on the left: a pattern only moves axes",
        offset,
        length,
        "add it as `1`, then repeat it with `expand`",
    )


def _measure(pattern: Pattern, plan: Plan, type: TensorType, check: Checker) -> None:
    """Gives every unit of the left side its size."""
    shape = shape_of(type)
    rests = [i for i, axis in enumerate(plan.left) if any(u.rest is not None for u in axis)]
    if rests and isinstance(pattern.left[rests[0]], Group):
        raise BadPattern(
            "`...` can't stand in a group on the left", cast(Group, pattern.left[rests[0]]).offset
        )
    number = len(plan.left) - len(rests)
    if type.lead and rests != [0]:
        raise Rejected(
            f'{show_shape(shape, True)} may have more axes than "{pattern.text}" says',
            "input",
            "begin both sides with `...`",
        )
    if len(shape) < number or not rests and len(shape) > number:
        has = count(len(shape), "axis")
        raise Rejected(
            f"{show_shape(shape, type.lead)} has {has}, but the left side of "
            f'"{pattern.text}" has {count(len(plan.left), "axis")}',
            "input",
        )
    front = rests[0] if rests else number
    back = number - front
    if rests:
        plan.left[front][0].rest = shape[front : len(shape) - back]
    for place, axis in enumerate(plan.left[:front]):
        _measure_axis(pattern, place, axis, shape[place], check)
    for place in range(-back, 0):
        _measure_axis(pattern, place, plan.left[place], shape[place], check)


def _measure_axis(
    pattern: Pattern, place: int, axis: list[Unit], size: Size, check: Checker
) -> None:
    open_units = [unit for unit in axis if unit.known is None]
    if len(open_units) > 1:
        names = " and ".join(f"`{unit.label}`" for unit in open_units)
        raise Rejected(
            f"the sizes of {names} can't both follow from {show(size)}",
            "",
            f"write one as a number, or in braces where it is a value: `{{{open_units[0].label}}}`",
        )
    known = dims.product(tuple(cast(Size, unit.known) for unit in axis if unit.known is not None))
    for unit in axis:
        unit.size = cast(Size, unit.known)
    if not open_units:
        if not check.equal(size, known):
            written = " * ".join(unit.label for unit in axis) or "1"
            numbers = " * ".join(show(cast(Size, unit.known)) for unit in axis)
            forms = dict.fromkeys((written, numbers, show(known)))
            what = " = ".join(form for form in forms if form)
            raise Rejected(f'axis {place} is {show(size)}, "{pattern.text}" wants {what}', "input")
        if len(axis) == 1:
            axis[0].size = size
        return
    if check.less(known, 1) or not check.divides(known, size):
        raise Rejected(
            f'axis {place} is {show(size)}, no multiple of {show(known)}: "{pattern.text}" '
            f"can't take it apart",
            "input",
        )
    open_units[0].size = part = cast(Size, dims.tidy(size // known))
    if len(axis) > 1:
        check.note_split(size, known, part)


def _open_rest(pattern: Pattern, plan: Plan, type: TensorType) -> None:
    """Where `...` stands in a group on the right, its axes become units of their own."""
    pairs = zip(pattern.right or (), plan.right, strict=True)
    groups = [units for axis, units in pairs if isinstance(axis, Group)]
    grouped = [units for units in groups if any(unit.rest is not None for unit in units)]
    if not grouped:
        return
    if type.lead:
        raise Rejected("`...` can't be joined: how many axes it is isn't known", "input")
    rest = next(unit for unit in grouped[0] if unit.rest is not None)
    opened = [Unit("...", None, size) for size in rest.rest or ()]
    for side in (plan.left, plan.right):
        for place, axis in enumerate(side):
            if rest in axis:
                at = axis.index(rest)
                axis[at : at + 1] = opened
                if side is plan.left:
                    side[place : place + 1] = [[unit] for unit in opened]
                break


def _keep_ones(plan: Plan) -> None:
    """A 1 on both sides is an axis that moves; others are added or dropped."""
    ones = [axis for axis in plan.left if not axis]
    more = [axis for axis in plan.right if not axis]
    for number, (old, new) in enumerate(zip(ones, more, strict=False)):
        unit = Unit(f"1.{number}", 1, 1)
        old.append(unit)
        new.append(unit)
