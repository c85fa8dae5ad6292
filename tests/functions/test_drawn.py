"""Every function on drawn calls: torch's shapes and dtypes, torch's refusals, symbolic sizes.

``NNDSL_EXAMPLES=1000`` draws so many for each function instead of a few.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from nndsl.functions.registry import names
from tests.functions.cases import Case
from tests.functions.comparing import compared, generalised
from tests.functions.drawing import calls

EXAMPLES = int(os.environ.get("NNDSL_EXAMPLES", "40"))


@pytest.mark.parametrize("name", names())
def test_agrees_with_torch(name: str) -> None:
    verdicts: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(calls(name))
    def run(case: Case) -> None:
        verdict, wrong = compared(name, case)
        verdicts[verdict] += 1
        assert not wrong, wrong
        apart = generalised(name, case)
        assert not apart, apart

    run()
    assert verdicts["made"] >= EXAMPLES // 10, verdicts
