"""``*conv_bn(64)``: a definition's stages, labels and numbers become the caller's."""

from __future__ import annotations

from typing import Any

from nndsl.limits import spend
from nndsl.model.graph import TupleType
from nndsl.record import replace
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import layer_value, snippet, value
from nndsl.resolve.naming import name_layers
from nndsl.resolve.scope import Scope
from nndsl.resolve.values import Bundle, Definition, ModelAlias, Template, is_layer
from nndsl.syntax import tree

Tensors = tuple[Any, ...]
Named = tuple[tuple[str, Any], ...]


def splice(stage: tree.Stage, cx: Context) -> Any:
    """Run a definition's body as if it stood here."""
    if stage.label is not None:
        raise fault(
            "E407",
            "what is spliced brings its own names",
            stage.label.span,
            "no label here",
            help="leave out the `*` to make it one module",
        )
    node, tensors, keywords = _called(stage.value, cx)
    found = value(node, cx.plain())
    if not is_layer(found):
        raise fault("E211", f"`{snippet(node)}` can't be spliced", node.span, "not a definition")
    layer = layer_value(found, node, cx)
    if isinstance(layer.layer, Template) and node is stage.value:
        from nndsl.resolve.stages import stage_value

        return stage_value(
            layer.layer.node, replace(cx, scope=layer.layer.scope, stage=True), cx.flow
        )
    if not isinstance(layer.layer, Definition | ModelAlias):
        help = "leave out the `*`"
        raise fault("E211", "only a definition can be spliced", node.span, "a single layer", help)
    return _run(layer, tensors, keywords, node, cx)


def _called(node: tree.Expr, cx: Context) -> tuple[tree.Expr, Tensors, Named]:
    """A definition and its tensors: what flows in, and in ``*f(8)(mask)`` those beside it."""
    from nndsl.resolve.calls import tensor_arguments

    if isinstance(node, tree.Call) and isinstance(node.func, tree.Call):
        return node.func, *tensor_arguments(node, replace(cx, stage=True))
    return node, (cx.flow,), ()


def _run(layer: Any, tensors: Tensors, keywords: Named, node: tree.Expr, cx: Context) -> Any:
    from nndsl.resolve.blocks import check_result
    from nndsl.resolve.body import statements_of
    from nndsl.resolve.inputs import receive
    from nndsl.resolve.parameters import bind_parameters
    from nndsl.resolve.uses import (
        inputs_of,
        match_arguments,
        match_inputs,
        parameter_names,
        type_of,
        unfold,
    )

    spend(20, node.span)
    definition, arguments = unfold(layer.layer, layer.arguments, cx, node)
    if isinstance(definition.tree, tree.Activation):
        raise fault("E211", "an activation can't be spliced", node.span, "leave out the `*`")
    given = match_arguments(definition, arguments, node)
    here = replace(cx, scope=Scope(definition.scope, is_body=True), stage=False)
    bind_parameters(definition, {k: g.value for k, g in given.items()}, here, node)
    inputs = match_inputs(definition, tensors, keywords, node)
    b = here.builder
    outer = b.size_names, b.parameters
    b.size_names, b.parameters = {}, frozenset(parameter_names(definition))
    b.splices.append(node.span)
    b.spliced_bodies.append(definition.tree.body)
    try:
        for one in inputs_of(definition):
            receive(one, type_of(inputs[one.name.id]), replace(here, spliced=True))
            here.scope.set(one.name.id, inputs[one.name.id])
        naming = cx.naming
        if not naming.numbered:
            test = cx.resolver.layer_test(here.scope)
            naming = replace(naming, names=name_layers(definition.tree.body, test))
        flow = next(iter(inputs.values()))
        found = statements_of(definition.tree.body, replace(here, naming=naming, flow=flow))
        check_result(definition, found, cx)
        return _as_stated(definition.tree, found, here)
    finally:
        b.splices.pop()
        b.size_names, b.parameters = outer


def _as_stated(node: tree.Definition, found: Any, cx: Context) -> Any:
    """A result held against the outputs that are stated, under the names that they have."""
    from nndsl.resolve.outputs import check_outputs
    from nndsl.resolve.uses import type_of

    if node.outputs is None:
        return found
    type = check_outputs(node.outputs, type_of(found), cx)
    if isinstance(found, Bundle) and isinstance(type, TupleType):
        return replace(found, names=type.names)
    return found
