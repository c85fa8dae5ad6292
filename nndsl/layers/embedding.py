"""Tables of learned rows that are looked up by index."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from nndsl.layers.arguments import flag, real, size, unbounded, whole, word
from nndsl.layers.rules import (
    Shaped,
    agree,
    chosen,
    number,
    other,
    shape_of,
    truth,
)
from nndsl.model.expr import Undecided
from nndsl.model.graph import TensorType, Weight
from nndsl.model.spec import Layer, LayerCall, LayerResult, Rejected

_NUM = size("num_embeddings", "how many rows the table has")
_DIM = size("embedding_dim", "how long a row is")
_MAX_NORM = real("max_norm", "rows longer than this are shortened to it", None, low=0)
_NORM_TYPE = unbounded("norm_type", "the p of the norm that max_norm bounds", 2.0)
_BY_FREQ = flag("scale_grad_by_freq", "whether gradients are divided by a row's frequency")
_SPARSE = flag("sparse", "whether the gradient is a sparse tensor")
_PADDING = whole("padding_idx", "a row that is zero and isn't learned", None)


def _table(call: LayerCall) -> tuple[Weight, ...]:
    rows: Any = call["num_embeddings"]
    pad: Any = call["padding_idx"]
    if pad is not None and (call.check.less(pad, -rows) or call.check.less(rows - 1, pad)):
        raise Rejected(f"`{{layer}}` has no row {pad}: there are {rows}", "padding_idx")
    return (Weight("weight", (rows, call["embedding_dim"])),)  # type: ignore[arg-type]


def _embedding(call: LayerCall) -> LayerResult:
    weights = _table(call)
    shape: Any = (*shape_of(call), call["embedding_dim"])
    return LayerResult(TensorType(shape, "float", call.input.lead), {}, weights)


def _bag(call: LayerCall) -> LayerResult:
    weights = _table(call)
    shape = shape_of(call)
    with suppress(Undecided):
        _check_mode(call, number(call, "mode"))
    if other(call, 2) is not None:
        agree(call, other(call, 2), shape, "per_sample_weights")
    output: Any = (_bags(call, shape), call["embedding_dim"])
    return LayerResult(TensorType(output), {}, weights)


def _check_mode(call: LayerCall, mode: str) -> None:
    if other(call, 2) is not None and mode != "sum":
        raise Rejected('`{layer}` weighs rows only with mode="sum"', "mode")
    if mode == "max" and truth(call, "scale_grad_by_freq"):
        raise Rejected('`{layer}` has no scale_grad_by_freq with mode="max"', "mode")
    if mode == "max" and truth(call, "sparse"):
        raise Rejected('`{layer}` has no sparse gradients with mode="max"', "mode")


def _bags(call: LayerCall, shape: tuple[Any, ...]) -> Any:
    offsets = other(call, 1)
    if len(shape) == 2:
        if offsets is not None:
            raise Rejected("`{layer}` takes offsets only with one axis of indices", "offsets")
        return shape[0]
    if not isinstance(offsets, TensorType) or offsets.shape is None or len(offsets.shape) != 1:
        raise Rejected(
            "`{layer}` needs to know where each bag begins",
            "offsets",
            "call it with offsets of one axis: `embedding_bag(1000, 64)(offsets)`",
        )
    count: Any = offsets.shape[0]
    bags = chosen(call, "include_last_offset", count - 1, count)
    if bags != count and call.check.less(bags, 1):
        raise Rejected("`{layer}` has no bag: its only offset is the last", "offsets")
    return bags


ENTRIES = (
    Layer(
        "embedding",
        "torch.nn.Embedding",
        (_NUM, _DIM, _PADDING, _MAX_NORM, _NORM_TYPE, _BY_FREQ, _SPARSE),
        _embedding,
        positional=("num_embeddings", "embedding_dim", "padding_idx", "max_norm", "norm_type"),
        arrow=("num_embeddings", "embedding_dim"),
        leading=2,
        dtype="int",
        assume=Shaped(("b", "t"), "int"),
        doc="Replaces every index by a learned row.",
    ),
    Layer(
        "embedding_bag",
        "torch.nn.EmbeddingBag",
        (
            _NUM,
            _DIM,
            _MAX_NORM,
            _NORM_TYPE,
            _BY_FREQ,
            word("mode", "how the rows of a bag become one", "mean", "sum", "mean", "max"),
            _SPARSE,
            flag("include_last_offset", "whether the offsets end with the number of indices"),
            _PADDING,
        ),
        _bag,
        positional=("num_embeddings", "embedding_dim", "max_norm", "norm_type"),
        arrow=("num_embeddings", "embedding_dim"),
        leading=2,
        inputs=("input", "offsets?", "per_sample_weights?"),
        ranks=(1, 2),
        dtype="int",
        dtypes={"per_sample_weights": "float"},
        assume=Shaped(("b", "t"), "int"),
        doc="Looks up bags of rows and sums, averages or maximises each bag.",
    ),
)
