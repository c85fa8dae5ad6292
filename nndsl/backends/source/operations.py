"""Operations on tensors as Python expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nndsl.backends.source import py
from nndsl.backends.source.py import Py
from nndsl.backends.source.statics import Statics
from nndsl.backends.source.titles import Titles
from nndsl.model.graph import (
    Apply,
    CallFunction,
    Dtype,
    Invoke,
    Many,
    Operand,
    Operation,
    Path,
    SliceArg,
    Special,
    Var,
)  # fmt: skip
from nndsl.model.outside import is_outside

_BINARY = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "div": "/", "floordiv": "//", "mod": "%",
    "pow": "**", "matmul": "@", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">",
    "ge": ">=", "and": "&", "and_": "&", "or": "|", "or_": "|", "xor": "^",
}  # fmt: skip
_UNARY = {"neg": "-", "pos": "+", "invert": "~", "not": "~", "not_": "~"}
_DTYPES = {"float": "torch.get_default_dtype()", "int": "torch.int64", "bool": "torch.bool"}


class Operations:
    """Prints operations; ``read`` says what a variable looks like, ``child`` what a path does."""

    def __init__(
        self,
        titles: Titles,
        statics: Statics,
        read: Callable[[Var], Py],
        child: Callable[[Path], Py],
        mode: str = "self.training",
    ) -> None:
        self._titles = titles
        self.mode = Py(mode)
        self.statics = statics
        self._read = read
        self._child = child

    def __call__(self, operation: Operation) -> Py:
        if isinstance(operation, Invoke):
            return py.call(self._child(operation.path), self._arguments(operation))
        if isinstance(operation, CallFunction):
            name = self._titles.functions[operation.function]
            told = operation.function in self._titles.asking
            mode = [py.keyword("training", self.mode)] if told else []
            return py.call(name, [*self._arguments(operation), *mode])
        if operation.fn.startswith("op."):
            return self._operator(operation.fn[3:], operation.args)
        if operation.fn.startswith("Tensor."):
            owner, rest = self.operand(operation.args[0]), operation.args[1:]
            arguments = self._arguments(Apply(operation.fn, rest, operation.kwargs))
            return py.call(py.attribute(owner, operation.fn[7:]), arguments)
        name = operation.fn
        if is_outside(name) or name.startswith("torch.nn."):
            name = self._titles.of(name)
        return py.call(name, self._arguments(operation))

    def _arguments(self, operation: Operation) -> list[Py]:
        named = [py.keyword(name, self.operand(value)) for name, value in operation.kwargs]
        return [self.operand(value) for value in operation.args] + named

    def _operator(self, name: str, args: Sequence[Operand]) -> Py:
        if name == "mul" and isinstance(args[1], Special) and args[1].kind == "training":
            return py.conditional(self.mode, self.operand(args[0]), Py("0.0"))
        if name in _BINARY:
            return py.binary(_BINARY[name], self.operand(args[0]), self.operand(args[1]))
        if name in _UNARY:
            return py.unary(_UNARY[name], self.operand(args[0]))
        if name == "getitem":
            return py.index(self.operand(args[0]), self._index(args[1:]))
        if name == "identity":
            return self.operand(args[0])
        if name == "sum":
            rest, first = (self.operand(a) for a in args)
            picked = [py.index(rest, [py.slicing(Py("1"), None, None)]), py.index(first, [Py("0")])]
            return py.call("sum", picked)
        if name in ("tuple", "list"):
            return py.sequence([self.operand(a) for a in args], "(" if name == "tuple" else "[")
        raise ValueError(f"no operator is called {name}")

    def _index(self, args: Sequence[Operand]) -> list[Py]:
        if len(args) == 1 and isinstance(args[0], Many) and args[0].kind == "tuple":
            args = args[0].items
        return [self.operand(arg) for arg in args]

    def operand(self, operand: Operand) -> Py:
        """One argument."""
        if isinstance(operand, Var):
            return self._read(operand)
        if isinstance(operand, Many):
            items = [self.operand(item) for item in operand.items]
            if operand.kind == "zip":
                return py.call("zip", items)
            return py.sequence(items, "(" if operand.kind == "tuple" else "[")
        if isinstance(operand, SliceArg):
            bounds = (operand.start, operand.stop, operand.step)
            return py.slicing(*(None if b is None else self.operand(b) for b in bounds))
        if isinstance(operand, Dtype):
            return Py(_DTYPES[operand.name])
        if isinstance(operand, Special):
            return self._special(operand)
        return self.statics(operand)

    def _special(self, operand: Special) -> Py:
        if operand.kind == "training":
            return self.mode
        if operand.kind in ("device", "dtype"):
            owner = "next(self.parameters())" if operand.of is None else self._read(operand.of).text
            return Py(f"{owner}.{operand.kind}")
        return Py(operand.kind)
