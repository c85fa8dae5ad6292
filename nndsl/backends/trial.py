"""Runs a built model once, on an input of chosen sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from nndsl.backends.torch_module import stages
from nndsl.model.expr import Name, Static, evaluate, names_in
from nndsl.model.graph import Block, FlowType, ListType, TensorType, TupleType


class WrongSizes(ValueError):
    """The sizes do not say, or say wrongly, what the input is."""


def usable_device(name: str) -> str:
    """Why a device can't be used; empty if it can."""
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as wrong:
        return f"no device `{name}`: {str(wrong).splitlines()[0]}"
    return ""


def trial(net: nn.Module, block: Block, sizes: Mapping[str, int]) -> str:
    """The output's shape for random floats, zeros (int) and True (bool), in evaluation mode.

    ``sizes`` gives each symbolic size of the block's inputs by its name. Raises WrongSizes where
    these aren't the sizes that the inputs have, or where torch can't run the model on them.
    """
    wanted = [one for one in block.inputs if not one.optional]
    env = env_of([one.var.type for one in wanted], sizes)
    like = next((p for p in net.parameters() if p.is_floating_point()), torch.empty(0))
    training = net.training
    net.eval()
    try:
        with torch.no_grad():
            return _shapes(net(*(value_of(one.var.type, env, like) for one in wanted)))
    except (RuntimeError, IndexError, ValueError, MemoryError) as no:
        said = str(no).strip().splitlines()
        text = f"torch refuses it: {said[0] if said else type(no).__name__}"
        raise WrongSizes("; ".join([text, *map(str, stages(no)[-1:])])) from None
    finally:
        net.train(training)


def env_of(types: list[FlowType], sizes: Mapping[str, int]) -> dict[Name, Any]:
    names = {name for each in types for size in _sizes(each) for name in names_in(size)}
    symbols = sorted({name.id for name in names})
    missing = [name for name in symbols if name not in sizes]
    if unknown := [name for name in sizes if name not in symbols]:
        known = f"there are {', '.join(symbols)}" if symbols else "all sizes are known"
        raise WrongSizes(f"no input has a size {', '.join(unknown)}; {known}")
    if missing:
        raise WrongSizes(f"needs a size for {', '.join(missing)}")
    return {name: sizes[name.id] for name in names}


def _sizes(type_: FlowType) -> Iterator[Static]:
    if isinstance(type_, TensorType):
        if type_.shape is None:
            raise WrongSizes("the model does not say the shape of its input")
        yield from type_.shape
    elif isinstance(type_, TupleType):
        for item in type_.items:
            yield from _sizes(item)
    elif isinstance(type_, ListType):
        yield type_.length
        yield from _sizes(type_.item)


def value_of(type_: FlowType, env: dict[Name, Any], like: Tensor) -> Any:
    if isinstance(type_, TupleType):
        return tuple(value_of(item, env, like) for item in type_.items)
    if isinstance(type_, ListType):
        return [value_of(type_.item, env, like) for _ in range(evaluate(type_.length, env))]
    assert isinstance(type_, TensorType)
    shape = [int(evaluate(size, env)) for size in type_.shape or ()]
    if type_.dtype == "float":
        return torch.randn(shape, device=like.device, dtype=like.dtype)
    if type_.dtype == "bool":
        return torch.ones(shape, device=like.device, dtype=torch.bool)
    return torch.zeros(shape, device=like.device, dtype=torch.int64)


def _shapes(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"({', '.join(map(str, value.shape))})"
    return f"({', '.join(map(_shapes, value))})"
