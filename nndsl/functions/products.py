"""Products of tensors and distances between them."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.einsum import einsum
from nndsl.functions.entry import INPUT, Rule, arg, entry, operands, tensor
from nndsl.functions.matmul import matmul
from nndsl.functions.shapes import Shape
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.graph import TensorType
from nndsl.model.spec import FunctionCall, FunctionResult, Rejected


def _matmul(call: FunctionCall) -> FunctionResult:
    output, macs = matmul(tensor(call), tensor(call, "other"), call.check)
    return FunctionResult(output, (), macs)


def _fixed(first: int, second: int) -> Rule:
    """A product of tensors that have just these ranks; no axis broadcasts."""

    def rule(call: FunctionCall) -> FunctionResult:
        pairs = (("input", first), (_second(call), second))
        for name, rank in pairs:
            shape = shapes.whole_shape(tensor(call, name), "this product")
            if len(shape) != rank:
                raise Rejected(
                    f"{show_shape(shape)} has {count(len(shape), 'axis')}, {rank} are wanted",
                    name,
                    "`matmul` and `@` take any number of axes",
                )
        a, b = tensor(call), tensor(call, pairs[1][0])
        if first == 3 and shapes.unify(call.shape()[0], call.shape("mat2")[0], call.check) is None:
            raise Rejected(
                f"{show_shape(a.shape)} and {show_shape(b.shape)} have different batches"
            )
        output, macs = matmul(a, b, call.check)
        return FunctionResult(output, (), macs)

    return rule


def _second(call: FunctionCall) -> str:
    return next(name for name in ("mat2", "vec", "other", "tensor") if name in call.args)


def _outer(call: FunctionCall) -> TensorType:
    sizes: list[object] = []
    for name in ("input", "vec2"):
        shape = shapes.whole_shape(tensor(call, name), "`outer`")
        if len(shape) != 1:
            raise Rejected(f"`outer` takes tensors with one axis, not {show_shape(shape)}", name)
        sizes.extend(shape)
    dtype = shapes.promote((tensor(call).dtype, tensor(call, "vec2").dtype))
    return TensorType(cast(Shape, tuple(sizes)), dtype)


def _linear(call: FunctionCall) -> FunctionResult:
    type, weight, bias = tensor(call), tensor(call, "weight"), call["bias"]
    shape, table = shapes.shape_of(type), shapes.whole_shape(weight, "`linear`")
    if not shape or len(table) not in (1, 2):
        raise Rejected(
            f"`linear` takes (..., in) and a weight (out, in), not {show_shape(shape)} and "
            f"{show_shape(table)}",
            "weight",
        )
    shapes.same_dtype(type, weight, "`linear`")
    if type.dtype == "bool":
        raise Rejected("`linear` doesn't work on bool tensors", "input", "convert: `float(x)`")
    if shapes.unify(shape[-1], table[-1], call.check) is None:
        raise Rejected(
            f"{show_shape(shape, type.lead)} has {show(shape[-1])} features, the weight "
            f"{show_shape(table)} takes {show(table[-1])}",
            "weight",
        )
    if bias is not None:
        shapes.same_dtype(type, bias.type, "`linear`")
        check_vector(call, "bias", table[:-1])
    out = shapes.reshaped(type, (*shape[:-1], *table[:-1]))
    macs = 0 if type.lead else dims.product((*shapes.shape_of(out), table[-1]))
    return FunctionResult(out, (), macs)


def check_vector(call: FunctionCall, name: str, wanted: Shape) -> None:
    """Refuses a bias or weight of another shape."""
    if call[name] is None:
        return
    shape = shapes.whole_shape(tensor(call, name), f"`{name}`")
    shapes.same_dtype(cast(TensorType, operands(call)[0].type), tensor(call, name), f"`{name}`")
    fits = len(shape) == len(wanted) and all(
        call.check.equal(a, b) for a, b in zip(shape, wanted, strict=True)
    )
    if not fits:
        raise Rejected(f"`{name}` is {show_shape(shape)}, {show_shape(wanted)} is wanted", name)


def _bilinear(call: FunctionCall) -> TensorType:
    one, two, weight = (tensor(call, name) for name in ("input1", "input2", "weight"))
    table = shapes.whole_shape(weight, "`bilinear`")
    a, b = shapes.shape_of(one), shapes.shape_of(two)
    if len(table) != 3 or not a or len(a) != len(b):
        raise Rejected(
            "`bilinear` takes (..., in1), (..., in2) and a weight (out, in1, in2), not "
            f"{show_shape(a)}, {show_shape(b)} and {show_shape(table)}",
            "weight",
        )
    pairs = [*zip(a[:-1], b[:-1], strict=True), (a[-1], table[1]), (b[-1], table[2])]
    if not all(call.check.equal(left, right) for left, right in pairs):
        raise Rejected(
            f"{show_shape(a)}, {show_shape(b)} and the weight {show_shape(table)} don't fit",
            "weight",
        )
    for type in (one, two, weight):
        shapes.need_float(type, "`bilinear`")
    check_vector(call, "bias", table[:1])
    return shapes.reshaped(one, (*a[:-1], table[0]))


def _einsum(call: FunctionCall) -> FunctionResult:
    output, macs = einsum(call)
    return FunctionResult(output, (), macs)


def _cdist(call: FunctionCall) -> TensorType:
    one, two = tensor(call, "x1"), tensor(call, "x2")
    a, b = shapes.shape_of(one), shapes.shape_of(two)
    if len(a) < 2 or len(b) < 2:
        raise Rejected(
            f"`cdist` takes lists of points, not {show_shape(a)} and {show_shape(b)}", "x1"
        )
    for type in (one, two):
        shapes.need_float(type, "`cdist`")
    if shapes.unify(a[-1], b[-1], call.check) is None:
        raise Rejected(
            f"points with {show(a[-1])} and {show(b[-1])} numbers have no distance", "x2"
        )
    shapes.refuse_overlap(one, two, "compared")
    batch = shapes.broadcast_shapes(a[:-2], b[:-2], call.check, "compared")
    return TensorType((*batch, a[-2], b[-2]), "float", one.lead or two.lead)


def _similarity(call: FunctionCall) -> TensorType:
    pair = tensor(call, "x1"), tensor(call, "x2")
    for type in pair:
        shapes.need_float(type, "`cosine_similarity`", "x1")
    both = shapes.broadcast(pair, call.check, "compared", "float")
    place = shapes.axis(both, call["dim"], call.check)
    shape = shapes.shape_of(both)
    return shapes.reshaped(both, (*shape[:place], *shape[place + 1 :]))


def _pairwise(call: FunctionCall) -> TensorType:
    pair = tensor(call, "x1"), tensor(call, "x2")
    for type in pair:
        shapes.need_float(type, "`pairwise_distance`", "x1")
    both = shapes.broadcast(pair, call.check, "compared", "float")
    shape = shapes.shape_of(both)
    if not shape:
        raise Rejected("`pairwise_distance` compares vectors", "x1")
    keep = (1,) if shapes.flag(call["keepdim"], call.check) else ()
    return shapes.reshaped(both, (*shape[:-1], *keep))


_BIAS = arg("bias", "tensor|none", None)
_EPS = arg("eps", "float", 1e-8, low=0.0)

FUNCTIONS = (
    entry("matmul", "torch.matmul", (INPUT, arg("other")), _matmul),
    entry("bmm", "torch.bmm", (INPUT, arg("mat2")), _fixed(3, 3)),
    entry("mm", "torch.mm", (INPUT, arg("mat2")), _fixed(2, 2)),
    entry("mv", "torch.mv", (INPUT, arg("vec")), _fixed(2, 1)),
    entry("dot", "torch.dot", (INPUT, arg("tensor")), _fixed(1, 1)),
    entry("outer", "torch.outer", (INPUT, arg("vec2")), _outer),
    entry("einsum", "torch.einsum", (arg("equation", "str"), arg("operands", "tensors")), _einsum,
          star="operands"),
    entry("linear", "F.linear", (INPUT, arg("weight"), _BIAS), _linear),
    entry("bilinear", "F.bilinear", (arg("input1"), arg("input2"), arg("weight"), _BIAS),
          _bilinear),
    entry("cdist", "torch.cdist", (arg("x1"), arg("x2"), arg("p", "float", 2.0, low=0)), _cdist),
    entry("cosine_similarity", "F.cosine_similarity",
          (arg("x1"), arg("x2"), arg("dim", "axis", 1), _EPS), _similarity),
    entry("pairwise_distance", "F.pairwise_distance",
          (arg("x1"), arg("x2"), arg("p", "float", 2.0), arg("eps", "float", 1e-6),
           arg("keepdim", "bool", False)), _pairwise),
)  # fmt: skip
