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
        ValueError: ``dtype`` is no float dtype, or there is no such ``device``.
        SpecError: the model is too large, or torch refuses a layer.
    """
    kind, place = dtype_of(dtype), device_of(device)
    if seed is None:
        return build_module(block, device=place, dtype=kind)
    target = place or torch.get_default_device()
    with torch.random.fork_rng(devices=[target] if target.type == "cuda" else []):
        torch.manual_seed(seed)
        return build_module(block, device=place, dtype=kind)


def dtype_of(dtype: str | torch.dtype | None) -> torch.dtype | None:
    """A float dtype by its name or as itself. Raises ValueError."""
    found = DTYPES.get(dtype.removeprefix("torch.")) if isinstance(dtype, str) else dtype
    if dtype is not None and (found is None or not found.is_floating_point):
        raise ValueError(f"no float dtype {dtype!r}; there are {', '.join(DTYPES)}")
    return found


def device_of(device: str | torch.device | None) -> torch.device | None:
    """A device by its name or as itself. Raises ValueError."""
    if device is None:
        return None
    try:
        return torch.device(device)
    except (RuntimeError, TypeError) as no:
        raise ValueError(f"no device {device!r}: {str(no).splitlines()[0]}") from None
