"""Models as roots: parameters from outside, inputs with sizes that only the run knows."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

from nndsl.diagnostics import Diagnostic, error
from nndsl.model.graph import Block
from nndsl.model.nearest import suggest
from nndsl.resolve.blocks import concrete_block
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.files import SpecFile
from nndsl.resolve.naming import Naming
from nndsl.resolve.resolver import RecordedUse, Resolver
from nndsl.resolve.uses import match_arguments, parameter_names, unfold
from nndsl.resolve.values import Arguments, Definition, ModelAlias, key
from nndsl.source import Source, Span
from nndsl.syntax import parse_expression, tree


def resolve_root(
    core: SpecFile, model: str, params: Mapping[str, Any], resolver: Resolver
) -> Block | None:
    """A model resolved with values of its static parameters from outside."""
    try:
        definition, values = configured_root(core, model, params, resolver)
        mark = ("root", id(definition.tree), tuple((k, key(v)) for k, v in sorted(values.items())))
        if mark not in resolver.memo:
            with resolver.entered(definition):
                node = definition.tree.name
                block = concrete_block(resolver, definition, values, None, node)
            resolver.memo[mark] = block
            if block is not None:
                types = {i.var.name: i.var.type for i in block.inputs}
                used = RecordedUse(dict(block.args), types, block, True)
                resolver.uses.setdefault(id(definition.tree), []).append(used)
        return resolver.memo[mark]
    except Fault as problem:
        resolver.report(problem.diagnostic)
    except Cascade:
        pass
    return None


def configured_root(
    core: SpecFile, model: str, params: Mapping[str, Any], resolver: Resolver
) -> tuple[Definition, dict[str, Any]]:
    """The definition behind a model and the values that its configuration and the outside set."""
    found: Definition | ModelAlias = core.models[model]
    cx = Context(resolver, Builder(False, model), core.scope, Naming())
    node = found.tree.name
    definition, arguments = unfold(found, Arguments(), cx, node)
    given = match_arguments(definition, arguments, node)
    values = {name: one.value for name, one in given.items()}
    names = [name for name in parameter_names(definition) if name not in given]
    for name, value in params.items():
        if name in given:
            text = f"`{model}` sets `{name}` itself"
            raise Fault(Diagnostic("E202", text, (), _left_open(names)))
        if name not in names:
            help = suggest(name, names) or _left_open(names)
            raise Fault(Diagnostic("E202", f"`{model}` has no parameter `{name}`", (), help))
        values[name] = outside_value(name, value, definition, cx)
    return definition, values


def _left_open(names: list[str]) -> str:
    return f"its parameters are {', '.join(names)}" if names else "it has no open parameters"


def outside_value(name: str, found: Any, definition: Definition, cx: Context) -> Any:
    """A value from the command line (a Source) or from Python."""
    if isinstance(found, Source):
        _check_quotes(name, found, definition, cx)
        return _expression(found, cx)
    if isinstance(found, str) and _wants_layer(name, definition, cx):
        return _expression(Source(found, f"<{name}>"), cx)
    return found


def _check_quotes(name: str, source: Source, definition: Definition, cx: Context) -> None:
    """``-p mode=y``, where ``y`` is meant as a text."""
    word = source.text.strip()
    if not word.isidentifier() or iskeyword(word) or cx.scope.has(word):
        return
    one = next((p for p in _statics(definition) if p.name.id == name), None)
    if one is None or not _is_text(one):
        return
    span = Span(source, 0, len(source.text))
    help = f"a text stands in quotes: -p '{name}=\"{word}\"'"
    raise Fault(error("E201", f"`{word}` is not defined", span, "unknown name", help=help))


def _is_text(one: tree.StaticParam) -> bool:
    return one.type.name == "str" if one.type is not None else isinstance(one.default, tree.String)


def _statics(definition: Definition) -> tuple[tree.StaticParam, ...]:
    return definition.tree.statics if isinstance(definition.tree, tree.Definition) else ()


def _wants_layer(name: str, definition: Definition, cx: Context) -> bool:
    from nndsl.resolve.static_arguments import is_layerish

    if isinstance(definition.tree, tree.Activation):
        return False
    one = next(p for p in definition.tree.statics if p.name.id == name)
    if one.type is not None:
        return one.type.name == "layer"
    return one.default is not None and is_layerish(one.default, cx)


def _expression(source: Source, cx: Context) -> Any:
    from nndsl.resolve.static_arguments import static_or_layer

    node, problems = parse_expression(source)
    if node is None or problems:
        raise Fault(problems[0])
    return static_or_layer(node, cx)
