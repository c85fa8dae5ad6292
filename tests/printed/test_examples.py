"""The printed source of every example, as it was read and found good.

``NNDSL_RENEW=1 pytest tests/printed`` writes the files anew; read the difference before it is kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import nndsl

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = sorted((ROOT / "examples").glob("*.nn"))
ZOO = sorted((ROOT / "examples" / "zoo").glob("*.nn"))
PARTS = {path for path in ZOO if path.stem.startswith("blocks_")}  # printed where it is imported
WHOLE = [path for path in ZOO if path not in PARTS]


def _as_it_was_read(path: Path, golden: Path) -> None:
    """All models of a file, in one."""
    printed = nndsl.load(path).codegen().replace(os.fspath(path), path.name)
    if os.environ.get("NNDSL_RENEW"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_source_is_as_it_was_read(path: Path) -> None:
    _as_it_was_read(path, GOLDEN / f"{path.stem}.py")


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_the_source_of_the_zoo_is_as_it_was_read(path: Path) -> None:
    _as_it_was_read(path, GOLDEN / "zoo" / f"{path.stem}.py")


def test_no_golden_file_is_left_over() -> None:
    assert {p.stem for p in GOLDEN.glob("*.py")} == {p.stem for p in EXAMPLES}
    assert {p.stem for p in (GOLDEN / "zoo").glob("*.py")} == {p.stem for p in WHOLE}


@pytest.mark.parametrize("path", ZOO, ids=lambda path: path.stem)
def test_every_definition_of_the_zoo_is_printed_somewhere(path: Path) -> None:
    """As a class or a function, but for those that are spliced in with ``*name(...)``."""
    text = path.read_text(encoding="utf-8")
    files = [path] if path in WHOLE else [p for p in WHOLE if f'from "{path.name}"' in _text(p)]
    printed = "".join(_text(GOLDEN / "zoo" / f"{p.stem}.py") for p in files)
    names = re.findall(r"(?m)^(?:class|def) (\w+)", printed)
    found = {name.replace("_", "").lower() for name in names}
    for name in re.findall(r"(?m)^(?:def|model) (\w+)", text):
        pattern = name.replace("_", "") + r"(\d|\dd)?"  # DoubleConv, DoubleConv2d, DoubleConv2
        assert f"*{name}(" in text or any(re.fullmatch(pattern, one) for one in found), name


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_readme_shows_what_is_printed() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    printed = nndsl.load(ROOT / "examples" / "mlp.nn").codegen()
    classes = printed[printed.index("class Block") :].strip()
    assert f"```python\n{classes}\n```" in readme
    line = readme.split("```")[1].strip()
    assert nndsl.codegen(line).replace("Model", "Mlp").endswith(classes + "\n")
