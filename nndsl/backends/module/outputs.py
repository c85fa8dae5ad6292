"""Named outputs of a model: named tuples that pickle without their class being importable."""

from __future__ import annotations

import keyword
from collections import namedtuple
from functools import cache
from typing import Any

from nndsl.backends.module.errors import NOT_CONCRETE, fail


@cache
def output_class(name: str, fields: tuple[str, ...]) -> Any:
    """The named tuple of that name and these fields; one class for all who ask."""
    for field in fields:
        if not field.isidentifier() or keyword.iskeyword(field) or field.startswith("_"):
            raise fail(NOT_CONCRETE, f"`{field}` can't be the name of an output")
    made = namedtuple(name, fields)  # type: ignore[misc]
    members: dict[str, Any] = {"__module__": __name__, "__reduce__": _reduce}
    for key, value in members.items():
        setattr(made, key, value)
    return made


def _reduce(self: tuple[Any, ...]) -> tuple[Any, ...]:
    made: Any = type(self)
    return restore, (made.__name__, made._fields, tuple(self))


def restore(name: str, fields: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    """Called by pickle."""
    return output_class(name, fields)(*values)
