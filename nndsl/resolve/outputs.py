"""Stated outputs are checked, and named for callers."""

from __future__ import annotations

from typing import Any

from nndsl.functions.text import show_type
from nndsl.model.graph import FlowType, TensorType, TupleType
from nndsl.model.patterns import match
from nndsl.model.spec import Rejected
from nndsl.model.text import expression, shape
from nndsl.record import replace
from nndsl.resolve.context import Context, fault
from nndsl.resolve.shapes import part_span, part_value, read
from nndsl.syntax import tree


def check_outputs(outputs: tuple[tree.Output, ...], found: FlowType, cx: Context) -> FlowType:
    """Stated outputs: their shapes are checked, their names given to callers."""
    types = found.items if isinstance(found, TupleType) and len(outputs) > 1 else (found,)
    if len(types) != len(outputs):
        raise fault(
            "E306",
            f"{len(outputs)} outputs are stated, but there are {len(types)}",
            outputs[0].span,
            "stated here",
        )
    for stated, type in zip(outputs, types, strict=True):
        if not isinstance(type, TensorType):
            raise fault(
                "E306",
                "one tensor is stated, but several flow out",
                stated.pattern.span,
                f"the result is {show_type(type)}",
                help="state each tensor that the body gives, or none",
            )
        _check_dtype(stated, type)
        _check_output(stated, type, cx)
    if isinstance(found, TupleType) and all(o.name is not None for o in outputs):
        return replace(found, names=tuple(o.name.id for o in outputs if o.name is not None))
    return found


def _check_dtype(stated: tree.Output, type: TensorType) -> None:
    wanted = stated.dtype or "float"
    if type.dtype not in (wanted, "any"):
        raise fault(
            "E306",
            f"the result is {type.dtype}, not {wanted}",
            stated.pattern.span,
            "stated here",
            help=f"write `{type.dtype}` before the pattern" if type.dtype != "float" else "",
        )


def _check_output(stated: tree.Output, type: TensorType, cx: Context) -> None:
    pattern = read(stated.pattern)
    if type.shape is None:
        return
    try:
        matched = match(pattern, type)
    except Rejected as reason:
        raise fault(
            "E306", reason.message, stated.pattern.span, "stated here", reason.help
        ) from None
    for place, part in matched.required:
        wanted = part_value(stated.pattern, part, cx)
        if not cx.builder.check.equal(type.shape[place], wanted):
            axis = place % len(type.shape)
            raise fault(
                "E306",
                f"axis {axis} of the result is {expression(type.shape[place])}, "
                f"not {expression(wanted)}",
                part_span(stated.pattern, part),
                f"the result is {shape(type.shape)}",
            )
    seen: dict[str, Any] = {}
    for name, size in matched.names:
        bound = cx.builder.size_names.get(name, seen.get(name))
        seen.setdefault(name, size)
        if bound is not None and not cx.builder.check.equal(bound, size):
            raise fault(
                "E306",
                f"`{name}` is {expression(bound)}, but the result has {expression(size)} there",
                stated.pattern.span,
                f"the result is {shape(type.shape)}",
            )
