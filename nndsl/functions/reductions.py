"""Axes made one number: sums, means, extremes; and what runs along an axis."""

from __future__ import annotations

from collections.abc import Callable

from nndsl.functions import shapes
from nndsl.functions.counted import even
from nndsl.functions.entry import (
    DIM,
    DTYPE,
    INPUT,
    KEEPDIM,
    Steps,
    arg,
    dtype_of,
    entry,
    tensor,
    with_dtype,
)
from nndsl.functions.shapes import Shape
from nndsl.model.expr import Static
from nndsl.model.graph import Apply, FlowType, ListType, TensorType, TupleType, Var
from nndsl.model.spec import Argument, Function, FunctionCall, FunctionResult, Rejected, Step
from nndsl.record import replace

_DIMS = arg("dim", "axes|none", None)
_VALUES = ("values", "indices")


def reduced(type: TensorType, dim: Static, keepdim: Static, call: FunctionCall) -> TensorType:
    """The type with the axes ``dim`` (None or none at all: every axis) gone, or of size 1."""
    keep = shapes.flag(keepdim, call.check)
    if dim is None or isinstance(dim, tuple) and not dim:
        if keep:
            ones: Shape = (1,) * len(shapes.whole_shape(type, "a reduction that keeps all axes"))
            return TensorType(ones, type.dtype)
        shapes.shape_of(type)
        return TensorType((), type.dtype)
    gone = shapes.axes(type, dim, call.check)
    shape = shapes.shape_of(type)
    if keep:
        return shapes.reshaped(type, [1 if i in gone else s for i, s in enumerate(shape)])
    return shapes.reshaped(type, [s for i, s in enumerate(shape) if i not in gone])


def _total(
    dtype: Callable[[FunctionCall, TensorType], str], beside: bool = False
) -> Callable[[FunctionCall], TensorType]:
    def rule(call: FunctionCall) -> TensorType:
        if beside:  # torch takes `keepdim` only beside `dim`
            _need_dim(call)
        type = with_dtype(tensor(call), dtype(call, tensor(call)))
        return reduced(type, call.args.get("dim"), call.args.get("keepdim", False), call)

    return rule


def _need_dim(call: FunctionCall) -> None:
    if "keepdim" in call.given and "dim" not in call.given:
        raise Rejected("`keepdim` needs `dim`", "keepdim", "all axes: `dim=None`")


def _summed(call: FunctionCall, type: TensorType) -> str:
    return dtype_of(call) or ("int" if type.dtype == "bool" else type.dtype)


def _floats(call: FunctionCall, type: TensorType) -> str:
    wanted = dtype_of(call)
    if (wanted or type.dtype) != "float":
        raise Rejected(
            f"the result isn't whole: this works on floats, not on {type.dtype} tensors",
            "input",
            "convert with `float(x)`",
        )
    return "float"


def _floats_only(call: FunctionCall, type: TensorType) -> str:
    shapes.need_float(type, "`nanmean`")
    return _floats(call, type)


def _bools(call: FunctionCall, type: TensorType) -> str:
    return "bool"


def _real(call: FunctionCall, type: TensorType) -> str:
    return "float"


def _same(call: FunctionCall, type: TensorType) -> str:
    return type.dtype


def _indices(call: FunctionCall) -> TensorType:
    type = tensor(call)
    if type.dtype == "bool":
        raise Rejected("bool tensors have no order here", "input", "convert with `int(x)`")
    if call["dim"] is None and shapes.flag(call["keepdim"], call.check):
        return reduced(TensorType(type.shape, "int", type.lead), None, True, call)
    return reduced(TensorType(type.shape, "int", type.lead), call["dim"], call["keepdim"], call)


def _both(name: str) -> Callable[[FunctionCall], FunctionResult]:
    """``max`` and ``min``: of all, along an axis (values and indices), or of two tensors."""

    def rule(call: FunctionCall) -> FunctionResult:
        type, dim = tensor(call), call["dim"]
        if isinstance(dim, Var):
            assert isinstance(dim.type, TensorType)
            dtype = shapes.promote((type.dtype, dim.type.dtype))
            both = shapes.broadcast((type, dim.type), call.check, "compared", dtype)
            torch = f"torch.{name}imum"
            return FunctionResult(both, (Step(Apply(torch, (call["input"], dim)), both),))
        if dim is None:
            _need_dim(call)
            return FunctionResult(reduced(type, None, False, call))
        _one(call, dim)
        values = reduced(type, dim, call["keepdim"], call)
        return FunctionResult(TupleType((values, with_dtype(values, "int")), _VALUES))

    return rule


def _one(call: FunctionCall, dim: Static) -> None:
    if len(shapes.entries(dim, call.check)) != 1 or isinstance(dim, tuple):
        raise Rejected("`dim` is one axis here", "dim", "use `amax` or `amin` for several")


def _both_unknown(call: FunctionCall) -> FlowType:
    value = TensorType(None, tensor(call).dtype)
    if call["dim"] is None or isinstance(call["dim"], Var):
        return value
    return TupleType((value, TensorType(None, "int")), _VALUES)


def _pair(call: FunctionCall) -> TupleType:
    """``median``-like and ``kthvalue``: values and indices along one axis."""
    values = reduced(tensor(call), call["dim"], call["keepdim"], call)
    return TupleType((values, with_dtype(values, "int")), _VALUES)


def _spread(call: FunctionCall) -> FlowType:
    type = tensor(call)
    shapes.need_float(type, "a variance")
    return reduced(type, call["dim"], call["keepdim"], call)


def _spread_mean(call: FunctionCall) -> FlowType:
    one = _spread(call)
    return TupleType((one, one))


def _norm(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shapes.need_float(type, "a norm")
    if "p" in call.args and isinstance(call["p"], str) and call["p"] not in ("fro",):
        raise Rejected(f'`p` is a number or "fro", not "{call["p"]}"', "p")
    return reduced(type, call["dim"], call["keepdim"], call)


def _sum_up(call: FunctionCall) -> TensorType:
    type = tensor(call)
    if dtype_of(call) == "bool":
        raise Rejected("running sums and products are no bools", "dtype")
    shapes.axis(type, call["dim"], call.check)
    return with_dtype(type, _summed(call, type))


def _along(
    dtype: Callable[[FunctionCall, TensorType], str],
) -> Callable[[FunctionCall], TensorType]:
    def rule(call: FunctionCall) -> TensorType:
        type = tensor(call)
        shapes.axis(type, call["dim"], call.check)
        return with_dtype(type, dtype(call, type))

    return rule


def _extremes(call: FunctionCall) -> TupleType:
    type = tensor(call)
    shapes.axis(type, call["dim"], call.check)
    return TupleType((type, with_dtype(type, "int")), _VALUES)


def _softmax(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shapes.axis(type, call["dim"], call.check)
    if dtype_of(call) not in ("", "float"):
        raise Rejected("a softmax is made of floats", "dtype")
    if not dtype_of(call):
        shapes.need_float(type, "a softmax")
    return with_dtype(type, "float")


def _sum(call: FunctionCall) -> FunctionResult | FlowType:
    """Also of a list of tensors, as Python's own."""
    value = call["input"]
    if isinstance(value, Var) and not isinstance(value.type, TensorType):
        return _sum_list(value.type, call)
    if not isinstance(value, tuple):
        return _total(_summed, True)(call)
    from nndsl.functions.operators import binary

    if not value:
        raise Rejected("a sum of no tensors has no shape", "input")
    steps = Steps(value[0])
    type = value[0].type
    for other in value[1:]:
        type, fn = binary("+", type, other, call.check)
        steps.do(type, fn, other)
    if not steps.taken:
        steps.do(type, "op.identity")
    return steps.result()


def _sum_list(type: FlowType, call: FunctionCall) -> FunctionResult:
    """Of a list that exists when the model runs: its tensors have one shape."""
    items = type.items if isinstance(type, TupleType) else ()
    if isinstance(type, ListType) and isinstance(type.item, TensorType):
        shape = tuple(even(type, call, None))
        items = (replace(type.item, shape=shape),)
    first = items[0] if items else None
    if not isinstance(first, TensorType) or any(one != first for one in items):
        raise Rejected("a sum needs tensors of one shape", "input")
    if first.dtype == "bool":
        raise Rejected("a sum of a list needs numbers", "input", "convert each: `int(x)`")
    steps = Steps(call["input"])
    steps.put(first, "op.sum", call["input"], call["input"])  # its rest, begun with its first
    return steps.result()


def _all_dims(
    name: str, dtype: Callable[[FunctionCall, TensorType], str], *more: Argument
) -> Function:
    return entry(
        name, f"torch.{name}", (INPUT, _DIMS, KEEPDIM, *more), _total(dtype, name == "mean")
    )


_ONE = arg("dim", "axis|none", None)
_UNBIASED = arg("correction", "int", 1, named=True)
_KEEP = arg("keepdim", "bool", False, named=True)
_ANY_DTYPE = arg("dtype", "dtype|none", None)
_NEEDED = arg("dim", "axes")

FUNCTIONS = (
    entry("sum", "torch.sum", (arg("input", "tensor|tensors"), _DIMS, KEEPDIM, DTYPE), _sum),
    _all_dims("mean", _floats, DTYPE),
    _all_dims("nansum", _summed, DTYPE),
    _all_dims("nanmean", _floats_only, DTYPE),
    entry("prod", "torch.prod", (INPUT, _ONE, KEEPDIM, DTYPE), _total(_summed, True)),
    entry("amax", "torch.amax", (INPUT, arg("dim", "axes", ()), KEEPDIM), _total(_same)),
    entry("amin", "torch.amin", (INPUT, arg("dim", "axes", ()), KEEPDIM), _total(_same)),
    entry("all", "torch.all", (INPUT, _DIMS, KEEPDIM), _total(_bools), "bool"),
    entry("any", "torch.any", (INPUT, _DIMS, KEEPDIM), _total(_bools), "bool"),
    entry("logsumexp", "torch.logsumexp", (INPUT, _NEEDED, KEEPDIM), _total(_real), "float"),
    entry("count_nonzero", "torch.count_nonzero", (INPUT, _DIMS),
          _total(lambda call, type: "int"), "int"),
    entry("argmax", "torch.argmax", (INPUT, _ONE, KEEPDIM), _indices, "int"),
    entry("argmin", "torch.argmin", (INPUT, _ONE, KEEPDIM), _indices, "int"),
    entry("max", "torch.max", (INPUT, arg("dim", "axis|tensor|none", None), KEEPDIM),
          _both("max"), _both_unknown),
    entry("min", "torch.min", (INPUT, arg("dim", "axis|tensor|none", None), KEEPDIM),
          _both("min"), _both_unknown),
    entry("var", "torch.var", (INPUT, _DIMS, _UNBIASED, _KEEP), _spread),
    entry("std", "torch.std", (INPUT, _DIMS, _UNBIASED, _KEEP), _spread),
    entry("var_mean", "torch.var_mean", (INPUT, _DIMS, _UNBIASED, _KEEP), _spread_mean),
    entry("std_mean", "torch.std_mean", (INPUT, _DIMS, _UNBIASED, _KEEP), _spread_mean),
    entry("norm", "torch.norm",
          (INPUT, arg("p", "float|str|none", "fro"), _DIMS, KEEPDIM), _norm),
    entry("cumsum", "torch.cumsum", (INPUT, DIM, DTYPE), _sum_up),
    entry("cumprod", "torch.cumprod", (INPUT, DIM, DTYPE), _sum_up),
    entry("logcumsumexp", "torch.logcumsumexp", (INPUT, DIM), _along(_floats)),
    entry("cummax", "torch.cummax", (INPUT, DIM), _extremes),
    entry("cummin", "torch.cummin", (INPUT, DIM), _extremes),
    entry("softmax", "torch.softmax", (INPUT, DIM, _ANY_DTYPE), _softmax),
    entry("log_softmax", "torch.log_softmax", (INPUT, DIM, _ANY_DTYPE), _softmax),
    entry("softmin", "F.softmin", (INPUT, DIM, DTYPE), _softmax),
)  # fmt: skip
