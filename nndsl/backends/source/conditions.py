"""Conditions that all rounds of a loop ask alike: they stand in front of it."""

from __future__ import annotations

from collections.abc import Callable

from nndsl.backends.source.contents import binds
from nndsl.backends.source.headers import Header
from nndsl.backends.source.scan import constructs, names, spelled_out
from nndsl.model.expr import Name, Op, Static, children
from nndsl.model.graph import Bind, For, If, RunTest
from nndsl.record import replace

_HARMLESS = frozenset({"==", "!=", "<", "<=", ">", ">=", "is", "is not", "and", "or", "not"})
"""Operators that always give an answer, so that nothing is lost by asking without any round."""


def condition_of_all(loop: For, read: Callable[[Name], bool]) -> If | None:
    """A loop whose rounds make something under one condition, as one condition around a loop."""
    made = [s for s in loop.body if constructs(s) or isinstance(s, Bind) and read(s.name)]
    only = made[0] if len(made) == 1 else None
    if not isinstance(only, If) or isinstance(only.test, RunTest):
        return None
    running = [*(size.name for size in loop.sizes), *(size.name for size in only.sizes)]
    if any(map(read, running)) or any(map(constructs, only.orelse)):
        return None
    own = {*Header(loop).own, *(size.name for size in loop.sizes)}
    own |= {bind.name for bind in binds(loop.body)}
    test = spelled_out(only.test, {})
    if not own.isdisjoint((*names(only.test), *names(test))) or not _harmless(test):
        return None
    inside = replace(loop, body=only.then)
    return replace(only, then=(inside,), orelse=(), joins=(), sizes=())


def _harmless(test: Static) -> bool:
    """Whether a condition can be asked at any time."""
    if isinstance(test, Op):
        return test.op in _HARMLESS and all(map(_harmless, children(test)))
    return isinstance(test, Name | str | int | float) or test is None
