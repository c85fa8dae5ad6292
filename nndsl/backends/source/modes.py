"""Which of the spec's functions ask for the module's mode, and so must be told it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nndsl.backends.source.scan import operand_parts, statement_operands
from nndsl.model.graph import CallFunction, Do, FunctionBlock, If, RunTest, Special, Statement, walk


def asking(functions: Iterable[FunctionBlock]) -> frozenset[FunctionBlock]:
    """The functions whose result depends on the mode; callees stand before their callers."""
    found: set[FunctionBlock] = set()
    for function in functions:
        if any(_asks(statement, found) for statement in walk(function.body)):
            found.add(function)
    return frozenset(found)


def _asks(statement: Statement, known: set[FunctionBlock]) -> bool:
    operation = statement.operation if isinstance(statement, Do) else None
    if isinstance(operation, CallFunction) and operation.function in known:
        return True
    test = statement.test if isinstance(statement, If) else None
    if isinstance(test, RunTest) and not {"training", "eval"}.isdisjoint(_kinds(test)):
        return True
    parts = (part for one in statement_operands(statement) for part in operand_parts(one))
    return any(isinstance(part, Special) and part.kind == "training" for part in parts)


def _kinds(test: RunTest) -> Iterator[str]:
    yield test.kind
    for part in test.parts:
        if isinstance(part, RunTest):
            yield from _kinds(part)
