"""Static parameters of a general block: names with types, defaults as expressions."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Expr, Name, Static, Undecided
from nndsl.model.graph import StaticParameter
from nndsl.record import replace
from nndsl.resolve.context import Context
from nndsl.resolve.parameters import default_of
from nndsl.resolve.passed import PassedLayer
from nndsl.resolve.scope import Scope
from nndsl.resolve.values import Definition, is_layer
from nndsl.syntax import tree

_KINDS = {bool: "bool", int: "int", float: "float", str: "str", tuple: "list"}


def bind_general(
    definition: Definition, pinned: dict[str, Any], uses: list[Any], cx: Context
) -> list[StaticParameter]:
    """Bind every parameter to its name, a pinned one to its value."""
    if isinstance(definition.tree, tree.Activation):
        return _activation(definition.tree, pinned, uses, cx)
    found: list[StaticParameter] = []
    for one in definition.tree.statics:
        name = one.name.id
        if name in pinned:
            cx.scope.set(name, pinned[name])
            continue
        values = [u.values[name] for u in uses if name in u.values]
        default: Any = default_of(one, cx) if one.default is not None else None
        kind = kind_of_parameter(one, default, values)
        optional = None in values or one.default is not None and default is None
        made = cx.builder.size(name, "param", None, kind + ("?" if optional else ""))
        if one.type is None and (_mixed((*values, default)) or kind == "layer" and optional):
            raise Undecided(made)  # a number for some uses, a list for others; a layer or none
        if any(map(_holds_layers, (*values, default))):
            raise Undecided(made)
        found.append(_parameter(one, made, kind, default, optional, definition, cx))
        cx.scope.set(name, made)
        _sample(made, values, cx)
    return found


def with_defaults(definition: Definition, values: dict[str, Any], cx: Context) -> dict[str, Any]:
    """The values of a use, and behind them the defaults of what it leaves out."""
    if isinstance(definition.tree, tree.Activation):
        return values
    there = replace(cx.plain(), scope=Scope(definition.scope, is_body=True), flow=None)
    found: dict[str, Any] = {}
    for one in definition.tree.statics:
        name = one.name.id
        if name not in values and one.default is None:
            continue
        found[name] = values[name] if name in values else default_of(one, there)
        there.scope.set(name, found[name])
    return found


def _parameter(
    one: tree.StaticParam,
    name: Name,
    kind: str,
    default: Any,
    optional: bool,
    definition: Definition,
    cx: Context,
) -> StaticParameter:
    if is_layer(default):
        default = PassedLayer(default, cx, (id(definition.tree), name.id))
    if kind == "layer":
        cx.builder.groups[name.id] = (id(definition.tree), name.id)
    return StaticParameter(name, kind, default, one.default is None, optional)


def _sample(name: Name, values: list[Any], cx: Context) -> None:
    plain = [v for v in values if not isinstance(v, Expr)]
    if plain:
        cx.builder.samples[name] = next((v for v in plain if v is not None), plain[0])
    samples = cx.builder.check.samples  # type: ignore[attr-defined]
    while len(samples) < len(values):
        samples.append({})
    for env, value in zip(samples, values, strict=False):
        env[name] = value


def kind_of_parameter(one: tree.StaticParam, default: Any, values: list[Any]) -> str:
    """The type: as annotated, else as the default and the values met suggest."""
    if one.type is not None:
        return one.type.name if one.type.item is None else f"{one.type.name}[{one.type.item}]"
    seen = [v for v in (*values, default) if v is not None]
    if any(map(is_layer, seen)):
        return "layer"
    kinds = {kind_of_value(v) for v in seen}
    if kinds == {"int", "float"}:
        return "float"
    return kinds.pop() if len(kinds) == 1 else "any" if kinds else "int"


def _mixed(values: tuple[Any, ...]) -> bool:
    return len({kind_of_value(v).startswith("list") for v in values if v is not None}) > 1


def _holds_layers(value: Any) -> bool:
    """Whether there are layers in a list."""
    return isinstance(value, tuple) and any(is_layer(v) or _holds_layers(v) for v in value)


def kind_of_value(value: Static) -> str:
    """The type of a value, lists with that of their items."""
    if isinstance(value, Name):
        return value.type.rstrip("?")
    if isinstance(value, tuple):
        items = {kind_of_value(v) for v in value}
        return (
            f"list[{items.pop()}]" if len(items) == 1 and "list" not in "".join(items) else "list"
        )
    return _KINDS.get(type(value), "int" if isinstance(value, Expr) else "any")


def _activation(
    node: tree.Activation, pinned: dict[str, Any], uses: list[Any], cx: Context
) -> list[StaticParameter]:
    """Where the parameters of an activation begin can be set at construction."""
    from nndsl.resolve.evaluate import static

    found: list[StaticParameter] = []
    for one in node.params:
        name = one.name.id
        default = static(one.default, cx)
        kind = "float" if not one.const or isinstance(default, float) else "int"
        default = float(default) if kind == "float" and isinstance(default, int) else default
        values = [u.values[name] for u in uses if name in u.values]
        if name in pinned:
            cx.builder.starts[name] = pinned.get(name, default)
            continue
        made = cx.builder.size(name, "param", None, kind)
        cx.builder.starts[name] = made
        found.append(StaticParameter(made, kind, default, False))
        _sample(made, values, cx)
    return found
