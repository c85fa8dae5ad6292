"""Whose device and dtype a tensor that is made of nothing takes: of several that surely have the
same, one that is read anyway, so that no other is kept for it alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nndsl.backends.source.scan import flowing, same_dtype, views
from nndsl.model.graph import (
    Apply,
    Do,
    For,
    If,
    Operand,
    Operation,
    Scan,
    Special,
    Statement,
    TensorType,
    Var,
)  # fmt: skip
from nndsl.record import replace

Body = tuple[Statement, ...]
Read = Mapping[Statement, frozenset[Var]]
Roots = dict[Var, dict[str, Var]]  # by what is asked: the variable that had it first
_KEEP = frozenset({"dropout", "flip", "pad", "roll"})
"""Functions whose result has their first argument's dtype, also where torch casts by itself."""


def asking_others(body: Body, read: Read) -> dict[Statement, Operation]:
    """The operations that ask another variable; ``read`` are those that a statement reads or that
    are read behind it."""
    return dict(_changed(body, read, {}))


def _changed(body: Body, read: Read, roots: Roots) -> Iterator[tuple[Statement, Operation]]:
    for statement in body:
        if isinstance(statement, Do):
            operation = statement.operation
            if any(_asks(value) for _, value in operation.kwargs):
                kwargs = [(k, _other(v, read[statement], roots)) for k, v in operation.kwargs]
                yield statement, replace(operation, kwargs=tuple(kwargs))
            _follow(statement, roots)
        elif isinstance(statement, If):
            sides = [dict(roots), dict(roots)]
            yield from _changed(statement.then, read, sides[0])
            yield from _changed(statement.orelse, read, sides[1])
            _join(statement, sides, roots)
        elif isinstance(statement, For | Scan):
            yield from _changed(statement.body, read, dict(roots))


def _other(value: Operand, read: frozenset[Var], roots: Roots) -> Operand:
    """The question, asked of what is read anyway: of the last that the author has a name for."""
    if not isinstance(value, Special) or value.of is None or value.of in read:
        return value
    wanted = _root(value.of, value.kind, roots)
    for var, root in reversed(roots.items()):
        if var.name and var in read and root.get(value.kind) is wanted:
            return Special(value.kind, var)
    return value


def _asks(value: Operand) -> bool:
    return isinstance(value, Special) and value.of is not None


def _root(var: Var, kind: str, roots: Roots) -> Var:
    return roots.get(var, {}).get(kind, var)


def asked(value: Operand) -> bool:
    """Whether an argument is the device or the dtype of a variable that flows."""
    return isinstance(value, Special) and value.of is not None and value.of.member is None


def _follow(statement: Do, roots: Roots) -> None:
    """A function's result is where its tensors are, but for numbers; a child may be anywhere."""
    made, operation = statement.targets[0], statement.operation
    if len(statement.targets) > 1 or not isinstance(operation, Apply):
        return
    source = next(iter(flowing(operation, made)), None)
    if source is None or not isinstance(source.type, TensorType) or not source.type.shape:
        return
    roots[made] = {"device": _root(source, "device", roots)}
    if same_dtype(source, made) and (views(operation) or operation.fn.rpartition(".")[2] in _KEEP):
        roots[made]["dtype"] = _root(source, "dtype", roots)


def _join(statement: If, sides: list[Roots], roots: Roots) -> None:
    """What both branches make of one is still where that is."""
    for join in statement.joins:
        if isinstance(join.then, Var) and isinstance(join.orelse, Var):
            for kind in ("device", "dtype"):
                root = _root(join.then, kind, sides[0])
                if root is _root(join.orelse, kind, sides[1]):
                    roots.setdefault(join.var, {})[kind] = root
