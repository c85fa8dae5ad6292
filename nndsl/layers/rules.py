"""What the shape rules of many layers share.

Every rule runs with plain numbers and with expressions alike, so sizes are only combined by
operators and compared through ``LayerCall.check``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from nndsl.layers.statics import is_listing, items, may_be_none
from nndsl.model import dims
from nndsl.model.expr import Cond, Expr, Name, Op, Static, Undecided
from nndsl.model.graph import TensorType, TupleType
from nndsl.model.spec import LayerCall, LayerResult, Rejected
from nndsl.model.text import expression
from nndsl.record import dataclass

AXES = {1: "d", 2: "bd", 3: "bct", 4: "bchw", 5: "bcdhw"}
"""The letters of a shape by its rank, for layers that look at images and sequences."""


def tidy(size: Any) -> Any:
    """The simplest form of a size."""
    return dims.tidy(size)


def times(*sizes: Any) -> Any:
    """All sizes multiplied, as they are: counts aren't compared, so they needn't be tidy."""
    known = math.prod(size for size in sizes if not isinstance(size, Expr))
    total: Any = known
    for size in sizes:
        total = total * size if isinstance(size, Expr) else total
    return total


def shape_of(call: LayerCall) -> tuple[Any, ...]:
    """The first tensor's shape (``meet`` sees to it that it is known)."""
    assert call.input.shape is not None
    return call.input.shape


def like(call: LayerCall, shape: Sequence[Any], dtype: str | None = None) -> TensorType:
    """A tensor of another shape that is otherwise as the input."""
    before = call.input
    return TensorType(tuple(map(tidy, shape)), dtype or before.dtype, before.lead)


def unchanged(call: LayerCall) -> LayerResult:
    """The rule of a layer that keeps the shape."""
    return LayerResult(call.input)


def with_indices(call: LayerCall, output: TensorType) -> TensorType | TupleType:
    """The output, and where each of its values was found if ``return_indices`` asks for it."""
    if not truth(call, "return_indices"):
        return output
    return TupleType((output, TensorType(output.shape, "int")))


# ------------------------------------------------------------------ arguments


def truth(call: LayerCall, name: str) -> bool:
    """A flag that the structure depends on; raises ``Undecided``."""
    return bool(call.check.number(call[name]))


def likely(call: LayerCall, name: str) -> bool:
    """A flag that only decides which weights there are. Undecided: they are counted."""
    try:
        return truth(call, name)
    except Undecided:
        return True


def chosen(call: LayerCall, name: str, then: Any, orelse: Any) -> Any:
    """One of two sizes by a flag; where the flag isn't known yet, an expression that chooses."""
    then, orelse = tidy(then), tidy(orelse)
    try:
        return then if truth(call, name) else orelse
    except Undecided:
        return then if call.check.same(then, orelse) else Cond(call[name], then, orelse)


def unless_none(told: Static, fallback: Any) -> Any:
    """An argument, or what stands in for it where it is None."""
    if told is None:
        return fallback
    return Cond(Op("is", (told, None)), fallback, told) if may_be_none(told) else told


def number(call: LayerCall, name: str) -> Any:
    """The plain value of an argument; raises ``Undecided``."""
    return call.check.number(call[name])


def per_axis(call: LayerCall, name: str, count: int) -> tuple[Any, ...]:
    """An argument that is a number, or one for each of ``count`` axes."""
    return spread(call[name], name, count)


def spread(value: Any, name: str, count: int) -> tuple[Any, ...]:
    """``value`` for each of ``count`` axes."""
    if not is_listing(value):
        return (value,) * count
    several = items(value, count)
    if several is None:
        wanted = "a number" if count == 1 else f"a number or {count} of them"
        raise Rejected(f"`{{layer}}` takes {wanted} for {name}: {expression(value)}", name)
    return several


def _is_flat(call: LayerCall, told: Any) -> bool:
    """Whether a size is that of the input flattened: `flatten` was forgotten."""
    sizes = (call.input.shape or ())[1:]
    plain = [size for size in sizes if isinstance(size, int)]
    return len(plain) == len(sizes) > 1 and math.prod(plain) == told


def taken(call: LayerCall, name: str, actual: Any, what: str) -> dict[str, Static]:
    """What an input size that the author may have left out is: ``{name: actual}`` if it was."""
    told = call[name]
    if told is None:
        return {name: actual}
    if not call.check.equal(told, actual):
        advice = "write {short} and the input size is inferred"
        if _is_flat(call, told):
            advice = "write `flatten |` before it: that is all there is but the batch"
        raise Rejected(
            f"`{{layer}}` is told to expect {expression(told)} {what}, "
            f"but receives {expression(actual)}",
            name,
            advice,
            text=f"must be {expression(actual)}",
        )
    return {}


def divides(call: LayerCall, name: str, size: Any, what: str) -> None:
    """Refuse an argument that doesn't divide a size."""
    if not call.check.divides(call[name], size):
        raise Rejected(
            f"`{{layer}}` has {name} = {expression(call[name])}, "
            f"which does not divide {expression(size)} {what}",
            name,
            _divisors(size),
        )


def shares_heads(call: LayerCall, name: str, features: Any) -> None:
    """Refuse a number of heads that the features can't be shared out to."""
    if features == 0:
        raise Rejected(f"`{{layer}}` has no features to share out to {name}", name)
    divides(call, name, features, "features")


def _divisors(size: Any) -> str:
    """The numbers that divide a size, if they are few."""
    if not isinstance(size, int) or not 0 < size <= MOST_DIVIDED:
        return ""
    found = [n for n in range(1, size + 1) if size % n == 0]
    return f"{size} is divided by {', '.join(map(str, found))}" if len(found) <= 20 else ""


MOST_DIVIDED = 4096  # a size whose divisors are looked for


def position(call: LayerCall, name: str, rank: int) -> int:
    """An axis counted from the front."""
    axis = number(call, name)
    if not -rank <= axis < rank:
        raise Rejected(
            f"`{{layer}}` has {name} = {axis}, but the input {wording(call.input)} has {rank} axes",
            name,
            f"{name} counts from 0, or from the end with -1: {-rank} to {rank - 1}",
        )
    return int(axis % rank)


def no_lead(call: LayerCall) -> None:
    """Refuse an input whose number of axes isn't known."""
    if call.input.lead:
        raise Rejected(
            f"`{{layer}}` needs to know all axes, but receives {wording(call.input)}",
            "input",
            'say the shape of the input: `(x: "b t d")`',
        )


def at_least(call: LayerCall, rank: int) -> None:
    """Refuse an input of fewer axes."""
    if len(shape_of(call)) < rank:
        raise Rejected(
            f"`{{layer}}` takes at least {rank} axes, but receives {wording(call.input)}", "input"
        )


def wording(flow: Any) -> str:
    """A tensor's shape in a message."""
    if not isinstance(flow, TensorType):
        return "no tensor"
    if flow.shape is None:
        return "a tensor of any shape"
    return f"({', '.join((['...'] if flow.lead else []) + [expression(s) for s in flow.shape])})"


# ------------------------------------------------------------------ other tensors


def other(call: LayerCall, place: int) -> Any:
    """A further input, or None if it was not given."""
    if place >= len(call.inputs):
        return None
    flow = call.inputs[place]
    return flow if isinstance(flow, TensorType | TupleType) else None


def agree(call: LayerCall, flow: Any, shape: Sequence[Any], name: str) -> None:
    """Refuse a further tensor that hasn't the shape it must have."""
    if not isinstance(flow, TensorType):
        raise Rejected(f"`{{layer}}` takes one tensor as {name}", name)
    if flow.shape is None or flow.lead:
        return
    sizes = tuple(map(tidy, shape))
    if len(sizes) != len(flow.shape) or not all(map(call.check.equal, flow.shape, sizes)):
        raise Rejected(
            f"`{{layer}}` takes {wording(TensorType(sizes))} as {name}, "
            f"but receives {wording(flow)}",
            name,
        )


def broadcast(call: LayerCall, a: TensorType, b: TensorType) -> tuple[Any, ...]:
    """The shape of two tensors that are combined elementwise."""
    assert a.shape is not None and b.shape is not None
    rank = max(len(a.shape), len(b.shape))
    left, right = ((1,) * (rank - len(s)) + s for s in (a.shape, b.shape))
    out: list[Any] = []
    for x, y in zip(left, right, strict=True):
        if call.check.same(x, 1) or call.check.same(y, 1):
            out.append(y if call.check.same(x, 1) else x)
        elif call.check.equal(x, y):
            out.append(x)
        else:
            raise Rejected(f"`{{layer}}` can't combine {wording(a)} and {wording(b)}", "input")
    return tuple(out)


# ------------------------------------------------------------------ entries


@dataclass(frozen=True)
class Shaped:
    """The shape of a model input that nobody declared, from the first layer that reads it.

    ``axes`` are names of sizes and of arguments that hold one. ``turned`` names a flag that puts
    the second axis first.
    """

    axes: tuple[str, ...]
    dtype: str = "float"
    turned: str = ""

    def __call__(self, call: LayerCall) -> TensorType | None:
        axes = self.axes
        if self.turned and truth(call, self.turned):
            axes = (axes[1], axes[0], *axes[2:])
        sizes = [call[a] if len(a) > 1 else Name(a) for a in axes]
        if any(s is None or is_listing(s) for s in sizes):
            return None
        return TensorType(tuple(sizes), self.dtype)  # type: ignore[arg-type]

    def pattern(self, call: LayerCall | None = None) -> str:
        """The axes in words, for a call those that its arguments ask for."""
        letters = [a if len(a) == 1 else "c" if "channels" in a else "d" for a in self.axes]
        if call is not None and self.turned and truth(call, self.turned):
            letters[:2] = letters[1], letters[0]
        return f"({', '.join(letters)})"

    def __str__(self) -> str:
        return self.pattern()


def image(rank: int) -> Shaped:
    """An input with a batch and a channel axis."""
    return Shaped(tuple(AXES[rank]))
