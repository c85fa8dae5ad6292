"""Axis patterns of a spec: on inputs, as stages, on parameters and on outputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nndsl.diagnostics import Label
from nndsl.functions.rearrange import rearrange
from nndsl.model.expr import Expr, Name, known
from nndsl.model.graph import Apply, TensorType, Var
from nndsl.model.patterns import BadPattern, Part, Pattern, match, parse_pattern, parts_of
from nndsl.model.spec import Rejected, Result
from nndsl.model.text import expression, shape
from nndsl.resolve import statics
from nndsl.resolve.born import born
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Fault
from nndsl.resolve.scope import MISSING
from nndsl.resolve.values import Builtin, is_layer
from nndsl.source import Span
from nndsl.syntax import tree


def read(node: tree.String) -> Pattern:
    """The pattern in a text; a fault points at the place inside it."""
    try:
        return parse_pattern(node.value)
    except BadPattern as reason:
        raise pattern_fault(reason, node) from None


def pattern_fault(reason: Rejected, node: tree.String, causes: Iterable[Label] = ()) -> Fault:
    """The fault of a pattern that does not fit, or can't be read; ``causes``: what flows in."""
    span = node.span
    if isinstance(reason, BadPattern):
        start = span.start + 1 + reason.offset
        span = Span(span.source, start, start + max(reason.length, 1))
    return fault(
        "E302" if not isinstance(reason, BadPattern) else "E308",
        reason.message,
        span,
        "",
        reason.help,
        causes if not isinstance(reason, BadPattern) else (),
    )


def part_span(node: tree.String, part: Part) -> Span:
    start = node.span.start + 1 + part.offset
    return Span(node.span.source, start, start + max(part.length, 1))


def part_value(node: tree.String, part: Part, cx: Context) -> Any:
    """The size that a number or ``{expression}`` in a pattern stands for."""
    if part.kind == "number":
        return part.number
    found = statics.braced(node, part.text, part.offset, cx)
    if isinstance(found, Expr) and (cx.general or not known(found)):
        return found
    return statics.whole_number(found, node, "the size of an axis", cx)


# ------------------------------------------------------------------ stages


def pattern_stage(node: tree.String, cx: Context) -> Any:
    """``| "b c h w -> b (h w) c" |`` rearranges, ``| "b 64 h w" |`` asserts."""
    pattern = read(node)
    flow = cx.flow
    if not isinstance(flow, Var) or not isinstance(flow.type, TensorType):
        raise fault("E307", "a pattern stands after one tensor", node.span, "several flow in here")
    made_by = born(flow, node.span, cx.builder)
    if not pattern.rearranges:
        check_shape(pattern, node, flow.type, cx, made_by)
        cx.builder.use(flow)
        return flow
    try:
        steps, _ = rearrange(flow, pattern, _static_names(pattern, node, cx), cx.builder.check)
    except Rejected as reason:
        raise pattern_fault(reason, node, made_by) from None
    made: list[Var] = []
    for step in steps:
        op = step.operation
        args = tuple(made[a.step] if isinstance(a, Result) else a for a in op.args)
        made.append(cx.builder.apply(Apply(op.fn, args, op.kwargs), step.type, node.span))
    cx.builder.use(flow)
    return made[-1] if made else flow


def _static_names(pattern: Pattern, node: tree.String, cx: Context) -> dict[str, Any]:
    """The names of a rearranging pattern that mean a number, and its ``{...}`` parts."""
    values: dict[str, Any] = {}
    for part in (*parts_of(pattern.left), *parts_of(pattern.right or ())):
        if part.kind == "value":
            values[f"{{{part.text}}}"] = part_value(node, part, cx)
        elif part.kind == "name":
            found = cx.scope.get(part.text)
            if found is MISSING or isinstance(found, Builtin):
                continue
            if (
                isinstance(found, Name)
                and found.role == "size"
                or part.text in cx.builder.size_names
            ):
                continue
            if isinstance(found, int | Expr) and not isinstance(found, bool):
                values[part.text] = found
    return values


def check_shape(
    pattern: Pattern,
    node: tree.String,
    type: TensorType,
    cx: Context,
    causes: Iterable[Label] = (),
) -> None:
    """An asserting pattern: its numbers and values must be the sizes of what flows."""
    if type.shape is None:
        return
    try:
        matched = match(pattern, type)
    except Rejected as reason:
        raise pattern_fault(_layer_in_quotes(reason, pattern, cx), node, causes) from None
    for place, part in matched.required:
        wanted = part_value(node, part, cx)
        if not cx.builder.check.equal(type.shape[place], wanted):
            raise wrong_size(type, place, wanted, part_span(node, part), causes)
    seen: dict[str, Any] = {}
    for name, size in matched.names:
        if name in seen and not cx.builder.check.equal(seen[name], size):
            first, second = expression(seen[name]), expression(size)
            raise fault(
                "E301",
                f"`{name}` is {first} in one place and {second} in another",
                node.span,
                f"{shape(type.shape)} flows in",
                causes=causes,
            )
        seen[name] = size


def _layer_in_quotes(reason: Rejected, pattern: Pattern, cx: Context) -> Rejected:
    """``| "relu" |``: the name of a layer is no pattern."""
    word = pattern.text.strip()
    if word.isidentifier() and is_layer(cx.scope.get(word)):
        reason.help = f"a layer is written without quotes: `{word}`"
    return reason


def wrong_size(
    type: TensorType, place: int, wanted: Any, span: Span, causes: Iterable[Label] = ()
) -> Fault:
    assert type.shape is not None
    axis = place if place >= 0 else place + len(type.shape)
    return fault(
        "E301",
        f"axis {axis} of {shape(type.shape)} is {expression(type.shape[place])}, "
        f"not {expression(wanted)}",
        span,
        f"{shape(type.shape)} flows in",
        causes=causes,
    )


# ------------------------------------------------------------------ inputs


# ------------------------------------------------------------------ outputs
