"""Finds the files that are not Python: ``grammars/`` and ``templates/``.

In a wheel they lie inside the package; in a checkout or an editable install beside it.
"""

from __future__ import annotations

import os.path
from typing import Literal

Kind = Literal["grammars", "templates"]

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def folder(kind: Kind) -> str:
    """The folder of one kind of file."""
    inside = os.path.join(_PACKAGE, kind)
    if os.path.isdir(inside):
        return inside
    return os.path.join(os.path.dirname(_PACKAGE), kind)


def path(kind: Kind, name: str) -> str:
    """Where a file lies; ``name`` may name a sub-folder with ``/``."""
    return os.path.join(folder(kind), *name.split("/"))


def read_text(kind: Kind, name: str) -> str:
    """The text of a file, line ends as they are on disk."""
    with open(path(kind, name), encoding="utf-8", newline="") as file:
        return file.read()
