"""``for`` statements over a block's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.model.expr import Undecided
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.assigning import assigned_names
from nndsl.resolve.body import statements_of
from nndsl.resolve.carry import Carry
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import static
from nndsl.resolve.general_rounds import Rounds, name_items, open_rounds
from nndsl.resolve.loops import attempt, bind_target
from nndsl.resolve.running import Loop, Uneven, open_loop, pin
from nndsl.resolve.values import NOTHING, OneSided
from nndsl.syntax import tree

Enter = Callable[[Context], None]


def for_statement(node: tree.For, cx: Context) -> Any:
    """``for target in list:`` as one ``For``; what it assigns is carried on."""
    try:
        loop = open_loop(node.target, node.iterable, (), cx)
    except Uneven as problem:
        items = statics.items_of(static(node.iterable, cx), node.iterable)
        return _unrolled_for(node, items, cx, problem)
    scope = cx.scope.body()
    before = dict(scope.names)
    try:
        return _for_loop(loop, node, cx)
    except (Uneven, Undecided) as problem:
        scope.names = before
        if loop.items is None:
            raise pin(loop.iterable, problem) from problem
        return _unrolled_for(node, loop.items, cx, problem)


def over_lists(node: tree.For, rounds: Rounds, cx: Context) -> Any:
    """``for y in ys:`` of a built list, as one ``For`` over its places."""
    loop = open_rounds(rounds, cx)

    def enter(inner: Context) -> None:
        found = rounds.at(loop.round)
        bind_target(node.target, found, inner)
        name_items(node.target, found, inner)

    try:
        return _for_loop(loop, node, cx, enter)
    except (Uneven, Undecided) as problem:
        raise pin(loop.iterable, problem) from problem


def _unrolled_for(node: tree.For, items: tuple[Any, ...], cx: Context, problem: Exception) -> Any:
    for round, item in enumerate(items):
        inner = replace(cx.inner(), naming=cx.naming.element(round))
        bind_target(node.target, item, inner)
        statements_of(node.body, inner)
    return NOTHING


def _for_loop(loop: Loop, node: tree.For, cx: Context, enter: Enter | None = None) -> Any:
    b, scope = cx.builder, cx.scope.body()
    before = dict(scope.names)
    assigned = assigned_names(node.body)
    names = [n for n in assigned if n in before and not isinstance(before[n], OneSided)]
    carry = Carry(names, before, loop, cx, node)
    for _ in range(12):
        with attempt(cx) as keep:
            scope.names = dict(before)
            scope.names.update(carry.heads())
            with b.collect() as statements, b.inside():
                inner = replace(loop.cx, naming=cx.naming.element(loop.round))
                try:
                    if enter is not None:
                        enter(inner)
                    if statements_of(node.body, inner) is not NOTHING:
                        raise Uneven
                except (Fault, Cascade, Undecided) as problem:
                    scope.names = dict(before)
                    if isinstance(problem, Undecided):
                        raise
                    raise Uneven from problem
                settled = carry.settle(scope.names, statements)
            if settled:
                keep[0] = True
                end = dict(scope.names)
                scope.names = dict(before)
                carry.write(end, statements)
                return NOTHING
    scope.names = dict(before)
    raise Uneven
