"""What the files beside printed source share: their first lines, and how they name the models."""

from __future__ import annotations

from collections.abc import Iterable

from nndsl.backends.source.prose import fold
from nndsl.backends.source.titles import Titles
from nndsl.model.graph import Program


def header(about: str) -> list[str]:
    """The lines of a module's docstring."""
    return fold(f"{about}; printed by nndsl, yours to edit and to own.")


def titles_of(program: Program) -> dict[str, str]:
    """What each model is printed as: a class or a function."""
    names = Titles(program)
    found = {one.name: text for one, text in names.factories.items()}
    for block in program.blocks:
        if block.name in program.models and not block.variant:
            found.setdefault(block.name, names.class_of(block))
    return found


def import_line(module: str, titles: Iterable[str]) -> str:
    return f"from {module} import {', '.join(sorted(titles))}"
