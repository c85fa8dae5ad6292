"""Static expressions as Python text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nndsl.backends.source import py
from nndsl.backends.source.literals import literal, string
from nndsl.backends.source.py import Py
from nndsl.model import dims
from nndsl.model.expr import (
    Applied,
    Built,
    Call,
    CompClause,
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
    bound_names,
    is_list,
)  # fmt: skip
from nndsl.model.graph import LambdaRef, LayerRef

Layer = LayerRef | LambdaRef | Built | Applied
_MATH = frozenset({"floor", "ceil", "log", "log2", "sqrt", "exp"})
_ONCE = frozenset({"reversed", "enumerate", "zip"})
"""What gives an iterator in Python, where the language has a list."""
_GO_THROUGH = frozenset({"sum", "min", "max", "sorted", "enumerate", "zip", "any", "all"})
_UNARY = {"neg": "-", "pos": "+", "not": "not"}
_OPPOSITE = {"in": "not in", "is": "is not", "==": "!=", "!=": "==", "not in": "in", "is not": "is",
             "<": ">=", ">": "<=", "<=": ">", ">=": "<"}  # fmt: skip


class Statics:
    """Prints static values. ``lookup`` says how a name is read here; ``layer`` prints layers;
    ``spell`` how a size is written."""

    def __init__(
        self,
        lookup: Callable[[Name], Py],
        layer: Callable[[Layer], Py],
        spell: Callable[[Static], Static] = lambda value: value,
    ) -> None:
        self.lookup = lookup
        self.layer = layer
        self.spell = spell
        self._own: dict[Name, Py] = {}  # the names of the comprehensions around

    def __call__(self, value: Static) -> Py:
        if isinstance(value, Name):
            return self._own.get(value) or self.lookup(value)
        if isinstance(value, Layer):
            return self.layer(value)
        if isinstance(value, Op):
            spelled = self.spell(value)
            return self._op(spelled) if isinstance(spelled, Op) else self(spelled)
        if isinstance(value, Cond):
            return py.conditional(self(value.test), self(value.then), self(value.orelse))
        if isinstance(value, Expr):
            return self._compound(value)
        if isinstance(value, tuple):
            return py.sequence([self(item) for item in value], "(")
        return literal(value)

    def _compound(self, value: Expr) -> Py:
        if isinstance(value, Call):
            made = self.iterated(value)
            return py.call("list", [made]) if value.fn in _ONCE else made
        if isinstance(value, Index):
            return py.index(self(value.value), [self(value.index)])
        if isinstance(value, SliceOf):
            bounds = [None if b is None else self(b) for b in (value.start, value.stop, value.step)]
            return py.index(self(value.value), [py.slicing(*bounds)])
        if isinstance(value, Listing):
            return py.sequence([self(item) for item in value.items], "(")
        if isinstance(value, Spread):
            return py.star(self(value.value))
        if isinstance(value, Comprehension):
            return py.bracketed("[", [self.comprehension(value)], "]")
        if isinstance(value, Text):
            return self.text(value)
        raise TypeError(f"no way to print {type(value).__name__}")

    def iterated(self, value: Static) -> Py:
        """A list that is gone through once, as a loop does: Python's iterators will do."""
        if not isinstance(value, Call):
            return self(value)
        fn = f"math.{value.fn}" if value.fn in _MATH else value.fn
        return py.call(fn, [self._argument(a, value.fn in _GO_THROUGH) for a in value.args])

    def _argument(self, value: Static, once: bool) -> Py:
        """A list that only a function reads needs no brackets."""
        if isinstance(value, Comprehension):
            return self.comprehension(value)
        return self.iterated(value) if once else self(value)

    def comprehension(self, value: Comprehension) -> Py:
        around = self._own
        bound = [n for clause in value.clauses for n in bound_names(clause.targets)]
        self._own = around | {name: Py(name.id) for name in bound}
        try:
            clauses = [text for clause in value.clauses for text in self._clause(clause)]
            return py.comprehension(self(value.element), clauses)
        finally:
            self._own = around

    def _clause(self, clause: CompClause) -> list[str]:
        targets = self.targets(clause.targets)
        loop = f"for {targets} in {py.paren(self.iterated(clause.iterable), py.OR)}"
        return [loop, *(f"if {py.paren(self(t), py.OR)}" for t in clause.tests)]

    def targets(self, targets: Targets, nested: bool = False) -> str:
        """The targets of a loop."""
        if isinstance(targets, Name):
            return self(targets).text
        inner = ", ".join(self.targets(part, True) for part in targets)
        return f"({inner})" if nested else inner

    def _op(self, value: Op) -> Py:
        if value.op == "not":
            return self.negated(value.args[0])
        if value.op in _UNARY:
            return py.unary(_UNARY[value.op], self(value.args[0]))
        if value.op in ("==", "!=") and (value.args[1] is None or isinstance(value.args[1], bool)):
            return self._comparison_with(value)
        if value.op == "+" and (any(map(_is_list, value.args)) or _mixes(value)):
            return py.sequence(list(self._joined(value)))
        if value.op == "*" and isinstance(value.args[0], Listing):
            return py.binary("*", self.as_list(value.args[0]), self(value.args[1]))
        if value.op == "*" and isinstance(value.args[0], Name) and is_list(value.args[0]):
            items = py.sequence([py.star(self(value.args[0]))])  # a parameter may be any sequence
            return py.binary("*", items, self(value.args[1]))
        if _is_square(value):
            return self._op(Op("**", (value.args[0], 2)))
        made = self(value.args[0])
        if value.op == "*" and isinstance(value.args[0], Op) and value.args[0].op in ("//", "%"):
            made = py.grouped(made)  # not everybody knows which is done first
        for part in value.args[1:]:
            made = py.binary(value.op, made, self(part))
        return made

    def as_list(self, value: Static) -> Py:
        """A value that is printed as a list, where one that is written out would be a tuple."""
        if isinstance(value, Listing | tuple):
            items = value.items if isinstance(value, Listing) else value
            return py.sequence([self(item) for item in items])
        return self(value)

    def begun(self, text: str, name: Name, value: Py) -> str:
        """The left side of a running name's first assignment: an empty list says of what."""
        kind = name.type if "[" in name.type else "list[int]"
        return f"{text}: {kind} = " if value.text == "[]" else f"{text} = "

    def assigned(self, name: Name, value: Static) -> Py:
        """What is assigned to a running name: lists stay lists."""
        return self.as_list(value) if name.type.startswith("list") else self(value)

    def _joined(self, value: Static) -> Iterator[Py]:
        """The items of lists that are added: a list and a tuple can be put together so."""
        if isinstance(value, Op) and value.op == "+":
            for part in value.args:
                yield from self._joined(part)
        elif isinstance(value, Listing | tuple):
            for item in value.items if isinstance(value, Listing) else value:
                yield self(item)
        elif isinstance(value, Comprehension):
            yield py.star(py.bracketed("(", [self.comprehension(value)], ")"))
        else:
            yield py.star(self(value))

    def _comparison_with(self, value: Op) -> Py:
        """``x is None`` for ``x == None``; ``x`` or ``not x`` for a comparison with a bool."""
        subject, other = value.args
        if other is None:
            return py.binary("is" if value.op == "==" else "is not", self(subject), literal(None))
        if not (isinstance(subject, Name) and subject.type == "bool"):
            return self(Op(value.op, (subject, int(bool(other)))))  # the same for every number
        return self(subject) if (value.op == "==") == other else self.negated(subject)

    def negated(self, value: Static) -> Py:
        """``not value``, by the opposite comparison where there is one."""
        if isinstance(value, Op) and value.op in _OPPOSITE and len(value.args) == 2:
            return self(Op(_OPPOSITE[value.op], value.args))
        if isinstance(value, Op) and value.op == "not":
            return self(value.args[0])
        return py.unary("not", self(value))

    def text(self, value: Text) -> Py:
        """An f-string; ``str.format`` where a computed part has quotes or backslashes itself."""
        plain, computed = [], []
        for part in value.parts:
            if isinstance(part, str):
                plain.append(part.replace("{", "{{").replace("}", "}}"))
            else:
                plain.append("{}")
                computed.append(self(part))
        if not computed:
            return literal("".join(p for p in value.parts if isinstance(p, str)))
        if plain == ["{}"]:
            return Py(f"str({computed[0].text})")
        if any(set(c.text) & set("\"'\\{}") for c in computed):
            return py.call(string("".join(plain)) + ".format", computed)
        texts = iter(computed)
        inside = "".join("{" + next(texts).text + "}" if p == "{}" else p for p in plain)
        return Py("f" + string(inside), depth=0)


def _is_square(value: Op) -> bool:
    """Whether a whole number that is computed stands there twice, as a factor."""
    first = value.args[0]
    twice = value.op == "*" and value.args[1:] == (first,) and isinstance(first, Op)
    return twice and not dims.inexact(first)


def _mixes(value: Op) -> bool:
    """Whether one of two lists that are joined may be a tuple: a parameter."""
    return is_list(value) and any(
        isinstance(part, Name) and part.role != "carried" for part in value.args
    )


def _is_list(value: Static) -> bool:
    """Whether a value is certainly a list."""
    if isinstance(value, Op) and value.op == "+":
        return any(map(_is_list, value.args))
    return isinstance(value, Listing | Comprehension | tuple)
