"""The headers of static loops: what a person would iterate over."""

from __future__ import annotations

from collections.abc import Container, Sequence

from nndsl.backends.source import py
from nndsl.backends.source.naming import Locals
from nndsl.backends.source.py import Py
from nndsl.backends.source.statics import Statics
from nndsl.model.expr import (
    Call,
    Name,
    Op,
    Static,
    Targets,
    binary,
    bound_names,
    names_in,
)
from nndsl.model.graph import Bind, For
from nndsl.model.listing import length

Element = tuple[str, Py]
"""The name of a member in a round, and the container that it comes from."""


class Header:
    """A loop taken apart: its counter, the values it runs over, how often it runs."""

    def __init__(self, loop: For) -> None:
        self.counters: tuple[Name, ...] = (loop.round,)
        self.values: Targets | None = loop.targets
        self.over: Static = loop.iterable
        self.start: Static = 0
        call = loop.iterable if isinstance(loop.iterable, Call) else Call("", ())
        plain = call.fn in ("range", "enumerate") and len(call.args) == 1
        self.ranged = plain and call.fn == "range"
        if self.ranged and isinstance(loop.targets, Name):
            self.counters, self.values = (loop.targets, loop.round), None
        elif plain and call.fn == "enumerate" and isinstance(loop.targets, tuple):
            first, rest = loop.targets
            if isinstance(first, Name):
                self.counters, self.values, self.over = (first, loop.round), rest, call.args[0]

    def count_as(self, number: Bind | None) -> None:
        """Let the loop count from where the author's own number of a round does."""
        if number is not None:
            start = start_of(number, self.counters[0])
            self.counters, self.start = (number.name,), start

    @property
    def own(self) -> set[Name]:
        """The names that the loop binds."""
        return {*self.counters, *(bound_names(self.values) if self.values is not None else ())}

    def bind(self, used: Container[Name], names: Locals) -> None:
        """Choose the counter's name, if it is used at all."""
        if any(name in used for name in self.counters):
            own = len(self.counters) > 1 or self.start != 0
            if self.start != 0:
                names.release(self.counters)  # chosen beside other loops' names, which have ended
            text = names.of(self.counters[0]) if own else names.counter()
            for name in self.counters:
                names.alias(name, text)

    def clause(
        self, used: Container[Name], statics: Statics, elements: Sequence[Element] = ()
    ) -> tuple[str, Py]:
        """The targets and the iterable, of which only what is used remains."""
        counted = any(name in used for name in self.counters)
        parts: list[Element] = []
        if self.values is not None and any(n in used for n in bound_names(self.values)):
            parts.append((self._values(self.values, used, statics), statics.iterated(self.over)))
        if elements and not counted and (begun := self._counted_from(parts, statics)):
            counter, start = begun
            return self._enumerated(counter, [*elements], [start])
        parts += elements
        counter = statics(self.counters[0]).text if counted else ""
        if not parts:
            return counter or "_", self._times(statics)
        if counted:
            first = [statics(self.start)] if self.start != 0 else []
            return self._enumerated(counter, parts, first)
        return _together(parts)

    def _enumerated(
        self, counter: str, parts: list[Element], start: Sequence[Py] = ()
    ) -> tuple[str, Py]:
        targets, iterable = _together(parts)
        return f"{counter}, {_grouped(targets)}", py.call("enumerate", [iterable, *start])

    def _counted_from(self, parts: list[Element], statics: Statics) -> tuple[str, Py] | None:
        """The one name that runs over ``range(start, stop)``, and ``start``."""
        over = self.over
        ranged = isinstance(over, Call) and over.fn == "range" and len(over.args) == 2
        if not ranged or not isinstance(self.values, Name) or not parts:
            return None
        return parts[0][0], statics(over.args[0])  # type: ignore[union-attr]

    def _times(self, statics: Statics) -> Py:
        if self.start != 0 and isinstance(self.over, Call):
            return statics(Call("range", (self.start, binary("+", self.over.args[0], self.start))))
        if self.ranged:
            return statics.iterated(self.over)
        if isinstance(self.over, Call) and self.over.fn == "range":
            return statics.iterated(self.over)
        return statics(Call("range", (length(self.over),)))

    def _values(self, targets: Targets, used: Container[Name], statics: Statics) -> str:
        if isinstance(targets, Name):
            return statics(targets).text if targets in used else "_"
        inner = [self._values(part, used, statics) for part in targets]
        return ", ".join(_grouped(text) for text in inner) + ("," if len(inner) == 1 else "")


def start_of(number: Bind, round: Name) -> Static:
    """``start`` of ``round + start``, or 0."""
    value = number.value
    first, start = value.args if isinstance(value, Op) and value.op == "+" else (None, 0)
    return start if first == round and round not in names_in(start) else 0


def _together(parts: Sequence[Element]) -> tuple[str, Py]:
    """Several things gone through side by side."""
    if len(parts) == 1:
        return parts[0]
    targets = ", ".join(_grouped(target) for target, _ in parts)
    return targets, py.call("zip", [source for _, source in parts])


def _grouped(targets: str) -> str:
    return f"({targets})" if "," in targets else targets
