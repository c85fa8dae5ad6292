"""The spec's own functions: pure, on tensors or numbers."""

from __future__ import annotations

from typing import Any

from nndsl.limits import CODES, current, spend
from nndsl.model.expr import Expr, Name, Undecided
from nndsl.model.graph import (
    CallFunction,
    FlowType,
    FunctionBlock,
    Give,
    ListType,
    TensorType,
    TupleType,
    Var,
)
from nndsl.model.nearest import suggest
from nndsl.record import replace
from nndsl.resolve.axis_names import bound_names
from nndsl.resolve.body import statements_of
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.evaluate import as_flow, value
from nndsl.resolve.input_lists import (
    Axes,
    Counted,
    as_list_type,
    is_even,
    own_list,
    uneven_axes,
)
from nndsl.resolve.inputs import local_type, own_length
from nndsl.resolve.loops import type_key
from nndsl.resolve.naming import Naming
from nndsl.resolve.reading import reads_flow
from nndsl.resolve.scope import Scope
from nndsl.resolve.tensor_lists import is_list_type
from nndsl.resolve.uses import as_operand, outward, type_of
from nndsl.resolve.values import FAILED, NOTHING, Bundle, Module, UserFunction, flows, is_layer, key
from nndsl.syntax import tree


def call_user_function(found: UserFunction, node: tree.Call, cx: Context) -> Any:
    """Call a function; on numbers alone it is computed at construction."""
    given = _match(found, node, cx)
    if not any(flows(v) for v in given.values()):
        return _on_numbers(found, given, node, cx)
    block = _block(found, given, node, cx)
    operands, keywords = _operands(block, given)
    output = outward(block.output, _table(block, given), cx.resolver.blocks[id(block)].scope)
    return cx.builder.apply(CallFunction(block, operands, keywords), output, node.span)


def _match(found: UserFunction, node: tree.Call, cx: Context) -> dict[str, Any]:
    """Which argument goes to which parameter; as a stage what flows in comes first."""
    names = dict.fromkeys(p.name.id for p in found.tree.params)
    spend(len(names) // 8, node.span)
    inside = cx.plain()
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    if cx.stage and not any(reads_flow(a.value, cx) for a in node.args if a.value is not None):
        positional.append(cx.flow)
    for one in node.args:
        if one.value is None or one.target is not None or one.star:
            raise fault("E204", "a function takes plain arguments", one.span, "not here")
        operand = value(one.value, inside)
        if is_layer(operand) or isinstance(operand, Module):
            operand = as_flow(operand, one.value, inside)
        if one.name is None:
            positional.append(operand)
        elif one.name.id not in names:
            raise fault(
                "E202",
                f"`{found.name}` has no parameter `{one.name.id}`",
                one.name.span,
                "unknown",
                help=suggest(one.name.id, names),
            )
        else:
            keywords[one.name.id] = operand
    if len(positional) > len(names):
        raise fault(
            "E204",
            f"`{found.name}` takes {len(names)} arguments, but gets {len(positional)}",
            node.span,
        )
    given = {**dict(zip(names, positional, strict=False)), **keywords}
    for one_ in found.tree.params:
        if one_.name.id not in given and one_.default is None:
            raise fault("E203", f"`{found.name}` needs `{one_.name.id}`", node.span, "not given")
    return given


def _on_numbers(found: UserFunction, given: dict[str, Any], node: tree.Call, cx: Context) -> Any:
    from nndsl.resolve.number_functions import applied, note_kinds

    if not cx.general:
        note_kinds(found, given, cx)
    elif (made := applied(found, given, node, cx)) is not None:
        return made
    scope = Scope(found.scope, is_body=True)
    here = replace(cx, scope=scope, flow=None, stage=False, label=None, stateless="function")
    bind_arguments(found, given, here, node)
    result = run_function(found, here)
    if result is NOTHING:
        raise fault("E408", f"`{found.name}` has no result", found.tree.name.span)
    return result


def run_function(found: UserFunction, here: Context) -> Any:
    """Run a function's body; a call of itself at any depth is a cycle."""
    running = here.resolver.running
    trees = [r.tree for r in running]
    if found.tree in trees:
        circle = running[trees.index(found.tree) :]
        names = " -> ".join([*(r.name for r in circle), found.name])
        raise fault(
            "E210", f"a function can't call itself: {names}", found.tree.name.span, "a cycle"
        )
    if len(running) >= (most := current().depth):
        what = f"functions are nested more than {most} deep"
        raise fault(CODES["depth"], what, found.tree.name.span, "too deep")
    spend(10)
    running.append(found)
    try:
        return statements_of(found.tree.body, here)
    finally:
        running.pop()


def bind_arguments(
    found: UserFunction, given: dict[str, Any], here: Context, node: tree.Node
) -> None:
    from nndsl.resolve.reserved import check_value_name

    for one in found.tree.params:
        bound = given[one.name.id] if one.name.id in given else default_value(one, here)
        check_value_name(one.name.id, one.name.span)
        here.scope.set(one.name.id, bound)


def _block(
    found: UserFunction, given: dict[str, Any], node: tree.Call, cx: Context
) -> FunctionBlock:
    """The function, resolved for arguments of these types; equal calls share it."""
    for name, one in given.items():
        if isinstance(one, Bundle) and not _only_tensors(one):
            raise fault("E205", f"`{name}` is a list of tensors and numbers", node.span, "mixed")
    if cx.general:
        return _general_block(found, given, node, cx)
    mark = (id(found.tree), tuple((k, _key(v)) for k, v in given.items()))
    cached = cx.resolver.functions.get(mark)
    if cached is None:
        cached = cx.resolver.functions[mark] = _resolve(found, given, node, cx)
    return cached


def default_value(one: tree.StaticParam, here: Context) -> Any:
    """The default of a parameter: a number, a list or a text, no layer."""
    from nndsl.resolve.parameters import default_of

    found = default_of(one, here)
    if is_layer(found) or isinstance(found, tuple) and any(map(is_layer, found)):
        assert one.default is not None
        raise fault(
            "E205",
            f"`{one.name.id}` of a function is no layer",
            one.default.span,
            "a layer",
            help="write `def` instead of `fn`",
        )
    return found


def _key(found: Any) -> Any:
    return type_key(type_of(found)) if flows(found) else key(found)


def _general_block(
    found: UserFunction, given: dict[str, Any], node: tree.Call, cx: Context
) -> FunctionBlock:
    """The function over names for its numbers, but for those that must be known (which axis).

    Lists have any number of items in it, unless it takes one apart.
    """
    pins = cx.resolver.functions.setdefault(("pins", id(found.tree)), set())
    whole = _with_defaults(found, given, cx)
    while True:
        kinds = {n: _kind(n, v, found, cx) for n, v in whole.items() if n not in pins}
        kinds |= {n: _key(v) for n, v in whole.items() if n in pins and isinstance(v, Bundle)}
        mark = (
            id(found.tree),
            "general",
            tuple((n, kinds[n] if n in kinds else key(v)) for n, v in whole.items()),
        )
        if mark in cx.resolver.functions:
            return cx.resolver.functions[mark]  # type: ignore[no-any-return]
        try:
            made = _resolve(found, whole, node, cx, kinds)
        except Undecided as problem:
            if problem.name.id not in kinds:
                raise
            pins.add(problem.name.id)
            continue
        except Counted:
            pins.update(n for n, v in whole.items() if isinstance(v, Bundle))
            continue
        cx.resolver.functions[mark] = made
        return made


def _with_defaults(found: UserFunction, given: dict[str, Any], cx: Context) -> dict[str, Any]:
    """The arguments in the order of the parameters, numbers that were left out too."""
    whole: dict[str, Any] = {}
    here = replace(cx, scope=Scope(found.scope, is_body=True), flow=None, stage=False, label=None)
    for one in found.tree.params:
        name = one.name.id
        if name in given:
            whole[name] = given[name]
        elif isinstance(one.default, tree.Number):
            whole[name] = default_value(one, here)
    return whole


def _kind(name: str, given: Any, found: UserFunction, cx: Context) -> Any:
    """What calls must share to share a general block: the kinds of things."""
    from nndsl.functions.shapes import number_dtype, promote
    from nndsl.resolve.general_sizes import kind_of_type

    if flows(given):
        passed = type_of(given)
        if not is_even(passed):
            return kind_of_type(passed)
        return (*kind_of_type(as_list_type(passed)), uneven_axes(passed, cx.builder.check))
    if not _opened(given):
        return key(given)
    kinds = [number_dtype(given, cx.builder.check)]
    default = next(p.default for p in found.tree.params if p.name.id == name)
    if isinstance(default, tree.Number):
        kinds.append(type(default.value).__name__)
    return promote(kinds)


def _opened(found: Any) -> bool:
    """Whether a static argument is a parameter of the function's general form."""
    return isinstance(found, Expr | int | float) and not isinstance(found, bool)


def _table(block: FunctionBlock, given: dict[str, Any]) -> dict[Name, Any]:
    """What the names of a function's general form are in one call."""
    from nndsl.resolve.general_sizes import paired_sizes

    table: dict[Name, Any] = {}
    for name, inside, _ in block.parameters:
        found = given.get(name)
        if isinstance(inside, Name):
            table[inside] = found if name in given else inside.meaning
        elif flows(found):
            pairs = paired_sizes(inside.type, type_of(found))
            table.update((n, s) for n, s in pairs if isinstance(n, Name))
    return table


def _resolve(
    found: UserFunction,
    given: dict[str, Any],
    node: tree.Call,
    cx: Context,
    kinds: dict[str, Any] | None = None,
) -> FunctionBlock:
    kinds = kinds or {}
    builder = Builder(cx.general, found.name)
    if cx.general:
        from nndsl.resolve.general_checker import GeneralChecker

        builder.spoken = bound_names(found.tree)
        builder.check = GeneralChecker(lenient=True, builder=builder)
    scope = Scope(found.scope, is_body=True)
    here = Context(cx.resolver, builder, scope, Naming(), stateless="function")
    local = {name: _local(name, v, here, cx, node, kinds.get(name)) for name, v in given.items()}
    bind_arguments(found, local, here, node)
    tensors = [v for v in local.values() if isinstance(v, Var)]
    first = tensors[0]
    builder.lead = first if isinstance(first.type, TensorType) else None
    mistakes = cx.resolver.errors
    result = run_function(found, replace(here, flow=first))
    if result is FAILED or cx.resolver.errors > mistakes:
        raise Cascade
    if result is NOTHING or not flows(result):
        raise fault("E408", f"`{found.name}` gives no tensor", found.tree.name.span)
    builder.use(as_operand(result))
    type = type_of(result)
    params = [p for p in found.tree.params if not cx.general or _stays(local.get(p.name.id))]
    parameters = tuple(_parameter(one, local, here) for one in params)
    body = (*builder.statements, Give(as_operand(result), type, None))
    block = FunctionBlock(
        found.name,
        parameters,
        body,
        type,
        builder.origins,
        found.tree.comment,
        found.tree.name.span,
    )
    cx.resolver.blocks[id(block)] = builder
    return block


def _stays(found: Any) -> bool:
    """Whether an argument is still one of a function's general form; others are known in it."""
    return flows(found) or isinstance(found, Name)


def _parameter(one: tree.StaticParam, local: dict[str, Any], here: Context) -> tuple[str, Any, Any]:
    name = one.name.id
    default = default_value(one, here) if one.default is not None else None
    inside = local.get(name, default)
    if isinstance(inside, Var | Name):
        return name, inside, default
    return name, here.builder.size(name, "param", inside), default


def _local(
    name: str, found: Any, here: Context, cx: Context, node: tree.Node, kind: Any = None
) -> Any:
    """An argument inside the function: tensors and lists of them become variables of its own."""
    b = here.builder
    if isinstance(found, Var | Bundle):
        type = type_of(found)
        if kind is not None and kind[0] == "list" and is_even(type):
            own = _own_type(name, as_list_type(type), here, kind[-1])
        else:
            own = _own_type(name, type, here)
        made = b.var(own, name)
        b.received.add(made.id)
        return made
    if kind is not None and _opened(found):
        number = b.size(name, "param", None, kind)
        b.samples[number] = cx.resolver.sample(found, cx.builder)
        return number
    return found


def _only_tensors(found: Any) -> bool:
    if isinstance(found, Bundle):
        return all(map(_only_tensors, found.items))
    return found is None or isinstance(found, Var)


def _own_type(name: str, type: FlowType, here: Context, uneven: Axes = ()) -> FlowType:
    """A type with the caller's sizes under names of the function."""
    if isinstance(type, TupleType):
        return replace(type, items=tuple(_own_type(name, one, here) for one in type.items))
    if here.general and is_list_type(type):
        return own_list(name, type, here, uneven=uneven)
    if isinstance(type, ListType):
        return replace(type, length=own_length(name, type, here))
    return local_type(type, here, name) if isinstance(type, TensorType) else type


def _operands(
    block: FunctionBlock, given: dict[str, Any]
) -> tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]:
    """The call's arguments: positional as long as none is left out, then by name."""
    operands: list[Any] = []
    keywords: list[tuple[str, Any]] = []
    skipped = False
    for name, _, _ in block.parameters:
        if name not in given:
            skipped = True
        elif skipped:
            keywords.append((name, as_operand(given[name])))
        else:
            operands.append(as_operand(given[name]))
    return tuple(operands), tuple(keywords)
