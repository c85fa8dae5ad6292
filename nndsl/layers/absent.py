"""The classes of ``torch.nn`` that are no layers of the language on purpose, and why."""

from __future__ import annotations

from nndsl.model.spec import fold

ABSENT = {
    "layers are put together by pipes, definitions and labels": (
        "Container Module ModuleDict ModuleList ParameterDict ParameterList Sequential"
    ),
    "every size that follows from the input may be left out of the plain layer": (
        "LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d LazyConv2d LazyConv3d "
        "LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d "
        "LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear"
    ),
    "it is a base class; `rnn`, `lstm`, `gru` and their cells are layers": "RNNBase RNNCellBase",
    "where a model runs is no part of it": "DataParallel",
    "it learns weights of a loss, and takes targets": (
        "AdaptiveLogSoftmaxWithLoss LinearCrossEntropyLoss"
    ),
}
"""Reasons and the classes that each is true of. Losses are no layers either: they have entries of
their own (``losses``) and are declared with ``loss``. A test holds all three together against the
classes of the installed torch."""

LOSSES = "losses are declared behind a model's result: `loss cross_entropy`"


def why_absent(name: str) -> str:
    """Why there is no layer of this name, in any spelling; empty if torch has no such class."""
    from nndsl.layers.registry import find_loss

    key = fold(name)
    for reason, names in ABSENT.items():
        if key in map(fold, names.split()):
            return reason
    return LOSSES if find_loss(name) is not None else ""
