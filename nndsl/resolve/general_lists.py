"""Lists made by a loop over a block's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.model.expr import (
    CompClause,
    Comprehension,
    Undecided,
    binary,
    known,
)
from nndsl.model.graph import (
    For,
    Gathered,
    ListType,
    Var,
)
from nndsl.record import dataclass, replace
from nndsl.resolve import statics
from nndsl.resolve.conditions import condition
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import static
from nndsl.resolve.general_loops import counting, step_of
from nndsl.resolve.general_rounds import Rounds, name_items, open_rounds
from nndsl.resolve.loops import attempt, bind_target
from nndsl.resolve.running import (
    Loop,
    Uneven,
    emit_loop,
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
        clause = node.clauses[0]
        try:
            return _list_loop(node, clause, cx)
        except (Uneven, Undecided) as problem:
            over = static(clause.iterable, cx.plain())
            if not isinstance(statics.plain(over) if known(over) else over, tuple):
                raise pin(over, problem) from problem
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
        raise pin(loop.iterable, problem) from problem


def _list_loop(node: tree.ListComp, clause: tree.Clause, cx: Context) -> Any:
    loop = open_loop(clause.target, clause.iterable, clause.tests, cx)
    return _rounds_of(node, clause, loop, cx, lambda: None)


def _rounds_of(
    node: tree.ListComp, clause: tree.Clause, loop: Loop, cx: Context, enter: Callable[[], None]
) -> Any:
    """The rounds as one loop; how many numbers each takes is found by trying it again."""
    step: Any = 0
    for _ in range(3):
        with attempt(cx) as keep:
            found = _one_round(node, clause, loop, cx, enter, step)
            if found.step == step:
                keep[0] = True
                return _written(found, loop, node, cx)
            step = found.step
            if step is None:
                raise Uneven
    raise Uneven


@dataclass(frozen=True)
class Round:
    """One round of a list: what it makes and gives, how many numbers of a container it takes."""

    value: Any
    statements: list[Any]
    tests: tuple[Any, ...]
    number: Any
    step: Any


def _one_round(
    node: tree.ListComp,
    clause: tree.Clause,
    loop: Loop,
    cx: Context,
    enter: Callable[[], None],
    step: Any,
) -> Round:
    from nndsl.resolve.lists import _element

    b = cx.builder
    with b.collect() as statements, b.inside():
        try:
            enter()
            tests = tuple(condition(t, loop.cx) for t in clause.tests)
            naming, number = counting(loop, cx, step)
            here = replace(loop.cx, flow=cx.flow, naming=naming, label=cx.label)
            found = _element(node.element, loop.round, here)
        except (Fault, Cascade) as problem:
            raise Uneven from problem
    return Round(found, statements, tests, number, step_of(naming, number, step, loop))


def _written(found: Round, loop: Loop, node: tree.ListComp, cx: Context) -> Any:
    b, value = cx.builder, found.value
    if not flows(value):
        if is_layer(value) or found.statements:
            raise Uneven
        b.taken.discard(loop.round.id)  # a comprehension has no name for its rounds
        if loop.targets is None:
            raise Uneven
        return Comprehension(value, (CompClause(loop.targets, loop.iterable, found.tests),))
    if found.tests or not isinstance(value, Var):
        raise Uneven
    b.use(value)
    index = b.size("i", "loop")
    item = item_type(value.type, loop, index, sizes_within(found.statements), b)
    after = b.var(ListType(item, round_count(loop), index), "", node.span)
    parts = ((), (), (Gathered(after, value),), node.span)
    made = For(loop.targets, loop.iterable, tuple(found.statements), loop.round, *parts)
    emit_loop(made, loop, cx)
    if found.number is not None:
        assert cx.naming.counter is not None
        taken = binary("*", round_count(loop), found.step)
        cx.naming.counter.next = binary("+", found.number[0], taken)
    return after
