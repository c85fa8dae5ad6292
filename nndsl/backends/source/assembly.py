"""Expressions that make children: single modules, containers and chains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence

from nndsl.backends.source import py
from nndsl.backends.source.children import key_of
from nndsl.backends.source.headers import Header
from nndsl.backends.source.naming import Locals
from nndsl.backends.source.py import Py
from nndsl.backends.source.scan import construct_names, constructs
from nndsl.backends.source.statics import Statics
from nndsl.backends.source.titles import Titles, construct
from nndsl.model.expr import Name, Text
from nndsl.model.graph import (
    Bind,
    Chain,
    For,
    Holder,
    If,
    Made,
    Make,
    Path,
    PathPart,
    RunTest,
    Statement,
)  # fmt: skip
from nndsl.model.names import is_number
from nndsl.record import replace

Body = Sequence[Statement]


class Assembly:
    """Prints what a constructor makes as one expression, where one expression can make it.

    ``counts`` says how often each static name is read, so that nothing is computed for nobody.
    """

    def __init__(
        self,
        titles: Titles,
        statics: Statics,
        names: Locals,
        counts: Counter[Name],
        kept: Container[Name],
    ) -> None:
        self.titles = titles
        self.statics = statics
        self.names = names
        self.counts = counts
        self._kept = kept

    def read(self, name: Name) -> bool:
        """Whether anybody needs a name, the constructor or the forward."""
        return self.counts[name] > 0 or name in self._kept

    def made(self, made: Made) -> Py | None:
        """One module, or None if it takes several statements."""
        if isinstance(made, Holder):
            return Py(f"nn.{made.kind}()")
        if isinstance(made, Chain):
            return self.chain(made.body)
        return construct(made, self.titles, self.statics)

    # ------------------------------------------------------------------ chains

    def chain(self, body: Body) -> Py | None:
        items = self.chain_items(body)
        if items is None:
            return None
        if any(isinstance(s, Make) and is_named(s.path[-1]) for s in body):
            keys = [self.key(s.path[-1]) for s in body if isinstance(s, Make)]
            pairs = [py.sequence(pair, "(") for pair in zip(keys, items, strict=True)]
            return py.call("nn.Sequential", [py.call("OrderedDict", [_listing(pairs)])])
        return py.call("nn.Sequential", items, forced=len(items) > 1)

    def chain_items(self, body: Body) -> list[Py] | None:
        """The modules of a chain as arguments; None where it has to be built step by step."""
        named = any(isinstance(s, Make) and is_named(s.path[-1]) for s in body)
        items: list[Py] = []
        for statement in grouped(body, self.read):
            item = None if isinstance(statement, list) else self._item(statement)
            if item is None or (named and not isinstance(statement, Make)):
                return None
            items.append(item)
        return items

    def _item(self, statement: Statement) -> Py | None:
        if isinstance(statement, Make):
            return None if self.tells(statement) else self.made(statement.what)
        if isinstance(statement, If):
            single = all(len(_made_in(b)) == 1 for b in (statement.then, statement.orelse))
            told = any(self.read(size.name) for size in statement.sizes)
            return self.choice(statement) if single and not told else None
        if isinstance(statement, For):
            made = self.rounds(statement)
            return py.star(py.bracketed("(", [made], ")")) if made is not None else None
        return None

    def choice(self, statement: If, named: bool = False) -> Py | None:
        """``a if test else b`` for two short modules."""
        (then,), (orelse,) = map(tuple, map(_made_in, (statement.then, statement.orelse)))
        if not (isinstance(then, Make) and isinstance(orelse, Make)):
            return None
        if isinstance(statement.test, RunTest) or any(map(self.tells, (then, orelse))):
            return None
        if any(isinstance(m.what, Chain | Holder) for m in (then, orelse)):
            return None
        if not named and any(is_named(m.path[-1]) for m in (then, orelse)):
            return None
        first, second = self.made(then.what), self.made(orelse.what)
        if first is None or second is None:
            return None
        if first.text == second.text:
            return first
        made = py.conditional(self.statics(statement.test), first, second)
        return made if len(made.text) <= 66 else None

    def rounds(self, loop: For, named: bool = False) -> Py | None:
        """``made(i) for i in range(n)`` for a loop that makes one thing a round, or one with a name
        (``named``: ``f"layer{i}": made(i) for i in range(n)``)."""
        if any(self.read(size.name) for size in loop.sizes):
            return None
        header = Header(loop)
        try:
            return self._comprehension(loop, header, named)
        finally:
            self.names.release(header.own)

    def _comprehension(self, loop: For, header: Header, named: bool) -> Py | None:
        units = list(grouped(loop.body, self.read))
        if len(units) != 1 or isinstance(units[0], Bind | If):
            return None
        used = {n for s in loop.body for n in construct_names(s)}
        header.bind(used, self.names)
        made = self._of_round(units[0], named)
        if made is None:
            return None
        targets, iterable = header.clause(used, self.statics)
        return py.comprehension(made, [f"for {targets} in {py.paren(iterable, py.OR)}"])

    def _of_round(self, unit: Statement | list[Statement], named: bool) -> Py | None:
        """What a round makes, with its name in front where it has one."""
        first = unit[0] if isinstance(unit, list) else unit
        if not isinstance(first, Make) or is_named(first.path[-1]) != named:
            return None
        made = self._member(unit, listed=not named)
        return made if made is None else replace(made, level=py.ATOM)

    # ------------------------------------------------------------------ containers

    def container(self, unit: list[Statement]) -> Py | None:
        """A container with its members; None where they have to be added one by one."""
        made, rest = self.begun(unit)
        return made if not rest else None

    def begun(self, unit: list[Statement], first: Py | None = None) -> tuple[Py, list[Statement]]:
        """A container with as many of its members as one expression makes, and the others.

        ``first`` is the first member, where that was made before.
        """
        holder, *members = unit
        assert isinstance(holder, Make) and isinstance(holder.what, Holder)
        listed = holder.what.kind == "ModuleList"
        inner = list(grouped(members, self.read))
        if len(inner) == 1 and isinstance(inner[0], For):
            made = self.rounds(inner[0], named=not listed)
            if made is not None:
                whole = made if listed else py.bracketed("{", [made], "}")
                return py.call(f"nn.{holder.what.kind}", [whole]), []
        items: list[Py] = []
        while inner:
            ready = first if not items else None
            made = self._member(inner[0], listed, ready)
            if made is None:
                break
            items.append(made)
            inner.pop(0)
        rest = [s for one in inner for s in (one if isinstance(one, list) else [one])]
        return _holding(holder.what.kind, items), rest

    def _member(
        self, one: Statement | list[Statement], listed: bool, made: Py | None = None
    ) -> Py | None:
        """What stands for one member, or for those of a loop, between a container's brackets."""
        if isinstance(one, For):
            made = self.rounds(one) if listed else None
            return None if made is None else py.star(py.bracketed("(", [made], ")"))
        first = one[0] if isinstance(one, list) else one
        if not isinstance(first, Make) or self.tells(first):
            return None
        if made is None:
            made = self.container(one) if isinstance(one, list) else self.made(first.what)
        return made if listed or made is None else entry(self.key(first.path[-1]), made)

    # ------------------------------------------------------------------ small questions

    def tells(self, make: Make) -> bool:
        """Whether a size that only this child knows is read later."""
        return any(self.read(name) for name, _ in make.told)

    def key(self, part: PathPart) -> Py:
        """A name in a container."""
        return key_of(part, self.statics)


def entry(key: Py, value: Py) -> Py:
    """``"key": value`` of a dict."""
    return py.prefixed(f"{key.text}: ", value)


def is_named(part: PathPart) -> bool:
    """Whether a child has a name of its own rather than a number."""
    return isinstance(part, Text) or isinstance(part, str) and not is_number(part)


def grouped(body: Body, read: Callable[[Name], bool]) -> Iterator[Statement | list[Statement]]:
    """What a body makes; a container together with the members that directly follow it."""
    rest = [
        s
        for s in body
        if constructs(s)
        or (isinstance(s, Bind) and read(s.name))
        or (isinstance(s, If | For) and any(read(size.name) for size in s.sizes))
    ]
    while rest:
        first = rest.pop(0)
        if isinstance(first, Make) and isinstance(first.what, Holder):
            unit: list[Statement] = [first]
            while rest and _inside(rest[0], first.path):
                unit.append(rest.pop(0))
            yield unit
        else:
            yield first


def _inside(statement: Statement, path: Path) -> bool:
    if isinstance(statement, Make):
        return statement.path[: len(path)] == path and len(statement.path) > len(path)
    if isinstance(statement, For):
        made = [s for s in statement.body if constructs(s)]
        return bool(made) and all(_inside(s, path) for s in made)
    if isinstance(statement, If):
        made = [s for s in (*statement.then, *statement.orelse) if constructs(s)]
        return bool(made) and all(_inside(s, path) for s in made)
    return False


def _made_in(body: Body) -> list[Statement]:
    return [s for s in body if constructs(s)]


def _holding(kind: str, items: Sequence[Py]) -> Py:
    """A container with members."""
    if not items:
        return py.call(f"nn.{kind}")
    listed = _listing(items) if kind == "ModuleList" else py.bracketed("{", items, "}")
    return py.call(f"nn.{kind}", [listed])


def _listing(items: Sequence[Py]) -> Py:
    return py.bracketed("[", items, "]")
