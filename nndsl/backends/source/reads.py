"""How often each static name is read by a constructor, once everything unused is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from nndsl.backends.source.scan import construct_names, names
from nndsl.model.expr import Name, Static
from nndsl.model.graph import Bind, Block, Chain, For, If, Make, Statement


def count(block: Block, kept: Iterable[Name]) -> Counter[Name]:
    """Reads of every name: by what is made, by what the class tells and keeps, and, behind
    those, by the names that they are computed from."""
    found: Counter[Name] = Counter()
    assigned = dict(sources(block.body))
    waiting = [n for statement in block.body for n in construct_names(statement)]
    waiting += [n for value in block.tells.values() for n in names(value)]
    waiting += [n for n in kept if n.role == "carried" or n not in assigned]
    opened: set[Name] = set()
    waiting_kept = [n for n in kept if n in assigned and n.role != "carried"]
    for name in waiting_kept:
        opened.add(name)
        waiting += [n for value in assigned[name] for n in names(value)]
    while waiting:
        name = waiting.pop()
        found[name] += 1
        values = assigned.get(name) or (() if name.meaning is None else (name.meaning,))
        if name in opened or name.role in ("param", "constant", "loop"):
            continue
        opened.add(name)
        waiting += [n for value in values for n in names(value)]
    return found


def sources(body: tuple[Statement, ...]) -> Iterator[tuple[Name, tuple[Static, ...]]]:
    """For each name that statements assign, the values that it may get."""
    for statement in body:
        if isinstance(statement, Bind):
            yield statement.name, (statement.value,)
        elif isinstance(statement, If):
            for size in statement.sizes:
                yield size.name, (size.then, size.orelse)
            yield from sources((*statement.then, *statement.orelse))
        elif isinstance(statement, For):
            for one in statement.sizes:
                yield one.name, (one.init, one.next)
            yield from sources(statement.body)
        elif isinstance(statement, Make) and isinstance(statement.what, Chain):
            yield from sources(statement.what.body)
        elif isinstance(statement, Make):
            for name, _ in statement.told:
                yield name, ()
