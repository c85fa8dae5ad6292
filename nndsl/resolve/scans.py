"""Loops at run time, over the items of a list of tensors."""

from __future__ import annotations

from typing import Any

from nndsl.diagnostics import Label
from nndsl.model.graph import (
    Carried,
    Check,
    Declare,
    Gathered,
    ListType,
    Make,
    Scan,
    TieTo,
    TupleType,
    Var,
)
from nndsl.resolve.context import Context, fault
from nndsl.resolve.evaluate import as_flow, value
from nndsl.resolve.loops import key_of
from nndsl.resolve.values import Bundle, flows, is_layer
from nndsl.syntax import tree


def over_of(clauses: tuple[tree.Clause, ...], cx: Context) -> Any:
    """The list of tensors that a comprehension goes over at run time, or None."""
    from nndsl.resolve.reading import holds_tensor

    if len(clauses) != 1 or not holds_tensor(clauses[0].iterable, cx):
        return None
    found = value(clauses[0].iterable, cx.plain())
    return found if is_run_list(found) else None


def is_run_list(found: Any) -> bool:
    """Whether something is a list that exists at run time: what ``unbind`` and its like give."""
    if not isinstance(found, Var):
        return False
    return isinstance(found.type, ListType) or isinstance(found.type, TupleType) and found.type.many


def item_type(found: Var, node: tree.Node) -> Any:
    """The type of one item; all are alike."""
    if isinstance(found.type, ListType):
        return found.type.item
    assert isinstance(found.type, TupleType)
    return found.type.items[0]


def _target(node: tree.Target, over: Var, cx: Context) -> Var:
    if not isinstance(node, tree.Name):
        raise fault("E205", "each item is one tensor", node.span, "can't be taken apart")
    var = cx.builder.var(item_type(over, node), node.id, node.span)
    cx.scope.set(node.id, var)
    return var


def gather(node: tree.ListComp, over: Var, cx: Context) -> Var:
    """``[cell()(xt) for xt in unbind(x, dim=1)]``: the list of what each round gives."""
    b = cx.builder
    clause = node.clauses[0]
    if clause.tests:
        raise fault(
            "E405",
            "items of a list of tensors can't be left out",
            clause.tests[0].span,
            "at run time",
        )
    inner = cx.inner().plain()
    with b.collect() as statements, b.inside():
        target = _target(clause.target, over, inner)
        found = value(node.element, inner)
        item = as_flow(found, node.element, inner) if is_layer(found) or not flows(found) else found
        b.use(item)
    statements = hoist(statements, b)
    b.use(over)
    after = b.var(_listed(item, over), "", node.span)
    b.emit(Scan((target,), over, tuple(statements), (), (Gathered(after, item),), node.span))
    return after


def _listed(item: Any, over: Var) -> Any:
    if isinstance(over.type, TupleType):
        return TupleType((item.type,) * len(over.type.items), None, True)
    assert isinstance(over.type, ListType)
    return ListType(item.type, over.type.length, over.type.index)


def hoist(statements: list[Any], b: Any) -> list[Any]:
    """What a round constructs is made once, in front of the loop; the rest is the round."""
    made = [s for s in statements if isinstance(s, _MADE)]
    b.statements.extend(made)
    return [s for s in statements if not isinstance(s, _MADE)]


_MADE = (Make, Declare, TieTo, Check)


def scan(node: tree.For, over: Var, cx: Context) -> None:
    """``for xt in unbind(x, dim=1):``: names assigned in it are carried and keep their shapes."""
    from nndsl.resolve.assigning import assigned_names
    from nndsl.resolve.body import statements_of

    b = cx.builder
    scope = cx.scope.body()
    names = [n for n in assigned_names(node.body) if n in scope.names]
    before = {n: scope.names[n] for n in names}
    heads = {n: b.var(v.type, n, node.span) for n, v in before.items() if isinstance(v, Var)}
    scope.names.update(heads)
    known = set(scope.names)
    inner = cx.inner()
    with b.collect() as statements, b.inside():
        target = _target(node.target, over, inner)
        statements_of(node.body, inner)
    statements = hoist(statements, b)
    b.use(over)
    carried = [_carry(n, heads[n], before[n], scope.names[n], b, node) for n in heads]
    gathered = []
    for name in names:
        if name not in heads:
            gathered.extend(_grow(name, before[name], scope, over, b, node))
    for one in carried:
        scope.names[one.head.name] = one.after
    for name in set(scope.names) - known:
        del scope.names[name]
    b.emit(Scan((target,), over, tuple(statements), tuple(carried), tuple(gathered), node.span))


def _carry(name: str, head: Var, before: Any, after: Any, b: Any, node: tree.For) -> Carried:
    if not isinstance(after, Var) or key_of(after) != key_of(head):
        raise fault(
            "E406",
            f"`{name}` changes its shape from round to round",
            node.span,
            "a loop at run time",
            help="what such a loop carries keeps its shape",
            causes=(Label(after.span, "becomes this"),)
            if isinstance(after, Var) and after.span
            else (),
        )
    b.use(before)
    b.use(after)
    out = b.var(head.type, name, node.span)
    return Carried(head, before, after, out)


def _grow(name: str, before: Any, scope: Any, over: Var, b: Any, node: tree.For) -> list[Gathered]:
    """``states = states + [h]``: one item more each round."""
    after = scope.names[name]
    if after is before:
        return []
    old = (
        before.items
        if isinstance(before, Bundle)
        else before
        if isinstance(before, tuple)
        else None
    )
    new = after.items if isinstance(after, Bundle) else None
    if (
        old is None
        or new is None
        or len(new) != len(old) + 1
        or any(a is not b for a, b in zip(old, new, strict=False))
    ):
        raise fault(
            "E406",
            f"`{name}` can only grow by one item a round in a loop at run time",
            node.span,
            "changed in another way",
            help=f"write `{name} = {name} + [item]`",
        )
    if old:
        raise fault(
            "E406", f"`{name}` must be empty before this loop", node.span, f"has {len(old)} items"
        )
    b.use(new[-1])
    out = b.var(_listed(new[-1], over), name, node.span)
    scope.names[name] = out
    return [Gathered(out, new[-1])]
