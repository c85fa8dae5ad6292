"""The lecture's networks, and a few more, as somebody would write them in PyTorch."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


class TwoLayerNetSequential(nn.Module):
    """(b, input_size) -> (b, output_size), the layers held in ``net``."""

    def __init__(self, input_size: int, hidden_size: int, output_size: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(input_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, output_size)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


class TwoLayerNet(nn.Module):
    """(b, input_size) -> (b, output_size), with an activation that is learned."""

    def __init__(self, input_size: int, hidden_size: int, output_size: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(input_size, hidden_size)
        self.linear2 = nn.Linear(hidden_size, hidden_size)
        self.linear3 = nn.Linear(hidden_size, output_size)
        self.alpha = nn.Parameter(torch.ones(1))

    def my_activation(self, x: torch.Tensor) -> torch.Tensor:
        return torch.where(x <= 0, 1 / (1 + self.alpha * torch.exp(-x)), x)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.linear2(F.relu(self.linear1(x)))
        return self.linear3(self.my_activation(x))


class SoftStep(nn.Module):
    """The same activation as a module of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.where(x <= 0, 1 / (1 + self.alpha * torch.exp(-x)), x)


class SoftStepNet(nn.Module):
    """(b, input_size) -> (b, output_size)."""

    def __init__(self, input_size: int, hidden_size: int, output_size: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(input_size, hidden_size)
        self.linear2 = nn.Linear(hidden_size, hidden_size)
        self.act = SoftStep()
        self.linear3 = nn.Linear(hidden_size, output_size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.act(self.linear2(F.relu(self.linear1(x))))
        return self.linear3(x)


class Block(nn.Module):
    """The building block: one hidden layer, held in ``net``."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(input_size, hidden_size), nn.ReLU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


class MultiLayerNet(nn.Module):
    """(b, input_size) -> (b, output_size), the block repeated ``depth`` times."""

    def __init__(self, input_size: int, hidden_size: int, depth: int, output_size: int) -> None:
        super().__init__()
        self.input_linear = nn.Linear(input_size, hidden_size)
        self.blocks = nn.Sequential(*[Block(hidden_size, hidden_size) for _ in range(depth)])
        self.output_linear = nn.Linear(hidden_size, output_size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.input_linear(x))
        return self.output_linear(self.blocks(x))


def sequential(input_size: int, hidden_size: int, output_size: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(input_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, output_size)
    )


def deep_sequential(depth: int, width: int) -> nn.Sequential:
    net = nn.Sequential()
    for _ in range(depth):
        net.append(nn.ReLU())
        net.append(nn.Linear(width, width))
    return net


def mlp() -> nn.Sequential:
    def block() -> nn.Sequential:
        return nn.Sequential(nn.Linear(256, 256), nn.ReLU())

    return nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), block(), block(), block(), nn.Linear(256, 10)
    )


def with_activation(act: nn.Module, width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(784, width), act, nn.Linear(width, width), act, nn.Linear(width, 10)
    )


class ResidualBlock(nn.Module):
    """Two layers with batch normalisation, added to what flowed in: (b, width) -> (b, width)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(width, width, bias=False),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.Linear(width, width, bias=False),
            nn.BatchNorm1d(width),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x + self.body(x))


class ResidualNet(nn.Module):
    """(b, 784) -> (b, classes)."""

    def __init__(self, width: int, depth: int, classes: int) -> None:
        super().__init__()
        self.stem = nn.Linear(784, width)
        self.blocks = nn.Sequential(*[ResidualBlock(width) for _ in range(depth)])
        self.head = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.blocks(F.relu(self.stem(x))))


class Digits(nn.Module):
    """(b, 1, 8, 8) -> (b, classes)."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(2 * width)
        self.fc = nn.Linear(2 * width * 16, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.relu(self.bn2(self.conv2(x)))
        return self.fc(x.flatten(1))


# ------------------------------------------------------------------ U-Net


class DoubleConv(nn.Module):
    def __init__(self, ci: int, c: int) -> None:
        super().__init__()
        self.double_conv = nn.Sequential(
            nn.Conv2d(ci, c, 3, padding=1, bias=False),
            nn.BatchNorm2d(c),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, bias=False),
            nn.BatchNorm2d(c),
            nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.double_conv(x)


class Down(nn.Module):
    def __init__(self, ci: int, c: int) -> None:
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConv(ci, c))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.maxpool_conv(x)


class Up(nn.Module):
    def __init__(self, ci: int, c: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(ci, ci // 2, 2, 2)
        self.conv = DoubleConv(ci, c)

    def forward(self, x: torch.Tensor, skip: torch.Tensor) -> torch.Tensor:
        y = self.up(x)
        dy, dx = skip.shape[2] - y.shape[2], skip.shape[3] - y.shape[3]
        y = F.pad(y, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        return self.conv(torch.cat([skip, y], 1))


class OutConv(nn.Module):
    def __init__(self, ci: int, c: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(ci, c, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(x)


class UNet(nn.Module):
    """(b, 3, h, w) -> (b, classes, h, w)."""

    def __init__(self, classes: int, base: int) -> None:
        super().__init__()
        self.inc = DoubleConv(3, base)
        self.down1 = Down(base, 2 * base)
        self.down2 = Down(2 * base, 4 * base)
        self.down3 = Down(4 * base, 8 * base)
        self.down4 = Down(8 * base, 16 * base)
        self.up1 = Up(16 * base, 8 * base)
        self.up2 = Up(8 * base, 4 * base)
        self.up3 = Up(4 * base, 2 * base)
        self.up4 = Up(2 * base, base)
        self.outc = OutConv(base, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        s1 = self.inc(x)
        s2 = self.down1(s1)
        s3 = self.down2(s2)
        s4 = self.down3(s3)
        x = self.up1(self.down4(s4), s4)
        return self.outc(self.up4(self.up3(self.up2(x, s3), s2), s1))


# ------------------------------------------------------------------ Llama


def rotated(x: torch.Tensor, base: float = 10000.0) -> torch.Tensor:
    """Rotary positions: (b, heads, t, hd) -> (b, heads, t, hd)."""
    t, hd = x.shape[-2:]
    angle = torch.arange(t)[:, None] / base ** (torch.arange(0, hd, 2) / hd)
    angle = torch.cat([angle, angle], -1)
    a, b = x.chunk(2, -1)
    return x * angle.cos() + torch.cat([-b, a], -1) * angle.sin()


class Attention(nn.Module):
    def __init__(self, d: int, heads: int, kv: int) -> None:
        super().__init__()
        self.heads, self.kv, self.hd = heads, kv, d // heads
        self.q_proj = nn.Linear(d, d, bias=False)
        self.k_proj = nn.Linear(d, kv * self.hd, bias=False)
        self.v_proj = nn.Linear(d, kv * self.hd, bias=False)
        self.o_proj = nn.Linear(d, d, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        b, t, _ = x.shape
        q = rotated(self.q_proj(x).view(b, t, self.heads, self.hd).transpose(1, 2))
        k = rotated(self.k_proj(x).view(b, t, self.kv, self.hd).transpose(1, 2))
        v = self.v_proj(x).view(b, t, self.kv, self.hd).transpose(1, 2)
        k, v = (s.repeat_interleave(self.heads // self.kv, 1) for s in (k, v))
        scores = (q @ k.transpose(-1, -2) / self.hd**0.5).masked_fill(
            torch.ones(t, t).triu(1).bool(), float("-inf")
        )
        return self.o_proj((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))


class SwiGLU(nn.Module):
    def __init__(self, d: int, width: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(d, width, bias=False)
        self.up_proj = nn.Linear(d, width, bias=False)
        self.down_proj = nn.Linear(width, d, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class DecoderLayer(nn.Module):
    def __init__(self, d: int, heads: int, kv: int, ffn: int) -> None:
        super().__init__()
        self.self_attn = Attention(d, heads, kv)
        self.mlp = SwiGLU(d, ffn)
        self.input_layernorm = nn.RMSNorm(d, eps=1e-6)
        self.post_attention_layernorm = nn.RMSNorm(d, eps=1e-6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.self_attn(self.input_layernorm(x))
        return x + self.mlp(self.post_attention_layernorm(x))


class LlamaModel(nn.Module):
    def __init__(self, vocab: int, d: int, depth: int, heads: int, kv: int, ffn: int) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(vocab, d)
        self.layers = nn.ModuleList(DecoderLayer(d, heads, kv, ffn) for _ in range(depth))
        self.norm = nn.RMSNorm(d, eps=1e-6)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)


class Llama(nn.Module):
    """(b, t) -> (b, t, vocab)."""

    def __init__(
        self, vocab: int, dim: int, depth: int, heads: int, kv: int, ffn: int, tied: bool = False
    ) -> None:
        super().__init__()
        self.model = LlamaModel(vocab, dim, depth, heads, kv, ffn)
        self.lm_head = nn.Linear(dim, vocab, bias=False)
        if tied:
            self.lm_head.weight = self.model.embed_tokens.weight

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.lm_head(self.model(ids))
