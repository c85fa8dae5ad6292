"""What a name or an expression of a spec can stand for while a model is resolved.

Besides static values (plain Python values and ``Expr``) and what flows (``graph.Var``) there are
layers, functions, declared modules and bundles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Union

from nndsl.model import dims
from nndsl.model.expr import Expr, Name, Static
from nndsl.model.graph import Path, Var
from nndsl.model.spec import Choice, Function, Layer
from nndsl.record import dataclass
from nndsl.source import Span
from nndsl.syntax import tree

if TYPE_CHECKING:
    from nndsl.resolve.scope import Scope


@dataclass(frozen=True, eq=False)
class Definition:
    """A ``def``, ``model`` or ``activation`` and the file it stands in."""

    tree: tree.Definition | tree.Activation
    scope: Scope

    @property
    def name(self) -> str:
        return self.tree.name.id


@dataclass(frozen=True, eq=False)
class ModelAlias:
    """``model name = call``."""

    tree: tree.ModelAlias
    scope: Scope

    @property
    def name(self) -> str:
        return self.tree.name.id


@dataclass(frozen=True, eq=False)
class UserFunction:
    """An ``fn`` and the file it stands in."""

    tree: tree.Function
    scope: Scope

    @property
    def name(self) -> str:
        return self.tree.name.id


@dataclass(frozen=True, eq=False)
class Builtin:
    """A name that nndsl knows: as a layer, as a tensor function, as a function of numbers."""

    name: str
    layer: Layer | Choice | None = None
    function: Function | None = None
    static: bool = False


@dataclass(frozen=True, eq=False)
class Template:
    """A layer written as an expression, with the names it was written among.

    ``as_name`` is the identifier it is known by where it is used.
    """

    node: tree.Expr
    scope: Scope

    def frozen(self) -> Template:
        """The same with what its names stand for now."""
        return Template(self.node, self.scope.frozen())


@dataclass(frozen=True, eq=False)
class Module:
    """A declared ``module``: made at its first use, called as often as wanted."""

    label: tree.Name | tree.String
    node: tree.Expr
    scope: Scope
    state: ModuleState


@dataclass(eq=False)
class ModuleState:
    path: Path | None = None
    made: Any = None
    items: tuple[Module, ...] | None = None
    family: Any = None  # the list over a block's names, of a list and of its items


LayerLike = Union[Definition, Builtin, Template, Name]
"""What can be made into a module: a Name of type ``layer`` is a layer parameter."""


@dataclass(frozen=True)
class OneSided:
    """What a name stands for behind a condition of which only one branch gives it a value."""

    test: Any


@dataclass(frozen=True)
class Given:
    """One argument as it was given: its value, where it was written, and its name's place."""

    value: Any
    span: Span
    named: Span | None = None


@dataclass(frozen=True)
class Arguments:
    """Static arguments, evaluated. ``arrow`` is the pair of ``a->b``."""

    positional: tuple[Given, ...] = ()
    keywords: tuple[tuple[str, Given], ...] = ()
    arrow: tuple[Given, Given] | None = None

    @property
    def empty(self) -> bool:
        return not (self.positional or self.keywords or self.arrow)


@dataclass(frozen=True, eq=False)
class LayerValue:
    """A layer with its static arguments, not yet met with a tensor.

    ``identifier`` is what an unlabelled use is named after; ``node`` tells its place in the text.
    """

    layer: LayerLike
    arguments: Arguments
    identifier: str
    node: tree.Expr
    called: bool = False


@dataclass(frozen=True, eq=False)
class Bundle:
    """Values side by side, their number known: a list or a tuple in which something flows."""

    items: tuple[Any, ...]
    kind: str = "list"
    names: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Failed:
    """The value of something that was wrong and has been reported."""


FAILED = Failed()

NOTHING: Any = object()
"""What a body without a result gives."""

Value = Union[
    Static,
    Var,
    Bundle,
    LayerValue,
    Definition,
    ModelAlias,
    UserFunction,
    Builtin,
    Template,
    Module,
    Failed,
]


def is_layer(value: object) -> bool:
    """Whether a value can be made into a module."""
    if isinstance(value, Builtin):
        return value.layer is not None
    if isinstance(value, Name):
        return value.type == "layer"
    return isinstance(value, Definition | ModelAlias | Template | LayerValue)


def flows(value: object) -> bool:
    """Whether a value exists at run time only."""
    return isinstance(value, Var | Bundle | Failed)


def key(value: Any) -> Any:
    """Something hashable that values share which resolve alike."""
    if isinstance(value, Template):
        return ("template", id(value.node), value.scope.key(free_names(value.node)))
    if isinstance(value, LayerValue):
        args = value.arguments
        given = [key(g.value) for g in args.positional]
        named = [(k, key(g.value)) for k, g in args.keywords]
        arrow = tuple(key(g.value) for g in args.arrow) if args.arrow else ()
        return ("layer", key(value.layer), tuple(given), tuple(named), arrow)
    if isinstance(value, Builtin):
        return ("builtin", value.name)
    if isinstance(value, Definition | ModelAlias | UserFunction):
        return ("definition", id(value.tree))
    if isinstance(value, tuple):
        return tuple(map(key, value))
    if isinstance(value, Expr):
        return dims.key(value)
    return (type(value).__name__, value)


_FREE: dict[int, tuple[tree.Node, tuple[str, ...]]] = {}


def free_names(node: tree.Node) -> tuple[str, ...]:
    """Every identifier that occurs in an expression, once each; cached by the node."""
    cached = _FREE.get(id(node))
    if cached is not None and cached[0] is node:
        return cached[1]
    found: dict[str, None] = {}
    _collect(node, found)
    names = tuple(found)
    _FREE[id(node)] = (node, names)
    return names


def _collect(node: object, found: dict[str, None]) -> None:
    if isinstance(node, tree.Name):
        found.setdefault(node.id)
    elif isinstance(node, tree.String):
        found.update(dict.fromkeys(_words(node.value)))
    elif isinstance(node, tuple):
        for part in node:
            _collect(part, found)
    elif isinstance(node, tree.Node):
        for name, part in vars(node).items():
            if name != "span":
                _collect(part, found)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "_" else " " for c in text).split()
