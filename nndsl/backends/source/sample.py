"""Sample inputs of a model as Python text: sizes that fit, numbers that its layers can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from nndsl.backends.source.naming import as_given, unique
from nndsl.model.expr import Name, Static, Undecided, evaluate, names_in
from nndsl.model.graph import (
    Block,
    Construct,
    Do,
    FlowType,
    If,
    InputParameter,
    Invoke,
    ListType,
    Make,
    NoneType,
    Statement,
    TensorType,
    TupleType,
    Use,
    Var,
    walk,
)
from nndsl.record import dataclass

BATCH = 2
TRIED = (32, 64, 96, 128, 192, 224, 256, 299, 384, 512, 1024, 4096, 16384, 16, 12, 8, 6, 4, 2, 1)
TOGETHER = (32, 64, 224, 8, 4, 1)
"""Sizes that are tried for all open axes at once, and for each of several."""
MOST_OPEN = 4


class Unmade(ValueError):
    """A file beside printed source that can't be made; the text says why."""


@dataclass(frozen=True)
class Input:
    """One input: its name, the expression that makes it, its annotation."""

    name: str
    made: str
    kind: str


class Sample:
    """Inputs for a concrete block, and what its output's sizes are for them."""

    def __init__(self, block: Block, batch: int = BATCH) -> None:
        self.block = block
        self.wanted = tuple(_wanted(block))
        self.env = _sizes(block, self.wanted, batch)

    def inputs(self) -> list[Input]:
        """The inputs that have to be given."""
        taken: set[str] = set()
        found: list[Input] = []
        for one in self.wanted:
            name = unique(as_given(one.var.name or "x"), taken)
            taken.add(name)
            rows = _rows(self.block, one.var)
            found.append(Input(name, self._made(one.var.type, rows), _kind(one.var.type)))
        return found

    def _made(self, type: FlowType, rows: int) -> str:
        if isinstance(type, ListType):
            length = self.number(type.length)
            return f"[{', '.join([self._made(type.item, rows)] * (length or 0))}]"
        if isinstance(type, TupleType):
            opened, closed = ("[", "]") if type.many else ("(", ")")
            return opened + ", ".join(self._made(item, rows) for item in type.items) + closed
        assert isinstance(type, TensorType)
        sizes = ", ".join(map(str, self.shape(type) or ()))
        sizes = sizes or "()"
        if type.dtype == "float":
            return f"torch.randn({sizes})"
        if type.dtype == "bool":
            return f"torch.ones({sizes}, dtype=torch.bool)"
        shape = f"({sizes},)" if "," not in sizes else f"({sizes})"
        return f"torch.randint({rows}, {shape if sizes != '()' else '()'})"

    def shape(self, type: TensorType) -> tuple[int, ...] | None:
        """The shape's numbers, or None if one isn't known."""
        if type.shape is None:
            return None
        sizes = [self.number(size) for size in type.shape]
        known = [size for size in sizes if size is not None]
        return tuple(known) if len(known) == len(sizes) else None

    def number(self, size: Static) -> int | None:
        """A size for these inputs."""
        try:
            return int(evaluate(size, self.env))
        except (Undecided, ArithmeticError, TypeError, ValueError):
            return None


def _wanted(block: Block) -> Iterator[InputParameter]:
    for one in block.inputs:
        if one.optional or isinstance(one.var.type, NoneType):
            return  # those behind it are optional too, or are given by name
        yield one


def _kind(type: FlowType) -> str:
    if isinstance(type, ListType):
        return f"list[{_kind(type.item)}]"
    if isinstance(type, TupleType):
        inner = [_kind(item) for item in type.items]
        return f"list[{inner[0]}]" if type.many else f"tuple[{', '.join(inner)}]"
    return "Tensor"


# ------------------------------------------------------------------ sizes


def _sizes(block: Block, inputs: tuple[InputParameter, ...], batch: int) -> dict[Name, int]:
    """Numbers for the open sizes with which everything that flows has a size of at least 1."""
    types = [one.var.type for one in inputs]
    open_ = list(dict.fromkeys(n for type in types for size in _all(type) for n in names_in(size)))
    first = next((s for type in types for s in _all(type)), None)
    env = {name: batch for name in open_ if name is first}
    rest = [name for name in open_ if name not in env]
    needed = list(_needed(block))
    for chosen in _choices(len(rest)):
        trial = {**env, **dict(zip(rest, chosen, strict=True))}
        if _fits(needed, block.assumptions, trial):
            return trial
    raise Unmade(f"no sizes were found that fit the inputs of `{block.name}`")


def _choices(count: int) -> Iterator[tuple[int, ...]]:
    for size in TRIED if count else (0,):
        yield (size,) * count
    if 1 < count <= MOST_OPEN:
        yield from product(TOGETHER, repeat=count)


def _all(type: FlowType) -> Iterator[Static]:
    """Every size in a type."""
    if isinstance(type, TensorType):
        if type.shape is None or type.lead:
            raise Unmade('an input says no shape; write one, such as `(x: "b 3 h w")`')
        yield from type.shape
    elif isinstance(type, TupleType):
        for item in type.items:
            yield from _all(item)
    elif isinstance(type, ListType):
        yield type.length
        yield from _all(type.item)


def _needed(block: Block) -> Iterator[Static]:
    """The sizes of all that flows, in blocks inside too."""
    seen: set[Block] = set()
    waiting = [block]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        for statement in walk(one.body):
            if isinstance(statement, Do):
                for var in statement.targets:
                    if isinstance(var.type, TensorType) and var.type.shape is not None:
                        yield from var.type.shape
            elif isinstance(statement, Make) and isinstance(statement.what, Use):
                waiting.append(statement.what.block)


def _fits(needed: list[Static], assumptions: tuple[Static, ...], env: Mapping[Name, int]) -> bool:
    try:
        return all(_value(a, env) is not False for a in assumptions) and all(
            not isinstance(size := _value(one, env), int) or size >= 1 for one in needed
        )
    except ArithmeticError:
        return False


def _value(value: Static, env: Mapping[Name, int]) -> object:
    try:
        return evaluate(value, env)
    except (Undecided, TypeError, ValueError, IndexError):
        return None


# ------------------------------------------------------------------ whole numbers


def _rows(block: Block, var: Var) -> int:
    """Below which number an input of integers has to stay: a layer that reads it has so many rows.

    1 where no layer reads it as it is.
    """
    found = [rows for rows in _readers(block, var) if rows is not None]
    return min(found, default=1)


def _readers(block: Block, var: Var) -> Iterator[int | None]:
    made = {s.path: s.what for s in walk(block.body) if isinstance(s, Make)}
    same = {var}
    for statement in _steps(block.body):
        if not isinstance(statement, Do):
            continue
        operation = statement.operation
        if not isinstance(operation, Invoke):
            continue
        for place, given in enumerate(operation.args):
            if not (isinstance(given, Var) and given in same):
                continue
            what = made.get(operation.path)
            if isinstance(what, Construct) and what.weights:
                rows = what.weights[0].shape[0]
                yield rows if isinstance(rows, int) else None
            elif isinstance(what, Use) and place < len(what.block.inputs):
                yield from _readers(what.block, what.block.inputs[place].var)


def _steps(body: tuple[Statement, ...]) -> Iterator[Statement]:
    for statement in walk(body):
        if not isinstance(statement, If):
            yield statement
