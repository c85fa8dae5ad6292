"""Types of what flows: as annotations, and as the shapes that a docstring shows."""

from __future__ import annotations

from math import gcd

from nndsl.backends.source import py
from nndsl.backends.source.py import Py
from nndsl.backends.source.statics import Layer, Statics
from nndsl.model import dims
from nndsl.model.expr import Applied, Expr, Name, Op, Static, binary
from nndsl.model.graph import (
    FlowType,
    ListType,
    NoneType,
    TensorType,
    TupleType,
)


def annotation(kind: FlowType) -> str:
    """``Tensor``, ``list[Tensor]``, ``tuple[Tensor, Tensor]``."""
    if isinstance(kind, ListType):
        return f"list[{annotation(kind.item)}]"
    if isinstance(kind, TupleType):
        if kind.many:
            return f"list[{annotation(kind.items[0])}]" if kind.items else "list[Tensor]"
        return f"tuple[{', '.join(map(annotation, kind.items))}]"
    if isinstance(kind, NoneType):
        return "None"
    return "Tensor | None" if kind.optional else "Tensor"


def returned(kind: FlowType) -> str:
    """The annotation of a result. Torch parts a tensor into a tuple, a spec gathers a list."""
    if isinstance(kind, ListType) and kind.index is not None:
        return annotation(kind)
    if isinstance(kind, ListType):
        return f"Sequence[{returned(kind.item)}]"
    if isinstance(kind, TupleType) and kind.many:
        return f"Sequence[{returned(kind.items[0]) if kind.items else 'Tensor'}]"
    if isinstance(kind, TupleType):
        return f"tuple[{', '.join(map(returned, kind.items))}]"
    return annotation(kind)


def shape(kind: FlowType) -> str:
    """``(b, c, ceil(h / 2), w)``; empty where it says nothing."""
    if isinstance(kind, TensorType):
        if kind.shape is None:
            return "(...)"
        sizes = [_SHOW(_pretty(size)).text for size in kind.shape]
        if kind.lead:
            sizes.insert(0, "...")
        return f"({', '.join(sizes)}{',' if len(sizes) == 1 and not kind.lead else ''})"
    if isinstance(kind, TupleType):
        if kind.names is not None:
            parts = zip(kind.names, kind.items, strict=False)
            return ", ".join(named(name, item) for name, item in parts)
        return ", ".join(map(shape, kind.items))
    if isinstance(kind, ListType):
        return f"a list of {shape(kind.item)}"
    return "None"


def named(name: str, kind: FlowType) -> str:
    """``ids (b, t)``; ``kept: a list of (b, c)``."""
    return f"{name}{': ' if isinstance(kind, ListType) else ' '}{shape(kind)}"


def static(value: Static) -> str:
    """A condition or a size as text for readers."""
    return _SHOW(_pretty(value)).text


def _plain_name(name: Name) -> Py:
    return Py(name.id)


def _called(value: Layer) -> Py:
    """A call of one of the spec's functions; nothing else that is no number is in a size."""
    if isinstance(value, Applied):
        return py.call(value.function.name, [_SHOW(_pretty(part)) for _, part in value.args])
    return Py("layer")


class _Show(Statics):
    """Static expressions in which ``Op("ceil/")`` stands for a division rounded up."""

    def _op(self, value: Op) -> Py:
        if value.op != "ceil/":
            return super()._op(value)
        return py.call("ceil", [py.binary("/", *map(self, value.args))])


_SHOW = _Show(_plain_name, _called)


def _pretty(value: Static) -> Static:
    """Divisions rounded up and remainders written as such."""
    if not isinstance(value, Op):
        return value
    made = _rounded_up(value) or _remainder(value) or _reduced(value)
    if made is not None:
        return made
    return Op(value.op, tuple(_pretty(arg) for arg in value.args))


def _rounded_up(value: Op) -> Static | None:
    """``(n - 1) // k + 1``, ``(n + k - 1) // k`` and ``-(-n // k)`` are all ``ceil(n / k)``."""
    terms = list(dims.normal(value).items())
    floor = terms[0][0][0][0] if len(terms) == 1 and len(terms[0][0]) == 1 else None
    if isinstance(floor, Op) and floor.op == "//" and terms[0] == (((floor, 1),), -1):
        below = dims.tidy(binary("-", 0, floor.args[0]))
        fewer = all(count > 0 for count in dims.normal(below).values())
        return Op("ceil/", (_pretty(below), floor.args[1])) if fewer else None
    top = value
    if value.op == "+" and value.args[1] == 1 and isinstance(value.args[0], Op):
        top, added = value.args[0], 1
    else:
        added = 0
    if top.op != "//":
        return None
    numerator, divisor = top.args
    less: Static = binary("-", divisor, 1) if not added else -1
    if not isinstance(numerator, Expr):
        return None
    whole = dims.tidy(binary("-", numerator, less))
    simpler = _terms(whole) < _terms(dims.tidy(numerator))
    return Op("ceil/", (_pretty(whole), divisor)) if simpler else None


def _reduced(value: Op) -> Static | None:
    """``3 * d // (3 * heads)`` is ``d // heads``."""
    if value.op != "//":
        return None
    above, below = map(dims.normal, value.args)
    common = gcd(*above.values(), *below.values())
    if common < 2 or not below or above == {(): 0}:
        return None
    less = [{m: count // common for m, count in part.items()} for part in (above, below)]
    return _pretty(binary("//", *map(dims.build, less)))


def _terms(size: Static) -> int:
    return len(dims.normal(size))


def _remainder(value: Op) -> Static | None:
    """``a - k * (a // k)`` is ``a % k``."""
    a, taken = value.args if len(value.args) == 2 else (None, None)
    if value.op != "-" or not isinstance(taken, Op) or taken.op != "*":
        return None
    for factor, quotient in (taken.args, taken.args[::-1]):
        if isinstance(quotient, Op) and quotient.op == "//" and quotient.args == (a, factor):
            return Op("%", (a, factor))
    return None
