"""``if`` in a forward: as a conditional expression where it is short, else as a statement."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

from nndsl.backends.source import py
from nndsl.backends.source.flow import Body
from nndsl.backends.source.layout import Writer
from nndsl.backends.source.py import Py
from nndsl.model.graph import If, Joined, Operand, RunTest, Unsupported, Var

if TYPE_CHECKING:
    from nndsl.backends.source.forward import Forward

Copies = list[tuple[str, Py]]


def write(forward: Forward, statement: If, following: Body) -> None:
    """An ``if`` whose branches compute, with the variables that either may have assigned."""
    for mine, other in ((statement.then, statement.orelse), (statement.orelse, statement.then)):
        if any(isinstance(part, Unsupported) for part in mine):
            _only(forward, statement, other, mine is statement.then)
            return
    forward.flush()
    live = forward.flow.after[statement]
    joins = [join for join in statement.joins if join.var in live]
    if len(joins) == 1 and not _in_place(forward, joins[0], live):
        short = _conditional(forward, statement, joins[0])
        if short is not None:
            forward.joined(joins[0].var, short, statement, following, joins[0].then)
            return
    _statement(forward, statement, joins, live)


def _only(forward: Forward, statement: If, body: Body, other: bool) -> None:
    """The one branch that can be taken: the constructor refuses the rest."""
    live = forward.flow.after[statement]
    joins = [join for join in statement.joins if join.var in live]
    names = {join.var: _name(forward, join, live) for join in joins}
    sides = [join.orelse if other else join.then for join in joins]
    for join, operand in zip(joins, sides, strict=True):
        if isinstance(operand, Var) and operand not in forward.places.names:
            forward.places.hints[operand] = names[join.var]
    forward.body(body)
    finish(forward, [(names[j.var], o) for j, o in zip(joins, sides, strict=True)])
    forward.places.names.update(names)


def _in_place(forward: Forward, join: Joined, live: frozenset[Var]) -> bool:
    """Whether one branch leaves a variable as it is, so that ``if`` alone says it better."""
    for operand in (join.then, join.orelse):
        if isinstance(operand, Var) and operand in forward.places.names and operand not in live:
            name = forward.places.names[operand]
            if join.var.name in ("", operand.name) or join.var.name == name:
                return True
    return False


def _conditional(forward: Forward, statement: If, join: Joined) -> Py | None:
    then = forward.attempt(statement.then, join.then)
    orelse = forward.attempt(statement.orelse, join.orelse)
    if then is None or orelse is None:
        return None
    if then.text == orelse.text:
        return then
    if missing(forward, statement):
        made = py.conditional(test(forward, statement, opposite=True), orelse, then)
    else:
        made = py.conditional(test(forward, statement), then, orelse)
    room = forward.out.room() - len(join.var.name or "x") - len("return ")
    return made if len(made.text) <= room and then.depth + orelse.depth <= 4 else None


def missing(forward: Forward, statement: If) -> bool:
    """Whether the text reads better the other way round: ``x if self.proj is None else ...``."""
    test_ = statement.test
    return statement in forward.absent or isinstance(test_, RunTest) and test_.kind == "given"


def test(forward: Forward, statement: If, opposite: bool = False) -> Py:
    """The condition. Where a child exists only if it holds, that is what is asked."""
    condition = statement.test
    if statement in forward.absent:
        word = "is" if opposite else "is not"
        return py.binary(word, forward.absent[statement], Py("None"))
    if isinstance(condition, RunTest):
        return _run_test(forward, condition.negated() if opposite else condition)
    statics = forward.operations.statics
    return statics.negated(condition) if opposite else statics(condition)


def _run_test(forward: Forward, test: RunTest) -> Py:
    if test.parts:
        made = [
            _run_test(forward, part)
            if isinstance(part, RunTest)
            else forward.operations.statics(part)
            for part in test.parts
        ]
        word = "and" if test.kind == "all" else "or"
        return reduce(lambda left, right: py.binary(word, left, right), made)
    if test.var is None:
        mode = forward.operations.mode
        return py.unary("not", mode) if test.kind == "eval" else mode
    word = "is" if test.kind == "none" else "is not"
    return py.binary(word, forward.read(test.var), Py("None"))


def _statement(forward: Forward, statement: If, joins: list[Joined], live: frozenset[Var]) -> None:
    names = {join.var: _name(forward, join, live) for join in joins}
    outer = forward.out
    written = []
    for body, sides in (
        (statement.then, [join.then for join in joins]),
        (statement.orelse, [join.orelse for join in joins]),
    ):
        for join, operand in zip(joins, sides, strict=True):
            if isinstance(operand, Var) and operand not in forward.places.names:
                forward.places.hints[operand] = names[join.var]
        before = dict(forward.places.names)
        forward.out = outer.inner()
        forward.body(body)
        finish(forward, [(names[j.var], o) for j, o in zip(joins, sides, strict=True)])
        written.append(forward.out)
        forward.places.names = before
    forward.out = outer
    forward.places.names.update(names)
    then, orelse = written
    if then.lines:
        outer.branch(test(forward, statement), then, orelse)
    elif orelse.lines:
        outer.branch(test(forward, statement, opposite=True), orelse, Writer(outer.indent + 4))


def _name(forward: Forward, join: Joined, live: frozenset[Var]) -> str:
    sources = [o for o in (join.orelse, join.then) if isinstance(o, Var)]
    known = [o for o in sources if o in forward.places.names]
    return forward.places.choose(join.var, live, known[0] if known else None, stays=True)


def finish(forward: Forward, ends: list[tuple[str, Operand]]) -> None:
    """Assign what a branch or a round hands on; all at once where names depend on each other."""
    copies: Copies = []
    for name, operand in ends:
        text = forward.combine(operand)
        if text.text != name:
            copies.append((name, text))
    forward.flush()
    if _entangled(copies):
        left = ", ".join(name for name, _ in copies)
        forward.out.put(f"{left} = ", Py(", ".join(text.text for _, text in copies), py.LAMBDA))
        return
    for name, text in copies:
        forward.out.put(f"{name} = ", text)


def _entangled(copies: Copies) -> bool:
    return any(
        re.search(rf"(?<![\w.]){name}\b", later.text)
        for position, (name, _) in enumerate(copies)
        for _, later in copies[position + 1 :]
    )
