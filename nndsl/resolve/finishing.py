"""The last pass over general blocks: what constructors need, what children tell, layers passed.

Which sizes a constructor takes depends on what its parents ask of it, so this is settled when
all blocks are there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.model.axes import axis_names
from nndsl.model.expr import Expr, Name, Undecided, names_in, substitute
from nndsl.model.graph import (
    Block,
    Chain,
    Construct,
    LambdaRef,
    LayerRef,
    Make,
    Parametric,
    TensorType,
    Use,
    Var,
    walk,
)
from nndsl.record import dataclass, field, replace
from nndsl.resolve.context import Context
from nndsl.resolve.errors import NoGeneralForm
from nndsl.resolve.needs import constructor_names
from nndsl.resolve.passed import EVERYTHING, PassedLayer, layers_in
from nndsl.resolve.running import Uneven
from nndsl.resolve.values import (
    Arguments,
    Builtin,
    Definition,
    Given,
    LayerValue,
    Template,
    is_layer,
)
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
    """What can't be printed in general: the parameter ``group`` has to be pinned."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self.group = group


class Finisher:
    """Settles needs, tells and passed layers over all blocks of a program."""

    def __init__(self, generaliser: Any, named: Callable[[Any], Any]) -> None:
        self.generaliser = generaliser
        self.named = named  # values that the file has names for
        self.builders = generaliser.resolver.blocks
        self.protocols: dict[Group, Protocol] = {}
        self.parents: dict[Group, Group] = {}
        self.defaults: list[PassedLayer] = []

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
            self._learn_calls(self.builders[id(block)])
        for block in blocks:
            for one in passed_layers(block):
                self._learn_inside(one)

    def _learn_calls(self, builder: Any) -> None:
        for made, parameter, type, axes in builder.parametric:
            found = self.protocol(builder.groups[parameter.id])
            found.axes |= axes
            found.sample = found.sample or type
            found.calls.add((len(made.args), tuple(k for k, _ in made.kwargs)))

    def _learn_inside(self, one: PassedLayer) -> None:
        """What a passed pipeline calls: ``wrap((conv(8, 1) | norm))``."""
        protocol = self.protocol(one.group)
        if not isinstance(one.value, Template) or protocol.sample is None or protocol.arguments:
            return
        try:
            trial, _ = self._trial(one.value, protocol, one)
        except (Undecided, NoGeneralForm, Uneven):
            return  # told where it is printed
        self._learn_calls(trial.builder)
        for inner in _passed_to(trial.made):
            self._learn_inside(inner)

    def _trial(
        self, value: Any, protocol: Protocol, one: PassedLayer
    ) -> tuple[Any, tuple[Name, ...]]:
        """A passed layer as its definition calls it, and the names of the call's arguments."""
        from nndsl.resolve.parametric import try_layer

        assert protocol.sample is not None
        flow = Var(0, "x", protocol.sample)
        arguments, given = _called_with(value, *next(iter(protocol.calls), (0, ())))
        nowhere = Span(Source(""), 0, 0)
        node = (
            value.node if isinstance(value, Template | LayerValue) else tree.Name(nowhere, "layer")
        )
        name = Name(one.group[1], "param")
        return try_layer(value, arguments, (flow,), (), one.cx, node, name), given

    # -------------------------------------------------------------- needs

    def settle(self, blocks: list[Block]) -> None:
        """Needs and tells, until nothing changes."""
        self.defaults = [
            one.default
            for block in blocks
            for one in block.parameters
            if isinstance(one.default, PassedLayer)
        ]
        changed = True
        while changed:
            changed = False
            for block in blocks:
                changed = self._settle_block(block) or changed

    def _settle_block(self, block: Block) -> bool:
        builder = self.builders[id(block)]
        if not builder.general:
            return False
        self._settle_sizes(builder)
        needed = constructor_names(block)
        changed = self._ask_children(block, builder, needed)
        own = tuple(n for n in builder.inputs if n in needed)
        if own != block.needs:
            block.needs = own
            changed = True
        return changed

    def _settle_sizes(self, builder: Any) -> None:
        """Layer parameters are called with the sizes that any of their layers needs."""
        for made, parameter, type, _ in builder.parametric:
            axes = sorted(self.protocol(builder.groups[parameter.id]).axes)
            object.__setattr__(made, "sizes", tuple(type.shape[a] for a in axes))

    def _ask_children(self, block: Block, builder: Any, needed: set[Name]) -> bool:
        """Children must tell the sizes that this constructor needs of them."""
        changed = False
        for name, (attr, source, value) in builder.told.items():
            if name not in needed:
                continue
            passed = isinstance(source, list)
            targets = self._tellers(source, *value) if passed else [(source, value)]
            for child, size in targets:
                if attr not in child.tells:
                    child.tells[attr] = size
                    changed = True
        return changed

    def _tellers(self, sources: list[Any], group: Group, axis: int) -> list[tuple[Block, Any]]:
        """The blocks that a layer parameter may stand for: those passed, and its default."""
        found: list[tuple[Block, Any]] = []
        for block, size in sources:
            if block in self.generaliser.blocks:
                found.append((block, size))
            else:  # it stood for those that are printed
                found += _with_axis(self.generaliser.family_of(block), axis)
        for one in self.defaults:
            value = one.value.layer if isinstance(one.value, LayerValue) else one.value
            if not isinstance(value, Definition) or self.root(one.group) != self.root(group):
                continue
            found += _with_axis(self._family(value, self.protocol(group)), axis)
        return found

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
                if not kept <= sizes.keys():
                    raise Unprintable(self._whole(use.block))
                ordered = tuple((n, sizes[n]) for n in use.block.needs)
                object.__setattr__(use, "sizes", ordered)

    def _whole(self, block: Block) -> Group:
        """All parameters of a definition that one of its uses can't be written with."""
        return id(self.generaliser.family_of(block).definition.tree), EVERYTHING

    # -------------------------------------------------------------- layers

    def reference(self, one: PassedLayer, default: bool = False) -> Any:
        """A passed layer as something that can be printed where it is passed.

        A default of a parameter is no call, so it is a lambda where others are partials.
        """
        value = one.value
        if isinstance(value, Name):
            return value
        protocol = self.protocol(one.group)
        if protocol.sample is None:
            raise Unprintable(one.group)
        found = self._named(value, protocol, one)
        if found is not None:
            return found
        try:
            return self._adapted(value, protocol, one, default)
        except (Undecided, NoGeneralForm, Uneven):
            raise Unprintable(one.group) from None

    def _adapted(self, value: Any, protocol: Protocol, one: PassedLayer, default: bool) -> Any:
        """A template tried with names for what it will be called with."""
        from nndsl.resolve.parametric import needed_names

        if len(protocol.calls) > 1:
            raise Unprintable(one.group)  # one lambda can't take several kinds of calls
        trial, given = self._trial(value, protocol, one)
        self._settle_sizes(trial.builder)
        asked = sorted(protocol.axes)
        if not trial.axes <= protocol.axes:
            raise Unprintable(one.group)
        names = tuple(_axis_name(a, len(trial.stand_in), asked) for a in asked)
        table = dict(zip((trial.stand_in[a] for a in asked), names, strict=True))
        names = (*names, *given)
        made = _fitting(replace_names(trial.made, table))
        if any(n.scope == trial.builder.scope for n in needed_names(made, trial.builder)):
            raise Unprintable(one.group)  # a size that only a module inside of it tells
        if not _is_one_call(made):
            raise Unprintable(one.group)
        self._check_passed_on(made, one)
        plain = isinstance(made, Construct) and made.args == names
        if plain and (not made.kwargs or not default and _free(made.kwargs, names)):
            return LayerRef(None, made.torch, made.kwargs)
        if isinstance(made, Use):
            kept = [(n, s) for n, s in made.sizes if n in made.block.needs]
            if len(kept) < len(made.block.needs):
                raise Unprintable(one.group)
            object.__setattr__(made, "sizes", tuple(kept))
            if not made.args and [s for _, s in kept] == list(names):
                return LayerRef(made.block)
        return LambdaRef(names, made)

    def _check_passed_on(self, made: Any, one: PassedLayer) -> None:
        """Refuse a parameter that is passed on inside a passed layer if nobody learned how it is
        called, so that it may be no parameter any more, or if it is called in another way there."""
        groups = one.cx.builder.groups
        for inner in _passed_to(made):
            if isinstance(inner.value, Name):
                own = groups.get(inner.value.id)
                if own is None or not self._called_alike(own, inner.group):
                    raise Unprintable(one.group)

    def _called_alike(self, own: Group, other: Group) -> bool:
        """Whether a layer that one parameter takes fits where the other goes."""
        if self.root(own) == self.root(other):
            return True
        mine, theirs = self.protocol(own), self.protocol(other)
        return mine.sample is not None and mine.axes == theirs.axes and mine.calls == theirs.calls

    def _named(self, value: Any, protocol: Protocol, one: PassedLayer) -> LayerRef | None:
        """A definition by its name, ``bottleneck``, or with arguments: ``bottleneck(groups=2)``."""
        if isinstance(value, Definition):
            return self._definition(value, protocol)
        if not isinstance(value, Template | LayerValue):
            return None
        called = _called_template(value, one.cx)
        if called is None or not isinstance(called.layer, Definition):
            return None
        given = called.arguments.keywords
        layers = any(is_layer(part.value) for _, part in given)
        if called.arguments.positional or layers or not given:
            return None
        found = self._definition(called.layer, protocol)
        if found is None or found.block is None:
            return None
        taken = {parameter.name.id for parameter in found.block.parameters}
        kept = tuple((name, part.value) for name, part in given if name in taken)
        return LayerRef(found.block, "", kept)

    def _definition(self, value: Definition, protocol: Protocol) -> LayerRef | None:
        """The class of a definition, if it can be called as the protocol says."""
        family = self._family(value, protocol)
        if family.pins or family.stands or len(family.variants) != 1:
            return None
        block = next(iter(family.variants.values()))
        builder = self.builders[id(block)]
        axes = [builder.inputs[n][1] for n in block.needs]
        return LayerRef(block) if axes == sorted(protocol.axes) else None

    def _family(self, value: Definition, protocol: Protocol) -> Any:
        from nndsl.resolve.uses import inputs_of

        declared = inputs_of(value)
        return self.generaliser.family(value, {declared[0].name.id: protocol.sample})


def _with_axis(family: Any, axis: int) -> list[tuple[Block, Any]]:
    """A family's blocks and the size of one axis of what comes out of each."""
    return [
        (block, block.output.shape[axis])
        for block in family.variants.values()
        if isinstance(block.output, TensorType) and block.output.shape is not None
    ]


def _called_template(value: Template | LayerValue, cx: Context) -> LayerValue | None:
    """A template as a layer with the arguments that it was given."""
    from nndsl.resolve.evaluate import value as evaluated

    if isinstance(value, LayerValue):
        return value
    node = value.node
    while isinstance(node, tree.Group):
        node = node.inner
    if not isinstance(node, tree.Call):
        return None
    found = evaluated(node, replace(cx, scope=value.scope, flow=None, stage=False))
    return found if isinstance(found, LayerValue) else None


def _free(kwargs: tuple[tuple[str, Any], ...], names: tuple[Name, ...]) -> bool:
    """Whether arguments can be given beforehand: none reads what the layer is called with."""
    return not any(name in names for _, part in kwargs for name in names_in(part))


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

        entry = registry.choose(entry, 4)  # those for other ranks take the same
    return entry.positional if isinstance(entry, Layer) else ()


def _fitting(made: Any) -> Any:
    """Without the arguments that what is used doesn't take any more."""
    from nndsl.resolve.unused import fitting

    if isinstance(made, Chain):
        body = (replace(s, what=_fitting(s.what)) if isinstance(s, Make) else s for s in made.body)
        return Chain(tuple(body))
    return fitting(made) if isinstance(made, Use) else made


def _axis_name(axis: int, rank: int, asked: list[int]) -> Name:
    return Name("d" if rank == 2 else axis_names(rank, asked)[axis], "size", "int", None, -1)


# ------------------------------------------------------------------ looking at blocks


def passed_layers(block: Block) -> list[PassedLayer]:
    """Every layer passed in a block's uses and defaults."""
    found: list[PassedLayer] = []
    for one in block.parameters:
        if isinstance(one.default, PassedLayer):
            found.append(one.default)
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            found.extend(one for _, a in statement.what.args for one in layers_in(a))
    return found


def _passed_to(made: Any) -> list[PassedLayer]:
    """The layers that something made is passed; a chain's parts too."""
    if isinstance(made, Use):
        return [one for _, value in made.args for one in layers_in(value)]
    if isinstance(made, Chain):
        return [one for s in walk(made.body) if isinstance(s, Make) for one in _passed_to(s.what)]
    return []


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
    if isinstance(made, Parametric):
        kwargs = tuple((k, turn(v)) for k, v in made.kwargs)
        return Parametric(made.layer, tuple(map(turn, made.sizes)), made.args, kwargs)
    if isinstance(made, Chain):
        return Chain(
            tuple(
                replace(s, what=replace_names(s.what, table)) if isinstance(s, Make) else s
                for s in made.body
            )
        )
    return made


def _is_one_call(made: Any) -> bool:
    """Whether one expression makes it: a chain of layers without rounds and conditions."""
    if not isinstance(made, Chain):
        return True
    return all(isinstance(one, Make) and _is_one_call(one.what) for one in made.body)
