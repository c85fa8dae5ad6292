"""Lists among static values."""

from __future__ import annotations

from nndsl.model.expr import Call, Static


def length(over: Static) -> Static:
    """How many items something has that a loop runs over."""
    if isinstance(over, tuple):
        return len(over)
    if isinstance(over, Call) and over.fn in ("enumerate", "reversed", "sorted"):
        return length(over.args[0])
    if isinstance(over, Call) and over.fn == "range" and len(over.args) == 1:
        return over.args[0]
    if isinstance(over, Call) and over.fn == "zip" and over.args:
        lengths = tuple(map(length, over.args))
        return lengths[0] if len(lengths) == 1 else Call("min", lengths)
    return Call("len", (over,))
