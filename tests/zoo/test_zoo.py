"""Every reference is a network of the zoo, built and printed."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.agreement.harness import entry_point, execute
from tests.zoo.networks import ZOO, spec
from tests.zoo.proof import GOLDEN, prove
from tests.zoo.rows import ROWS

# torch says so of every transformer whose norms come first
pytestmark = pytest.mark.filterwarnings("ignore:enable_nested_tensor is True:UserWarning")


@cache
def printed(file: str) -> dict[str, Any]:
    """What the source of a whole file defines."""
    return execute(spec(file).codegen())


def test_every_golden_file_is_a_network_of_the_zoo() -> None:
    assert sorted(ROWS) == sorted(path.stem for path in GOLDEN.glob("*.json"))


def test_every_file_of_the_zoo_is_used() -> None:
    used = {row.file for row in ROWS.values()}
    assert {path.name for path in ZOO.glob("*.nn") if spec(path.name).models} == used


@pytest.mark.parametrize("name", ROWS)
def test_built(name: str) -> None:
    row = ROWS[name]
    prove(name, lambda: spec(row.file).build(row.model, params=row.values))


@pytest.mark.parametrize("name", ROWS)
def test_printed(name: str) -> None:
    row = ROWS[name]
    namespace = printed(row.file)
    prove(name, lambda: namespace[entry_point(namespace, row.model)](**row.values))
