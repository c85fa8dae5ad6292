"""Shapes, sizes and values as messages show them, cut where they get long."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.model import text
from nndsl.model.expr import Static
from nndsl.model.graph import FlowType, ListType, NoneType, TensorType

_LIMIT = 200


def show(value: Static) -> str:
    """A static value, as a spec would write it."""
    return _cut(text.expression(value))


def show_shape(shape: Sequence[Static] | None, lead: bool = False) -> str:
    """``(b, 3, h, w)``; ``(..., d)`` where any axes may stand in front."""
    return _cut(text.shape(shape, lead))


def show_type(type: FlowType) -> str:
    """What flows, in a few words."""
    if isinstance(type, TensorType):
        return show_shape(type.shape, type.lead)
    if isinstance(type, NoneType):
        return "None"
    if isinstance(type, ListType):
        return f"a list of {show(type.length)} tensors"
    return f"a {'list' if type.many else 'tuple'} of {count(len(type.items), 'tensor')}"


def _cut(words: str) -> str:
    return words if len(words) <= _LIMIT else words[: _LIMIT - 3] + "..."


def quote(names: Sequence[str]) -> str:
    """`` `a`, `b` and `c` ``."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def count(number: int, noun: str) -> str:
    """``1 axis``, ``2 axes``."""
    plural = {"axis": "axes", "index": "indices"}.get(noun, noun + "s")
    return f"{number} {noun if number == 1 else plural}"
