"""What general loops share: their names, their items, the sizes that rounds change."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from nndsl.model import dims
from nndsl.model import expr as ex
from nndsl.model.axes import axis_names
from nndsl.model.expr import (
    Call,
    Expr,
    Name,
    Static,
    Undecided,
)
from nndsl.model.graph import Bind, For, If, Make, Statement, TensorType, walk
from nndsl.model.listing import item_at, length
from nndsl.record import dataclass, replace
from nndsl.resolve import statics
from nndsl.resolve.axis_names import spelled
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context
from nndsl.resolve.evaluate import static
from nndsl.resolve.general_parameters import kind_of_value
from nndsl.resolve.needs import wanted_names
from nndsl.resolve.values import NOTHING, is_layer
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


def known_range(count: Static) -> Any:
    plain = statics.plain(count)
    return tuple(range(plain)) if type(plain) is int and plain <= 1000 else None


def open_loop(
    target: tree.Target, iterable: tree.Expr, tests: tuple[tree.Expr, ...], cx: Context
) -> Loop:
    """Bind a loop's names; their types are told by a sample item."""
    over = static(iterable, cx.plain())
    items = statics.plain(over)
    items = items if isinstance(items, tuple) else None
    inner = cx.inner()
    sample = _sample_item(over, cx)
    targets = _bind_names(target, sample, inner)
    _forget_uneven(targets, over, cx)
    first = targets
    while isinstance(first, tuple):
        first = first[0]
    round_name = cx.builder.size("i", "loop")
    loop = Loop(targets, over, round_name, items, tests)
    loop.cx = replace(inner, loop=loop)
    return loop


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


def pin(over: Static, problem: Exception) -> Exception:
    """What to raise for a loop over something that must be known."""
    names = [n for n in ex.names_in(over) if n.role in ("param", "local", "size")]
    if isinstance(problem, Undecided) and problem.name.role == "param":
        return problem
    if names:
        return Undecided(names[0])
    return problem


def running_type(
    type: TensorType, changing: set[int], b: Builder, asked: Collection[int] = ()
) -> tuple[TensorType, dict[int, Name]]:
    """The type at the head of a round: sizes that change have names of their own.

    ``asked``: the axes of which a round is known to want the size.
    """
    names: dict[int, Name] = {}
    shape = list(type.shape or ())
    words = axis_names(len(shape), asked, dtype=type.dtype)
    for axis in sorted(changing):
        size = shape[axis]
        wish = spelled(words[axis], b)
        if isinstance(size, Name) and size.role in ("size", "carried"):
            wish = size.id  # a parameter keeps its name for itself
        names[axis] = shape[axis] = b.size(wish, "carried")
    return replace(type, shape=tuple(shape)), names


def asked_in(statements: Iterable[Statement], running: dict[int, Name]) -> frozenset[int]:
    """The axes whose running sizes a round wants where it constructs something."""
    wanted = wanted_names(tuple(statements))
    return frozenset(axis for axis, name in running.items() if name in wanted)


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


def emit_loop(made: For, loop: Loop, cx: Context) -> None:
    """Write a loop, if each round makes members of its own."""
    from nndsl.resolve.unnumbered import check_numbered

    own = {made.round, *(ex.bound_names(made.targets) if made.targets is not None else ())}
    own |= {size.name for size in made.sizes} | sizes_within(made.body)
    check_numbered(made.body, own, round_count(loop), cx.builder)
    cx.builder.emit(made)


def sizes_within(statements: Iterable[Any]) -> set[Name]:
    """The static names that are assigned inside some statements."""
    found: set[Name] = set()
    for one in walk(tuple(statements)):
        if isinstance(one, If | For):
            found.update(size.name for size in one.sizes)
        elif isinstance(one, Make):
            found.update(name for name, _ in one.told)
        elif isinstance(one, Bind):
            found.add(one.name)
    return found


def path_names(path: Any) -> set[Name]:
    return {n for part in path if isinstance(part, Expr) for n in ex.names_in(part)}


def round_count(loop: Loop) -> Static:
    over = loop.iterable
    if loop.items is not None:
        return len(loop.items)
    if isinstance(over, Call) and over.fn == "range" and len(over.args) == 1:
        return over.args[0]
    return length(over)


def _put_apart(targets: ex.Targets, item: Static, table: dict[Name, Static]) -> None:
    """What a loop's names are for one item."""
    if isinstance(targets, Name):
        table[targets] = item
        return
    for place, part in enumerate(targets):
        inner = item[place] if isinstance(item, tuple) else ex.Index(item, place)
        _put_apart(part, inner, table)


def item_type(type: Any, loop: Loop, index: Name, inside: set[Name], b: Any) -> Any:
    """The type of a list's item, with the loop's names by the place in the list.

    A size that follows from more than that can't be known behind the loop: ``lost`` says which.
    """
    if not isinstance(type, TensorType) or type.shape is None:
        return type
    table: dict[Name, Static] = {loop.round: index}
    if loop.targets is not None:
        _put_apart(loop.targets, item_at(loop.iterable, index), table)
    shape = []
    for size in type.shape:
        if inside.intersection(ex.names_in(size)):
            size = b.size("size", "size")
            b.lost[size] = pin(loop.iterable, Uneven())
        shape.append(ex.substitute(size, table) if isinstance(size, Expr) else size)
    return replace(type, shape=tuple(shape))
