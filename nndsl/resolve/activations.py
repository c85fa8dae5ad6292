"""``activation name(alpha=1.0, beta: "c" = 0.25, const k=2): expression in x``."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Call, Expr
from nndsl.model.graph import Apply, Block, Declare, FlowType, TensorType, Var
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import static, tensor
from nndsl.resolve.naming import Naming
from nndsl.resolve.values import NOTHING, Definition
from nndsl.syntax import tree


def write_activation(
    definition: Definition, node: tree.Activation, types: dict[str, FlowType] | None, cx: Context
) -> Block:
    """The block of an activation: its learned parameters, then the expression."""
    from nndsl.resolve.blocks import bind_inputs, finish

    starts = {one.name.id: _start(one, cx) for one in node.params}
    inputs = bind_inputs(definition, types, cx)
    x = inputs[0].var
    here = replace(cx, flow=x, naming=Naming(), stateless="activation")
    for one in node.params:
        _check_name(one)
        if one.const:
            cx.scope.set(one.name.id, starts[one.name.id])
        else:
            cx.scope.set(one.name.id, _learned(one, starts[one.name.id], x, here))
    mistakes = cx.resolver.errors
    result = tensor(node.body, here)
    if cx.resolver.errors == mistakes and not cx.general and not cx.builder.used.get(x.id):
        raise fault(
            "E403", f"`{node.name.id}` never reads its input `x`", node.body.span, "without `x`"
        )
    return finish(definition, inputs, result if result is not None else NOTHING, here)


def _check_name(one: tree.ActivationParam) -> None:
    if one.name.id == "x":
        raise fault(
            "E207",
            "`x` is the input of an activation",
            one.name.span,
            "hides the input",
            help="give the parameter another name",
        )


def _start(one: tree.ActivationParam, cx: Context) -> Any:
    """Where a parameter begins: what the use gives, else its default."""
    given = cx.builder.starts.get(one.name.id, NOTHING)
    found = static(one.default, cx) if given is NOTHING else given
    if not statics.is_number(statics.plain(found)) and not cx.general:
        raise fault(
            "E205",
            f"`{one.name.id}` begins at a number",
            one.span,
            f"this is {statics.kind_of(found)}",
        )
    return found


def _learned(one: tree.ActivationParam, start: Any, x: Var, cx: Context) -> Var:
    """Declare a learned parameter: of shape [1], or one per channel."""
    b = cx.builder
    name = one.name.id
    from nndsl.resolve.reserved import check_member_name

    check_member_name(name, one.name.span, "a parameter")
    b.claim((name,), one.name.span)
    size: Any = 1
    if one.pattern is not None and one.pattern.value.strip() != "1":
        size = _channels(one, x)
    shape = (size,)
    with b.collect() as body:
        if isinstance(start, Expr) and cx.general:
            start = Call("float", (start,))  # an int would make a tensor of ints
        start = float(start) if isinstance(start, int) else start
        fn = Apply("torch.ones", shape) if start == 1.0 else Apply("torch.full", (shape, start))
        made = b.apply(fn, TensorType(shape), one.span)
    b.emit(Declare(name, made, tuple(body), True, True, one.span))
    var = Var(next(b.numbers), name, TensorType(shape), (name,), one.span)
    rank = x.type.rank if isinstance(x.type, TensorType) else None
    if size != 1 and rank is not None and rank > 2:
        ones = (1,) * (rank - 2)
        return b.apply(Apply("Tensor.view", (var, -1, *ones)), TensorType((size, *ones)), one.span)
    return var


def _channels(one: tree.ActivationParam, x: Var) -> Any:
    """The size of axis 1, as for PReLU."""
    assert one.pattern is not None
    type = x.type
    if not one.pattern.value.strip().isidentifier():
        raise fault("E308", 'a parameter is of shape "1" or one per channel, "c"', one.pattern.span)
    if not isinstance(type, TensorType) or type.shape is None or len(type.shape) < 2:
        raise fault(
            "E305", "one per channel: the input's channels are not known here", one.pattern.span
        )
    return type.shape[1]
