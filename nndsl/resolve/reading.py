"""Looking at an expression before it is resolved: does it hold a tensor, does it read the flow?

Which is which is decided by the names alone.
"""

from __future__ import annotations

from typing import Any

from nndsl.model.graph import Var
from nndsl.resolve.context import Context
from nndsl.resolve.scope import MISSING
from nndsl.resolve.values import Builtin, Bundle, Module, UserFunction, is_layer
from nndsl.syntax import tree


def _found(name: tree.Name, cx: Context) -> Any:
    return cx.scope.get(name.id)


def holds_tensor(node: object, cx: Context) -> bool:
    """Whether a tensor occurs in an expression: ``_``, a name of one, or a layer to be applied."""
    return _search(node, cx, everything=True)


def reads_flow(node: object, cx: Context) -> bool:
    """Whether an expression reads the tensor flowing in: ``_``, or a layer, at any depth."""
    return _search(node, cx, everything=False)


def begins_with_tensor(node: tree.Expr, cx: Context) -> bool:
    """Whether a pipeline begins with a tensor of its own, so that it is no layer to be applied."""
    if isinstance(node, tree.Group):
        return begins_with_tensor(node.inner, cx)
    if isinstance(node, tree.Conditional):
        sides = (node.then, node.orelse)
        return any(begins_with_tensor(side, cx) for side in sides if side is not None)
    if not isinstance(node, tree.Pipeline):
        return False
    first = node.stages[0].value
    return holds_tensor(first, cx) and not reads_flow(first, cx)


def _search(node: object, cx: Context, everything: bool) -> bool:
    if isinstance(node, tree.Name):
        return _name(node, cx, everything)
    if isinstance(node, tree.Call):
        return _call(node, cx, everything)
    if isinstance(node, tree.Pipeline):
        return _search(node.stages[0].value, cx, everything) or (
            everything and any(_search(s.value, cx, True) for s in node.stages[1:])
        )
    if isinstance(node, tree.Attribute):
        return _search(node.value, cx, everything)
    if isinstance(node, tree.String):
        return False
    if isinstance(node, tuple):
        return any(_search(part, cx, everything) for part in node)
    if isinstance(node, tree.Node):
        return any(_search(v, cx, everything) for k, v in vars(node).items() if k != "span")
    return False


def _name(node: tree.Name, cx: Context, everything: bool) -> bool:
    if node.id == "_":
        return True
    found = _found(node, cx)
    if found is MISSING:
        return False
    if is_layer(found):
        return True
    return everything and isinstance(found, Var | Bundle | Module)


def _gives_number(found: Builtin) -> bool:
    return found.name == "len" or found.function is not None and found.function.number


def _call(node: tree.Call, cx: Context, everything: bool) -> bool:
    """A layer reads the flow unless its tensors are given; a function through its arguments.

    What gives a number may read the flow, but holds no tensor.
    """
    func = node.func
    if isinstance(func, tree.Call | tree.Subscript):
        return everything or _search(node.args, cx, False)
    if not isinstance(func, tree.Name):
        return _search(node.args, cx, everything)
    found = _found(func, cx)
    if isinstance(found, Module):
        return everything or _search(node.args, cx, False)
    if isinstance(found, Builtin) and _gives_number(found):
        return not everything and _search(node.args, cx, False)
    if isinstance(found, Builtin) and (found.function is not None or found.static):
        layer = found.layer is not None and not holds_tensor(node.args, cx)
        creates = everything and found.function is not None and found.function.creates
        return layer or creates or _search(node.args, cx, everything)
    if isinstance(found, UserFunction):
        return _search(node.args, cx, everything)
    return is_layer(found)
