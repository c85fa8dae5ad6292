"""Networks as specs, and the same written by hand."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

RESNET = """
def bottleneck(width, stride=1)(x: "b c h w"):
    out = 4 * width
    y = x | conv1: conv(width, 1, bias=False) | bn1: batchnorm | relu
          | conv2: conv(width, 3, stride, padding=1, bias=False) | bn2: batchnorm | relu
          | conv3: conv(out, 1, bias=False) | bn3: batchnorm
    skip = x | downsample: (conv(out, 1, stride, bias=False) | batchnorm) if stride != 1 or c != out
    y + skip | relu

def stage(width, depth, stride=1):
    bottleneck(width, stride) | bottleneck(width) x(depth - 1)

model resnet50(depths=[3, 4, 6, 3], classes=1000)(image: "b 3 h w"):
    conv1: conv(64, 7, 2, padding=3, bias=False) | bn1: batchnorm | relu
    | maxpool(3, 2, padding=1)
    | ("layer{i+1}": stage(64 * 2**i, n, 1 if i == 0 else 2) for i, n in enumerate(depths))
    | avgpool: adaptive_avgpool 1 | flatten | fc: linear classes
"""

TRANSFORMER_BLOCK = """
def attention(heads)(x: "b t d"):
    q, k, v = x | c_attn: linear(3 * d) | "b t (3 heads hd) -> 3 b heads t hd" | unbind(dim=0)
    scaled_dot_product_attention(q, k, v, is_causal=True)
    | "b heads t hd -> b t (heads hd)" | c_proj: linear d

def mlp(width)(x: "b t d"):
    x | c_fc: linear width | gelu(approximate="tanh") | c_proj: linear d

def transformer_block(heads)(x: "b t d"):
    y = x + (x | ln_1: layernorm | attn: attention(heads))
    y + (y | ln_2: layernorm | mlp: mlp(4 * d))
"""

GPT2 = (
    TRANSFORMER_BLOCK
    + """
model gpt2(vocab=50257, context=1024, width=768, depth=12, heads=12)(ids: int "b t"):
    h = (ids | wte: embedding vocab->width) + (arange(t) | wpe: embedding context->width)
    h | h: (transformer_block(heads) for i in range(depth)) | ln_f: layernorm
    | lm_head: linear(vocab, bias=False)
"""
)

BLOCK = TRANSFORMER_BLOCK + '\nmodel one()(x: "b t 64"):\n    transformer_block(4)\n'
DEEP = "linear 16->16 | relu" + " | block(16) x 99\n"
RESIDUAL = """
def basic(width)(x: "b c h w"):
    y = x | conv1: conv(width, 3, padding=1, bias=False) | bn1: batchnorm | relu
          | conv2: conv(width, 3, padding=1, bias=False) | bn2: batchnorm
    y + x | relu

model small()(image: "b 3 h w"):
    stem: conv(16, 3, padding=1) | relu | blocks: basic(16) x8 | pool: adaptive_avgpool 1
    | flatten | fc: linear 10
"""


class Bottleneck(nn.Module):
    def __init__(self, c: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(c, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = None
        if stride != 1 or c != 4 * width:
            self.downsample = nn.Sequential(
                nn.Conv2d(c, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        skip = x if self.downsample is None else self.downsample(x)
        return torch.relu(y + skip)


class ResNet50(nn.Module):
    def __init__(self, depths: tuple[int, ...] = (3, 4, 6, 3), classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        c = 64
        for i, n in enumerate(depths):
            width = 64 * 2**i
            blocks = [Bottleneck(c, width, 1 if i == 0 else 2)]
            c = 4 * width
            blocks += [Bottleneck(c, width) for _ in range(n - 1)]
            self.add_module(f"layer{i + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(c, classes)


class Attention(nn.Module):
    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.c_attn = nn.Linear(d, 3 * d)
        self.c_proj = nn.Linear(d, d)

    def forward(self, x: Tensor) -> Tensor:
        b, t, d = x.shape
        x = self.c_attn(x).reshape(b, t, 3, self.heads, d // self.heads)
        q, k, v = x.permute(2, 0, 3, 1, 4).unbind(0)
        x = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(x.transpose(1, 2).reshape(b, t, d))


class Mlp(nn.Module):
    def __init__(self, d: int, width: int) -> None:
        super().__init__()
        self.c_fc = nn.Linear(d, width)
        self.c_proj = nn.Linear(width, d)

    def forward(self, x: Tensor) -> Tensor:
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class TransformerBlock(nn.Module):
    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(d)
        self.attn = Attention(d, heads)
        self.ln_2 = nn.LayerNorm(d)
        self.mlp = Mlp(d, 4 * d)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt2(nn.Module):
    def __init__(self, vocab: int = 50257, context: int = 1024, d: int = 768) -> None:
        super().__init__()
        self.wte = nn.Embedding(vocab, d)
        self.wpe = nn.Embedding(context, d)
        self.h = nn.Sequential(*(TransformerBlock(d, 12) for _ in range(12)))
        self.ln_f = nn.LayerNorm(d)
        self.lm_head = nn.Linear(d, vocab, bias=False)


class Basic(nn.Module):
    def __init__(self, c: int, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(c, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + x)


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.blocks = nn.Sequential(*(Basic(16, 16) for _ in range(8)))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(16, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(torch.relu(self.stem(x)))
        return self.fc(torch.flatten(self.pool(x), 1))


def deep() -> nn.Sequential:
    """A hundred layers of width 16, in blocks as the spec has them."""
    blocks = (nn.Sequential(nn.Linear(16, 16), nn.ReLU()) for _ in range(99))
    return nn.Sequential(nn.Linear(16, 16), nn.ReLU(), *blocks)
