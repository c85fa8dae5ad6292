"""The rows of a summary: layers in layers, with what they hold and compute."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.model.expr import Static
from nndsl.model.graph import FlowType
from nndsl.record import dataclass, replace

Key = tuple[str, ...]

PARAMETERS = ("trainable", "frozen")
BUFFERS = ("buffer",)


@dataclass(frozen=True)
class Held:
    """A tensor that a layer owns; ``elements`` may be 0 where its size isn't known.

    ``kind``: ``trainable``, ``frozen`` (a parameter that asks for no gradient) or ``buffer``.
    """

    elements: int
    kind: str
    dtype: str = "float"


@dataclass(frozen=True)
class Row:
    """One layer. ``count`` of them are alike; all other fields are those of one.

    ``macs`` are those of all its calls, of what is inside too; ``held`` are its own tensors,
    by name. ``output`` is None where it isn't known.
    """

    name: str
    kind: str
    output: FlowType | None = None
    macs: Static = 0
    held: tuple[tuple[str, Held], ...] = ()
    rows: tuple[Row, ...] = ()
    count: int = 1
    note: str = ""

    def total(self, kinds: tuple[str, ...] = PARAMETERS) -> int:
        """Elements of what is held of these kinds, in all copies."""
        own = sum(h.elements for _, h in self.held if h.kind in kinds)
        return self.count * (own + sum(row.total(kinds) for row in self.rows))

    def size(self, kinds: tuple[str, ...] = PARAMETERS) -> int:
        """The same in bytes, floats as float32."""
        own = sum(h.elements * _BYTES[h.dtype] for _, h in self.held if h.kind in kinds)
        return self.count * (own + sum(row.size(kinds) for row in self.rows))


_BYTES = {"float": 4, "int": 8, "bool": 1}


def untied(row: Row, path: Key) -> Row:
    """A tied parameter counts where it comes from."""
    if len(path) == 1:
        held = tuple((name, h) for name, h in row.held if name != path[0])
        return replace(row, held=held, note="tied")
    rows = (part for r in row.rows for part in _apart(r, path[0]))
    return replace(row, rows=tuple(untied(r, path[1:]) if r.name == path[0] else r for r in rows))


def _apart(row: Row, name: str) -> Iterator[Row]:
    """A row; one that stands for several gives the named one a row of its own."""
    first, _, last = row.name.partition("-")
    if row.count == 1 or not (first.isdigit() and last.isdigit() and name.isdigit()):
        yield row
        return
    ends = (int(first), int(name) - 1), (int(name), int(name)), (int(name) + 1, int(last))
    if not int(first) <= int(name) <= int(last):
        ends = ((int(first), int(last)),)  # type: ignore[assignment]
    for start, end in ends:
        if start <= end:
            label = str(start) if start == end else f"{start}-{end}"
            yield replace(row, name=label, count=end - start + 1)


def collapsed(row: Row) -> Row:
    """The tree with neighbours that differ in their number only shown once."""
    return replace(row, rows=tuple(_alike([collapsed(inner) for inner in row.rows])))


def _alike(rows: list[Row]) -> Iterator[Row]:
    waiting: list[Row] = []
    for row in rows:
        if waiting and not (row.name.isdigit() and _same(waiting[0], row)):
            yield _joined(waiting)
            waiting = []
        waiting.append(row)
        if not row.name.isdigit():
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _same(a: Row, b: Row) -> bool:
    return replace(a, name="") == replace(b, name="") and a.count == 1


def _joined(rows: list[Row]) -> Row:
    if len(rows) == 1:
        return rows[0]
    name = f"{rows[0].name}-{rows[-1].name}"
    return replace(rows[0], name=name, count=len(rows))
