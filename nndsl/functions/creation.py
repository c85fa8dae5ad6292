"""Tensors made from numbers: ranges and constants."""

from __future__ import annotations

import math
from typing import cast

from nndsl.functions import shapes
from nndsl.functions.entry import DTYPE, INPUT, Rule, arg, dtype_of, entry, tensor, with_dtype
from nndsl.functions.text import show
from nndsl.model import dims
from nndsl.model.expr import Call, Expr, Size, Static, binary
from nndsl.model.graph import TensorType
from nndsl.model.spec import Argument, FunctionCall, FunctionResult, Rejected

_SIZES = arg("size", "sizes")


def sizes(value: Static, call: FunctionCall, name: str = "size") -> tuple[Size, ...]:
    """Sizes as given, none negative."""
    found = shapes.entries(value, call.check)
    for size in found:
        if call.check.less(size, 0):
            raise Rejected(f"a size can't be {show(size)}", name)
    return cast(tuple[Size, ...], tuple(dims.tidy(size) for size in found))


def _filled(dtype: str) -> Rule:
    def rule(call: FunctionCall) -> TensorType:
        return TensorType(sizes(call["size"], call), dtype_of(call) or dtype)

    return rule


def _full(call: FunctionCall) -> TensorType:
    dtype = dtype_of(call) or shapes.number_dtype(call["fill_value"], call.check)
    return TensorType(sizes(call["size"], call), dtype)


def _like(call: FunctionCall) -> TensorType:
    return with_dtype(tensor(call), dtype_of(call))


def _arange(call: FunctionCall) -> FunctionResult:
    start, end, step = call["start"], call["end"], call["step"]
    if end is None and "step" in call.given:
        raise Rejected("`arange` with `step` needs `end`", "step", "`arange(0, end, step)`")
    if end is None:  # torch reads a single number as the end
        start, end = 0, start
    dtypes = [shapes.number_dtype(v, call.check) for v in (start, end, step)]
    dtype = dtype_of(call) or shapes.promote(dtypes)
    if "bool" in (dtype, *dtypes):
        raise Rejected("`arange` counts from a number to a number", "")
    if dtype == "int" and "float" in dtypes:
        raise Rejected("`arange` of ints goes from int to int", "dtype", "round the numbers first")
    length = _length(start, end, step, "float" in dtypes, call)
    return FunctionResult(TensorType((length,), dtype))


def _length(start: Static, end: Static, step: Static, fractions: bool, call: FunctionCall) -> Size:
    """How many numbers there are from ``start`` up to ``end``."""
    if any(isinstance(v, float) and not math.isfinite(v) for v in (start, end, step)):
        raise Rejected("`arange` needs finite numbers", "")
    if call.check.same(step, 0):
        raise Rejected("`arange` makes steps of 0", "step")
    room = dims.tidy(binary("-", end, start))
    _refuse_backwards(room, step, start, end, call)
    if not fractions:
        if not isinstance(room, Expr) and not isinstance(step, Expr):
            return -(-cast(int, room) // cast(int, step))
        return dims.ceildiv(cast(Size, room), cast(Size, step))
    parts = binary("/", room, step)
    if isinstance(parts, Expr):
        return Call("ceil", (parts,))
    if not abs(cast(float, parts)) < 2**63:
        raise Rejected("`arange` would make too many numbers", "step")
    return math.ceil(cast(float, parts))


def _refuse_backwards(
    room: Static, step: Static, start: Static, end: Static, call: FunctionCall
) -> None:
    up, down = call.check.less(0, step), call.check.less(step, 0)
    if call.check.less(room, 0) and up or call.check.less(0, room) and down:
        raise Rejected(
            f"`arange` can't go from {show(start)} to {show(end)} in steps of {show(step)}", "step"
        )


def _linspace(call: FunctionCall) -> TensorType:
    if dtype_of(call) == "bool":
        raise Rejected("numbers in equal steps are no bools", "dtype")
    return TensorType(sizes(call["steps"], call, "steps"), dtype_of(call) or "float")


def _eye(call: FunctionCall) -> TensorType:
    n, m = call["n"], call["m"]
    return TensorType(sizes((n, n if m is None else m), call, "n"), dtype_of(call) or "float")


def _window(call: FunctionCall) -> TensorType:
    if dtype_of(call) not in ("", "float"):
        raise Rejected("a window is made of floats", "dtype")
    names = [n for n in ("periodic", "alpha", "beta") if n in call.args]
    missing = [n for n in names if n not in call.given]
    if missing and any(n in call.given for n in names[names.index(missing[0]) :]):
        raise Rejected(f"torch wants `{missing[0]}` here too", missing[0])
    return TensorType(sizes(call["window_length"], call, "window_length"), "float")


def _tensor(call: FunctionCall) -> TensorType:
    """Numbers written down: the shape is that of the lists."""
    shape: list[Size] = []
    level = [call["data"]]
    while True:
        rows = [shapes.entries(item, call.check) for item in level if shapes.is_list(item)]
        if not rows:
            break
        if len(rows) != len(level) or len({len(row) for row in rows}) > 1:
            raise Rejected("the lists in `tensor` need equally many items", "data")
        shape.append(len(rows[0]))
        level = [item for row in rows for item in row]
    dtypes = [shapes.number_dtype(value, call.check) for value in level]
    return TensorType(tuple(shape), dtype_of(call) or shapes.promote(dtypes or ["float"]))


_VALUE = arg("fill_value", "float|int|bool")
_NUMBER = "float|int"
_LENGTH = arg("window_length", "int", low=0)
_WINDOWS: dict[str, tuple[Argument, ...]] = {
    "hann_window": (), "blackman_window": (), "bartlett_window": (),
    "hamming_window": (arg("alpha", "float", 0.54), arg("beta", "float", 0.46)),
    "kaiser_window": (arg("beta", "float", 12.0),),
}  # fmt: skip

FUNCTIONS = (
    entry("zeros", "torch.zeros", (_SIZES, DTYPE), _filled("float"), creates=True, star="size"),
    entry("ones", "torch.ones", (_SIZES, DTYPE), _filled("float"), creates=True, star="size"),
    entry("full", "torch.full", (_SIZES, _VALUE, DTYPE), _full, creates=True),
    entry("arange", "torch.arange",
          (arg("start", _NUMBER), arg("end", _NUMBER + "|none", None), arg("step", _NUMBER, 1),
           DTYPE), _arange, creates=True),
    entry("linspace", "torch.linspace",
          (arg("start", _NUMBER), arg("end", _NUMBER), arg("steps", "int", low=0), DTYPE),
          _linspace, creates=True),
    entry("eye", "torch.eye", (arg("n", "int", low=0), arg("m", "int|none", None, low=0), DTYPE),
          _eye, creates=True),
    entry("logspace", "torch.logspace",
          (arg("start", _NUMBER), arg("end", _NUMBER), arg("steps", "int", low=0),
           arg("base", "float", 10.0), DTYPE), _linspace, creates=True),
    entry("tensor", "torch.tensor", (arg("data", "numbers"), DTYPE), _tensor, creates=True),
    *(entry(name, f"torch.{name}", (_LENGTH, arg("periodic", "bool", True), *more, DTYPE), _window,
            creates=True)
      for name, more in _WINDOWS.items()),
    entry("zeros_like", "torch.zeros_like", (INPUT, DTYPE), _like),
    entry("ones_like", "torch.ones_like", (INPUT, DTYPE), _like),
    entry("full_like", "torch.full_like", (INPUT, _VALUE, DTYPE), _like),
)  # fmt: skip
