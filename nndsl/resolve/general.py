"""Definitions over their parameters' names: what the source backend prints.

Every definition that the models use is resolved once more, now with a name for each static
parameter and each size of an input. All uses that were met share that general block. Where a
value must be known for the block to have one form (which axis, how many outputs), the parameter
is *pinned*: there is a block for each of its values, and callers must know it too. A definition
that has no general form at all stands as its uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nndsl.model.assumed import is_equality
from nndsl.model.expr import Expr, Name, Undecided, evaluate, names_in
from nndsl.model.graph import (
    Block,
    FlowType,
    ListType,
    NoneType,
    TupleType,
)
from nndsl.model.spec import Rejected
from nndsl.resolve.axis_names import asked_axes, misnamed
from nndsl.resolve.blocks import write_block
from nndsl.resolve.builder import Builder
from nndsl.resolve.conditions import Parted
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault, NoGeneralForm
from nndsl.resolve.families import (
    Family,
    depths,
    gives_differ,
    inner_blocks,
    passed,
    trace,
)
from nndsl.resolve.general_checker import GeneralChecker
from nndsl.resolve.general_parameters import bind_general, with_defaults
from nndsl.resolve.general_sizes import (
    input_sizes,
    merged_types,
    parameter_table,
    settle_output,
    size_table,
)
from nndsl.resolve.given_sizes import needed, told_by_caller
from nndsl.resolve.input_lists import Counted
from nndsl.resolve.met import Met, imagined, signature_of
from nndsl.resolve.naming import Naming
from nndsl.resolve.needs import constructor_names, first_needs
from nndsl.resolve.passed import EVERYTHING, Apart
from nndsl.resolve.resolver import MadeUse, RecordedUse, Resolver
from nndsl.resolve.running import Uneven
from nndsl.resolve.scope import Scope
from nndsl.resolve.uses import inputs_of, parameter_names
from nndsl.resolve.values import Definition, key
from nndsl.syntax import tree

NO_INPUT = (-1, -1)  # the place and axis of a size that callers give


class Generaliser:
    """Makes general blocks on demand, from leaf to model."""

    def __init__(
        self,
        resolver: Resolver,
        pins: Mapping[int, set[str]],
        untaken: Mapping[int, list[RecordedUse]],
    ) -> None:
        self.resolver = resolver
        self.pins = pins
        self.met = Met(resolver, untaken)
        self.families: dict[Any, Family] = {}
        self.models: dict[Any, Family] = {}
        self.blocks: list[Block] = []

    # -------------------------------------------------------------- families

    def family(
        self,
        definition: Definition,
        types: dict[str, FlowType] | None,
        values: dict[str, Any] | None = None,
        around: Sequence[RecordedUse] = (),
    ) -> Family:
        """The family for inputs of these kinds, resolved.

        ``values``: of a use in a branch that was never taken; it stands in for those met.
        ``around``: the uses of the block that it is in.
        """
        signature = None if types is None else signature_of(definition, types)
        mark = (id(definition.tree), signature)
        if mark in self.models:
            return self.models[mark]
        if mark not in self.families:
            uses = self.met.uses(definition, signature)
            if not uses and values is not None and types is not None:
                uses = imagined(values, types, around)
            family = Family(definition, uses, types, set(self.pins.get(id(definition.tree), ())))
            self.families[mark] = family
            self._settle(family)
            if types is None:
                self._note_model(family)
        family = self.families[mark]
        return family if family.settled else self._within(family)

    def _within(self, family: Family) -> Family:
        """The family of the uses inside layers that are passed to the same definition, while its
        own form is looked for: ``residual((linear 8 | residual((linear 8 | relu))))``."""
        if family.within is None:
            deep = depths(family.uses)
            inner = [u for u in family.uses if deep[id(u)] < max(deep.values())]
            if not inner:
                raise NoGeneralForm
            printed = list(self.blocks)
            family.within = Family(family.definition, inner, family.types, set(family.pins))
            self._settle(family.within)
            self.blocks = printed
        return family.within if family.within.settled else self._within(family.within)

    def _note_model(self, family: Family) -> None:
        """A model's own block serves the models that use it on inputs of the same kinds."""
        if family.pins or family.stands or family.parted or len(family.variants) != 1:
            return
        block = next(iter(family.variants.values()))
        types = {one.var.name: one.var.type for one in block.inputs}
        signature = signature_of(family.definition, types)
        self.models[id(family.definition.tree), signature] = family

    def root_variant(self, family: Family, block: Block) -> Block:
        """The block among a family's that stands for this model, resolved with its values."""
        number, use = next((n, u) for n, u in enumerate(family.uses) if u.block is block)
        mark = number if family.stands else self._mark(family, use.values, use.types)
        return family.variants[mark]

    def family_of(self, block: Block) -> Family:
        """The family that a block belongs to."""
        return next(f for f in self.families.values() if block in f.every_variant())

    def _settle(self, family: Family) -> None:
        """Resolve the family's blocks, pinning more parameters until it works."""
        self._find_form(family)
        family.settled = True

    def _find_form(self, family: Family) -> None:
        names = parameter_names(family.definition)
        if EVERYTHING in family.pins:
            self._stand(family)
            return
        while True:
            try:
                self._variants(family)
                return
            except Apart as problem:
                family.apart.add(problem.list)
                self._forget(family)
                continue
            except Counted as problem:
                trace(family, problem)
                if family.counted:
                    self._stand(family)
                    return
                family.counted = True
                self._forget(family)
                continue
            except Undecided as problem:
                trace(family, problem)
                more = self._to_pin(problem.name, names) - family.pins
            except (Fault, Rejected, Cascade, NoGeneralForm, Parted, Uneven) as problem:
                trace(family, problem)
                more = set(names) - family.pins
                parting = isinstance(problem, Parted) or gives_differ(family)
                if parting and not family.parted:
                    family.parted, more = True, set()
                    self._forget(family)
                    continue
            self._forget(family)
            if not more:
                self._stand(family)
                return
            family.pins |= more

    def _forget(self, family: Family) -> None:
        """Drop a family's blocks; those of definitions used inside stay."""
        mine = list(family.variants.values())
        self.blocks = [b for b in self.blocks if b not in mine]
        family.variants.clear()

    def _to_pin(self, name: Name, names: list[str]) -> set[str]:
        """The parameters that a name follows from, or all."""
        found = {n.id for part in (name, name.meaning) for n in names_in(part)}
        return found.intersection(names) or set(names)

    def _stand(self, family: Family) -> None:
        """Print the uses as they are: nothing of the definition can be kept open."""
        family.stands = True
        for number, use in enumerate(family.uses):
            if use.block is None:
                raise NoGeneralForm
            block = use.block
            block.variant = str(number + 1) if len(family.uses) > 1 else ""
            family.variants[number] = block
            for inner in inner_blocks(block):
                if inner not in self.blocks:
                    self.blocks.append(inner)
            if block not in self.blocks:
                self.blocks.append(block)

    def _variants(self, family: Family) -> None:
        groups: dict[Any, list[RecordedUse]] = {}
        for use in family.uses:
            groups.setdefault(self._mark(family, use.values, use.types), []).append(use)
        imagined = any(use.block is None for use in family.uses)
        if family.pins and (imagined or not groups):
            raise NoGeneralForm  # what is pinned would be in the caller's terms
        for mark, uses in (groups or {(): []}).items():
            block = self._general_block(family, uses)
            block.variant = str(len(family.variants) + 1) if len(groups) > 1 else ""
            family.variants[mark] = block
            self.blocks.append(block)

    def _general_block(self, family: Family, uses: list[RecordedUse]) -> Block:
        """A block, written once more where what it does with its inputs names their axes anew."""
        block = self._write_block(family, uses, {})
        asked = asked_axes(block)
        return self._write_block(family, uses, asked) if misnamed(block, asked) else block

    def _write_block(
        self, family: Family, uses: list[RecordedUse], asked: dict[str, frozenset[int]]
    ) -> Block:
        definition = family.definition
        builder = Builder(True, definition.name, apart=frozenset(family.apart), asked=asked)
        checker = GeneralChecker(lenient=True, uses=uses, builder=builder)
        builder.check = checker
        builder.uses = uses
        cx = Context(self.resolver, builder, Scope(definition.scope, is_body=True), Naming())
        pinned = {p: uses[0].values[p] for p in family.pins if uses and p in uses[0].values}
        parameters = bind_general(definition, pinned, uses, cx)
        builder.parameters = frozenset(parameter_names(definition))
        types = merged_types(definition, family.types, uses, family.counted)
        builder.model = types is None
        builder.root = types is None and all(use.root for use in uses)
        block = write_block(definition, types, cx)
        read = constructor_names(block)
        given = needed(builder.given) if types is not None else []
        for problem in (builder.lost[n] for n in builder.lost if n in read and n not in given):
            raise problem if isinstance(problem, Undecided) else NoGeneralForm
        block.parameters = tuple(parameters)
        if builder.root and uses and uses[0].block is not None:
            block.granted = tuple(a for a in uses[0].block.assumptions if is_equality(a))
        builder.inputs = input_sizes(block) | dict.fromkeys(given, NO_INPUT)
        self.resolver.blocks[id(block)] = builder
        first_needs(block, builder)
        return block

    # -------------------------------------------------------------- uses

    def use(
        self,
        definition: Definition,
        values: dict[str, Any],
        types: dict[str, FlowType],
        cx: Context,
        node: tree.Expr,
    ) -> MadeUse:
        """A use of a definition inside a general block."""
        whole = with_defaults(definition, values, cx)
        around = cx.builder.uses
        family = self.family(definition, types, whole, around)
        self.met.note_missing(definition, whole, types, around)
        block = self._variant(family, values, types, cx)
        child = self.resolver.blocks[id(block)]
        if family.stands:
            return MadeUse(block, settle_output(block, {}, {}, child, cx)[0])
        args = [
            (n, passed(n, v, definition, cx)) for n, v in values.items() if n not in family.pins
        ]
        table = parameter_table(block, dict(args))
        sizes = size_table(block, types)
        sizes |= told_by_caller(child, whole, {**table, **sizes}, cx, node)
        output, told = settle_output(block, table, sizes, child, cx)
        made = MadeUse(block, output, args, list(sizes.items()), ())
        made.told = told
        return made

    def _variant(
        self, family: Family, values: dict[str, Any], types: dict[str, FlowType], cx: Context
    ) -> Block:
        """The block for these values; a pinned one must be known to the caller."""
        if family.stands or not family.pins <= set(values):
            values = with_defaults(family.definition, values, cx)
        if family.stands:
            return self._standing(family, values, types)
        found = dict(values)
        for name in family.pins:
            if isinstance(found.get(name), Expr):
                found[name] = evaluate(found[name])
        mark = self._mark(family, found, types)
        if mark not in family.variants:
            raise NoGeneralForm
        return family.variants[mark]

    def _mark(self, family: Family, values: dict[str, Any], types: dict[str, FlowType]) -> Any:
        """What uses must share to share a block of a family."""
        pins: tuple[Any, ...] = tuple((p, key(values.get(p))) for p in sorted(family.pins))
        if family.counted:
            pins = (*pins, *self._counts(family, types))
        if not family.parted:
            return pins
        inputs = (types.get(i.name.id) for i in inputs_of(family.definition) if i.optional)
        return pins, tuple(isinstance(type, NoneType) for type in inputs)

    def _counts(self, family: Family, types: dict[str, FlowType]) -> tuple[int, ...]:
        """How many tensors the lists among the inputs have."""
        given = [types.get(one.name.id) for one in inputs_of(family.definition) if one.many]
        if any(isinstance(one, ListType) for one in given):
            raise NoGeneralForm
        return tuple(len(one.items) for one in given if isinstance(one, TupleType))

    def _standing(
        self, family: Family, values: dict[str, Any], types: dict[str, FlowType]
    ) -> Block:
        from nndsl.resolve.loops import type_key

        plain = {n: key(evaluate(v) if isinstance(v, Expr) else v) for n, v in values.items()}
        for use in family.uses:
            same = plain == {n: key(value) for n, value in use.values.items()}
            same = same and all(type_key(use.types[n]) == type_key(t) for n, t in types.items())
            if same and use.block is not None:
                return use.block
        raise NoGeneralForm
