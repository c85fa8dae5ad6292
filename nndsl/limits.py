"""How much a spec may cost. A caller or the command line sets it; a file can't.

What runs under limits finds them with ``current``, so that rules deep inside need not be given
them. Work is counted in steps, not in seconds: the same spec ends alike on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from nndsl.diagnostics import Diagnostic, SpecError, error
from nndsl.record import dataclass, fields
from nndsl.source import Span


@dataclass(frozen=True)
class Limits:
    """Bounds on what a spec may cost; a number beyond one is an error of the spec (E5xx).

    ``file_bytes``: of one file. ``total_bytes``: of a file with all that it imports.
    ``imports``: files that it imports, each counted once. ``nesting``: brackets and blocks inside
    of each other, 64 at most. ``integer``: the largest whole number, below 2**63. ``text``:
    characters of a text. ``items``: of a list, with those of the lists in it; also rounds that are
    written out. ``steps``: of analysis, some ten microseconds each. ``depth``: definitions that
    use definitions, 200 at most. ``modules`` and ``elements``: of a model that is built, on the
    meta device too. ``memory``: bytes of a model that is really allocated; None for what the
    machine has. ``findings``: told of one run.

    Raises:
        ValueError: a limit is no positive whole number, or more than a later pass could bear.
    """

    file_bytes: int = 1 << 20
    total_bytes: int = 4 << 20
    imports: int = 1000
    nesting: int = 64
    integer: int = 2**63 - 1
    text: int = 100_000
    items: int = 100_000
    steps: int = 1_000_000
    depth: int = 200
    modules: int = 250_000
    elements: int = 2**42
    memory: int | None = None
    findings: int = 100

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is None and one.name == "memory":
                continue
            if type(value) is not int or value < 1:
                raise ValueError(f"{one.name} must be a positive whole number, not {value!r}")
            most = CEILINGS.get(one.name)
            if most is not None and value > most:
                raise ValueError(f"{one.name} can be {most} at most, not {value}")


CEILINGS = {"nesting": 64, "integer": 2**63 - 1, "depth": 200}
"""Limits that protect Python's stack, or torch's 64 bits: they can only be lowered."""

CODES = {
    "file_bytes": "E501",
    "total_bytes": "E501",
    "elements": "E502",
    "memory": "E502",
    "nesting": "E509",
    "depth": "E509",
    "integer": "E510",
    "text": "E511",
    "items": "E511",
    "steps": "E512",
    "imports": "E513",
    "modules": "E514",
}
"""The code of the error that says that a limit was exceeded."""


class Exceeded(SpecError):
    """Analysis goes too far. Nothing is looked at any more."""


class Meter:
    """The limits of a run, the steps that it may still take, and where it is."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.steps
        self.place: Span | None = None


_METER: ContextVar[Meter | None] = ContextVar("nndsl_meter", default=None)
_USUAL = Limits()


def current() -> Limits:
    """The limits that this run has."""
    meter = _METER.get()
    return _USUAL if meter is None else meter.limits


@contextmanager
def under(limits: Limits) -> Iterator[None]:
    """Run under limits, with all steps of the budget to take."""
    mark = _METER.set(Meter(limits))
    try:
        yield
    finally:
        _METER.reset(mark)


def spend(steps: int, place: Span | None = None) -> None:
    """Count steps of analysis. Raises Exceeded, which says where the budget ended."""
    meter = _METER.get()
    if meter is None:
        return
    if place is not None:
        meter.place = place
    meter.left -= steps
    if meter.left < 0:
        raise Exceeded((_too_much(meter),))


def exceeded(limit: str, message: str, text: str = "too deep") -> Exceeded:
    """The exception that ends a run at the place that it has come to."""
    meter = _METER.get()
    place = None if meter is None else meter.place
    return Exceeded((error(CODES[limit], message, place, text),))


def _too_much(meter: Meter) -> Diagnostic:
    steps = meter.limits.steps
    return error(
        CODES["steps"],
        f"working this out takes more than {steps:,} steps",
        meter.place,
        "given up here",
        help=f"if it is worth the time: --limit steps={10 * steps}",
    )
