"""Normalizations without weights of their own, and dropout."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.entry import INPUT, Rule, Steps, apply, arg, entry, tensor
from nndsl.functions.products import check_vector
from nndsl.functions.reductions import reduced
from nndsl.functions.text import show, show_shape
from nndsl.model.expr import Size
from nndsl.model.graph import Special, TensorType
from nndsl.model.spec import FunctionCall, FunctionResult, Rejected, Step


def _normalize(call: FunctionCall) -> FunctionResult:
    type, dim = tensor(call), call["dim"]
    shapes.need_float(type, "`normalize`")
    shapes.axes(type, dim, call.check)
    if not isinstance(dim, tuple):
        return FunctionResult(type)
    # torch does several axes too, but says that it takes one
    steps = Steps(call["input"])
    norm = reduced(type, dim, True, call)
    steps.do(norm, "torch.linalg.vector_norm", call["p"], dim, keepdim=True)
    length = steps.do(norm, "torch.clamp_min", call["eps"])
    steps.put(type, "op.truediv", call["input"], length)
    return steps.result()


def _over_last(call: FunctionCall) -> TensorType:
    """Layer and RMS norm: over the last axes, whose sizes are said."""
    type = tensor(call)
    shapes.need_float(type, "a norm")
    shape = shapes.shape_of(type)
    wanted = shapes.entries(call["normalized_shape"], call.check)
    last = shape[len(shape) - len(wanted) :] if wanted else ()
    fits = len(wanted) and len(last) == len(wanted)
    if not fits or not all(call.check.equal(a, b) for a, b in zip(last, wanted, strict=True)):
        raise Rejected(
            f"{show_shape(shape, type.lead)} doesn't end with {show_shape(wanted)}",
            "normalized_shape",
        )
    for name in ("weight", "bias"):
        if name in call.args:
            check_vector(call, name, cast(tuple[Size, ...], wanted))
    return type


def _group_norm(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shapes.need_float(type, "`group_norm`")
    shape = shapes.whole_shape(type, "`group_norm`")
    if len(shape) < 2:
        raise Rejected(
            f"`group_norm` takes (batch, channels, ...), not {show_shape(shape)}", "input"
        )
    if not call.check.divides(call["num_groups"], shape[1]):
        raise Rejected(
            f"{show(shape[1])} channels can't be cut into {show(call['num_groups'])} groups",
            "num_groups",
        )
    for name in ("weight", "bias"):
        check_vector(call, name, shape[1:2])
    return type


def _dropout(name: str, ranks: tuple[int, ...]) -> Rule:
    torch = f"F.{name}"

    def rule(call: FunctionCall) -> FunctionResult:
        type = tensor(call)
        shapes.need_float(type, f"`{name}`")
        if ranks and type.shape is not None and (type.lead or len(type.shape) not in ranks):
            wanted = " or ".join(map(str, ranks))
            raise Rejected(
                f"`{name}` works on {wanted} axes, not on {show_shape(type.shape, type.lead)}",
                "input",
            )
        # the function drops always unless it is told the mode
        rate = () if call["p"] == _RATE.default else (call["p"],)
        step = apply(torch, call["input"], *rate, training=Special("training"))
        return FunctionResult(type, (Step(step, type),))

    return rule


def _gumbel(call: FunctionCall) -> TensorType:
    type = tensor(call, "logits")
    shapes.need_float(type, "`gumbel_softmax`", "logits")
    shapes.axis(type, call["dim"], call.check)
    return type


_DROPOUTS = {
    "dropout": (), "dropout1d": (2, 3), "dropout2d": (4,), "dropout3d": (4, 5),
    "alpha_dropout": (), "feature_alpha_dropout": (2, 3, 4, 5),
}  # fmt: skip
_RATE = arg("p", "float", 0.5, low=0.0, high=1.0)
_WEIGHT = arg("weight", "tensor|none", None)
_BIAS = arg("bias", "tensor|none", None)
_SHAPE = arg("normalized_shape", "sizes")

FUNCTIONS = (
    entry("normalize", "F.normalize",
          (INPUT, arg("p", "float", 2.0), arg("dim", "axes", 1), arg("eps", "float", 1e-12)),
          _normalize),
    entry("layer_norm", "F.layer_norm",
          (INPUT, _SHAPE, _WEIGHT, _BIAS, arg("eps", "float", 1e-5)), _over_last),
    entry("rms_norm", "F.rms_norm", (INPUT, _SHAPE, _WEIGHT, arg("eps", "float|none", None)),
          _over_last),
    entry("group_norm", "F.group_norm",
          (INPUT, arg("num_groups", "size"), _WEIGHT, _BIAS, arg("eps", "float", 1e-5)),
          _group_norm),
    *(entry(name, f"F.{name}", (INPUT, _RATE), _dropout(name, ranks), random=True)
      for name, ranks in _DROPOUTS.items()),
    entry("gumbel_softmax", "F.gumbel_softmax",
          (arg("logits"), arg("tau", "float", 1.0), arg("hard", "bool", False),
           arg("eps", "float", 1e-10), arg("dim", "axis", -1)), _gumbel, random=True),
)  # fmt: skip
