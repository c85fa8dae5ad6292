"""What is made, and in which order: shared by those who change it and those who print it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nndsl.model.expr import Name
from nndsl.model.graph import Construct, For, If, Made, Make, Parametric, Path, Statement, Use, walk
from nndsl.record import replace


def with_arguments(made: Made, change: Callable[[Any], Any]) -> Made:
    """The same with each whole argument and size changed; containers have none."""

    def pairs(found: Any) -> Any:
        return tuple((key, change(value)) for key, value in found)

    if isinstance(made, Construct):
        return replace(made, args=tuple(map(change, made.args)), kwargs=pairs(made.kwargs))
    if isinstance(made, Use):
        return replace(made, args=pairs(made.args), sizes=pairs(made.sizes))
    if isinstance(made, Parametric):
        sizes, args = tuple(map(change, made.sizes)), tuple(map(change, made.args))
        return replace(made, sizes=sizes, args=args, kwargs=pairs(made.kwargs))
    return made


def told_behind(statement: Statement) -> Iterator[Name]:
    """The names that have a value behind a statement only: of loops, conditions and children."""
    for one in walk((statement,)):
        if isinstance(one, Make):
            yield from (name for name, _ in one.told)
        elif isinstance(one, For | If):
            yield from (size.name for size in one.sizes)


def place_of(path: Path, ranks: Mapping[Path, int]) -> int:
    """The place in an order of what stands under a path; the last if it isn't named."""
    found = [ranks[path[:k]] for k in range(1, len(path) + 1) if path[:k] in ranks]
    return min(found, default=len(ranks))
