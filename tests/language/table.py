"""Rows of the tables: what a text must build, or what must be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from torch import nn

import nndsl

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Holds:
    """A text that is right.

    ``keys`` are those of the state dict, in order, with blanks between. ``given`` holds shapes or
    tensors, ``gives`` is the shape that comes out, and ``equals`` computes it by hand from the
    built network and its inputs.
    """

    name: str
    text: str
    keys: str | None = None
    given: tuple[Any, ...] = ()
    gives: Shape | tuple[Shape, ...] | None = None
    equals: Callable[..., Any] | None = None
    params: dict[str, Any] = field(default_factory=dict)
    model: str | None = None
    mode: str = "eval"


@dataclass(frozen=True)
class Refused:
    """A text that is wrong: the codes of what is said, in order, and pieces of it."""

    name: str
    text: str
    codes: str
    message: str = ""
    help: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    model: str | None = None


def rows(table: list[Any]) -> Any:
    """A table as a parametrised test's rows."""
    return pytest.mark.parametrize("row", table, ids=lambda row: row.name)


def hold(row: Holds) -> None:
    """Build a text and compare it with what its row says."""
    spec = nndsl.parse(row.text, "sample.nn")
    torch.manual_seed(0)
    net = spec.build(row.model, params=row.params)
    assert not [d for d in spec.diagnostics if d.severity == "error"]
    if row.keys is not None:
        assert list(net.state_dict()) == row.keys.split()
    if not row.given:
        return
    net.train(row.mode == "train")
    inputs = [given(one) for one in row.given]
    torch.manual_seed(1)
    out = net(*inputs)
    if row.gives is not None:
        assert shape_of(out) == row.gives
    if row.equals is not None:
        torch.manual_seed(1)
        torch.testing.assert_close(out, row.equals(net, *inputs), rtol=1e-5, atol=1e-6)


def given(one: Any) -> Any:
    """A random tensor for a shape; anything else as it is."""
    if isinstance(one, tuple) and all(isinstance(size, int) for size in one):
        return torch.randn(one, generator=torch.Generator().manual_seed(len(one)))
    return one


def shape_of(out: Any) -> Any:
    """The shape of a tensor, or of each of several."""
    return tuple(out.shape) if isinstance(out, torch.Tensor) else tuple(map(shape_of, out))


def refuse(row: Refused) -> None:
    """Check a text and compare what is said with the row."""
    found = findings(row.text, row.model, row.params)
    assert [one.code for one in found] == row.codes.split(), [one.message for one in found]
    assert row.message in found[0].message
    assert row.help in found[0].help
    for one in found:
        assert one.span is not None
        assert one.message


def findings(
    text: str, model: str | None = None, params: dict[str, Any] | None = None
) -> list[nndsl.Diagnostic]:
    """The errors of a text."""
    report = nndsl.parse(text, "sample.nn").check(model, params=params)
    return [one for one in report.diagnostics if one.severity == "error"]


def same(net: nn.Module, oracle: nn.Module, *inputs: torch.Tensor) -> None:
    """The same keys and shapes, weights that load either way, and equal outputs."""
    ours, theirs = net.state_dict(), oracle.state_dict()
    assert {k: v.shape for k, v in ours.items()} == {k: v.shape for k, v in theirs.items()}
    assert list(ours) == list(theirs)
    for source, target in ((net, oracle), (oracle, net)):
        fresh = {k: torch.rand_like(v) if v.is_floating_point() else v for k, v in ours.items()}
        source.load_state_dict(fresh, strict=True)
        target.load_state_dict(source.state_dict(), strict=True)
        net.eval()
        oracle.eval()
        torch.testing.assert_close(net(*inputs), oracle(*inputs))
