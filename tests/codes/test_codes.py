"""Every code has a text, and its samples are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nndsl
from nndsl.codes import CODES

ROOT = Path(__file__).parent.parent.parent
SAMPLES = [code for code, entry in CODES.items() if entry.wrong]


def found(text: str) -> list[str]:
    """The codes of what checking and building find."""
    spec = nndsl.parse(text)
    report = spec.check()
    diagnostics = list(report.diagnostics)
    if report and spec.models:
        try:
            spec.build(spec.models[-1], device="meta")
        except nndsl.SpecError as wrong:
            diagnostics += wrong.diagnostics
    return [one.code for one in diagnostics]


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_text(code: str) -> None:
    entry = CODES[code]
    assert re.fullmatch("[EW][1-7][0-9][0-9]", code)
    assert entry.title
    assert entry.explanation.endswith(".")
    assert max(map(len, entry.explanation.splitlines())) <= 92


@pytest.mark.parametrize("code", SAMPLES)
def test_the_wrong_sample_gives_the_code(code: str) -> None:
    wrong = [one for one in found(CODES[code].wrong) if one[0] == "E" or one == code]
    assert list(dict.fromkeys(wrong)) == [code]


@pytest.mark.parametrize("code", SAMPLES)
def test_the_right_sample_gives_nothing(code: str) -> None:
    codes = found(CODES[code].right)
    assert code not in codes
    assert not [one for one in codes if one != "W602"]


def test_every_code_that_is_used_is_in_the_table() -> None:
    used = set()
    for path in (ROOT / "nndsl").rglob("*.py"):
        used |= set(re.findall(r'"([EW]\d{3})"', path.read_text(encoding="utf-8")))
    assert used <= set(CODES)


def test_there_is_no_code_that_nothing_uses() -> None:
    used = set()
    for path in (ROOT / "nndsl").rglob("*.py"):
        if "codes" not in str(path.relative_to(ROOT)):
            used |= set(re.findall(r'"([EW]\d{3})"', path.read_text(encoding="utf-8")))
    assert set(CODES) <= used
