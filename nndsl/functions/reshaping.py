"""The same elements under other axes: reshape, flatten, permute, squeeze, expand."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.entry import INPUT, Rule, apply, arg, entry, tensor
from nndsl.functions.shapes import Shape
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Expr, Size, Static
from nndsl.model.graph import TensorType
from nndsl.model.spec import FunctionCall, FunctionResult, Rejected, Step


def filled_in(
    shape: Shape, wanted: tuple[Static, ...], what: str, name: str, call: FunctionCall
) -> Shape:
    """Sizes with as many elements as ``shape``; one of them may be -1 and follows."""
    places = [place for place, size in enumerate(wanted) if call.check.same(size, -1)]
    if len(places) > 1:
        raise Rejected("only one size can be -1", name)
    rest = [cast(Size, size) for place, size in enumerate(wanted) if place not in places]
    for size in rest:
        if call.check.less(size, 0):
            raise Rejected(f"a size can't be {show(size)}", name, "-1 is the size that follows")
    total, product = _without_common(shape, rest, call)
    sizes = list(wanted)
    if not places:
        if not call.check.equal(total, product):
            room = show(dims.product(tuple(rest)))
            raise Rejected(f"{what}, but {show_shape(wanted)} has room for {room}", name)
    elif call.check.less(product, 1) or not call.check.divides(product, total):
        raise Rejected(f"{what}: {show_shape(wanted)} can't be", name)
    else:
        sizes[places[0]] = total // product
    return cast(Shape, tuple(dims.tidy(size) for size in sizes))


def _without_common(shape: Shape, wanted: list[Size], call: FunctionCall) -> tuple[Size, Size]:
    """The products of both sides, without the symbolic sizes that stand on either."""
    left, right = list(shape), list(wanted)
    for size in wanted:
        same = [i for i, other in enumerate(left) if call.check.same(size, other)]
        if same and isinstance(left[same[0]], Expr):
            del left[same[0]]
            right.remove(size)
    return dims.product(tuple(left)), dims.product(tuple(right))


def _reshape(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.whole_shape(type, "`reshape`")
    what = f"{show_shape(shape)} has {show(dims.product(shape))} elements"
    wanted = shapes.entries(call["shape"], call.check)
    return shapes.reshaped(type, filled_in(shape, wanted, what, "shape", call))


def _flatten(call: FunctionCall) -> FunctionResult:
    type = tensor(call)
    first = shapes.axis(type, call["start_dim"], call.check, "start_dim")
    last = shapes.axis(type, call["end_dim"], call.check, "end_dim")
    if first > last:
        raise Rejected(f"`flatten` from axis {first} to axis {last} goes backwards", "start_dim")
    shape = shapes.shape_of(type)
    joined = dims.product(shape[first : last + 1])
    output = shapes.reshaped(type, (*shape[:first], joined, *shape[last + 1 :]))
    # torch.flatten begins at axis 0, the layer at 1; so the axis is always said
    ends = (call["end_dim"],) if "end_dim" in call.given else ()
    step = apply("torch.flatten", call["input"], call["start_dim"], *ends)
    return FunctionResult(output, (Step(step, output),))


def _unflatten(call: FunctionCall) -> TensorType:
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check)
    shape = shapes.shape_of(type)
    what = f"axis {place} of {show_shape(shape, type.lead)} is {show(shape[place])}"
    wanted = shapes.entries(call["sizes"], call.check)
    if not wanted:
        raise Rejected("`unflatten` needs at least one size", "sizes")
    sizes = filled_in((shape[place],), wanted, what, "sizes", call)
    return shapes.reshaped(type, (*shape[:place], *sizes, *shape[place + 1 :]))


def _permute(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.whole_shape(type, "`permute`")
    order = shapes.axes(type, call["dims"], call.check, "dims")
    if len(order) != len(shape):
        raise Rejected(
            f"{show_shape(shape)} has {count(len(shape), 'axis')}, `dims` names {len(order)}",
            "dims",
            "name each axis once",
        )
    return shapes.reshaped(type, [shape[place] for place in order])


def _transpose(call: FunctionCall) -> TensorType:
    type = tensor(call)
    first = shapes.axis(type, call["dim0"], call.check, "dim0")
    second = shapes.axis(type, call["dim1"], call.check, "dim1")
    shape = list(shapes.shape_of(type))
    shape[first], shape[second] = shape[second], shape[first]
    return shapes.reshaped(type, shape)


def _movedim(call: FunctionCall) -> TensorType:
    type = tensor(call)
    if shapes.is_list(call["source"]) != shapes.is_list(call["destination"]):
        raise Rejected("`source` and `destination` are two axes or two lists", "destination")
    source = shapes.axes(type, call["source"], call.check, "source")
    target = shapes.axes(type, call["destination"], call.check, "destination")
    if len(source) != len(target):
        raise Rejected("`source` and `destination` name equally many axes", "destination")
    shape = shapes.shape_of(type)
    moved = dict(zip(target, source, strict=True))
    rest = iter([place for place in range(len(shape)) if place not in source])
    order = [moved[place] if place in moved else next(rest) for place in range(len(shape))]
    return shapes.reshaped(type, [shape[place] for place in order])


def _squeeze(call: FunctionCall) -> TensorType:
    type, dim = tensor(call), call["dim"]
    shape = shapes.shape_of(type)
    if dim is None:
        if type.lead or any(_perhaps_one(size, call) for size in shape):
            raise Rejected(
                f"which axes of {show_shape(shape, type.lead)} are 1 isn't known",
                "input",
                "say the axis: `squeeze(dim=-1)`",
            )
        return shapes.reshaped(type, [s for s in shape if not call.check.same(s, 1)])
    gone = [p for p in shapes.axes(type, dim, call.check) if not call.check.differ(shape[p], 1)]
    for place in gone:
        call.check.equal(shape[place], 1)
    return shapes.reshaped(type, [s for p, s in enumerate(shape) if p not in gone])


def _perhaps_one(size: Size, call: FunctionCall) -> bool:
    return not call.check.same(size, 1) and not call.check.differ(size, 1)


def _unsqueeze(call: FunctionCall) -> TensorType:
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check, extra=1)
    shape = shapes.shape_of(type)
    return shapes.reshaped(type, (*shape[:place], 1, *shape[place:]))


def _expand(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.whole_shape(type, "`expand`")
    wanted = shapes.entries(call["sizes"], call.check)
    new = len(wanted) - len(shape)
    if new < 0:
        raise Rejected(
            f"{show_shape(shape)} has {count(len(shape), 'axis')}, `expand` gives "
            f"{len(wanted)} sizes",
            "sizes",
            "give every axis a size; -1 keeps one",
        )
    sizes = [_expanded(place, size, shape, new, call) for place, size in enumerate(wanted)]
    return shapes.reshaped(type, sizes)


def _expanded(
    place: int, size: Static, shape: shapes.Shape, new: int, call: FunctionCall
) -> Static:
    if call.check.same(size, -1):
        if place < new:
            raise Rejected("a new axis needs a size, not -1", "sizes")
        return shape[place - new]
    if call.check.less(size, 0):
        raise Rejected(f"a size can't be {show(size)}", "sizes")
    if place < new or call.check.same(shape[place - new], 1):
        return size
    if not call.check.equal(shape[place - new], size):
        raise Rejected(
            f"axis {place - new} of {show_shape(shape)} is {show(shape[place - new])}, "
            f"it can't be expanded to {show(size)}",
            "sizes",
            "only axes of size 1 can be expanded",
        )
    return size


def _broadcast_to(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.whole_shape(type, "`broadcast_to`")
    wanted = shapes.entries(call["size"], call.check)
    new = len(wanted) - len(shape)
    if new < 0:
        raise Rejected(
            f"{show_shape(shape)} has {count(len(shape), 'axis')}, `broadcast_to` gives "
            f"{len(wanted)} sizes",
            "size",
        )
    sizes = [_expanded(place, size, shape, new, call) for place, size in enumerate(wanted)]
    return shapes.reshaped(type, sizes)


def _reshape_as(call: FunctionCall) -> TensorType:
    type, other = tensor(call), tensor(call, "other")
    shape, wanted = (shapes.whole_shape(t, "`reshape_as`") for t in (type, other))
    what = f"{show_shape(shape)} has {show(dims.product(shape))} elements"
    return shapes.reshaped(type, filled_in(shape, wanted, what, "other", call))


def _ravel(call: FunctionCall) -> TensorType:
    type = tensor(call)
    return shapes.reshaped(type, (dims.product(shapes.whole_shape(type, "`ravel`")),))


def _t(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.whole_shape(type, "`t`")
    if len(shape) > 2:
        raise Rejected(
            f"`t` takes a matrix, {show_shape(shape)} has {count(len(shape), 'axis')}",
            "input",
            "say the axes: `transpose(-2, -1)`",
        )
    return shapes.reshaped(type, shape[::-1])


def _expand_as(call: FunctionCall) -> TensorType:
    type, other = tensor(call), tensor(call, "other")
    wide = shapes.whole_shape(other, "`expand_as`")
    shape = shapes.whole_shape(type, "`expand_as`")
    new = len(wide) - len(shape)
    if new < 0:
        raise Rejected(f"{show_shape(shape)} has more axes than {show_shape(wide)}", "input")
    sizes = [_expanded(place, size, shape, new, call) for place, size in enumerate(wide)]
    return shapes.reshaped(type, sizes)


def _repeat(name: str, fewer: bool) -> Rule:
    argument = "dims" if fewer else "repeats"

    def rule(call: FunctionCall) -> TensorType:
        type = tensor(call)
        shape = shapes.whole_shape(type, f"`{name}`")
        times = shapes.entries(call[argument], call.check)
        for number in times:
            if call.check.less(number, 0):
                raise Rejected(f"an axis can't be repeated {show(number)} times", argument)
        if len(times) < len(shape):
            if not fewer:
                raise Rejected(
                    f"{show_shape(shape)} has {count(len(shape), 'axis')}, `repeat` gives "
                    f"{len(times)} numbers",
                    argument,
                    "give one number an axis",
                )
            times = (1,) * (len(shape) - len(times)) + times
        wide = (1,) * (len(times) - len(shape)) + shape
        return shapes.reshaped(type, [a * b for a, b in zip(wide, times, strict=True)])  # type: ignore[operator]

    return rule


FUNCTIONS = (
    entry("reshape", "Tensor.reshape", (INPUT, arg("shape", "sizes")), _reshape, star="shape"),
    entry("flatten", "torch.flatten",
          (INPUT, arg("start_dim", "axis", 1), arg("end_dim", "axis", -1)), _flatten),
    entry("unflatten", "Tensor.unflatten", (INPUT, arg("dim", "axis"), arg("sizes", "sizes")),
          _unflatten),
    entry("permute", "Tensor.permute", (INPUT, arg("dims", "axes")), _permute, star="dims"),
    entry("transpose", "Tensor.transpose", (INPUT, arg("dim0", "axis"), arg("dim1", "axis")),
          _transpose),
    entry("movedim", "Tensor.movedim", (INPUT, arg("source", "axes"), arg("destination", "axes")),
          _movedim),
    entry("squeeze", "Tensor.squeeze", (INPUT, arg("dim", "axes|none", None)), _squeeze),
    entry("unsqueeze", "Tensor.unsqueeze", (INPUT, arg("dim", "axis")), _unsqueeze),
    entry("expand", "Tensor.expand", (INPUT, arg("sizes", "sizes")), _expand, star="sizes"),
    entry("expand_as", "Tensor.expand_as", (INPUT, arg("other")), _expand_as),
    entry("broadcast_to", "torch.broadcast_to", (INPUT, arg("size", "sizes")), _broadcast_to),
    entry("reshape_as", "Tensor.reshape_as", (INPUT, arg("other")), _reshape_as),
    entry("ravel", "torch.ravel", (INPUT,), _ravel),
    entry("t", "torch.t", (INPUT,), _t),
    entry("repeat", "Tensor.repeat", (INPUT, arg("repeats", "sizes")), _repeat("repeat", False),
          star="repeats"),
    entry("tile", "Tensor.tile", (INPUT, arg("dims", "sizes")), _repeat("tile", True), star="dims"),
)  # fmt: skip
