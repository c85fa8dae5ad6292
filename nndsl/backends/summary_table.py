"""A tree of layers as a table of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nndsl.backends.summary_rows import Row
from nndsl.model.expr import Expr, Static, names_in
from nndsl.model.graph import FlowType
from nndsl.model.text import expression
from nndsl.record import dataclass

HEADINGS = ("Layer", "Output shape", "Parameters", "Mult-adds")
_GAP = 2
_LEAST = 16  # columns that the names of layers keep, however wide the shapes are
_LONGEST = 18  # of an expression in the last column


@dataclass(frozen=True)
class Line:
    """One line: the branches of the tree before a layer, and the cells."""

    branches: str
    layer: str
    output: str
    parameters: str
    macs: str


def table(
    root: Row, width: int, colour: bool, type_text: Callable[[FlowType | None], str]
) -> list[str]:
    """The lines of the table, head and rules included."""
    lines = list(_lines(root, "", "", type_text))
    columns = _columns(lines, width)
    rule = "─" * (sum(columns) + _GAP * (len(columns) - 1))
    head = _cells(HEADINGS, columns).rstrip()
    body = [_line(line, columns, colour) for line in lines]
    if colour:
        head, rule = f"\033[1m{head}\033[0m", f"\033[2m{rule}\033[0m"
    return [rule, head, rule, *body, rule]


def _lines(
    row: Row, before: str, below: str, type_text: Callable[[FlowType | None], str]
) -> Iterator[Line]:
    total = row.total() // row.count
    yield Line(
        before, _title(row, not before), type_text(row.output),
        f"{total:,}" if total else row.note, _macs(row.macs),
    )  # fmt: skip
    for at, inner in enumerate(row.rows):
        last = at == len(row.rows) - 1
        branch, trunk = ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield from _lines(inner, below + branch, below + trunk, type_text)


def _title(row: Row, root: bool) -> str:
    if root:
        return row.kind
    return f"{row.name}: {row.count} × {row.kind}" if row.count > 1 else f"{row.name}: {row.kind}"


def _macs(macs: Static) -> str:
    """A number; short arithmetic on open sizes; else what it depends on."""
    if not isinstance(macs, Expr):
        return f"{macs:,}" if macs else ""
    text = expression(macs)
    if len(text) <= _LONGEST:
        return text
    return f"f({', '.join(dict.fromkeys(name.id for name in names_in(macs)))})"


def _columns(lines: list[Line], width: int) -> tuple[int, int, int, int]:
    """How wide the columns are: the shapes give way first, then the names."""
    cells = [
        (line.branches + line.layer, line.output, line.parameters, line.macs) for line in lines
    ]
    layer, output, parameters, macs = (
        max(len(heading), *(len(row[at]) for row in cells)) for at, heading in enumerate(HEADINGS)
    )
    free = width - parameters - macs - 3 * _GAP
    if layer + output > free:
        output = max(len(HEADINGS[1]), min(output, free - min(layer, max(_LEAST, free * 3 // 5))))
        layer = max(_LEAST, min(layer, free - output))
    return layer, output, parameters, macs


def _line(line: Line, columns: tuple[int, int, int, int], colour: bool) -> str:
    cells = (line.branches + line.layer, line.output, line.parameters, line.macs)
    text = _cells(cells, columns).rstrip()
    if not colour or not line.branches:
        return text
    return f"\033[2m{text[: len(line.branches)]}\033[0m{text[len(line.branches) :]}"


def _cells(cells: tuple[str, ...], columns: tuple[int, ...]) -> str:
    """Text to the left, numbers to the right."""
    shown = [_fit(cell, width) for cell, width in zip(cells, columns, strict=True)]
    sides = ("<", "<", ">", ">")
    aligned = (f"{c:{s}{w}}" for c, s, w in zip(shown, sides, columns, strict=True))
    return (" " * _GAP).join(aligned)


def _fit(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
