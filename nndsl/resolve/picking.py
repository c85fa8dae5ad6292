"""Parts of values: named outputs, items, stretches."""

from __future__ import annotations

from typing import Any

from nndsl.functions import indexing
from nndsl.functions.absent import INSTEAD
from nndsl.functions.entry import limit
from nndsl.layers.matching import minimum
from nndsl.model.expr import Undecided
from nndsl.model.graph import Apply, TensorType, TupleType, Var
from nndsl.model.nearest import suggest
from nndsl.model.spec import Layer, Rejected
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import as_flow, snippet, static, tensor, value
from nndsl.resolve.operating import operand_value
from nndsl.resolve.tensor_lists import by_own_length, is_built
from nndsl.resolve.values import (
    Builtin,
    Bundle,
    Module,
    Value,
    is_layer,
)
from nndsl.syntax import tree

_PARAMETERS = ("weight", "bias")


def attribute(node: tree.Attribute, cx: Context) -> Value:
    owner = cx.scope.get(node.value.id) if isinstance(node.value, tree.Name) else None
    if isinstance(owner, Module) and node.name.id in _PARAMETERS:
        raise fault(
            "E211",
            f"`{snippet(node)}` can't be read: a module is only called",
            node.name.span,
            "inside the module",
            help="declare a tensor for several uses, `param w: ...` and `x @ w`; "
            "two layers share one by `tie`",
        )
    found = tensor(node.value, cx.plain())
    names = (
        found.type.names if isinstance(found, Var) and isinstance(found.type, TupleType) else None
    )
    if isinstance(found, Bundle):
        names = found.names
    if names is None and node.name.id in INSTEAD:
        raise fault(
            "E211",
            f"tensors have no `{node.name.id}` here",
            node.name.span,
            "names have no dots",
            help=INSTEAD[node.name.id],
        )
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


def subscript(node: tree.Subscript, cx: Context) -> Value:
    inside = cx.plain()
    found = value(node.value, inside)
    if isinstance(found, Module):
        from nndsl.resolve.modules import pick

        return pick(found, node, inside)
    if is_layer(found):
        _check_sizes(found, node)
        found = as_flow(found, node.value, inside)
    if isinstance(found, Bundle):
        from nndsl.resolve.lists import pick_item

        return pick_item(found, node, inside)
    if isinstance(found, Var):
        return index_tensor(found, node, inside)
    return statics.subscript(node, found, inside)


def _check_sizes(found: Any, node: tree.Subscript) -> None:
    """``linear[256]``: sizes are given in parentheses."""
    entry = found.layer if isinstance(found, Builtin) else None
    if isinstance(entry, Layer) and minimum(entry):
        index = ", ".join(snippet(item) for item in node.items)
        raise fault(
            "E203",
            f"`{snippet(node.value)}` is given its sizes in parentheses",
            node.span,
            "an index",
            help=f"write `{snippet(node.value)}({index})`",
        )


def index_tensor(found: Var, node: tree.Subscript, cx: Context) -> Value:
    items = tuple(_index_item(i, cx) for i in node.items)
    try:
        type, operands = indexing.index(found.type, items, cx.builder.check)
        limit(type)
    except Rejected as reason:
        raise fault(reason.code, reason.message, node.span, "", reason.help) from None
    except Undecided as reason:
        if cx.general:
            raise
        what = "a place in a list of tensors"
        raise statics.undecided(reason.name, node.span, what) from None
    type = _picked(type, operands, cx)
    if is_built(found):
        operands = tuple(by_own_length(one, found, cx) for one in operands)
    index = operands[0] if len(operands) == 1 else _many(operands)
    return cx.builder.apply(Apply("op.getitem", (found, index)), type, node.span)


def _picked(type: Any, operands: tuple[Any, ...], cx: Context) -> Any:
    """With a name for how many places a mask picks; one mask always picks as many."""
    shape = type.shape if isinstance(type, TensorType) else None
    if shape is None or indexing.PICKED not in shape:
        return type
    mask = next(one for one in operands if isinstance(one, Var))
    b = cx.builder
    name = b.picked.get(mask.id) or b.size("rows")
    b.picked[mask.id] = name
    return replace(type, shape=tuple(name if s is indexing.PICKED else s for s in shape))


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
    return operand_value(node, cx)
