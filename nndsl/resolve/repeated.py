"""Numbers that a constructor would compute more than once get a name.

``unit(divisible(width * scale))`` says a size that the next layer is made with too. What the author
wrote once is written once: the size is bound before the first statement that needs it, under the
name of the parameter that it is given for. Only whole arguments count, and only where the name is
free; a statement that is a comprehension stays one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from nndsl.model.expr import (
    Applied,
    Call,
    Cond,
    Expr,
    Name,
    Op,
    Static,
    bound_names,
    children,
    names_in,
)
from nndsl.model.graph import (
    Bind,
    Block,
    CarriedSize,
    Chain,
    Construct,
    For,
    If,
    Make,
    Parametric,
    RunTest,
    Statement,
    Use,
    walk,
)
from nndsl.model.making import with_arguments
from nndsl.model.text import expression
from nndsl.record import dataclass, replace
from nndsl.resolve.builder import Builder

Body = tuple[Statement, ...]
LEAST = 13
"""Characters of what is worth a name: shorter ones read better where they stand."""


@dataclass(frozen=True)
class Place:
    """A size as a whole argument of a statement, and what it may be called after it.

    ``sure``: it is worked out wherever the body is, in no condition or loop only.
    """

    size: Static
    statement: Statement | None
    wish: Name | None = None
    sure: bool = True


def name_repeated(block: Block, b: Builder) -> None:
    """Bind the sizes that several statements of a constructor are given."""
    ends = [Place(size, None) for size in block.tells.values() if _is_worth(size)]
    renamer = _Renamer(b)
    block.body, _ = renamer.body(block.body, ends, True)
    block.tells = {key: renamer.at_end(size) for key, size in block.tells.items()}


class _Renamer:
    """The sizes of one block that have got a name."""

    def __init__(self, b: Builder) -> None:
        self.b = b
        self.given: dict[Static, Name] = {}
        self.ended: dict[Static, Name] = {}  # those of the body that was left last, at its end

    def at_end(self, size: Any) -> Any:
        return self.ended.get(size, size) if isinstance(size, Expr) else size

    def of(self, size: Any) -> Any:
        return self.given.get(size, size) if isinstance(size, Expr) else size

    def body(self, body: Body, ends: list[Place], own: bool) -> tuple[Body, list[Place]]:
        """A body with its names, and what is left; ``own``: whether a name may be bound in it."""
        outside = dict(self.given)
        found = [list(self._within(one)) for one in body]
        places: dict[Static, list[Place]] = {}
        for place in (*chain.from_iterable(found), *ends):
            places.setdefault(place.size, []).append(place)
        written: list[Statement] = []
        for one, mine in zip(body, found, strict=True):
            for place in mine if own else ():
                self._name(place.size, places[place.size], written)
            self._rename(one)
            written.append(one)
        every = [place for more in places.values() for place in more]
        left = [place for place in every if place.size not in self.given]
        self.given, self.ended = outside, self.given
        return tuple(written), left

    def _name(self, size: Static, same: list[Place], written: list[Statement]) -> None:
        """Bind a size that more than one statement is given."""
        several = len({id(place.statement) for place in same}) > 1
        if size in self.given or not several or not any(place.sure for place in same):
            return
        wishes = [place.wish for place in same if place.wish is not None]
        for wish in sorted(wishes, key=lambda one: one.role != "carried"):
            ident = wish.id.rstrip("0123456789_") if wish.role == "carried" else wish.id
            if wish.role == "carried" or ident not in self.b.taken:
                name = self.given[size] = self.b.size(ident, "local", size, wish.type)
                written.append(Bind(name, size))
                return

    def _within(self, one: Statement) -> Iterator[Place]:
        """The whole arguments of a statement that what stands before it could name."""
        if isinstance(one, Make):
            yield from (place for place in _given(one) if _is_worth(place.size))
            if isinstance(one.what, Chain):
                body, left = self.body(one.what.body, [], False)
                yield from _free(left, body)
        elif isinstance(one, If):
            own = not isinstance(one.test, RunTest)
            for key, side in (("then", one.then), ("orelse", one.orelse)):
                body, left = self.body(side, [], own)
                object.__setattr__(one, key, body)
                yield from (replace(place, sure=False) for place in _free(left, body))
        elif isinstance(one, For):
            ends = [Place(s.next, None) for s in one.sizes if _is_worth(s.next)]
            makes = sum(isinstance(s, Make | For) for s in one.body)
            body, left = self.body(one.body, ends, bool(one.sizes) or makes > 1)
            object.__setattr__(one, "body", body)
            sizes = tuple(replace(s, next=self.at_end(s.next)) for s in one.sizes)
            object.__setattr__(one, "sizes", sizes)
            yield from (Place(s.init, one, s.name) for s in one.sizes if _is_worth(s.init))
            mine = {one.round, *(s.name for s in one.sizes), *bound_names(one.targets or ())}
            free = (place for place in _free(left, body) if mine.isdisjoint(names_in(place.size)))
            yield from (replace(place, sure=False) for place in free)

    def _rename(self, one: Statement) -> None:
        for inner in walk((one,)):
            if isinstance(inner, Make):
                object.__setattr__(inner, "what", with_arguments(inner.what, self.of))
            elif isinstance(inner, For):
                object.__setattr__(inner, "sizes", tuple(map(self._carried, inner.sizes)))

    def _carried(self, size: CarriedSize) -> CarriedSize:
        return replace(size, init=self.of(size.init), next=self.of(size.next))


def _given(make: Make) -> Iterator[Place]:
    """The arguments of what is made, with the parameters that they are given for."""
    made = make.what
    if isinstance(made, Use):
        names = {one.name.id: one.name for one in made.block.parameters}
        yield from (Place(value, make, names.get(key)) for key, value in made.args)
        needs = set(made.block.needs)
        yield from (Place(size, make) for name, size in made.sizes if name in needs)
    elif isinstance(made, Construct | Parametric):
        sizes = made.sizes if isinstance(made, Parametric) else ()
        values = (*sizes, *made.args, *(value for _, value in made.kwargs))
        yield from (Place(value, make) for value in values)


def _free(places: list[Place], body: Body) -> Iterator[Place]:
    """Those that need nothing that is known inside of a body only."""
    inside = set(_bound(body))
    return (place for place in places if inside.isdisjoint(names_in(place.size)))


def _bound(body: Body) -> Iterator[Name]:
    for one in walk(body):
        if isinstance(one, Bind):
            yield one.name
        elif isinstance(one, Make):
            yield from (name for name, _ in one.told)
        elif isinstance(one, If | For):
            yield from (size.name for size in one.sizes)


def _is_worth(size: Static) -> bool:
    """Whether a size is long, and more than sums and products of names."""
    if not isinstance(size, Op | Call | Cond | Applied):
        return False
    return _asks(size) and len(expression(size)) >= LEAST


def _asks(value: Static) -> bool:
    return isinstance(value, Applied | Call | Cond) or any(map(_asks, children(value)))
