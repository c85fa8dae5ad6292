"""Layers that leave values out while training."""

from __future__ import annotations

from typing import Any

from nndsl.layers.arguments import INPLACE, rate
from nndsl.layers.rules import at_least, unchanged
from nndsl.layers.writing import function
from nndsl.model.spec import Layer, LayerCall, LayerResult

_P = rate("p", "probability that something is left out")


def _channels(call: LayerCall) -> LayerResult:
    at_least(call, 2)
    return LayerResult(call.input)


def _entry(name: str, torch: str, ranks: tuple[int, ...], doc: str, rule: Any = unchanged) -> Layer:
    return Layer(
        name,
        f"torch.nn.{torch}",
        (_P, INPLACE),
        rule,
        positional=("p",),
        leading=1,
        ranks=ranks,
        functional=function(f"F.{name}", (_P,), leading=1, training=True),
        random=True,
        doc=doc,
    )


_CHANNELS = "Sets whole channels to zero at random while training."

ENTRIES = (
    _entry("dropout", "Dropout", (), "Sets values to zero at random while training."),
    _entry("dropout1d", "Dropout1d", (3,), _CHANNELS),
    _entry("dropout2d", "Dropout2d", (4,), _CHANNELS),
    _entry("dropout3d", "Dropout3d", (5,), _CHANNELS),
    _entry(
        "alpha_dropout",
        "AlphaDropout",
        (),
        "Dropout that keeps mean and variance, for use with selu.",
    ),
    _entry(
        "feature_alpha_dropout",
        "FeatureAlphaDropout",
        (),
        "Alpha dropout of whole channels.",
        _channels,
    ),
)
