"""Uses of definitions: arguments and inputs are matched, the block is resolved, a member made."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from nndsl.diagnostics import Label
from nndsl.limits import spend
from nndsl.model.expr import Expr, Name, Static, substitute
from nndsl.model.graph import (
    FlowType,
    Invoke,
    ListType,
    Many,
    NoneType,
    TensorType,
    TupleType,
    Use,
    Var,
)
from nndsl.model.nearest import suggest
from nndsl.record import replace
from nndsl.resolve.context import Context, fault
from nndsl.resolve.parameters import check_arguments
from nndsl.resolve.statics import kind_of
from nndsl.resolve.values import (
    Arguments,
    Bundle,
    Definition,
    Given,
    LayerValue,
    ModelAlias,
    is_layer,
)
from nndsl.syntax import tree


def meet_definition(
    layer: LayerValue,
    definition: Definition | ModelAlias,
    tensors: tuple[Any, ...],
    keywords: tuple[tuple[str, Any], ...],
    cx: Context,
    node: tree.Expr,
) -> Any:
    """Use a definition: one module, however small its body."""
    from nndsl.resolve.members import member_path

    definition, arguments = unfold(definition, layer.arguments, cx, node)
    inputs = match_inputs(definition, tensors, keywords, node)
    _check_tensors(definition, inputs, node)
    given = match_arguments(definition, arguments, node)
    check_arguments(definition, given, cx)
    values = {name: one.value for name, one in given.items()}
    made = cx.resolver.use(definition, values, inputs, cx, node)
    path = member_path(layer, cx)
    positional = sum(1 for g in arguments.positional)
    use = Use(made.block, tuple(made.args), positional, tuple(made.sizes))
    cx.builder.make(path, use, node.span, made.output, made.told)
    operands, named = _operands(definition, inputs)
    return cx.builder.apply(Invoke(path, operands, named), made.output, node.span)


def _check_tensors(definition: Definition, inputs: dict[str, Any], node: tree.Expr) -> None:
    for name, found in inputs.items():
        check_tensor(f"`{definition.name}` takes a tensor as `{name}`", found, node)


def check_tensor(wanted: str, found: Any, node: tree.Expr) -> None:
    """What is passed to an input is a tensor, a list of them, or left out."""
    if isinstance(found, Bundle):
        for item in found.items:
            check_tensor(wanted, item, node)
    elif found is not None and not isinstance(found, Var):
        kind = "a layer" if is_layer(found) else kind_of(found)
        raise fault("E205", f"{wanted}, not {kind}", node.span, f"{kind} is given")


def unfold(
    definition: Definition | ModelAlias, arguments: Arguments, cx: Context, node: tree.Expr
) -> tuple[Definition, Arguments]:
    """Follow ``model name = call`` to the definition it configures."""
    seen: list[ModelAlias] = []
    while isinstance(definition, ModelAlias):
        seen.append(definition)
        base, own = cx.resolver.configured(definition)
        if any(base.tree is one.tree for one in seen):
            seen.sort(key=lambda one: one.tree.span.start)  # told alike from wherever it is met
            way = " -> ".join(one.name for one in (*seen, seen[0]))
            raise fault("E210", f"`{way}` never ends", seen[0].tree.name.span, "a cycle")
        named = {name for name, _ in arguments.keywords}
        kept = tuple((k, g) for k, g in own.keywords if k not in named)
        if arguments.positional:
            raise fault(
                "E204", f"arguments of `{definition.name}` are written with their names", node.span
            )
        arguments = Arguments(own.positional, (*kept, *arguments.keywords))
        definition = base
    return definition, arguments


# ------------------------------------------------------------------ inputs


def match_inputs(
    definition: Definition,
    tensors: tuple[Any, ...],
    keywords: tuple[tuple[str, Any], ...],
    node: tree.Expr,
) -> dict[str, Any]:
    """Which tensor goes to which input; an optional one left out is None."""
    declared = inputs_of(definition)
    spend(len(declared) // 4, node.span)
    if len(tensors) > len(declared):
        raise fault(
            "E204",
            f"`{definition.name}` takes {_count(len(declared), 'tensor')}, but gets {len(tensors)}",
            node.span,
            help=f"its inputs are {_listed(declared)}"
            if definition_inputs(definition)
            else f'declare them: `def {definition.name}(...)(x: "b d", ...)`',
        )
    found: dict[str, Any] = {}
    for one, given in zip(declared, tensors, strict=False):
        found[one.name.id] = given
    names = {one.name.id for one in declared}
    for name, given in keywords:
        if name not in names:
            raise fault(
                "E202",
                f"`{definition.name}` has no input `{name}`",
                node.span,
                "",
                help=suggest(name, names) or f"its inputs are {_listed(declared)}",
            )
        if name in found:
            raise fault("E204", f"input `{name}` is given twice", node.span)
        found[name] = given
    for one in declared:
        if one.name.id not in found and not one.optional:
            raise fault(
                "E203",
                f"`{definition.name}` needs the tensor `{one.name.id}`",
                node.span,
                "not given",
                help=f"its inputs are {_listed(declared)}",
                causes=(Label(one.span, "declared here"),),
            )
    for one in declared:
        _check_single(one, found.get(one.name.id), definition, node)
    return {one.name.id: found.get(one.name.id) for one in declared}


def _check_single(one: tree.Input, given: Any, definition: Definition, node: tree.Expr) -> None:
    several = isinstance(given, Bundle) or isinstance(getattr(given, "type", None), TupleType)
    if several and one.pattern is not None and not one.many:
        raise fault(
            "E307",
            f"`{definition.name}` takes one tensor as `{one.name.id}`",
            node.span,
            "several flow in",
            help="take one of them first: `| _[0] |`",
            causes=(Label(one.span, "declared here"),),
        )


def definition_inputs(definition: Definition) -> tuple[tree.Input, ...] | None:
    if isinstance(definition.tree, tree.Activation):
        return None
    return definition.tree.inputs


def inputs_of(definition: Definition) -> tuple[tree.Input, ...]:
    """The declared inputs, or the one anonymous input."""
    declared = definition_inputs(definition)
    if declared is not None:
        return declared
    place = definition.tree.name
    return (tree.Input(place.span, tree.Name(place.span, "x")),)


def _listed(inputs: tuple[tree.Input, ...]) -> str:
    return ", ".join(f"`{i.name.id}`" for i in inputs)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _operands(
    definition: Definition, inputs: dict[str, Any]
) -> tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]:
    """The call's operands: positional up to the first one left out, then by name."""
    operands: list[Any] = []
    named: list[tuple[str, Any]] = []
    skipped = False
    for name, found in inputs.items():
        if found is None:
            skipped = True
            continue
        operand = as_operand(found)
        if skipped:
            named.append((name, operand))
        else:
            operands.append(operand)
    return tuple(operands), tuple(named)


def as_operand(found: Any) -> Any:
    """A bundle as a list of operands."""
    if isinstance(found, Bundle):
        return Many(tuple(map(as_operand, found.items)), found.kind)
    return found


def type_of(found: Any) -> FlowType:
    """The type of something that is passed to an input."""
    if found is None:
        return NoneType()
    if isinstance(found, Bundle):
        built = found.kind == "list"
        return TupleType(tuple(map(type_of, found.items)), found.names, built, built)
    assert isinstance(found, Var)
    return found.type


# ------------------------------------------------------------------ static arguments


def match_arguments(
    definition: Definition, arguments: Arguments, node: tree.Expr
) -> dict[str, Given]:
    """Which static argument goes to which parameter; what was left out is not in it."""
    names = dict.fromkeys(parameter_names(definition))
    spend(len(names) // 16, node.span)
    if arguments.arrow is not None:
        raise fault(
            "E211",
            f"`{definition.name}` takes no `->`",
            node.span,
            "only layers have two sizes",
            help="a definition knows the size that flows in; give the others by name",
        )
    if len(arguments.positional) > len(names):
        raise fault(
            "E204",
            f"`{definition.name}` takes {_count(len(names), 'argument')}, "
            f"but gets {len(arguments.positional)}",
            arguments.positional[len(names)].span,
            "one too many",
            help=f"tensors go in parentheses of their own: `{definition.name}()(...)`"
            if not names
            else _parameters(names),
        )
    found = dict(zip(names, arguments.positional, strict=False))
    for name, given in arguments.keywords:
        if name not in names:
            raise fault(
                "E202",
                f"`{definition.name}` has no parameter `{name}`",
                given.named or given.span,
                "unknown",
                help=suggest(name, names) or _parameters(names),
            )
        if name in found:
            first = (Label(found[name].span, "first here"),)
            raise fault("E204", f"`{name}` is given twice", given.span, "again here", "", first)
        found[name] = given
    lists = (one.value for one in found.values() if isinstance(one.value, tuple))
    spend(len(found) // 2 + sum(map(len, lists)) // 8, node.span)
    return found


def _parameters(names: Collection[str]) -> str:
    if len(names) < 2:
        return f"its parameter is {''.join(names)}" if names else "it has no parameters"
    return f"its parameters are {', '.join(names)}"


def parameter_names(definition: Definition) -> list[str]:
    if isinstance(definition.tree, tree.Activation):
        return [p.name.id for p in definition.tree.params]
    return [p.name.id for p in definition.tree.statics]


# ------------------------------------------------------------------ what comes out


def outward(type: FlowType, replace_names: dict[Name, Static], scope: int) -> FlowType:
    """A type in the caller's terms: the block's own names become the sizes they stand for."""

    def size(value: Any) -> Any:
        if not isinstance(value, Expr):
            return value
        return _outward_size(value, replace_names, scope)

    if isinstance(type, TensorType):
        return type if type.shape is None else replace(type, shape=tuple(map(size, type.shape)))
    if isinstance(type, TupleType):
        return replace(type, items=tuple(outward(i, replace_names, scope) for i in type.items))
    if isinstance(type, ListType):
        return replace(
            type, item=outward(type.item, replace_names, scope), length=size(type.length)
        )
    return type


def _outward_size(value: Static, replace_names: dict[Name, Static], scope: int) -> Static:
    from nndsl.model import dims

    if isinstance(value, Name):
        if value in replace_names:
            return replace_names[value]
        if value.scope == scope and value.meaning is not None:
            return _outward_size(value.meaning, replace_names, scope)
        return value
    if isinstance(value, Expr):
        from nndsl.model.expr import names_in

        table = {n: _outward_size(n, replace_names, scope) for n in names_in(value)}
        return dims.tidy(substitute(value, table))
    return value
