"""Loops in a forward: over the children that were made, or over a list of tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nndsl.backends.source import py
from nndsl.backends.source.branches import finish
from nndsl.backends.source.flow import Body
from nndsl.backends.source.headers import Element, Header, start_of
from nndsl.backends.source.py import Py
from nndsl.backends.source.scan import item_of, names, spelled_out
from nndsl.model.expr import Cond, Name, Static, bound_names
from nndsl.model.graph import (
    Bind,
    Carried,
    CarriedSize,
    Do,
    For,
    Gathered,
    If,
    RunTest,
    Scan,
    Statement,
    Var,
)

if TYPE_CHECKING:
    from nndsl.backends.source.forward import Forward

Sizes = dict[Name, Static]


def static(forward: Forward, statement: For, following: Body) -> None:
    """A loop whose rounds the constructor counts."""
    header = Header(statement)
    elements = [*forward.children.elements(statement, header)]
    rest, tensors = _items_of_lists(forward, statement)
    elements += tensors.values()
    number = _own_number(forward, statement, rest)
    header.count_as(number)
    rest = tuple(one for one in rest if one is not number)
    read = forward.children.read(rest, forward.readings.bound)
    joined = _joined_sizes(statement.body)
    read |= _carried_within(statement.body, read, joined)
    running = _running(forward, statement, read, joined)
    read |= {n for size in running for n in names(spelled_out(size.next, joined))}
    used = header.own & read
    header.bind(used, forward.readings.locals)
    for name in bound_names(header.values) if header.values is not None else ():
        if name in used:
            forward.readings.locals.of(name)
    for size in running:
        statics = forward.operations.statics
        value = statics.assigned(size.name, spelled_out(size.init, {}))
        forward.flush()
        left = statics.begun(forward.readings.locals.of(size.name), size.name, value)
        forward.out.put(left, value)
    with forward.readings.heading(statement):
        targets, iterable = header.clause(used, forward.operations.statics, elements)
    steps = [(size.name, spelled_out(size.next, joined)) for size in running]
    _loop(forward, statement, (targets, iterable), following, steps, rest, frozenset(tensors))
    forward.children.leave(statement)
    forward.readings.locals.release(header.own)


def _own_number(forward: Forward, statement: For, body: Body) -> Bind | None:
    """The author's number of a round, ``i`` of ``enumerate(ys, 1)``, where no other is read."""
    round, bound = statement.round, forward.readings.bound
    for one in body if Header(statement).counters == (round,) else ():
        if isinstance(one, Bind) and one.name in bound and start_of(one, round) != 0:
            rest = tuple(other for other in body if other is not one)
            carried = {n for size in statement.sizes for n in names(size.next)}
            return one if round not in forward.children.read(rest, bound) | carried else None
    return None


def _items_of_lists(forward: Forward, statement: For) -> tuple[Body, dict[Var, Element]]:
    """The tensors that a round takes from lists: named in the loop's header, as people write."""
    rest: list[Statement] = []
    found: dict[Var, Element] = {}
    carried = {one.head for one in statement.carried}
    for one in statement.body:
        source = item_of(one, statement)
        if source is None or source[0] in carried or any(isinstance(s, Do) for s in rest):
            rest.append(one)
            continue
        assert isinstance(one, Do)
        var, (over, backwards) = one.targets[0], source
        live = forward.flow.around[statement] | forward.flow.after[one] | frozenset(found)
        name = forward.places.choose(var, live | carried, None)
        text = forward.read(over)
        found[var] = (name, py.call("reversed", [text]) if backwards else text)
    return tuple(rest), found


def _running(forward: Forward, statement: For, read: set[Name], joined: Sizes) -> list[CarriedSize]:
    """The static names that a loop carries and that its rounds read while running."""
    carried = {size.name: size for size in statement.sizes}
    found: dict[Name, CarriedSize] = {}
    waiting = [name for name in read if name in carried]
    while waiting:
        name = waiting.pop()
        if name not in found and forward.readings.locals.known(name) is None:
            found[name] = carried[name]
            following = names(spelled_out(carried[name].next, joined))
            waiting += [n for n in following if n in carried]
    return [size for size in statement.sizes if size.name in found]


def _joined_sizes(body: Body) -> Sizes:
    """What a condition in a round makes of a size, as one value."""
    found: Sizes = {}
    for statement in body:
        if isinstance(statement, If) and not isinstance(statement.test, RunTest):
            found.update(_joined_sizes((*statement.then, *statement.orelse)))
            for size in statement.sizes:
                found[size.name] = Cond(statement.test, size.then, size.orelse)
        elif isinstance(statement, For):
            found.update(_joined_sizes(statement.body))
    return found


def _carried_within(body: Body, read: set[Name], joined: Sizes) -> set[Name]:
    """What the loops inside a round need for the names that they carry."""
    found: set[Name] = set()
    for statement in body:
        if isinstance(statement, If):
            found |= _carried_within((*statement.then, *statement.orelse), read, joined)
        elif isinstance(statement, For):
            inner = _carried_within(statement.body, read, joined)
            for size in statement.sizes:
                if size.name in read | inner:
                    values = (spelled_out(size.init, joined), spelled_out(size.next, joined))
                    inner |= {n for value in values for n in names(value)}
            found |= inner
    return found


def scan(forward: Forward, statement: Scan, following: Body) -> None:
    """A loop over tensors."""
    over = forward.combine(statement.over)
    forward.flush()
    live = forward.flow.around[statement] | frozenset(statement.target)
    targets = [
        forward.places.choose(var, live, None) if forward.flow.uses[var] else "_"
        for var in statement.target
    ]
    _loop(forward, statement, (", ".join(targets), over), following)


def _loop(
    forward: Forward,
    statement: For | Scan,
    clause: tuple[str, Py],
    following: Body,
    running: Sequence[tuple[Name, Static]] = (),
    rest: Body | None = None,
    bound: frozenset[Var] = frozenset(),
) -> None:
    body = statement.body if rest is None else rest
    live = forward.flow.after[statement]
    gathered = [one for one in statement.gathered if one.after in live]
    alone = not statement.carried and not running
    if len(gathered) == 1 and alone and gathered[0].onto is None:
        element = forward.attempt(body, gathered[0].item)
        if element is not None:
            inner = py.comprehension(element, [f"for {clause[0]} in {clause[1].text}"])
            made = py.bracketed("[", [inner], "]")
            forward.joined(gathered[0].after, made, statement, following)
            return
    heads = _start(forward, statement, bound)
    lists = [(_list(forward, one, statement), one.item) for one in gathered]
    outer, forward.out = forward.out, forward.out.inner()
    _prefer(forward, statement, heads)
    forward.body(body)
    for name, item in lists:
        text = forward.combine(item)
        forward.flush()
        forward.out.put("", py.call(f"{name}.append", [text]))
    finish(forward, [(heads[one.head], one.next) for one in statement.carried])
    _step(forward, running)
    rounds_, forward.out = forward.out, outer
    if rounds_.lines:
        outer.put(f"for {clause[0]} in ", clause[1], ":")
        outer.take(rounds_)
    for one in statement.carried:
        forward.places.names[one.after] = heads[one.head]


def _step(forward: Forward, running: Sequence[tuple[Name, Static]]) -> None:
    """What the running names are in the next round, all of them at once."""
    targets, values = [], []
    for size, following in running:
        name = forward.readings.locals.of(size)
        value = forward.operations.statics(following)
        if value.text != name:
            targets.append(name)
            values.append(value)
    if len(targets) == 1:
        forward.out.put(f"{targets[0]} = ", values[0])
    elif targets:
        texts = ", ".join(value.text for value in values)
        forward.out.put(f"{', '.join(targets)} = ", Py(texts, py.LAMBDA))


def _start(forward: Forward, statement: For | Scan, bound: frozenset[Var]) -> dict[Var, str]:
    """Give each carried variable its name and its first value."""
    live = forward.flow.around[statement] | forward.flow.after[statement] | bound
    inits = [one.init for one in statement.carried if isinstance(one.init, Var)]
    names: dict[Var, str] = {}
    for one in statement.carried:
        others = live | frozenset(i for i in inits if i is not one.init) | frozenset(names)
        if isinstance(one.init, Var) and _goes_on(forward, statement, one, one.init):
            others -= {one.init}
            if isinstance(one.next, Var):
                forward.places.goes_on[one.next] = one.init
        names[one.head] = _carried_name(forward, one, others)
    ends = [(names[one.head], one.init) for one in statement.carried]
    finish(forward, ends)
    return names


def _goes_on(forward: Forward, statement: For | Scan, one: Carried, init: Var) -> bool:
    """Whether a loop goes on with a variable of the same name, as Python's loops do. A loop that
    made it may have had no round, so that nothing can be copied before this one."""
    flow = forward.flow.anew
    read = flow.around[statement] | flow.after[statement]
    return one.head.name == init.name != "" and init not in read


def _carried_name(forward: Forward, one: Carried, live: frozenset[Var]) -> str:
    source = one.init if isinstance(one.init, Var) else None
    author = one.head.name or one.after.name
    if author and not one.head.name:
        forward.places.hints[one.head] = author
    return forward.places.choose(one.head, live - {one.after}, source)


def _prefer(forward: Forward, statement: For | Scan, names: dict[Var, str]) -> None:
    for one in statement.carried:
        if isinstance(one.next, Var):
            forward.places.hints.setdefault(one.next, names[one.head])


def _list(forward: Forward, one: Gathered, statement: For | Scan) -> str:
    """The name of a list that the rounds append to, begun empty unless it exists."""
    if one.onto is not None and one.onto in forward.places.names:
        forward.places.names[one.after] = forward.places.names[one.onto]
        return forward.places.names[one.onto]
    if not one.after.name:
        forward.places.hints.setdefault(one.after, "outputs")
    live = forward.flow.around[statement] | forward.flow.after[statement]
    name = forward.places.choose(one.after, live, None)
    if one.onto is None:
        forward.out.line(f"{name}: list[Tensor] = []")
    else:
        forward.out.put(f"{name} = ", forward.combine(one.onto))
    return name
