"""Shapes beside lines that rearrange: what several calls in a row make, which no call shows."""

from __future__ import annotations

import re

from nndsl.backends.source.layout import WIDTH, Writer
from nndsl.backends.source.shapes import shape, static
from nndsl.model.expr import names_in
from nndsl.model.graph import TensorType, Var

_MOVES = ("unflatten", "permute", "transpose", "movedim", "flatten")
_CALL = rf"\.({'|'.join(_MOVES)})\([^()]*(?:\([^()]*\)[^()]*)*\)"
_CHAIN = re.compile(rf"(?:{_CALL})+$")
_CALLED = re.compile(_CALL)
_LONG = 20


class Remarks:
    """Writes them into one forward; equal ones in a row are said once."""

    def __init__(self) -> None:
        self._last = ""

    def beside(self, out: Writer, var: Var, text: str) -> None:
        """A remark behind the last line, an assignment of ``text``, or above it."""
        chain = _CHAIN.search(text)
        calls = _CALLED.findall(chain[0]) if chain else []
        if len(calls) < 2 or not {"unflatten", "permute"} & set(calls):
            return  # one call, or heads put together again: as everybody knows them
        said = _shape(var)
        if said and said != self._last and out.lines[-1].endswith(text):
            line = f"{out.lines[-1]}  # {said}"
            if len(line) <= WIDTH:
                out.lines[-1] = line
            else:
                out.lines.insert(-1, f"{' ' * out.indent}# {said}")
        self._last = said


def _shape(var: Var) -> str:
    """A shape in names that a reader knows; empty where there are others, or long formulas."""
    if not isinstance(var.type, TensorType) or var.type.shape is None:
        return ""
    sizes = var.type.shape
    if any(name.role == "carried" for size in sizes for name in names_in(size)):
        return ""
    return shape(var.type) if all(len(static(size)) <= _LONG for size in sizes) else ""
