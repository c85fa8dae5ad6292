"""Calls drawn at random, of the kind that people write and of the kind that goes wrong.

One shape is drawn first; the tensors of a call are variations of it, so that many calls fit and
many just don't.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from nndsl.functions.registry import find
from nndsl.model.spec import REQUIRED, Argument
from tests.functions.cases import Case
from tests.functions.running import T

Draw = Callable[..., Any]
Shape = tuple[int, ...]

SIZES = st.integers(1, 4)
DTYPES = st.sampled_from(["float"] * 5 + ["int", "int", "bool"])
BASES = st.lists(SIZES, max_size=4).map(tuple)
KINDS = {"index": "int", "indices": "int", "mask": "bool", "condition": "bool"}


@st.composite
def variations(draw: Draw, base: Shape) -> Shape:
    """The shape itself, most often, or one that is like it."""
    how = draw(st.integers(0, 9))
    if how <= 3 or not base:
        return base if how < 9 else draw(BASES)
    if how == 4:  # some axes of 1, which broadcast
        return tuple(size if draw(st.booleans()) else 1 for size in base)
    if how == 5:
        return base[draw(st.integers(0, len(base))) :]
    if how == 6:
        return (*base[:-2], *base[-2:][::-1])
    if how == 7:
        place = draw(st.integers(0, len(base) - 1))
        return (*base[:place], draw(SIZES), *base[place + 1 :])
    if how == 8:
        return (*base, draw(SIZES)) if draw(st.booleans()) else (draw(SIZES), *base)
    return draw(BASES)


@st.composite
def tensors(draw: Draw, base: Shape, dtype: str) -> T:
    """A variation; now and then of another dtype than the call's."""
    other = draw(st.integers(0, 5)) == 0
    return T(draw(variations(base)), draw(DTYPES) if other else dtype)


@st.composite
def calls(draw: Draw, name: str) -> Case:
    """A call of a function."""
    from tests.functions.drawn import SPECIAL

    if name in SPECIAL:
        return draw(SPECIAL[name])  # type: ignore[no-any-return]
    function = find(name)
    assert function is not None
    base, dtype = draw(BASES), draw(DTYPES)
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for argument in function.arguments:
        if argument.default is not REQUIRED and not draw(st.booleans()):
            continue
        value = draw(values(argument, base, dtype))
        if argument.default is not REQUIRED or argument.named:
            kwargs[argument.name] = value
        elif argument.name == function.star and argument.type == "tensors":
            args.extend(value)
        else:
            args.append(value)
    return tuple(args), kwargs


@st.composite
def values(draw: Draw, argument: Argument, base: Shape, dtype: str) -> Any:
    """A value for an argument, by its type."""
    kind = draw(st.sampled_from([k for k in argument.type.split("|") if k != "none"]))
    if argument.choices and kind == "str":
        return draw(st.sampled_from(argument.choices))
    if kind == "tensor":
        return draw(tensors(base, KINDS.get(argument.name, dtype)))
    if kind == "tensors":
        return draw(st.lists(tensors(base, dtype), min_size=1, max_size=3))
    return draw(_plain(kind, len(base), argument))


def _plain(kind: str, rank: int, argument: Argument) -> Any:
    """A strategy for what is no tensor."""
    axes = st.integers(-rank - 1, rank)
    several = st.lists(axes, min_size=1, max_size=3, unique=True).map(tuple)
    return {
        "axis": axes,
        "axes": st.one_of(axes, several),
        "int": st.integers(-2, 4),
        "size": st.integers(1, 4),
        "ints": st.one_of(st.integers(-1, 3), st.lists(st.integers(-1, 3), max_size=4).map(tuple)),
        "sizes": st.lists(st.integers(-1, 4), max_size=4).map(tuple),
        "float": _numbers(argument),
        "floats": st.sampled_from([0.5, 2.0, 1.5]),
        "bool": st.booleans(),
        "dtype": st.sampled_from(["float", "int", "bool"]),
    }[kind]


def _numbers(argument: Argument) -> Any:
    found = [0.5, 1, 2, 0.25, 1.0]
    if argument.low is None:
        found += [-1, -0.5]
    if "bool" in argument.type.split("|"):
        found.append(True)
    low = -10.0 if argument.low is None else argument.low
    high = 10.0 if argument.high is None else argument.high
    return st.sampled_from([value for value in found if low <= value <= high])
