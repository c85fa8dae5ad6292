"""What is printed beside the source of a few examples, as it was read and found good.

``NNDSL_RENEW=1 pytest tests/printed`` writes the files anew; read the difference before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import nndsl

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "beside"
MODELS = {"llama": None, "resnet": "resnet34", "two_layer_net": None, "unet": None}
TRAINED = ("resnet", "two_layer_net")
KINDS = [
    *((name, "specialized") for name in MODELS),
    *((name, "tests") for name in MODELS),
    *((name, "train") for name in TRAINED),
]


def _printed(name: str, kind: str) -> str:
    spec = nndsl.load(ROOT / "examples" / f"{name}.nn")
    if kind == "specialized":
        return spec.codegen(MODELS[name], specialize=True)
    tests = kind == "tests"
    files = spec.codegen_files(f"{name}.py", MODELS[name], tests=tests, train=not tests)
    return files[f"{'test' if tests else 'train'}_{name}.py"]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_what_is_printed_is_as_it_was_read(name: str, kind: str) -> None:
    printed = _printed(name, kind)
    golden = GOLDEN / f"{name}_{kind}.py"
    if os.environ.get("NNDSL_RENEW"):
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.py")} == {f"{n}_{kind}" for n, kind in KINDS}
