"""Random tensors: noise, draws, permutations. Always random, in evaluation too, as in torch."""

from __future__ import annotations

from nndsl.functions import shapes
from nndsl.functions.creation import sizes
from nndsl.functions.entry import DTYPE, INPUT, arg, dtype_of, entry, tensor, with_dtype
from nndsl.functions.text import show, show_shape
from nndsl.model.expr import Static
from nndsl.model.graph import TensorType
from nndsl.model.spec import FunctionCall, Rejected

_SIZES = arg("size", "sizes")


def _noise(call: FunctionCall) -> TensorType:
    if dtype_of(call) not in ("", "float"):
        raise Rejected("random numbers of this kind are floats", "dtype")
    return TensorType(sizes(call["size"], call), "float")


def _noise_like(call: FunctionCall) -> TensorType:
    type = with_dtype(tensor(call), dtype_of(call))
    shapes.need_float(type, "noise")
    return type


def _randint(call: FunctionCall) -> TensorType:
    low, high, size = call["low"], call["high"], call["size"]
    if size is None:  # torch reads two as the end and the size
        low, high, size = 0, low, high
    if not shapes.is_list(size) or shapes.is_list(high):
        raise Rejected("`randint` needs a list of sizes: `randint(0, 10, [2, 3])`", "size")
    _check_range(low, high, call)
    return TensorType(sizes(size, call), dtype_of(call) or "int")


def _check_range(low: Static, high: Static, call: FunctionCall) -> None:
    if call.check.less(low, high) is False:
        raise Rejected(
            f"there is no integer from {show(low)} up to, but not including, {show(high)}",
            "high",
        )


def _randint_like(call: FunctionCall) -> TensorType:
    low, high = call["low"], call["high"]
    _check_range(0 if high is None else low, low if high is None else high, call)
    type = with_dtype(tensor(call), dtype_of(call))
    if type.dtype == "bool" and call.check.less(2, low if high is None else high) is not False:
        raise Rejected("a bool is drawn from 0 and 1", "high", "say `randint_like(x, 2)`")
    return type


def _randperm(call: FunctionCall) -> TensorType:
    if dtype_of(call) == "bool":
        raise Rejected("a permutation of bools", "dtype")
    return TensorType(sizes(call["n"], call, "n"), dtype_of(call) or "int")


def _bernoulli(call: FunctionCall) -> TensorType:
    type = tensor(call)
    if call["p"] is None:
        shapes.need_float(type, "`bernoulli` of probabilities")
    return type


def _poisson(call: FunctionCall) -> TensorType:
    shapes.need_float(tensor(call), "`poisson`")
    return tensor(call)


def _multinomial(call: FunctionCall) -> TensorType:
    type, number = tensor(call), call["num_samples"]
    shapes.need_float(type, "`multinomial`")
    shape = shapes.whole_shape(type, "`multinomial`")
    if len(shape) not in (1, 2):
        raise Rejected(f"`multinomial` takes (batch, classes), not {show_shape(shape)}", "input")
    if not shapes.flag(call["replacement"], call.check) and call.check.less(shape[-1], number):
        raise Rejected(
            f"{show(number)} of {show(shape[-1])} can't be drawn without replacement",
            "num_samples",
        )
    return TensorType((*shape[:-1], number), "int")


FUNCTIONS = (
    entry("randn", "torch.randn", (_SIZES, DTYPE), _noise, creates=True, star="size", random=True),
    entry("rand", "torch.rand", (_SIZES, DTYPE), _noise, creates=True, star="size", random=True),
    entry("randn_like", "torch.randn_like", (INPUT, DTYPE), _noise_like, random=True),
    entry("rand_like", "torch.rand_like", (INPUT, DTYPE), _noise_like, random=True),
    entry("randint", "torch.randint",
          (arg("low", "int"), arg("high", "int|sizes"), arg("size", "sizes|none", None), DTYPE),
          _randint, creates=True, random=True),
    entry("randint_like", "torch.randint_like",
          (INPUT, arg("low", "int"), arg("high", "int|none", None), DTYPE), _randint_like,
          random=True),
    entry("randperm", "torch.randperm", (arg("n", "int", low=0), DTYPE), _randperm, creates=True,
          random=True),
    entry("bernoulli", "torch.bernoulli",
          (INPUT, arg("p", "float|none", None, low=0, high=1)), _bernoulli, random=True),
    entry("multinomial", "torch.multinomial",
          (INPUT, arg("num_samples", "size"), arg("replacement", "bool", False)), _multinomial,
          "int", random=True),
    entry("poisson", "torch.poisson", (INPUT,), _poisson, random=True),
)  # fmt: skip
