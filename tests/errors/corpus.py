"""Wrong specs, what is said of them, and the mended ones."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent
MENDED = ".mended.nn"

# folder/name -> spec; what lies deeper is imported by one of them
CASES = {
    str(path.relative_to(FOLDER).with_suffix("")): path
    for path in sorted(FOLDER.glob("*/*.nn"))
    if not path.name.endswith(MENDED)
}


def mended(path: Path) -> Path:
    """Where the repaired spec of a case is, if there is one."""
    return path.with_suffix(MENDED)


def expected(path: Path, text: str) -> str:
    """What is said of a case; with ``NNDSL_RENEW=1`` it is written first."""
    beside = path.with_suffix(".txt")
    if os.environ.get("NNDSL_RENEW") == "1":
        beside.write_text(text, encoding="utf-8", newline="\n")
    return beside.read_text(encoding="utf-8")
