"""The spec's own functions on numbers, over a block's names: they stay functions where they are
printed, and what they come to is known beside.
"""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Applied, Expr, Name, Static, Undecided, substitute
from nndsl.model.graph import Bind, FunctionBlock, Give, NoneType
from nndsl.model.spec import Rejected
from nndsl.resolve.assigning import kind_of_expr
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.fns import bind_arguments, default_value, run_function
from nndsl.resolve.general_checker import GeneralChecker
from nndsl.resolve.general_sizes import expand
from nndsl.resolve.naming import Naming
from nndsl.resolve.scope import Scope
from nndsl.resolve.values import UserFunction, flows, is_layer
from nndsl.syntax import tree

_KINDS = ("bool", "int", "float")


def applied(
    found: UserFunction, given: dict[str, Any], node: tree.Call, cx: Context
) -> Static | None:
    """A call whose arguments are not all known, as one expression; None where it is written out."""
    whole = {one.name.id: _argument(one, given, cx) for one in found.tree.params}
    kinds = {name: _kind(value, cx) for name, value in whole.items()}
    if not any(isinstance(value, Expr) for value in given.values()) or "" in kinds.values():
        return None
    block = _block(found, whole, kinds, node, cx)
    if block is None:
        return None
    wider = _block(found, whole, _of_all_calls(found, kinds, cx), node, cx)
    if wider is not None and wider.result == block.result:
        block = wider
    give = block.body[-1]
    assert isinstance(give, Give)
    table: dict[Name, Any] = {i: whole[n] for n, i, _ in block.parameters if isinstance(i, Name)}
    meaning = substitute(expand(give.value, cx.resolver.blocks[id(block)]), table)
    if not isinstance(meaning, Expr):
        return meaning
    last = max((place for place, name in enumerate(whole) if name in given), default=-1)
    return Applied(block, tuple(whole.items())[: last + 1], meaning)  # by place, without gaps


def note_kinds(found: UserFunction, given: dict[str, Any], cx: Context) -> None:
    """Remember the types that a function's arguments have in one of its calls."""
    met = cx.resolver.functions.setdefault(("kinds", id(found.tree)), {})
    for one in found.tree.params:
        kind = _kind(_argument(one, given, cx), cx)
        met.setdefault(one.name.id, set()).add(kind)


def _of_all_calls(found: UserFunction, kinds: dict[str, str], cx: Context) -> dict[str, str]:
    """The types that fit all calls: an int is a float too."""
    met = cx.resolver.functions.get(("kinds", id(found.tree)), {})
    return {
        name: "float" if kind == "int" and "float" in met.get(name, ()) else kind
        for name, kind in kinds.items()
    }


def _block(
    found: UserFunction, whole: dict[str, Any], kinds: dict[str, str], node: tree.Call, cx: Context
) -> FunctionBlock | None:
    """The function for arguments of these types; equal ones share it."""
    mark = (id(found.tree), "numbers", tuple(kinds.items()))
    if mark not in cx.resolver.functions:
        cx.resolver.functions[mark] = _made(found, whole, kinds, node, cx)
    made: FunctionBlock | None = cx.resolver.functions[mark]
    return made


def _argument(one: tree.StaticParam, given: dict[str, Any], cx: Context) -> Any:
    return given[one.name.id] if one.name.id in given else default_value(one, cx)


def _kind(value: Any, cx: Context) -> str:
    """The type of a number; empty for anything else."""
    if isinstance(value, bool | int | float):
        return type(value).__name__
    if not isinstance(value, Expr):
        return ""
    kind = kind_of_expr(value, cx)
    return kind if kind in _KINDS else ""


def _defaults(found: UserFunction, kinds: dict[str, str], cx: Context) -> list[tuple[str, Any]]:
    """Each parameter with its default, if that is of the type which its argument has here.

    One of another type is given in each call, and with it those before.
    """
    defaults = [
        (one.name.id, default_value(one, cx) if one.default else None) for one in found.tree.params
    ]
    unfit = [
        place
        for place, (name, value) in enumerate(defaults)
        if kinds[name] != "float" and _kind(value, cx) == "float"
    ]
    needed = max(unfit, default=-1)
    return [(name, v if place > needed else None) for place, (name, v) in enumerate(defaults)]


def _made(
    found: UserFunction, whole: dict[str, Any], kinds: dict[str, str], node: tree.Call, cx: Context
) -> FunctionBlock | None:
    """The function over names, if it is names and one result."""
    builder = Builder(True, found.name)
    builder.check = GeneralChecker(lenient=True, builder=builder)
    scope = Scope(found.scope, is_body=True)
    here = Context(cx.resolver, builder, scope, Naming(), stateless="function")
    names = {name: builder.size(name, "param", None, kind) for name, kind in kinds.items()}
    for name, value in whole.items():
        sample = cx.resolver.sample(value, cx.builder)
        wider = kinds[name] == "float" and isinstance(sample, int)
        builder.samples[names[name]] = float(sample) if wider else sample
    try:
        bind_arguments(found, dict(names), here, node)
        result = run_function(found, here)
    except (Fault, Cascade, Rejected, Undecided):
        return None
    plain = all(isinstance(one, Bind) for one in builder.statements)
    if not plain or not isinstance(result, Expr) or flows(result) or is_layer(result):
        return None
    kind = kind_of_expr(result, here)
    if kind not in _KINDS:
        return None
    parameters = tuple(
        (name, names[name], default) for name, default in _defaults(found, kinds, here)
    )
    body = (*builder.statements, Give(result, NoneType(), None))
    made = FunctionBlock(found.name, parameters, body, NoneType(), {}, found.tree.comment)
    made.span, made.result = found.tree.name.span, kind
    cx.resolver.blocks[id(made)] = builder
    return made
