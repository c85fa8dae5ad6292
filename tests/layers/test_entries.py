"""Every layer's entry against the installed torch: arguments, shapes, weights."""

from __future__ import annotations

import inspect
import typing
import warnings
from importlib import import_module
from typing import Any

import pytest
import torch
from torch.nn.utils import parametrizations

import nndsl
from nndsl.layers import apply, registry
from nndsl.layers.absent import ABSENT, why_absent
from nndsl.layers.losses import LOSSES
from nndsl.model.spec import REQUIRED, Choice, Layer, fold
from tests.layers.cases import (
    ROWS,
    Row,
    call_of,
    entry_of,
    shapes_in,
    weights_of,
)
from tests.layers.oracle import (
    device_of,
    torch_built,
    torch_class,
    torch_run,
    torch_weights,
)

ENTRIES = {layer.name: layer for layer in registry.layers()}

ELSEWHERE = {"device", "dtype", "process_group"}
"""Arguments about where a model lives, which a spec doesn't say."""
TENSORS = {"_weight", "_freeze", "_random_samples", "custom_encoder", "custom_decoder"}
"""Arguments that are tensors or modules, or no part of torch's promise."""
FORMER = {("Hardtanh", "min_value"), ("Hardtanh", "max_value")}
"""Spellings that torch keeps for old programs."""


def _classes() -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(torch.nn).items()
        if inspect.isclass(value) and issubclass(value, torch.nn.Module)
    }


def _absent() -> set[str]:
    return {name for names in ABSENT.values() for name in names.split()}


def test_every_class_of_torch_is_a_layer_or_a_loss_or_left_out_for_a_reason() -> None:
    layers = {e.torch.removeprefix("torch.nn.") for e in ENTRIES.values() if not e.wraps}
    losses = {loss.torch.removeprefix("torch.nn.") for loss in LOSSES.values()}
    assert not layers & losses and not (layers | losses) & _absent()
    assert set(_classes()) == layers | losses | _absent()


def test_every_parametrization_of_torch_is_a_layer() -> None:
    theirs = {f"{parametrizations.__name__}.{name}" for name in parametrizations.__all__}
    assert theirs == {e.torch for e in ENTRIES.values() if e.wraps}


@pytest.mark.parametrize("name", [*sorted(_absent()), "MSELoss", "CrossEntropyLoss"])
def test_a_name_that_is_left_out_says_why(name: str) -> None:
    assert registry.find(name) is None
    found = nndsl.parse(f"linear 3->4 | {fold(name)}").check().diagnostics
    assert [one.code for one in found] == ["E201"]
    assert found[0].help == why_absent(name) != ""


@pytest.mark.parametrize("family", registry.FAMILIES)
def test_the_table_names_what_each_family_holds(family: str) -> None:
    entries = import_module(f"nndsl.layers.{family}").ENTRIES
    assert sorted(e.name for e in entries) == sorted(registry.FAMILIES[family].split())


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_is_found_by_its_class_name_and_has_rows(name: str) -> None:
    layer = ENTRIES[name]
    assert registry.find(layer.torch.rpartition(".")[2]) is layer
    assert registry.find(name.upper()) is layer
    assert any(row.name == name for row in ROWS), f"{name} has no row in cases.py"
    assert layer.doc and all(a.doc for a in layer.arguments)
    assert set(layer.positional) <= {a.name for a in layer.arguments if not a.inferred}


def _signature(layer: Layer) -> dict[str, Any]:
    """torch's arguments and defaults (of the overload that spells them out, if there is one)."""
    made = torch_class(layer)
    init = made.__init__ if inspect.isclass(made) else made
    overloads = typing.get_overloads(init)
    parameters = list(inspect.signature(overloads[0] if overloads else init).parameters.values())
    return {
        p.name: p.default
        for p in parameters[inspect.isclass(made) :]
        if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        and p.name not in ELSEWHERE | TENSORS
        and (torch_class(layer).__name__, p.name) not in FORMER
    }


RECURRENT = {
    "input_size": inspect.Parameter.empty, "hidden_size": inspect.Parameter.empty,
    "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False,
}  # fmt: skip
"""The GRU and LSTM of torch take what their base takes; its overloads leave defaults out."""


@pytest.mark.parametrize("name", ENTRIES)
def test_arguments_are_torchs(name: str) -> None:
    layer = ENTRIES[name]
    theirs = _signature(layer)
    if name in ("gru", "lstm"):
        theirs = RECURRENT | ({"proj_size": 0} if name == "lstm" else {})
    assert [a.name for a in layer.arguments] == list(theirs)
    for argument in layer.arguments:
        default = theirs[argument.name]
        if callable(default) and default is not inspect.Parameter.empty:
            default = default.__name__  # an activation, which a spec names
        if not argument.inferred:
            expected = REQUIRED if default is inspect.Parameter.empty else default
            if default is ...:
                continue  # an overload that doesn't say
            assert argument.default == expected
            assert type(argument.default) is type(expected) or default is not None


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_shapes_and_weights_are_torchs(row: Row) -> None:
    layer = entry_of(row)
    call = call_of(layer, row)
    result = apply.meet(layer, call)
    module, shapes = torch_run(layer, row)
    assert shapes_in(result.output) == shapes
    assert weights_of(result) == torch_weights(module)
    assert not call.check.assumptions


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_construction_makes_the_same_module(row: Row) -> None:
    layer = entry_of(row)
    call = call_of(layer, row)
    made = apply.construct(layer, call, apply.meet(layer, call))
    with torch.device(device_of(row)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "enable_nested_tensor")
        module = torch_built(made)
    theirs, _ = torch_run(layer, row)
    assert str(module) == str(theirs).replace(", padding=valid", "")
    assert torch_weights(module) == torch_weights(theirs)


def test_choices_stand_for_entries() -> None:
    for name in ("conv", "conv_transpose", "batchnorm", "instancenorm", "maxpool", "avgpool",
                 "lppool", "adaptive_avgpool", "adaptive_maxpool", "dropout_channels"):  # fmt: skip
        choice = registry.find(name)
        assert isinstance(choice, Choice)
        for rank in (3, 4, 5):
            layer = registry.choose(choice, rank)
            assert layer is not None and rank in layer.ranks
        assert (registry.choose(choice, 2) is None) == (name != "batchnorm")
        assert registry.choose(choice, 6) is None


def test_names_are_distinct_in_any_spelling() -> None:
    names = registry.names()
    assert len({fold(name) for name in names}) == len(names)
    assert registry.find("no_such_layer") is None
