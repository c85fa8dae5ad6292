"""Reads a spec from a file, in bounded time and memory."""

from __future__ import annotations

import os

from nndsl.diagnostics import Diagnostic, SpecError
from nndsl.limits import current
from nndsl.source import Source
from nndsl.syntax import decode


def most() -> int:
    """Bytes that are read of a file: one more than it may have."""
    return current().file_bytes + 1


def read_file(path: str | os.PathLike[str]) -> Source:
    """The text of a file. Raises OSError, or SpecError where it is no text or too long."""
    name = os.fspath(path)
    with open(name, "rb") as file:
        return text_of(file.read(most()), name, os.path.abspath(name))


def text_of(content: bytes, name: str, path: str | None = None) -> Source:
    """Bytes as a Source. Raises SpecError where they are no text or too many."""
    found = decode(content, name, path)
    if isinstance(found, Diagnostic):
        raise SpecError((found,))
    return found
