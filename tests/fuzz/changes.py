"""Places of a source file that can be changed, and what each becomes.

A comparison is turned around, a condition negated, ``and`` put for ``or``, ``not`` left out, the
two sides of a conditional exchanged, a number made one more, a ``raise`` left out, and what is
returned made ``None`` or its opposite. Assertions are left alone: they hold anyway.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_TURNED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_RETURNED = {"True": "False", "False": "True"}
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_LEFT_ALONE = ("annotation", "returns", "type_comment", "decorator_list")
"""What is only written for readers and type checkers."""


@dataclass(frozen=True)
class Change:
    """One place of a file and the text that is put there."""

    path: str
    kind: str
    place: tuple[int, int, int, int]
    """First line and column, last line and column, as in a syntax tree."""
    old: str
    new: str
    statement: int
    """The line of the statement that the place stands in."""
    called: bool
    """Whether it stands in a function; elsewhere it runs when the file is imported."""

    def __str__(self) -> str:
        return f"{self.path}:{self.place[0]}: {self.old} -> {self.new}"

    def applied(self, text: bytes) -> bytes:
        """The file with this place changed."""
        first, begin, last, end = self.place
        lines = text.splitlines(keepends=True)
        head, tail = lines[first - 1][:begin], lines[last - 1][end:]
        lines[first - 1 : last] = [head + self.new.encode() + tail]
        return b"".join(lines)


def changes(path: str, text: str) -> Iterator[Change]:
    """Every change of a file, one for each place and kind."""
    yield from _within(ast.parse(text), path, 0, False)


def _within(node: ast.AST, path: str, statement: int, called: bool) -> Iterator[Change]:
    if isinstance(node, ast.stmt):
        statement = node.lineno
    if isinstance(node, ast.JoinedStr | ast.Assert) or _checked_only(node):
        return
    for kind, old, new in _changed(node):
        place = (old.lineno, old.col_offset, old.end_lineno or 0, old.end_col_offset or 0)
        yield Change(path, kind, place, ast.unparse(old), new, statement, called)
    for name, value in ast.iter_fields(node):
        inner = called or (isinstance(node, _FUNCTION) and name == "body")
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name not in _LEFT_ALONE:
                yield from _within(child, path, statement, inner)


def _checked_only(node: ast.AST) -> bool:
    """Whether a block is there for type checkers alone."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _changed(node: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt, str]]:
    """What kind of change, which node is replaced, and by what."""
    match node:
        case ast.Compare(left, [operator], [right]):
            new = f"({ast.unparse(left)} {_TURNED[type(operator)]} {ast.unparse(right)})"
            yield "comparison", node, new
        case ast.BoolOp(operator, values):
            other = " or " if isinstance(operator, ast.And) else " and "
            yield "and/or", node, "(" + other.join(f"({ast.unparse(v)})" for v in values) + ")"
        case ast.UnaryOp(ast.Not(), operand):
            yield "not", node, f"({ast.unparse(operand)})"
        case ast.IfExp(test, then, orelse):
            sides = (ast.unparse(one) for one in (orelse, test, then))
            yield "sides", node, "(({}) if ({}) else ({}))".format(*sides)
        case ast.Constant(int() as value) if type(value) is int and value < 10:
            yield "number", node, str(value + 1)
        case ast.Raise(ast.expr()):
            yield "raise", node, "pass"
        case ast.Return(ast.expr() as value) if ast.unparse(value) != "None":
            yield "return", value, _RETURNED.get(ast.unparse(value), "None")
        case ast.If(test) | ast.While(test) if _plain(test):
            yield "condition", test, f"(not ({ast.unparse(test)}))"
        case ast.comprehension(ifs=[*tests]):
            for test in filter(_plain, tests):
                yield "condition", test, f"(not ({ast.unparse(test)}))"


def _plain(test: ast.expr) -> bool:
    """Whether a condition isn't changed anyway as a comparison, ``and``, ``or`` or ``not``."""
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    turned = isinstance(test, ast.Compare) and len(test.ops) == 1
    return not (negated or turned or isinstance(test, ast.BoolOp))
