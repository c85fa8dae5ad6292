"""What a body holds, for the constructor's decisions."""

from __future__ import annotations

from nndsl.backends.source.assembly import is_named
from nndsl.backends.source.naming import is_identifier
from nndsl.model.graph import Bind, Declare, For, If, Made, Make, Statement

Body = tuple[Statement, ...]


def makes(body: Body) -> list[Make]:
    """What is made, in conditions and loops too, but not inside chains."""
    found: list[Make] = []
    for statement in body:
        if isinstance(statement, Make):
            found.append(statement)
        elif isinstance(statement, If):
            found += makes(statement.then) + makes(statement.orelse)
        elif isinstance(statement, For):
            found += makes(statement.body)
    return found


def binds(body: Body) -> list[Bind]:
    """The static names that are assigned, in conditions and loops too."""
    found: list[Bind] = []
    for statement in body:
        if isinstance(statement, Bind):
            found.append(statement)
        elif isinstance(statement, If):
            found += binds(statement.then) + binds(statement.orelse)
        elif isinstance(statement, For):
            found += binds(statement.body)
    return found


def declares(body: Body) -> bool:
    """Whether a body has parameters or buffers."""
    return any(
        isinstance(s, Declare) or (isinstance(s, If) and declares((*s.then, *s.orelse)))
        for s in body
    )


def names_children(statement: Statement) -> bool:
    """Whether a statement of a chain makes children with names."""
    return any(is_named(make.path[-1]) for make in makes((statement,)))


def untyped(statement: If) -> dict[str, list[Made]]:
    """Children that branches make in different classes, with all that they may be."""
    sides = [makes(body) for body in (statement.then, statement.orelse)]
    then, orelse = ({m.path for m in side} for side in sides)
    found: dict[str, list[Made]] = {}
    for path in (m.path for m in sides[0] if m.path in then & orelse and len(m.path) == 1):
        ways = [m.what for side in sides for m in side if m.path == path]
        if is_identifier(path[0]) and not all(_same_class(ways[0], one) for one in ways):
            found[str(path[0])] = ways
    return found


def _same_class(first: object, second: object) -> bool:
    """Whether two modules have one type."""
    kinds = [getattr(m, "torch", None) or getattr(m, "block", None) for m in (first, second)]
    return kinds[0] is not None and kinds[0] == kinds[1]
