"""Inputs: their declared types, and the names of sizes that their patterns bind."""

from __future__ import annotations

from typing import Any, cast

from nndsl.model import dims
from nndsl.model.expr import Expr, Name, Size, names_in
from nndsl.model.graph import FlowType, ListType, TensorType, TupleType
from nndsl.model.patterns import Part, Pattern, match
from nndsl.model.spec import Rejected
from nndsl.model.text import expression
from nndsl.record import replace
from nndsl.resolve.axis_names import axis_wishes
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.input_lists import own_list
from nndsl.resolve.shapes import part_span, part_value, pattern_fault, read, wrong_size
from nndsl.resolve.tensor_lists import is_list_type
from nndsl.syntax import tree


def declared_type(node: tree.Input, cx: Context) -> FlowType:
    """The type of a model's own input: its names are new sizes, known only when it runs."""
    dtype = node.dtype or "float"
    if node.many:
        raise fault(
            "E305",
            "a model can't take a list: nobody says how many tensors are in it",
            node.span,
            "of which length?",
            help=f"take them one by one: `({node.name.id}1, {node.name.id}2)`",
        )
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
        assert isinstance(part, Part)  # groups stand in patterns with `->`
        if part.kind == "rest":
            if sizes:
                raise fault(
                    "E308",
                    "`...` stands first in the pattern of a model's input",
                    part_span(node.pattern, part),
                    "axes before it",
                    help="name all axes, or begin with `...`",
                )
            lead = True
        else:
            sizes.append(_new_size(part, node, pattern, len(sizes), cx))
    return TensorType(tuple(sizes), dtype, lead, node.optional)


def _new_size(part: Part, node: tree.Input, pattern: Pattern, axis: int, cx: Context) -> Size:
    assert node.pattern is not None
    if part.kind in ("number", "value"):
        return cast(Size, part_value(node.pattern, part, cx))
    if part.kind == "any":
        lead = any(isinstance(one, Part) and one.kind == "rest" for one in pattern.left)
        rank = len(pattern.left) - lead
        dtype = node.dtype or "float"
        return cx.builder.size(axis_wishes(node.name.id, rank, dtype, cx, pattern)[axis])
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
    if node.many and cx.general and not cx.spliced and is_list_type(given):
        return own_list(node.name.id, given, cx, node.pattern)
    if isinstance(given, TupleType | ListType):
        return _receive_several(node, given, cx)
    if not isinstance(given, TensorType):
        return given
    if node.many:
        raise fault(
            "E307", f"`{node.name.id}` takes a list of tensors", node.span, "one tensor flows in"
        )
    return _receive_tensor(node, given, cx)


def _receive_several(node: tree.Input, given: TupleType | ListType, cx: Context) -> FlowType:
    """Each tensor of a list fits what is declared; a name stands for one size in all of them."""
    if not node.many and node.pattern is not None:
        raise fault("E307", f"`{node.name.id}` takes one tensor", node.span, "several flow in")
    if isinstance(given, ListType):
        item = _receive_item(node, given.item, cx, given.index)
        return replace(given, item=item, length=own_length(node.name.id, given, cx))
    if given.many and len(set(given.items)) == 1:
        return replace(given, items=(_receive_item(node, given.items[0], cx),) * len(given.items))
    return replace(given, items=tuple(_receive_item(node, one, cx) for one in given.items))


def _receive_item(
    node: tree.Input, given: FlowType, cx: Context, index: Name | None = None
) -> FlowType:
    if not isinstance(given, TensorType):
        return given
    if not node.many:
        return local_type(given, cx, node.name.id)
    made = _receive_tensor(node, given, cx)
    if index is None or given.shape is None or made.shape is None:
        return made
    pairs = zip(given.shape, made.shape, strict=True)  # what differs by place keeps saying so
    return replace(made, shape=tuple(a if index in names_in(a) else b for a, b in pairs))


def _receive_tensor(node: tree.Input, given: TensorType, cx: Context) -> TensorType:
    """One tensor: its dtype, and its sizes as the pattern names them."""
    wanted = node.dtype or ("float" if node.pattern else given.dtype)
    if wanted != given.dtype:
        raise fault(
            "E303",
            f"`{node.name.id}` takes {wanted} tensors, but gets {given.dtype}",
            node.span,
            "declared here",
            help=f'declare it as `{node.name.id}: {"list " * node.many}{given.dtype} "..."`',
        )
    if node.pattern is None:
        return local_type(given, cx, node.name.id)
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
            raise wrong_size(given, place, wanted, part_span(text, part))
        sizes[place] = wanted
    wishes = axis_wishes(node.name.id, len(sizes), given.dtype, cx, pattern)
    fixed = {place % len(sizes) for place, _ in matched.required}
    for place, size in enumerate(sizes):
        if place not in fixed and size is given.shape[place]:
            sizes[place] = own_size(wishes[place], size, cx)
    return replace(given, shape=tuple(sizes))


def local_type(given: TensorType, cx: Context, name: str) -> TensorType:
    """The type of the input ``name`` with the caller's sizes under names of this block."""
    if given.shape is None:
        return given
    wishes = axis_wishes(name, len(given.shape), given.dtype, cx)
    sizes = (own_size(wish, size, cx) for wish, size in zip(wishes, given.shape, strict=True))
    return replace(given, shape=tuple(sizes))


def own_length(name: str, given: ListType, cx: Context) -> Any:
    """The length of the list ``name`` inside the block."""
    return own_size(f"{name}_length", given.length, cx)


def own_size(wish: str, size: Any, cx: Context) -> Any:
    """A size of an input inside the block: a number, or a name that means the caller's size.

    In a general block it is a name for whatever a caller passes.
    """
    if cx.spliced and size is not None:
        return size
    if cx.general or size is None:
        return cx.builder.size(wish, "size")
    return cx.builder.size(wish, "size", size) if isinstance(size, Expr) else size
