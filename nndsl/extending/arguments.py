"""Arguments of what a plug-in declares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nndsl.model.spec import REQUIRED, Argument

_TYPES = "int float bool str size ints floats axis axes sizes dtype tensor tensors any none"
TYPES = frozenset(_TYPES.split())
_PLAIN: dict[Any, str] = {int: "int", float: "float", bool: "bool", str: "str"}


def argument(
    name: str,
    type: type | str,
    default: Any = REQUIRED,
    doc: str = "",
    *,
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[str] = (),
    named: bool = False,
) -> Argument:
    """An argument under the name that the package gives it.

    Args:
        name: the package's own name for it.
        type: ``int``, ``float``, ``bool``, ``str``, or a text: ``"size"`` (an int of at least 1),
            ``"axis"``, ``"ints"`` and ``"floats"`` (one, or a list), ``"any"``; several are joined
            by ``|``. A default of None lets None in.
        default: the package's own default; an argument without one must be given.
        doc: its meaning, in a few words.
        low, high: bounds of a number; an infinite one lets infinity in.
        choices: the texts that are allowed.
        named: whether it is taken by name only, as all behind it are.

    Raises:
        ValueError: there is no such type.
    """
    kind = _PLAIN.get(type, type)
    for part in str(kind).split("|"):
        if part not in TYPES:
            known = ", ".join(sorted(TYPES))
            raise ValueError(f"argument {name!r} has the type {part!r}; there are {known}")
    if default is None and "none" not in str(kind).split("|"):
        kind = f"{kind}|none"
    return Argument(
        name, str(kind), default, doc, low=low, high=high, choices=tuple(choices), named=named
    )


def inferred(name: str, doc: str = "", *, type: str = "size") -> Argument:
    """A size that follows from the input: the axis of that name in ``input``. A spec may leave it
    out, and has to name it where it doesn't."""
    return Argument(name, type, None, doc, inferred=True)


def tensor(name: str = "input", doc: str = "", default: Any = REQUIRED) -> Argument:
    """An operand of a function; it may be left out if its default is None."""
    return Argument(name, "tensor" if default is REQUIRED else "tensor|none", default, doc)


def tensors(name: str, doc: str = "") -> Argument:
    """An operand that is a list of tensors."""
    return Argument(name, "tensors", REQUIRED, doc)
