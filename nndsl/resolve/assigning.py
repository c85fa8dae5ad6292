"""Names that statements give to values."""

from __future__ import annotations

from typing import Any

from nndsl.model import expr as ex
from nndsl.model.expr import Expr, Name
from nndsl.model.graph import Apply, Bind, Do, TensorType, TupleType, Var
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.input_lists import Counted
from nndsl.resolve.tensor_lists import is_built, is_empty
from nndsl.resolve.values import FAILED, NOTHING, Bundle, OneSided, flows
from nndsl.syntax import tree


def assigned_names(body: tuple[tree.Statement, ...]) -> list[str]:
    """The names that statements assign, those inside conditions and loops too."""
    found: dict[str, None] = {}
    for node in body:
        if isinstance(node, tree.Assign):
            found.update(dict.fromkeys(target_names(node.target)))
        elif isinstance(node, tree.LayerAlias | tree.ParamDecl | tree.BufferDecl):
            found.setdefault(node.name.id)
        elif isinstance(node, tree.ModuleDecl) and isinstance(node.label, tree.Name):
            found.setdefault(node.label.id)
        elif isinstance(node, tree.If):
            found.update(dict.fromkeys(assigned_names((*node.body, *node.orelse))))
        elif isinstance(node, tree.For):
            found.update(dict.fromkeys(assigned_names(node.body)))
        elif isinstance(node, tree.Result):
            _aliases(node.values, found)
        if isinstance(node, tree.Assign):
            _aliases(node.value, found)
    return list(found)


def _aliases(node: object, found: dict[str, None]) -> None:
    """The names that ``as`` gives inside an expression."""
    if isinstance(node, tree.Stage) and node.alias is not None:
        found.update(dict.fromkeys(target_names(node.alias)))
    if isinstance(node, tuple):
        for part in node:
            _aliases(part, found)
    elif isinstance(node, tree.Node):
        for name, part in vars(node).items():
            if name != "span":
                _aliases(part, found)


def only_grows(body: tuple[tree.Statement, ...], name: str) -> bool:
    """Whether statements do nothing to a list but ``name = name + [item]``, and don't read it."""
    return all(_only_grows(node, name) for node in body)


def _only_grows(node: object, name: str) -> bool:
    if isinstance(node, tree.Assign) and (item := _appended(node, name)) is not None:
        return not _mentions(item, name)
    if isinstance(node, tree.If):
        return not _mentions(node.test, name) and only_grows((*node.body, *node.orelse), name)
    if isinstance(node, tree.For):
        return not _mentions(node.iterable, name) and only_grows(node.body, name)
    return not _mentions(node, name)


def _appended(node: tree.Assign, name: str) -> tree.Expr | None:
    """The item of ``name = name + [item]``."""
    value = node.value
    if not isinstance(node.target, tree.Name) or not isinstance(value, tree.Binary):
        return None
    if not isinstance(value.left, tree.Name) or not isinstance(value.right, tree.ListExpr):
        return None
    same = node.target.id == value.left.id == name and value.op == "+"
    items = value.right.items
    item = items[0] if same and len(items) == 1 else None
    return None if isinstance(item, tree.Argument) else item


def _mentions(node: object, name: str) -> bool:
    """Whether a name stands anywhere in a piece of a spec, in texts with braces too."""
    if isinstance(node, tree.Name):
        return node.id == name
    if isinstance(node, tree.String):
        return name in node.value
    if isinstance(node, tuple):
        return any(_mentions(part, name) for part in node)
    if isinstance(node, tree.Node):
        return any(_mentions(part, name) for key, part in vars(node).items() if key != "span")
    return False


def target_names(target: tree.Target) -> list[str]:
    if isinstance(target, tree.Name):
        return [target.id]
    return [name for part in target.items for name in target_names(part)]


def assign(target: tree.Target, found: Any, cx: Context) -> None:
    """Give a name to a value, or names to the parts of one."""
    from nndsl.resolve.reserved import check_value_name

    if isinstance(target, tree.TargetTuple):
        _take_apart(target, found, cx)
        return
    if target.id == "_":
        return
    check_value_name(target.id, target.span)
    if not flows(found):
        cx.builder.assigned[target.id] = target.span
    before = cx.scope.body().names.get(target.id)
    if (
        before is not None
        and before is not FAILED
        and not isinstance(before, OneSided)
        and flows(before) != flows(found)
        and not is_empty(before)
        and not (is_empty(found) and _is_list(before))
    ):
        kinds = ("a tensor", "a static value")
        was = kinds[not flows(before)]
        if target.id in cx.builder.size_names:
            was = "the name of an axis"
        raise fault(
            "E208",
            f"`{target.id}` was {was} before",
            target.span,
            f"now it would be {kinds[not flows(found)]}",
            help=_other_kind(target.id, before, found, cx),
        )
    if isinstance(before, Var) and before.member is not None:
        raise fault(
            "E208",
            f"`{target.id}` is a parameter or buffer of this module",
            target.span,
            "this would not change it",
            help="take another name",
        )
    if isinstance(found, Var):
        cx.builder.rename(found, target.id, target.span)
    elif cx.general and (isinstance(found, Expr) or statics.is_number(found)):
        found = bind_name(target.id, found, cx)
    cx.scope.assign(target.id, found)


def _other_kind(name: str, before: Any, found: Any, cx: Context) -> str:
    """What to do about a name of another kind; a sum of tensors begins with one."""
    if name in cx.resolver.parameters(cx.builder) or not statics.is_number(before):
        return "take another name"
    shape = getattr(getattr(found, "type", None), "shape", None)
    start = "ones_like" if before == 1 else "zeros_like"
    same = next((n for n, v in cx.scope.body().names.items() if _alike(v, shape)), "...")
    return f"begin with a tensor, `{name} = {start}({same})`, or take another name"


def _alike(value: Any, shape: Any) -> bool:
    return shape is not None and isinstance(value, Var) and getattr(value.type, "shape", 0) == shape


def _is_list(before: Any) -> bool:
    """Whether it is a list of tensors, which may begin again empty."""
    return isinstance(before, Bundle) or is_built(before)


def bind_name(name: str, found: Any, cx: Context) -> Any:
    """A static name of the author's stays one in the block."""
    if isinstance(found, Name) and found.role in ("param", "size", "loop"):
        return found
    made = cx.builder.size(name, "local", found, kind_of_expr(found, cx))
    cx.builder.emit(Bind(made, found))
    return made


def kind_of_expr(found: Any, cx: Context) -> str:
    """The type of a static expression, told by a sample value where there is one."""
    sample = cx.resolver.sample(found, cx.builder)
    if sample is NOTHING:
        return "int"
    return {bool: "bool", int: "int", float: "float", str: "str", tuple: "list"}.get(
        type(sample), "any"
    )


def _take_apart(target: tree.TargetTuple, found: Any, cx: Context) -> None:
    count = len(target.items)
    if isinstance(found, Bundle):
        items = found.items
    elif isinstance(found, Var) and isinstance(found.type, TupleType):
        items = _targets(target, found, cx)
    elif isinstance(found, tuple):
        items = found
    elif isinstance(found, ex.Listing):
        items = found.items
    elif cx.general and is_built(found):
        raise Counted
    elif cx.general and isinstance(found, Expr):
        items = tuple(ex.Index(found, place) for place in range(count))  # as the uses have it
    else:
        flowing = isinstance(found, Var) and isinstance(found.type, TensorType)
        unknown = isinstance(found, Var) and getattr(found.type, "shape", None) is None
        if unknown and cx.resolver.failed and not cx.general:
            raise Cascade  # what it is was not found out
        raise fault(
            "E205",
            "this can't be taken apart",
            target.span,
            f"{count} names for one {'tensor' if flowing else 'value'}",
            help="end it with `| unbind(dim=0)`, or the axis that holds them" if flowing else "",
        )
    if len(items) != count:
        raise fault(
            "E205", f"{count} names for {len(items)} values", target.span, "must be as many"
        )
    for part, item in zip(target.items, items, strict=True):
        assign(part, item, cx)
    if cx.general and isinstance(found, Name):
        _mark_apart(count, found, cx)


def _mark_apart(count: int, found: Name, cx: Context) -> None:
    """Let the names of a list's items be one statement where it is printed."""
    made = cx.builder.statements[-count:]
    items = [ex.Index(found, place) for place in range(count)]
    if [one.value if isinstance(one, Bind) else None for one in made] == items:
        for one in made:
            object.__setattr__(one, "apart", count)


def _targets(target: tree.TargetTuple, found: Var, cx: Context) -> tuple[Any, ...]:
    """Several outputs as variables of their own, in one statement."""
    assert isinstance(found.type, TupleType)
    if len(found.type.items) != len(target.items):
        return found.type.items
    variables = tuple(cx.builder.var(kind, "", target.span) for kind in found.type.items)
    cx.builder.use(found)
    cx.builder.emit(Do(variables, Apply("op.identity", (found,)), target.span))
    return variables
