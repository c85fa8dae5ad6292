"""Static parameters: values are bound to names, defaults put in, types checked."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Expr, Listing
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.reserved import check_member_name, check_value_name
from nndsl.resolve.scope import builtin
from nndsl.resolve.values import FAILED, Builtin, Definition, Given, LayerValue, is_layer
from nndsl.source import Span
from nndsl.syntax import tree


def bind_parameters(
    definition: Definition, values: dict[str, Any], cx: Context, node: tree.Node
) -> dict[str, Any]:
    """Bind every parameter in the body's scope; gives the values by name."""
    if isinstance(definition.tree, tree.Activation):
        cx.builder.starts = {name: _unwrap(found) for name, found in values.items()}
        return dict(cx.builder.starts)
    bound: dict[str, Any] = {}
    mistakes: list[Fault] = []
    followed: Cascade | None = None
    for one in definition.tree.statics:
        try:
            bound[one.name.id] = _bind_one(one, definition, values, cx, node)
        except Fault as problem:
            mistakes.append(problem)
            cx.scope.set(one.name.id, FAILED)
        except Cascade as consequence:
            followed = consequence
            cx.scope.set(one.name.id, FAILED)
    _raise_all(mistakes, cx)
    if followed is not None:
        raise followed
    return bound


def _raise_all(mistakes: list[Fault], cx: Context) -> None:
    """Report all of several independent mistakes, and stop if there is any."""
    for problem in mistakes[:-1]:
        cx.resolver.report(problem.diagnostic)
    if mistakes:
        raise mistakes[-1]


def _bind_one(
    one: tree.StaticParam,
    definition: Definition,
    values: dict[str, Any],
    cx: Context,
    node: tree.Node,
) -> Any:
    """Bind one parameter in the body's scope."""
    name = one.name.id
    check_member_name(name, one.name.span, "a parameter")
    span = node.span
    if name in values:
        found = _unwrap(values[name])
    elif one.default is not None:
        found = default_of(one, cx)
        span = one.default.span
    elif one.type is not None and not is_type(one.type):
        raise Cascade  # what it takes isn't known, which is told where it is declared
    else:
        raise fault(
            "E203",
            f"`{definition.name}` needs `{name}`",
            node.span,
            "not given",
            help=_give_it(name, definition, values, node),
        )
    found = check_type(one, found, span, definition, cx)
    check_value_name(name, one.name.span)
    cx.scope.set(name, found)
    return found


_SAMPLES = {"layer": "relu", "bool": "True", "float": "0.5", "str": '"same"', "list": "[64, 32]"}


def _give_it(name: str, definition: Definition, values: dict[str, Any], node: tree.Node) -> str:
    """How to give a parameter that has no value: in the call, or to a model from outside."""
    if node is definition.tree.name:
        typed = {p.name.id: p.type for p in getattr(definition.tree, "statics", ())}[name]
        sample = _SAMPLES.get(typed.name, "64") if typed is not None else "64"
        return f"give it a default, `{name}={sample}`, or a value: `-p {name}={sample}`"
    call = " ".join(node.span.text.split())
    if values and call.endswith(")") and len(call) < 60 and "(" in call and "..." not in call:
        return f"write `{call[:-1]}, {name}=...)`"
    return f"write `{definition.name}({name}=...)`"


def check_arguments(definition: Definition, given: dict[str, Given], cx: Context) -> None:
    """The types of a call's arguments, each mistake at its own place."""
    if isinstance(definition.tree, tree.Activation):
        return
    mistakes: list[Fault] = []
    for one in definition.tree.statics:
        if one.name.id in given:
            argument = given[one.name.id]
            if cx.general and not _is_no_layer(one, argument.value):
                continue  # the uses were checked; a branch that none takes may still be wrong
            try:
                check_type(one, argument.value, argument.span, definition, cx)
            except Fault as problem:
                mistakes.append(problem)
    _raise_all(mistakes, cx)


def _is_no_layer(one: tree.StaticParam, found: Any) -> bool:
    """A plain value where a layer is wanted."""
    wanted = one.type is not None and one.type.name == "layer"
    return wanted and isinstance(found, str | int | float | tuple)


def _unwrap(found: Any) -> Any:
    return found.value if isinstance(found, Given) else found


def default_of(one: tree.StaticParam, cx: Context) -> Any:
    """The default of a parameter; it may name parameters before it."""
    from nndsl.resolve.static_arguments import static_or_layer

    assert one.default is not None
    return static_or_layer(one.default, cx)


_TYPES: dict[str, Any] = {"int": int, "float": (int, float), "bool": bool, "str": str}
ANNOTATIONS = frozenset((*_TYPES, "layer", "list"))


def check_type(
    one: tree.StaticParam, found: Any, span: Span, definition: Definition, cx: Context
) -> Any:
    """A value must be of the annotated type, or of the kind that the default suggests."""
    wanted = one.type.name if one.type is not None else _suggested(one, cx)
    if wanted is None:
        return found
    if wanted == "number":
        if not _is_number_or_list(found):
            raise _wrong(one, found, "a number", span, definition)
        return found
    if wanted == "layer":
        if not is_layer(found):
            raise _wrong(one, found, "a layer", span, definition)
        return found
    if found is None and _allows_none(one):
        return found
    if wanted not in ANNOTATIONS:
        return found  # the type is what is wrong, and told where it is declared
    if is_layer(found) or isinstance(found, LayerValue):
        raise _wrong(one, found, f"{_article(wanted)}", span, definition)
    if isinstance(found, Expr):
        return found
    if wanted == "list":
        if not isinstance(found, tuple | Listing):
            raise _wrong(one, found, "a list", span, definition)
        _check_items(one, found, span, definition)
        return found
    right = isinstance(found, _TYPES[wanted]) and (wanted == "bool") == isinstance(found, bool)
    if not right:
        raise _wrong(one, found, _article(wanted), span, definition)
    return found


def _check_items(one: tree.StaticParam, found: Any, span: Span, definition: Definition) -> None:
    """Each item of a list whose annotation says what it holds."""
    assert one.type is not None
    kind = one.type.item
    if kind is None or not isinstance(found, tuple):
        return
    if not is_type(one.type):
        raise unknown_type(one.type)
    for item in found:
        layered = is_layer(item) or isinstance(item, LayerValue)
        if kind == "layer":
            right = layered
        elif kind == "list":
            right = isinstance(item, tuple | Listing | Expr)
        else:
            right = isinstance(item, Expr) and not layered or isinstance(item, _TYPES[kind])
            right = right and (kind == "bool" or not isinstance(item, bool))
        if not right:
            raise _wrong(one, item, f"a list of {_PLURALS[kind]}", span, definition)


_PLURALS = {
    "int": "ints",
    "float": "floats",
    "bool": "bools",
    "str": "texts",
    "layer": "layers",
    "list": "lists",
}


_MEANT_BY = {
    "write `layer`": "Callable Layer Module function callable activation Block",
    "write `str`": "string String text Text",
    "write `int`": "integer Int Integer long uint",
    "write `float`": "number double Float Number real",
    "write `bool`": "boolean Bool Boolean",
    "write `list[int]`, or what its items are": "List Tuple tuple Sequence Iterable array",
    "leave the type out: a default of None takes anything": "Optional Union Any any object",
    "tensors are declared in the second parentheses: `def name(size)(x: \"b c\"):`":
        "Tensor tensor ndarray",
}  # fmt: skip
_MEANT = {name: said for said, names in _MEANT_BY.items() for name in names.split()}


def unknown_type(node: tree.TypeRef) -> Fault:
    """The fault of an annotation that isn't known, on its own or inside ``list[...]``."""
    name = node.name if node.name not in ANNOTATIONS else node.item
    known = builtin(name or "")
    if isinstance(known, Builtin) and known.layer is not None:
        return fault(
            "E205",
            f"`{name}` is a layer, and no type",
            node.span,
            "unknown type",
            help=f"a type and a default: `layer = {name}`",
        )
    return fault(
        "E205",
        f"`{name}` is no type of a parameter",
        node.span,
        "unknown type",
        help=_MEANT.get(name or "", "types are int, float, bool, str, layer and list[...]"),
    )


def is_type(node: tree.TypeRef) -> bool:
    return node.name in ANNOTATIONS and (node.item is None or node.item in ANNOTATIONS)


def _suggested(one: tree.StaticParam, cx: Context) -> str | None:
    """The type that a default tells where none is written; None and lists leave it open."""
    if one.default is None or _allows_none(one):
        return None
    if isinstance(one.default, tree.Number):
        return "number"
    if isinstance(one.default, tree.Constant):
        return "bool"
    return "str" if isinstance(one.default, tree.String) else None


def _is_number_or_list(found: Any) -> bool:
    """Numbers mix, and a list may give one an axis: ``kernel=3``, ``kernel=[1, 7]``."""
    if isinstance(found, Expr | tuple | Listing) and not is_layer(found):
        return True
    return isinstance(found, int | float) and not isinstance(found, bool)


def _allows_none(one: tree.StaticParam) -> bool:
    return isinstance(one.default, tree.Constant) and one.default.value is None


def _article(kind: str) -> str:
    return {"int": "an int", "str": "a text"}.get(kind, f"a {kind}")


def _wrong(
    one: tree.StaticParam, found: Any, wanted: str, span: Span, definition: Definition
) -> Exception:
    from nndsl.diagnostics import Label

    got = "a layer" if is_layer(found) else statics.kind_of(found)
    help = ""
    if isinstance(found, str) and wanted != "a list":
        help = (
            f"write it without quotes: `{found}`" if found.isidentifier() or found.isdigit() else ""
        )
    elif wanted.startswith("a list") and isinstance(found, int | float | str):
        help = f"write `[{span.text}]`" if len(span.text) < 40 else "put it in brackets"
    return fault(
        "E205",
        f"`{one.name.id}` of `{definition.name}` is {wanted}, not {got}",
        span,
        f"{got} is given",
        help=help,
        causes=(Label(one.span, "declared here"),),
    )
