"""Printed source is run: the same keys in the same order, and the same numbers."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from nndsl.backends.torch_source import print_source
from tests.backends.source_cases import CASES
from tests.backends.source_features import FEATURES


def printed(name: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": name}
    exec(compile(print_source({**CASES, **FEATURES}[name]()), f"{name}.py", "exec"), space)
    return space


def test_one_line_is_a_sequential() -> None:
    made = printed("mlp")["Mlp"]
    torch.manual_seed(0)
    model = made()
    torch.manual_seed(0)
    hidden = [nn.Sequential(nn.Linear(256, 256), nn.ReLU()) for _ in range(0)]
    by_hand = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), *hidden)
    for _ in range(3):
        by_hand.append(nn.Sequential(nn.Linear(256, 256), nn.ReLU()))
    by_hand.append(nn.Linear(256, 10))
    assert list(model.state_dict()) == list(by_hand.state_dict())
    x = torch.randn(2, 784)
    assert torch.equal(model(x), by_hand(x))


class ByHand(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1))
        self.linear1 = nn.Linear(4, 8)
        self.linear2 = nn.Linear(8, 8)
        self.linear3 = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.linear2(self.linear1(x).relu())
        x = torch.where(x <= 0, 1 / (1 + self.alpha * torch.exp(-x)), x)
        y: Tensor = self.linear3(x)
        return y


def test_a_module_with_a_parameter_of_its_own() -> None:
    torch.manual_seed(0)
    model = printed("two_layer_net")["TwoLayerNet"](4, 8, 3)
    torch.manual_seed(0)
    by_hand = ByHand()
    assert list(model.state_dict()) == list(by_hand.state_dict())
    x = torch.randn(5, 4)
    assert torch.equal(model(x), by_hand(x))


def test_a_residual_network() -> None:
    model = printed("resnet")["resnet34"](classes=5)
    blocks = [(stage, n) for stage, count in enumerate((3, 4, 6, 3), 1) for n in range(count)]
    weights = [key for key in model.state_dict() if key.endswith("conv1.weight")]
    assert weights == ["conv1.weight", *(f"layer{s}.{n}.conv1.weight" for s, n in blocks)]
    assert "layer2.0.downsample.0.weight" in model.state_dict()
    assert "layer1.0.downsample.0.weight" not in model.state_dict()
    assert sum(p.numel() for p in model.parameters()) == 21_797_672 - 995 * 513
    assert model.eval()(torch.randn(1, 3, 64, 64)).shape == (1, 5)


def test_a_decoder() -> None:
    space = printed("llama")
    model = space["Llama"](vocab=20, dim=16, depth=2, heads=4, kv=2, ffn=24, tied=True)
    keys = list(model.state_dict())
    assert keys[0] == "model.embed_tokens.weight"
    assert keys[1] == "model.layers.0.self_attn.q_proj.weight"
    assert not any("inv_freq" in key for key in keys)
    assert model.lm_head.weight is model.model.embed_tokens.weight
    ids = torch.arange(6).reshape(2, 3)
    logits = model(ids)
    assert logits.shape == (2, 3, 20)
    assert torch.allclose(model(ids[:, :2]), logits[:, :2], atol=1e-5), "attention looks ahead"


def test_skips_are_padded() -> None:
    up = printed("unet")["Up"](8, 4, 5)
    assert up(torch.randn(1, 8, 3, 3), torch.randn(1, 4, 7, 6)).shape == (1, 5, 7, 6)


RUNS: dict[str, tuple[str, tuple[Any, ...], tuple[Any, ...], tuple[int, ...]]] = {
    "growing_chain": ("Growing", (4, (5, 6), 0.1), ((2, 4),), (2, 10)),
    "chosen": ("Chosen", (4, True), ((2, 4, 3, 3),), (2, 4, 3, 3)),
    "refused": ("Refused", (4, 6, "wide"), ((2, 4),), (2, 4)),
    "branches": ("Inception", (3, 2), ((1, 3, 8, 8),), (1, 6, 8, 8)),
    "numbered": ("Tail", (5,), ((2, 1, 28, 28),), (2, 8, 4)),
    "dense": ("DenseBlock", (3, 4, 2), ((1, 3, 5, 5),), (1, 11, 5, 5)),
    "twins": ("Twins", (4, 3), ((2, 5, 4),), (2, 5, 4)),
    "named_chain": ("Stem", (3, 4), ((1, 3, 8, 8),), (1, 4, 6, 6)),
    "tuples": ("Tuples", (3, 4), ((2, 5, 3),), (2, 2)),
}


@pytest.mark.parametrize("name", RUNS)
def test_it_runs(name: str) -> None:
    title, arguments, shapes, result = RUNS[name]
    model = printed(name)[title](*arguments)
    assert model(*(torch.randn(shape) for shape in shapes)).shape == result


def test_named_results() -> None:
    result = printed("recurrent")["Encoder"](3, 4)(torch.randn(2, 5, 3))
    assert result.states.shape == (2, 5, 4)
    assert torch.equal(result.states[:, -1], result.last)


def test_wrong_values_are_refused() -> None:
    made = printed("refused")["Refused"]
    with pytest.raises(ValueError, match='d is 3, which is "odd"'):
        made(3, 2)
    with pytest.raises(ValueError, match="odd is not possible"):
        made(4, 2, "odd")


def test_parameters_come_before_buffers() -> None:
    model = printed("learned")["Learned"](6, 4)
    assert list(model.state_dict()) == ["scale", "cls", "table", "head.weight", "head.bias"]
    assert "cls" not in printed("learned")["Learned"](6, 4, token=False).state_dict()


def test_an_optional_input() -> None:
    model = printed("branches")["Inception"](3, 2)
    x = torch.randn(1, 3, 8, 8)
    assert torch.equal(model(x, torch.tensor([0.0])), 0 * model(x))


def test_containers_keep_their_paths() -> None:
    keys = list(printed("twins")["Twins"](4, 2).state_dict())
    assert keys[0] == "encoder.norms.0.weight"
    assert keys[-1] == "blocks.1.0.bias"
    keys = list(printed("named_chain")["Stem"](3, 4).state_dict())
    assert keys[:2] == ["stem.conv.weight", "head.1.weight"]
