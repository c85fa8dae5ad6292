"""Static conditions: their truth where it is known, and what follows when one is assumed."""

from __future__ import annotations

from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.expr import BINARY, Expr, Listing, Name, Op, Static, Text, evaluate, known

_NEGATED = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "is": "is not",
    "is not": "is",
}
_NUMBERS = ("==", "!=", "<", "<=", ">", ">=")


def decide(test: Static, check: Checker, truths: dict[object, bool]) -> bool | None:
    """True, False, or None when it depends on names without a value."""
    if not isinstance(test, Expr):
        return bool(test)
    if known(test):
        return bool(evaluate(test))
    stated = truths.get(_statement(test))
    if stated is not None:
        return stated
    if isinstance(test, Op):
        if test.op == "not":
            inner = decide(test.args[0], check, truths)
            return None if inner is None else not inner
        if test.op in ("and", "or"):
            return _connect(test, check, truths)
        if test.op in _NUMBERS:
            return _compare(test, check)
    return None


def _connect(test: Op, check: Checker, truths: dict[object, bool]) -> bool | None:
    answers = [decide(part, check, truths) for part in test.args]
    decisive = test.op == "or"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _compare(test: Op, check: Checker) -> bool | None:
    left, right = test.args
    if not (_is_size(left) and _is_size(right)):
        return None
    if test.op in ("==", "!="):
        same = dims.equal(left, right, check.facts)
        return None if same is None else same == (test.op == "==")
    swap = test.op in (">", "<=")
    less = dims.less(right, left, check.facts) if swap else dims.less(left, right, check.facts)
    if less is None:
        return None
    return less if test.op in ("<", ">") else not less


def _is_size(value: Static) -> bool:
    if isinstance(value, Name):
        return value.type == "int"
    if isinstance(value, Op):
        return not _holds_other(value)
    return type(value) is int


def _holds_other(value: Static) -> bool:
    """Whether an expression computes with texts or lists."""
    if isinstance(value, Op):
        return any(map(_holds_other, value.args))
    if isinstance(value, Name):
        return value.type == "str" or value.type.startswith("list")
    return isinstance(value, str | Text | tuple | Listing)


def _statement(test: Static) -> object:
    """A condition as a key; what is negated has the key of its positive form."""
    if isinstance(test, Op) and test.op in BINARY:
        return (test.op, *(dims.key(a) for a in test.args))
    return dims.key(test)


def consequences(
    test: Static, truth: bool, facts: dict[Name, Static], truths: dict[object, bool]
) -> None:
    """Note everything that follows when ``test`` is ``truth``."""
    if not isinstance(test, Expr):
        return
    truths[_statement(test)] = truth
    if not isinstance(test, Op):
        return
    if test.op == "not":
        consequences(test.args[0], not truth, facts, truths)
    elif (test.op == "and" and truth) or (test.op == "or" and not truth):
        for part in test.args:
            consequences(part, truth, facts, truths)
    elif test.op in _NEGATED:
        truths[_statement(Op(_NEGATED[test.op], test.args))] = not truth
        if (test.op == "==") == truth and test.op in ("==", "!="):
            _equate(test.args[0], test.args[1], facts)


def _equate(left: Static, right: Static, facts: dict[Name, Static]) -> None:
    if _holds_other(left) or _holds_other(right):
        return
    left, right = dims.tidy(left, facts), dims.tidy(right, facts)
    if isinstance(left, Name) and left.type == "int" and left != right:
        facts[left] = right
    elif isinstance(right, Name) and right.type == "int" and left != right:
        facts[right] = left
