"""Elements picked or put by index: gather, scatter, topk, sort, embedding."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.bounds import at_most
from nndsl.functions.entry import DIM, INPUT, apply, arg, entry, tensor, with_dtype
from nndsl.functions.text import count, show, show_shape
from nndsl.model.expr import Size
from nndsl.model.graph import FlowType, TensorType, TupleType, Var
from nndsl.model.spec import Argument, FunctionCall, FunctionResult, Rejected, Step

_NAMES = ("values", "indices")
_INDEX = arg("index")
_LAST = arg("dim", "axis", -1)


def _need_index(call: FunctionCall, name: str = "index") -> TensorType:
    type = tensor(call, name)
    if type.dtype != "int":
        raise Rejected(
            f"`{name}` is a tensor of integers, not of {type.dtype}s",
            name,
            "convert with `int(...)`",
        )
    return type


def _same_rank(a: TensorType, b: TensorType, name: str) -> None:
    one, other = shapes.whole_shape(a, "this"), shapes.whole_shape(b, "this")
    if len(one) != len(other):
        raise Rejected(f"{show_shape(one)} and {show_shape(other)} need equally many axes", name)


def _within(inner: TensorType, outer: TensorType, skip: int, call: FunctionCall, name: str) -> None:
    """The axes of ``inner`` are no larger than those of ``outer``."""
    pairs = zip(shapes.shape_of(inner), shapes.shape_of(outer), strict=True)
    for place, (small, large) in enumerate(pairs):
        if place != skip and not at_most(small, large, call.check):
            raise Rejected(
                f"axis {place} is {show(small)} in {show_shape(inner.shape)}, more than in "
                f"{show_shape(outer.shape)}",
                name,
            )


def _gather(call: FunctionCall) -> TensorType:
    type, index = tensor(call), _need_index(call)
    _same_rank(type, index, "index")
    place = shapes.axis(type, call["dim"], call.check)
    _within(index, type, place, call, "index")
    return with_dtype(index, type.dtype)


def _put(call: FunctionCall, src: object) -> TensorType:
    type, index = tensor(call), _need_index(call)
    _same_rank(type, index, "index")
    place = shapes.axis(type, call["dim"], call.check)
    _within(index, type, place, call, "index")
    if isinstance(src, Var):
        assert isinstance(src.type, TensorType)
        _same_rank(index, src.type, "src")
        _within(index, src.type, -1, call, "src")
        shapes.same_dtype(type, src.type, "`scatter`")
    return type


def _scatter(call: FunctionCall) -> FunctionResult:
    output = _put(call, call["src"])
    # torch calls a number `value` and a tensor `src`; without names both are one
    step = apply("torch.scatter", *(call[name] for name in ("input", "dim", "index", "src")))
    return FunctionResult(output, (Step(step, output),))


def _scatter_add(call: FunctionCall) -> TensorType:
    return _put(call, call["src"])


def _index_select(call: FunctionCall) -> TensorType:
    type, index = tensor(call), _need_index(call)
    place = shapes.axis(type, call["dim"], call.check)
    picks = shapes.whole_shape(index, "`index_select`")
    if len(picks) > 1:
        raise Rejected(f"`index` has one axis, not {show_shape(picks)}", "index")
    shape = list(shapes.shape_of(type))
    shape[place] = picks[0] if picks else 1
    return shapes.reshaped(type, shape)


def _topk(call: FunctionCall) -> FlowType:
    type, k = tensor(call), call["k"]
    place = shapes.axis(type, call["dim"], call.check)
    shape = list(shapes.shape_of(type))
    if type.dtype == "bool":
        raise Rejected("`topk` doesn't work on bool tensors", "input", "convert with `int(x)`")
    if not at_most(k, shape[place], call.check):
        raise Rejected(
            f"axis {place} of {show_shape(shape, type.lead)} has {show(shape[place])} items, "
            f"fewer than {show(k)}",
            "k",
        )
    shape[place] = cast(Size, k)
    values = shapes.reshaped(type, shape)
    return TupleType((values, with_dtype(values, "int")), _NAMES)


def _two_unknown(call: FunctionCall) -> FlowType:
    return TupleType((TensorType(None, tensor(call).dtype), TensorType(None, "int")), _NAMES)


def _sort(call: FunctionCall) -> FlowType:
    type = tensor(call)
    shapes.axis(type, call["dim"], call.check)
    return TupleType((type, with_dtype(type, "int")), _NAMES)


def _argsort(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shapes.axis(type, call["dim"], call.check)
    return with_dtype(type, "int")


def _one_hot(call: FunctionCall) -> TensorType:
    index = _need_index(call, "tensor")
    return shapes.reshaped(index, (*shapes.shape_of(index), call["num_classes"]))


def _embedding(call: FunctionCall) -> TensorType:
    index, weight = _need_index(call, "input"), tensor(call, "weight")
    table = shapes.whole_shape(weight, "`embedding`")
    if len(table) != 2:
        raise Rejected(
            f"`weight` has two axes, {show_shape(table)} has {count(len(table), 'axis')}", "weight"
        )
    padding = call["padding_idx"]
    if padding is not None:
        beyond = call.check.less(padding, table[0]) is False
        if beyond or call.check.less(padding, -table[0]):
            raise Rejected(
                f"`padding_idx` is {show(padding)}, but `weight` has {show(table[0])} rows",
                "padding_idx",
            )
    return shapes.reshaped(index, (*shapes.shape_of(index), table[1]), weight.dtype)


def _orders(*more: Argument) -> tuple[Argument, ...]:
    return (INPUT, _LAST, arg("descending", "bool", False), *more)


FUNCTIONS = (
    entry("gather", "torch.gather", (INPUT, DIM, _INDEX), _gather),
    entry("scatter", "torch.scatter", (INPUT, DIM, _INDEX, arg("src", "tensor|float")), _scatter),
    entry("scatter_add", "torch.scatter_add", (INPUT, DIM, _INDEX, arg("src")), _scatter_add),
    entry("index_select", "torch.index_select", (INPUT, DIM, _INDEX), _index_select),
    entry("topk", "torch.topk",
          (INPUT, arg("k", "int", low=0), _LAST, arg("largest", "bool", True),
           arg("sorted", "bool", True)), _topk, _two_unknown),
    entry("sort", "torch.sort", _orders(), _sort, _two_unknown),
    entry("argsort", "torch.argsort", _orders(arg("stable", "bool", False)), _argsort, "int"),
    entry("one_hot", "F.one_hot", (arg("tensor"), arg("num_classes", "size")), _one_hot, "int"),
    entry("embedding", "F.embedding",
          (INPUT, arg("weight"), arg("padding_idx", "int|none", None)), _embedding, "float"),
)  # fmt: skip
