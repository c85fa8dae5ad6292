"""Calls: of layers with their arguments, of functions with tensors, of the spec's own functions."""

from __future__ import annotations

from typing import Any

from nndsl.functions import apply as functions
from nndsl.model.expr import Index, Name, Static
from nndsl.model.graph import Apply, ListType, Special, TensorType, TupleType, Var
from nndsl.model.spec import Function, FunctionCall, FunctionResult, Rejected, Result
from nndsl.model.text import shape as shape_text
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import as_flow, layer_value, lookup, snippet, static, value
from nndsl.resolve.reading import holds_tensor, reads_flow
from nndsl.resolve.uses import as_operand
from nndsl.resolve.values import (
    Arguments,
    Builtin,
    Bundle,
    Definition,
    Given,
    LayerValue,
    Module,
    Template,
    UserFunction,
    flows,
    is_layer,
)
from nndsl.syntax import tree


def call(node: tree.Call, cx: Context) -> Any:
    """What a call stands for: a layer not yet met, or what a function gives."""
    if isinstance(node.func, tree.Attribute):
        raise _dotted(node)
    if not isinstance(node.func, tree.Name):
        return _call_again(node, value(node.func, cx.plain()), cx)
    found = lookup(node.func.id, node.func.span, cx)
    if isinstance(found, Module):
        return _call_module(found, node, cx)
    if isinstance(found, UserFunction):
        from nndsl.resolve.fns import call_user_function

        return call_user_function(found, node, cx)
    if isinstance(found, Builtin):
        return _call_builtin(found, node, cx)
    if is_layer(found):
        return LayerValue(found, arguments(node, cx), node.func.id, node, called=True)
    raise fault(
        "E211",
        f"`{node.func.id}` can't be called",
        node.func.span,
        "a tensor" if flows(found) else "a value",
    )


def _dotted(node: tree.Call) -> Exception:
    text = snippet(node.func)
    last = text.rsplit(".", 1)[-1]
    return fault(
        "E211",
        f"`{text}` is not a layer of this language",
        node.func.span,
        "names have no dots",
        help=f"write `{last.lower()}`: layers and functions are known by torch's last name",
    )


def _call_again(node: tree.Call, found: Any, cx: Context) -> Any:
    """``name(static)(tensors)``, ``layers[i](tensors)``."""
    if isinstance(found, Module):
        return _call_module(found, node, cx)
    if not is_layer(found):
        raise fault(
            "E211", f"`{snippet(node.func)}` can't be called", node.func.span, "not a layer"
        )
    from nndsl.resolve.layers import meet

    tensors, keywords = tensor_arguments(node, cx)
    layer = layer_value(found, node.func, cx)
    return meet(layer, tensors, keywords, cx, node)


def _call_module(found: Module, node: tree.Call, cx: Context) -> Any:
    from nndsl.resolve.modules import call_module

    tensors, keywords = tensor_arguments(node, cx)
    return call_module(found, tensors, keywords, cx, node)


def tensor_arguments(
    node: tree.Call, cx: Context
) -> tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]:
    """The tensors of a call; in a stage what flows in comes first unless they read it."""
    inside = cx.plain()
    positional: list[Any] = []
    keywords: list[tuple[str, Any]] = []
    if cx.stage and not any(reads_flow(a.value, cx) for a in node.args):
        positional.append(cx.flow)
    for one in node.args:
        if one.rest or one.target is not None or one.value is None:
            raise fault("E204", "tensors are given one by one", one.span, "not among tensors")
        found = value(one.value, inside)
        found = found if found is None else as_flow(found, one.value, inside)
        if one.star:
            positional.extend(found.items if isinstance(found, Bundle) else _unpack(found, one))
        elif one.name is not None:
            keywords.append((one.name.id, found))
        else:
            positional.append(found)
    return tuple(positional), tuple(keywords)


def _unpack(found: Any, node: tree.Argument) -> tuple[Any, ...]:
    raise fault("E205", "only a list can be spread with `*`", node.span, "not a list")


# ------------------------------------------------------------------ static arguments


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
        elif one.name is not None:
            keywords.append((one.name.id, Given(found, one.value.span)))
        elif keywords and not node.bare:
            raise fault(
                "E204", "an argument without a name comes first", one.span, "write its name"
            )
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
    for name in parameter_names(found)[positional:]:
        if (
            name in own
            and name not in given
            and not any(a.name and a.name.id == name for a in node.args)
        ):
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
    return static(node, cx)


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
        return not found.static and (found.layer is not None or found.function is not None)
    return is_layer(found) or isinstance(found, Module)


# ------------------------------------------------------------------ built-in functions


def _call_builtin(found: Builtin, node: tree.Call, cx: Context) -> Any:
    tensors = any(holds_tensor(a.value, cx) for a in node.args if a.value is not None)
    if found.layer is not None and (found.function is None or not tensors):
        return LayerValue(found, arguments(node, cx), found.name, node, called=True)
    if found.static and not tensors and not cx.stage:
        args = [static(a.value, cx.plain()) for a in node.args if a.value is not None]
        if any(a.name is not None or a.star for a in node.args):
            raise fault("E202", f"`{found.name}` takes plain arguments here", node.span)
        return statics.call_static(found.name, args, node, cx)
    if found.name in _ON_LISTS and not cx.stage:
        return _on_lists(found.name, node, cx)
    if found.function is None:
        raise fault(
            "E211", f"`{found.name}` works on numbers, not on tensors", node.span, "a tensor in it"
        )
    return call_function(found, found.function, node, cx, tensors)


_ON_LISTS = ("len", "enumerate", "zip", "reversed")


def _on_lists(name: str, node: tree.Call, cx: Context) -> Any:
    """Functions of lists, on a list of tensors: its length is known."""
    from nndsl.resolve.lists import items

    inside = cx.plain()
    given = [
        items(value(a.value, inside), a.value, inside) for a in node.args if a.value is not None
    ]
    if len(given) != len(node.args) or not given or name != "zip" and len(given) > 1:
        raise fault("E204", f"`{name}` takes one list", node.span, f"{len(given)} given")
    if name == "len":
        return len(given[0])
    if name == "reversed":
        return Bundle(tuple(reversed(given[0])))
    rounds = enumerate(given[0]) if name == "enumerate" else zip(*given, strict=False)
    return Bundle(tuple(Bundle(tuple(one), "tuple") for one in rounds))


def call_function(
    found: Builtin, function: Function, node: tree.Call, cx: Context, tensors: bool
) -> Any:
    """A tensor function; as a stage it gets what flows in first, unless it reads it."""
    from nndsl.resolve.lists import spread

    inside = cx.plain()
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    wants_flow = cx.stage or (not tensors and not function.creates and cx.flow is not None)
    if wants_flow and not any(reads_flow(a.value, cx) for a in node.args if a.value is not None):
        positional.append(_flow_operand(cx, node))
    for one in node.args:
        if one.value is None or one.target is not None:
            raise fault("E204", f"`{found.name}` takes no such argument", one.span, "a function")
        operand = _argument(one.value, inside)
        if one.star:
            positional.extend(spread(operand, one, cx))
        elif one.name is not None:
            keywords[one.name.id] = operand
        else:
            positional.append(operand)
    return apply_function(function, positional, keywords, node, cx)


def _flow_operand(cx: Context, node: tree.Expr) -> Any:
    if cx.flow is None:
        raise fault("E203", f"`{snippet(node)}` needs a tensor", node.span, "none is given")
    return cx.flow


def _argument(node: tree.Expr, cx: Context) -> Any:
    """An argument of a function: a tensor, a list of them, or a static value."""
    found = value(node, cx)
    if is_layer(found) or isinstance(found, Module | UserFunction):
        return as_flow(found, node, cx)
    return found


def call_stage_function(found: Any, args: tuple[Any, ...], cx: Context, node: tree.Expr) -> Any:
    """A function named without parentheses as a stage: ``x | exp``."""
    if isinstance(found, UserFunction):
        from nndsl.resolve.fns import call_user_function

        bare = tree.Call(node.span, node, ())
        return call_user_function(found, bare, replace(cx, stage=True))
    if found.function is None:
        raise fault("E211", f"`{found.name}` works on numbers", node.span, "not a stage")
    return apply_function(found.function, [_flow_operand(cx, node)], {}, node, cx)


def apply_function(
    function: Function,
    positional: list[Any],
    keywords: dict[str, Any],
    node: tree.Expr,
    cx: Context,
) -> Any:
    """Match the arguments, ask the entry for the result and write its steps down."""
    try:
        given = _packed(function, [_entry_value(p) for p in positional])
        named = {k: _entry_value(v) for k, v in keywords.items()}
        args, names = functions.complete(function, given, named)
        call = FunctionCall(args, names, cx.builder.check)
        result = function.rule(call)
    except Rejected as reason:
        span = _culprit(reason.culprit, node) or node.span
        raise fault(reason.code, reason.message, span, _incoming(positional), reason.help) from None
    return emit_result(function, call, result, len(given), node, cx)


def _packed(function: Function, values: list[Any]) -> list[Any]:
    """``cat(a, b, dim=1)``: tensors written one by one are the list that the function takes."""
    first = function.arguments[0] if function.arguments else None
    kinds = first.type.split("|") if first is not None else []
    if function.star or "tensors" not in kinds:
        return values
    count = next((i for i, v in enumerate(values) if not isinstance(v, Var)), len(values))
    single = count == 1 and isinstance(values[0].type, TupleType | ListType)
    if count == 0 or single or count == 1 and "tensor" in kinds:
        return values
    return [tuple(values[:count]), *values[count:]]


def _entry_value(found: Any) -> Any:
    """A bundle as a tuple, as entries take it."""
    return tuple(map(_entry_value, found.items)) if isinstance(found, Bundle) else found


def _culprit(name: str, node: tree.Expr) -> Any:
    if isinstance(node, tree.Call):
        for one in node.args:
            if one.name is not None and one.name.id == name and one.value is not None:
                return one.value.span
    return None


def _incoming(positional: list[Any]) -> str:
    shapes = [
        shape_text(p.type.shape, p.type.lead)
        for p in positional
        if isinstance(p, Var) and isinstance(p.type, TensorType)
    ]
    return f"receives {', '.join(shapes)}" if shapes else ""


def emit_result(
    function: Function,
    call: FunctionCall,
    result: FunctionResult,
    positional: int,
    node: tree.Expr,
    cx: Context,
) -> Any:
    """The operations of a function, one statement each; a size is a number and needs none."""
    b = cx.builder
    if not isinstance(result.output, TensorType | TupleType | ListType):
        return result.output
    made: list[Var] = []
    for step in functions.steps(function, call, result, positional):
        op = step.operation
        args = tuple(_resolve(a, made) for a in op.args)
        kwargs = [(k, _resolve(v, made)) for k, v in op.kwargs]
        if function.creates and b.lead is not None and not cx.quiet and not result.steps:
            kwargs.append(("device", Special("device", b.lead)))
            if _float(step.type) and _float(b.lead.type) and "dtype" not in dict(kwargs):
                kwargs.append(("dtype", Special("dtype", b.lead)))
        made.append(b.apply(Apply(op.fn, args, tuple(kwargs)), step.type, node.span))
    return made[-1]


def _float(type: Any) -> bool:
    return isinstance(type, TensorType) and type.dtype == "float"


def _resolve(operand: Any, made: list[Var]) -> Any:
    if isinstance(operand, Result):
        return made[operand.step]
    return operand


__all__ = ["Name", "arguments", "as_operand", "call", "call_stage_function", "static_or_layer"]
