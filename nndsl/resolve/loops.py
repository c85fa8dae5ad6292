"""Repeats and chains of rounds, written out or as one loop.

For one use, rounds are resolved one by one; as soon as a round gives back the shape that it got,
all rounds of a repeat that are left are alike and stay one ``For``. Over a block's names a loop
always stays a loop; the sizes that its rounds change become running names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nndsl.limits import CODES, current, spend
from nndsl.model import expr as ex
from nndsl.model.expr import Call, Static
from nndsl.model.graph import Carried, For, Path, RunTest, Var
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.containers import announce
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import snippet, static
from nndsl.resolve.naming import Counter, Naming
from nndsl.resolve.uses import type_of
from nndsl.resolve.values import Bundle, is_layer, key
from nndsl.syntax import tree


def repeat(node: tree.Repeat | tree.ChainComp, cx: Context) -> Any:
    """A repeat or a chain of rounds as a stage without a label."""

    def one(round: Static, there: Context, flow: Any) -> Any:
        from nndsl.resolve.stages import stage_value

        element = node.body if isinstance(node, tree.Repeat) else node.element
        naming = there.naming.element(round)
        return stage_value(
            element, replace(there, naming=naming, flow=flow, stage=True, label=None), flow
        )

    announce(node, cx)
    return rounds(node, cx, one)


def labelled_repeat(node: tree.Repeat | tree.ChainComp, cx: Context) -> Any:
    """A labelled repeat: one container with an element a round."""
    from nndsl.resolve.stages import close_group

    path = cx.label
    assert path is not None
    element = node.body if isinstance(node, tree.Repeat) else node.element

    def one(round: Static, there: Context, flow: Any) -> Any:
        return one_element(element, (*path, _index(round)), there, flow)

    with cx.builder.collect() as statements:
        out = rounds(node, replace(cx, label=None), one)
    if not statements and out is cx.flow:
        return _empty(path, cx.flow, cx, node)
    return close_group(path, statements, cx.flow, out, cx, node)


def _empty(path: Path, flow: Any, cx: Context, node: tree.Node) -> Any:
    """A container without layers, which keeps a place."""
    from nndsl.model.graph import Chain, Invoke

    cx.builder.make(path, Chain(()), node.span, flow.type)
    return cx.builder.apply(Invoke(path, (flow,)), flow.type, node.span)


def _index(round: Static) -> Any:
    return round


def one_element(element: tree.Expr, path: Path, cx: Context, flow: Any) -> Any:
    """One round of a labelled loop: a single layer takes the place itself."""
    from nndsl.resolve.stages import group, stage_value

    bare = element
    while isinstance(bare, tree.Group):
        bare = bare.inner
    if _single(bare, cx):
        if isinstance(bare, tree.Conditional):
            return _chosen(bare, path, cx, flow)
        there = replace(
            cx, naming=Naming(path, None, whole=True), flow=flow, stage=True, label=None
        )
        return stage_value(bare, there, flow)
    out = group(element, path, replace(cx, flow=flow, stage=True, label=None), flow)
    if isinstance(bare, tree.Conditional) and out is flow:
        return _empty(path, flow, cx, element)
    return out


def _chosen(node: tree.Conditional, path: Path, cx: Context, flow: Any) -> Any:
    """One of two layers, or a layer or none: then the rounds behind it keep their numbers."""
    from nndsl.resolve.conditions import branch, condition

    def then() -> Any:
        return one_element(node.then, path, cx, flow)

    def orelse() -> Any:
        if node.orelse is None:
            return _empty(path, flow, cx, node)
        return one_element(node.orelse, path, cx, flow)

    test = condition(node.test, replace(cx, flow=flow, label=None))
    if isinstance(test, bool):
        return then() if test else orelse()
    return branch(test, then, orelse, node, cx)


def _single(node: tree.Expr, cx: Context) -> bool:
    """Whether an element is one layer."""
    while isinstance(node, tree.Group):
        node = node.inner
    if isinstance(node, tree.Conditional):
        return _single(node.then, cx) and (node.orelse is None or _single(node.orelse, cx))
    while isinstance(node, tree.Call):
        node = node.func
    return isinstance(node, tree.Name) and is_layer(cx.scope.get(node.id))


Round = Callable[[Static, Context, Any], Any]


def rounds(node: tree.Repeat | tree.ChainComp, cx: Context, one: Round) -> Any:
    """All rounds, one after the other; gives what flows out of the last."""
    if cx.general:
        from nndsl.resolve.general_loops import chain_rounds

        return chain_rounds(node, cx, one)
    if isinstance(node, tree.Repeat):
        return _repeat(node, cx, one)
    flow = cx.flow
    for round, there in enumerate(clause_rounds(node.clauses, cx)):
        flow = one(round, there, flow)
    return flow


def clause_rounds(clauses: tuple[tree.Clause, ...], cx: Context) -> Iterator[Context]:
    """The place of each round of ``for ... in ... if ...``, its names bound."""
    if not clauses:
        yield cx
        return
    clause, rest = clauses[0], clauses[1:]
    items = statics.items_of(loop_items(clause.iterable, cx), clause.iterable)
    if len(items) > (most := current().items):
        what = f"more than {most:,} rounds"
        raise fault(CODES["items"], what, clause.iterable.span, "too many to write out")
    for item in items:
        spend(4, clause.iterable.span)
        there = cx.inner()
        bind_target(clause.target, item, there)
        if all(truth(test, there) for test in clause.tests):
            yield from clause_rounds(rest, there)


def loop_items(node: tree.Expr, cx: Context) -> Any:
    """What a static loop goes over."""
    found = static(node, cx)
    if isinstance(found, ex.Expr) and not cx.general and not ex.known(found):
        raise statics.undecided(found, node, "what a loop goes over")
    return found


def truth(node: tree.Expr, cx: Context) -> bool:
    """Whether a round takes place; over names what that follows from has to be known."""
    from nndsl.resolve.conditions import condition

    found = condition(node, cx)
    if isinstance(found, RunTest):
        raise fault(
            "E405",
            f"`{snippet(node)}` is only known when the model runs",
            node.span,
            "depends on the run",
            help="which rounds there are is decided at construction; the round itself may ask",
        )
    if not isinstance(found, bool):
        raise ex.Undecided(next(ex.names_in(found)))
    return found


def bind_target(target: tree.Target, item: Any, cx: Context) -> None:
    """Give a loop's names their values of one round."""
    from nndsl.resolve.reserved import check_value_name

    if isinstance(target, tree.Name):
        check_value_name(target.id, target.span)
        cx.scope.set(target.id, item)
        return
    if isinstance(item, Bundle):
        item = item.items
    if not isinstance(item, tuple) or len(item) != len(target.items):
        got = f"{len(item)} values" if isinstance(item, tuple) else statics.kind_of(item)
        raise fault(
            "E205",
            f"{len(target.items)} names, but each item is {got}",
            target.span,
            "can't be taken apart",
            help="`enumerate(...)` counts the items of a list"
            if len(target.items) == 2 and not isinstance(item, tuple)
            else "",
        )
    for part, inner in zip(target.items, item, strict=True):
        bind_target(part, inner, cx)


def _repeat(node: tree.Repeat, cx: Context, one: Round) -> Any:
    count = statics.whole_number(
        static(node.count, cx.plain()), node.count, "the number of rounds", cx
    )
    flow, done = cx.flow, 0
    while done < count:
        start = _number(cx)
        with attempt(cx) as keep, cx.builder.collect() as statements:
            out = one(done, cx, flow)
            step = _number(cx) - start
            alike = count - done > 1 and key_of(out) == key_of(flow)
            keep[0] = not alike
        if alike:
            return _alike(node, cx, one, flow, done, count - done, start, step)
        cx.builder.statements.extend(statements)
        flow, done = out, done + 1
        if done > (most := current().items):
            raise fault(
                CODES["items"],
                f"more than {most:,} rounds that differ",
                node.count.span,
                "too many",
                help="rounds that keep the shape cost nothing",
            )
    return flow


@contextmanager
def attempt(cx: Context) -> Iterator[list[bool]]:
    """A try at a round: unless it is kept, the builder is as before."""
    b = cx.builder
    inside = sum(map(len, b.parts.values()))
    spend((len(b.members) + inside + len(b.origins) + len(b.readers) + len(b.used)) // 256)
    saved = (
        dict(b.members),
        {path: dict(parts) for path, parts in b.parts.items()},
        set(b.taken),
        dict(b.origins),
        dict(b.readers),
        dict(b.used),
        dict(b.size_names),
    )
    counter = cx.naming.counter
    before = counter.next if counter is not None else None
    modules = len(b.modules)
    keep = [False]
    try:
        yield keep
    finally:
        if not keep[0]:
            b.members, b.parts, b.taken, b.origins, b.readers, b.used, b.size_names = saved
            for state in b.modules[modules:]:
                state.made = None
            del b.modules[modules:]
            if counter is not None:
                counter.next = before


def key_of(flow: Any) -> Any:
    """What two tensors share that a layer can't tell apart."""
    return type_key(type_of(flow))


def type_key(type: Any) -> Any:
    """A type as something hashable: equal sizes are one, whatever they are called."""
    from nndsl.model.graph import ListType, TensorType, TupleType

    if isinstance(type, TensorType):
        shape = None if type.shape is None else tuple(key(s) for s in type.shape)
        return (shape, type.dtype, type.lead, type.optional)
    if isinstance(type, TupleType):
        return (tuple(map(type_key, type.items)), type.names, type.many, type.built)
    if isinstance(type, ListType):
        return (type_key(type.item), key(type.length))
    return type.__class__.__name__


def _number(cx: Context) -> Any:
    return cx.naming.counter.next if cx.naming.counter is not None else 0


def _alike(
    node: tree.Repeat,
    cx: Context,
    one: Round,
    flow: Any,
    done: int,
    left: int,
    number: Any,
    step: Any,
) -> Any:
    """The rounds that are left, all alike, as one loop."""
    b = cx.builder
    round = b.size("round", "loop")
    there = cx
    if cx.naming.counter is not None:
        index = ex.binary("+", ex.binary("*", round, step), number)
        there = replace(cx, naming=replace(cx.naming, counter=Counter(index)))
    assert isinstance(flow, Var)
    head = b.var(flow.type, flow.name, node.span)
    with b.collect() as statements, b.inside():
        last = one(ex.binary("+", round, done), there, head)
    if left > 1:
        from nndsl.resolve.unnumbered import check_numbered

        check_numbered(statements, {round}, left, b)
    after = b.var(last.type, last.name, node.span)
    b.use(flow)
    b.use(last)
    carried = (Carried(head, flow, last, after),)
    b.emit(For(None, Call("range", (left,)), tuple(statements), round, carried, (), (), node.span))
    if cx.naming.counter is not None:
        cx.naming.counter.next = number + left * step
    return after
