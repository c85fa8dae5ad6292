"""Every public name of torch's functions is an entry, an alias or left out for a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType

import pytest
import torch
import torch.nn.functional as F

from nndsl.functions.absent import INSTEAD
from nndsl.functions.registry import ALIASES, find, names
from tests.functions.left_out import PATTERNS, REASONS

LEFT = {name: reason for reason, words in REASONS.items() for name in words.split()}
PATTERN = re.compile("|".join(f"(?:{pattern})" for pattern in PATTERNS))


def functions_of(module: ModuleType) -> Iterator[str]:
    for name in dir(module):
        found = getattr(module, name)
        if not name.startswith("_") and callable(found) and not isinstance(found, type):
            yield name


def torchs() -> set[str]:
    modules = (torch, F, torch.linalg, torch.special, torch.fft)
    found = {name for module in modules for name in functions_of(module)}
    return found | {name for name in dir(torch.Tensor) if not name.startswith("_")}


TORCHS = torchs()


def test_nothing_of_torch_is_forgotten() -> None:
    known = set(names()) | set(ALIASES) | set(LEFT)
    assert sorted(n for n in TORCHS - known if not PATTERN.fullmatch(n)) == []


def test_what_is_left_out_is_there_to_leave_out() -> None:
    assert sorted(set(LEFT) - TORCHS) == []
    assert sorted(set(LEFT) & (set(names()) | set(ALIASES))) == []
    assert sorted(n for n in LEFT if PATTERN.fullmatch(n)) == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_leaves_something_out(pattern: str) -> None:
    matched = [n for n in TORCHS if re.fullmatch(pattern, n)]
    assert matched
    assert [n for n in matched if find(n) and n != "index_copy"] == []


def test_what_is_written_instead_is_said_of_what_is_left_out() -> None:
    assert [name for name in INSTEAD if find(name)] == []
    assert sorted(set(INSTEAD) - TORCHS) == []


@pytest.mark.parametrize("alias", ALIASES)
def test_aliases_are_torchs_own(alias: str) -> None:
    function = find(alias)
    assert function is not None and function.name == ALIASES[alias]
    if alias == "expit":  # torch says it the other way round
        assert "torch.special.expit" in str(torch.sigmoid.__doc__)
        return
    found = getattr(torch, alias, None) or getattr(torch.special, alias)
    target = re.search(r"Alias (?:for|of) :func:`~?torch\.([\w.]+)`", str(found.__doc__))
    assert target is not None and target[1].rpartition(".")[2] == ALIASES[alias]
