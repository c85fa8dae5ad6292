"""Train ``digits.nn`` on scikit-learn's bundled digits: ``python examples/digits.py``."""

from __future__ import annotations

from pathlib import Path

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import nndsl

SPEC = Path(__file__).with_name("digits.nn")


def load_images() -> list[torch.Tensor]:
    """Train and test images of shape (b, 1, 8, 8), between 0 and 1, then the digits they show."""
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target)
    order = range(len(labels))
    train, test = train_test_split(order, test_size=0.25, random_state=0, stratify=digits.target)
    return [images[train], images[test], labels[train], labels[test]]


def train(epochs: int = 8, batch: int = 64, seed: int = 0) -> float:
    """Build the network, train it, and give the part of the test images that it reads right."""
    spec = nndsl.load(SPEC)
    net, criterion = spec.build(seed=seed), spec.loss()
    assert criterion is not None
    images, test_images, labels, test_labels = load_images()

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
        for _ in range(epochs):
            for rows in torch.randperm(len(images)).split(batch):
                optimizer.zero_grad()
                criterion(net(images[rows]), labels[rows]).backward()
                optimizer.step()

    net.eval()
    with torch.no_grad():
        right = net(test_images).argmax(dim=1) == test_labels
    return right.float().mean().item()


if __name__ == "__main__":
    print(f"test accuracy: {train():.1%}")
