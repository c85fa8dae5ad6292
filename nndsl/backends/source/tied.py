"""Which keys may belong to tied parameters, which have several."""

from __future__ import annotations

from collections.abc import Iterable

from nndsl.model.graph import Block, Path, TieTo, walk


def tied_paths(blocks: Iterable[Block]) -> list[Path]:
    """The ends of every tie in a program, each relative to its own block."""
    ties = [s for block in blocks for s in walk(block.body) if isinstance(s, TieTo)]
    return [path for tie in ties for path in (tie.path, tie.source)]


def may_mean(key: str, path: Path) -> bool:
    """Whether a pattern may mean a key that ends with a path."""
    if not all(isinstance(part, str | int) for part in path):
        return True
    text, tail = ".".join(map(str, path)), key.rpartition("*")[2]
    return text.endswith(tail) or tail.endswith(text)
