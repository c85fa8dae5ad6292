"""Every example, built and printed: one network, also for other arguments than the defaults."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.agreement.harness import Plan, check_agreement
from tests.examples.test_examples import FILES, FOLDER, TINY

STILL = Plan(vary=False)
PLANS: Mapping[str, Mapping[str, Plan]] = {
    "activations.nn": {"net": Plan(given={"hidden_size": 8}), "leaky_relu_net": STILL},
    "llama.nn": {"llama": Plan(given=TINY)},
    "resnet.nn": {
        "resnet": Plan(given={"depths": (1, 2), "classes": 5}),
        "resnet18": STILL,
    },
    "unet.nn": {"unet": Plan(given={"base": 4})},
}


MODELS = {
    "activations.nn": ("net", "leaky_relu_net"),
    "resnet.nn": ("resnet", "resnet18"),
}


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")  # torch's, of a size of 0
@pytest.mark.parametrize("file", FILES)
def test_agreement(file: str) -> None:
    check_agreement((FOLDER / file).read_text(), MODELS.get(file), plans=PLANS.get(file))
