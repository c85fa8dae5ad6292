"""W604: layers that run along the batch, because the sequence is not their input's first axis."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.diagnostics import Diagnostic, warning
from nndsl.layers.registry import find
from nndsl.lints.unlabelled import blocks
from nndsl.model.expr import Built, Name
from nndsl.model.graph import Block, Construct, FlowType, Make, TensorType, TupleType, walk
from nndsl.model.nested import class_of
from nndsl.model.spec import Layer
from nndsl.source import Span

_BATCH = ("b", "batch")


def batch_first(block: Block) -> Iterator[Diagnostic]:
    """One warning for each place where the batch's axis is read as the sequence's."""
    seen: set[Span] = set()
    for part in blocks(block):
        for make in walk(part.body):
            if not isinstance(make, Make) or make.span is None or make.span in seen:
                continue
            axis = _first_axis(make.output, part)  # as it came in: no such layer changes it
            if axis in _BATCH and isinstance(make.what, Construct) and _sequence_first(make.what):
                seen.add(make.span)
                yield _said(make.what, axis, make.span)


def _first_axis(flow: FlowType | None, block: Block) -> str:
    """The author's name of the first axis of what a layer gives, or of the first that it gives."""
    if isinstance(flow, TupleType):
        return _first_axis(flow.items[0], block)
    shape = flow.shape if isinstance(flow, TensorType) else None
    first = shape[0] if shape else None
    return first.id if isinstance(first, Name) and not _nameless(first, block) else ""


def _nameless(name: Name, block: Block) -> bool:
    """Whether an input's pattern has `_` where a size got this name."""
    var, axis = block.origins.get(name, (None, 0))
    pattern = next((i.pattern for i in block.inputs if i.var is var), "").split()
    return pattern[axis : axis + 1] == ["_"]


def _sequence_first(made: Construct | Built) -> bool:
    """Whether a layer takes the sequence first, by its own argument or by that of a layer in it."""
    entry = find(made.torch.rpartition(".")[2])
    arguments = entry.arguments if isinstance(entry, Layer) else ()
    if any(argument.name == "batch_first" for argument in arguments):
        return dict(made.kwargs).get("batch_first", False) is False
    values = (*made.args, *(value for _, value in made.kwargs))
    return any(isinstance(value, Built) and _sequence_first(value) for value in values)


def _said(made: Construct, axis: str, span: Span) -> Diagnostic:
    kind = class_of(made).rpartition(".")[2]
    return warning(
        "W604",
        f"`{kind}` takes the sequence as its first axis, which is called `{axis}` here",
        span,
        "runs along the batch",
        help="write `batch_first=True`, or put the sequence first",
    )
