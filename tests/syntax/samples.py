"""The texts that the tests of this folder share."""

from __future__ import annotations

import os
from pathlib import Path

from nndsl.source import Source
from nndsl.syntax import format_text, parse
from nndsl.syntax.tree import dump

FOLDER = Path(__file__).parent
SAMPLES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((FOLDER / "samples").glob("*.nn"))
}


def golden(name: str, text: str) -> str:
    """What a golden file holds; with ``NNDSL_RENEW=1`` it is written first."""
    path = FOLDER / "golden" / name
    if os.environ.get("NNDSL_RENEW") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return path.read_text(encoding="utf-8")


def formatted(text: str) -> str:
    """The text formatted, after the checks that hold for any text."""
    before, findings = parse(Source(text))
    assert not findings
    assert before is not None
    result = format_text(Source(text))
    after, findings = parse(Source(result))
    assert not findings
    assert dump(after) == dump(before)
    assert after is not None
    words = [one.text.lstrip("# ").rstrip() for one in before.comments]
    assert [one.text.lstrip("# ").rstrip() for one in after.comments] == words
    assert format_text(Source(result)) == result
    return result
