"""A numbered body whose members run in their order, with functions before or behind them: they run
as the ``nn.Sequential`` that they are."""

from __future__ import annotations

from nndsl.backends.source.straight import Bent, Body, Straight
from nndsl.model.graph import Block, Do, Invoke, Make, Statement, walk


def run_whole(block: Block) -> Body:
    """The body with one call of all members; what else it does stays as it is."""
    body = block.body
    places = [n for n, one in enumerate(body) if any(_touches(s) for s in walk((one,)))]
    if len(places) < 2:
        return body
    start, end = places[0], places[-1] + 1
    try:
        flow, made, out = Straight(block, (), {}, named=False).chain(body[start:end])
    except Bent:
        return body
    if len(made) == 1 and isinstance(made[0], Make):
        return body
    call = Do((out,), Invoke((), (flow,)), block.span)
    return (*body[:start], *made, call, *body[end:])


def _touches(statement: Statement) -> bool:
    """Whether a member is made or called."""
    called = isinstance(statement, Do) and isinstance(statement.operation, Invoke)
    return called or isinstance(statement, Make)
