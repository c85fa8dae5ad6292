"""Parameters and buffers of a definition: their shapes and how they begin."""

from __future__ import annotations

from typing import Any

from nndsl.functions import operators
from nndsl.model.expr import Call, Expr, Op, Size, Static, known
from nndsl.model.graph import Apply, Declare, TensorType, Var
from nndsl.model.patterns import Part
from nndsl.model.spec import Rejected
from nndsl.model.text import shape as shape_text
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.constants import with_constants
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import static, value
from nndsl.resolve.shapes import part_value, read
from nndsl.resolve.values import Builtin, UserFunction, free_names
from nndsl.syntax import tree

# How a parameter may begin besides numbers: torch's name, and how many numbers it takes.
_FILLS = {
    "normal": ("Tensor.normal_", (0.0, 1.0)),
    "uniform": ("Tensor.uniform_", (0.0, 1.0)),
    "trunc_normal": ("torch.nn.init.trunc_normal_", (0.0, 1.0, -2.0, 2.0)),
}
_NAMES = {
    "normal": ("mean", "std"),
    "uniform": ("a", "b"),
    "trunc_normal": ("mean", "std", "a", "b"),
}


def by_branch(node: tree.ParamDecl | tree.BufferDecl, cx: Context) -> tree.If | None:
    """``param g: "c" = ones if flag else zeros`` as an ``if`` with a declaration in each branch."""
    name = "init" if isinstance(node, tree.ParamDecl) else "value"
    choice = getattr(node, name)
    while isinstance(choice, tree.Group):
        choice = choice.inner
    if not isinstance(choice, tree.Conditional) or choice.orelse is None:
        return None
    if not any(_makes_tensor(side, cx) for side in (choice.then, choice.orelse)):
        return None
    then, orelse = (replace(node, **{name: side}) for side in (choice.then, choice.orelse))
    return tree.If(node.span, choice.test, (then,), (orelse,))


def _makes_tensor(node: tree.Expr, cx: Context) -> bool:
    found = map(cx.scope.get, free_names(node))
    return _has_fill(node) or any(
        isinstance(one, Var) or isinstance(one, Builtin) and one.function and not one.static
        for one in found
    )


def parameter(node: tree.ParamDecl, cx: Context) -> None:
    """``param g: "c" = zeros``, or ``param g: "c" = zeros, requires_grad=False``."""
    b = cx.builder
    path = _claim(node.name, cx)
    learned = _option(node, "parameter", "requires_grad", cx)
    shape = declared_shape(node.pattern, cx) if node.pattern is not None else None
    with b.collect() as body:
        made = initial(node.init, shape, replace(cx.plain(), flow=None, quiet=True))
    if getattr(made.type, "dtype", "") != "float":
        raise fault(
            "E303",
            "a parameter is float: it is learned",
            node.init.span,
            f"this is {getattr(made.type, 'dtype', 'no tensor')}",
        )
    made, whole = with_constants("parameter", made, body, node.init, cx)
    declare(node.name, path, made, whole, cx, learned=learned)


def buffer(node: tree.BufferDecl, cx: Context) -> None:
    """``buffer mask = tril(ones(n, n)), persistent=False``."""
    b = cx.builder
    path = _claim(node.name, cx)
    persistent = _option(node, "buffer", "persistent", cx)
    shape = declared_shape(node.pattern, cx) if node.pattern is not None else None
    with b.collect() as body:
        made = initial(node.value, shape, replace(cx.plain(), flow=None, quiet=True))
    made, whole = with_constants("buffer", made, body, node.value, cx)
    declare(node.name, path, made, whole, cx, trainable=False, persistent=persistent)


def _option(node: tree.ParamDecl | tree.BufferDecl, kind: str, name: str, cx: Context) -> Static:
    """The one yes or no that may follow the value; yes if it is left out."""
    found: Static = True
    for option in node.options:
        if option.name is None or option.name.id != name or option.value is None:
            raise fault(
                "E202",
                f"a {kind} has one option, `{name}`",
                option.span,
                "unknown option",
                help=f"write `{name}=False`",
            )
        found = static(option.value, cx.plain())
        if not isinstance(found, bool | Expr):
            raise fault(
                "E205",
                f"`{name}` is True or False",
                option.span,
                f"this is {statics.kind_of(found)}",
            )
    return found


def _claim(name: tree.Name, cx: Context) -> str:
    from nndsl.resolve.reserved import check_member_name, check_value_name

    check_member_name(name.id, name.span)
    check_value_name(name.id, name.span)
    path = (*cx.naming.prefix, name.id)
    if cx.builder.members.get(path) == name.span:
        raise fault(
            "E401",
            f"two things under one name: `{name.id}`",
            name.span,
            "made in every round",
            help="put it into a definition, which is a module of its own in every round",
        )
    cx.builder.claim(path, name.span)
    return name.id


def declare(
    name: tree.Name,
    path: str,
    made: Var,
    body: tuple[Any, ...],
    cx: Context,
    *,
    trainable: bool = True,
    learned: Static = True,
    persistent: Static = True,
) -> None:
    """Register a tensor of the module's own and let its name stand for it."""
    b = cx.builder
    shape = getattr(made.type, "shape", None) or ()
    if not cx.general and any(isinstance(size, Expr) and not known(size) for size in shape):
        raise fault(
            "E304",
            f"the size of `{name.id}` must be known when the model is constructed",
            name.span,
            f"has shape {shape_text(shape)}",
            help="declare the input with numbers for these sizes",
        )
    b.emit(Declare(path, made, body, trainable, persistent, name.span, learned))
    var = Var(next(b.numbers), name.id, made.type, (path,), name.span)
    cx.scope.assign(name.id, var)


def declared_shape(node: tree.String, cx: Context) -> tuple[Size, ...]:
    """The sizes that a parameter's pattern says; names in it are values or sizes known by now."""
    sizes: list[Size] = []
    for part in read(node).left:
        if not isinstance(part, Part) or part.kind in ("any", "rest"):
            raise fault("E308", "a parameter's axes are sizes", node.span, "not a size")
        if part.kind == "name":
            found = static(tree.Name(node.span, part.text), cx)
        else:
            found = part_value(node, part, cx)
        sizes.append(statics.whole_number(found, node, "the size of a parameter", cx))
    return tuple(sizes)


def initial(node: tree.Expr, shape: tuple[Size, ...] | None, cx: Context) -> Var:
    """The tensor that an expression of numbers, fills and functions computes at construction."""
    while isinstance(node, tree.Group):
        node = node.inner
    found = _filled(node, shape, cx)
    if found is None:
        found = _computed(node, shape, cx)
    if not isinstance(found, Var):
        found = _full(found, shape, node, cx)
    if shape is not None and isinstance(found.type, TensorType) and found.type.shape is not None:
        _check_shape(found.type.shape, shape, node, cx)
    return found


def _filled(node: tree.Expr, shape: tuple[Size, ...] | None, cx: Context) -> Any:
    """``zeros``, ``ones``, ``normal(0, 0.02)`` and the like, of the declared shape."""
    if isinstance(node, tree.Conditional) and _has_fill((node.then, node.orelse)):
        raise fault(
            "E205",
            "a choice between beginnings stands alone",
            node.span,
            "part of an expression",
            help="write an `if` with the declaration in each branch",
        )
    if isinstance(node, tree.Name) and node.id in ("zeros", "ones"):
        return _create(f"torch.{node.id}", _wanted(shape, node), node, cx)
    name = (
        node.func.id if isinstance(node, tree.Call) and isinstance(node.func, tree.Name) else None
    )
    if isinstance(node, tree.Name) and node.id in _FILLS:
        name = node.id
    if name not in _FILLS:
        return None
    assert name is not None
    fn, defaults = _FILLS[name]
    numbers = dict(zip(_NAMES[name], defaults, strict=True))
    for place, one in enumerate(node.args if isinstance(node, tree.Call) else ()):
        key = (
            one.name.id if one.name is not None else (*_NAMES[name], "")[min(place, len(defaults))]
        )
        if key not in numbers or one.value is None:
            raise fault("E202", f"`{name}` takes {', '.join(_NAMES[name])}", one.span, "unknown")
        numbers[key] = _number(static(one.value, cx), one)
    empty = _create("torch.empty", _wanted(shape, node), node, cx)
    filled = Apply(fn, (empty, *_unlike(tuple(numbers.values()), defaults)))
    if fn.startswith("torch.nn.init."):  # where people write names
        given = zip(numbers.items(), defaults, strict=True)
        filled = Apply(fn, (empty,), tuple(pair for pair, default in given if pair[1] != default))
    return cx.builder.apply(filled, empty.type, node.span)


def _unlike(numbers: tuple[Any, ...], defaults: tuple[float, ...]) -> tuple[Any, ...]:
    """The arguments up to the last one that is not torch's own."""
    while numbers and numbers[-1] == defaults[len(numbers) - 1]:
        numbers = numbers[:-1]
    return numbers


def _number(found: Any, node: tree.Argument) -> Any:
    if not statics.is_number(found) and not isinstance(found, Expr):
        raise fault(
            "E205", "a number is wanted here", node.span, f"this is {statics.kind_of(found)}"
        )
    return found


def _wanted(shape: tuple[Size, ...] | None, node: tree.Expr) -> tuple[Size, ...]:
    if shape is None:
        raise fault(
            "E305",
            "the shape of this parameter is not known",
            node.span,
            "of which shape?",
            help='write it behind the name: `param g: "c" = ...`',
        )
    return shape


def _create(fn: str, shape: tuple[Size, ...], node: tree.Expr, cx: Context) -> Var:
    return cx.builder.apply(Apply(fn, tuple(shape)), TensorType(shape), node.span)


def _computed(node: tree.Expr, shape: tuple[Size, ...] | None, cx: Context) -> Any:
    """An expression; the fills in it have the declared shape."""
    if isinstance(node, tree.Unary) and _has_fill(node.operand):
        return _operate(node, (_part(node.operand, shape, cx),), cx)
    if isinstance(node, tree.Binary) and _has_fill(node):
        left = _part(node.left, shape, cx)
        right = _part(node.right, shape, cx)
        return _operate(node, (left, right), cx)
    return value(node, cx)


def _part(node: tree.Expr, shape: tuple[Size, ...] | None, cx: Context) -> Any:
    while isinstance(node, tree.Group):
        node = node.inner
    found = _filled(node, shape, cx)
    return found if found is not None else _computed(node, shape, cx)


def _operate(node: tree.Unary | tree.Binary, operands: tuple[Any, ...], cx: Context) -> Var:
    try:
        if len(operands) == 1:
            type, fn = operators.unary(node.op, operands[0])
        else:
            type, fn = operators.binary(node.op, operands[0], operands[1], cx.builder.check)
    except Rejected as reason:
        raise fault(reason.code, reason.message, node.span, "", reason.help) from None
    return cx.builder.apply(Apply(fn, operands), type, node.span)


def _has_fill(node: object) -> bool:
    if isinstance(node, tuple):
        return any(map(_has_fill, node))
    if isinstance(node, tree.Conditional):
        return _has_fill((node.then, node.orelse))
    if isinstance(node, tree.Name):
        return node.id in _FILLS or node.id in ("zeros", "ones")
    if isinstance(node, tree.Call):
        return isinstance(node.func, tree.Name) and node.func.id in _FILLS
    if isinstance(node, tree.Binary):
        return _has_fill(node.left) or _has_fill(node.right)
    return isinstance(node, tree.Group | tree.Unary) and _has_fill(
        node.inner if isinstance(node, tree.Group) else node.operand
    )


def _full(found: Any, shape: tuple[Size, ...] | None, node: tree.Expr, cx: Context) -> Var:
    """A number as a tensor: of the declared shape, or a scalar."""
    if not statics.is_number(found) and not isinstance(found, Expr):
        function = isinstance(found, Builtin | UserFunction)
        raise fault(
            "E205",
            "a number or a tensor is wanted here",
            node.span,
            "this is a function" if function else f"this is {statics.kind_of(found)}",
            help="it starts as a number, `zeros`, `ones` or `normal(0, 0.02)`" if function else "",
        )
    if known(found) and not isinstance(found, Expr):
        found = float(found)
    elif cx.general and not (isinstance(found, Op) and found.op == "/"):
        found = Call("float", (found,))  # an int would make a tensor of ints
    if shape is None:
        type_ = TensorType((), "float")
        return cx.builder.apply(Apply("torch.tensor", (found,)), type_, node.span)
    return cx.builder.apply(
        Apply("torch.full", (tuple(shape), found)), TensorType(shape), node.span
    )


def _check_shape(
    have: tuple[Size, ...], want: tuple[Size, ...], node: tree.Expr, cx: Context
) -> None:
    same = len(have) == len(want) and all(
        cx.builder.check.equal(a, b) for a, b in zip(have, want, strict=True)
    )
    if not same:
        raise fault(
            "E301",
            f"this makes {shape_text(have)}, but {shape_text(want)} is declared",
            node.span,
            "another shape",
        )
