"""Every function through both backends: the built module, the printed source, and torch."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

import nndsl
from nndsl.functions.registry import names
from tests.agreement.harness import execute
from tests.agreement.printed import complaints
from tests.functions.cases import Case, cases
from tests.functions.writing import by_torch, can_be_written, written

CASES = cases()
EACH = 3  # calls of each function


def chosen(name: str) -> Iterator[Case]:
    """A few right calls, unlike each other: the last ones have the most arguments."""
    right = [case for case in reversed(CASES[name]) if can_be_written(name, case)]
    seen: set[tuple[int, tuple[str, ...]]] = set()
    for case in right:
        kind = len(case[0]), tuple(sorted(case[1]))
        if kind not in seen and len(seen) < EACH:
            seen.add(kind)
            yield case


@pytest.mark.parametrize("name", names())
def test_built_module_and_printed_source_do_what_torch_does(name: str) -> None:
    tried = 0
    for case in chosen(name):
        model = written(name, case)
        spec = nndsl.parse(model.text, "net.nn")
        source = spec.codegen()
        printed = execute(source)["Net"]().eval()
        outputs = [_run(net, model.inputs) for net in (spec.build().eval(), printed)]
        expected = by_torch(name, case, model.inputs)
        for out in outputs:
            assert _same(out, expected) or _same(out, (expected, model.inputs[0])), source
        tried += 1
    assert tried, name


def _run(net: Any, inputs: list[torch.Tensor]) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*degrees of freedom")
        warnings.filterwarnings("ignore", message="`eps` parameter")
        torch.manual_seed(1)
        return net(*inputs)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return a.dtype == b.dtype and torch.equal(torch.nan_to_num(a), torch.nan_to_num(b))
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(map(_same, a, b))
    return False


def test_printed_source_satisfies_ruff_and_mypy(tmp_path: Path) -> None:
    sources = {}
    for name in names():
        for number, case in enumerate(chosen(name)):
            spec = nndsl.parse(written(name, case).text, "net.nn")
            sources[f"{name}_{number}"] = spec.codegen()
    assert len(sources) > len(names())
    assert complaints(sources, tmp_path) == ""


def test_stated_names_of_outputs_are_given_to_callers() -> None:
    text = 'model net()(x: "b 5") -> (best: "b 2", place: int "b 2"):\n    topk(x, 2)\n'
    spec = nndsl.parse(text, "net.nn")
    x = torch.rand(3, 5)
    for net in (spec.build(), execute(spec.codegen())["Net"]()):
        made = net(x)
        assert made._fields == ("best", "place") and torch.equal(made.best, torch.topk(x, 2)[0])
