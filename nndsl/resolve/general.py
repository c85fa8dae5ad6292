"""Definitions over their parameters' names: what the source backend prints.

Every definition that the models use is resolved once more, now with a name for each static
parameter and each size of an input. All uses that were met share that general block. Where a
value must be known for the block to have one form (which axis, how many outputs), the parameter
is *pinned*: there is a block for each of its values, and callers must know it too. A definition
that has no general form at all stands as its uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nndsl.diagnostics import Diagnostic
from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.expr import Expr, Name, Static, Undecided, evaluate, known, names_in, substitute
from nndsl.model.graph import (
    Block,
    Factory,
    FlowType,
    ListType,
    NoneType,
    Program,
    StaticParameter,
    TensorType,
    TupleType,
    Use,
)
from nndsl.model.spec import Rejected
from nndsl.record import dataclass, field, replace
from nndsl.resolve.blocks import write_block
from nndsl.resolve.builder import Builder
from nndsl.resolve.conditions import Parted
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.files import SpecFile
from nndsl.resolve.general_parameters import bind_general
from nndsl.resolve.naming import Naming
from nndsl.resolve.passed import PassedLayer
from nndsl.resolve.resolver import MadeUse, RecordedUse, Resolver
from nndsl.resolve.scope import Scope
from nndsl.resolve.uses import inputs_of, parameter_names
from nndsl.resolve.values import Definition, ModelAlias, is_layer, key
from nndsl.syntax import tree


class NoGeneralForm(Exception):
    """A block can't be written over names, whatever is pinned."""


@dataclass
class GeneralChecker(Checker):
    """Sizes over names: what is undecided is let pass, the uses were checked already.

    Whether a size is 1 decides how shapes are broadcast; there the uses that were met are asked.
    """

    samples: list[dict[Name, Any]] = field(default_factory=list)
    uses: list[RecordedUse] = field(default_factory=list)
    builder: Builder | None = None

    def known(self, *sizes: Static) -> Iterator[tuple[Any, ...]]:
        """The values that sizes have in the uses, where they follow from arguments and inputs."""
        for use, values in zip(self.uses, self.samples or [{}] * len(self.uses), strict=False):
            env = dict(values)
            for name in (n for size in sizes for n in names_in(size)):
                env.setdefault(name, self._received(name, use))
            try:
                yield tuple(evaluate(size, env) for size in sizes)
            except Exception:
                yield (None,) * len(sizes)

    def _received(self, name: Name, use: RecordedUse) -> Any:
        """The size of an input's axis in one use."""
        assert self.builder is not None
        var, axis = self.builder.origins.get(name, (None, 0))
        type = use.types.get(var.name) if var is not None else None
        return type.shape[axis] if isinstance(type, TensorType) and type.shape else name

    def same(self, a: Static, b: Static) -> bool:
        answer = dims.equal(a, b, self.facts)
        if answer is None and (a == 1 or b == 1):
            return self._always_one(b if a == 1 else a)
        return answer is True

    def _always_one(self, size: Static) -> bool:
        return bool(self.uses) and all(found == (1,) for found in self.known(size))

    def wider(self, a: Static, b: Static) -> Static:
        if not isinstance(a, Expr) or not isinstance(b, Expr):
            return super().wider(a, b)
        ones = {0 if x == y else 1 if x == 1 else 2 for x, y in self.known(a, b)} - {0}
        if ones == {1, 2}:
            raise Undecided(next(names_in(a)))
        return b if ones == {1} else a

    def equal(self, a: Static, b: Static) -> bool:
        return dims.equal(a, b, self.facts) is not False

    def divides(self, divisor: Static, size: Static) -> bool:
        return True if isinstance(divisor, Expr) or isinstance(size, Expr) else size % divisor == 0  # type: ignore[operator]


@dataclass(eq=False)
class Family:
    """The general blocks of one definition for inputs of one kind."""

    definition: Definition
    uses: list[RecordedUse]
    types: dict[str, FlowType] | None
    pins: set[str] = field(default_factory=set)
    variants: dict[Any, Block] = field(default_factory=dict)
    parted: bool = False  # by which optional inputs a use gives
    stands: bool = False  # no general form: the blocks are those of the uses


class Generaliser:
    """Makes general blocks on demand, from leaf to model."""

    def __init__(self, resolver: Resolver, pins: Mapping[int, set[str]]) -> None:
        self.resolver = resolver
        self.pins = pins
        self.families: dict[Any, Family] = {}
        self.blocks: list[Block] = []
        self.current: list[list[RecordedUse]] = []

    # -------------------------------------------------------------- families

    def family(self, definition: Definition, types: dict[str, FlowType] | None) -> Family:
        """The family for inputs of these kinds, resolved."""
        signature = None if types is None else self._signature(definition, types)
        mark = (id(definition.tree), signature)
        if mark not in self.families:
            uses = [
                u
                for u in self.resolver.uses.get(id(definition.tree), [])
                if types is None or self._signature(definition, u.types) == signature
            ]
            family = Family(definition, uses, types, set(self.pins.get(id(definition.tree), ())))
            self.families[mark] = family
            self._settle(family)
        return self.families[mark]

    def _signature(self, definition: Definition, types: dict[str, FlowType]) -> Any:
        optional = {one.name.id for one in inputs_of(definition) if one.optional}
        return tuple((n, kind_of_type(t)) for n, t in types.items() if n not in optional)

    def _settle(self, family: Family) -> None:
        """Resolve the family's blocks, pinning more parameters until it works."""
        names = parameter_names(family.definition)
        while True:
            try:
                self._variants(family)
                return
            except Undecided as problem:
                _trace(family, problem)
                more = self._to_pin(problem.name, names) - family.pins
            except (Fault, Rejected, Cascade, NoGeneralForm, Parted) as problem:
                _trace(family, problem)
                more = set(names) - family.pins
                if isinstance(problem, Parted) and not family.parted:
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
        found = {n.id for n in names_in(name) if n.id in names}
        meaning = name.meaning
        if not found and isinstance(meaning, Expr):
            found = {n.id for n in names_in(meaning) if n.id in names}
        return found or set(names)

    def _stand(self, family: Family) -> None:
        """Print the uses as they are: nothing of the definition can be kept open."""
        family.stands = True
        for number, use in enumerate(family.uses):
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
        if not groups and family.pins:
            raise NoGeneralForm
        for mark, uses in (groups or {(): []}).items():
            block = self._general_block(family, uses)
            block.variant = str(len(family.variants) + 1) if len(groups) > 1 else ""
            family.variants[mark] = block
            self.blocks.append(block)

    def _general_block(self, family: Family, uses: list[RecordedUse]) -> Block:
        definition = family.definition
        builder = Builder(True, definition.name)
        checker = GeneralChecker(lenient=True, uses=uses, builder=builder)
        builder.check = checker
        cx = Context(self.resolver, builder, Scope(definition.scope, is_body=True), Naming())
        self.current.append(uses)
        try:
            pinned = {p: uses[0].values[p] for p in family.pins if uses and p in uses[0].values}
            parameters = bind_general(definition, pinned, uses, cx)
            builder.parameters = frozenset(parameter_names(definition))
            types = merged_types(definition, family.types, uses)
            block = write_block(definition, types, cx)
        finally:
            self.current.pop()
        block.parameters = tuple(parameters)
        builder.inputs = input_sizes(block)
        self.resolver.blocks[id(block)] = builder
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
        family = self.family(definition, types)
        block = self._variant(family, values, types)
        child = self.resolver.blocks[id(block)]
        if family.stands:
            return MadeUse(block, settle_output(block, {}, {}, child, cx)[0])
        args = [
            (n, passed(n, v, definition, cx)) for n, v in values.items() if n not in family.pins
        ]
        table = parameter_table(block, dict(args))
        sizes = size_table(block, types)
        output, told = settle_output(block, table, sizes, child, cx)
        made = MadeUse(block, output, args, list(sizes.items()), ())
        made.told = told
        return made

    def _variant(self, family: Family, values: dict[str, Any], types: dict[str, FlowType]) -> Block:
        """The block for these values; a pinned one must be known to the caller."""
        if family.stands:
            return self._standing(family, values, types)
        found = dict(values)
        for name in family.pins:
            if name in found and isinstance(found[name], Expr):
                found[name] = evaluate(found[name])
            elif name not in found:
                found[name] = self._default(family, name)
        mark = self._mark(family, found, types)
        if mark not in family.variants:
            raise NoGeneralForm
        return family.variants[mark]

    def _mark(self, family: Family, values: dict[str, Any], types: dict[str, FlowType]) -> Any:
        """What uses must share to share a block of a family."""
        pins = tuple((p, key(values.get(p))) for p in sorted(family.pins))
        if not family.parted:
            return pins
        inputs = (types.get(i.name.id) for i in inputs_of(family.definition) if i.optional)
        return pins, tuple(isinstance(type, NoneType) for type in inputs)

    def _default(self, family: Family, name: str) -> Any:
        for use in family.uses:
            if name in use.values:
                return use.values[name]
        raise NoGeneralForm

    def _standing(
        self, family: Family, values: dict[str, Any], types: dict[str, FlowType]
    ) -> Block:
        from nndsl.resolve.loops import type_key

        plain = {n: key(evaluate(v) if isinstance(v, Expr) else v) for n, v in values.items()}
        for use in family.uses:
            same = all(key(use.values[n]) == v for n, v in plain.items() if n in use.values)
            if same and all(type_key(use.types[n]) == type_key(t) for n, t in types.items()):
                return use.block
        raise NoGeneralForm


def _trace(family: Family, problem: Exception) -> None:
    """Say why a family is pinned, if the developer asks."""
    import os

    if os.environ.get("NNDSL_TRACE"):
        import traceback

        print("pinning", family.definition.name, type(problem).__name__, problem)
        traceback.print_exception(problem)


# ------------------------------------------------------------------ types and sizes


def kind_of_type(type: FlowType) -> Any:
    """What must be alike for uses to share a block: number of axes and dtype."""
    if isinstance(type, TensorType):
        return ("tensor", None if type.shape is None else len(type.shape), type.dtype, type.lead)
    if isinstance(type, TupleType):
        return ("tuple", tuple(map(kind_of_type, type.items)), type.names, type.many)
    if isinstance(type, ListType):
        return ("list", kind_of_type(type.item))
    return "none"


def merged_types(
    definition: Definition, types: dict[str, FlowType] | None, uses: list[RecordedUse]
) -> dict[str, FlowType] | None:
    """The inputs' types for all uses: an optional one that only some give may be None."""
    if types is None:
        return None
    merged = dict(types)
    for one in inputs_of(definition):
        name = one.name.id
        if not one.optional:
            continue
        given = [u.types[name] for u in uses if not isinstance(u.types.get(name), NoneType)]
        tensors = [t for t in given if isinstance(t, TensorType)]
        if tensors:
            some_none = len(given) < len(uses) or any(t.optional for t in tensors)
            merged[name] = replace(tensors[0], optional=some_none)
        else:
            merged[name] = NoneType()
    return merged


def input_sizes(block: Block) -> dict[Name, tuple[int, int]]:
    """Every size name of the inputs: which input, which axis."""
    found: dict[Name, tuple[int, int]] = {}
    for place, one in enumerate(block.inputs):
        type = one.var.type
        if isinstance(type, TensorType) and type.shape is not None:
            for axis, size in enumerate(type.shape):
                if isinstance(size, Name) and size.role == "size":
                    found.setdefault(size, (place, axis))
        else:
            for size, _ in paired_sizes(type, type):
                if isinstance(size, Name) and size.role == "size":
                    found.setdefault(size, (place, -1))
    return found


def size_table(block: Block, types: dict[str, FlowType]) -> dict[Name, Any]:
    """The caller's size for every size name of a block's inputs."""
    table: dict[Name, Any] = {}
    for one in block.inputs:
        if (given := types.get(one.var.name)) is not None:
            for name, size in paired_sizes(one.var.type, given):
                if isinstance(name, Name) and name.role == "size":
                    table.setdefault(name, size)
    return table


def paired_sizes(own: FlowType, given: FlowType) -> Iterator[tuple[Any, Any]]:
    """The sizes of an input inside and outside, those of each tensor of several too."""
    if isinstance(own, TensorType) and isinstance(given, TensorType):
        if own.shape is not None and given.shape is not None and len(own.shape) == len(given.shape):
            yield from zip(own.shape, given.shape, strict=True)
    elif isinstance(own, TupleType) and isinstance(given, TupleType):
        for inner, outer in zip(own.items, given.items, strict=False):
            yield from paired_sizes(inner, outer)
    elif isinstance(own, ListType) and isinstance(given, ListType):
        yield own.length, given.length
        yield from paired_sizes(own.item, given.item)


def parameter_table(block: Block, args: dict[str, Any]) -> dict[Name, Any]:
    """The caller's value for every parameter of a block, defaults put in."""
    table: dict[Name, Any] = {}
    for one in block.parameters:
        if one.name.id in args:
            table[one.name] = args[one.name.id]
        elif not one.required:
            table[one.name] = substitute(one.default, table)
    return table


def settle_output(
    block: Block, table: dict[Name, Any], sizes: dict[Name, Any], child: Builder, cx: Context
) -> tuple[FlowType, tuple[tuple[Name, str], ...]]:
    """The output in the caller's terms; a size that only the child knows gets a name here."""
    told: list[tuple[Name, str]] = []
    replaced = {**table, **sizes}

    def size(value: Any, axis: int, rank: int) -> Any:
        if not isinstance(value, Expr):
            return value
        outer = substitute(expand(value, child), replaced)
        if any(n.role == "size" for n in names_in(outer)):
            outer = dims.tidy(outer)  # an author's own expression is left as it was written
        if not any(n.scope == child.scope for n in names_in(outer)):
            return outer
        attr = (
            "out_channels"
            if rank > 2 and axis == 1
            else "out_features"
            if axis == rank - 1
            else f"out_size{axis}"
        )
        name = cx.builder.size(_short(attr, cx), "size")
        told.append((name, attr))
        cx.builder.told[name] = (attr, block, value)
        return name

    def turn(type: FlowType) -> FlowType:
        if isinstance(type, TensorType) and type.shape is not None:
            rank = len(type.shape)
            shape = tuple(size(s, a, rank) for a, s in enumerate(type.shape))
            return replace(type, shape=shape)
        if isinstance(type, TupleType):
            return replace(type, items=tuple(map(turn, type.items)))
        if isinstance(type, ListType):
            return replace(type, item=turn(type.item), length=size(type.length, 0, 0))
        return type

    return turn(block.output), tuple(told)


def expand(value: Static, builder: Builder) -> Static:
    """Local names of a block replaced by what they stand for."""
    if isinstance(value, Name):
        if value.role == "local" and value.meaning is not None:
            return expand(value.meaning, builder)
        return value
    if isinstance(value, Expr):
        table = {n: expand(n, builder) for n in names_in(value) if n.role == "local"}
        return substitute(value, table) if table else value
    return value


def _short(attr: str, cx: Context) -> str:
    return attr


def passed(name: str, value: Any, definition: Definition, cx: Context) -> Static:
    """An argument as it is printed: layers become references to what makes them."""
    if is_layer(value) and not (isinstance(value, Name)):
        return PassedLayer(value, cx, (id(definition.tree), name))
    if isinstance(value, Name) and value.type == "layer":
        return PassedLayer(value, cx, (id(definition.tree), name))
    if isinstance(value, tuple) and any(map(is_layer, value)):
        raise NoGeneralForm
    return value


def inner_blocks(block: Block) -> list[Block]:
    """The blocks that a concrete block uses, leaves first."""
    from nndsl.model.graph import Make, walk

    found: list[Block] = []
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            for one in (*inner_blocks(statement.what.block), statement.what.block):
                if one not in found:
                    found.append(one)
    return found


# ------------------------------------------------------------------ programs


def general_program(
    core: SpecFile, models: tuple[str, ...], params: Mapping[str, Any]
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The blocks of some models, ready for printing."""
    from nndsl.resolve.finishing import Unprintable
    from nndsl.resolve.roots import resolve_root

    resolver = Resolver()
    for model in models:
        resolve_root(core, model, params, resolver)
    if resolver.failed:
        return None, tuple(resolver.diagnostics)
    pins: dict[int, set[str]] = {}
    while True:
        try:
            program = _program(core, models, params, Generaliser(resolver, pins))
            return program, tuple(resolver.diagnostics)
        except Unprintable as problem:
            definition, parameter = problem.group
            if parameter in pins.setdefault(definition, set()):
                raise
            pins[definition].add(parameter)


def _program(
    core: SpecFile, models: tuple[str, ...], params: Mapping[str, Any], generaliser: Generaliser
) -> Program:
    from nndsl.resolve.finishing import finish_program
    from nndsl.resolve.roots import configured_root

    resolver = generaliser.resolver
    resolver.general = generaliser
    factories: list[Factory] = []
    names: list[str] = []
    for model in models:
        found = core.models[model]
        definition, values = configured_root(core, model, params, resolver)
        family = generaliser.family(definition, None)
        block = next(iter(family.variants.values()))
        if isinstance(found, ModelAlias):
            factories.append(_factory(found, block, values, family, generaliser))
        elif params:
            _set_defaults(block, values, generaliser)
        names.append(model)
    return finish_program(generaliser, tuple(factories), tuple(names), core.source.name)


def _factory(
    alias: ModelAlias,
    block: Block,
    values: dict[str, Any],
    family: Family,
    generaliser: Generaliser,
) -> Factory:
    cx = Context(generaliser.resolver, Builder(True, alias.name), alias.scope, Naming())
    args = tuple(
        (n, passed(n, v, family.definition, cx)) for n, v in values.items() if n not in family.pins
    )
    use = Use(block, args if not family.stands else (), 0)
    left = tuple(p for p in block.parameters if p.name.id not in dict(args))
    return Factory(alias.name, use, left, alias.tree.comment)


def _set_defaults(block: Block, values: dict[str, Any], generaliser: Generaliser) -> None:
    """Values from outside become the printed defaults."""
    found: list[StaticParameter] = []
    for one in block.parameters:
        if one.name.id in values:
            value = values[one.name.id]
            builder = generaliser.resolver.blocks[id(block)]
            cx = Context(generaliser.resolver, builder, Scope(None), Naming())
            if is_layer(value):
                value = PassedLayer(value, cx, builder.groups.get(one.name.id, (0, one.name.id)))
            one = replace(one, default=value, required=False)
        found.append(one)
    block.parameters = tuple(found)


__all__ = ["Generaliser", "NoGeneralForm", "general_program", "known"]
