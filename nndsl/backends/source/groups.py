"""Labelled groups through which a tensor flows straight become one ``nn.Sequential``.

A group of labelled layers with functions between them has no forward: its members are called one by
one. Where each of the functions is a layer of torch without state, the group is a chain that can be
called as one. The functions become members of it, under names that hold no weights, so that the
keys of the state dict stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.backends.source.scan import constructs
from nndsl.backends.source.steps import names_of_steps
from nndsl.backends.source.straight import Bent, Body, Straight
from nndsl.backends.source.whole import run_whole
from nndsl.model.graph import (
    Block,
    Chain,
    Do,
    For,
    Holder,
    If,
    Invoke,
    Make,
    Path,
    Scan,
    Statement,
    walk,
)  # fmt: skip
from nndsl.record import replace


def straighten(block: Block) -> None:
    """Make the groups of a block that are straight chains out of their parts, in place."""
    body: Body | None = block.body
    while body is not None and block.kind == "module":
        block.body = body
        body = _with_one_more(body, block)
    if block.kind == "numbered" and len(block.inputs) == 1:
        block.body = run_whole(block)


def _with_one_more(body: Body, block: Block) -> Body | None:
    """The body with one group as a chain, or None where there is none."""
    for at, statement in enumerate(body):
        if isinstance(statement, Make) and isinstance(statement.what, Holder):
            found = _Group(block, body, at).found()
            if found is not None:
                return found
        for field in ("then", "orelse", "body") if isinstance(statement, If | For | Scan) else ():
            inner = _with_one_more(getattr(statement, field, ()), block)
            if inner is not None:
                changed = replace(statement, **{field: inner})
                return (*body[:at], changed, *body[at + 1 :])
    return None


class _Group:
    """A container, the statement ``at`` of a body, and what is made in it and called of it."""

    def __init__(self, block: Block, body: Body, at: int) -> None:
        holder = body[at]
        assert isinstance(holder, Make)
        self.block, self.body, self.at, self.holder = block, body, at, holder
        self.prefix = holder.path
        self.named = holder.what == Holder("ModuleDict")

    def found(self) -> Body | None:
        """The body with the group as a chain."""
        places = [n for n, one in enumerate(self.body) if n > self.at and self._has(one)]
        inside = sum(self._has_parts(self.body[n]) for n in places)
        ordered = any(self._is_in(path) for path in self.block.order)
        if not places or ordered or inside != sum(map(self._has_parts, self.block.body)):
            return None
        first, end = places[0], places[-1] + 1
        while first - 1 > self.at and self._is_step(self.body[first - 1]):
            first -= 1
        for start in range(first, places[0] + 1):
            if self._chain(start, end) is not None:
                break
        else:
            return None
        while any(map(self._is_step, self.body[end : end + 1])) and self._chain(start, end + 1):
            end += 1
        return self._chain(start, end) if self._is_several(self.body[start:end]) else None

    # ------------------------------------------------------------------ what belongs to it

    def _is_in(self, path: Path) -> bool:
        return len(path) > len(self.prefix) and path[: len(self.prefix)] == self.prefix

    def _has_parts(self, statement: Statement) -> int:
        """How many members a statement makes or calls, those inside it too."""
        return sum(self._is_in(path) for one in walk((statement,)) for path in _paths(one))

    def _has(self, statement: Statement) -> bool:
        return self._has_parts(statement) > 0

    def _is_step(self, statement: Statement) -> bool:
        """Whether the group's text holds a function that is a layer, too."""
        if not self.named or not isinstance(statement, Do) or statement.layer is None:
            return False
        whole, own = self.holder.span, statement.span
        if whole is None or own is None or whole.source is not own.source:
            return False
        return whole.start <= own.start and own.end <= whole.end

    def _is_several(self, region: Body) -> bool:
        """Whether a chain says it in fewer words: one member is easily called by its name, a loop
        over a list easily read."""
        parts = [one for one in region if not isinstance(one, Make)]
        return len(parts) > 1 or self.named and not isinstance(parts[0], Do)

    # ------------------------------------------------------------------ the chain

    def _chain(self, start: int, end: int) -> Body | None:
        """The body with some of its statements as one chain."""
        region, before = self.body[start:end], self.body[self.at + 1 : start]
        if any(map(constructs, before)):
            return None  # which would then be registered earlier
        try:
            names = names_of_steps(region) if self.named else {}
            straight = Straight(self.block, self.prefix, names, self.named)
            flow, made, out = straight.chain(region)
        except Bent:
            return None
        chain = replace(self.holder, what=Chain(made), output=out.type)
        call = Do((out,), Invoke(self.prefix, (flow,)), self.holder.span)
        return (*self.body[: self.at], *before, chain, call, *self.body[end:])


def _paths(statement: Statement) -> Iterator[Path]:
    if isinstance(statement, Make):
        yield statement.path
    elif isinstance(statement, Do) and isinstance(statement.operation, Invoke):
        yield statement.operation.path
