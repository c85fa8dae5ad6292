"""Elementwise functions with a name, and the normalized exponentials."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from nndsl.layers.arguments import INPLACE, axis, real, size, unbounded, word
from nndsl.layers.rules import (
    like,
    position,
    shape_of,
    unchanged,
    unless_none,
)
from nndsl.layers.writing import (
    Functional,
    function,
)
from nndsl.model.expr import Undecided
from nndsl.model.graph import Apply, Var, Weight
from nndsl.model.spec import REQUIRED, Argument, Layer, LayerCall, LayerResult, Rejected
from nndsl.model.text import expression


def _ordered(call: LayerCall, low: str, high: str, strictly: bool) -> LayerResult:
    a, b = call[low], call[high]
    wrong = call.check.less(b, a) or (strictly and call.check.less(a, b) is False)
    if wrong:
        raise Rejected(
            f"`{{layer}}` has {low} = {expression(a)}, which is not below {high} = {expression(b)}",
            low,
        )
    return LayerResult(call.input)


def _hardtanh(call: LayerCall) -> LayerResult:
    return _ordered(call, "min_val", "max_val", strictly=True)


def _rrelu(call: LayerCall) -> LayerResult:
    return _ordered(call, "lower", "upper", strictly=False)


def _celu(call: LayerCall) -> LayerResult:
    if call.check.same(call["alpha"], 0):
        raise Rejected("`{layer}` divides by alpha, which is 0", "alpha")
    return LayerResult(call.input)


def _glu(call: LayerCall) -> LayerResult:
    shape = list(shape_of(call))
    place = position(call, "dim", len(shape))
    if not call.check.divides(2, shape[place]):
        raise Rejected(f"`{{layer}}` halves an axis of {expression(shape[place])}", "input")
    shape[place] = shape[place] // 2
    return LayerResult(like(call, shape))


def _prelu(call: LayerCall) -> LayerResult:
    shape = shape_of(call)
    count: Any = call["num_parameters"]
    channels = shape[1] if len(shape) > 1 else 1
    if not call.check.same(count, 1) and not call.check.equal(count, channels):
        raise Rejected(
            f"`{{layer}}` learns {expression(count)} slopes for {expression(channels)} channels",
            "num_parameters",
            "write `prelu` for one slope, or one slope for each channel",
        )
    return LayerResult(call.input, {}, (Weight("weight", (count,)),))


def _normalized(call: LayerCall) -> LayerResult:
    """Softmax and its kin; torch guesses an axis, and only one of its guesses is beyond doubt."""
    rank = len(shape_of(call))
    plain = rank == 2 and not call.input.lead
    if call["dim"] is not None:
        with suppress(Undecided):
            position(call, "dim", rank)
        return LayerResult(call.input, {"dim": unless_none(call["dim"], 1)} if plain else {})
    if plain:
        return LayerResult(call.input, {"dim": 1})
    raise Rejected(
        "`{layer}` needs an axis", "", "write `{layer}(dim=-1)` for the last, `dim=1` for channels"
    )


def _over_channels(_: LayerCall, var: Var) -> Apply:
    return Apply("torch.softmax", (var,), (("dim", 1),))


def _plain(
    name: str,
    torch: str,
    fn: str,
    *arguments: Argument,
    rule: Any = unchanged,
    leading: int = 1,
    doc: str,
    inplace: bool = True,
    **more: Any,
) -> Layer:
    every = (*arguments, INPLACE) if inplace else arguments
    alone = f"F.{name}" if fn.startswith("torch.") else ""
    return Layer(
        name,
        f"torch.nn.{torch}",
        every,
        rule,
        positional=tuple(a.name for a in arguments),
        leading=min(leading, len(arguments)),
        functional=more.pop("functional", None)
        or function(fn, arguments, leading=min(leading, len(arguments)), inplace=alone, **more),
        random=bool(more.get("training")),
        doc=doc,
    )


def _softmax(name: str, torch: str, fn: str, doc: str) -> Layer:
    dim = axis("dim", "axis over which the values sum to one", None)
    functional: Functional = function(fn, (dim,), dim=REQUIRED)
    return _plain(
        name, torch, fn, dim, rule=_normalized, inplace=False, functional=functional, leading=0,
        doc=doc,
    )  # fmt: skip


_ALPHA = real("alpha", "scale of the negative side", 1.0)
_LAMBD = real("lambd", "half the width of the flat part", 0.5)

ENTRIES = (
    _plain("relu", "ReLU", "torch.relu", doc="max(x, 0)."),
    _plain("relu6", "ReLU6", "F.relu6", doc="x cut to 0 and 6."),
    _plain(
        "leaky_relu",
        "LeakyReLU",
        "F.leaky_relu",
        real("negative_slope", "slope of the negative side", 0.01),
        doc="x, with a small slope below zero.",
    ),
    _plain("elu", "ELU", "F.elu", _ALPHA, doc="x, and alpha * (exp(x) - 1) below zero."),
    _plain(
        "celu",
        "CELU",
        "F.celu",
        _ALPHA,
        rule=_celu,
        doc="x, and alpha * (exp(x / alpha) - 1) below zero.",
    ),
    _plain("selu", "SELU", "F.selu", doc="elu with the scales that keep mean 0 and variance 1."),
    _plain(
        "gelu",
        "GELU",
        "F.gelu",
        word("approximate", "the formula", "none", "none", "tanh"),
        leading=0,
        inplace=False,
        doc="x times the normal distribution's share below x.",
    ),
    _plain("silu", "SiLU", "F.silu", doc="x * sigmoid(x), also called swish."),
    _plain("mish", "Mish", "F.mish", doc="x * tanh(softplus(x))."),
    _plain("sigmoid", "Sigmoid", "torch.sigmoid", inplace=False, doc="1 / (1 + exp(-x))."),
    _plain("tanh", "Tanh", "torch.tanh", inplace=False, doc="The hyperbolic tangent."),
    _plain("logsigmoid", "LogSigmoid", "F.logsigmoid", inplace=False, doc="log(sigmoid(x))."),
    _plain("hardsigmoid", "Hardsigmoid", "F.hardsigmoid", doc="x / 6 + 1 / 2, cut to 0 and 1."),
    _plain("hardswish", "Hardswish", "F.hardswish", doc="x * hardsigmoid(x)."),
    _plain(
        "hardtanh",
        "Hardtanh",
        "F.hardtanh",
        unbounded("min_val", "lowest value", -1.0),
        unbounded("max_val", "highest value", 1.0),
        rule=_hardtanh,
        leading=2,
        doc="x cut to two bounds.",
    ),
    _plain(
        "hardshrink",
        "Hardshrink",
        "F.hardshrink",
        _LAMBD,
        inplace=False,
        doc="x, and 0 where x is small.",
    ),
    _plain(
        "softshrink",
        "Softshrink",
        "F.softshrink",
        real("lambd", "how far values are moved towards zero", 0.5, low=0),
        inplace=False,
        doc="x moved towards zero by lambd.",
    ),
    _plain("tanhshrink", "Tanhshrink", "F.tanhshrink", inplace=False, doc="x - tanh(x)."),
    _plain(
        "softplus",
        "Softplus",
        "F.softplus",
        real("beta", "sharpness", 1.0),
        real("threshold", "beta * x above which it is linear", 20.0),
        inplace=False,
        leading=0,
        doc="log(1 + exp(beta * x)) / beta.",
    ),
    _plain("softsign", "Softsign", "F.softsign", inplace=False, doc="x / (1 + abs(x))."),
    _plain(
        "threshold",
        "Threshold",
        "F.threshold",
        unbounded("threshold", "values up to it are replaced"),
        unbounded("value", "what replaces them"),
        leading=2,
        doc="x, and a value where x is not above a threshold.",
    ),
    _plain(
        "rrelu",
        "RReLU",
        "F.rrelu",
        real("lower", "lowest slope", 0.125),
        real("upper", "highest slope", 1 / 3),
        rule=_rrelu,
        leading=2,
        training=True,
        doc="x, with a slope below zero that is drawn anew while training.",
    ),
    _plain(
        "glu",
        "GLU",
        "F.glu",
        axis("dim", "axis that is halved", -1),
        rule=_glu,
        leading=0,
        inplace=False,
        doc="Halves an axis: the first half times sigmoid of the second.",
    ),
    Layer(
        "prelu",
        "torch.nn.PReLU",
        (
            size("num_parameters", "1, or the number of channels", 1),
            real("init", "slope at the start", 0.25),
        ),
        _prelu,
        positional=("num_parameters", "init"),
        leading=1,
        doc="x, with a learned slope below zero.",
    ),
    _softmax("softmax", "Softmax", "torch.softmax", "exp(x) over its sum along an axis."),
    _softmax("softmin", "Softmin", "F.softmin", "exp(-x) over its sum along an axis."),
    _softmax("log_softmax", "LogSoftmax", "torch.log_softmax", "The logarithm of softmax."),
    Layer(
        "softmax2d",
        "torch.nn.Softmax2d",
        (),
        unchanged,
        ranks=(4,),
        functional=_over_channels,
        doc="Softmax over the channels of an image.",
    ),
)
