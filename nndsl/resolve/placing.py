"""Declared modules stand where they were declared, although their first use makes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nndsl.model.expr import Expr, Name, Static, bound_names, names_in
from nndsl.model.graph import Bind, For, If, Make, Path, Scan, walk
from nndsl.record import dataclass, replace
from nndsl.resolve.context import fault
from nndsl.resolve.needs import made_values
from nndsl.source import Span


@dataclass(frozen=True, eq=False)
class Place:
    """Where a module was declared; it stands among the statements until they are put in order."""

    path: Path
    span: Span


def in_declared_order(body: tuple[Any, ...]) -> tuple[Any, ...]:
    """The statements with every declared module made at its place."""
    found = list(map(_inside, body))
    for place in [one for one in found if isinstance(one, Place)]:
        _put(place, found)
    return tuple(found)


def _inside(statement: Any) -> Any:
    if isinstance(statement, If):
        then, orelse = in_declared_order(statement.then), in_declared_order(statement.orelse)
        return replace(statement, then=then, orelse=orelse)
    if isinstance(statement, For | Scan):
        return replace(statement, body=in_declared_order(statement.body))
    return statement


def _put(place: Place, body: list[Any]) -> None:
    """Move what the first use made to the place, and in front of it the names that it needs."""
    at = body.index(place)
    rest, made = _taken(body[at + 1 :], place.path)
    own = {name for one in made if isinstance(one, For) for name in _bound(one)}
    needed = _needed(made, rest) - own
    _check_known(needed, place, rest)
    binds = [one for one in rest if isinstance(one, Bind) and one.name in needed]
    body[at:] = [*binds, *made, *(one for one in rest if one not in binds)]


def _taken(body: Iterable[Any], path: Path) -> tuple[list[Any], list[Any]]:
    """The statements without those that make a module, and these, from branches and rounds too."""
    rest: list[Any] = []
    made: list[Any] = []
    for one in body:
        if _is_of(one, path) or _is_list(one, path):
            made.append(one)
            continue
        if isinstance(one, If):
            then, first = _taken(one.then, path)
            orelse, second = _taken(one.orelse, path)
            made += first + second
            if first or second:
                one = replace(one, then=tuple(then), orelse=tuple(orelse))
        elif isinstance(one, For | Scan):
            inner, found = _taken(one.body, path)
            made += _round_by_round(one, found)
            one = replace(one, body=tuple(inner)) if found else one
        rest.append(one)
    return rest, made


def _round_by_round(loop: For | Scan, found: list[Any]) -> list[Any]:
    """What a loop makes, each round its own: then in a loop, with the sizes that run along."""
    if not isinstance(loop, For):
        return found
    own = _bound(loop)
    parts = (p for one in found for p in getattr(one, "path", ()) if isinstance(p, Expr))
    if not any(own & set(names_in(part)) for part in parts):
        return found
    sizes = tuple(size for size in loop.sizes if size.name in _needed(found, []))
    return [For(loop.targets, loop.iterable, tuple(found), loop.round, (), sizes, (), loop.span)]


def _is_list(statement: Any, path: Path) -> bool:
    """Whether a loop makes a declared list of modules and does nothing else."""
    if not isinstance(statement, For) or statement.carried or statement.gathered:
        return False
    return bool(statement.body) and all(_is_of(one, path) for one in statement.body)


def _is_of(statement: Any, path: Path) -> bool:
    return isinstance(statement, Make) and statement.path[: len(path)] == path


def _needed(made: list[Any], after: list[Any]) -> set[Name]:
    """The names that are read when the modules are made; those of the author through others."""
    meanings = {one.name: one.value for one in after if isinstance(one, Bind)}
    found: set[Name] = set()
    waiting: list[Static] = [value for one in made for value in _values(one)]
    while waiting:
        for name in names_in(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(meanings.get(name))
    return found


def _values(made: Any) -> list[Static]:
    """The values that making something, or all of a list, reads."""
    if isinstance(made, Make):
        return made_values(made.what)
    sizes = [value for size in made.sizes for value in (size.init, size.next)]
    return [made.iterable, *sizes, *(value for one in made.body for value in _values(one))]


def _check_known(needed: set[Name], place: Place, after: list[Any]) -> None:
    """What a module needs must not be told by a module that is made after it."""
    for one in walk(tuple(after)):
        if needed & _bound(one):
            raise fault(
                "E305",
                "the sizes of this module aren't known where it is declared",
                place.span,
                "made before what tells them",
                help="declare it later",
            )


def _bound(statement: Any) -> set[Name]:
    """The names that have no value before a statement."""
    if isinstance(statement, Make):
        return {name for name, _ in statement.told}
    if isinstance(statement, If):
        return {size.name for size in statement.sizes}
    if isinstance(statement, For):
        targets = bound_names(statement.targets) if statement.targets is not None else ()
        return {*targets, statement.round, *(size.name for size in statement.sizes)}
    return set()
