"""Whether a value can be an argument: its type, its range, its spelling."""

from __future__ import annotations

import math
from typing import Any

from nndsl.model.expr import Expr, Static, evaluate, known
from nndsl.model.nearest import nearest
from nndsl.model.spec import Argument, Rejected
from nndsl.model.text import expression

_WANTED = {
    "int": "an integer",
    "size": "an integer",
    "axis": "an axis (an integer)",
    "float": "a number",
    "bool": "True or False",
    "str": "a string",
    "ints": "an integer or a list of them",
    "floats": "a number or a list of them",
    "none": "None",
    "layer": "a layer",
}
_PLAIN = (int, float, str, tuple, type(None))
_LISTS = {"ints": "int", "floats": "float"}


def checked(argument: Argument, value: Static) -> Static:
    """The value, lists as tuples. What can't be is ``Rejected``; unknown values pass."""
    if isinstance(value, list):
        value = tuple(value)
    plain = _plain(argument, value)
    if not isinstance(plain, Expr):
        _check(argument, plain)
    return value


def _plain(argument: Argument, value: Static) -> Any:
    """What an expression comes to, where that is known already."""
    if not isinstance(value, Expr | tuple) or not known(value):
        return value
    try:
        return evaluate(value)
    except (ArithmeticError, TypeError, ValueError, LookupError) as no:
        raise Rejected(
            f"{argument.name} of `{{layer}}` can't be computed: {no}", argument.name, "", "E206"
        ) from None


def _check(argument: Argument, value: Any) -> None:
    types = argument.type.split("|")
    if "any" in types or ("layer" in types and not isinstance(value, _PLAIN)):
        return
    if isinstance(value, tuple):
        element = next((_LISTS[t] for t in types if t in _LISTS), None)
        if element is None or not value:
            raise _refused(argument, value, types)
        kinds = [element]
        if "none" in types and argument.default is not None:
            kinds.append("none")  # it says something of one axis, not that the list is left out
        for item in value:
            if not isinstance(item, Expr):
                _check_one(argument, item, kinds)
        return
    _check_one(argument, value, [_LISTS.get(t, t) for t in types])


def _check_one(argument: Argument, value: Any, types: list[str]) -> None:
    if not any(_is(value, t) for t in types):
        raise _refused(argument, value, argument.type.split("|"))
    if isinstance(value, str):
        _check_word(argument, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        _check_range(argument, value, types)


def _is(value: Any, type: str) -> bool:
    if type == "none":
        return value is None
    if type == "bool":
        return isinstance(value, bool)
    if type == "str":
        return isinstance(value, str)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (type == "float" and isinstance(value, float))


_TRUE = frozenset({"true", "yes", "on"})
_TRUTHS = _TRUE | {"false", "no", "off"}


def _refused(argument: Argument, value: Any, types: list[str]) -> Rejected:
    wanted = " or ".join(_WANTED[t] for t in types)
    advice = ""
    if isinstance(value, float) and "float" not in types and "floats" not in types:
        advice = "`//` divides to an integer, `int(...)` cuts one off"
    elif isinstance(value, str) and value.isdigit():
        advice = f"write it without quotes: `{value}`"
    elif isinstance(value, tuple) and value and not {"ints", "floats"} & set(types):
        advice = "choose one of its items: `[0]`"
    elif "bool" in types and (value in (0, 1) or str(value).lower() in _TRUTHS):
        advice = f"write `{value in (1, *_TRUE) or str(value).lower() in _TRUE}`"
    return Rejected(
        f"{argument.name} of `{{layer}}` is {wanted}, not {expression(value)}",
        argument.name,
        advice,
        "E205",
    )


def _check_word(argument: Argument, value: str) -> None:
    if not argument.choices or value in argument.choices:
        return
    near = nearest(value, argument.choices)
    raise Rejected(
        f"{argument.name} of `{{layer}}` is one of "
        f"{', '.join(map(expression, argument.choices))}, not {expression(value)}",
        argument.name,
        f'did you mean `"{near}"`?' if near else "",
        "E206",
    )


def _check_range(argument: Argument, value: float, types: list[str]) -> None:
    low: float | None = 1 if "size" in types and argument.low is None else argument.low
    high = argument.high
    endless = isinstance(value, float) and math.isinf(value) and value in (low, high)
    if not endless and isinstance(value, float) and not math.isfinite(value):
        raise Rejected(
            f"{argument.name} of `{{layer}}` is {expression(value)}, which is no finite number",
            argument.name,
            code="E206",
        )
    if low is not None and value < low:
        raise _outside(argument, value, "at least", low)
    if high is not None and value > high:
        raise _outside(argument, value, "at most", high)


def _outside(argument: Argument, value: float, how: str, bound: float) -> Rejected:
    percent = bound == 1 and how == "at most" and 2 <= value <= 100
    return Rejected(
        f"{argument.name} of `{{layer}}` is {how} {bound:g}, not {expression(value)}",
        argument.name,
        f"{value:g} % is written `{value / 100:g}`" if percent else "",
        code="E206",
    )
