"""Lints: each looks at a file or a resolved model and says what is allowed but worth a look."""

from __future__ import annotations

from nndsl.diagnostics import Diagnostic
from nndsl.lints.batch_first import batch_first
from nndsl.lints.hidden import hidden
from nndsl.lints.unlabelled import unlabelled
from nndsl.model.graph import Block
from nndsl.resolve import SpecFile

FILE_LINTS = (hidden,)
MODEL_LINTS = (unlabelled, batch_first)


def of_file(file: SpecFile) -> tuple[Diagnostic, ...]:
    """The findings in the items of a file."""
    return tuple(found for lint in FILE_LINTS for found in lint(file))


def of_model(block: Block) -> tuple[Diagnostic, ...]:
    """The findings in one model."""
    return tuple(found for lint in MODEL_LINTS for found in lint(block))
