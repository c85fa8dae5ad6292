"""Padding in every mode."""

from __future__ import annotations

from functools import partial
from typing import Any

from nndsl.layers.arguments import unbounded
from nndsl.layers.rules import (
    like,
    no_lead,
    shape_of,
    tidy,
    wording,
)
from nndsl.layers.statics import (
    is_listing,
    items,
)
from nndsl.model.graph import Apply, Many, Var
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Rejected
from nndsl.model.text import expression

_PADDING = Argument(
    "padding", "ints", doc="the rim: one number, or two for each axis, the last axis first"
)
_VALUE = unbounded("value", "what the rim holds")


def _rims(mode: str, call: LayerCall, count: int) -> tuple[Any, ...]:
    """Two numbers for each padded axis, the last axis first (torch's order)."""
    told: Any = call["padding"]
    if not is_listing(told):
        return (told,) * (2 * count)
    if mode == "constant" and isinstance(told, tuple) and len(told) % 2 == 0:
        return told  # torch lets a constant rim stop earlier or go further
    rims = items(told, 2 * count)
    if rims is None:
        raise Rejected(
            f"`{{layer}}` takes one number or {2 * count} of them: {expression(told)}", "padding"
        )
    return rims


def _padded(mode: str, count: int, call: LayerCall) -> LayerResult:
    no_lead(call)
    shape = list(shape_of(call))
    rims = _rims(mode, call, count)
    count = len(rims) // 2
    if len(shape) < count:
        raise Rejected(
            f"`{{layer}}` takes at least {count} axes, but receives {wording(call.input)}", "input"
        )
    for place in range(count):
        before, after = rims[2 * place : 2 * place + 2]
        shape[-1 - place] = _extent(mode, call, shape[-1 - place], before, after)
    return LayerResult(like(call, shape))


def _extent(mode: str, call: LayerCall, extent: Any, before: Any, after: Any) -> Any:
    most = tidy(extent - 1) if mode == "reflect" else extent
    for rim in (before, after):
        if mode in ("reflect", "circular") and call.check.less(most, rim):
            raise Rejected(
                f"`{{layer}}` can't fill a rim of {expression(rim)} from "
                f"{expression(extent)} positions",
                "padding",
            )
    cut = sum(rim for rim in (before, after) if isinstance(rim, int) and rim < 0)
    cut = 0 if mode == "replicate" else cut  # which finds a value for every position
    padded = tidy(extent + before + after)
    if call.check.less(padded, 1) or call.check.less(tidy(extent + cut), 0):
        raise Rejected(f"`{{layer}}` leaves nothing of {expression(extent)} positions", "padding")
    return padded


def _functional(mode: str, count: int, call: LayerCall, var: Var) -> Apply:
    named: tuple[tuple[str, Any], ...] = () if mode == "constant" else (("mode", mode),)
    if "value" in call.args and not _zero(call["value"]):
        named = (*named, ("value", call["value"]))
    return Apply("F.pad", (var, Many(_rims(mode, call, count))), named)


def _zero(value: Any) -> bool:
    return isinstance(value, int | float) and value == 0


_MODES = {
    "Constant": ("constant", "a given value"),
    "Zero": ("constant", "zeros"),
    "Reflection": ("reflect", "the input mirrored at its edge"),
    "Replication": ("replicate", "the value at the edge"),
    "Circular": ("circular", "the input from its other end"),
}


def _entry(kind: str, count: int) -> Layer:
    mode, filling = _MODES[kind]
    arguments = (_PADDING, _VALUE) if kind == "Constant" else (_PADDING,)
    return Layer(
        f"{kind.lower()}_pad{count}d",
        f"torch.nn.{kind}Pad{count}d",
        arguments,
        partial(_padded, mode, count),
        positional=tuple(a.name for a in arguments),
        leading=len(arguments),
        ranks=() if mode == "constant" else (count + 2,),
        dtype="any" if mode == "constant" else "float",
        functional=partial(_functional, mode, count),
        doc=f"Puts a rim around the input that holds {filling}.",
    )


ENTRIES = tuple(_entry(kind, count) for kind in _MODES for count in (1, 2, 3))
