"""The losses against the installed torch."""

from __future__ import annotations

import inspect

import pytest
import torch

from nndsl.layers import registry
from nndsl.layers.losses import LOSSES, SPELLINGS

LEFT_OUT = {"weight", "pos_weight", "distance_function", "size_average", "reduce"}
"""Tensors and functions, which a spec can't write, and what torch calls deprecated."""
WITH_WEIGHTS = {"AdaptiveLogSoftmaxWithLoss", "LinearCrossEntropyLoss"}
"""Losses that learn something themselves: layers rather, but not of one tensor."""


def test_every_loss_has_an_entry() -> None:
    names = {n for n in vars(torch.nn) if n.endswith(("Loss", "Loss2d"))} - WITH_WEIGHTS
    assert {f"torch.nn.{n}" for n in names} == {loss.torch for loss in LOSSES.values()}
    assert set(SPELLINGS.values()) == set(LOSSES)


@pytest.mark.parametrize("key", LOSSES)
def test_arguments_are_torchs(key: str) -> None:
    loss = LOSSES[key]
    cls = getattr(torch.nn, loss.torch.removeprefix("torch.nn."))
    theirs = [
        (p.name, p.default)
        for p in list(inspect.signature(cls.__init__).parameters.values())[1:]
        if p.name not in LEFT_OUT
    ]
    assert [(a.name, a.default) for a in loss.arguments] == theirs


FUNCTIONS = """
    l1 l1_loss mse mse_loss smooth_l1_loss huber_loss cross_entropy nll_loss poisson_nll_loss
    gaussian_nll_loss kl_div bce binary_cross_entropy bce_with_logits
    binary_cross_entropy_with_logits ctc_loss hinge_embedding_loss cosine_embedding_loss
    margin_ranking_loss triplet_margin_loss multi_margin_loss multilabel_margin_loss
    multilabel_soft_margin_loss soft_margin_loss
"""


@pytest.mark.parametrize("name", FUNCTIONS.split())
def test_losses_are_found_by_their_function(name: str) -> None:
    assert registry.find_loss(name) is not None
    assert registry.find_loss(name) is registry.find_loss(name.replace("_", ""))
