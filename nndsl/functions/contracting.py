"""Products that are added to something, and products over chosen axes."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

from nndsl.functions import shapes
from nndsl.functions.combining import dtype_of_value
from nndsl.functions.entry import INPUT, Rule, arg, entry, listed, tensor
from nndsl.functions.shapes import Shape
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Size
from nndsl.model.graph import ListType, TensorType, Var
from nndsl.model.spec import FunctionCall, FunctionResult, Rejected


def _ranked(call: FunctionCall, name: str, rank: int) -> Shape:
    shape = shapes.whole_shape(tensor(call, name), "this product")
    if len(shape) != rank:
        raise Rejected(
            f"`{name}` {show_shape(shape)} has {count(len(shape), 'axis')}, {rank} are wanted", name
        )
    return shape


def _inner_size(a: Size, b: Size, call: FunctionCall, second: str) -> None:
    if not call.check.equal(a, b):
        raise Rejected(f"{show(a)} and {show(b)} can't be multiplied over", second)


def _added(first: str, second: str, ranks: tuple[int, int], batched: bool, keep: bool) -> Rule:
    """``beta * input + alpha * (first @ second)``.

    ``batched``: both have a batch; without ``keep`` it is summed over.
    """

    def rule(call: FunctionCall) -> FunctionResult:
        a, b = _ranked(call, first, ranks[0]), _ranked(call, second, ranks[1])
        types = [tensor(call, name) for name in ("input", first, second)]
        _one_dtype(types, call)
        if batched and not call.check.equal(a[0], b[0]):
            raise Rejected(f"the batches are {show(a[0])} and {show(b[0])}", second)
        if ranks == (1, 1):
            out, macs = (a[0], b[0]), dims.product((a[0], b[0]))
        else:
            _inner_size(a[-1], b[1 if batched else 0], call, second)
            out = (*a[: 1 if keep else 0], a[-2], *b[2 if batched else 1 :])  # type: ignore[assignment]
            macs = dims.product((*a, *b[2 if batched else 1 :]))
        _check_addend(shapes.whole_shape(types[0], "this product"), out, call)
        return FunctionResult(TensorType(out, types[0].dtype), (), macs)

    return rule


def _one_dtype(types: list[TensorType], call: FunctionCall) -> None:
    for type in types[1:]:
        shapes.same_dtype(types[0], type, "this product")
    if types[0].dtype == "bool":
        raise Rejected("bools have no products here", "input", "convert with `float(x)`")
    for name in ("alpha", "beta"):
        if types[0].dtype == "int" and dtype_of_value(call[name], call) == "float":
            raise Rejected(f"`{name}` is a whole number where ints are multiplied", name)


def _check_addend(shape: Shape, out: Shape, call: FunctionCall) -> None:
    """``input`` is stretched to the product, never the other way."""
    fits = len(shape) <= len(out) and all(
        call.check.same(have, 1) or call.check.equal(have, want)
        for have, want in zip(shape[::-1], out[::-1], strict=False)
    )
    if not fits:
        raise Rejected(
            f"`input` {show_shape(shape)} can't be added to the product {show_shape(out)}", "input"
        )


def _inner(call: FunctionCall) -> TensorType:
    """Over the last axis of both."""
    both = tensor(call), tensor(call, "other")
    a, b = (shapes.whole_shape(type, "`inner`") for type in both)
    if not a or not b:
        dtype = shapes.promote(type.dtype for type in both)
        return TensorType((*a, *b), dtype)
    shapes.same_dtype(*both, "`inner`")
    if both[0].dtype == "bool":
        raise Rejected("`inner` doesn't work on bool tensors", "input", "convert: `float(x)`")
    _inner_size(a[-1], b[-1], call, "other")
    return TensorType((*a[:-1], *b[:-1]), both[0].dtype)


def _tensordot(call: FunctionCall) -> FunctionResult:
    one, two = tensor(call, "a"), tensor(call, "b")
    a, b = (shapes.whole_shape(type, "`tensordot`") for type in (one, two))
    shapes.same_dtype(one, two, "`tensordot`")
    if one.dtype == "bool":
        raise Rejected("`tensordot` doesn't work on bool tensors", "a", "convert: `float(x)`")
    left, right = _paired(call, one, two)
    for x, y in zip(left, right, strict=True):
        _inner_size(a[x], b[y], call, "b")
    kept = [size for place, size in enumerate(a) if place not in left]
    rest = [size for place, size in enumerate(b) if place not in right]
    macs = dims.product((*a, *rest))
    return FunctionResult(TensorType((*kept, *rest), one.dtype), (), macs)


def _paired(
    call: FunctionCall, one: TensorType, two: TensorType
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of both that are multiplied over: so many at the touching ends, or as listed."""
    wanted = call["dims"]
    if not isinstance(wanted, tuple):
        number = call.check.number(wanted)
        assert isinstance(number, int)
        a, b = len(shapes.shape_of(one)), len(shapes.shape_of(two))
        if not 0 <= number <= min(a, b):
            raise Rejected(f"there aren't {number} axes in both", "dims")
        return tuple(range(a - number, a)), tuple(range(number))
    if len(wanted) != 2:
        raise Rejected("`dims` is a number or two lists of axes", "dims")
    left = shapes.axes(one, wanted[0], call.check, "dims")
    right = shapes.axes(two, wanted[1], call.check, "dims")
    if len(left) != len(right):
        raise Rejected("`dims` names equally many axes of both", "dims")
    return left, right


def _multi_dot(call: FunctionCall) -> TensorType:
    value = call["tensors"]
    types = listed(call, "tensors")
    if isinstance(value, Var) and isinstance(value.type, ListType) or len(types) < 2:
        raise Rejected("`multi_dot` multiplies two matrices or more", "tensors")
    found = [shapes.whole_shape(type, "`multi_dot`") for type in types]
    for place, (type, shape) in enumerate(zip(types, found, strict=True)):
        allowed = (1, 2) if place in (0, len(found) - 1) else (2,)
        if len(shape) not in allowed:
            raise Rejected(f"`multi_dot` multiplies matrices, not {show_shape(shape)}", "tensors")
        shapes.same_dtype(types[0], type, "`multi_dot`")
    if types[0].dtype == "bool":
        raise Rejected("`multi_dot` doesn't work on bool tensors", "tensors")
    for a, b in pairwise(found):
        _inner_size(a[-1], b[0], call, "tensors")
    return TensorType((*found[0][:-1], *found[-1][1:]), types[0].dtype)


def _pdist(call: FunctionCall) -> TensorType:
    shapes.need_float(tensor(call), "`pdist`")
    shape = shapes.whole_shape(tensor(call), "`pdist`")
    if len(shape) != 2:
        raise Rejected(f"`pdist` takes (points, features), not {show_shape(shape)}", "input")
    pairs = dims.tidy(shape[0] * (shape[0] - 1) // 2)  # type: ignore[operator]
    return TensorType((cast(Size, pairs),), "float")


_FACTORS = (arg("beta", "float", 1, named=True), arg("alpha", "float", 1, named=True))
# name: its two factors, their ranks, whether they have a batch, whether that stays
_ADDED: dict[str, tuple[str, str, tuple[int, int], bool, bool]] = {
    "addmm": ("mat1", "mat2", (2, 2), False, False),
    "addmv": ("mat", "vec", (2, 1), False, False),
    "addr": ("vec1", "vec2", (1, 1), False, False),
    "addbmm": ("batch1", "batch2", (3, 3), True, False),
    "baddbmm": ("batch1", "batch2", (3, 3), True, True),
}

FUNCTIONS = (
    *(entry(name, f"torch.{name}", (INPUT, arg(row[0]), arg(row[1]), *_FACTORS), _added(*row))
      for name, row in _ADDED.items()),
    entry("inner", "torch.inner", (INPUT, arg("other")), _inner),
    entry("tensordot", "torch.tensordot",
          (arg("a"), arg("b"), arg("dims", "int|pairs", 2)), _tensordot),
    entry("multi_dot", "torch.linalg.multi_dot", (arg("tensors", "tensors"),), _multi_dot),
    entry("pdist", "torch.pdist", (INPUT, arg("p", "float", 2, low=0)), _pdist),
)  # fmt: skip
