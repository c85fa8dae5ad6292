"""Operators: on numbers at construction, on tensors when the model runs."""

from __future__ import annotations

from typing import Any

from nndsl.functions import operators
from nndsl.model import expr as ex
from nndsl.model.graph import Apply, ListType, NoneType, RunTest, TensorType, TupleType, Var
from nndsl.model.spec import Rejected
from nndsl.model.text import shape as shape_text
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.born import born
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import as_flow, snippet, value
from nndsl.resolve.joined import is_counted
from nndsl.resolve.lists import join
from nndsl.resolve.values import (
    FAILED,
    Builtin,
    Bundle,
    Module,
    UserFunction,
    Value,
    flows,
    is_layer,
)
from nndsl.syntax import tree


def unary(node: tree.Unary, cx: Context) -> Value:
    found = operand_value(node.operand, cx.plain())
    if is_layer(found) or flows(found):
        found = as_flow(found, node.operand, cx.plain())
        return _tensor_operation(node, (found,), cx)
    try:
        return ex.unary(node.op, found)
    except TypeError:
        kind = statics.kind_of(found)
        raise fault("E205", f"`{node.op}` does not work on {kind}", node.span, kind) from None


def binary(node: tree.Binary, cx: Context) -> Value:
    inside = cx.plain()
    left = _left(node, inside)
    if node.op in ("and", "or") and not flows(left):
        return _connect(node, left, inside)
    right = operand_value(node.right, inside)
    if any(isinstance(side, Bundle) or is_counted(side) for side in (left, right)):
        return _join_lists(node, left, right, cx)
    if flows(left) or flows(right):
        return _tensor_operation(node, (left, right), cx)
    return statics.binary(node, left, right, cx)


def _left(node: tree.Binary, cx: Context) -> Value:
    """The left side; of ``linear -3`` it says that the number is no argument."""
    try:
        return operand_value(node.left, cx)
    except Fault as problem:
        bare = isinstance(node.left, tree.Name) and node.op == "-"
        if problem.diagnostic.code != "E203" or not bare or not _is_signed(node):
            raise
        text = f"{snippet(node.left)}(-{snippet(node.right)})"
        help = f"`-` subtracts here; a negative argument stands in parentheses: `{text}`"
        raise Fault(replace(problem.diagnostic, help=help)) from None


def _is_signed(node: tree.Binary) -> bool:
    """Whether a minus stands at its right side and apart from its left: ``linear -3``."""
    between = node.span.source.text[node.left.span.end : node.right.span.start]
    return between != between.lstrip() and between == between.rstrip()


def _connect(node: tree.Binary, left: Value, cx: Context) -> Value:
    """``and`` / ``or``: what the left side decides alone leaves the right one unread."""
    truth = cx.builder.decide(left)
    if truth is not None and truth == (node.op == "or"):
        return truth if isinstance(left, ex.Expr) else left
    if truth is not None:
        return operand_value(node.right, cx)
    with cx.builder.assuming(left, node.op == "and"):
        right = operand_value(node.right, cx)
    if flows(right):
        raise fault("E205", f"`{node.op}` joins a static value and a tensor", node.span, "mixed")
    return ex.Op(node.op, (left, right))


def operand_value(node: tree.Expr, cx: Context) -> Value:
    """An operand: a layer is applied to what flows in, a static value stays one."""
    found = value(node, cx)
    if is_layer(found) or isinstance(found, Module | Builtin | UserFunction):
        return as_flow(found, node, cx)
    if found is FAILED:
        raise Cascade
    if isinstance(found, RunTest):
        raise fault(
            "E405",
            f"`{snippet(node)}` is only known when the model runs",
            node.span,
            "no value",
            help="ask it in an `if`",
        )
    return found


def _join_lists(node: tree.Binary, left: Value, right: Value, cx: Context) -> Value:
    if node.op != "+":
        raise fault("E205", f"`{node.op}` does not work on lists of tensors", node.span, "a list")
    return join(left, right, node, cx)


def _tensor_operation(
    node: tree.Unary | tree.Binary, operands: tuple[Any, ...], cx: Context
) -> Value:
    b = cx.builder
    for found, part in zip(operands, _parts(node), strict=True):
        _one_tensor(found, part)
        given(found, part)
    try:
        if len(operands) == 1:
            type, fn = operators.unary(node.op, operands[0])
        else:
            type, fn = operators.binary(node.op, operands[0], operands[1], b.check)
    except Rejected as reason:
        made = [label for one in operands for label in born(one, node.span, b)]
        raise fault(
            reason.code, reason.message, node.span, _shapes(operands), reason.help, made
        ) from None
    except ex.Undecided as reason:
        if cx.general:
            raise
        what = f"which kind of number `{node.op}` takes"
        raise statics.undecided(reason.name, node.span, what) from None
    return b.apply(Apply(fn, operands), type, node.span)


def _parts(node: tree.Unary | tree.Binary) -> tuple[tree.Expr, ...]:
    return (node.operand,) if isinstance(node, tree.Unary) else (node.left, node.right)


def given(found: Any, node: tree.Expr) -> None:
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
    if found is None:
        raise fault(
            "E205",
            f"`{snippet(node)}` is None here",
            node.span,
            "left out",
            help=f"decide with `if {snippet(node)} is None:`",
        )
    if isinstance(found, str | tuple | Bundle | ex.Listing):
        raise fault(
            "E205", f"`{snippet(node)}` is no tensor and no number", node.span, "used with a tensor"
        )


def _shapes(operands: tuple[Any, ...]) -> str:
    return " and ".join(
        shape_text(o.type.shape, o.type.lead)
        for o in operands
        if isinstance(o, Var) and isinstance(o.type, TensorType)
    )


def compare(node: tree.Compare, cx: Context) -> Value:
    inside = cx.plain()
    if (test := none_test(node, inside)) is not None:
        return test
    names = [part.id for part in (node.first, *node.rest) if isinstance(part, tree.Name)]
    if len(names) > len(node.rest) and all(is_layer(cx.scope.get(name)) for name in names):
        raise fault(
            "E405",
            "layers can't be compared",
            node.span,
            "which layer was passed is not asked",
            help="pass what decides too, as a bool or a text",
        )
    found = [operand_value(part, inside) for part in (node.first, *node.rest)]
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


def none_test(node: tree.Compare, cx: Context) -> Value | None:
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
