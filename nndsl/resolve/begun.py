"""Paths by what they begin with: many are compared with many at the cost of their length."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nndsl.model.graph import Path

_END = object()


class Begun:
    """A set of paths as a tree of their parts."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self.parts: dict[Any, Any] = {}
        for path in paths:
            self.add(path)

    def add(self, path: Path) -> None:
        inner = self.parts
        for part in path:
            inner = inner.setdefault(part, {})
        inner[_END] = {}

    def begins(self, path: Path) -> bool:
        """Whether one of the paths begins with this one, or is it."""
        inner: Any = self.parts
        for part in path:
            if part not in inner:
                return False
            inner = inner[part]
        return bool(inner)

    def meets(self, path: Path) -> bool:
        """Whether one of the paths begins with this one, or this one with one of the paths."""
        inner: Any = self.parts
        for part in path:
            if _END in inner:
                return True
            if part not in inner:
                return False
            inner = inner[part]
        return bool(inner)
