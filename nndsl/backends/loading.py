"""Builds a model with the weights of a file: nothing is initialised that the file gives."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import nn

from nndsl.backends.construction import device_of, dtype_of
from nndsl.backends.module.budget import check_memory
from nndsl.backends.module.compile import compiled
from nndsl.backends.module.errors import fail
from nndsl.backends.module.materialise import Place, materialise, shared_parameters
from nndsl.backends.torch_module import build_module
from nndsl.backends.weights import Read, reader
from nndsl.model.checkpoints import Loading
from nndsl.model.graph import Block, Do, FunctionBlock, TensorType, walk

State = dict[str, torch.Tensor]

_DEFAULTS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def build_loaded(
    block: Block,
    loading: Loading,
    path: str,
    device: str | torch.device | None,
    dtype: str | torch.dtype | None,
) -> nn.Module:
    """A resolved block as a module on ``device``, with the weights of a file that fits it.

    The file's floats are kept as wide as they are, unless ``dtype`` is given; what the file does
    not hold (buffers that are computed) has their dtype if they all have one.

    Raises:
        ValueError: on the meta device, or there is no such device or float dtype.
        OSError: the file can't be read.
        SpecError: the model is too large.
    """
    target = device_of(device) or torch.get_default_device()
    if target.type == "meta":
        raise ValueError("a model on the meta device holds no weights")
    wanted = dtype_of(dtype)
    state = _state(loading, reader(path, target), wanted)
    floats = {tensor.dtype for tensor in state.values() if tensor.is_floating_point()}
    only = next(iter(floats)) if len(floats) == 1 else None
    net = build_module(block, device="meta", dtype=only if only in _DEFAULTS else wanted)
    _fill(net, state, loading, target)
    return net


def _state(loading: Loading, read: Read, dtype: torch.dtype | None) -> State:
    """The entries of the state dict that the file gives."""
    state: State = {}
    for move in loading.moves:
        tensors = [read(name) for name in move.sources]
        if move.function is not None:
            tensors = list(_applied(move.function, tensors))
        for name, tensor in zip(move.targets, tensors, strict=True):
            wide = dtype is not None and tensor.is_floating_point()
            state[name] = tensor.to(dtype) if wide else tensor
    return state


def _applied(function: FunctionBlock, tensors: list[torch.Tensor]) -> Iterator[torch.Tensor]:
    elements = sum(_elements(s) for s in walk(function.body) if isinstance(s, Do))
    check_memory(elements, max(tensor.itemsize for tensor in tensors), function.span)
    with torch.no_grad():
        made = compiled(function)(*tensors)
    every = (made,) if isinstance(made, torch.Tensor) else made
    seen: set[int] = set()
    for tensor in every:  # each gets memory of its own: two parameters must not share it
        storage = tensor.untyped_storage()
        alone = storage.nbytes() == tensor.nbytes and storage.data_ptr() not in seen
        seen.add(storage.data_ptr())
        yield tensor.contiguous() if alone else tensor.clone(memory_format=torch.contiguous_format)


def _elements(step: Do) -> int:
    types = (target.type for target in step.targets)
    shapes = (type.shape for type in types if isinstance(type, TensorType) and type.shape)
    return sum(math.prod(n for n in shape if isinstance(n, int)) for shape in shapes)


def _fill(net: nn.Module, state: State, loading: Loading, device: torch.device) -> None:
    """Put tensors into a net on the meta device, and compute what the file leaves out."""
    shared = shared_parameters(net)
    for name, other in loading.missing.items():
        zero = torch.zeros((), dtype=torch.int64, device=device)
        state[name] = zero if other is None else state[other]
    net.load_state_dict(state, assign=True)
    _spare(net)
    materialise(net, device)
    net.load_state_dict(state, assign=True)
    _tie(net, shared)


def _tie(net: nn.Module, shared: list[list[Place]]) -> None:
    """One parameter under several names is one again; the file must not say two things of it."""
    for places in shared:
        first = getattr(*places[0])
        for module, name in places[1:]:
            if not torch.equal(getattr(module, name), first):
                one, other = (_key(net, place) for place in (places[0], (module, name)))
                raise fail(
                    "E710",
                    f"`{one}` and `{other}` are one parameter of the model, but differ in the file",
                )
            setattr(module, name, first)


def _key(net: nn.Module, place: Place) -> str:
    names = {id(module): name for name, module in net.named_modules()}
    return f"{names[id(place[0])]}.{place[1]}".removeprefix(".")


def _spare(net: nn.Module) -> None:
    """Where something has still to be computed, what stands beside it is written again: let that
    not be the tensors of the file."""
    for module in net.modules():
        tensors = (*module._parameters.values(), *module._buffers.values())
        if not any(tensor is not None and tensor.is_meta for tensor in tensors):
            continue
        for part in module.modules():
            for name, parameter in part._parameters.items():
                if parameter is not None and not parameter.is_meta:
                    own = torch.empty_like(parameter, requires_grad=False)
                    part._parameters[name] = nn.Parameter(own, parameter.requires_grad)
            for name, buffer in part._buffers.items():
                if buffer is not None and not buffer.is_meta:
                    part._buffers[name] = torch.empty_like(buffer)
