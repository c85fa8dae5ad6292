"""Functions of tensors that a plug-in declares."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import nndsl
from nndsl.extending import FunctionCall, argument, axis, tensor, tensors

pytestmark = pytest.mark.usefixtures("undeclared")


def halves() -> Any:
    @nndsl.function("tests.extending.things.halves", tensor("x"), argument("dim", "axis", -1))
    def halves(call: FunctionCall) -> Any:
        """The two halves of an axis."""
        shape = list(call.shape("x"))
        place = axis(call)
        shape[place] = shape[place] // 2
        return tuple(shape), tuple(shape)

    return halves


def twice() -> Any:
    @nndsl.function("tests.extending.things.twice", tensor("x"), argument("factor", float, 2.0))
    def twice(call: FunctionCall) -> Any:
        return call.shape("x")

    return twice


def messages(text: str) -> str:
    return "\n".join(f"{d.code} {d.message}" for d in nndsl.parse(text).check().diagnostics)


@pytest.mark.parametrize(
    "body",
    ["x | twice", "twice(x)", "twice(x, 2.0)", "twice(x, factor=2)", "x | (twice(_) * 1)"],
)
def test_it_is_called_as_torchs_are(body: str) -> None:
    twice()
    text = f'model net()(x: "b 8"): {body}'
    assert torch.equal(nndsl.build(text)(torch.ones(2, 8)), torch.full((2, 8), 2.0))
    source = nndsl.codegen(text)
    assert "from tests.extending.things import twice\n" in source
    printed: dict[str, Any] = {}
    exec(compile(source, "net.py", "exec"), printed)
    assert torch.equal(printed["Net"]()(torch.ones(2, 8)), torch.full((2, 8), 2.0))


def test_several_outputs_and_arguments_of_the_construction() -> None:
    halves()
    text = (
        "fn gated(x, axis=1):\n    a, b = halves(x, dim=axis)\n    a * sigmoid(b)\n\n"
        'model net(axis=1)(x: "b 8 6"): gated(x, axis=axis) + gated(x, axis)'
    )
    x = torch.randn(2, 8, 6)
    a, b = x.chunk(2, 1)
    want = 2 * a * b.sigmoid()
    assert torch.allclose(nndsl.build(text)(x), want)
    printed: dict[str, Any] = {}
    exec(compile(nndsl.codegen(text), "net.py", "exec"), printed)
    assert torch.allclose(printed["Net"]()(x), want)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("halves(x, dim=2)", "so `dim` can't be 2"),
        ("halves(x, dm=1)", "E202 `halves` has no argument `dm`"),
        ("x | halves(dim=1) | _[0] | linear 9->1", "is told to expect 9 features, but receives 4"),
        ("twice(x, factor='a')", "`factor` of `twice` is a number"),
        ("x | TWICE", "E201 `TWICE` is not defined"),
    ],
)
def test_mistakes_in_a_spec_are_found(body: str, words: str) -> None:
    halves()
    twice()
    assert words in messages(f'model net()(x: "b 8"): {body}')


def test_arguments_by_name_only() -> None:
    nndsl.function(
        "tests.extending.things.scaled", tensor("x"), argument("factor", float, 1.0),
        argument("by", float, named=True), name="scaled",
    )(lambda call: call.shape("x"))  # fmt: skip
    nndsl.layer(
        "tests.extending.things.Named", argument("n", int), argument("by", float, named=True),
        argument("shift", float, 0.0), name="named",
    )(lambda call: call.input)  # fmt: skip
    assert "takes 1 argument" in messages('model net()(x: "b 8"): x | named(2, 3)')
    assert "without a name" in messages('model net()(x: "b 8"): scaled(x, 2, 3)')
    text = 'model net()(x: "b 8"): x | m: named(2, by=3) | scaled(_, 2, by=0.5)'
    source = nndsl.codegen(text)
    assert "Named(2, by=3)" in source and "scaled(self.m(x), 2, by=0.5)" in source
    assert torch.equal(nndsl.build(text)(torch.ones(1, 8)), torch.full((1, 8), 6.0))


def test_lists_of_tensors_and_other_dtypes() -> None:
    @nndsl.function("tests.extending.things.smallest", tensors("xs"))
    def smallest(call: FunctionCall) -> Any:
        return call["xs"][0].type

    text = 'model net()(x: "b 8", y: "b 8"): smallest([x, y]) + smallest(y, x)'
    x, y = torch.randn(2, 8), torch.randn(2, 8)
    assert torch.equal(nndsl.build(text)(x, y), 2 * torch.minimum(x, y))


def test_an_input_of_unknown_shape_stays_unknown() -> None:
    twice()
    text = "model net()(x): twice(x)"
    assert nndsl.parse(text).check()
    assert torch.equal(nndsl.build(text)(torch.ones(3)), torch.full((3,), 2.0))


def test_a_name_may_be_a_layer_and_a_function() -> None:
    twice()
    nndsl.layer(
        "tests.extending.things.Twice", argument("factor", float, 2.0), name="twice"
    )(lambda call: call.input)  # fmt: skip
    source = nndsl.codegen('model net()(x: "b 8"): x | t: twice | twice(_, factor=3)')
    assert "self.t = Twice()" in source and "twice(self.t(x), factor=3)" in source


def test_a_local_name_does_not_hide_an_import() -> None:
    twice()
    text = (
        'def f()(twice: "b 8"): twice + 1\n\nmodel net()(x: "b 8"):\n    y = f()(x)\n    twice(y)'
    )
    assert torch.equal(nndsl.build(text)(torch.zeros(1, 8)), torch.full((1, 8), 2.0))
    text = 'model net()(things: "b 8"):\n    a = twice(things)\n    twice(a + things)'
    printed: dict[str, Any] = {}
    exec(compile(nndsl.codegen(text), "net.py", "exec"), printed)
    assert torch.equal(printed["Net"]()(torch.ones(1, 8)), torch.full((1, 8), 6.0))


@pytest.mark.parametrize("name", ["where", "conv2d", "LSTM", "range", "pi", "rope"])
def test_names_that_are_built_in(name: str) -> None:
    with pytest.raises(ValueError, match="built in"):
        nndsl.function("far.f", tensor("x"), name=name)(lambda call: call.shape("x"))


def test_a_rule_that_fails_is_the_plug_ins_mistake() -> None:
    nndsl.function("far.f", tensor("x"), name="far")(lambda call: call.shape("y"))
    assert "E508 the shape rule" in messages('model net()(x: "b 8"): far(x)')
