"""Names of members: numbered in a pipeline without labels, else after themselves.

A ``Naming`` is the namespace of one module body or of one labelled group in it. It says under
which path the next layer is registered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from nndsl.model.expr import Expr, Static, Text, binary
from nndsl.model.graph import Path
from nndsl.model.names import is_number
from nndsl.record import dataclass, field, replace
from nndsl.syntax import tree


@dataclass
class Counter:
    """The next free number of a numbered namespace; shared by everything spliced into it."""

    next: Static = 0

    def take(self) -> Static:
        number = self.next
        self.next = binary("+", number, 1)
        return number


@dataclass(frozen=True)
class Naming:
    """``prefix`` leads to the namespace. ``counter`` is set where layers are numbered.

    ``names`` gives each unlabelled layer of a named namespace its name, by its place in the text;
    ``rounds`` are the numbers of the loops around, each an index of a container. ``whole`` is set
    for one element of a labelled repeat: its only layer takes the prefix itself.
    """

    prefix: Path = ()
    counter: Counter | None = None
    names: dict[int, str] = field(default_factory=dict)
    rounds: tuple[Static, ...] = ()
    whole: bool = False

    @property
    def numbered(self) -> bool:
        return self.counter is not None

    def unlabelled(self, node: tree.Expr, identifier: str) -> Path:
        """Where a layer without a label goes."""
        if self.whole:
            return self.prefix
        if self.counter is not None:
            return (*self.prefix, _index(self.counter.take()))
        name = self.names.get(id(node), identifier)
        return (*self.prefix, name, *(_index(r) for r in self.rounds))

    def labelled(self, parts: Iterable[Static]) -> Path:
        """Where a layer with a label goes; a label is a path of its own."""
        return (*self.prefix, *(p if isinstance(p, str) else _index(p) for p in parts))

    def element(self, round: Static) -> Naming:
        """The namespace inside one round of a loop."""
        if self.counter is not None:
            return self
        return replace(self, rounds=(*self.rounds, round))


def _index(value: Static) -> int | Expr:
    assert isinstance(value, int | Expr)
    return value


def split_label(text: Static) -> tuple[Static, ...]:
    """A label as the parts of a path; digits are indices."""
    parts: list[list[Static]] = [[]]
    for piece in text.parts if isinstance(text, Text) else (text,):
        if not isinstance(piece, str):
            parts[-1].append(piece)
            continue
        first, *rest = piece.split(".")
        parts[-1].append(first)
        parts.extend([r] for r in rest)
    return tuple(map(_part, parts))


def _part(pieces: list[Static]) -> Static:
    pieces = [p for p in pieces if p != ""]
    if len(pieces) == 1 and not isinstance(pieces[0], str):
        return pieces[0]
    if any(isinstance(p, Expr) for p in pieces):
        return Text(tuple(pieces))
    text = "".join(str(p) for p in pieces)
    return int(text) if is_number(text) else text


# ------------------------------------------------------------------ looking at the text


def is_numbered(
    body: tuple[tree.Statement, ...],
    is_static: Callable[[tree.Assign], bool],
    is_layer: Callable[[str], bool],
) -> bool:
    """Whether a body is one pipeline without labels, so that its layers are numbered.

    Statements that name numbers or declare tensors may stand beside it. An expression with an
    operator or a function at its head is no pipeline.
    """
    values = [s for s in body if not isinstance(s, _QUIET)]
    values = [s for s in values if not (isinstance(s, tree.Assign) and is_static(s))]
    if len(values) != 1 or not isinstance(values[0], tree.Result):
        return False
    result = values[0]
    if len(result.values) != 1 or has_labels(result.values[0]):
        return False
    return _is_pipeline(result.values[0], is_layer)


def _is_pipeline(node: tree.Expr, is_layer: Callable[[str], bool]) -> bool:
    if isinstance(node, tree.Group):
        return _is_pipeline(node.inner, is_layer)
    if isinstance(node, tree.Call):
        head = layer_head(node)
        return head is not None and is_layer(head.id)
    return isinstance(
        node, tree.Pipeline | tree.Name | tree.Repeat | tree.ChainComp | tree.Conditional
    )


_QUIET = (
    tree.Assert,
    tree.Loss,
    tree.Tie,
    tree.Init,
    tree.LayerAlias,
    tree.ParamDecl,
    tree.BufferDecl,
)


_LEAVES = frozenset((tree.Name, tree.Number, tree.String, tree.Constant))


def has_labels(node: object) -> bool:
    """Whether a label occurs in an expression, outside of what other labels cover."""
    return any(one.label is not None for one in _stages(node))


def splices_labels(node: object, find: Callable[[str], object]) -> bool:
    """Whether a definition with labels of its own is spliced somewhere in an expression."""
    from nndsl.resolve.values import Definition

    for one in _stages(node, inside_splices=False):
        head = layer_head(one.value) if one.splice else None
        found = find(head.id) if head is not None else None
        if isinstance(found, Definition) and has_labels(found.tree.body):
            return True
    return False


def _stages(node: object, inside_splices: bool = True) -> Iterator[tree.Stage]:
    """The stages of a tree."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, tree.Stage):
            yield part
            if part.splice and not inside_splices:
                continue
        if isinstance(part, tuple):
            todo.extend(part)
        elif isinstance(part, tree.Node) and type(part) not in _LEAVES:
            todo.extend([v for k, v in vars(part).items() if k != "span"])


class LayerTest(Protocol):
    """What is known of a name where a body stands."""

    def __call__(self, name: str) -> bool:
        """Whether it stands for a layer."""

    def wraps(self, name: str) -> str:
        """The argument that is a layer and gives its name to the whole; empty if there is none."""


def name_layers(nodes: object, is_layer: LayerTest) -> dict[int, str]:
    """A name for every unlabelled layer of a named namespace, by its place in the text."""
    names: dict[int, str] = {}
    seen: dict[str, int] = {}
    _name_layers(nodes, is_layer, names, seen)
    return names


def _name_layers(
    node: object, is_layer: LayerTest, names: dict[int, str], seen: dict[str, int]
) -> None:
    if isinstance(node, tree.Stage) and node.label is not None:
        return
    head = layer_head(node)
    if head is not None and is_layer(head.id):
        head = named_after(node, is_layer)
        times = seen.get(head.id, 0)
        seen[head.id] = times + 1
        names[id(node)] = f"{head.id}_{times}" if times else head.id
        if (
            isinstance(node, tree.Call)
            and layer_head(node.func) is not None
            and isinstance(node.func, tree.Call)
        ):
            names[id(node.func)] = names[id(node)]
            for arg in node.args:
                _name_layers(arg, is_layer, names, seen)
        return
    if isinstance(node, tuple):
        for part in node:
            _name_layers(part, is_layer, names, seen)
    elif isinstance(node, tree.Node) and not isinstance(node, _NO_STAGES):
        for key, part in vars(node).items():
            if key != "span":
                _name_layers(part, is_layer, names, seen)


_NO_STAGES = (tree.ModuleDecl, tree.LayerAlias, tree.Init)


def named_after(node: object, is_layer: LayerTest) -> tree.Name:
    """The name that an unlabelled layer takes: ``conv`` of ``weight_norm(conv(64, 3))``."""
    head = layer_head(node)
    assert head is not None
    wrapped = is_layer.wraps(head.id)
    if not wrapped or not isinstance(node, tree.Call):
        return head
    while isinstance(node.func, tree.Call):
        node = node.func
    unnamed = [a for a in node.args if a.name is None][:1]
    inside = [a.value for a in node.args if a.name is not None and a.name.id == wrapped]
    inner: object = next(iter([*inside, *(a.value for a in unnamed)]), None)
    while isinstance(inner, tree.Group):
        inner = inner.inner
    own = layer_head(inner)
    return named_after(inner, is_layer) if own is not None and is_layer(own.id) else head


def layer_head(node: object) -> tree.Name | None:
    """The name at the head of ``name``, ``name(...)``, ``name(...)(...)`` or ``name a b``."""
    while isinstance(node, tree.Call):
        node = node.func
    return node if isinstance(node, tree.Name) else None
