"""Every layer's entry against the installed torch: arguments, shapes, weights."""

from __future__ import annotations

import inspect
import typing
import warnings
from importlib import import_module
from typing import Any

import pytest
import torch

from nndsl.layers import apply, registry
from nndsl.model.spec import REQUIRED, Choice, Layer, fold
from tests.layers.cases import (
    ROWS,
    Row,
    call_of,
    shapes_in,
    weights_of,
)
from tests.layers.oracle import (
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

NO_LAYERS = {
    "containers": "Container Module ModuleDict ModuleList ParameterDict ParameterList Sequential",
    "bases": "RNNBase RNNCellBase",
    "devices": "DataParallel",
    "take modules": "TransformerEncoder TransformerDecoder",
    "take targets": "AdaptiveLogSoftmaxWithLoss",
}


def _classes() -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(torch.nn).items()
        if inspect.isclass(value) and issubclass(value, torch.nn.Module)
    }


def test_every_class_of_torch_has_an_entry() -> None:
    left_out = {name for names in NO_LAYERS.values() for name in names.split()}
    wanted = {
        f"torch.nn.{name}"
        for name in _classes()
        if not name.startswith("Lazy") and not name.endswith(("Loss", "Loss2d"))
        and name not in left_out
    }  # fmt: skip
    assert wanted == {layer.torch for layer in ENTRIES.values()}


@pytest.mark.parametrize("family", registry.FAMILIES)
def test_the_table_names_what_each_family_holds(family: str) -> None:
    entries = import_module(f"nndsl.layers.{family}").ENTRIES
    assert sorted(e.name for e in entries) == sorted(registry.FAMILIES[family].split())


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_is_found_by_its_class_name_and_has_rows(name: str) -> None:
    layer = ENTRIES[name]
    assert registry.find(layer.torch.removeprefix("torch.nn.")) is layer
    assert registry.find(name.upper()) is layer
    assert any(row.name == name for row in ROWS), f"{name} has no row in cases.py"
    assert layer.doc and all(a.doc for a in layer.arguments)
    assert set(layer.positional) <= {a.name for a in layer.arguments if not a.inferred}


def _signature(layer: Layer) -> dict[str, Any]:
    """torch's arguments and defaults (of the overload that spells them out, if there is one)."""
    init = torch_class(layer).__init__
    overloads = typing.get_overloads(init)
    parameters = list(inspect.signature(overloads[0] if overloads else init).parameters.values())
    return {
        p.name: p.default
        for p in parameters[1:]
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
            if default is ... :
                continue  # an overload that doesn't say
            assert argument.default == expected
            assert type(argument.default) is type(expected) or default is not None


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_shapes_and_weights_are_torchs(row: Row) -> None:
    layer = ENTRIES[row.name]
    call = call_of(layer, row)
    result = apply.meet(layer, call)
    module, shapes = torch_run(layer, row)
    assert shapes_in(result.output) == shapes
    assert weights_of(result) == torch_weights(module)
    assert not call.check.assumptions


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_construction_makes_the_same_module(row: Row) -> None:
    layer = ENTRIES[row.name]
    call = call_of(layer, row)
    made = apply.construct(layer, call, apply.meet(layer, call))
    with torch.device("meta"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "enable_nested_tensor")
        module = torch_class(layer)(*made.args, **dict(made.kwargs))
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
