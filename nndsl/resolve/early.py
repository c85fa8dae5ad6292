"""What ``order`` makes before it stands in the text must not need what is known behind it only.

A printed constructor makes children in the order that was asked for. A size that a condition
decides can be said before that condition; one that a loop or a child tells can't, so that such a
definition is printed for its values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nndsl.model.expr import Cond, Expr, Name, names_in, substitute
from nndsl.model.graph import (
    Bind,
    Block,
    Construct,
    For,
    If,
    Make,
    Parametric,
    Path,
    RunTest,
    Statement,
    Use,
    walk,
)
from nndsl.record import replace
from nndsl.resolve.unused import names_of


def settle_early(block: Block) -> bool:
    """Write the sizes that are needed early as what they are; whether that was possible."""
    if not block.order:
        return True
    ranks = {path: rank for rank, path in enumerate(dict.fromkeys(block.order))}
    known: dict[Name, Any] = {}
    told: dict[Name, int] = {}  # what has a value behind a child only, with the child's place
    for one in block.body:
        places = [_rank(path, ranks) for path in _paths(one)]
        first, last = min(places, default=len(ranks)), max(places, default=len(ranks))
        if isinstance(one, Bind):
            late = [told[name] for name in names_in(one.value) if name in told]
            told.update({one.name: max(late)} if late else {})
            known[one.name] = substitute(one.value, known)
            continue
        if any(told.get(name, -1) > first for name in names_of((one,))):
            _say(one, known)
            if any(told.get(name, -1) > first for name in names_of((one,))):
                return False
        told.update(dict.fromkeys(_told(one), last))
        if isinstance(one, If) and not isinstance(one.test, RunTest):
            test = substitute(one.test, known)
            for size in one.sizes:
                sides = (substitute(size.then, known), substitute(size.orelse, known))
                known[size.name] = Cond(test, *sides)
    return True


def _say(statement: Statement, known: Mapping[Name, Any]) -> None:
    """Let a statement need what a condition gives no longer."""

    def said(value: Any) -> Any:
        return substitute(value, known) if isinstance(value, Expr) else value

    def pairs(found: Any) -> Any:
        return tuple((key, said(value)) for key, value in found)

    for make in walk((statement,)):
        made = make.what if isinstance(make, Make) else None
        if isinstance(made, Construct):
            new: Any = replace(made, args=tuple(map(said, made.args)), kwargs=pairs(made.kwargs))
        elif isinstance(made, Use):
            new = replace(made, args=pairs(made.args), sizes=pairs(made.sizes))
        elif isinstance(made, Parametric):
            sizes, args = tuple(map(said, made.sizes)), tuple(map(said, made.args))
            new = replace(made, sizes=sizes, args=args, kwargs=pairs(made.kwargs))
        else:
            continue
        object.__setattr__(make, "what", new)


def _told(statement: Statement) -> Iterator[Name]:
    """The names that have a value behind a statement only."""
    for one in walk((statement,)):
        if isinstance(one, Make):
            yield from (name for name, _ in one.told)
        elif isinstance(one, For | If):
            yield from (size.name for size in one.sizes)


def _rank(path: Path, ranks: Mapping[Path, int]) -> int:
    found = [ranks[path[:k]] for k in range(1, len(path) + 1) if path[:k] in ranks]
    return min(found, default=len(ranks))


def _paths(statement: Statement) -> Iterator[Path]:
    """Where a statement's children are, those inside of chains aside."""
    if isinstance(statement, Make):
        yield statement.path
    elif isinstance(statement, If):
        yield from (path for one in statement.then + statement.orelse for path in _paths(one))
    elif isinstance(statement, For):
        yield from (path for one in statement.body for path in _paths(one))
