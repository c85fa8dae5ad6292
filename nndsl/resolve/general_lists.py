"""Lists made by a loop over a block's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.model.expr import (
    CompClause,
    Comprehension,
    Undecided,
)
from nndsl.model.graph import (
    For,
    Gathered,
    ListType,
    Var,
)
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.conditions import condition
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.general_loops import counting
from nndsl.resolve.general_rounds import Rounds, name_items, open_rounds
from nndsl.resolve.loops import attempt, bind_target
from nndsl.resolve.running import (
    Loop,
    Uneven,
    item_type,
    open_loop,
    pin,
    round_count,
    sizes_within,
)
from nndsl.resolve.values import Bundle, flows, is_layer
from nndsl.syntax import tree


def list_rounds(node: tree.ListComp, cx: Context) -> Any:
    """``[f(w) for w in ws]``: a static list, or one tensor a round side by side."""
    from nndsl.resolve.loops import clause_rounds

    if len(node.clauses) == 1:
        try:
            return _list_loop(node, node.clauses[0], cx)
        except (Uneven, Undecided) as problem:
            loop = open_loop(node.clauses[0].target, node.clauses[0].iterable, (), cx)
            if loop.items is None:
                raise pin(loop, problem) from problem
    from nndsl.resolve.lists import _element

    found = [
        _element(node.element, r, there) for r, there in enumerate(clause_rounds(node.clauses, cx))
    ]
    return Bundle(tuple(found)) if any(map(flows, found)) else statics.listing(tuple(found))


def over_lists(node: tree.ListComp, rounds: Rounds, cx: Context) -> Any:
    """``[linear(2)(y) for y in ys]`` of a built list: each round makes layers of its own."""
    loop = open_rounds(rounds, cx)
    clause = node.clauses[0]

    def enter() -> None:
        found = rounds.at(loop.round)
        bind_target(clause.target, found, loop.cx)
        name_items(clause.target, found, loop.cx)

    try:
        return _rounds_of(node, clause, loop, cx, enter)
    except (Uneven, Undecided) as problem:
        raise pin(loop, problem) from problem


def _list_loop(node: tree.ListComp, clause: tree.Clause, cx: Context) -> Any:
    loop = open_loop(clause.target, clause.iterable, clause.tests, cx)
    return _rounds_of(node, clause, loop, cx, lambda: None)


def _rounds_of(
    node: tree.ListComp, clause: tree.Clause, loop: Loop, cx: Context, enter: Callable[[], None]
) -> Any:
    from nndsl.resolve.lists import _element

    b = cx.builder
    with attempt(cx) as keep, b.collect() as statements, b.inside():
        try:
            enter()
            tests = tuple(condition(t, loop.cx) for t in clause.tests)
            naming, number = counting(loop, cx, 0)
            here = replace(loop.cx, flow=cx.flow, naming=naming, label=cx.label)
            found = _element(node.element, loop.round, here)
        except (Fault, Cascade) as problem:
            raise Uneven from problem
        keep[0] = True
    if not flows(found):
        if is_layer(found) or statements:
            raise Uneven
        b.taken.discard(loop.round.id)  # a comprehension has no name for its rounds
        return Comprehension(found, (CompClause(loop.targets, loop.iterable, tests),))
    if tests or not isinstance(found, Var) or number is not None:
        raise Uneven
    b.use(found)
    index = b.size("i", "loop")
    item = item_type(found.type, loop, index, sizes_within(statements), b)
    after = b.var(ListType(item, round_count(loop), index), "", node.span)
    gathered = (Gathered(after, found),)
    b.emit(
        For(loop.targets, loop.iterable, tuple(statements), loop.round, (), (), gathered, node.span)
    )
    return after
