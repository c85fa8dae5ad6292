"""Which model of which file is which reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nndsl

ZOO = Path(__file__).parents[2] / "examples" / "zoo"


@dataclass(frozen=True)
class Network:
    """A model of a file under ``examples/zoo``, with the values that make it the reference."""

    file: str
    model: str
    values: dict[str, Any] = field(default_factory=dict)


def network(file: str, model: str, **values: Any) -> Network:
    """A row of a table."""
    return Network(f"{file}.nn", model, values)


@cache
def spec(file: str) -> nndsl.Spec:
    """A file of the zoo, read once."""
    return nndsl.load(ZOO / file)
