"""The public interface of the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

import nndsl

LINE = "linear 784->256 | relu | block(256)x3 | linear 256->10"
TWO = (
    'model small(width=8, act: layer = relu)(x: "b 4"):\n    linear width | act\n'
    "    loss cross_entropy(label_smoothing=0.1)\n\n"
    'model large()(x: "b 4"):\n    linear 64\n'
)


def test_a_text_becomes_a_model() -> None:
    net = nndsl.build(LINE)
    assert isinstance(net, torch.nn.Sequential)
    assert net(torch.zeros(2, 784)).shape == (2, 10)


def test_a_text_becomes_source() -> None:
    assert "class Block(nn.Sequential):" in nndsl.codegen(LINE)


def test_a_file_is_a_path_or_ends_in_nn(tmp_path: Path) -> None:
    path = tmp_path / "small.nn"
    path.write_text(TWO)
    for name in (path, str(path)):
        assert nndsl.build(name, width=5)(torch.zeros(1, 4)).shape == (1, 5)
    with pytest.raises(FileNotFoundError):
        nndsl.load(tmp_path / "missing.nn")


def test_models_and_their_parameters() -> None:
    spec = nndsl.parse(TWO)
    assert spec.models == ("small", "large")
    assert spec.build("small", width=3)(torch.zeros(1, 4)).shape == (1, 3)
    assert spec.build("small", params={"width": 3})(torch.zeros(1, 4)).shape == (1, 3)
    net = spec.build("small", act="leaky_relu(0.2)")
    assert isinstance(net[1], torch.nn.LeakyReLU)  # type: ignore[index]
    assert "<text>" in repr(spec)


def test_which_model_is_meant() -> None:
    spec = nndsl.parse(TWO)
    with pytest.raises(nndsl.NoSuchModel, match="small, large"):
        spec.build()
    with pytest.raises(nndsl.NoSuchModel, match="no model `tiny`"):
        spec.build("tiny")
    with pytest.raises(nndsl.NoSuchModel, match="has no model"):
        nndsl.parse("def a(n): linear n\n").build()


def test_errors_are_raised_with_all_findings() -> None:
    body = "    y = x | relluu\n    z = x | sigmoidd\n    y + z\n"
    spec = nndsl.parse(f'model a()(x: "b 4"):\n{body}')
    with pytest.raises(nndsl.SpecError) as caught:
        spec.build()
    assert [one.code for one in caught.value.diagnostics] == ["E201", "E201"]
    assert "error[E201]" in str(caught.value)
    report = spec.check()
    assert not report
    assert report.diagnostics == caught.value.diagnostics


def test_a_report_reads_as_text() -> None:
    report = nndsl.parse(LINE).check()
    assert report
    assert str(report) == "ok"


def test_seed_is_for_the_model_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    one = nndsl.build(LINE, seed=1)
    assert torch.equal(torch.rand(1), expected)
    two = nndsl.build(LINE, seed=1)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


def test_constants_beside_integers_have_the_dtype_of_the_first_floats() -> None:
    text = """model m()(ids: int "b t"):
    x = ids | embedding 10->6
    h = zeros(b, 6)
    for xt in unbind(x, dim=1):
        h = tanh(xt + h)
    h | linear 2
"""
    net = nndsl.build(text, dtype="bfloat16")
    assert net(torch.zeros(2, 3, dtype=torch.long)).dtype == torch.bfloat16


@pytest.mark.parametrize("dtype", [torch.bfloat16, "bfloat16", "torch.bfloat16"])
def test_dtype(dtype: torch.dtype | str) -> None:
    net = nndsl.build(LINE, dtype=dtype)
    assert {p.dtype for p in net.parameters()} == {torch.bfloat16}
    assert torch.get_default_dtype() == torch.float32
    with pytest.raises(ValueError, match="no float dtype"):
        nndsl.build(LINE, dtype="int8")


def test_meta_then_materialize() -> None:
    net = nndsl.build(LINE, device="meta")
    assert all(p.is_meta for p in net.parameters())
    assert not any(p.is_meta for p in nndsl.materialize(net).parameters())


def test_loss() -> None:
    spec = nndsl.parse(TWO)
    loss = spec.loss("small")
    assert isinstance(loss, torch.nn.CrossEntropyLoss)
    assert loss.label_smoothing == 0.1
    assert spec.loss("large") is None


def test_summary_and_format() -> None:
    spec = nndsl.parse("linear   784->256|relu\n")
    assert "Linear" in spec.summary()
    assert spec.format() == "linear 784->256 | relu\n"


def test_names_are_there_and_only_those() -> None:
    assert all(hasattr(nndsl, name) for name in nndsl.__all__)
    assert dir(nndsl) == sorted(nndsl.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        nndsl.nonsense  # noqa: B018


def test_everything_public_is_documented() -> None:
    for name in nndsl.__all__:
        if name != "__version__":
            assert getattr(nndsl, name).__doc__, name
    for name, value in vars(nndsl.Spec).items():
        if not name.startswith("_"):
            assert value.__doc__, name


def test_specs_do_not_import_torch(tmp_path: Path) -> None:
    probe = f"import sys, nndsl; nndsl.parse({LINE!r}).check(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", probe], check=True)


class Scalar:
    """As numpy's scalars are."""

    def __init__(self, value: object) -> None:
        self.value = value

    def item(self) -> object:
        return self.value


def test_scalars_of_other_packages_are_numbers() -> None:
    spec = nndsl.parse('model m(w=8, p=0.1)(x: "b 4"): x | linear w | dropout p')
    net = spec.build(w=Scalar(5), p=torch.tensor(0.5))
    assert (net[0].out_features, net[1].p) == (5, 0.5)


@pytest.mark.parametrize("value", [{1: 2}, {1}, object(), [object()], 1j, Scalar([3])])
def test_what_no_parameter_can_be_is_a_type_error(value: object) -> None:
    spec = nndsl.parse('model m(w=8)(x: "b 4"): x | linear w')
    with pytest.raises(TypeError, match=r"`w` can't be of type .*: parameters are numbers"):
        spec.build(w=value)


@pytest.mark.parametrize("value", ["8", None])
def test_a_value_of_the_wrong_kind_names_its_parameter(value: object) -> None:
    spec = nndsl.parse('model m(w=8)(x: "b 4"): x | linear w')
    with pytest.raises(nndsl.SpecError, match="`w` of `m` is a number, not"):
        spec.build(w=value)


def test_a_parameter_is_given_once() -> None:
    spec = nndsl.parse('model m(w=8)(x: "b 4"): x | linear w')
    with pytest.raises(TypeError, match="`w` is given twice"):
        spec.build(params={"w": 4}, w=5)


@pytest.mark.parametrize("wrong", [{"dtype": torch.int8}, {"dtype": "int8"}, {"device": "nosuch"}])
def test_no_such_dtype_or_device(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no (float dtype|device) "):
        nndsl.parse("linear 4->3").build(**wrong)


@pytest.mark.parametrize(
    ("file", "model"),
    [("net.nn", "net"), ("2net.nn", "model_2net"), ("my-net.nn", "my_net"), ("__.nn", "model")],
)
def test_the_model_of_a_line_is_called_like_its_file(file: str, model: str) -> None:
    assert tuple(nndsl.parse("linear 4->2\n", file).models) == (model,)
