"""What the project says of itself agrees with itself."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import nndsl

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_one_version() -> None:
    assert PROJECT["version"] == nndsl.__version__
    assert f"## {nndsl.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_dependencies_are_those_that_are_imported() -> None:
    imported = set()
    for path in (ROOT / "nndsl").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    named = {re.split(r"[<>=]", one)[0] for one in PROJECT["dependencies"]}
    assert named == {"black", "click", "jinja2", "lark", "torch"}
    assert named <= imported | {"lark"}


def test_torch_is_pinned_for_development_only() -> None:
    assert re.search(r"^torch==2\.\d+\.\d+$", (ROOT / "requirements-dev.txt").read_text(), re.M)
    (wide,) = (one for one in PROJECT["dependencies"] if one.startswith("torch"))
    assert "==" not in wide and "<" not in wide
