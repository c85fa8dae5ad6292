"""What an expression stands for: one function a kind of node."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from nndsl.diagnostics import Label
from nndsl.limits import spend
from nndsl.model.expr import Undecided, names_in
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.scope import MISSING, builtin_names, unknown
from nndsl.resolve.values import (
    FAILED,
    Builtin,
    Bundle,
    LayerValue,
    Module,
    OneSided,
    UserFunction,
    Value,
    flows,
    is_layer,
)
from nndsl.source import Span
from nndsl.syntax import tree


def value(node: tree.Expr, cx: Context) -> Value:
    """What an expression stands for here: static, flowing, or a layer not yet met."""
    spend(1, node.span)
    found = _values()[type(node)](node, cx)
    return statics.bounded(found, node) if type(found) in statics.BOUNDED else found


def tensor(node: tree.Expr, cx: Context) -> Any:
    """What flows out of an expression; a layer is applied to the tensor flowing in."""
    return as_flow(value(node, cx), node, cx)


def static(node: tree.Expr, cx: Context, help: str = "") -> Any:
    """A static value; what flows is an error here. ``help``: what to do about a tensor."""
    found = value(node, cx.plain())
    if found is FAILED:
        raise Cascade
    if flows(found) or is_layer(found) or isinstance(found, Module):
        what = "a tensor" if flows(found) else "a layer"
        raise fault(
            "E205",
            f"`{snippet(node)}` is {what}, but a value known at construction is wanted here",
            node.span,
            "not known before the model runs" if flows(found) else "this is a layer",
            help=help if flows(found) else "",
        )
    if isinstance(found, Builtin | UserFunction):
        raise fault("E211", f"`{snippet(node)}` is a function; call it", node.span, "not a value")
    return found


def as_flow(found: Value, node: tree.Expr, cx: Context) -> Any:
    """A value where a tensor is expected."""
    from nndsl.resolve.layers import meet

    if found is FAILED:
        raise Cascade
    if is_layer(found):
        return meet(layer_value(found, node, cx), None, (), cx, node)
    if isinstance(found, Module):
        from nndsl.resolve.modules import call_module

        return call_module(found, None, (), cx, node)
    if isinstance(found, UserFunction | Builtin):
        from nndsl.resolve.tensor_functions import call_stage_function

        return call_stage_function(found, (), cx, node)
    return found


def layer_value(found: Any, node: tree.Expr, cx: Context) -> LayerValue:
    """A layer with what it was given so far; one that was only named is given nothing."""
    from nndsl.resolve.values import Arguments

    if isinstance(found, LayerValue):
        return found
    identifier = node.id if isinstance(node, tree.Name) else "layer"
    return LayerValue(found, Arguments(), identifier, node)


def snippet(node: tree.Node, limit: int = 40) -> str:
    """The text of a node, shortened to one line."""
    text = " ".join(node.span.text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."


# ------------------------------------------------------------------ names and literals


def lookup(name: str, span: Span, cx: Context) -> Any:
    """What a name stands for; an unknown one is an error with a proposal."""
    found = cx.scope.get(name)
    if isinstance(found, OneSided):
        raise Undecided(next(names_in(found.test)))
    if found is MISSING and name == "training":
        raise fault(
            "E405",
            "`training` is a condition, not a value",
            span,
            "the module's mode, known when the model runs",
            help="ask it in an `if`: `if training:`, `if training and rate > 0:`",
        )
    if found is MISSING:
        raise _unknown(name, span, cx)
    if found is FAILED:
        cx.resolver.errors += 1  # said already: what comes of it is wrong too
        raise Cascade
    return found


MAX_ADVICE = 50  # unknown names of a run that are compared with all that are known


def _unknown(name: str, span: Span, cx: Context) -> Exception:
    cx.resolver.unknown += 1
    if cx.resolver.unknown > MAX_ADVICE:
        return fault("E201", f"`{name}` is not defined", span, "unknown name")
    branch = _place_of(name, cx)
    if isinstance(branch, tree.For):
        return fault(
            "E201",
            f"`{name}` is only assigned inside a loop, which may have no round",
            span,
            "not assigned",
            help=f"give `{name}` a value before the loop",
            causes=(Label(branch.iterable.span, "the loop"),),
        )
    if branch is not None:
        where = f"`{snippet(branch.test)}` is {_truth_of(name, branch)}"
        return fault(
            "E201",
            f"`{name}` is only assigned where {where}",
            span,
            "not assigned",
            help="give it a value before the `if`, or in both branches",
            causes=(Label(branch.test.span, "decided otherwise here"),),
        )
    if (later := _made_later(name, cx)) is not None:
        return later(span)
    known = [*cx.scope.visible(), *builtin_names()]
    return fault(
        "E201", f"`{name}` is not defined", span, "unknown name", help=unknown(name, known)
    )


def _place_of(name: str, cx: Context) -> tree.If | tree.For | None:
    """The `if` or loop of the body at hand that assigns a name where nothing went through."""
    from nndsl.resolve.assigning import assigned_names

    running = cx.resolver.running
    body = getattr(running[-1].tree, "body", ()) if running else ()
    within = body if isinstance(body, tuple) else ()
    choices = [one for one in within if isinstance(one, tree.If | tree.For)]
    return next((one for one in choices if name in assigned_names((one,))), None)


def _made_later(name: str, cx: Context) -> Callable[[Span], Exception] | None:
    """What to say of a name that the body at hand binds, but not here."""
    body = getattr(cx.resolver.running[-1].tree, "body", ()) if cx.resolver.running else ()
    if not isinstance(body, tuple):
        return None
    if id(body) not in cx.resolver.bindings:
        cx.resolver.bindings[id(body)] = _bindings(body)
    span, in_loop = cx.resolver.bindings[id(body)].get(name, (None, False))
    if span is None:
        return None
    if in_loop:
        label = Label(span, "lives in this loop")
        message, text, help = f"`{name}` ends with its loop", "not defined here", ""
    else:
        label = Label(span, "gets its value here")
        message, text = f"`{name}` has no value yet", "no value yet"
        help = "move this below it, or take another value"
    return lambda place: fault("E201", message, place, text, help, (label,))


def _bindings(body: tuple[tree.Statement, ...]) -> dict[str, tuple[Span, bool]]:
    """Where a body binds its names first, and whether that is a loop's own name."""
    from nndsl.resolve.assigning import assigned_names, target_names

    found: dict[str, tuple[Span, bool]] = {}
    for one in body:
        for name in assigned_names((one,)):
            found.setdefault(name, (one.span, False))
        if isinstance(one, tree.For):
            for name in target_names(one.target):
                found.setdefault(name, (one.target.span, True))
    return found


def _truth_of(name: str, branch: tree.If) -> bool:
    from nndsl.resolve.assigning import assigned_names

    return name in assigned_names(branch.body)


def _name(node: tree.Name, cx: Context) -> Value:
    if node.id == "_":
        return _flowing(node, cx)
    found = lookup(node.id, node.span, cx)
    if cx.general and cx.resolver.is_file_value(node.id, cx.scope) and statics.is_number(found):
        return cx.resolver.constant(node.id, found)
    return found


def _flowing(node: tree.Expr, cx: Context) -> Value:
    if cx.flow is None:
        raise fault(
            "E201",
            "nothing flows in here",
            node.span,
            "`_` is the tensor flowing in",
            help="name the tensor",
        )
    return cx.flow


def _number(node: tree.Number, cx: Context) -> Value:
    return node.value


def _constant(node: tree.Constant, cx: Context) -> Value:
    return node.value


def _string(node: tree.String, cx: Context) -> Value:
    if cx.stage:
        from nndsl.resolve.shapes import pattern_stage

        return pattern_stage(node, cx)
    return statics.text(node, cx)


def _group(node: tree.Group, cx: Context) -> Value:
    return value(node.inner, cx)


def _pipeline(node: tree.Pipeline, cx: Context) -> Value:
    from nndsl.resolve.stages import pipeline

    return pipeline(node, cx)


def _conditional(node: tree.Conditional, cx: Context) -> Value:
    from nndsl.resolve.conditions import conditional

    return conditional(node, cx)


def _tuple(node: tree.TupleExpr, cx: Context) -> Value:
    from nndsl.resolve.operating import operand_value

    items = tuple(operand_value(i, cx.plain()) for i in node.items)
    if any(map(flows, items)):
        return Bundle(items, "tuple")
    return statics.listing(items)


def _list(node: tree.ListExpr, cx: Context) -> Value:
    from nndsl.resolve.lists import list_literal

    return list_literal(node, cx.plain())


def _list_comp(node: tree.ListComp, cx: Context) -> Value:
    from nndsl.resolve.lists import list_comprehension

    return list_comprehension(node, cx)


def _stage_only(node: tree.ChainComp | tree.Repeat, cx: Context) -> Value:
    from nndsl.resolve.stages import stage_value

    return stage_value(node, cx, cx.flow)


def _call(node: tree.Call, cx: Context) -> Value:
    from nndsl.resolve.calls import call

    return call(node, cx)


def _misplaced(node: tree.Expr, cx: Context) -> Value:
    raise fault("E407", f"`{snippet(node)}` can only stand in an index", node.span, "not here")


@cache
def _values() -> dict[type, Callable[[Any, Context], Value]]:
    """What each kind of node stands for. Made late: the rooms of this folder know each other."""
    from nndsl.resolve import operating, picking

    return {
        tree.Name: _name,
        tree.Number: _number,
        tree.Constant: _constant,
        tree.String: _string,
        tree.Group: _group,
        tree.Pipeline: _pipeline,
        tree.Unary: operating.unary,
        tree.Binary: operating.binary,
        tree.Compare: operating.compare,
        tree.Attribute: picking.attribute,
        tree.Subscript: picking.subscript,
        tree.Conditional: _conditional,
        tree.TupleExpr: _tuple,
        tree.ListExpr: _list,
        tree.ListComp: _list_comp,
        tree.ChainComp: _stage_only,
        tree.Repeat: _stage_only,
        tree.Call: _call,
        tree.Slice: _misplaced,
        tree.Dots: _misplaced,
    }
