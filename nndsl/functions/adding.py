"""Elements and slices put or added by index: scatter and its relatives."""

from __future__ import annotations

from nndsl.functions import shapes
from nndsl.functions.combining import check_filling
from nndsl.functions.entry import DIM, INPUT, Rule, apply, arg, entry, tensor
from nndsl.functions.selecting import INDEX, need_index, one_axis, same_rank, within
from nndsl.functions.text import count, show, show_shape
from nndsl.model.graph import TensorType, Var
from nndsl.model.spec import FunctionCall, FunctionResult, Rejected, Step

_REDUCTIONS = ("sum", "prod", "mean", "amax", "amin")


def _put(call: FunctionCall, src: object) -> TensorType:
    type, index = tensor(call), need_index(call)
    same_rank(type, index, "index")
    place = shapes.axis(type, call["dim"], call.check)
    within(index, type, place, call, "index")
    if isinstance(src, Var):
        assert isinstance(src.type, TensorType)
        same_rank(index, src.type, "src")
        within(index, src.type, -1, call, "src")
        shapes.same_dtype(type, src.type, "`scatter`")
    return type


def _scatter(call: FunctionCall) -> FunctionResult:
    output = _put(call, call["src"])
    # torch calls a number `value` and a tensor `src`; without names both are one
    step = apply("torch.scatter", *(call[name] for name in ("input", "dim", "index", "src")))
    return FunctionResult(output, (Step(step, output),))


def _from_src(call: FunctionCall) -> TensorType:
    return _put(call, call["src"])


def _along(call: FunctionCall, name: str) -> tuple[TensorType, int]:
    """The tensor and the place of the axis along which slices are put; ``index`` has one axis."""
    type, index = tensor(call), need_index(call)
    place = shapes.axis(type, call["dim"], call.check)
    one_axis(index, name)
    return type, place


def _slices(name: str) -> Rule:
    """``index_add`` and ``index_copy``: one slice of ``source`` for each index."""

    def rule(call: FunctionCall) -> TensorType:
        type, place = _along(call, name)
        source = tensor(call, "source")
        shapes.same_dtype(type, source, f"`{name}`")
        shape, given = shapes.shape_of(type), shapes.whole_shape(source, f"`{name}`")
        shapes.whole_shape(type, f"`{name}`")
        if len(shape) != len(given):
            raise Rejected(
                f"`source` has {count(len(given), 'axis')}, the input has {len(shape)}", "source"
            )
        picks = one_axis(tensor(call, "index"), name)
        for axis, (size, other) in enumerate(zip(shape, given, strict=True)):
            wanted = picks if axis == place else size
            if not call.check.equal(other, wanted):
                raise Rejected(
                    f"axis {axis} of `source` {show_shape(given)} is {show(other)}, "
                    f"{show(wanted)} is wanted",
                    "source",
                )
        return type

    return rule


def _fill(call: FunctionCall) -> TensorType:
    type, _ = _along(call, "index_fill")
    check_filling(call)
    return type


_SOURCE = arg("source")
_REDUCE = arg("reduce", "str", choices=_REDUCTIONS)
_KEEP = arg("include_self", "bool", True, named=True)

FUNCTIONS = (
    entry("scatter", "torch.scatter", (INPUT, DIM, INDEX, arg("src", "tensor|float")), _scatter),
    entry("scatter_add", "torch.scatter_add", (INPUT, DIM, INDEX, arg("src")), _from_src),
    entry("scatter_reduce", "torch.scatter_reduce", (INPUT, DIM, INDEX, arg("src"), _REDUCE, _KEEP),
          _from_src),
    entry("index_add", "torch.index_add",
          (INPUT, DIM, INDEX, _SOURCE, arg("alpha", "float", 1, named=True)), _slices("index_add")),
    entry("index_copy", "torch.index_copy", (INPUT, DIM, INDEX, _SOURCE), _slices("index_copy")),
    entry("index_fill", "torch.index_fill",
          (INPUT, DIM, INDEX, arg("value", "tensor|float|bool")), _fill),
)  # fmt: skip
