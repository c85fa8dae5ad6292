"""Functions of several tensors, element by element: their shapes broadcast."""

from __future__ import annotations

from collections.abc import Iterable

from nndsl.functions import shapes
from nndsl.functions.entry import INPUT, Rule, arg, entry, tensor, tensors_among
from nndsl.model.graph import TensorType, Var
from nndsl.model.spec import Argument, Function, FunctionCall, Rejected

# What a function does with dtypes:
#   test    the result is bool                  keep    the dtype that both promote to
#   real    ints and bools become floats        sign    the same; bools are refused
#   float   floats only                         whole   ints only
#   bits    ints and bools
_BINARY = {
    "test": "logical_and logical_or logical_xor eq ne lt le gt ge",
    "keep": "maximum minimum fmax fmin mul",
    "real": "atan2 copysign xlogy",
    "sign": "fmod remainder floor_divide",
    "float": "hypot logaddexp logaddexp2",
    "whole": "gcd lcm bitwise_left_shift bitwise_right_shift",
    "bits": "bitwise_and bitwise_or bitwise_xor",
}
_WITH_NUMBERS = (
    "eq ne lt le gt ge fmod remainder floor_divide mul copysign xlogy bitwise_and bitwise_or "
    "bitwise_xor bitwise_left_shift bitwise_right_shift"
)


def dtype_of_value(value: object, call: FunctionCall) -> str:
    """The dtype of a tensor or of a static number."""
    if isinstance(value, Var):
        return str(getattr(value.type, "dtype", "float"))
    return shapes.number_dtype(value, call.check)


def promoted(values: Iterable[object], call: FunctionCall) -> str:
    """The dtype that several tensors and numbers promote to."""
    return shapes.promote(dtype_of_value(value, call) for value in values)


def _no_bools(name: str) -> Rejected:
    return Rejected(f"`{name}` doesn't work on bool tensors", "input", "convert: `int(x)`")


def _kind(name: str, kind: str, dtypes: list[str]) -> str:
    """The dtype of the result; refuses what torch does."""
    dtype = shapes.promote(dtypes)
    if kind == "test":
        return "bool"
    if kind == "real":
        return "float"
    if kind == "sign" and dtype == "bool":
        raise _no_bools(name)
    if kind == "float" and dtype != "float":
        raise Rejected(f"`{name}` works on floats, not on {dtype}s", "input", "convert: `float(x)`")
    if kind == "whole" and dtype != "int":
        raise Rejected(f"`{name}` works on integers, not on {dtype}s", "input")
    if kind == "bits" and dtype == "float":
        raise Rejected(f"`{name}` works on integers and bools, not on floats", "input")
    return dtype


def _other(name: str, kind: str) -> Function:
    def rule(call: FunctionCall) -> TensorType:
        left, right = tensor(call), call["other"]
        dtype = _kind(name, kind, [left.dtype, dtype_of_value(right, call)])
        if kind == "sign" and dtype == "int":
            _refuse_zero(right, call)
        both = (left, *tensors_among([right]))
        return shapes.broadcast(both, call.check, f"combined by `{name}`", dtype)

    second = arg("other", "tensor|float|bool" if name in _WITH_NUMBERS.split() else "tensor")
    return entry(name, f"torch.{name}", (INPUT, second), rule, "bool" if kind == "test" else "")


def _refuse_zero(value: object, call: FunctionCall) -> None:
    if value is False or not isinstance(value, Var) and call.check.same(value, 0):
        raise Rejected("an int tensor can't be divided by 0", "other")


def _sum_or_difference(name: str, done: str) -> Function:
    """``add`` and ``sub``: with ``alpha`` times the second."""

    def rule(call: FunctionCall) -> TensorType:
        left, right = tensor(call), call["other"]
        dtypes = [left.dtype, dtype_of_value(right, call)]
        dtype = shapes.promote(dtypes)
        if name == "sub" and "bool" in dtypes:
            raise _no_bools(name)
        _check_factor("alpha", dtype, call)
        both = (left, *tensors_among([right]))
        return shapes.broadcast(both, call.check, done, dtype)

    arguments = (INPUT, arg("other", _VALUE), arg("alpha", "float", 1, named=True))
    return entry(name, f"torch.{name}", arguments, rule)


def _check_factor(name: str, dtype: str, call: FunctionCall) -> None:
    """A factor of ints is an int."""
    if dtype != "float" and dtype_of_value(call[name], call) == "float":
        raise Rejected(f"`{name}` is a whole number where {dtype}s are combined", name)


def _div(call: FunctionCall) -> TensorType:
    values = tensor(call), call["other"]
    dtype = shapes.promote((values[0].dtype, dtype_of_value(values[1], call)))
    if call["rounding_mode"] is None:
        dtype = "float"
    elif dtype == "bool":
        raise _no_bools("div")
    elif dtype == "int":
        _refuse_zero(values[1], call)
    both = (values[0], *tensors_among(values))
    return shapes.broadcast(both, call.check, "divided", dtype)


def _ldexp(call: FunctionCall) -> TensorType:
    both = tensor(call), tensor(call, "other")
    if both[1].dtype == "bool":
        raise Rejected("an exponent of `ldexp` is no bool", "other", "convert: `int(x)`")
    return shapes.broadcast(both, call.check, "combined by `ldexp`", "float")


def _heaviside(call: FunctionCall) -> TensorType:
    both = tensor(call), tensor(call, "values")
    shapes.same_dtype(*both, "`heaviside`")
    return shapes.broadcast(both, call.check, "combined by `heaviside`", both[0].dtype)


def _isclose(call: FunctionCall) -> TensorType:
    both = tensor(call), tensor(call, "other")
    shapes.same_dtype(*both, "`isclose`")
    return shapes.broadcast(both, call.check, "compared", "bool")


def _isin(call: FunctionCall) -> TensorType:
    values = call["elements"], call["test_elements"]
    if not tensors_among(values):
        raise Rejected("`isin` needs a tensor", "elements")
    if "bool" in (dtype_of_value(value, call) for value in values):
        raise _no_bools("isin")
    if not isinstance(values[0], Var):
        return TensorType((), "bool")
    elements = tensor(call, "elements")
    return TensorType(shapes.shape_of(elements), "bool", elements.lead)


def _times(name: str) -> Rule:
    """``addcmul`` and ``addcdiv``: ``input`` and ``value`` times a product or quotient."""

    def rule(call: FunctionCall) -> TensorType:
        types = [tensor(call, n) for n in ("input", "tensor1", "tensor2")]
        dtype = shapes.promote(type.dtype for type in types)
        if name == "addcdiv" and "float" not in (types[1].dtype, types[2].dtype):
            raise Rejected("`addcdiv` divides floats", "tensor1", "convert: `float(x)`")
        if dtype == "bool":
            raise _no_bools(name)
        _check_factor("value", dtype, call)
        return shapes.broadcast(types, call.check, f"combined by `{name}`", dtype)

    return rule


def _power(call: FunctionCall) -> TensorType:
    values = call["input"], call["exponent"]
    tensors = tensors_among(values)
    if not tensors:
        raise Rejected("`pow` needs a tensor; on numbers write `a ** b`", "input")
    dtype = promoted(values, call)
    if dtype == "bool":
        raise Rejected("`pow` doesn't work on bool tensors", "input", "convert with `int(x)`")
    if dtype == "int" and not isinstance(values[1], Var) and call.check.less(values[1], 0):
        raise Rejected("an int tensor has no negative powers", "exponent", "convert: `float(x)`")
    return shapes.broadcast(tensors, call.check, "raised to a power", dtype)


def _clamp(call: FunctionCall) -> TensorType:
    bounds = [call[name] for name in ("min", "max") if call.args.get(name) is not None]
    given = [call["input"], *bounds]
    if len(given) == 1:
        raise Rejected("`clamp` needs `min`, `max` or both", "")
    tensors = tensors_among(given)
    if len(given) == 3 and len(tensors) == 2:
        raise Rejected("`min` and `max` must be two tensors or two numbers", "max")
    dtype = promoted(given, call)
    if dtype == "bool" and (len(call.args) == 3 or len(tensors) == 1):
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
    return shapes.broadcast(tensors, call.check, "combined by `where`", promoted(values, call))


def _lerp(call: FunctionCall) -> TensorType:
    values = call["input"], call["end"], call["weight"]
    tensors = tensors_among(values)
    for type in tensors:
        shapes.need_float(type, "`lerp`")
    return shapes.broadcast(tensors, call.check, "mixed by `lerp`", "float")


def check_filling(call: FunctionCall) -> None:
    """Refuses a ``value`` that a part of the tensor can't become."""
    type, value = tensor(call), call["value"]
    given = tensor(call, "value") if isinstance(value, Var) else TensorType(())
    if given.shape or given.lead:
        raise Rejected("`value` must be a number or a tensor without axes", "value")
    kind = dtype_of_value(value, call)
    if shapes.promote((type.dtype, kind)) != type.dtype:
        raise Rejected(
            f"{type.dtype} tensors can't be filled with a {kind}",
            "value",
            "convert the tensor first",
        )


def _masked_fill(call: FunctionCall) -> TensorType:
    type, mask = tensor(call), _need_mask(call, "masked_fill")
    check_filling(call)
    return shapes.broadcast((type, mask), call.check, "combined by `masked_fill`", type.dtype)


def _masked_scatter(call: FunctionCall) -> TensorType:
    type, mask = tensor(call), _need_mask(call, "masked_scatter")
    shapes.same_dtype(type, tensor(call, "source"), "`masked_scatter`")
    return shapes.broadcast((type, mask), call.check, "combined by `masked_scatter`", type.dtype)


def _need_mask(call: FunctionCall, name: str) -> TensorType:
    """The mask, which is bool."""
    mask = tensor(call, "mask")
    if mask.dtype != "bool":
        raise Rejected(
            f"the mask of `{name}` must be a bool tensor",
            "mask",
            "compare: `mask == 0`, or convert with `bool(mask)`",
        )
    return mask


_EITHER = "tensor|float"
_VALUE = "tensor|float|bool"
_FACTOR = arg("value", "float", 1, named=True)
_THREE = (INPUT, arg("tensor1"), arg("tensor2"), _FACTOR)


def _bound(name: str) -> tuple[Argument, ...]:
    return INPUT, arg(name, _EITHER)


FUNCTIONS = (
    *(_other(name, kind) for kind, names in _BINARY.items() for name in names.split()),
    _sum_or_difference("add", "added"),
    _sum_or_difference("sub", "subtracted"),
    entry("div", "torch.div",
          (INPUT, arg("other", _VALUE),
           arg("rounding_mode", "str|none", None, choices=("trunc", "floor"), named=True)), _div),
    entry("ldexp", "torch.ldexp", (INPUT, arg("other")), _ldexp, "float"),
    entry("heaviside", "torch.heaviside", (INPUT, arg("values")), _heaviside),
    entry("isclose", "torch.isclose",
          (INPUT, arg("other"), arg("rtol", "float", 1e-5, low=0.0),
           arg("atol", "float", 1e-8, low=0.0), arg("equal_nan", "bool", False)), _isclose, "bool"),
    entry("isin", "torch.isin",
          (arg("elements", _EITHER), arg("test_elements", _EITHER),
           *(arg(name, "bool", False, named=True) for name in ("assume_unique", "invert"))),
          _isin, "bool"),
    entry("addcmul", "torch.addcmul", _THREE, _times("addcmul")),
    entry("addcdiv", "torch.addcdiv", _THREE, _times("addcdiv")),
    entry("pow", "torch.pow", (arg("input", _EITHER), arg("exponent", _EITHER)), _power),
    entry("clamp", "torch.clamp",
          (INPUT, arg("min", _EITHER + "|none", None), arg("max", _EITHER + "|none", None)),
          _clamp),
    entry("clamp_min", "torch.clamp_min", _bound("min"), _clamp),
    entry("clamp_max", "torch.clamp_max", _bound("max"), _clamp),
    entry("where", "torch.where", (arg("condition"), arg("input", _VALUE), arg("other", _VALUE)),
          _where, lambda call: TensorType(None, promoted((call["input"], call["other"]), call))),
    entry("lerp", "torch.lerp", (INPUT, arg("end"), arg("weight", _EITHER)), _lerp),
    entry("masked_fill", "Tensor.masked_fill",
          (INPUT, arg("mask"), arg("value", _VALUE)), _masked_fill),
    entry("masked_scatter", "torch.masked_scatter", (INPUT, arg("mask"), arg("source")),
          _masked_scatter),
)  # fmt: skip
