"""Members that every round of a loop would make again under one name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nndsl.model.expr import Expr, Name, Undecided, names_in
from nndsl.model.graph import For, Holder, Make, Path
from nndsl.resolve.builder import Builder


def check_numbered(
    statements: Iterable[Any], names: set[Name], iterable: object, b: Builder
) -> None:
    """Refuse a label that is the same in all rounds of a loop that stands for several.

    Over names the number of rounds may be open; then what it follows from has to be known.
    """
    made = next(_repeated(statements, names, {state.path for state in b.modules}), None)
    if made is None:
        return
    open_names = [n for n in names_in(iterable) if n.role != "loop"] if b.general else []
    if open_names:
        raise Undecided(open_names[0])
    if not b.general:
        b.claim(made.path, made.span)  # a second time: it says so


def _repeated(
    statements: Iterable[Any], names: set[Name], declared: set[Path | None]
) -> Iterator[Make]:
    """What is made in every round, whatever its number; a condition may choose one round."""
    for one in statements:
        if isinstance(one, For):
            yield from _repeated(one.body, names, declared)
        elif isinstance(one, Make) and not isinstance(one.what, Holder):
            inside = any(one.path[: len(path)] == path for path in declared if path is not None)
            parts = {n for part in one.path if isinstance(part, Expr) for n in names_in(part)}
            if not inside and not parts & names:
                yield one
