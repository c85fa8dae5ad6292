"""Calls: of layers with their arguments, of functions with tensors, of the spec's own functions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from nndsl.diagnostics import Label
from nndsl.model.graph import Var
from nndsl.model.spec import Layer
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import as_flow, layer_value, lookup, snippet, static, value
from nndsl.resolve.reading import holds_tensor, reads_flow
from nndsl.resolve.static_arguments import arguments
from nndsl.resolve.tensor_functions import call_function, on_lists
from nndsl.resolve.values import (
    FAILED,
    Builtin,
    Bundle,
    LayerValue,
    Module,
    UserFunction,
    flows,
    is_layer,
)
from nndsl.syntax import tree


def call(node: tree.Call, cx: Context) -> Any:
    """What a call stands for: a layer not yet met, or what a function gives."""
    if isinstance(node.func, tree.Attribute):
        raise _dotted(node, cx)
    if not isinstance(node.func, tree.Name):
        return _call_again(node, value(node.func, cx.plain()), cx)
    found = lookup(node.func.id, node.func.span, cx)
    if isinstance(found, Module):
        return _call_module(found, node, cx)
    if isinstance(found, UserFunction):
        from nndsl.resolve.fns import call_user_function

        return call_user_function(found, node, cx)
    if isinstance(found, Builtin):
        return _call_builtin(found, node, cx)
    if is_layer(found):
        return LayerValue(found, arguments(node, cx), node.func.id, node, called=True)
    raise _not_callable(node, node.func, found, cx)


def _not_callable(node: tree.Call, name: tree.Name, found: Any, cx: Context) -> Exception:
    """A tensor or a number where a layer is wanted."""
    causes: tuple[Label, ...] = ()
    help = ""
    if isinstance(found, Var):
        if found.span is not None and found.id not in cx.builder.received:
            causes = (Label(found.span, "makes a tensor at once"),)
            help = f"a layer that is called by its name is declared: `module {name.id}: ...`"
    elif statics.is_number(found) and not node.bare:
        help = f"write the layer that takes it: `linear({name.id})`"
    elif node.bare:
        rest = ", ".join(snippet(one) for one in node.args)
        help = f"a comma is missing: write `{name.id}, {rest}`"
    kind = "a tensor" if flows(found) else statics.kind_of(found)
    return fault("E211", f"`{name.id}` can't be called", name.span, kind, help, causes)


def _dotted(node: tree.Call, cx: Context) -> Exception:
    assert isinstance(node.func, tree.Attribute)
    owner, method = node.func.value, node.func.name.id
    if isinstance(owner, tree.Name) and method in ("append", "extend", "insert"):
        cx.scope.assign(owner.id, FAILED)  # what it holds from here on isn't known
        items = "[...]" if method != "append" or not node.args else f"[{snippet(node.args[0])}]"
        return fault(
            "E211",
            f"lists have no `{method}`",
            node.func.name.span,
            "a list is not changed",
            help=f"write `{owner.id} = {owner.id} + {items}`",
        )
    if isinstance(node.func.value, tree.Name):
        lookup(node.func.value.id, node.func.value.span, cx)  # an unknown name says so itself
    return fault(
        "E211",
        f"`{snippet(node.func)}` is not a layer of this language",
        node.func.span,
        "names have no dots",
        help=_as_function(snippet(node.func.value), node.func.name.id, node),
    )


def _as_function(tensor: str, name: str, node: tree.Call) -> str:
    """What to write for ``x.sum(1)``."""
    from nndsl.functions.absent import INSTEAD

    if name in INSTEAD:
        return INSTEAD[name]
    arguments = ", ".join([tensor, *(snippet(one) for one in node.args)])
    return f"tensors have no methods: write `{name}({arguments})`"


def _call_again(node: tree.Call, found: Any, cx: Context) -> Any:
    """``name(static)(tensors)``, ``layers[i](tensors)``."""
    if isinstance(found, Module):
        return _call_module(found, node, cx)
    if not is_layer(found):
        raise fault(
            "E211", f"`{snippet(node.func)}` can't be called", node.func.span, "not a layer"
        )
    from nndsl.resolve.layers import meet

    tensors, keywords = tensor_arguments(node, cx)
    layer = layer_value(found, node.func, cx)
    return meet(layer, tensors, keywords, cx, node)


def _call_module(found: Module, node: tree.Call, cx: Context) -> Any:
    from nndsl.resolve.modules import call_module

    tensors, keywords = tensor_arguments(node, cx)
    return call_module(found, tensors, keywords, cx, node)


def tensor_arguments(
    node: tree.Call, cx: Context
) -> tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]:
    """The tensors of a call; in a stage what flows in comes first unless they read it."""
    inside = cx.plain()
    positional: list[Any] = []
    keywords: list[tuple[str, Any]] = []
    if cx.stage and not any(reads_flow(a.value, cx) for a in node.args):
        positional.append(cx.flow)
    for one in node.args:
        if one.rest or one.target is not None or one.value is None:
            raise fault("E204", "tensors are given one by one", one.span, "not among tensors")
        found = value(one.value, inside)
        found = found if found is None else as_flow(found, one.value, inside)
        if one.star:
            if not isinstance(found, Bundle):
                raise fault("E205", "only a list can be spread with `*`", one.span, "not a list")
            positional.extend(found.items)
            statics.check_count(positional, one)
        elif one.name is not None:
            keywords.append((one.name.id, found))
        else:
            positional.append(found)
    return tuple(positional), tuple(keywords)


# ------------------------------------------------------------------ built-in functions


def _call_builtin(found: Builtin, node: tree.Call, cx: Context) -> Any:
    if node.bare and found.layer is not None:
        check_bar(node, found, cx.scope.get, cx.resolver.parameters(cx.builder))
    tensors = any(holds_tensor(a.value, cx) for a in node.args if a.value is not None)
    if found.layer is not None and found.function is None:
        _refuse_tensors(node, cx)
    if found.layer is not None and (found.function is None or not tensors):
        return LayerValue(found, arguments(node, cx), found.name, node, called=True)
    if found.static and not tensors and not cx.stage:
        args = [static(a.value, cx.plain()) for a in node.args if a.value is not None]
        for one in node.args:
            if one.name is not None or one.star:
                raise fault(
                    "E202",
                    f"`{found.name}` takes plain arguments here",
                    one.span,
                    "named" if one.name is not None else "a list in parts",
                    help=f"numbers alone: `{found.name}(a, b)`, or one list of them",
                )
        return statics.call_static(found.name, args, node, cx)
    if found.name in _ON_LISTS and not cx.stage:
        return on_lists(found.name, node, cx)
    if found.function is None:
        raise fault(
            "E211", f"`{found.name}` works on numbers, not on tensors", node.span, "a tensor in it"
        )
    return call_function(found, found.function, node, cx, tensors)


def _refuse_tensors(node: tree.Call, cx: Context) -> None:
    """``max_pool2d(x, 2)``, as torch's functions are called: here it is a layer."""
    for one in node.args:
        name = one.value.id if isinstance(one.value, tree.Name) else ""
        if name and (name == "_" or isinstance(cx.scope.get(name), Var)):
            called = snippet(node.func)
            raise fault(
                "E205",
                f"`{called}` is a layer: its tensors stand in a second pair of parentheses",
                one.span,
                "a tensor",
                help=f"write `| {called}(...)`: what flows in is put first"
                if name == "_" and cx.stage
                else f"write `{called}(...)({name})`, or `{name} | {called}(...)`",
            )


def check_bar(
    node: tree.Call,
    found: Builtin,
    get: Callable[[str], Any],
    parameters: Collection[str] = (),
) -> None:
    """``linear 784->256 relu``: a layer among the bare arguments of one begins a stage.

    A static parameter of the definition is none; its caller may have given it a layer.
    """
    entry = found.layer
    kinds = {a.name: a.type.split("|") for a in entry.arguments} if isinstance(entry, Layer) else {}
    order = [kinds[name] for name in entry.positional] if isinstance(entry, Layer) else []
    for place, one in enumerate(a for a in node.args if a.target is None and a.name is None):
        if not isinstance(one.value, tree.Name) or "layer" in (*order, [])[min(place, len(order))]:
            continue
        meant = get(one.value.id)
        passed = is_layer(meant) and one.value.id in parameters
        if passed:
            raise fault(
                "E205",
                f"`{one.value.id}` is a layer here, and `{found.name}` takes a number",
                one.value.span,
                "a layer was passed",
            )
        if is_layer(meant) or isinstance(meant, Builtin | UserFunction):
            raise fault(
                "E133",
                "`|` is missing between two stages",
                one.value.span,
                "a new stage begins here",
                help=f"write `| {one.value.id}`",
            )


_ON_LISTS = ("len", "enumerate", "zip", "reversed")
