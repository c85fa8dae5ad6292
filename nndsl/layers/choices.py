"""Names that stand for one of several entries, by the input's number of axes."""

from __future__ import annotations

from nndsl.model.spec import Choice


def _choice(name: str, doc: str, pattern: str = "", also: dict[int, str] | None = None) -> Choice:
    pattern = pattern or f"{name}#d"
    by_rank = {n + 2: pattern.replace("#", str(n)) for n in (1, 2, 3)}
    return Choice(name, {**(also or {}), **by_rank}, doc)


CHOICES = (
    _choice("conv", "A convolution over all axes behind the channels."),
    _choice("conv_transpose", "A transposed convolution over all axes behind the channels."),
    _choice("batchnorm", "Batch normalization.", also={2: "batchnorm1d"}),
    _choice("instancenorm", "Instance normalization."),
    _choice("maxpool", "The largest value in every window."),
    _choice("avgpool", "The average of every window."),
    _choice("lppool", "The root of the sum of powers in every window."),
    _choice("adaptive_avgpool", "Averages, as many as the output is to have positions."),
    _choice("adaptive_maxpool", "Largest values, as many as the output is to have positions."),
    _choice("dropout_channels", "Leaves whole channels out while training.", "dropout#d"),
)
