"""Static parameters that nothing reads: they are no parameters of what is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nndsl.model.expr import Expr, Name
from nndsl.model.graph import (
    Block,
    Construct,
    Factory,
    FlowType,
    FunctionBlock,
    Make,
    Use,
    Var,
    walk,
)
from nndsl.record import replace
from nndsl.resolve.finishing import Finisher, passed_layers
from nndsl.resolve.passed import PassedLayer
from nndsl.resolve.values import Definition, LayerValue, Template, free_names
from nndsl.source import Span


def drop_unread(
    blocks: list[Block], factories: tuple[Factory, ...], finisher: Finisher
) -> tuple[tuple[Factory, ...], bool]:
    """Take away what no block reads; gives the factories, and whether there was anything.

    A definition that is passed as a layer keeps its parameters: others decide how it is called.
    """
    fixed = _passed(blocks, factories)
    changed = False
    for block in blocks:
        if finisher.builders[id(block)].general and block.span not in fixed:
            read = names_read(block)
            kept = tuple(p for p in block.parameters if p.name in read)
            changed = changed or len(kept) < len(block.parameters)
            block.parameters = kept
    if changed:
        for block in blocks:
            for one in walk(block.body):
                if isinstance(one, Make) and isinstance(one.what, Use):
                    object.__setattr__(one, "what", fitting(one.what))
        factories = tuple(
            replace(f, use=fitting(f.use), open=_still(f.open, f.use.block)) for f in factories
        )
    return factories, changed


def _still(open_: Iterable[Any], block: Block) -> tuple[Any, ...]:
    names = {p.name for p in block.parameters}
    return tuple(p for p in open_ if p.name in names)


def fitting(use: Use) -> Use:
    """A use without arguments that its block doesn't take any more."""
    names = {p.name.id for p in use.block.parameters}
    gone = [name not in names for name, _ in use.args]
    if not any(gone):
        return use
    args = tuple(arg for arg, drop in zip(use.args, gone, strict=True) if not drop)
    return Use(use.block, args, use.positional - sum(gone[: use.positional]), use.sizes)


def _passed(blocks: list[Block], factories: tuple[Factory, ...]) -> set[Span | None]:
    """Where the definitions stand that are passed as layers."""
    found = [one for block in blocks for one in passed_layers(block)]
    found += [a for f in factories for _, a in f.use.args if isinstance(a, PassedLayer)]
    values = [one.value.layer if isinstance(one.value, LayerValue) else one.value for one in found]
    return {value.tree.name.span for value in values if isinstance(value, Definition)}


def names_read(block: Block) -> set[Name]:
    """Every static name that a block's statements, defaults and told sizes read."""
    found = set(names_of(block.body)) | set(names_of(tuple(block.tells.values())))
    for one in reversed(block.parameters):
        if one.name in found:
            found |= set(names_of(one.default))
    return found


def names_of(value: Any) -> Iterator[Name]:
    if isinstance(value, Name):
        yield value
        yield from names_of(value.meaning)
    elif isinstance(value, tuple):
        for part in value:
            yield from names_of(part)
    elif isinstance(value, Construct):
        yield from names_of((value.args, value.kwargs))
    elif isinstance(value, Use):
        needs = set(value.block.needs)
        yield from names_of((value.args, tuple(s for n, s in value.sizes if n in needs)))
    elif isinstance(value, Make):
        yield from names_of((value.path, value.what))
    elif not isinstance(value, PassedLayer | Var | Block | FunctionBlock | Span | FlowType):
        if isinstance(value, Expr) or type(value).__module__.startswith("nndsl.model."):
            yield from names_of(tuple(vars(value).values()))
        return
    elif isinstance(value, PassedLayer):
        yield from _in_layer(value.value)


def _in_layer(value: Any) -> Iterator[Name]:
    """The names around a layer that it was written with."""
    if isinstance(value, PassedLayer):
        yield from _in_layer(value.value)
    elif isinstance(value, LayerValue):
        given = value.arguments
        arrow = given.arrow or ()
        for one in (*given.positional, *(g for _, g in given.keywords), *arrow):
            yield from _in_layer(one.value)
        yield from _in_layer(value.layer)
    elif isinstance(value, Template):
        for name in free_names(value.node):
            yield from _in_layer(value.scope.get(name))
    elif isinstance(value, Expr | tuple):
        yield from names_of(value)
