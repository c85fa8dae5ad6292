"""Conditions: decided for one use; over a block's names both branches are kept and joined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.model import dims
from nndsl.model.expr import Cond, Expr, Name, Op, Static, Undecided, connect, names_in, unary
from nndsl.model.graph import (
    If,
    Joined,
    JoinedSize,
    NoneType,
    RunTest,
    TensorType,
    Unsupported,
    Var,
)
from nndsl.model.spec import Rejected
from nndsl.model.text import expression, shape
from nndsl.record import replace
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import as_flow, snippet, value
from nndsl.resolve.exclusive import share
from nndsl.resolve.needs import constructs
from nndsl.resolve.operating import none_test
from nndsl.resolve.settling import settled, settling
from nndsl.resolve.tensor_lists import as_lists, both_listable, is_list_type
from nndsl.resolve.tensor_lists import join_types as join_list_types
from nndsl.resolve.values import Bundle, flows, is_layer
from nndsl.syntax import tree


class Parted(Exception):
    """A general block can't hold uses with and without an optional input: sizes differ."""


def condition(node: tree.Expr, cx: Context) -> bool | Static | RunTest:
    """The truth of a condition, or for a general block its expression, or a test of the run."""
    return _composed(node, cx) if _asks_run(node, cx) else _static(node, cx)


def _asks_run(node: tree.Expr, cx: Context) -> bool:
    """Whether a condition, or a part of it, is one of the run."""
    if isinstance(node, tree.Group):
        return _asks_run(node.inner, cx)
    if isinstance(node, tree.Unary) and node.op == "not":
        return _asks_run(node.operand, cx)
    if isinstance(node, tree.Binary) and node.op in ("and", "or"):
        return _asks_run(node.left, cx) or _asks_run(node.right, cx)
    if isinstance(node, tree.Compare):
        return isinstance(none_test(node, cx.plain()), RunTest)
    return isinstance(node, tree.Name) and node.id == "training"


def _composed(node: tree.Expr, cx: Context) -> bool | Static | RunTest:
    """A condition of the run from its parts; what is decided here drops out of it."""
    if isinstance(node, tree.Group):
        return _composed(node.inner, cx)
    if isinstance(node, tree.Unary) and node.op == "not":
        inner = _composed(node.operand, cx)
        return inner.negated() if isinstance(inner, RunTest) else unary("not", inner)
    if isinstance(node, tree.Binary) and _asks_run(node, cx):
        return _joined(node, cx)
    if isinstance(node, tree.Name) and node.id == "training":
        return RunTest("training")
    found = none_test(node, cx.plain()) if isinstance(node, tree.Compare) else None
    return found if isinstance(found, RunTest) else _static(node, cx)


def _joined(node: tree.Binary, cx: Context) -> bool | Static | RunTest:
    """Two conditions under ``and`` or ``or``."""
    decisive = node.op == "or"
    left = _composed(node.left, cx)
    if left is decisive:
        return decisive
    right = _composed(node.right, cx)
    if right is decisive:
        return decisive
    open_ = [side for side in (left, right) if not isinstance(side, bool)]
    if len(open_) < 2:
        return open_[0] if open_ else not decisive
    return RunTest("any" if decisive else "all", None, tuple(open_))


def _static(node: tree.Expr, cx: Context) -> bool | Static:
    """A condition of construction: decided, or for a general block its expression."""
    found = value(node, cx.plain())
    if flows(found):
        raise fault(
            "E405",
            f"`{snippet(node)}` is only known when the model runs",
            node.span,
            "a tensor",
            help="choose elementwise: `where(condition, a, b)`",
        )
    if is_layer(found):
        raise fault("E205", f"`{snippet(node)}` is a layer, not a condition", node.span, "a layer")
    found = _without_neutral(found)
    truth = cx.builder.decide(found)
    if truth is not None:
        return truth
    if cx.general:
        return found
    names = dict.fromkeys(name.id for name in names_in(dims.tidy(found)))
    raise fault(
        "E405",
        f"`{snippet(node)}` can't be decided when the model is constructed",
        node.span,
        f"depends on {', '.join(f'`{name}`' for name in names)}",
        help="declare the size as a number in the input's pattern, or choose elementwise: `where`",
    )


def _without_neutral(test: Static) -> Static:
    """A condition without the parts that are decided and change nothing: ``a and True``."""
    if not isinstance(test, Op) or test.op not in ("and", "or"):
        return test
    parts = [_without_neutral(part) for part in test.args]
    open_ = tuple(p for p in parts if isinstance(p, Expr) or bool(p) == (test.op == "or"))
    return connect(test.op, open_) if open_ else test.op == "and"


# ------------------------------------------------------------------ expressions


def conditional(node: tree.Conditional, cx: Context) -> Any:
    """``a if test else b`` as an expression."""
    if node.orelse is None:
        return stage_conditional(node, cx)
    test = condition(node.test, cx)
    if isinstance(test, bool):
        return value(node.then if test else node.orelse, cx)
    if not isinstance(test, RunTest):
        static = _static_conditional(node, test, cx)
        if static is not None:
            return static[0]
    return branch(
        test,
        lambda: as_flow(value(node.then, cx), node.then, cx),
        lambda: as_flow(value(node.orelse, cx), node.orelse, cx),  # type: ignore[arg-type]
        node,
        cx,
    )


def _static_conditional(node: tree.Conditional, test: Static, cx: Context) -> tuple[Static] | None:
    """Both sides as one static expression, where they are static."""
    from nndsl.resolve.reading import holds_tensor
    from nndsl.resolve.static_arguments import is_layerish

    assert node.orelse is not None
    for side in (node.then, node.orelse):
        if is_layerish(side, cx) or holds_tensor(side, cx):
            return None
    with cx.builder.assuming(test, True):
        then = value(node.then, cx)
    with cx.builder.assuming(test, False):
        orelse = value(node.orelse, cx)
    return (then,) if then == orelse else (Cond(test, then, orelse),)


def stage_conditional(node: tree.Conditional, cx: Context) -> Any:
    """``a if test else b`` as a stage; without ``else`` an absent stage lets the tensor pass."""
    from nndsl.resolve.stages import labelled, stage_value

    def side(part: tree.Expr | None) -> Any:
        if part is None:
            return cx.flow
        if cx.label is not None:
            return labelled(part, cx, cx.flow)
        return stage_value(part, cx, cx.flow)

    test = condition(node.test, replace(cx, label=None))
    if isinstance(test, bool):
        return side(node.then if test else node.orelse)
    return branch(test, lambda: side(node.then), lambda: side(node.orelse), node, cx)


# ------------------------------------------------------------------ both branches


def branch(
    test: Static | RunTest,
    then: Callable[[], Any],
    orelse: Callable[[], Any],
    node: tree.Node,
    cx: Context,
) -> Any:
    """Both sides of a condition that is not decided here; gives the joined variable."""
    sides, results, made = [], [], []
    members = dict(cx.builder.members)
    union = dict(members)
    counter = cx.naming.counter if not isinstance(test, RunTest) else None
    start = counter.next if counter is not None else None
    numbers: list[Static] = []
    for truth, run in ((True, then), (False, orelse)):
        cx.builder.members = dict(members)
        if counter is not None:
            counter.next = start
        statements, result = one_side(test, truth, run, cx)
        numbers.append(counter.next if counter is not None else None)
        sides.append(statements)
        results.append(result)
        made.append({p: at for p, at in cx.builder.members.items() if p not in members})
        union.update(made[-1])
    cx.builder.members = union
    check_parted(test, sides, cx)
    if isinstance(test, RunTest):
        share(sides, (made[0], made[1]), cx)
    if counter is not None:
        same = numbers[0] == numbers[1] or _raises(sides[1])
        counter.next = numbers[0] if same else Cond(test, numbers[0], numbers[1])
        counter.next = numbers[1] if _raises(sides[0]) else counter.next
    return join(test, sides, results, node, cx)


def check_parted(test: Static | RunTest, sides: list[list[Any]], cx: Context) -> None:
    """What is made for an input that only some uses give is no part of the others."""
    from nndsl.resolve.general_checker import GeneralChecker

    check = cx.builder.check
    if not isinstance(test, RunTest) or not isinstance(check, GeneralChecker):
        return
    asked = [one.name for one in test.operands() if isinstance(one, Var)]
    left_out = any(isinstance(use.types.get(n), NoneType) for use in check.uses for n in asked)
    if left_out and any(constructs(tuple(side)) for side in sides):
        raise Parted


def one_side(
    test: Static | RunTest, truth: bool, run: Callable[[], Any], cx: Context
) -> tuple[list[Any], Any]:
    """One branch; over a block's names one that can't be resolved raises for its values."""
    b = cx.builder
    with b.collect() as statements, b.inside():
        if isinstance(test, RunTest):
            return statements, _run_side(test, truth, run, cx)
        with b.assuming(test, truth), settling(cx.flow, b):
            try:
                return statements, run()
            except (Fault, Rejected, Cascade) as problem:
                if not b.general:
                    raise
                message = getattr(problem, "message", "") or str(problem)
                statements[:] = [Unsupported(message)]
                return statements, None
            except Undecided:
                raise


def _run_side(test: RunTest, truth: bool, run: Callable[[], Any], cx: Context) -> Any:
    """One branch; the inputs that are surely given in it are tensors there."""
    before = [(var, var.type) for var in _present(test if truth else test.negated())]
    for var, type in before:
        if isinstance(type, TensorType):
            object.__setattr__(var, "type", replace(type, optional=False))
    try:
        return run()
    finally:
        for var, type in before:
            object.__setattr__(var, "type", type)


def _present(test: RunTest) -> list[Var]:
    """The inputs that are given where a condition holds."""
    if test.kind == "all":
        return [v for part in test.parts if isinstance(part, RunTest) for v in _present(part)]
    return [test.var] if test.kind == "given" and test.var is not None else []


def join(
    test: Static | RunTest, sides: list[list[Any]], results: list[Any], node: tree.Node, cx: Context
) -> Any:
    """One variable from the results of two branches."""
    b = cx.builder
    sizes: list[JoinedSize] = []
    if results[0] is results[1] and isinstance(results[0], Var):
        if any(sides):
            b.emit(If(test, tuple(sides[0]), tuple(sides[1]), (), (), node.span))
        return results[0]
    out, joins = join_values(test, results, sides, sizes, node, cx)
    b.emit(If(test, tuple(sides[0]), tuple(sides[1]), tuple(joins), tuple(sizes), node.span))
    return out


def join_values(
    test: Any,
    results: list[Any],
    sides: list[list[Any]],
    sizes: list[JoinedSize],
    node: tree.Node,
    cx: Context,
) -> tuple[Any, list[Joined]]:
    """A variable for two results; sizes that differ between them get a name."""
    b = cx.builder
    left, right = results
    if left is None and _raises(sides[0]):
        left = right
    if right is None and _raises(sides[1]):
        right = left
    if b.general and not isinstance(test, RunTest) and both_listable(left, right):
        left, right = as_lists([left, right], sides, node, cx)
    if not isinstance(left, Var) or not isinstance(right, Var):
        _one_form_each(test, cx)
        raise _not_joined(left, right, node)
    then, orelse = _type_in(left, test, True), _type_in(right, test, False)
    type = join_types(test, then, orelse, sizes, node, cx)
    name = left.name if left.name == right.name else ""
    for side in (left, right):
        b.use(side)
    var = b.var(type, name, node.span)
    if isinstance(type, TensorType) and type.optional:
        b.optional = b.optional | {var.id}
    return var, [Joined(var, left, right)]


def _type_in(var: Var, test: Static | RunTest, truth: bool) -> Any:
    """A variable's type in one branch: an input that the condition asks for is surely given."""
    asked = _present(test if truth else test.negated()) if isinstance(test, RunTest) else ()
    given = isinstance(var.type, TensorType) and any(one is var for one in asked)
    return replace(var.type, optional=False) if given else var.type


def _one_form_each(test: Any, cx: Context) -> None:
    """Over names: what a condition is about has to be known where its branches can't be joined."""
    if cx.general and isinstance(test, Expr):
        for name in names_in(test):
            raise Undecided(name)


def _not_joined(left: Any, right: Any, node: tree.Node) -> Exception:
    """Two results that no one variable can stand for."""
    if isinstance(left, Bundle) and isinstance(right, Bundle):
        return fault(
            "E406",
            "a list can't depend on the run",
            node.span,
            "two lists",
            help="choose between the tensors one by one",
        )
    if not flows(left) and not flows(right):
        return fault(
            "E406",
            "a static value can't depend on the run",
            node.span,
            "known at construction",
            help="choose between tensors, or between layers",
        )
    sides = (left, right)
    if flows(left) and flows(right):
        counts = [f"{len(s.items)} tensors" if isinstance(s, Bundle) else "one" for s in sides]
        return fault(
            "E406",
            "the branches give different numbers of tensors",
            node.span,
            " or ".join(counts),
            help="give the same from both, such as zeros for what one lacks",
        )
    return fault(
        "E406", "the branches give different kinds of things", node.span, "only one is a tensor"
    )


def _raises(side: list[Any]) -> bool:
    return bool(side) and isinstance(side[0], Unsupported)


def join_types(
    test: Any, left: Any, right: Any, sizes: list[JoinedSize], node: tree.Node, cx: Context
) -> Any:
    """The type that holds in both branches."""
    if cx.general and is_list_type(left) and is_list_type(right):
        return join_list_types(test, left, right, sizes, cx)
    if not isinstance(left, TensorType) or not isinstance(right, TensorType):
        return left
    left = replace(left, optional=left.optional or right.optional)
    if left.shape is None or right.shape is None:
        return left
    if len(left.shape) != len(right.shape) or left.dtype != right.dtype:
        _one_form_each(test, cx)
        raise fault(
            "E406",
            "the branches give tensors of different kinds",
            node.span,
            f"{left.dtype} {shape(left.shape)} or {right.dtype} {shape(right.shape)}",
        )
    pairs = zip(left.shape, right.shape, strict=True)
    joined = tuple(join_size(test, a, b, sizes, node, cx) for a, b in pairs)
    return replace(left, shape=joined)


def join_size(
    test: Any, left: Static, right: Static, sizes: list[JoinedSize], node: tree.Node, cx: Context
) -> Any:
    """A size that holds in both branches: one of the two where it does, else a new name."""
    b = cx.builder
    if b.check.same(left, right):
        return left
    if isinstance(test, RunTest):
        if b.check.lenient and any(isinstance(one, Var) for one in test.operands()):
            raise Parted
        if b.check.equal(left, right):
            return left
        raise fault(
            "E406",
            "the branches of a run-time condition give different sizes",
            node.span,
            f"{expression(left)} or {expression(right)}",
        )
    with b.assuming(test, True):
        left = settled(left, b)
        if b.check.same(left, right):
            return right
    with b.assuming(test, False):
        right = settled(right, b)
        if b.check.same(left, right):
            return left
    name = b.size(_wish(left, right), "carried")
    sizes.append(JoinedSize(name, left, right))
    return name


def _wish(*sizes: Static) -> str:
    names = [size for size in sizes if isinstance(size, Name)]
    names.sort(key=lambda name: name.role == "param")  # a parameter keeps its name for itself
    return names[0].id if names else "size"
