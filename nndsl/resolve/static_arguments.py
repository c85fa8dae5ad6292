"""Static arguments of layers: numbers, lists, and layers passed as templates."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Index, Name, Static
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import lookup, static, value
from nndsl.resolve.reading import reads_flow
from nndsl.resolve.values import (
    Arguments,
    Builtin,
    Definition,
    Given,
    LayerValue,
    Module,
    Template,
    is_layer,
)
from nndsl.syntax import tree


def arguments(node: tree.Call, cx: Context) -> Arguments:
    """The static arguments of a layer: numbers, lists, layers."""
    inside = replace(cx.plain(), flow=None)
    positional: list[Given] = []
    keywords: list[tuple[str, Given]] = []
    arrow = None
    for one in node.args:
        if one.rest:
            keywords.extend(_same_names(node, one, {k for k, _ in keywords}, cx))
            continue
        assert one.value is not None
        if one.target is not None:
            arrow = (
                Given(static(one.value, inside), one.value.span),
                Given(static(one.target, inside), one.target.span),
            )
            continue
        found = static_or_layer(one.value, inside)
        if one.star:
            items = _sampled_items(found, cx) or statics.items_of(found, one)
            positional.extend(Given(i, one.span) for i in items)
            statics.check_count(positional, one)
        elif one.name is not None:
            keywords.append((one.name.id, Given(found, one.value.span, one.name.span)))
        else:
            positional.append(Given(found, one.value.span))
    return Arguments(tuple(positional), tuple(keywords), arrow)


def _sampled_items(found: Any, cx: Context) -> tuple[Static, ...]:
    """The items of a list that has a name: as many as it has wherever it was met."""
    sample = cx.builder.samples.get(found) if isinstance(found, Name) else None
    if not cx.general or not isinstance(sample, tuple):
        return ()
    return tuple(Index(found, place) for place in range(len(sample)))


def _same_names(
    node: tree.Call, dots: tree.Argument, given: set[str], cx: Context
) -> list[tuple[str, Given]]:
    """``f(...)``: every parameter that has the same name in the caller."""
    from nndsl.resolve.uses import parameter_names, unfold

    assert isinstance(node.func, tree.Name)
    found = lookup(node.func.id, node.func.span, cx)
    if (
        not isinstance(found, Definition)
        and hasattr(found, "scope")
        and not isinstance(found, Template)
    ):
        found, _ = unfold(found, Arguments(), cx, node)
    if not isinstance(found, Definition):
        raise fault(
            "E204", "`...` passes parameters to a definition", dots.span, "not a definition"
        )
    passed = []
    own = cx.resolver.parameters(cx.builder)
    positional = sum(1 for a in node.args if a.name is None and not a.rest)
    written = {a.name.id for a in node.args if a.name is not None}
    for name in parameter_names(found)[positional:]:
        if name in own and name not in given and name not in written:
            passed.append((name, Given(cx.scope.get(name), dots.span)))
    return passed


def static_or_layer(node: tree.Expr, cx: Context) -> Any:
    """A static argument; an expression of layers is passed as it stands, with its names."""
    if is_layerish(node, cx):
        return template(node, cx)
    found = value(node, cx)
    if isinstance(found, Module):
        raise fault(
            "E211",
            "a declared module can't be passed as a layer",
            node.span,
            "already made",
            help="pass the layer itself",
        )
    if is_layer(found) or isinstance(found, tuple):
        return found
    return static(node, cx, _TENSOR)


_TENSOR = "the first parentheses construct, tensors stand in the second: `name(...)(x)`"


def template(node: tree.Expr, cx: Context) -> Any:
    """A layer as a value: the definition or entry itself where only its name was written."""
    inner = node
    while isinstance(inner, tree.Group):
        inner = inner.inner
    if isinstance(inner, tree.Name):
        found = lookup(inner.id, inner.span, cx)
        if not isinstance(found, LayerValue):
            return found
    return Template(inner, cx.scope)


def is_layerish(node: tree.Expr, cx: Context) -> bool:
    """Whether an expression stands for a layer and not for a value."""
    if isinstance(node, tree.Group):
        return is_layerish(node.inner, cx)
    if isinstance(node, tree.Pipeline | tree.Repeat | tree.ChainComp):
        return True
    if isinstance(node, tree.Conditional):
        return (
            is_layerish(node.then, cx) or node.orelse is not None and is_layerish(node.orelse, cx)
        )
    if isinstance(node, tree.Name):
        found = cx.scope.get(node.id)
        return is_layer(found) and not (isinstance(found, Builtin) and found.static)
    if isinstance(node, tree.Call):
        return _call_is_layerish(node, cx)
    if isinstance(node, tree.Binary):
        return reads_flow(node.left, cx) or reads_flow(node.right, cx)
    return False


def _call_is_layerish(node: tree.Call, cx: Context) -> bool:
    if isinstance(node.func, tree.Call):
        return True
    if not isinstance(node.func, tree.Name):
        return False
    found = cx.scope.get(node.func.id)
    if isinstance(found, Builtin):
        number = found.static or found.function is not None and found.function.number
        return not number and (found.layer is not None or found.function is not None)
    return is_layer(found) or isinstance(found, Module)
