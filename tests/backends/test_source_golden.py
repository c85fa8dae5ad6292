"""What the source backend prints for programs written by hand, kept as files that can be read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import black
import pytest

from nndsl.backends.torch_source import print_source
from tests.backends.source_cases import CASES as NETWORKS
from tests.backends.source_features import FEATURES

CASES = {**NETWORKS, **FEATURES}
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_as_it_was_read(name: str) -> None:
    path = GOLDEN / f"{name}.py"
    text = print_source(CASES[name]())
    if os.environ.get("NNDSL_RENEW") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_black_leaves_it_alone(name: str) -> None:
    text = print_source(CASES[name]())
    assert black.format_str(text, mode=black.Mode()) == text


def test_nothing_here_needs_black_to_be_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nndsl.backends.torch_source.settled", lambda source: "asked")
    asked = [name for name in CASES if print_source(CASES[name]()) == "asked"]
    assert not asked


def test_ruff_and_mypy_find_nothing(tmp_path: Path) -> None:
    files = []
    for name in CASES:
        files.append(tmp_path / f"{name}.py")
        files[-1].write_text(print_source(CASES[name]()), encoding="utf-8")
    mypy = ["mypy", "--no-incremental", f"--cache-dir={os.devnull}", "--config-file="]
    for command in (["ruff", "check", "--isolated", "--no-cache"], mypy):
        done = subprocess.run(
            [sys.executable, "-m", *command, *map(str, files)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_same_program_gives_the_same_bytes() -> None:
    for make in CASES.values():
        program = make()
        assert print_source(program) == print_source(program)
