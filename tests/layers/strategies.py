"""Calls of entries made at random: from the types of the arguments, and from rows that are fine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from nndsl.layers import registry
from nndsl.model.spec import REQUIRED, Argument, Layer
from tests.layers.cases import ROWS, Inside, Row

WRAPPED = (
    "linear", "bilinear", "embedding", "conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d",
    "batchnorm1d", "groupnorm", "layernorm", "rmsnorm", "prelu", "lstm", "gru_cell",
    "multihead_attention", "relu", "dropout",
)  # fmt: skip
"""What is tried inside of parametrizations; layers without weights among them."""
STACKED = {
    "encoder_layer": ("transformer_encoder_layer", "linear"),
    "decoder_layer": ("transformer_decoder_layer", "transformer_encoder_layer"),
    "norm": ("layernorm", "rmsnorm", "linear", "relu"),
}
WEIGHTS = ("weight", "bias", "weight_ih", "weight_hh_l0", "in_proj_weight", "running_mean", "w")
SMALL = ("num_layers", "hidden_size", "dim_feedforward", "num_encoder_layers",
         "num_decoder_layers")  # fmt: skip
"""What is given always, since torch's default is large."""
FIGURES = (-0.5, 0.0, 0.3, 0.75, 1.0, 1.5, 2.0)

# ------------------------------------------------------------------ arguments from their types


def _scalar(argument: Argument, kind: str) -> st.SearchStrategy[Any]:
    low = 1 if kind == "size" and argument.low is None else argument.low
    high = argument.high
    if kind in ("int", "size"):
        least = -2 if low is None or math.isinf(low) else int(low)
        return st.integers(least, 3 if argument.name != "out_channels" else 6)
    if kind == "axis":
        return st.integers(-4, 4)
    if kind == "float":
        return st.sampled_from(
            [v for v in FIGURES if (low is None or v >= low) and (high is None or v <= high)]
        )
    if kind == "bool":
        return st.booleans()
    if kind == "none":
        return st.none()
    return st.sampled_from(argument.choices or WEIGHTS)


def _value(argument: Argument, axes: int) -> st.SearchStrategy[Any]:
    choices = []
    for kind in argument.type.split("|"):
        if kind in ("ints", "floats"):
            one = _scalar(argument, "int" if kind == "ints" else "float")
            count = 2 * axes if argument.name == "padding" and len(argument.type) == 4 else axes
            choices += [one, st.tuples(*[one] * count), st.tuples(*[one] * axes)]
        elif kind == "layer":
            choices.append(_insides(argument.name, axes))
        elif kind != "str" or argument.name != "padding":
            choices.append(_scalar(argument, kind))
    return st.one_of(choices)


@st.composite
def _insides(draw: Any, name: str, axes: int) -> Inside:
    """A layer for an argument, with arguments of its own."""
    found = draw(st.sampled_from(STACKED.get(name, WRAPPED)))
    return Inside(found, draw(arguments(entry(found), axes)))


@st.composite
def arguments(draw: Any, layer: Layer, axes: int) -> dict[str, Any]:
    """Some of the arguments, and all that have to be given."""
    found = {}
    for argument in layer.arguments:
        if argument.inferred and not (argument.name == "normalized_shape" and draw(st.booleans())):
            continue
        always = argument.default is REQUIRED or argument.name in SMALL
        if always or draw(st.booleans()):
            found[argument.name] = draw(_value(argument, axes))
    return found


def entry(name: str) -> Layer:
    """The entry of a name that stands for one."""
    found = registry.find(name)
    assert isinstance(found, Layer)
    return found


# ------------------------------------------------------------------ calls


def required(layer: Layer) -> int:
    """How many tensors a layer must be given."""
    return len([i for i in layer.inputs if not i.endswith("?")])


@st.composite
def fresh(draw: Any, layer: Layer) -> Row:
    """A call with one tensor: some arguments, a small shape, mostly of a fitting rank."""
    fitting = layer.ranks or (2, 3, 4)
    rank = draw(st.sampled_from((*fitting * 4, 1, 2, 3, 4, 5)))
    args = draw(arguments(layer, max(rank - 2, 1)))
    inside = args.get(layer.wraps)
    read = entry(inside.name) if inside is not None else layer
    if inside is not None and (read.ranks and rank not in read.ranks):
        rank = read.ranks[0]
    shape = tuple(draw(st.lists(st.integers(1, 7), min_size=rank, max_size=rank)))
    shapes = (shape,) * required(read)
    dtypes = {0: "int"} if read.dtype == "int" else {}
    return Row(layer.name, args, shapes, dtypes)


@st.composite
def resized(draw: Any, row: Row) -> Row:
    """The row with other sizes, equal ones still equal; its arguments are as they were, or new
    ones from their types."""
    old = sorted({size for shape in row.shapes for size in _sizes(shape)})
    new = {size: draw(st.integers(1, 8)) for size in old}
    shapes = tuple(_renamed(shape, new) for shape in row.shapes)
    layer = entry(row.name)
    kept: Mapping[str, Any] = row.args
    if draw(st.booleans()):
        drawn = draw(arguments(layer, max(len(row.shapes[0]) - 2, 1)))
        kept = {**drawn, **{k: v for k, v in row.args.items() if isinstance(v, Inside)}}
    return Row(row.name, kept, shapes, row.dtypes)


def _sizes(shape: Any) -> list[int]:
    if shape is None:
        return []
    return [s for part in shape for s in (part if isinstance(part, tuple) else (part,))]


def _renamed(shape: Any, new: Mapping[int, int]) -> Any:
    if shape is None:
        return None
    return tuple(_renamed(s, new) if isinstance(s, tuple) else new[s] for s in shape)


@st.composite
def changed(draw: Any, row: Row) -> Row:
    """The row with one size, one axis, or one integer among its arguments off by a little."""
    numbers = [k for k, v in row.args.items() if isinstance(v, int) and not isinstance(v, bool)]
    off = draw(st.sampled_from((-2, -1, 1, 2, 3)))
    if numbers and draw(st.booleans()):
        name = draw(st.sampled_from(numbers))
        return Row(row.name, {**row.args, name: row.args[name] + off}, row.shapes, row.dtypes)
    place = draw(st.sampled_from([i for i, s in enumerate(row.shapes) if s]))
    shape = row.shapes[place]
    if isinstance(shape[0], tuple):
        new: Any = (_off(draw, shape[0], off), *shape[1:])
    else:
        new = _off(draw, shape, off)
    shapes = (*row.shapes[:place], new, *row.shapes[place + 1 :])
    return Row(row.name, row.args, shapes, row.dtypes)


def _off(draw: Any, shape: tuple[int, ...], off: int) -> tuple[int, ...]:
    axis = draw(st.integers(0, len(shape) - 1))
    how = draw(st.integers(0, 4))
    if how == 0 and len(shape) > 1:
        return shape[:axis] + shape[axis + 1 :]
    if how == 1:
        return (*shape[:axis], 2, *shape[axis:])
    return (*shape[:axis], max(shape[axis] + off, 1), *shape[axis + 1 :])


def calls(layer: Layer) -> st.SearchStrategy[Row]:
    """Calls of an entry: fine ones and others."""
    rows = [row for row in ROWS if row.name == layer.name]
    again = st.sampled_from(rows).flatmap(resized)
    off = again.flatmap(changed)
    if layer.wraps or required(layer) == 1:
        return st.one_of(fresh(layer), fresh(layer), again, off)
    return st.one_of(again, off)
