"""The statements of a forward: nested where a person would, with names used again."""

from __future__ import annotations

from nndsl.backends.source import branches, py, rounds
from nndsl.backends.source.children import Children
from nndsl.backends.source.flow import Body, Flow
from nndsl.backends.source.layout import Writer
from nndsl.backends.source.nesting import Pending, breaks, called, listed, nests
from nndsl.backends.source.operations import Operations
from nndsl.backends.source.places import SCRATCH, Places
from nndsl.backends.source.py import Py
from nndsl.backends.source.readings import Readings
from nndsl.backends.source.remarks import Remarks
from nndsl.backends.source.scan import flowing, flows, operands, views
from nndsl.model.graph import (
    Apply,
    Bind,
    CallFunction,
    Do,
    For,
    Give,
    If,
    Invoke,
    Many,
    Operand,
    Operation,
    Scan,
    Statement,
    Var,
)  # fmt: skip


class Forward:
    """Writes a body to ``out``. Whatever is not yet written waits in ``pending``, in order."""

    def __init__(
        self,
        out: Writer,
        flow: Flow,
        places: Places,
        readings: Readings,
        operations: Operations,
        children: Children,
        result: str | None = None,
    ) -> None:
        self.out = out
        self.flow = flow
        self.places = places
        self.readings = readings
        self.operations = operations
        self.children = children
        self.absent = children.absent
        self.result = result
        self.inputs = dict(places.names)
        self.pending: list[Pending] = []
        self.remarks = Remarks()
        self._consumed: dict[Var, Pending] = {}
        self._skipped: set[Statement] = set()

    # ------------------------------------------------------------------ statements

    def body(self, body: Body) -> None:
        """The statements of one level, in order."""
        for position, statement in enumerate(body):
            if statement in self._skipped:
                continue
            if isinstance(statement, Do):
                self._do(statement, body[position + 1 : position + 2])
            elif isinstance(statement, Give):
                self._give(statement)
            elif isinstance(statement, Bind):
                self._bind(statement)
            elif isinstance(statement, Scan):
                rounds.scan(self, statement, body[position + 1 : position + 2])
            elif isinstance(statement, If):
                if flows(statement):
                    branches.write(self, statement, body[position + 1 : position + 2])
                self._join(statement)
            elif isinstance(statement, For) and flows(statement):
                self.flush()
                rounds.static(self, statement, body[position + 1 : position + 2])

    def _bind(self, statement: Bind) -> None:
        if statement.name in self.readings.bound:
            self.flush()
            value = self.operations.statics(statement.value)
            self.out.put(f"{self.readings.assign(statement.name)} = ", value)

    def _join(self, statement: If) -> None:
        """Names that a condition of construction gives a value in each round."""
        for name, value in self.readings.joined(statement):
            self.flush()
            self.out.put(f"{self.readings.assign(name)} = ", self.operations.statics(value))

    def _do(self, statement: Do, following: Body) -> None:
        live = self.flow.after[statement]
        made = self.value(self.flow.operation(statement), live, statement.targets[0])
        if len(statement.targets) != 1:
            self.flush()
            self.out.put(f"{self._targets(statement, following)} = ", made.text)
            return
        var = statement.targets[0]
        if not self.flow.uses[var]:
            self.flush()
            if not isinstance(statement.operation, Apply):
                self.out.put("", made.text)
        elif self.flow.uses[var] == 1 and (not var.name or _gives(following, var)):
            self.pending.append(made)
        else:
            self.flush()
            self._assign(made)

    def _targets(self, statement: Do, following: Body) -> str:
        """``a, _, c``: what is never read needs no name; a part taken apart next is taken apart."""
        texts = []
        for var in statement.targets:
            taken = self.flow.after[statement] | set(statement.targets)
            if following and self._takes_apart(following[0], var):
                assert isinstance(following[0], Do)
                self._skipped.add(following[0])
                texts.append(f"({self._targets(following[0], ())})")
            else:
                texts.append(self.places.choose(var, taken, None) if self.flow.uses[var] else "_")
        return ", ".join(texts) + ("," if len(texts) == 1 else "")

    def _takes_apart(self, statement: Statement, var: Var) -> bool:
        if not isinstance(statement, Do) or len(statement.targets) < 2:
            return False
        operation = statement.operation
        identity = isinstance(operation, Apply) and operation.fn == "op.identity"
        return identity and operation.args == (var,) and self.flow.uses[var] == 1

    def _give(self, statement: Give) -> None:
        value = statement.value
        if isinstance(value, Many):
            made = self.combine(value)
            if self.result is not None:
                items = made.split.items if made.split else (made,)
                made = py.call(self.result, items)
            elif value.kind == "tuple" and made.text.startswith("(") and len(value.items) > 1:
                made = Py(made.text[1:-1], py.LAMBDA)
        else:
            made = self.combine(value)
            if self.result is not None:  # a tuple of torch's, with names of its own
                made = py.call(self.result, (py.star(made),))
        self.flush()
        self.out.put("return ", made)

    # ------------------------------------------------------------------ values

    def value(self, operation: Operation, live: frozenset[Var], var: Var) -> Pending:
        """An operation's text, with what waits for it nested where that reads well."""
        wanted = self.flow.vars(*operands(operation))
        taken = self._take(wanted)
        text = self.operations(operation)
        while taken and not self._fits(operation, var, taken, text):
            self._put_back(taken)
            self.flush(0 if listed(operation, taken) else len(taken) - 1)
            taken = self._take(wanted)
            text = self.operations(operation)
        calls = isinstance(operation, Invoke) or any(p.calls for p in taken)
        mixed = not isinstance(operation, Invoke) and any(p.calls for p in taken)
        source, viewed = self._source(operation, var)
        return Pending(var, text, operation, calls, mixed, source, live, viewed)

    def combine(self, operand: Operand) -> Py:
        """An operand's text, with everything nested that waits for it, if that is short."""
        taken = self._take(self.flow.vars(operand))
        text = self.operations.operand(operand)
        if taken and len(text.text) > self.out.room() - len("return "):
            together = isinstance(operand, Many) and operand.kind == "zip"
            if isinstance(operand, Var) or text.split is not None and (len(taken) < 2 or together):
                return text
            self._put_back(taken)
            self.flush(len(taken) - 1)
            return self.combine(operand)
        return text

    def _take(self, wanted: list[Var]) -> list[Pending]:
        """The last of what waits, as far as it is read here in the order in which it was made."""
        waiting = [p.var for p in self.pending]
        wanted = [var for var in wanted if var in waiting]
        count = len(wanted)
        while count and waiting[-count:] != wanted[-count:]:
            count -= 1
        first = len(self.pending) - count
        if wanted[: len(wanted) - count]:
            first, count = len(self.pending), 0
            self.flush()
        taken = self.pending[first:]
        del self.pending[first:]
        self._consumed.update((p.var, p) for p in taken)
        return taken

    def _put_back(self, taken: list[Pending]) -> None:
        for one in taken:
            del self._consumed[one.var]
        self.pending += taken

    def _source(self, operation: Operation, var: Var) -> tuple[Var | None, bool]:
        """The variable that flows through, and whether only its axes are changed."""
        for one in flowing(operation, var):
            before = self._consumed.get(one)
            if before is None:
                return one, views(operation)
            if before.source is not None:
                return before.source, views(operation) and before.viewed
        return None, False

    def attempt(self, body: Body, operand: Operand) -> Py | None:
        """A whole branch as one expression, or None if it takes statements."""
        names, consumed, out = dict(self.places.names), dict(self._consumed), self.out
        forget = self.readings.locals.kept()
        self.out = Writer(out.indent)
        self.body(body)
        text = self.combine(operand)
        done = not self.out.lines and not self.pending
        self.out, self.pending = out, []
        if not done:
            self.places.names, self._consumed = names, consumed
            forget()
        return text if done else None

    def joined(
        self, var: Var, text: Py, statement: Statement, following: Body, operand: Operand = None
    ) -> None:
        """A value that a compound statement made, as one expression."""
        read = operand if isinstance(operand, Var) else None
        source = self._consumed[read].source if read in self._consumed else read
        made = Pending(var, text, None, False, True, source, self.flow.after[statement])
        if self.flow.uses[var] == 1 and (not var.name or _gives(following, var)):
            self.pending.append(made)
        else:
            self._assign(made)

    def read(self, var: Var) -> Py:
        """How a variable is read: by name, as an attribute, or as the expression it stands for."""
        if var in self._consumed:
            return self._consumed[var].text
        if var.member is not None:
            return self.readings.member(var.member)
        return Py(self.places.names[var])

    def _fits(self, operation: Operation, var: Var, taken: list[Pending], text: Py) -> bool:
        """Whether what is nested reads well, in one line or in a call that is broken over three."""
        room = self.out.room() - len(var.name or "x") - len("return ")
        fits = len(text.text) <= room
        if not fits and len(taken) > 1 and breaks(text, self.out.room() - 4):
            fits = any(name in SCRATCH for name in self._names(taken))
        return fits and nests(operation, taken, text, self.inputs)

    def _names(self, taken: list[Pending]) -> list[str]:
        """The names that values would get."""
        with self.places.trial():
            return [self._name(one) for one in taken]

    # ------------------------------------------------------------------ writing

    def flush(self, but: int = 0) -> None:
        """Write what waits, ``but`` for as many of the last."""
        count = len(self.pending) - but
        waiting, self.pending = self.pending[:count], self.pending[count:]
        for one in waiting:
            self._assign(one)

    def _assign(self, made: Pending) -> None:
        name = self._name(made)
        if made.text.text != name:
            kind = ": list[Tensor]" if made.text.text == "[]" else ""
            self.out.put(f"{name}{kind} = ", made.text)
            self.remarks.beside(self.out, made.var, made.text.text)

    def _name(self, made: Pending) -> str:
        label = called(made, self.children.label, self._consumed)
        stays = isinstance(made.operation, CallFunction)
        return self.places.choose(made.var, made.live, made.source, label, made.viewed, stays)


def _gives(following: Body, var: Var) -> bool:
    return bool(following) and isinstance(following[0], Give) and following[0].value is var
