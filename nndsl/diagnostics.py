"""What is said about a spec: codes, places, causes and repairs, as data."""

from __future__ import annotations

from typing import Literal

from nndsl.record import dataclass
from nndsl.source import Span

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Label:
    """A place in the source and what is said about it.

    The primary label is where the mistake is (drawn with ``^``); the others are where its
    cause lies (drawn with ``-``).
    """

    span: Span
    text: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Diagnostic:
    """One finding. ``code`` is a key of ``codes.CODES``; ``help`` says the repair."""

    code: str
    message: str
    labels: tuple[Label, ...] = ()
    help: str = ""
    severity: Severity = "error"

    @property
    def span(self) -> Span | None:
        for label in self.labels:
            if label.primary:
                return label.span
        return self.labels[0].span if self.labels else None


class SpecError(Exception):
    """A spec has errors. ``diagnostics`` holds every finding of the run, in source order."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        from nndsl.render import render_text

        return "\n".join(render_text(one) for one in self.diagnostics)


def error(
    code: str,
    message: str,
    span: Span | None,
    text: str = "",
    *,
    help: str = "",
    causes: tuple[Label, ...] = (),
) -> Diagnostic:
    """An error at one place, with the places of its causes."""
    primary = (Label(span, text, primary=True),) if span is not None else ()
    return Diagnostic(code, message, (*dict.fromkeys(causes), *primary), help)


def warning(
    code: str, message: str, span: Span | None, text: str = "", *, help: str = ""
) -> Diagnostic:
    """A warning at one place."""
    labels = (Label(span, text, primary=True),) if span is not None else ()
    return Diagnostic(code, message, labels, help, "warning")
