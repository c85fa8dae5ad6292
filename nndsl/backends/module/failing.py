"""Where in the spec a run of a built module failed.

Compiled forwards carry the spec's lines, so that a traceback shows them. Here the place is also put
into words: a compiled forward adds a note to an exception that passes through it. A plain
``nn.Sequential`` of torch has no line; which of its children failed is read from its frame, and
what the spec says about this child from the block of the module around it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType, TracebackType
from weakref import WeakKeyDictionary

from torch import Tensor, nn

from nndsl.backends.module.places import published
from nndsl.backends.module.statics import Env
from nndsl.backends.module.unroll import unrolled
from nndsl.model.graph import Block, Make, Use
from nndsl.record import dataclass
from nndsl.source import Span

MOST = 72
"""Columns of a stage's text."""
FEW = 8
"""So many stages are told; of more the innermost."""
IN = "in the spec at "
_SEQUENTIAL = nn.Sequential.forward.__code__
_CALL = nn.Module._call_impl.__code__

ROOTS: WeakKeyDictionary[nn.Module, Block] = WeakKeyDictionary()
"""The blocks of plain chains that were built as models of their own; copies aren't in it."""


@dataclass(frozen=True)
class Stage:
    """A stage that a failed run was in: where it is written, what it received."""

    span: Span
    received: str = ""

    def __str__(self) -> str:
        text = f"{_safe(str(self.span))}: `{_safe(shown(self.span))}`"
        return f"{text} receives {self.received}" if self.received else text


def note() -> None:
    """Tell the exception that is being raised where it comes from, unless it knows."""
    error = sys.exception()
    if error is None or any(n.startswith(IN) for n in getattr(error, "__notes__", ())):
        return
    try:
        found = stages(error)
    except Exception:
        return  # nothing may hide what went wrong
    if found:
        error.add_note(described(found))


def described(found: list[Stage]) -> str:
    """The stages, outermost first; nothing if there are none."""
    return "\n".join(IN + str(one) for one in found[-FEW:])


def stages(error: BaseException) -> list[Stage]:
    """The stages that an exception went through, outermost first."""
    found: list[tuple[Span, str]] = []
    anchor: tuple[nn.Module, Block] | None = None
    for frame, last in _frames(error.__traceback__):
        code = frame.f_code
        if code is _CALL and found:
            found[-1] = (found[-1][0], _received(frame) or found[-1][1])
        elif code is _SEQUENTIAL:
            anchor = anchor or _root(frame.f_locals["self"])
            span = _in_chain(frame, anchor)
            if span is not None:
                found.append((span, ""))
        else:
            span = published(frame, last)
            if span is not None:
                found.append((span, ""))
                anchor = _anchor(frame) or anchor
    return [Stage(span, received) for span, received in found]


def _frames(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while trace is not None:
        yield trace.tb_frame, trace.tb_lasti
        trace = trace.tb_next


# ------------------------------------------------------------------ chains


def _anchor(frame: FrameType) -> tuple[nn.Module, Block] | None:
    """The module whose compiled forward this is, with its block."""
    from nndsl.backends.module.classes import plan_of

    module = frame.f_locals.get("self")
    plan = plan_of(module) if isinstance(module, nn.Module) else None
    return (module, plan.block) if plan is not None and module is not None else None


def _root(module: nn.Module) -> tuple[nn.Module, Block] | None:
    block = ROOTS.get(module)
    return None if block is None else (module, block)


def _in_chain(frame: FrameType, anchor: tuple[nn.Module, Block] | None) -> Span | None:
    """What the spec says about the child of a chain that failed."""
    chain, child = frame.f_locals["self"], frame.f_locals.get("module")
    if anchor is None or child is None:
        return None
    around, block = anchor
    path = next((n for n, m in around.named_modules() if m is chain), None)
    name = next((n for n, m in chain.named_children() if m is child), None)
    if path is None or name is None:
        return None
    return make_span(block, tuple(filter(None, (*path.split("."), name))))


def make_span(block: Block, path: tuple[str, ...]) -> Span | None:
    """Where the spec makes the module under a path."""
    for step in unrolled(block.body, Env()):
        made = step.statement
        if not isinstance(made, Make):
            continue
        if step.path == path:
            return made.span
        if isinstance(made.what, Use) and path[: len(step.path)] == step.path:
            return make_span(made.what.block, path[len(step.path) :])
    return None


# ------------------------------------------------------------------ words


def _received(frame: FrameType) -> str:
    """The shapes of the tensors that a module was called with."""
    given = frame.f_locals.get("args", ())
    shapes = [_shape(one) for one in given if isinstance(one, Tensor)]
    return ", ".join(shapes)


def _shape(tensor: Tensor) -> str:
    return f"({', '.join(map(str, tensor.shape))}{',' if tensor.dim() == 1 else ''})"


def shown(span: Span) -> str:
    """A stage's text on one line, cut where it is long."""
    text = " ".join(span.text.split()).replace("( ", "(").replace(" )", ")")
    return text if len(text) <= MOST else text[: MOST - 3].rstrip() + "..."


def _safe(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
