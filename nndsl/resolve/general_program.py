"""Models as programs over names, for printing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nndsl.diagnostics import Diagnostic
from nndsl.limits import Exceeded
from nndsl.model.graph import (
    Block,
    Factory,
    Program,
    StaticParameter,
    Use,
)
from nndsl.record import replace
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context
from nndsl.resolve.families import Family, passed
from nndsl.resolve.files import SpecFile
from nndsl.resolve.general import Generaliser
from nndsl.resolve.naming import Naming
from nndsl.resolve.passed import EVERYTHING, PassedLayer
from nndsl.resolve.resolver import RecordedUse, Resolver
from nndsl.resolve.scope import Scope
from nndsl.resolve.values import ModelAlias, is_layer


class Missing(Exception):
    """A branch that no use takes passes a layer that a definition's form has not been tried on."""


def general_program(
    core: SpecFile, models: tuple[str, ...], params: Mapping[str, Any]
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The blocks of some models, ready for printing."""
    from nndsl.resolve.finishing import Unprintable
    from nndsl.resolve.roots import resolve_root

    resolver = Resolver()
    try:
        roots = {model: resolve_root(core, model, params, resolver) for model in models}
    except Exceeded as stopped:
        return None, (*resolver.diagnostics, *stopped.diagnostics)
    if resolver.failed or core.resolver.failed or None in roots.values():
        return None, (*resolver.diagnostics, *core.resolver.diagnostics)
    pins: dict[int, set[str]] = {}
    untaken: dict[int, list[RecordedUse]] = {}
    while True:
        generaliser = Generaliser(resolver, pins, untaken)
        try:
            program = _program(core, roots, params, generaliser)
            return program, tuple(resolver.diagnostics)
        except Missing:
            for definition, use in generaliser.met.missing:
                untaken.setdefault(definition, []).append(use)
        except Unprintable as problem:
            definition, parameter = problem.group
            if parameter in pins.setdefault(definition, set()):
                raise
            pins[definition].add(parameter)


def _program(
    core: SpecFile,
    roots: Mapping[str, Block | None],
    params: Mapping[str, Any],
    generaliser: Generaliser,
) -> Program:
    from nndsl.resolve.programs import finish_program
    from nndsl.resolve.roots import configured_root

    resolver = generaliser.resolver
    resolver.general = generaliser
    factories: list[Factory] = []
    names: list[str] = []
    for model, root in roots.items():
        found = core.models[model]
        definition, values = configured_root(core, model, params, resolver)
        family = generaliser.family(definition, None)
        assert root is not None
        block = generaliser.root_variant(family, root)
        block.fixed = _fixed(family, root)
        if isinstance(found, ModelAlias):
            _, own = configured_root(core, model, {}, resolver)
            made = _factory(found, block, own, family, generaliser)
            opened = _with_defaults(made.open, values, block, generaliser)
            said = tuple(p for p in opened if p.required or p.name.id in values)
            factories.append(replace(made, open=said))
        else:
            block.variant = ""  # of several classes the model's own has its name
            if params:
                block.parameters = _with_defaults(block.parameters, values, block, generaliser)
        names.append(model)
    if generaliser.met.missing:
        raise Missing
    return finish_program(generaliser, tuple(factories), tuple(names), core)


def _fixed(family: Family, root: Block) -> tuple[tuple[str, Any], ...]:
    """The parameters that the printed class of a model has not, with the values that it is for."""
    every = family.stands or EVERYTHING in family.pins
    return tuple((n, v) for n, v in root.args if every or n in family.pins)


def _factory(
    alias: ModelAlias,
    block: Block,
    values: dict[str, Any],
    family: Family,
    generaliser: Generaliser,
) -> Factory:
    cx = Context(generaliser.resolver, Builder(True, alias.name), alias.scope, Naming())
    args = tuple(
        (n, passed(n, v, family.definition, cx)) for n, v in values.items() if n not in family.pins
    )
    use = Use(block, args if not family.stands else (), 0)
    left = tuple(p for p in block.parameters if p.name.id not in dict(args))
    return Factory(alias.name, use, left, alias.tree.comment)


def _with_defaults(
    parameters: tuple[StaticParameter, ...],
    values: dict[str, Any],
    block: Block,
    generaliser: Generaliser,
) -> tuple[StaticParameter, ...]:
    """Values from outside become the printed defaults."""
    found: list[StaticParameter] = []
    for one in parameters:
        if one.name.id in values:
            value = values[one.name.id]
            builder = generaliser.resolver.blocks[id(block)]
            cx = Context(generaliser.resolver, builder, Scope(None), Naming())
            if is_layer(value):
                value = PassedLayer(value, cx, builder.groups.get(one.name.id, (0, one.name.id)))
            one = replace(one, default=value, required=False)
        found.append(one)
    return tuple(found)
