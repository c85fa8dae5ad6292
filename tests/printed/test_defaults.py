"""What needs no argument can be made with none: a printed default is one that works."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import nndsl

ROOT = Path(__file__).parents[2]
GOLDEN = sorted((Path(__file__).parent / "golden").rglob("*.py"))
WHOLE = [path for path in GOLDEN if path.parent.name in ("golden", "zoo")]

PASSED_OVER = """
def plain(width)(x: "b c h w"):
    conv(width, 3, padding=1)

def wide(width)(x: "b c h w"):
    conv(2 * width, 3, padding=1)

def stage(block: layer, width)(x: "b c h w"):
    block(width) | block(width)

model body(block: layer = plain)(x: "b 3 h w"):
    stage(block, 8) | conv(1, 1)

model net = body(wide)
"""


def _printed(text: str) -> dict[str, Any]:
    held: dict[str, Any] = {"__name__": "printed"}
    exec(compile(text, "printed", "exec"), held)
    return held


def _without_arguments(held: dict[str, Any]) -> Iterator[Any]:
    for one in held.values():
        if getattr(one, "__module__", "") != "printed":
            continue
        module = isinstance(one, type) and issubclass(one, nn.Module)
        if not module and inspect.signature(one).return_annotation in ("Tensor", torch.Tensor):
            continue
        parameters = inspect.signature(one).parameters.values()
        if all(p.default is not p.empty or p.kind is p.VAR_KEYWORD for p in parameters):
            yield one


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_defaults_of_printed_classes_work(path: Path) -> None:
    for one in _without_arguments(_printed(path.read_text(encoding="utf-8"))):
        with torch.device("meta"):
            assert isinstance(one(), nn.Module), one.__name__


def test_a_default_that_no_model_uses_works() -> None:
    """``plain`` tells its size as ``wide`` does, although only ``wide`` is asked for here."""
    held = _printed(nndsl.parse(PASSED_OVER).codegen("net"))
    x = torch.randn(2, 3, 5, 5)
    assert held["Body"]()(x).shape == nndsl.build(PASSED_OVER, "body")(x).shape
    assert held["net"]()(x).shape == nndsl.build(PASSED_OVER, "net")(x).shape
