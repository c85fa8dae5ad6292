"""The last pass over general blocks: what constructors need, what children tell, layers passed.

Which sizes a constructor takes depends on what its parents ask of it, so this is settled when
all blocks are there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nndsl.model.expr import Expr, Name, Undecided, names_in, substitute
from nndsl.model.graph import (
    Apply,
    Bind,
    Block,
    CallFunction,
    Chain,
    Check,
    Construct,
    Declare,
    Do,
    Factory,
    For,
    FunctionBlock,
    If,
    LambdaRef,
    LayerRef,
    Make,
    Parametric,
    Program,
    RunTest,
    Scan,
    Statement,
    TensorType,
    TieTo,
    Use,
    Var,
    walk,
)
from nndsl.record import dataclass, field, replace
from nndsl.resolve.passed import PassedLayer
from nndsl.resolve.values import Arguments, Builtin, Definition, Given, LayerValue, Template
from nndsl.source import Source, Span
from nndsl.syntax import tree

Group = tuple[int, str]


@dataclass
class Protocol:
    """How a layer parameter is called: with the sizes of which axes, on which kind of tensor."""

    axes: set[int] = field(default_factory=set)
    sample: TensorType | None = None
    calls: set[tuple[int, tuple[str, ...]]] = field(default_factory=set)

    @property
    def arguments(self) -> bool:
        """Whether it is called with more than sizes."""
        return any(count or names for count, names in self.calls)


class Unprintable(Exception):
    """A layer can't be printed where it is passed: ``group`` has to be pinned."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self.group = group


class Finisher:
    """Settles needs, tells and passed layers over all blocks of a program."""

    def __init__(self, generaliser: Any) -> None:
        self.generaliser = generaliser
        self.builders = generaliser.resolver.blocks
        self.protocols: dict[Group, Protocol] = {}
        self.parents: dict[Group, Group] = {}

    # -------------------------------------------------------------- protocols

    def root(self, group: Group) -> Group:
        while group in self.parents:
            group = self.parents[group]
        return group

    def join(self, a: Group, b: Group) -> None:
        a, b = self.root(a), self.root(b)
        if a != b:
            self.parents[a] = b

    def protocol(self, group: Group) -> Protocol:
        return self.protocols.setdefault(self.root(group), Protocol())

    def learn_protocols(self, blocks: list[Block]) -> None:
        """Parameters that are passed on share the protocol of where they go."""
        for block in blocks:
            builder = self.builders[id(block)]
            for one in passed_layers(block):
                if isinstance(one.value, Name):
                    self.join(builder.groups[one.value.id], one.group)
        for block in blocks:
            builder = self.builders[id(block)]
            for made, parameter, type, axes in builder.parametric:
                found = self.protocol(builder.groups[parameter.id])
                found.axes |= axes
                found.sample = found.sample or type
                found.calls.add((len(made.args), tuple(k for k, _ in made.kwargs)))

    # -------------------------------------------------------------- needs

    def settle(self, blocks: list[Block]) -> None:
        """Needs and tells, until nothing changes."""
        changed = True
        while changed:
            changed = False
            for block in blocks:
                changed = self._settle_block(block) or changed

    def _settle_block(self, block: Block) -> bool:
        builder = self.builders[id(block)]
        if not builder.general:
            return False
        for made, parameter, type, _ in builder.parametric:
            axes = sorted(self.protocol(builder.groups[parameter.id]).axes)
            object.__setattr__(made, "sizes", tuple(type.shape[a] for a in axes))
        needed = constructor_names(block)
        changed = self._ask_children(block, builder, needed)
        own = tuple(n for n in builder.inputs if n in needed)
        if own != block.needs:
            block.needs = own
            changed = True
        return changed

    def _ask_children(self, block: Block, builder: Any, needed: set[Name]) -> bool:
        """Children must tell the sizes that this constructor needs of them."""
        changed = False
        for name, (attr, source, value) in builder.told.items():
            if name not in needed:
                continue
            targets = source if isinstance(source, list) else [(source, value)]
            for child, size in targets:
                if attr not in child.tells:
                    child.tells[attr] = size
                    changed = True
        return changed

    def write_told(self, block: Block) -> None:
        """Keep of what children could tell only what is needed."""
        needed = constructor_names(block)
        for statement in walk(block.body):
            if isinstance(statement, Make) and statement.told:
                told = tuple(t for t in statement.told if t[0] in needed)
                object.__setattr__(statement, "told", told)
            if isinstance(statement, Make) and isinstance(statement.what, Use):
                use = statement.what
                kept = set(use.block.needs)
                sizes = {n: s for n, s in use.sizes if n in kept}
                ordered = tuple((n, sizes[n]) for n in use.block.needs if n in sizes)
                object.__setattr__(use, "sizes", ordered)

    # -------------------------------------------------------------- layers

    def reference(self, one: PassedLayer) -> Any:
        """A passed layer as something that can be printed where it is passed."""
        value = one.value
        if isinstance(value, Name):
            return value
        protocol = self.protocol(one.group)
        if protocol.sample is None:
            raise Unprintable(one.group)
        if isinstance(value, Definition):
            found = self._definition(value, protocol)
            if found is not None:
                return found
        try:
            return self._adapted(value, protocol, one)
        except Undecided:
            raise Unprintable(one.group) from None

    def _adapted(self, value: Any, protocol: Protocol, one: PassedLayer) -> Any:
        """A template tried with names for what it will be called with."""
        from nndsl.resolve.parametric import try_layer

        if len(protocol.calls) > 1:
            raise Unprintable(one.group)  # one lambda can't take several kinds of calls
        assert protocol.sample is not None
        flow = Var(0, "x", protocol.sample)
        arguments, given = _called_with(value, *next(iter(protocol.calls), (0, ())))
        nowhere = Span(Source(""), 0, 0)
        node = (
            value.node if isinstance(value, Template | LayerValue) else tree.Name(nowhere, "layer")
        )
        trial = try_layer(value, arguments, (flow,), (), one.cx, node, Name(one.group[1], "param"))
        axes = sorted(protocol.axes)
        if not trial.axes <= protocol.axes:
            raise Unprintable(one.group)
        names = tuple(_axis_name(a, len(trial.stand_in), axes) for a in axes)
        table = dict(zip((trial.stand_in[a] for a in axes), names, strict=True))
        names = (*names, *given)
        made = replace_names(trial.made, table)
        if isinstance(made, Construct) and made.args == names and not made.kwargs:
            return LayerRef(None, made.torch)
        if isinstance(made, Use):
            kept = [(n, s) for n, s in made.sizes if n in made.block.needs]
            object.__setattr__(made, "sizes", tuple(kept))
            if not made.args and [s for _, s in kept] == list(names):
                return LayerRef(made.block)
        return LambdaRef(names, made)

    def _definition(self, value: Definition, protocol: Protocol) -> Any:
        """The class of a definition, if it can be called as the protocol says."""
        from nndsl.resolve.uses import inputs_of

        declared = inputs_of(value)
        types = {declared[0].name.id: protocol.sample}
        family = self.generaliser.family(value, types)
        if family.pins or family.stands or len(family.variants) != 1:
            return None
        block = next(iter(family.variants.values()))
        builder = self.builders[id(block)]
        axes = [builder.inputs[n][1] for n in block.needs]
        return LayerRef(block) if axes == sorted(protocol.axes) else None


def _called_with(
    value: Any, count: int, keywords: tuple[str, ...]
) -> tuple[Arguments, tuple[Name, ...]]:
    """Names for the arguments of a call, as the layer itself calls them where that is known."""
    nowhere = Span(Source(""), 0, 0)
    spoken = [n for n in _positional(value) if n not in keywords]
    spoken += [f"argument{number}" for number in range(1, count + 1)]
    names = [Name(n, "param", "int", None, -1) for n in (*spoken[:count], *keywords)]
    given = [Given(name, nowhere) for name in names]
    arguments = Arguments(tuple(given[:count]), tuple(zip(keywords, given[count:], strict=True)))
    return arguments, tuple(names)


def _positional(value: Any) -> tuple[str, ...]:
    """The names of the arguments that a layer takes by their places."""
    from nndsl.model.spec import Choice, Layer
    from nndsl.resolve.uses import parameter_names

    while isinstance(value, LayerValue | Template):
        if isinstance(value, LayerValue):
            value = value.layer
            continue
        node = value.node
        while isinstance(node, tree.Group | tree.Call):
            node = node.inner if isinstance(node, tree.Group) else node.func
        value = value.scope.get(node.id) if isinstance(node, tree.Name) else None
    if isinstance(value, Definition):
        return tuple(parameter_names(value))
    entry = value.layer if isinstance(value, Builtin) else None
    if isinstance(entry, Choice):
        from nndsl.layers import registry

        entry = registry.choose(entry, 4) or registry.choose(entry, 3)
    return entry.positional if isinstance(entry, Layer) else ()


def _axis_name(axis: int, rank: int, axes: Iterable[int]) -> Name:
    from nndsl.resolve.shapes import AXES

    names = AXES.get(rank, ())
    wish = "d" if rank == 2 else names[axis] if axis < len(names) else f"size{axis}"
    return Name(wish, "size", "int", None, -1)


# ------------------------------------------------------------------ looking at blocks


def passed_layers(block: Block) -> list[PassedLayer]:
    """Every layer passed in a block's uses and defaults."""
    found: list[PassedLayer] = []
    for one in block.parameters:
        if isinstance(one.default, PassedLayer):
            found.append(one.default)
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            found.extend(a for _, a in statement.what.args if isinstance(a, PassedLayer))
    return found


def constructor_names(block: Block) -> set[Name]:
    """The names whose values the constructor takes; running ones are followed to their origin."""
    direct: set[Name] = set()
    defined: dict[Name, list[Any]] = {}
    _collect(block.body, direct, defined)
    for size in block.tells.values():
        direct.update(names_in(size))
    todo, found = list(direct), set()
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        for source in defined.get(name, ()):
            todo.extend(names_in(source))
    return found


def _collect(
    body: tuple[Statement, ...], direct: set[Name], defined: dict[Name, list[Any]]
) -> None:
    for statement in body:
        if isinstance(statement, Make):
            direct.update(n for v in _made_values(statement.what) for n in names_in(v))
            direct.update(n for p in statement.path if isinstance(p, Expr) for n in names_in(p))
            if isinstance(statement.what, Chain):
                _collect(statement.what.body, direct, defined)
        elif isinstance(statement, Declare):
            direct.update(n for v in _operands(statement.body) for n in names_in(v))
        elif isinstance(statement, Check):
            direct.update(names_in(statement.test))
            direct.update(names_in(statement.message))
        elif isinstance(statement, TieTo):
            direct.update(
                n
                for p in (*statement.path, *statement.source)
                if isinstance(p, Expr)
                for n in names_in(p)
            )
        elif isinstance(statement, Bind):
            defined.setdefault(statement.name, []).append(statement.value)
        elif isinstance(statement, If):
            _collect_if(statement, direct, defined)
        elif isinstance(statement, For):
            _collect_for(statement, direct, defined)
        elif isinstance(statement, Scan):
            _collect(statement.body, direct, defined)


def _collect_if(statement: If, direct: set[Name], defined: dict[Name, list[Any]]) -> None:
    _collect(statement.then, direct, defined)
    _collect(statement.orelse, direct, defined)
    for one in statement.sizes:
        sources = defined.setdefault(one.name, [])
        sources += [one.then, one.orelse]
        if not isinstance(statement.test, RunTest):
            sources.append(statement.test)
    if not isinstance(statement.test, RunTest) and constructs((statement,)):
        direct.update(names_in(statement.test))


def _collect_for(statement: For, direct: set[Name], defined: dict[Name, list[Any]]) -> None:
    _collect(statement.body, direct, defined)
    for one in statement.sizes:
        defined.setdefault(one.name, []).extend([one.init, one.next, statement.iterable])
    if constructs((statement,)):
        direct.update(names_in(statement.iterable))


def constructs(body: tuple[Statement, ...]) -> bool:
    """Whether a body makes or checks something at construction."""
    return any(isinstance(s, Make | Declare | Check | TieTo) for s in walk(body))


def _made_values(made: Any) -> list[Any]:
    if isinstance(made, Construct):
        return [*made.args, *(v for _, v in made.kwargs)]
    if isinstance(made, Use):
        needs = set(made.block.needs)
        return [*(a for _, a in made.args), *(s for n, s in made.sizes if n in needs)]
    if isinstance(made, Parametric):
        return [made.layer, *made.sizes, *made.args, *(v for _, v in made.kwargs)]
    return []


def _operands(body: tuple[Statement, ...]) -> list[Any]:
    found: list[Any] = []
    for statement in walk(body):
        if isinstance(statement, Do):
            found.extend(statement.operation.args)
            found.extend(v for _, v in statement.operation.kwargs)
    return [v for v in found if isinstance(v, Expr | tuple)]


def replace_names(made: Any, table: dict[Name, Any]) -> Any:
    """Something made, with names replaced in its arguments."""

    def turn(value: Any) -> Any:
        return substitute(value, table) if isinstance(value, Expr | tuple) else value

    if isinstance(made, Construct):
        return replace(
            made,
            args=tuple(map(turn, made.args)),
            kwargs=tuple((k, turn(v)) for k, v in made.kwargs),
        )
    if isinstance(made, Use):
        return Use(
            made.block,
            tuple((n, turn(v)) for n, v in made.args),
            made.positional,
            tuple((n, turn(s)) for n, s in made.sizes),
        )
    if isinstance(made, Chain):
        return Chain(
            tuple(
                replace(s, what=replace_names(s.what, table)) if isinstance(s, Make) else s
                for s in made.body
            )
        )
    return made


# ------------------------------------------------------------------ programs


def finish_program(
    generaliser: Any, factories: tuple[Factory, ...], models: tuple[str, ...], spec: str
) -> Program:
    """Settle everything that depends on all blocks together."""
    finisher = Finisher(generaliser)
    blocks = generaliser.blocks
    finisher.learn_protocols(blocks)
    for factory in factories:
        for _, one in factory.use.args:
            if isinstance(one, PassedLayer) and isinstance(one.value, Definition):
                finisher.protocol(one.group)
    finisher.settle(blocks)
    for block in blocks:
        finisher.write_told(block)
    for block in blocks:
        _print_layers(block, finisher)
    done = tuple(_factory(f, finisher) for f in factories)
    used = reachable(blocks, done, models)
    return Program(used, _functions(used), done, _constants(used, done), spec, models)


def _print_layers(block: Block, finisher: Finisher) -> None:
    block.parameters = tuple(
        replace(p, default=finisher.reference(p.default))
        if isinstance(p.default, PassedLayer)
        else p
        for p in block.parameters
    )
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            args = tuple((n, _printed(a, finisher)) for n, a in statement.what.args)
            object.__setattr__(statement.what, "args", args)


def _printed(value: Any, finisher: Finisher) -> Any:
    return finisher.reference(value) if isinstance(value, PassedLayer) else value


def _factory(factory: Factory, finisher: Finisher) -> Factory:
    args = tuple((n, _printed(a, finisher)) for n, a in factory.use.args)
    return replace(factory, use=replace(factory.use, args=args))


def reachable(
    blocks: list[Block], factories: tuple[Factory, ...], models: tuple[str, ...]
) -> tuple[Block, ...]:
    """The blocks that the models use, leaves first."""
    kept: list[Block] = []

    def visit(block: Block) -> None:
        if block in kept:
            return
        for inner in _mentioned(block):
            visit(inner)
        if block not in kept:
            kept.append(block)

    for factory in factories:
        for _, value in factory.use.args:
            for inner in _in_value(value):
                visit(inner)
        visit(factory.use.block)
    for block in blocks:
        if block.name in models:
            visit(block)
    return tuple(kept)


def _mentioned(block: Block) -> list[Block]:
    found: list[Block] = []
    for one in block.parameters:
        found.extend(_in_value(one.default))
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            for _, value in statement.what.args:
                found.extend(_in_value(value))
            found.append(statement.what.block)
    return found


def _in_value(value: Any) -> list[Block]:
    if isinstance(value, LayerRef) and value.block is not None:
        return [value.block]
    if isinstance(value, LambdaRef):
        made = value.made
        if isinstance(made, Use):
            return [*(b for _, a in made.args for b in _in_value(a)), made.block]
        if isinstance(made, Chain):
            return [
                s.what.block
                for s in walk(made.body)
                if isinstance(s, Make) and isinstance(s.what, Use)
            ]
    return []


def _functions(blocks: tuple[Block, ...]) -> tuple[FunctionBlock, ...]:
    """The spec's functions in use, callees first."""
    found: list[FunctionBlock] = []

    def visit(body: tuple[Statement, ...]) -> None:
        for statement in walk(body):
            if isinstance(statement, Declare):
                visit(statement.body)
            if isinstance(statement, Do) and isinstance(statement.operation, CallFunction):
                function = statement.operation.function
                if function not in found:
                    visit(function.body)
                    found.append(function)

    for block in blocks:
        visit(block.body)
    return tuple(found)


def _constants(blocks: tuple[Block, ...], factories: tuple[Factory, ...]) -> tuple[Name, ...]:
    found: dict[Name, None] = {}
    for block in blocks:
        values: list[Any] = [p.default for p in block.parameters]
        for statement in walk(block.body):
            if isinstance(statement, Make):
                values.extend(_made_values(statement.what))
            elif isinstance(statement, Do):
                values.extend(_operands((statement,)))
            elif isinstance(statement, Declare):
                values.extend(_operands(statement.body))
            elif isinstance(statement, For):
                values.append(statement.iterable)
            elif isinstance(statement, If) and not isinstance(statement.test, RunTest):
                values.append(statement.test)
            elif isinstance(statement, Bind):
                values.append(statement.value)
        found.update(dict.fromkeys(n for v in values for n in names_in(v) if n.role == "constant"))
    return tuple(found)


__all__ = ["Apply", "finish_program"]
