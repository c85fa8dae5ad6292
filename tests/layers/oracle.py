"""What torch says of a call: the module, the shapes, the weights."""

from __future__ import annotations

import warnings
from typing import Any

import torch

from nndsl.layers import registry
from nndsl.model.expr import Built
from nndsl.model.spec import Layer
from tests.layers.cases import Inside, Row

INFERRED = {
    "in_features": -1,
    "in1_features": -1,
    "in_channels": 1,
    "num_features": 1,
    "num_channels": 1,
    "normalized_shape": -1,
    "input_size": -1,
    "embed_dim": -1,
    "d_model": -1,
}
"""Where the sizes that follow from the input are found, worked out here anew."""

NO_META = {
    "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "fractional_maxpool2d",
    "fractional_maxpool3d", "cross_map_lrn2d", "transformer", "celu", "softmax", "softmin",
    "log_softmax", "orthogonal", "transformer_encoder", "transformer_decoder",
}  # fmt: skip
"""Layers that torch can't run, or doesn't check, without numbers."""


def tensor_of(shape: Any, dtype: str, device: str) -> Any:
    """A tensor, a tuple of them, or None."""
    if shape is None:
        return None
    if shape and isinstance(shape[0], tuple):
        return tuple(tensor_of(s, dtype, device) for s in shape)
    if dtype == "int":
        return torch.zeros(shape, dtype=torch.long, device=device)
    if dtype == "bool":
        return torch.zeros(shape, dtype=torch.bool, device=device)
    if device == "meta":
        return torch.empty(shape, device=device)
    return torch.randn(shape)


def torch_class(layer: Layer) -> Any:
    """The class, or the function that changes a module."""
    return _found(layer.torch)


def _found(path: str) -> Any:
    found: Any = torch
    for name in path.split(".")[1:]:
        found = getattr(found, name)
    return found


def torch_args(layer: Layer, row: Row) -> dict[str, Any]:
    """The arguments for torch, sizes of the input filled in without nndsl's help."""
    args = {k: _made(v, row) if isinstance(v, Inside) else v for k, v in row.args.items()}
    for argument in layer.arguments:
        axis = INFERRED.get(argument.name)
        if argument.inferred and axis is not None and args.get(argument.name) is None:
            args[argument.name] = row.shapes[0][axis]
    if layer.name == "bilinear":
        args.setdefault("in2_features", row.shapes[1][-1])
    if layer.name == "multihead_attention":
        args |= {n: row.shapes[i][-1] for n, i in (("kdim", 1), ("vdim", 2)) if n not in args}
    if layer.name in ("softmax", "softmin", "log_softmax"):
        args.setdefault("dim", 1)
    return args


def _made(inside: Inside, row: Row) -> Any:
    """A module among the arguments: made on the device at hand."""
    layer = registry.find(inside.name)
    assert isinstance(layer, Layer)
    own = torch_args(layer, Row(inside.name, inside.args, row.shapes))
    return torch_class(layer)(**own)


def torch_built(made: Any) -> Any:
    """A construction carried out: modules among the arguments first."""
    values = [torch_built(a) if isinstance(a, Built) else a for a in made.args]
    named = {k: torch_built(v) if isinstance(v, Built) else v for k, v in made.kwargs}
    return _found(made.torch)(*values, **named)


def device_of(row: Row) -> str:
    """Where torch can run the row."""
    counts = row.args.get("momentum", 0) is None  # torch reads the count of batches
    return "cpu" if NO_META & set(_names(row)) or counts else "meta"


def _names(row: Row | Inside) -> list[str]:
    inside = [v for v in row.args.values() if isinstance(v, Inside)]
    return [row.name, *(name for one in inside for name in _names(one))]


def torch_module(layer: Layer, row: Row, device: str = "") -> Any:
    with torch.device(device or device_of(row)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "enable_nested_tensor")
        return torch_class(layer)(**torch_args(layer, row))


def torch_run(layer: Layer, row: Row) -> tuple[Any, Any]:
    """The module that torch makes, and the shapes it gives back."""
    device = device_of(row)
    # with one example a batch norm only runs in evaluation
    module = torch_module(layer, row).train("batchnorm" not in str(row))
    tensors = [tensor_of(s, row.dtypes.get(i, "float"), device) for i, s in enumerate(row.shapes)]
    names = [name.rstrip("?") for name in layer.inputs]
    named = dict(zip(names, tensors, strict=False))
    with torch.no_grad():
        return module, sizes_of(module(tensors[0], **{n: named[n] for n in list(named)[1:]}))


def sizes_of(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(sizes_of, value))
    return tuple(value.shape)


def torch_weights(module: Any) -> list[tuple[str, tuple[int, ...], bool, str]]:
    """Name, shape, whether it is learned, and kind of number, in the order of registration."""
    words = {torch.float32: "float", torch.int64: "int"}
    every = [*module.named_parameters(), *module.named_buffers()]
    learned = {name for name, _ in module.named_parameters()}
    return [(name, tuple(t.shape), name in learned, words[t.dtype]) for name, t in every]
