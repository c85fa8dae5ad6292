"""Text -> tree and findings."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

from nndsl.diagnostics import Diagnostic
from nndsl.limits import current, spend
from nndsl.source import Source, Span
from nndsl.syntax import mistakes
from nndsl.syntax import tree as t
from nndsl.syntax.build import Builder
from nndsl.syntax.driver import Driver
from nndsl.syntax.lexer import Tokens, tokenize

MAX_MOVED = 100  # stretches with a wrong indentation, beyond which nothing is said of margins
Findings = tuple[Diagnostic, ...]

_IN_FILE = (
    t.Definition, t.ModelAlias, t.Activation, t.Function, t.Weights, t.Import, t.Assign,
    t.LayerAlias, t.Result, t.Loss, t.Assert,
)  # fmt: skip


def parse(source: Source) -> tuple[t.File | None, Findings]:
    """The tree of a file and what is wrong with it.

    With mistakes, the tree holds what could be understood; it is None where nothing could.
    """
    value, findings, _ = _run(source, "start")
    return value if isinstance(value, t.File) else None, findings


def parse_expression(source: Source) -> tuple[t.Expr | None, Findings]:
    """The tree of one expression, as in ``-p key=value`` and between the braces of a label."""
    value, findings, _ = _run(source, "expression")
    return value, findings


def read(source: Source) -> tuple[Tokens, Findings]:
    """The tokens of a file as the parser understood them, and what is wrong with it."""
    _, findings, tokens = _run(source, "start")
    return tokens, findings


def _run(source: Source, start: str) -> tuple[Any, Findings, Tokens]:
    if len(source.text) > current().file_bytes:
        return None, (mistakes.too_long(source.name),), Tokens(source)
    # The tree has no cycles: collecting while it grows only costs time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        tokens = tokenize(source)
        spend(len(tokens.kinds) // 2, Span(source, 0, 0))
        builder = Builder(source, tokens.comments)
        driver = Driver(tokens, builder, start)
        value = driver.run()
        findings = [*tokens.faults, *builder.diagnostics]
        given_up = tokens.stopped is not None or len(driver.moved) > MAX_MOVED
        if isinstance(value, t.File) and not given_up:
            findings += _misplaced(value, driver.moved)
        return value, _ordered(findings), tokens
    finally:
        if was_on:
            gc.enable()


def _misplaced(file: t.File, moved: list[tuple[int, int]]) -> Iterator[Diagnostic]:
    """Statements of a body that really stand at the left margin."""
    items: tuple[Any, ...] = file.items  # the driver lets other statements through
    for one in items:
        place = one.span.start
        if not isinstance(one, _IN_FILE) and not any(a <= place <= b for a, b in moved):
            yield mistakes.misplaced(one)


def _ordered(found: list[Diagnostic]) -> Findings:
    return tuple(sorted(found, key=lambda one: one.span.start if one.span else 0))
