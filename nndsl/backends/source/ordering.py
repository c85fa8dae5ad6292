"""The order of registration: parameters, buffers, then children as written or as ``order`` says."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nndsl.backends.source.scan import construct_names, names
from nndsl.model.expr import Name
from nndsl.model.graph import Bind, Block, Check, Declare, For, If, Make, Path, Statement
from nndsl.record import replace

Body = tuple[Statement, ...]


def phases(block: Block, read: Callable[[Name], bool]) -> list[Body]:
    """The constructor's statements in the order in which they run."""
    body = block.body
    parameters = _declared(body, trainable=True)
    buffers = _declared(body, trainable=False)
    rest = tuple(_without_declares(body))
    first = [s for s in rest if isinstance(s, Check) and not _late(s, rest)]
    needed = {n for s in (*first, *parameters, *buffers) for n in construct_names(s)}
    binds = _needed_binds(body, needed)
    head = tuple(s for s in body if s in binds or s in first)
    tail = tuple(s for s in rest if s not in head)
    parts = (parameters, buffers, tail)
    return [head, *(tuple(_ordered(part, block.order)) for part in parts)]


def _late(check: Check, body: Body) -> bool:
    """Whether a check asks for something that statements before it find out."""
    assigned = {n for s in body if isinstance(s, Make) for n, _ in s.told}
    assigned |= {c.name for s in body if isinstance(s, For | If) for c in s.sizes}
    asked = set(names(check.test)) | set(names(check.message))
    binds = {s.name: s for s in body if isinstance(s, Bind)}
    for _ in range(len(binds)):
        asked |= {n for a in list(asked) if a in binds for n in names(binds[a].value)}
    return bool(asked & assigned)


def _needed_binds(body: Body, needed: Iterable[Name]) -> set[Statement]:
    binds = {s.name: s for s in body if isinstance(s, Bind)}
    found: set[Statement] = set()
    waiting = list(needed)
    while waiting:
        bind = binds.get(waiting.pop())
        if bind is not None and bind not in found:
            found.add(bind)
            waiting += names(bind.value)
    return found


def _declared(body: Body, trainable: bool) -> Body:
    """Only the declarations of one kind, with the conditions around them."""
    found: list[Statement] = []
    for statement in body:
        if isinstance(statement, Declare) and statement.trainable == trainable:
            found.append(statement)
        elif isinstance(statement, If):
            then, orelse = (_declared(b, trainable) for b in (statement.then, statement.orelse))
            if then or orelse:
                found.append(replace(statement, then=then, orelse=orelse, sizes=()))
    return tuple(found)


def _without_declares(body: Body) -> Iterable[Statement]:
    for statement in body:
        if isinstance(statement, If) and (
            _declared((statement,), True) or _declared((statement,), False)
        ):
            then, orelse = (tuple(_without_declares(b)) for b in (statement.then, statement.orelse))
            yield replace(statement, then=then, orelse=orelse)
        elif not isinstance(statement, Declare):
            yield statement


def _ordered(body: Body, order: tuple[Path, ...]) -> list[Statement]:
    """What ``order`` names comes first; the sort keeps everything else as it was."""
    ranks = {path: rank for rank, path in enumerate(dict.fromkeys(order))}

    def rank(statement: Statement) -> int:
        found = [
            ranks[p[:k]] for p in _paths(statement) for k in range(1, len(p) + 1) if p[:k] in ranks
        ]
        return min(found, default=len(ranks))

    if not order:
        return list(body)
    binds = [s for s in body if isinstance(s, Bind | Check)]
    return binds + sorted((s for s in body if s not in binds), key=rank)


def _paths(statement: Statement) -> list[Path]:
    if isinstance(statement, Make):
        return [statement.path]
    if isinstance(statement, Declare):
        return [(statement.name,)]
    if isinstance(statement, If):
        return [p for s in (*statement.then, *statement.orelse) for p in _paths(s)]
    if isinstance(statement, For):
        return [p for s in statement.body for p in _paths(s)]
    return []
