"""Loops over lists of tensors count from where the author does."""

from __future__ import annotations

import pytest
import torch

import nndsl


def both(rounds: str) -> tuple[str, torch.Tensor, torch.Tensor]:
    """The printed source of a model with some loops, and what it and the built module give."""
    spec = nndsl.parse(f"""
model net(n=3)(x: "b 4 t"):
    hs = [x]
    for k in range(n):
        hs = hs + [hs[-1] * 2]
    y = 0 * mean(x)
{rounds}
    y
""")
    source = spec.codegen()
    space: dict[str, type[torch.nn.Module]] = {}
    exec(source, space)
    x = torch.arange(8.0).reshape(1, 4, 2)
    return source, spec.build()(x), space["Net"]()(x)


@pytest.mark.parametrize(
    ("rounds", "lines"),
    [
        (
            "    for i, h in enumerate(hs, 1): y = y + i * mean(h)",
            ["for i, h in enumerate(hs, 1):"],
        ),
        (
            "    for i, h in enumerate(hs, n): y = y + i * mean(h)\n"
            "    for i, h in enumerate(hs, 2): y = y - i * mean(h)",
            ["for i, h in enumerate(hs, self.n):", "for i, h in enumerate(hs, 2):"],
        ),
        (
            "    for i, h in enumerate(hs, 2):\n"
            "        for j, g in enumerate(hs, i): y = y + i * mean(g) + j * mean(h)",
            ["for i, h in enumerate(hs, 2):", "for j, g in enumerate(hs, i):"],
        ),
        (
            "    for i, h in enumerate(hs, 1):\n"
            "        y = y + i * mean(h)\n"
            "        hs = [g * i for g in hs]",
            ["for i, h in enumerate(hs, 1):"],
        ),
        (
            "    for i, (h, w) in enumerate(zip(hs, [4, 3, 2, 1]), 1): y = y + i * w * mean(h)",
            ["i = j + 1", "(4, 3, 2, 1)[j]"],
        ),
        ("    for i, h in enumerate(hs, 1): y = y + mean(h)", ["for h in hs:"]),
    ],
)
def test_a_round_has_the_author_s_number(rounds: str, lines: list[str]) -> None:
    source, built, printed = both(rounds)
    for line in lines:
        assert line in source
    assert torch.equal(built, printed)
