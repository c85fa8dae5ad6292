"""The sizes of inputs that the author said no shape of: what all calls of a class agree on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy

from nndsl.model.expr import Expr, Name, Static, names_in, substitute
from nndsl.model.graph import (
    Block,
    Do,
    FlowType,
    InputParameter,
    Invoke,
    ListType,
    Make,
    Operand,
    Path,
    TensorType,
    TupleType,
    Use,
    Var,
    walk,
)
from nndsl.record import replace

Sizes = Mapping[Name, Static]
"""What stands for an axis of an input, in the names of the class itself."""


def known_sizes(blocks: Sequence[Block]) -> dict[Block, Sizes]:
    """What is known of each class; ``blocks`` are in their order, the users last."""
    found: dict[Block, Sizes] = {}
    told: dict[Block, list[Sizes]] = {}
    for block in reversed(blocks):
        found[block] = _agreed(told.get(block, []))
        hidden = {n.id for one in block.inputs for n in _open(one) if n not in found[block]}
        for use, call in _calls(block):
            told.setdefault(use.block, []).append(_told(use, call, found[block], hidden))
    return found


def with_sizes(block: Block, sizes: Sizes) -> Block:
    """The class as its docstring shows it: an input that is known whole has a pattern.

    One input alone is shown with its own sizes: it may be called in a chain, which says nothing.
    """
    known = [one for one in block.inputs if _open(one) and _is_known(one, block, sizes)]
    if len(block.inputs) < 2 or not known:
        return block
    sizes = {n: sizes[n] for one in known for n in _open(one) if n not in block.needs}
    shown = copy(block)
    shown.inputs = tuple(_shown(one, sizes) if one in known else one for one in block.inputs)
    shown.output = _replaced(block.output, sizes)
    return shown


def _is_known(one: InputParameter, block: Block, sizes: Sizes) -> bool:
    return all(name in sizes or name in block.needs for name in _open(one))


def _shown(one: InputParameter, sizes: Sizes) -> InputParameter:
    return replace(one, var=replace(one.var, type=_replaced(one.var.type, sizes)), pattern="known")


def _open(one: InputParameter) -> list[Name]:
    """The names of an input's axes, where the author gave none."""
    shape = one.var.type.shape if isinstance(one.var.type, TensorType) else None
    return [] if one.pattern else [n for size in shape or () for n in names_in(size)]


def _replaced(type: FlowType, sizes: Sizes) -> FlowType:
    if isinstance(type, TupleType):
        return replace(type, items=tuple(_replaced(item, sizes) for item in type.items))
    if isinstance(type, ListType):
        return replace(type, item=_replaced(type.item, sizes))
    if not isinstance(type, TensorType) or type.shape is None:
        return type
    return replace(type, shape=tuple(substitute(size, sizes) for size in type.shape))


def _agreed(told: Sequence[Sizes]) -> Sizes:
    if not told:
        return {}
    first, *others = told
    return {n: s for n, s in first.items() if all(n in one and one[n] == s for one in others)}


# ------------------------------------------------------------------ calls


def _calls(block: Block) -> Iterator[tuple[Use, Invoke]]:
    """The calls of children that are uses of a class with several inputs."""
    uses: dict[object, list[tuple[Path, Use]]] = defaultdict(list)
    for statement in walk(block.body):
        what = statement.what if isinstance(statement, Make) else None
        if isinstance(what, Use) and len(what.block.inputs) > 1:
            uses[_root(statement.path)].append((statement.path, what))  # type: ignore[union-attr]
    for statement in walk(block.body):
        if isinstance(statement, Do) and isinstance(statement.operation, Invoke):
            call = statement.operation
            root = _root(call.path)
            roots = list(uses) if root is None else [root, None]
            near = (one for each in roots for one in uses.get(each, ()))
            yield from ((use, call) for path, use in near if _alike(path, call.path))


def _root(path: Path) -> object:
    """The first part of a path, if it is the same in every round."""
    return path[0] if path and not isinstance(path[0], Expr) else None


def _alike(made: Path, called: Path) -> bool:
    """Whether a path may be another's; each loop has its own names."""
    return len(made) == len(called) and all(
        a == b or isinstance(a, Expr) or isinstance(b, Expr)
        for a, b in zip(made, called, strict=True)
    )


def _told(use: Use, call: Invoke, mine: Sizes, hidden: set[str]) -> Sizes:
    """What one call says: its operands' sizes in the names that the class has for them.

    ``mine`` and ``hidden`` are the sizes of the caller's own inputs that are known and that aren't.
    """
    inputs = use.block.inputs
    given: dict[str, Operand] = dict(call.kwargs)
    given.update((one.var.name, arg) for one, arg in zip(inputs, call.args, strict=False))
    names = _names(use)
    pairs = [
        (own, substitute(size, mine), bool(one.pattern))
        for one in inputs
        for own, size in _axes(one.var.type, given.get(one.var.name))
    ]
    for own, size, spoken in pairs:
        if spoken and isinstance(own, Name) and isinstance(size, Expr):
            names.setdefault(size, own)
    own_names = [*(one.name for one in use.block.parameters), *use.block.needs]
    taken = hidden | {name.id for name in own_names}
    taken |= {name.id for own, _, spoken in pairs if spoken for name in names_in(own)}
    open_axes = [(own, size) for own, size, spoken in pairs if not spoken and isinstance(own, Name)]
    told = {own: _translated(size, names, taken) for own, size in open_axes}
    return {own: size for own, size in told.items() if size is not None}


def _names(use: Use) -> dict[Static, Static]:
    """The parameters of a class by what is given for them."""
    own = {one.name.id: one.name for one in use.block.parameters}
    return {value: own[name] for name, value in use.args if name in own and isinstance(value, Name)}


def _axes(own: FlowType, given: Operand | None) -> list[tuple[Static, Static]]:
    """The sizes of an input and those of what is given for it."""
    type = given.type if isinstance(given, Var) else None
    if not isinstance(own, TensorType) or not isinstance(type, TensorType):
        return []
    if own.rank is None or own.rank != type.rank:
        return []
    return list(zip(own.shape or (), type.shape or (), strict=True))


def _translated(size: Static, names: Mapping[Static, Static], taken: set[str]) -> Static | None:
    """A number, a size that the class has a name for, or one that has a name in its user only.

    What a user computes is nothing that a reader of the class could follow.
    """
    if not isinstance(size, Expr) or size in names:
        return names.get(size, size)
    if isinstance(size, Name) and size.role == "size" and size.id not in taken:
        return Name(size.id, "size", "int")
    return None
