"""Assumptions in words: ``h`` and ``w`` are multiples of 32."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nndsl.model import dims
from nndsl.model.expr import Expr, Index, Name, Op, Static, binary
from nndsl.model.text import expression


def sentences(assumptions: Iterable[Static]) -> tuple[str, ...]:
    """What a model takes for granted, each as half a sentence, without repeats.

    Divisibilities are put together: one sentence for all sizes with the same divisor, and for
    each size only the largest divisor where the smaller ones follow from it.
    """
    divisors: dict[Static, list[Static]] = {}
    others: dict[str, None] = {}
    for one in assumptions:
        found = _multiple(one)
        if found is None:
            others.setdefault(remainders(one) or _equality(one))
        else:
            divisors.setdefault(found[0], []).append(found[1])
    _unnest(divisors)
    by_divisor: dict[str, list[str]] = {}
    for size, each in divisors.items():
        for divisor in _strongest(each):
            by_divisor.setdefault(expression(divisor), []).append(expression(size))
    return (*(_multiples(sizes, by) for by, sizes in by_divisor.items()), *others)


def is_equality(assumption: Static) -> bool:
    """Whether it says that two sizes are equal, or that one is a multiple of the other."""
    return isinstance(assumption, Op) and assumption.op == "=="


def goes_without_saying(assumption: Static) -> bool:
    """Whether it only says that sizes aren't negative: ``0 <= width``, ``t <= t + kernel - 1``."""
    if not isinstance(assumption, Op) or assumption.op != "<=":
        return False
    if _rounded_up(*assumption.args):
        return True
    low = 0
    for monomial, count in dims.normal(binary("-", assumption.args[1], assumption.args[0])).items():
        if monomial and count * _sign(monomial) <= 0:
            return False
        whole = not monomial or all(isinstance(atom, Name) for atom, _ in monomial)
        low += count if whole else 0
    return low >= 0


def _rounded_up(size: Static, multiple: Static) -> bool:
    """Whether the second is ``-(k * (-size // k))``, the next multiple of ``k``."""
    terms = list(dims.normal(multiple).items())
    floors = [a for m, _ in terms for a, _ in m if isinstance(a, Op) and a.op == "//"]
    if len(terms) != 1 or len(floors) != 1:
        return False
    whole, divisor = floors[0].args
    exact = binary("-", 0, binary("*", divisor, floors[0]))
    return dims.equal(exact, multiple) is True and dims.equal(binary("-", 0, whole), size) is True


def _sign(monomial: dims.Monomial) -> int:
    """1 for a product of sizes, -1 for one that is never above 0, 0 where neither is known."""
    sign = 1
    for atom, power in monomial:
        sign *= _sign_of(atom) ** power
    return sign


def _sign_of(atom: Static) -> int:
    """Of a size, or a quotient of sizes: ``h // 2``, or ``-h // 2``, which rounds up."""
    if isinstance(atom, Op) and atom.op == "//":
        whole, divisor = map(_signs, atom.args)
        return whole.pop() if len(whole) == 1 and divisor == {1} else 0
    if isinstance(atom, Index):
        return int(isinstance(atom.value, Name))
    return int(isinstance(atom, Name) and atom.type == "int")


def _signs(size: Static) -> set[int]:
    terms = [count * _sign(monomial) for monomial, count in dims.normal(size).items()]
    return {(term > 0) - (term < 0) for term in terms}


def _multiples(sizes: list[str], divisor: str) -> str:
    quoted = [f"`{size}`" for size in dict.fromkeys(sizes)]
    by = divisor if divisor.isdigit() else f"`{divisor}`"
    if len(quoted) == 1:
        return f"{quoted[0]} is a multiple of {by}"
    return f"{', '.join(quoted[:-1])} and {quoted[-1]} are multiples of {by}"


def _equality(assumption: Static) -> str:
    if isinstance(assumption, Op) and assumption.op == "==":
        left, right = map(dims.tidy, assumption.args)
        if isinstance(left, int):
            left, right = right, left
        if isinstance(right, int):
            return f"`{expression(left)}` is {right}"
        return f"`{expression(left)}` equals `{expression(right)}`"
    return f"`{expression(assumption)}`"


def _multiple(assumption: Static) -> tuple[Static, Static] | None:
    """(size, divisor) if the assumption says ``size % divisor == 0`` in whatever form."""
    if not (isinstance(assumption, Op) and assumption.op == "=="):
        return None
    left, right = assumption.args
    if not isinstance(left, Expr):
        left, right = right, left
    if isinstance(left, Op) and left.op == "%" and right == 0:
        return left.args[0], left.args[1]
    difference = dims.normal(binary("-", left, right))
    floors = [
        atom
        for monomial in difference
        for atom, power in monomial
        if power == 1 and isinstance(atom, Op) and atom.op == "//"
    ]
    for floor in floors:
        for size, divisor, meant in _candidates(floor, floors):
            rest = binary("-", size, binary("*", divisor, floor))
            if difference in (dims.normal(rest), dims.normal(binary("*", -1, rest))):
                return meant, divisor
    remaining = _remaining(assumption)
    if remaining is not None and remaining[2] == [0]:
        return remaining[:2]
    return None


def remainders(assumption: Static) -> str:
    """``(h + 3) // 4`` equals ``(h + 1) // 4``: said of what is left when ``h`` is divided by 4."""
    found = _remaining(assumption)
    if found is None:
        return ""
    size, divisor, left = found
    *first, last = map(str, left)
    numbers = f"{', '.join(first)} or {last}" if first else last
    return f"`{expression(binary('%', size, divisor))}` is {numbers}"


def _remaining(assumption: Static) -> tuple[Static, int, list[int]] | None:
    """(size, divisor, remainders) where an equality is one of two quotients of one size."""
    if not (isinstance(assumption, Op) and assumption.op == "=="):
        return None
    difference = dims.normal(binary("-", *assumption.args))
    parts: dict[int, tuple[Static, int, int]] = {}  # by sign: size, what is added, divisor
    constant = 0
    for monomial, count in difference.items():
        if not monomial:
            constant = count
            continue
        part = _shifted(monomial[0][0]) if len(monomial) == 1 and monomial[0][1] == 1 else None
        if part is None or count not in (1, -1) or count in parts:
            return None
        parts[count] = part
    if len(parts) != 2 or parts[1][0] != parts[-1][0] or parts[1][2] != parts[-1][2]:
        return None
    (size, more, divisor), (_, less, _) = parts[1], parts[-1]
    left = [
        rest
        for rest in range(divisor)
        if (rest + more) // divisor - (rest + less) // divisor + constant == 0
    ]
    return (size, divisor, left) if left else None


_MOST_REMAINDERS = 16


def _shifted(quotient: Static) -> tuple[Static, int, int] | None:
    """``h``, 3 and 4 of ``(h + 3) // 4``."""
    if not isinstance(quotient, Op) or quotient.op != "//":
        return None
    whole, divisor = quotient.args
    if type(divisor) is not int or not 1 < divisor <= _MOST_REMAINDERS:
        return None
    poly = dims.normal(whole)
    added = poly.get((), 0)
    size = dims.build({m: c for m, c in poly.items() if m})
    return (size, added, divisor) if isinstance(size, Expr) and type(added) is int else None


def _candidates(floor: Op, floors: list[Op]) -> Iterator[tuple[Static, Static, Static]]:
    """What may be meant by ``x // 4``: ``x`` by 4, or ``x // 2`` by 2; with the words for it."""
    whole, divisor = _quotient(floor)
    yield whole, divisor, whole
    for other in floors:
        inner, by = _quotient(other)
        if inner == whole and isinstance(by, int) and isinstance(divisor, int) and divisor > by:
            yield other, divisor // by, Op("//", (inner, by))


def _quotient(floor: Op) -> tuple[Static, Static]:
    """``x`` and 4 of ``x // 4``, also where it is rounded up: ``(x + 3) // 4``."""
    whole, divisor = floor.args
    if isinstance(divisor, int):
        poly = dims.normal(whole)
        if divisor > 1 and poly.get((), 0) == divisor - 1:
            return dims.build({m: c for m, c in poly.items() if m}), divisor
    return whole, divisor


def _unnest(divisors: dict[Static, list[Static]]) -> None:
    """``h`` a multiple of 2 and ``h // 2`` of 4: then ``h`` is a multiple of 8."""
    again = True
    while again:
        again = False
        for size in list(divisors):
            if not (isinstance(size, Op) and size.op == "//"):
                continue
            inner, by = size.args
            if isinstance(by, int) and any(_divides(by, d) for d in divisors.get(inner, ())):
                divisors[inner] += [binary("*", by, d) for d in divisors.pop(size)]
                again = True


def _divides(by: int, divisor: Static) -> bool:
    return isinstance(divisor, int) and divisor % by == 0


def _strongest(divisors: list[Static]) -> list[Static]:
    """Without those that another one implies."""
    kept: list[Static] = []
    for one in dict.fromkeys(divisors):
        if isinstance(one, int) and any(_divides(one, d) and d != one for d in divisors):
            continue
        kept.append(one)
    return kept
