"""Every example: checked, formatted, built, and equal to the network written by hand."""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from torch import nn

import nndsl
from nndsl.source import Source
from nndsl.syntax import format_text
from tests.examples import oracles as by_hand
from tests.language.table import same
from tests.language.test_samples import Basic, Bottleneck, ResNet

FOLDER = Path(__file__).parents[2] / "examples"
FILES = sorted(path.name for path in FOLDER.glob("*.nn"))


class Example(NamedTuple):
    """A model of a file, the same by hand, what flows in, and what shape comes out."""

    file: str
    model: str
    oracle: Callable[..., nn.Module]
    given: torch.Tensor
    gives: tuple[int, ...]
    params: dict[str, Any]

    def __str__(self) -> str:
        values = ",".join(f"{k}={v}" for k, v in self.params.items() if k != "vocab")
        return f"{self.file}:{self.model}({values})"


def row(
    file: str, model: str, oracle: Callable[..., nn.Module], given: Any, gives: Any, **params: Any
) -> Example:
    made = given if isinstance(given, torch.Tensor) else torch.randn(given)
    return Example(f"{file}.nn", model, oracle, made, gives, params)


SIZES = {"input_size": 784, "hidden_size": 256, "output_size": 10}
SMALL = {"input_size": 12, "hidden_size": 5, "output_size": 3}
TINY = {"vocab": 11, "dim": 16, "depth": 2, "heads": 4, "kv": 2, "ffn": 24}
IDS = torch.randint(0, 11, (2, 6))

ROWS = [
    row("mlp", "mlp", by_hand.mlp, (2, 784), (2, 10)),
    row(
        "linear_classifier",
        "linear_classifier",
        lambda num_features, num_classes: nn.Sequential(nn.Linear(num_features, num_classes)),
        (2, 100),
        (2, 10),
        num_features=100,
        num_classes=10,
    ),
    row("one_hidden_layer", "one_hidden_layer", by_hand.sequential, (2, 784), (2, 10), **SIZES),
    row("one_hidden_layer", "one_hidden_layer", by_hand.sequential, (2, 12), (2, 3), **SMALL),
    row(
        "activations",
        "net",
        lambda hidden_size: by_hand.with_activation(nn.ReLU(), hidden_size),
        (2, 784),
        (2, 10),
        hidden_size=16,
    ),
    *(
        row(
            "activations",
            f"{name}_net",
            lambda hidden_size, act=act: by_hand.with_activation(act, hidden_size),
            (2, 784),
            (2, 10),
            hidden_size=16,
        )
        for name, act in {
            "sigmoid": nn.Sigmoid(),
            "relu": nn.ReLU(),
            "tanh": nn.Tanh(),
            "leaky_relu": nn.LeakyReLU(0.01),
        }.items()
    ),
    row("sequential", "sequential", by_hand.sequential, (2, 784), (2, 10), **SIZES),
    row(
        "sequential",
        "deep_sequential",
        by_hand.deep_sequential,
        (2, 10),
        (2, 10),
        depth=3,
        width=10,
    ),
    row("sequential", "deep_sequential", by_hand.deep_sequential, (2, 4), (2, 4), depth=0, width=4),
    row(
        "two_layer_net_sequential",
        "two_layer_net",
        by_hand.TwoLayerNetSequential,
        (2, 784),
        (2, 10),
        **SIZES,
    ),
    row("two_layer_net", "two_layer_net", by_hand.TwoLayerNet, (2, 784), (2, 10), **SIZES),
    row("two_layer_net", "two_layer_net", by_hand.TwoLayerNet, (2, 12), (2, 3), **SMALL),
    row("soft_step", "soft_step_net", by_hand.SoftStepNet, (2, 784), (2, 10), **SIZES),
    row(
        "deep_stack", "multi_layer_net", by_hand.MultiLayerNet, (2, 784), (2, 10), depth=3, **SIZES
    ),
    row("deep_stack", "multi_layer_net", by_hand.MultiLayerNet, (2, 12), (2, 3), depth=0, **SMALL),
    row(
        "residual",
        "residual_net",
        by_hand.ResidualNet,
        (2, 784),
        (2, 10),
        width=128,
        depth=8,
        classes=10,
    ),
    row("digits", "digits", by_hand.Digits, (2, 1, 8, 8), (2, 10), width=16, classes=10),
    row(
        "resnet",
        "resnet",
        lambda depths, classes: ResNet(Basic, depths, classes),
        (1, 3, 32, 40),
        (1, 5),
        depths=(1, 2),
        classes=5,
    ),
    row(
        "resnet",
        "resnet",
        lambda block, depths, classes: ResNet(Bottleneck, depths, classes),
        (1, 3, 32, 40),
        (1, 5),
        block="bottleneck",
        depths=(1, 2),
        classes=5,
    ),
    row("unet", "unet", by_hand.UNet, (1, 3, 32, 35), (1, 2, 32, 35), classes=2, base=4),
    row("llama", "llama", by_hand.Llama, IDS, (2, 6, 11), **TINY),
    row("llama", "llama", by_hand.Llama, IDS, (2, 6, 11), **{**TINY, "kv": 4}),
]


@pytest.mark.parametrize("one", ROWS, ids=str)
def test_equals_the_network_by_hand(one: Example) -> None:
    """The same keys in the same order, weights that load either way, equal outputs."""
    net = nndsl.load(FOLDER / one.file).build(one.model, params=one.params)
    same(net, one.oracle(**one.params), one.given)
    assert tuple(net(one.given).shape) == one.gives


def test_every_example_has_its_row() -> None:
    assert {one.file for one in ROWS} == set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_is_right_and_formatted(file: str) -> None:
    text = (FOLDER / file).read_text()
    report = nndsl.load(FOLDER / file).check()
    assert not report.diagnostics, str(report)
    assert format_text(Source(text, file)) == text
    assert text.startswith("# ")


@pytest.mark.parametrize("file", FILES)
def test_every_model_builds(file: str) -> None:
    spec = nndsl.load(FOLDER / file)
    for model in spec.models:
        assert list(spec.build(model, device="meta").parameters())


@pytest.mark.parametrize(
    "file", ["digits", "linear_classifier", "one_hidden_layer", "two_layer_net", "deep_stack"]
)
def test_logits_go_to_the_loss(file: str) -> None:
    spec = nndsl.load(FOLDER / f"{file}.nn")
    assert isinstance(spec.loss(), nn.CrossEntropyLoss)
    assert not any(isinstance(m, nn.Softmax) for m in spec.build(device="meta").modules())


def test_the_lectures_keys() -> None:
    """As its page prints them."""
    net = nndsl.load(FOLDER / "two_layer_net_sequential.nn").build()
    assert [(name, tuple(p.shape)) for name, p in net.named_parameters()] == [
        ("net.0.weight", (256, 784)),
        ("net.0.bias", (256,)),
        ("net.2.weight", (10, 256)),
        ("net.2.bias", (10,)),
    ]


def test_tied_weights() -> None:
    net = nndsl.load(FOLDER / "llama.nn").build(tied=True, **TINY)
    assert net.lm_head.weight is net.model.embed_tokens.weight


def test_resnets_have_torchvisions_sizes() -> None:
    spec = nndsl.load(FOLDER / "resnet.nn")
    counts = {"resnet18": 11_689_512, "resnet34": 21_797_672, "resnet50": 25_557_032}
    for model, count in counts.items():
        net = spec.build(model, device="meta")
        assert sum(p.numel() for p in net.parameters()) == count


def test_the_command_line_accepts_each() -> None:
    paths = [str(FOLDER / file) for file in ("mlp.nn", "resnet.nn")]
    for path in paths:
        subprocess.run(
            [sys.executable, "-m", "nndsl", "check", path], check=True, capture_output=True
        )


def test_digits_are_learned() -> None:
    accuracy = runpy.run_path(str(FOLDER / "digits.py"))["train"](epochs=4)
    assert accuracy >= 0.95
