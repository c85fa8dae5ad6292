"""Every sample of the tables that is right: the built module and the printed source are one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.agreement.harness import check_agreement
from tests.language import (
    test_bodies,
    test_items,
    test_lexical,
    test_names,
    test_prelude,
    test_samples,
    test_shapes,
    test_stages,
)
from tests.language.table import Holds

TABLES = {
    "lexical": test_lexical.RIGHT,
    "items": test_items.RIGHT,
    "stages": test_stages.RIGHT,
    "bodies": test_bodies.RIGHT,
    "names": test_names.RIGHT,
    "shapes": test_shapes.RIGHT,
    "prelude": test_prelude.RIGHT,
    "samples": test_samples.SHARED,
}


def cases() -> list[Any]:
    """Every row of every table."""
    rows = ((table, row) for table, made in TABLES.items() for row in made)
    return [pytest.param(row, id=f"{table}-{row.name}") for table, row in rows]


@pytest.mark.parametrize("row", cases())
def test_agreement(row: Holds) -> None:
    check_agreement(row.text, vary=False)
