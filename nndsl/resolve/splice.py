"""``*conv_bn(64)``: a definition's stages, labels and numbers become the caller's."""

from __future__ import annotations

from typing import Any

from nndsl.record import replace
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import layer_value, snippet, value
from nndsl.resolve.naming import name_layers
from nndsl.resolve.scope import Scope
from nndsl.resolve.values import Definition, ModelAlias, Template, is_layer
from nndsl.syntax import tree


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
    found = value(stage.value, cx.plain())
    if not is_layer(found):
        raise fault(
            "E211",
            f"`{snippet(stage.value)}` can't be spliced",
            stage.value.span,
            "not a definition",
        )
    layer = layer_value(found, stage.value, cx)
    if isinstance(layer.layer, Template):
        from nndsl.resolve.stages import stage_value

        return stage_value(
            layer.layer.node, replace(cx, scope=layer.layer.scope, stage=True), cx.flow
        )
    if not isinstance(layer.layer, Definition | ModelAlias):
        raise fault("E211", "only a definition can be spliced", stage.value.span, "a single layer")
    return _run(layer, stage, cx)


def _run(layer: Any, stage: tree.Stage, cx: Context) -> Any:
    from nndsl.resolve.body import statements_of
    from nndsl.resolve.inputs import receive
    from nndsl.resolve.parameters import bind_parameters
    from nndsl.resolve.uses import inputs_of, match_arguments, match_inputs, type_of, unfold

    definition, arguments = unfold(layer.layer, layer.arguments, cx, stage.value)
    if isinstance(definition.tree, tree.Activation):
        raise fault("E211", "an activation can't be spliced", stage.value.span, "leave out the `*`")
    given = match_arguments(definition, arguments, stage.value)
    here = replace(cx, scope=Scope(definition.scope, is_body=True), stage=False)
    bind_parameters(definition, {k: g.value for k, g in given.items()}, here, stage.value)
    inputs = match_inputs(definition, (cx.flow,), (), stage.value)
    sizes, here.builder.size_names = here.builder.size_names, {}
    try:
        for one in inputs_of(definition):
            receive(one, type_of(inputs[one.name.id]), here)
            here.scope.set(one.name.id, inputs[one.name.id])
        naming = cx.naming
        if not naming.numbered:
            test = cx.resolver.layer_test(here.scope)
            naming = replace(naming, names=name_layers(definition.tree.body, test))
        return statements_of(definition.tree.body, replace(here, naming=naming, flow=cx.flow))
    finally:
        here.builder.size_names = sizes
