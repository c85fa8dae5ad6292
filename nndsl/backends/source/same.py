"""Sizes behind ``same`` padding, which is right for odd kernels."""

from __future__ import annotations

from nndsl.model import dims
from nndsl.model.expr import Name, Op, Static, binary, names_in, rebuild, substitute


def as_same(size: Static) -> Static:
    """A size behind ``same`` padding as it is for every odd kernel: ``h``, although ``kernel // 2``
    on both sides adds one for an even kernel, and ``(kernel - 1) // 2`` takes one away."""
    return _same(size)[0]


def odd_names(size: Static) -> tuple[Name, ...]:
    """The parameters that must be odd for ``as_same`` to be right."""
    return _same(size)[1]


def _same(size: Static) -> tuple[Static, tuple[Name, ...]]:
    if not isinstance(size, Op):
        return size, ()
    inner: list[Name] = []

    def part(value: Static) -> Static:
        made, odd = _same(value)
        inner.extend(odd)
        return made

    inside = rebuild(size, part)
    whole, odd = _doubled(inside)
    shorter = len(dims.normal(whole)) < len(dims.normal(inside))
    if shorter:
        return dims.tidy(whole), (*inner, *odd)
    return (dims.tidy(whole) if inside != size else size), tuple(inner)


def _doubled(size: Static) -> tuple[Static, tuple[Name, ...]]:
    """Two halves of an odd number as one less than it; also which parameters are odd then."""
    whole: Static = 0
    odd: list[Name] = []
    for monomial, count in dims.normal(size).items():
        half = monomial[0][0] if len(monomial) == 1 and monomial[0][1] == 1 else None
        twice, name = _twice(half) if count % 2 == 0 else (None, None)
        odd += [name] if name is not None else []
        term = dims.build({monomial: count}) if twice is None else binary("*", count // 2, twice)
        whole = binary("+", whole, term)
    return whole, tuple(odd)


def _twice(half: Static) -> tuple[Static | None, Name | None]:
    """``kernel - 1`` for ``kernel // 2``, where one odd parameter tells what is left over."""
    if not isinstance(half, Op) or half.op != "//" or half.args[1] != 2:
        return None, None
    size, counter = half.args[0], Name("counter")
    for name in names_in(size):
        odd = binary("+", binary("*", 2, counter), 1)
        poly = dims.normal(substitute(size, {name: odd}))
        if name.role == "param" and not any(count % 2 for m, count in poly.items() if m):
            return binary("-", size, poly.get((), 0) % 2), name
    return None, None
