"""``if`` statements whose condition is not decided here: both branches, then one set of names."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Cond, Expr, Undecided, names_in
from nndsl.model.graph import Bind, If, Joined, JoinedSize, RunTest, Var
from nndsl.resolve.body import statements_of
from nndsl.resolve.conditions import check_parted, join_values, one_side
from nndsl.resolve.context import Context, fault
from nndsl.resolve.exclusive import share
from nndsl.resolve.general_sizes import expand
from nndsl.resolve.tensor_lists import as_lists, both_listable
from nndsl.resolve.values import FAILED, NOTHING, Bundle, OneSided
from nndsl.syntax import tree


def both(test: Any, node: tree.If, cx: Context) -> Any:
    """Run both branches on the same names; names that differ after them are joined."""
    b, scope = cx.builder, cx.scope.body()
    before, members = dict(scope.names), dict(b.members)
    orders = len(b.orders)
    union, sides, ends, results = dict(members), [], [], []
    made: list[Any] = []
    for truth, body in ((True, node.body), (False, node.orelse)):
        scope.names = dict(before)
        b.members = dict(members)

        def run(body: tuple[tree.Statement, ...] = body) -> Any:
            return statements_of(body, cx)

        statements, result = one_side(test, truth, run, cx)
        sides.append(statements)
        ends.append(scope.names)
        results.append(result)
        made.append({path: span for path, span in b.members.items() if path not in members})
        union.update(made[-1])
    b.members = union
    check_parted(test, sides, cx)
    if isinstance(test, RunTest):
        share(sides, (made[0], made[1]), cx)
    _check_order(test, orders, cx)
    scope.names = dict(before)
    return _join(test, node, sides, ends, results, before, cx)


def _join(
    test: Any,
    node: tree.If,
    sides: list[list[Any]],
    ends: list[dict[str, Any]],
    results: list[Any],
    before: dict[str, Any],
    cx: Context,
) -> Any:
    joins: list[Joined] = []
    sizes: list[JoinedSize] = []
    scope = cx.scope.body()
    for name in dict.fromkeys((*ends[0], *ends[1])):
        then, orelse = ends[0].get(name, NOTHING), ends[1].get(name, NOTHING)
        if then is orelse or then == orelse and not isinstance(then, Var):
            scope.names[name] = then
        elif FAILED in (then, orelse):
            scope.names[name] = FAILED
        elif isinstance(then, OneSided) or isinstance(orelse, OneSided):
            scope.names[name] = then if isinstance(then, OneSided) else orelse
        elif NOTHING in (then, orelse):
            scope.names[name] = before.get(name) or _unset(test, cx)
            if sides_raise(sides):
                scope.names[name] = orelse if then is NOTHING else then
            elif isinstance(test, RunTest) and not cx.general:
                del scope.names[name]  # the other branch leaves it without a value
        else:
            scope.names[name] = _one(name, test, then, orelse, sides, joins, sizes, node, cx)
    result = _result(test, results, sides, joins, sizes, node, cx)
    silent = all(isinstance(one, Bind) for side in sides for one in side)
    if joins or sizes or not silent:
        cx.builder.emit(
            If(test, tuple(sides[0]), tuple(sides[1]), tuple(joins), tuple(sizes), node.span)
        )
    return result


def _unset(test: Any, cx: Context) -> Any:
    """A name that only one branch gives a value; over names it is that condition's to tell."""
    return OneSided(test) if cx.general and not isinstance(test, RunTest) else FAILED


def _check_order(test: Any, before: int, cx: Context) -> None:
    """One class has one order: what an ``order`` in a branch depends on must be known."""
    if len(cx.builder.orders) == before:
        return
    if isinstance(test, RunTest):
        span = cx.builder.orders[before][1]
        raise fault("E405", "`order` is decided at construction", span, "depends on the run")
    raise Undecided(next(names_in(test)))


def sides_raise(sides: list[list[Any]]) -> bool:
    from nndsl.resolve.conditions import _raises

    return any(map(_raises, sides))


def _one(
    name: str,
    test: Any,
    then: Any,
    orelse: Any,
    sides: Any,
    joins: Any,
    sizes: Any,
    node: tree.If,
    cx: Context,
) -> Any:
    """One name with a value from either branch."""
    lists = cx.general and both_listable(then, orelse)
    if lists and not isinstance(test, RunTest):
        then, orelse = as_lists([then, orelse], sides, node, cx)
    if isinstance(then, Var) and isinstance(orelse, Var):
        var, more = join_values(test, [then, orelse], sides, sizes, node, cx)
        cx.builder.rename(var, name, node.span)
        joins.extend(more)
        return var
    if isinstance(then, Bundle) or isinstance(orelse, Bundle):
        raise fault(
            "E406", f"`{name}` is another list in each branch", node.span, "can't go on with both"
        )
    if isinstance(test, RunTest):
        raise fault(
            "E406",
            f"`{name}` is a static value; it can't depend on the run",
            node.span,
            "differs in the branches",
        )
    if not (_is_static(then) and _is_static(orelse)):
        raise fault(
            "E406", f"`{name}` is two different things", node.span, "differs in the branches"
        )
    made = cx.builder.size(name, "carried", None, _type(then))
    sizes.append(JoinedSize(made, then, orelse))
    return made


def _is_static(found: Any) -> bool:
    return isinstance(found, int | float | str | bool | Expr)


def _type(found: Any) -> str:
    return {bool: "bool", float: "float", str: "str"}.get(type(found), "int")


def _result(
    test: Any,
    results: list[Any],
    sides: Any,
    joins: list[Joined],
    sizes: Any,
    node: tree.If,
    cx: Context,
) -> Any:
    if NOTHING in results or FAILED in results:
        raising = sides_raise(sides)
        if results[0] is NOTHING and results[1] is NOTHING:
            return NOTHING
        if not raising:
            return FAILED if FAILED in results else NOTHING
    if None in results and sides_raise(sides):
        return results[0] if results[0] is not None else results[1]
    if not isinstance(test, RunTest) and all(map(_is_static, results)):
        then, orelse = (expand(one, cx.builder) for one in results)
        return then if then == orelse else Cond(test, then, orelse)
    var, more = join_values(test, results, sides, sizes, node, cx)
    joins.extend(more)
    return var
