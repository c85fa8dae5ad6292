"""What an expression stands for: one function a kind of node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.functions import indexing, operators
from nndsl.model import expr as ex
from nndsl.model.graph import Apply, ListType, NoneType, RunTest, TensorType, TupleType, Var
from nndsl.model.spec import Rejected
from nndsl.model.text import shape as shape_text
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.scope import MISSING, builtin_names, suggest
from nndsl.resolve.values import (
    FAILED,
    Builtin,
    Bundle,
    Definition,
    LayerValue,
    ModelAlias,
    Module,
    Template,
    UserFunction,
    Value,
    flows,
    is_layer,
)
from nndsl.source import Span
from nndsl.syntax import tree


def value(node: tree.Expr, cx: Context) -> Value:
    """What an expression stands for here: static, flowing, or a layer not yet met."""
    return _VALUES[type(node)](node, cx)


def tensor(node: tree.Expr, cx: Context) -> Any:
    """What flows out of an expression; a layer is applied to the tensor flowing in."""
    return as_flow(value(node, cx), node, cx)


def static(node: tree.Expr, cx: Context) -> Any:
    """A static value; what flows is an error here."""
    found = value(node, cx.plain())
    if found is FAILED:
        raise Cascade
    if flows(found) or is_layer(found) or isinstance(found, Module):
        what = "a tensor" if flows(found) else "a layer"
        raise fault(
            "E205",
            f"`{snippet(node)}` is {what}, but a value known at construction is wanted here",
            node.span,
            "not known before the model runs" if flows(found) else "this is a layer",
        )
    if isinstance(found, Builtin | UserFunction):
        raise fault("E211", f"`{snippet(node)}` is a function; call it", node.span, "not a value")
    return found


def as_flow(found: Value, node: tree.Expr, cx: Context) -> Any:
    """A value where a tensor is expected."""
    from nndsl.resolve.layers import meet

    if found is FAILED:
        raise Cascade
    if is_layer(found):
        return meet(layer_value(found, node, cx), None, (), cx, node)
    if isinstance(found, Module):
        from nndsl.resolve.modules import call_module

        return call_module(found, None, (), cx, node)
    if isinstance(found, UserFunction | Builtin):
        from nndsl.resolve.calls import call_stage_function

        return call_stage_function(found, (), cx, node)
    return found


def layer_value(found: Any, node: tree.Expr, cx: Context) -> LayerValue:
    """A layer with what it was given so far; one that was only named is given nothing."""
    from nndsl.resolve.values import Arguments

    if isinstance(found, LayerValue):
        return found
    identifier = node.id if isinstance(node, tree.Name) else "layer"
    return LayerValue(found, Arguments(), identifier, node)


def snippet(node: tree.Node, limit: int = 40) -> str:
    """The text of a node, shortened to one line."""
    text = " ".join(node.span.text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."


def operand(found: Any, node: tree.Expr) -> Any:
    """A value as an operand of an operation: a bundle becomes a list of operands."""
    from nndsl.model.graph import Many

    if isinstance(found, Bundle):
        return Many(tuple(operand(i, node) for i in found.items), found.kind)
    return found


# ------------------------------------------------------------------ names and literals


def lookup(name: str, span: Span, cx: Context) -> Any:
    """What a name stands for; an unknown one is an error with a proposal."""
    found = cx.scope.get(name)
    if found is MISSING:
        known = [*cx.scope.visible(), *builtin_names()]
        raise fault(
            "E201", f"`{name}` is not defined", span, "unknown name", help=suggest(name, known)
        )
    if found is FAILED:
        raise Cascade
    return found


def _name(node: tree.Name, cx: Context) -> Value:
    if node.id == "_":
        return _flowing(node, cx)
    found = lookup(node.id, node.span, cx)
    if cx.general and cx.resolver.is_file_value(node.id, cx.scope) and statics.is_number(found):
        return cx.resolver.constant(node.id, found)
    return found


def _flowing(node: tree.Expr, cx: Context) -> Value:
    if cx.flow is None:
        raise fault(
            "E201",
            "nothing flows in here",
            node.span,
            "`_` is the tensor flowing in",
            help="name the tensor",
        )
    return cx.flow


def _number(node: tree.Number, cx: Context) -> Value:
    return node.value


def _constant(node: tree.Constant, cx: Context) -> Value:
    return node.value


def _string(node: tree.String, cx: Context) -> Value:
    if cx.stage:
        from nndsl.resolve.shapes import pattern_stage

        return pattern_stage(node, cx)
    return statics.text(node, cx)


def _group(node: tree.Group, cx: Context) -> Value:
    return value(node.inner, cx)


def _pipeline(node: tree.Pipeline, cx: Context) -> Value:
    from nndsl.resolve.stages import pipeline

    return pipeline(node, cx)


# ------------------------------------------------------------------ operators


def _unary(node: tree.Unary, cx: Context) -> Value:
    found = value(node.operand, cx.plain())
    if is_layer(found) or flows(found):
        found = as_flow(found, node.operand, cx.plain())
        return _tensor_operation(node, (found,), cx)
    try:
        return ex.unary(node.op, found)
    except TypeError:
        kind = statics.kind_of(found)
        raise fault("E205", f"`{node.op}` does not work on {kind}", node.span, kind) from None


def _binary(node: tree.Binary, cx: Context) -> Value:
    inside = cx.plain()
    left = _operand_value(node.left, inside)
    if node.op in ("and", "or") and not flows(left):
        return _connect(node, left, inside)
    right = _operand_value(node.right, inside)
    if isinstance(left, Bundle) or isinstance(right, Bundle):
        return _join_lists(node, left, right, cx)
    if flows(left) or flows(right):
        return _tensor_operation(node, (left, right), cx)
    return statics.binary(node, left, right, cx)


def _connect(node: tree.Binary, left: Value, cx: Context) -> Value:
    """``and`` / ``or``: what the left side decides alone leaves the right one unread."""
    truth = cx.builder.decide(left)
    if truth is not None and truth == (node.op == "or"):
        return truth
    if truth is not None:
        return _operand_value(node.right, cx)
    with cx.builder.assuming(left, node.op == "and"):
        right = _operand_value(node.right, cx)
    if flows(right):
        raise fault("E205", f"`{node.op}` joins a static value and a tensor", node.span, "mixed")
    if isinstance(left, RunTest) or isinstance(right, RunTest):
        raise fault("E405", "a condition of the run stands alone", node.span, "write nested `if`s")
    return ex.Op(node.op, (left, right))


def _operand_value(node: tree.Expr, cx: Context) -> Value:
    """An operand: a layer is applied to what flows in, a static value stays one."""
    found = value(node, cx)
    if is_layer(found) or isinstance(found, Module | Builtin | UserFunction):
        return as_flow(found, node, cx)
    if found is FAILED:
        raise Cascade
    return found


def _join_lists(node: tree.Binary, left: Value, right: Value, cx: Context) -> Value:
    from nndsl.resolve.lists import join

    if node.op != "+":
        raise fault("E205", f"`{node.op}` does not work on lists of tensors", node.span, "a list")
    return join(left, right, node, cx)


def _tensor_operation(
    node: tree.Unary | tree.Binary, operands: tuple[Any, ...], cx: Context
) -> Value:
    b = cx.builder
    for found, part in zip(operands, _parts(node), strict=True):
        _one_tensor(found, part)
        _given(found, part)
    try:
        if len(operands) == 1:
            type, fn = operators.unary(node.op, operands[0])
        else:
            type, fn = operators.binary(node.op, operands[0], operands[1], b.check)
    except Rejected as reason:
        raise fault(
            reason.code, reason.message, node.span, _shapes(operands), reason.help
        ) from None
    return b.apply(Apply(fn, operands), type, node.span)


def _parts(node: tree.Unary | tree.Binary) -> tuple[tree.Expr, ...]:
    return (node.operand,) if isinstance(node, tree.Unary) else (node.left, node.right)


def _given(found: Any, node: tree.Expr) -> None:
    """An optional input must be known to be there."""
    type = found.type if isinstance(found, Var) else None
    if isinstance(type, TensorType) and type.optional:
        raise fault(
            "E301",
            f"`{snippet(node)}` may be missing here",
            node.span,
            "an optional input",
            help=f"decide with `if {snippet(node)} is None`",
        )


def _one_tensor(found: Any, node: tree.Expr) -> None:
    if isinstance(found, Var) and isinstance(found.type, TupleType | ListType):
        raise fault(
            "E307",
            f"`{snippet(node)}` is several tensors, but one is wanted here",
            node.span,
            "several tensors",
            help="take one of them: `[0]`, or `a, b = ...`",
        )
    if isinstance(found, Var) and isinstance(found.type, NoneType):
        raise fault("E205", f"`{snippet(node)}` was not given here", node.span, "this is None")
    if isinstance(found, str | tuple) or found is None:
        raise fault(
            "E205", f"`{snippet(node)}` is no tensor and no number", node.span, "used with a tensor"
        )


def _shapes(operands: tuple[Any, ...]) -> str:
    return " and ".join(
        shape_text(o.type.shape, o.type.lead)
        for o in operands
        if isinstance(o, Var) and isinstance(o.type, TensorType)
    )


def _compare(node: tree.Compare, cx: Context) -> Value:
    inside = cx.plain()
    if (test := _none_test(node, inside)) is not None:
        return test
    found = [_operand_value(part, inside) for part in (node.first, *node.rest)]
    if not any(map(flows, found)):
        return statics.compare(node, found, cx)
    total: Value = None
    pairs = zip(node.ops, found[:-1], found[1:], strict=True)
    for place, (op, left, right) in enumerate(pairs):
        pair = tree.Binary(node.span, op, (node.first, *node.rest)[place], node.rest[place])
        one = _tensor_operation(pair, (left, right), cx)
        total = (
            one if total is None else _tensor_operation(replace(pair, op="and"), (total, one), cx)
        )
    return total


def _none_test(node: tree.Compare, cx: Context) -> Value | None:
    """``mask is None`` on an optional input: decided for this use, or a condition of the run."""
    if len(node.ops) != 1 or node.ops[0] not in ("is", "is not", "==", "!="):
        return None
    if not (isinstance(node.rest[0], tree.Constant) and node.rest[0].value is None):
        return None
    found = value(node.first, cx)
    positive = node.ops[0] in ("is", "==")
    if isinstance(found, Var):
        if found.id in cx.resolver.optional_inputs(cx.builder):
            return RunTest("none" if positive else "given", found)
        return isinstance(found.type, NoneType) == positive
    if isinstance(found, Bundle) or is_layer(found):
        return not positive
    return statics.none_test(found, positive, cx)


# ------------------------------------------------------------------ parts


def _attribute(node: tree.Attribute, cx: Context) -> Value:
    found = tensor(node.value, cx.plain())
    names = (
        found.type.names if isinstance(found, Var) and isinstance(found.type, TupleType) else None
    )
    if isinstance(found, Bundle):
        names = found.names
    if names is None or node.name.id not in names:
        raise fault(
            "E201",
            f"`{snippet(node.value)}` has no output named `{node.name.id}`",
            node.name.span,
            "unknown output",
            help=suggest(node.name.id, names) if names else "only several named outputs have names",
        )
    place = names.index(node.name.id)
    if isinstance(found, Bundle):
        return found.items[place]
    return cx.builder.apply(Apply("op.getitem", (found, place)), found.type.items[place], node.span)


def _subscript(node: tree.Subscript, cx: Context) -> Value:
    inside = cx.plain()
    found = value(node.value, inside)
    if isinstance(found, Module):
        from nndsl.resolve.modules import pick

        return pick(found, node, inside)
    if is_layer(found):
        found = as_flow(found, node.value, inside)
    if isinstance(found, Bundle):
        from nndsl.resolve.lists import pick_item

        return pick_item(found, node, inside)
    if isinstance(found, Var):
        return _index_tensor(found, node, inside)
    return statics.subscript(node, found, inside)


def _index_tensor(found: Var, node: tree.Subscript, cx: Context) -> Value:
    items = tuple(_index_item(i, cx) for i in node.items)
    try:
        type, operands = indexing.index(found.type, items, cx.builder.check)
    except Rejected as reason:
        raise fault(reason.code, reason.message, node.span, "", reason.help) from None
    index = operands[0] if len(operands) == 1 else _many(operands)
    return cx.builder.apply(Apply("op.getitem", (found, index)), type, node.span)


def _many(items: tuple[Any, ...]) -> Any:
    from nndsl.model.graph import Many

    return Many(items, "tuple")


def _index_item(node: tree.Expr, cx: Context) -> Any:
    from nndsl.model.graph import SliceArg, Special

    if isinstance(node, tree.Dots):
        return Special("...")
    if isinstance(node, tree.Slice):
        parts = (
            static(p, cx) if p is not None else None for p in (node.start, node.stop, node.step)
        )
        return SliceArg(*parts)
    return _operand_value(node, cx)


def _conditional(node: tree.Conditional, cx: Context) -> Value:
    from nndsl.resolve.conditions import conditional

    return conditional(node, cx)


def _tuple(node: tree.TupleExpr, cx: Context) -> Value:
    items = tuple(_operand_value(i, cx.plain()) for i in node.items)
    if any(map(flows, items)):
        return Bundle(items, "tuple")
    return statics.listing(items)


def _list(node: tree.ListExpr, cx: Context) -> Value:
    from nndsl.resolve.lists import list_literal

    return list_literal(node, cx.plain())


def _list_comp(node: tree.ListComp, cx: Context) -> Value:
    from nndsl.resolve.lists import list_comprehension

    return list_comprehension(node, cx)


def _stage_only(node: tree.ChainComp | tree.Repeat, cx: Context) -> Value:
    from nndsl.resolve.stages import stage_value

    return stage_value(node, cx, cx.flow)


def _call(node: tree.Call, cx: Context) -> Value:
    from nndsl.resolve.calls import call

    return call(node, cx)


def _misplaced(node: tree.Expr, cx: Context) -> Value:
    raise fault("E407", f"`{snippet(node)}` can only stand in an index", node.span, "not here")


_VALUES: dict[type, Callable[[Any, Context], Value]] = {
    tree.Name: _name,
    tree.Number: _number,
    tree.Constant: _constant,
    tree.String: _string,
    tree.Group: _group,
    tree.Pipeline: _pipeline,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Compare: _compare,
    tree.Attribute: _attribute,
    tree.Subscript: _subscript,
    tree.Conditional: _conditional,
    tree.TupleExpr: _tuple,
    tree.ListExpr: _list,
    tree.ListComp: _list_comp,
    tree.ChainComp: _stage_only,
    tree.Repeat: _stage_only,
    tree.Call: _call,
    tree.Slice: _misplaced,
    tree.Dots: _misplaced,
}

__all__ = [
    "Definition",
    "ModelAlias",
    "Template",
    "as_flow",
    "layer_value",
    "lookup",
    "operand",
    "snippet",
    "static",
    "tensor",
    "value",
]
