"""The printed source of every example, as it was read and found good.

``NNDSL_RENEW=1 pytest tests/printed`` writes the files anew; read the difference before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import nndsl

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = sorted((ROOT / "examples").glob("*.nn"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_source_is_as_it_was_read(path: Path) -> None:
    printed = nndsl.load(path).codegen().replace(os.fspath(path), path.name)
    golden = GOLDEN / f"{path.stem}.py"
    if os.environ.get("NNDSL_RENEW"):
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {p.stem for p in GOLDEN.glob("*.py")} == {p.stem for p in EXAMPLES}


def test_the_readme_shows_what_is_printed() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    printed = nndsl.load(ROOT / "examples" / "mlp.nn").codegen()
    classes = printed[printed.index("class Block") :].strip()
    assert f"```python\n{classes}\n```" in readme
    line = readme.split("```")[1].strip()
    assert nndsl.codegen(line).replace("Model", "Mlp").endswith(classes + "\n")
