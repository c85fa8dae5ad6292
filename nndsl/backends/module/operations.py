"""Operations as Python syntax trees: operators, torch's functions, calls of children."""

from __future__ import annotations

import ast

from nndsl.backends.module.errors import NOT_CONCRETE, fail
from nndsl.backends.module.operands import Operands, Scope, dotted
from nndsl.backends.module.statics import plain_path
from nndsl.backends.module.vocabulary import is_property, require_function, split
from nndsl.model.graph import Apply, CallFunction, Invoke, Operand, Operation
from nndsl.model.outside import is_outside

_LOAD = ast.Load()

_BINARY: dict[str, type[ast.operator]] = {
    "add": ast.Add, "sub": ast.Sub, "mul": ast.Mult, "truediv": ast.Div, "div": ast.Div,
    "floordiv": ast.FloorDiv, "mod": ast.Mod, "pow": ast.Pow, "matmul": ast.MatMult,
    "and_": ast.BitAnd, "or_": ast.BitOr, "xor": ast.BitXor,
}  # fmt: skip
_COMPARE: dict[str, type[ast.cmpop]] = {
    "eq": ast.Eq, "ne": ast.NotEq, "lt": ast.Lt, "le": ast.LtE, "gt": ast.Gt, "ge": ast.GtE,
}  # fmt: skip
_UNARY: dict[str, type[ast.unaryop]] = {
    "neg": ast.USub, "pos": ast.UAdd, "invert": ast.Invert, "not_": ast.Invert,
}  # fmt: skip

# methods that torch writes in Python, around a function that does the same
_SLOW_METHODS = frozenset(("Tensor.unflatten",))


class Operations(Operands):
    """Writes the right side of assignments."""

    def call_function(self, operation: CallFunction, scope: Scope) -> ast.expr:
        """A call of one of the spec's own functions."""
        raise NotImplementedError

    def outside(self, fn: str) -> ast.expr:
        """A function that a plug-in declared."""
        raise NotImplementedError

    def operation(self, operation: Operation, scope: Scope) -> ast.expr:
        if isinstance(operation, CallFunction):
            return self.call_function(operation, scope)
        if isinstance(operation, Invoke):
            target = self.child(plain_path(operation.path, scope.env))
            return self.call(target, operation.args, operation.kwargs, scope)
        if operation.fn.startswith("op."):
            return self.operator(operation, scope)
        return self.function(operation, scope)

    def call(
        self,
        target: ast.expr,
        args: tuple[Operand, ...],
        kwargs: tuple[tuple[str, Operand], ...],
        scope: Scope,
    ) -> ast.expr:
        given = [self.operand(a, scope) for a in args]
        named = [ast.keyword(name, self.operand(value, scope)) for name, value in kwargs]
        return ast.Call(target, given, named)

    def function(self, operation: Apply, scope: Scope) -> ast.expr:
        """``torch.cat(...)``, ``F.pad(...)`` or, for a ``Tensor`` method, ``x.reshape(...)``."""
        if is_outside(operation.fn):
            return self.call(self.outside(operation.fn), operation.args, operation.kwargs, scope)
        require_function(operation.fn, self.span)
        folder, name = split(operation.fn)
        if operation.fn in _SLOW_METHODS:
            target = dotted(f"torch.{name}")
            return self.call(target, operation.args, operation.kwargs, scope)
        if folder != "Tensor":
            return self.call(dotted(operation.fn), operation.args, operation.kwargs, scope)
        first, *rest = operation.args
        method = ast.Attribute(self.operand(first, scope), name, _LOAD)
        if is_property(operation.fn):
            return method
        return self.call(method, tuple(rest), operation.kwargs, scope)

    def operator(self, operation: Apply, scope: Scope) -> ast.expr:
        """A Python operator."""
        name = operation.fn.removeprefix("op.")
        if name == "getitem":
            return self.getitem(operation, scope)
        args = [self.operand(a, scope) for a in operation.args]
        if name == "tuple":
            return ast.Tuple(args, _LOAD)
        if name == "list":
            return ast.List(args, _LOAD)
        if name == "identity" and len(args) == 1:
            return args[0]
        if name == "sum" and len(args) == 2:
            rest = ast.Subscript(args[0], ast.Slice(ast.Constant(1)), _LOAD)
            begin = ast.Subscript(args[1], ast.Constant(0), _LOAD)
            return ast.Call(ast.Name("sum", _LOAD), [rest, begin], [])
        if name in _UNARY and len(args) == 1:
            return ast.UnaryOp(_UNARY[name](), args[0])
        if name in _COMPARE and len(args) == 2:
            return ast.Compare(args[0], [_COMPARE[name]()], [args[1]])
        if name in _BINARY and len(args) >= 2:
            total = args[0]
            for arg in args[1:]:
                total = ast.BinOp(total, _BINARY[name](), arg)
            return total
        message = f"`{operation.fn}` is not an operator that a model may use"
        raise fail(NOT_CONCRETE, message, self.span)

    def getitem(self, operation: Apply, scope: Scope) -> ast.expr:
        value, *places = operation.args
        found = [self.index(place, scope) for place in places]
        index = found[0] if len(found) == 1 else ast.Tuple(found, _LOAD)
        return ast.Subscript(self.operand(value, scope), index, _LOAD)
