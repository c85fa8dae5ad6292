"""Loops over a block's names: they stay loops, and what their rounds change gets a running name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.model import dims
from nndsl.model import expr as ex
from nndsl.model.expr import (
    Call,
    CompClause,
    Comprehension,
    Cond,
    Expr,
    Name,
    Op,
    Static,
    Undecided,
    known,
)
from nndsl.model.graph import (
    Carried,
    CarriedSize,
    For,
    Gathered,
    If,
    ListType,
    Make,
    TensorType,
    Var,
)
from nndsl.record import dataclass, replace
from nndsl.resolve import statics
from nndsl.resolve.body import NOTHING, assigned_names, statements_of
from nndsl.resolve.conditions import branch, condition
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import as_flow, static, value
from nndsl.resolve.general_parameters import kind_of_value
from nndsl.resolve.loops import attempt
from nndsl.resolve.naming import Counter
from nndsl.resolve.values import Bundle, flows, is_layer
from nndsl.syntax import tree


class Uneven(Exception):
    """The rounds of a loop differ in kind; it can't stay a loop."""


@dataclass
class Loop:
    """One level of a loop: its names, what it goes over, the number of its rounds."""

    targets: Any
    iterable: Static
    round: Name
    items: Any  # the items if they are known, else None
    test: tuple[tree.Expr, ...] = ()
    cx: Any = None


# ------------------------------------------------------------------ chains of rounds


def chain_rounds(node: tree.Repeat | tree.ChainComp, cx: Context, one: Callable[..., Any]) -> Any:
    """All rounds of a stage, as one ``For`` over the tensor that flows through them."""
    if isinstance(node, tree.Repeat):
        count = statics.whole_number(
            static(node.count, cx.plain()), node.count, "the number of rounds", cx
        )
        inner = cx.inner()
        loop = Loop(
            None, Call("range", (count,)), inner.builder.size("i", "loop"), _range(count), (), inner
        )
        return _chain(loop, (), node, cx, one)
    first, rest = node.clauses[0], node.clauses[1:]
    return _clauses(first, rest, node, cx, one)


def _range(count: Static) -> Any:
    plain = statics.plain(count)
    return tuple(range(plain)) if type(plain) is int and plain <= 1000 else None


def _clauses(
    clause: tree.Clause,
    rest: tuple[tree.Clause, ...],
    node: Any,
    cx: Context,
    one: Callable[..., Any],
) -> Any:
    loop = open_loop(clause.target, clause.iterable, clause.tests, cx)
    return _chain(loop, rest, node, cx, one)


def open_loop(
    target: tree.Target, iterable: tree.Expr, tests: tuple[tree.Expr, ...], cx: Context
) -> Loop:
    """Bind a loop's names; their types are told by a sample item."""
    over = static(iterable, cx.plain())
    items = statics.plain(over) if isinstance(over, Expr) and known(over) else over
    items = items if isinstance(items, tuple) else None
    inner = cx.inner()
    sample = _sample_item(over, cx)
    targets = _bind_names(target, sample, inner)
    _forget_uneven(targets, over, cx)
    first = targets
    while isinstance(first, tuple):
        first = first[0]
    round_name = cx.builder.size("i", "loop")
    return Loop(targets, over, round_name, items, tests, inner)


def _sample_item(over: Static, cx: Context) -> Any:
    found = cx.resolver.sample(over, cx.builder)
    if isinstance(found, tuple) and found:
        return found[0]
    return NOTHING


def _forget_uneven(targets: Any, over: Static, cx: Context) -> None:
    """Items that are lists of several lengths tell nothing about each other."""
    items = cx.resolver.sample(over, cx.builder)
    lengths = {len(i) for i in items if isinstance(i, tuple)} if isinstance(items, tuple) else set()
    if isinstance(targets, Name) and len(lengths) > 1:
        cx.builder.samples.pop(targets, None)


def _bind_names(target: tree.Target, sample: Any, cx: Context) -> Any:
    if isinstance(target, tree.TargetTuple):
        parts = sample if isinstance(sample, tuple) and len(sample) == len(target.items) else None
        return tuple(
            _bind_names(part, parts[i] if parts is not None else NOTHING, cx)
            for i, part in enumerate(target.items)
        )
    if is_layer(sample):
        raise Uneven
    kind = "int" if sample is NOTHING else kind_of_value(sample)
    name = cx.builder.size(target.id, "loop", None, kind)
    if sample is not NOTHING:
        cx.builder.samples[name] = sample
    cx.scope.set(target.id, name)
    return name


def _chain(
    loop: Loop, rest: tuple[tree.Clause, ...], node: Any, cx: Context, one: Callable[..., Any]
) -> Any:
    def body(round: Static, flow: Any, naming: Any) -> Any:
        there = replace(loop.cx, flow=flow, naming=naming)

        def run() -> Any:
            if rest:
                return _clauses(rest[0], rest[1:], node, there, one)
            return one(round, there, flow)

        return _tested(loop.test, run, flow, there, node)

    try:
        return _one_flow(loop, body, node, cx)
    except (Uneven, Undecided) as problem:
        return _unrolled_chain(loop, node, cx, one, problem)


def _tested(
    tests: tuple[tree.Expr, ...], run: Callable[[], Any], flow: Any, cx: Context, node: Any
) -> Any:
    if not tests:
        return run()
    test = condition(tests[0], cx)
    if isinstance(test, bool):
        return _tested(tests[1:], run, flow, cx, node) if test else flow
    return branch(test, lambda: _tested(tests[1:], run, flow, cx, node), lambda: flow, node, cx)


def _unrolled_chain(
    loop: Loop, node: Any, cx: Context, one: Callable[..., Any], problem: Exception
) -> Any:
    """Rounds written out, where what the loop goes over is known; else its names are pinned."""
    from nndsl.resolve.loops import clause_rounds

    if loop.items is None:
        raise _pin(loop, problem)
    flow = cx.flow
    if isinstance(node, tree.Repeat):
        for round in range(len(loop.items)):
            flow = one(round, cx, flow)
        return flow
    for round, there in enumerate(clause_rounds(node.clauses, cx)):
        flow = one(round, there, flow)
    return flow


def _pin(loop: Loop, problem: Exception) -> Exception:
    names = [n for n in ex.names_in(loop.iterable) if n.role in ("param", "local", "size")]
    if isinstance(problem, Undecided) and problem.name.role == "param":
        return problem
    if names:
        return Undecided(names[0])
    return problem


def _one_flow(loop: Loop, body: Callable[..., Any], node: Any, cx: Context) -> Any:
    """Find the running sizes, then write the loop."""
    b = cx.builder
    flow = cx.flow
    if not isinstance(flow, Var) or not isinstance(flow.type, TensorType):
        raise Uneven
    changing: set[int] = set()
    step: Static | None = 0
    for _ in range(2 * len(flow.type.shape or ()) + 3):
        with attempt(cx) as keep:
            type, names = running_type(flow.type, changing, b)
            head = b.var(type, flow.name, node.span)
            naming, number = _counting(loop, cx, step)
            with b.collect() as statements, b.inside():
                try:
                    out = body(loop.round, head, naming)
                except (Fault, Cascade) as problem:
                    raise Uneven from problem
            if not isinstance(out, Var) or not isinstance(out.type, TensorType):
                raise Uneven
            more = differing(type, out.type, b, changing)
            new_step = _step(naming, number, step, loop)
            if not more and new_step == step:
                keep[0] = True
                last = naming.counter.next if naming.counter is not None else 0
                number = (*number, last) if number is not None else None
                return _write_chain(loop, flow, head, out, names, statements, node, cx, number)
            changing |= more
            step = new_step
    raise Uneven


def _counting(loop: Loop, cx: Context, step: Static | None) -> tuple[Any, Any]:
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


def _step(naming: Any, number: Any, step: Static | None, loop: Loop) -> Static | None:
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


def running_type(
    type: TensorType, changing: set[int], b: Any
) -> tuple[TensorType, dict[int, Name]]:
    """The type at the head of a round: sizes that change have names of their own."""
    names: dict[int, Name] = {}
    shape = list(type.shape or ())
    for axis in sorted(changing):
        size = shape[axis]
        wish = size.id if isinstance(size, Name) else _axis_name(axis, len(shape))
        names[axis] = shape[axis] = b.size(wish, "carried")
    return replace(type, shape=tuple(shape)), names


def _axis_name(axis: int, rank: int) -> str:
    from nndsl.resolve.shapes import AXES

    names = AXES.get(rank, ())
    return names[axis] if axis < len(names) else "size"


def differing(head: TensorType, out: TensorType, b: Any, changing: set[int]) -> set[int]:
    """The axes whose size a round changes, besides those known to."""
    if (
        head.shape is None
        or out.shape is None
        or len(head.shape) != len(out.shape)
        or head.dtype != out.dtype
    ):
        raise Uneven
    pairs = enumerate(zip(head.shape, out.shape, strict=True))
    return {
        a
        for a, (x, y) in pairs
        if a not in changing and dims.equal(x, y, b.check.facts) is not True
    }


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
) -> Var:
    b = cx.builder
    b.use(flow)
    b.use(out)
    assert isinstance(flow.type, TensorType) and isinstance(out.type, TensorType)
    before, after_ = flow.type.shape or (), out.type.shape or ()
    sizes = tuple(CarriedSize(n, before[a], after_[a]) for a, n in names.items())
    running = number[1] if number is not None and isinstance(number[1], Name) else None
    if running is not None and running.role == "carried":
        sizes = (*sizes, CarriedSize(running, number[0], number[2]))
    after = b.var(head.type, flow.name or out.name, node.span)
    for name, origin in list(b.origins.items()):
        if origin[0] is head:
            b.origins[name] = (after, origin[1])
            b.readers[dims.key(name)] = (after, origin[1])
    _emit_loop(
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
    if number is not None and cx.naming.counter is not None:
        base, step, _ = number
        if step is running and running is not None:
            b.members = {p: s for p, s in b.members.items() if running not in _path_names(p)}
            cx.naming.counter.next = running
            return after
        cx.naming.counter.next = ex.binary("+", base, ex.binary("*", _count(loop), step))
    return after


def _emit_loop(made: For, loop: Loop, cx: Context) -> None:
    """Write a loop; a module that all rounds share is made before it, if there is a round."""
    from nndsl.resolve.finishing import replace_names

    b = cx.builder
    own = {made.round, *(ex.bound_names(made.targets) if made.targets is not None else ())}
    own |= {size.name for size in made.sizes}
    shared = [s for s in made.body if isinstance(s, Make) and not _path_names(s.path) & own]
    if shared:
        first = {size.name: size.init for size in made.sizes}
        whole = tuple(replace(s, what=replace_names(s.what, first)) for s in shared)
        test = Op(">", (_count(loop), 0))
        truth = b.decide(test)
        if truth:
            b.statements.extend(whole)
        elif truth is None:
            b.emit(If(test, whole, ()))
        made = replace(made, body=tuple(s for s in made.body if s not in shared))
    b.emit(made)


def _path_names(path: Any) -> set[Name]:
    return {n for part in path if isinstance(part, Expr) for n in ex.names_in(part)}


def _count(loop: Loop) -> Static:
    over = loop.iterable
    if loop.items is not None:
        return len(loop.items)
    if isinstance(over, Call) and over.fn == "range" and len(over.args) == 1:
        return over.args[0]
    return Call("len", (_as_long(over),))


def _as_long(over: Static) -> Static:
    """A list that has as many items."""
    while isinstance(over, Call) and over.fn in ("enumerate", "reversed", "sorted"):
        over = over.args[0]
    return over


# ------------------------------------------------------------------ lists


def list_rounds(node: tree.ListComp, cx: Context) -> Any:
    """``[f(w) for w in ws]``: a static list, or one tensor a round side by side."""
    from nndsl.resolve.loops import clause_rounds

    if len(node.clauses) == 1:
        try:
            return _list_loop(node, node.clauses[0], cx)
        except (Uneven, Undecided) as problem:
            loop = open_loop(node.clauses[0].target, node.clauses[0].iterable, (), cx)
            if loop.items is None:
                raise _pin(loop, problem) from None
    from nndsl.resolve.lists import _element

    found = [
        _element(node.element, r, there) for r, there in enumerate(clause_rounds(node.clauses, cx))
    ]
    return Bundle(tuple(found)) if any(map(flows, found)) else statics.listing(tuple(found))


def _list_loop(node: tree.ListComp, clause: tree.Clause, cx: Context) -> Any:
    from nndsl.resolve.lists import _element

    b = cx.builder
    loop = open_loop(clause.target, clause.iterable, clause.tests, cx)
    with attempt(cx) as keep, b.collect() as statements, b.inside():
        try:
            tests = tuple(condition(t, loop.cx) for t in clause.tests)
            naming, number = _counting(loop, cx, 0)
            here = replace(loop.cx, flow=cx.flow, naming=naming, label=cx.label)
            found = _element(node.element, loop.round, here)
        except (Fault, Cascade) as problem:
            raise Uneven from problem
        keep[0] = True
    if not flows(found):
        if is_layer(found) or statements:
            raise Uneven
        return Comprehension(found, (CompClause(loop.targets, loop.iterable, tests),))
    if tests or not isinstance(found, Var) or number is not None:
        raise Uneven
    b.use(found)
    index = b.size("i", "loop")
    item = _indexed(found.type, loop, index)
    after = b.var(ListType(item, _count(loop), index), "", node.span)
    gathered = (Gathered(after, found),)
    b.emit(
        For(loop.targets, loop.iterable, tuple(statements), loop.round, (), (), gathered, node.span)
    )
    return after


def _indexed(type: Any, loop: Loop, index: Name) -> Any:
    """The type of an item, with the loop's names by the place in the list."""
    if not isinstance(type, TensorType) or type.shape is None:
        return type
    table: dict[Name, Static] = {loop.round: index}
    over = loop.iterable
    if isinstance(loop.targets, Name):
        is_range = isinstance(over, Call) and over.fn == "range" and len(over.args) == 1
        table[loop.targets] = index if is_range else ex.Index(over, index)
    elif isinstance(over, Call) and over.fn == "enumerate" and len(over.args) == 1:
        i, item = loop.targets
        table[i] = index
        if isinstance(item, Name):
            table[item] = ex.Index(over.args[0], index)
    shape = tuple(ex.substitute(s, table) if isinstance(s, Expr) else s for s in type.shape)
    return replace(type, shape=shape)


# ------------------------------------------------------------------ statements


def for_statement(node: tree.For, cx: Context) -> Any:
    """``for target in list:`` as one ``For``; what it assigns is carried on."""
    try:
        loop = open_loop(node.target, node.iterable, (), cx)
    except Uneven as problem:
        items = statics.items_of(static(node.iterable, cx), node.iterable)
        return _unrolled_for(node, items, cx, problem)
    try:
        return _for_loop(loop, node, cx)
    except (Uneven, Undecided) as problem:
        if loop.items is None:
            raise _pin(loop, problem) from None
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
                ListType(_indexed(item.type, loop, index), _count(loop), index), name, node.span
            )
            gathered.append(Gathered(grown, item))
            scope.names[name] = grown
        elif name in running:
            sizes.append(CarriedSize(head, before[name], last))
            scope.names[name] = head
    _emit_loop(
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


__all__ = ["as_flow", "chain_rounds", "for_statement", "list_rounds", "value"]
