"""Parameters that a printed network can't keep open, since what it is made of hangs on them.

The first line of each text names those of ``net``. What is printed is right for the defaults, for
other values of what stays open, and, printed anew, for other values of what doesn't.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import nndsl
from tests.agreement.arguments import accepted, parameters_of, variations
from tests.agreement.harness import (
    Plan,
    check_agreement,
    compare,
    constructor_parameters,
    entry_point,
    execute,
)

FIXED = {path.stem: path for path in sorted((Path(__file__).parent / "fixed").glob("*.nn"))}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")
        yield


@pytest.mark.parametrize("name", FIXED)
def test_these_are_fixed_and_all_is_right(name: str) -> None:
    text = FIXED[name].read_text(encoding="utf-8")
    fixed = set(text.splitlines()[0].removeprefix("# fixed: ").split())
    spec = nndsl.parse(text, "example.nn")
    namespace = execute(spec.codegen())
    own = constructor_parameters(namespace[entry_point(namespace, "net")])
    assert set(parameters_of(spec, "net")) - set(own) == fixed
    check_agreement(text, plans={"net": Plan(pinned=frozenset(fixed))})
    tried = 0
    for one in variations(spec, "net", {}, {}):
        if fixed.issuperset(one.values) and accepted(spec, "net", one.values):
            namespace = execute(spec.codegen("net", params=one.values))
            compare(spec, "net", namespace[entry_point(namespace, "net")], one.values, {})
            tried += 1
    assert tried
