"""Lines of at most 88 columns, broken as black breaks them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nndsl.backends.source.py import AND, Py, Split, paren

WIDTH = 88
_POWER = re.compile(
    r"\b(if|else|and|or|not|in|is) -?[\w.]+\*\*|\*\*-?[\w.]+ (if|else|and|or|not|in|is)\b"
    r"|\*\*.*\*\*"
)
"""Powers beside words, which black takes for parts of the operands, and powers of powers."""


class Writer:
    """Collects lines. ``unsettled``: some line is too long in a way that only black can settle."""

    def __init__(self, indent: int = 0) -> None:
        self.lines: list[str] = []
        self.indent = indent
        self.unsettled = False
        self._sole: tuple[Py, int] | None = None  # the test of an `if` that is all there is

    def line(self, text: str = "") -> None:
        """One line as it is."""
        if text and len(text) + self.indent > WIDTH:
            self.unsettled = True
        self.lines.append(" " * self.indent + text if text else "")

    def put(self, prefix: str, py: Py | None = None, suffix: str = "") -> None:
        """A statement: an expression between two texts."""
        self._put(self.indent, prefix, py or Py(""), suffix)

    @contextmanager
    def indented(self) -> Iterator[None]:
        self.indent += 4
        yield
        self.indent -= 4

    def inner(self) -> Writer:
        """An empty writer for the lines of a block below this one's."""
        return Writer(self.indent + 4)

    def take(self, other: Writer) -> None:
        """Append another writer's lines."""
        self.lines += other.lines
        self.unsettled |= other.unsettled

    def branch(self, test: Py, then: Writer, orelse: Writer) -> None:
        """``if test:`` with its branches; an ``if`` alone in the other branch becomes ``elif``,
        one alone in the first is joined by ``and``."""
        both = then.joined(test) if not orelse.lines else None
        if both is not None:
            test = both
            then.lines = self._outward(then.lines[1:])
        first = not self.lines
        self.put("if ", test, ":")
        self.take(then)
        if not orelse.lines:
            self._sole = (test, len(self.lines)) if first else None
            return
        pad = " " * orelse.indent
        tops = [line[len(pad) :] for line in orelse.lines if not line.startswith(pad + " ")]
        if tops[0].startswith("if ") and all(t.startswith(("elif ", "else:")) for t in tops[1:]):
            lines = self._outward(orelse.lines)
            lines[0] = lines[0].replace("if ", "elif ", 1)
            orelse.lines = lines
        else:
            self.line("else:")
        self.take(orelse)

    def _outward(self, lines: list[str]) -> list[str]:
        """Lines one level further out; what was broken there may fit on one line here."""
        self.unsettled |= any(line.endswith(("(", "[", "{")) for line in lines)
        return [line[4:] for line in lines]

    def joined(self, test: Py) -> Py | None:
        """An outer test and that of the ``if`` that is all there is here, if a line holds both."""
        if self._sole is None or self._sole[1] != len(self.lines):
            return None
        text = f"{paren(test, AND)} and {paren(self._sole[0], AND)}"
        fits = self.indent - 4 + len(f"if {text}:") <= WIDTH
        return Py(text, AND) if fits and not self.unsettled else None

    def room(self) -> int:
        """Columns left on a line."""
        return WIDTH - self.indent

    def _put(self, indent: int, prefix: str, py: Py, suffix: str) -> None:
        whole = prefix + py.text + suffix
        if not py.forced and indent + len(whole) <= WIDTH:
            self.unsettled |= "**" in whole and _POWER.search(whole) is not None
            self.lines.append(" " * indent + whole)
            return
        split = py.split
        if split is None or not split.items or indent + len(prefix + split.head) > WIDTH:
            self.unsettled = True
            self.lines.append(" " * indent + whole)
            return
        self.lines.append(" " * indent + prefix + split.head)
        self._items(indent + 4, split)
        self.lines.append(" " * indent + split.tail + suffix)

    def _items(self, indent: int, split: Split) -> None:
        separator = ", " if split.commas else " "
        joined = separator.join(item.text for item in split.items)
        broken = split.forced or _is_display(split) or any(item.forced for item in split.items)
        if not broken and indent + len(joined) <= WIDTH:
            self.unsettled |= "**" in joined and _POWER.search(joined) is not None
            self.lines.append(" " * indent + joined)
            return
        comma = "," if split.commas and (len(split.items) > 1 or split.forced) else ""
        for item in split.items:
            self._put(indent, "", item, comma)


def _is_display(split: Split) -> bool:
    """A list, tuple or dict: black gives each item a line as soon as it breaks one at all."""
    opened = split.head.endswith(("[", "{")) or not re.search(r"[\w)]\($", split.head)
    return opened and split.commas and len(split.items) > 1


def signature(writer: Writer, head: str, parameters: Sequence[str], tail: str) -> None:
    """``def name(parameters) -> type:``, which black gives a trailing comma when it is broken."""
    whole = head + ", ".join(parameters) + tail
    if len(whole) <= writer.room():
        writer.line(whole)
        return
    writer.line(head)
    with writer.indented():
        joined = ", ".join(parameters)
        if len(joined) <= writer.room() and len(parameters) > 1:
            writer.line(joined)
        else:
            for parameter in parameters:
                writer.line(parameter + ",")
    writer.line(tail)
