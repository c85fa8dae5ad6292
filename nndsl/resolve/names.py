"""Looking at every definition of a file, used or not: unknown names, values that nobody reads.

This goes by the text alone, so it also reaches branches and definitions that no model takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nndsl.diagnostics import Diagnostic, error, warning
from nndsl.limits import current, spend
from nndsl.resolve.advice import Advice, nodes
from nndsl.resolve.assigning import assigned_names, target_names
from nndsl.resolve.errors import Fault
from nndsl.resolve.naming import layer_head
from nndsl.resolve.scope import STATEMENTS, Scope
from nndsl.resolve.values import free_names
from nndsl.syntax import tree

_NAMING = frozenset(
    (
        tree.StaticParam, tree.Input, tree.LayerAlias, tree.BufferDecl, tree.ParamDecl,
        tree.Assign, tree.For, tree.Stage,
    )
)  # fmt: skip
_ALWAYS = frozenset(("_", "training", "normal", "uniform", "trunc_normal"))


def check_names(items: Iterable[tree.Item], scope: Scope) -> list[Diagnostic]:
    """Findings about the names in the definitions of a file."""
    from nndsl.resolve.written import check_calls

    found: list[Diagnostic] = []
    items = tuple(items)
    advice = Advice(items)
    for item in items:
        if len(found) > current().findings:
            break
        every = list(nodes(item))
        spend(len(every) // 2)
        known = _names_of(item)
        found += _reserved(every)
        found += _types(item)
        found += check_calls(every, known, _numbers_of(item), scope)
        if isinstance(item, tree.Definition):
            found += _unknown(item, item.body, known, scope, advice)
            found += _defaults(item, scope, advice)
            found += _unread(item.body, item.body, _read_names(item.body))
            found += _unread_inputs(item)
            found += _losses(item)
        elif isinstance(item, tree.Function):
            found += _unknown(item, item.body, known, scope, advice)
            found += _unread(item.body, item.body, _read_names(item.body))
        elif isinstance(item, tree.Activation):
            found += _unknown(item, item.body, known, scope, advice)
        elif isinstance(item, tree.Assign | tree.LayerAlias):
            found += _unknown(item, item.value, known, scope, advice)
    return found


def _numbers_of(item: tree.Item) -> set[str]:
    """Names of an item's own that stand for values known at construction."""
    return {p.name.id for p in item.statics} if isinstance(item, tree.Definition) else set()


def unknown_in_rules(
    item: tree.Weights, parameters: Iterable[str], scope: Scope
) -> list[Diagnostic]:
    """Unknown names in the functions of ``weights``, which may read the model's parameters."""
    stages = tuple(rule.stages for rule in item.rules)
    clauses = (node for node in nodes(stages) if isinstance(node, tree.Clause))
    bound = {name for one in clauses for name in target_names(one.target)}
    named = (node.alias for node in nodes(stages) if isinstance(node, tree.Stage))
    bound |= {name for one in named if one is not None for name in target_names(one)}
    return _unknown(item, stages, {*parameters, *_ALWAYS, *bound}, scope, Advice((item,)))


def let_in(items: Iterable[tree.Item], scope: Scope) -> None:
    """Import the installed packages that declare names which nothing else explains."""
    from nndsl import plugins

    items = tuple(items)
    loose = _bound(tuple(i for i in items if isinstance(i, tree.Result | tree.Loss | tree.Assert)))
    for item in items:
        known = _names_of(item) | loose
        for name in _reads(item):
            if name.id not in known and not scope.has(name.id):
                offer = plugins.offered(name.id)
                if offer is not None:
                    plugins.load(offer.module)


def _names_of(item: tree.Item) -> set[str]:
    """Every name that an item binds for itself."""
    if isinstance(item, tree.Definition):
        return _known(item) | _ALWAYS
    if isinstance(item, tree.Function):
        return {p.name.id for p in item.params} | _bound(item.body) | _ALWAYS
    if isinstance(item, tree.Activation):
        return {p.name.id for p in item.params} | {"x"} | _ALWAYS
    clauses = (node for node in nodes(item) if isinstance(node, tree.Clause))
    return {name for one in clauses for name in target_names(one.target)} | _ALWAYS


# ------------------------------------------------------------------ names that are taken


def _reserved(every: Iterable[tree.Node]) -> list[Diagnostic]:
    """Every name among an item's nodes that Python, torch or ``nn.Module`` needs for itself."""
    found: list[Diagnostic] = []
    for check, name, *what in _given_names(every):
        try:
            check(name.id, name.span, *what)
        except Fault as problem:
            found.append(problem.diagnostic)
    return found


def _types(item: tree.Item) -> list[Diagnostic]:
    """Annotations that mean nothing."""
    from nndsl.resolve.parameters import is_type, unknown_type

    params = item.statics if isinstance(item, tree.Definition) else ()
    return [unknown_type(p.type).diagnostic for p in params if p.type and not is_type(p.type)]


def _given_names(every: Iterable[tree.Node]) -> Iterator[tuple[Any, ...]]:
    from nndsl.resolve.reserved import check_member_name, check_value_name

    for node in every:
        if type(node) not in _NAMING:
            continue
        if isinstance(node, tree.StaticParam):
            yield check_member_name, node.name, "a parameter"
            yield check_value_name, node.name
        elif isinstance(node, tree.Input | tree.LayerAlias | tree.BufferDecl | tree.ParamDecl):
            yield check_value_name, node.name
        elif isinstance(node, tree.Assign | tree.For) and isinstance(node.target, tree.Name):
            yield check_value_name, node.target
        elif isinstance(node, tree.Stage) and isinstance(node.label, tree.Name):
            yield check_member_name, node.label, "a member"


# ------------------------------------------------------------------ unknown names


def _known(item: tree.Definition) -> set[str]:
    """Every name that a definition binds anywhere."""
    names = {p.name.id for p in item.statics} | _bound(item.body)
    for one in item.inputs or ():
        names.add(one.name.id)
        if one.pattern is not None:
            names.update(free_names(one.pattern))
    return names


def _bound(body: tuple[tree.Statement, ...]) -> set[str]:
    names = set(assigned_names(body))
    for node in nodes(body):
        if isinstance(node, tree.For | tree.Clause):
            names.update(target_names(node.target))
        elif isinstance(node, tree.Stage) and node.alias is not None:
            names.update(target_names(node.alias))
        elif isinstance(node, tree.ModuleDecl) and isinstance(node.label, tree.Name):
            names.add(node.label.id)
    return names


def _reads(node: object) -> Iterator[tree.Name]:
    """The names that are read as values: no labels, keywords, targets or paths."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, tree.Name):
            yield part
        elif isinstance(part, tree.Init):
            todo.append(_given(part.value))
        elif isinstance(part, tree.Node):
            skipped = _NOT_READ.get(type(part), ("span",))
            todo.extend(v for k, v in vars(part).items() if k not in skipped)
        elif isinstance(part, tuple):
            todo.extend(part)


def _given(value: tree.Expr) -> object:
    """What an ``init`` rule's value reads: an initializer's name is no value."""
    from nndsl.layers.inits import INITS

    head = value.func if isinstance(value, tree.Call) else value
    if not (isinstance(head, tree.Name) and head.id in INITS):
        return value
    return value.args if isinstance(value, tree.Call) else ()


_NOT_READ: dict[type, tuple[str, ...]] = {
    tree.Argument: ("span", "name"),
    tree.Attribute: ("span", "name"),
    tree.Stage: ("span", "label", "alias"),
    tree.Assign: ("span", "target"),
    tree.LayerAlias: ("span", "name"),
    tree.For: ("span", "target"),
    tree.Clause: ("span", "target"),
    tree.ParamDecl: ("span", "name"),
    tree.BufferDecl: ("span", "name"),
    tree.ModuleDecl: ("span", "label"),
    tree.Order: ("span", "names"),
    tree.Tie: ("span", "paths", "source"),
    tree.Loss: ("span", "name"),
    tree.Weights: ("span", "model"),
    tree.Keys: ("span", "over"),
}


def _unknown(
    item: tree.Item,
    node: object,
    known: set[str] | frozenset[str],
    scope: Scope,
    advice: Advice,
) -> list[Diagnostic]:
    """Names that stand for nothing, each where it is first read."""
    first: dict[str, tree.Name] = {}
    for name in _reads(node):
        if len(first) > current().findings:
            break
        if name.id not in known and not scope.has(name.id) and name.id not in STATEMENTS:
            before = first.setdefault(name.id, name)
            if name.span.start < before.span.start:
                first[name.id] = name
    return [advice.finding(name, item, known, scope) for name in first.values()]


def _defaults(item: tree.Definition, scope: Scope, advice: Advice) -> list[Diagnostic]:
    """A default may name the parameters before it."""
    found: list[Diagnostic] = []
    before: set[str] = set(_ALWAYS)
    for one in item.statics:
        if one.default is not None:
            found += _unknown(item, one.default, before, scope, advice)
        before.add(one.name.id)
    return found


def _losses(item: tree.Definition) -> list[Diagnostic]:
    if item.kind == "model":
        return []
    return [
        error("E407", "a loss belongs to a model", node.span, "this is a definition",
              help=f"write `model {item.name.id}` or move it to the model")
        for node in nodes(item.body) if isinstance(node, tree.Loss)
    ]  # fmt: skip


# ------------------------------------------------------------------ values that nobody reads


def _unread(
    body: tuple[tree.Statement, ...], whole: tuple[tree.Statement, ...], read: set[str]
) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    overwritten = _overwritten(body)
    for place, node in enumerate(body):
        if isinstance(node, tree.If):
            found += _unread(node.body, whole, read) + _unread(node.orelse, whole, read)
        elif isinstance(node, tree.For):
            found += _unread(node.body, whole, read) + _overwritten_rounds(node)
        elif isinstance(node, tree.Assign):
            if node is whole[-1]:
                continue  # a body without a result, which says enough
            names = target_names(node.target)
            if place in overwritten or not any(n in read for n in names):
                found.append(_never(node, names[0]))
    return found


def _read_names(body: tuple[tree.Statement, ...]) -> set[str]:
    return {n.id for n in _reads(body)} | _in_texts(body)


def _overwritten_rounds(loop: tree.For) -> list[Diagnostic]:
    """What every round computes anew and only the last one's is read, behind the loop."""
    head = layer_head(loop.iterable)
    if head is not None and head.id in ("unbind", "split", "chunk"):
        return []  # at run time: what it leaves must have a value before
    read = {n.id for n in _reads((loop.body, loop.iterable))} | _in_texts(loop.body)
    return [
        error(
            "E402",
            f"`{node.target.id}` is computed in every round, but only that of the last is used",
            node.target.span,
            "overwritten by the next round",
            help="let the next round read it, or gather them: `list = list + [...]`",
        )
        for node in loop.body
        if isinstance(node, tree.Assign)
        and isinstance(node.target, tree.Name)
        and isinstance(node.value, tree.Pipeline)
        and not any(isinstance(part, tree.Conditional) for part in nodes(node.value))
        and node.target.id not in read
    ]


def _in_texts(node: object) -> set[str]:
    """Names in axis patterns and templates."""
    return {n for part in nodes(node) if isinstance(part, tree.String) for n in free_names(part)}


def _overwritten(body: tuple[tree.Statement, ...]) -> set[int]:
    """The places of assignments whose name is assigned again before anything could read it."""
    lost: set[int] = set()
    next_use: dict[str, tree.Assign | None] = {}  # what assigns a name next; None if it is read
    for place in reversed(range(len(body))):
        node = body[place]
        if not isinstance(node, tree.Assign):
            next_use.clear()
            continue
        names = target_names(node.target)
        again = next_use.get(names[0]) if isinstance(node.target, tree.Name) else None
        if again is not None and not isinstance(again.value, _STATIC):
            lost.add(place)  # a value of another kind is told where it is assigned
        next_use.update(dict.fromkeys(names, node))
        next_use.update(dict.fromkeys((n.id for n in _reads(node)), None))
        next_use.update(dict.fromkeys(_in_texts(node), None))
    return lost


_STATIC = (tree.Number, tree.String, tree.Constant)


def _never(node: tree.Assign, name: str) -> Diagnostic:
    return error(
        "E402",
        f"`{name}` is computed and never used",
        node.target.span,
        "nobody reads it",
        help="did you mean to begin the next line with `|`? else leave it out",
    )


def _unread_inputs(item: tree.Definition) -> list[Diagnostic]:
    inputs = item.inputs or ()
    if len(inputs) < 2:
        return []
    read = {n.id for n in _reads(item.body)}
    flowing = inputs[0].name.id
    return [
        warning("W603", f"the input `{one.name.id}` is never read", one.name.span, "not used")
        for one in inputs
        if one.name.id not in read and one.name.id != flowing
    ]
