"""How to prove the samples: smaller defaults, further values, what is known to be lost."""

from __future__ import annotations

from collections.abc import Mapping

from tests.agreement.harness import Plan

PLANS: Mapping[str, Mapping[str, Plan]] = {
    "llama": {"llama": Plan(given=dict(vocab=11, dim=16, depth=2, heads=4, kv=2, ffn=24))},
    "language_llama": {"llama": Plan(given=dict(vocab=11, dim=16, depth=2, heads=4, kv=2, ffn=24))},
    "language_unet": {"unet": Plan(given=dict(base=4))},
    "language_resnet": {"resnet": Plan(vary=False), "resnet34": Plan(vary=False), "resnet50": Plan(vary=False)},
}
