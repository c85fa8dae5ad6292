"""The shape that a declared layer expects: ``"b t dim"``, where ``dim`` is one of its arguments."""

from __future__ import annotations

from typing import Any

from nndsl.layers.rules import taken, wording
from nndsl.model.expr import Name, Static
from nndsl.model.graph import TensorType
from nndsl.model.patterns import Part, parse_pattern
from nndsl.model.spec import Argument, LayerCall, Rejected
from nndsl.model.text import expression


class Expected:
    """A pattern laid on every input. Called, it gives the shape of an input that nobody declared.

    A name that is an argument stands for its value, any other for any size; ``...`` stands first,
    for any axes.
    """

    def __init__(self, text: str, arguments: tuple[Argument, ...], dtype: str) -> None:
        self.text = text
        self.dtype = dtype
        self.arguments = {one.name: one for one in arguments}
        try:
            pattern = parse_pattern(text)
        except Rejected as no:
            raise ValueError(f"input={text!r}: {no.message}") from None
        axes = [axis for axis in pattern.left if isinstance(axis, Part)]
        rest = [place for place, axis in enumerate(axes) if axis.kind == "rest"]
        if pattern.rearranges:
            raise ValueError(f"input={text!r} rearranges; it says what a tensor is")
        if any(axis.kind == "value" for axis in axes) or rest not in ([], [0]):
            raise ValueError(f"input={text!r}: names, numbers, `_`, and `...` in front only")
        names = [axis.text for axis in axes if axis.kind == "name"]
        if len(set(names)) < len(names):
            raise ValueError(f"input={text!r}: an axis stands twice")
        self.open = bool(rest)
        self.axes = axes[1:] if self.open else axes

    @property
    def ranks(self) -> tuple[int, ...]:
        """The numbers of axes that fit; empty where any do."""
        return () if self.open else (len(self.axes),)

    def __str__(self) -> str:
        return f"({', '.join(self.text.split())})"

    def __call__(self, call: LayerCall) -> TensorType | None:
        sizes = [self._assumed(axis, call) for axis in self.axes]
        if self.open or any(size is None or isinstance(size, tuple) for size in sizes):
            return None
        return TensorType(tuple(sizes), self.dtype)

    def _assumed(self, axis: Part, call: LayerCall) -> Any:
        if axis.kind == "number":
            return axis.number
        if axis.kind == "any":
            return None
        return call[axis.text] if axis.text in self.arguments else Name(axis.text)

    def bind(self, call: LayerCall) -> dict[str, Static]:
        """The arguments that follow from the input. Raises ``Rejected`` where it doesn't fit."""
        shape = call.input.shape or ()
        if len(shape) < len(self.axes):
            raise Rejected(
                f"`{{layer}}` takes {self}, but receives {wording(call.input)}", "input", "", "E302"
            )
        found: dict[str, Static] = {}
        last = shape[len(shape) - len(self.axes) :]
        for axis, size in zip(self.axes, last, strict=True):
            if axis.kind == "name" and axis.text in self.arguments:
                found |= taken(call, axis.text, size, f"as {axis.text}")
            elif axis.kind == "number" and not call.check.equal(size, axis.number):
                raise Rejected(
                    f"`{{layer}}` takes {self}, but receives {wording(call.input)}: "
                    f"{expression(size)} should be {axis.number}",
                    "input",
                )
        return found
