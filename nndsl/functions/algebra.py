"""Linear algebra on the last two axes: determinants, inverses, factors, norms."""

from __future__ import annotations

from collections.abc import Callable

from nndsl.functions import shapes
from nndsl.functions.entry import INPUT, KEEPDIM, Rule, arg, dtype_of, entry, tensor
from nndsl.functions.reductions import reduced
from nndsl.functions.shapes import Shape
from nndsl.functions.text import show, show_shape
from nndsl.model.expr import Call, Expr, Size
from nndsl.model.graph import TensorType, TupleType
from nndsl.model.spec import FunctionCall, FunctionResult, Rejected

_A = arg("A")


def _matrix(call: FunctionCall, name: str = "A", square: bool = True) -> TensorType:
    """A batch of float matrices; square ones if said."""
    type = tensor(call, name)
    shapes.need_float(type, "linear algebra", name)
    shape = shapes.shape_of(type)
    if len(shape) < 2:
        raise Rejected(f"a matrix is wanted, not {show_shape(shape, type.lead)}", name)
    if square and not call.check.equal(shape[-2], shape[-1]):
        raise Rejected(f"a square matrix is wanted, not {show_shape(shape, type.lead)}", name)
    return type


def _squares(first: str, kept: int) -> Rule:
    """A function of square matrices, of which the last ``kept`` axes stay."""

    def rule(call: FunctionCall) -> TensorType:
        type = _matrix(call, first)
        shape = shapes.shape_of(type)
        return shapes.reshaped(type, shape[: len(shape) - 2 + kept])

    return rule


def _slogdet(call: FunctionCall) -> TupleType:
    type = _matrix(call)
    one = shapes.reshaped(type, shapes.shape_of(type)[:-2])
    return TupleType((one, one), ("sign", "logabsdet"))


def _eigh(call: FunctionCall) -> TupleType:
    type = _matrix(call, "input")
    values = shapes.reshaped(type, shapes.shape_of(type)[:-1])
    return TupleType((values, type), ("eigenvalues", "eigenvectors"))


def _shorter(a: Size, b: Size, call: FunctionCall) -> Size:
    """The smaller of two sizes, as an expression where it isn't known which that is."""
    if call.check.less(a, b) or call.check.same(a, b):
        return a
    return b if call.check.less(b, a) else Call("min", (a, b))


def _qr(call: FunctionCall) -> FunctionResult:
    type = _matrix(call, "A", square=False)
    *batch, rows, columns = shapes.shape_of(type)
    if call["mode"] == "r":
        raise Rejected('mode="r" has an empty first output', "mode", "take the second: `qr(A)[1]`")
    inner = rows if call["mode"] == "complete" else _shorter(rows, columns, call)
    sides = ((*batch, rows, inner), (*batch, inner, columns))
    return FunctionResult(TupleType(tuple(shapes.reshaped(type, s) for s in sides), ("Q", "R")))


def _svd(call: FunctionCall) -> TupleType:
    type = _matrix(call, "A", square=False)
    *batch, rows, columns = shapes.shape_of(type)
    inner = _shorter(rows, columns, call)
    full = shapes.flag(call["full_matrices"], call.check)
    left, right = (rows, columns) if full else (inner, inner)
    parts = ((*batch, rows, left), (*batch, inner), (*batch, right, columns))
    return TupleType(tuple(shapes.reshaped(type, s) for s in parts), ("U", "S", "Vh"))


def _svdvals(call: FunctionCall) -> TensorType:
    type = _matrix(call, "A", square=False)
    *batch, rows, columns = shapes.shape_of(type)
    return shapes.reshaped(type, (*batch, _shorter(rows, columns, call)))


def _pinv(call: FunctionCall) -> TensorType:
    type = _matrix(call, "input", square=shapes.flag(call["hermitian"], call.check))
    *batch, rows, columns = shapes.shape_of(type)
    return shapes.reshaped(type, (*batch, columns, rows))


def _solve(call: FunctionCall) -> TensorType:
    """``solve``: B is a vector if it has one axis, or just the axes of A without the last."""
    one, two = _matrix(call), tensor(call, "B")
    shapes.need_float(two, "linear algebra", "B")
    a, b = shapes.shape_of(one), shapes.shape_of(two)
    if two.lead or one.lead:
        shapes.whole_shape(one, "`solve`")
        shapes.whole_shape(two, "`solve`")
    left = shapes.flag(call["left"], call.check)
    if not b:
        raise Rejected("`B` has no axes", "B")
    vector = len(b) == 1 or len(a) - 1 == len(b) and all(map(call.check.same, b, a))
    if vector and not left:
        raise Rejected("`left=False` needs a matrix `B`", "left")
    _fit(a, b, -1 if vector or not left else -2, call)
    batch = shapes.broadcast_shapes(a[:-2], b[: -1 if vector else -2], call.check, "solved")
    return shapes.reshaped(two, (*batch, *b[-1 if vector else -2 :]))


def _fit(a: Shape, b: Shape, place: int, call: FunctionCall) -> None:
    if not call.check.equal(a[-1], b[place]):
        raise Rejected(
            f"{show(a[-1])} equations don't fit to axis {place} of `B`, which is {show(b[place])}",
            "B",
        )


def _solve_triangular(call: FunctionCall) -> TensorType:
    one, two = _matrix(call, "input"), _matrix(call, "B", square=False)
    a, b = shapes.shape_of(one), shapes.shape_of(two)
    _fit(a, b, -2 if shapes.flag(call["left"], call.check) else -1, call)
    shapes.refuse_overlap(one, two, "solved")
    batch = shapes.broadcast_shapes(a[:-2], b[:-2], call.check, "solved")
    return TensorType((*batch, *b[-2:]), "float", one.lead or two.lead)


def _cholesky_solve(call: FunctionCall) -> TensorType:
    two, one = _matrix(call, "input", square=False), _matrix(call, "input2")
    a, b = shapes.shape_of(one), shapes.shape_of(two)
    _fit(a, b, -2, call)
    shapes.refuse_overlap(one, two, "solved")
    batch = shapes.broadcast_shapes(a[:-2], b[:-2], call.check, "solved")
    return TensorType((*batch, *b[-2:]), "float", one.lead or two.lead)


# ------------------------------------------------------------------ norms and products


def _norm_dtype(call: FunctionCall) -> None:
    shapes.need_float(tensor(call), "a norm")
    if dtype_of(call) not in ("", "float"):
        raise Rejected("a norm is a float", "dtype")


def _vector_norm(call: FunctionCall) -> TensorType:
    _norm_dtype(call)
    return reduced(tensor(call), call["dim"], call["keepdim"], call)


_ORDERS = ("fro", "nuc")
_SINGULAR = (1, -1, 2, -2, float("inf"), float("-inf"))


def _matrix_norm(call: FunctionCall) -> TensorType:
    _norm_dtype(call)
    type, order = tensor(call), call["ord"]
    if isinstance(order, str):
        known = order in _ORDERS
    else:
        known = isinstance(order, Expr) or order in _SINGULAR
    if not known:
        raise Rejected('`ord` is "fro", "nuc", 1, 2 or inf, or one of these negative', "ord")
    if len(shapes.shape_of(type)) < 2:
        raise Rejected(f"a matrix is wanted, not {show_shape(type.shape, type.lead)}", "input")
    places = shapes.axes(type, call["dim"], call.check)
    if len(places) != 2:
        raise Rejected("`dim` is two axes", "dim")
    return reduced(type, call["dim"], call["keepdim"], call)


def _vecdot(call: FunctionCall) -> TensorType:
    both = tensor(call, "x"), tensor(call, "y")
    for type, name in zip(both, ("x", "y"), strict=True):
        shapes.need_float(type, "`vecdot`", name)
    wide = shapes.broadcast(both, call.check, "multiplied", both[0].dtype)
    one, two = (shapes.shape_of(type) for type in both)
    if len(one) == len(two) == 1 and not call.check.equal(one[0], two[0]):
        raise Rejected(f"vectors of {show(one[0])} and {show(two[0])} have no product", "y")
    return reduced(wide, call["dim"], False, call)


def _cross(call: FunctionCall) -> TensorType:
    both = tensor(call), tensor(call, "other")
    shapes.same_dtype(*both, "`cross`")
    if both[0].dtype == "bool":
        raise Rejected("`cross` doesn't work on bool tensors", "input", "convert: `float(x)`")
    one, two = (shapes.shape_of(type) for type in both)
    if len(one) != len(two):
        raise Rejected(f"{show_shape(one)} and {show_shape(two)} need equally many axes", "other")
    wide = shapes.broadcast(both, call.check, "multiplied", both[0].dtype)
    place = shapes.axis(wide, call["dim"], call.check)
    for type, name in zip(both, ("input", "other"), strict=True):
        size = shapes.shape_of(type)[place]
        if not call.check.equal(size, 3):
            raise Rejected(f"`cross` multiplies vectors of 3, axis {place} is {show(size)}", name)
    return wide


def _kron(call: FunctionCall) -> TensorType:
    both = tensor(call), tensor(call, "other")
    one, two = (shapes.whole_shape(type, "`kron`") for type in both)
    length = max(len(one), len(two))
    wide = ((1,) * (length - len(s)) + s for s in (one, two))
    sizes = [a * b for a, b in zip(*wide, strict=True)]
    return shapes.reshaped(both[0], sizes, shapes.promote(type.dtype for type in both))


def _trace(call: FunctionCall) -> TensorType:
    type = tensor(call)
    shape = shapes.whole_shape(type, "`trace`")
    if len(shape) != 2:
        raise Rejected(
            f"`trace` takes one matrix, not {show_shape(shape)}",
            "input",
            "of many: `sum(diagonal(x, 0, -2, -1), dim=-1)`",
        )
    if type.dtype == "bool":
        raise Rejected("`trace` doesn't work on bool tensors", "input", "convert: `int(x)`")
    return TensorType((), type.dtype)


def _unknown(*names: str) -> Callable[[FunctionCall], TupleType]:
    return lambda call: TupleType((TensorType(None),) * len(names), names)


_FLAG = "bool"
_LEFT = arg("left", _FLAG, True, named=True)
_UPPER = arg("upper", _FLAG, False, named=True)
_L = "torch.linalg"
_TYPED = arg("dtype", "dtype|none", None, named=True)

FUNCTIONS = (
    entry("det", f"{_L}.det", (_A,), _squares("A", 0)),
    entry("logdet", "torch.logdet", (INPUT,), _squares("input", 0)),
    entry("slogdet", f"{_L}.slogdet", (_A,), _slogdet, _unknown("sign", "logabsdet")),
    entry("inv", f"{_L}.inv", (_A,), _squares("A", 2)),
    entry("pinv", f"{_L}.pinv",
          (INPUT, *(arg(name, "float|none", None, named=True) for name in ("atol", "rtol")),
           arg("hermitian", _FLAG, False, named=True)), _pinv),
    entry("matrix_exp", f"{_L}.matrix_exp", (INPUT,), _squares("input", 2)),
    entry("matrix_power", f"{_L}.matrix_power", (INPUT, arg("n", "int")), _squares("input", 2)),
    entry("cholesky", f"{_L}.cholesky", (INPUT, _UPPER), _squares("input", 2)),
    entry("cholesky_solve", "torch.cholesky_solve",
          (INPUT, arg("input2"), arg("upper", _FLAG, False)), _cholesky_solve),
    entry("solve", f"{_L}.solve", (_A, arg("B"), _LEFT), _solve),
    entry("solve_triangular", f"{_L}.solve_triangular",
          (INPUT, arg("B"), arg("upper", _FLAG, named=True), _LEFT,
           arg("unitriangular", _FLAG, False, named=True)), _solve_triangular),
    entry("qr", f"{_L}.qr",
          (_A, arg("mode", "str", "reduced", choices=("reduced", "complete", "r"))), _qr,
          _unknown("Q", "R")),
    entry("svd", f"{_L}.svd", (_A, arg("full_matrices", _FLAG, True)), _svd,
          _unknown("U", "S", "Vh")),
    entry("svdvals", f"{_L}.svdvals", (_A,), _svdvals),
    entry("eigh", f"{_L}.eigh", (INPUT, arg("UPLO", "str", "L", choices=("L", "U"))), _eigh,
          _unknown("eigenvalues", "eigenvectors")),
    entry("eigvalsh", f"{_L}.eigvalsh", (INPUT, arg("UPLO", "str", "L", choices=("L", "U"))),
          _squares("input", 1)),
    entry("vector_norm", f"{_L}.vector_norm",
          (INPUT, arg("ord", "float", 2), arg("dim", "axes|none", None), KEEPDIM, _TYPED),
          _vector_norm),
    entry("matrix_norm", f"{_L}.matrix_norm",
          (INPUT, arg("ord", "float|str", "fro"), arg("dim", "axes", (-2, -1)), KEEPDIM, _TYPED),
          _matrix_norm),
    entry("vecdot", f"{_L}.vecdot", (arg("x"), arg("y"), arg("dim", "axis", -1, named=True)),
          _vecdot),
    entry("cross", f"{_L}.cross", (INPUT, arg("other"), arg("dim", "axis", -1, named=True)),
          _cross),
    entry("kron", "torch.kron", (INPUT, arg("other")), _kron),
    entry("trace", "torch.trace", (INPUT,), _trace),
)  # fmt: skip
