"""Telling a plain chain of modules, which is an ``nn.Sequential``, from other bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from nndsl.model.expr import Expr, Text
from nndsl.model.graph import (
    Do,
    For,
    Holder,
    If,
    Invoke,
    Make,
    Path,
    RunTest,
    Statement,
    Unsupported,
    walk,
)
from nndsl.record import replace
from nndsl.resolve.builder import Builder


def as_chain(
    statements: Sequence[Statement], prefix: Path, flow: Any, out: Any, builder: Builder
) -> tuple[Statement, ...] | None:
    """The ``Make`` of a chain with paths relative to ``prefix``, or None if it is no chain.

    A chain makes modules directly under the prefix and sends what flows through each once, in
    order; nothing between them is named or used elsewhere.
    """
    found = _chain(statements, prefix, flow, builder)
    if found is None or found[1] is not out or out is flow and not found[0]:
        return None
    return found[0]


def _chain(
    statements: Sequence[Statement], prefix: Path, flow: Any, builder: Builder
) -> tuple[tuple[Statement, ...], Any] | None:
    made: list[Statement] = []
    made_path: Path | None = None
    first = True
    for statement in statements:
        if isinstance(statement, Make):
            if made_path is not None or statement.path[: len(prefix)] != prefix:
                return None
            if len(statement.path) != len(prefix) + 1 or isinstance(statement.what, Holder):
                return None
            made_path = statement.path
            made.append(replace(statement, path=statement.path[len(prefix) :]))
            continue
        if not first and flow.id in builder.taken_names:
            return None
        step = _step(statement, made_path, prefix, flow, builder)
        if step is None:
            return None
        part, flow = step
        made.extend(part)
        made_path, first = None, False
    return (tuple(made), flow) if made_path is None else None


def _step(
    statement: Statement, made: Path | None, prefix: Path, flow: Any, builder: Builder
) -> tuple[tuple[Statement, ...], Any] | None:
    if isinstance(statement, Do):
        call = statement.operation
        if not isinstance(call, Invoke) or call.args != (flow,) or call.kwargs:
            return None
        own = made is not None and call.path == made and len(statement.targets) == 1
        return ((), statement.targets[0]) if own else None
    if made is not None:
        return None
    if isinstance(statement, If) and not isinstance(statement.test, RunTest):
        return _branches(statement, prefix, flow, builder)
    if isinstance(statement, For):
        return _rounds(statement, prefix, flow, builder)
    return None


def _branches(
    statement: If, prefix: Path, flow: Any, builder: Builder
) -> tuple[tuple[Statement, ...], Any] | None:
    if len(statement.joins) != 1:
        return None
    join = statement.joins[0]
    parts = []
    for body, end in ((statement.then, join.then), (statement.orelse, join.orelse)):
        if body and isinstance(body[0], Unsupported):
            parts.append(body)
            continue
        found = _chain(body, prefix, flow, builder)
        if found is None or found[1] is not end:
            return None
        parts.append(found[0])
    return (replace(statement, then=parts[0], orelse=parts[1], joins=()),), join.var


def _rounds(
    statement: For, prefix: Path, flow: Any, builder: Builder
) -> tuple[tuple[Statement, ...], Any] | None:
    if len(statement.carried) != 1 or statement.gathered:
        return None
    carried = statement.carried[0]
    if carried.init is not flow:
        return None
    found = _chain(statement.body, prefix, carried.head, builder)
    if found is None or found[1] is not carried.next:
        return None
    return (replace(statement, body=found[0], carried=()),), carried.after


def holder_kind(parts: Iterable[Any]) -> str:
    """``ModuleList`` where the members of a container are 0, 1, 2, ..., else ``ModuleDict``."""
    parts = list(parts)
    if any(isinstance(p, str | Text) for p in parts):
        return "ModuleDict"
    numbers = [p for p in parts if not isinstance(p, Expr)]
    in_order = len(numbers) < len(parts) or numbers == list(range(len(numbers)))
    return "ModuleList" if in_order else "ModuleDict"


def with_holders(body: tuple[Statement, ...], parts: Mapping[Path, Any]) -> tuple[Statement, ...]:
    """The body with a container made in front of the first member that needs it."""
    known: set[Path] = {s.path for s in _makes(body)}
    return _insert(body, known, frozenset(), parts)


def _makes(body: Iterable[Statement]) -> Iterable[Make]:
    for statement in body:
        if isinstance(statement, Make):
            yield statement
        elif isinstance(statement, If):
            yield from _makes(statement.then)
            yield from _makes(statement.orelse)
        elif isinstance(statement, For):  # what a loop at run time makes stands in front of it
            yield from _makes(statement.body)


def _insert(
    body: tuple[Statement, ...], known: set[Path], inner: frozenset[Any], parts: Mapping[Path, Any]
) -> tuple[Statement, ...]:
    out: list[Statement] = []
    for statement in body:
        own = _bound_in(statement)
        for make in _makes((statement,)):
            for level in range(1, len(make.path)):
                path = make.path[:level]
                if _belongs_inside(path, statement, body):
                    continue
                if path not in known and not _mentions(path, own - inner):
                    known.add(path)
                    out.append(Make(path, Holder(holder_kind(parts.get(path, ()))), (), make.span))
        if isinstance(statement, If):
            then = _insert(statement.then, known, inner, parts)
            orelse = _insert(statement.orelse, known, inner, parts)
            statement = replace(statement, then=then, orelse=orelse)
        elif isinstance(statement, For):
            inside = inner | _bound_by(statement)
            statement = replace(statement, body=_insert(statement.body, known, inside, parts))
        out.append(statement)
    return tuple(out)


def _bound_by(loop: For) -> frozenset[Any]:
    """The names that a loop gives another value in each round."""
    from nndsl.model.expr import bound_names

    targets = bound_names(loop.targets) if loop.targets else ()
    return frozenset((loop.round, *targets, *(size.name for size in loop.sizes)))


def _bound_in(statement: Statement) -> frozenset[Any]:
    """The names that the loops in a statement bind."""
    loops = [one for one in walk((statement,)) if isinstance(one, For)]
    return frozenset().union(*map(_bound_by, loops))


def _belongs_inside(path: Path, statement: Statement, body: tuple[Statement, ...]) -> bool:
    """Whether a container is filled in one branch of a condition only."""
    if not isinstance(statement, If):
        return False
    rest = tuple(s for s in body if s is not statement)
    sides = (statement.then, statement.orelse, rest)
    return sum(any(m.path[: len(path)] == path for m in _makes(s)) for s in sides) == 1


def _mentions(path: Path, names: Set[Any]) -> bool:
    from nndsl.model.expr import names_in

    return any(name in names for part in path if isinstance(part, Expr) for name in names_in(part))
