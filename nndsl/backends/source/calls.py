"""Calls and operators of Python text, in the order in which they run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from nndsl.record import dataclass

Columns = tuple[int, int]

WHOLE = (0, 0)
"""The columns of what isn't on one line, or of a line as such."""


@dataclass(frozen=True)
class Token:
    """One call or operator: what it is called, and where it stands (a line, or a span)."""

    word: str
    place: Any


def rooted(node: ast.AST | None, alias: dict[str, str]) -> str:
    """``self.name`` of whatever begins with it; ``self`` of ``self[0]``."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            return f"self.{node.attr}" if isinstance(node, ast.Attribute) else "self"
        node = node.value
    return alias.get(node.id, "") if isinstance(node, ast.Name) else ""


def last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def tokens(nodes: Iterable[ast.AST], alias: dict[str, str], early: bool = False) -> Iterator[Token]:
    """Calls and operators in the order in which they run; with ``early`` before their arguments."""
    for node in nodes:
        if isinstance(node, ast.For):
            _bind(node, alias)
        token = _token(node, alias)
        if token and early:
            yield token
        yield from tokens(_parts(node), alias, early)
        if token and not early:
            yield token


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What is inside a node, in the order in which it runs."""
    if isinstance(node, ast.IfExp):
        yield from (node.test, node.body, node.orelse)
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
        yield node.value
    elif isinstance(node, ast.ListComp | ast.GeneratorExp):
        yield from (*(g.iter for g in node.generators), node.elt)
    else:
        yield from ast.iter_child_nodes(node)


def _token(node: ast.AST, alias: dict[str, str]) -> Token | None:
    if isinstance(node, ast.Call):
        func = node.func
        child = rooted(func, alias) if not isinstance(func, ast.Name) else alias.get(func.id, "")
        word = last(func)
        if child and not (isinstance(func, ast.Attribute) and _is_method(func)):
            word = child
        return Token(word, _place(node, func if isinstance(func, ast.Attribute) else node))
    word = _operator(node)
    return Token(word, _place(node, node)) if isinstance(node, ast.expr) and word else None


def _place(node: ast.expr, reported: ast.expr) -> tuple[int, Columns]:
    """Where a traceback says that a node is: for a method called over several lines at its name."""
    if node.end_lineno == node.lineno:
        return node.lineno, (node.col_offset, node.end_col_offset or 0)
    line = reported.end_lineno if isinstance(reported, ast.Attribute) else node.lineno
    return line or node.lineno, WHOLE


def _is_method(func: ast.Attribute) -> bool:
    """``self.weight.view(...)``: a method of a tensor, not a child of a child."""
    return isinstance(func.value, ast.Attribute) and rooted(func.value, {}) != ""


_OPERATORS: dict[type, str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv",
    ast.Mod: "mod", ast.Pow: "pow", ast.MatMult: "matmul", ast.USub: "neg", ast.Invert: "invert",
    ast.BitAnd: "and_", ast.BitOr: "or_", ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt",
    ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge",
}  # fmt: skip


def _operator(node: ast.AST) -> str:
    if isinstance(node, ast.BinOp | ast.UnaryOp | ast.AugAssign):
        return _OPERATORS.get(type(node.op), "")
    if isinstance(node, ast.Compare):
        return _OPERATORS.get(type(node.ops[0]), "")
    if isinstance(node, ast.Subscript) and not rooted(node, {}):
        return "getitem"
    return ""


def _container(source: ast.AST) -> ast.AST:
    """What a loop goes through: ``self.layers`` of ``self.layers.values()`` or ``[1:]`` of it."""
    if isinstance(source, ast.Call) and last(source.func) in ("values", "children"):
        assert isinstance(source.func, ast.Attribute)
        return source.func.value
    return source.value if isinstance(source, ast.Subscript) else source


def _bind(loop: ast.For, alias: dict[str, str]) -> None:
    """Names of a loop's targets for the children that they are."""
    targets: list[ast.AST] = [loop.target]
    sources: list[ast.AST] = [loop.iter]
    while targets:
        target, source = targets.pop(0), _container(sources.pop(0))
        word = last(source.func) if isinstance(source, ast.Call) else ""
        if isinstance(target, ast.Tuple) and isinstance(source, ast.Call):
            given: list[ast.AST] = list(source.args)
            inner = target.elts[1:] if word == "enumerate" else target.elts
            targets += inner
            sources += given[: len(inner)] if word in ("enumerate", "zip") else []
            sources += [ast.Constant(None)] * (len(targets) - len(sources))
        elif isinstance(target, ast.Name):
            alias[target.id] = rooted(source, {"self": "self"})
