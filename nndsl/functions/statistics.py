"""Order statistics, spread between variables, differences and areas along an axis."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.bounds import at_most
from nndsl.functions.entry import (
    INPUT,
    KEEPDIM,
    Rule,
    arg,
    entry,
    tensor,
    with_dtype,
)
from nndsl.functions.reductions import reduced
from nndsl.functions.text import show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Expr, Size
from nndsl.model.graph import FlowType, TensorType, TupleType, Var
from nndsl.model.spec import FunctionCall, Rejected

_NAMES = ("values", "indices")
_METHODS = ("linear", "lower", "higher", "nearest", "midpoint")


def _pair(values: TensorType) -> TupleType:
    return TupleType((values, with_dtype(values, "int")), _NAMES)


def _ordered(call: FunctionCall, name: str) -> TensorType:
    type = tensor(call)
    if type.dtype == "bool":
        raise Rejected(f"`{name}` doesn't work on bool tensors", "input", "convert with `int(x)`")
    return type


def _median(name: str) -> Rule:
    """Of all elements; along an axis also where they stood."""

    def rule(call: FunctionCall) -> FlowType:
        type = _ordered(call, name)
        if call["dim"] is None:
            if "keepdim" in call.given:
                raise Rejected(f"`{name}` with `keepdim` needs `dim`", "keepdim")
            return reduced(type, None, False, call)
        return _pair(reduced(type, call["dim"], call["keepdim"], call))

    return rule


def _pair_unknown(call: FunctionCall) -> FlowType:
    value = TensorType(None, tensor(call).dtype)
    return value if call["dim"] is None else _pair(value)


def _mode(call: FunctionCall) -> FlowType:
    return _pair(reduced(tensor(call), call["dim"], call["keepdim"], call))


def _kthvalue(call: FunctionCall) -> FlowType:
    type = _ordered(call, "kthvalue")
    place = shapes.axis(type, call["dim"], call.check)
    shape = shapes.shape_of(type)
    size = shape[place] if shape else 1
    if not at_most(call["k"], size, call.check):
        raise Rejected(
            f"axis {place} of {show_shape(shape, type.lead)} has {show(size)} items, fewer than "
            f"{show(call['k'])}",
            "k",
        )
    return _pair(reduced(type, call["dim"], call["keepdim"], call))


def _quantile(call: FunctionCall) -> TensorType:
    type, q = tensor(call), call["q"]
    shapes.need_float(type, "a quantile")
    rest = reduced(type, call["dim"], call["keepdim"], call)
    if not isinstance(q, Var):
        return rest
    shapes.need_float(tensor(call, "q"), "a quantile", "q")
    wanted = shapes.whole_shape(tensor(call, "q"), "`quantile`")
    if len(wanted) > 1:
        raise Rejected(f"`q` is a number or has one axis, not {show_shape(wanted)}", "q")
    if rest.lead:
        raise Rejected(
            "`quantile` puts the axis of `q` in front: all axes of the input must be known", "q"
        )
    return shapes.reshaped(rest, (*wanted, *shapes.shape_of(rest)))


def _extremes(call: FunctionCall) -> TupleType:
    one = reduced(tensor(call), call["dim"], call["keepdim"], call)
    return TupleType((one, one), ("min", "max"))


def _extremes_unknown(call: FunctionCall) -> TupleType:
    one = TensorType(None, tensor(call).dtype)
    return TupleType((one, one), ("min", "max"))


def _between_variables(name: str) -> Rule:
    """``cov`` and ``corrcoef``: rows are variables, columns observations."""

    def rule(call: FunctionCall) -> TensorType:
        type = tensor(call)
        if type.dtype == "bool":
            raise Rejected(f"`{name}` doesn't work on bool tensors", "input")
        shape = shapes.whole_shape(type, f"`{name}`")
        if len(shape) > 2:
            raise Rejected(f"`{name}` takes (variables, observations), not {show_shape(shape)}")
        if len(shape) < 2 or call.check.same(shape[0], 1):  # torch drops axes of 1
            return TensorType((), "float")
        at_most(2, shape[0], call.check)
        return TensorType((shape[0],) * 2, "float")

    return rule


def _diff(call: FunctionCall) -> TensorType:
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check)
    shape = list(shapes.shape_of(type))
    if not shape:
        raise Rejected("a difference needs an axis", "input")
    dtype = type.dtype
    for name in ("prepend", "append"):
        if call[name] is not None:
            other = tensor(call, name)
            shape[place] = shape[place] + _joined(other, shape, place, name, call)  # type: ignore[assignment]
            dtype = shapes.promote((dtype, other.dtype))
    if call.check.same(call["n"], 0):  # torch joins nothing then
        return type
    if not at_most(call["n"], shape[place], call.check):
        shape[place] = 0
    else:
        shape[place] = cast(Size, dims.tidy(shape[place] - call["n"]))
    return shapes.reshaped(type, shape, dtype)


def _joined(
    other: TensorType, shape: list[Size], place: int, name: str, call: FunctionCall
) -> Size:
    """The size along the axis of what is put before or behind."""
    wide = shapes.shape_of(other)
    pairs = list(enumerate(zip(wide, shape, strict=False)))
    if len(wide) != len(shape) or not all(
        i == place or call.check.equal(a, b) for i, (a, b) in pairs
    ):
        raise Rejected(f"{show_shape(wide)} can't be joined to {show_shape(shape)}", name)
    return wide[place]


def _area(cumulative: bool) -> Rule:
    """``trapezoid``: the axis goes; ``cumulative_trapezoid``: it is one shorter."""

    def rule(call: FunctionCall) -> TensorType:
        type, x = tensor(call, "y"), call["x"]
        if x is not None and "dx" in call.given:
            raise Rejected("`x` and `dx` exclude each other", "dx")
        if "bool" in (type.dtype, *([x.type.dtype] if x is not None else [])):
            raise Rejected("an area of bools", "y", "convert with `float(x)`")
        place = shapes.axis(type, call["dim"], call.check)
        shape = list(shapes.shape_of(type))
        if x is not None:
            shape = _over(shape, place, tensor(call, "x"), call)
        if cumulative:
            size = shape[place]
            shape[place] = max(0, size - 1) if not isinstance(size, Expr) else size - 1  # type: ignore[assignment]
        else:
            del shape[place]
        return shapes.reshaped(type, shape, "float")

    return rule


def _over(shape: list[Size], place: int, x: TensorType, call: FunctionCall) -> list[Size]:
    """The shape of ``y`` stretched to that of ``x``, which has the places of its values."""
    places = shapes.whole_shape(x, "the axis `x`")
    if len(places) == 1:
        places = (*places, *(1,) * (len(shape) - 1 - place))
    along = len(places) - (len(shape) - place)
    if len(places) > len(shape) or along < 0 or not call.check.equal(places[along], shape[place]):
        raise Rejected(
            f"`x` {show_shape(places)} hasn't a place for each of {show_shape(shape)} on axis "
            f"{place}",
            "x",
        )
    return list(shapes.broadcast_shapes(tuple(shape), places, call.check, "measured"))


def _dist(call: FunctionCall) -> TensorType:
    both = tensor(call), tensor(call, "other")
    for type in both:
        shapes.need_float(type, "`dist`")
    shapes.broadcast(both, call.check, "compared", "float")
    return TensorType((), "float")


_ONE = arg("dim", "axis|none", None)
_LAST = arg("dim", "axis", -1)
_Q = (
    INPUT, arg("q", "float|tensor", low=0, high=1), _ONE, KEEPDIM,
    arg("interpolation", "str", "linear", choices=_METHODS, named=True),
)  # fmt: skip
_AREA = (
    arg("y"), arg("x", "tensor|none", None), arg("dx", "float", 1, named=True),
    arg("dim", "axis", -1, named=True),
)  # fmt: skip

FUNCTIONS = (
    entry("median", "torch.median", (INPUT, _ONE, KEEPDIM), _median("median"), _pair_unknown),
    entry("nanmedian", "torch.nanmedian", (INPUT, _ONE, KEEPDIM), _median("nanmedian"),
          _pair_unknown),
    entry("mode", "torch.mode", (INPUT, _LAST, KEEPDIM), _mode, _pair_unknown),
    entry("kthvalue", "torch.kthvalue", (INPUT, arg("k", "int", low=1), _LAST, KEEPDIM), _kthvalue,
          _pair_unknown),
    entry("quantile", "torch.quantile", _Q, _quantile),
    entry("nanquantile", "torch.nanquantile", _Q, _quantile),
    entry("aminmax", "torch.aminmax",
          (INPUT, arg("dim", "axis|none", None, named=True),
           arg("keepdim", "bool", False, named=True)), _extremes, _extremes_unknown),
    entry("cov", "torch.cov", (INPUT, arg("correction", "int", 1, named=True)),
          _between_variables("cov"), "float"),
    entry("corrcoef", "torch.corrcoef", (INPUT,), _between_variables("corrcoef"), "float"),
    entry("diff", "torch.diff",
          (INPUT, arg("n", "int", 1, low=0), _LAST, arg("prepend", "tensor|none", None),
           arg("append", "tensor|none", None)), _diff),
    entry("trapezoid", "torch.trapezoid", _AREA, _area(False), "float"),
    entry("cumulative_trapezoid", "torch.cumulative_trapezoid", _AREA, _area(True), "float"),
    entry("dist", "torch.dist", (INPUT, arg("other"), arg("p", "float", 2)), _dist,
          lambda call: TensorType(())),
)  # fmt: skip
