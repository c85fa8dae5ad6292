"""Layers and functions of other packages, declared in Python without importing torch.

    import nndsl
    from nndsl.extending import argument, gives, inferred

    @nndsl.layer(
        "conformer.conformer.FeedForward",
        inferred("dim", "features of the last axis"),
        argument("mult", "size", 4, "how many times wider it is inside"),
        argument("dropout", float, 0.0, "how much is dropped", low=0, high=1),
        input="... dim",
    )
    def conformer_ffn(call):
        '''Two linear maps with a swish between them.'''
        d, wide = call["dim"], call["dim"] * call["mult"]
        return gives(
            call.input,
            weights={
                "net.0.weight": (wide, d), "net.0.bias": (wide,),
                "net.3.weight": (d, wide), "net.3.bias": (d,),
            },
        )

The decorated function is the shape rule: it gets sizes that are numbers or expressions, and says
what flows out. The package itself is imported when a model is built, not before.

What rules ask is here too: ``axis`` (the axis that an argument names), ``per_axis`` (a number, or
one for each axis), ``broadcast``, ``times`` (sizes multiplied). Sizes may be expressions, so they
are compared through ``call.check``: ``same``, ``equal``, ``less``, ``divides``.
"""

from __future__ import annotations

from nndsl.extending.arguments import argument, inferred, tensor, tensors
from nndsl.extending.functions import function
from nndsl.extending.layers import layer
from nndsl.extending.results import axis, gives
from nndsl.layers.rules import broadcast, per_axis, times
from nndsl.model.graph import TensorType, TupleType, Weight
from nndsl.model.spec import REQUIRED, Argument, FunctionCall, LayerCall, LayerResult, Rejected

__all__ = [
    "REQUIRED",
    "Argument",
    "FunctionCall",
    "LayerCall",
    "LayerResult",
    "Rejected",
    "TensorType",
    "TupleType",
    "Weight",
    "argument",
    "axis",
    "broadcast",
    "function",
    "gives",
    "inferred",
    "layer",
    "per_axis",
    "tensor",
    "tensors",
    "times",
]
