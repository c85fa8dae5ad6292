"""More ways to join and part tensors: hstack and its relatives, tensor_split, products of sets."""

from __future__ import annotations

from typing import cast

from nndsl.functions import shapes
from nndsl.functions.entry import INPUT, Rule, arg, entry, listed, tensor
from nndsl.functions.joining import agreed, checked, with_size
from nndsl.functions.shapes import Shape
from nndsl.functions.text import show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Expr, Size, Static
from nndsl.model.graph import FlowType, ListType, TensorType, TupleType, Var
from nndsl.model.spec import FunctionCall, Rejected

_TENSORS = arg("tensors", "tensors")


def _known(call: FunctionCall, name: str) -> tuple[TensorType, ...]:
    """The tensors, all axes known."""
    value = call["tensors"]
    if isinstance(value, Var) and isinstance(value.type, ListType):
        raise Rejected(f"`{name}` needs to know how many tensors it gets", "tensors", "use `cat`")
    types = listed(call, "tensors")
    if not types:
        raise Rejected(f"`{name}` needs at least one tensor", "tensors")
    for type in types:
        shapes.whole_shape(type, f"`{name}`")
    return types


def _at_least(rank: int, shape: Shape) -> Shape:
    """With axes of 1 added as torch's ``atleast_2d`` and ``atleast_3d`` do."""
    if len(shape) >= rank:
        return shape
    if rank == 3 and len(shape) == 2:
        return (*shape, 1)
    if rank == 3:
        return (1, *(shape or (1,)), 1)
    return (1,) * (rank - len(shape)) + shape


def _stack(name: str, rank: int) -> Rule:
    """``hstack``, ``vstack``, ``dstack``: along axis 1, 0 or 2, with axes added as needed."""

    def rule(call: FunctionCall) -> TensorType:
        types = _known(call, name)
        wide = [shapes.reshaped(t, _at_least(rank, shapes.shape_of(t))) for t in types]
        along = {"vstack": 0, "dstack": 2}.get(name, 1)
        if name == "hstack" and len(shapes.shape_of(wide[0])) == 1:
            along = 0
        return _cat(wide, along, call, name)

    return rule


def _cat(types: list[TensorType], along: int, call: FunctionCall, name: str) -> TensorType:
    checked(types, name)
    shape = agreed(types, call, "joined", along)
    total: Static = 0
    for type in types:
        total = total + shapes.shape_of(type)[along]  # type: ignore[operator]
    shape[along] = cast(Size, dims.tidy(total))
    return shapes.reshaped(types[0], shape, shapes.promote(t.dtype for t in types))


def _column_stack(call: FunctionCall) -> TensorType:
    wide = []
    for type in _known(call, "column_stack"):
        shape = shapes.shape_of(type)
        wide.append(shapes.reshaped(type, shape if len(shape) > 1 else (*(shape or (1,)), 1)))
    return _cat(wide, 1, call, "column_stack")


def _broadcast_tensors(call: FunctionCall) -> FlowType:
    types = _known(call, "broadcast_tensors")
    wide = shapes.broadcast(types, call.check, "broadcast", "float")
    return TupleType(tuple(shapes.reshaped(t, shapes.shape_of(wide)) for t in types), None, True)


def _block_diag(call: FunctionCall) -> TensorType:
    types = _known(call, "block_diag")
    rows: Static = 0
    columns: Static = 0
    for type in types:
        shape = shapes.shape_of(type)
        if len(shape) > 2:
            raise Rejected(f"`block_diag` joins matrices, not {show_shape(shape)}", "tensors")
        height, width = _at_least(2, shape)
        rows, columns = rows + height, columns + width  # type: ignore[operator]
    return shapes.reshaped(types[0], (rows, columns), shapes.promote(t.dtype for t in types))


def _cartesian_prod(call: FunctionCall) -> TensorType:
    types = _known(call, "cartesian_prod")
    total: Size = 1
    for type in types:
        shape = shapes.shape_of(type)
        if len(shape) != 1:
            raise Rejected(
                f"`cartesian_prod` takes tensors with one axis, not {show_shape(shape)}", "tensors"
            )
        total = total * shape[0]  # type: ignore[assignment]
    if len({t.dtype for t in types}) > 1:
        raise Rejected("`cartesian_prod` needs tensors of one dtype", "tensors")
    sizes = (total, len(types)) if len(types) > 1 else (total,)
    return shapes.reshaped(types[0], sizes)


def _tensor_split(call: FunctionCall) -> FlowType:
    """In so many parts, the first ones larger by one; or cut at places."""
    type = tensor(call)
    place = shapes.axis(type, call["dim"], call.check)
    size, parts = shapes.shape_of(type)[place], call["indices_or_sections"]
    if shapes.is_list(parts):
        return _cut(type, place, shapes.entries(parts, call.check), call)
    number = call.check.number(parts)
    assert isinstance(number, int)
    if number < 1:
        raise Rejected(f"an axis can't be cut into {number} parts", "indices_or_sections")
    if number > _MOST:
        raise Rejected(f"{number} parts of an axis are too many", "indices_or_sections")
    if isinstance(size, Expr):
        if not call.check.divides(number, size):
            raise Rejected(f"{show(size)} can't be cut into {number} equal parts", "input")
        whole = [dims.tidy(size // number)] * number
    else:
        whole = [size // number + (i < size % number) for i in range(number)]
    return TupleType(tuple(with_size(type, place, part) for part in whole), None, True)


def _cut(type: TensorType, place: int, cuts: tuple[Static, ...], call: FunctionCall) -> FlowType:
    size = shapes.shape_of(type)[place]
    if isinstance(size, Expr) or any(isinstance(cut, Expr) for cut in cuts):
        raise Rejected(
            "cutting at places needs a known axis and known places",
            "indices_or_sections",
            "slice: `x[:, :4]`",
        )
    ends = [cut + size if cut < 0 else cut for cut in cast("tuple[int, ...]", cuts)]
    ends = [min(max(end, 0), size) for end in ends]
    starts = [0, *ends]
    sizes = [max(0, end - start) for start, end in zip(starts, [*ends, size], strict=True)]
    return TupleType(tuple(with_size(type, place, part) for part in sizes), None, True)


def _parts_unknown(call: FunctionCall) -> FlowType:
    parts = call["indices_or_sections"]
    number = len(parts) + 1 if isinstance(parts, tuple) else call.check.number(parts)
    assert isinstance(number, int)
    return TupleType((TensorType(None, tensor(call).dtype),) * min(number, _MOST), None, True)


_MOST = 1024

FUNCTIONS = (
    entry("hstack", "torch.hstack", (_TENSORS,), _stack("hstack", 1)),
    entry("vstack", "torch.vstack", (_TENSORS,), _stack("vstack", 2)),
    entry("dstack", "torch.dstack", (_TENSORS,), _stack("dstack", 3)),
    entry("column_stack", "torch.column_stack", (_TENSORS,), _column_stack),
    entry("broadcast_tensors", "torch.broadcast_tensors", (_TENSORS,), _broadcast_tensors,
          star="tensors"),
    entry("block_diag", "torch.block_diag", (_TENSORS,), _block_diag, star="tensors"),
    entry("cartesian_prod", "torch.cartesian_prod", (_TENSORS,), _cartesian_prod, star="tensors"),
    entry("tensor_split", "torch.tensor_split",
          (INPUT, arg("indices_or_sections", "int|ints"), arg("dim", "axis", 0)), _tensor_split,
          _parts_unknown),
)  # fmt: skip
