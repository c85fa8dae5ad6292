"""Texts to begin from: examples, samples, the corpus of mistakes, what explains each code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nndsl.codes import CODES

ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).parent / "found"
RIGHT = (
    "examples", "examples/zoo", "tests/agreement/samples", "tests/syntax/samples", "grammars",
)  # fmt: skip
WRONG = ("tests/errors", "tests/fuzz/found")
LONGEST = 20_000


@cache
def seeds(wrong: bool = True) -> dict[str, str]:
    """Every text by its name, the same in every run; without the wrong ones if so wanted."""
    found: dict[str, str] = {}
    for folder in (*RIGHT, *(WRONG if wrong else ())):
        for path in sorted((ROOT / folder).rglob("*.nn")):
            text = path.read_bytes().decode("utf-8", "replace")
            if len(text) <= LONGEST:
                found[str(path.relative_to(ROOT))] = text
    for code, entry in CODES.items():
        found[f"{code} right"] = entry.right
        found[f"{code} wrong"] = entry.wrong if wrong else ""
    return {name: text for name, text in found.items() if text}
