"""The program to be printed: its blocks from leaf to model, functions, factories, constants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nndsl.model.expr import Applied, Cond, Expr, Name, Undecided, children, names_in
from nndsl.model.graph import (
    Bind,
    Block,
    CallFunction,
    CarriedSize,
    Chain,
    Check,
    Declare,
    Do,
    Factory,
    For,
    FunctionBlock,
    Give,
    If,
    LambdaRef,
    LayerRef,
    Make,
    NoneType,
    Program,
    RunTest,
    Statement,
    Use,
    walk,
)
from nndsl.model.variants import variants
from nndsl.record import replace
from nndsl.resolve.early import settle_early
from nndsl.resolve.files import SpecFile
from nndsl.resolve.finishing import Finisher, Unprintable
from nndsl.resolve.kernels import type_kernels
from nndsl.resolve.needs import body_operands, constructor_names, declared_values, made_values
from nndsl.resolve.passed import EVERYTHING, PassedLayer, layers_in
from nndsl.resolve.repeated import name_repeated
from nndsl.resolve.unused import drop_unread
from nndsl.resolve.uses import parameter_names
from nndsl.resolve.values import Definition


def finish_program(
    generaliser: Any, factories: tuple[Factory, ...], models: tuple[str, ...], core: SpecFile
) -> Program:
    """Settle everything that depends on all blocks together."""
    finisher = Finisher(generaliser, core.resolver.lists.named)
    blocks = generaliser.blocks
    finisher.learn_protocols(blocks)
    for block in blocks:
        _drop_unused(block, finisher)
    factories = tuple(replace(f, use=_without_unused(f.use, finisher)) for f in factories)
    for factory in factories:
        for _, one in factory.use.args:
            if isinstance(one, PassedLayer) and isinstance(one.value, Definition):
                finisher.protocol(one.group)
    unread = True
    while unread:
        finisher.settle(blocks)
        factories, unread = drop_unread(blocks, factories, finisher)
    for block in blocks:
        _check_lost(block, finisher, generaliser)
        if finisher.builders[id(block)].general and not settle_early(block):
            raise Unprintable((id(generaliser.family_of(block).definition.tree), EVERYTHING))
    for block in blocks:
        finisher.write_told(block)
    for block in blocks:
        _print_layers(block, finisher)
    done = tuple(_factory(f, finisher) for f in factories)
    used = reachable(blocks, done, models)
    for block in used:
        _drop_absent(block)
        if finisher.builders[id(block)].general:
            name_repeated(block, finisher.builders[id(block)])
    type_kernels(used)
    _tell_apart(used)
    constants = {name: core.resolver.lists.comment(name) for name in _constants(used, done)}
    functions, spec = functions_of(used), core.source.name
    return Program(used, functions, done, constants, spec, models, core.about)


def _drop_absent(block: Block) -> None:
    """Optional inputs that no use gives are none of what is printed: nothing reads them."""
    block.inputs = tuple(i for i in block.inputs if not isinstance(i.var.type, NoneType))


def _check_lost(block: Block, finisher: Finisher, generaliser: Any) -> None:
    """A size that can't be told in general must not be needed: pin what it follows from."""
    builder = finisher.builders[id(block)]
    lost = {n: why for n, why in builder.lost.items() if n not in block.needs}
    read = constructor_names(block)
    needed = [name for name in lost if name in read]  # in their order, whatever names hash to
    if not needed:
        return
    family = generaliser.family_of(block)
    problem = lost[needed[0]]
    name = problem.name.id if isinstance(problem, Undecided) else ""
    known = name in family.pins or name not in parameter_names(family.definition)
    raise Unprintable((id(family.definition.tree), EVERYTHING if known else name))


def _drop_unused(block: Block, finisher: Finisher) -> None:
    """Layer parameters that nobody calls are no parameters of what is printed."""
    groups = finisher.builders[id(block)].groups
    block.parameters = tuple(
        p
        for p in block.parameters
        if p.name.id not in groups or finisher.protocol(groups[p.name.id]).sample is not None
    )
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            kept = _without_unused(statement.what, finisher)
            object.__setattr__(statement, "what", kept)


def _without_unused(use: Use, finisher: Finisher) -> Use:
    unused = [
        any(finisher.protocol(one.group).sample is None for one in layers_in(value))
        for _, value in use.args
    ]
    if not any(unused):
        return use
    args = tuple(arg for arg, drop in zip(use.args, unused, strict=True) if not drop)
    return Use(use.block, args, use.positional - sum(unused[: use.positional]), use.sizes)


def _print_layers(block: Block, finisher: Finisher) -> None:
    block.parameters = tuple(
        replace(p, default=_printed(p.default, finisher, True)) for p in block.parameters
    )
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            args = tuple((n, _printed(a, finisher)) for n, a in statement.what.args)
            object.__setattr__(statement.what, "args", args)


def _printed(value: Any, finisher: Finisher, default: bool = False) -> Any:
    """A static value as it can be printed; a passed layer may itself be passed layers."""
    if isinstance(value, Cond):
        return replace(
            value,
            then=_printed(value.then, finisher, default),
            orelse=_printed(value.orelse, finisher, default),
        )
    if not isinstance(value, PassedLayer):
        return finisher.named(value)
    found = finisher.reference(value, default)
    if isinstance(found, LambdaRef):
        made = _printed_inside(found.made, finisher)
        return replace(found, made=made, default=default)
    return found


def _printed_inside(made: Any, finisher: Finisher) -> Any:
    if isinstance(made, Use):
        use = _without_unused(made, finisher)
        return replace(use, args=tuple((n, _printed(a, finisher)) for n, a in use.args))
    if isinstance(made, Chain):
        return Chain(
            tuple(
                replace(s, what=_printed_inside(s.what, finisher)) if isinstance(s, Make) else s
                for s in made.body
            )
        )
    return made


def _tell_apart(blocks: tuple[Block, ...]) -> None:
    """Give the classes of one definition names that say how they differ; a model's own has its
    name."""
    taken = {block.name for block in blocks if not block.variant}
    groups: dict[str, list[Block]] = {}
    for block in blocks:
        if block.variant:
            groups.setdefault(block.name, []).append(block)
    for name, group in groups.items():
        for block, variant in zip(group, variants(group, name not in taken), strict=True):
            block.variant = variant


def _factory(factory: Factory, finisher: Finisher) -> Factory:
    args = tuple((n, _printed(a, finisher)) for n, a in factory.use.args)
    left = tuple(replace(p, default=_printed(p.default, finisher, True)) for p in factory.open)
    return replace(factory, use=replace(factory.use, args=args), open=left)


def reachable(
    blocks: list[Block], factories: tuple[Factory, ...], models: tuple[str, ...]
) -> tuple[Block, ...]:
    """The blocks that the models use, leaves first; the models behind all that may be passed."""
    kept: list[Block] = []

    def visit(block: Block) -> None:
        if block in kept:
            return
        for inner in _mentioned(block):
            visit(inner)
        if block not in kept:
            kept.append(block)

    for factory in factories:
        defaults = [p.default for p in (*factory.use.block.parameters, *factory.open)]
        for value in (*defaults, *(v for _, v in factory.use.args)):
            for inner in _in_value(value):
                visit(inner)
    for factory in factories:
        visit(factory.use.block)
    for block in blocks:
        if block.name in models:
            visit(block)
    return tuple(kept)


def _mentioned(block: Block) -> list[Block]:
    found: list[Block] = []
    for one in block.parameters:
        found.extend(_in_value(one.default))
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            for _, value in statement.what.args:
                found.extend(_in_value(value))
            found.append(statement.what.block)
    return found


def _in_value(value: Any) -> list[Block]:
    if isinstance(value, Cond):
        return [*_in_value(value.then), *_in_value(value.orelse)]
    if isinstance(value, LayerRef) and value.block is not None:
        return [value.block]
    if isinstance(value, LambdaRef):
        made = value.made
        if isinstance(made, Use):
            return [*(b for _, a in made.args for b in _in_value(a)), made.block]
        if isinstance(made, Chain):
            return [
                s.what.block
                for s in walk(made.body)
                if isinstance(s, Make) and isinstance(s.what, Use)
            ]
    return []


def functions_of(blocks: tuple[Block, ...]) -> tuple[FunctionBlock, ...]:
    """The spec's functions in use, callees first."""
    found: list[FunctionBlock] = []

    def meet(function: FunctionBlock) -> None:
        if function not in found:
            visit(function.body)
            found.append(function)

    def visit(body: tuple[Statement, ...]) -> None:
        for statement in walk(body):
            if isinstance(statement, Declare):
                visit(statement.body)
            if isinstance(statement, Do) and isinstance(statement.operation, CallFunction):
                meet(statement.operation.function)
            for value in _static_values(statement):
                for one in _applied(value):
                    meet(one.function)

    for block in blocks:
        needed = constructor_names(block)
        visit(block.body)
        for value in (*_running_values(block, needed), *block.tells.values()):
            for one in _applied(value):
                meet(one.function)
    return tuple(found)


def _applied(value: Any) -> Iterator[Applied]:
    """The calls of functions on numbers in a static value, inner ones first."""
    if not isinstance(value, Expr | tuple):
        return
    for part in children(value):
        yield from _applied(part)
    if isinstance(value, Applied):
        yield value


def _static_values(statement: Statement) -> list[Any]:
    """What a statement reads that is known at construction, besides running sizes."""
    if isinstance(statement, Make):
        paths = [part for part in statement.path if isinstance(part, Expr)]
        return [*made_values(statement.what), *paths]
    if isinstance(statement, Do):
        return body_operands((statement,))
    if isinstance(statement, Declare):
        return declared_values(statement)
    if isinstance(statement, For):
        return [statement.iterable]
    if isinstance(statement, If) and not isinstance(statement.test, RunTest):
        return [statement.test]
    if isinstance(statement, Bind):
        return [statement.value]
    if isinstance(statement, Check):
        return [statement.test, statement.message]
    if isinstance(statement, Give) and isinstance(statement.value, Expr):
        return [statement.value]
    return []


def _running_values(block: Block, needed: set[Name]) -> Iterator[Any]:
    """What the running sizes that a constructor needs are computed from."""
    for statement in walk(block.body):
        for size in statement.sizes if isinstance(statement, For | If) else ():
            if size.name not in needed:
                continue
            if isinstance(size, CarriedSize):
                yield from (size.init, size.next)
            else:
                yield from (size.then, size.orelse)


def _constants(blocks: tuple[Block, ...], factories: tuple[Factory, ...]) -> Iterator[Name]:
    """The file-level names that are read, in that order, some several times."""
    values: list[Any] = []
    for block in blocks:
        values += [p.default for p in block.parameters]
        for statement in walk(block.body):
            values.extend(_static_values(statement))
    for factory in factories:
        values += [value for _, value in factory.use.args]
        values += [p.default for p in factory.open]
    for value in values:
        yield from (name for name in names_in(value) if name.role == "constant")
