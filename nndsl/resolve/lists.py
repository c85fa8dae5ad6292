"""Lists that hold tensors: their length is known at construction."""

from __future__ import annotations

from typing import Any

from nndsl.limits import spend
from nndsl.model import expr as ex
from nndsl.model.expr import Expr, Undecided, names_in
from nndsl.model.graph import Apply, TupleType, Var
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.containers import announce
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import as_flow, snippet, static, value
from nndsl.resolve.joined import is_counted, join_counted
from nndsl.resolve.tensor_lists import as_list, is_built
from nndsl.resolve.values import Bundle, flows, is_layer
from nndsl.syntax import tree


def list_literal(node: tree.ListExpr, cx: Context, wanted: bool = False) -> Any:
    """``[a, *b]``: a static list, a list of layers, or a bundle if something in it flows.

    Among tensors, or where they are ``wanted``, a layer is applied to what flows in.
    """
    found: list[tuple[Any, tree.Expr]] = []
    for part in node.items:
        if isinstance(part, tree.Argument):
            assert part.value is not None
            inside = value(part.value, cx)
            found.extend((one, part.value) for one in spread(inside, part, cx))
            statics.check_count(found, part)
        else:
            found.append((_item(part, cx), part))
    if wanted or any(flows(one) for one, _ in found):
        items = [_applied(one, part, cx) if is_layer(one) else one for one, part in found]
        return in_a_row(items, node, cx)
    plain = tuple(one for one, _ in found)
    return statics.listing(plain) if plain else ()


def _applied(found: Any, node: tree.Expr, cx: Context) -> Any:
    """A layer of a list on what flows in; it is called as where it stands says."""
    again = value(node, cx) if isinstance(node, tree.Group) else found
    return as_flow(again, node, cx) if is_layer(again) else again


def _item(node: tree.Expr, cx: Context) -> Any:
    from nndsl.resolve.reading import begins_with_tensor
    from nndsl.resolve.static_arguments import is_layerish, static_or_layer

    named = isinstance(node, tree.Name | tree.Group) and is_layerish(node, cx)
    if named and not begins_with_tensor(node, cx):
        return static_or_layer(node, cx)
    return value(node, cx)


def in_a_row(items: list[Any], node: tree.Expr, cx: Context) -> Any:
    """``[*ys, z]`` where only the type of the items of ``ys`` is known: lists joined."""
    total: Any = Bundle(())
    for one in items:
        part = one if is_built(one) else Bundle((one,))
        both = isinstance(total, Bundle) and isinstance(part, Bundle)
        total = (
            Bundle((*total.items, *part.items))
            if both
            else join_counted(total, part, tree.Binary(node.span, "+", node, node), cx)
        )
    return total


def spread(found: Any, node: tree.Argument, cx: Context) -> tuple[Any, ...]:
    """What ``*found`` stands for: tensors, or static values; a built list stays one."""
    if is_built(found):
        return (found,)
    if flows(found):
        assert node.value is not None
        return items(found, node.value, cx)
    if isinstance(found, Expr):
        return (ex.Spread(found),)
    return statics.items_of(found, node)


def join(left: Any, right: Any, node: tree.Binary, cx: Context) -> Any:
    """``a + b`` of two lists."""
    if is_counted(left) or is_counted(right):
        return join_counted(left, right, node, cx)
    joined = (*items(left, node.left, cx), *items(right, node.right, cx))
    spend(len(joined) // 32, node.span)
    return Bundle(joined)


def items(found: Any, node: tree.Expr, cx: Context) -> tuple[Any, ...]:
    """The items of a list; several outputs are taken apart."""
    if isinstance(found, Bundle):
        return found.items
    if isinstance(found, Var) and isinstance(found.type, TupleType):
        return tuple(
            cx.builder.apply(Apply("op.getitem", (found, place)), kind, node.span)
            for place, kind in enumerate(found.type.items)
        )
    if isinstance(found, tuple):
        return found
    from nndsl.resolve.scans import is_run_list

    raise fault(
        "E205",
        f"`{snippet(node)}` is not a list",
        node.span,
        "a list is wanted here",
        help="at run time a loop goes over such a list itself, or over several in a `zip`; "
        "`flip` turns a tensor around"
        if is_run_list(found)
        else "",
    )


def pick_item(found: Bundle, node: tree.Subscript, cx: Context) -> Any:
    """An item or a stretch of a list of tensors."""
    part = node.items[0]
    if len(node.items) != 1:
        raise fault("E205", "a list has one index", node.span, f"{len(node.items)} given")
    if isinstance(part, tree.Slice):
        return _stretch(found, part, node, cx)
    index = static(part, cx)
    place = statics.plain(index)
    if isinstance(place, Expr):
        return _told_by_names(found, place, node, cx)
    if type(place) is not int or not -len(found.items) <= place < len(found.items):
        raise fault("E206", f"the list has {len(found.items)} items", node.span, f"no item {place}")
    return found.items[place]


def _stretch(found: Bundle, part: tree.Slice, node: tree.Subscript, cx: Context) -> Any:
    """``ys[1:]`` of a list of tensors."""
    bounds = [statics.plain(one) for one in statics.slice_bounds(part, cx)]
    open_bounds = [one for one in bounds if isinstance(one, Expr)]
    if open_bounds:
        return _told_by_names(found, open_bounds[0], node, cx)
    return replace(found, items=found.items[slice(*bounds)], names=None)


def _told_by_names(found: Bundle, place: Expr, node: tree.Subscript, cx: Context) -> Any:
    """An item or a stretch whose place follows from the names of a block."""
    if not cx.general:
        raise statics.undecided(place, node, "a place in a list of tensors")
    made = as_list(found, node, cx)
    if made is None:
        raise Undecided(next(names_in(place)))
    from nndsl.resolve.picking import index_tensor

    return index_tensor(made, node, cx)


def list_comprehension(node: tree.ListComp, cx: Context) -> Any:
    """``[f(w) for w in ws]``: side by side on the same flow; static, or over a list of tensors."""
    from nndsl.resolve.loops import clause_rounds
    from nndsl.resolve.scans import gather, over_of

    if cx.general and (found := _general_rounds(node, cx)) is not None:
        return found
    over = over_of(node.clauses, cx)
    if over is not None and not isinstance(over, Bundle):
        return gather(node, over, cx)
    if cx.label is None:
        announce(node.element, cx)
    if over is not None:
        return _over_built(node, over, cx)
    if cx.general:
        from nndsl.resolve.general_lists import list_rounds

        return list_rounds(node, cx)
    found = []
    for round, there in enumerate(clause_rounds(node.clauses, cx)):
        found.append(_element(node.element, round, there))
    if any(map(flows, found)):
        return Bundle(tuple(found))
    return statics.listing(tuple(found))


def _general_rounds(node: tree.ListComp, cx: Context) -> Any:
    """Rounds over built lists of which only the items' types are known, if they are that."""
    from nndsl.resolve.general_lists import over_lists
    from nndsl.resolve.general_rounds import over_built
    from nndsl.resolve.reading import holds_tensor

    clause = node.clauses[0]
    if len(node.clauses) > 1 or clause.tests or not holds_tensor(clause.iterable, cx):
        return None
    with cx.builder.collect() as statements:
        rounds = over_built(clause.iterable, cx)
    if rounds is None:
        return None
    cx.builder.statements.extend(statements)
    if cx.label is None:
        announce(node.element, cx)
    return over_lists(node, rounds, cx)


def _over_built(node: tree.ListComp, over: Bundle, cx: Context) -> Any:
    """``[y * 2 for y in ys]`` of a list whose tensors are known one by one."""
    from nndsl.resolve.loops import bind_target, truth

    found: list[Any] = []
    for item in over.items:
        there = cx.inner()
        bind_target(node.clauses[0].target, item, there)
        if all(truth(test, there) for test in node.clauses[0].tests):
            found.append(_element(node.element, len(found), there))
    return Bundle(tuple(found)) if any(map(flows, found)) else statics.listing(tuple(found))


def _element(node: tree.Expr, round: Any, cx: Context) -> Any:
    """One element: static, or what flows out of a layer on the flow of all."""
    from nndsl.resolve.loops import one_element
    from nndsl.resolve.static_arguments import is_layerish

    if cx.label is not None:
        return one_element(node, (*cx.label, round), cx, cx.flow)
    inside = replace(cx.plain(), naming=cx.naming.element(round))
    if cx.flow is None and is_layerish(node, cx):
        from nndsl.resolve.static_arguments import static_or_layer

        return static_or_layer(node, inside)
    found = value(node, inside)
    return as_flow(found, node, inside) if is_layer(found) else found
