"""Source lines as they are shown under a message: windowed, cleaned, with marks below them."""

from __future__ import annotations

from nndsl.diagnostics import Label
from nndsl.record import dataclass
from nndsl.source import Source

MAX_MESSAGE = 600
MAX_LABEL = 200
WINDOW = 96
TAB = 4
_CUT = "..."


@dataclass(frozen=True)
class Line:
    """A line of output; ``kind`` says how it is coloured, ``gutter`` how wide its gutter is."""

    kind: str
    text: str
    gutter: int = 0


@dataclass(frozen=True)
class _Mark:
    """A label on one shown line: from column ``start`` on, ``width`` columns wide."""

    start: int
    width: int
    text: str
    primary: bool


def excerpt(source: Source, labels: list[Label], gutter: int) -> list[Line]:
    by_line: dict[int, list[Label]] = {}
    for label in labels:
        by_line.setdefault(source.position(label.span.start)[0], []).append(label)
    blank = " " * gutter
    lines = [Line("gutter", f"{blank} |", gutter + 2)]
    before = None
    for number in sorted(by_line):
        if before is not None and number == before + 2:
            text, _ = _shown(source, before + 1, [])
            lines.append(_numbered(before + 1, text, gutter))
        elif before is not None and number > before + 2:
            lines.append(Line("gutter", "...", 3))
        text, marks = _shown(source, number, by_line[number])
        lines.append(_numbered(number, text, gutter))
        for kind, under in _underlined(marks):
            lines.append(Line(kind, f"{blank} | {under}".rstrip(), gutter + 2))
        before = number
    return lines


def _numbered(number: int, text: str, gutter: int) -> Line:
    return Line("source", f"{number:>{gutter}} | {text}".rstrip(), gutter + 2)


def _shown(source: Source, number: int, labels: list[Label]) -> tuple[str, list[_Mark]]:
    """A source line as it is shown, and its labels in columns of what is shown."""
    line = source.line(number)
    spans = [_within(label, len(line)) for label in labels]
    focus = next((s for s, one in zip(spans, labels, strict=True) if one.primary), None)
    first, last = _window(len(line), focus or (spans[0] if spans else (0, 0)))
    cells = [_cell(char) for char in line[first:last]]
    left, right = _CUT if first else "", _CUT if last < len(line) else ""
    edges = [len(left)]
    for cell in cells:
        edges.append(edges[-1] + _width(cell))
    marks = []
    for (begin, end), label in zip(spans, labels, strict=True):
        if end < first or begin > last:  # under the dots that stand for it
            column, width = (0 if end < first else edges[-1]), len(_CUT)
        else:
            a, b = (min(max(at - first, 0), len(cells)) for at in (begin, end))
            column, width = edges[a], max(edges[b] - edges[a], 1)
        marks.append(_Mark(column, width, clean(label.text, MAX_LABEL), label.primary))
    return left + "".join(cells) + right, marks


def _within(label: Label, length: int) -> tuple[int, int]:
    """A label's first line, as offsets in that line."""
    begin = label.span.source.position(label.span.start)[1] - 1
    end = begin + label.span.end - label.span.start
    return min(begin, length), max(min(end, length), min(begin, length))


def _window(length: int, focus: tuple[int, int]) -> tuple[int, int]:
    """Which part of a long line is shown: around ``focus``."""
    if length <= WINDOW:
        return 0, length
    first = max(min(focus[0] - WINDOW // 3, length - WINDOW), 0)
    return first, first + WINDOW


def _cell(char: str) -> str:
    return " " * TAB if char == "\t" else _visible(char)


def _underlined(marks: list[_Mark]) -> list[tuple[str, str]]:
    """The lines below a source line: marks, and the texts that don't fit behind them."""
    order = sorted(marks, key=lambda m: (m.start, m.width))
    row = _Row()
    for mark in sorted(order, key=lambda m: m.primary):
        row.put(mark.start, ("^" if mark.primary else "-") * mark.width)
    kind = "primary" if any(m.primary for m in marks) else "cause"
    if not order:
        return []
    *hung, last = order
    beside = last.start + last.width > max((m.start + m.width for m in hung), default=0)
    if beside and last.text:
        row.put(last.start + last.width + 1, last.text)
    elif last.text:
        hung.append(last)
    lines = [(kind, row.text)]
    while hung := [m for m in hung if m.text]:
        mark = hung.pop()
        row = _Row()
        for other in hung:
            row.put(other.start, "|")
        row.put(mark.start, mark.text)
        lines.append(("primary" if mark.primary else "cause", row.text))
    return lines


class _Row:
    """A line that is written at columns."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, column: int, text: str) -> None:
        padded = self.text.ljust(column)
        self.text = padded[:column] + text + padded[column + len(text) :]


# ------------------------------------------------------------------ text that can't do harm


def clean(text: str, limit: int = MAX_MESSAGE) -> str:
    """A text of unknown origin in one line: nothing invisible, no more than ``limit`` bytes."""
    if len(text) > limit:
        text = text[: limit * 2 // 3] + _CUT + text[len(text) - limit // 3 :]
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_visible, text))
    shown = text.encode()
    if len(shown) <= limit:
        return text
    first, last = shown[: (limit - 5) * 2 // 3], shown[len(shown) - (limit - 5) // 3 :]
    return f"{first.decode(errors='ignore')} {_CUT} {last.decode(errors='ignore')}"


def _is_blank(char: str) -> bool:
    """Printable by its class, and yet nothing is seen: fillers, selectors of variants."""
    return char in "\u115f\u1160\u17b4\u17b5\u3164\uffa0" or "\U000e0000" <= char <= "\U000e0fff"


def _visible(char: str) -> str:
    if char.isprintable() and not _is_blank(char):
        return char
    if char == "\n":
        return " "
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _width(text: str) -> int:
    """How many columns a terminal gives a text that was made visible."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    def columns(char: str) -> int:
        if combining(char):
            return 0
        return 2 if east_asian_width(char) in "WF" else 1

    return sum(map(columns, text))
