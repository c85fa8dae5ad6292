"""Names that go on with a text: ``if deep: width = 2 * width``, as people write it.

In the model each value has a name of its own; a condition or a loop joins two of them under a
third. In the constructor they can share one text wherever nothing still reads the earlier value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import inf

from nndsl.backends.source.naming import Locals
from nndsl.backends.source.scan import all_names, names
from nndsl.model.expr import Name, Static
from nndsl.model.graph import Bind, Block, CarriedSize, Chain, For, If, JoinedSize, Make, Statement

Body = tuple[Statement, ...]
Level = tuple[Body, int, If | For | None]


class InPlace:
    """``kept``: the names that the forward reads as attributes, which stay what they are."""

    def __init__(self, block: Block, names_: Locals, kept: Mapping[Name, str]) -> None:
        self._block = block
        self._names = names_
        self._kept = kept
        self.run_in([block.body])

    def run_in(self, sequence: Iterable[Body]) -> None:
        """Note the order in which the constructor runs the body's statements."""
        self._whole: Body = tuple(one for phase in sequence for one in phase)
        self._places = {id(one): place for place, one in enumerate(self._whole)}
        self._paths: dict[int, list[Level]] = {}
        self._last: dict[Name, float] = {}  # the last statement that reads a name
        self._chained: dict[int, tuple[int, Body]] = {}  # a loop in a chain, and what follows it
        for place, one in enumerate(self._whole):
            self._last.update(dict.fromkeys(all_names(one), place))
            self._chained.update((key, (place, rest)) for key, rest in _loops_in(one))
        for told in self._block.tells.values():
            self._last.update(dict.fromkeys(names(told), inf))

    # ------------------------------------------------------------------ conditions

    def condition(self, size: JoinedSize, statement: If) -> None:
        """The text of what a condition gives: that of an earlier value which ends here, and which
        the values made on its sides take over."""
        text = self._names.known(size.name)
        for side in (size.orelse, size.then):
            if text is None and isinstance(side, Name) and self._open(side):
                behind = self._read_behind(side, statement, size)
                text = None if behind else self._names.known(side)
        if text is not None:
            self._names.alias(size.name, text)
        elif any(_born(side, body) for side, body in _sides(size, statement)):
            text = self._names.of(size.name)
        for side, body in _sides(size, statement):
            if text is not None and isinstance(side, Name) and self._takes(side, body, text):
                self._names.alias(side, text)

    def _open(self, value: Name) -> bool:
        """Whether a name may be given another value."""
        if value.role not in ("size", "carried", "local"):
            return False
        text = self._names.known(value)
        return text is not None and text.isidentifier() and value not in self._kept

    def _takes(self, value: Name, body: Body, text: str) -> bool:
        """Whether a value that statements make can be assigned under a text at once: nothing
        behind it reads what the text stood for."""
        place = _born(value, body)
        if place is None or value in self._kept or self._names.known(value) is not None:
            return False
        maker, behind = body[place - 1], body[place:]
        read = {name for one in behind for name in all_names(one)}
        if isinstance(maker, For):
            read |= {name for one in maker.body for name in all_names(one)}
            read |= {name for one in maker.sizes for name in names(one.next)}
        return not any(self._names.known(name) == text for name in read if name is not value)

    def _read_behind(self, name: Name, statement: If, size: JoinedSize) -> bool:
        """Whether something reads a value behind a condition that would assign its text."""
        path = self._path(statement)
        others = [one for one in statement.sizes if one is not size]
        read = [n for one in others for side in (one.then, one.orelse) for n in names(side)]
        for body, place, owner in path or ():
            if owner is None:
                if self._last.get(name, -1) > place:
                    return True
                continue
            read += [n for one in body[place + 1 :] for n in all_names(one)]
            if isinstance(owner, For):
                if not _bound(name, owner):
                    return True  # the next round begins with it
                read += [n for one in owner.sizes for n in names(one.next)]
            else:
                then = body == owner.then
                read += [n for one in owner.sizes for n in names(one.then if then else one.orelse)]
        return path is None or name in read

    def _path(self, statement: Statement) -> list[Level] | None:
        """The lists of statements around one, from the outermost, and its place in each."""
        place = self._places.get(id(statement))
        if place is not None:
            return [(self._whole, place, None)]
        return self._nested.get(id(statement))

    @property
    def _nested(self) -> dict[int, list[Level]]:
        """The same for the statements inside others."""
        if not self._paths:
            for place, one in enumerate(self._whole):
                self._paths.update(_paths_in(one, [(self._whole, place, None)]))
        return self._paths

    # ------------------------------------------------------------------ loops

    def ends_at(self, name: Static, loop: For) -> bool:
        """Whether a loop of the body is the last to read a name, as its first value."""
        if not isinstance(name, Name) or name.role not in ("carried", "local"):
            return False
        place, rest = self._chained.get(id(loop), (self._places.get(id(loop)), ()))
        if place is None or not self._open(name) or self._last.get(name, -1) > place:
            return False
        read = [n for one in rest for n in all_names(one)]
        return name not in read and list(all_names(loop)).count(name) == 1

    def round(self, size: CarriedSize, loop: For) -> None:
        """Let a round assign the running variable itself, where it makes its next value."""
        following = size.next
        if not isinstance(following, Name) or {following, size.name} & self._kept.keys():
            return
        place = _born(following, loop.body)
        if place is None or self._names.known(following) is not None:
            return
        maker, behind = loop.body[place - 1], loop.body[place:]
        read = [n for one in behind for n in all_names(one)]
        read += [n for one in loop.sizes for n in names(one.next)]
        if isinstance(maker, If):
            others = [one for one in maker.sizes if one.name != following]
            read += [n for one in others for n in (*names(one.then), *names(one.orelse))]
        elif isinstance(maker, For):
            read += [n for one in maker.body for n in all_names(one)]
        if size.name not in read:
            self._names.alias(following, self._names.of(size.name))


def _loops_in(statement: Statement) -> Iterator[tuple[int, Body]]:
    """The loops of a chain, each with the chain's statements behind it."""
    if isinstance(statement, Make) and isinstance(statement.what, Chain):
        body = statement.what.body
        for place, one in enumerate(body):
            if isinstance(one, For):
                yield id(one), body[place + 1 :]
            yield from ((key, (*rest, *body[place + 1 :])) for key, rest in _loops_in(one))


def _sides(size: JoinedSize, statement: If) -> tuple[tuple[Static, Body], tuple[Static, Body]]:
    return (size.then, statement.then), (size.orelse, statement.orelse)


def _born(value: Static, body: Body) -> int | None:
    """Behind which of these statements a name has its value, if they give it one."""
    for place, one in enumerate(body):
        if isinstance(one, Bind) and one.name is value or value in list(_given(one)):
            return place + 1
    return None


def _given(statement: Statement) -> Iterator[Name]:
    if isinstance(statement, If | For):
        yield from (size.name for size in statement.sizes)


def _bound(name: Static, loop: For) -> bool:
    """Whether a round gives a name its value before it goes on."""
    return _born(name, loop.body) is not None or name in [size.name for size in loop.sizes]


def _paths_in(statement: Statement, path: list[Level]) -> Iterator[tuple[int, list[Level]]]:
    if not isinstance(statement, If | For):
        return
    for body in (statement.body,) if isinstance(statement, For) else _parts(statement):
        for place, one in enumerate(body):
            inner: list[Level] = [*path, (body, place, statement)]
            yield id(one), inner
            yield from _paths_in(one, inner)


def _parts(statement: If) -> tuple[Body, Body]:
    return statement.then, statement.orelse
