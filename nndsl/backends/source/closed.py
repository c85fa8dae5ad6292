"""Sizes that loops and conditions of the constructor compute, as one formula where there is one."""

from __future__ import annotations

from collections.abc import Mapping

from nndsl.backends.source.same import as_same, odd_names
from nndsl.model import dims
from nndsl.model.expr import (
    Cond,
    Expr,
    Name,
    Op,
    Static,
    Text,
    binary,
    names_in,
    rebuild,
    substitute,
)
from nndsl.model.graph import CarriedSize, For, If, JoinedSize, RunTest, Statement, walk
from nndsl.model.listing import length

Facts = dict[Name, Static]


class Closed:
    """What the names that a body computes come to."""

    def __init__(self, body: tuple[Statement, ...]) -> None:
        self._joined: dict[Name, tuple[Static, JoinedSize]] = {}
        self._carried: dict[Name, tuple[Static, CarriedSize]] = {}
        for one in walk(body):
            if isinstance(one, If) and not isinstance(one.test, RunTest):
                self._joined.update((size.name, (one.test, size)) for size in one.sizes)
            elif isinstance(one, For):
                self._carried.update((size.name, (one.iterable, size)) for size in one.sizes)

    def __call__(self, value: Static) -> Static:
        """A value without such names, as far as each comes to one formula."""
        if not isinstance(value, Expr):
            return value
        found = {name: self._of(name) for name in set(names_in(value))}
        table: Mapping[Name, Static] = {n: made for n, made in found.items() if made is not None}
        return substitute(value, table) if table else value

    def _of(self, name: Name) -> Static | None:
        if name in self._joined:
            test, joined = self._joined[name]
            return self._either(test, joined)
        if name in self._carried:
            over, carried = self._carried[name]
            return self._grown(over, carried)
        return self(name.meaning) if name.role == "local" and name.meaning is not None else None

    def _either(self, test: Static, joined: JoinedSize) -> Static | None:
        """One of two that is right in both cases: ``ceil(h / stride)`` is ``h`` where ``stride``
        is 1."""
        then = _decided(self(joined.then), test, True)
        orelse = _decided(self(joined.orelse), test, False)
        if _covers(orelse, then, _equalities(test, True)):
            return orelse
        return then if _covers(then, orelse, _equalities(test, False)) else None

    def _grown(self, over: Static, carried: CarriedSize) -> Static | None:
        """``c + depth * growth`` of what each round adds ``growth`` to."""
        step = dims.tidy(binary("-", carried.next, carried.name))
        if any(name.role in ("loop", "carried") for name in names_in(step)):
            return None
        return binary("+", self(carried.init), binary("*", length(over), step))


def _covers(size: Static, other: Static, facts: Facts) -> bool:
    """Whether a size is the other one where these facts hold, and asks no less of kernels."""
    if not set(odd_names(other)) <= set(odd_names(size)):
        return False
    return dims.equal(as_same(size), as_same(other), facts) is True


def _decided(value: Static, test: Static, truth: bool) -> Static:
    """A value where it is known how a condition comes out."""
    if isinstance(value, Cond) and value.test == test:
        return _decided(value.then if truth else value.orelse, test, truth)
    return rebuild(value, lambda part: _decided(part, test, truth)) if _nested(value) else value


def _nested(value: Static) -> bool:
    return isinstance(value, Op | Cond)


def _equalities(test: Static, truth: bool) -> Facts:
    """What names are if a condition comes out so."""
    if not isinstance(test, Op):
        return {}
    if test.op == ("and" if truth else "or"):
        return {n: size for part in test.args for n, size in _equalities(part, truth).items()}
    if test.op == "not":
        return _equalities(test.args[0], not truth)
    name, size = test.args[0], test.args[-1]
    sized = isinstance(size, int | Expr) and not isinstance(size, Text)
    if test.op == ("==" if truth else "!=") and isinstance(name, Name) and sized:
        return {name: size}
    return {}
