"""The children of a class: how they are reached, and which of them a loop can run over."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator

from nndsl.backends.source import py
from nndsl.backends.source.headers import Element, Header
from nndsl.backends.source.literals import literal
from nndsl.backends.source.members import Members, Part, numbers_from_the_end
from nndsl.backends.source.naming import Locals, is_identifier, plain, singular
from nndsl.backends.source.py import Py
from nndsl.backends.source.scan import (
    flows,
    names,
    operand_parts,
    spelled_out,
    statement_operands,
    takes_items,
)
from nndsl.model.expr import Expr, Name, Static, Text
from nndsl.model.graph import (
    Bind,
    Construct,
    Declare,
    Do,
    For,
    Holder,
    If,
    Invoke,
    Make,
    Operand,
    Parametric,
    Path,
    PathPart,
    RunTest,
    Scan,
    Statement,
    TieTo,
    walk,
)  # fmt: skip
from nndsl.model.names import is_number

Body = tuple[Statement, ...]
_WHOLE = {"ModuleDict": "values", "module": "children"}  # what gives all members
_NUMBER = re.compile(r"_\d+[a-z]?$")  # the place of a child among those of its branch


class Children:
    """Reads paths as expressions. In a loop over a container its member has a name."""

    def __init__(self, body: Body, kind: str, names_: Locals, statics: Callable[[Static], Py]):
        self._locals = names_
        self._statics = statics
        self._members: dict[Path, str] = {}
        self._loops: dict[For, list[Path]] = {}
        self._body = body
        self._items = kind != "module"  # whether the class can be indexed
        self._makes = list(_makes(body, None))
        self._members_of = Members(body if kind else (), kind)  # a constructor has not made all yet
        self._dicts = {
            path
            for path, _, make in self._makes
            if isinstance(make.what, Holder) and make.what.kind == "ModuleDict"
        }
        self._last = numbers_from_the_end(body) if kind == "numbered" else {}
        lacking = absent(body)
        self.absent = {s: self(p) for s, p in lacking.items()} if kind == "module" else {}
        self.optional = frozenset(lacking.values())  # None where a condition says so

    def __call__(self, path: Path) -> Py:
        """The child under a path; without one all children, in their order."""
        if not path:
            return Py("super().forward")
        for length in range(len(path), 0, -1):
            if path[:length] in self._members:
                return self._below(Py(self._members[path[:length]]), path, length)
        return self._below(self.first(path[0]), path, 1)

    def latest(self, path: Path) -> Py:
        """What a constructor reaches in a round: in a list that the round added to, the last."""
        keys = [
            -1 if isinstance(part, Name) and not self.keyed(path[: place + 1]) else part
            for place, part in enumerate(path)
        ]
        owner = self.first(keys[0])
        for place, key in enumerate(keys[1:], 1):
            owner = self._one_below(owner, path[:place], key)
        return owner

    def first(self, part: object) -> Py:
        """The child under a name of the class itself, or by its number from either end."""
        if isinstance(part, Expr) and part in self._last:
            return py.index(Py("self"), [literal(self._last[part])])
        if not self._items and not is_identifier(part):
            return py.call("getattr", [Py("self"), key_of(part, self._statics)])
        return self.step(Py("self"), part)

    def step(self, owner: Py, part: object) -> Py:
        """One more name or index."""
        if is_identifier(part):
            return py.attribute(owner, str(part))
        if isinstance(part, str) and not is_number(part) or isinstance(part, Text):
            return py.call("getattr", [owner, self._statics(part)])
        if isinstance(part, Expr):
            return py.index(owner, [self._statics(part)])
        return py.index(owner, [literal(int(str(part)))])

    def label(self, path: Path) -> str:
        """What a child makes may be called like it, unless its name says only what it does."""
        if not path:
            return ""
        made = [make.what for own, _, make in self._makes if own == path]
        bare = any(
            isinstance(what, Parametric) or isinstance(what, Construct) and not what.weights
            for what in made
        )
        return plain(_NUMBER.sub("", str(path[-1]))) if made and not bare else ""

    def nests(self, path: Path) -> bool:
        """Whether a container holds containers."""
        return any(
            isinstance(make.what, Holder) and len(p) > len(path) and p[: len(path)] == path
            for p, _, make in self._makes
        )

    def keyed(self, path: Path) -> bool:
        """Whether a child stands in a dict, under a number as under a word."""
        return path[:-1] in self._dicts

    def tied(self, path: Path) -> bool:
        """Whether the constructor goes through a container to tie what is in it."""
        ends = [p for s in walk(self._body) if isinstance(s, TieTo) for p in (s.path, s.source)]
        return any(len(end) > len(path) and end[: len(path)] == path for end in ends)

    def _below(self, owner: Py, path: Path, start: int) -> Py:
        """What stands under a path, given what its first ``start`` parts are."""
        for place, part in enumerate(path[start:], start):
            owner = self._one_below(owner, path[:place], part)
        return owner

    def _one_below(self, owner: Py, path: Path, part: object) -> Py:
        """A member of the container under a path."""
        if path in self._dicts:
            return py.index(owner, [key_of(part, self._statics)])
        behind = self._members_of.from_the_end((*path, part))  # type: ignore[arg-type]
        if behind is not None:
            return py.index(owner, [literal(behind)])
        return self.step(owner, part)

    # ------------------------------------------------------------------ loops

    def elements(self, loop: For, header: Header) -> list[Element]:
        """The containers that a loop may run over instead of counting."""
        found: dict[Path, Element] = {}
        for path in _invoked(loop.body):
            for length in range(len(path)):
                prefix, key = path[:length], path[: length + 1]
                part = self._members_of.of_rounds(prefix, path[length], loop)
                if part is None or set(names(path[length])).isdisjoint(header.own):
                    continue
                if prefix not in found and key not in self._members:
                    container = self(prefix) if prefix else Py("self")
                    name = self._locals.add(_member_name(prefix, path[length]))
                    found[prefix] = (name, _through(container, part))
                if prefix in found:
                    self._members[key] = found[prefix][0]
                    self._loops.setdefault(loop, []).append(key)
        return list(found.values())

    def read(self, body: tuple[Statement, ...], bound: Container[Name]) -> set[Name]:
        """The static names that the rounds of a loop still read; ``bound`` are those assigned
        while running."""
        found: set[Name] = set()
        for statement in _every(body):
            if isinstance(statement, Do) and isinstance(statement.operation, Invoke):
                path = statement.operation.path
                keys = [k for k in self._members if k == path[: len(k)]]
                rest = path[max(map(len, keys), default=0) :]
                found.update(n for part in rest for n in names(part))
                values = list(statement_operands(statement))[: len(statement.operation.args)]
                values += [v for _, v in statement.operation.kwargs]
            elif isinstance(statement, Bind):
                values = [statement.value] if statement.name in bound else []
            elif isinstance(statement, If) and not flows(statement):
                values = _joined_values(statement, bound)
            elif isinstance(statement, For | Scan) and not flows(statement):
                values = []
            else:
                values = list(statement_operands(statement))
                if isinstance(statement, If) and statement in self.absent:
                    values = values[1:]
                if isinstance(statement, For) and takes_items(statement):
                    values = values[1:]
            found.update(p for v in values for p in operand_parts(v) if isinstance(p, Name))
        return found

    def leave(self, loop: For) -> None:
        """Behind a loop its members have no names any more."""
        for key in self._loops.pop(loop, []):
            self._locals.taken.discard(self._members.pop(key, ""))


def _through(container: Py, part: Part) -> Py:
    """What a loop over members of a container goes through."""
    if part.kind in _WHOLE:
        return py.call(py.attribute(container, _WHOLE[part.kind]))
    if not part.front and not part.behind:
        return container
    front, behind = (literal(n) if n else None for n in (part.front, -part.behind))
    return py.index(container, [py.slicing(front, behind, None)])


def key_of(part: object, statics: Callable[[Static], Py]) -> Py:
    """A part of a path as the key of a dict: a number's digits, too."""
    if isinstance(part, Expr):
        return statics(part if isinstance(part, Text) else Text((part,)))
    return literal(str(part))


def _joined_values(statement: If, bound: Container[Name]) -> list[Operand]:
    """What names that a condition gives in each round are computed from."""
    sizes = [size for size in statement.sizes if size.name in bound]
    if not sizes or isinstance(statement.test, RunTest):
        return []
    return [statement.test, *(spelled_out(v, {}) for s in sizes for v in (s.then, s.orelse))]


def _member_name(prefix: Path, key: PathPart) -> str:
    """What one member is called: ``layer`` of ``layers``, or as all labels begin."""
    first = key.parts[0] if isinstance(key, Text) and not prefix else None
    label = first.strip("._-0123456789") if isinstance(first, str) else ""
    return label if is_identifier(label) else singular(str(_last_name(prefix)))


def _last_name(prefix: Path) -> object:
    texts = [part for part in prefix if is_identifier(part)]
    return texts[-1] if texts else "layers"


def _every(body: Body) -> Iterator[Statement]:
    for statement in body:
        yield statement
        if isinstance(statement, If):
            yield from _every((*statement.then, *statement.orelse))
        elif isinstance(statement, For | Scan):
            yield from _every(statement.body)


def _invoked(body: Body) -> Iterator[Path]:
    for statement in _every(body):
        if isinstance(statement, Do) and isinstance(statement.operation, Invoke):
            yield statement.operation.path


def _makes(body: Body, around: For | If | None) -> Iterator[tuple[Path, For | If | None, Make]]:
    """Every child with its path and the innermost loop or condition that it is made in."""
    for statement in body:
        if isinstance(statement, Make):
            yield statement.path, around, statement
        elif isinstance(statement, If):
            yield from _makes((*statement.then, *statement.orelse), statement)
        elif isinstance(statement, For):
            yield from _makes(statement.body, statement)


def absent(body: Body) -> dict[If, Path]:
    """The conditions that only decide whether one child exists, and that child."""
    found: dict[If, Path] = {}
    for statement in body:
        if not isinstance(statement, If) or isinstance(statement.test, RunTest):
            continue
        inside = [path for path, _, _ in _makes(statement.then, None)]
        firsts = {path[0] for path in inside}
        all_paths = [path for path, _, _ in _makes(body, None)]
        total = sum(path[:1] == inside[0][:1] for path in all_paths) if inside else 0
        single = len(firsts) == 1 and total == len(inside) and is_identifier(inside[0][0])
        declares = any(isinstance(one, Declare) for one in walk((statement,)))
        only = flows(statement) and single and not declares and _surely_made(statement.then)
        if only and not any(True for _ in _makes(statement.orelse, None)):
            found[statement] = inside[0][:1]
    return found


def _surely_made(body: Body) -> bool:
    """Whether statements make a child whatever further conditions say; a loop's container is made
    before its rounds."""
    for statement in body:
        if isinstance(statement, Make):
            return True
        if isinstance(statement, If):
            if _surely_made(statement.then) and _surely_made(statement.orelse):
                return True
        elif any(len(path) > 1 for path, _, _ in _makes((statement,), None)):
            return True
    return False
