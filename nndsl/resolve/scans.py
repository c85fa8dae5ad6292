"""Loops at run time, over the items of a list of tensors."""

from __future__ import annotations

from typing import Any

from nndsl.diagnostics import Label
from nndsl.model import dims
from nndsl.model.expr import Undecided, names_in
from nndsl.model.graph import (
    Apply,
    Bind,
    Carried,
    Check,
    Declare,
    Do,
    For,
    Gathered,
    If,
    ListType,
    Make,
    Many,
    Operand,
    Scan,
    Statement,
    TensorType,
    TieTo,
    TupleType,
    Var,
    walk,
)
from nndsl.model.text import expression
from nndsl.record import dataclass, replace
from nndsl.resolve.assigning import only_grows
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.evaluate import as_flow, snippet, value
from nndsl.resolve.loops import key_of
from nndsl.resolve.needs import construction_names
from nndsl.resolve.tensor_lists import as_list, is_built
from nndsl.resolve.uses import type_of
from nndsl.resolve.values import Bundle, flows
from nndsl.syntax import tree


def over_of(clauses: tuple[tree.Clause, ...], cx: Context) -> Any:
    """The list of tensors that a comprehension goes over, of the run or built; or None."""
    from nndsl.resolve.reading import holds_tensor

    if len(clauses) != 1 or not holds_tensor(clauses[0].iterable, cx):
        return None
    found = apart(value(clauses[0].iterable, cx.plain()), clauses[0].iterable, cx)
    return found if is_run_list(found) or isinstance(found, Bundle) else None


def apart(found: Any, node: tree.Expr, cx: Context) -> Any:
    """A list that the author built, item by item; so is one of the run whose tensors differ in
    shape: no round is made for all. Rounds that make nothing need not be told apart."""
    from nndsl.resolve.lists import items

    type = found.type if isinstance(found, Var) else None
    if not isinstance(type, TupleType) or not type.many:
        return found
    each = type.built and not cx.stateless
    return Bundle(items(found, node, cx)) if each or not _alike(type, cx) else found


def _alike(type: Any, cx: Context) -> bool:
    """Whether all tensors of a list have one shape, as far as it can be told; what follows from a
    parameter has to be known."""
    shapes: list[Any] = [getattr(one, "shape", None) for one in type.items]
    if None in shapes:
        return True
    if len(set(map(len, shapes))) > 1:
        return False
    for sizes in zip(*shapes, strict=True):
        equal = [dims.equal(sizes[0], one, cx.builder.check.facts) for one in sizes]
        if False in equal:
            return False
        names = [n for n in names_in(sizes) if cx.general and n.role != "size"]
        if None in equal and names:
            raise Undecided(names[0])
    return True


@dataclass(frozen=True)
class Zipped:
    """``zip(unbind(a, dim=1), unbind(b, dim=1))``: lists of the run, gone through together."""

    lists: tuple[Var, ...]


def zipped(given: list[Any], node: tree.Call, cx: Context) -> Zipped:
    """Lists of the run side by side; they must be equally long."""
    for one, argument in zip(given, node.args, strict=True):
        if not isinstance(one, Var) or not is_run_list(one):
            raise fault("E205", "a list of tensors goes with others only", argument.span, "is none")
        first = length(given[0])
        if not cx.builder.check.equal(first, length(one)):
            raise fault(
                "E301",
                f"these lists have {expression(first)} and {expression(length(one))} items",
                argument.span,
                "must be equally long",
            )
    return Zipped(tuple(given))


def length(found: Var) -> Any:
    """How many items a list of the run has."""
    if isinstance(found.type, ListType):
        return found.type.length
    assert isinstance(found.type, TupleType)
    return len(found.type.items)


def run_list(found: Any) -> Var | Zipped | None:
    """What a loop at run time goes over, if it is that."""
    return found if is_run_list(found) else None


def is_run_list(found: Any) -> bool:
    """Whether something is a list that exists at run time: what ``unbind`` and its like give."""
    if isinstance(found, Zipped):
        return True
    if not isinstance(found, Var):
        return False
    return isinstance(found.type, ListType) or isinstance(found.type, TupleType) and found.type.many


def item_type(found: Var, node: tree.Node) -> Any:
    """The type of one item; all are alike."""
    if isinstance(found.type, ListType):
        return found.type.item
    assert isinstance(found.type, TupleType)
    return found.type.items[0]


def _targets(node: tree.Target, over: Var | Zipped, cx: Context) -> tuple[Var, ...]:
    """The variables of a round: one tensor, or one of each list."""
    names = node.items if isinstance(node, tree.TargetTuple) else (node,)
    lists = over.lists if isinstance(over, Zipped) else (over,)
    single = isinstance(node, tree.Name) != isinstance(over, Zipped)
    if not single or len(names) != len(lists):
        have = "one tensor" if len(lists) == 1 else f"{len(lists)} tensors"
        raise fault("E205", f"each item is {have}", node.span, f"{len(names)} names")
    made = []
    for name, one in zip(names, lists, strict=True):
        if not isinstance(name, tree.Name):
            raise fault("E205", "each item is one tensor", name.span, "can't be taken apart")
        made.append(cx.builder.var(item_type(one, name), name.id, name.span))
        cx.scope.set(name.id, made[-1])
    return tuple(made)


def _over(found: Var | Zipped) -> Operand:
    return Many(found.lists, "zip") if isinstance(found, Zipped) else found


def _first(found: Var | Zipped) -> Var:
    return found.lists[0] if isinstance(found, Zipped) else found


def gather(node: tree.ListComp, over: Var | Zipped, cx: Context) -> Var:
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
        targets = _targets(clause.target, over, inner)
        found = value(node.element, inner)
        item = found if flows(found) else as_flow(found, node.element, inner)
        _check_one(item, node.element)
        b.use(item)
    statements = hoist(statements, b, over)
    b.use(_over(over))
    after = b.var(_listed(item, _first(over)), "", node.span)
    b.emit(Scan(targets, _over(over), tuple(statements), (), (Gathered(after, item),), node.span))
    return after


def _check_one(item: Any, node: tree.Node) -> None:
    """Each round of a loop at run time gives one tensor to a list that it makes."""
    if not isinstance(item, Var):
        several = isinstance(item, Bundle)
        raise fault(
            "E205",
            f"`{snippet(node)}` is no tensor",
            node.span,
            "a list that is made at run time has one tensor a round",
            help="make a list of each" if several else "",
        )


def _listed(item: Any, over: Var) -> Any:
    if isinstance(over.type, TupleType):
        return replace(over.type, items=(item.type,) * len(over.type.items), names=None)
    assert isinstance(over.type, ListType)
    return ListType(item.type, over.type.length, over.type.index)


def hoist(statements: list[Any], b: Any, over: Var | Zipped) -> list[Any]:
    """What a round constructs is made once, in front of the loop; the rest is the round.

    A list that the author built is gone through at construction, and each of its rounds makes its
    own; over names its length must then be known.
    """
    parts = [part for s in statements if (part := constructing(s)) is not None]
    made = _needed(parts)
    kind = _first(over).type
    if made and b.general and isinstance(kind, ListType) and kind.index is not None:
        raise Undecided(next(names_in(kind.length), kind.index))
    b.statements.extend(made)
    return [part for s in statements if (part := flowing(s)) is not None]


def _needed(parts: list[Statement]) -> list[Statement]:
    """What is made, with the author's names that it reads."""
    made = [part for part in parts if not isinstance(part, Bind)]
    read = {n for part in made for n in construction_names(part)}
    for part in reversed(parts):
        if isinstance(part, Bind) and part.name in read:
            read.update(names_in(part.value))
    return [part for part in parts if not isinstance(part, Bind) or part.name in read]


def constructing(statement: Statement) -> Statement | None:
    """The part of a statement that makes something, or None."""
    if isinstance(statement, For):
        body = [part for s in statement.body if (part := constructing(s)) is not None]
        if not any(isinstance(s, _MADE) for s in walk(tuple(body))):
            return None
        return replace(statement, body=tuple(body), carried=(), gathered=())
    if isinstance(statement, If):
        sides = [
            tuple(part for s in side if (part := constructing(s)) is not None)
            for side in (statement.then, statement.orelse)
        ]
        if not any(isinstance(s, _MADE) for side in sides for s in walk(side)):
            return None
        return replace(statement, then=sides[0], orelse=sides[1], joins=())
    return statement if isinstance(statement, (*_MADE, Bind)) else None


def flowing(statement: Statement) -> Statement | None:
    """A statement without what it makes, or None if nothing is left of it."""
    if isinstance(statement, For):
        body = tuple(part for s in statement.body if (part := flowing(s)) is not None)
        return replace(statement, body=body)
    if isinstance(statement, If):
        then, orelse = (
            tuple(part for s in side if (part := flowing(s)) is not None)
            for side in (statement.then, statement.orelse)
        )
        return replace(statement, then=then, orelse=orelse)
    return None if isinstance(statement, _MADE) else statement


_MADE = (Make, Declare, TieTo, Check)


def has_no_items(over: Var | Zipped) -> bool:
    """Whether it is known that a loop has no rounds."""
    type = _first(over).type
    return isinstance(type, TupleType) and not type.items


def scan(node: tree.For, over: Var | Zipped, cx: Context) -> None:
    """``for xt in unbind(x, dim=1):``: names assigned in it are carried and keep their shapes."""
    from nndsl.resolve.assigning import assigned_names
    from nndsl.resolve.body import round_of

    b = cx.builder
    scope = cx.scope.body()
    names = [n for n in assigned_names(node.body) if n in scope.names]
    before = {n: scope.names[n] for n in names}
    heads = {n: b.var(v.type, n, node.span) for n, v in before.items() if isinstance(v, Var)}
    lists = {n: _list_heads(n, v, b, node) for n, v in before.items() if _is_state(n, v, node)}
    scope.names.update(heads)
    scope.names.update(lists)
    known = set(scope.names)
    inner = cx.inner()
    with b.collect() as statements, b.inside():
        targets = _targets(node.target, over, inner)
        round_of(node, inner)
        for name, head in heads.items():
            if is_built(head) and isinstance(scope.names[name], Bundle):
                scope.names[name] = as_list(scope.names[name], node, cx) or scope.names[name]
    statements = hoist(statements, b, over)
    b.use(_over(over))
    carried = [_carry(n, heads[n], before[n], scope.names[n], b, node) for n in heads]
    states = {}
    for name, own in lists.items():
        items = _carry_items(name, own, before[name], scope.names[name], b, node)
        states[name] = Bundle(tuple(one.after for one in items))
        carried += items
    gathered = []
    for name in names:
        if name not in heads and name not in lists:
            gathered.extend(_grow(name, before[name], scope, _first(over), b, node))
    for one in carried:
        scope.names[one.head.name] = one.after
    scope.names.update(states)
    for name in set(scope.names) - known:
        del scope.names[name]
    rest = (tuple(statements), tuple(carried), tuple(gathered), node.span)
    b.emit(Scan(targets, _over(over), *rest))


def _carry(name: str, head: Var, before: Any, after: Any, b: Any, node: tree.For) -> Carried:
    if not isinstance(after, Var) or key_of(after) != key_of(head):
        if getattr(getattr(after, "type", None), "shape", ()) is None and not b.general:
            raise Cascade  # what the round makes was not found out
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


def _is_state(name: str, before: Any, node: tree.For) -> bool:
    """Whether it is a list of tensors that each round puts in the place of the one before."""
    if not isinstance(before, Bundle) or before.kind != "list" or not before.items:
        return False
    tensors = all(isinstance(one, Var) and isinstance(one.type, TensorType) for one in before.items)
    return tensors and not only_grows(node.body, name)


def _list_heads(name: str, before: Bundle, b: Any, node: tree.For) -> Bundle:
    return Bundle(tuple(b.var(one.type, name, node.span) for one in before.items))


def _carry_items(
    name: str, heads: Bundle, before: Bundle, after: Any, b: Any, node: tree.For
) -> list[Carried]:
    """A list of as many tensors in every round, each of which is carried."""
    items = after.items if isinstance(after, Bundle) else ()
    if len(items) != len(heads.items):
        raise fault(
            "E406",
            f"`{name}` is read in the loop in which it grows"
            if len(items) > len(heads.items)
            else f"`{name}` changes its length from round to round",
            node.span,
            "a loop at run time",
            help="a list that such a loop reads has as many items in each round",
        )
    trios = zip(heads.items, before.items, items, strict=True)
    return [_carry(name, head, old, new, b, node) for head, old, new in trios]


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
    if not only_grows(node.body, name):
        raise fault(
            "E406",
            f"`{name}` is read in the loop in which it grows",
            node.span,
            "a loop at run time",
            help="carry what the next round needs under a name of its own: "
            "what such a loop carries keeps its shape",
        )
    _check_one(new[-1], node)
    b.use(new[-1])
    grown = _listed(new[-1], over)
    onto = None
    if old:
        onto = _begun(old, name, over, b)
        grown = _longer(onto.type, grown, name, b, node)
    out = b.var(grown, name, node.span)
    scope.names[name] = out
    return [Gathered(out, new[-1], onto)]


def _begun(items: tuple[Any, ...], name: str, over: Var, b: Any) -> Var:
    """The list before the loop, made before what the loop goes over."""
    place = len(b.statements)
    while place and isinstance(b.statements[place - 1], _MADE):
        place -= 1
    last = b.statements[place - 1] if place else None
    place -= isinstance(last, Do) and over in last.targets
    behind = b.statements[place:]
    del b.statements[place:]
    type = TupleType(tuple(map(type_of, items)), None, True)
    onto: Var = b.apply(Apply("op.list", items), type, name=name)
    b.statements.extend(behind)
    b.use(onto)
    return onto


def _longer(begun: Any, grown: Any, name: str, b: Any, node: tree.For) -> Any:
    """The type of a list that was begun before a loop and grows in it."""
    if isinstance(grown, TupleType):
        return TupleType((*begun.items, *grown.items), None, True)
    from nndsl.resolve.joined import joined_type

    index = b.size("i", "loop")
    first = ListType(begun.items[0], len(begun.items), index)
    made = joined_type(first, ListType(grown.item, grown.length, grown.index or index), b)
    if made is None or any(one != begun.items[0] for one in begun.items):
        text = f"the items of `{name}` differ in kind, or before this loop in size"
        raise fault("E406", text, node.span, "a loop at run time")
    return made
