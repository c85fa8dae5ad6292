"""Layers that don't fit: what is said, at which place, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

import nndsl

NET = 'model net()(x: "b t 4", y: "b 4 6", i: int "b t", f: bool "b t"): '
BLOCKS = (Path(__file__).parent / "refused.txt").read_text(encoding="utf-8").strip().split("\n\n")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition("\n")[0])
def test_refused(block: str) -> None:
    call = block.partition("\n")[0]
    found = nndsl.parse(NET + call, "net.nn").check().diagnostics
    [one] = [each for each in found if each.severity == "error"]
    assert one.span is not None
    lines = [call, f"    {one.code} {one.message}"]
    if one.span.text != call:
        lines.append(f"    at {one.span.text}")
    if one.help:
        lines.append(f"    help: {one.help}")
    assert block == "\n".join(lines)


def test_each_is_written_once() -> None:
    assert len(BLOCKS) == len(set(BLOCKS)) and all("\n    E" in block for block in BLOCKS)
