"""Any expression of the tree in one line, for messages and templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.syntax import tree as t


def expression_text(node: t.Node) -> str:
    """An expression in one line, spelled canonically."""
    return _PRINTERS[type(node)](node)


def _join(nodes: tuple[Any, ...], between: str = ", ") -> str:
    return between.join(map(expression_text, nodes))


def _string(node: t.String) -> str:
    return f"'{node.value}'" if '"' in node.value else f'"{node.value}"'


def _argument(node: t.Argument, equal: str = "=") -> str:
    if node.rest or node.value is None:
        return "..."
    value = expression_text(node.value)
    if node.star:
        return f"*{value}"
    if node.name is not None:
        return f"{node.name.id}{equal}{value}"
    return value if node.target is None else f"{value}->{expression_text(node.target)}"


def _call(node: t.Call) -> str:
    func = expression_text(node.func)
    return f"{func} {_join(node.args, ' ')}" if node.bare else f"{func}({_join(node.args)})"


def _subscript(node: t.Subscript) -> str:
    comma = "," if node.tuple_index and len(node.items) == 1 else ""
    return f"{expression_text(node.value)}[{_join(node.items)}{comma}]"


def _slice(node: t.Slice) -> str:
    start, stop, step = (
        "" if one is None else expression_text(one) for one in (node.start, node.stop, node.step)
    )
    return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"


def _unary(node: t.Unary) -> str:
    return f"{node.op}{' ' if node.op == 'not' else ''}{expression_text(node.operand)}"


def _binary(node: t.Binary) -> str:
    simple = node.op == "**" and all(
        isinstance(one, (t.Name, t.Number)) for one in (node.left, node.right)
    )
    between = node.op if simple else f" {node.op} "
    return expression_text(node.left) + between + expression_text(node.right)


def _compare(node: t.Compare) -> str:
    rest = (f" {op} {expression_text(one)}" for op, one in zip(node.ops, node.rest, strict=True))
    return expression_text(node.first) + "".join(rest)


def _conditional(node: t.Conditional) -> str:
    text = f"{expression_text(node.then)} if {expression_text(node.test)}"
    return text if node.orelse is None else f"{text} else {expression_text(node.orelse)}"


def _tuple(node: t.TupleExpr | t.TargetTuple) -> str:
    return f"({_join(node.items)}{',' if len(node.items) == 1 else ''})"


def _clause(node: t.Clause) -> str:
    target = expression_text(node.target)
    if isinstance(node.target, t.TargetTuple):
        target = target[1:-1]
    tests = "".join(f" if {expression_text(test)}" for test in node.tests)
    return f"for {target} in {expression_text(node.iterable)}{tests}"


def _comprehension(node: t.ListComp | t.ChainComp) -> str:
    return f"{expression_text(node.element)} {_join(node.clauses, ' ')}"


def _repeat(node: t.Repeat) -> str:
    between = " " if isinstance(node.count, t.Name) else ""
    return f"{expression_text(node.body)} x{between}{expression_text(node.count)}"


def _stage(node: t.Stage) -> str:
    label = "" if node.label is None else f"{expression_text(node.label)}: "
    alias = "" if node.alias is None else f" as {expression_text(node.alias)}"
    return f"{label}{'*' if node.splice else ''}{expression_text(node.value)}{alias}"


_PRINTERS: dict[type, Callable[[Any], str]] = {
    t.Name: lambda node: node.id,
    t.Number: lambda node: node.span.text,
    t.String: _string,
    t.Constant: lambda node: str(node.value),
    t.Argument: _argument,
    t.Call: _call,
    t.Attribute: lambda node: f"{expression_text(node.value)}.{node.name.id}",
    t.Slice: _slice,
    t.Dots: lambda node: "...",
    t.Subscript: _subscript,
    t.Unary: _unary,
    t.Binary: _binary,
    t.Compare: _compare,
    t.Conditional: _conditional,
    t.Group: lambda node: f"({expression_text(node.inner)})",
    t.TupleExpr: _tuple,
    t.TargetTuple: _tuple,
    t.ListExpr: lambda node: f"[{_join(node.items)}]",
    t.Clause: _clause,
    t.ListComp: lambda node: f"[{_comprehension(node)}]",
    t.ChainComp: lambda node: f"({_comprehension(node)})",
    t.Repeat: _repeat,
    t.Stage: _stage,
    t.Pipeline: lambda node: _join(node.stages, " | "),
}
