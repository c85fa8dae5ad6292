"""Names for the axes of inputs: the author's where he gave one, else what each axis is."""

from __future__ import annotations

from typing import Any

from nndsl.model.axes import axis_names, features_axis, owned, unusual
from nndsl.model.expr import Index, Static
from nndsl.model.graph import Block, FlowType, ListType, TensorType
from nndsl.model.patterns import Part, Pattern, parts_of
from nndsl.resolve.advice import nodes
from nndsl.resolve.assigning import target_names
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context
from nndsl.resolve.needs import constructor_names
from nndsl.resolve.shapes import read
from nndsl.resolve.uses import inputs_of
from nndsl.resolve.values import Definition
from nndsl.syntax import tree

_SPELLED = {"c": "in_channels", "d": "in_features"}


def axis_wishes(
    name: str, rank: int, dtype: str, cx: Context, pattern: Pattern | None = None
) -> list[str]:
    """What the axes of an input are to be called where its pattern has no name for them.

    Names that the author uses stay his; an input behind the first says whose features it has.
    """
    b = cx.builder
    named = named_axes(pattern.left, rank) if pattern is not None else {}
    spoken = {axis: part.text for axis, part in named.items()}
    names = axis_names(rank, b.asked.get(name, ()), spoken, dtype)
    wishes = list(names)
    features, first = features_axis(names), not b.received
    for axis, word in enumerate(names):
        if axis == features:
            wishes[axis] = spelled(word, b) if first else owned(name, axis, names)
        elif word in b.patterned or not first and word in b.taken:
            wishes[axis] = owned(name, axis, names)
    return wishes


def spelled(word: str, b: Builder) -> str:
    """A letter for features, or a word where the author calls something else by the letter."""
    return _SPELLED.get(word, word) if word in b.spoken else word


def named_axes(parts: Any, rank: int) -> dict[int, Part]:
    """The axes that a pattern gives a name."""
    found: dict[int, Part] = {}
    behind = False
    for number, part in enumerate(parts):
        if not isinstance(part, Part) or part.kind == "rest":
            behind = True
        elif part.kind == "name":
            found[number if not behind else number - len(parts) + rank] = part
    return found


def note_names(definition: Definition, b: Builder) -> None:
    """Remember which names the author uses, so that no axis gets one of them by itself."""
    patterns = [one.pattern for one in inputs_of(definition) if one.pattern is not None]
    parts = [part for one in patterns for part in parts_of(read(one).left)]
    b.patterned = frozenset(part.text for part in parts if part.kind == "name")
    b.spoken = b.patterned | bound_names(definition.tree)


def bound_names(item: tree.Node) -> frozenset[str]:
    """The names that parameters, assignments and loops of a definition have."""
    return frozenset(name for node in nodes(item) for name in _bound(node))


def _bound(node: tree.Node) -> list[str]:
    if isinstance(node, tree.StaticParam):
        return [node.name.id]
    if isinstance(node, tree.For | tree.Clause | tree.Assign):
        return target_names(node.target)
    return []


def asked_axes(block: Block) -> dict[str, frozenset[int]]:
    """The axes whose sizes the constructor wants, of each input that has axes without a name."""
    wanted = constructor_names(block)
    found: dict[str, frozenset[int]] = {}
    for one in block.inputs:
        if not one.pattern or {"_", "..."}.intersection(one.pattern.split()):
            sizes = enumerate(_sizes(one.var.type))
            found[one.var.name] = frozenset(axis for axis, size in sizes if size in wanted)
    return found


def misnamed(block: Block, asked: dict[str, frozenset[int]]) -> bool:
    """Whether axes without a name turn out to be others than their places say."""
    ranks = {one.var.name: len(_sizes(one.var.type)) for one in block.inputs}
    return any(unusual(ranks[name], some) for name, some in asked.items())


def _sizes(type: FlowType) -> list[Static]:
    """The names of a tensor's sizes; of a list's, those of the lists of its tensors' sizes."""
    tensor = type.item if isinstance(type, ListType) else type
    shape = tensor.shape if isinstance(tensor, TensorType) else None
    return [size.value if isinstance(size, Index) else size for size in shape or ()]
