"""Equal rounds that a concrete body has written out become loops again.

``for i in range(12)`` with an ``i`` that only names children is counted out where every number is
known. For a reader it is one round and a number. Rounds are equal if they make and compute the
same, name children by consecutive numbers, and pass on what the next one reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

from nndsl.model.expr import Call, Expr, Name, Text, binary
from nndsl.model.graph import (
    Block,
    Carried,
    Chain,
    Construct,
    Do,
    For,
    Give,
    Holder,
    Invoke,
    Make,
    Path,
    PathPart,
    Statement,
    TieTo,
    Use,
    Var,
)
from nndsl.record import dataclass, fields, replace

LEAST = 3
"""So many rounds are a loop."""
LONGEST = 40
"""The most statements in a round."""

Body = tuple[Statement, ...]
Leaf = tuple[str, Any]
_UNREAD = ("span", "output", "weights", "macs", "type")
_NEW = count(1_000_000)


def roll(block: Block) -> None:
    """Roll a block's body and the chains in it up, in place."""
    block.body = rolled(block.body, block.kind == "sequential")


def rolled(body: Body, chain: bool = False) -> Body:
    """A body with its equal rounds as loops. In a chain only what it makes is looked at."""
    for statement in body:
        if isinstance(statement, Make) and isinstance(statement.what, Chain):
            inner = statement.what
            object.__setattr__(inner, "body", rolled(inner.body, chain=True))
    if chain:
        body = tuple(s for s in body if not isinstance(s, Do | Give))
    if any(isinstance(s, TieTo) for s in body):
        return body  # a tie names one of the children
    lists = {s.path for s in body if isinstance(s, Make) and s.what == Holder("ModuleList")}
    result: list[Statement] = []
    kinds = [_kind(statement) for statement in body]
    at = 0
    while at < len(body):
        rounds = _rounds(body, kinds, at)
        loop = _loop(rounds, _read_behind(body, rounds, at)) if rounds else None
        if loop is None or rounds is None:
            result.append(body[at])
            at += 1
        else:
            result.append(replace(loop, body=_in_lists(loop.body, lists)))
            at += len(rounds) * len(rounds[0])
    return tuple(result)


# ------------------------------------------------------------------ finding rounds


def _kind(statement: Statement) -> object:
    """What two statements must share to be the same statement of two rounds: what they do, and
    where the spec says so."""
    span = getattr(statement, "span", None)
    place = (span.start, span.end) if span is not None else None
    if isinstance(statement, Make):
        what = statement.what
        made = what.block if isinstance(what, Use) else getattr(what, "torch", type(what))
        return place, made, re.sub(r"\d+", "", str(statement.path[-1])), len(statement.path)
    if isinstance(statement, Do):
        return place, type(statement.operation), getattr(statement.operation, "fn", "")
    return statement


def _rounds(body: Body, kinds: list[object], at: int) -> list[Body] | None:
    """The rounds that begin here and cover most."""
    best: list[Body] | None = None
    for period in range(1, min(LONGEST, (len(body) - at) // LEAST) + 1):
        times = 1
        while kinds[at : at + period] == kinds[at + times * period : at + (times + 1) * period]:
            times += 1
        while times >= LEAST:
            rounds = [body[at + k * period : at + (k + 1) * period] for k in range(times)]
            if Rounds(rounds).equal():
                if best is None or times * period > len(best) * len(best[0]):
                    best = rounds
                break
            times -= 1
    return best


def _read_behind(body: Body, rounds: list[Body], at: int) -> set[Var]:
    """What is read after the rounds."""
    rest = body[at + len(rounds) * len(rounds[0]) :]
    return {leaf for statement in rest for kind, leaf in _leaves(statement) if kind == "read"}


@dataclass
class Place:
    """One place in a round: as it is in all rounds, numbered, or what the last one passed on."""

    kind: str
    value: Any
    passed: int = -1


class Rounds:
    """Rounds, compared place by place."""

    def __init__(self, rounds: Sequence[Body]) -> None:
        self.round = Name("round", "loop", "int", None, next(_NEW))
        self.leaves = [[leaf for s in body for leaf in _leaves(s)] for body in rounds]
        self.made = [[leaf for kind, leaf in each if kind == "made"] for each in self.leaves]

    def equal(self) -> bool:
        """Whether all rounds are one, with numbered children."""
        places = self.places()
        return places is not None and any(place.kind == "number" for place in places)

    def places(self) -> list[Place] | None:
        """What stands at each place, or None if the rounds differ."""
        first = self.leaves[0]
        if any(len(each) != len(first) for each in self.leaves):
            return None
        found = [self._place(column) for column in zip(*self.leaves, strict=True)]
        return [p for p in found if p is not None] if None not in found else None

    def _place(self, column: tuple[Leaf, ...]) -> Place | None:
        kinds = {kind for kind, _ in column}
        values = [value for _, value in column]
        kind, first = column[0]
        if len(kinds) > 1:
            return None
        if kind == "made":
            return Place("made", first) if len({len(made) for made in self.made}) == 1 else None
        if kind == "read":
            return self._reading(values)
        if all(type(value) is type(first) and value == first for value in values):
            return Place("same", first)
        part = numbered(values, self.round) if kind == "path" else None
        return Place("number", part) if part is not None else None

    def _reading(self, values: list[Var]) -> Place | None:
        first = values[0]
        own = [m.index(v) if v in m else -1 for m, v in zip(self.made, values, strict=True)]
        if own[0] >= 0:
            return Place("own", first) if len(set(own)) == 1 else None
        if all(value is first for value in values):
            return Place("same", first)
        before = zip(self.made, values[1:], strict=False)
        passed = {m.index(v) if v in m else -1 for m, v in before}
        if len(passed) == 1 and -1 not in passed:
            return Place("passed", first, passed.pop())
        return None


def numbered(parts: Sequence[Any], round: Name) -> PathPart | None:
    """One part of a path over the number of the round: 0, 1, 2 or ``layer1``, ``layer2``."""
    if all(isinstance(part, int) for part in parts):
        begin = parts[0]
        ascending = list(parts) == list(range(begin, begin + len(parts)))
        return _counted(begin, round) if ascending else None
    if not all(isinstance(part, str) for part in parts):
        return None
    pieces = [re.split(r"(\d+)", part) for part in parts]
    if len({len(each) for each in pieces}) > 1:
        return None
    text: list[Any] = []
    for column in zip(*pieces, strict=True):
        if len(set(column)) == 1:
            text.append(column[0])
            continue
        if not all(piece.isdigit() and str(int(piece)) == piece for piece in column):
            return None
        number = numbered([int(piece) for piece in column], round)
        if number is None:
            return None
        text += number.parts if isinstance(number, Text) else (number,)
    return Text(tuple(part for part in text if part != ""))


def _counted(begin: int, round: Name) -> Expr:
    """The place in a list, or a key, since a list begins at 0."""
    return Text((binary("+", round, begin),)) if begin else round


# ------------------------------------------------------------------ making loops


def _loop(rounds: list[Body], behind: set[Var]) -> For | None:
    """The loop, or None where more than its last values is read behind it."""
    compared = Rounds(rounds)
    places = compared.places()
    assert places is not None
    inits: dict[int, Var] = {}
    for place in places:
        if place.kind == "passed" and inits.setdefault(place.passed, place.value) != place.value:
            return None
    lost = {v for made in compared.made for v in made} & behind
    if not lost <= {compared.made[-1][number] for number in inits}:
        return None
    heads = {n: Var(next(_NEW), var.name, var.type) for n, var in inits.items()}
    rest = iter(places)

    def put(kind: str, leaf: Any) -> Any:
        place = next(rest)
        if place.kind == "passed":
            return heads[place.passed]
        return place.value if place.kind == "number" else leaf

    body = tuple(_rebuilt(statement, put) for statement in rounds[0])
    carried = tuple(
        Carried(heads[n], inits[n], compared.made[0][n], compared.made[-1][n]) for n in inits
    )
    return For(None, Call("range", (len(rounds),)), body, compared.round, carried)


def _place(part: PathPart) -> PathPart:
    """The place that a key says."""
    inner = part.parts[0] if isinstance(part, Text) else part
    return inner if isinstance(inner, Expr) else part


def _in_lists(body: Body, lists: set[Path]) -> Body:
    """A round whose members of lists stand at places, ``l[i + 1]``, where others have keys."""

    def path(old: Path) -> Path:
        return tuple(
            _place(part) if old[:place] in lists else part
            for place, part in enumerate(old)
        )

    def turned(one: Statement) -> Statement:
        if isinstance(one, Make):
            return replace(one, path=path(one.path))
        if isinstance(one, Do) and isinstance(one.operation, Invoke):
            return replace(one, operation=replace(one.operation, path=path(one.operation.path)))
        return one

    return tuple(map(turned, body))


# ------------------------------------------------------------------ statements, place by place


def _leaves(statement: Statement) -> Iterator[Leaf]:
    found: list[Leaf] = []

    def note(kind: str, leaf: Any) -> Any:
        found.append((kind, leaf))
        return leaf

    _rebuilt(statement, note)
    return iter(found)


Put = Callable[[str, Any], Any]


def _rebuilt(node: Any, put: Put) -> Any:
    """A node made anew, with what ``put`` gives at each of its places."""
    if isinstance(node, Var):
        return put("read", node)
    if isinstance(node, tuple):
        return tuple(_rebuilt(part, put) for part in node)
    if isinstance(node, Use):
        put("same", node.block)
        return node
    if isinstance(node, Make | Do | Construct | Chain) or type(node).__name__ in _ENTERED:
        return replace(node, **{f.name: _field(f.name, node, put) for f in fields(node)})
    return put("same", node)


_ENTERED = ("Apply", "Invoke", "CallFunction", "Many", "SliceArg", "Special", "TupleType")


def _field(name: str, node: Any, put: Put) -> Any:
    value = getattr(node, name)
    if name in _UNREAD:
        return value
    if name == "path":
        return tuple(put("path", part) for part in value)
    if name == "targets":
        return tuple(put("made", var) for var in value)
    return _rebuilt(value, put)
