"""Modules made of modules: ``weight_norm(nn.Conv1d(...))``, a stack of copies of a layer."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.model.expr import Built
from nndsl.model.graph import Construct


def is_nested(made: Construct) -> bool:
    """Whether modules are among the arguments."""
    return any(isinstance(a, Built) for a in (*made.args, *(v for _, v in made.kwargs)))


def classes_in(made: Construct | Built) -> Iterator[str]:
    """The dotted names of everything that is constructed, the modules inside too."""
    yield made.torch
    for value in (*made.args, *(v for _, v in made.kwargs)):
        if isinstance(value, Built):
            yield from classes_in(value)


def class_of(made: Construct | Built) -> str:
    """The dotted class of what is made: that of the module inside, where a function changes one."""
    inside = changed(made)
    return made.torch if inside is None else class_of(inside)


def kind_of(made: Construct | Built) -> str:
    """What it is called in tables: its class, or ``weight_norm(Conv1d)``."""
    name, inside = made.torch.rpartition(".")[2], changed(made)
    return name if inside is None else f"{name}({kind_of(inside)})"


def changed(made: Construct | Built) -> Built | None:
    """The module that a function takes and gives back; None for a class, whose name is no word in
    small letters."""
    inside = next((a for a in made.args if isinstance(a, Built)), None)
    return inside if made.torch.rpartition(".")[2].islower() else None
