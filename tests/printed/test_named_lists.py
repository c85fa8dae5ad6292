"""A list that a file names is printed once, as a constant under its name and its comment."""

from __future__ import annotations

from pathlib import Path

import nndsl
from tests.agreement.harness import check_agreement

SPEC = """
# a row: channels, how often
rows = [[8, 1], [16, 2]]
others = [[8, 1], [16, 2]]

def stage(rows)(x: "b t d"): ((linear w | relu) x n for w, n in rows)

model net(rows=rows)(x: "b t 4"): stage(rows) | stage(others) | stage([[8, 1], [16, 2]])
model large = net(rows)
model wide = net([[8, 1], [32, 1]])
"""


def test_a_list_with_a_name() -> None:
    source = nndsl.codegen(SPEC)
    table = "(\\n    (8, 1),\\n    (16, 2),\\n)".replace("\\n", "\n")
    assert "# a row: channels, how often\nROWS = " in source
    assert source.count("ROWS = ") == source.count("OTHERS = ") == 1
    assert "rows: Sequence[Any] = ROWS" in source
    assert "return Net(rows=ROWS)" in source
    assert "return Net(rows=((8, 1), (32, 1)))" in source
    assert ", OTHERS)" in source
    assert source.count("((8, 1), (16, 2))") + source.count(table) == 3  # that without a name too


def test_lists_of_two_files(tmp_path: Path) -> None:
    (tmp_path / "part.nn").write_text(
        "# of the part\nwidths = [3, 5]\n"
        'def part(widths=widths)(x: "b d"): (linear w for w in widths)\n'
    )
    (tmp_path / "net.nn").write_text(
        'from "part.nn" import part\n\n# of the net\nwidths = [7, 9]\n'
        'model net(widths=widths)(x: "b 4"): part() | part(widths)\n'
    )
    source = nndsl.load(tmp_path / "net.nn").codegen()
    assert "# of the part\nWIDTHS = (3, 5)\n" in source
    assert "# of the net\nWIDTHS2 = (7, 9)\n" in source


def test_the_networks_are_the_same() -> None:
    check_agreement(SPEC)
