"""Places of the spec in compiled code, so that a traceback points into the spec."""

from __future__ import annotations

import ast
import linecache
from types import FrameType
from typing import TypeVar

from nndsl.record import dataclass, field
from nndsl.source import Source, Span

_Node = TypeVar("_Node", bound=ast.AST)
SPANS = "nndsl.spans"
_OURS: dict[str, Source] = {}


@dataclass
class Places:
    """Marks trees with lines and columns of one source. ``last`` is used where none is known."""

    source: Source | None = None
    last: tuple[int, int, int, int] = (1, 0, 1, 0)
    spans: dict[tuple[int, int, int], Span] = field(default_factory=dict)

    @classmethod
    def of(cls, span: Span | None) -> Places:
        return cls(span.source if span is not None else None)

    @property
    def filename(self) -> str:
        if self.source is None:
            return "<nndsl>"
        return (self.source.name or "<text>").replace("\0", "?")

    def position(self, span: Span | None) -> tuple[int, int, int, int]:
        """First and last line and column (in bytes of UTF-8, as Python counts).

        Of several lines the first: Python says the last one for the call of an attribute.
        """
        if span is None:
            return self.last
        if self.source is None:
            self.source = span.source
        if span.source is self.source:  # a splice has places in another file
            line, column = _at(self.source, span.start)
            last, end = _at(self.source, max(span.start, span.end))
            if last != line:
                end = len(self.source.line(line).encode("utf-8", "replace"))
            self.last = (line, column, line, end)
            self.spans[line, column, end] = span
        return self.last

    def mark(self, node: _Node, span: Span | None) -> _Node:
        """Give a tree its place; parts that have one keep it."""
        line, column, end_line, end_column = self.position(span)
        for part in ast.walk(node):
            if "lineno" in part._attributes and not hasattr(part, "lineno"):
                part.lineno, part.col_offset = line, column  # type: ignore[attr-defined]
                part.end_lineno, part.end_col_offset = end_line, end_column  # type: ignore[attr-defined]
        return node

    def publish(self) -> None:
        """Let tracebacks show the lines of a text that is in no file, or in a file that changed."""
        source = self.source
        if source is None or _OURS.get(self.filename) is source:
            return
        if self.filename in linecache.cache and self.filename not in _OURS:
            return  # some program's own source
        _OURS[self.filename] = source
        lines = [line + "\n" for line in source.text.splitlines()]
        linecache.cache[self.filename] = (len(source.text), None, lines, self.filename)


def published(frame: FrameType, last: int) -> Span | None:
    """What an instruction was compiled from; None if it was not compiled here."""
    spans = frame.f_globals.get(SPANS)
    if not isinstance(spans, dict):
        return None
    line, _, column, end = list(frame.f_code.co_positions())[last // 2]
    return spans.get((line, column, end))


def _at(source: Source, offset: int) -> tuple[int, int]:
    line, column = source.position(offset)
    return line, len(source.line(line)[: column - 1].encode("utf-8", "replace"))
