"""Short ways to write entries, and what every entry's rule is wrapped in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from nndsl.functions.shapes import Unknown
from nndsl.functions.text import show_shape
from nndsl.model.expr import Expr, Size
from nndsl.model.graph import (
    Apply,
    FlowType,
    ListType,
    Operand,
    TensorType,
    TupleType,
    Var,
)
from nndsl.model.patterns import MOST_AXES
from nndsl.model.spec import (
    REQUIRED,
    Argument,
    Function,
    FunctionCall,
    FunctionResult,
    Rejected,
    Result,
    Step,
)
from nndsl.record import replace

Rule = Callable[[FunctionCall], "FunctionResult | FlowType"]

_MOST = 2**63


def arg(name: str, type: str = "tensor", default: Any = REQUIRED, **bounds: Any) -> Argument:
    """An argument; ``bounds`` are ``low``, ``high``, ``choices`` and ``named``."""
    return Argument(name, type, default, **bounds)


INPUT = arg("input")
DIM = arg("dim", "axis")
KEEPDIM = arg("keepdim", "bool", False)
DTYPE = arg("dtype", "dtype|none", None, named=True)


def entry(
    name: str,
    torch: str,
    arguments: tuple[Argument, ...],
    rule: Rule,
    unknown: Callable[[FunctionCall], FlowType] | str = "",
    **more: Any,
) -> Function:
    """An entry whose rule may return just the type, and which knows tensors of unknown shape.

    ``unknown`` is the result's type where a shape isn't known, or its dtype; else the first
    tensor's dtype is kept.
    """

    def guarded(call: FunctionCall) -> FunctionResult:
        try:
            made = rule(call)
        except Unknown:
            made = unknown(call) if callable(unknown) else _unknown(call, unknown)
        result = made if isinstance(made, FunctionResult) else FunctionResult(made)
        limit(result.output)
        return result

    return Function(name, torch, arguments, guarded, **more)


def _unknown(call: FunctionCall, dtype: str) -> TensorType:
    first = next((v.type for v in operands(call) if isinstance(v.type, TensorType)), None)
    return TensorType(None, dtype or (first.dtype if first else "float"))


def operands(call: FunctionCall) -> list[Var]:
    """The tensors of a call, those in lists too."""
    found: list[Var] = []
    for value in call.args.values():
        found.extend(
            v for v in (value if isinstance(value, tuple) else (value,)) if isinstance(v, Var)
        )
    return found


def limit(type: FlowType) -> None:
    """Refuses what no tensor can be."""
    if isinstance(type, TupleType):
        for item in type.items:
            limit(item)
    elif isinstance(type, ListType):
        limit(type.item)
    elif isinstance(type, TensorType) and type.shape is not None:
        _limit_shape(type.shape)


def _limit_shape(shape: tuple[Size, ...]) -> None:
    if len(shape) > MOST_AXES:
        raise Rejected(f"the result would have {len(shape)} axes; {MOST_AXES} are the most")
    total = 1
    for size in shape:
        if not isinstance(size, Expr):
            if size < 0:
                raise Rejected(f"the result would have the shape {show_shape(shape)}")
            total *= max(size, 1)
    if total >= _MOST:
        raise Rejected(f"{show_shape(shape)} is more than a tensor can hold")


def tensor(call: FunctionCall, name: str = "input") -> TensorType:
    """The type of a tensor argument."""
    value = call[name]
    type = value.type if isinstance(value, Var) else None
    if not isinstance(type, TensorType):
        raise Rejected(f"`{name}` is a tensor here", name, code="E205")
    return type


def listed(call: FunctionCall, name: str) -> tuple[TensorType, ...]:
    """The types of a list of tensors whose length is known."""
    value = call[name]
    if isinstance(value, Var):
        value = value.type.items if isinstance(value.type, TupleType) else ()
        return tuple(type for type in value if isinstance(type, TensorType))
    return tensors_among(value)


def tensors_among(values: Iterable[object]) -> tuple[TensorType, ...]:
    """The types of those values that are tensors."""
    types = (value.type for value in values if isinstance(value, Var))
    return tuple(type for type in types if isinstance(type, TensorType))


def dtype_of(call: FunctionCall, name: str = "dtype") -> str:
    """What a ``dtype`` argument says, or an empty text."""
    value = call.args.get(name)
    return "" if value is None else str(getattr(value, "name", value))


def apply(fn: str, *args: Operand, **kwargs: Operand) -> Apply:
    """An operation; keyword arguments stand in the order given."""
    return Apply(fn, args, tuple(kwargs.items()))


class Steps:
    """Collects the steps of a function that takes several."""

    def __init__(self, first: Operand) -> None:
        self.current: Any = first
        self.taken: list[Step] = []

    def do(self, type: FlowType, fn: str, *args: Any, **kwargs: Any) -> Any:
        """One more step on the current value; returns what stands for its result."""
        return self.put(type, fn, self.current, *args, **kwargs)

    def put(self, type: FlowType, fn: str, *args: Any, **kwargs: Any) -> Any:
        """One more step, its first operand given."""
        self.taken.append(Step(apply(fn, *args, **kwargs), type))
        self.current = Result(len(self.taken) - 1)
        return self.current

    def result(self, macs: Size = 0) -> FunctionResult:
        return FunctionResult(self.taken[-1].type, tuple(self.taken), macs)


def with_dtype(type: TensorType, dtype: str) -> TensorType:
    return replace(type, dtype=dtype) if dtype else type
