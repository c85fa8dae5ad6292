"""Static expressions as text that a reader of a spec knows: for messages, tables and docstrings."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.model.expr import (
    Applied,
    Built,
    Call,
    Comprehension,
    Cond,
    Expr,
    Index,
    Listing,
    Name,
    Op,
    SliceOf,
    Spread,
    Static,
    Targets,
    Text,
)

_LEVEL = {
    "or": 1, "and": 2, "not": 3, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4,
    "not in": 4, "is": 4, "is not": 4, "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6,
    "neg": 7, "pos": 7, "**": 8,
}  # fmt: skip
_ATOM = 9


def expression(value: Static) -> str:
    """An expression in one line."""
    return _write(value)[0]


def _write(value: Static) -> tuple[str, int]:
    if isinstance(value, Op):
        return _operation(value)
    if isinstance(value, Name):
        return value.id, _ATOM
    if isinstance(value, Call):
        return f"{value.fn}({', '.join(map(expression, value.args))})", _ATOM
    if isinstance(value, Applied):
        arguments = ", ".join(expression(part) for _, part in value.args)
        return f"{value.function.name}({arguments})", _ATOM
    if isinstance(value, Cond):
        then, test, orelse = (_inside(v, 1) for v in (value.then, value.test, value.orelse))
        return f"{then} if {test} else {orelse}", 0
    if isinstance(value, Index):
        return f"{_inside(value.value, _ATOM)}[{expression(value.index)}]", _ATOM
    if isinstance(value, SliceOf):
        parts = ["" if p is None else expression(p) for p in (value.start, value.stop, value.step)]
        text = ":".join(parts[:2] if value.step is None else parts)
        return f"{_inside(value.value, _ATOM)}[{text}]", _ATOM
    if isinstance(value, tuple | Listing):
        items = value.items if isinstance(value, Listing) else value
        return f"[{', '.join(map(expression, items))}]", _ATOM
    if isinstance(value, Built):
        return _built(value), _ATOM
    if isinstance(value, Spread):
        return f"*{_inside(value.value, _ATOM)}", 0
    if isinstance(value, Text):
        return "".join(
            p if isinstance(p, str) else f"{{{expression(p)}}}" for p in value.parts
        ), _ATOM
    if isinstance(value, Comprehension):
        return _comprehension(value), _ATOM
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return repr(value), _LEVEL["neg"]
    if isinstance(value, str | int | float | None.__class__):
        return repr(value), _ATOM
    return "?" if isinstance(value, Expr) else "a layer", _ATOM


def _built(value: Built) -> str:
    """A module among arguments, by the last name of its class."""
    named = [f"{name}={expression(part)}" for name, part in value.kwargs]
    inside = ", ".join([*map(expression, value.args), *named])
    return f"{value.torch.rpartition('.')[2]}({inside})"


def _operation(value: Op) -> tuple[str, int]:
    level = _LEVEL[value.op]
    if value.op in ("neg", "pos", "not"):
        sign = {"neg": "-", "pos": "+", "not": "not "}[value.op]
        return f"{sign}{_inside(value.args[0], level)}", level
    if value.op == "**":
        return f"{_inside(value.args[0], level + 1)}**{_inside(value.args[1], level - 1)}", level
    first, *rest = value.args
    joined = [_inside(first, level if level != 4 else 5), *(_inside(r, level + 1) for r in rest)]
    return f" {value.op} ".join(joined), level


def _inside(value: Static, level: int) -> str:
    text, own = _write(value)
    return text if own >= level else f"({text})"


def targets_text(targets: Targets) -> str:
    """A loop's target as it is written."""
    if isinstance(targets, Name):
        return targets.id
    return ", ".join(t.id if isinstance(t, Name) else f"({targets_text(t)})" for t in targets)


def _comprehension(value: Comprehension) -> str:
    clauses = "".join(
        f" for {targets_text(c.targets)} in {_inside(c.iterable, 1)}"
        + "".join(f" if {_inside(t, 1)}" for t in c.tests)
        for c in value.clauses
    )
    return f"[{expression(value.element)}{clauses}]"


def shape(sizes: Sequence[Static] | None, lead: bool = False) -> str:
    """A shape as users write it: ``(b, 64, h // 2, w // 2)``."""
    if sizes is None:
        return "(...)"
    parts = (["..."] if lead else []) + [expression(s) for s in sizes]
    return f"({', '.join(parts)})"
