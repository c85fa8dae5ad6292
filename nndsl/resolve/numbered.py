"""Whether the members of a container are 0, 1, 2, ... in the order in which they are made."""

from __future__ import annotations

from typing import Any

from nndsl.model import dims
from nndsl.model.expr import Call, Expr, Name, Op, Text, substitute
from nndsl.model.graph import For, If, Make, Path
from nndsl.model.listing import length


class _Gap(Exception):
    """A member that is not the next one."""


def is_numbered(body: tuple[Any, ...], container: Path) -> bool:
    """Whether each member's number is the number of members made before it, for all values."""
    try:
        _count(body, container, 0)
    except _Gap:
        return False
    return True


def _count(body: Any, container: Path, count: Any) -> Any:
    """How many members there are after some statements, ``count`` before them."""
    for one in body:
        if isinstance(one, Make) and one.path[:-1] == container:
            count = _next(one.path[-1], count)
        elif isinstance(one, If):
            then, orelse = (_count(b, container, count) for b in (one.then, one.orelse))
            if not _same(then, orelse):
                raise _Gap
            count = then
        elif isinstance(one, For):
            count = _after_loop(one, container, count)
    return count


def _next(part: Any, count: Any) -> Any:
    if isinstance(part, Text | str) or not _same(part, count):
        raise _Gap
    return _plus(count, 1)


def _after_loop(loop: For, container: Path, count: Any) -> Any:
    members = sum(isinstance(s, Make) and s.path[:-1] == container for s in loop.body)
    table: dict[Name, Any] = dict.fromkeys(counters(loop), loop.round)
    begin, _ = _ends(loop)
    if begin is not None and isinstance(loop.targets, Name):
        table[loop.targets] = _plus(begin, loop.round)
    first = _plus(count, Op("*", (members, loop.round)))
    renamed = tuple(_renamed(s, container, table) for s in loop.body)
    if not _same(_count(renamed, container, first), _plus(first, members)):
        raise _Gap
    return _plus(count, Op("*", (members, _rounds(loop)))) if members else count


def _renamed(one: Any, container: Path, table: dict[Name, Any]) -> Any:
    """A member under the number of its round, whatever the loop calls that."""
    from nndsl.record import replace

    if isinstance(one, Make) and one.path[:-1] == container and isinstance(one.path[-1], Expr):
        return replace(one, path=(*one.path[:-1], substitute(one.path[-1], table)))
    return one


def counters(loop: For) -> set[Name]:
    """The names of a loop that count its rounds from 0."""
    call = loop.iterable if isinstance(loop.iterable, Call) else Call("", ())
    own = {loop.round}
    if loop.targets is not None and len(call.args) == 1:
        if call.fn == "range" and isinstance(loop.targets, Name):
            own.add(loop.targets)
        elif call.fn == "enumerate" and isinstance(loop.targets, tuple):
            own.update(n for n in loop.targets[:1] if isinstance(n, Name))
    return own


def _rounds(loop: For) -> Any:
    begin, end = _ends(loop)
    return length(loop.iterable) if end is None else _plus(end, Op("*", (-1, begin)))


def _ends(loop: For) -> tuple[Any, Any]:
    """Where the numbers of a range begin and end, without a step."""
    call = loop.iterable
    if not isinstance(call, Call) or call.fn != "range" or len(call.args) > 2:
        return None, None
    return (0, *call.args)[-2:]  # type: ignore[return-value]


def _plus(a: Any, b: Any) -> Any:
    return a + b if isinstance(a, int) and isinstance(b, int) else Op("+", (a, b))


def _same(a: Any, b: Any) -> bool:
    return dims.equal(a, b) is True
