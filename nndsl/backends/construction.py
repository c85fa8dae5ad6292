"""Builds a model as a user asks for it: dtypes by name, a seed of its own."""

from __future__ import annotations

import torch
from torch import nn

from nndsl.backends.torch_module import build_module
from nndsl.model.graph import Block

DTYPES = {
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "float32": torch.float32,
    "float64": torch.float64,
}


def construct(
    block: Block,
    device: str | torch.device | None,
    dtype: str | torch.dtype | None,
    seed: int | None,
) -> nn.Module:
    """Build a resolved block. With a ``seed`` torch's generators are as before afterwards.

    Raises:
        ValueError: ``dtype`` is the name of no float dtype.
        SpecError: the model is too large, or torch refuses a layer.
    """
    kind = _dtype(dtype)
    if seed is None:
        return build_module(block, device=device, dtype=kind)
    target = torch.get_default_device() if device is None else torch.device(device)
    with torch.random.fork_rng(devices=[target] if target.type == "cuda" else []):
        torch.manual_seed(seed)
        return build_module(block, device=device, dtype=kind)


def _dtype(dtype: str | torch.dtype | None) -> torch.dtype | None:
    if dtype is None or isinstance(dtype, torch.dtype):
        return dtype
    name = dtype.removeprefix("torch.")
    if name not in DTYPES:
        raise ValueError(f"no float dtype {dtype!r}; there are {', '.join(DTYPES)}")
    return DTYPES[name]
