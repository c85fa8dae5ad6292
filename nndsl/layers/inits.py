"""How an ``init`` rule starts parameters: the functions of ``torch.nn.init``, with its names,
arguments and defaults.

Source: https://docs.pytorch.org/docs/stable/nn.init.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nndsl.layers.arguments import real, whole, word
from nndsl.model.expr import Static
from nndsl.model.spec import Argument, Initializer, Rejected

_GAIN = real("gain", "factor of the spread", 1.0)
_FOLLOWING = (
    *("leaky_relu", "relu", "selu", "tanh", "sigmoid", "linear"),
    *("conv1d", "conv2d", "conv3d"),
    *("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"),
)
_KAIMING = (
    real("a", "slope of the leaky relu behind the layer", 0),
    word("mode", "what keeps its variance: forward or backward", "fan_in", "fan_in", "fan_out"),
    word("nonlinearity", "what follows the layer", "leaky_relu", *_FOLLOWING),
)


def _ordered(args: Mapping[str, Static]) -> None:
    low, high = args["a"], args["b"]
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        raise Rejected("the range of `{layer}` ends before it begins", "b", "", "E206")


def _spread(args: Mapping[str, Static]) -> None:
    _ordered(args)
    if args["std"] == 0:
        raise Rejected("the std of `{layer}` is above 0", "std", "write `constant`", "E206")


def _entry(
    name: str,
    doc: str,
    arguments: tuple[Argument, ...] = (),
    ranks: tuple[int, int | None] = (0, None),
    *,
    suits: Callable[[Mapping[str, Static]], None] | None = None,
) -> Initializer:
    return Initializer(name, f"torch.nn.init.{name}_", arguments, ranks, doc, suits)


_MATRIX = (2, None)
_ENTRIES = (
    _entry("zeros", "All 0."),
    _entry("ones", "All 1."),
    _entry("constant", "All one number.", (real("val", "the number"),)),
    _entry(
        "normal",
        "Normally distributed.",
        (real("mean", "centre", 0.0), real("std", "standard deviation", 1.0, low=0)),
    ),
    _entry(
        "uniform",
        "Uniformly distributed.",
        (real("a", "lowest value", 0.0), real("b", "highest value", 1.0)),
        suits=_ordered,
    ),
    _entry(
        "trunc_normal",
        "Normally distributed, cut off.",
        (
            real("mean", "centre", 0.0),
            real("std", "standard deviation", 1.0, low=0),
            real("a", "lowest value", -2.0),
            real("b", "highest value", 2.0),
        ),
        suits=_spread,
    ),
    _entry("xavier_uniform", "Glorot and Bengio 2010.", (_GAIN,), _MATRIX),
    _entry("xavier_normal", "Glorot and Bengio 2010.", (_GAIN,), _MATRIX),
    _entry("kaiming_uniform", "He et al. 2015.", _KAIMING, _MATRIX),
    _entry("kaiming_normal", "He et al. 2015.", _KAIMING, _MATRIX),
    _entry("orthogonal", "Saxe et al. 2013.", (_GAIN,), _MATRIX),
    _entry("eye", "The identity.", (), (2, 2)),
    _entry("dirac", "Passes channels on.", (whole("groups", "groups", 1, low=1),), (3, 5)),
)

INITS = {entry.name: entry for entry in _ENTRIES}
