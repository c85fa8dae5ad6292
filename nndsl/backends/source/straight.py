"""Labelled groups through which a tensor flows straight become one ``nn.Sequential``.

A group of labelled layers with functions between them has no forward: its members are called one by
one. Where each of the functions is a layer of torch without state, the group is a chain that can be
called as one. The functions become members of it, under names that hold no weights, so that the
keys of the state dict stay what they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from nndsl.backends.source.assembly import is_named
from nndsl.backends.source.scan import made_names, operand_parts, spelled_out, statement_operands
from nndsl.backends.source.steps import names_of_steps
from nndsl.model.expr import Name
from nndsl.model.graph import (
    Apply,
    Block,
    Chain,
    Do,
    For,
    Holder,
    If,
    Invoke,
    Make,
    Operand,
    Path,
    RunTest,
    Scan,
    Special,
    Statement,
    TensorType,
    Var,
    walk,
)  # fmt: skip
from nndsl.record import replace

Body = tuple[Statement, ...]
Found = tuple[Body, Var]


def straighten(block: Block) -> None:
    """Make the groups of a block that are straight chains out of their parts, in place."""
    body: Body | None = block.body
    while body is not None and block.kind == "module":
        block.body = body
        body = _with_one_more(body, block)


def _with_one_more(body: Body, block: Block) -> Body | None:
    """The body with one group as a chain, or None where there is none."""
    for at, statement in enumerate(body):
        if isinstance(statement, Make) and statement.what == Holder("ModuleDict"):
            found = _Group(block, body, at).found()
            if found is not None:
                return found
        for field in ("then", "orelse", "body") if isinstance(statement, If | For | Scan) else ():
            inner = _with_one_more(getattr(statement, field, ()), block)
            if inner is not None:
                changed = replace(statement, **{field: inner})
                return (*body[:at], changed, *body[at + 1 :])
    return None


class _Bent(Exception):
    """What flows does not go straight through."""


class _Group:
    """A container, the statement ``at`` of a body, and what is made in it and called of it."""

    def __init__(self, block: Block, body: Body, at: int) -> None:
        holder = body[at]
        assert isinstance(holder, Make)
        self.block, self.body, self.at, self.holder = block, body, at, holder
        self.prefix = holder.path
        self.names: dict[Statement, str] = {}

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
        return self._chain(start, end)

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
        if not isinstance(statement, Do) or statement.layer is None:
            return False
        whole, own = self.holder.span, statement.span
        if whole is None or own is None or whole.source is not own.source:
            return False
        return whole.start <= own.start and own.end <= whole.end

    # ------------------------------------------------------------------ the chain

    def _chain(self, start: int, end: int) -> Body | None:
        """The body with some of its statements as one chain."""
        region = self.body[start:end]
        try:
            self.names = names_of_steps(region)
            flow = _flow_into(region)
            made, out = self._steps(region, flow)
            self._check_dropped(region, out)
        except _Bent:
            return None
        if len(made) == 1 and isinstance(made[0], Make):
            return None  # one member with a name is read more easily in a dict
        chain = replace(self.holder, what=Chain(made), output=out.type)
        call = Do((out,), Invoke(self.prefix, (flow,)), self.holder.span)
        before = self.body[self.at + 1 : start]
        return (*self.body[: self.at], *before, chain, call, *self.body[end:])

    def _steps(self, region: Body, flow: Operand) -> Found:
        """What a chain makes of what flows, with paths of its own, and what flows out."""
        made: list[Statement] = []
        waiting: Make | None = None
        for one in region:
            if isinstance(one, Make):
                if waiting is not None or isinstance(one.what, Holder) or not self._is_member(one):
                    raise _Bent
                waiting = replace(one, path=one.path[-1:])
                continue
            if isinstance(one, Do):
                step, waiting = self._step(one, waiting, flow), None
                made.append(step)
                flow = one.targets[0]
            else:
                part, flow = self._compound(one, flow)
                made.append(part)
        if waiting is not None or not isinstance(flow, Var):
            raise _Bent
        return tuple(made), flow

    def _is_member(self, make: Make) -> bool:
        path = make.path
        return self._is_in(path) and len(path) == len(self.prefix) + 1 and is_named(path[-1])

    def _step(self, one: Do, waiting: Make | None, flow: Operand) -> Make:
        """A member with its only call, or a function as the layer that it is, too."""
        operation = one.operation
        if len(one.targets) != 1 or not isinstance(one.targets[0].type, TensorType):
            raise _Bent
        if isinstance(operation, Invoke):
            mine = waiting is not None and operation.path == (*self.prefix, *waiting.path)
            if waiting is None or not mine or operation.args != (flow,) or operation.kwargs:
                raise _Bent
            return waiting
        read = [part for part in _read(one) if isinstance(part, Var)]
        if waiting is not None or one.layer is None or read != [flow]:
            raise _Bent
        if not isinstance(operation, Apply) or one not in self.names or not self._known(one.layer):
            raise _Bent
        return Make((self.names[one],), one.layer, (), one.span, one.targets[0].type)

    def _compound(self, one: Statement, flow: Operand) -> tuple[Statement, Operand]:
        """A condition or a loop of the constructor through which one tensor flows."""
        if isinstance(one, If) and not isinstance(one.test, RunTest) and len(one.joins) == 1:
            ends = []
            for side, end in ((one.then, one.joins[0].then), (one.orelse, one.joins[0].orelse)):
                made, out = self._steps(side, flow) if side else ((), flow)
                if out is not end:
                    raise _Bent
                ends.append(made)
            return replace(one, then=ends[0], orelse=ends[1], joins=()), one.joins[0].var
        if isinstance(one, For) and len(one.carried) == 1 and not one.gathered:
            carried = one.carried[0]
            made, out = self._steps(one.body, carried.head)
            if carried.init is not flow or out is not carried.next:
                raise _Bent
            return replace(one, body=made, carried=()), carried.after
        raise _Bent

    def _known(self, made: object) -> bool:
        """Whether the constructor knows all that a layer is made of."""
        return all(map(self._is_known, made_names(made)))  # type: ignore[arg-type]

    def _is_known(self, name: Name) -> bool:
        if name.role in ("param", "constant") or name in self.block.needs:
            return True
        spelled = spelled_out(name, {})
        inner = () if spelled == name else operand_parts(spelled)
        return spelled != name and all(isinstance(n, Name) and self._is_known(n) for n in inner)

    # ------------------------------------------------------------------ what nobody sees any more

    def _check_dropped(self, region: Body, out: Var) -> None:
        """The tensors between the members are read nowhere else, and neither are their sizes."""
        every, mine = Counter(_reads(self.block.body)), Counter(_reads(region))
        dropped = {var for var in _between(region) if var is not out}
        if any(every[var] != mine[var] for var in dropped):
            raise _Bent
        if any(isinstance(one, Do) and one.targets[0] in dropped and one.targets[0].name
               for one in region):  # fmt: skip
            raise _Bent
        outside = Counter(_sizes(self.block.body)) - Counter(_sizes(region))
        if any(var in dropped and outside[name] for name, (var, _) in self.block.origins.items()):
            raise _Bent


# ------------------------------------------------------------------ small questions


def _paths(statement: Statement) -> Iterator[Path]:
    if isinstance(statement, Make):
        yield statement.path
    elif isinstance(statement, Do) and isinstance(statement.operation, Invoke):
        yield statement.operation.path


def _flow_into(region: Body) -> Operand:
    """What flows into the first of some statements."""
    for one in region:
        if isinstance(one, Do):
            return next((part for part in _read(one) if isinstance(part, Var)), None)
        if isinstance(one, For):
            return one.carried[0].init if one.carried else None
        if isinstance(one, If):
            inside = _flow_into(one.then)
            return inside or (one.joins[0].then if one.joins else None)
    return None


def _read(statement: Statement) -> list[Var | Name | Special]:
    return [part for value in statement_operands(statement) for part in operand_parts(value)]


def _reads(body: Body) -> Iterator[Var]:
    """Every reading of a variable, also for its device or dtype."""
    for part in (part for statement in walk(body) for part in _read(statement)):
        var = part.of if isinstance(part, Special) else part
        if isinstance(var, Var):
            yield var


def _sizes(body: Body) -> Iterator[Name]:
    """Every reading of a size where the model runs."""
    for statement in walk(body):
        for value in statement_operands(statement):
            for part in operand_parts(value):
                if isinstance(part, Name):
                    spelled = spelled_out(part, {})
                    yield from (n for n in operand_parts(spelled) if isinstance(n, Name))


def _between(region: Body) -> Iterable[Var]:
    """The variables that get a value."""
    for one in walk(region):
        if isinstance(one, Do):
            yield from one.targets
        elif isinstance(one, If):
            yield from (join.var for join in one.joins)
        elif isinstance(one, For):
            yield from (var for c in one.carried for var in (c.head, c.after))


