"""Layers among static values of a general block, until it is known how they will be called."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Expr
from nndsl.record import dataclass
from nndsl.resolve.context import Context

EVERYTHING = "*"
"""In the place of a parameter to pin: the definition has no general form."""


class Apart(Exception):
    """The items of a declared list of modules differ in kind: ``list`` tells which list."""

    def __init__(self, list: int) -> None:
        super().__init__(list)
        self.list = list


@dataclass(frozen=True, eq=False)
class PassedLayer(Expr):
    """A layer passed to the parameter ``group``: (definition, parameter).

    The finishing pass replaces it by a reference that can be printed.
    """

    value: Any
    cx: Context
    group: tuple[int, str]
