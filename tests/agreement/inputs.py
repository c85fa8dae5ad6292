"""Tensors for a model's inputs, of its shapes and dtypes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from nndsl.model.expr import Expr, Name, evaluate, names_in
from nndsl.model.graph import Block, FlowType, ListType, NoneType, TensorType, TupleType

SIZES = {"b": 3, "t": 6, "h": 32, "w": 32}
OTHER = 5


def make_inputs(
    block: Block, sizes: Mapping[str, int] | None = None, optional: bool = False
) -> list[Any]:
    """One tensor an input; sizes that the model leaves open get small numbers.

    Optional inputs are left out (None where one follows), or given if ``optional``.
    """
    generator = torch.Generator().manual_seed(7)
    env: dict[Name, int] = {}
    wanted = {**SIZES, **(sizes or {})}
    found: list[Any] = []
    for one in block.inputs:
        left_out = isinstance(one.var.type, NoneType) or (one.optional and not optional)
        found.append(None if left_out else _make(one.var.type, env, wanted, generator))
    while found and found[-1] is None:
        found.pop()
    return found


def has_optional(block: Block) -> bool:
    """Whether some input may be left out."""
    return any(one.optional and not isinstance(one.var.type, NoneType) for one in block.inputs)


def _make(
    type: FlowType, env: dict[Name, int], sizes: Mapping[str, int], generator: torch.Generator
) -> Any:
    if isinstance(type, TupleType):
        return [_make(i, env, sizes, generator) for i in type.items]
    if isinstance(type, ListType):
        length = _size(type.length, env, sizes)
        return [_make(type.item, env, sizes, generator) for _ in range(length)]
    assert isinstance(type, TensorType)
    shape = [_size(s, env, sizes) for s in type.shape or ()]
    if type.lead:
        shape = [2, 3, *shape]
    if type.dtype == "int":
        return torch.randint(0, 4, shape, generator=generator)
    if type.dtype == "bool":
        return torch.rand(shape, generator=generator) > 0.4
    return torch.randn(shape, generator=generator)


def _size(size: Any, env: dict[Name, int], sizes: Mapping[str, int]) -> int:
    if not isinstance(size, Expr):
        return int(size)
    for name in names_in(size):
        env.setdefault(name, sizes.get(name.id, OTHER))
    return int(evaluate(size, env))
