"""What the tools of Python's world say of printed files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_MYPY = ("mypy", "--no-incremental", f"--cache-dir={os.devnull}", "--config-file=")
_RUFF = ("ruff", "check", "--isolated", "--no-cache")


def complaints(sources: Mapping[str, str], folder: Path) -> str:
    """What ruff's default rules and mypy find in some sources; empty if nothing."""
    files = []
    for name, text in sources.items():
        files.append(folder / f"{name}.py")
        files[-1].write_text(text, encoding="utf-8")
    found = ""
    for tool in (_RUFF, _MYPY):
        command = [sys.executable, "-m", *tool, *map(str, files)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            found += done.stdout + done.stderr
    return found
