"""What can still be wrong with a resolved model when it is built, as diagnostics."""

from __future__ import annotations

from nndsl.diagnostics import SpecError, error
from nndsl.source import Span

REFUSED_BY_TORCH = "E503"
FAILED_CHECK = "E504"
NOT_CONCRETE = "E505"
NAME_TAKEN = "E506"
NOT_IMPORTED = "E507"


def fail(code: str, message: str, span: Span | None = None, help: str = "") -> SpecError:
    """An exception that carries one diagnostic."""
    return SpecError((error(code, message, span, help=help),))


def undecided(what: str, name: str, span: Span | None = None) -> SpecError:
    """Something that construction needs depends on a size of the run."""
    return fail(
        NOT_CONCRETE,
        f"{what} depends on `{name}`, which is not known when the model is constructed",
        span,
        help=f"give `{name}` a number where the model's input is declared",
    )
