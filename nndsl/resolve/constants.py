"""Tensors that the author named before a parameter or buffer reads them: made at construction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nndsl.limits import spend
from nndsl.model.graph import (
    Apply,
    CallFunction,
    Carried,
    Declare,
    Do,
    For,
    Gathered,
    Give,
    If,
    Invoke,
    Joined,
    Many,
    RunTest,
    Scan,
    SliceArg,
    Special,
    Var,
    walk,
)
from nndsl.record import replace
from nndsl.resolve.context import Context, fault
from nndsl.syntax import tree


def with_constants(
    kind: str, made: Var, body: list[Any], node: tree.Expr, cx: Context
) -> tuple[Var, tuple[Any, ...]]:
    """A parameter's or buffer's value and the statements that compute it.

    Those before it that compute what it reads come along, as copies.

    Raises a fault where one of these reads what flows in, since nothing does at construction, or
    where it is computed from the other kind: parameters are made before buffers, and a buffer
    that reads a parameter would hold its gradient.
    """
    needed: dict[Do, None] = {}
    waiting = [made, *(v for statement in body for v in _reads(statement))]
    own = {t for s in body if isinstance(s, Do) for t in s.targets}
    if all(var.member is None and var in own for var in waiting):
        return made, tuple(body)
    spend(len(cx.builder.statements) // 4)
    before = {t: s for s in cx.builder.statements if isinstance(s, Do) for t in s.targets}
    while waiting:
        var = waiting.pop()
        if var.member is not None:
            _check_kind(kind, var, node, cx)
        if var.member is not None or var in own:
            continue
        if var not in before:
            raise fault(
                "E211",
                f"a {kind} is made at construction, but `{var.name or 'this'}` flows",
                node.span,
                "reads what flows",
                help="compute it from numbers",
            )
        if before[var] not in needed:
            needed[before[var]] = None
            waiting += _reads(_still(before[var]))
    first = [_still(s) for s in cx.builder.statements if isinstance(s, Do) and s in needed]
    cx.builder.constants.update(needed)
    copies = {t: cx.builder.var(t.type, t.name, t.span) for s in first for t in s.targets}
    return _with(copies, made), tuple(_with(copies, one) for one in (*first, *body))


def _check_kind(kind: str, var: Var, node: tree.Expr, cx: Context) -> None:
    for made in walk(tuple(cx.builder.statements)):
        if not isinstance(made, Declare) or (made.name,) != var.member:
            continue
        other = "parameter" if made.trainable else "buffer"
        if other != kind:
            raise fault(
                "E211",
                f"a {kind} can't be computed from a {other}",
                node.span,
                f"reads `{var.name}`",
                help="compute both from the same numbers",
            )


def _still(statement: Do) -> Do:
    """The same at construction: on the device and of the dtype that all is made with."""
    operation = statement.operation
    kwargs = tuple(
        (name, value)
        for name, value in operation.kwargs
        if not (isinstance(value, Special) and value.kind in ("device", "dtype"))
    )
    return replace(statement, operation=replace(operation, kwargs=kwargs))


def _with(copies: dict[Var, Var], value: Any) -> Any:
    """A statement, or a part of one, with other variables: each pass computes its own."""
    if isinstance(value, Var):
        return copies.get(value, value)
    if isinstance(value, tuple):
        return tuple(_with(copies, part) for part in value)
    if isinstance(value, Many):
        return replace(value, items=_with(copies, value.items))
    if isinstance(value, SliceArg):
        return SliceArg(*(_with(copies, part) for part in (value.start, value.stop, value.step)))
    if isinstance(value, Apply | CallFunction):
        return replace(value, args=_with(copies, value.args), kwargs=_with(copies, value.kwargs))
    if isinstance(value, Do):
        targets = _with(copies, value.targets)
        return replace(value, targets=targets, operation=_with(copies, value.operation))
    return value


def without_constants(statements: tuple[Any, ...], constants: dict[Do, None]) -> tuple[Any, ...]:
    """The statements without those constants that nothing reads when the model runs."""
    if not constants:
        return statements
    read = {
        var
        for statement in walk(statements)
        if statement not in constants and not isinstance(statement, Declare)
        for var in _reads(statement)
    }
    kept: set[Any] = set()
    for one in reversed([s for s in statements if s in constants]):
        if any(t in read for t in one.targets):
            kept.add(one)
            read.update(_reads(one))
    return tuple(s for s in statements if s not in constants or s in kept)


def _reads(value: Any) -> Iterator[Var]:
    """The variables that a statement, or a part of one, reads itself."""
    if isinstance(value, Var):
        yield value
        return
    if isinstance(value, tuple):
        parts: tuple[Any, ...] = value
    elif isinstance(value, Do):
        parts = (value.operation,)
    elif isinstance(value, Apply | Invoke | CallFunction):
        parts = (value.args, tuple(v for _, v in value.kwargs))
    elif isinstance(value, If):
        parts = (value.joins, value.test)
    elif isinstance(value, RunTest):
        parts = tuple(value.operands())
    elif isinstance(value, For | Scan):
        parts = (value.carried, value.gathered, getattr(value, "over", None))
    else:
        parts = tuple(getattr(value, name, None) for name in _PARTS.get(type(value), ()))
    for part in parts:
        yield from _reads(part)


_PARTS: dict[type, tuple[str, ...]] = {
    Give: ("value",),
    Many: ("items",),
    SliceArg: ("start", "stop", "step"),
    Special: ("of",),
    Joined: ("then", "orelse"),
    Carried: ("init", "next"),
    Gathered: ("item", "onto"),
}
