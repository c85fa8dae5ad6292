"""``nndsl.verify``: what a declaration says is held against the package."""

from __future__ import annotations

from typing import Any

import pytest

import nndsl
from nndsl.extending import FunctionCall, LayerCall, TensorType, argument, gives, inferred, tensor

pytestmark = pytest.mark.usefixtures("undeclared")


def gate(weights: Any = None, shape: Any = None, buffers: Any = None) -> None:
    @nndsl.layer(
        "tests.extending.things.Gate", inferred("features"), argument("out", "size"),
        input="b features",
    )  # fmt: skip
    def gate(call: LayerCall) -> Any:
        b, features = call.input.shape
        out = call["out"]
        right = {"linear.weight": (out, features), "linear.bias": (out,)}
        return gives(shape or (b, out), weights=weights or right, buffers=buffers)


EXAMPLE = '(x: "b 8"): x | linear 6 | gate 3'


def test_what_is_right_passes() -> None:
    gate()
    nndsl.verify(EXAMPLE, b=2)
    nndsl.verify('(x: "b 8"):\n    y = x | a: gate 3\n    y | gate 2', b=2)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"weights": {"linear.weight": (3, 6)}}, "a parameter `linear.bias` of shape (3,) that"),
        (
            {"weights": {"linear.weight": (3, 7), "linear.bias": (3,)}},
            "no parameter `linear.weight` of shape (3, 7)",
        ),
        (
            {"weights": {"linear.bias": (3,), "linear.weight": (3, 6)}},
            "the parameters of tests.extending.things.Gate come in another order",
        ),
        ({"buffers": {"seen": ()}}, "no buffer `seen` of shape ()"),
        ({"shape": (2, 4)}, "the output is said to be [2, 4] float, and is [2, 3] float"),
        ({"shape": TensorType((2, 3), "int")}, "said to be [2, 3] int, and is [2, 3] float"),
    ],
)
def test_what_is_wrong_is_said(wrong: dict[str, Any], words: str) -> None:
    gate(**wrong)
    with pytest.raises(AssertionError) as raised:
        nndsl.verify(EXAMPLE, b=2)
    assert words in str(raised.value)


def test_functions_and_several_outputs() -> None:
    @nndsl.function("tests.extending.things.halves", tensor("x"))
    def halves(call: FunctionCall) -> Any:
        *front, last = call.shape("x")
        return (*front, last // 2), (*front, last // 4)

    with pytest.raises(AssertionError, match=r"\(\[2, 4\] float, \[2, 2\] float\), and is"):
        nndsl.verify('(x: "b 8"): halves(x)', b=2)


def test_a_wrong_example_is_an_error_of_a_spec() -> None:
    with pytest.raises(nndsl.SpecError, match="E201"):
        nndsl.verify('(x: "b 8"): x | no_such_layer', b=2)
