"""Equal sizes of a class are spelled alike: as they are spelled first, which is what the author
wrote. Rules that follow sizes through layers bring them into a form of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy

from nndsl.backends.source.scan import statement_operands, used_sizes
from nndsl.model import dims
from nndsl.model.expr import Cond, Expr, Op, Static, children, names_in, rebuild
from nndsl.model.graph import (
    Bind,
    Block,
    Chain,
    Check,
    Construct,
    Declare,
    FlowType,
    For,
    If,
    ListType,
    Make,
    Parametric,
    Scan,
    Statement,
    TensorType,
    TupleType,
    Use,
)
from nndsl.record import replace

_ARITHMETIC = frozenset(("+", "-", "*", "//", "%", "**"))


class Spelling:
    """The first spelling of each size in a body, by the form that equal sizes share."""

    def __init__(self, body: tuple[Statement, ...]) -> None:
        self._first: dict[Static, Static] = {}
        for value in _values(body):
            self._learn(value)

    def _learn(self, value: Static) -> None:
        """Note how a value is spelled, its parts before it: each is spelled as it was before."""
        if isinstance(value, Expr | tuple):
            for part in children(value):
                self._learn(part)
        if isinstance(value, Op) and value.op in _ARITHMETIC:
            self._first.setdefault(_key(value), rebuild(value, self))

    def __call__(self, value: Static) -> Static:
        """A value with every size in it as it was spelled first."""
        if isinstance(value, Op) and value.op in _ARITHMETIC:
            first = self._first.get(_key(value))
            if first is not None and set(names_in(first)) == set(names_in(value)):
                return first
        return rebuild(value, self) if isinstance(value, Op | Cond) else value

    def shown(self, block: Block) -> Block:
        """A block as its docstring shows it."""
        made = copy(block)
        made.inputs = tuple(
            replace(one, var=replace(one.var, type=self.type(one.var.type))) for one in block.inputs
        )
        made.output = self.type(block.output)
        return made

    def type(self, type: FlowType) -> FlowType:
        """The type of what flows, its sizes spelled so."""
        if isinstance(type, TupleType):
            return replace(type, items=tuple(map(self.type, type.items)))
        if isinstance(type, ListType):
            return replace(type, item=self.type(type.item))
        if not isinstance(type, TensorType) or type.shape is None:
            return type
        return replace(type, shape=tuple(map(self, type.shape)))


def _key(value: Static) -> Static:
    """What sizes share that are equal whatever their names stand for."""
    return dims.tidy(value, kept=dims.EVERY)


def _values(body: Iterable[Statement]) -> Iterator[Static]:
    """What statements are written with, in their order; what loops and conditions make of sizes
    behind what is written in them."""
    for one in body:
        if isinstance(one, Make):
            yield from _made(one.what)
        elif isinstance(one, Declare | Scan):
            yield from _values(one.body)
        elif isinstance(one, Bind):
            yield one.value
        elif isinstance(one, Check):
            yield one.test
        yield from (value for value in statement_operands(one) if isinstance(value, Expr | tuple))
        if isinstance(one, For | If):
            yield from _values(one.body if isinstance(one, For) else (*one.then, *one.orelse))
            yield from (part for size in one.sizes for part in vars(size).values())


def _made(what: object) -> Iterator[Static]:
    if isinstance(what, Construct):
        yield from (*what.args, *(value for _, value in what.kwargs))
    elif isinstance(what, Use):
        yield from (*(size for _, size in used_sizes(what)), *(value for _, value in what.args))
    elif isinstance(what, Parametric):
        yield from (*what.sizes, *what.args, *(value for _, value in what.kwargs))
    elif isinstance(what, Chain):
        yield from _values(what.body)
