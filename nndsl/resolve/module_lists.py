"""Declared lists of modules over a block's names: ``module layers: [linear w for w in widths]``.

The first call of an item makes the whole list, as a loop of its own, where every item comes out
alike but for its place. Where an item's sizes follow from the rounds that call it, the items are
made by these rounds, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nndsl.model import dims
from nndsl.model.expr import Call, Expr, Index, Name, Static, binary, bound_names, names_in
from nndsl.model.graph import Chain, Construct, For, If, Make, Path, Use
from nndsl.record import dataclass
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context, fault
from nndsl.resolve.finishing import replace_names
from nndsl.resolve.needs import constructor_names, made_values
from nndsl.resolve.passed import Apart, PassedLayer
from nndsl.resolve.running import Loop, Uneven, open_loop, pin, round_count, sizes_within
from nndsl.resolve.values import Module, ModuleState, key
from nndsl.syntax import tree

Resolve = Callable[[Module], tuple[list[Make], list[Any], Any]]
"""Resolves a call of an item: what it makes, what else it does, what comes out."""


@dataclass(eq=False)
class ModuleFamily:
    """A list of modules: what it goes over, and what its items are once that is known.

    ``home`` are the statements among which it was declared, ``depth`` tells how deep they stand.
    ``made`` are the items as the round ``loop.round`` makes them; empty where other rounds do.
    """

    label: tree.Name | tree.String
    loop: Loop
    path: Path
    node: tree.ListComp
    cx: Context
    home: list[Any]
    depth: int
    made: tuple[Make, ...] | None = None


def open_family(
    label: tree.Name | tree.String, node: tree.ListComp, path: Path, cx: Context
) -> ModuleFamily | None:
    """The list as one loop; None if its items have to be told apart."""
    element = node.element
    while isinstance(element, tree.Group):
        element = element.inner
    several = len(node.clauses) != 1 or node.clauses[0].tests
    if several or isinstance(element, tree.Conditional) or id(node) in cx.builder.apart:
        return None
    try:
        loop = open_loop(node.clauses[0].target, node.clauses[0].iterable, (), cx)
    except Uneven:
        return None
    if list(_paired(loop.targets, loop.iterable, loop.round)) == [None]:
        return None
    b = cx.builder
    return ModuleFamily(label, loop, path, node, cx, b.statements, b.depth)


def _paired(targets: Any, over: Static, index: Static) -> Iterator[tuple[Any, Static]]:
    """The names of a loop with their values in the round ``index``."""
    parts = targets.items if isinstance(targets, tree.TargetTuple) else targets
    call = over if isinstance(over, Call) else Call("", ())
    if call.fn == "range":
        start, step = (call.args[0], call.args[2:]) if len(call.args) > 1 else (0, ())
        yield targets, binary("+", start, binary("*", index, step[0]) if step else index)
    elif call.fn == "enumerate" and len(call.args) == 1 and isinstance(parts, tuple):
        yield parts[0], index
        yield from _paired(parts[1], call.args[0], index)
    elif call.fn == "zip" and isinstance(parts, tuple):
        for part, one in zip(parts, call.args, strict=True):
            yield from _paired(part, one, index)
    else:
        value = over[index] if isinstance(over, tuple) and isinstance(index, int) else None
        yield from _taken_apart(targets, Index(over, index) if value is None else value)


def _taken_apart(targets: Any, value: Static) -> Iterator[tuple[Any, Static]]:
    parts = targets.items if isinstance(targets, tree.TargetTuple) else targets
    if not isinstance(parts, tuple):
        yield targets, value
        return
    for place, part in enumerate(parts):
        inner = value[place] if isinstance(value, tuple) else Index(value, place)
        yield from _taken_apart(part, inner)


def pick_item(module: Module, index: Static, node: tree.Subscript, cx: Context) -> Module:
    """``layers[i]``."""
    family: ModuleFamily = module.state.family
    count = round_count(family.loop)
    if isinstance(index, bool) or not isinstance(index, int | Expr):
        raise fault("E206", "a place in a list is an integer", node.span, "no integer")
    if isinstance(index, int) and isinstance(count, int) and not -count <= index < count:
        raise fault("E206", f"there are {count} modules here", node.span, f"no item {index}")
    scope = family.cx.scope.inner()
    place, target = _up(index, count), family.node.clauses[0].target
    for name, value in _paired(target, family.loop.iterable, place):
        scope.set(name.id, _in_round(value, cx))
    state = ModuleState((*family.path, index), family=family)
    return Module(module.label, family.node.element, scope, state)


def place_of(item: Module) -> Static:
    """Where an item stands in its list."""
    assert item.state.path is not None
    return item.state.path[-1]


def _in_round(value: Static, cx: Context) -> Static:
    """A list's item under the name that the loop around has for it."""
    over = cx.loop.iterable if cx.loop is not None else None
    if isinstance(value, Index) and isinstance(over, Call) and over.fn == "enumerate":
        place, item = cx.loop.targets
        if len(over.args) == 1 and (value.value, value.index) == (over.args[0], place):
            return item
    return value


def _up(index: Static, count: Static) -> Static:
    """A place counted from the front."""
    return binary("+", count, index) if isinstance(index, int) and index < 0 else index


# ------------------------------------------------------------------ calls


def call_item(module: Module, resolve: Resolve, cx: Context) -> Any:
    """Call an item; the first call of any of them says how the items are made."""
    b = cx.builder
    family: ModuleFamily = module.state.family
    depth, kept = b.depth, (dict(b.members), {p: dict(found) for p, found in b.parts.items()})
    makes, rest, out = resolve(module)
    if not makes or len(makes) + sum(isinstance(s, If | For) for s in rest) != len(makes):
        raise _no_form(family)
    if family.made is None:
        b.modules.append(family)
        if _by_rounds(module, makes, depth, cx):
            family.made = ()
            b.statements.extend(makes)
            b.statements.extend(rest)
            return out
        b.members, b.parts = kept
        family.made = _make_all(family, resolve, cx)
    elif family.made:
        b.members, b.parts = kept
    _check_alike(family, place_of(module), makes, cx)
    b.statements.extend(rest)
    return out


def _make_all(family: ModuleFamily, resolve: Resolve, cx: Context) -> tuple[Make, ...]:
    """Write the loop that makes every item."""
    b, loop = cx.builder, family.loop
    used, origins, readers = dict(b.used), dict(b.origins), dict(b.readers)
    makes, _, _ = resolve(every_item(family))
    b.used, b.origins, b.readers = used, origins, readers
    own = {loop.round, *bound_names(loop.targets)}
    if _foreign(makes, own, family, b):
        raise _no_form(family)
    made = For(loop.targets, loop.iterable, tuple(makes), loop.round, span=makes[0].span)
    b.emit(made)
    return tuple(makes)


def _by_rounds(module: Module, makes: list[Make], depth: int, cx: Context) -> bool:
    """Whether the rounds around make the items, each its own, because sizes follow from them."""
    family: ModuleFamily = module.state.family
    index, around = place_of(module), cx.loop
    own = {index} if isinstance(index, Name) else set()
    if around is not None and around.targets is not None:
        own |= set(bound_names(around.targets))
    if not _foreign(makes, own, family, cx.builder):
        return False
    whole = (
        around is not None
        and depth == family.depth + 1
        and not around.test
        and index in _counters(around)
        and dims.equal(round_count(around), round_count(family.loop)) is True
    )
    if not whole:
        raise _no_form(family)
    return True


def _counters(loop: Loop) -> set[Any]:
    """The names of a loop that count its rounds from 0."""
    call = loop.iterable if isinstance(loop.iterable, Call) else Call("", ())
    own = {loop.round}
    if len(call.args) == 1 and call.fn == "range" and isinstance(loop.targets, Name):
        own.add(loop.targets)
    elif len(call.args) == 1 and call.fn == "enumerate" and isinstance(loop.targets, tuple):
        own.update(n for n in loop.targets[:1] if isinstance(n, Name))
    return own


def _foreign(makes: list[Make], own: set[Name], family: ModuleFamily, b: Builder) -> set[Name]:
    """The names in what is made that aren't known where the list was declared."""
    home = sizes_within(s for s in family.home if not isinstance(s, For | If))
    for one in family.home:
        if isinstance(one, For | If):
            home.update(size.name for size in one.sizes)
    needed = {n for make in makes for n in _needed(make.what)}
    return {n for n in needed - own - home if not _from_outside(n, b)}


def _from_outside(name: Name, b: Builder) -> bool:
    if name.role in ("param", "constant"):
        return True
    return name.role == "size" and name in b.origins and b.origins[name][0].id in b.received


def _needed(made: Any) -> set[Name]:
    """The names that making something takes."""
    if isinstance(made, Use):
        needs = constructor_names(made.block)
        sizes = {n for own, size in made.sizes if own in needs for n in names_in(size)}
        return sizes | {n for _, a in made.args for n in names_in(a)}
    if isinstance(made, Chain):
        return {n for s in made.body if isinstance(s, Make) for n in _needed(s.what)}
    return {n for v in made_values(made) for n in names_in(v)}


def _no_form(family: ModuleFamily) -> Exception:
    """Why the items aren't made by one loop: their number must be known, or they are told apart."""
    problem = pin(family.loop.iterable, Uneven())
    return Apart(id(family.node)) if family.loop.items is not None else problem


# ------------------------------------------------------------------ the same item again


def _check_alike(family: ModuleFamily, index: Static, makes: list[Make], cx: Context) -> None:
    """Another call must ask for the item that the list holds there."""
    loop = family.loop
    place = _up(index, round_count(loop))
    table: dict[Name, Any] = {loop.round: place}
    found = _paired(loop.targets, loop.iterable, place)
    table.update((name, _in_round(value, cx)) for name, value in found)
    for whole, one in zip(family.made or (), makes, strict=False):
        if not _alike(replace_names(whole.what, table), one.what, cx):
            raise _no_form(family)


def _alike(a: Any, b: Any, cx: Context) -> bool:
    if isinstance(a, Use) and isinstance(b, Use):
        needs = constructor_names(a.block)
        same = a.block is b.block and len(a.args) == len(b.args)
        pairs = [(x, y) for (n, x), (_, y) in zip(a.sizes, b.sizes, strict=False) if n in needs]
        args = [(x, y) for (_, x), (_, y) in zip(a.args, b.args, strict=False)]
        return same and all(_equal(*pair, cx) for pair in (*pairs, *args))
    if isinstance(a, Construct) and isinstance(b, Construct):
        names = [k for k, _ in a.kwargs] == [k for k, _ in b.kwargs]
        same = a.torch == b.torch and len(a.args) == len(b.args) and names
        return same and all(map(lambda x, y: _equal(x, y, cx), made_values(a), made_values(b)))
    if isinstance(a, Chain) and isinstance(b, Chain):
        mine, others = ([s.what for s in c.body if isinstance(s, Make)] for c in (a, b))
        plain = len(a.body) == len(b.body) == len(mine) == len(others)
        return plain and all(_alike(x, y, cx) for x, y in zip(mine, others, strict=True))
    return type(a) is type(b) and a == b


def _equal(a: Static, b: Static, cx: Context) -> bool:
    if isinstance(a, PassedLayer) and isinstance(b, PassedLayer):
        return a.group == b.group and key(a.value) == key(b.value)
    if a == b:
        return True
    numbers = all(isinstance(v, int | Expr) and not isinstance(v, bool) for v in (a, b))
    return numbers and dims.equal(a, b, cx.builder.check.facts) is True


def every_item(family: ModuleFamily) -> Module:
    """The item that the round of the list's own loop makes."""
    state = ModuleState((*family.path, family.loop.round), family=family)
    return Module(family.label, family.node.element, family.loop.cx.scope, state)


__all__ = ["ModuleFamily", "call_item", "every_item", "open_family", "pick_item"]
