"""Saves the weights of a built model."""

from __future__ import annotations

import torch
from torch import nn


def save_weights(net: nn.Module, path: str, safe: bool) -> None:
    """Write the state dict: as safetensors if ``safe``, else as ``torch.save`` does.

    Either file loads with ``load_state_dict(..., strict=True)``: tied tensors are written under
    each of their names.
    """
    state = net.state_dict()
    if not safe:
        torch.save(state, path)
        return
    from safetensors.torch import save_file

    seen: set[int] = set()
    whole: dict[str, torch.Tensor] = {}
    for name, tensor in state.items():
        shared = tensor.untyped_storage().data_ptr() in seen
        seen.add(tensor.untyped_storage().data_ptr())
        whole[name] = tensor.clone().contiguous() if shared else tensor.contiguous()
    save_file(whole, path)
