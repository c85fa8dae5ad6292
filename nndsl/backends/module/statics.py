"""Static values of a concrete block: what is known, what is only known when the model runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nndsl.model.expr import Call, Expr, Name, Static, Undecided, evaluate, substitute
from nndsl.model.graph import Path
from nndsl.record import dataclass, field


@dataclass
class Env:
    """What the static names of one place stand for.

    ``known`` has plain values; ``symbols`` has expressions over sizes that are read at run time.
    A name is in one of them at most.
    """

    known: dict[Name, Any] = field(default_factory=dict)
    symbols: dict[Name, Static] = field(default_factory=dict)

    def copy(self) -> Env:
        return Env(dict(self.known), dict(self.symbols))

    def set(self, name: Name, value: Static) -> None:
        """Give a name its value here, plain if it can be computed."""
        settled = settle(value, self)
        if decided(settled):
            self.symbols.pop(name, None)
            self.known[name] = settled
        else:
            self.known.pop(name, None)
            self.symbols[name] = settled


def settle(value: Static, env: Env) -> Static:
    """The plain value, or the expression with everything put in that is known here."""
    if not isinstance(value, Expr | tuple):
        return value
    if env.symbols:
        value = substitute(value, env.symbols)
    try:
        return evaluate(value, env.known)
    except Undecided:
        return substitute(value, env.known)


def decided(value: Static) -> bool:
    """Whether a settled value is plain."""
    if isinstance(value, tuple):
        return all(map(decided, value))
    return not isinstance(value, Expr)


def plain_path(path: Path, env: Env) -> tuple[str, ...]:
    """A path as the parts of a state dict's key. Raises ``Undecided`` where it can't be known."""
    parts: list[str] = []
    for part in path:
        text = str(evaluate(settle(part, env), env.known))
        parts.extend(text.split("."))
    return tuple(parts)


def items(iterable: Static, env: Env) -> Iterable[Any]:
    """What a loop runs over, without writing out a range that may be huge."""
    if isinstance(iterable, Call):
        if iterable.fn == "range":
            return range(*(evaluate(settle(a, env)) for a in iterable.args))
        if iterable.fn == "enumerate":
            first, *start = iterable.args
            return enumerate(items(first, env), *(evaluate(settle(s, env)) for s in start))
        if iterable.fn == "zip":
            return zip(*(items(a, env) for a in iterable.args), strict=False)
    found: Iterable[Any] = evaluate(settle(iterable, env))
    return found
