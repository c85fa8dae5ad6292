"""Declared modules: constructed at their first use, called as often as wanted."""

from __future__ import annotations

from typing import Any

from nndsl.limits import spend
from nndsl.model.graph import For, Make, Path, TensorType
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import lookup, snippet, static
from nndsl.resolve.module_lists import call_item, every_item, open_family, pick_item
from nndsl.resolve.naming import Naming, split_label
from nndsl.resolve.placing import Place
from nndsl.resolve.values import Module, ModuleState
from nndsl.syntax import tree


def declare(node: tree.ModuleDecl, cx: Context) -> None:
    """``module enc: lstm 128`` or a list of modules; nothing is made before the first use."""
    from nndsl.resolve.reserved import check_member_name

    label = statics.label_text(node.label, cx)
    parts = split_label(label)
    for part in parts:
        if isinstance(part, str):
            check_member_name(part, node.label.span)
    path = cx.naming.labelled(parts)
    module = Module(node.label, node.value, cx.scope, ModuleState(path))
    if isinstance(node.value, tree.ListComp):
        module.state.family = None
        if cx.general:
            module.state.family = open_family(node.label, node.value, path, cx)
        if module.state.family is None:
            module.state.items = tuple(_items(node, module, path, cx))
            cx.builder.lists.append(path)
    else:
        _check_layer(node, cx)
    cx.builder.statements.append(Place(path, node.label.span))  # type: ignore[arg-type]
    cx.builder.declared.append((module, cx))
    if isinstance(label, str):
        cx.scope.assign(label, module)


def _check_layer(node: tree.ModuleDecl, cx: Context) -> None:
    """What is declared is a layer, whether something calls it or not."""
    from nndsl.resolve.static_arguments import is_layerish

    value = node.value
    heads = (tree.Name, tree.Number, tree.Constant, tree.String)
    if isinstance(value, heads) and not is_layerish(value, cx):
        if isinstance(value, tree.Name):
            lookup(value.id, value.span, cx)  # an unknown name says so itself
        text = f"`{snippet(value)}` is not a layer"
        raise fault("E205", text, value.span, "a layer is wanted")


def _items(node: tree.ModuleDecl, module: Module, path: Path, cx: Context) -> list[Module]:
    from nndsl.resolve.loops import clause_rounds

    assert isinstance(node.value, tree.ListComp)
    found = []
    for round, there in enumerate(clause_rounds(node.value.clauses, cx)):
        state = ModuleState((*path, round))
        found.append(Module(node.label, node.value.element, there.scope, state))
    return found


def in_list_order(statements: tuple[Any, ...], b: Builder) -> tuple[Any, ...]:
    """Modules of declared lists are made in the order of their list, whatever is called first."""
    found = list(statements)
    for path in b.lists:
        places = [i for i, s in enumerate(found) if _is_item(s, path)]
        made = sorted((found[i] for i in places), key=lambda make: make.path[-1])
        for place, make in zip(places, made, strict=True):
            found[place] = make
        if path in b.parts:
            b.parts[path] = dict.fromkeys(sorted(b.parts[path], key=_place))
    return tuple(found)


def _place(part: Any) -> tuple[int, Any]:
    return (0, part) if isinstance(part, int) else (1, str(part))


def _is_item(statement: Any, path: Path) -> bool:
    if not isinstance(statement, Make) or statement.path[:-1] != path:
        return False
    return isinstance(statement.path[-1], int)


def make_unused(cx: Context) -> None:
    """Make the declared modules that nothing calls, from the sizes that they say themselves."""
    for declared, there in cx.builder.declared:
        for module in _single(declared):
            if _unmade(module):
                _make_alone(module, there)


def _single(declared: Module) -> tuple[Module, ...]:
    """The modules that a declaration makes; of a list over names, the one of its round."""
    if declared.state.family is not None:
        return (every_item(declared.state.family),)
    return declared.state.items or (declared,)


def _unmade(module: Module) -> bool:
    family = module.state.family
    return module.state.made is None if family is None else family.made is None


def _make_alone(module: Module, cx: Context) -> None:
    spend(20)
    b = cx.builder
    flow, lead = b.var(TensorType(None)), b.lead
    b.lead = flow  # its shape is then what the layer asks for
    try:
        with b.collect() as statements:
            _first_or_again(module, (flow,), (), cx, module.node)
    except (Fault, Cascade):
        raise fault(
            "E305",
            f"nothing calls `{snippet(module.label)}`, so its sizes aren't known",
            module.label.span,
            "declared here",
            help="write the input size too, as in `linear 784->10`, or call it",
        ) from None
    finally:
        b.lead = lead
    b.statements.extend(s for s in statements if isinstance(s, Make | For))


def pick(module: Module, node: tree.Subscript, cx: Context) -> Module:
    """``layers[i]``."""
    state = module.state
    single = state.items is None and (state.family is None or state.path != state.family.path)
    if single or len(node.items) != 1:
        raise fault("E211", "only a list of modules has items", node.span, "a single module")
    place = statics.plain(static(node.items[0], cx))
    if state.items is None:
        return pick_item(module, place, node, cx)
    count = len(state.items)
    if type(place) is not int or not -count <= place < count:
        raise fault("E206", f"there are {count} modules here", node.span, f"no item {place}")
    return state.items[place]


def call_module(
    module: Module,
    tensors: tuple[Any, ...] | None,
    keywords: tuple[tuple[str, Any], ...],
    cx: Context,
    node: tree.Expr,
) -> Any:
    """Call a declared module; the first call makes it and fixes its sizes."""
    from nndsl.resolve.layers import _flow

    if tensors is None:
        tensors = (_flow(cx, node),)
    family = module.state.family
    if module.state.items is not None or family is not None and family.path == module.state.path:
        raise fault(
            "E211",
            "this is a list of modules; call one of them",
            node.span,
            "a list",
            help=f"write `{node.span.text}[0](...)`",
        )
    if not tensors:
        raise fault("E203", "this module needs a tensor", node.span, "none is given")
    return _first_or_again(module, tensors, keywords, cx, node)


def _first_or_again(
    module: Module, tensors: tuple[Any, ...], keywords: Any, cx: Context, node: tree.Expr
) -> Any:
    """The first call makes the module; a later one keeps only the call itself."""
    b, members = cx.builder, cx.builder.members

    def resolve(one: Module) -> tuple[list[Make], list[Any], Any]:
        return _resolved(one, tensors, keywords, cx, node)

    if module.state.family is not None:
        return call_item(module, resolve, cx)
    makes, rest, out = resolve(module)
    if module.state.made is not None:
        b.members = members
        _check_same(module, makes, node)
    else:
        module.state.made = makes
        b.modules.append(module.state)
        b.statements.extend(makes)
    b.statements.extend(rest)
    return out


def _resolved(
    module: Module, tensors: Any, keywords: Any, cx: Context, node: tree.Expr
) -> tuple[list[Make], list[Any], Any]:
    """A call as if it were the first: what it makes, what else it does, what comes out."""
    from nndsl.resolve.stages import labelled

    b, path = cx.builder, module.state.path
    assert path is not None
    if not _unmade(module):
        b.members = {p: s for p, s in b.members.items() if p[: len(path)] != path}
    there = replace(
        cx,
        scope=module.scope,
        flow=tensors[0],
        stage=True,
        label=path,
        naming=Naming(path[:-1]),
    )
    with b.collect() as statements:
        if len(tensors) == 1 and not keywords:
            out = labelled(module.node, there, tensors[0])
        else:
            out = _with_tensors(module, tensors, keywords, there, node)
    makes: list[Any] = [s for s in statements if _makes(s, path)]
    return makes, [s for s in statements if not _makes(s, path)], out


def _with_tensors(module: Module, tensors: Any, keywords: Any, cx: Context, node: tree.Expr) -> Any:
    from nndsl.resolve.evaluate import layer_value, value
    from nndsl.resolve.layers import meet
    from nndsl.resolve.values import is_layer

    found = value(module.node, cx.plain())
    if not is_layer(found):
        raise fault("E211", "this module takes one tensor", node.span, f"{len(tensors)} given")
    return meet(layer_value(found, module.node, cx), tensors, keywords, cx, node)


def _makes(statement: Any, path: Path) -> bool:
    return isinstance(statement, Make) and statement.path[: len(path)] == path


def _check_same(module: Module, makes: list[Make], node: tree.Expr) -> None:
    """A later use must need the module that the first one made."""
    from nndsl.diagnostics import Label

    first = [_signature(s.what) for s in module.state.made]
    now = [_signature(s.what) for s in makes]
    if first != now:
        raise fault(
            "E301",
            "this module was made for another size",
            node.span,
            "does not fit here",
            causes=(Label(module.state.made[0].span, "made here, by its first use"),),
        )


def _signature(made: Any) -> Any:
    from nndsl.model.graph import Construct, Use

    if isinstance(made, Construct):
        return repr((made.torch, made.args, made.kwargs))
    if isinstance(made, Use):
        sizes = _weights(made.block)
        return repr((made.block.name, sizes))
    return type(made).__name__


def _weights(block: Any) -> list[Any]:
    from nndsl.model.graph import Construct, Make, Use, walk

    found: list[Any] = []
    for statement in walk(block.body):
        if isinstance(statement, Make):
            what = statement.what
            if isinstance(what, Construct):
                found.append((statement.path, what.torch, what.args, what.kwargs))
            elif isinstance(what, Use):
                found.append((statement.path, _weights(what.block)))
    return found
