"""A definition becomes a block: its parameters and inputs are bound, its body is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from nndsl.diagnostics import Label, warning
from nndsl.model.graph import (
    Bind,
    Block,
    Check,
    Construct,
    FlowType,
    For,
    Give,
    If,
    Init,
    InputParameter,
    Make,
    NoneType,
    Path,
    Scan,
    Statement,
    TensorType,
    Use,
    Var,
    walk,
)
from nndsl.resolve import chains
from nndsl.resolve.advice import nodes
from nndsl.resolve.axis_names import note_names
from nndsl.resolve.body import statements_of
from nndsl.resolve.builder import Builder
from nndsl.resolve.constants import without_constants
from nndsl.resolve.containers import spelled, without_empty
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.inputs import declared_type, receive
from nndsl.resolve.modules import in_list_order, make_unused
from nndsl.resolve.naming import Counter, Naming, is_numbered, name_layers, splices_labels
from nndsl.resolve.orders import check_orders
from nndsl.resolve.outputs import check_outputs
from nndsl.resolve.parameters import bind_parameters
from nndsl.resolve.placing import in_declared_order
from nndsl.resolve.reached import check_inits
from nndsl.resolve.scope import LayerNames, Scope
from nndsl.resolve.ties import check_ties, ties_behind
from nndsl.resolve.uses import as_operand, inputs_of, type_of
from nndsl.resolve.values import FAILED, NOTHING, Definition, flows, free_names
from nndsl.source import Span
from nndsl.syntax import tree

if TYPE_CHECKING:
    from nndsl.resolve.resolver import Resolver


def concrete_block(
    resolver: Resolver,
    definition: Definition,
    values: dict[str, Any],
    types: dict[str, FlowType] | None,
    node: tree.Node,
) -> Block | None:
    """One use, resolved; None if it has mistakes. ``types`` None: a model's own inputs."""
    from nndsl.resolve.errors import Fault

    before = resolver.errors
    builder = Builder(False, definition.name, errors=before)
    scope = Scope(definition.scope, is_body=True)
    scope.within = resolver.within
    cx = Context(resolver, builder, scope, Naming())
    try:
        args = bind_parameters(definition, values, cx, node)
        builder.parameters = frozenset(args)
        block = write_block(definition, types, cx)
    except Fault as problem:
        resolver.report(problem.diagnostic)
        return None
    except Cascade:
        return None
    if resolver.errors > before:
        return None
    block.args = tuple(args.items())
    return block


def write_block(definition: Definition, types: dict[str, FlowType] | None, cx: Context) -> Block:
    """Bind the inputs, run the body and put the block together."""
    if isinstance(definition.tree, tree.Activation):
        from nndsl.resolve.activations import write_activation

        return write_activation(definition, definition.tree, types, cx)
    if cx.general:
        note_names(definition, cx.builder)
    inputs = bind_inputs(definition, types, cx)
    body = definition.tree.body
    cx = in_body(body, inputs, cx)
    result = statements_of(body, cx)
    return finish(definition, inputs, result, cx)


def in_body(body: tuple[tree.Statement, ...], inputs: list[InputParameter], cx: Context) -> Context:
    """The place where a body begins: its namespace of members, what flows in."""
    from nndsl.record import replace

    test = _layer_test(body, cx)
    numbered = is_numbered(body, lambda node: _is_static(node, test, cx), test)
    if numbered and not splices_labels(body, cx.scope.get):
        naming = Naming((), Counter())
    else:
        naming = Naming((), None, name_layers(body, test))
    flow: Any = inputs[0].var if inputs else None
    return replace(cx, naming=naming, flow=flow)


def _layer_test(body: tuple[tree.Statement, ...], cx: Context) -> LayerNames:
    own = {n.name.id for n in body if isinstance(n, tree.LayerAlias)}
    return LayerNames(cx.scope, frozenset(own))


def _is_static(node: tree.Assign, is_layer: Any, cx: Context) -> bool:
    """Whether an assignment only names a number: nothing that flows occurs in it."""
    from nndsl.resolve.values import free_names

    names = free_names(node.value)
    return not any(n == "_" or is_layer(n) or flows(cx.scope.get(n)) for n in names)


# ------------------------------------------------------------------ inputs


def bind_inputs(
    definition: Definition, types: dict[str, FlowType] | None, cx: Context
) -> list[InputParameter]:
    """Variables for the inputs; sizes that their patterns name become names of the body."""
    from nndsl.resolve.reserved import check_value_name

    b = cx.builder
    bound: list[InputParameter] = []
    anonymous = isinstance(definition.tree, tree.Definition) and definition.tree.inputs is None
    for declared in inputs_of(definition):
        name = declared.name.id
        check_value_name(name, declared.name.span)
        if name in cx.scope.names and not anonymous:
            is_size = name in b.size_names
            raise fault(
                "E208",
                f"`{name}` is the name of {'an axis' if is_size else 'a parameter'} already",
                declared.name.span,
                "a second meaning",
                help="give the input, or the axis, another name" if is_size else "",
            )
        given = None if types is None else types[name]
        type = declared_type(declared, cx) if given is None else receive(declared, given, cx)
        if isinstance(type, NoneType):
            cx.scope.set(name, None)
            bound.append(InputParameter(Var(next(b.numbers), name, type), True, _pattern(declared)))
            continue
        var = b.var(type, name, declared.span)
        b.received.add(var.id)
        if isinstance(type, TensorType) and type.optional:
            b.optional = b.optional | {var.id}
        elif b.lead is None and isinstance(type, TensorType):
            b.lead = var
        if not anonymous:
            cx.scope.set(name, var)
        missing = isinstance(type, NoneType) or isinstance(type, TensorType) and type.optional
        skipped = any(before.optional for before in bound)
        optional = declared.optional and (skipped or missing)  # not where all uses give it
        bound.append(InputParameter(var, optional, _pattern(declared)))
    return bound


def _pattern(declared: tree.Input) -> str:
    return declared.pattern.value if declared.pattern is not None else ""


# ------------------------------------------------------------------ the end


def check_result(definition: Definition, result: Any, cx: Context) -> None:
    """A body ends with what flows out of it."""
    if result is FAILED or cx.resolver.failed and result is NOTHING:
        raise Cascade
    if result is NOTHING or result is None:
        raise fault(
            "E408",
            f"`{definition.name}` has no result",
            definition.tree.name.span,
            "the last statement gives it",
            help="end the body with what it computes, or with `return ...`",
        )
    if not flows(result):
        raise fault(
            "E408",
            f"`{definition.name}` gives no tensor",
            definition.tree.name.span,
            "its result is a static value",
            help="end the body with what flows out of it",
        )


def finish(definition: Definition, inputs: list[InputParameter], result: Any, cx: Context) -> Block:
    """Write the result down and make the block."""
    b = cx.builder
    node = definition.tree
    check_result(definition, result, cx)
    type = type_of(result)
    if isinstance(node, tree.Definition) and node.outputs is not None:
        type = check_outputs(node.outputs, type, cx)
    b.use(as_operand(result))
    if not b.general and cx.resolver.errors > b.errors:
        raise Cascade  # what is missing after a mistake is no mistake of its own
    if not b.general and isinstance(node, tree.Definition):
        _note_unread(node, inputs, cx)
    if b.orders:
        check_orders(node.body if isinstance(node, tree.Definition) else (), cx)
    if not cx.general:
        _check_paths(cx)
    make_unused(cx)
    check_ties(cx)
    placed = in_declared_order(tuple(b.statements))
    filled = without_empty(list(placed), b.parts, b.announced)
    statements: tuple[Statement, ...] = in_list_order(tuple(filled), b)
    if cx.general:
        statements = spelled(statements, b.parts)
    statements = ties_behind(statements)
    kind = block_kind(statements, inputs, result, cx)
    if b.inits and not cx.general:
        check_inits(statements, cx)
    statements = chains.with_holders(statements, b.parts)
    statements = (*statements, Give(as_operand(result), type, _span(result)))
    statements = without_constants(statements, b.constants)
    block = Block(
        definition.name,
        kind,
        (),
        tuple(inputs),
        statements,
        type,
        b.origins,
        (),
        {},
        tuple(path for path, _ in b.orders),
        b.loss,
        node.comment,
        tuple(b.check.assumptions),
        span=node.name.span,
    )
    cx.resolver.blocks[id(block)] = b
    return block


def _note_unread(node: tree.Definition, inputs: list[InputParameter], cx: Context) -> None:
    """Warn of a first input that nothing reads, be it by what flows in or by its sizes.

    Where the body has a condition, another use may read it. Inputs behind the first don't flow in
    by themselves; they are looked at by their names.
    """
    declared = node.inputs[0] if node.inputs else None
    if declared is None or cx.builder.used.get(inputs[0].var.id):
        return
    if any(isinstance(one, tree.If | tree.Conditional) for one in nodes(node.body)):
        return
    own = {declared.name.id, *(free_names(declared.pattern) if declared.pattern else ())}
    if not any(name in own for one in node.body for name in free_names(one)):
        message = f"the input `{declared.name.id}` is never read"
        cx.resolver.report(warning("W603", message, declared.name.span, "not used"))


def _span(result: Any) -> Any:
    return result.span if isinstance(result, Var) else None


def block_kind(
    statements: tuple[Statement, ...], inputs: list[InputParameter], result: Any, cx: Context
) -> str:
    """``sequential`` where the block is nothing but a chain of its layers."""
    if not cx.naming.numbered or not any(isinstance(one, Make) for one in walk(statements)):
        return "module"
    plain = (
        len(inputs) == 1 and isinstance(inputs[0].var.type, TensorType) and not cx.builder.optional
    )
    steps = [
        one
        for one in statements
        if not isinstance(one, Bind | Check | Init) and not _rules_only(one)
    ]
    chain = chains.as_chain(steps, (), inputs[0].var, result, cx.builder) if plain else None
    return "sequential" if chain is not None else "numbered"


def _rules_only(one: Statement) -> bool:
    """Whether a condition holds nothing but `init` rules."""
    plain = isinstance(one, If) and not one.joins and not one.sizes
    inside = (*one.then, *one.orelse) if plain else ()  # type: ignore[union-attr]
    return bool(inside) and all(isinstance(s, Init) or _rules_only(s) for s in inside)


def _wholes(body: Iterable[Statement]) -> Iterator[tuple[Path, Span | None]]:
    """The paths under which single layers and uses of definitions are made."""
    for one in body:
        if isinstance(one, Make) and isinstance(one.what, Construct | Use):
            yield one.path, one.span
        elif isinstance(one, If):
            yield from _wholes((*one.then, *one.orelse))
        elif isinstance(one, For | Scan):
            yield from _wholes(one.body)


def _check_paths(cx: Context) -> None:
    """What is made as a whole can't be a container of other members too."""
    whole = dict(_wholes(cx.builder.statements))
    for path, span in cx.builder.members.items():
        for level in range(1, len(path)):
            first = whole.get(path[:level])
            if first is not None:
                name = ".".join(map(str, path[:level]))
                raise fault(
                    "E401",
                    f"two things under one name: `{name}`",
                    span,
                    "goes into it",
                    causes=(Label(first, "a layer of its own"),),
                )
