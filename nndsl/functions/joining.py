"""Tensors joined and taken apart: cat, stack, split, chunk, unbind, meshgrid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from nndsl.functions import shapes
from nndsl.functions.counted import counted, even, summed
from nndsl.functions.entry import INPUT, Steps, apply, arg, entry, listed, tensor
from nndsl.functions.text import show, show_shape
from nndsl.model import dims
from nndsl.model.expr import (
    Expr,
    Listing,
    Name,
    Size,
    Spread,
    Static,
    names_in,
)
from nndsl.model.graph import FlowType, ListType, Many, TensorType, TupleType, Var
from nndsl.model.spec import Argument, Function, FunctionCall, FunctionResult, Rejected, Step
from nndsl.record import replace

_TENSORS = arg("tensors", "tensors")
_ALONG = arg("dim", "axis", 0)
_MOST = 1024  # parts that have a type each


def checked(types: Sequence[TensorType], name: str) -> Sequence[TensorType]:
    """Tensors with equally many axes, at least one."""
    if not types:
        raise Rejected(f"`{name}` needs at least one tensor", "tensors")
    if any(t.shape is None for t in types):
        raise shapes.Unknown
    ranks = {(len(shapes.shape_of(t)), t.lead) for t in types}
    if len(ranks) > 1:
        shown = " and ".join(show_shape(t.shape, t.lead) for t in types[:4])
        raise Rejected(f"`{name}` needs tensors with equally many axes, not {shown}", "tensors")
    return types


def _cat(call: FunctionCall) -> TensorType:
    listing = counted(call)
    if listing is not None:
        return _cat_list(call, listing)
    types = checked(listed(call, "tensors"), "cat")
    place = shapes.axis(types[0], call["dim"], call.check)
    shape = agreed(types, call, "concatenated", place)
    total: Static = 0
    for type in types:
        total = total + shapes.shape_of(type)[place]  # type: ignore[operator]
    shape[place] = cast(Size, dims.tidy(total))
    return shapes.reshaped(types[0], shape, shapes.promote(t.dtype for t in types))


def _cat_list(call: FunctionCall, listing: ListType) -> TensorType:
    item = cast(TensorType, listing.item)
    place = shapes.axis(item, call["dim"], call.check)
    shape = even(listing, call, place)
    index = listing.index
    if index is not None and index in names_in(shape[place]):
        shape[place] = cast(Size, summed(shape[place], index, listing.length))
        return replace(item, shape=tuple(shape))
    shape[place] = shape[place] * listing.length  # type: ignore[assignment,operator]
    return shapes.reshaped(item, shape)


def agreed(
    types: Sequence[TensorType], call: FunctionCall, done: str, apart: int | None
) -> list[Size]:
    """The common sizes of all axes but ``apart``."""
    shape = list(shapes.shape_of(types[0]))
    for number, type in enumerate(types[1:], 2):
        for place, size in enumerate(shapes.shape_of(type)):
            if place == apart:
                continue
            common = shapes.unify(shape[place], size, call.check)
            if common is None:
                raise Rejected(
                    f"{show_shape(types[0].shape)} and {show_shape(type.shape)} can't be {done}"
                    + (f" along axis {apart}" if apart is not None else "")
                    + f": axis {place} is {show(shape[place])} in the first and {show(size)} in "
                    + (f"tensor {number}" if len(types) > 2 else "the second"),
                    "tensors",
                )
            shape[place] = common
    return shape


def _stack(call: FunctionCall) -> TensorType:
    listing = counted(call)
    if listing is not None:
        item = cast(TensorType, listing.item)
        place = shapes.axis(item, call["dim"], call.check, extra=1)
        shape = even(listing, call, None)
        return shapes.reshaped(item, (*shape[:place], listing.length, *shape[place:]))
    types = checked(listed(call, "tensors"), "stack")
    place = shapes.axis(types[0], call["dim"], call.check, extra=1)
    shape = agreed(types, call, "stacked", None)
    dtype = shapes.promote(t.dtype for t in types)
    return shapes.reshaped(types[0], (*shape[:place], len(types), *shape[place:]), dtype)


def with_size(type: TensorType, place: int, size: Static) -> TensorType:
    """The same tensor with another size of one axis."""
    shape: list[Static] = list(shapes.shape_of(type))
    shape[place] = size
    return shapes.reshaped(type, shape)


def _pieces(type: TensorType, place: int, size: Static, call: FunctionCall) -> FlowType:
    """The parts of an axis in steps of ``size``; the last may be smaller."""
    total = shapes.shape_of(type)[place]
    if not isinstance(size, Expr) and not isinstance(total, Expr):
        step = cast(int, size)
        number = max(1, -(-total // step))
        if total % step and number <= _MOST:
            rest = with_size(type, place, total % step)
            part = with_size(type, place, step)
            return TupleType((part,) * (number - 1) + (rest,), None, True)
        if total % step:
            raise Rejected(f"{number} parts of an axis are too many", "input")
        return _equal_parts(with_size(type, place, min(step, total)), number)
    whole = dims.tidy(total // size)  # type: ignore[operator]
    if not call.check.divides(size, total):
        raise Rejected(
            f"axis {place} of {show_shape(type.shape)} isn't a multiple of {show(size)}",
            "input",
            "give the sizes of all parts as a list",
        )
    return _equal_parts(with_size(type, place, size), whole)


def _equal_parts(part: TensorType, number: Static) -> FlowType:
    """One type a part; a long or symbolic list has one for all."""
    if isinstance(number, Expr) or cast(int, number) > _MOST:
        return ListType(part, number)
    return TupleType((part,) * cast(int, number), None, True)


def _split_result(call: FunctionCall) -> FunctionResult:
    """Parts of several sizes are printed as the list that torch's types ask for."""
    output, sizes = _split(call), call["split_size_or_sections"]
    parts = sizes.items if isinstance(sizes, Listing) else sizes
    if not isinstance(parts, tuple) or any(isinstance(part, Spread) for part in parts):
        return FunctionResult(output)
    steps = Steps(call["input"])
    named = {"dim": call["dim"]} if "dim" in call.given else {}
    steps.put(output, "torch.split", call["input"], Many(parts, "list"), **named)
    return steps.result()


def _split(call: FunctionCall) -> FlowType:
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check)
    sizes = call["split_size_or_sections"]
    parts = shapes.entries(sizes, call.check)
    if len(parts) == 1 and parts[0] is sizes:
        if call.check.less(sizes, 1):
            raise Rejected(f"parts of size {show(sizes)} can't be", "split_size_or_sections")
        return _pieces(type, place, sizes, call)
    total: Static = 0
    for part in parts:
        if call.check.less(part, 0):
            raise Rejected(f"a part of size {show(part)} can't be", "split_size_or_sections")
        total = total + part  # type: ignore[operator]
    size = shapes.shape_of(type)[place]
    if not call.check.equal(size, dims.tidy(total)):
        raise Rejected(
            f"the parts add up to {show(dims.tidy(total))}, but axis {place} of "
            f"{show_shape(type.shape)} is {show(size)}",
            "split_size_or_sections",
        )
    return TupleType(tuple(with_size(type, place, part) for part in parts), None, True)


def _chunk(call: FunctionCall) -> FlowType:
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check)
    chunks, size = call["chunks"], shapes.shape_of(type)[place]
    if isinstance(chunks, Expr) or isinstance(size, Expr):
        return _even_chunks(type, place, chunks, call)
    # torch's promise is "at most": the parts are as big as the first needs to be
    return _pieces(type, place, max(1, -(-size // chunks)), call)


def _even_chunks(type: TensorType, place: int, chunks: Static, call: FunctionCall) -> FlowType:
    size = shapes.shape_of(type)[place]
    if not call.check.divides(chunks, size):
        raise Rejected(
            f"axis {place} of {show_shape(type.shape)} can't be cut into {show(chunks)} "
            "equal parts",
            "chunks",
        )
    step = dims.ceildiv(size, cast(Size, chunks))
    part = with_size(type, place, step)
    if isinstance(chunks, Expr) or call.check.same(step * chunks, size):  # type: ignore[operator]
        return _equal_parts(part, chunks)
    if call.check.lenient and chunks <= _MOST:  # type: ignore[operator]
        rest = with_size(type, place, size - step * (chunks - 1))  # type: ignore[operator]
        return TupleType((part,) * (cast(int, chunks) - 1) + (rest,), None, True)
    return _equal_parts(with_size(type, place, size // chunks), chunks)  # type: ignore[operator]


def _unbind(call: FunctionCall) -> FlowType:
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check)
    shape = shapes.shape_of(type)
    item = shapes.reshaped(type, (*shape[:place], *shape[place + 1 :]))
    return _equal_parts(item, shape[place])


def _meshgrid(call: FunctionCall) -> FunctionResult:
    types = listed(call, "tensors")
    if not types or counted(call):
        raise Rejected("`meshgrid` needs tensors, one an axis", "tensors")
    sizes: list[Size] = []
    for type in types:
        shape = shapes.whole_shape(type, "`meshgrid`")
        if len(shape) > 1:
            raise Rejected(
                f"`meshgrid` takes tensors with one axis, not {show_shape(shape)}", "tensors"
            )
        sizes.append(shape[0] if shape else 1)
    if len({t.dtype for t in types}) > 1:
        raise Rejected("`meshgrid` needs tensors of one dtype", "tensors")
    if call["indexing"] == "xy" and len(sizes) > 1:
        sizes[:2] = sizes[1::-1]
    output = TupleType((shapes.reshaped(types[0], sizes),) * len(types), None, True)
    # torch warns where the indexing isn't said
    tensors = (call["tensors"],) if isinstance(call["tensors"], Var) else call["tensors"]
    step = apply("torch.meshgrid", *tensors, indexing=call["indexing"])
    return FunctionResult(output, (Step(step, output),))


def many_unknown(call: FunctionCall) -> FlowType:
    """What is taken apart without a known shape: as many tensors as were asked for, if said."""
    item = TensorType(None, tensor(call).dtype)
    number = call.args.get("chunks", 0)
    parts = call.args.get("split_size_or_sections")
    if isinstance(parts, tuple):
        number = len(parts)
    if isinstance(number, int) and number > 0:
        return _equal_parts(item, number)
    return ListType(item, Name("length"))


def _joined(name: str, *more: Argument) -> tuple[str, str, tuple[Argument, ...]]:
    return name, f"torch.{name}", (_TENSORS, *more)


_INDEXING = arg("indexing", "str", "ij", choices=("ij", "xy"), named=True)

FUNCTIONS: tuple[Function, ...] = (
    entry(*_joined("cat", _ALONG), _cat),
    entry(*_joined("stack", _ALONG), _stack),
    entry("split", "torch.split",
          (arg("input"), arg("split_size_or_sections", "ints|int"), _ALONG), _split_result,
          many_unknown),
    entry("chunk", "Tensor.chunk", (INPUT, arg("chunks", "size"), _ALONG), _chunk, many_unknown),
    entry("unbind", "Tensor.unbind", (INPUT, _ALONG), _unbind, many_unknown),
    entry(*_joined("meshgrid", _INDEXING), _meshgrid,
          star="tensors"),
)  # fmt: skip
