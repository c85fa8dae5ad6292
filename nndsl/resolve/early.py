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
    For,
    If,
    Make,
    Path,
    RunTest,
    Statement,
    walk,
)
from nndsl.model.making import place_of, told_behind, with_arguments
from nndsl.resolve.unused import names_of


def settle_early(block: Block) -> bool:
    """Write the sizes that are needed early as what they are; whether that was possible."""
    if not block.order:
        return True
    ranks = {path: rank for rank, path in enumerate(dict.fromkeys(block.order))}
    known: dict[Name, Any] = {}
    told: dict[Name, int] = {}  # what has a value behind a child only, with the child's place
    for one in block.body:
        places = [place_of(path, ranks) for path in _paths(one)]
        first, last = min(places, default=len(ranks)), max(places, default=len(ranks))
        if isinstance(one, Bind):
            late = [told[name] for name in names_in(one.value) if name in told]
            told.update({one.name: max(late)} if late else {})
            known[one.name] = substitute(one.value, known)
            continue
        if any(told.get(name, -1) > first for name in names_of((one,))):
            _say(one, {name: value for name, value in known.items() if told.get(name, -1) > first})
            if any(told.get(name, -1) > first for name in names_of((one,))):
                return False
        told.update(dict.fromkeys(told_behind(one), last))
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

    for make in walk((statement,)):
        if isinstance(make, Make):
            object.__setattr__(make, "what", with_arguments(make.what, said))


def _paths(statement: Statement) -> Iterator[Path]:
    """Where a statement's children are, those inside of chains aside."""
    if isinstance(statement, Make):
        yield statement.path
    elif isinstance(statement, If):
        yield from (path for one in statement.then + statement.orelse for path in _paths(one))
    elif isinstance(statement, For):
        yield from (path for one in statement.body for path in _paths(one))
