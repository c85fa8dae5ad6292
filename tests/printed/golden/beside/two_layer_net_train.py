"""Trains TwoLayerNet of two_layer_net.py on random numbers; printed by nndsl, yours
to edit and to own.
"""

import argparse
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from two_layer_net import TwoLayerNet


def batches(steps: int) -> Iterator[tuple[Tensor, ...]]:
    """Random numbers, of the right shapes; put your own here."""
    for _ in range(steps):
        x = torch.randn(8, 784)
        target = torch.randint(10, (8,))
        yield x, target


def train(steps: int, lr: float, device: str) -> nn.Module:
    model = TwoLayerNet().to(device)
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    for step, batch in enumerate(batches(steps), 1):
        x, target = (one.to(device) for one in batch)
        loss = loss_fn(model(x), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 10 == 0 or step == steps:
            print(f"step {step}: loss {loss.item():.4f}")
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument(
        "--device", default="cuda" if torch.cuda.is_available() else "cpu"
    )
    parser.add_argument("--save", metavar="FILE", help="where the weights go")
    args = parser.parse_args()
    model = train(args.steps, args.lr, args.device)
    if args.save:
        torch.save(model.state_dict(), args.save)
