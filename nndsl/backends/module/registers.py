"""Which local names a function's values get, so that memory is freed as early as by hand.

Code is written with one virtual name a value (``%7``). Here each gets a real one: the author's
name where there is one, else a name that a dead value has just left. Without it every
activation of a deep network would stay alive until its forward returns.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from nndsl.record import dataclass, field

_COMPOUND = (ast.If, ast.For)


@dataclass(frozen=True)
class Hint:
    """What is known of a virtual name: the author's name, and whether it holds a tensor."""

    name: str
    tensor: bool = True


@dataclass
class Registers:
    """``hints`` are the virtual names' wishes; ``taken`` are the names that are not free."""

    hints: dict[str, Hint]
    taken: set[str]
    placed: dict[str, str] = field(default_factory=dict)
    temporaries: int = 0

    def assign(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The body with real names, and ``del`` where a named tensor has done its work."""
        return self._level(body, {v for s in body for v in _virtuals(s)}, [])

    def keep(self, virtual: str, name: str) -> None:
        """Give a virtual name a fixed real one: an argument of the function."""
        self.placed[virtual] = name
        self.taken.add(name)

    def _level(self, body: list[ast.stmt], own: set[str], free: list[str]) -> list[ast.stmt]:
        """One list of statements; ``own`` are the names that nothing outside of it reads."""
        seen = [set(_virtuals(s)) for s in body]
        times = Counter(v for names in seen for v in names)
        last = {v: at for at, names in enumerate(seen) for v in names}
        out: list[ast.stmt] = []
        for at, statement in enumerate(body):
            ending = {v for v in seen[at] if last[v] == at and v in own and self._frees(v)}
            dying = ending.difference(_written(statement))
            gone: list[str] = []
            if isinstance(statement, _COMPOUND):
                local = {v for v in seen[at] if times[v] == 1 and v in own}
                self._compound(statement, local, free, dying)
            else:
                unread = ending.intersection(_written(statement))
                gone = self._simple(statement, dying, unread, free)
            out.append(statement)
            if gone and at + 2 < len(body):
                out.append(_delete(gone, statement))
        return out

    def _simple(
        self, statement: ast.stmt, dying: set[str], unread: set[str], free: list[str]
    ) -> list[str]:
        """Rename one statement. A target may take the name of an operand that dies in it."""
        written = _written(statement)
        left = [self.placed[v] for v in sorted(dying)]
        temporary = [n for n in left if n.startswith("_")]
        named = [n for n in left if not n.startswith("_")]
        free[:0] = temporary
        for virtual in written:
            if virtual not in self.placed:
                self.placed[virtual] = self._pick(self.hints[virtual], named, free)
        _rename(statement, self.placed)
        for name in (self.placed[v] for v in written if v in unread):
            (free if name.startswith("_") else named).append(name)
        for name in named:
            self.taken.discard(name)
        return named

    def _compound(
        self, statement: ast.If | ast.For, local: set[str], free: list[str], dying: set[str]
    ) -> None:
        """Rename a condition or a loop. ``local`` occur in it alone; those that live in one of its
        parts get their names there, the others before it: the next round may still need them."""
        parts = (statement.body, statement.orelse)
        inner = [{v for line in part for v in _virtuals(line)} for part in parts]
        head = set(_virtuals(statement.test if isinstance(statement, ast.If) else statement.iter))
        if isinstance(statement, ast.For):
            head |= set(_virtuals(statement.target))
        shared = head | (inner[0] & inner[1])
        for virtual in _in_order(statement):
            if (virtual not in local or virtual in shared) and virtual not in self.placed:
                self.placed[virtual] = self._pick(self.hints[virtual], [], free)
        before = set(self.placed)
        for part, names in zip(parts, inner, strict=True):
            mine = {v for v in names if v not in self.placed}
            part[:] = self._level(part, mine, list(free))
        _rename(statement, self.placed)
        left = [self.placed[v] for v in sorted(dying & before)]
        free.extend(name for name in left if name.startswith("_"))

    def _frees(self, virtual: str) -> bool:
        return virtual in self.hints and self.hints[virtual].tensor

    def _pick(self, hint: Hint, dying: list[str], free: list[str]) -> str:
        """A real name; ``dying`` loses the name if it is taken over from there."""
        if not hint.name or hint.name.startswith("_"):
            if hint.tensor and free:
                return free.pop(0)
            self.temporaries += 1
            return self.unique(f"_{self.temporaries}")
        if hint.name in dying:
            dying.remove(hint.name)
            return hint.name
        return self.unique(hint.name)

    def unique(self, wish: str) -> str:
        name, number = wish, 1
        while name in self.taken:
            name, number = f"{wish}_{number}", number + 1
        self.taken.add(name)
        return name


def prune(lines: list[ast.stmt], hints: dict[str, Hint]) -> list[ast.stmt]:
    """The lines without sizes that nothing reads; backwards, so that one goes after another."""
    names = (n for n in ast.walk(ast.Module(lines, [])) if isinstance(n, ast.Name))
    read = Counter(name.id for name in names if isinstance(name.ctx, ast.Load))
    return _used(lines, read, hints)


def _used(lines: list[ast.stmt], read: Counter[str], hints: dict[str, Hint]) -> list[ast.stmt]:
    kept: list[ast.stmt] = []
    for line in reversed(lines):
        if isinstance(line, _COMPOUND):
            line.orelse = _used(line.orelse, read, hints)
            line.body = _used(line.body, read, hints) or [ast.copy_location(ast.Pass(), line)]
        target = line.targets[0] if isinstance(line, ast.Assign) else None
        name = target.id if isinstance(target, ast.Name) else ""
        if name in hints and not hints[name].tensor and not read[name]:
            read.subtract(_virtuals(line))
            continue
        kept.append(line)
    return kept[::-1]


def _virtuals(node: ast.AST) -> Iterator[str]:
    return (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id.startswith("%"))


def _in_order(node: ast.AST) -> Iterable[str]:
    return dict.fromkeys(_virtuals(node))


def _written(statement: ast.stmt) -> list[str]:
    """The virtual names that a simple statement assigns."""
    if not isinstance(statement, ast.Assign):
        return []
    return [v for target in statement.targets for v in _in_order(target)]


def _rename(node: ast.AST, placed: dict[str, str]) -> None:
    for name in ast.walk(node):
        if isinstance(name, ast.Name) and name.id in placed:
            name.id = placed[name.id]


def _delete(names: list[str], after: ast.stmt) -> ast.Delete:
    deleted = ast.Delete([ast.copy_location(ast.Name(n, ast.Del()), after) for n in names])
    return ast.copy_location(deleted, after)
