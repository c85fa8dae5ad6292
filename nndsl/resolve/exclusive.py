"""Branches that the run chooses between: both are made, so one label in both is one module."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from nndsl.model.expr import Expr, Name, Undecided, names_in, substitute
from nndsl.model.graph import Chain, Construct, For, Holder, If, Make, Path, RunTest, Use, walk
from nndsl.record import replace
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.finishing import replace_names

Members = Mapping[Path, Any]


def share(sides: list[list[Any]], own: tuple[Members, Members], cx: Context) -> None:
    """Let the second branch use what the first one makes under the same labels.

    ``own`` are the members that each branch brought. Raises E401 where the two don't make the same.
    """
    first, again = dict(_made(sides[0])), dict(_made(sides[1]))
    common = {path for path in again if path in first and _same(first[path], again[path])}
    left, right = ([path for path in one if not _within(path, common)] for one in own)
    for path in sorted(right, key=len):  # a group before what is in it
        other = next((p for p in left if p == path or _clash(p, first, path, again)), None)
        if other is not None:
            cx.builder.members[path] = own[0][other]
            raise Fault(cx.builder.two_of(path, own[1][path]))
    if cx.general:
        _check_rounds(sides)
    told = {path: again[path].told for path in common}
    sides[0][:] = _telling(sides[0], told)
    sides[1][:] = _without(sides[1], common)


def _within(path: Path, paths: Container[Path]) -> bool:
    return any(path[:end] in paths for end in range(1, len(path) + 1))


def _clash(left: Path, first: Members, right: Path, again: Members) -> bool:
    """Whether one of two members is made as a whole and the other goes into it."""
    inside = left in first and right[: len(left)] == left
    return inside or right in again and left[: len(right)] == right


def _check_rounds(sides: list[list[Any]]) -> None:
    """Rounds of both branches that fill one container must be known: over names they aren't one."""
    first, again = ([*_rounds(side)] for side in sides)
    for path, loop in again:
        if any(path[: len(other)] == other[: len(path)] for other, _ in first):
            for name in names_in(loop.iterable):
                raise Undecided(name)
            raise Cascade


def _rounds(side: list[Any]) -> Iterator[tuple[Path, For]]:
    """The loops of a branch, each with the containers that it fills."""
    for loop in walk(tuple(side)):
        if isinstance(loop, For):
            for one in walk(loop.body):
                if isinstance(one, Make):
                    fixed = [place for place, part in enumerate(one.path) if isinstance(part, Expr)]
                    yield one.path[: fixed[0]] if fixed else one.path, loop


def _of_the_run(one: Any) -> bool:
    return isinstance(one, If) and isinstance(one.test, RunTest)


def _made(body: Any) -> Iterator[tuple[Path, Make]]:
    """What a branch surely makes, in the branches of the run inside it too."""
    for one in body:
        if isinstance(one, Make):
            yield one.path, one
        elif _of_the_run(one):
            yield from _made((*one.then, *one.orelse))


def _telling(body: Any, told: Mapping[Path, Any]) -> list[Any]:
    """A branch whose children tell what those of the other are asked, too."""
    found: list[Any] = []
    for one in body:
        if isinstance(one, Make) and told.get(one.path):
            one = replace(one, told=(*one.told, *told[one.path]))
        elif _of_the_run(one):
            then, orelse = (tuple(_telling(part, told)) for part in (one.then, one.orelse))
            one = replace(one, then=then, orelse=orelse)
        found.append(one)
    return found


def _without(body: Any, paths: set[Path]) -> list[Any]:
    """A branch without what it makes under some paths; the calls stay."""
    found: list[Any] = []
    for one in body:
        if isinstance(one, Make) and one.path in paths:
            continue
        if _of_the_run(one):
            then, orelse = (tuple(_without(part, paths)) for part in (one.then, one.orelse))
            one = replace(one, then=then, orelse=orelse)
        found.append(one)
    return found


def _same(first: Make, again: Make) -> bool:
    """Whether two branches make one and the same thing."""
    return bool(_key(first.what) == _key(again.what))


def _key(made: Any) -> Any:
    if isinstance(made, Construct):
        return repr((made.torch, made.args, made.kwargs))
    if isinstance(made, Use):
        return id(made.block), repr((made.args, made.sizes))
    if isinstance(made, Holder):
        return made.kind
    if isinstance(made, Chain) and all(parts := [_part(one) for one in made.body]):
        return tuple(parts)
    return id(made)


def _part(one: Any) -> Any:
    """A part of a chain, with the rounds of a repeat numbered alike; None for other loops."""
    if isinstance(one, Make):
        return one.path, _key(one.what)
    if not isinstance(one, For) or one.targets is not None or one.sizes:
        return None
    table = {one.round: Name("round", "loop")}
    makes = [each for each in one.body if isinstance(each, Make)]
    made = tuple(
        (repr(substitute(each.path, table)), _key(replace_names(each.what, table)))
        for each in makes
    )
    return (repr(one.iterable), made) if len(makes) == len(one.body) else None
