"""Which entry a layer of torch stands for, and its call, layers among its arguments included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.layers import apply as entries
from nndsl.layers import registry
from nndsl.layers.parts import worn
from nndsl.model.expr import Name, Undecided
from nndsl.model.graph import TensorType, Var
from nndsl.model.spec import Choice, Layer, LayerCall, Part, Rejected
from nndsl.model.text import shape as shape_text
from nndsl.record import replace
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.evaluate import layer_value, value
from nndsl.resolve.scope import Scope
from nndsl.resolve.uses import type_of
from nndsl.resolve.values import (
    Arguments,
    Builtin,
    Given,
    LayerValue,
    Template,
    flows,
    is_layer,
)
from nndsl.syntax import tree


def enter(
    layer: LayerValue, inputs: tuple[Any, ...], cx: Context, node: tree.Expr
) -> tuple[Layer, LayerCall]:
    """The entry that a layer stands for, and its call on these inputs."""
    assert isinstance(layer.layer, Builtin)
    entry = choose_entry(layer.layer.layer, inputs, cx, node)
    call = complete(entry, layer.arguments, inputs, cx, layer.layer.name)
    parts = {
        argument.name: _part(call[argument.name], argument.name, entry, inputs, cx, node)
        for argument in entry.arguments
        if _takes_layer(argument.type) and call[argument.name] is not None
    }
    if parts:
        call = replace(call, args={**call.args, **parts})
    return (worn(entry, call) if entry.wraps else entry), call


def choose_entry(found: Any, inputs: tuple[Any, ...], cx: Context, node: tree.Expr) -> Layer:
    """The entry itself, or the one of 1d, 2d and 3d that the input's rank asks for."""
    if not isinstance(found, Choice):
        assert isinstance(found, Layer)
        return found
    type = inputs[0].type if isinstance(inputs[0], Var) else None
    rank = type.rank if isinstance(type, TensorType) else None
    if rank is None and cx.resolver.failed:
        raise Cascade
    if rank is None:
        raise fault(
            "E305",
            f"`{found.name}` goes by the number of axes of its input, which is not known here",
            node.span,
            "1d, 2d or 3d?",
            help='declare the input, as in `(x: "b 3 h w")`, or name the layer in full (`conv2d`)',
        )
    entry = registry.choose(found, rank)
    if entry is None:
        ranks = " or ".join(str(r) for r in sorted(found.by_rank))
        raise Rejected(
            f"`{found.name}` takes a tensor of {ranks} axes, the batch axis included, but receives "
            f"{shape_text(type.shape) if isinstance(type, TensorType) else rank}",
            "input",
            code="E302",
        )
    return entry


def complete(
    entry: Layer, arguments: Arguments, inputs: tuple[Any, ...], cx: Context, name: str
) -> LayerCall:
    """The call of an entry with every argument put in."""
    positional = [g.value for g in arguments.positional]
    keywords = {key: given.value for key, given in arguments.keywords}
    arrow = (arguments.arrow[0].value, arguments.arrow[1].value) if arguments.arrow else None
    if not cx.general:
        _check_layers(entry, arguments)
    args, given_names = entries.complete(entry, positional, keywords, arrow, name)
    return LayerCall(args, given_names, tuple(map(type_of, inputs)), cx.builder.check)


def _check_layers(entry: Layer, arguments: Arguments) -> None:
    """Refuse layers and tensors where a number is wanted."""
    layers = {a.name for a in entry.arguments if _takes_layer(a.type)}
    for key, given in arguments.keywords:
        if key not in layers:
            _no_layer(given, key)
    for place, given in enumerate(arguments.positional):
        if not set(entry.positional[place : place + 1]) & layers:
            _no_layer(given, entry.name)


def _no_layer(given: Given, name: str) -> None:
    if is_layer(given.value) or flows(given.value):
        raise fault("E205", f"`{name}` takes no layer", given.span, "a number is wanted here")


# ------------------------------------------------------------------ layers among the arguments


def _takes_layer(kind: str) -> bool:
    return "layer" in kind.split("|")


def _part(
    found: Any, name: str, entry: Layer, inputs: tuple[Any, ...], cx: Context, node: tree.Expr
) -> Part:
    """A layer given as an argument, completed like any other; its tensors come later."""
    layer = _single(found, name, entry, cx, node)
    assert isinstance(layer.layer, Builtin)
    try:
        inner, call = enter(layer, inputs, cx, layer.node)
    except Rejected as reason:
        from nndsl.resolve.torch_layers import rejected

        raise rejected(reason, layer, inputs, layer.node, cx.builder) from None
    return Part(inner, call, layer.layer.name, layer)


def _single(found: Any, name: str, entry: Layer, cx: Context, node: tree.Expr) -> LayerValue:
    """The one layer of torch that an argument stands for."""
    if isinstance(found, Builtin) and found.layer is not None:
        return LayerValue(found, Arguments(), found.name, node)
    if isinstance(found, LayerValue):
        return _of_value(found, name, entry, cx, node)
    if isinstance(found, Template):
        return _of_template(found, name, entry, cx)
    if isinstance(found, Name) and found.type == "layer":
        raise Undecided(found)
    what = "a tensor" if flows(found) else "a definition" if is_layer(found) else "a value"
    raise fault(
        "E205",
        f"`{entry.name}` takes a layer of torch as {name}, not {what}",
        node.span,
        "for example `conv(64, 3)` or `linear 10`",
    )


def _of_value(
    found: LayerValue, name: str, entry: Layer, cx: Context, node: tree.Expr
) -> LayerValue:
    if isinstance(found.layer, Builtin):
        return found
    from nndsl.resolve.layers import merge

    return merge(_single(found.layer, name, entry, cx, node), found.arguments, node)


def _of_template(found: Template, name: str, entry: Layer, cx: Context) -> LayerValue:
    there = replace(cx, scope=found.scope, flow=None).plain()
    inner = _bare(found.node)
    if isinstance(inner, tree.Name | tree.Call):
        made = value(inner, there)
        if is_layer(made):
            return _single(layer_value(made, inner, there), name, entry, there, inner)
    raise fault(
        "E205", f"`{entry.name}` takes one layer of torch as {name}", inner.span, "not one layer"
    )


def _bare(node: tree.Expr) -> tree.Expr:
    while isinstance(node, tree.Group):
        node = node.inner
    return node


def choice_inside(
    layer: LayerValue,
) -> tuple[tree.Conditional, Scope, Callable[[tree.Expr], LayerValue]] | None:
    """The condition that chooses what a layer wraps, its names, and the layer around a side."""
    entry = layer.layer.layer if isinstance(layer.layer, Builtin) else None
    if not isinstance(entry, Layer) or not entry.wraps:
        return None
    given = layer.arguments
    named = dict(given.keywords).get(entry.wraps)
    one = named or next(iter(given.positional), None)
    if one is None or not isinstance(one.value, Template):
        return None
    choice, scope = _bare(one.value.node), one.value.scope
    if not isinstance(choice, tree.Conditional) or choice.orelse is None:
        return None

    def around(part: tree.Expr) -> LayerValue:
        inside = Given(Template(part, scope), one.span)
        keywords = tuple((k, inside if g is one else g) for k, g in given.keywords)
        positional = tuple(inside if g is one else g for g in given.positional)
        return replace(layer, arguments=replace(given, positional=positional, keywords=keywords))

    return choice, scope, around
