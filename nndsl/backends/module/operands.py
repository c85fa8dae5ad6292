"""Operands as Python syntax trees: variables, numbers, sizes read at run time, members."""

from __future__ import annotations

import ast
import keyword
from typing import Any

from nndsl.backends.module.errors import NOT_CONCRETE, fail, undecided
from nndsl.backends.module.statics import Env, decided, plain_path, settle
from nndsl.model import expr
from nndsl.model.expr import Name, Static, evaluate, substitute
from nndsl.model.graph import Dtype, ListType, Many, Operand, SliceArg, Special, TupleType, Var
from nndsl.record import dataclass, field, replace
from nndsl.source import Span

_LOAD = ast.Load()

_ARITHMETIC: dict[str, type[ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div,
    "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow,
}  # fmt: skip
_COMPARISON: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq, "!=": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE,
    "in": ast.In, "not in": ast.NotIn, "is": ast.Is, "is not": ast.IsNot,
}  # fmt: skip
_UNARY: dict[str, type[ast.unaryop]] = {"neg": ast.USub, "pos": ast.UAdd, "not": ast.Not}
TRAINING = "%training"
"""The hidden argument of a function that needs to know the mode."""

_DTYPES = {"int": "int64", "bool": "bool"}


@dataclass
class Scope:
    """What names stand for at one place of a function.

    ``vars`` gives a variable's local name, ``sizes`` the local that holds an axis of a local,
    ``names`` the local that holds a static name whose value is only known at run time.
    """

    env: Env = field(default_factory=Env)
    vars: dict[int, str] = field(default_factory=dict)
    sizes: dict[tuple[str, int], str] = field(default_factory=dict)
    names: dict[Name, str] = field(default_factory=dict)

    def branch(self) -> Scope:
        """A scope for statements that may not happen: it sees this one, which doesn't see it."""
        return Scope(self.env.copy(), dict(self.vars), dict(self.sizes), dict(self.names))


@dataclass(frozen=True)
class Unit:
    """What a function is written from: where sizes come from, how members are reached.

    ``containers`` says what a path of children holds: ``list``, ``dict``, ``names`` (reached by
    name alone); every other path is a module with attributes. ``members`` are own tensors.
    """

    origins: dict[Name, tuple[Var, int]]
    containers: dict[tuple[str, ...], str] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    has_self: bool = True
    span: Span | None = None


class Operands:
    """Writes operands of one function. ``span`` is the place of the statement at hand."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.span: Span | None = unit.span
        self.uses_training = False

    def hold(self, value: ast.expr, hint: str, tensor: bool = True) -> str:
        """Put a value into a new local and give its name."""
        raise NotImplementedError

    # -------------------------------------------------------------- operands

    def operand(self, value: Operand, scope: Scope) -> ast.expr:
        """Anything that an operation may take."""
        if isinstance(value, Var):
            return self.variable(value, scope)
        if isinstance(value, Many):
            return self.many(value, scope)
        if isinstance(value, SliceArg):
            parts = [self.operand(p, scope) for p in (value.start, value.stop, value.step)]
            return call(load("expr.slice"), *parts)
        if isinstance(value, Special):
            return self.special(value, scope)
        if isinstance(value, Dtype):
            if value.name == "float":
                return call(dotted("torch.get_default_dtype"))
            return dotted(f"torch.{_DTYPES[value.name]}")
        return self.static(value, scope)

    def variable(self, var: Var, scope: Scope) -> ast.expr:
        if var.id in scope.vars:
            return load(scope.vars[var.id])
        if var.id in self.unit.members:
            return ast.Attribute(load("self"), self.unit.members[var.id], _LOAD)
        if var.member is not None:
            *owner, name = plain_path(var.member, scope.env)
            return ast.Attribute(self.child(tuple(owner)), name, _LOAD)
        raise fail(NOT_CONCRETE, f"`{var.name or var.id}` is read before it is made", self.span)

    def many(self, value: Many, scope: Scope) -> ast.expr:
        parts = [self.operand(item, scope) for item in value.items]
        return ast.Tuple(parts, _LOAD) if value.kind == "tuple" else ast.List(parts, _LOAD)

    def special(self, value: Special, scope: Scope) -> ast.expr:
        if value.kind == "training":
            return self.training()
        if value.kind in ("...", "ellipsis"):
            return ast.Constant(...)
        if value.of is None or value.kind not in ("device", "dtype"):
            raise fail(NOT_CONCRETE, f"`{value.kind}` of nothing", self.span)
        return ast.Attribute(self.variable(value.of, scope), value.kind, _LOAD)

    def training(self) -> ast.expr:
        """The mode of the module; a function is told it by its caller."""
        self.uses_training = True
        if self.unit.has_self:
            return ast.Attribute(load("self"), "training", _LOAD)
        return load(TRAINING)

    def index(self, value: Operand, scope: Scope) -> ast.expr:
        """What stands between the brackets of an index."""
        if isinstance(value, Many) and value.kind == "tuple":
            return ast.Tuple([self.index(item, scope) for item in value.items], _LOAD)
        if isinstance(value, SliceArg):
            bounds = (value.start, value.stop, value.step)
            return ast.Slice(*(None if b is None else self.operand(b, scope) for b in bounds))
        return self.operand(value, scope)

    def child(self, path: tuple[str, ...]) -> ast.expr:
        """A child module, reached as a person would."""
        node: ast.expr = load("self")
        for at, part in enumerate(path):
            kind = self.unit.containers.get(path[:at], "module")
            if kind in ("list", "dict"):
                key = ast.Constant(int(part) if kind == "list" else part)
                node = ast.Subscript(node, key, _LOAD)
            elif kind == "module" and part.isidentifier() and not keyword.iskeyword(part):
                node = ast.Attribute(node, part, _LOAD)
            else:
                members = ast.Attribute(node, "_modules", _LOAD)
                node = ast.Subscript(members, ast.Constant(part), _LOAD)
        return node

    # -------------------------------------------------------------- static values

    def static(self, value: Static, scope: Scope) -> ast.expr:
        """A number where it is known, else arithmetic on sizes that are read at run time."""
        settled = self.settled(value, scope)
        if decided(settled):
            return self.constant(settled)
        return self.expression(settled, scope)

    def settled(self, value: Static, scope: Scope) -> Static:
        """The plain value, or the expression with everything put in that is known here."""
        if scope.names:
            # a local overrules what its name meant elsewhere
            value = substitute(value, {n: replace(n, meaning=None) for n in scope.names})
        return settle(value, scope.env)

    def constant(self, value: Any) -> ast.expr:
        if isinstance(value, tuple | list):
            return ast.Tuple([self.constant(v) for v in value], _LOAD)
        if value is None or isinstance(value, bool | int | float | str):
            return ast.Constant(value)
        what = type(value).__name__
        raise fail(NOT_CONCRETE, f"a {what} can't be an argument at run time", self.span)

    def expression(self, value: Static, scope: Scope) -> ast.expr:
        """A size as Python arithmetic."""
        if isinstance(value, Name):
            return self.name(value, scope)
        if isinstance(value, expr.Op):
            return operator(value.op, [self.expression(a, scope) for a in value.args])
        if isinstance(value, expr.Call):
            args = [self.expression(a, scope) for a in value.args]
            return call(load(f"expr.{value.fn}"), *args)
        if isinstance(value, expr.Cond):
            cases = [self.expression(p, scope) for p in (value.test, value.then, value.orelse)]
            return ast.IfExp(*cases)
        if isinstance(value, expr.Index):
            inner, place = (self.expression(p, scope) for p in (value.value, value.index))
            return ast.Subscript(inner, place, _LOAD)
        if isinstance(value, expr.SliceOf):
            bounds = [self.expression(p, scope) for p in (value.start, value.stop, value.step)]
            return ast.Subscript(self.expression(value.value, scope), ast.Slice(*bounds), _LOAD)
        if isinstance(value, expr.Spread):
            return ast.Starred(self.expression(value.value, scope), _LOAD)
        if isinstance(value, expr.Comprehension):
            return ast.Tuple(self.comprehension(value, scope), _LOAD)
        if isinstance(value, expr.Listing | tuple):
            parts = value.items if isinstance(value, expr.Listing) else value
            return ast.Tuple([self.expression(p, scope) for p in parts], _LOAD)
        return self.constant(value)

    def comprehension(self, value: expr.Comprehension, scope: Scope) -> list[ast.expr]:
        """A list of sizes, one item a round; what it runs over is known."""
        if not value.clauses:
            return [self.static(value.element, scope)]
        clause = value.clauses[0]
        rest = expr.Comprehension(value.element, value.clauses[1:])
        found: list[ast.expr] = []
        for item in evaluate(settle(clause.iterable, scope.env)):
            inner = replace(scope, env=scope.env.copy())
            expr.bind(clause.targets, item, inner.env.known)
            if all(evaluate(settle(t, inner.env)) for t in clause.tests):
                found.extend(self.comprehension(rest, inner))
        return found

    def name(self, name: Name, scope: Scope) -> ast.expr:
        """A size of the run, read from the shape of what has it."""
        if name in scope.names:
            return load(scope.names[name])
        if name in scope.env.symbols:
            return self.expression(scope.env.symbols[name], scope)
        if name in self.unit.origins:
            var, axis = self.unit.origins[name]
            return self.size(var, axis, name, scope)
        if name.meaning is not None:
            return self.static(name.meaning, scope)
        raise undecided("this operation", name.id, self.span)

    def size(self, var: Var, axis: int, name: Name, scope: Scope) -> ast.expr:
        """``x.shape[axis]``, read once and kept: it takes longer than a multiplication."""
        local = scope.vars.get(var.id)
        if local is not None and (local, axis) in scope.sizes:
            return load(scope.sizes[local, axis])
        read = _read_size(self.variable(var, scope), var, axis)
        if local is None:
            return read
        scope.sizes[local, axis] = self.hold(read, name.id, tensor=False)
        return load(scope.sizes[local, axis])


# ------------------------------------------------------------------ small trees


def _read_size(tensor: ast.expr, var: Var, axis: int) -> ast.expr:
    """``x.shape[axis]``; of a list that of its first item, or how many it has."""
    if isinstance(var.type, ListType) and axis < 0:
        return call(load("expr.len"), tensor)
    if isinstance(var.type, ListType | TupleType):
        tensor = ast.Subscript(tensor, ast.Constant(0), _LOAD)
    return ast.Subscript(ast.Attribute(tensor, "shape", _LOAD), ast.Constant(axis), _LOAD)


def load(name: str) -> ast.expr:
    return ast.Name(name, _LOAD)


def dotted(name: str) -> ast.expr:
    """``torch.nn.init.zeros_`` as a chain of attributes."""
    first, *rest = name.split(".")
    node = load(first)
    for part in rest:
        node = ast.Attribute(node, part, _LOAD)
    return node


def call(fn: ast.expr, *args: ast.expr) -> ast.expr:
    return ast.Call(fn, list(args), [])


def operator(op: str, args: list[ast.expr]) -> ast.expr:
    """An operator of static expressions."""
    if op in _UNARY:
        return ast.UnaryOp(_UNARY[op](), args[0])
    if op in ("and", "or"):
        return ast.BoolOp(ast.And() if op == "and" else ast.Or(), args)
    if op in _COMPARISON:
        return ast.Compare(args[0], [_COMPARISON[op]()], [args[1]])
    return ast.BinOp(args[0], _ARITHMETIC[op](), args[1])
