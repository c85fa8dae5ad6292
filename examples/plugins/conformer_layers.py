"""The layers of two other packages, declared for ``conformer.nn``.

    pip install conformer entmax
    nndsl build examples/plugins/conformer.nn --plugin examples/plugins/conformer_layers.py

Nothing here imports torch, conformer or entmax; building does.
"""

from __future__ import annotations

import nndsl
from nndsl.extending import (
    FunctionCall,
    LayerCall,
    LayerResult,
    TensorType,
    argument,
    axis,
    gives,
    inferred,
    tensor,
    times,
)


@nndsl.layer(
    "conformer.ConformerConvModule",
    inferred("dim", "features of a frame"),
    argument("causal", bool, False, "whether no frame sees a later one"),
    argument("expansion_factor", "size", 2, "how many times more channels it has inside"),
    argument("kernel_size", "size", 31, "frames that the convolution sees"),
    argument("dropout", float, 0.0, "how much of the output is dropped", low=0, high=1),
    input="b t dim",
    random=True,
    example='(x: "b t 144"): x | conformer_conv(kernel_size=15)',
    link="https://github.com/lucidrains/conformer",
)
def conformer_conv(call: LayerCall) -> LayerResult:
    """A gated depthwise convolution over time (Gulati et al. 2020, arXiv:2005.08100)."""
    batch, frames, dim = call.input.shape
    inner, kernel = dim * call["expansion_factor"], call["kernel_size"]
    weights = {
        "net.0.weight": (dim,),
        "net.0.bias": (dim,),
        "net.2.weight": (2 * inner, dim, 1),
        "net.2.bias": (2 * inner,),
        "net.4.conv.weight": (inner, 1, kernel),
        "net.4.conv.bias": (inner,),
    }
    buffers = {}
    if not call["causal"]:
        weights |= {"net.5.weight": (inner,), "net.5.bias": (inner,)}
        buffers = {"net.5.running_mean": (inner,), "net.5.running_var": (inner,)}
        buffers |= {"net.5.num_batches_tracked": ()}
    weights |= {"net.7.weight": (dim, inner, 1), "net.7.bias": (dim,)}
    macs = times(batch, frames, inner, 3 * dim + kernel)
    return gives(call.input, weights=weights, buffers=buffers, macs=macs)


_DIM = argument("dim", "axis", -1, "axis over which the values sum to one")
_K = argument("k", "size", None, "how many of the largest values are sorted first; None: all")
_SPARSEMAX = "https://github.com/deep-spin/entmax"


@nndsl.layer(
    "entmax.Sparsemax",
    _DIM,
    _K,
    functional="entmax.sparsemax",
    example='(x: "b 10"): x | sparsemax',
    link=_SPARSEMAX,
)
def sparsemax(call: LayerCall) -> TensorType:
    """Softmax that makes small values zero (Martins and Astudillo 2016, arXiv:1602.02068)."""
    axis(call, "dim")
    return call.input


@nndsl.function(
    "entmax.sparsemax",
    tensor("X", "any scores"),
    _DIM,
    _K,
    name="sparsemax",
    example='(x: "b 10"): sparsemax(x * 2, dim=1)',
    link=_SPARSEMAX,
)
def sparsemax_of(call: FunctionCall) -> TensorType:
    """Softmax that makes small values zero (Martins and Astudillo 2016, arXiv:1602.02068)."""
    axis(call, "dim")
    return call.shape("X")
