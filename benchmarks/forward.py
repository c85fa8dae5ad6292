"""The forward of built models against modules written by hand, at batch 1."""

from __future__ import annotations

import networks
import torch
from measuring import ratio, show
from torch import Tensor, nn

import nndsl


def compare(name: str, text: str, theirs: nn.Module, x: Tensor, times: int) -> None:
    ours = nndsl.build(text)
    ours.load_state_dict(theirs.state_dict())
    ours.eval()
    theirs.eval()
    with torch.inference_mode():
        assert torch.equal(ours(x), theirs(x))
        show(f"{name}: built / by hand", ratio(lambda: ours(x), lambda: theirs(x), 81, times), 1.02)


def main() -> None:
    torch.set_num_threads(1)
    compare("MLP of 100 layers", networks.DEEP, networks.deep(), torch.randn(1, 16), 40)
    image = torch.randn(1, 3, 16, 16)
    compare("residual network", networks.RESIDUAL, networks.Residual(), image, 10)
    tokens = torch.randn(1, 16, 64)
    block = nn.Sequential(networks.TransformerBlock(64, 4))
    compare("transformer block", networks.BLOCK, block, tokens, 40)


if __name__ == "__main__":
    main()
