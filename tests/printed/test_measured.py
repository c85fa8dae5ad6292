"""What is measured of printed source, and whether the page about it is true."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from benchmarks.generated import WORDS, page
from benchmarks.generated import main as renew
from benchmarks.sources import complaints, general, lost, measure, read_names, table, unrolled
from nndsl.resolve import load
from nndsl.source import Source
from tests.zoo.rows import ROWS

PAGE = Path(__file__).parents[2] / "docs" / "generated.md"
RENEW = "NNDSL_RENEW=1 renews the sources, `make docs` all of the page"
REMEASURED = ("nn_dlrm", "tv_resnet18", "hf_bert", "df_unet2d")

KEPT = """
model net(depth=3, width=4)(x: "b 4"):
    y = x
    for i in range(depth):
        y = y | "layer{i}": linear width | relu
    y | linear 2
"""
GROWS = """
model net(depth=3)(x: "b 4"):
    y = x
    for i in range(depth):
        y = y | linear 4 | unsqueeze(1)
    y
"""
AXIS = 'model net(axis=1)(x: "b 4 4"):\n    x | mean(dim=axis) | linear 2\n'
CHOICE = """
model net(fast=True)(x: "b 4"):
    x | a: (linear 5 if fast else linear(6, bias=False)) | linear 3
"""


def _measured(text: str) -> tuple[int, set[str], int]:
    program, families = general(load(Source(text, "net.nn")), "net")
    gone = set().union(*(lost(family, program.blocks) for family in families))
    read = [name for family in families for name in read_names(family.definition.tree)]
    return unrolled(program, families), gone, sum(name in gone for name in read)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (KEPT, (0, set(), 0)),
        (CHOICE, (0, set(), 0)),
        (GROWS, (1, {"depth"}, 1)),
        (AXIS, (0, {"axis"}, 1)),
    ],
)
def test_what_is_unrolled_and_lost_is_counted(
    text: str, expected: tuple[int, set[str], int]
) -> None:
    assert _measured(text) == expected


def test_complaints_are_counted() -> None:
    found = complaints({"good": "x: int = 3\n", "bad": 'import os\n\nx: int = "3"\n'})
    assert found["good"] == {}
    assert found["bad"] == {"ruff": 1, "mypy": 1}


def test_the_page_has_the_sources_as_they_are_printed() -> None:
    if os.environ.get("NNDSL_RENEW"):
        renew(PAGE, measure=False)
    words, _, _ = page("@end").partition("@end")
    assert PAGE.read_text(encoding="utf-8").startswith(words), RENEW
    assert "@source" not in words and WORDS.read_text(encoding="utf-8").count("@source") == 4


@pytest.mark.parametrize("name", REMEASURED)
def test_a_row_of_the_page_is_true(name: str) -> None:
    rows = PAGE.read_text(encoding="utf-8").splitlines()
    (row,) = (line for line in rows if line.startswith(f"| `{name}` "))
    cells = [cell for n, cell in enumerate(row.strip("| ").split(" | ")) if n not in (6, 7)]
    (fresh,) = table([measure(name)], None).splitlines()[2:]
    assert fresh.strip("| ").split(" | ") == cells, "run `make docs`"


def test_every_network_has_a_row() -> None:
    found = re.findall(r"(?m)^\| `(\w+)` ", PAGE.read_text(encoding="utf-8"))
    assert found == list(ROWS)
