"""Containers that loops fill: made where the loop begins, in the order of the text.

What the rounds of a loop add to (``linear.0``, ``linear.1``) stands in containers. They are made
before the first round, as a person would, also where a later round is the first to add something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nndsl.model.expr import Expr, Name, Text, bound_names, names_in
from nndsl.model.graph import Do, For, Holder, If, Invoke, Make, Path, RunTest, Scan, TieTo
from nndsl.record import replace
from nndsl.resolve.context import Context
from nndsl.resolve.numbered import counters, is_numbered
from nndsl.source import Span
from nndsl.syntax import tree


def announce(nodes: object, cx: Context) -> None:
    """Make the containers that a loop over these nodes may fill; empty ones are dropped later."""
    naming, b = cx.naming, cx.builder
    if naming.numbered or naming.whole:
        return
    made = [s.path for s in b.statements if isinstance(s, Make)]
    have = {path[:end] for path in made for end in range(1, len(path) + 1)}
    for span, path in sorted(_filled(nodes, naming), key=lambda found: found[0].start):
        if path not in have and path not in b.announced:
            have.add(path)
            b.announced.add(path)
            b.emit(Make(path, Holder("ModuleList"), (), span))


def _filled(nodes: object, naming: Any) -> Iterator[tuple[Span, Path]]:
    todo = [nodes]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo.extend(node)
        elif isinstance(node, tree.Node):
            if id(node) in naming.names:
                yield node.span, (*naming.prefix, naming.names[id(node)], *naming.rounds)
            if isinstance(node, tree.Stage) and isinstance(node.label, tree.String):
                fixed = _fixed_parts(node.label.value)
                if fixed:
                    yield node.label.span, naming.labelled(fixed)
            todo.extend(v for k, v in vars(node).items() if k != "span")


def _fixed_parts(label: str) -> list[str]:
    """The first parts of ``"layers.{i}.fc"``, those without a value in them."""
    head, found, _ = label.partition("{")
    parts = head.split(".")[:-1] if found else []
    return parts if all(p and not p.isdigit() for p in parts) else []


def without_empty(statements: list[Any], parts: Mapping[Path, Any], announced: set[Path]) -> Any:
    """The statements without containers that were announced and that nothing is in."""
    found: list[Any] = []
    for one in statements:
        if isinstance(one, Make) and isinstance(one.what, Holder) and one.path in announced:
            if one.path not in parts:
                continue
            from nndsl.resolve.chains import holder_kind

            one = replace(one, what=Holder(holder_kind(parts[one.path])))
        elif isinstance(one, If):
            then = without_empty(list(one.then), parts, announced)
            orelse = without_empty(list(one.orelse), parts, announced)
            one = replace(one, then=tuple(then), orelse=tuple(orelse))
        elif isinstance(one, For | Scan):
            one = replace(one, body=tuple(without_empty(list(one.body), parts, announced)))
        found.append(one)
    return found


# ------------------------------------------------------------------ members that leave gaps


def spelled(body: tuple[Any, ...], parts: dict[Path, Any]) -> tuple[Any, ...]:
    """A general body in which containers whose members aren't 0, 1, 2, ... have texts as keys."""
    from nndsl.resolve.chains import with_holders

    whole = with_holders(body, parts)
    loose = {path for path in _loose(body, (), frozenset()) if not is_numbered(whole, path)}
    if not loose:
        return body
    for path in list(parts):
        parts[_respelled(path, loose)] = parts[path]
    for path in loose:
        parts[_respelled(path, loose)] = {Text((0,)): None}
    return tuple(_turned(one, loose) for one in body)


def _respelled(path: Path, loose: set[Path]) -> Path:
    """A path with texts as the keys of loose containers."""
    return tuple(
        _as_text(part) if path[:place] in loose else part for place, part in enumerate(path)
    )


def _as_text(part: Any) -> Any:
    """The key of a member that is not just the next one."""
    if isinstance(part, int):
        return Text((str(part),))
    return Text((part,)) if isinstance(part, Expr) and not isinstance(part, Text) else part


Loops = tuple[For, ...]


def _loose(body: Any, loops: Loops, maybe: frozenset[Name]) -> Iterator[Path]:
    """Containers with a member that is not just the next one. ``maybe`` are the names of loops
    that have a condition between them and here."""
    for one in body:
        if isinstance(one, Make):
            for place, part in enumerate(one.path):
                number = place and isinstance(part, Expr) and not isinstance(part, Text)
                if number and not _is_next(part, loops, maybe):
                    yield one.path[:place]
        elif isinstance(one, If):
            inner = maybe
            if not isinstance(one.test, RunTest):
                inner = maybe.union(*(counters(loop) for loop in loops))
            yield from _loose((*one.then, *one.orelse), loops, inner)
        elif isinstance(one, For):
            yield from _loose(one.body, (*loops, one), maybe)
        elif isinstance(one, Scan):
            yield from _loose(one.body, loops, maybe)


def _is_next(part: Any, loops: Loops, maybe: frozenset[Name]) -> bool:
    """Whether a member's number is the number of members before it."""
    if isinstance(part, Name):
        counted = any(part in counters(loop) for loop in loops) and part not in maybe
        return counted or part.role == "carried"
    told = [loop for loop in loops if loop.targets is not None]  # others have the round only
    own = {n for loop in told for n in bound_names(loop.targets)}  # type: ignore[arg-type]
    inside = set(names_in(part))
    return not inside & own and bool(inside & {loop.round for loop in told})


def _turned(one: Any, loose: set[Path]) -> Any:
    """A statement with its paths respelled."""

    def path(old: Path) -> Path:
        return _respelled(old, loose)

    def every(body: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(_turned(part, loose) for part in body)

    if isinstance(one, Make):
        what = Holder("ModuleDict") if one.path in loose else one.what
        return replace(one, path=path(one.path), what=what)
    if isinstance(one, TieTo):
        return replace(one, path=path(one.path), source=path(one.source))
    if isinstance(one, Do) and isinstance(one.operation, Invoke):
        return replace(one, operation=replace(one.operation, path=path(one.operation.path)))
    if isinstance(one, If):
        return replace(one, then=every(one.then), orelse=every(one.orelse))
    if isinstance(one, For | Scan):
        return replace(one, body=every(one.body))
    return one


__all__ = ["announce", "spelled", "without_empty"]
