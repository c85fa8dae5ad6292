"""What a shape rule may give, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nndsl.functions import shapes
from nndsl.functions.entry import operands
from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.expr import Expr, Size, Static, Undecided
from nndsl.model.graph import FlowType, ListType, TensorType, TupleType, Weight
from nndsl.model.spec import Argument, FunctionCall, LayerCall, LayerResult, Rejected

_DECIDING = frozenset(("bool", "str", "axis", "axes"))
"""Types whose values a rule branches on: it gets them plain."""


def gives(
    output: Any,
    *,
    weights: Mapping[str, Iterable[Size]] | Iterable[Weight] = (),
    buffers: Mapping[str, Iterable[Size]] | None = None,
    macs: Size = 0,
) -> LayerResult:
    """What a layer makes of its input.

    Args:
        output: a shape (a tuple of sizes; type as the input's), a ``TensorType``, or a tuple of
            these for several outputs. ``call.input`` stands for "as it came".
        weights: the parameters by their keys in the state dict, in its order, with their shapes;
            ``Weight`` records where parameters and buffers take turns.
        buffers: the buffers likewise.
        macs: multiply-adds of one call, for all axes; use ``times`` to multiply sizes.
    """
    if isinstance(weights, Mapping):
        weights = [Weight(name, tuple(shape)) for name, shape in weights.items()]
    more = [Weight(name, tuple(shape), False) for name, shape in (buffers or {}).items()]
    return LayerResult(output, {}, (*weights, *more), macs)


def axis(call: LayerCall | FunctionCall, name: str = "dim") -> int:
    """The axis of the first tensor that an argument names. Raises ``Rejected`` where there is no
    such axis."""
    first = call.input if isinstance(call, LayerCall) else operands(call)[0].type
    assert isinstance(first, TensorType)
    return shapes.axis(first, call[name], call.check, name)


def flow(made: Any, like: TensorType | None) -> FlowType:
    """The type that a rule speaks of; raises TypeError where it speaks of none."""
    if isinstance(made, TensorType):
        return _tensor(made.shape, made.dtype, made.lead)
    if isinstance(made, TupleType):
        return TupleType(tuple(flow(one, like) for one in made.items), made.names, made.many)
    if isinstance(made, ListType):
        return made
    if not isinstance(made, tuple | list):
        raise TypeError(f"a rule gives a shape, not {made!r:.200}")
    if made and all(isinstance(one, tuple | list | TensorType) for one in made):
        return TupleType(tuple(flow(one, like) for one in made))
    kept = like or TensorType(())
    return _tensor(tuple(made), kept.dtype, kept.lead)


def _tensor(shape: tuple[Any, ...] | None, dtype: str, lead: bool) -> TensorType:
    if dtype not in ("float", "int", "bool"):
        raise TypeError(f"a tensor is of float, int or bool, not {dtype!r:.200}")
    if shape is None:
        return TensorType(None, dtype)
    sizes: tuple[Any, ...] = tuple(map(dims.tidy, shape))
    for size in sizes:
        whole = isinstance(size, int) and not isinstance(size, bool) and size >= 0
        if not whole and not isinstance(size, Expr):
            raise TypeError(f"a size is a whole number, not {size!r:.200}")
    return TensorType(sizes, dtype, lead)


# ------------------------------------------------------------------ running a rule


class Settled(dict[str, Static]):
    """Arguments as a rule reads them: what it may branch on is a plain value. Where that isn't
    known, reading it raises ``Undecided``, and the printed class is made for one value."""

    def __init__(
        self, args: Mapping[str, Static], arguments: Iterable[Argument], check: Checker
    ) -> None:
        super().__init__(args)
        self._deciding = {a.name for a in arguments if _DECIDING & set(a.type.split("|"))}
        self._check = check

    def __getitem__(self, name: str) -> Static:
        value = super().__getitem__(name)
        if name in self._deciding and isinstance(value, Expr):
            return self._check.number(value)
        return value


def run(rule: Callable[[Any], Any], call: Any, like: TensorType | None) -> tuple[Any, FlowType]:
    """What a rule gives, and the type of it. Its own mistakes are the plug-in's, not the spec's."""
    try:
        made = rule(call)
        output = getattr(made, "output", made)
        return made, flow(output, like)
    except (Rejected, Undecided):
        raise
    except Exception as why:
        home = f"{rule.__module__}.{rule.__qualname__}"
        what = f"{type(why).__name__}: {why}"[:400]
        advice = "that is a mistake of the plug-in, not of the spec"
        raise Rejected(f"the shape rule {home} fails: {what}", "", advice, "E508") from why
