"""The shape rule of matrix products."""

from __future__ import annotations

from nndsl.functions import shapes
from nndsl.functions.text import show, show_shape
from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.expr import Size
from nndsl.model.graph import TensorType
from nndsl.model.spec import Rejected


def matmul(a: TensorType, b: TensorType, check: Checker) -> tuple[TensorType, Size]:
    """``a @ b``: its type, and how many multiply-adds it takes (0 where that isn't known)."""
    left, right = shapes.shape_of(a), shapes.shape_of(b)
    _refuse_scalars(a, b)
    shapes.same_dtype(a, b, "`@`")
    if a.dtype == "bool":
        raise Rejected("`@` doesn't work on bool tensors", "input", "convert with `float(...)`")
    inner = shapes.unify(left[-1], right[-2:][0], check)
    if inner is None:
        raise Rejected(
            f"{show_shape(left, a.lead)} @ {show_shape(right, b.lead)}: the last axis of the first "
            f"is {show(left[-1])}, axis {-min(2, len(right))} of the second "
            f"is {show(right[-2:][0])}",
            "",
            "these two sizes must be equal",
        )
    if len(left) > 1 and len(right) > 1:
        shapes.refuse_overlap(a, b, "multiplied as matrices")
    rows = left[-2:-1]
    columns = right[-1:] if len(right) > 1 else ()
    batch = shapes.broadcast_shapes(left[:-2], right[:-2], check, "multiplied as matrices")
    out = (*batch, *rows, *columns)
    lead = a.lead or b.lead
    macs = 0 if lead else dims.product((*out, inner))
    return TensorType(out, shapes.promote((a.dtype, b.dtype)), lead), macs


def _refuse_scalars(a: TensorType, b: TensorType) -> None:
    for operand in (a, b):
        shape = shapes.shape_of(operand)
        if operand.lead and len(shape) < 2:
            if operand is b or not shape:
                raise Rejected(
                    f"`@` needs to know the last two axes of {show_shape(shape, True)}", "input"
                )
        elif not shape:
            raise Rejected("`@` multiplies matrices, one operand has no axes", "input", "use `*`")
