"""The table of codes: what each finding means, with a wrong and a right spec.

``CODES`` maps a code to its entry. The samples are whole files; tests run them.
"""

from __future__ import annotations

from typing import NamedTuple

from nndsl.codes import limits, names, shapes, structure, warnings, weights
from nndsl.syntax.codes import SYNTAX_CODES


class Code(NamedTuple):
    """A code's text. ``wrong`` is a spec that gives the code, ``right`` the repaired one."""

    code: str
    title: str
    explanation: str
    wrong: str
    right: str


_TABLES = (
    SYNTAX_CODES,
    names.CODES,
    shapes.CODES,
    structure.CODES,
    limits.CODES,
    warnings.CODES,
    weights.CODES,
)

CODES: dict[str, Code] = {
    code: Code(code, *texts) for table in _TABLES for code, texts in sorted(table.items())
}
