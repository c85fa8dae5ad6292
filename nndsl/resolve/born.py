"""Where a size came from: the stages that made what flows in, with the shapes that they made."""

from __future__ import annotations

from math import prod
from typing import Any

from nndsl.diagnostics import Label
from nndsl.model.graph import TensorType, Var
from nndsl.model.text import expression
from nndsl.model.text import shape as shape_text
from nndsl.resolve.builder import Builder
from nndsl.source import Span


def causes(found: Any, at: Span, b: Builder) -> list[Label]:
    """What made a tensor; where axes were put together, what made the tensor before too."""
    made = _made(found)
    if made is None or found.span is None:
        return []
    source = b.sources.get(found.id)
    before = _made(source)
    factors = _factors(made, before) if before is not None else ()
    verb = _verb(found, b)
    text = f"{verb} {shape_text(made.shape or (), made.lead)}"
    if factors:
        text += f": {' * '.join(map(expression, factors))}"
    found_labels = [Label(found.span, text)] if found.span != at else []
    if factors and source is not None and source.span not in (None, found.span):
        assert source.span is not None and before is not None
        earlier = f"makes {shape_text(before.shape or (), before.lead)}"
        found_labels.insert(0, Label(source.span, earlier))
    return found_labels


def born(found: Any, at: Span, b: Builder) -> list[Label]:
    """Where one of several tensors comes from, if that is elsewhere."""
    made = _made(found)
    if made is None or found.span is None or found.span == at:
        return []
    verb = _verb(found, b)
    return [Label(found.span, f"{verb} {shape_text(made.shape or (), made.lead)}")]


def _verb(found: Any, b: Builder) -> str:
    """An input is what it is, one without a name is what a definition receives."""
    if found.id not in b.received:
        return "makes"
    return "is" if found.span.text.startswith(found.name) else "receives"


def _made(found: Any) -> TensorType | None:
    type = found.type if isinstance(found, Var) else None
    return type if isinstance(type, TensorType) and type.shape else None


def _factors(made: TensorType, before: TensorType) -> tuple[Any, ...]:
    """The neighbouring sizes whose product is a size that was not there before."""
    old: tuple[Any, ...] = before.shape or ()
    new = [size for size in made.shape or () if isinstance(size, int) and size not in old]
    runs = (old[i:j] for i in range(len(old)) for j in range(i + 2, len(old) + 1))
    for run in runs:
        if all(isinstance(size, int) for size in run) and prod(run) in new:
            return run
    return ()
