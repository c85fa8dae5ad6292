"""Uses of definitions, resolved once for equal values and shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nndsl.diagnostics import Diagnostic, Label
from nndsl.limits import CODES, Exceeded, current, spend
from nndsl.model import dims
from nndsl.model.expr import Name, Size, Static
from nndsl.model.graph import Block, FlowType, TensorType
from nndsl.model.nearest import suggest
from nndsl.model.text import shape as shape_text
from nndsl.record import dataclass, field, replace
from nndsl.resolve.blocks import concrete_block
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade
from nndsl.resolve.loops import type_key
from nndsl.resolve.named_lists import NamedLists
from nndsl.resolve.naming import Naming, layer_head
from nndsl.resolve.scope import LayerNames, Scope
from nndsl.resolve.uses import outward, type_of
from nndsl.resolve.values import (
    NOTHING,
    Arguments,
    Definition,
    LayerValue,
    ModelAlias,
    UserFunction,
    key,
)
from nndsl.source import Span
from nndsl.syntax import tree


@dataclass
class MadeUse:
    """What a use of a definition comes to, in the caller's terms."""

    block: Block
    output: FlowType
    args: list[tuple[str, Static]] = field(default_factory=list)
    sizes: list[tuple[Name, Size]] = field(default_factory=list)
    told: tuple[tuple[Name, str], ...] = ()


@dataclass
class RecordedUse:
    """One use of a definition: the values of its parameters, the types of its inputs."""

    values: dict[str, Any]
    types: dict[str, FlowType]
    block: Block | None  # None where it is only imagined
    root: bool = False  # a model by itself: its inputs' open sizes are known when it runs


class Resolver:
    """Resolves definitions use by use; equal uses share one block.

    ``uses`` keeps, for every definition, the uses that were met: what the general form must hold.
    """

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.reported: set[Any] = set()
        self.errors = 0  # those noted before count again: each use that meets one is wrong
        self.unknown = 0  # names that were met and stand for nothing
        self.bindings: dict[int, dict[str, tuple[Span, bool]]] = {}  # of bodies, see ``evaluate``
        self.memo: dict[Any, Block | None] = {}
        self.uses: dict[int, list[RecordedUse]] = {}
        self.running: list[Definition | UserFunction] = []
        self.within: tuple[Definition, ...] = ()  # those whose text is being run, see ``Scope``
        self.sites: list[Label | None] = []  # where the definitions that are running are used
        self.naming: list[tree.Name] = []  # the file's names that are being computed
        self.blocks: dict[int, Builder] = {}
        self.functions: dict[Any, Any] = {}
        self.constants: dict[str, list[Static]] = {}
        self.lists = NamedLists()
        self.general: Any = None

    # -------------------------------------------------------------- findings

    @property
    def failed(self) -> bool:
        return self.errors > 0

    def report(self, diagnostic: Diagnostic) -> None:
        """Note a finding; one mistake is noted once, however many uses meet it."""
        self.errors += diagnostic.severity == "error"
        span = diagnostic.span
        diagnostic = self.with_site(diagnostic)
        mark = (
            diagnostic.code,
            span and (id(span.source), span.start, span.end),
            diagnostic.message if not span else "",
        )
        if mark not in self.reported:
            self.reported.add(mark)
            self.diagnostics.append(diagnostic)
            if self.errors > current().findings and len(self.diagnostics) > current().findings:
                raise Exceeded(())

    def with_site(self, diagnostic: Diagnostic) -> Diagnostic:
        """A finding of a definition that depends on what it was given shows where it is used."""
        site = next((one for one in reversed(self.sites) if one is not None), None)
        span, given = diagnostic.span, diagnostic.code[:2] == "E3" or diagnostic.code in _BY_USE
        if site is None or span is None or not given or self.sites[-1] is None:
            return diagnostic
        own = self.running[-1].tree.span if self.running else site.span
        inside = own.source is span.source and own.start <= span.start < own.end
        if not inside or any(label.span == site.span for label in diagnostic.labels):
            return diagnostic
        return replace(diagnostic, labels=(*diagnostic.labels, site))

    # -------------------------------------------------------------- uses

    def use(
        self,
        definition: Definition,
        values: dict[str, Any],
        inputs: dict[str, Any],
        cx: Context,
        node: tree.Expr,
    ) -> MadeUse:
        """A use of a definition with these static values and inputs."""
        types = {name: type_of(found) for name, found in inputs.items()}
        if cx.general:
            assert self.general is not None
            general: MadeUse = self.general.use(definition, values, types, cx, node)
            return general
        block = self.block(definition, values, types, node)
        noted = cx.builder.check.assumptions
        noted.extend(a for a in map(dims.tidy, block.assumptions) if a not in noted)
        output = outward(block.output, {}, self.blocks[id(block)].scope)
        return MadeUse(block, output)  # every value is in the block

    def block(
        self,
        definition: Definition,
        values: dict[str, Any],
        types: dict[str, FlowType],
        node: tree.Expr,
    ) -> Block:
        """The block of one use; raises Cascade if it was found wrong before."""
        mark = (
            id(definition.tree),
            tuple((name, key(found)) for name, found in sorted(values.items())),
            tuple((name, type_key(one)) for name, one in types.items()),
        )
        if self.memo.get(mark) is None:
            self._check_cycle(definition, node)
        if mark not in self.memo:
            spend(20, node.span)
            self.sites.append(_site(node, types))
            self.memo[mark] = None
            try:
                with self.entered(definition):
                    self.memo[mark] = concrete_block(self, definition, values, types, node)
            finally:
                self.sites.pop()
            found = self.memo[mark]
            if found is not None:
                used = RecordedUse(dict(found.args), types, found)
                self.uses.setdefault(id(definition.tree), []).append(used)
        block = self.memo[mark]
        if block is None:
            raise Cascade
        return block

    @contextmanager
    def entered(self, definition: Definition) -> Iterator[None]:
        """While a definition's body runs."""
        self.running.append(definition)
        with self.inside((*self.within, definition)):
            try:
                yield
            finally:
                self.running.pop()

    @contextmanager
    def inside(self, within: tuple[Definition, ...]) -> Iterator[None]:
        """While text of these definitions runs: a layer that was passed to another one is part of
        the definition that wrote it, and may use what it is passed to."""
        before, self.within = self.within, within or self.within
        try:
            yield
        finally:
            self.within = before

    def _check_cycle(self, definition: Definition, node: tree.Expr) -> None:
        around = [d.tree for d in self.within]
        if definition.tree in around:
            names = [d.name for d in self.within[around.index(definition.tree) :]]
            raise fault(
                "E210",
                f"a definition can't use itself: {' -> '.join([*names, definition.name])}",
                node.span,
                "closes the circle",
                help="what is repeated is written `x n`, a comprehension or `for`",
            )
        most = current().depth
        if len(self.running) >= most:
            what = f"definitions are nested more than {most} deep"
            raise fault(CODES["depth"], what, node.span, "too deep")

    def configured(self, alias: ModelAlias) -> tuple[Definition | ModelAlias, Arguments]:
        """What ``model name = call`` configures, and with which arguments."""
        from nndsl.resolve.evaluate import value

        builder = Builder(False, alias.name)
        cx = Context(self, builder, alias.scope, Naming())
        node = alias.tree.value
        _check_known(node, alias)
        found = value(node, cx)
        if isinstance(found, LayerValue) and isinstance(found.layer, Definition | ModelAlias):
            return found.layer, found.arguments
        if isinstance(found, Definition | ModelAlias):
            return found, Arguments()
        raise fault("E211", "a model is a call of another model", node.span, "not a definition")

    # -------------------------------------------------------------- questions

    def layer_test(self, scope: Scope) -> LayerNames:
        """Tells whether a name stands for a layer that may have parameters, seen from a scope."""
        return LayerNames(scope)

    def is_file_value(self, name: str, scope: Scope) -> bool:
        """Whether a name is defined by the file and not by a body."""
        level: Scope | None = scope
        while level is not None:
            if name in level.names:
                return bool(level.later)
            level = level.parent
        return False

    def constant(self, name: str, found: Static) -> Name:
        """A number that a file names, under its name; another file may name another one so."""
        kind = "float" if isinstance(found, float) else "int"
        values = self.constants.setdefault(name, [])
        if found not in values:
            values.append(found)
        return Name(name, "constant", kind, found, values.index(found))

    def parameters(self, builder: Builder) -> frozenset[str]:
        """The static parameters of the definition that is being resolved."""
        return builder.parameters

    def optional_inputs(self, builder: Builder) -> frozenset[int]:
        """Inputs that may be None when the model runs."""
        return builder.optional

    def sample(self, found: Any, builder: Builder) -> Any:
        """A value that an expression has in one of the uses met, or NOTHING."""
        from nndsl.model.expr import evaluate

        try:
            return evaluate(found, builder.samples)
        except Exception:
            return NOTHING


# codes beside E3xx whose mistake depends on what a definition is given
_BY_USE = frozenset({"E203", "E205", "E206", "E405", "E406", "E409"})


def _site(node: tree.Node, types: Mapping[str, FlowType]) -> Label:
    """Where a definition is used, with the shapes that it is given."""
    shapes = [
        shape_text(one.shape, one.lead)
        for one in types.values()
        if isinstance(one, TensorType) and one.shape is not None
    ]
    return Label(node.span, f"used here with {' and '.join(shapes)}" if shapes else "used here")


def _check_known(node: tree.Expr, alias: ModelAlias) -> None:
    """What a model configures is a definition: only these are proposed for an unknown name."""
    head = layer_head(node)
    scope = alias.scope
    if head is None or scope.has(head.id):
        return
    names = [*scope.later, *(scope.parent.later if scope.parent else ())]
    others = [n for n in names if n != alias.name and isinstance(scope.get(n), _CONFIGURED)]
    close = suggest(head.id, others)
    listed = ", ".join(f"`{name}`" for name in others)
    hint = close or (f"the file defines {listed}" if listed else "")
    raise fault("E201", f"`{head.id}` is not defined", head.span, "no model of this file", hint)


_CONFIGURED = (Definition, ModelAlias)
