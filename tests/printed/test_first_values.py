"""How parameters begin, as people write it: ``nn.init``, names, nothing that is torch's own."""

from __future__ import annotations

import pytest

import nndsl
from tests.agreement.harness import check_agreement

SPEC = 'model m(spread=0.02)(x: "b 3"):\n    param w: "3" = {}\n    x * w\n'


@pytest.mark.parametrize(
    ("first", "printed"),
    [
        ("normal(0, 0.02)", "torch.empty(3).normal_(0, 0.02)"),
        ("normal(0, spread)", "torch.empty(3).normal_(0, spread)"),
        ("normal(1)", "torch.empty(3).normal_(1)"),
        ("normal(0, 1)", "torch.empty(3).normal_()"),
        ("normal", "torch.empty(3).normal_()"),
        ("uniform(0, 2)", "torch.empty(3).uniform_(0, 2)"),
        ("uniform(-1)", "torch.empty(3).uniform_(-1)"),
        ("trunc_normal", "nn.init.trunc_normal_(torch.empty(3))"),
        ("trunc_normal(0, 0.02)", "nn.init.trunc_normal_(torch.empty(3), std=0.02)"),
        ("trunc_normal(a=-spread)", "nn.init.trunc_normal_(torch.empty(3), a=-spread)"),
        ("trunc_normal(1, 1, 0)", "nn.init.trunc_normal_(torch.empty(3), mean=1, a=0)"),
    ],
)
def test_first_values(first: str, printed: str) -> None:
    text = SPEC.format(first)
    assert f"self.w = nn.Parameter({printed})\n" in nndsl.codegen(text)
    check_agreement(text)
