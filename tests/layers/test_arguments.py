"""Matching arguments, and what is said when they don't match."""

from __future__ import annotations

import math
from typing import Any

import pytest

from nndsl.layers import apply, registry
from nndsl.model.expr import Name
from nndsl.model.graph import ListType, TensorType, TupleType
from nndsl.model.spec import Choice, LayerCall, Rejected

B, H, W = Name("b"), Name("h"), Name("w")


def _call(
    name: str, *positional: Any, shape: tuple[Any, ...] = (2, 3, 32, 32), dtype: str = "float",
    arrow: Any = None, flow: Any = None, **keywords: Any,
) -> Any:  # fmt: skip
    entry = registry.find(name)
    layer = registry.choose(entry, len(shape)) if isinstance(entry, Choice) else entry
    assert layer is not None
    args, given = apply.complete(layer, positional, keywords, arrow, name)
    call = LayerCall(args, given, (flow or TensorType(shape, dtype),))
    return apply.construct(layer, call, apply.meet(layer, call, name))


def _made(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
    made = _call(*args, **kwargs)
    return made.args, dict(made.kwargs)


def test_calls_are_written_as_by_hand() -> None:
    width, stride = Name("width", "param"), Name("stride", "param")
    assert _made("linear", 256, shape=(B, 784)) == ((784, 256), {})
    assert _made("linear", shape=(B, 784), arrow=(784, 256)) == ((784, 256), {})
    assert _made("linear", 256, bias=False, shape=(B, 784)) == ((784, 256), {"bias": False})
    shape = (B, Name("c"), H, W)
    made = _made("conv", width, 3, stride, padding=1, bias=False, shape=shape)
    assert made == ((Name("c"), width, 3, stride), {"padding": 1, "bias": False})
    assert _made("conv", 3, arrow=(3, 64)) == ((3, 64, 3), {})
    assert _made("conv", 64, 3, 1, 1) == ((3, 64, 3), {"padding": 1})
    assert _made("batchnorm", eps=1e-3) == ((3,), {"eps": 1e-3})
    assert _made("groupnorm", 3) == ((3, 3), {})
    assert _made("layernorm", shape=(B, 5, 8), normalized_shape=(5, 8)) == (((5, 8),), {})
    assert _made("maxpool", 3, 2, padding=1) == ((3, 2), {"padding": 1})
    assert _made("flatten") == ((), {})
    assert _made("embedding", 1000, 64, shape=(B, 7), dtype="int") == ((1000, 64), {})
    assert _made("embedding", shape=(B, 7), dtype="int", arrow=(1000, 64)) == ((1000, 64), {})
    assert _made("lstm", 128, shape=(7, B, 32), batch_first=True) == (
        (32, 128), {"batch_first": True},
    )  # fmt: skip


def test_shape_is_another_word_for_normalized_shape() -> None:
    layer = registry.find("layernorm")
    assert layer is not None and not isinstance(layer, Choice)
    args, given = apply.complete(layer, [], {"shape": [5, 8]})
    assert args["normalized_shape"] == (5, 8) and given == {"normalized_shape"}


REFUSED: list[tuple[str, tuple[Any, ...], dict[str, Any], str, str]] = [
    ("linear", (10,), {"in_features": 9200, "shape": (2, 9216)},
     "`linear` is told to expect 9200 features, but receives 9216",
     "write `linear 10` and the input size is inferred"),
    ("conv", (64, 3), {"in_channels": 4}, "`conv` is told to expect 4 channels, but receives 3",
     "write `conv(64, 3)` and the input size is inferred"),
    ("conv", (64, 3), {"in_channels": 4, "padding": 1}, "is told to expect 4",
     "write `conv(64, 3)` and"),
    ("batchnorm", (), {"num_features": 4}, "is told to expect 4", "write `batchnorm` and"),
    ("conv", (3, 64, 3), {}, "`conv` is given 3 as out_channels and 64 as kernel_size",
     "`conv(64, 3)`"),
    ("conv2d", (64, 3), {"shape": (B, 10)},
     "`conv2d` takes (b, c, h, w), but receives (b, 10)", ""),
    ("conv", (64, 3), {"groups": 2}, "which does not divide 3 channels coming in", ""),
    ("conv", (64, 33), {},
     "kernel that reaches over 33 positions, and the padded input has 32", ""),
    ("conv", (64, 3), {"paddin": 1}, "`conv` has no argument `paddin`", "did you mean `padding`?"),
    ("conv", (64, 3.0), {},
     "kernel_size of `conv` is an integer or a list of them, not 3.0", "`//`"),
    ("conv", (64,), {}, "`conv` needs kernel_size", ""),
    ("conv", (64, (3, 3, 3)), {}, "takes a number or 2 of them for kernel_size: [3, 3, 3]", ""),
    ("conv", (64, 3), {"kernel_size": 3}, "`conv` is given kernel_size twice", ""),
    ("conv", (0, 3), {}, "out_channels of `conv` is at least 1, not 0", ""),
    ("conv", (True, 3), {}, "out_channels of `conv` is an integer, not True", ""),
    ("conv", (64, 3), {"padding": "sam"}, "not 'sam'", 'did you mean `"same"`?'),
    ("linear", (784, 256), {"shape": (2, 784)}, "bias of `linear` is True or False, not 256",
     "in_features follows from the input"),
    ("batchnorm", (64,), {}, "`batchnorm` takes no arguments without a name", "write `batchnorm`"),
    ("relu", (), {"arrow": (1, 2)}, "`relu` has no input and output size", ""),
    ("fractional_maxpool3d", (2,), {"output_size": 4, "shape": (1, 1, 5, 5, 5)},
     "can't place 4 windows of 2 on 5 positions", ""),
    ("fractional_maxpool2d", (2,), {"output_ratio": 1.5, "shape": (1, 1, 5, 5)},
     "takes an output_ratio between 0 and 1", ""),
    ("softshrink", (-0.1,), {}, "lambd of `softshrink` is at least 0, not -0.1", ""),
    ("dropout", (1.5,), {}, "p of `dropout` is at most 1, not 1.5", ""),
    ("dropout", (math.nan,), {}, "which is no finite number", ""),
    ("layernorm", (), {"eps": math.inf}, "which is no finite number", ""),
    ("softmax", (), {}, "`softmax` needs an axis", "`softmax(dim=-1)`"),
    ("embedding", (10, 4), {"shape": (2, 5)},
     "takes int values, but receives float values", "ids: int"),
    ("lstm", (32, 64), {"shape": (7, 2, 32)}, "looks like the order of torch", "`lstm(64)`"),
    ("bilinear", (4,), {"shape": (2, 3)},
     "takes the tensors input1, input2, but receives 1", "(input1"),
    ("lstm_cell", (4,), {"shape": (2, 3, 4)},
     "`lstm_cell` takes (b, d), but receives (2, 3, 4)", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "positional", "more", "message", "advice"), REFUSED)
def test_refusals(
    name: str, positional: tuple[Any, ...], more: dict[str, Any], message: str, advice: str
) -> None:
    with pytest.raises(Rejected) as caught:
        _call(name, *positional, **more)
    assert message in caught.value.message
    assert advice in caught.value.help
    assert "{" not in caught.value.message + caught.value.help


def test_refusals_have_codes() -> None:
    codes = {
        "E202": lambda: _call("conv", 8, 3, paddin=1),
        "E203": lambda: _call("conv", 8),
        "E204": lambda: _call("batchnorm", 3),
        "E205": lambda: _call("conv", 8, "3"),
        "E206": lambda: _call("dropout", 2),
        "E301": lambda: _call("conv", 8, 3, in_channels=4),
        "E302": lambda: _call("conv2d", 8, 3, shape=(2, 3)),
        "E303": lambda: _call("linear", 8, dtype="int"),
        "E307": lambda: _call("relu", flow=ListType(TensorType((2,)), 2)),
    }
    for code, call in codes.items():
        with pytest.raises(Rejected) as caught:
            call()
        assert caught.value.code == code


def test_several_outputs_are_no_tensor() -> None:
    pair = TupleType((TensorType((2, 3)), TensorType((2, 3))))
    for flow in (pair, ListType(TensorType((2, 3)), 4)):
        with pytest.raises(Rejected) as caught:
            _call("relu", flow=flow)
        assert "takes one tensor" in caught.value.message


def test_named_arguments_may_look_like_torchs_order() -> None:
    assert _made("conv", out_channels=3, kernel_size=20, stride=3) == ((3, 3, 20, 3), {})


def test_the_last_window_of_fractional_pooling() -> None:
    for size in (1, 4):
        assert _made("fractional_maxpool2d", 2, output_size=size, shape=(1, 1, 5, 5))
    assert _made("fractional_maxpool3d", 2, output_size=3, shape=(1, 1, 5, 5, 5))


def test_infinity_where_it_makes_sense() -> None:
    assert _made("constant_pad2d", 1, -math.inf) == ((1, -math.inf), {})


def test_losses_by_class_and_by_function() -> None:
    for name in ("cross_entropy", "CrossEntropyLoss", "cross_entropy_loss"):
        loss = registry.find_loss(name)
        assert loss is not None and loss.torch == "torch.nn.CrossEntropyLoss"
        args, _ = apply.complete(loss, [], {"label_smoothing": 0.1})
        assert args == {"ignore_index": -100, "reduction": "mean", "label_smoothing": 0.1}
    assert registry.find_loss("no_such_loss") is None
    with pytest.raises(Rejected):
        apply.complete(loss, [], {"label_smoothing": 2})
