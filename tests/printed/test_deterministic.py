"""The same spec gives the same text, whatever names hash to and objects are called in memory."""

from __future__ import annotations

from pathlib import Path

import nndsl

SAMPLES = Path(__file__).parents[1] / "agreement" / "samples"


def test_printing_again_in_one_process_gives_the_same_text() -> None:
    spec = nndsl.load(SAMPLES / "layers_in_one_order.nn")
    held = []
    texts = set()
    for number in range(12):
        texts.add(spec.codegen())
        held.append([object() for _ in range(37 * number % 100)])
    assert len(texts) == 1
