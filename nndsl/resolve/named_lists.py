"""Lists that a file names: printed once under their name, wherever they are given as a whole."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Cond, Name, Static
from nndsl.record import replace


class NamedLists:
    """The values of a file's names, and of those of the files that it imports.

    A list is known by its identity: an equal one that is written out where it is given is another.
    """

    def __init__(self) -> None:
        self._lists: dict[int, Name] = {}
        self._values: list[Any] = []  # what the identities belong to
        self._comments: list[tuple[str, Static, str]] = []

    def note(self, name: str, value: Any, comment: str) -> None:
        """What a name of a file stands for, once it is computed."""
        if isinstance(value, tuple) and value and all(map(_is_plain, value)):
            others = sum(one.id == name for one in self._lists.values())
            self._lists.setdefault(id(value), Name(name, "constant", "list", value, others))
            self._values.append(value)
        if comment and _is_plain(value):
            self._comments.append((name, value, comment))

    def named(self, value: Any) -> Any:
        """A static value in which lists that have names are these names."""
        if isinstance(value, tuple):
            return self._lists.get(id(value), value)
        if isinstance(value, Cond):
            return replace(value, then=self.named(value.then), orelse=self.named(value.orelse))
        return value

    def comment(self, name: Name) -> str:
        """What stands above a name in its file."""
        found = (c for id, value, c in self._comments if id == name.id and value == name.meaning)
        return next(found, "")


def _is_plain(value: Any) -> bool:
    """A number, a text, None, or a list of these."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)
