"""Values that wait to be nested into what reads them: whether they do, and their names if not."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from nndsl.backends.source.naming import plain
from nndsl.backends.source.py import Py
from nndsl.backends.source.scan import flowing, operands
from nndsl.model.graph import Apply, Invoke, Many, Operation, Path, Var
from nndsl.record import dataclass

_DEPTH = 3  # calls within each other that a reader takes in at once


@dataclass(frozen=True)
class Pending:
    """A value that waits to be nested into the statement that reads it.

    ``calls``: a child module is called in it. ``mixed``: a function was then applied. ``source``
    is the variable that flows through it, ``viewed`` whether only its axes are changed.
    """

    var: Var
    text: Py
    operation: Operation | None
    calls: bool
    mixed: bool
    source: Var | None
    live: frozenset[Var]
    viewed: bool = False


def nests(operation: Operation, taken: list[Pending], text: Py, inputs: Container[object]) -> bool:
    """Whether it reads well in one line: modules over modules, functions over those."""
    if any(p.var.name for p in taken) or text.depth > _DEPTH:
        return False
    if not isinstance(operation, Invoke):
        return True
    if any(p.mixed for p in taken):
        return False
    first, *rest = operands(operation)
    if not rest:
        return True
    if [p.var for p in taken] == [first] and all(one in inputs for one in rest):
        return text.depth < 3
    return all(p.text.depth < 2 and "," not in p.text.text for p in taken)


def listed(operation: Operation, taken: list[Pending]) -> bool:
    """Whether several values are items of one list, which look alike if all of them have names."""
    given = [one for one in operands(operation) if isinstance(one, Many)]
    lists = [one.items for one in given if one.kind == "list"]
    return any(sum(p.var in items for p in taken) > 1 for items in lists)


def breaks(text: Py, room: int) -> bool:
    """Whether a call of values is easily read over a few lines."""
    items = text.split.items if text.split is not None and text.depth <= 2 else ()
    longest = max((len(item.text) + 1 for item in items), default=room + 1)
    return sum(len(i.text) + 2 for i in items) - 2 <= room or len(items) < 3 and longest <= room


def called(made: Pending, label: Callable[[Path], str], consumed: Mapping[Var, Pending]) -> str:
    """What makes a value: a child, or a parameter or a function that makes it of nothing."""
    operation = made.operation
    if isinstance(operation, Invoke):
        return label(operation.path)
    if not isinstance(operation, Apply) or not _of_nothing(operation, made.var, consumed):
        return ""
    first = operation.args[0] if operation.args else None
    if isinstance(first, Var) and first.member is not None:
        return plain(first.member[-1])
    return plain(operation.fn.rpartition(".")[2].removesuffix("_like"))


def _of_nothing(operation: Operation | None, var: Var, consumed: Mapping[Var, Pending]) -> bool:
    """Whether an operation makes a tensor of no other."""
    if not isinstance(operation, Apply) or operation.fn.startswith("op."):
        return False
    made = [consumed.get(one) for one in flowing(operation, var)]
    return all(one is not None and _of_nothing(one.operation, one.var, consumed) for one in made)
