"""Functions of a concrete program: their numbers are known, so they are parameters no longer."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.backends.source.functions import FunctionPrinter
from nndsl.backends.source.scan import body_names
from nndsl.backends.source.titles import Titles
from nndsl.model.expr import Name
from nndsl.model.graph import (
    CallFunction,
    Declare,
    Do,
    FunctionBlock,
    Operand,
    Program,
    Statement,
    walk,
)


def settle_functions(program: Program) -> tuple[FunctionBlock, ...]:
    """The functions that remain, in order; calls are changed to them in place.

    Dropped are parameters that the body does not read, since they are numbers in it, and functions
    that print like an earlier one.
    """
    names = Titles(program)
    calls = Calls()
    first: dict[str, FunctionBlock] = {}
    for function in program.functions:
        calls.settle(function.body)
        calls.parameters[function] = [name for name, _, _ in function.parameters]
        read = set(body_names(function.body))
        function.parameters = tuple(
            (name, inside, default)
            for name, inside, default in function.parameters
            if not isinstance(inside, Name) or inside in read
        )
        calls.kept[function] = first.setdefault(_text(function, names), function)
    for block in program.blocks:
        calls.settle(block.body)
    return tuple(first.values())


def _text(function: FunctionBlock, names: Titles) -> str:
    own = names.functions[function]
    names.functions[function] = function.name
    try:
        signature, _, body, _ = FunctionPrinter(function, names).write()
    finally:
        names.functions[function] = own
    return "\n".join([*signature, *body])


class Calls:
    """Changes calls to what their functions have become."""

    def __init__(self) -> None:
        self.parameters: dict[FunctionBlock, list[str]] = {}
        self.kept: dict[FunctionBlock, FunctionBlock] = {}
        self.done: set[int] = set()

    def settle(self, body: tuple[Statement, ...]) -> None:
        for call in _calls(body):
            if id(call) not in self.done:
                self.done.add(id(call))
                self._change(call)

    def _change(self, call: CallFunction) -> None:
        left = {name for name, _, _ in call.function.parameters}
        given = zip(self.parameters[call.function], call.args, strict=False)
        args: tuple[Operand, ...] = tuple(value for name, value in given if name in left)
        kwargs = tuple((name, value) for name, value in call.kwargs if name in left)
        object.__setattr__(call, "function", self.kept[call.function])
        object.__setattr__(call, "args", args)
        object.__setattr__(call, "kwargs", kwargs)


def _calls(body: tuple[Statement, ...]) -> Iterator[CallFunction]:
    for statement in walk(body):
        if isinstance(statement, Declare):
            yield from _calls(statement.body)
        elif isinstance(statement, Do) and isinstance(statement.operation, CallFunction):
            yield statement.operation
