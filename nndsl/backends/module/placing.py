"""Where the children of a module go: containers that nobody wrote, the order of construction."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from nndsl.model.names import is_number
from nndsl.record import dataclass, field
from nndsl.source import Span

Key = tuple[str, ...]
Maker = Callable[..., nn.Module]


@dataclass(frozen=True)
class Child:
    """A child to construct. ``slot`` is the module that it is put into, counted from the block's
    own (0) over those with ``opens``, in order."""

    slot: int
    name: str
    make: Maker
    opens: bool
    path: Key
    span: Span | None


@dataclass(frozen=True)
class Part:
    """A child before it has its place; ``kind`` is set for containers."""

    make: Maker
    kind: str
    span: Span | None


@dataclass
class Placed:
    """Children in the order of construction; containers that nobody made are made when needed."""

    parts: dict[Key, Part]
    children: list[Child] = field(default_factory=list)
    slots: dict[Key, int] = field(default_factory=lambda: {(): 0})
    done: set[Key] = field(default_factory=lambda: {()})
    parents: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.parents = {path[:at] for path in self.parts for at in range(1, len(path))}
        self.parts = dict(self.parts)

    def place(self, path: Key) -> None:
        if path in self.done:
            return
        self.place(path[:-1])
        self.done.add(path)
        if path not in self.parts:
            depth = len(path)
            inside = (p[depth] for p in self.parts if p[:depth] == path and len(p) > depth)
            self.parts[path] = container(all(map(is_number, inside)), None)
        part = self.parts[path]
        opens = path in self.parents
        if opens:
            self.slots[path] = len(self.slots)
        slot = self.slots[path[:-1]]
        self.children.append(Child(slot, path[-1], part.make, opens, path, part.span))


def container(listed: bool, span: Span | None) -> Part:
    return Part(nn.ModuleList, "list", span) if listed else Part(nn.ModuleDict, "dict", span)


def reached(path: Key, kind: str, children: list[Child]) -> str:
    """A ModuleList counts from 0: one with gaps is reached by name."""
    if kind != "list":
        return kind
    names = [c.path[-1] for c in children if c.path[:-1] == path]
    return "list" if names == [str(i) for i in range(len(names))] else "names"
