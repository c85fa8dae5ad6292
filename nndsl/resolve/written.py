"""What can be said of a call by its text alone, in branches and definitions that nobody takes too.

Names of arguments, how many they are, and literal values; nothing that asks for a shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nndsl.diagnostics import Diagnostic
from nndsl.functions.apply import unknown_argument
from nndsl.layers import apply as entries
from nndsl.layers import registry
from nndsl.model.expr import Name
from nndsl.model.spec import Choice, Layer, Rejected
from nndsl.resolve.calls import check_bar
from nndsl.resolve.context import fault
from nndsl.resolve.errors import Fault
from nndsl.resolve.scope import MISSING, Scope
from nndsl.resolve.torch_layers import culprit_span, places
from nndsl.resolve.uses import match_arguments
from nndsl.resolve.values import Arguments, Builtin, Definition, Given
from nndsl.syntax import tree

_OPEN = Name("?", "size")  # the value of what is no literal


def check_calls(
    nodes: Iterable[tree.Node], known: set[str], numbers: set[str], scope: Scope
) -> Iterator[Diagnostic]:
    """Findings about the calls among some nodes.

    ``known`` are the names that the item binds itself; ``numbers`` those of them that surely
    stand for static values.
    """

    def outer(name: str) -> Any:
        return MISSING if name in known else scope.get(name)

    initializers: set[tree.Expr] = set()  # a rule's value is no layer of the same name
    for node in nodes:
        if isinstance(node, tree.Init):
            initializers.add(ungrouped(node.value))
        if not isinstance(node, tree.Call) or not isinstance(node.func, tree.Name):
            continue
        if node.func.id in known or any(a.rest or a.star for a in node.args):
            continue
        if node in initializers:
            continue
        try:
            found = scope.get(node.func.id)
            if isinstance(found, Builtin) and found.layer is not None and node.bare:
                check_bar(node, found, outer)
            _check(node, found, numbers)
        except Fault as problem:
            yield problem.diagnostic


def ungrouped(node: tree.Expr) -> tree.Expr:
    """An expression without the parentheses around it."""
    while isinstance(node, tree.Group):
        node = node.inner
    return node


def _check(node: tree.Call, found: Any, numbers: set[str]) -> None:
    if isinstance(found, Builtin) and found.layer is not None and _is_layer(found, node, numbers):
        _check_layer(found, node)
    elif isinstance(found, Builtin) and found.function is not None:
        _check_names(found, node)
    elif isinstance(found, Definition) and _is_static(node, numbers):
        match_arguments(found, _arguments(node), node)


def _is_layer(found: Builtin, node: tree.Call, numbers: set[str]) -> bool:
    """Whether the layer is meant, where a function shares its name: no tensor is given."""
    names = _names(found.layer)
    tensors = {a.name for a in found.function.arguments} - names if found.function else set()
    named = {one.name.id for one in node.args if one.name is not None}
    return _is_static(node, numbers) and not named & tensors


def _names(layer: Any) -> set[str]:
    arguments = layer.arguments if isinstance(layer, Layer) else ()
    return {name for a in arguments for name in (a.name, a.alias)}


def _is_static(node: tree.Call, numbers: set[str]) -> bool:
    """Whether nothing among the unnamed arguments may be a tensor, which is told elsewhere."""
    return all(one.name is not None or _is_number(one.value, numbers) for one in node.args)


def _is_number(node: object, numbers: set[str]) -> bool:
    if isinstance(node, tree.Name):
        return node.id in numbers
    if isinstance(node, tree.Unary):
        return _is_number(node.operand, numbers)
    if isinstance(node, tree.Binary):
        return _is_number(node.left, numbers) and _is_number(node.right, numbers)
    if isinstance(node, tree.ListExpr):
        return all(_is_number(item, numbers) for item in node.items)
    return isinstance(node, tree.Number | tree.Constant | tree.String)


def _check_layer(found: Builtin, node: tree.Call) -> None:
    """The call of a layer; of a choice by rank, one of the entries must take it."""
    layer = found.layer
    names = dict.fromkeys(layer.by_rank.values()) if isinstance(layer, Choice) else ()
    candidates = [registry.find(name) for name in names] or [layer]
    arguments = _arguments(node)
    refused = [_refusal(entry, arguments, found.name) for entry in candidates]
    if all(refused):
        no = refused[0]
        assert no is not None
        first = next(entry for entry in candidates if isinstance(entry, Layer))
        order = places(first, arguments)
        span = culprit_span(no.culprit, arguments, no.code == "E202", order) or node.span
        raise fault(no.code, no.message, span, no.text, no.help)


def _refusal(entry: Layer | Choice | None, arguments: Arguments, name: str) -> Rejected | None:
    assert isinstance(entry, Layer)
    positional = [given.value for given in arguments.positional]
    keywords = {key: given.value for key, given in arguments.keywords}
    arrow = (arguments.arrow[0].value, arguments.arrow[1].value) if arguments.arrow else None
    try:
        entries.complete(entry, positional, keywords, arrow, name)
    except Rejected as no:
        return no if no.code != "E203" else None  # a template may get the rest later
    return None


def _check_names(found: Builtin, node: tree.Call) -> None:
    """The names of arguments, of a function or of the layer that shares its name."""
    assert found.function is not None
    names = {a.name for a in found.function.arguments} | _names(found.layer)
    for one in node.args:
        if one.name is not None and one.name.id not in names:
            no = unknown_argument(found.function, one.name.id)
            raise fault(no.code, no.message, one.name.span, "", no.help)


def _arguments(node: tree.Call) -> Arguments:
    positional: list[Given] = []
    keywords: list[tuple[str, Given]] = []
    arrow = None
    for one in node.args:
        assert one.value is not None
        named = one.name.span if one.name is not None else None
        given = Given(_literal(one.value), one.value.span, named)
        if one.target is not None:
            arrow = given, Given(_literal(one.target), one.target.span)
        elif one.name is not None:
            keywords.append((one.name.id, given))
        else:
            positional.append(given)
    return Arguments(tuple(positional), tuple(keywords), arrow)


def _literal(node: tree.Expr) -> Any:
    """The value of a literal; an open one for anything else."""
    if isinstance(node, tree.Number | tree.Constant):
        return node.value
    if isinstance(node, tree.String) and "{" not in node.value:
        return node.value
    if isinstance(node, tree.Unary) and node.op == "-" and isinstance(node.operand, tree.Number):
        return -node.operand.value
    if isinstance(node, tree.ListExpr):
        items = tuple(_OPEN if isinstance(i, tree.Argument) else _literal(i) for i in node.items)
        return items if _OPEN not in items else _OPEN
    return _OPEN
