"""The resolved model: the hub between the language and the backends.

A ``Block`` is one definition, resolved either for one use (every static value is a number, loops
of the spec are written out, conditions are decided) or generally (values are expressions over the
block's parameters; loops and conditions stand). The module backend reads the first kind, the
source backend the second; both are made of the same few nodes, and no node knows a layer's name.

The body of a block is one list of statements in the author's order. What constructs (``Make``,
``Declare``, ``Bind``, ``Check``, ``TieTo``, ``Init``) and what flows (``Do``, ``Give``) stand side
by side; ``If`` and ``For`` hold both. A constructor is the body without what flows, a forward
without what constructs.

Registration order is that of state dicts: the ``Declare`` of parameters, then of buffers, then
the ``Make`` in body order, unless ``Block.order`` puts some names first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Union

from nndsl.model.expr import Expr, Name, Size, Static, Targets, unary
from nndsl.model.flow import (
    Apply as Apply,
)
from nndsl.model.flow import (
    CallFunction as CallFunction,
)
from nndsl.model.flow import (
    Dtype as Dtype,
)
from nndsl.model.flow import (
    FlowType as FlowType,
)
from nndsl.model.flow import (
    Invoke as Invoke,
)
from nndsl.model.flow import (
    ListType as ListType,
)
from nndsl.model.flow import (
    Many as Many,
)
from nndsl.model.flow import (
    NoneType as NoneType,
)
from nndsl.model.flow import (
    Operand as Operand,
)
from nndsl.model.flow import (
    Operation as Operation,
)
from nndsl.model.flow import (
    Path as Path,
)
from nndsl.model.flow import (
    PathPart as PathPart,
)
from nndsl.model.flow import (
    SliceArg as SliceArg,
)
from nndsl.model.flow import (
    Special as Special,
)
from nndsl.model.flow import (
    TensorType as TensorType,
)
from nndsl.model.flow import (
    TupleType as TupleType,
)
from nndsl.model.flow import (
    Var as Var,
)
from nndsl.record import dataclass, field
from nndsl.source import Span

# ------------------------------------------------------------------ what is constructed


@dataclass(frozen=True)
class Weight:
    """A tensor that a layer owns; ``trainable`` tells parameters from buffers."""

    name: str
    shape: tuple[Size, ...]
    trainable: bool = True
    dtype: str = "float"


@dataclass(frozen=True)
class Construct:
    """A module of torch: ``torch.nn.Conv2d`` and its arguments, as they are to be written.

    An argument that is a module itself is an ``expr.Built``. ``weights`` and ``macs``
    (multiply-adds of one call) are for summaries.
    """

    torch: str
    args: tuple[Static, ...] = ()
    kwargs: tuple[tuple[str, Static], ...] = ()
    weights: tuple[Weight, ...] = ()
    macs: Size = 0


@dataclass(frozen=True, eq=False)
class Use:
    """A module made from a definition.

    ``block`` is the definition resolved for this use, or its general form. ``args`` are the
    static arguments, by parameter name, as the author gave them (what was left out is not in it);
    ``positional`` says how many of them were written without a name. ``sizes`` gives the caller's
    expression for every input size that ``block.needs`` asks for.
    """

    block: Block
    args: tuple[tuple[str, Static], ...] = ()
    positional: int = 0
    sizes: tuple[tuple[Name, Size], ...] = ()


@dataclass(frozen=True)
class Parametric:
    """A module made from a layer parameter: ``block(c, width, stride)``; general blocks only.

    ``sizes`` are the caller's sizes in the order that the parameter's protocol asks for.
    """

    layer: Static
    sizes: tuple[Size, ...] = ()
    args: tuple[Static, ...] = ()
    kwargs: tuple[tuple[str, Static], ...] = ()


@dataclass(frozen=True, eq=False)
class Chain:
    """An ``nn.Sequential``; ``body`` holds ``Make`` (paths relative to it), ``If`` and ``For``."""

    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Holder:
    """A container without a forward: ``ModuleList`` or ``ModuleDict``; members are made after it
    under longer paths."""

    kind: str


Made = Union[Construct, Use, Parametric, Chain, Holder]

# ------------------------------------------------------------------ statements


@dataclass(frozen=True, eq=False)
class Make:
    """Construct a child and register it. ``told`` are sizes that only the child knows:
    (name, attribute of the child), known from here on. ``output`` is the type of its first call,
    for summaries."""

    path: Path
    what: Made
    told: tuple[tuple[Name, str], ...] = ()
    span: Span | None = None
    output: FlowType | None = None


@dataclass(frozen=True, eq=False)
class Declare:
    """A parameter (``trainable``) or a buffer of the module itself.

    ``body`` computes the tensor at construction; ``value`` is its last variable. A size there is
    a static expression. ``learned`` False: a parameter that asks for no gradient. ``persistent``
    False: a buffer outside the state dict.
    """

    name: str
    value: Var
    body: tuple[Statement, ...]
    trainable: bool
    persistent: Static = True
    span: Span | None = None
    learned: Static = True


@dataclass(frozen=True, eq=False)
class Bind:
    """A static name that the author assigned: ``hd = d // heads``; general blocks only.

    ``apart``: it is one of so many names for the items of one list, ``high, wide = window``.
    """

    name: Name
    value: Static
    apart: int = 0


@dataclass(frozen=True, eq=False)
class Check:
    """``assert`` of the spec, for values that are not known yet. Raises ValueError(message)."""

    test: Static
    message: Static


@dataclass(frozen=True, eq=False)
class TieTo:
    """One parameter under a further name."""

    path: Path
    source: Path


@dataclass(frozen=True, eq=False)
class Init:
    """First values for parameters, when everything of the block is constructed and tied.

    By class: the parameter ``key`` of every module of ``classes`` inside the block. Without
    classes ``key`` is a pattern of keys relative to the block, in which ``*`` stands for any text.
    ``sure``: a module of these classes always has the parameter. ``fn`` fills it in place.

    Rules run in the order written. Consecutive ones by class share one pass over the modules,
    consecutive ones by key one pass over the parameters; conditions around them don't part them.
    """

    classes: tuple[str, ...]
    key: str
    fn: str
    args: tuple[Static, ...] = ()
    kwargs: tuple[tuple[str, Static], ...] = ()
    sure: bool = False
    span: Span | None = None


@dataclass(frozen=True, eq=False)
class Do:
    """``targets = operation``; several targets take a tuple apart. ``layer`` is the module that
    does the same, for a layer without state that was not made one."""

    targets: tuple[Var, ...]
    operation: Operation
    span: Span | None = None
    layer: Construct | None = None


@dataclass(frozen=True, eq=False)
class Give:
    """The result of the block: one operand, or a Many (a named tuple where the type has names)."""

    value: Operand
    type: FlowType
    span: Span | None = None


@dataclass(frozen=True, eq=False)
class Joined:
    """A variable that is one of two after an ``If``, or that a loop carries on."""

    var: Var
    then: Operand
    orelse: Operand


@dataclass(frozen=True, eq=False)
class JoinedSize:
    """A static name with a value from either branch."""

    name: Name
    then: Static
    orelse: Static


@dataclass(frozen=True)
class RunTest:
    """A condition of the run.

    ``training`` and ``eval`` ask for the module's mode, ``none`` and ``given`` for an optional
    input. ``all`` and ``any`` join ``parts``, among which static conditions may stand.
    """

    kind: str
    var: Var | None = None
    parts: tuple[RunTest | Static, ...] = ()

    def negated(self) -> RunTest:
        """The opposite condition."""
        return RunTest(_OPPOSITE[self.kind], self.var, tuple(map(_negated, self.parts)))

    def operands(self) -> Iterator[Var | Static]:
        """The inputs that it asks for and the static conditions in it."""
        if self.var is not None:
            yield self.var
        for part in self.parts:
            if isinstance(part, RunTest):
                yield from part.operands()
            else:
                yield part


_OPPOSITE = {
    "training": "eval",
    "eval": "training",
    "none": "given",
    "given": "none",
    "all": "any",
    "any": "all",
}


def _negated(part: RunTest | Static) -> RunTest | Static:
    return part.negated() if isinstance(part, RunTest) else unary("not", part)


@dataclass(frozen=True, eq=False)
class If:
    """Decided at construction (``test`` an expression; general blocks only) or a ``RunTest``."""

    test: Static | RunTest
    then: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    joins: tuple[Joined, ...] = ()
    sizes: tuple[JoinedSize, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, eq=False)
class Carried:
    """A variable that a loop carries: ``head`` inside a round, ``init`` before the first,
    ``next`` after each; ``after`` is it behind the loop."""

    head: Var
    init: Operand
    next: Operand
    after: Var


@dataclass(frozen=True, eq=False)
class CarriedSize:
    """A static name that a loop carries; the same name holds its value behind the loop."""

    name: Name
    init: Static
    next: Static


@dataclass(frozen=True, eq=False)
class Gathered:
    """A list with one item a round: ``after`` is the list, ``item`` what a round adds.

    With ``onto`` the items are appended to that list.
    """

    after: Var
    item: Operand
    onto: Var | None = None


@dataclass(frozen=True, eq=False)
class For:
    """Rounds whose number is known at construction.

    ``iterable`` is what the author wrote (``range(n)``, ``enumerate(depths)``); ``x n`` has
    ``Call("range", n)`` and no targets. ``round`` is the number of the round, from 0.
    """

    targets: Targets | None
    iterable: Static
    body: tuple[Statement, ...]
    round: Name
    carried: tuple[Carried, ...] = ()
    sizes: tuple[CarriedSize, ...] = ()
    gathered: tuple[Gathered, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, eq=False)
class Scan:
    """A loop at run time over the items of a list of tensors, or of several lists together."""

    target: tuple[Var, ...]
    over: Operand
    body: tuple[Statement, ...]
    carried: tuple[Carried, ...] = ()
    gathered: tuple[Gathered, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, eq=False)
class Unsupported:
    """A branch that can't be resolved for any value: its constructor raises ``message``."""

    message: str


Statement = Union[Make, Declare, Bind, Check, TieTo, Init, Do, Give, If, For, Scan, Unsupported]

# ------------------------------------------------------------------ blocks


@dataclass(frozen=True)
class StaticParameter:
    """A static parameter; ``type`` as in ``expr.Name``, ``default`` over earlier parameters."""

    name: Name
    type: str
    default: Static = None
    required: bool = True
    optional: bool = False  # None is one of its values


@dataclass(frozen=True, eq=False)
class InputParameter:
    """A tensor input. ``optional``: it may be None at run time."""

    var: Var
    optional: bool = False
    pattern: str = ""


@dataclass(eq=False)
class Block:
    """A definition, resolved.

    ``kind``: ``sequential`` (an nn.Sequential of its layers), ``numbered`` (an nn.Sequential with
    a forward of its own) or ``module``. ``origins`` says for every ``size`` name of which
    variable's axis it is the extent. ``needs`` are the sizes of inputs that the constructor uses;
    ``tells`` the sizes of the output that parents ask the constructed child for. ``granted`` is
    what a model takes for granted of its inputs where its parameters have their defaults;
    ``shapes`` says what goes in and out where the block stands for several uses of one definition,
    ``fixed`` for which values of parameters it holds that are none of its constructor's.
    """

    name: str
    kind: str
    parameters: tuple[StaticParameter, ...]
    inputs: tuple[InputParameter, ...]
    body: tuple[Statement, ...]
    output: FlowType
    origins: dict[Name, tuple[Var, int]] = field(default_factory=dict)
    needs: tuple[Name, ...] = ()
    tells: dict[str, Size] = field(default_factory=dict)
    order: tuple[Path, ...] = ()
    loss: LossCall | None = None
    comment: str = ""
    assumptions: tuple[Static, ...] = ()
    span: Span | None = None
    variant: str = ""  # added to the printed name where a definition is printed more than once
    args: tuple[tuple[str, Any], ...] = ()  # of one use: the plain values of its parameters
    granted: tuple[Static, ...] = ()
    shapes: str = ""
    fixed: tuple[tuple[str, Static], ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Without what backends keep here, and without arguments, which may be layers of the
        spec: a pickle holds the model only."""
        kept = {key: value for key, value in vars(self).items() if not key.startswith("_")}
        return {**kept, "args": ()}


@dataclass(frozen=True)
class LossCall:
    """``torch.nn.CrossEntropyLoss`` and its arguments."""

    torch: str
    kwargs: tuple[tuple[str, Static], ...] = ()


@dataclass(eq=False)
class FunctionBlock:
    """One of the spec's own functions: pure, so its body has only Do, If, Scan, Bind and Give.

    ``result`` is the type of what a function of numbers gives (as in ``expr.Name``); its body has
    only Bind and Give. A function of tensors has none.
    """

    name: str
    parameters: tuple[tuple[str, Var | Name, Static], ...]  # name, what it is inside, default
    body: tuple[Statement, ...]
    output: FlowType
    origins: dict[Name, tuple[Var, int]] = field(default_factory=dict)
    comment: str = ""
    span: Span | None = None
    result: str = ""

    def __getstate__(self) -> dict[str, Any]:
        """Without what backends keep here: a pickle holds the model only."""
        return {key: value for key, value in vars(self).items() if not key.startswith("_")}


@dataclass(frozen=True, eq=False)
class Factory:
    """``model resnet18 = resnet(basic, [2, 2])``: a function that returns a configured model.

    ``open`` are parameters that it has itself: without a default, or with another one than the
    model's. The others that it doesn't set go to the model as they are.
    """

    name: str
    use: Use
    open: tuple[StaticParameter, ...] = ()
    comment: str = ""


def walk(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """Every statement of a body, those inside If, For, Scan and Chain too."""
    for statement in body:
        yield statement
        if isinstance(statement, If):
            yield from walk(statement.then)
            yield from walk(statement.orelse)
        elif isinstance(statement, For | Scan):
            yield from walk(statement.body)
        elif isinstance(statement, Make) and isinstance(statement.what, Chain):
            yield from walk(statement.what.body)


# ------------------------------------------------------------------ layers as values


@dataclass(frozen=True, eq=False)
class LayerRef(Expr):
    """A layer template among static values: a definition (``block``, in its general form) or a
    class of torch (``torch="torch.nn.ReLU"``), to be called with sizes and arguments. ``kwargs``
    are given already."""

    block: Block | None = None
    torch: str = ""
    kwargs: tuple[tuple[str, Static], ...] = ()


@dataclass(frozen=True, eq=False)
class LambdaRef(Expr):
    """A layer template, adapted where it is passed: ``lambda c: nn.GroupNorm(32, c)``.

    ``parameters`` are the sizes (and arguments) it is called with; ``made`` may use them.
    ``default``: it is a parameter's default, where linters want no call.
    """

    parameters: tuple[Name, ...]
    made: Made
    default: bool = False


# ------------------------------------------------------------------ what is printed


@dataclass(frozen=True, eq=False)
class Program:
    """What the source backend prints: blocks from leaf to model (general or concrete), the spec's
    functions, factories, the file-level names that are used with the comments above them, and
    the name of the spec.
    ``models`` are the names of the blocks and factories that can be built from outside, ``about``
    is the comment that the spec begins with."""

    blocks: tuple[Block, ...]
    functions: tuple[FunctionBlock, ...] = ()
    factories: tuple[Factory, ...] = ()
    constants: Mapping[Name, str] = field(default_factory=dict)
    spec: str = ""
    models: tuple[str, ...] = ()
    about: str = ""
