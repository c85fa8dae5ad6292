"""Layers among static values of a general block, until it is known how they will be called."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Cond, Expr, Static
from nndsl.record import dataclass, replace
from nndsl.resolve.context import Context
from nndsl.resolve.values import Template
from nndsl.syntax import tree

EVERYTHING = "*"
"""In the place of a parameter to pin: the definition has no general form."""


class Apart(Exception):
    """The items of a declared list of modules differ in kind: ``list`` tells which list."""

    def __init__(self, list: int) -> None:
        super().__init__(list)
        self.list = list


def layers_in(value: Static) -> list[PassedLayer]:
    """The layers that an argument may be: itself, or the two sides of a condition."""
    if isinstance(value, Cond):
        return [*layers_in(value.then), *layers_in(value.orelse)]
    return [value] if isinstance(value, PassedLayer) else []


def chosen(value: Template, cx: Context) -> tuple[Static, Template, Template] | None:
    """The test and the two layers of ``relu if fast else gelu``, where the test is open."""
    from nndsl.resolve.conditions import condition

    node = value.node
    while isinstance(node, tree.Group):
        node = node.inner
    if not isinstance(node, tree.Conditional) or node.orelse is None:
        return None
    test = condition(node.test, replace(cx, scope=value.scope))
    if not isinstance(test, Expr):
        return None
    return test, Template(node.then, value.scope), Template(node.orelse, value.scope)


@dataclass(frozen=True, eq=False)
class PassedLayer(Expr):
    """A layer passed to the parameter ``group``: (definition, parameter).

    The finishing pass replaces it by a reference that can be printed.
    """

    value: Any
    cx: Context
    group: tuple[int, str]
