"""The order of registration: parameters, buffers, then children as written or as ``order`` says."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nndsl.backends.source.scan import all_names, construct_names, names
from nndsl.model.expr import Name
from nndsl.model.graph import Bind, Block, Check, Declare, For, If, Make, Path, Statement, walk
from nndsl.model.making import place_of, told_behind
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
        return min((place_of(path, ranks) for path in _paths(statement)), default=len(ranks))

    if not order:
        return list(body)
    body = tuple(part for one in body for part in _by_rank(one, ranks))
    places = [rank(one) for one in body]
    told: dict[Name, int] = {}  # what has a value behind a child only, with the child's place
    for number, one in enumerate(body):
        if isinstance(one, Bind | Check):
            read = names(one.value) if isinstance(one, Bind) else construct_names(one)
            late = [told[name] for name in read if name in told]
            places[number] = max(late, default=-1)
            told.update({one.name: max(late)} if late and isinstance(one, Bind) else {})
        told.update(dict.fromkeys(told_behind(one), places[number]))
    return [body[number] for number in sorted(range(len(body)), key=places.__getitem__)]


def _by_rank(statement: Statement, ranks: dict[Path, int]) -> list[Statement]:
    """A loop or a condition whose children have several places in the order: one for each.

    Only loops over containers come to that; what a container holds is constructed together.
    """
    wanted = sorted({place_of(path, ranks) for path in _paths(statement)})
    if not isinstance(statement, For | If) or len(wanted) < 2 or _needs_told(statement):
        return [statement]
    parts: list[Statement] = []
    for rank in wanted:
        part = _only(statement, lambda path, r=rank: place_of(path, ranks) == r)  # type: ignore[misc]
        if part is not None:
            parts.append(part if rank == wanted[-1] else _unread(part))
    return parts


def _unread(statement: Statement) -> Statement:
    """A loop without the running names that its own rounds don't read."""
    if not isinstance(statement, For):
        return statement
    read = {n for one in statement.body for n in all_names(one)}
    for _ in statement.sizes:
        read |= {n for size in statement.sizes if size.name in read for n in names(size.next)}
    return replace(statement, sizes=tuple(size for size in statement.sizes if size.name in read))


def _needs_told(statement: Statement) -> bool:
    """Whether sizes that only children know run along, so that they must be made together."""
    told = {name for one in walk((statement,)) if isinstance(one, Make) for name, _ in one.told}
    return any(name in told for name in all_names(statement))


def _only(statement: Statement, keep: Callable[[Path], bool]) -> Statement | None:
    """A statement with some of the children that it makes, or None if it makes none of them."""
    if isinstance(statement, Make):
        return statement if keep(statement.path) else None
    if isinstance(statement, For):
        body = _kept(statement.body, keep)
        return replace(statement, body=body) if any(map(_paths, body)) else None
    if isinstance(statement, If):
        then, orelse = _kept(statement.then, keep), _kept(statement.orelse, keep)
        if not any(map(_paths, (*then, *orelse))):
            return None
        return replace(statement, then=then, orelse=orelse)
    return statement


def _kept(body: Body, keep: Callable[[Path], bool]) -> Body:
    found = [_only(one, keep) for one in body]
    return tuple(one for one in found if one is not None)


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
