"""The definitions of the prelude, with their text."""

from __future__ import annotations

from nndsl.record import dataclass
from nndsl.resources import read_text
from nndsl.source import Source
from nndsl.syntax import parse, tree


@dataclass(frozen=True)
class Item:
    """A definition: what it is called with, the comment above it, its own text."""

    name: str
    head: str
    comment: str
    text: str


def items() -> dict[str, Item]:
    """Every definition of the prelude by its name."""
    source = Source(read_text("grammars", "prelude.nn"), "prelude.nn")
    parsed, _ = parse(source)
    assert parsed is not None
    found = {}
    for item in parsed.items:
        if isinstance(item, tree.Definition | tree.Function | tree.Activation):
            text = item.span.text.rstrip()
            comment = getattr(item, "comment", "").strip()
            found[item.name.id] = Item(item.name.id, _head(text), comment, text)
    return found


def _head(text: str) -> str:
    """The first line up to the colon: ``def block(width)``."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == ":" and depth == 0:
            return text[:place]
    return text
