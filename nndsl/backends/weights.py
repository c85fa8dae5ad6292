"""Saves the weights of a built model, and reads those of files."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from nndsl.backends.checkpoints import INDEX, PICKLES, not_understood, parts_of
from nndsl.model.checkpoints import Stored

Read = Callable[[str], torch.Tensor]


def save_weights(net: nn.Module, path: str, safe: bool) -> None:
    """Write the state dict: as safetensors if ``safe``, else as ``torch.save`` does.

    Either file loads with ``load_state_dict(..., strict=True)``: tied tensors are written under
    each of their names. Raises OSError where the file can't be written.
    """
    state = net.state_dict()
    if not safe:
        try:
            torch.save(state, path)
        except RuntimeError as why:  # torch's writer says so of a full disk
            raise OSError(f"the weights can't be written: {_first_line(why)}") from None
        return
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    seen: set[int] = set()
    whole: dict[str, torch.Tensor] = {}
    for name, tensor in state.items():
        shared = tensor.untyped_storage().data_ptr() in seen
        seen.add(tensor.untyped_storage().data_ptr())
        whole[name] = tensor.clone().contiguous() if shared else tensor.contiguous()
    try:
        save_file(whole, path)
    except SafetensorError as why:
        raise OSError(f"the weights can't be written: {_first_line(why)}") from None


def reader(path: str, device: torch.device) -> Read:
    """What reads a tensor of a file by its name, into memory of its own on a device.

    Files are mapped, so a tensor that isn't copied would change or vanish with its file.
    """
    if path.endswith(INDEX):
        parts = parts_of(path)
        readers = {part: reader(part, device) for part in dict.fromkeys(parts.values())}
        return lambda name: readers[parts[name]](name)
    if path.endswith(PICKLES):
        table = _pickled(path)
        return lambda name: table[name].detach().to(device, copy=True)
    from safetensors import SafetensorError, safe_open

    try:
        file = safe_open(path, "pt", device=str(device))
    except SafetensorError as why:
        raise not_understood(path, f"no safetensors file: {_first_line(why)}") from None
    get: Read = file.get_tensor
    return lambda name: get(name).clone()


def stored_in_pickle(path: str) -> dict[str, Stored]:
    """The tensors of a file of ``torch.save``; no code of the file is run."""
    return {name: Stored(tuple(t.shape), _kind(t)) for name, t in _pickled(path).items()}


def _kind(tensor: torch.Tensor) -> str:
    if tensor.layout != torch.strided or tensor.is_quantized:
        return "packed"
    if tensor.dtype == torch.bool or tensor.is_complex():
        return "bool" if tensor.dtype == torch.bool else "complex"
    return "float" if tensor.is_floating_point() else "int"


def _pickled(path: str) -> dict[str, torch.Tensor]:
    with open(path, "rb") as file:
        zipped = file.read(2) == b"PK"
    try:
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except pickle.UnpicklingError:
        why = "no file of weights, or one that holds more than tensors and could run code"
        raise not_understood(path, why) from None
    except (RuntimeError, EOFError, ValueError, KeyError) as why:
        raise not_understood(path, f"no file of weights: {_first_line(why)}") from None
    tables = [one for one in (content, *_values(content)) if _is_table(one)]
    if len(tables) != 1:
        raise not_understood(path, "no state dict, and not one table of tensors among others")
    return dict(tables[0])


def _values(content: Any) -> tuple[Any, ...]:
    """What a checkpoint holds besides: steps, optimisers, the state dict under some name."""
    return tuple(content.values()) if isinstance(content, Mapping) else ()


def _is_table(content: Any) -> bool:
    return (
        isinstance(content, Mapping)
        and bool(content)
        and all(
            isinstance(name, str) and isinstance(one, torch.Tensor) for name, one in content.items()
        )
    )


def _first_line(why: Exception) -> str:
    lines = str(why).strip().splitlines() or [type(why).__name__]
    return lines[0][:300]
