"""A layer meets a tensor: it becomes a member and a call of it, or a plain function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.model.expr import Name
from nndsl.record import replace
from nndsl.resolve.context import Context, fault
from nndsl.resolve.entering import choice_inside
from nndsl.resolve.evaluate import layer_value, snippet, value
from nndsl.resolve.members import member_path
from nndsl.resolve.scope import Scope
from nndsl.resolve.torch_layers import meet_builtin
from nndsl.resolve.values import (
    Arguments,
    Builtin,
    LayerValue,
    Template,
    is_layer,
)
from nndsl.syntax import tree


def meet(
    layer: LayerValue,
    tensors: tuple[Any, ...] | None,
    keywords: tuple[tuple[str, Any], ...],
    cx: Context,
    node: tree.Expr,
) -> Any:
    """Apply a layer to tensors, or with None to the tensor flowing in; gives what flows out."""
    if tensors is None:
        tensors = (_flow(cx, node),)
    kind = layer.layer
    if not tensors and not keywords and isinstance(kind, Builtin | Template):
        raise fault("E203", f"`{snippet(node)}` needs a tensor", node.span, "none is given")
    if isinstance(kind, Builtin):
        parted = choice_inside(layer)
        if parted is not None:
            use = cx.identifier or (layer.node, layer.identifier)
            return _meet_choice(*parted, tensors, keywords, replace(cx, identifier=use), node)
        return meet_builtin(layer, tensors, keywords, cx, node)
    if isinstance(kind, Template):
        with cx.resolver.inside(kind.scope.within):
            return _meet_template(layer, kind, tensors, keywords, cx, node)
    if isinstance(kind, Name):
        from nndsl.resolve.parametric import meet_parameter

        return meet_parameter(layer, kind, tensors, keywords, cx, node)
    from nndsl.resolve.uses import meet_definition

    return meet_definition(layer, kind, tensors, keywords, cx, node)


def _flow(cx: Context, node: tree.Expr) -> Any:
    if cx.flow is None:
        raise fault(
            "E201",
            f"nothing flows into `{snippet(node)}`",
            node.span,
            "a layer needs a tensor",
            help="send a tensor through it: `x | ...`, or call it with one",
        )
    return cx.flow


# ------------------------------------------------------------------ templates


def _meet_template(
    layer: LayerValue,
    template: Template,
    tensors: tuple[Any, ...],
    keywords: tuple[tuple[str, Any], ...],
    cx: Context,
    node: tree.Expr,
) -> Any:
    inner = template.node
    while isinstance(inner, tree.Group):
        inner = inner.inner
    there = replace(cx, scope=template.scope)
    use = cx.identifier or (layer.node, layer.identifier)
    if isinstance(inner, tree.Name | tree.Call):
        found = value(inner, there.plain())
        if is_layer(found):
            own = layer_value(found, inner, there)
            merged = merge(own, layer.arguments, node)
            return meet(merged, tensors, keywords, replace(cx, identifier=use), node)
    if isinstance(inner, tree.Conditional) and inner.orelse and not layer.arguments.empty:

        def side(part: tree.Expr) -> LayerValue:
            return replace(layer, layer=Template(part, template.scope))

        here = replace(cx, identifier=use)
        return _meet_choice(inner, template.scope, side, tensors, keywords, here, node)
    if not layer.arguments.empty:
        raise fault(
            "E204", f"`{layer.identifier}` takes no arguments here", node.span, "a finished layer"
        )
    if isinstance(inner, tree.Conditional):
        from nndsl.resolve.conditions import stage_conditional

        return stage_conditional(inner, replace(there, flow=tensors[0], stage=True, identifier=use))
    from nndsl.resolve.stages import group

    counter = cx.naming.counter if cx.label is None else None
    number = counter.next if counter is not None else 0
    path = cx.label if cx.label is not None else member_path(layer, cx)
    body = replace(there, flow=tensors[0], stage=True, label=None, identifier=None)
    out = group(inner, path, body, tensors[0])
    if counter is not None and path not in cx.builder.members:
        counter.next = number  # an expression makes nothing, and takes no number
    return out


def _meet_choice(
    choice: tree.Conditional,
    scope: Scope,
    side: Callable[[tree.Expr], LayerValue],
    tensors: tuple[Any, ...],
    keywords: tuple[tuple[str, Any], ...],
    cx: Context,
    node: tree.Expr,
) -> Any:
    """One of two layers, as a condition says: ``norm(conv(64, 3))`` with
    ``layer norm = weight_norm if plain else spectral_norm``."""
    from nndsl.resolve.conditions import branch, condition

    def met(part: tree.Expr | None) -> Any:
        assert part is not None
        return meet(side(part), tensors, keywords, cx, node)

    test = condition(choice.test, replace(cx, scope=scope).plain())
    if isinstance(test, bool):
        return met(choice.then if test else choice.orelse)
    return branch(test, lambda: met(choice.then), lambda: met(choice.orelse), node, cx)


def merge(own: LayerValue, more: Arguments, node: tree.Expr) -> LayerValue:
    """A layer with further arguments; one given twice is an error."""
    if more.empty:
        return own
    have = own.arguments
    doubled = {k for k, _ in have.keywords} & {k for k, _ in more.keywords}
    if doubled or (have.arrow and more.arrow):
        name = next(iter(doubled), "the sizes")
        raise fault(
            "E204", f"`{name}` is given twice", node.span, "already set where it was passed"
        )
    joined = Arguments(
        (*have.positional, *more.positional),
        (*have.keywords, *more.keywords),
        have.arrow or more.arrow,
    )
    return replace(own, arguments=joined)
