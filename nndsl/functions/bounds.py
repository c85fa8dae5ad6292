"""Which of two sizes is certainly not larger, also where divisions stand in them."""

from __future__ import annotations

from typing import cast

from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.dims import Poly
from nndsl.model.expr import Op, Static

_ROUNDS = 8


def at_most(a: Static, b: Static, check: Checker) -> bool:
    """False if certainly ``a > b``; where it can't be decided it is noted as an assumption."""
    if check.less(b, a):
        return False
    if check.less(b, a) is None and not _never_negative(_difference(b, a, check)):
        check.assumptions.append(Op("<=", (a, b)))
    return True


def never_negative(a: Static, check: Checker) -> bool:
    """Whether ``a >= 0`` for all values of its names. Notes nothing."""
    return check.less(a, 0) is False or _never_negative(_difference(a, 0, check))


def _difference(a: Static, b: Static, check: Checker) -> Poly:
    return dims.normal(Op("-", (a, b)), check.facts)


def _never_negative(poly: Poly) -> bool:
    """Replaces each ``x // k`` by a bound of it: ``(x - k + 1) / k <= x // k <= x / k``."""
    for _ in range(_ROUNDS):
        found = _division(poly)
        if found is None:
            break
        (atom, power), coef = found
        top, by = cast(Op, atom).args
        rest = {mono: c * cast(int, by) for mono, c in poly.items() if mono != ((atom, power),)}
        slack = cast(int, by) - 1 if coef > 0 else 0
        poly = dims.normal(Op("+", (dims.build(rest), Op("*", (coef, Op("-", (top, slack)))))))
    low = dims.minimum(poly)
    return low is not None and low >= 0


def _division(poly: Poly) -> tuple[tuple[Static, int], int] | None:
    for mono, coef in poly.items():
        if len(mono) == 1 and mono[0][1] == 1:
            atom = mono[0][0]
            by = atom.args[-1] if isinstance(atom, Op) and atom.op == "//" else None
            if isinstance(by, int) and by > 0:
                return mono[0], coef
    return None
