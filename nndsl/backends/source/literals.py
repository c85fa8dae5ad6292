"""Plain values as Python text: the only way in which text of a spec becomes code."""

from __future__ import annotations

import math

from nndsl.backends.source.py import ATOM, UNARY, Py


def string(value: str) -> str:
    """A string literal in ASCII, with the quotes that black prefers."""
    body = ascii(value)
    if body.startswith('"') or '"' not in value:
        return '"' + body[1:-1] + '"'
    if "'" in value and value.count('"') <= value.count("'"):
        return '"' + body[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    return body


_NAMED = {math.pi: Py("math.pi")}


def number(value: int | float) -> Py:
    """A number; negative ones bind like the minus before them."""
    if isinstance(value, float):
        if math.isnan(value):
            raise ValueError("a number that is not a number can't be printed")
        if math.isinf(value):
            return Py(
                'float("inf")' if value > 0 else '-float("inf")', ATOM if value > 0 else UNARY
            )
    if isinstance(value, float) and abs(value) in _NAMED:
        named = _NAMED[abs(value)]
        return named if value > 0 else Py(f"-{named.text}", UNARY)
    text = _rounded(value) if isinstance(value, float) else repr(value)
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return Py(text, UNARY if text.startswith("-") else ATOM)


def _rounded(value: float) -> str:
    """``1e9`` for a large round number, which ``repr`` spells out."""
    text = repr(value)
    if not value.is_integer() or abs(value) < 1e5 or "e" in text:
        return text
    short = f"{value:.6e}"
    mantissa, exponent = short.split("e")
    short = f"{mantissa.rstrip('0').rstrip('.')}e{exponent}"
    return short if float(short) == value and len(short) < len(text) else text


def literal(value: object) -> Py:
    """A plain value: None, a bool, a number or a string."""
    if value is None or isinstance(value, bool):
        return Py(repr(value))
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return Py(string(value))
    raise TypeError(f"{type(value).__name__} is no plain value")
