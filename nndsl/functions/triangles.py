"""The places of a matrix's triangles."""

from __future__ import annotations

from typing import cast

from nndsl.functions.entry import arg, entry
from nndsl.model import dims
from nndsl.model.expr import Call, Expr, Size, Static, binary
from nndsl.model.graph import TensorType
from nndsl.model.spec import FunctionCall

_ARGUMENTS = (arg("row", "int", low=0), arg("col", "int", low=0), arg("offset", "int", 0))


def _lower(call: FunctionCall) -> TensorType:
    """The places on and below a diagonal: a row of their rows, one of their columns."""
    offset = call["offset"]
    cut = offset if isinstance(offset, Expr) else -cast(int, offset)
    if _cuts_a_square(call, cut):
        return _two_rows(_triangle(call["row"], cut))
    return _two_rows(_below(*_numbers(call)))


def _upper(call: FunctionCall) -> TensorType:
    """The places on and above a diagonal."""
    if _cuts_a_square(call, call["offset"]):
        return _two_rows(_triangle(call["row"], call["offset"]))
    rows, columns, offset = _numbers(call)
    return _two_rows(rows * columns - _below(rows, columns, offset - 1))


def _two_rows(length: Size) -> TensorType:
    return TensorType((2, length), "int")


def _numbers(call: FunctionCall) -> tuple[int, int, int]:
    row, col, offset = (call.check.number(call[name]) for name in ("row", "col", "offset"))
    return cast(int, row), cast(int, col), cast(int, offset)


def _cuts_a_square(call: FunctionCall, cut: Static) -> bool:
    """Whether it is what is left of half a square of any size, smaller by ``cut``."""
    if isinstance(cut, Expr) or cast(int, cut) < 0:
        return False
    return isinstance(call["row"], Expr) and call.check.same(call["row"], call["col"])


def _triangle(side: Static, cut: Static) -> Size:
    length = dims.tidy(binary("-", side, cut))
    behind = dims.tidy(binary("+", length, 1))
    if cast(int, cut) > 1:  # the square may be smaller than that
        length = Call("max", (0, length))
    return cast(Size, binary("//", binary("*", behind, length), 2))


def _below(rows: int, columns: int, offset: int) -> int:
    """How many places of a matrix lie on and below a diagonal."""

    def half(side: int) -> int:
        return side * (side + 1) // 2 if side > 0 else 0

    open_right = half(rows + offset) - half(offset)
    return open_right - half(rows + offset - columns) + half(offset - columns)


FUNCTIONS = (
    entry("tril_indices", "torch.tril_indices", _ARGUMENTS, _lower, creates=True),
    entry("triu_indices", "torch.triu_indices", _ARGUMENTS, _upper, creates=True),
)
