"""Sizes: whether two are equal for all values of their names, and their simplest form.

A size is brought into a normal form: a sum of integer multiples of products of atoms, where an
atom is a name or something that arithmetic can't look into (``h // stride``, ``max(a, b)``).
``a % k`` is written as ``a - a // k * k``, so that ``h // 2 * 2 == h`` and ``h % 2 == 0`` are one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from nndsl.limits import spend
from nndsl.model.expr import (
    Applied,
    Cond,
    Expr,
    Name,
    Op,
    Size,
    Static,
    Text,
    binary,
    is_list,
    rebuild,
)

Monomial = tuple[tuple[Static, int], ...]
Poly = dict[Monomial, int]
Facts = Mapping[Name, Static]

_ONE: Monomial = ()


def normal(value: Static, facts: Facts | None = None, kept: frozenset[str] = frozenset()) -> Poly:
    """The normal form; ``facts`` replaces names that are known to equal something.

    Names whose role is in ``kept`` are atoms; others stand for their meaning, if they have one.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return {_ONE: value} if value else {}
    if isinstance(value, Name):
        if facts and value in facts:
            return normal(facts[value], facts, kept)
        plain = value.meaning is None or isinstance(value.meaning, tuple)
        if not plain and value.role not in kept:
            spend(1)
            return normal(value.meaning, facts, kept)
        return {((value, 1),): 1}
    spend(2)
    if isinstance(value, Op) and (inexact(value) or _holds_text(value)):
        return {((value, 1),): 1}  # in another order floats give another number
    if isinstance(value, Op) and value.op in _RULES and not is_list(value):
        return _RULES[value.op](*(normal(a, facts, kept) for a in value.args))
    if isinstance(value, Expr):
        return {((rebuild(value, lambda part: _tidy(part, facts, kept)), 1),): 1}
    return {((value, 1),): 1}


def inexact(value: Static) -> bool:
    """Whether floats occur in an arithmetic expression."""
    if isinstance(value, Op):
        return any(map(inexact, value.args))
    if isinstance(value, Applied):
        return inexact(value.meaning)
    return isinstance(value, float) or isinstance(value, Name) and value.type == "float"


def _holds_text(value: Static) -> bool:
    """Whether texts are joined or repeated in an expression."""
    if isinstance(value, Op):
        return any(map(_holds_text, value.args))
    return isinstance(value, str | Text) or isinstance(value, Name) and value.type == "str"


def _add(a: Poly, b: Poly, sign: int = 1) -> Poly:
    out = dict(a)
    spend((len(a) + len(b)) // 32)
    for mono, coef in b.items():
        total = out.get(mono, 0) + sign * coef
        if total:
            out[mono] = total
        else:
            out.pop(mono, None)
    return out


def _key(factor: tuple[Static, int]) -> str:
    return repr(factor[0])


def _multiply(a: Poly, b: Poly) -> Poly:
    out: Poly = {}
    spend(len(a) * len(b) // 2)
    for left, m in a.items():
        for right, n in b.items():
            powers = dict(left)
            for atom, power in right:
                powers[atom] = powers.get(atom, 0) + power
            mono = tuple(sorted(powers.items(), key=_key))
            out[mono] = out.get(mono, 0) + m * n
    return {mono: total for mono, total in out.items() if total}


def _divide_monomial(mono: Monomial, by: Monomial) -> Monomial | None:
    powers = dict(mono)
    for atom, power in by:
        left = powers.get(atom, 0) - power
        if left < 0:
            return None
        powers[atom] = left
        if not left:
            del powers[atom]
    return tuple(sorted(powers.items(), key=_key))


def _floordiv(a: Poly, b: Poly) -> Poly:
    if b == {_ONE: 1}:
        return a
    if not a or not b:
        return {} if b else {((Op("//", (build(a), 0)), 1),): 1}
    whole: Poly = {}
    rest: Poly = dict(a)
    if len(b) == 1:
        ((by, k),) = b.items()
        for mono, coef in a.items():
            less = _divide_monomial(mono, by)
            if less is not None and k > 0 and coef // k and (coef % k == 0 or mono == _ONE):
                whole = _add(whole, {less: coef // k})
                rest = _add(rest, {mono: coef // k * k}, -1)
    elif a == b:
        return {_ONE: 1}
    return _add(whole, _floor_atom(rest, b)) if rest else whole


def _floor_atom(rest: Poly, by: Poly) -> Poly:
    if set(rest) == {_ONE} and set(by) == {_ONE}:
        quotient = rest[_ONE] // by[_ONE]
        return {_ONE: quotient} if quotient else {}
    if set(by) == {_ONE}:
        # (x // a + n) // b is (x + a * n) // (a * b), so that chains of halvings are one division
        others = [(m, c) for m, c in rest.items() if m != _ONE]
        inner = others[0][0][0][0] if others and others[0][0] else None
        alone = len(others) == 1 and others[0][1] == 1 and len(others[0][0]) == 1
        if alone and others[0][0][0][1] == 1 and _halved(inner):
            assert isinstance(inner, Op) and isinstance(inner.args[1], int)
            a = inner.args[1]
            top = _add(normal(inner.args[0]), {_ONE: a * rest[_ONE]} if _ONE in rest else {})
            return _floordiv(top, {_ONE: a * by[_ONE]})
    return {((Op("//", (build(rest), build(by))), 1),): 1}


def _halved(atom: Static) -> bool:
    return isinstance(atom, Op) and atom.op == "//" and isinstance(atom.args[1], int)


def _modulo(a: Poly, b: Poly) -> Poly:
    return _add(a, _multiply(_floordiv(a, b), b), -1)


def _power(a: Poly, b: Poly) -> Poly:
    if set(b) <= {_ONE} and 0 <= (times := b.get(_ONE, 0)) <= 8:
        out: Poly = {_ONE: 1}
        for _ in range(times):
            out = _multiply(out, a)
        return out
    return {((Op("**", (build(a), build(b))), 1),): 1}


_RULES: dict[str, Callable[..., Poly]] = {
    "+": _add,
    "-": lambda a, b: _add(a, b, -1),
    "*": _multiply,
    "//": _floordiv,
    "%": _modulo,
    "**": _power,
    "neg": lambda a: _add({}, a, -1),
    "pos": lambda a: a,
}


def build(poly: Poly) -> Size:
    """A normal form as an expression again, positive terms first."""
    if not poly:
        return 0
    constant = poly.get(_ONE, 0)
    terms = [(m, c) for m, c in poly.items() if m != _ONE]
    terms.sort(key=lambda term: term[1] < 0)
    total: Static = 0
    for mono, coef in terms:
        product: Static = abs(coef)
        for atom, power in mono:
            product = binary("*", product, binary("**", atom, power))
        if coef < 0:
            total = binary("-", total, product) if total != 0 else Op("neg", (product,))
        else:
            total = binary("+", total, product)
    if constant < 0 and terms:
        return cast(Size, binary("-", total, -constant))
    return cast(Size, binary("+", total, constant))


_GIVEN = frozenset(("local", "constant"))
EVERY = frozenset(("local", "constant", "size", "param", "loop", "carried"))
"""The roles of names that stay in a simplest form: those with a value of the author's, or all."""


def tidy(value: Static, facts: Facts | None = None, kept: frozenset[str] = _GIVEN) -> Static:
    """The simplest form of a size. Names that the author gave to a value stay."""
    return _tidy(value, facts, kept)


def _tidy(value: Static, facts: Facts | None, kept: frozenset[str]) -> Static:
    if isinstance(value, Expr):
        plain = isinstance(value, Op) and value.op in _RULES or isinstance(value, Name)
        if plain and not is_list(value):
            return build(normal(value, facts, kept))
        return rebuild(value, lambda part: _tidy(part, facts, kept))
    return value


def equal(a: Static, b: Static, facts: Facts | None = None) -> bool | None:
    """Whether two sizes are equal: yes, no, or None when it depends on the names' values."""
    if not isinstance(a, Expr) and not isinstance(b, Expr):
        return bool(a == b)
    return sign_of_zero(_add(normal(a, facts), normal(b, facts), -1))


def sign_of_zero(difference: Poly) -> bool | None:
    """Whether a difference is zero. Sizes are at least 1, so a sum of positive terms is not."""
    if not difference:
        return True
    if set(difference) == {_ONE}:
        return False
    low = minimum(difference)
    if low is not None and low > 0:
        return False
    low = minimum({m: -c for m, c in difference.items()})
    if low is not None and low > 0:
        return False
    return None


def minimum(poly: Poly) -> int | None:
    """A lower bound, given that every plain name is at least 1; None if there is none."""
    total = 0
    for mono, coef in poly.items():
        if mono == _ONE:
            total += coef
        elif coef < 0 or not all(
            isinstance(a, Name) and a.type == "int" and a.role == "size" for a, _ in mono
        ):
            return None
        else:
            total += coef
    return total


def less(a: Any, b: Any, facts: Facts | None = None) -> bool | None:
    """Whether ``a < b`` for all values of the names; None when it depends on them."""
    if not isinstance(a, Expr) and not isinstance(b, Expr):
        return bool(a < b)
    difference = _add(normal(b, facts), normal(a, facts), -1)
    low = minimum(difference)
    if low is not None and low > 0:
        return True
    low = minimum({m: -c for m, c in difference.items()})
    if low is not None and low >= 0:
        return False
    return None


def key(value: Static) -> object:
    """Something hashable that equal sizes share."""
    if isinstance(value, Expr):
        poly = normal(value)
        if set(poly) <= {_ONE}:
            return poly.get(_ONE, 0)
        return frozenset(poly.items())
    return value


def ceildiv(a: Size, b: Size) -> Size:
    """``ceil(a / b)`` on sizes."""
    return tidy((a + b - 1) // b)  # type: ignore[operator,return-value]


def product(sizes: tuple[Size, ...]) -> Size:
    """All sizes multiplied."""
    total: Static = 1
    for size in sizes:
        total = binary("*", total, size)
    return tidy(total)  # type: ignore[return-value]


__all__ = [
    "EVERY",
    "Cond",
    "Facts",
    "build",
    "ceildiv",
    "equal",
    "key",
    "less",
    "minimum",
    "normal",
    "product",
    "tidy",
]  # fmt: skip
