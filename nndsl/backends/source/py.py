"""Python expressions as text that knows how tightly it binds and where it may be broken."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nndsl.record import dataclass, replace

LAMBDA, COND, OR, AND, NOT, COMPARE, BITOR, BITXOR, BITAND = range(9)
SUM, PRODUCT, UNARY, POWER, ATOM = range(9, 14)

BINARY_LEVELS = {
    "or": OR, "and": AND, "|": BITOR, "^": BITXOR, "&": BITAND,
    "==": COMPARE, "!=": COMPARE, "<": COMPARE, "<=": COMPARE, ">": COMPARE, ">=": COMPARE,
    "in": COMPARE, "not in": COMPARE, "is": COMPARE, "is not": COMPARE,
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "//": PRODUCT, "%": PRODUCT, "@": PRODUCT,
    "**": POWER,
}  # fmt: skip

_DOTTED = re.compile(r"(super\(\)\.)?[\w.]+\(")
_HUGS = re.compile(r"[-+]?[\w.]+")
_PLAIN_BOUND = re.compile(r"-?(\w+|\d[\d.e-]*)")


@dataclass(frozen=True)
class Split:
    """Where an expression breaks: behind ``head``, between the items, before ``tail``.

    Items are separated by commas, except the parts of a comprehension. ``forced`` breaks even
    what would fit, as a trailing comma does for black.
    """

    head: str
    items: tuple[Py, ...]
    tail: str
    commas: bool = True
    forced: bool = False


@dataclass(frozen=True)
class Py:
    """``text`` is the whole on one line; ``level`` how tightly it binds; ``depth`` how many
    calls stand within each other; ``parts`` the lines of a bare comprehension."""

    text: str
    level: int = ATOM
    split: Split | None = None
    depth: int = 0
    parts: tuple[Py, ...] = ()

    @property
    def forced(self) -> bool:
        """Whether it must be broken over several lines."""
        split = self.split
        return split is not None and (split.forced or any(i.forced for i in split.items))


def paren(py: Py, level: int) -> str:
    """The text, in parentheses if it binds less tightly than ``level``."""
    return py.text if py.level >= level else f"({py.text})"


def grouped(py: Py) -> Py:
    """An expression in parentheses, however tightly it binds."""
    return Py(f"({py.text})", ATOM, None, py.depth)


def deepest(items: Sequence[Py]) -> int:
    return max((item.depth for item in items), default=0)


def bracketed(head: str, items: Sequence[Py], tail: str, *, forced: bool = False) -> Py:
    """``head item, item tail``; a single bare comprehension breaks at its clauses."""
    text = head + ", ".join(item.text for item in items) + tail
    depth = deepest(items)
    if len(items) == 1 and items[0].parts:
        return Py(text, ATOM, Split(head, items[0].parts, tail, commas=False), depth)
    split = Split(head, tuple(items), tail, forced=forced) if items else None
    return Py(text, ATOM, split, depth)


def call(callee: Py | str, items: Sequence[Py] = (), *, forced: bool = False) -> Py:
    """A call. Only one of a dotted name has a place to break that is surely black's."""
    if isinstance(callee, str):
        callee = Py(callee)
    made = bracketed(paren(callee, ATOM) + "(", items, ")", forced=forced)
    plain = made.split is not None and _DOTTED.fullmatch(made.split.head)
    depth = max(callee.depth, made.depth + 1)
    return replace(made, depth=depth, split=made.split if plain else None)


def keyword(name: str, value: Py) -> Py:
    return prefixed(name + "=", value)


def prefixed(prefix: str, py: Py) -> Py:
    """``*value`` or ``name=value``: breaks where the value does."""
    split = py.split and replace(py.split, head=prefix + py.split.head)
    return Py(prefix + py.text, LAMBDA, split, py.depth)


def star(py: Py) -> Py:
    return prefixed("*", py if py.level >= BITOR else Py(f"({py.text})", depth=py.depth))


def attribute(owner: Py, name: str) -> Py:
    text = paren(owner, ATOM)
    if text[:1].isdigit():
        text = f"({text})"
    return Py(f"{text}.{name}", ATOM, None, owner.depth)


def index(value: Py, items: Sequence[Py]) -> Py:
    inner = ", ".join(item.text for item in items)
    return Py(f"{paren(value, ATOM)}[{inner}]", ATOM, None, max(value.depth, deepest(items)))


def slicing(start: Py | None, stop: Py | None, step: Py | None) -> Py:
    """``start:stop:step``, with black's spaces around bounds that are not plain."""
    bounds = [start, stop] + ([step] if step is not None else [])
    wide = any(b is not None and not _PLAIN_BOUND.fullmatch(b.text) for b in bounds)
    text = start.text if start is not None else ""
    for bound in bounds[1:]:
        if wide and text and not text.endswith(":"):
            text += " "
        text += ":"
        if bound is not None:
            text += (" " if wide else "") + bound.text
    return Py(text, LAMBDA, None, deepest([b for b in bounds if b is not None]))


def sequence(items: Sequence[Py], opening: str = "[") -> Py:
    """A list ``[a, b]`` or a tuple ``(a, b)``."""
    if opening == "(" and len(items) == 1:
        return Py(f"({items[0].text},)", ATOM, None, items[0].depth)
    return bracketed(opening, items, "]" if opening == "[" else ")")


def binary(op: str, left: Py, right: Py) -> Py:
    level = BINARY_LEVELS[op]
    depth = max(left.depth, right.depth)
    if op == "**":
        a, b = paren(left, ATOM), paren(right, UNARY)
        gap = "" if _HUGS.fullmatch(a) and _HUGS.fullmatch(b) else " "
        return Py(f"{a}{gap}**{gap}{b}", POWER, None, depth)
    left_level = level + 1 if level == COMPARE else level
    return Py(f"{paren(left, left_level)} {op} {paren(right, level + 1)}", level, None, depth)


def unary(op: str, value: Py) -> Py:
    """``-x``, ``+x``, ``~x`` or ``not x``."""
    if op == "not":
        return Py(f"not {paren(value, NOT)}", NOT, None, value.depth)
    inner = f"({value.text})" if value.level == POWER else paren(value, UNARY)  # as black wants
    return Py(op + inner, UNARY, None, value.depth)


def conditional(test: Py, then: Py, orelse: Py) -> Py:
    text = f"{paren(then, OR)} if {paren(test, OR)} else {paren(orelse, COND)}"
    return Py(text, COND, None, deepest([test, then, orelse]))


def comprehension(element: Py, clauses: Sequence[str]) -> Py:
    """A comprehension without its brackets."""
    text = " ".join([paren(element, COND), *clauses])
    first = element if element.level >= COND else Py(f"({element.text})")
    return Py(text, LAMBDA, None, element.depth, (first, *map(Py, clauses)))
