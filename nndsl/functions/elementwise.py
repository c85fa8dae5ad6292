"""Functions of each element: the shape stays, or broadcasts."""

from __future__ import annotations

from nndsl.functions import shapes
from nndsl.functions.entry import INPUT, arg, entry, tensor, tensors_among
from nndsl.model.graph import TensorType, Var
from nndsl.model.spec import REQUIRED, Argument, Function, FunctionCall, Rejected

# What a function does with dtypes:
#   real   ints and bools become floats         keep   the dtype stays
#   float  floats only                          sign   the dtype stays; bools are refused
#   test   the result is bool

_UNARY = {
    "real": "acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh erf erfc exp exp2 expm1 "
            "lgamma digamma log log10 log1p log2 rad2deg deg2rad reciprocal rsqrt sigmoid sinc "
            "sqrt erfinv",
    "sign": "abs ceil floor neg round trunc frac relu positive",
    "keep": "sign square",
    "test": "isfinite isinf isnan logical_not signbit",
}  # fmt: skip

# (name, where it lives, further arguments: (name, type, default))
_ACTIVATIONS: tuple[tuple[str, str, tuple[Argument, ...]], ...] = (
    ("relu6", "F.relu6", ()),
    ("elu", "F.elu", (arg("alpha", "float", 1.0),)),
    ("selu", "torch.selu", ()),
    ("celu", "torch.celu", (arg("alpha", "float", 1.0),)),
    ("gelu", "F.gelu", (arg("approximate", "str", "none", choices=("none", "tanh")),)),
    ("silu", "F.silu", ()),
    ("mish", "F.mish", ()),
    ("softplus", "F.softplus", (arg("beta", "float", 1.0), arg("threshold", "float", 20.0))),
    ("softsign", "F.softsign", ()),
    ("tanhshrink", "F.tanhshrink", ()),
    ("logsigmoid", "F.logsigmoid", ()),
    ("hardsigmoid", "F.hardsigmoid", ()),
    ("hardswish", "F.hardswish", ()),
    ("hardtanh", "F.hardtanh", (arg("min_val", "float", -1.0), arg("max_val", "float", 1.0))),
    ("hardshrink", "F.hardshrink", (arg("lambd", "float", 0.5),)),
    ("softshrink", "F.softshrink", (arg("lambd", "float", 0.5, low=0.0),)),
    ("leaky_relu", "F.leaky_relu", (arg("negative_slope", "float", 0.01),)),
    ("threshold", "F.threshold", (arg("threshold", "float"), arg("value", "float"))),
)

_BINARY = {
    "test": "logical_and logical_or logical_xor eq ne lt le gt ge",
    "keep": "maximum minimum",
    "real": "atan2",
    "sign": "fmod remainder add mul sub",
    "float": "hypot",
}


def _unary(name: str, kind: str) -> Function:
    action = f"`{name}`"

    def rule(call: FunctionCall) -> TensorType:
        type = tensor(call)
        if kind == "test":
            return TensorType(type.shape, "bool", type.lead)
        if kind == "real":
            return TensorType(type.shape, "float", type.lead)
        if kind == "sign" and type.dtype == "bool":
            raise Rejected(f"{action} doesn't work on bool tensors", "input", "convert: `int(x)`")
        if name == "square" and type.dtype == "bool":
            return TensorType(type.shape, "int", type.lead)
        if name == "frac":
            shapes.need_float(type, action)
        return type

    return entry(name, f"torch.{name}", (INPUT,), rule)


def _activation(name: str, torch: str, more: tuple[Argument, ...]) -> Function:
    def rule(call: FunctionCall) -> TensorType:
        shapes.need_float(tensor(call), f"`{name}`")
        return tensor(call)

    return entry(name, torch, (INPUT, *more), rule)


def _other(name: str, kind: str) -> Function:
    numbers = kind == "test" and not name.startswith("logical") or kind == "sign"

    def rule(call: FunctionCall) -> TensorType:
        left, right = tensor(call), call["other"]
        dtypes = [left.dtype, _dtype(right, call)]
        dtype = {"test": "bool", "real": "float"}.get(kind) or shapes.promote(dtypes)
        without = "bool" in dtypes if name == "sub" else dtype == "bool"
        if kind == "sign" and without and name not in ("add", "mul"):
            raise Rejected(f"`{name}` doesn't work on bool tensors", "input", "convert: `int(x)`")
        if kind == "float":
            shapes.need_float(left, f"`{name}`")
        both = (left, *tensors_among([right]))
        return shapes.broadcast(both, call.check, f"combined by `{name}`", dtype)

    second = arg("other", "tensor|float|bool" if numbers else "tensor")
    return entry(name, f"torch.{name}", (INPUT, second), rule, "bool" if kind == "test" else "")


def _dtype(value: object, call: FunctionCall) -> str:
    if isinstance(value, Var):
        return str(getattr(value.type, "dtype", "float"))
    return shapes.number_dtype(value, call.check)


def _power(call: FunctionCall) -> TensorType:
    values = call["input"], call["exponent"]
    tensors = tensors_among(values)
    if not tensors:
        raise Rejected("`pow` needs a tensor; on numbers write `a ** b`", "input")
    dtype = shapes.promote(_dtype(v, call) for v in values)
    if dtype == "bool":
        raise Rejected("`pow` doesn't work on bool tensors", "input", "convert with `int(x)`")
    if dtype == "int" and not isinstance(values[1], Var) and call.check.less(values[1], 0):
        raise Rejected("an int tensor has no negative powers", "exponent", "convert: `float(x)`")
    return shapes.broadcast(tensors, call.check, "raised to a power", dtype)


def _clamp(call: FunctionCall) -> TensorType:
    given = [call["input"], *(v for v in (call["min"], call["max"]) if v is not None)]
    if len(given) == 1:
        raise Rejected("`clamp` needs `min`, `max` or both", "")
    tensors = tensors_among(given)
    if len(given) == 3 and len(tensors) == 2:
        raise Rejected("`min` and `max` must be two tensors or two numbers", "max")
    dtype = shapes.promote(_dtype(v, call) for v in given)
    if dtype == "bool":
        raise Rejected("`clamp` doesn't work on bool tensors", "input", "convert with `int(x)`")
    return shapes.broadcast(tensors, call.check, "clamped", dtype)


def _where(call: FunctionCall) -> TensorType:
    condition, *values = call["condition"], call["input"], call["other"]
    if condition.type.dtype != "bool":
        raise Rejected(
            "the condition of `where` must be a bool tensor",
            "condition",
            "compare: `where(x > 0, ...)`",
        )
    tensors = tensors_among((condition, *values))
    dtype = shapes.promote(_dtype(v, call) for v in values)
    return shapes.broadcast(tensors, call.check, "combined by `where`", dtype)


def _lerp(call: FunctionCall) -> TensorType:
    values = call["input"], call["end"], call["weight"]
    tensors = tensors_among(values)
    for type in tensors:
        shapes.need_float(type, "`lerp`")
    return shapes.broadcast(tensors, call.check, "mixed by `lerp`", "float")


def _masked_fill(call: FunctionCall) -> TensorType:
    type, mask, value = tensor(call), tensor(call, "mask"), call["value"]
    if mask.dtype != "bool":
        raise Rejected(
            "the mask of `masked_fill` must be a bool tensor",
            "mask",
            "compare: `mask == 0`, or convert with `bool(mask)`",
        )
    if isinstance(value, Var) and tensor(call, "value").rank not in (0, None):
        raise Rejected("`value` must be a number or a tensor without axes", "value")
    if shapes.promote((type.dtype, _dtype(value, call))) != type.dtype:
        raise Rejected(
            f"{type.dtype} tensors can't be filled with a {_dtype(value, call)}",
            "value",
            "convert the tensor first",
        )
    return shapes.broadcast((type, mask), call.check, "combined by `masked_fill`", type.dtype)


def _glu(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shapes.need_float(type, "`glu`")
    place = shapes.axis(type, call["dim"], call.check)
    shape = list(shapes.shape_of(type))
    if not call.check.divides(2, shape[place]):
        raise Rejected(
            f"`glu` halves axis {place}, which is {shape[place]}: an odd number", "input"
        )
    shape[place] = shape[place] // 2  # type: ignore[assignment]
    return shapes.reshaped(type, shape)


_EITHER = "tensor|float"
_VALUE = "tensor|float|bool"

FUNCTIONS = (
    *(_unary(name, kind) for kind, names in _UNARY.items() for name in names.split()),
    *(_activation(*row) for row in _ACTIVATIONS),
    *(_other(name, kind) for kind, names in _BINARY.items() for name in names.split()),
    entry("pow", "torch.pow", (arg("input", _EITHER), arg("exponent", _EITHER)), _power),
    entry("clamp", "torch.clamp",
          (INPUT, arg("min", _EITHER + "|none", None), arg("max", _EITHER + "|none", None)),
          _clamp),
    entry("where", "torch.where", (arg("condition"), arg("input", _VALUE), arg("other", _VALUE)),
          _where, lambda call: TensorType(None, shapes.promote(
              _dtype(call[n], call) for n in ("input", "other")))),
    entry("lerp", "torch.lerp", (INPUT, arg("end"), arg("weight", _EITHER, REQUIRED)), _lerp),
    entry("masked_fill", "Tensor.masked_fill",
          (INPUT, arg("mask"), arg("value", _VALUE)), _masked_fill),
    entry("glu", "F.glu", (INPUT, arg("dim", "axis", -1)), _glu),
)  # fmt: skip
