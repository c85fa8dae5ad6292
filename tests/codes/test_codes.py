"""Every code has a text, and its samples are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

import nndsl
from nndsl.codes import CODES

ROOT = Path(__file__).parent.parent.parent
SAMPLES = [code for code, entry in CODES.items() if entry.wrong]
# no spec alone brings these about: bytes that are no text, torch, models made by hand, plug-ins
NO_SAMPLE = {"E100", "E501", "E503", "E504", "E505", "E506", "E507", "E508", "E513", "W605"}
_TENSOR = re.compile(r"([\w.]+) \(([\d, ]+)\)(?: of (int|ones))?")


def found(text: str, folder: Path) -> list[str]:
    """The codes of what checking, building and loading find."""
    spec = nndsl.parse(text)
    report = spec.check()
    diagnostics = list(report.diagnostics)
    weights = weights_of(text, folder)
    try:
        if report and spec.models and weights is None:
            spec.build(spec.models[-1], device="meta")
        elif report and weights is not None:
            diagnostics += spec.verify(weights).diagnostics
            spec.build(weights=weights)
    except nndsl.SpecError as wrong:
        diagnostics += [one for one in wrong.diagnostics if one not in diagnostics]
    return [one.code for one in diagnostics]


def weights_of(text: str, folder: Path) -> str | None:
    """The file that a sample's first line speaks of: `# a file with fc.weight (4, 8) of int`."""
    first, _, _ = text.partition("\n")
    if not first.startswith("# a file with "):
        return None
    tensors = {
        key: torch.full(
            [int(size) for size in sizes.split(",")],
            int(kind == "ones"),
            dtype=torch.int64 if kind == "int" else torch.float32,
        )
        for key, sizes, kind in _TENSOR.findall(first)
    }
    assert len(tensors) == first.count("(")
    path = str(folder / "w.safetensors")
    save_file(tensors, path)
    return path


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_text(code: str) -> None:
    entry = CODES[code]
    assert re.fullmatch("[EW][1-7][0-9][0-9]", code)
    assert entry.title
    assert entry.explanation.endswith(".")
    assert max(map(len, entry.explanation.splitlines())) <= 92


@pytest.mark.parametrize("code", SAMPLES)
def test_the_wrong_sample_gives_the_code(code: str, tmp_path: Path) -> None:
    wrong = [one for one in found(CODES[code].wrong, tmp_path) if one[0] == "E" or one == code]
    assert list(dict.fromkeys(wrong)) == [code]


@pytest.mark.parametrize("code", SAMPLES)
def test_the_right_sample_gives_nothing(code: str, tmp_path: Path) -> None:
    codes = found(CODES[code].right, tmp_path)
    assert code not in codes
    assert not [one for one in codes if one != "W602"]


def test_every_code_has_samples() -> None:
    assert {code for code, one in CODES.items() if not one.wrong} == NO_SAMPLE
    assert {code for code, one in CODES.items() if not one.right} == NO_SAMPLE


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
