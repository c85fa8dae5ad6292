"""Names and what they stand for: body, parameters, file, imports, prelude, built in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nndsl.model import outside
from nndsl.model.elsewhere import name_here
from nndsl.model.expr import FUNCTIONS
from nndsl.model.nearest import suggest
from nndsl.model.spec import Layer
from nndsl.record import dataclass
from nndsl.resolve.values import Builtin, Definition, is_layer, key

MISSING: Any = object()

CONSTANTS = {"inf": float("inf"), "pi": 3.141592653589793}
INITS = ("normal", "uniform", "trunc_normal")

# Statements that read like a stage where they are written wrongly, and how they are written.
STATEMENTS = {
    "order": "it lists labels: `order self_attn, mlp`; numbered layers stand as written",
    "tie": "it names parameters: `tie head.weight = embed.weight`",
    "init": "it names parameters: `init linear.weight: zeros`",
}


class Scope:
    """Names of one level; looks into ``parent`` for the others.

    ``later`` makes the value of a name at its first use (the items of a file). ``within`` are the
    definitions that a body's text is part of: its own and, outwards, those that use it.
    """

    def __init__(self, parent: Scope | None = None, is_body: bool = False) -> None:
        self.parent = parent
        self.is_body = is_body
        self.names: dict[str, Any] = {}
        self.later: dict[str, Callable[[], Any]] = {}
        self.within: tuple[Definition, ...] = parent.within if parent is not None else ()

    def get(self, name: str) -> Any:
        """The value of a name, or MISSING."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.own(name)
            if found is not MISSING:
                return found
            scope = scope.parent
        return builtin(name)

    def has(self, name: str) -> bool:
        """Whether a name stands for anything here; computes nothing."""
        scope: Scope | None = self
        while scope is not None:
            if scope.lists(name):
                return True
            scope = scope.parent
        return builtin(name) is not MISSING

    def lists(self, name: str) -> bool:
        return name in self.names or name in self.later

    def own(self, name: str) -> Any:
        """What this level says of a name, or MISSING."""
        if name not in self.names and name in self.later:
            value = self.later[name]()
            self.names.setdefault(name, value)
        return self.names.get(name, MISSING)

    def set(self, name: str, value: Any) -> None:
        self.names[name] = value

    def body(self) -> Scope:
        """The level of the body around, where what is assigned lives."""
        scope = self
        while not scope.is_body and scope.parent is not None:
            scope = scope.parent
        return scope

    def assign(self, name: str, value: Any) -> None:
        """Set a name of the body, also from inside a loop."""
        self.body().names[name] = value

    def frozen(self) -> Scope:
        """These names as they stand now; what is assigned later doesn't change them."""
        levels: list[Scope] = []
        scope: Scope | None = self
        while scope is not None and not scope.later:
            levels.append(scope)
            scope = scope.parent
        copy = Scope(scope, is_body=True)
        copy.within = self.within
        for level in reversed(levels):
            copy.names.update(level.names)
        return copy

    def inner(self) -> Scope:
        """A new level inside this one."""
        return Scope(self)

    def visible(self) -> Iterator[str]:
        """Every name that is not built in, nearest first."""
        yield from self.names
        yield from self.later
        if self.parent is not None:
            yield from self.parent.visible()

    def key(self, names: Iterable[str]) -> tuple[Any, ...]:
        """What these names stand for, as something hashable."""
        found = []
        for name in names:
            value = self.get(name)
            if value is not MISSING:
                found.append((name, key(value)))
        return tuple(found)


_BUILTINS: dict[str, Any] = {}


@dataclass(frozen=True)
class LayerNames:
    """Which names stand for layers, seen from a scope; ``own`` are those of the body itself."""

    scope: Scope
    own: frozenset[str] = frozenset()

    def __call__(self, name: str) -> bool:
        return name in self.own or (name != "_" and is_layer(self.scope.get(name)))

    def wraps(self, name: str) -> str:
        """The argument of a built-in layer that is a layer and gives its name to the whole."""
        found = None if name in self.own else self.scope.get(name)
        entry = found.layer if isinstance(found, Builtin) else None
        return entry.wraps if isinstance(entry, Layer) else ""


def builtin(name: str) -> Any:
    """What a name means that the spec doesn't define, or MISSING."""
    if name in _BUILTINS:
        return _BUILTINS[name]
    from nndsl.functions import registry as functions
    from nndsl.layers import registry as layers

    if name in CONSTANTS:
        value: Any = CONSTANTS[name]
    else:
        layer = layers.find(name)
        function = functions.find(name)
        static = name in FUNCTIONS
        value = MISSING
        if layer is not None or function is not None or static:
            value = Builtin(name, layer, function, static)
    _BUILTINS[name] = value
    return value


outside.LISTENERS.append(_BUILTINS.clear)


def builtin_names() -> list[str]:
    """Every built-in name, for "did you mean"."""
    from nndsl.functions import registry as functions
    from nndsl.layers import registry as layers

    return [*layers.names(), *functions.names(), *FUNCTIONS, *CONSTANTS]


def unknown(name: str, known: Iterable[str]) -> str:
    """What to do about an unknown name: why it is no layer or function on purpose, a package
    that has it, or a name like it."""
    from nndsl import plugins
    from nndsl.functions.absent import INSTEAD
    from nndsl.layers.absent import why_absent

    known_gap = why_absent(name) or INSTEAD.get(name) or name_here(name)
    return known_gap or plugins.hint(name) or suggest(name, known)
