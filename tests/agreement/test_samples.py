"""Small networks, one question each, built and printed."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import nndsl
from tests.agreement.harness import Disagreement, Plan, check_agreement
from tests.agreement.plans import PLANS
from tests.agreement.printed import complaints
from tests.agreement.wider import drawn

SAMPLES = {path.stem: path for path in sorted((Path(__file__).parent / "samples").glob("*.nn"))}
FEWEST = 3  # configurations of a model that has parameters


def _text(name: str) -> str:
    return SAMPLES[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_built_and_the_printed_network_are_one(name: str) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")
        proof = check_agreement(_text(name), plans=PLANS.get(name))
    assert proof.configurations


def test_no_plan_is_left_over() -> None:
    examples = {path.stem for path in Path("examples").glob("*.nn")}
    assert set(PLANS) <= set(SAMPLES) | examples


def test_most_parameters_of_the_samples_are_varied() -> None:
    proof = check_agreement(_text("slice_resnet"), plans=PLANS["slice_resnet"])
    tried = [c for c in proof.configurations if c.startswith("resnet(")]
    assert any("block=" in c for c in tried) and any("depths=" in c for c in tried)
    assert len(tried) > FEWEST


def test_what_is_printed_satisfies_ruff_and_mypy(tmp_path: Path) -> None:
    texts = {name: _text(name) for name in SAMPLES}
    texts |= {f"program{number}": text for number, text in enumerate(drawn(60))}
    sources = {name: nndsl.parse(text, f"{name}.nn").codegen() for name, text in texts.items()}
    assert complaints(sources, tmp_path) == ""


# ------------------------------------------------------------------ the harness itself

LOSES = """
model net(axis=1)(x: "b 4 4"):
    x | mean(dim=axis) | linear 2
"""


def test_a_parameter_that_is_lost_is_noticed() -> None:
    with pytest.raises(Disagreement, match="axis"):
        check_agreement(LOSES)


def test_a_parameter_that_is_known_to_be_lost_is_let_pass() -> None:
    proof = check_agreement(LOSES, plans={"net": Plan(pinned=frozenset({"axis"}))})
    assert proof.configurations == ["net()"]


def test_a_parameter_without_effect_may_be_left_out() -> None:
    text = 'model net(side=8)(x: "b 3 {side} {side}"):\n    x | conv(4, 3) | mean(dim=[2, 3])\n'
    assert check_agreement(text).configurations


def test_a_difference_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    print_ = nndsl.Spec.codegen

    def wrong(self: nndsl.Spec, *args: object, **options: object) -> str:
        source: str = print_(self, *args, **options)  # type: ignore[arg-type]
        return source.replace("nn.ReLU()", "nn.Tanh()")

    monkeypatch.setattr(nndsl.Spec, "codegen", wrong)
    with pytest.raises(Disagreement, match="not equal"):
        check_agreement("linear 4->4 | relu | linear 2")


LOSES_A_LAYER = """
model net(act: layer = relu)(x: "b 4"):
    x | linear 4 | act
model other = net(act=(linear 4 | tanh))
"""


def test_a_layer_parameter_that_is_lost_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    print_ = nndsl.Spec.codegen

    def wrong(self: nndsl.Spec, *args: object, **options: object) -> str:
        return print_(self, *args, **{**options, "specialize": True})  # type: ignore[arg-type]

    monkeypatch.setattr(nndsl.Spec, "codegen", wrong)
    with pytest.raises(Disagreement, match="lacks a layer parameter that changes the model: act"):
        check_agreement(LOSES_A_LAYER)
