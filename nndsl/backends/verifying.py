"""Holds what entries say of their layers against the layers themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from nndsl.backends.module.statics import Env, plain_path
from nndsl.backends.trial import env_of, value_of
from nndsl.model.expr import evaluate
from nndsl.model.graph import Block, Construct, FlowType, Make, TensorType, TupleType, Weight, walk


def differences(net: nn.Module, block: Block, sizes: Mapping[str, int]) -> list[str]:
    """What a built model does otherwise than its block says: weights, output shapes, dtypes.

    ``sizes`` gives each open size of its inputs. The model runs once, in evaluation mode.
    """
    found: list[str] = []
    for make in walk(block.body):
        if isinstance(make, Make) and isinstance(make.what, Construct):
            module = net.get_submodule(".".join(plain_path(make.path, Env())))
            found += _weights(module, make.what)
    types = [one.var.type for one in block.inputs if not one.optional]
    env = env_of(types, sizes)
    like = next((p for p in net.parameters() if p.is_floating_point()), torch.empty(0))
    net.eval()
    with torch.no_grad():
        output = net(*(value_of(one, env, like) for one in types))
    said, made = _said(block.output, env), _made(output)
    if said != made:
        found.append(f"the output is said to be {said}, and is {made}")
    return found


def _weights(module: nn.Module, said: Construct) -> Iterator[str]:
    for kind, tensors in (
        ("parameter", module.named_parameters()),
        ("buffer", module.named_buffers()),
    ):
        wanted = [_weight(w) for w in said.weights if w.trainable == (kind == "parameter")]
        there = [(name, tuple(tensor.shape)) for name, tensor in tensors]
        for name, shape in wanted:
            if (name, shape) not in there:
                yield f"{said.torch} has no {kind} `{name}` of shape {shape}"
        for name, shape in there:
            if (name, shape) not in wanted:
                yield f"{said.torch} has a {kind} `{name}` of shape {shape} that isn't declared"
        if sorted(wanted) == sorted(there) and wanted != there:
            yield f"the {kind}s of {said.torch} come in another order"


def _weight(weight: Weight) -> tuple[str, tuple[Any, ...]]:
    return weight.name, tuple(evaluate(size) for size in weight.shape)


def _said(type: FlowType, env: Mapping[Any, Any]) -> str:
    if isinstance(type, TupleType):
        return f"({', '.join(_said(item, env) for item in type.items)})"
    assert isinstance(type, TensorType)
    return f"{[int(evaluate(size, env)) for size in type.shape or ()]} {type.dtype}"


def _made(value: Any) -> str:
    if not isinstance(value, Tensor):
        return f"({', '.join(map(_made, value))})"
    whole = "bool" if value.dtype == torch.bool else "int"
    return f"{list(value.shape)} {'float' if value.is_floating_point() else whole}"
