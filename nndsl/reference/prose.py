"""The words of the reference for functions. An entry that has a text of its own keeps it."""

from __future__ import annotations

from nndsl.model.spec import Argument, Function
from nndsl.reference.meanings import MEANINGS, SPECIAL
from nndsl.reference.sentences import SENTENCES


def _table(text: str) -> dict[str, str]:
    rows = (line.partition(": ") for line in text.strip().splitlines())
    return {name: meaning for name, _, meaning in rows}


FUNCTIONS = _table(SENTENCES)
ARGUMENTS = _table(MEANINGS) | _table(SPECIAL)


def of_function(function: Function) -> str:
    """What a function does."""
    return function.doc or FUNCTIONS.get(function.name, "")


def of_argument(function: Function, argument: Argument) -> str:
    """What an argument of a function means."""
    own = ARGUMENTS.get(f"{function.name}.{argument.name}")
    return argument.doc or own or ARGUMENTS.get(argument.name, "")
