"""Layers that bring values to a common scale."""

from __future__ import annotations

from functools import partial
from typing import Any

from nndsl.layers.arguments import flag, inferred, real, size, whole
from nndsl.layers.rules import (
    at_least,
    divides,
    image,
    likely,
    shape_of,
    taken,
    times,
    unchanged,
    wording,
)
from nndsl.layers.statics import (
    is_listing,
    items,
)
from nndsl.layers.writing import (
    Function,
    function,
)
from nndsl.model.expr import Listing, Static, Undecided
from nndsl.model.graph import Weight
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Rejected
from nndsl.model.text import expression

_EPS = real("eps", "added to the variance, against division by zero", 1e-05, low=0)
_OFFSET = flag("bias", "whether the learned scale comes with a learned offset", True)
_SHAPE = "sizes of the axes that are normalized together"


def _weights(call: LayerCall, flag: str, shape: tuple[Any, ...]) -> tuple[Weight, ...]:
    if not likely(call, flag):
        return ()
    scale = (Weight("weight", shape),)
    if "bias" in call.args and likely(call, "bias"):
        return (*scale, Weight("bias", shape))
    return scale


def _statistics(call: LayerCall, channels: Any) -> tuple[Weight, ...]:
    if not likely(call, "track_running_stats"):
        return ()
    return (
        Weight("running_mean", (channels,), trainable=False),
        Weight("running_var", (channels,), trainable=False),
        Weight("num_batches_tracked", (), trainable=False, dtype="int"),
    )


def _by_channel(call: LayerCall) -> LayerResult:
    shape = shape_of(call)
    at_least(call, 2)
    inferred = taken(call, "num_features", shape[1], "channels")
    weights = _weights(call, "affine", (shape[1],)) + _statistics(call, shape[1])
    if not likely(call, "track_running_stats"):
        _more_than_one(call, times(shape[0], *shape[2:]))
    return LayerResult(call.input, inferred, weights)


def _by_batch(call: LayerCall) -> LayerResult:
    if call.check.same(call["eps"], 0):
        raise Rejected("`{layer}` needs an eps above 0 while training", "eps")
    return _by_channel(call)


def _by_example(call: LayerCall) -> LayerResult:
    _more_than_one(call, times(*shape_of(call)[2:]))
    return _by_channel(call)


def _more_than_one(call: LayerCall, count: Any) -> None:
    if call.check.same(count, 1):
        raise Rejected(
            "`{layer}` needs more than one value to normalize, "
            f"but receives {wording(call.input)}",
            "input",
        )


def _group(call: LayerCall) -> LayerResult:
    at_least(call, 2)
    channels = shape_of(call)[1]
    inferred = taken(call, "num_channels", channels, "channels")
    divides(call, "num_groups", channels, "channels")
    shape = shape_of(call)
    _more_than_one(call, times(shape[0], channels // call["num_groups"], *shape[2:]))
    return LayerResult(call.input, inferred, _weights(call, "affine", (channels,)))


def _trailing(call: LayerCall) -> LayerResult:
    shape = shape_of(call)
    told: Any = call["normalized_shape"]
    if told is None or not is_listing(told):
        found = taken(call, "normalized_shape", shape[-1], "features")
        sizes: tuple[Any, ...] = (shape[-1],)
    else:
        try:
            found, sizes = {}, _axes(call, told, shape)
        except Undecided:
            return LayerResult(call.input)  # how many axes it takes changes nothing behind it
    return LayerResult(call.input, found, _weights(call, "elementwise_affine", sizes))


def _axes(call: LayerCall, told: Any, shape: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(told, tuple | Listing):
        told = call.check.number(told)
    count = len(told.items if isinstance(told, Listing) else told)
    sizes = items(told, count) or ()
    if (
        not sizes
        or count > len(shape)
        or not all(map(call.check.equal, sizes, shape[len(shape) - count :]))
    ):
        raise Rejected(
            f"`{{layer}}` is told to expect (..., {', '.join(map(expression, sizes))}), "
            f"but receives {wording(call.input)}",
            "normalized_shape",
        )
    return sizes


def _local(call: LayerCall) -> LayerResult:
    at_least(call, 3)
    return LayerResult(call.input)


def _channel_norm(
    family: str, count: int, ranks: tuple[int, ...], on: bool, momentum: Any
) -> Layer:
    plain = family.replace("Norm", "").lower() + "norm"
    return Layer(
        f"{plain}{count}d" if count else "sync_batchnorm",
        f"torch.nn.{family}{count}d" if count else f"torch.nn.{family}",
        (
            inferred("num_features", "channels coming in"),
            _EPS,
            momentum,
            flag("affine", "whether a scale is learned for each channel", on),
            flag("track_running_stats", "whether averages are kept for evaluation", on),
            _OFFSET,
        ),
        _by_example if family == "InstanceNorm" else _by_batch,
        leading=1,
        ranks=ranks,
        assume=image(ranks[-1]) if ranks else None,
        random=False,
        doc=_DOCS[family],
    )


_DOCS = {
    "BatchNorm": "Gives every channel mean 0 and variance 1 over the batch, then scales it.",
    "InstanceNorm": "Gives every channel of every example mean 0 and variance 1.",
    "SyncBatchNorm": "Batch normalization over all processes of a distributed run.",
}
_MOMENTUM = Argument(
    "momentum", "float|none", 0.1, "weight of the newest batch in the averages; None: all alike"
)
_INSTANCE_MOMENTUM = real("momentum", "weight of the newest batch in the averages", 0.1)


def _layer_norm(name: str, torch: str, eps: Static, *more: Argument) -> Layer:
    affine = flag("elementwise_affine", "whether a scale is learned for each position", True)
    return Layer(
        name,
        torch,
        (
            inferred("normalized_shape", _SHAPE, alias="shape", type="int|ints"),
            real("eps", "against division by zero", eps, low=0),
            affine,
            *more,
        ),
        _trailing,
        leading=1,
        doc=_TRAILING[name],
    )


_TRAILING = {
    "layernorm": "Gives the last axis mean 0 and variance 1, then scales it.",
    "rmsnorm": "Divides the last axis by its root mean square, then scales it.",
}


def _response(name: str, torch: str, k: Any, **more: Any) -> Layer:
    arguments = (
        size("size", "how many neighbouring channels are looked at"),
        real("alpha", "weight of the neighbours", 0.0001),
        real("beta", "exponent", 0.75),
        real("k", "added before the exponent", k),
    )
    return Layer(
        name,
        torch,
        arguments,
        _local if name == "local_response_norm" else unchanged,
        positional=tuple(a.name for a in arguments),
        leading=1,
        functional=_local_function(arguments) if name == "local_response_norm" else None,
        doc="Divides every value by the strength of its neighbours in the channels around.",
        **more,
    )


def _local_function(arguments: tuple[Argument, ...]) -> Function:
    return function("F.local_response_norm", arguments, leading=1)


_batch = partial(_channel_norm, "BatchNorm", on=True, momentum=_MOMENTUM)
_instance = partial(_channel_norm, "InstanceNorm", on=False, momentum=_INSTANCE_MOMENTUM)

ENTRIES = (
    _batch(1, (2, 3)),
    _batch(2, (4,)),
    _batch(3, (5,)),
    _channel_norm("SyncBatchNorm", 0, (), on=True, momentum=_MOMENTUM),
    _instance(1, (3,)),
    _instance(2, (4,)),
    _instance(3, (5,)),
    Layer(
        "groupnorm",
        "torch.nn.GroupNorm",
        (
            whole("num_groups", "groups of channels that are normalized together", low=1),
            inferred("num_channels", "channels coming in"),
            _EPS,
            flag("affine", "whether a scale is learned for each channel", True),
            _OFFSET,
        ),
        _group,
        positional=("num_groups",),
        leading=2,
        doc="Gives every group of channels of every example mean 0 and variance 1.",
    ),
    _layer_norm("layernorm", "torch.nn.LayerNorm", 1e-05, _OFFSET),
    _layer_norm("rmsnorm", "torch.nn.RMSNorm", None),
    _response("local_response_norm", "torch.nn.LocalResponseNorm", 1.0),
    _response("cross_map_lrn2d", "torch.nn.CrossMapLRN2d", 1, ranks=(4,)),
)
