"""Names from outside of torch that a model may construct or call.

They stand here once a plug-in has declared them; no text of a spec can put a name here. A backend
asks before it imports one.
"""

from __future__ import annotations

from collections.abc import Callable

_ROOTS = frozenset(("torch", "F", "Tensor", "op"))
_DECLARED: set[str] = set()

LISTENERS: list[Callable[[], None]] = []
"""Called after each declaration: what remembers the meaning of names forgets it."""


def is_outside(path: str) -> bool:
    """Whether a dotted name is none of torch's and no operator."""
    return path.partition(".")[0] not in _ROOTS


def declare(path: str) -> None:
    """Let models name ``path``, such as ``conformer.ConformerConvModule``."""
    _DECLARED.add(path)
    for listener in LISTENERS:
        listener()


def declared(path: str) -> bool:
    """Whether a plug-in has declared this name in this process."""
    return path in _DECLARED


def home(path: str) -> tuple[str, str]:
    """The module to import and what to take from it."""
    module, _, name = path.rpartition(".")
    return module, name
