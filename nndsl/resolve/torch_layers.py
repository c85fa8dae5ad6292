"""Layers of torch: their entries are asked, members made."""

from __future__ import annotations

from typing import Any

from nndsl.diagnostics import Label
from nndsl.layers import apply as entries
from nndsl.layers import registry
from nndsl.limits import CODES, spend
from nndsl.model import dims
from nndsl.model.expr import Expr, Name, known, names_in
from nndsl.model.graph import Construct, Invoke, TensorType, TupleType, Var
from nndsl.model.spec import Choice, Layer, LayerCall, Rejected
from nndsl.model.text import shape as shape_text
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.born import causes
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context, fault
from nndsl.resolve.entering import enter
from nndsl.resolve.errors import Cascade
from nndsl.resolve.evaluate import snippet
from nndsl.resolve.members import member_path
from nndsl.resolve.uses import as_operand, check_tensor, type_of
from nndsl.resolve.values import (
    Arguments,
    Builtin,
    Bundle,
    LayerValue,
)
from nndsl.source import Span
from nndsl.syntax import tree


def meet_builtin(
    layer: LayerValue,
    tensors: tuple[Any, ...],
    keywords: tuple[tuple[str, Any], ...],
    cx: Context,
    node: tree.Expr,
) -> Any:
    spend(5)
    b = cx.builder
    assert isinstance(layer.layer, Builtin)
    inputs = _flat_inputs(tensors, keywords, node)
    try:
        inputs = _one_tensor(inputs, node)
        for given in tensors:
            check_tensor(f"`{layer.layer.name}` takes a tensor", given, node)
        for name, given in keywords:
            check_tensor(f"`{layer.layer.name}` takes a tensor as `{name}`", given, node)
        entry, call = enter(layer, inputs, cx, node)
        assume_input(entry, call, inputs[0], cx, node)
        inputs = ordered_inputs(entry, tensors, keywords, node)
        call = replace(call, inputs=tuple(map(type_of, inputs)))
        result = entries.meet(entry, call, layer.layer.name)
    except Rejected as reason:
        raise rejected(reason, layer, tensors, node, cx.builder) from None
    functional = entry.functional is not None and cx.label is None and not cx.naming.numbered
    if functional and not cx.naming.whole and entry.functional is not None:
        operation = entries.functional(entry, call, result, inputs[0])
        if operation is None or operation.fn == "op.identity":
            b.use(inputs[0])
            return inputs[0]
        module = entries.construct(entry, call, result)
        return b.apply(operation, result.output, node.span, layer=module)
    path = member_path(layer, cx)
    made = entries.construct(entry, call, result)
    check_known(made, layer, node, cx)
    if not cx.general:
        check_size(made, layer, node)
    b.make(path, made, node.span, result.output)
    operands, named = entries.invocation(entry, tuple(map(as_operand, inputs)))
    return b.apply(Invoke(path, operands, named), result.output, node.span)


def check_size(made: Construct, layer: LayerValue, node: tree.Expr) -> None:
    """A tensor holds less than 2**63 numbers."""
    for weight in made.weights:
        total = 1
        for size in weight.shape:
            total *= size if isinstance(size, int) else 1
        if total >= MOST:
            raise fault(
                CODES["integer"],
                f"`{weight.name}` of `{layer.identifier}` would be larger than any tensor",
                node.span,
                shape_text(weight.shape),
            )


MOST = 1 << 63


def _is_open(argument: Expr | tuple[Any, ...], cx: Context) -> bool:
    """Whether no constructor can know an argument; over names only a model's own sizes are so."""
    if not cx.general:
        return not known(argument)
    b = cx.builder
    return b.root and any(
        b.origins[name][0].id in b.received
        for name in names_in(dims.tidy(argument))
        if name.role == "size" and name in b.origins
    )


def check_known(made: Construct, layer: LayerValue, node: tree.Expr, cx: Context) -> None:
    """A layer is constructed from numbers; a size that only the run knows is refused."""
    for name, argument in (*(("", a) for a in made.args), *made.kwargs):
        if isinstance(argument, Expr | tuple) and _is_open(argument, cx):
            own = f"`{name}` of `{layer.identifier}`"
            what = own if name else f"the size that `{layer.identifier}` takes"
            span = culprit_span(name, layer.arguments) or node.span
            raise statics.undecided(argument, span, what)


def assume_input(entry: Layer, call: LayerCall, flow: Any, cx: Context, node: tree.Expr) -> None:
    """Give a model's undeclared input the shape that its first layer asks for."""
    b = cx.builder
    if (
        not isinstance(flow, Var)
        or not isinstance(flow.type, TensorType)
        or flow.type.shape is not None
    ):
        return
    if cx.resolver.failed:
        raise Cascade
    assumed = entry.assume(call) if entry.assume is not None else None
    if flow is not b.lead or assumed is None or assumed.shape is None:
        raise fault(
            "E305",
            f"the size that flows into `{entry.name}` is not known",
            node.span,
            "which size flows in?",
            help=_sizes_help(entry, call),
        )
    sizes = tuple(b.size(s.id) if isinstance(s, Name) else s for s in assumed.shape)
    object.__setattr__(flow, "type", TensorType(sizes, assumed.dtype))
    b.note_origins(flow)


def _sizes_help(entry: Layer, call: LayerCall) -> str:
    if entry.arrow is not None:
        out = call.args.get(entry.arrow[1])
        sizes = f"784->{out}" if isinstance(out, int) else "784->10"
        return (
            f'write `{entry.name} {sizes}`, or declare the input: `model name()(x: "b 784"): ...`'
        )
    return 'declare the input: `model name()(x: "b 3 224 224"): ...`'


def ordered_inputs(
    entry: Layer, tensors: tuple[Any, ...], keywords: Any, node: tree.Expr
) -> tuple[Any, ...]:
    """The tensors of a call in the order of the entry's inputs, those given by name too."""
    if not keywords:
        return tensors
    names = [i.rstrip("?") for i in entry.inputs]
    named = dict(keywords)
    unknown = next((k for k in named if k not in names), None)
    if unknown is not None:
        raise fault(
            "E202",
            f"`{entry.name}` has no input `{unknown}`",
            node.span,
            "unknown",
            help=f"its inputs are {', '.join(names)}",
        )
    last = max(names.index(k) for k in named)
    found = [*tensors, *(None for _ in range(last + 1 - len(tensors)))]
    for name, tensor in named.items():
        found[names.index(name)] = tensor
    return tuple(found)


def _flat_inputs(tensors: tuple[Any, ...], keywords: Any, node: tree.Expr) -> tuple[Any, ...]:
    return (*tensors, *(v for _, v in keywords))


def _one_tensor(inputs: tuple[Any, ...], node: tree.Expr) -> tuple[Any, ...]:
    first = inputs[0]
    several = (
        isinstance(first, Bundle) or isinstance(first, Var) and isinstance(first.type, TupleType)
    )
    if several:
        raise fault(
            "E307",
            f"several tensors flow into `{snippet(node)}`, which takes one",
            node.span,
            "takes one tensor",
            help="take one of them first: `| _[0] |`",
        )
    return inputs


def rejected(
    reason: Rejected, layer: LayerValue, tensors: tuple[Any, ...], node: tree.Expr, b: Builder
) -> Exception:
    """A refusal of an entry as a diagnostic: at the argument to blame, with what came in."""
    if reason.part is not None and isinstance(reason.part.place, LayerValue):
        layer = reason.part.place
        node = layer.node
    order = _order(layer)
    by_name = reason.code == "E202"
    span = culprit_span(reason.culprit, layer.arguments, by_name, order) or node.span
    found = causes(tensors[0], node.span, b) if tensors else []
    if reason.code in ("E205", "E206"):  # the input has no part in it
        found = given_by(span, b)
    return fault(reason.code, reason.message, span, reason.text, reason.help, found)


def given_by(span: Span, b: Builder) -> list[Label]:
    """Where a name that stands as an argument got its value."""
    made = b.assigned.get(span.text)
    return [Label(made, "gets its value here")] if made is not None and made != span else []


def _order(layer: LayerValue) -> tuple[str, ...]:
    """The names of a layer's arguments by their places."""
    found = layer.layer.layer if isinstance(layer.layer, Builtin) else None
    if isinstance(found, Choice):
        found = registry.find(next(iter(found.by_rank.values())))
    return places(found, layer.arguments) if isinstance(found, Layer) else ()


def places(entry: Layer, arguments: Arguments) -> tuple[str, ...]:
    """The names that arguments without a name have, in their order."""
    taken = entry.arrow if arguments.arrow is not None and entry.arrow is not None else ()
    return tuple(name for name in entry.positional if name not in taken)


def culprit_span(
    culprit: str, arguments: Arguments, by_name: bool = False, order: tuple[str, ...] = ()
) -> Span | None:
    """Where the argument to blame was written, or its name where that is wrong."""
    for name, given in arguments.keywords:
        if name == culprit:
            return given.named if by_name and given.named is not None else given.span
    if culprit in order[: len(arguments.positional)]:
        return arguments.positional[order.index(culprit)].span
    if arguments.arrow is not None and culprit.startswith(("in", "out", "num_emb", "embedding")):
        return arguments.arrow[culprit.startswith(("out", "embedding"))].span
    return None
