"""Calls as a person would write them, of modules and of functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nndsl.model.expr import Expr, Static
from nndsl.model.graph import Apply, Operand, Special, Var
from nndsl.model.spec import Argument, LayerCall
from nndsl.record import dataclass

Functional = Callable[[LayerCall, Var], Apply]


def written(
    arguments: Sequence[tuple[str, Any]], values: Any, leading: int
) -> tuple[tuple[Static, ...], tuple[tuple[str, Static], ...]]:
    """The arguments as a person would write them: (positional, by name).

    ``arguments`` are names and defaults in torch's order. What equals its default is left out;
    the first ``leading`` stand without their names unless one before them was left out.
    """
    positional: list[Static] = []
    named: list[tuple[str, Static]] = []
    for place, (name, default) in enumerate(arguments):
        value = values[name]
        if _same_value(value, default):
            continue
        if place < leading and len(positional) == place:
            positional.append(value)
        else:
            named.append((name, value))
    return tuple(positional), tuple(named)


def _same_value(value: Any, default: Any) -> bool:
    if isinstance(value, Expr) or isinstance(value, bool) is not isinstance(default, bool):
        return False
    if isinstance(value, tuple) or isinstance(default, tuple) or value is None:
        return value is default
    return bool(value == default)


@dataclass(frozen=True)
class Function:
    """The same computation without a module.

    ``arguments`` are the names that the function takes, in its order, with its defaults.
    """

    fn: str
    arguments: tuple[tuple[str, Any], ...] = ()
    leading: int = 0
    training: bool = False
    inplace: str = ""  # the function to call where the input is to be overwritten

    def __call__(self, call: LayerCall, var: Var) -> Apply:
        fn = self.fn
        named: tuple[tuple[str, Operand], ...]
        positional, named = written(self.arguments, call, self.leading)
        if self.training:
            named = (*named, ("training", Special("training")))
        if "inplace" in call.args and call["inplace"] is not False:
            fn = self.inplace or fn
            named = (*named, ("inplace", call["inplace"]))
        return Apply(fn, (var, *positional), named)


def function(
    fn: str,
    arguments: Sequence[Argument] = (),
    *,
    leading: int = 0,
    training: bool = False,
    inplace: str = "",
    **defaults: Any,
) -> Function:
    """A function with the layer's own arguments; ``defaults`` are those that differ."""
    pairs = [(a.name, defaults.get(a.name, a.default)) for a in arguments if a.name != "inplace"]
    return Function(fn, tuple(pairs), leading, training, inplace)
