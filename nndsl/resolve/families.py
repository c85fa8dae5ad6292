"""Families: what the uses of one definition, on inputs of one kind, share."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Cond, Name, Static
from nndsl.model.graph import Block, FlowType, Make, NoneType, Use, walk
from nndsl.record import dataclass, field
from nndsl.resolve.context import Context
from nndsl.resolve.errors import NoGeneralForm
from nndsl.resolve.passed import PassedLayer, chosen
from nndsl.resolve.resolver import RecordedUse
from nndsl.resolve.uses import inputs_of
from nndsl.resolve.values import Definition, LayerValue, Template, is_layer, key


@dataclass(eq=False)
class Family:
    """The general blocks of one definition for inputs of one kind."""

    definition: Definition
    uses: list[RecordedUse]
    types: dict[str, FlowType] | None
    pins: set[str] = field(default_factory=set)
    variants: dict[Any, Block] = field(default_factory=dict)
    parted: bool = False  # by which optional inputs a use gives
    counted: bool = False  # by how many tensors a use has in its lists
    apart: set[int] = field(default_factory=set)  # lists of modules whose items differ in kind
    stands: bool = False  # no general form: the blocks are those of the uses
    settled: bool = False
    within: Family | None = None  # of the uses inside layers that other uses are passed

    def every_variant(self) -> list[Block]:
        """Its blocks, and those that stood for them while they were made."""
        inner = self.within.every_variant() if self.within is not None else []
        return [*self.variants.values(), *inner]


# ------------------------------------------------------------------ their uses


def written(value: Any) -> Any:
    """Where a layer is written: uses that share it ask the same of a definition."""
    while isinstance(value, LayerValue):
        value = value.layer
    if isinstance(value, Template):
        return id(value.node)
    return id(value.tree) if isinstance(value, Definition) else key(value)


def depths(uses: list[RecordedUse]) -> dict[int, int]:
    """How many uses of the same definition each holds one in the other, by the use's ``id``."""
    found: dict[int, int] = {}
    at = {id(use.block): use for use in uses if use.block is not None}

    def depth(use: RecordedUse) -> int:
        if id(use) not in found:
            held = inner_blocks(use.block) if use.block is not None else []
            found[id(use)] = max((1 + depth(at[id(b)]) for b in held if id(b) in at), default=0)
        return found[id(use)]

    for use in uses:
        depth(use)
    return found


def gives_differ(family: Family) -> bool:
    """Whether some uses give an optional input and others don't."""
    names = [one.name.id for one in inputs_of(family.definition) if one.optional]
    marks = {tuple(isinstance(u.types.get(n), NoneType) for n in names) for u in family.uses}
    return len(marks) > 1


def inner_blocks(block: Block) -> list[Block]:
    """The blocks that a concrete block uses, leaves first."""

    found: dict[int, Block] = {}

    def look(into: Block) -> None:
        for statement in walk(into.body):
            if isinstance(statement, Make) and isinstance(statement.what, Use):
                inner = statement.what.block
                if id(inner) not in found:
                    look(inner)
                    found[id(inner)] = inner

    look(block)
    return list(found.values())


def trace(family: Family, problem: Exception) -> None:
    """Say why a family is pinned, if the developer asks."""
    import os

    if os.environ.get("NNDSL_TRACE"):
        import traceback

        print("pinning", family.definition.name, type(problem).__name__, problem)
        traceback.print_exception(problem)


def passed(name: str, value: Any, definition: Definition, cx: Context) -> Static:
    """An argument as it is printed: layers become references to what makes them."""
    if isinstance(value, Template) and (choice := chosen(value, cx)) is not None:
        test, then, orelse = choice
        return Cond(test, passed(name, then, definition, cx), passed(name, orelse, definition, cx))
    if isinstance(value, Template):  # its names may stand for other values when it is printed
        value = value.frozen()
    if is_layer(value) and not (isinstance(value, Name)):
        return PassedLayer(value, cx, (id(definition.tree), name))
    if isinstance(value, Name) and value.type == "layer":
        return PassedLayer(value, cx, (id(definition.tree), name))
    if isinstance(value, tuple) and any(map(is_layer, value)):
        raise NoGeneralForm
    return value
