"""What can be told of a static value that may be an expression."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import (
    Comprehension,
    Cond,
    Index,
    Listing,
    Name,
    SliceOf,
    Spread,
    Static,
    Text,
    known,
)


def is_text(value: Static) -> bool:
    """Whether a static value is a string, as far as can be told."""
    if isinstance(value, Name):
        return value.type == "str" or isinstance(value.meaning, str)
    if isinstance(value, Cond):
        return is_text(value.then) or is_text(value.orelse)
    return isinstance(value, str | Text)


def is_listing(value: Static) -> bool:
    """Whether a static value is a list, as far as can be told."""
    if isinstance(value, Name) and (value.meaning is None or not known(value)):
        return value.type.startswith("list")
    if isinstance(value, Index) and isinstance(value.value, Name):
        return value.value.type.startswith("list[list")
    if isinstance(value, Cond):
        return is_listing(value.then)
    if isinstance(value, Name):
        return is_listing(value.meaning)
    return isinstance(value, tuple | list | Listing | Comprehension | SliceOf)


def may_be_none(value: Static) -> bool:
    """Whether None is among the values that an expression may have."""
    if isinstance(value, Index) and isinstance(value.value, Name):
        return value.value.type.rstrip("?") == "list"  # of several kinds of items
    return isinstance(value, Name) and value.type.endswith("?")


def items(value: Any, count: int) -> tuple[Any, ...] | None:
    """The items of a list, or None if it has another length."""
    if isinstance(value, Listing) and not any(isinstance(i, Spread) for i in value.items):
        value = value.items
    if isinstance(value, tuple | list):
        return tuple(value) if len(value) == count else None
    return tuple(Index(value, i) for i in range(count))
