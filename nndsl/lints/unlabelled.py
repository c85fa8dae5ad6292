"""W602: layers without labels that named entries of the state dict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nndsl.diagnostics import Diagnostic, Label
from nndsl.model.graph import (
    Block,
    Chain,
    Construct,
    Declare,
    For,
    If,
    Make,
    Scan,
    Statement,
    Use,
    walk,
)
from nndsl.source import Span

_MAX_NAMES = 6


def unlabelled(block: Block) -> Iterator[Diagnostic]:
    """One note for each definition that the model uses."""
    seen: set[Span] = set()
    for part in blocks(block):
        found = {m.span: str(m.path[0]) for m in part.body if isinstance(m, Make) and _derived(m)}
        places = {span: name for span, name in found.items() if span and span not in seen}
        if part.kind != "module" or not places:
            continue
        seen.update(places)
        names = list(dict.fromkeys(places.values()))
        listed = ", ".join(f"`{name}`" for name in names[:_MAX_NAMES])
        more = ", ..." if len(names) > _MAX_NAMES else ""
        labels = tuple(
            Label(span, f"`{name}`", primary=True)
            for span, name in list(places.items())[:_MAX_NAMES]
        )
        message = f"layers without labels in `{part.name}` are named {listed}{more}"
        help = "label them, and saved weights still load after a layer is added before them"
        yield Diagnostic("W602", message, labels, help, "note")


def _derived(make: Make) -> bool:
    """Whether a name was made from the layer's own: ``linear``, ``linear_1``."""
    if len(make.path) > 1 or not isinstance(make.path[0], str) or make.span is None:
        return False
    if isinstance(make.what, Construct):
        if not make.what.weights:
            return False
    elif not isinstance(make.what, Use) or not _has_weights(make.what.block):
        return False
    name = re.sub(r"_\d+$", "", make.path[0])
    written = make.span.text
    word = re.match(r"\w+", written)
    if word is not None and _letters(word[0]) != _letters(name):
        return False  # the label of a condition around it
    return re.match(
        rf"[\"']?{re.escape(name)}(_\d+)?[\"']?\s*:", written
    ) is None and not _labelled(make.span, name)


def _letters(name: str) -> str:
    return name.replace("_", "").lower()


def _has_weights(block: Block) -> bool:
    """Whether a definition's use, or one inside it, puts anything into the state dict."""
    return any(
        isinstance(statement, Declare)
        or isinstance(statement, Make)
        and isinstance(statement.what, Construct)
        and statement.what.weights
        for part in blocks(block)
        for statement in walk(part.body)
    )


def _labelled(span: Span, name: str) -> bool:
    """Whether a label stands directly before the layer."""
    before = span.source.text[max(span.start - len(name) - 16, 0) : span.start]
    return re.search(r":\s*\(?\s*$", before) is not None


def blocks(block: Block) -> Iterator[Block]:
    """The block and every block that it uses, each once, in order of use."""
    seen: set[int] = set()
    todo = [block]
    while todo:
        one = todo.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            todo += reversed(list(_used(one.body)))


def _used(body: tuple[Statement, ...]) -> Iterator[Block]:
    for statement in body:
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            yield statement.what.block
        elif isinstance(statement, Make) and isinstance(statement.what, Chain):
            yield from _used(statement.what.body)
        elif isinstance(statement, If):
            yield from _used(statement.then)
            yield from _used(statement.orelse)
        elif isinstance(statement, For | Scan):
            yield from _used(statement.body)
