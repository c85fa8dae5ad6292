"""Tests of llama.py; printed by nndsl, yours to edit and to own."""

import torch
from torch import Tensor

from llama import Llama


def inputs() -> Tensor:
    return torch.randint(32000, (2, 32))


def test_shapes() -> None:
    with torch.device("meta"):  # the model is large: no numbers are held
        out = Llama()(inputs())
    assert out.shape == (2, 32, 32000)


def test_parameter_count() -> None:
    with torch.device("meta"):
        net = Llama()
    assert sum(p.numel() for p in net.parameters()) == 6_738_415_616


def test_gradients() -> None:
    with torch.device("meta"):
        net = Llama()
        out = net(inputs())
    out.square().mean().backward()
    learned = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    assert [name for name, p in learned if p.grad is None] == []
