"""What ``docs/extending.md`` shows works as it says."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import nndsl
from nndsl.cli.running import run

TEXT = (Path(__file__).parents[2] / "docs" / "extending.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.usefixtures("undeclared")
def test_the_first_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    module, test = (text for kind, text in BLOCKS if kind == "python")
    Path("my_layers.py").write_text(module)
    (console,) = (text for kind, text in BLOCKS if kind == "console")
    commands = re.findall(r"^\$ nndsl (.*)$", console, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        words = [a or b for a, b in re.findall(r"'([^']*)'|(\S+)", command)]
        assert run(words) == 0
    out = capsys.readouterr().out
    assert out.startswith("ok\n")
    assert "from conformer.conformer import FeedForward\nfrom torch import nn\n" in out
    assert "declared by my_layers" in out and "  (b, t, 144) -> (b, t, 144)\n" in out
    there = {"nndsl": nndsl}
    exec(test, there)
    there["test_conformer_ffn"]()
    assert "my_layers" in sys.modules
