"""Which variables are read later, and how often: what naming and inlining rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

from nndsl.backends.source.owners import asking_others
from nndsl.backends.source.scan import flowing, operand_parts, operands, statement_operands, views
from nndsl.model.expr import Name
from nndsl.model.graph import (
    Bind,
    Do,
    For,
    Give,
    If,
    Operand,
    Operation,
    RunTest,
    Scan,
    Special,
    Statement,
    Var,
)  # fmt: skip

Body = tuple[Statement, ...]


class Flow:
    """``uses`` counts the reads of each variable; ``after`` holds, for each statement, what is
    still read behind it, and ``around`` what each round of a loop may read. ``sizes`` says which
    variable a size is read from where it is needed. ``consumer`` says which variable one
    becomes, and whether only its axes are others, ``keywords`` as what a variable is passed.

    What a loop's rounds make may be left from an earlier round of a loop around it, if the inner
    loop has no round; with ``anew`` each round counts as making it again.
    """

    def __init__(self, body: Body, sizes: Mapping[Name, Var], anew: bool = False) -> None:
        self._body, self._sizes, self._anew = body, sizes, anew
        self._operations: dict[Statement, Operation] = {}
        self.around: dict[Statement, frozenset[Var]] = {}
        self.uses: Counter[Var] = Counter()
        self.after: dict[Statement, frozenset[Var]] = {}
        self.consumer: dict[Var, tuple[Var, bool]] = {}
        self.keywords: dict[Var, str] = {}
        self._asks = False
        self._live(body, frozenset())
        self._ask_others(body)  # as if no variable were read for its device or dtype alone
        self._asks = True
        self._live(body, frozenset())
        self._ask_others(body)  # what has to be kept for one question can answer all
        self._live(body, frozenset())
        self._count(body)

    @cached_property
    def anew(self) -> Flow:
        """The same, as if no round left anything to a later one that it isn't carried to."""
        return Flow(self._body, self._sizes, anew=True)

    def vars(self, *operands: Operand) -> list[Var]:
        """The variables that operands read, in reading order."""
        found = []
        for operand in operands:
            for part in operand_parts(operand):
                if isinstance(part, Special):
                    part = part.of if self._asks else None  # type: ignore[assignment]
                elif isinstance(part, Name):
                    part = self._sizes.get(part)  # type: ignore[assignment]
                if isinstance(part, Var) and part.member is None:
                    found.append(part)
        return found

    def _ask_others(self, body: Body) -> None:
        read = {one: self.after[one] | self._read(one) for one in self.after}
        self._operations = asking_others(body, read)

    def operation(self, statement: Do) -> Operation:
        """What a statement does, with the devices and dtypes that it asks for here."""
        return self._operations.get(statement, statement.operation)

    def _operands(self, statement: Statement) -> Iterator[Operand]:
        if statement in self._operations:
            return iter(operands(self._operations[statement]))
        return statement_operands(statement)

    def _count(self, body: Body) -> None:
        for statement in body:
            read = self.vars(*self._operands(statement))
            if isinstance(statement, Bind):
                read = self.vars(statement.value)
            self.uses.update(read)
            if isinstance(statement, Do):
                self._goes_into(statement)
            if isinstance(statement, If):
                self._count(statement.then)
                self._count(statement.orelse)
                for join in statement.joins:
                    self._becomes(join.var, join.then, join.orelse)
            elif isinstance(statement, For | Scan):
                self._count(statement.body)
                for one in statement.carried:
                    self._becomes(one.after, one.next)

    def _goes_into(self, statement: Do) -> None:
        """What becomes of the variable that flows, and as which keyword others are passed."""
        target, operation = statement.targets[0], statement.operation
        source = next(iter(flowing(operation, target)), None)
        ends = source is not None and source not in self.after[statement]
        if source is not None and ends and len(statement.targets) == 1:
            self.consumer[source] = target, views(operation)
        for keyword, value in statement.operation.kwargs:
            if isinstance(value, Var):
                self.keywords[value] = keyword

    def _becomes(self, var: Var, *operands: Operand) -> None:
        self.consumer.update((part, (var, True)) for part in self.vars(*operands))

    def _live(self, body: Body, after: frozenset[Var]) -> frozenset[Var]:
        """What is read at or behind the beginning of a body."""
        for statement in reversed(body):
            self.after[statement] = after
            after = self._before(statement, after)
        return after

    def _before(self, statement: Statement, after: frozenset[Var]) -> frozenset[Var]:
        if isinstance(statement, Do):
            return (after - set(statement.targets)) | self._read(statement)
        if isinstance(statement, Give):
            return self._read(statement)
        if isinstance(statement, Bind):
            return after | set(self.vars(statement.value))
        if isinstance(statement, If):
            return self._before_if(statement, after)
        if isinstance(statement, For | Scan):
            return self._before_loop(statement, after)
        return after

    def _read(self, statement: Statement) -> frozenset[Var]:
        return frozenset(self.vars(*self._operands(statement)))

    def _before_if(self, statement: If, after: frozenset[Var]) -> frozenset[Var]:
        rest = after - {join.var for join in statement.joins}
        joins = [join for join in statement.joins if join.var in after]
        then = self._live(statement.then, rest | set(self.vars(*(j.then for j in joins))))
        orelse = self._live(statement.orelse, rest | set(self.vars(*(j.orelse for j in joins))))
        test = statement.test
        if isinstance(test, RunTest):
            return then | orelse | set(self.vars(*test.operands()))
        return then | orelse | set(self.vars(test))

    def _before_loop(self, statement: For | Scan, after: frozenset[Var]) -> frozenset[Var]:
        heads = {one.head for one in statement.carried}
        rest = after - {c.after for c in statement.carried} - {g.after for g in statement.gathered}
        ends = set(self.vars(*(c.next for c in statement.carried)))
        ends |= set(self.vars(*(g.item for g in statement.gathered)))
        around: frozenset[Var] = rest
        for _ in range(2):
            around |= self._live(statement.body, around | ends) - heads
        self.around[statement] = around
        own = set(statement.target) if isinstance(statement, Scan) else set()
        read = self.vars(*(c.init for c in statement.carried))
        read += [g.onto for g in statement.gathered if g.onto is not None]
        over = statement.over if isinstance(statement, Scan) else statement.iterable
        if self._anew:
            own.update(_made(statement.body))
        return (around - own) | set(read) | set(self.vars(over))


def _made(body: Body) -> Iterator[Var]:
    """The variables that statements give a value."""
    for statement in body:
        if isinstance(statement, Do):
            yield from statement.targets
        elif isinstance(statement, If):
            yield from (join.var for join in statement.joins)
            yield from _made((*statement.then, *statement.orelse))
        elif isinstance(statement, For | Scan):
            yield from (one.after for one in statement.carried)
            yield from (one.after for one in statement.gathered)
            yield from _made(statement.body)
