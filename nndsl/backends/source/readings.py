"""How static values and sizes are read where a model runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from typing import TypeGuard

from nndsl.backends.source import py
from nndsl.backends.source.layout import Writer
from nndsl.backends.source.naming import Locals
from nndsl.backends.source.py import Py
from nndsl.backends.source.scan import (
    constructs,
    flows,
    names,
    operand_parts,
    spelled_out,
    statement_operands,
    takes_items,
)
from nndsl.model.expr import Call, Cond, Name, Op, Static, bound_names
from nndsl.model.graph import (
    Bind,
    Do,
    For,
    If,
    InputParameter,
    ListType,
    Path,
    RunTest,
    Scan,
    Statement,
    TensorType,
    TupleType,
    Var,
)  # fmt: skip

Origins = dict[Name, tuple[Var, int]]
Body = tuple[Statement, ...]


class Readings:
    """``bound``: names assigned while running. ``inline``: sizes read from a shape where they are
    needed, and of which variable. Everything else is what ``keep`` makes of it.

    ``assigns``: there is no constructor, so that the author's names are assigned here as well, as
    far as they are read more than once.
    """

    def __init__(
        self,
        body: Body,
        inputs: tuple[InputParameter, ...],
        origins: Origins,
        known: Callable[[Name], bool],
        keep: Callable[[Name], Py],
        member: Callable[[Path], Py],
        locals_: Locals,
        absent: Container[Statement] = (),
        assigns: bool = False,
    ) -> None:
        self.locals = locals_
        self._absent = absent  # conditions that are asked as `child is not None`
        self.member = member
        self.loop: For | None = None
        self._keep = keep
        early = set(_read_early(body, origins))
        origins = {name: origin for name, origin in origins.items() if name not in early}
        self._origins = origins
        self._patterns = {one.var: one.pattern for one in inputs}
        self.bound: set[Name] = set()
        self._place: Callable[[Var], str] = lambda var: var.name
        binds = {s.name: s for s in _every(body) if isinstance(s, Bind)}
        self._values = {**{n: s.value for n, s in binds.items()}, **_joined(body)}
        self.bound |= set(_of_rounds(body, frozenset()))
        self._find_bound(binds, known)
        named = {s.name for s in body if assigns and _is_computed(s)} - self.bound
        self.bound |= named
        self._counts: Counter[Name] = Counter()
        self._count(body)
        self.bound &= {n for n in self._counts if n not in named or self._counts[n] > 1}
        self.unpacked = self._unpack(inputs)
        self.inline = {
            n: origins[n][0] for n in self._counts if n in origins and n not in self.unpacked
        }
        for name in (*self.unpacked, *(n for n in self._values if n in self.bound)):
            locals_.of(name)

    def _find_bound(self, binds: dict[Name, Bind], known: Callable[[Name], bool]) -> None:
        """Author's names that depend on a size of this run."""
        for name, bind in binds.items():
            if any(
                n in self.bound or (n in self._origins and not known(n)) for n in names(bind.value)
            ):
                self.bound.add(name)

    def _count(self, body: Body) -> None:
        for statement in _every(body):
            if isinstance(statement, If | For | Scan) and not flows(statement):
                continue
            operands = list(statement_operands(statement))
            unasked = statement in self._absent
            unasked |= isinstance(statement, For) and takes_items(statement)
            for operand in operands[1:] if unasked else operands:
                for name in _names_of(operand):
                    self._add(name)

    def _add(self, name: Name) -> None:
        self._counts[name] += 1
        if self._counts[name] == 1 and name in self.bound:
            for part in names(self._values[name]):
                self._add(part)

    def joined(self, statement: If) -> list[tuple[Name, Static]]:
        """The names that a condition gives a value, where these are assigned while running."""
        found = _joined((statement,))
        return [(s.name, found[s.name]) for s in statement.sizes if s.name in self.bound]

    def _unpack(self, inputs: tuple[InputParameter, ...]) -> list[Name]:
        """Sizes of inputs that are worth a name of their own, read first of all."""
        found: list[Name] = []
        for one in inputs:
            mine = [
                n for n in self._counts if n in self._origins and self._origins[n][0] is one.var
            ]
            often = len(mine) > 1 or any(self._counts[n] > 1 for n in mine)
            if often and not one.optional:
                found += sorted(mine, key=lambda n: self._origins[n][1])
        return found

    def write_unpacking(self, out: Writer, place: Callable[[Var], str]) -> None:
        """``b, t, _ = x.shape``."""
        self._place = place
        for var in dict.fromkeys(self._origins[name][0] for name in self.unpacked):
            mine = {self._origins[n][1]: n for n in self.unpacked if self._origins[n][0] is var}
            kind = var.type
            if len(mine) > 1 and isinstance(kind, TensorType) and kind.rank is not None:
                texts = [self.locals.of(mine[a]) if a in mine else "_" for a in range(kind.rank)]
                out.line(f"{', '.join(texts)} = {place(var)}.shape")
                continue
            for name in mine.values():
                out.line(f"{self.locals.of(name)} = {self._from_shape(name).text}")

    def _from_shape(self, name: Name) -> Py:
        var, axis = self._origins[name]
        kind = var.type
        if isinstance(kind, ListType) and axis < 0:
            return py.call("len", [Py(self._place(var))])
        if isinstance(kind, ListType | TupleType):
            return Py(f"{self._place(var)}[0].shape[{axis}]")
        if isinstance(kind, TensorType) and kind.shape and axis >= 0:
            behind = axis - len(kind.shape)
            axis = behind if kind.lead or self._counts_back(name, behind) else axis
        return Py(f"{self._place(var)}.shape[{axis}]")

    def _counts_back(self, name: Name, behind: int) -> bool:
        """Whether an axis is the last, or one of the last, whatever stands before it."""
        var, _ = self._origins[name]
        if self._patterns.get(var):
            lead, _, rest = self._patterns[var].partition("...")
            return not lead and -len(rest.split()) <= behind
        mine = [n for n in self._counts if n in self._origins and self._origins[n][0] is var]
        return behind == -1 and len(mine) == 1 and self._origins[name][1] > 0

    @contextmanager
    def heading(self, loop: For) -> Iterator[None]:
        """While the header of a loop is written: what only it needs is kept just before it."""
        self.loop = loop
        yield
        self.loop = None

    def assign(self, name: Name) -> str:
        return self.locals.of(name)

    def lookup(self, name: Name) -> Py:
        """A static name where the model runs."""
        text = self.locals.known(name)
        if text is not None:
            return Py(text)
        if name in self._origins:
            return self._from_shape(name)
        return self._keep(name)


def _is_computed(statement: Statement) -> TypeGuard[Bind]:
    """Whether the author gave a name to what is computed."""
    return isinstance(statement, Bind) and isinstance(statement.value, Op | Call | Cond)


def _of_rounds(body: Body, own: frozenset[Name], idle: bool = False) -> Iterator[Name]:
    """Author's names that have another value in each round of a loop, whose names are ``own``;
    and those of loops and conditions that the constructor doesn't write (``idle``)."""
    for statement in body:
        if isinstance(statement, Bind) and (idle or not own.isdisjoint(names(statement.value))):
            own |= {statement.name}
            yield statement.name
        elif isinstance(statement, If):
            inside = (*statement.then, *statement.orelse)
            yield from _of_rounds(inside, own, idle or not constructs(statement))
            for name, value in _joined((statement,)).items():
                if name not in own and not own.isdisjoint(names(value)):
                    own |= {name}
                    yield name
        elif isinstance(statement, For):
            mine = {size.name for size in statement.sizes}
            inside_names = own | mine | set(loop_names(statement))
            yield from _of_rounds(statement.body, inside_names, idle or not constructs(statement))
        elif isinstance(statement, Scan):
            yield from _of_rounds(statement.body, own, idle)


def _joined(body: Body) -> dict[Name, Static]:
    """What conditions of construction make of names, each as one value."""
    return {
        size.name: Cond(s.test, spelled_out(size.then, {}), spelled_out(size.orelse, {}))
        for s in _every(body)
        if isinstance(s, If) and not isinstance(s.test, RunTest)
        for size in s.sizes
    }


def _names_of(operand: object) -> list[Name]:
    return [p for p in operand_parts(operand) if isinstance(p, Name)]


def _every(body: Body) -> list[Statement]:
    """All statements that may flow, nested ones behind what they stand in."""
    found: list[Statement] = []
    for statement in body:
        found.append(statement)
        if isinstance(statement, If):
            found += _every(statement.then) + _every(statement.orelse)
        elif isinstance(statement, For | Scan):
            found += _every(statement.body)
    return found


def loop_names(statement: For) -> tuple[Name, ...]:
    """The names that a loop binds in each round."""
    targets = bound_names(statement.targets) if statement.targets is not None else ()
    return (*targets, statement.round)


def _read_early(body: Body, origins: Origins) -> Iterator[Name]:
    """Carried names that are read before the tensor is made that would tell them; the constructor
    knows them."""
    places = {id(var): place for place, var in enumerate(_made_in_order(body))}
    made = 0
    for statement in _in_order(body):
        if isinstance(statement, Var):
            made += 1
            continue
        for name in (n for operand in statement_operands(statement) for n in _names_of(operand)):
            place = places.get(id(origins[name][0]), -1) if name in origins else -1
            if place >= made and name.role == "carried":
                yield name


def _made_in_order(body: Body) -> Iterator[Var]:
    return (one for one in _in_order(body) if isinstance(one, Var))


def _in_order(body: Body) -> Iterator[Statement | Var]:
    """Statements as they run, and behind each the variables that it gives a value."""
    for statement in body:
        yield statement
        if isinstance(statement, Do):
            yield from statement.targets
        elif isinstance(statement, If):
            yield from _in_order((*statement.then, *statement.orelse))
            yield from (join.var for join in statement.joins)
        elif isinstance(statement, For | Scan):
            yield from (one.head for one in statement.carried)
            yield from statement.target if isinstance(statement, Scan) else ()
            yield from _in_order(statement.body)
            yield from (one.after for one in statement.carried)
            yield from (one.after for one in statement.gathered)
