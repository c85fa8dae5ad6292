"""What checking found, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nndsl.diagnostics import Diagnostic
from nndsl.record import dataclass, field


@dataclass(frozen=True)
class Report:
    """What checking found.

    ``diagnostics`` are in source order. ``assumptions`` maps each model to what it takes for
    granted of its symbolic sizes (``"`h` and `w` are multiples of 32"``). A report is true if it
    has no errors; ``str`` of it is its text.
    """

    diagnostics: tuple[Diagnostic, ...] = ()
    assumptions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return not any(one.severity == "error" for one in self.diagnostics)

    def __str__(self) -> str:
        from nndsl.render import render_report

        lines = [render_report(self.diagnostics)] if self.diagnostics else []
        for model, assumed in self.assumptions.items():
            lines += [f"{model}: assumes that {each}" for each in assumed]
        return "\n".join([*lines, "ok"] if self else lines)


def merged(found: Iterable[Diagnostic], most: int) -> tuple[Diagnostic, ...]:
    """Findings without repeats, in source order; those without a place come first. Of more than
    ``most`` errors come first, and a note says that there are more.

    What is told of a call by its text may be told again where the call is resolved, in other
    words: two of such a code at one place are one mistake.
    """
    seen: dict[tuple[object, ...], Diagnostic] = {}
    found = tuple(found)
    wrong = {_place(one) for one in found if one.severity == "error" and one.code != "E402"}
    for one in sorted(found, key=lambda one: -len(one.labels)):  # the one that says most
        if one.code == "E402" and _place(one) in wrong:
            continue  # what is wrong with a value says more than that nobody reads it
        said = "" if one.span and one.code in _TWICE else one.message
        seen.setdefault((one.code, said, *_place(one)), one)
    every = sorted(seen.values(), key=_place)
    if len(every) <= most:
        return tuple(every)
    every.sort(key=lambda one: one.severity != "error")
    message = f"there are more than these {most} findings"
    last = Diagnostic("W605", message, severity="note")
    return (*sorted(every[:most], key=_place), last)


_TWICE = frozenset(("E133", "E201", "E202", "E204", "E205", "E206"))


def _place(one: Diagnostic) -> tuple[str, int]:
    return (one.span.source.name, one.span.start) if one.span else ("", -1)
