"""Functions of each element: the shape stays."""

from __future__ import annotations

from nndsl.functions import shapes
from nndsl.functions.entry import INPUT, apply, arg, entry, tensor
from nndsl.functions.text import show, show_shape
from nndsl.model.graph import Special, TensorType
from nndsl.model.spec import Argument, Function, FunctionCall, FunctionResult, Rejected, Step

# What a function does with dtypes:
#   real   ints and bools become floats         keep   the dtype stays
#   float  floats only                          sign   the dtype stays; bools are refused
#   test   the result is bool                    special  real, and of `torch.special`

_UNARY = {
    "real": "acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh erf erfc exp exp2 expm1 "
            "lgamma digamma log log10 log1p log2 rad2deg deg2rad reciprocal rsqrt sigmoid sinc "
            "sqrt erfinv i0",
    "special": "ndtr log_ndtr entr",
    "sign": "abs ceil floor neg trunc frac relu positive",
    "keep": "sign square",
    "test": "isfinite isinf isnan isneginf isposinf logical_not signbit",
}  # fmt: skip

# (name, where it lives, further arguments: (name, type, default))
_ACTIVATIONS: tuple[tuple[str, str, tuple[Argument, ...]], ...] = (
    ("relu6", "F.relu6", ()),
    ("elu", "F.elu", (arg("alpha", "float", 1.0),)),
    ("selu", "torch.selu", ()),
    ("celu", "torch.celu", (arg("alpha", "float", 1.0),)),
    ("gelu", "F.gelu", (arg("approximate", "str", "none", choices=("none", "tanh"), named=True),)),
    ("silu", "F.silu", ()),
    ("mish", "F.mish", ()),
    ("softplus", "F.softplus", (arg("beta", "float", 1.0), arg("threshold", "float", 20.0))),
    ("softsign", "F.softsign", ()),
    ("tanhshrink", "F.tanhshrink", ()),
    ("logsigmoid", "F.logsigmoid", ()),
    ("hardsigmoid", "F.hardsigmoid", ()),
    ("hardswish", "F.hardswish", ()),
    ("hardshrink", "F.hardshrink", (arg("lambd", "float", 0.5),)),
    ("softshrink", "F.softshrink", (arg("lambd", "float", 0.5, low=0.0),)),
    ("leaky_relu", "F.leaky_relu", (arg("negative_slope", "float", 0.01),)),
    ("threshold", "F.threshold", (arg("threshold", "float"), arg("value", "float"))),
)


def _unary(name: str, kind: str) -> Function:
    action = f"`{name}`"

    def rule(call: FunctionCall) -> TensorType:
        type = tensor(call)
        if kind == "test":
            return TensorType(type.shape, "bool", type.lead)
        if kind in ("real", "special"):
            return TensorType(type.shape, "float", type.lead)
        if kind == "sign" and type.dtype == "bool":
            raise Rejected(f"{action} doesn't work on bool tensors", "input", "convert: `int(x)`")
        if name == "square" and type.dtype == "bool":
            return TensorType(type.shape, "int", type.lead)
        if name == "frac":
            shapes.need_float(type, action)
        return type

    place = "torch.special" if kind == "special" else "torch"
    return entry(name, f"{place}.{name}", (INPUT,), rule)


def _activation(name: str, torch: str, more: tuple[Argument, ...]) -> Function:
    def rule(call: FunctionCall) -> TensorType:
        shapes.need_float(tensor(call), f"`{name}`")
        return tensor(call)

    return entry(name, torch, (INPUT, *more), rule)


def _round(call: FunctionCall) -> TensorType:
    type = tensor(call)
    if type.dtype == "bool":
        raise Rejected("`round` doesn't work on bool tensors", "input", "convert: `int(x)`")
    if type.dtype == "int" and "decimals" in call.given:
        raise Rejected("ints have no decimals to round to", "decimals", "convert: `float(x)`")
    return type


def _bits(call: FunctionCall) -> TensorType:
    if tensor(call).dtype == "float":
        raise Rejected("`bitwise_not` works on integers and bools, not on floats", "input")
    return tensor(call)


def _logit(call: FunctionCall) -> TensorType:
    type = tensor(call)
    return TensorType(type.shape, "float", type.lead)


def _prelu(call: FunctionCall) -> TensorType:
    type, weight = tensor(call), tensor(call, "weight")
    for each, name in ((type, "input"), (weight, "weight")):
        shapes.need_float(each, "`prelu`", name)
    slopes = shapes.whole_shape(weight, "`prelu`")
    if len(slopes) > 1:
        raise Rejected(
            f"`weight` is one number or one a channel, not {show_shape(slopes)}", "weight"
        )
    if not slopes or call.check.same(slopes[0], 1):
        return type
    shape = shapes.whole_shape(type, "`prelu`")
    channels = shape[1] if len(shape) > 1 else 1
    if not call.check.equal(slopes[0], channels):
        raise Rejected(
            f"`weight` has {show(slopes[0])} numbers for {show(channels)} channels", "weight"
        )
    return type


def _rrelu(call: FunctionCall) -> FunctionResult:
    type, lower, upper = tensor(call), call["lower"], call["upper"]
    shapes.need_float(type, "`rrelu`")
    if call.check.less(upper, lower):
        raise Rejected(f"`lower` is at most `upper`, which is {show(upper)}", "lower")
    given = {name: call[name] for name in ("lower", "upper") if name in call.given}
    step = apply("F.rrelu", call["input"], **given, training=Special("training"))
    return FunctionResult(type, (Step(step, type),))


def _same(call: FunctionCall) -> TensorType:
    return tensor(call)


def _hardtanh(call: FunctionCall) -> TensorType:
    shapes.need_float(tensor(call), "`hardtanh`")
    if call.check.less(call["max_val"], call["min_val"]):
        raise Rejected(f"`min_val` is at most `max_val`: {show(call['max_val'])}", "min_val")
    return tensor(call)


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


FUNCTIONS = (
    *(_unary(name, kind) for kind, names in _UNARY.items() for name in names.split()),
    *(_activation(*row) for row in _ACTIVATIONS),
    entry("round", "torch.round", (INPUT, arg("decimals", "int", 0, named=True)), _round),
    entry("bitwise_not", "torch.bitwise_not", (INPUT,), _bits),
    entry("hardtanh", "F.hardtanh",
          (INPUT, arg("min_val", "float", -1.0), arg("max_val", "float", 1.0)), _hardtanh),
    entry("logit", "torch.logit", (INPUT, arg("eps", "float|none", None)), _logit, "float"),
    entry("nan_to_num", "torch.nan_to_num",
          (INPUT, *(arg(name, "float|none", None) for name in ("nan", "posinf", "neginf"))),
          _same),
    entry("prelu", "torch.prelu", (INPUT, arg("weight")), _prelu),
    entry("rrelu", "F.rrelu", (INPUT, arg("lower", "float", 1 / 8), arg("upper", "float", 1 / 3)),
          _rrelu, random=True),
    entry("glu", "F.glu", (INPUT, arg("dim", "axis", -1)), _glu),
)  # fmt: skip
