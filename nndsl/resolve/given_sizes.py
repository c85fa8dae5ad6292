"""Sizes that a passed layer gives and that the definition it is passed to can't ask of it.

``wrap((linear 8 | relu))``: what comes out of the pipeline, no module tells; who passes it knows.
So the size is a parameter of the definition's constructor, which each caller gives.
"""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Expr, Name, Static, Undecided, names_in, substitute
from nndsl.model.graph import TensorType, Var
from nndsl.record import dataclass, replace
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context
from nndsl.resolve.values import Arguments
from nndsl.syntax import tree


@dataclass(frozen=True)
class GivenSize:
    """An axis of what a layer parameter makes of a tensor."""

    parameter: Name
    flow: TensorType
    arguments: Arguments
    keywords: tuple[tuple[str, Any], ...]
    axis: int
    asked: bool = False  # the constructor asks its child; callers need not


def note(
    parameter: Name, flow: TensorType, call: tuple[Arguments, Any], axis: int, cx: Context
) -> Name:
    """A name for a size that only who passes the layer knows."""
    b = cx.builder
    rank = len(flow.shape or ())
    kind = "channels" if rank > 2 and axis == 1 else "features" if axis == rank - 1 else "size"
    name = b.size(f"{parameter.id}_{kind}", "size")
    b.lost[name] = Undecided(parameter)
    remember(name, GivenSize(parameter, flow, *call, axis), cx)
    return name


def remember(name: Name, one: GivenSize, cx: Context) -> None:
    """Let callers tell a size, if it follows from what they give."""
    roles = {n.role for size in one.flow.shape or () for n in names_in(size)}
    if roles <= {"size", "param", "constant"}:
        cx.builder.given[name] = one


def needed(given: dict[Name, GivenSize]) -> list[Name]:
    """The sizes that nobody but the callers knows."""
    return [name for name, one in given.items() if not one.asked]


def told_by_caller(
    child: Builder, values: dict[str, Any], table: dict[Name, Any], cx: Context, node: tree.Expr
) -> dict[Name, Static]:
    """What the layers that are passed here give, in the caller's terms. ``values``: those of all
    parameters, defaults too; ``table``: what the child's other names stand for."""
    found: dict[Name, Static] = {}
    for name, one in child.given.items():
        size = _size(one, values.get(one.parameter.id), {**table, **found}, cx, node)
        if size is not None and not any(n.scope == child.scope for n in names_in(size)):
            found[name] = size
    return found


def _size(
    one: GivenSize, layer: Any, table: dict[Name, Any], cx: Context, node: tree.Expr
) -> Static | None:
    from nndsl.resolve.parametric import shared_axis, try_layer

    def outer(value: Any) -> Any:
        return substitute(value, table) if isinstance(value, Expr) else value

    flow = replace(one.flow, shape=tuple(map(outer, one.flow.shape or ())))
    if layer is None:
        return None
    plain = one.arguments.empty and not one.keywords
    if isinstance(layer, Name):
        if plain and (shared := shared_axis(layer, flow, one.axis, cx, node)) is not None:
            return shared
        if one.asked:
            return None
        return note(layer, flow, (one.arguments, one.keywords), one.axis, cx)
    if not plain:
        return None
    try:
        tensor = Var(0, "x", flow)
        trial = try_layer(layer, one.arguments, (tensor,), (), cx, node, one.parameter)
    except Undecided:
        return None
    size: Static = (trial.output.shape or ())[one.axis]
    stands = dict(zip(trial.stand_in, flow.shape or (), strict=True))
    size = substitute(size, stands) if isinstance(size, Expr) else size
    return None if any(n.scope == trial.builder.scope for n in names_in(size)) else size
