"""Rounds over lists of tensors that have become one variable: ``for y in ys``, ``enumerate(ys)``.

Such a list is gone through by its places, so that each round may make layers of its own. What
stands beside it in a ``zip`` is read at the same place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.functions import indexing
from nndsl.model import dims
from nndsl.model.expr import Call, Expr, Static, binary
from nndsl.model.graph import Apply, TupleType, Var
from nndsl.model.listing import item_at
from nndsl.model.listing import length as static_length
from nndsl.record import dataclass, replace
from nndsl.resolve.assigning import bind_name
from nndsl.resolve.context import Context
from nndsl.resolve.evaluate import static, value
from nndsl.resolve.running import Loop, known_range
from nndsl.resolve.tensor_lists import as_list, is_built, is_listable
from nndsl.resolve.values import Builtin, Bundle, flows
from nndsl.syntax import tree


@dataclass(frozen=True)
class Rounds:
    """What a loop goes over: how many items, and the item at a place. ``built``: tensors in it."""

    count: Static
    at: Callable[[Static], Any]
    built: bool


def over_built(node: tree.Expr, cx: Context) -> Rounds | None:
    """The rounds of a loop over built lists of which only the items' types are known, or None."""
    found = _rounds(node, cx.plain())
    return found if found is not None and found.built else None


def _rounds(node: tree.Expr, cx: Context) -> Rounds | None:
    if isinstance(node, tree.Group):
        return _rounds(node.inner, cx)
    if isinstance(node, tree.Call) and isinstance(node.func, tree.Name):
        found = cx.scope.get(node.func.id)
        parts = [a.value for a in node.args if a.value is not None and a.name is None]
        plain = len(parts) == len(node.args) and not any(a.star for a in node.args)
        if isinstance(found, Builtin) and found.name in _MADE and plain and parts:
            return _MADE[found.name](parts, cx)
    return _of_value(value(node, cx), node, cx)


def _of_value(found: Any, node: tree.Expr, cx: Context) -> Rounds | None:
    if isinstance(found, Bundle):
        found = _one_variable(found, node, cx)
    if is_built(found):
        return Rounds(found.type.length, lambda place: item(found, place, node, cx), True)
    if isinstance(found, Var) and isinstance(found.type, TupleType) and found.type.many:
        return None
    if flows(found) or not isinstance(found, tuple | Expr):
        return None
    return Rounds(static_length(found), lambda place: item_at(found, place), False)


def _one_variable(found: Bundle, node: tree.Expr, cx: Context) -> Any:
    return as_list(found, node, cx) if is_listable(found) else None


def item(found: Var, place: Static, node: tree.Node, cx: Context) -> Var:
    """One tensor of a list that is one variable."""
    type, _ = indexing.index(found.type, (place,), cx.builder.check)
    return cx.builder.apply(Apply("op.getitem", (found, place)), type, node.span)


def _enumerated(parts: list[tree.Expr], cx: Context) -> Rounds | None:
    inner = _rounds(parts[0], cx)
    if inner is None or len(parts) > 2:
        return None
    start = static(parts[1], cx) if len(parts) > 1 else 0

    def counted(place: Static) -> Any:
        return (place if start == 0 else binary("+", place, start)), inner.at(place)

    return Rounds(inner.count, counted, inner.built)


def _reversed(parts: list[tree.Expr], cx: Context) -> Rounds | None:
    inner = _rounds(parts[0], cx)
    if inner is None or len(parts) > 1:
        return None
    return Rounds(inner.count, lambda place: inner.at(binary("-", -1, place)), inner.built)


def _zipped(parts: list[tree.Expr], cx: Context) -> Rounds | None:
    found = [_rounds(part, cx) for part in parts]
    inner = [one for one in found if one is not None]
    if len(inner) < len(found):
        return None
    count = _least([dims.tidy(one.count) for one in inner], cx)
    return Rounds(
        count, lambda place: tuple(one.at(place) for one in inner), any(o.built for o in inner)
    )


def _least(counts: list[Any], cx: Context) -> Static:
    """The smallest of some lengths."""
    rest: list[Any] = []
    for one in dict.fromkeys(counts):
        check = cx.builder.check
        if not any(check.less(other, one) or check.same(other, one) for other in rest):
            rest = [other for other in rest if not check.less(one, other)] + [one]
    return rest[0] if len(rest) == 1 else Call("min", tuple(rest))


_MADE: dict[str, Callable[[list[tree.Expr], Context], Rounds | None]] = {
    "enumerate": _enumerated,
    "reversed": _reversed,
    "zip": _zipped,
}


def open_rounds(rounds: Rounds, cx: Context) -> Loop:
    """A loop over the places of its lists."""
    count = dims.tidy(rounds.count) if isinstance(rounds.count, Expr) else rounds.count
    inner = cx.inner()
    loop = Loop(None, Call("range", (count,)), cx.builder.size("i", "loop"), known_range(count))
    loop.cx = replace(inner, loop=loop)
    return loop


def name_items(target: tree.Target, found: Any, cx: Context) -> None:
    """Let what a round goes on with have the names that the loop gives it."""
    if isinstance(target, tree.Name) and isinstance(found, Var):
        cx.builder.rename(found, target.id, target.span)
    elif isinstance(target, tree.Name) and isinstance(found, Expr):
        cx.scope.set(target.id, bind_name(target.id, found, cx))
    elif isinstance(target, tree.TargetTuple) and isinstance(found, tuple):
        for part, inner in zip(target.items, found, strict=False):
            name_items(part, inner, cx)
