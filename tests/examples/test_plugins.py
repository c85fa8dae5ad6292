"""The example with layers of other packages: checked without them, equal to the same by hand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import conformer
import entmax
import pytest
import torch
from torch import Tensor, nn

import nndsl
from nndsl import plugins
from nndsl.extending import Argument
from nndsl.functions import registry as functions
from nndsl.layers import registry as layers
from tests.agreement.harness import Plan, check_agreement

FOLDER = Path(__file__).parents[2] / "examples" / "plugins"
SPEC = FOLDER / "conformer.nn"
PLUGIN = FOLDER / "conformer_layers.py"
TINY = {"words": 3, "width": 12, "depth": 2, "heads": 3, "kernel": 4}


@pytest.fixture(autouse=True)
def declared(undeclared: None) -> Iterator[None]:
    plugins.load(str(PLUGIN))
    yield
    del sys.modules["conformer_layers"]


class Attention(nn.Module):
    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(d)
        self.q, self.k, self.v = (nn.Linear(d, d, bias=False) for _ in range(3))
        self.out = nn.Linear(d, d)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x)
        b, t, d = x.shape
        shape = (b, t, self.heads, d // self.heads)
        q, k, v = (f(x).view(shape).transpose(1, 2) for f in (self.q, self.k, self.v))
        scores = q @ k.mT / q.shape[-1] ** 0.5
        return self.out((entmax.sparsemax(scores) @ v).transpose(1, 2).flatten(2))


def feed_forward(d: int) -> nn.Sequential:
    return nn.Sequential(nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.SiLU(), nn.Linear(4 * d, d))


class Block(nn.Module):
    def __init__(self, d: int, heads: int, kernel: int) -> None:
        super().__init__()
        self.ff1 = feed_forward(d)
        self.attention = Attention(d, heads)
        self.conv = conformer.ConformerConvModule(d, kernel_size=kernel)
        self.ff2 = feed_forward(d)
        self.norm = nn.LayerNorm(d)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.ff1(x) / 2
        x = x + self.attention(x)
        x = x + self.conv(x)
        return self.norm(x + self.ff2(x) / 2)


class ByHand(nn.Module):
    def __init__(self, words: int, width: int, depth: int, heads: int, kernel: int) -> None:
        super().__init__()
        self.project = nn.Linear(80, width)
        self.blocks = nn.Sequential(*(Block(width, heads, kernel) for _ in range(depth)))
        self.head = nn.Linear(width, words)

    def forward(self, frames: Tensor) -> Tensor:
        return self.head(self.blocks(self.project(frames)).mean(1))


def test_it_is_the_network_written_by_hand() -> None:
    net, own = nndsl.load(SPEC).build(**TINY), ByHand(**TINY)
    assert list(net.state_dict()) == list(own.state_dict())
    net.load_state_dict(own.state_dict())
    frames = torch.randn(2, 9, 80)
    torch.testing.assert_close(net(frames), own(frames))


def test_built_and_printed_agree() -> None:
    check_agreement(SPEC.read_text(), plans={"conformer": Plan(given=TINY)})


@pytest.mark.parametrize(
    "example",
    [
        '(x: "b t 12"): x | conformer_conv',
        '(x: "b t 12"): x | conformer_conv(causal=True, expansion_factor=3, kernel_size=4)',
        '(x: "b t 12"): x | conformer_conv(kernel_size=1, dropout=0.5)',
        '(x: "b t"): x | sparsemax',
        '(x: "b t"): x | s: sparsemax(dim=0, k=2)',
        '(x: "b t"): sparsemax(x * 2, dim=1)',
        '(x: "b t"): sparsemax(x, k=3)',
    ],
)
def test_what_is_declared_is_so(example: str) -> None:
    nndsl.verify(example, b=2, t=9)


def test_arguments_are_those_of_the_packages() -> None:
    from inspect import signature

    for entry, there in (
        (layers.find("conformer_conv"), conformer.ConformerConvModule),
        (layers.find("sparsemax"), entmax.Sparsemax),
        (functions.find("sparsemax"), entmax.sparsemax),
    ):
        assert entry is not None and hasattr(entry, "arguments")
        theirs = signature(there).parameters.values()
        assert [a.name for a in entry.arguments] == [p.name for p in theirs]
        for argument, parameter in zip(entry.arguments, theirs, strict=True):
            assert isinstance(argument, Argument)
            if parameter.default is not parameter.empty:
                assert argument.default == parameter.default


def test_what_the_layer_refuses_is_refused() -> None:
    text = 'model net()(x: "b t 80"): x | conformer_conv 80->80'
    assert not nndsl.parse(text).check()
    said = nndsl.parse('model net()(x: "b t"): sparsemax(x, dim=2)').check()
    assert "so `dim` can't be 2" in said.diagnostics[0].message


@pytest.mark.parametrize("command", ["check", "codegen"])
def test_checking_and_printing_import_none_of_the_packages(command: str) -> None:
    probe = (
        "import sys\nfrom nndsl.cli.running import run\n"
        f"code = run([{command!r}, {str(SPEC)!r}, '--plugin', {str(PLUGIN)!r}])\n"
        "print('loaded:', [n for n in ('torch', 'conformer', 'entmax') if n in sys.modules])\n"
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.endswith("loaded: []\n"), done.stdout + done.stderr
