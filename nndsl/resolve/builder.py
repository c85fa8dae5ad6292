"""Writing down one block: statements, variables, members, what is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from nndsl.diagnostics import Diagnostic, Label, error
from nndsl.limits import spend
from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.expr import Expr, Name, Op, Static, evaluate, known, names_in, rebuild
from nndsl.model.graph import (
    Construct,
    Do,
    FlowType,
    ListType,
    LossCall,
    Made,
    Make,
    Many,
    Operand,
    Operation,
    Path,
    SliceArg,
    Special,
    Statement,
    TensorType,
    TupleType,
    Var,
)
from nndsl.record import dataclass, field, replace
from nndsl.resolve.errors import Fault
from nndsl.source import Span

_SCOPES = count(1)


@dataclass
class Builder:
    """The block being written. ``general``: over its parameters' names, not for one use."""

    general: bool
    name: str
    errors: int = 0  # those of the run before this block
    scope: int = field(default_factory=lambda: next(_SCOPES))
    statements: list[Statement] = field(default_factory=list)
    members: dict[Path, Span | None] = field(default_factory=dict)
    received: set[int] = field(default_factory=set)  # the variables of its inputs
    assigned: dict[str, Span] = field(
        default_factory=dict
    )  # where its static names get their values
    lost: dict[Name, Exception] = field(default_factory=dict)  # sizes that nobody can tell
    given: dict[Name, Any] = field(default_factory=dict)  # of those what callers can, see there
    announced: set[Path] = field(default_factory=set)  # containers made before loops
    parts: dict[Path, dict[Any, None]] = field(default_factory=dict)  # what stands under a path
    origins: dict[Name, tuple[Var, int]] = field(default_factory=dict)
    readers: dict[object, tuple[Var, int]] = field(default_factory=dict)  # sizes by their meaning
    read_names: dict[tuple[int, int], Name] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)
    orders: list[tuple[Path, Span]] = field(default_factory=list)
    ties: list[Any] = field(default_factory=list)  # with where they stand
    inits: list[Any] = field(default_factory=list)  # rules with what is known of them
    loss: LossCall | None = None
    check: Checker = field(default_factory=Checker)
    truths: dict[object, bool] = field(default_factory=dict)
    lead: Var | None = None  # the first tensor input: constants take its device
    floating: Var | None = None  # the first tensor with floats: they take its dtype
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    taken: set[str] = field(default_factory=set)
    last_numbers: dict[str, int] = field(default_factory=dict)  # where to go on looking
    diagnostics: list[Diagnostic] = field(default_factory=list)
    size_names: dict[str, Static] = field(default_factory=dict)  # names of inputs' patterns
    patterned: frozenset[str] = frozenset()  # all names that the patterns of its inputs have
    spoken: frozenset[str] = frozenset()  # those, and what else the author calls by a name
    asked: dict[str, frozenset[int]] = field(default_factory=dict)  # axes with wanted sizes
    parameters: frozenset[str] = frozenset()
    optional: frozenset[int] = frozenset()  # inputs that may be None when the model runs
    samples: dict[Name, object] = field(default_factory=dict)  # values of names in one use
    depth: int = 0  # how many lists of statements are open around
    apart: frozenset[int] = frozenset()  # lists of modules to be told apart item by item
    lists: list[Path] = field(default_factory=list)  # declared lists of modules
    modules: list[Any] = field(default_factory=list)  # declared modules that were made
    constants: dict[Any, None] = field(default_factory=dict)  # copied into parameters and buffers
    declared: list[Any] = field(default_factory=list)  # all of them, with where they stand
    uses: list[Any] = field(default_factory=list)  # those that a general block stands for
    parametric: list[Any] = field(default_factory=list)  # calls of layer parameters
    told: dict[Name, tuple[str, Any, Static]] = field(default_factory=dict)
    inputs: dict[Name, tuple[int, int]] = field(default_factory=dict)  # sizes by input and axis
    groups: dict[str, tuple[int, str]] = field(default_factory=dict)  # of layer parameters
    starts: dict[str, object] = field(default_factory=dict)  # of an activation's parameters
    model: bool = False  # a model's own block, of which no caller knows the inputs
    root: bool = False  # a model that no other uses: the open sizes of its inputs stay open
    picked: dict[int, Name] = field(default_factory=dict)  # how many places each mask picks
    named: dict[int, str] = field(default_factory=dict)
    sources: dict[int, Var] = field(default_factory=dict)  # the first tensor that made each
    taken_names: set[int] = field(default_factory=set)  # variables the author named with `as`
    splices: list[Span] = field(default_factory=list)  # those around, the outermost first
    spliced_bodies: list[Any] = field(default_factory=list)  # those that stages brought
    spliced: dict[Path, Span] = field(default_factory=dict)  # members that a splice brought

    # -------------------------------------------------------------- variables

    def var(
        self, type: FlowType, name: str = "", span: Span | None = None, member: Path | None = None
    ) -> Var:
        """A new variable; its unknown sizes become readable from it."""
        made = Var(next(self.numbers), name, type, member, span)
        self.note_origins(made)
        self._note_float(made)
        return made

    def _note_float(self, var: Var) -> None:
        """Remember the first tensor that has the model's dtype, wherever the body goes on."""
        type = var.type
        plain = isinstance(type, TensorType) and type.dtype == "float" and not type.optional
        if plain and self.floating is None and self.depth == 0:
            self.floating = var

    def rename(self, var: Var, name: str, span: Span | None) -> None:
        """Give a temporary the name that the author gives it; a named variable keeps its own."""
        if not var.name and var.member is None:
            object.__setattr__(var, "name", name)
        self.named[var.id] = name

    def note_origins(self, var: Var) -> None:
        """Let the plain sizes of a tensor be read from its axes, where nothing earlier has them."""
        if isinstance(var.type, ListType | TupleType):
            self._note_list(var, var.type)
        if isinstance(var.type, TensorType) and var.type.shape is not None and not var.type.lead:
            for axis, size in enumerate(var.type.shape):
                if not isinstance(size, Expr) or var.type.optional:
                    continue
                if isinstance(size, Name) and self._readable_name(size):
                    self.origins.setdefault(size, (var, axis))
                if any(n.role == "size" for n in names_in(size)):
                    self.readers.setdefault(dims.key(size), (var, axis))

    def _note_list(self, var: Var, type: ListType | TupleType) -> None:
        """A list's length is read from the list, and the sizes that its items share from the
        first."""
        length = type.length if isinstance(type, ListType) else None
        if isinstance(length, Name) and self._readable_name(length):
            self.origins.setdefault(length, (var, -1))
        items: tuple[FlowType, ...] = (type.item,) if isinstance(type, ListType) else ()
        if isinstance(type, TupleType) and type.many:
            items = type.items[:1]
        for item in items:
            for axis, size in enumerate(getattr(item, "shape", None) or ()):
                if isinstance(size, Name) and self._readable_name(size):
                    self.origins.setdefault(size, (var, axis))

    def _readable_name(self, size: Name) -> bool:
        return size.scope == self.scope and size.role in ("size", "carried")

    def readable(self, operand: Operand) -> Operand:
        """An operand whose sizes can all be read here from something that flows."""
        if isinstance(operand, Many):
            return replace(operand, items=tuple(map(self.readable, operand.items)))
        if isinstance(operand, SliceArg):
            return SliceArg(*map(self.readable, (operand.start, operand.stop, operand.step)))
        if isinstance(operand, tuple):
            return tuple(map(self.readable, operand))
        if not isinstance(operand, Expr):
            return operand
        if not self.general and known(operand):
            return evaluate(operand)
        return self._read(operand)

    def _read(self, size: Static) -> Static:
        if isinstance(size, Name) and (size in self.origins or size.role != "size"):
            return size
        if not isinstance(size, Expr):
            return size
        if any(n.role == "size" for n in names_in(size)):
            reader = self.readers.get(dims.key(size))
            if reader is not None and not self._is_said(size, reader[0]):
                return self._reading(size, reader)
        if isinstance(size, Name) and isinstance(size.meaning, Expr):
            return self._read(size.meaning)
        return rebuild(size, self._read)

    def _is_said(self, size: Static, var: Var) -> bool:
        """Whether a size reads better as it is: one step from names, where else a tensor without a
        name would be asked."""
        if var.name or not isinstance(size, Op):
            return False
        names = [part for part in size.args if not isinstance(part, int)]
        return all(isinstance(n, Name) and (n.role == "param" or n in self.origins) for n in names)

    def _reading(self, size: Expr, reader: tuple[Var, int]) -> Name:
        """The name of this block for a size that can be read from a tensor's axis."""
        mark = (reader[0].id, reader[1])
        name = self.read_names.get(mark)
        if name is None:
            own = self._own_name(reader)
            name = own or self.size(size.id if isinstance(size, Name) else "size", "size", size)
            self.origins[name] = reader
            self.read_names[mark] = name
        return name

    def _own_name(self, reader: tuple[Var, int]) -> Name | None:
        """The name that a tensor's axis has already, if this block can read it from there."""
        type = reader[0].type
        size = type.shape[reader[1]] if isinstance(type, TensorType) and type.shape else None
        own = isinstance(size, Name) and self.origins.get(size) == reader
        return size if own else None  # type: ignore[return-value]

    def size(
        self, wish: str, role: str = "size", meaning: Static = None, type: str = "int"
    ) -> Name:
        """A new name of this block, as close to ``wish`` as is still free."""
        last = self.last_numbers.get(wish, 0)
        number = last if f"{wish}_{last}" in self.taken else 2
        ident = wish
        while ident in self.taken:
            ident, number = f"{wish}_{number}", number + 1
        self.last_numbers[wish] = number - 1
        self.taken.add(ident)
        return Name(ident, role, type, meaning, self.scope)

    # -------------------------------------------------------------- statements

    def emit(self, statement: Statement) -> None:
        spend(5)
        self.statements.append(statement)

    @contextmanager
    def collect(self) -> Iterator[list[Statement]]:
        """Statements emitted inside go to a list of their own."""
        outer, self.statements = self.statements, []
        self.depth += 1
        try:
            yield self.statements
        finally:
            self.statements = outer
            self.depth -= 1

    def apply(
        self,
        operation: Operation,
        type: FlowType,
        span: Span | None = None,
        name: str = "",
        layer: Construct | None = None,
    ) -> Var:
        """Emit ``var = operation`` and give the variable."""
        args = tuple(map(self.readable, operation.args))
        kwargs = tuple((k, self.readable(v)) for k, v in operation.kwargs)
        operation = replace(operation, args=args, kwargs=kwargs)
        for operand in (*args, *(v for _, v in kwargs)):
            self.use(operand)
        target = self.var(type, name, span)
        source = next((one for one in args if isinstance(one, Var)), None)
        if source is not None:
            self.sources[target.id] = source
        self.emit(Do((target,), operation, span, layer))
        return target

    def use(self, operand: Operand) -> None:
        """Note that an operand is read."""
        if isinstance(operand, Var):
            self.used[operand.id] = self.used.get(operand.id, 0) + 1
        elif isinstance(operand, Many):
            for item in operand.items:
                self.use(item)
        elif isinstance(operand, SliceArg):
            for part in (operand.start, operand.stop, operand.step):
                self.use(part)
        elif isinstance(operand, Special) and operand.of is not None:
            self.use(operand.of)
        elif isinstance(operand, Expr):
            for name in names_in(operand):
                if name in self.origins:
                    self.use(self.origins[name][0])

    def make(
        self,
        path: Path,
        what: Made,
        span: Span | None,
        output: FlowType,
        told: tuple[tuple[Name, str], ...] = (),
    ) -> None:
        """Construct a member; two under one name are an error."""
        self.claim(path, span)
        self.emit(Make(path, what, told, span, output))

    def claim(self, path: Path, span: Span | None) -> None:
        """Take a name among the members."""
        splice = self.splices[0] if self.splices else None
        if path in self.members:
            raise Fault(self.two_of(path, span, splice))
        self.members[path] = span
        if splice is not None:
            self.spliced[path] = splice
        for level in range(len(path)):
            self.parts.setdefault(path[:level], {})[path[level]] = None

    def two_of(self, path: Path, span: Span | None, splice: Span | None = None) -> Diagnostic:
        """The finding for two members under one name."""
        first = self.members[path]
        before = self.spliced.get(path)
        again = first is not None and first == span and before == splice
        if again:
            text = "made in every round"
            help = f'number it, as in `("{_label_of(path)}{{i}}": ... for i in range(n))`'
        elif splice is not None and before is not None:
            first, span, text = before, splice, "and again here"
            help = "leave out one `*`: without it a definition is a module of its own"
        else:
            first, span, text = before or first, splice or span, "and again here"
            help = "give one of them another label, or declare it once: `module name: ...`"
        known = () if first is None or again else (Label(first, "first here"),)
        message = f"two things under one name: `{path_text(path)}`"
        return error("E401", message, span, text, help=help, causes=known)

    # -------------------------------------------------------------- what is known

    def decide(self, test: Static) -> bool | None:
        """The truth of a static condition, if it is known here."""
        from nndsl.resolve.truth import decide

        return decide(test, self.check, self.truths)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """A branch or a round: what is learnt of sizes there isn't known behind it."""
        readers, splits = dict(self.readers), dict(self.check.splits)
        try:
            yield
        finally:
            self.readers, self.check.splits = readers, splits

    @contextmanager
    def assuming(self, test: Static, truth: bool) -> Iterator[None]:
        """Inside, ``test`` is known to be ``truth``."""
        from nndsl.resolve.truth import consequences

        facts, truths = dict(self.check.facts), dict(self.truths)
        consequences(test, truth, self.check.facts, self.truths)
        try:
            yield
        finally:
            self.check.facts, self.truths = facts, truths


def _label_of(path: Path) -> str:
    """What was written of a path: behind the last number, which a round gives."""
    numbers = [place for place, part in enumerate(path) if not isinstance(part, str)]
    return path_text(path[numbers[-1] + 1 :] if numbers and numbers[-1] + 1 < len(path) else path)


def path_text(path: Path) -> str:
    """A path as it stands in a state dict."""
    from nndsl.model.text import expression

    return ".".join(p if isinstance(p, str) else expression(p) for p in path)
