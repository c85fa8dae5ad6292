"""One configuration, printed with every number filled in: the network that ``build`` makes."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import black
import pytest
import torch
from torch import nn

import nndsl
from tests.agreement.harness import Plan, compare, entry_point, execute, same_keys
from tests.agreement.plans import PLANS
from tests.agreement.printed import complaints
from tests.agreement.test_samples import SAMPLES
from tests.examples.test_agreement import PLANS as EXAMPLE_PLANS
from tests.examples.test_examples import FILES, FOLDER
from tests.zoo.networks import spec as zoo
from tests.zoo.proof import prove
from tests.zoo.rows import ROWS

PROVEN = ("hf_bert", "hf_llama", "hf_segformer", "hf_t5", "nn_dlrm", "nn_unet", "nn_wavenet")
"""Of the zoo these are run; of all others the keys are compared."""


def _specialized(spec: nndsl.Spec, model: str, given: Mapping[str, Any]) -> type[nn.Module]:
    source = spec.codegen(model, specialize=True, params=given)
    assert black.format_str(source, mode=black.Mode()) == source
    namespace = execute(source)
    printed = namespace[entry_point(namespace, model)]
    if "__init__" in vars(printed):
        assert list(inspect.signature(printed.__init__).parameters) == ["self"], source
    return printed  # type: ignore[no-any-return]


def _agrees(text: str, plans: Mapping[str, Plan]) -> None:
    spec = nndsl.parse(text, "example.nn")
    for model in spec.models:
        plan = plans.get(model, Plan())
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Initializing zero-element tensors")
            printed = _specialized(spec, model, plan.given)
            compare(spec, model, printed, plan.given, {}, plan.sizes)


@pytest.mark.parametrize("name", SAMPLES)
def test_samples(name: str) -> None:
    _agrees(SAMPLES[name].read_text(encoding="utf-8"), PLANS.get(name, {}))


@pytest.mark.parametrize("file", FILES)
def test_examples(file: str) -> None:
    _agrees((FOLDER / file).read_text(), EXAMPLE_PLANS.get(file, {}))


@pytest.mark.filterwarnings("ignore:enable_nested_tensor is True:UserWarning")
@pytest.mark.parametrize("name", ROWS)
def test_the_zoo_has_the_same_keys(name: str) -> None:
    row = ROWS[name]
    printed = _specialized(zoo(row.file), row.model, row.values)
    with torch.device("meta"):
        made = printed()
    same_keys(zoo(row.file).build(row.model, device="meta", params=row.values), made)


@pytest.mark.parametrize("name", PROVEN)
def test_networks_of_the_zoo_are_their_references(name: str) -> None:
    row = ROWS[name]
    prove(name, _specialized(zoo(row.file), row.model, row.values))


def test_what_is_printed_satisfies_ruff_and_mypy(tmp_path: Path) -> None:
    assert complaints(dict(_sources()), tmp_path) == ""


def _sources() -> Iterator[tuple[str, str]]:
    for file in FILES:
        yield file.removesuffix(".nn"), nndsl.load(FOLDER / file).codegen(specialize=True)
    for name in SAMPLES:
        text = SAMPLES[name].read_text(encoding="utf-8")
        given = {m: p.given for m, p in PLANS.get(name, {}).items() if p.given}
        spec = nndsl.parse(text, f"{name}.nn")
        models: list[str | None] = [*given] or [None]
        for model in models:
            source = spec.codegen(model, specialize=True, params=given.get(model or ""))
            yield f"{name}_{model or 'all'}", source


# ------------------------------------------------------------------ what it looks like


def _printed(text: str, model: str | None = None, **params: Any) -> str:
    return nndsl.parse(text, "net.nn").codegen(model, specialize=True, params=params)


def test_conditions_are_decided_and_numbers_filled_in() -> None:
    text = """
def body(width, fast=True)(x: "b c"):
    x | linear(4 * width) | relu if fast else gelu | linear c

model net(width=3)(x: "b 5"):
    x | a: body(width) | b: body(2 * width, fast=False)
"""
    source = _printed(text)
    assert "if " not in source and "nn.Linear(5, 12)" in source and "nn.Linear(24, 5)" in source
    assert "class Body1" in source and "class Body2" in source
    assert "width=6, fast=False: (b, 5) -> (b, 5)" in source


def test_uses_that_read_alike_are_one_class() -> None:
    text = 'model net(x: "b 3 8 8"):\n    x\n'
    text = """
def body()(x: "b c h w"):
    y = x | conv1: conv(c, 3, padding=1)
    x + y

model net()(image: "b 3 8 8"):
    image | a: body() | maxpool 2 | b: body()
"""
    source = _printed(text)
    assert source.count("class Body") == 1
    assert "(b, 3, 8, 8) -> (b, 3, 8, 8) and 1 other shape." in source


def test_rounds_that_differ_in_their_number_only_are_a_loop() -> None:
    text = """
def layer(width)(x: "b t d", s):
    y = x | up: linear width | relu | down: linear d
    x + s * y

model net(depth=12)(x: "b t 8"):
    s = mean(x)
    x | layers: (layer(16)(s) for i in range(depth)) | head: linear 2
"""
    source = _printed(text)
    assert "nn.ModuleList(Layer() for _ in range(12))" in source
    assert "for layer in self.layers:" in source


def test_rounds_that_differ_in_kind_are_written_out() -> None:
    text = """
def layer(width)(x: "b d"):
    y = x | up: linear width | relu | down: linear d
    x + y

model net()(x: "b 8"):
    x | layers: (layer(w) for w in [16, 32, 64])
"""
    source = _printed(text)
    assert "range" not in source
    assert all(f"class Layer{n}" in source for n in (1, 2, 3))


def test_what_was_written_apart_stays_apart() -> None:
    assert "range" not in _printed("linear 4->4 | relu | linear 4 | relu | linear 4 | relu")


def test_a_configured_model_is_a_class_of_its_own() -> None:
    text = 'model net(width=4)(x: "b 3"):\n    a: linear width | relu\n\nmodel wide = net(8)\n'
    source = _printed(text)
    assert "class Net(nn.Module)" in source and "class Wide(nn.Module)" in source
    assert "class Wide" in _printed(text, "wide") and "class Net(" not in _printed(text, "wide")


def test_a_model_that_needs_a_value_is_told_so() -> None:
    with pytest.raises(nndsl.SpecError, match="width"):
        _printed('model net(width)(x: "b 3"):\n    linear width\n')
    assert "nn.Linear(3, 7)" in _printed('model net(width)(x: "b 3"):\n    linear width\n', width=7)


def test_a_docstring_says_the_configuration_only() -> None:
    source = nndsl.parse('model m(n=3)(x: "b 4"): x | linear n', "example.nn").codegen(
        specialize=True
    )
    assert '    """n=3: (b, 4) -> (b, 3)."""\n' in source
