"""Calls of functions of tensors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nndsl.diagnostics import Label
from nndsl.functions import apply as functions
from nndsl.limits import spend
from nndsl.model.expr import Listing, Name, Undecided
from nndsl.model.graph import Apply, ListType, Special, TensorType, TupleType, Var
from nndsl.model.spec import Function, FunctionCall, FunctionResult, Rejected, Result
from nndsl.model.text import shape as shape_text
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.born import born
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import as_flow, snippet, value
from nndsl.resolve.reading import holds_tensor, reads_flow
from nndsl.resolve.tensor_lists import is_built
from nndsl.resolve.values import (
    Builtin,
    Bundle,
    Module,
    UserFunction,
    is_layer,
)
from nndsl.syntax import tree


def on_lists(name: str, node: tree.Call, cx: Context) -> Any:
    """Functions of lists, on a list of tensors: its length is known."""
    from nndsl.resolve.lists import items
    from nndsl.resolve.scans import apart, is_run_list, length, zipped
    from nndsl.resolve.tensor_lists import backwards

    inside = cx.plain()
    nodes = [a.value for a in node.args if a.value is not None]
    values = [value(one, inside) for one in nodes]
    if name == "zip":
        values = [apart(found, one, inside) for found, one in zip(values, nodes, strict=True)]
    if name == "zip" and len(values) == len(node.args) and any(map(is_run_list, values)):
        return zipped(values, node, cx)
    first = values[0] if len(values) == 1 == len(node.args) else None
    if isinstance(first, Var) and is_run_list(first):
        if name == "len":
            return length(first)
        if name == "reversed" and is_built(first):
            return backwards(first, node, cx)
    whole, start = len(nodes) == len(node.args), 0
    if name == "enumerate" and whole and len(values) == 2 and type(values[1]) is int:
        start = values.pop()  # type: ignore[assignment]
        nodes.pop()
    given = [items(found, one, inside) for found, one in zip(values, nodes, strict=True)]
    if not whole or not given or name != "zip" and len(given) > 1:
        raise fault("E204", f"`{name}` takes one list", node.span, f"{len(given)} given")
    if name == "len":
        return len(given[0])
    if name == "reversed":
        return Bundle(tuple(reversed(given[0])))
    rounds = enumerate(given[0], start) if name == "enumerate" else zip(*given, strict=False)
    return Bundle(tuple(Bundle(tuple(one), "tuple") for one in rounds))


def call_function(
    found: Builtin, function: Function, node: tree.Call, cx: Context, tensors: bool
) -> Any:
    """A tensor function; as a stage it gets what flows in first, unless it reads it."""
    from nndsl.resolve.lists import in_a_row, spread

    spend(5)
    inside = cx.plain()
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    built = False
    _check_creation(function, node, cx)
    wants_flow = cx.stage or (not tensors and not function.creates and cx.flow is not None)
    if wants_flow and not any(reads_flow(a.value, cx) for a in node.args if a.value is not None):
        positional.append(flow_operand(cx, node))
    for one in node.args:
        if one.value is None or one.target is not None:
            raise fault("E204", f"`{found.name}` takes no such argument", one.span, "a function")
        operand = _argument(one.value, inside)
        if one.star:
            positional.extend(spread(operand, one, cx))
            statics.check_count(positional, one)
            built |= is_built(operand)
        elif one.name is not None:
            keywords[one.name.id] = operand
        else:
            positional.append(operand)
    if built:
        flowing = [one for one in positional if isinstance(one, Var)]
        positional = [in_a_row(flowing, node, cx), *positional[len(flowing) :]]
    return apply_function(function, positional, keywords, node, cx)


def _check_creation(function: Function, node: tree.Call, cx: Context) -> None:
    """``x | zeros(3)``: what makes a tensor from numbers is no stage."""
    reads = any(reads_flow(a.value, cx) for a in node.args if a.value is not None)
    if cx.stage and function.creates and not reads:
        raise fault(
            "E403",
            f"`{snippet(node)}` ignores what flows in",
            node.span,
            "makes a tensor of its own",
            help="begin a new statement with it, or read what flows in as `_`",
        )


def flow_operand(cx: Context, node: tree.Expr) -> Any:
    if cx.flow is None:
        raise fault("E203", f"`{snippet(node)}` needs a tensor", node.span, "none is given")
    return cx.flow


def _argument(node: tree.Expr, cx: Context) -> Any:
    """An argument of a function: a tensor, a list of them, or a static value."""
    from nndsl.resolve.lists import list_literal

    found = value(node, cx)
    if isinstance(node, tree.ListExpr) and isinstance(found, tuple) and any(map(is_layer, found)):
        return list_literal(node, cx, wanted=True)
    if is_layer(found) or isinstance(found, Module | UserFunction):
        return as_flow(found, node, cx)
    return found


def call_stage_function(found: Any, args: tuple[Any, ...], cx: Context, node: tree.Expr) -> Any:
    """A function named without parentheses as a stage: ``x | exp``."""
    if isinstance(found, UserFunction):
        from nndsl.resolve.fns import call_user_function

        bare = tree.Call(node.span, node, ())
        return call_user_function(found, bare, replace(cx, stage=True))
    if found.function is None:
        raise fault("E211", f"`{found.name}` works on numbers", node.span, "not a stage")
    return apply_function(found.function, [flow_operand(cx, node)], {}, node, cx)


def apply_function(
    function: Function,
    positional: list[Any],
    keywords: dict[str, Any],
    node: tree.Expr,
    cx: Context,
) -> Any:
    """Match the arguments, ask the entry for the result and write its steps down."""
    try:
        given = _packed(function, [_entry_value(p) for p in positional])
        named = {k: _entry_value(v) for k, v in keywords.items()}
        args, names = functions.complete(function, given, named)
        _know_tensors(function, args)
        call = FunctionCall(args, names, cx.builder.check)
        result = function.rule(call)
    except Rejected as reason:
        offset = len(positional) - _positional(node)
        span = _culprit(reason, node, function, offset) or node.span
        help = _as_layer(node, cx) or reason.help
        first = function.arguments[0].name if function.arguments else ""
        if offset == 1 and cx.stage and reason.culprit == first and "tensor" in reason.message:
            help = help or "what flows in is put first: write `_` where it belongs"
        made = _born(positional, node, cx) if reason.code in ("E301", "E302") else []
        incoming = _incoming(positional)
        raise fault(reason.code, reason.message, span, incoming, help, made) from None
    except Undecided as reason:
        if cx.general:
            raise
        what = f"what is given to `{function.name}`"
        raise statics.undecided(reason.name, node.span, what) from None
    return emit_result(function, call, result, len(given), node, cx)


def _as_layer(node: tree.Expr, cx: Context) -> str:
    """What to write for ``linear(x, 3)``, where the layer of this name was meant."""
    if not isinstance(node, tree.Call) or not isinstance(node.func, tree.Name) or not node.args:
        return ""
    entry, first = cx.scope.get(node.func.id), node.args[0]
    if not isinstance(entry, Builtin) or entry.layer is None or not _plain_layer(node, cx):
        return ""
    name, flowing = node.func.id, snippet(first.value) if first.value is not None else ""
    rest = ", ".join(snippet(one) for one in node.args[1:])
    if not rest and cx.stage and flowing != "_":
        return f"`{flowing}` is a tensor; the layer `{name}` takes numbers known at construction"
    layer = f"{name}({rest})" if rest else name
    if cx.stage and flowing != "_":
        return f"what flows in is put first: write `| {layer}`"
    return f"as a layer: `{layer}({flowing})` or `{flowing} | {layer}`"


def _plain_layer(node: tree.Call, cx: Context) -> bool:
    """Whether a call has one tensor, in front, and numbers behind it: it is meant as a layer."""
    tensors = [holds_tensor(a.value, cx) for a in node.args if a.value is not None]
    return tensors[:1] == [True] and not any(tensors[1:])


def _know_tensors(function: Function, args: Mapping[str, Any]) -> None:
    """A tensor that may be left out has to be known to be: its place can't hold a name."""
    for argument in function.arguments:
        found = args[argument.name]
        if isinstance(found, Name) and set(argument.type.split("|")) <= {"tensor", "none"}:
            raise Undecided(found)


def _packed(function: Function, values: list[Any]) -> list[Any]:
    """``cat(a, b, dim=1)``: tensors written one by one are the list that the function takes."""
    first = function.arguments[0] if function.arguments else None
    kinds = first.type.split("|") if first is not None else []
    if function.star or "tensors" not in kinds:
        return values
    count = next((i for i, v in enumerate(values) if not isinstance(v, Var)), len(values))
    single = count == 1 and isinstance(values[0].type, TupleType | ListType)
    if count == 0 or single or count == 1 and "tensor" in kinds:
        return values
    return [tuple(values[:count]), *values[count:]]


def _entry_value(found: Any) -> Any:
    """A bundle as a tuple, as entries take it; layers are no values."""
    if isinstance(found, Bundle):
        return tuple(map(_entry_value, found.items))
    if isinstance(found, tuple):
        return tuple(map(_entry_value, found))
    if isinstance(found, Listing):
        return Listing(tuple(map(_entry_value, found.items)))
    if is_layer(found) and not isinstance(found, Name):
        help = "let the tensor flow into each as it is listed: `[x | linear 8, ...]`"
        raise Rejected("a layer in a list is no tensor", "", help, code="E205")
    return found


def _positional(node: tree.Expr) -> int:
    args = node.args if isinstance(node, tree.Call) else ()
    return sum(one.name is None for one in args)


def _culprit(reason: Rejected, node: tree.Expr, function: Function, offset: int) -> Any:
    """The argument to blame; ``offset`` is how many stand before those that were written."""
    if not isinstance(node, tree.Call) or not reason.culprit:
        return None
    for one in node.args:
        if one.name is not None and one.name.id == reason.culprit and one.value is not None:
            return one.name.span if reason.code == "E202" else one.value.span
    names = [argument.name for argument in function.arguments]
    plain = not function.star and not any(one.star for one in node.args)
    packed = "tensors" in "|".join(a.type for a in function.arguments[:1])
    if reason.culprit not in names or not plain or packed or offset not in (0, 1):
        return None
    place = names.index(reason.culprit) - offset
    written = [one for one in node.args if one.name is None]
    return written[place].span if 0 <= place < len(written) else None


def _born(positional: list[Any], node: tree.Expr, cx: Context) -> list[Label]:
    """Where several tensors come from, where it matters which is which."""
    tensors = [one for one in _flat(positional) if isinstance(one, Var)]
    return [label for one in tensors[:4] for label in born(one, node.span, cx.builder)]


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for one in values:
        if isinstance(one, Bundle):
            yield from _flat(one.items)
        else:
            yield one


def _incoming(positional: list[Any]) -> str:
    shapes = [
        shape_text(p.type.shape, p.type.lead)
        for p in positional
        if isinstance(p, Var) and isinstance(p.type, TensorType)
    ]
    return f"receives {', '.join(shapes)}" if shapes else ""


def emit_result(
    function: Function,
    call: FunctionCall,
    result: FunctionResult,
    positional: int,
    node: tree.Expr,
    cx: Context,
) -> Any:
    """The operations of a function, one statement each; a size is a number and needs none."""
    b = cx.builder
    if not isinstance(result.output, TensorType | TupleType | ListType):
        return result.output
    made: list[Var] = []
    for step in functions.steps(function, call, result, positional):
        op = step.operation
        args = tuple(_resolve(a, made) for a in op.args)
        kwargs = [(k, _resolve(v, made)) for k, v in op.kwargs]
        if function.creates and b.lead is not None and not cx.quiet and not result.steps:
            kwargs.append(("device", Special("device", b.lead)))
            like = b.lead if _float(b.lead.type) else b.floating
            if _float(step.type) and like is not None and "dtype" not in dict(kwargs):
                kwargs.append(("dtype", Special("dtype", like)))
        made.append(b.apply(Apply(op.fn, args, tuple(kwargs)), step.type, node.span))
    return made[-1]


def _float(type: Any) -> bool:
    return isinstance(type, TensorType) and type.dtype == "float"


def _resolve(operand: Any, made: list[Var]) -> Any:
    if isinstance(operand, Result):
        return made[operand.step]
    return operand
