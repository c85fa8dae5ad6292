"""Static expressions: what is known when a model is constructed, as the author wrote it.

A *static value* is a plain Python value (int, float, bool, str, None, tuple) or an ``Expr``.
An ``Expr`` is a small Python-like tree over names: static parameters, sizes of inputs, loop
variables. It is what the source backend prints and what ``evaluate`` computes. Whether two sizes
are equal is asked of ``dims``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Union

from nndsl.limits import exceeded
from nndsl.record import dataclass

Static = Union[int, float, bool, str, None, "Expr", tuple["Static", ...], Any]
Size = Union[int, "Expr"]

MAX_DEPTH, MAX_PARTS = 1000, 20_000
"""How deep an expression may be, and of how many parts: walking it may recurse, in C too."""


class Expr:
    """Base of static expressions; arithmetic on them builds larger ones."""

    __slots__ = ()
    depth = 0
    parts_inside = 1

    def __add__(self, other: Static) -> Static:
        return binary("+", self, other)

    def __radd__(self, other: Static) -> Static:
        return binary("+", other, self)

    def __sub__(self, other: Static) -> Static:
        return binary("-", self, other)

    def __rsub__(self, other: Static) -> Static:
        return binary("-", other, self)

    def __mul__(self, other: Static) -> Static:
        return binary("*", self, other)

    def __rmul__(self, other: Static) -> Static:
        return binary("*", other, self)

    def __floordiv__(self, other: Static) -> Static:
        return binary("//", self, other)

    def __rfloordiv__(self, other: Static) -> Static:
        return binary("//", other, self)

    def __mod__(self, other: Static) -> Static:
        return binary("%", self, other)

    def __neg__(self) -> Static:
        return unary("-", self)

    def _grown_from(self, parts: tuple[Static, ...]) -> None:
        """Note the depth and the size of an expression; one that is too large is refused."""
        depth = size = 0
        for part in parts:
            if isinstance(part, Expr):
                depth = part.depth if part.depth > depth else depth
                size += part.parts_inside
        if depth >= MAX_DEPTH or size >= MAX_PARTS:
            raise exceeded("depth", "a value is worked out in too many steps from each other")
        object.__setattr__(self, "depth", depth + 1)
        object.__setattr__(self, "parts_inside", size + 1)


@dataclass(frozen=True)
class Name(Expr):
    """A name of the definition that the expression stands in.

    ``id`` is unique within its definition. ``role`` says where its value comes from:

    - ``param``: a static parameter;
    - ``size``: the size of an axis of something that flows (``GraphBody.origins`` says of what);
    - ``local``: a static name that the author assigned; ``meaning`` is its expression;
    - ``loop``: a variable of a static loop, or its round number;
    - ``carried``: a static value or size that changes from round to round or between branches;
    - ``constant``: a name of the file; ``meaning`` is its value.

    ``type`` is ``int float bool str layer list any`` or ``list[...]``. ``meaning`` is what the
    name stands for elsewhere, when that is known: its expression, or the caller's size.
    """

    id: str
    role: str = "size"
    type: str = "int"
    meaning: Static = None
    scope: int = 0  # tells equal names of different definitions apart

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Name)
            and self.id == other.id
            and self.role == other.role
            and self.scope == other.scope
        )

    def __hash__(self) -> int:
        return hash((self.id, self.role, self.scope))

    def __post_init__(self) -> None:
        if isinstance(self.meaning, Expr):
            if self.meaning.depth >= MAX_DEPTH:
                raise exceeded("depth", "a value is worked out in too many steps from each other")
            object.__setattr__(self, "depth", self.meaning.depth + 1)


@dataclass(frozen=True)
class Op(Expr):
    """``args`` joined by ``op``: ``+ - * / // % ** neg pos not and or == != < <= > >= in is``,
    ``not in``, ``is not``. ``and``/``or`` may have more than two."""

    op: str
    args: tuple[Static, ...]

    def __post_init__(self) -> None:
        self._grown_from(self.args)


@dataclass(frozen=True)
class Call(Expr):
    """A call of one of ``FUNCTIONS``."""

    fn: str
    args: tuple[Static, ...]

    def __post_init__(self) -> None:
        self._grown_from(self.args)


@dataclass(frozen=True)
class Cond(Expr):
    """``then if test else orelse``."""

    test: Static
    then: Static
    orelse: Static

    def __post_init__(self) -> None:
        self._grown_from((self.test, self.then, self.orelse))


@dataclass(frozen=True)
class Index(Expr):
    value: Static
    index: Static

    def __post_init__(self) -> None:
        self._grown_from((self.value, self.index))


@dataclass(frozen=True)
class SliceOf(Expr):
    value: Static
    start: Static
    stop: Static
    step: Static

    def __post_init__(self) -> None:
        self._grown_from((self.value, self.start, self.stop, self.step))


@dataclass(frozen=True)
class Listing(Expr):
    """A list whose items are not all plain values. A ``Spread`` item is spliced."""

    items: tuple[Static, ...]


@dataclass(frozen=True)
class Spread(Expr):
    """``*value`` inside a Listing."""

    value: Static


@dataclass(frozen=True)
class Comprehension(Expr):
    """``[element for targets in iterable if test]``; several clauses nest from left to right."""

    element: Static
    clauses: tuple[CompClause, ...]


@dataclass(frozen=True)
class CompClause:
    targets: Targets
    iterable: Static
    tests: tuple[Static, ...] = ()


@dataclass(frozen=True)
class Text(Expr):
    """A template like ``"layer{i+1}"``: its plain and its computed parts."""

    parts: tuple[Static, ...]


@dataclass(frozen=True)
class Built(Expr):
    """A module of torch among the arguments of another: ``weight_norm(nn.Conv1d(...))``.

    ``torch`` is its class (or what makes it) and ``args``, ``kwargs`` are as they are to be
    written. Its value is itself with plain arguments; who constructs makes a module of that.
    """

    torch: str
    args: tuple[Static, ...] = ()
    kwargs: tuple[tuple[str, Static], ...] = ()


@dataclass(frozen=True)
class Applied(Expr):
    """A call of one of the spec's own functions on numbers; ``meaning`` is what it comes to."""

    function: Any
    args: tuple[tuple[str, Static], ...]
    meaning: Static

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Applied)
            and self.function is other.function
            and self.args == other.args
        )

    def __hash__(self) -> int:
        return hash((id(self.function), self.args))


Targets = Union[Name, tuple["Targets", ...]]

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
    "is": lambda a, b: a is b,
    "is not": lambda a, b: a is not b,
}

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": len,
    "range": lambda *args: tuple(range(*args)),
    "enumerate": lambda items, start=0: tuple(enumerate(items, start)),
    "zip": lambda *lists: tuple(zip(*lists, strict=False)),
    "reversed": lambda items: tuple(reversed(items)),
    "sorted": lambda items: tuple(sorted(items)),
    "sum": sum,
    "min": min,
    "max": max,
    "abs": abs,
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
    "int": int,
    "float": float,
    "bool": bool,
    "str": str,
    "log": math.log,
    "log2": math.log2,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "any": any,
    "all": all,
}


def binary(op: str, left: Static, right: Static) -> Static:
    """``left op right``: computed where both are plain, else built without trivial parts."""
    if not (isinstance(left, Expr) or isinstance(right, Expr)):
        return BINARY[op](left, right)
    if op in "+-" and _is(right, 0):
        return left
    if op == "+" and _is(left, 0):
        return right
    if op in ("*", "//", "**") and _is(right, 1):
        return left
    if op == "*" and _is(left, 1):
        return right
    return Op(op, (left, right))


def connect(op: str, args: tuple[Static, ...]) -> Static:
    """``a and b`` or ``a or b``; plain operands in front decide, or drop out."""
    while len(args) > 1 and not isinstance(args[0], Expr):
        if bool(args[0]) == (op == "or"):
            return args[0]
        args = args[1:]
    return args[0] if len(args) == 1 else Op(op, args)


def unary(op: str, value: Any) -> Static:
    """``-value``, ``+value`` or ``not value``."""
    if isinstance(value, Expr):
        return Op({"-": "neg", "+": "pos"}.get(op, op), (value,))
    if op == "not":
        return not value
    return -value if op == "-" else +value


def _is(value: Static, number: int) -> bool:
    return type(value) is int and value == number


def children(value: Static) -> Iterator[Static]:
    """The direct parts of an expression (also of a comprehension's clauses)."""
    if isinstance(value, Op | Call):
        yield from value.args
    elif isinstance(value, Cond):
        yield from (value.test, value.then, value.orelse)
    elif isinstance(value, Index):
        yield from (value.value, value.index)
    elif isinstance(value, SliceOf):
        yield from (value.value, value.start, value.stop, value.step)
    elif isinstance(value, Listing):
        yield from value.items
    elif isinstance(value, Spread):
        yield value.value
    elif isinstance(value, Text):
        yield from value.parts
    elif isinstance(value, tuple):
        yield from value
    elif isinstance(value, Applied):
        yield from (part for _, part in value.args)
    elif isinstance(value, Built):
        yield from value.args
        yield from (part for _, part in value.kwargs)
    elif isinstance(value, Comprehension):
        for clause in value.clauses:
            yield clause.iterable
            yield from clause.tests
        yield value.element


def bound_names(targets: Targets) -> tuple[Name, ...]:
    """The names that a loop's target binds, in order."""
    if isinstance(targets, Name):
        return (targets,)
    return tuple(name for part in targets for name in bound_names(part))


def names_in(value: Static) -> Iterator[Name]:
    """Every free name of an expression, in order, with repeats; meanings are not entered."""
    if isinstance(value, Name):
        yield value
    elif isinstance(value, Comprehension):
        bound = {n for clause in value.clauses for n in bound_names(clause.targets)}
        for part in children(value):
            yield from (n for n in names_in(part) if n not in bound)
    else:
        for part in children(value):
            yield from names_in(part)


def rebuild(value: Static, change: Callable[[Static], Static]) -> Static:
    """The same expression with ``change`` applied to each direct part."""
    if isinstance(value, Op):
        args = tuple(map(change, value.args))
        if value.op in ("and", "or"):
            return connect(value.op, args)
        return binary(value.op, *args) if len(args) == 2 else Op(value.op, args)
    if isinstance(value, Call):
        return Call(value.fn, tuple(map(change, value.args)))
    if isinstance(value, Cond):
        return Cond(change(value.test), change(value.then), change(value.orelse))
    if isinstance(value, Index):
        return Index(change(value.value), change(value.index))
    if isinstance(value, SliceOf):
        return SliceOf(*map(change, (value.value, value.start, value.stop, value.step)))
    if isinstance(value, Listing):
        return Listing(tuple(map(change, value.items)))
    if isinstance(value, Spread):
        return Spread(change(value.value))
    if isinstance(value, Text):
        return Text(tuple(map(change, value.parts)))
    if isinstance(value, tuple):
        return tuple(map(change, value))
    if isinstance(value, Built):
        return _rebuilt(value, change)
    if isinstance(value, Applied):
        given = tuple((name, change(part)) for name, part in value.args)
        return Applied(value.function, given, change(value.meaning))
    if isinstance(value, Comprehension):
        clauses = tuple(
            CompClause(c.targets, change(c.iterable), tuple(map(change, c.tests)))
            for c in value.clauses
        )
        return Comprehension(change(value.element), clauses)
    return value


def _rebuilt(value: Built, change: Callable[[Static], Static]) -> Built:
    named = tuple((name, change(part)) for name, part in value.kwargs)
    return Built(value.torch, tuple(map(change, value.args)), named)


def substitute(value: Static, replace: Mapping[Name, Static]) -> Static:
    """The expression with names replaced by expressions or values."""
    if isinstance(value, Name):
        return replace.get(value, value)
    if not isinstance(value, Expr | tuple):
        return value
    return rebuild(value, lambda part: substitute(part, replace))


def is_list(value: Static) -> bool:
    """Whether an expression is certainly a list: ``+`` and ``*`` join and repeat it."""
    if isinstance(value, Name):
        return value.type.startswith("list")
    if isinstance(value, Op):
        return _is_list_op(value)
    if isinstance(value, Call):
        return value.fn in ("range", "enumerate", "zip", "reversed", "sorted")
    if isinstance(value, Applied):
        return is_list(value.meaning)
    if isinstance(value, Cond):
        return is_list(value.then) or is_list(value.orelse)
    return isinstance(value, Listing | Comprehension | SliceOf | tuple)


def _is_list_op(value: Op) -> bool:
    """Lists joined: the last is one too. A list repeated: it stands in front, at most thrice so.

    A long sum of numbers is asked at each of its terms, so the whole of it isn't looked through.
    """
    if value.op == "+":
        return is_list(value.args[-1])
    for _ in range(3):
        first = value.args[0] if value.op == "*" else None
        if not isinstance(first, Op):
            return first is not None and is_list(first)
        value = first
        if value.op == "+":
            return is_list(value)
    return False


class Undecided(Exception):
    """A value is needed that is not known: ``name`` is the first name without one."""

    def __init__(self, name: Name) -> None:
        super().__init__(name.id)
        self.name = name


def evaluate(value: Static, env: Mapping[Name, Any] | None = None) -> Any:
    """The plain value of an expression. Lists come out as tuples.

    Raises ``Undecided`` for a name that neither ``env`` nor its meaning decides, and what the
    arithmetic itself raises (ZeroDivisionError, TypeError, IndexError, OverflowError).
    """
    env = env if env is not None else {}
    if isinstance(value, Name):
        if value in env:
            return env[value]
        if value.meaning is None:
            raise Undecided(value)
        return evaluate(value.meaning, env)
    if isinstance(value, Op):
        return _evaluate_op(value, env)
    if isinstance(value, Cond):
        return evaluate(value.then if evaluate(value.test, env) else value.orelse, env)
    if isinstance(value, Call):
        return FUNCTIONS[value.fn](*(evaluate(a, env) for a in value.args))
    if isinstance(value, Index):
        return evaluate(value.value, env)[evaluate(value.index, env)]
    if isinstance(value, SliceOf):
        bounds = (evaluate(b, env) for b in (value.start, value.stop, value.step))
        return evaluate(value.value, env)[slice(*bounds)]
    if isinstance(value, Text):
        return "".join(str(evaluate(p, env)) for p in value.parts)
    if isinstance(value, Comprehension):
        return tuple(_rounds(value.element, value.clauses, dict(env)))
    if isinstance(value, Listing | tuple):
        return tuple(_items(value.items if isinstance(value, Listing) else value, env))
    if isinstance(value, Applied):
        return evaluate(value.meaning, env)
    if isinstance(value, Built):
        return _rebuilt(value, lambda part: evaluate(part, env))
    return value


def _items(items: tuple[Static, ...], env: Mapping[Name, Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, Spread):
            yield from evaluate(item.value, env)
        else:
            yield evaluate(item, env)


def _evaluate_connected(value: Op, env: Mapping[Name, Any]) -> Any:
    """As in Python: the first operand that decides, else the last."""
    found: Any = None
    for part in value.args:
        found = evaluate(part, env)
        if bool(found) == (value.op == "or"):
            break
    return found


def _evaluate_op(value: Op, env: Mapping[Name, Any]) -> Any:
    if value.op in ("and", "or"):
        return _evaluate_connected(value, env)
    args = [evaluate(a, env) for a in value.args]
    if value.op == "not":
        return not args[0]
    if value.op in ("neg", "pos"):
        return -args[0] if value.op == "neg" else +args[0]
    return BINARY[value.op](*args)


def bind(targets: Targets, value: Any, env: dict[Name, Any]) -> None:
    """Bind a loop's targets to one item."""
    if isinstance(targets, Name):
        env[targets] = value
        return
    if len(targets) != len(value):
        raise ValueError(f"{len(value)} values for {len(targets)} names")
    for target, part in zip(targets, value, strict=True):
        bind(target, part, env)


def _rounds(
    element: Static, clauses: tuple[CompClause, ...], env: dict[Name, Any]
) -> Iterator[Any]:
    if not clauses:
        yield evaluate(element, env)
        return
    clause, rest = clauses[0], clauses[1:]
    for item in evaluate(clause.iterable, env):
        bind(clause.targets, item, env)
        if all(evaluate(t, env) for t in clause.tests):
            yield from _rounds(element, rest, env)


def known(value: Static) -> bool:
    """Whether the value can be computed without any more knowledge."""
    if not isinstance(value, Expr | tuple):
        return True
    if isinstance(value, Name):
        return value.meaning is not None and known(value.meaning)
    if isinstance(value, Comprehension):
        return all(n.meaning is not None and known(n.meaning) for n in names_in(value))
    return all(map(known, children(value)))
