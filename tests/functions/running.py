"""A small second reader of steps: runs them with torch, so that rules can be held against it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import torch
import torch.nn.functional as F

from nndsl.functions import apply
from nndsl.functions.registry import find
from nndsl.model.checker import Checker
from nndsl.model.expr import Name, Static, evaluate
from nndsl.model.graph import (
    Dtype,
    FlowType,
    ListType,
    Many,
    SliceArg,
    Special,
    TensorType,
    TupleType,
    Var,
)
from nndsl.model.spec import Result, Step

DTYPES = {"float": torch.float32, "int": torch.int64, "bool": torch.bool}
NAMES = {torch_dtype: name for name, torch_dtype in DTYPES.items()}
ROOTS: dict[str, Any] = {"torch": torch, "F": F, "Tensor": torch.Tensor, "op": operator}
OPERATORS = {"op.identity": lambda x: x, "op.not": operator.invert}


@dataclass(frozen=True)
class T:
    """A tensor to try: its shape and dtype."""

    shape: tuple[int, ...]
    dtype: str = "float"


def f(*shape: int) -> T:
    return T(shape)


def i(*shape: int) -> T:
    return T(shape, "int")


def b(*shape: int) -> T:
    return T(shape, "bool")


class Trial:
    """One call: its variables with types, and the real tensors behind them."""

    def __init__(
        self, symbolic: bool = False, fill: int = 0, device: str = "cpu", training: bool = True
    ) -> None:
        self.symbolic = symbolic
        self.fill = fill
        self.device = device
        self.training = training
        self.real: dict[int, torch.Tensor] = {}
        self.values: dict[Name, int] = {}
        self.ids = count()

    def operand(self, value: Any) -> Any:
        if isinstance(value, T):
            return self.var(value)
        if isinstance(value, list) and any(isinstance(item, T) for item in value):
            return tuple(self.operand(item) for item in value)
        return tuple(value) if isinstance(value, list) else value

    def var(self, spec: T) -> Var:
        number = next(self.ids)
        sizes: list[Any] = list(spec.shape)
        if self.symbolic:
            sizes = [self.name(number, place, size) for place, size in enumerate(sizes)]
        self.real[number] = sample(spec, self.fill).to(self.device)
        return Var(number, "", TensorType(tuple(sizes), spec.dtype))

    def name(self, number: int, place: int, size: int) -> Any:
        if size < 2:  # a size of 1 decides about broadcasting
            return size
        name = Name(f"n{number}_{place}")
        self.values[name] = size
        return name

    def settle(self, value: Static) -> Any:
        return evaluate(value, self.values)

    def run(self, steps: tuple[Step, ...]) -> Any:
        made: list[Any] = []
        for step in steps:
            op = step.operation
            args = [self.read(arg, made) for arg in op.args]
            kwargs = {key: self.read(arg, made) for key, arg in op.kwargs}
            made.append(callable_of(op.fn)(*args, **kwargs))
        return made[-1]

    def read(self, operand: Any, made: list[Any]) -> Any:
        if isinstance(operand, Var):
            return self.real[operand.id]
        if isinstance(operand, Result):
            return made[operand.step]
        if isinstance(operand, Many):
            items = [self.read(item, made) for item in operand.items]
            return tuple(items) if operand.kind == "tuple" else items
        if isinstance(operand, SliceArg):
            parts = (operand.start, operand.stop, operand.step)
            return slice(*(self.read(part, made) for part in parts))
        if isinstance(operand, Special):
            return {"training": self.training, "...": ...}[operand.kind]
        if isinstance(operand, Dtype):
            return DTYPES[operand.name]
        return self.settle(operand)


def sample(spec: T, fill: int) -> torch.Tensor:
    """Small numbers; integers are zero where they may be indices."""
    if spec.dtype == "float":
        return torch.rand(spec.shape)
    return torch.full(spec.shape, fill, dtype=DTYPES[spec.dtype])


def callable_of(fn: str) -> Callable[..., Any]:
    if fn in OPERATORS:
        return OPERATORS[fn]
    root, *path = fn.split(".")
    found = ROOTS[root]
    for part in path:
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def ask(
    trial: Trial,
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    check: Checker | None = None,
) -> tuple[FlowType, tuple[Step, ...]]:
    """What the entry says of a call."""
    function = find(name)
    assert function is not None, name
    positional = [trial.operand(arg) for arg in args]
    keywords = {key: trial.operand(arg) for key, arg in kwargs.items()}
    output, steps, _ = apply.call(function, positional, keywords, check)
    return output, steps


def flat(type: Any, trial: Trial) -> Any:
    """A type as plain values: (shape, dtype), or a list of them."""
    if isinstance(type, TensorType):
        assert type.shape is not None
        return tuple(trial.settle(size) for size in type.shape), type.dtype
    if isinstance(type, TupleType):
        return [flat(item, trial) for item in type.items]
    if isinstance(type, ListType):
        return [flat(type.item, trial)] * trial.settle(type.length)
    return trial.settle(type)


def seen(result: Any) -> Any:
    """The same of what torch made."""
    if isinstance(result, torch.Tensor):
        return tuple(result.shape), NAMES[result.dtype]
    if isinstance(result, tuple | list):
        return [seen(item) for item in result]
    return result
