"""Modules and functions as another package would have them."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Gate(nn.Module):
    def __init__(self, features: int, out: int, bias: bool = True, kind: str = "sigmoid") -> None:
        super().__init__()
        self.linear = nn.Linear(features, out, bias)
        self.kind = kind

    def forward(self, x: Tensor) -> Tensor:
        y = self.linear(x)
        return y * (y.sigmoid() if self.kind == "sigmoid" else y.tanh())


class Scale(nn.Module):
    def __init__(self, n: int) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.ones(n))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor


class Twice(nn.Module):
    def __init__(self, factor: float = 2.0) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return twice(x, self.factor)


def twice(x: Tensor, factor: float = 2.0) -> Tensor:
    return x * factor


def scaled(x: Tensor, factor: float = 1.0, *, by: float) -> Tensor:
    return x * factor * by


class Named(nn.Module):
    def __init__(self, n: int, *, by: float, shift: float = 0.0) -> None:
        super().__init__()
        self.n, self.by, self.shift = n, by, shift

    def forward(self, x: Tensor) -> Tensor:
        return x * self.n * self.by + self.shift


def halves(x: Tensor, dim: int = -1) -> tuple[Tensor, Tensor]:
    a, b = x.chunk(2, dim)
    return a, b


def smallest(xs: list[Tensor]) -> Tensor:
    return torch.stack(list(xs)).amin(0)
