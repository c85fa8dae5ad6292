"""Sizes inside of a branch: a choice whose condition is known there is one of its two sides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nndsl.limits import spend
from nndsl.model.expr import Cond, Expr, Static, rebuild
from nndsl.model.graph import TensorType, Var
from nndsl.record import replace
from nndsl.resolve.builder import Builder


def settled(size: Static, b: Builder) -> Static:
    """A size without the choices whose conditions are known here."""
    if not isinstance(size, Expr):
        return size
    spend(1)
    if isinstance(size, Cond):
        truth = b.decide(size.test)
        if truth is not None:
            return settled(size.then if truth else size.orelse, b)
    return rebuild(size, lambda part: settled(part, b))


@contextmanager
def settling(flow: Any, b: Builder) -> Iterator[None]:
    """Inside, the sizes of what flows in are those of this branch."""
    if not b.general or not isinstance(flow, Var) or not isinstance(flow.type, TensorType):
        yield
        return
    type = flow.type
    if type.shape is not None:
        shape: Any = tuple(settled(size, b) for size in type.shape)
        object.__setattr__(flow, "type", replace(type, shape=shape))
    try:
        yield
    finally:
        object.__setattr__(flow, "type", type)
