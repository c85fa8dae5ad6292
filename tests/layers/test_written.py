"""How every layer's call is printed: as the module that it is, and as a function where it has one.

``written.txt`` holds it, to be read; ``NNDSL_RENEW=1 pytest tests/layers/test_written.py`` writes
it anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import nndsl
from tests.layers.cases import ROWS, Row
from tests.layers.test_texts import text_of

GOLDEN = Path(__file__).parent / "written.txt"
_CALL = re.compile(r"\b(?:(?:nn|torch|F)\.\w+|weight_norm|spectral_norm|orthogonal)\(")


def _calls(source: str) -> Iterator[str]:
    """The calls of torch in a printed file, each in one line."""
    body = " ".join(source[source.index("class Net") :].split())
    end = 0
    for found in _CALL.finditer(body):
        if found.start() < end:
            continue  # inside of another
        depth, end = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(body[end], 0)
            end += 1
        yield re.sub(r",? \)", ")", body[found.start() : end]).replace("( ", "(")


def _printed(row: Row) -> str:
    text = text_of(row)
    named = re.sub(r"\n    (.*)\n", r"\n    found = \1\n    found\n", text)
    lines = [str(row)]
    for one in dict.fromkeys((text, named)):
        made = " ".join(_calls(nndsl.parse(one, "net.nn").codegen()))
        if made and f"    {made}" not in lines:
            lines.append(f"    {made}")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def golden() -> dict[str, str]:
    if os.environ.get("NNDSL_RENEW"):
        texts = "\n".join(map(_printed, ROWS))
        GOLDEN.write_text(texts + "\n", encoding="utf-8")
    parts = re.split(r"\n(?=\S)", GOLDEN.read_text(encoding="utf-8").rstrip("\n"))
    return {part.partition("\n")[0]: part for part in parts}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_calls_are_written_so(row: Row, golden: dict[str, str]) -> None:
    assert _printed(row) == golden[str(row)]
