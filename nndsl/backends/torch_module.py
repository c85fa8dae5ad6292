"""The module backend: builds a resolved block as a live ``torch.nn.Module``.

A chain of layers becomes a plain ``nn.Sequential``; any other block a class of its own whose
forward is compiled from a syntax tree. No text of a spec is ever run: names are attributes,
numbers are constants, functions come from a closed vocabulary.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from nndsl.backends.module.budget import Budget, check_memory
from nndsl.backends.module.classes import recipe_of
from nndsl.backends.module.failing import ROOTS, Stage, stages
from nndsl.backends.module.materialise import materialise, placed
from nndsl.backends.module.plan import construct
from nndsl.backends.module.statics import Env
from nndsl.model.graph import Block, Construct

__all__ = ["Stage", "build_module", "loss", "materialize", "stages"]


def build_module(
    block: Block,
    *,
    device: torch.device | str | int | None = None,
    dtype: torch.dtype | None = None,
) -> nn.Module:
    """Construct a block that is resolved for one use.

    On ``device="meta"`` nothing is allocated; ``materialize`` follows up. ``dtype`` is the default
    dtype during construction; it must be a floating point one.

    Raises ``SpecError`` before anything is allocated if the model has more modules or elements
    than allowed, or needs more memory than there is.
    """
    elements = Budget().check(block)
    target = torch.get_default_device() if device is None else torch.device(device)
    if target.type == "cpu":
        check_memory(elements, (dtype or torch.get_default_dtype()).itemsize, block.span)
    recipe = recipe_of(block)
    with placed(device, dtype):
        made = recipe.maker()
    if type(made) is nn.Sequential:
        ROOTS[made] = block
    return made


def materialize(net: nn.Module, device: torch.device | str | int = "cpu") -> nn.Module:
    """Move a net that was built on the meta device to a real one, in place; returns it.

    Parameters are initialised as their constructors do, in the order of construction; buffers are
    computed again from their definitions, torch's running statistics are reset. Ties,
    ``requires_grad`` and dtypes are kept.
    """
    return materialise(net, device)


def loss(block: Block) -> nn.Module | None:
    """The training loss that a model declares."""
    if block.loss is None:
        return None
    call: Any = Construct(block.loss.torch, (), block.loss.kwargs)
    return construct(call, Env(), block.span)()
