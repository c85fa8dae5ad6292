"""The functions of a rule of ``weights``, resolved for tensors of known shapes."""

from __future__ import annotations

from typing import Any

from nndsl.diagnostics import Diagnostic
from nndsl.model.graph import Block, FlowType, FunctionBlock, Give, ListType, TensorType, TupleType
from nndsl.record import replace
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.naming import Naming
from nndsl.resolve.resolver import Resolver
from nndsl.resolve.scope import Scope
from nndsl.resolve.stages import pipeline
from nndsl.resolve.uses import as_operand, type_of
from nndsl.resolve.values import Bundle, flows
from nndsl.resolve.weights import Rule, Rules
from nndsl.syntax import tree

Types = tuple["TensorType | Types", ...]
Made = tuple["FunctionBlock | None", tuple[Diagnostic, ...]]


class RuleFunctions:
    """The functions of all rules for one use of a model, each resolved once for equal shapes."""

    def __init__(self, rules: Rules, block: Block) -> None:
        self.scope = Scope(rules.scope, is_body=True)
        for name, value in block.args:
            self.scope.set(name, value)
        self.made: dict[Any, Made] = {}

    def function(self, rule: Rule, types: Types) -> Made:
        """What a rule does with tensors of these types, or what is wrong.

        A lone tensor flows in itself, several do as a list; with ``for`` each of them is a list.
        """
        mark = (id(rule), repr(types))
        if mark not in self.made:
            self.made[mark] = self._resolve(rule, types)
        return self.made[mark]

    def _resolve(self, rule: Rule, types: Types) -> Made:
        resolver = Resolver()
        try:
            made = self._function(rule, types, resolver)
        except Fault as problem:
            resolver.report(problem.diagnostic)
            made = None
        except Cascade:
            made = None
        return (None if resolver.failed else made), tuple(resolver.diagnostics)

    def _function(self, rule: Rule, types: Types, resolver: Resolver) -> FunctionBlock:
        builder, node = Builder(False, "weights"), rule.node
        inside: list[Any] = []
        flow = _flow(types, builder, inside)
        flow = flow.items[0] if len(types) == 1 else flow
        builder.lead = inside[0]
        scope = Scope(self.scope, is_body=True)
        here = Context(resolver, builder, scope, Naming(), stateless="rule")
        stages = tuple(tree.Stage(stage.span, stage) for stage in node.stages)
        line = tree.Pipeline(node.span, stages)
        result = pipeline(line, replace(here, flow=flow, stage=True))
        if not flows(result):
            raise fault("E701", "this rule gives no tensor", node.stages[-1].span, "a number")
        body = (*builder.statements, Give(as_operand(result), type_of(result), None))
        parameters = tuple((f"t{place}", var, None) for place, var in enumerate(inside))
        return FunctionBlock(
            "rule", parameters, body, type_of(result), builder.origins, span=node.span
        )


def _flow(types: Types, builder: Builder, inside: list[Any]) -> Bundle:
    items: list[Any] = []
    for one in types:
        if isinstance(one, TensorType):
            items.append(builder.var(one, f"t{len(inside)}"))
            inside.append(items[-1])
        else:
            items.append(_flow(one, builder, inside))
    return Bundle(tuple(items))


def results(type: FlowType) -> tuple[TensorType, ...] | None:
    """The tensors that come out, one by one; None where that isn't known."""
    if isinstance(type, TensorType):
        return (type,)
    if isinstance(type, TupleType):
        found = tuple(item for item in type.items if isinstance(item, TensorType))
        return found if len(found) == len(type.items) else None
    if isinstance(type, ListType) and isinstance(type.item, TensorType):
        return (type.item,) * type.length if isinstance(type.length, int) else None
    return None
