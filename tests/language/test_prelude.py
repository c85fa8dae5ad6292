"""What the prelude defines, against the same thing written by hand."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import nndsl
from tests.language.table import Holds, hold, rows, same

NET = 'model net()(x: "b 4"):\n    '
SEQ = 'model net()(x: "b t 8"):\n    '
STEPS = (2, 5, 8)


def rope(x: torch.Tensor, base: float = 10000.0) -> torch.Tensor:
    """Rotary positions, written with complex numbers: (..., t, d) -> (..., t, d)."""
    t, d = x.shape[-2:]
    angles = torch.arange(t)[:, None] * base ** (-torch.arange(0, d, 2) / d)
    turned = torch.complex(x[..., : d // 2], x[..., d // 2 :]) * torch.polar(
        torch.ones_like(angles), angles
    )
    return torch.cat([turned.real, turned.imag], dim=-1)


def sinusoidal(t: int, d: int, base: float = 10000.0) -> torch.Tensor:
    """The table of sines and cosines of "Attention is all you need", entry by entry: (t, d)."""
    table = torch.zeros(t, d)
    for position in range(t):
        for i in range(0, d, 2):
            angle = position / base ** (i / d)
            table[position, i] = math.sin(angle)
            table[position, i + 1] = math.cos(angle)
    return table


class Gated(nn.Module):
    """A gated feed-forward layer: (..., d) -> (..., d)."""

    def __init__(self, d: int, width: int, act: nn.Module) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(d, width, bias=False)
        self.up_proj = nn.Linear(d, width, bias=False)
        self.down_proj = nn.Linear(width, d, bias=False)
        self.act = act

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down_proj(self.act(self.gate_proj(x)) * self.up_proj(x))


RIGHT = [
    Holds(
        "block",
        NET + "block(3)",
        "0.0.weight 0.0.bias",
        [(2, 4)],
        equals=lambda n, x: n[0][0](x).relu(),
    ),
    Holds("block on any axes", SEQ + "block(3)", None, [STEPS], (2, 5, 3)),
    Holds(
        "residual",
        NET + "residual(linear(4))",
        "0.body.weight 0.body.bias",
        [(2, 4)],
        equals=lambda n, x: x + n[0].body(x),
    ),
    Holds(
        "residual of a block",
        NET + "a: residual(block(4))",
        "a.body.0.weight a.body.0.bias",
        [(2, 4)],
        equals=lambda n, x: x + n.a.body(x),
    ),
    Holds(
        "residual of a group",
        SEQ + "a: residual(layernorm | linear 8)",
        None,
        [STEPS],
        equals=lambda n, x: x + n.a.body(x),
    ),
    Holds(
        "rotate_half",
        SEQ + "x | rotate_half",
        "",
        [STEPS],
        equals=lambda n, x: torch.cat([-x[..., 4:], x[..., :4]], -1),
    ),
    Holds(
        "rope",
        SEQ + "c, s = arange(t) | rotary_emb: rotary(8)\n    x | rope(c, s)",
        "",
        [STEPS],
        equals=lambda n, x: rope(x),
    ),
    Holds(
        "rope with a base",
        SEQ + "c, s = arange(t) | rotary_emb: rotary(8, base=100.0)\n    x | rope(c, s)",
        "",
        [STEPS],
        equals=lambda n, x: rope(x, 100.0),
    ),
    Holds(
        "rope on heads",
        'model net()(x: "b heads t 8"):\n    c, s = arange(t) | r: rotary(8)\n    x | rope(c, s)',
        "",
        [(2, 3, 5, 8)],
        equals=lambda n, x: rope(x),
    ),
    Holds(
        "sinusoidal",
        SEQ + "x + (arange(t) | position: sinusoidal(8))",
        "",
        [STEPS],
        equals=lambda n, x: x + sinusoidal(5, 8),
    ),
    Holds(
        "sinusoidal with a base",
        SEQ + "x + (arange(t) | position: sinusoidal(8, base=100.0))",
        "",
        [STEPS],
        equals=lambda n, x: x + sinusoidal(5, 8, 100.0),
    ),
    Holds(
        "swiglu",
        SEQ + "mlp: swiglu(6)",
        "mlp.gate_proj.weight mlp.up_proj.weight mlp.down_proj.weight",
        [STEPS],
        STEPS,
    ),
    Holds(
        "drop_path of nothing",
        SEQ + "drop_path(0.0)",
        "",
        [STEPS],
        mode="train",
        equals=lambda n, x: x,
    ),
    Holds("drop_path when it counts", SEQ + "drop_path(0.5)", "", [STEPS], equals=lambda n, x: x),
]


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@pytest.mark.parametrize(("name", "act"), [("swiglu", nn.SiLU()), ("geglu", nn.GELU())])
@pytest.mark.parametrize("axes", ["b 8", "b t 8", "b h w 8"])
def test_gated_feed_forward(name: str, act: nn.Module, axes: str) -> None:
    net = nndsl.build(f'def ffn(n)(x: "... d"): {name}(n)\n\nmodel net()(x: "{axes}"): {name}(6)')
    shape = (2, 3, 4, 8)[-len(axes.split()) :]
    same(net[0], Gated(8, 6, act), torch.randn(shape))


@pytest.mark.parametrize("shape", [(64, 8), (64, 5, 8), (64, 3, 2, 2)])
def test_drop_path_drops_whole_rows(shape: tuple[int, ...]) -> None:
    """What is kept is scaled, so that the mean stays."""
    axes = " ".join(["b", *map(str, shape[1:])])
    net = nndsl.build(f'model net()(x: "{axes}"): drop_path(0.25)').train()
    torch.manual_seed(0)
    out = net(torch.ones(shape)).flatten(1)
    assert torch.equal(out, out[:, :1].expand_as(out))
    assert set(out[:, 0].unique().tolist()) <= {0.0, torch.tensor(1 / 0.75).item()}
    assert 0.5 < (out[:, 0] > 0).float().mean() < 0.95


def test_drop_path_beside_torch() -> None:
    net = nndsl.build('model net(p=0.3)(x: "b t 8"): x + (x | linear 8 | drop_path(p))').train()
    x = torch.randn(16, 5, 8)
    torch.manual_seed(4)
    out = net(x)
    torch.manual_seed(4)
    kept = F.dropout(torch.ones(16, 1, 1), 0.3)
    torch.testing.assert_close(out, x + net.linear(x) * kept)


def test_only_what_is_used_is_printed() -> None:
    source = nndsl.codegen("linear 4->4 | block(3)")
    assert "class Block" in source
    assert "Residual" not in source
    assert "rotate_half" not in source
