"""Short ways to write down the arguments of an entry."""

from __future__ import annotations

import math
from typing import Any

from nndsl.model.spec import REQUIRED, Argument


def inferred(name: str, doc: str, *, alias: str = "", type: str = "size") -> Argument:
    """A size that follows from the input."""
    return Argument(name, type, None, doc, inferred=True, alias=alias)


def size(name: str, doc: str, default: Any = REQUIRED) -> Argument:
    """A number of at least 1."""
    return Argument(name, _or_none("size", default), default, doc)


def whole(
    name: str,
    doc: str,
    default: Any = REQUIRED,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Argument:
    """An integer."""
    return Argument(name, _or_none("int", default), default, doc, low=low, high=high)


def axis(name: str, doc: str, default: Any = REQUIRED) -> Argument:
    """The position of an axis, negative from the end."""
    return Argument(name, _or_none("axis", default), default, doc)


def wholes(name: str, doc: str, default: Any = REQUIRED, *, low: float | None = None) -> Argument:
    """An integer, or one for each axis."""
    return Argument(name, _or_none("ints", default), default, doc, low=low)


def real(
    name: str,
    doc: str,
    default: Any = REQUIRED,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Argument:
    """A number; infinite only where a bound is."""
    return Argument(name, _or_none("float", default), default, doc, low=low, high=high)


def unbounded(name: str, doc: str, default: Any = REQUIRED) -> Argument:
    """A number that may be infinite."""
    return real(name, doc, default, low=-math.inf, high=math.inf)


def reals(name: str, doc: str, default: Any = REQUIRED, *, low: float | None = None) -> Argument:
    """A number, or one for each axis."""
    return Argument(name, _or_none("floats", default), default, doc, low=low)


def flag(name: str, doc: str, default: bool | None = False) -> Argument:
    """True or False."""
    return Argument(name, _or_none("bool", default), default, doc)


def word(name: str, doc: str, default: Any, *choices: str) -> Argument:
    """One of several strings."""
    return Argument(name, "str", default, doc, choices=choices)


def layer(name: str, doc: str, default: Any = REQUIRED) -> Argument:
    """Another layer, with its arguments."""
    return Argument(name, _or_none("layer", default), default, doc)


def rate(name: str, doc: str, default: float = 0.5) -> Argument:
    """A probability."""
    return real(name, doc, default, low=0, high=1)


def _or_none(type: str, default: Any) -> str:
    return f"{type}|none" if default is None else type


BIAS = flag("bias", "whether a learned offset is added", True)
INPLACE = flag("inplace", "whether the input's memory is overwritten")
