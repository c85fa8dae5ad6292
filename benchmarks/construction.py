"""Building a model against constructing the same by hand, in one process."""

from __future__ import annotations

from collections.abc import Callable

import networks
import torch
from measuring import ratio, show
from torch import nn

import nndsl


def same(ours: nn.Module, theirs: nn.Module) -> None:
    """Both have the same entries, so that equal work is compared."""
    shapes = [{k: tuple(v.shape) for k, v in net.state_dict().items()} for net in (ours, theirs)]
    assert shapes[0] == shapes[1]


def compare(name: str, text: str, by_hand: Callable[[], nn.Module], rounds: int) -> None:
    spec = nndsl.parse(text)

    def on_meta() -> nn.Module:
        with torch.device("meta"):
            return by_hand()

    same(spec.build(device="meta"), on_meta())
    show(f"{name}: build / by hand", ratio(spec.build, by_hand, rounds), 1.02)
    meta = ratio(lambda: spec.build(device="meta"), on_meta, 31)
    show(f"{name}: build / by hand, on the meta device", meta, 1.1)
    text_too = ratio(lambda: nndsl.build(text, device="meta"), on_meta, 11)
    show(f"{name}: text to model / by hand, on the meta device", text_too)


def main() -> None:
    torch.set_num_threads(1)
    compare("ResNet-50", networks.RESNET, networks.ResNet50, 15)
    compare("GPT-2", networks.GPT2, networks.Gpt2, 7)


if __name__ == "__main__":
    main()
