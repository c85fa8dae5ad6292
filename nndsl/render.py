"""Diagnostics as text for a terminal, and as JSON.

Everything that comes from a spec (its lines, its name, what messages quote of it) is cleaned:
control and invisible characters are shown as ``\\x1b`` or ``\\u202e``, so that a file can't steer
the terminal. A message takes 4 KB at most, a source line some 100 columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nndsl.diagnostics import Diagnostic, Label
from nndsl.excerpt import MAX_LABEL, Line, clean, excerpt

MAX_BYTES = 4096
MAX_LABELS = 12

_COLORS = {"error": "31;1", "warning": "33;1", "note": "36;1", "gutter": "34;1", "strong": "1"}


def render_report(diagnostics: Iterable[Diagnostic], color: bool = False) -> str:
    """Every diagnostic, then a closing line such as ``2 errors, 1 warning``."""
    found = tuple(diagnostics)
    if not found:
        return ""
    return "\n\n".join([*(render_text(one, color) for one in found), closing(found)])


def closing(diagnostics: Iterable[Diagnostic]) -> str:
    """``2 errors, 1 warning``; empty if there is nothing to count."""
    severities = [one.severity for one in diagnostics]
    counts = ((name, severities.count(name)) for name in ("error", "warning", "note"))
    return ", ".join(f"{n} {name}{'s' if n != 1 else ''}" for name, n in counts if n)


def render_text(diagnostic: Diagnostic, color: bool = False) -> str:
    """One diagnostic: its head, the source lines that it speaks of, its help."""
    head, body, foot = _parts(diagnostic)
    budget = MAX_BYTES - 64 - _bytes([head]) - _bytes(foot)
    if _bytes(body) > budget:
        body = _cut(body, budget)
    lines = [Line("head", head), *body, *foot]
    return "\n".join(_paint(line, diagnostic.severity) if color else line.text for line in lines)


def render_json(
    diagnostics: Iterable[Diagnostic], assumptions: Mapping[str, Iterable[str]] | None = None
) -> str:
    """Every diagnostic as one JSON document; lines and columns are counted from 1.

    ``assumptions`` are those of each model, as in a ``Report``.
    """
    import json

    found = tuple(diagnostics)
    document = {
        "version": 1,
        "errors": sum(one.severity == "error" for one in found),
        "warnings": sum(one.severity == "warning" for one in found),
        "diagnostics": [_as_json(one) for one in found],
        "assumptions": {name: list(each) for name, each in (assumptions or {}).items()},
    }
    return json.dumps(document, indent=2)


def _as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "labels": [_label_as_json(label) for label in diagnostic.labels],
    }


def _label_as_json(label: Label) -> dict[str, Any]:
    line, column = label.span.source.position(label.span.start)
    end_line, end_column = label.span.source.position(label.span.end)
    return {
        "file": label.span.source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "text": label.text,
        "primary": label.primary,
    }


def _parts(diagnostic: Diagnostic) -> tuple[str, list[Line], list[Line]]:
    head = f"{diagnostic.severity}[{diagnostic.code}]: {clean(diagnostic.message)}"
    labels = diagnostic.labels[:MAX_LABELS]
    main = next((one for one in diagnostic.labels if one.primary), None) or (
        labels[0] if labels else None
    )
    if main is None:
        return head, [], _help(diagnostic.help, 0)
    if main not in labels:
        labels = (*labels[:-1], main)
    last = max(one.span.source.position(one.span.start)[0] for one in labels)
    gutter = len(str(last))
    body: list[Line] = []
    for source in dict.fromkeys([main.span.source, *(one.span.source for one in labels)]):
        inside = [one for one in labels if one.span.source is source]
        first = main if source is main.span.source else inside[0]
        arrow = "-->" if first is main else ":::"
        place = _place(first)
        body.append(Line("place", f"{' ' * gutter}{arrow} {place}", gutter + 3))
        body.extend(excerpt(source, inside, gutter))
    foot = _help(diagnostic.help, gutter)
    if foot:
        foot.insert(0, Line("gutter", f"{' ' * gutter} |", gutter + 2))
    return head, body, foot


def _place(label: Label) -> str:
    source = label.span.source
    line, column = source.position(label.span.start)
    return f"{clean(source.name, MAX_LABEL)}:{line}:{column}"


def _help(help: str, gutter: int) -> list[Line]:
    if not help:
        return []
    first, *rest = help.splitlines()
    lead = " " * gutter
    lines = [f"{lead} = help: {clean(first)}"]
    lines += [f"{lead}         {clean(line, MAX_LABEL)}" for line in rest[:8]]
    return [Line("help", line, gutter + 2) for line in lines]


# ------------------------------------------------------------------ limits and colour


def _bytes(lines: Iterable[Line | str]) -> int:
    texts = (line if isinstance(line, str) else line.text for line in lines)
    return sum(len(text.encode("utf-8", "replace")) + 1 for text in texts)


def _cut(lines: list[Line], budget: int) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        budget -= _bytes([line])
        if budget < 0:
            break
        kept.append(line)
    return [*kept, Line("gutter", "...", 3)]


def _paint(line: Line, severity: str) -> str:
    if line.kind == "head":
        title, colon, message = line.text.partition(": ")
        return _color(title, severity) + colon + _color(message, "strong")
    gutter, rest = line.text[: line.gutter], line.text[line.gutter :]
    if line.kind == "primary":
        rest = _color(rest, severity)
    elif line.kind == "cause":
        rest = _color(rest, "gutter")
    return _color(gutter, "gutter") + rest


def _color(text: str, name: str) -> str:
    return f"\x1b[{_COLORS[name]}m{text}\x1b[0m" if text.strip() else text
