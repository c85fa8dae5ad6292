"""The samples that the language was designed by, against hand-written modules."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import nndsl
from tests.language.table import Holds, hold, rows, same

RESNET = """
activation soft_step(alpha=1.0): where(x <= 0, 1 / (1 + alpha * exp(-x)), x)

def basic(width, stride=1)(x: "b c h w"):
    y = x | conv1: conv(width, 3, stride, padding=1, bias=False) | bn1: batchnorm | relu
          | conv2: conv(width, 3, padding=1, bias=False) | bn2: batchnorm
    skip = x
        | downsample: (conv(width, 1, stride, bias=False) | batchnorm) if stride != 1 or c != width
    y + skip | relu

def bottleneck(width, stride=1)(x: "b c h w"):
    y = x | conv1: conv(width, 1, bias=False) | bn1: batchnorm | relu
          | conv2: conv(width, 3, stride, padding=1, bias=False) | bn2: batchnorm | relu
          | conv3: conv(4 * width, 1, bias=False) | bn3: batchnorm
    skip = x
        | downsample: (
            conv(4 * width, 1, stride, bias=False) | batchnorm
        ) if stride != 1 or c != 4 * width
    y + skip | relu

def stage(block: layer, width, depth, stride=1):
    block(width, stride) | block(width) x(depth - 1)

model resnet(block: layer = basic, depths=[2, 2, 2, 2], classes=1000)(image: "b 3 h w"):
    conv1: conv(64, 7, 2, padding=3, bias=False) | bn1: batchnorm | relu
    | maxpool(3, 2, padding=1)
    | ("layer{i+1}": stage(block, 64 * 2**i, n, 1 if i == 0 else 2) for i, n in enumerate(depths))
    | avgpool: adaptive_avgpool 1 | flatten | fc: linear classes

model resnet18 = resnet(basic, [2, 2, 2, 2])
model resnet34 = resnet(basic, [3, 4, 6, 3])
"""

INVERTED = """
def conv_norm_act(out, kernel, stride, act: layer, groups=1):
    conv(out, kernel, stride, padding=kernel // 2, groups=groups, bias=False) | batchnorm | act

def squeeze_excite(c)(x):
    x * (x | adaptive_avgpool 1 | fc1: conv(c // 4, 1) | relu | fc2: conv(c, 1) | hardsigmoid)

def inverted(kernel, expand, out, se: bool, act: layer, stride)(x: "b c h w"):
    y = x | block: (conv_norm_act(expand, 1, 1, act) if expand != c
                   | conv_norm_act(expand, kernel, stride, act, groups=expand)
                   | squeeze_excite(expand) if se
                   | conv_norm_act(out, 1, 1, identity))
    x + y if stride == 1 and c == out else y

rows = [[3, 16, 16, True, relu, 2], [3, 72, 24, False, relu, 2], [5, 96, 24, True, hardswish, 1]]

model mobile()(image: "b 16 h w"):
    features: (inverted(*row) for row in rows)
"""

DENSE = """
def dense_layer(growth):
    norm: batchnorm | relu | conv: conv(growth, 3, padding=1, bias=False)

def dense_block(n, growth):
    (cat(_, (_ | "denselayer{j+1}": dense_layer(growth)), dim=1) for j in range(n))

model dense(n=3)(image: "b 8 h w"): dense_block(n, 4) | head: conv(2, 1)
"""

ENCODER = """
def encoder(width)(x: "b t d"):
    h = zeros(size(x, 0), width)
    states = []
    for xt in unbind(x, dim=1):
        h = xt | cell: gru_cell(width)(h)
        states = states + [h]
    stack(states, dim=1)

model net(width=6)(x: "b t 4"): encoder(width)
"""


class Basic(nn.Module):
    """Two convolutions and a shortcut."""

    expansion = 1

    def __init__(self, c: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(c, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        if stride != 1 or c != width:
            self.downsample = shortcut(c, width, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class Bottleneck(nn.Module):
    """Three convolutions, the middle one narrow, and a shortcut."""

    expansion = 4

    def __init__(self, c: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(c, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        if stride != 1 or c != 4 * width:
            self.downsample = shortcut(c, 4 * width, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(y)))))
        return F.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


def shortcut(c: int, width: int, stride: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(c, width, 1, stride, bias=False), nn.BatchNorm2d(width))


class ResNet(nn.Module):
    """The residual network that RESNET says, by hand."""

    def __init__(
        self, block: type[Basic] | type[Bottleneck], depths: tuple[int, ...], classes: int
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        c = 64
        self.stages = len(depths)
        for i, depth in enumerate(depths):
            layers = []
            for j in range(depth):
                layers.append(block(c, 64 * 2**i, 2 if i and not j else 1))
                c = 64 * 2**i * block.expansion
            self.add_module(f"layer{i + 1}", nn.Sequential(*layers))
        self.fc = nn.Linear(c, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for i in range(self.stages):
            x = self.get_submodule(f"layer{i + 1}")(x)
        return self.fc(x.mean((2, 3)))


@pytest.mark.parametrize(
    ("block", "oracle", "depths"),
    [("basic", Basic, (1, 2)), ("basic", Basic, (2, 0)), ("bottleneck", Bottleneck, (1, 1, 2))],
)
def test_resnet(block: str, oracle: type[Basic], depths: tuple[int, ...]) -> None:
    if 0 in depths:  # a stage has at least its first block
        depths = tuple(max(n, 1) for n in depths)
    net = nndsl.parse(RESNET).build("resnet", block=block, depths=depths, classes=7)
    same(net, ResNet(oracle, depths, 7), torch.randn(2, 3, 33, 40))


def test_resnet_configurations() -> None:
    spec = nndsl.parse(RESNET)
    assert spec.models == ("resnet", "resnet18", "resnet34")
    for model, depths in (("resnet18", (2, 2, 2, 2)), ("resnet34", (3, 4, 6, 3))):
        net = spec.build(model, device="meta", classes=10)
        with torch.device("meta"):
            oracle = ResNet(Basic, depths, 10)
        ours, theirs = net.state_dict(), oracle.state_dict()
        assert [(k, v.shape) for k, v in ours.items()] == [(k, v.shape) for k, v in theirs.items()]


def conv_norm_act(
    c: int, out: int, kernel: int, stride: int, act: nn.Module, groups: int = 1
) -> nn.Module:
    conv = nn.Conv2d(c, out, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out), act)


class SqueezeExcite(nn.Module):
    def __init__(self, c: int) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(c, c // 4, 1)
        self.fc2 = nn.Conv2d(c // 4, c, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        s = F.relu(self.fc1(x.mean((2, 3), keepdim=True)))
        return x * F.hardsigmoid(self.fc2(s))


class Inverted(nn.Module):
    def __init__(
        self,
        c: int,
        kernel: int,
        expand: int,
        out: int,
        se: bool,
        act: type[nn.Module],
        stride: int,
    ) -> None:
        super().__init__()
        layers = [conv_norm_act(c, expand, 1, 1, act())] if expand != c else []
        layers.append(conv_norm_act(expand, expand, kernel, stride, act(), expand))
        layers += [SqueezeExcite(expand)] if se else []
        layers.append(conv_norm_act(expand, out, 1, 1, nn.Identity()))
        self.block = nn.Sequential(*layers)
        self.adds = stride == 1 and c == out

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.block(x) if self.adds else self.block(x)


class Mobile(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            Inverted(16, 3, 16, 16, True, nn.ReLU, 2),
            Inverted(16, 3, 72, 24, False, nn.ReLU, 2),
            Inverted(24, 5, 96, 24, True, nn.Hardswish, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.features(x)


def test_rows_of_a_table() -> None:
    same(nndsl.build(INVERTED), Mobile(), torch.randn(2, 16, 17, 16))


class DenseLayer(nn.Module):
    def __init__(self, c: int, growth: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(c)
        self.conv = nn.Conv2d(c, growth, 3, padding=1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(F.relu(self.norm(x)))


class DenseBlock(nn.Module):
    def __init__(self, n: int, c: int, growth: int) -> None:
        super().__init__()
        for j in range(n):
            self.add_module(f"denselayer{j + 1}", DenseLayer(c + j * growth, growth))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.children():
            x = torch.cat([x, layer(x)], 1)
        return x


@pytest.mark.parametrize("n", [0, 1, 3])
def test_growing_concatenation(n: int) -> None:
    net = nndsl.parse(DENSE).build(n=n)
    ours = {k.split(".", 1)[1]: v for k, v in net.state_dict().items() if "denselayer" in k}
    oracle = DenseBlock(n, 8, 4)
    oracle.load_state_dict(ours, strict=True)
    x = torch.randn(2, 8, 5, 6)
    block = next(iter(net.children()))
    torch.testing.assert_close(block.eval()(x), oracle.eval()(x))
    assert net.head.in_channels == 8 + 4 * n


def by_hand(net: nn.Module, x: torch.Tensor) -> torch.Tensor:
    cell = next(m for m in net.modules() if isinstance(m, nn.GRUCell))
    h, states = torch.zeros(len(x), 6), []
    for step in x.unbind(1):
        h = cell(step, h)
        states.append(h)
    return torch.stack(states, 1)


SHARED = [
    Holds(
        "the one line",
        "linear 784->256 | relu | block(256)x3 | linear 256->10",
        "0.weight 0.bias "
        + " ".join(f"{i}.0.{p}" for i in (2, 3, 4) for p in ("weight", "bias"))
        + " 5.weight 5.bias",
        [(2, 784)],
        (2, 10),
    ),
    Holds("a cell over time", ENCODER, None, [(2, 5, 4)], (2, 5, 6), equals=by_hand),
    Holds(
        "a gate",
        'def gate()(x, y): x * sigmoid(y)\nmodel net()(x: "b 4"): gate()(x, x)',
        "",
        [(2, 4)],
        equals=lambda n, x: x * x.sigmoid(),
    ),
    Holds(
        "a residual attention",
        'model net()(x: "b t 8"): _ + (layernorm | a: linear 8)',
        None,
        [(2, 5, 8)],
        equals=lambda n, x: x + n.a(F.layer_norm(x, (8,))),
    ),
    Holds(
        "two branches",
        'model net()(x: "b 3 h w"): cat(conv(64, 1), conv(64, 3, padding=1), dim=1)',
        None,
        [(1, 3, 5, 6)],
        (1, 128, 5, 6),
    ),
    Holds(
        "dims of a rule",
        'def up(c)(x: "b ci h w") -> "b {c} {2*h} {2*w}": conv_transpose(c, 2, 2)\n'
        'model net()(x: "b 3 h w"): up(4)',
        None,
        [(1, 3, 5, 6)],
        (1, 4, 10, 12),
    ),
]


@rows(SHARED)
def test_others(row: Holds) -> None:
    hold(row)


def test_a_repeat_costs_nothing_to_check() -> None:
    report = nndsl.parse("linear 4->4 | blocks: block(4) x 1000000000").check()
    assert report
