"""A share of the fuzzing that every run affords; ``make fuzz`` goes on for longer.

Any text ends as right or as wrong, with findings that can be shown; what is right is printed and
built. ``found`` holds the texts that once ended otherwise.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import nndsl
from tests.agreement.harness import check_agreement
from tests.fuzz.mutations import mutated
from tests.fuzz.properties import check_text
from tests.fuzz.seeds import FOUND, seeds

FOUND_FILES = sorted(FOUND.glob("*.nn"))
EACH = 4


@pytest.mark.parametrize("name", seeds())
def test_mutants(name: str) -> None:
    chance = random.Random(name)
    for changes in range(1, EACH + 1):
        check_text(mutated(seeds()[name], chance, changes), build=changes == 1)


@pytest.mark.parametrize("path", FOUND_FILES, ids=lambda path: path.stem)
def test_what_was_found(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if check_text(text) == "right" and nndsl.parse(text).models:
        check_agreement(text)
