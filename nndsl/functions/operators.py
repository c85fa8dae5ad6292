"""Operators on tensors: arithmetic, comparisons, logic and ``@``."""

from __future__ import annotations

from nndsl.functions import shapes
from nndsl.functions.matmul import matmul
from nndsl.functions.text import show_type
from nndsl.model.checker import Checker
from nndsl.model.expr import Expr, Static
from nndsl.model.graph import FlowType, ListType, NoneType, TensorType, TupleType, Var
from nndsl.model.spec import Rejected

_ARITHMETIC = {
    "+": ("op.add", "added"),
    "-": ("op.sub", "subtracted"),
    "*": ("op.mul", "multiplied"),
    "/": ("op.truediv", "divided"),
    "//": ("op.floordiv", "divided"),
    "%": ("op.mod", "divided"),
    "**": ("op.pow", "raised to a power"),
}
_COMPARISONS = {
    "==": "op.eq",
    "!=": "op.ne",
    "<": "op.lt",
    "<=": "op.le",
    ">": "op.gt",
    ">=": "op.ge",
}
_LOGIC = {"and": "op.and_", "or": "op.or_"}

Operated = tuple[TensorType, str]
"""The type of the result, and the ``op.*`` name for ``graph.Apply``."""


def binary(
    op: str, a: Var | FlowType | Static, b: Var | FlowType | Static, check: Checker
) -> Operated:
    """``a op b`` where at least one is a tensor; the other may be a number."""
    left, right = _operand(a, op), _operand(b, op)
    if op == "@":
        return _matmul(left, right, check), "op.matmul"
    if op in _LOGIC:
        return _logic(op, left, right, check), _LOGIC[op]
    if op in _COMPARISONS:
        _refuse_words(left, right, op)
        return _broadcast(left, right, check, "compared", "bool"), _COMPARISONS[op]
    if op in _ARITHMETIC:
        _refuse_words(left, right, op)
        fn, done = _ARITHMETIC[op]
        return _broadcast(left, right, check, done, _dtype(op, left, right, check)), fn
    raise Rejected(f"`{op}` doesn't work on tensors", "", "compare with `==` or `!=`")


def unary(op: str, a: Var | FlowType, check: Checker | None = None) -> Operated:
    """``-a``, ``+a`` and ``not a``."""
    type = _operand(a, op)
    assert isinstance(type, TensorType)
    if op == "not":
        _need_bool(type, op, check or Checker())
        return type, "op.invert"
    if type.dtype == "bool":
        raise Rejected(f"a bool tensor has no `{op}`", "input", "write `not x` for the opposite")
    return type, "op.neg" if op == "-" else "op.pos"


def _operand(value: Var | FlowType | Static, op: str) -> TensorType | Static:
    type = value.type if isinstance(value, Var) else value
    if isinstance(type, TupleType | ListType):
        raise Rejected(
            f"`{op}` works on tensors, this is {show_type(type)}",
            "input",
            "take one of them: `[0]`",
        )
    if isinstance(type, NoneType):
        raise Rejected(f"`{op}` works on tensors, this input was not given", "input")
    return type


def _refuse_words(a: TensorType | Static, b: TensorType | Static, op: str) -> None:
    for value in (a, b):
        if not isinstance(value, TensorType | Expr | bool | int | float):
            raise Rejected(f"`{op}` can't work on a tensor and {value!r}")


def _tensors(*values: TensorType | Static) -> list[TensorType]:
    return [value for value in values if isinstance(value, TensorType)]


def _broadcast(
    a: TensorType | Static, b: TensorType | Static, check: Checker, done: str, dtype: str
) -> TensorType:
    tensors = _tensors(a, b)
    if any(t.shape is None for t in tensors):
        return TensorType(None, dtype)
    return shapes.broadcast(tensors, check, done, dtype)


def _of(value: TensorType | Static, check: Checker) -> str:
    return value.dtype if isinstance(value, TensorType) else shapes.number_dtype(value, check)


def _dtype(op: str, a: TensorType | Static, b: TensorType | Static, check: Checker) -> str:
    kinds = _of(a, check), _of(b, check)
    if op == "-" and "bool" in kinds or kinds == ("bool", "bool") and op not in "+*/":
        raise Rejected(f"bools have no `{op}`", "input", "convert with `int(...)` first")
    if op == "/" or "float" in kinds:
        return "float"
    if not isinstance(b, TensorType):
        _refuse_number(op, b, check)
    return shapes.promote(kinds)


def _refuse_number(op: str, number: Static, check: Checker) -> None:
    """What integers can't be combined with."""
    if op == "**" and check.less(number, 0):
        raise Rejected("an int tensor has no negative powers", "input", "convert with `float(...)`")
    if op in ("//", "%") and check.same(number, 0):
        raise Rejected("an int tensor can't be divided by 0", "input")


def _logic(op: str, a: TensorType | Static, b: TensorType | Static, check: Checker) -> TensorType:
    for value in (a, b):
        _need_bool(value, op, check)
    return _broadcast(a, b, check, f"joined by `{op}`", "bool")


def _need_bool(value: TensorType | Static, op: str, check: Checker) -> None:
    kind = _of(value, check)
    if kind != "bool":
        what = f"{kind} tensors" if isinstance(value, TensorType) else "numbers"
        raise Rejected(
            f"`{op}` works on bool tensors, not on {what}",
            "input",
            "compare first: `x > 0`, or convert with `bool(x)`",
        )


def _matmul(a: TensorType | Static, b: TensorType | Static, check: Checker) -> TensorType:
    if not isinstance(a, TensorType) or not isinstance(b, TensorType):
        raise Rejected("`@` multiplies two tensors, one operand is a number", "", "use `*`")
    if a.shape is None or b.shape is None:
        return TensorType(None, shapes.promote((a.dtype, b.dtype)))
    return matmul(a, b, check)[0]
