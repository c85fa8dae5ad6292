"""One class for one definition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from nndsl.backends.source import docstring, reads, signature, titles
from nndsl.backends.source.assembly import Assembly
from nndsl.backends.source.children import Children
from nndsl.backends.source.constructor import Constructor
from nndsl.backends.source.flow import Flow
from nndsl.backends.source.forward import Forward
from nndsl.backends.source.known import with_sizes
from nndsl.backends.source.layout import Writer
from nndsl.backends.source.layout import signature as put_signature
from nndsl.backends.source.naming import (
    MODULE,
    Locals,
    as_given,
    legal,
    unique,
    without_number,
)
from nndsl.backends.source.operations import Operations
from nndsl.backends.source.places import Places
from nndsl.backends.source.py import Py
from nndsl.backends.source.readings import Readings, loop_names
from nndsl.backends.source.scan import constructs
from nndsl.backends.source.spelling import Spelling
from nndsl.backends.source.statics import Layer, Statics
from nndsl.backends.source.targets import Attributes
from nndsl.backends.source.titles import Titles
from nndsl.model.expr import Name
from nndsl.model.graph import (
    Bind,
    Block,
    Declare,
    For,
    If,
    Make,
    Statement,
)  # fmt: skip
from nndsl.record import dataclass, field


@dataclass
class Printed:
    """The parts of a class, as lines, for the template."""

    name: str
    base: str
    docstring: list[str]
    fields: list[str] = field(default_factory=list)
    init: list[str] = field(default_factory=list)
    forward: list[str] = field(default_factory=list)
    unsettled: bool = False


def base_of(block: Block) -> str:
    """The class to derive from: a Sequential takes one tensor, a list of modules as many as any."""
    if block.kind == "module":
        return "nn.Module"
    return "nn.Sequential" if len(block.inputs) < 2 else "nn.ModuleList"


class ClassPrinter:
    """Prints a block. The forward comes first: it finds out what the constructor has to keep."""

    def __init__(self, block: Block, names: Titles) -> None:
        self.block = block
        self.titles = names
        self.kept: dict[Name, str] = {}
        self.before: dict[For, list[Name]] = {}
        self.locals = Locals(names.taken)
        self.spelling = Spelling(block.body)
        self.statics = Statics(self._lookup, self._layer, self.spelling)
        self.shown = self.spelling.shown(with_sizes(block, names.known.get(block, {})))
        self._taken = set(_members(block.body)) | MODULE

    def write(self) -> Printed:
        block = self.block
        base = base_of(block)
        made = Printed(self.titles.class_of(block), base, docstring.of_block(self.shown))
        made.fields = [f"{name}: Tensor" for name in dict.fromkeys(_buffers(block.body))]
        if block.kind != "sequential":
            self._forward(made)
        self._constructor(made)
        return made

    # ------------------------------------------------------------------ names

    def _lookup(self, name: Name) -> Py:
        """A static name in the constructor."""
        text = self.locals.known(name) or self.titles.constants.get(name)
        if text is not None:
            return Py(text)
        if name.role in ("local", "size") and name.meaning is not None and not self._assigned(name):
            return self.statics(name.meaning)
        return Py(self.locals.of(name))

    def _assigned(self, name: Name) -> bool:
        own = [p.name for p in self.block.parameters]
        return name in self.block.needs or name in own or name in self.sources

    @property
    def sources(self) -> set[Name]:
        return {name for name, _ in reads.sources(self.block.body)}

    def _layer(self, value: Layer) -> Py:
        return titles.layer(value, self.titles, self.statics, self.rounds)

    def _called(self, value: Layer) -> Py:
        """A function of the file that is called in the forward, where names are attributes."""
        return titles.layer(value, self.titles, self._running)

    @cached_property
    def rounds(self) -> frozenset[Name]:
        """What loops of the constructor bind in each round."""
        return frozenset(_bound_in_rounds(self.block.body))

    def _keep(self, name: Name) -> Py:
        """A static name in the forward: an attribute that the constructor sets."""
        if name in self.titles.constants:
            return Py(self.titles.constants[name])
        if not self._assigned(name) and name.meaning is not None:
            return self._running(name.meaning)
        if name not in self.kept:
            text = as_given(name.id) if name.role == "param" else legal(self._plain(name))
            text = f"_{text}" if text in self._taken else text
            self.kept[name] = unique(text, self._taken)
            self._taken.add(self.kept[name])
            here = self._readings.loop
            if here is not None and here in self.block.body and constructs(here):
                self.before.setdefault(here, []).append(name)
        else:
            for loop, mine in self.before.items():
                if name in mine and loop is not self._readings.loop:
                    mine.remove(name)
        return Py(f"self.{self.kept[name]}")

    def _plain(self, name: Name) -> str:
        """Without the number that told names apart, if no other name has it."""
        plain = without_number(name.id)
        return plain if name.role in ("carried", "local") and plain not in self._taken else name.id

    # ------------------------------------------------------------------ forward

    def _forward(self, made: Printed) -> None:
        block = self.block
        out, inner = Writer(4), Writer(8)
        names = Locals(self.titles.taken)
        children = Children(block.body, block.kind, names, lambda v: self._running(v))
        self._readings = readings = Readings(
            block.body,
            block.inputs,
            block.origins,
            block.needs.__contains__,
            self._keep,
            children,
            names,
            children.absent,
        )
        self._running = Statics(readings.lookup, self._called, self.spelling)
        flow = Flow(block.body, readings.inline)
        places = Places(flow, tuple(i.var for i in block.inputs), names.taken)
        names.held = lambda: places.names.values()
        readings.write_unpacking(inner, places.name_of)
        operations = Operations(self.titles, self._running, lambda v: writer.read(v), children)
        result = self.titles.outputs.get(block)
        writer = Forward(inner, flow, places, readings, operations, children, result)
        writer.body(block.body)
        parameters = ["self", *signature.forward(block.inputs, writer.inputs)]
        put_signature(out, "def forward(", parameters, f") -> {self.titles.returns(block)}:")
        made.forward = out.lines + inner.lines
        made.unsettled |= out.unsettled or inner.unsettled

    # ------------------------------------------------------------------ constructor

    def _constructor(self, made: Printed) -> None:
        block = self.block
        texts, late = signature.constructor(
            block.needs, block.parameters, self.locals, self.statics
        )
        counts = reads.count(block, self.kept)
        assembly = Assembly(self.titles, self.statics, self.locals, counts, self.kept)
        children = Children(block.body, "", self.locals, self.statics)
        attributes = Attributes(assembly, children)
        inner = Writer(8)
        writer = Constructor(
            block, assembly, attributes, self.kept, self.before, self._tensors, late
        )
        writer.write(inner)
        made.fields += dict.fromkeys(attributes.fields)
        out = Writer(4)
        put_signature(out, "def __init__(", ["self", *texts], ") -> None:")
        if texts or inner.lines != ["        super().__init__()"]:
            made.init = out.lines + inner.lines
        made.unsettled |= out.unsettled or inner.unsettled

    def _tensors(self, out: Writer, declare: Declare) -> Py:
        """The value of a parameter or buffer."""
        flow = Flow(declare.body, {})
        flow.uses[declare.value] += 1
        places = Places(flow, (), set(self.locals.taken))
        children = Children((), "", self.locals, self.statics)
        readings = Readings(
            declare.body, (), {}, lambda n: True, self._lookup, children, self.locals
        )
        operations = Operations(self.titles, self.statics, lambda v: writer.read(v), children)
        writer = Forward(out, flow, places, readings, operations, children)
        writer.body(declare.body)
        return writer.combine(declare.value)


def _members(body: tuple[Statement, ...]) -> Iterator[str]:
    """The names that children, parameters and buffers take."""
    for statement in body:
        if isinstance(statement, Make):
            if isinstance(statement.path[0], str):
                yield statement.path[0]
        elif isinstance(statement, Declare):
            yield statement.name
        elif isinstance(statement, If):
            yield from _members((*statement.then, *statement.orelse))
        elif isinstance(statement, For):
            yield from _members(statement.body)


def _buffers(body: tuple[Statement, ...]) -> Iterator[str]:
    for statement in body:
        if isinstance(statement, Declare) and not statement.trainable:
            yield statement.name
        elif isinstance(statement, If):
            yield from _buffers((*statement.then, *statement.orelse))


def _bound_in_rounds(body: tuple[Statement, ...], inside: bool = False) -> Iterator[Name]:
    for statement in body:
        if isinstance(statement, For):
            yield from (*loop_names(statement), *(size.name for size in statement.sizes))
            yield from _bound_in_rounds(statement.body, True)
        elif isinstance(statement, If):
            yield from _bound_in_rounds((*statement.then, *statement.orelse), inside)
            yield from (size.name for size in statement.sizes if inside)
        elif isinstance(statement, Bind) and inside:
            yield statement.name
