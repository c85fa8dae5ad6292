"""Tests of unet.py; printed by nndsl, yours to edit and to own."""

import torch
from torch import Tensor

from unet import UNet


def inputs() -> Tensor:
    return torch.randn(2, 3, 32, 32)


def test_shapes() -> None:
    out = UNet()(inputs())
    assert out.shape == (2, 2, 32, 32)


def test_parameter_count() -> None:
    net = UNet()
    assert sum(p.numel() for p in net.parameters()) == 31_037_698


def test_gradients() -> None:
    net = UNet()
    out = net(inputs())
    out.square().mean().backward()
    learned = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    assert [name for name, p in learned if p.grad is None] == []
