"""Statements: one function a kind, each writing into the block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.diagnostics import Label
from nndsl.limits import spend
from nndsl.model.expr import Expr, Static, names_in
from nndsl.model.graph import Check, LossCall, RunTest, Var
from nndsl.model.spec import Rejected
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.assigning import assign, assigned_names
from nndsl.resolve.conditions import condition
from nndsl.resolve.containers import announce
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import as_flow, snippet, static, tensor, value
from nndsl.resolve.naming import layer_head
from nndsl.resolve.scope import STATEMENTS
from nndsl.resolve.values import (
    FAILED,
    NOTHING,
    Builtin,
    Bundle,
    Module,
    Template,
    UserFunction,
    flows,
    is_layer,
)
from nndsl.syntax import tree


def statements_of(body: tuple[tree.Statement, ...], cx: Context) -> Any:
    """Run a body's statements; gives its result, or NOTHING if it has none."""
    result: Any = NOTHING
    for place, node in enumerate(body):
        try:
            _check_allowed(node, cx)
            found = _STATEMENTS[type(node)](node, cx)
        except Fault as problem:
            if cx.general:
                raise
            cx.resolver.report(problem.diagnostic)
            _forget(node, cx)
            found = FAILED if isinstance(node, tree.Result) else NOTHING
        except Cascade:
            if cx.general:
                raise
            _forget(node, cx)
            found = FAILED if isinstance(node, tree.Result) else NOTHING
        value = _value_of(node)
        if value is not None and found is not FAILED:
            later = _first_after(body, place, cx)
            if later is not None:
                cx.resolver.report(_unused(value, later, value is not node))
                if value is node and isinstance(later, tree.Result) and isinstance(found, Var):
                    cx = replace(cx, flow=found)  # as if the next line began with `|`
        if found is not NOTHING:
            result = found
    return result


def _first_after(
    body: tuple[tree.Statement, ...], place: int, cx: Context
) -> tree.Statement | None:
    """The first statement behind a place that may not follow a result."""
    for at in range(place + 1, len(body)):
        spend(1)
        if not _may_follow(body[at], cx):
            return body[at]
    return None


_STATE: dict[type, str] = {
    tree.ParamDecl: "`param`",
    tree.BufferDecl: "`buffer`",
    tree.ModuleDecl: "`module`",
    tree.Order: "`order`",
    tree.Tie: "`tie`",
    tree.Init: "`init`",
    tree.Loss: "`loss`",
}


def _check_allowed(node: tree.Statement, cx: Context) -> None:
    """A function is pure: what has state stands in definitions only."""
    if cx.stateless and type(node) in _STATE:
        raise fault(
            "E407",
            f"{_STATE[type(node)]} can't stand in a function",
            node.span,
            "a function has nothing with state",
            help="write `def` instead of `fn`",
        )
    if isinstance(node, tree.For):
        from nndsl.resolve.inits import holds_init, refuse

        rule = holds_init(node)
        if rule is not None:
            raise refuse(rule, "a loop")


_AFTER_RESULT = (tree.Order, tree.Tie, tree.Init, tree.Loss, tree.Assert)


def _may_follow(node: tree.Statement, cx: Context) -> bool:
    """Whether a statement may stand behind the result, or was meant to be one that may."""
    if isinstance(node, tree.If):
        return all(_may_follow(n, cx) for n in (*node.body, *node.orelse))
    return isinstance(node, _AFTER_RESULT) or misread(node, cx) is not None


def misread(node: tree.Statement, cx: Context) -> str | None:
    """The word at the head of ``order 1, 0``, which reads like a stage with bare arguments."""
    if not isinstance(node, tree.Result):
        return None
    head = layer_head(node.values[0])
    known = head is None or head.id not in STATEMENTS or cx.scope.has(head.id)
    return None if known or head is None else head.id


def _value_of(node: tree.Statement) -> tree.Result | None:
    """The value statement that a statement is, or that ends one of its branches."""
    if isinstance(node, tree.Result):
        return node
    if isinstance(node, tree.If):
        return next((r for body in (node.body, node.orelse) if (r := _last_value(body))), None)
    return None


def _last_value(body: tuple[tree.Statement, ...]) -> tree.Result | None:
    last = next((n for n in reversed(body) if not isinstance(n, _AFTER_RESULT)), None)
    return None if last is None else _value_of(last)


def _unused(node: tree.Result, later: tree.Statement, branch: bool) -> Any:
    from nndsl.diagnostics import error

    if node.explicit and branch:
        return error(
            "E407",
            "a branch that returns must be the last statement",
            node.span,
            "returns here",
            help="write what follows it under `else:`",
            causes=(Label(later.span, "goes on here"),),
        )
    if node.explicit:
        return error("E407", "nothing can stand after `return`", later.span, "never reached")
    if isinstance(later, tree.Result):
        hint = "did you mean to begin the next line with `|`?"
    else:
        hint = "give it a name, or make it the last statement"
    return error(
        "E402", f"`{snippet(node)}` is computed and never used", node.span, "lost", help=hint
    )


def _forget(node: tree.Statement, cx: Context) -> None:
    """After a mistake, let the names that the statement would have set be unknown, not missing."""
    for name in assigned_names((node,)):
        cx.scope.assign(name, FAILED)


# ------------------------------------------------------------------ names


def _assign(node: tree.Assign, cx: Context) -> Any:
    from nndsl.resolve.static_arguments import is_layerish

    found = value(node.value, cx)
    if isinstance(found, Module | UserFunction) or is_layer(found):
        if not is_layerish(node.value, cx) or cx.flow is not None:
            found = as_flow(found, node.value, cx)
        else:
            raise fault(
                "E407",
                "a layer's name is given by `layer`",
                node.span,
                "no tensor flows here",
                help=f"write `layer {node.span.text}`",
            )
    assign(node.target, found, cx)
    return NOTHING


def _layer_alias(node: tree.LayerAlias, cx: Context) -> Any:
    from nndsl.resolve.reserved import check_value_name
    from nndsl.resolve.static_arguments import is_layerish, template

    check_value_name(node.name.id, node.name.span)
    if not is_layerish(node.value, cx):
        raise fault(
            "E205", f"`{snippet(node.value)}` is not a layer", node.value.span, "a layer is wanted"
        )
    made = template(node.value, cx)
    if isinstance(made, Template):
        made = Template(made.node, cx.scope.frozen())
    cx.scope.assign(node.name.id, made)
    return NOTHING


# ------------------------------------------------------------------ results and control


def _result(node: tree.Result, cx: Context) -> Any:
    word = misread(node, cx)
    if word is not None:
        raise fault("E407", f"this is no `{word}`", node.span, "not so", help=STATEMENTS[word])
    if len(node.values) == 1:
        if isinstance(node.values[0], tree.String) and cx.flow is not None:
            cx = replace(cx, stage=True)  # an axis pattern alone
        found = value(node.values[0], cx)
        if found is None or is_layer(found) or isinstance(found, Module | UserFunction | Builtin):
            return tensor(node.values[0], cx) if found is not None else None
        if isinstance(found, Bundle) and not _all_flow(found):
            text = f"`{snippet(node.values[0])}` is not made of tensors alone"
            raise fault("E408", text, node.span, "a result is a tensor")
        return found
    items = tuple(_result_item(v, cx) for v in node.values)
    return Bundle(items, "tuple")


def _result_item(node: tree.Expr, cx: Context) -> Any:
    found = value(node, cx)
    found = as_flow(found, node, cx) if is_layer(found) or isinstance(found, Module) else found
    if not _all_flow(found):
        raise fault("E408", f"`{snippet(node)}` is no tensor", node.span, "a result is a tensor")
    return found


def _all_flow(found: Any) -> bool:
    """Whether a value is made of tensors alone, at any depth."""
    if isinstance(found, Bundle):
        return all(map(_all_flow, found.items))
    return flows(found)


def _if(node: tree.If, cx: Context) -> Any:
    test = condition(node.test, cx)
    if isinstance(test, bool):
        return statements_of(node.body if test else node.orelse, cx)
    from nndsl.resolve.branches import both
    from nndsl.resolve.inits import holds_init, refuse

    rule = holds_init(node)
    if rule is not None and isinstance(test, RunTest):
        raise refuse(rule, "a condition of the run")
    return both(test, node, cx)


def _for(node: tree.For, cx: Context) -> Any:
    from nndsl.resolve.loops import bind_target, loop_items
    from nndsl.resolve.reading import holds_tensor
    from nndsl.resolve.scans import apart, has_no_items, run_list, scan

    if holds_tensor(node.iterable, cx):
        if cx.general and _over_lists(node, cx):
            return NOTHING
        over = apart(value(node.iterable, cx.plain()), node.iterable, cx)
        if (lists := run_list(over)) is not None:
            if not has_no_items(lists):
                scan(node, lists, cx)
            return NOTHING
        items = over.items if isinstance(over, Bundle) else over
        if not isinstance(items, tuple):
            raise _no_list(over, node)
        announce(node.body, cx)
    else:
        announce(node.body, cx)
        if cx.general:
            from nndsl.resolve.general_for import for_statement

            return for_statement(node, cx)
        items = statics.items_of(loop_items(node.iterable, cx), node.iterable)
    for round, item in enumerate(items):
        inner = replace(cx.inner(), naming=cx.naming.element(round))
        bind_target(node.target, item, inner)
        round_of(node, inner)
    return NOTHING


def _over_lists(node: tree.For, cx: Context) -> bool:
    """A loop over built lists of which only the items' types are known."""
    from nndsl.resolve.general_for import over_lists
    from nndsl.resolve.general_rounds import over_built

    with cx.builder.collect() as statements:
        rounds = over_built(node.iterable, cx)
    if rounds is None:
        return False
    cx.builder.statements.extend(statements)
    announce(node.body, cx)
    over_lists(node, rounds, cx)
    return True


def _no_list(over: Any, node: tree.For) -> Exception:
    name = snippet(node.iterable)
    if isinstance(over, Module):
        count = len(over.state.items) if over.state.items is not None else "n"
        help = f"count its rounds: `for i in range({count}):` with `{name}[i]`"
        return fault(
            "E205", "a loop goes over a list of values", node.iterable.span, "modules", help=help
        )
    help = f"take it apart: `unbind({name}, dim=1)`" if flows(over) else ""
    return fault(
        "E205", "a loop goes over a list", node.iterable.span, "this is one tensor", help=help
    )


def round_of(node: tree.For, cx: Context) -> None:
    """The statements of one round; a value at their end goes nowhere."""
    found = statements_of(node.body, cx)
    if found is NOTHING or found is FAILED or cx.general:
        return
    raise fault(
        "E402",
        f"`{snippet(node.body[-1])}` is computed in every round and never used",
        node.body[-1].span,
        "lost",
        help="give it a name that the next round, or what follows the loop, reads",
    )


# ------------------------------------------------------------------ the rest


def _assert(node: tree.Assert, cx: Context) -> Any:
    found = value(node.test, cx.plain())
    if flows(found) or isinstance(found, RunTest):
        raise fault(
            "E405", "`assert` is checked at construction", node.test.span, "only known when it runs"
        )
    message = (
        statics.text(node.message, cx)
        if node.message is not None
        else f"`{snippet(node.test)}` does not hold"
    )
    truth = cx.builder.decide(found)
    if truth is False and not cx.general:
        raise fault("E409", str(message), node.span, "does not hold")
    if truth is not True and cx.general and not _open(found, cx):
        cx.builder.emit(Check(found, message))  # a branch may be one that no use takes
    elif truth is None:
        cx.builder.check.assumptions.append(found)
    return NOTHING


def _open(found: Static, cx: Context) -> bool:
    """Whether a use leaves it to the run, so that a constructor can't check it."""
    from nndsl.resolve.general_checker import GeneralChecker

    check = cx.builder.check
    if not isinstance(check, GeneralChecker):
        return False
    return any(isinstance(size, Expr) for use in check.known(*names_in(found)) for size in use)


def _loss(node: tree.Loss, cx: Context) -> Any:
    from nndsl.layers import apply as entries
    from nndsl.layers import registry
    from nndsl.model.nearest import suggest

    entry = registry.find_loss(node.name.id)
    if entry is None:
        raise fault(
            "E201",
            f"`{node.name.id}` is not a loss",
            node.name.span,
            "unknown loss",
            help=suggest(node.name.id, registry.loss_names())
            or "write torch's name: `cross_entropy`, `mse_loss`, `bce_with_logits_loss`",
        )
    if cx.builder.loss is not None:
        raise fault("E208", "a model has one loss", node.span, "a second one")
    positional, keywords = [], {}
    for one in node.args:
        if one.value is None or one.star or one.target is not None:
            raise fault("E202", "a loss takes plain arguments", one.span)
        found = static(one.value, cx.plain())
        if one.name is None:
            positional.append(found)
        else:
            keywords[one.name.id] = found
    try:
        args, given = entries.complete(entry, positional, keywords)
    except Rejected as reason:
        raise fault(reason.code, reason.message, node.span, "", reason.help) from None
    cx.builder.loss = LossCall(entry.torch, tuple((k, args[k]) for k in args if k in given))
    return NOTHING


def _order(node: tree.Order, cx: Context) -> Any:
    from nndsl.resolve.naming import split_label

    paths = []
    for one in node.names:
        text = statics.text(one, cx) if isinstance(one, tree.String) else one.id
        paths.append((cx.naming.labelled(split_label(text)), one.span))
    cx.builder.orders.extend(paths)
    return NOTHING


def _declare_module(node: tree.ModuleDecl, cx: Context) -> Any:
    from nndsl.resolve.modules import declare

    declare(node, cx)
    return NOTHING


def _param(node: tree.ParamDecl, cx: Context) -> Any:
    from nndsl.resolve.declared import by_branch, parameter

    choice = by_branch(node, cx)
    if choice is not None:
        return _if(choice, cx)
    parameter(node, cx)
    return NOTHING


def _buffer(node: tree.BufferDecl, cx: Context) -> Any:
    from nndsl.resolve.declared import buffer, by_branch

    choice = by_branch(node, cx)
    if choice is not None:
        return _if(choice, cx)
    buffer(node, cx)
    return NOTHING


def _tie(node: tree.Tie, cx: Context) -> Any:
    from nndsl.resolve.ties import tie

    tie(node, cx)
    return NOTHING


def _init(node: tree.Init, cx: Context) -> Any:
    from nndsl.resolve.inits import init

    init(node, cx)
    return NOTHING


_STATEMENTS: dict[type, Callable[[Any, Context], Any]] = {
    tree.Assign: _assign,
    tree.LayerAlias: _layer_alias,
    tree.Result: _result,
    tree.If: _if,
    tree.For: _for,
    tree.ParamDecl: _param,
    tree.BufferDecl: _buffer,
    tree.ModuleDecl: _declare_module,
    tree.Order: _order,
    tree.Tie: _tie,
    tree.Init: _init,
    tree.Assert: _assert,
    tree.Loss: _loss,
}
