"""``for`` statements over a block's names."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Name, Undecided
from nndsl.model.graph import (
    Carried,
    CarriedSize,
    For,
    Gathered,
    ListType,
    TensorType,
    Var,
)
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.assigning import assigned_names
from nndsl.resolve.body import statements_of
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import static
from nndsl.resolve.general_parameters import kind_of_value
from nndsl.resolve.loops import attempt
from nndsl.resolve.running import (
    Loop,
    Uneven,
    differing,
    emit_loop,
    item_type,
    open_loop,
    pin,
    round_count,
    running_type,
    sizes_within,
)
from nndsl.resolve.values import NOTHING, Bundle, flows, is_layer
from nndsl.syntax import tree


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
            raise pin(loop, problem) from None
        return _unrolled_for(node, loop.items, cx, problem)


def _unrolled_for(node: tree.For, items: tuple[Any, ...], cx: Context, problem: Exception) -> Any:
    from nndsl.resolve.loops import bind_target

    for round, item in enumerate(items):
        inner = replace(cx.inner(), naming=cx.naming.element(round))
        bind_target(node.target, item, inner)
        statements_of(node.body, inner)
    return NOTHING


def _for_loop(loop: Loop, node: tree.For, cx: Context) -> Any:
    b, scope = cx.builder, cx.scope.body()
    before = dict(scope.names)
    names = [n for n in assigned_names(node.body) if n in before]
    changing: dict[str, set[int]] = {n: set() for n in names}
    for _ in range(12):
        with attempt(cx) as keep:
            scope.names = dict(before)
            heads, running = _heads(names, before, changing, b, node)
            scope.names.update(heads)
            with b.collect() as statements, b.inside():
                inner = replace(loop.cx, naming=cx.naming.element(loop.round))
                try:
                    if statements_of(node.body, inner) is not NOTHING:
                        raise Uneven
                except (Fault, Cascade) as problem:
                    scope.names = dict(before)
                    raise Uneven from problem
            more = _more(names, heads, scope.names, changing, b)
            if not more:
                keep[0] = True
                _write_for(loop, names, heads, running, before, statements, node, cx)
                return NOTHING
            for name, axes in more.items():
                changing[name] |= axes
    scope.names = dict(before)
    raise Uneven


def _heads(
    names: list[str], before: dict[str, Any], changing: dict[str, set[int]], b: Any, node: tree.For
) -> tuple[dict[str, Any], dict[str, dict[int, Name]]]:
    """What each carried name is at the head of a round."""
    heads: dict[str, Any] = {}
    running: dict[str, dict[int, Name]] = {}
    for name in names:
        found = before[name]
        if isinstance(found, Var) and isinstance(found.type, TensorType) and found.member is None:
            type, sizes = running_type(found.type, changing[name], b)
            heads[name], running[name] = b.var(type, name, node.span), sizes
        elif -1 in changing[name]:
            made = b.size(name, "carried", None, kind_of_value(found))
            heads[name], running[name] = made, {-1: made}
        else:
            heads[name] = found
    return heads, running


def _more(
    names: list[str],
    heads: dict[str, Any],
    after: dict[str, Any],
    changing: dict[str, set[int]],
    b: Any,
) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for name in names:
        head, last = heads[name], after[name]
        if isinstance(head, Var):
            if not isinstance(last, Var) or not isinstance(last.type, TensorType):
                raise Uneven
            assert isinstance(head.type, TensorType)
            if axes := differing(head.type, last.type, b, changing[name]):
                found[name] = axes
        elif isinstance(last, Bundle):
            old = head.items if isinstance(head, Bundle) else head
            if old != () or len(last.items) != 1:
                raise Uneven
        elif flows(last) or is_layer(last):
            raise Uneven
        elif last is not head and last != head and -1 not in changing[name]:
            found[name] = {-1}
    return found


def _write_for(
    loop: Loop,
    names: list[str],
    heads: dict[str, Any],
    running: dict[str, Any],
    before: dict[str, Any],
    statements: list[Any],
    node: tree.For,
    cx: Context,
) -> None:
    b, scope = cx.builder, cx.scope.body()
    carried, sizes, gathered = [], [], []
    inside = sizes_within(statements)
    inside |= {size for found in running.values() for size in found.values()}
    end = dict(scope.names)
    scope.names = dict(before)
    for name in names:
        head, last = heads[name], end[name]
        if isinstance(head, Var):
            b.use(before[name])
            b.use(last)
            after = b.var(head.type, name, node.span)
            carried.append(Carried(head, before[name], last, after))
            for axis, size in running[name].items():
                sizes.append(
                    CarriedSize(size, before[name].type.shape[axis], last.type.shape[axis])
                )
                b.origins[size] = (after, axis)
            scope.names[name] = after
        elif isinstance(last, Bundle) and last is not head:
            index = b.size("i", "loop")
            item = last.items[-1]
            b.use(item)
            grown = b.var(
                ListType(item_type(item.type, loop, index, inside, b), round_count(loop), index),
                name,
                node.span,
            )
            gathered.append(Gathered(grown, item))
            scope.names[name] = grown
        elif name in running:
            sizes.append(CarriedSize(head, before[name], last))
            scope.names[name] = head
    emit_loop(
        For(
            loop.targets,
            loop.iterable,
            tuple(statements),
            loop.round,
            tuple(carried),
            tuple(sizes),
            tuple(gathered),
            node.span,
        ),
        loop,
        cx,
    )
