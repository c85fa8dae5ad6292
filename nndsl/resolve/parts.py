"""Expressions that stand inside quoted texts, parsed in place."""

from __future__ import annotations

from nndsl.diagnostics import Diagnostic
from nndsl.record import replace
from nndsl.resolve.errors import Fault
from nndsl.source import Source, Span
from nndsl.syntax import tree

_PARSED: dict[tuple[int, int, int], tuple[Source, tree.Expr]] = {}


def parse_part(source: Source, start: int, end: int) -> tree.Expr:
    """The expression that a stretch of a source holds; its places are those of the source."""
    key = (id(source), start, end)
    cached = _PARSED.get(key)
    if cached is not None and cached[0] is source:
        return cached[1]
    from nndsl.syntax import parse_expression

    node, problems = parse_expression(Source(source.text[start:end], source.name))
    if node is None or problems:
        raise Fault(_moved(problems[0], source, start))
    _shift(node, source, start)
    _PARSED[key] = (source, node)
    return node


def _moved(problem: Diagnostic, source: Source, start: int) -> Diagnostic:
    labels = tuple(replace(one, span=_move(one.span, source, start)) for one in problem.labels)
    return replace(problem, labels=labels)


def _move(span: Span, source: Source, start: int) -> Span:
    return Span(source, span.start + start, span.end + start)


def _shift(part: object, source: Source, start: int) -> None:
    """Let the spans of a freshly parsed tree point into the source around it."""
    if isinstance(part, tuple) and not isinstance(part, Span):
        for one in part:
            _shift(one, source, start)
    elif isinstance(part, tree.Node):
        for name, inner in vars(part).items():
            if name != "span":
                _shift(inner, source, start)
        object.__setattr__(part, "span", _move(part.span, source, start))
