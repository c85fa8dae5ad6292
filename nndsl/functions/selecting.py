"""Elements picked by index or by size: gather, topk, sort, embedding."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.bounds import at_most
from nndsl.functions.entry import DIM, INPUT, arg, entry, tensor, with_dtype
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Size
from nndsl.model.graph import FlowType, TensorType, TupleType, Var
from nndsl.model.spec import Argument, FunctionCall, Rejected

_NAMES = ("values", "indices")
INDEX = arg("index")
_LAST = arg("dim", "axis", -1)
_RIGHT = arg("right", "bool", False, named=True)


def need_index(call: FunctionCall, name: str = "index") -> TensorType:
    """A tensor of integers."""
    type = tensor(call, name)
    if type.dtype != "int":
        raise Rejected(
            f"`{name}` is a tensor of integers, not of {type.dtype}s",
            name,
            "convert with `int(...)`",
        )
    return type


def same_rank(a: TensorType, b: TensorType, name: str) -> None:
    """Refuses tensors with different numbers of axes."""
    one, other = shapes.whole_shape(a, "this"), shapes.whole_shape(b, "this")
    if len(one) != len(other):
        raise Rejected(f"{show_shape(one)} and {show_shape(other)} need equally many axes", name)


def within(inner: TensorType, outer: TensorType, skip: int, call: FunctionCall, name: str) -> None:
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
    type, index = tensor(call), need_index(call)
    same_rank(type, index, "index")
    place = shapes.axis(type, call["dim"], call.check)
    within(index, type, place, call, "index")
    return with_dtype(index, type.dtype)


def one_axis(index: TensorType, name: str) -> Size:
    """How many items an index with one axis, or none, picks."""
    picks = shapes.whole_shape(index, f"`{name}`")
    if len(picks) > 1:
        raise Rejected(f"`index` has one axis, not {show_shape(picks)}", "index")
    return picks[0] if picks else 1


def _index_select(call: FunctionCall) -> TensorType:
    type, index = tensor(call), need_index(call)
    place = shapes.axis(type, call["dim"], call.check)
    shape = list(shapes.shape_of(type))
    shape[place] = one_axis(index, "index_select")
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


def _msort(call: FunctionCall) -> TensorType:
    shapes.shape_of(tensor(call))
    return tensor(call)


def _take_along(call: FunctionCall) -> TensorType:
    """As ``gather``, but the other axes broadcast."""
    type, index = tensor(call), need_index(call, "indices")
    if call["dim"] is None:
        picks = dims.product(shapes.whole_shape(index, "`take_along_dim`"))
        shapes.whole_shape(type, "`take_along_dim` without `dim`")
        return TensorType((picks,), type.dtype)
    same_rank(type, index, "indices")
    place = shapes.axis(type, call["dim"], call.check)
    one, two = list(shapes.shape_of(type)), list(shapes.shape_of(index))
    picks = two[place]
    one[place] = two[place] = 1
    wide = shapes.broadcast_shapes(tuple(one), tuple(two), call.check, "picked from")
    return shapes.reshaped(type, (*wide[:place], picks, *wide[place + 1 :]))


def _take(call: FunctionCall) -> TensorType:
    shapes.whole_shape(tensor(call), "`take`")
    return with_dtype(need_index(call), tensor(call).dtype)


def _bucketize(call: FunctionCall) -> TensorType:
    type, bounds = tensor(call), tensor(call, "boundaries")
    shape = shapes.whole_shape(bounds, "`bucketize`")
    if len(shape) != 1:
        raise Rejected(f"`boundaries` has one axis, not {show_shape(shape)}", "boundaries")
    _no_bools((type.dtype, bounds.dtype), "bucketize")
    return with_dtype(type, "int")


def _no_bools(dtypes: tuple[str, str], name: str) -> None:
    if dtypes == ("bool", "bool"):
        raise Rejected(f"`{name}` doesn't work on bool tensors", "input", "convert with `int(x)`")


def _searchsorted(call: FunctionCall) -> TensorType:
    rows, value = tensor(call, "sorted_sequence"), call["input"]
    inside = shapes.whole_shape(rows, "`searchsorted`")
    if call["side"] == "left" and call.check.same(call["right"], True):
        raise Rejected('side="left" and `right` exclude each other', "side")
    if call["sorter"] is not None:
        order = need_index(call, "sorter")
        if not _equal(shapes.whole_shape(order, "`searchsorted`"), inside, call):
            raise Rejected("`sorter` has the shape of `sorted_sequence`", "sorter")
    if not isinstance(value, Var):
        if len(inside) != 1:
            raise Rejected("a number is looked for in one sequence", "sorted_sequence")
        return TensorType((), "int")
    type = tensor(call)
    wanted = shapes.whole_shape(type, "`searchsorted`")
    _no_bools((rows.dtype, type.dtype), "searchsorted")
    if len(inside) != 1 and not (inside and _equal(inside[:-1], wanted[:-1], call) and wanted):
        raise Rejected(
            f"{show_shape(inside)} and {show_shape(wanted)} need equal axes but the last", "input"
        )
    return with_dtype(type, "int")


def _equal(a: shapes.Shape, b: shapes.Shape, call: FunctionCall) -> bool:
    return len(a) == len(b) and all(call.check.equal(x, y) for x, y in zip(a, b, strict=True))


def _one_hot(call: FunctionCall) -> TensorType:
    index = need_index(call, "input")
    return shapes.reshaped(index, (*shapes.shape_of(index), call["num_classes"]))


def _embedding(call: FunctionCall) -> TensorType:
    index, weight = need_index(call, "input"), tensor(call, "weight")
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


def _orders() -> tuple[Argument, ...]:
    stable = arg("stable", "bool", False, named=True)
    return (INPUT, _LAST, arg("descending", "bool", False), stable)


FUNCTIONS = (
    entry("gather", "torch.gather", (INPUT, DIM, INDEX), _gather),
    entry("take_along_dim", "torch.take_along_dim",
          (INPUT, arg("indices"), arg("dim", "axis|none", None)), _take_along),
    entry("take", "torch.take", (INPUT, INDEX), _take),
    entry("index_select", "torch.index_select", (INPUT, DIM, INDEX), _index_select),
    entry("topk", "torch.topk",
          (INPUT, arg("k", "int", low=0), _LAST, arg("largest", "bool", True),
           arg("sorted", "bool", True)), _topk, _two_unknown),
    entry("sort", "torch.sort", _orders(), _sort, _two_unknown),
    entry("argsort", "torch.argsort", _orders(), _argsort, "int"),
    entry("msort", "torch.msort", (INPUT,), _msort),
    entry("bucketize", "torch.bucketize", (INPUT, arg("boundaries"), _RIGHT), _bucketize, "int"),
    entry("searchsorted", "torch.searchsorted",
          (arg("sorted_sequence"), arg("input", "tensor|float"), _RIGHT,
           arg("side", "str|none", None, choices=("left", "right"), named=True),
           arg("sorter", "tensor|none", None, named=True)), _searchsorted, "int"),
    entry("one_hot", "F.one_hot", (INPUT, arg("num_classes", "size")), _one_hot, "int"),
    entry("embedding", "F.embedding",
          (INPUT, arg("weight"), arg("padding_idx", "int|none", None)), _embedding, "float"),
)  # fmt: skip
