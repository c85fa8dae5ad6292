"""Which parameters of a concrete block no gradient reaches: what its output doesn't depend on."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.backends.keys import keys_of
from nndsl.backends.module.statics import Env
from nndsl.backends.module.unroll import unrolled
from nndsl.model.graph import (
    Block,
    Chain,
    Declare,
    Do,
    For,
    Give,
    If,
    Invoke,
    ListType,
    Make,
    Many,
    Operand,
    Path,
    Scan,
    SliceArg,
    Statement,
    TensorType,
    TupleType,
    Use,
    Var,
    walk,
)

_CUTS = ("detach", "no_grad")
Edges = dict[Var, list[Var]]


def unreached(block: Block) -> list[str]:
    """The names of parameters that get no gradient, in the order of the state dict.

    Parameters that are tied to one that gets a gradient are not among them.
    """
    keys = keys_of(block)
    missing = set(_unreached(block))
    for a, b in keys.ties:
        if not {a, b} <= missing:
            missing -= {a, b}
    return [key for key in keys.owned if key in missing]


def _unreached(block: Block) -> Iterator[str]:
    live = _live(block)
    called = [
        one.operation.path
        for one in walk(block.body)
        if isinstance(one, Do)
        and isinstance(one.operation, Invoke)
        and (not one.targets or any(target in live for target in one.targets))
    ]
    for step in unrolled(block.body, Env()):
        one = step.statement
        if isinstance(one, Declare):
            read = one.value in live or any(v.member == (one.name,) for v in live)
            if one.trainable and not read:
                yield one.name
        elif isinstance(one, Make) and not isinstance(one.what, Chain):
            name = ".".join(step.path)
            here = block.kind == "sequential" or any(_covers(p, step.path) for p in called)
            yield from (f"{name}.{key}" for key in _inside(one, here))


def _inside(make: Make, called: bool) -> Iterator[str]:
    """The parameters of a child that get none."""
    if isinstance(make.what, Use):
        yield from _unreached(make.what.block) if called else _all(make.what.block)
    elif not called:
        yield from (one.name for one in getattr(make.what, "weights", ()) if one.trainable)


def _all(block: Block) -> Iterator[str]:
    yield from (key for key, one in keys_of(block).owned.items() if one.dtype == "float")


def _covers(called: Path, made: tuple[str, ...]) -> bool:
    """Whether a call is one of this child or of the chain that it stands in."""
    pairs = zip(called, made, strict=False)
    same = all(not isinstance(a, str | int) or str(a) == b for a, b in pairs)
    return same and len(called) <= len(made)


# ------------------------------------------------------------------ what depends on what


def _live(block: Block) -> set[Var]:
    """The variables that the result depends on by gradients."""
    edges: Edges = {}
    waiting: list[Var] = []
    for one in walk(block.body):
        if isinstance(one, Give):
            waiting += _vars(one.value)
        for target, sources in _dependences(one):
            edges.setdefault(target, []).extend(sources)
    live: set[Var] = set()
    while waiting:
        var = waiting.pop()
        if var not in live and _passes(var):
            live.add(var)
            waiting += edges.get(var, ())
    return live


def _passes(var: Var) -> bool:
    """Whether gradients go through a variable: whole numbers and truths have none."""
    kind = var.type
    if isinstance(kind, ListType):
        kind = kind.item
    return isinstance(kind, TupleType) or isinstance(kind, TensorType) and kind.dtype == "float"


def _dependences(one: Statement) -> Iterator[tuple[Var, list[Var]]]:
    if isinstance(one, Do):
        operation = one.operation
        if getattr(operation, "fn", "").rpartition(".")[2] in _CUTS:
            return
        given = (*operation.args, *(value for _, value in operation.kwargs))
        sources = [var for operand in given for var in _vars(operand)]
        for target in one.targets:
            yield target, sources
    elif isinstance(one, If):
        for join in one.joins:
            yield join.var, [*_vars(join.then), *_vars(join.orelse)]
    elif isinstance(one, For | Scan):
        for carried in one.carried:
            ends = [*_vars(carried.init), *_vars(carried.next)]
            yield carried.head, ends
            yield carried.after, ends
        for gathered in one.gathered:
            onto = [] if gathered.onto is None else [gathered.onto]
            yield gathered.after, [*_vars(gathered.item), *onto]
        if isinstance(one, Scan):
            for target in one.target:
                yield target, list(_vars(one.over))


def _vars(operand: Operand) -> Iterator[Var]:
    if isinstance(operand, Var):
        yield operand
    elif isinstance(operand, Many):
        for item in operand.items:
            yield from _vars(item)
    elif isinstance(operand, SliceArg):
        for part in (operand.start, operand.stop, operand.step):
            yield from _vars(part)
