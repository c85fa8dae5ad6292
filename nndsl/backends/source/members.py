"""Members of containers that a loop makes, and how a forward goes through them without counting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nndsl.backends.source.headers import Header
from nndsl.model.expr import Expr, Name, Static, substitute
from nndsl.model.graph import For, Holder, If, Make, Path, PathPart, RunTest, Scan, Statement, walk
from nndsl.record import dataclass

Body = tuple[Statement, ...]
Around = tuple[Statement, ...]
_ROUND = Name("round", "loop")


@dataclass(frozen=True)
class Part:
    """All members of a container but some in ``front`` and ``behind``. ``kind`` is the
    container's, or that of the class whose own children these are."""

    kind: str
    front: int
    behind: int


class Members:
    """What is made under which path, and inside of which loops and conditions."""

    def __init__(self, body: Body, kind: str) -> None:
        self._made = list(_made(body, ()))
        self._kind = kind

    def of_rounds(self, prefix: Path, key: PathPart, loop: For) -> Part | None:
        """The members that the rounds of a loop call under a key, if each is the next one."""
        container = self._container(prefix)
        if container is None:
            return None
        kind, outside = container
        members = self._under(prefix)
        looped = [place for place, (_, around) in enumerate(members) if around != outside]
        if len(looped) != 1:
            return None
        path, around = members[looped[0]]
        made = around[-1]
        between = around[len(outside) : -1]
        once = around[: len(outside)] == outside and all(isinstance(one, If) for one in between)
        if not once or not isinstance(made, For):
            return None
        same = made is loop or made.iterable == loop.iterable
        if not same or _in_rounds(path[-1], made) != _in_rounds(key, loop):
            return None
        found = Part(kind, looped[0], len(members) - looped[0] - 1)
        return found if kind == "ModuleList" or len(members) == 1 else None

    def _container(self, prefix: Path) -> tuple[str, Around] | None:
        """The kind of a container, and what it is made in; the class itself has an empty path."""
        if not prefix:
            return self._kind, ()
        holders = [one for one in self._made if one[0] == prefix]
        what = holders[0][2].what if len(holders) == 1 else None
        return (what.kind, holders[0][1]) if isinstance(what, Holder) else None

    def from_the_end(self, path: Path) -> int | None:
        """The number of a member of a list, counted from the end, where loops stand before it."""
        kind, outside = self._container(path[:-1]) or ("", ())
        if kind != "ModuleList" or not isinstance(path[-1], Expr):
            return None
        for number, (own, around) in enumerate(reversed(self._under(path[:-1])), 1):
            if around != outside:
                return None
            if own == path:
                return -number
        return None

    def _under(self, prefix: Path) -> list[tuple[Path, Around]]:
        length = len(prefix)
        return [
            (path, around)
            for path, around, _ in self._made
            if len(path) == length + 1 and path[:length] == prefix
        ]


def _in_rounds(key: PathPart, loop: For) -> Static:
    """A key in the number of the round, whatever the loop calls that."""
    return substitute(key, dict.fromkeys(Header(loop).counters, _ROUND))


def _made(body: Sequence[Statement], around: Around) -> Iterator[tuple[Path, Around, Make]]:
    for statement in body:
        if isinstance(statement, Make):
            yield statement.path, around, statement
        elif isinstance(statement, If):
            yield from _made((*statement.then, *statement.orelse), (*around, statement))
        elif isinstance(statement, For):
            yield from _made(statement.body, (*around, statement))
        elif isinstance(statement, Scan):  # whose rounds share what they call
            yield from _made(statement.body, around)


def numbers_from_the_end(body: Body) -> dict[Expr, int]:
    """Numbers from the end; what branches count differently or rounds count on is left as it is."""
    found = list(_from_the_end(body))
    rounds = {make.path[0] for loop in walk(body) if isinstance(loop, For) for make in _all(loop)}
    sure = {k: n for k, n in found if all(m == n for j, m in found if j == k)}
    return {k: n for k, n in sure.items() if k not in rounds}


def _all(loop: For) -> Iterator[Make]:
    return (one for one in walk(loop.body) if isinstance(one, Make))


def _from_the_end(body: Body) -> Iterator[tuple[Expr, int]]:
    """Children whose number from the front isn't plain, by their number from the end."""
    count = 0
    for statement in reversed(body):
        if isinstance(statement, If) and not isinstance(statement.test, RunTest):
            sides = [list(_made(side, ())) for side in (statement.then, statement.orelse)]
            flat = all(not around for side in sides for _, around, _ in side)
            if not flat:
                return
            for side in sides:
                for place, (path, _, _) in enumerate(reversed(side)):
                    if isinstance(path[0], Expr):
                        yield path[0], -count - place - 1
            if len(sides[0]) != len(sides[1]):
                return
            count += len(sides[0])
        elif isinstance(statement, Make):
            count += 1
            if isinstance(statement.path[0], Expr):
                yield statement.path[0], -count
        elif any(True for _ in _made((statement,), ())):
            return
