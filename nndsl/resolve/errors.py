"""How resolving stops at a mistake: one exception that carries the diagnostic."""

from __future__ import annotations

from nndsl.diagnostics import Diagnostic


class Fault(Exception):
    """A mistake in the spec. Caught at the next statement, so that later ones are found too."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Cascade(Exception):
    """What follows from a mistake that was reported already; says nothing more."""


class NoGeneralForm(Exception):
    """A block can't be written over names, whatever is pinned."""
