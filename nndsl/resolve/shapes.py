"""Axis patterns of a spec: on inputs, as stages, on parameters and on outputs."""

from __future__ import annotations

from typing import Any, cast

from nndsl.functions.rearrange import rearrange
from nndsl.model import dims
from nndsl.model.expr import Expr, Name, Size, known
from nndsl.model.graph import Apply, FlowType, TensorType, Var
from nndsl.model.patterns import BadPattern, Part, Pattern, match, parse_pattern, parts_of
from nndsl.model.spec import Rejected, Result
from nndsl.model.text import expression, shape
from nndsl.resolve import statics
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.scope import MISSING
from nndsl.resolve.values import Builtin
from nndsl.source import Span
from nndsl.syntax import tree

# What the axes of an input without a pattern are called, by its rank.
AXES = {
    1: ("b",),
    2: ("b", "in_features"),
    3: ("b", "t", "d"),
    4: ("b", "c", "h", "w"),
    5: ("b", "c", "d", "h", "w"),
}


def read(node: tree.String) -> Pattern:
    """The pattern in a text; a fault points at the place inside it."""
    try:
        return parse_pattern(node.value)
    except BadPattern as reason:
        raise pattern_fault(reason, node) from None


def pattern_fault(reason: Rejected, node: tree.String) -> Fault:
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
    if not pattern.rearranges:
        check_shape(pattern, node, flow.type, cx)
        cx.builder.use(flow)
        return flow
    try:
        steps, _ = rearrange(flow, pattern, _static_names(pattern, node, cx), cx.builder.check)
    except Rejected as reason:
        raise pattern_fault(reason, node) from None
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


def check_shape(pattern: Pattern, node: tree.String, type: TensorType, cx: Context) -> None:
    """An asserting pattern: its numbers and values must be the sizes of what flows."""
    if type.shape is None:
        return
    try:
        matched = match(pattern, type)
    except Rejected as reason:
        raise pattern_fault(reason, node) from None
    for place, part in matched.required:
        wanted = part_value(node, part, cx)
        if not cx.builder.check.equal(type.shape[place], wanted):
            raise _wrong_size(type, place, wanted, part_span(node, part))
    seen: dict[str, Any] = {}
    for name, size in matched.names:
        if name in seen and not cx.builder.check.equal(seen[name], size):
            raise fault(
                "E301", f"`{name}` is two sizes here", node.span, f"{shape(type.shape)} flows in"
            )
        seen[name] = size


def _wrong_size(type: TensorType, place: int, wanted: Any, span: Span) -> Fault:
    assert type.shape is not None
    axis = place if place >= 0 else place + len(type.shape)
    return fault(
        "E301",
        f"axis {axis} of {shape(type.shape)} is {expression(type.shape[place])}, "
        f"not {expression(wanted)}",
        span,
        f"{shape(type.shape)} flows in",
    )


# ------------------------------------------------------------------ inputs


def declared_type(node: tree.Input, cx: Context) -> FlowType:
    """The type of a model's own input: its names are new sizes, known only when it runs."""
    dtype = node.dtype or "float"
    if node.pattern is None:
        return TensorType(None, dtype, optional=node.optional)
    pattern = read(node.pattern)
    if pattern.rearranges:
        raise fault(
            "E308", "an input's pattern has no `->`", node.pattern.span, "only names its axes"
        )
    sizes: list[Size] = []
    lead = False
    for part in pattern.left:
        if not isinstance(part, Part):
            raise fault(
                "E308", "an input's axes are not grouped", node.pattern.span, "no parentheses here"
            )
        if part.kind == "rest":
            lead = True
        else:
            sizes.append(_new_size(part, node, sizes, cx))
    return TensorType(tuple(sizes), dtype, lead, node.optional)


def _new_size(part: Part, node: tree.Input, before: list[Size], cx: Context) -> Size:
    assert node.pattern is not None
    if part.kind in ("number", "value"):
        return cast(Size, part_value(node.pattern, part, cx))
    if part.kind == "any":
        return cx.builder.size(AXES.get(4, ())[len(before)] if len(before) < 4 else "n")
    return cast(Size, bind_size(part, node.pattern, None, cx))


def bind_size(part: Part, node: tree.String, size: Any, cx: Context) -> Any:
    """The size that a name in an input's pattern stands for; the same name is the same size.

    ``size`` is what the caller passes, or None for a model's own input.
    """
    name, b = part.text, cx.builder
    if name in b.size_names:
        have = b.size_names[name]
        if size is not None and not b.check.equal(have, size):
            raise fault(
                "E301",
                f"`{name}` is {expression(dims.tidy(have))} in one place and "
                f"{expression(dims.tidy(size))} in another",
                part_span(node, part),
                "must be equal",
            )
        return have
    if name in cx.scope.body().names:
        raise fault(
            "E208",
            f"`{name}` is a value already",
            part_span(node, part),
            "can't name a size too",
            help=f"to demand this number write `{{{name}}}`",
        )
    from nndsl.resolve.reserved import check_value_name

    check_value_name(name, part_span(node, part))
    made = own_size(name, size, cx)
    b.size_names[name] = made
    cx.scope.body().names[name] = made
    return made


def receive(node: tree.Input, given: FlowType, cx: Context) -> FlowType:
    """The type of an input inside a definition: the caller's sizes under the definition's names."""
    from nndsl.model.graph import ListType, NoneType, TupleType

    if isinstance(given, TupleType):
        if not node.many and node.pattern is not None:
            raise fault("E307", f"`{node.name.id}` takes one tensor", node.span, "several flow in")
        return TupleType(tuple(_local(i, cx) for i in given.items), given.names, given.many)
    if isinstance(given, ListType | NoneType) or not isinstance(given, TensorType):
        return given
    if node.many:
        raise fault(
            "E307", f"`{node.name.id}` takes a list of tensors", node.span, "one tensor flows in"
        )
    wanted = node.dtype
    if (
        wanted is not None
        and wanted != given.dtype
        or wanted is None
        and node.pattern
        and given.dtype != "float"
    ):
        raise fault(
            "E303",
            f"`{node.name.id}` takes {wanted or 'float'} tensors, but gets {given.dtype}",
            node.span,
            "declared here",
            help=f'declare it as `{node.name.id}: {given.dtype} "..."`',
        )
    if node.pattern is None:
        return _local(given, cx)
    if given.shape is None:
        if cx.resolver.failed:
            raise Cascade  # said already
        raise fault(
            "E305",
            f"the shape that `{node.name.id}` receives is not known",
            node.pattern.span,
            "sizes are named here",
            help="declare the shape of the model's input",
        )
    return _receive_pattern(node, node.pattern, given, cx)


def _receive_pattern(
    node: tree.Input, text: tree.String, given: TensorType, cx: Context
) -> TensorType:
    pattern = read(text)
    assert given.shape is not None
    try:
        matched = match(pattern, given)
    except Rejected as reason:
        raise pattern_fault(reason, text) from None
    sizes: list[Any] = list(given.shape)
    rest = next(
        (i for i, p in enumerate(pattern.left) if isinstance(p, Part) and p.kind == "rest"), None
    )
    for number, part in enumerate(pattern.left):
        assert isinstance(part, Part)
        if part.kind == "rest":
            continue
        place = number if rest is None or number < rest else number - len(pattern.left)
        if part.kind == "name":
            sizes[place] = bind_size(part, text, given.shape[place], cx)
    for place, part in matched.required:
        wanted = part_value(text, part, cx)
        if not cx.builder.check.equal(given.shape[place], wanted):
            raise _wrong_size(given, place, wanted, part_span(text, part))
        sizes[place] = wanted
    names = AXES.get(len(sizes), ())
    fixed = {place % len(sizes) for place, _ in matched.required}
    for place, size in enumerate(sizes):
        if place not in fixed and size is given.shape[place]:
            sizes[place] = own_size(names[place] if place < len(names) else "n", size, cx)
    from nndsl.record import replace

    return replace(given, shape=tuple(sizes))


def _local(given: FlowType, cx: Context) -> FlowType:
    """A type with the caller's sizes under names of this block."""
    from nndsl.record import replace

    if not isinstance(given, TensorType) or given.shape is None:
        return given
    names = AXES.get(len(given.shape), ())
    sizes: list[Any] = []
    for place, size in enumerate(given.shape):
        sizes.append(own_size(names[place] if place < len(names) else "n", size, cx))
    return replace(given, shape=tuple(sizes))


def own_size(wish: str, size: Any, cx: Context) -> Any:
    """A size of an input inside the block: a number, or a name that means the caller's size.

    In a general block it is a name for whatever a caller passes.
    """
    if cx.general or size is None:
        if wish in cx.scope.body().names:  # a parameter has this name
            wish = {"c": "in_channels", "d": "in_features"}.get(wish, wish)
        return cx.builder.size(wish, "size")
    return cx.builder.size(wish, "size", size) if isinstance(size, Expr) else size


# ------------------------------------------------------------------ outputs


def check_outputs(outputs: tuple[tree.Output, ...], found: FlowType, cx: Context) -> FlowType:
    """Stated outputs: their shapes are checked, their names given to callers."""
    from nndsl.model.graph import TupleType
    from nndsl.record import replace

    types = found.items if isinstance(found, TupleType) and len(outputs) > 1 else (found,)
    if len(types) != len(outputs):
        raise fault(
            "E306",
            f"{len(outputs)} outputs are stated, but there are {len(types)}",
            outputs[0].span,
            "stated here",
        )
    for stated, type in zip(outputs, types, strict=True):
        if isinstance(type, TensorType):
            _check_output(stated, type, cx)
    if isinstance(found, TupleType) and all(o.name is not None for o in outputs):
        return replace(found, names=tuple(o.name.id for o in outputs if o.name is not None))
    return found


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
    for name, size in matched.names:
        bound = cx.builder.size_names.get(name)
        if bound is not None and not cx.builder.check.equal(bound, size):
            raise fault(
                "E306",
                f"`{name}` is {expression(bound)}, but the result has {expression(size)} there",
                stated.pattern.span,
                f"the result is {shape(type.shape)}",
            )


__all__ = [
    "Builder",
    "bind_size",
    "check_outputs",
    "declared_type",
    "pattern_stage",
    "read",
    "receive",
]
