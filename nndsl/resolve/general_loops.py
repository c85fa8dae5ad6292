"""Loops over a block's names: they stay loops, and what their rounds change gets a running name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.model import dims
from nndsl.model import expr as ex
from nndsl.model.axes import unusual
from nndsl.model.expr import (
    Call,
    Cond,
    Expr,
    Name,
    Op,
    Static,
    Undecided,
)
from nndsl.model.graph import (
    Carried,
    CarriedSize,
    For,
    RunTest,
    TensorType,
    Var,
)
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.conditions import branch, condition
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import static
from nndsl.resolve.loops import attempt
from nndsl.resolve.naming import Counter
from nndsl.resolve.running import (
    Loop,
    Uneven,
    asked_in,
    differing,
    emit_loop,
    known_range,
    open_loop,
    path_names,
    pin,
    round_count,
    running_type,
)
from nndsl.syntax import tree

# ------------------------------------------------------------------ chains of rounds


def chain_rounds(node: tree.Repeat | tree.ChainComp, cx: Context, one: Callable[..., Any]) -> Any:
    """All rounds of a stage, as one ``For`` over the tensor that flows through them."""
    if isinstance(node, tree.Repeat):
        count = statics.whole_number(
            static(node.count, cx.plain()), node.count, "the number of rounds", cx
        )
        inner = cx.inner()
        loop = Loop(
            None,
            Call("range", (count,)),
            inner.builder.size("i", "loop"),
            known_range(count),
            (),
        )
        loop.cx = replace(inner, loop=loop)
        return _chain(loop, (), node, cx, one)
    first, rest = node.clauses[0], node.clauses[1:]
    return _clauses(first, rest, node, cx, one)


def _clauses(
    clause: tree.Clause,
    rest: tuple[tree.Clause, ...],
    node: Any,
    cx: Context,
    one: Callable[..., Any],
) -> Any:
    try:
        loop = open_loop(clause.target, clause.iterable, clause.tests, cx)
    except Uneven as problem:
        from nndsl.resolve.loops import clause_rounds

        over = static(clause.iterable, cx.plain())
        if rest or not isinstance(statics.plain(over), tuple):
            raise pin(over, problem) from problem
        flow = cx.flow
        for round, there in enumerate(clause_rounds((clause,), cx)):
            flow = one(round, there, flow)
        return flow
    return _chain(loop, rest, node, cx, one)


def _chain(
    loop: Loop, rest: tuple[tree.Clause, ...], node: Any, cx: Context, one: Callable[..., Any]
) -> Any:
    taken = cx.builder.size("taken", "carried") if loop.test else loop.round
    tests: list[Static] = []

    def body(flow: Any, naming: Any) -> Any:
        there = replace(loop.cx, flow=flow, naming=naming)
        tests.clear()

        def run() -> Any:
            if rest:
                return _clauses(rest[0], rest[1:], node, there, one)
            return one(taken, there, flow)

        return _tested(loop.test, run, flow, there, node, tests)

    try:
        if rest and not cx.naming.numbered:
            raise Uneven  # the rounds of all levels are counted together
        return _one_flow(loop, body, node, cx, taken, tests)
    except (Uneven, Undecided) as problem:
        return _unrolled_chain(loop, node, cx, one, problem)


def _tested(
    tests: tuple[tree.Expr, ...],
    run: Callable[[], Any],
    flow: Any,
    cx: Context,
    node: Any,
    found: list[Static],
) -> Any:
    """A round if all tests hold; those that aren't decided are noted in ``found``."""
    if not tests:
        return run()
    test = condition(tests[0], cx)
    if isinstance(test, RunTest):
        raise Uneven
    if isinstance(test, bool):
        if test:
            return _tested(tests[1:], run, flow, cx, node, found)
        found.append(False)
        return flow
    found.append(test)
    return branch(
        test, lambda: _tested(tests[1:], run, flow, cx, node, found), lambda: flow, node, cx
    )


def _taken(round: Name, tests: list[Static]) -> CarriedSize:
    """The number of a round among those that take place."""
    test: Static = True
    for one in tests:
        test = one if test is True else Op("and", (test, one))
    if isinstance(test, bool):
        return CarriedSize(round, 0, round + 1 if test else round)
    return CarriedSize(round, 0, Cond(test, round + 1, round))


def _unrolled_chain(
    loop: Loop, node: Any, cx: Context, one: Callable[..., Any], problem: Exception
) -> Any:
    """Rounds written out, where what the loop goes over is known; else its names are pinned."""
    from nndsl.resolve.loops import clause_rounds

    if loop.items is None:
        raise pin(loop.iterable, problem)
    flow = cx.flow
    if isinstance(node, tree.Repeat):
        for round in range(len(loop.items)):
            flow = one(round, cx, flow)
        return flow
    for round, there in enumerate(clause_rounds(node.clauses, cx)):
        flow = one(round, there, flow)
    return flow


def _one_flow(
    loop: Loop,
    body: Callable[..., Any],
    node: Any,
    cx: Context,
    taken: Name,
    tests: list[Static],
) -> Any:
    """Find the running sizes, then write the loop."""
    b = cx.builder
    flow = cx.flow
    if not isinstance(flow, Var) or not isinstance(flow.type, TensorType):
        raise Uneven
    changing: set[int] = set()
    asked: frozenset[int] | None = None
    step: Static | None = 0
    for _ in range(2 * len(flow.type.shape or ()) + 3):
        with attempt(cx) as keep:
            type, names = running_type(flow.type, changing, b, asked or ())
            head = b.var(type, flow.name, node.span)
            naming, number = counting(loop, cx, step)
            with b.collect() as statements, b.inside():
                try:
                    out = body(head, naming)
                except (Fault, Cascade) as problem:
                    raise Uneven from problem
            if not isinstance(out, Var) or not isinstance(out.type, TensorType):
                raise Uneven
            more = differing(type, out.type, b, changing)
            new_step = step_of(naming, number, step, loop)
            settled = not more and new_step == step
            if settled and asked is None:
                asked = asked_in(statements, names)
                settled = not unusual(type.rank or 0, asked)
            if settled:
                keep[0] = True
                last = naming.counter.next if naming.counter is not None else 0
                number = (*number, last) if number is not None else None
                counts = (_taken(taken, tests),) if taken is not loop.round else ()
                return _write_chain(
                    loop, flow, head, out, names, statements, node, cx, number, counts
                )
            changing |= more
            step = new_step
    raise Uneven


def counting(loop: Loop, cx: Context, step: Static | None) -> tuple[Any, Any]:
    """The numbering inside a round, and the counter behind the loop.

    ``step`` is how many numbers a round takes; None: not all take as many, so a name runs along.
    """
    counter = cx.naming.counter
    if counter is None:
        return cx.naming, None
    base = counter.next
    if step is None:
        running = cx.builder.size("place", "carried")
        return replace(cx.naming, counter=Counter(running)), (base, running)
    inside = Counter(ex.binary("+", base, ex.binary("*", loop.round, step)) if step != 0 else base)
    return replace(cx.naming, counter=inside), (base, step)


def step_of(naming: Any, number: Any, step: Static | None, loop: Loop) -> Static | None:
    """How many numbers one round takes; None if they differ."""
    if naming.counter is None:
        return 0
    if step is None:
        return None
    start = ex.binary("+", number[0], ex.binary("*", loop.round, step)) if step != 0 else number[0]
    found = _minus(naming.counter.next, start)
    if isinstance(found, Cond) or any(n.role in ("loop", "carried") for n in ex.names_in(found)):
        return None
    return found


def _minus(total: Any, base: Any) -> Static:
    return (
        dims.tidy(ex.binary("-", total, base))
        if isinstance(total, Expr) or isinstance(base, Expr)
        else total - base
    )


def _write_chain(
    loop: Loop,
    flow: Var,
    head: Var,
    out: Var,
    names: dict[int, Name],
    statements: list[Any],
    node: Any,
    cx: Context,
    number: Any,
    counts: tuple[CarriedSize, ...] = (),
) -> Var:
    b = cx.builder
    b.use(flow)
    b.use(out)
    assert isinstance(flow.type, TensorType) and isinstance(out.type, TensorType)
    before, after_ = flow.type.shape or (), out.type.shape or ()
    sizes = (*(CarriedSize(n, before[a], after_[a]) for a, n in names.items()), *counts)
    running = number[1] if number is not None else None
    if not isinstance(running, Name) or running.role != "carried":
        running = None  # each round takes as many numbers
    if running is not None:
        sizes = (*sizes, CarriedSize(running, number[0], number[2]))
    after = b.var(head.type, flow.name or out.name, node.span)
    for name, origin in list(b.origins.items()):
        if origin[0] is head:
            b.origins[name] = (after, origin[1])
            b.readers[dims.key(name)] = (after, origin[1])
    emit_loop(
        For(
            loop.targets,
            loop.iterable,
            tuple(statements),
            loop.round,
            (Carried(head, flow, out, after),),
            sizes,
            (),
            node.span,
        ),
        loop,
        cx,
    )
    if number is not None:
        assert cx.naming.counter is not None
        base, step, _ = number
        if step is running and running is not None:
            b.members = {p: s for p, s in b.members.items() if running not in path_names(p)}
            cx.naming.counter.next = running
            return after
        cx.naming.counter.next = ex.binary("+", base, ex.binary("*", round_count(loop), step))
    return after
