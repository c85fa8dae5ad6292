"""Statements through which a tensor flows straight, from one member of a container to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from nndsl.backends.source.assembly import is_named
from nndsl.backends.source.scan import made_names, operand_parts, spelled_out, statement_operands
from nndsl.model.expr import Name
from nndsl.model.graph import (
    Apply,
    Block,
    Do,
    For,
    Holder,
    If,
    Invoke,
    Make,
    Operand,
    Path,
    RunTest,
    Special,
    Statement,
    TensorType,
    Var,
    walk,
)  # fmt: skip
from nndsl.record import replace

Body = tuple[Statement, ...]
Found = tuple[Body, Var]


class Bent(Exception):
    """What flows does not go straight through."""


class Straight:
    """The members under a path, which have names (``named``) or numbers; ``names`` are those of
    functions that become members, too."""

    def __init__(
        self, block: Block, prefix: Path, names: Mapping[Statement, str], named: bool
    ) -> None:
        self.block = block
        self.prefix = prefix
        self.names = names
        self.named = named

    def chain(self, region: Body) -> tuple[Operand, Body, Var]:
        """What flows into some statements, what they make, with paths of its own, and what flows
        out of them."""
        flow = _flow_into(region)
        made, out = self._steps(region, flow)
        self._check_dropped(region, out)
        return flow, made, out

    def _steps(self, region: Body, flow: Operand) -> Found:
        """What a chain makes of what flows, with paths of its own, and what flows out."""
        made: list[Statement] = []
        waiting: Make | None = None
        for one in region:
            if isinstance(one, Make):
                if waiting is not None or isinstance(one.what, Holder) or not self._is_member(one):
                    raise Bent
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
            raise Bent
        return tuple(made), flow

    def _is_member(self, make: Make) -> bool:
        level = len(self.prefix)
        one = make.path[:level] == self.prefix and len(make.path) == level + 1
        return one and is_named(make.path[-1]) == self.named

    def _step(self, one: Do, waiting: Make | None, flow: Operand) -> Make:
        """A member with its only call, or a function as the layer that it is, too."""
        operation = one.operation
        if len(one.targets) != 1 or not isinstance(one.targets[0].type, TensorType):
            raise Bent
        if isinstance(operation, Invoke):
            mine = waiting is not None and operation.path == (*self.prefix, *waiting.path)
            if waiting is None or not mine or operation.args != (flow,) or operation.kwargs:
                raise Bent
            return waiting
        read = [part for part in _read(one) if isinstance(part, Var)]
        if waiting is not None or one.layer is None or read != [flow]:
            raise Bent
        if not isinstance(operation, Apply) or one not in self.names or not self._known(one.layer):
            raise Bent
        return Make((self.names[one],), one.layer, (), one.span, one.targets[0].type)

    def _compound(self, one: Statement, flow: Operand) -> tuple[Statement, Operand]:
        """A condition or a loop of the constructor through which one tensor flows."""
        if isinstance(one, If) and not isinstance(one.test, RunTest) and len(one.joins) == 1:
            ends = []
            for side, end in ((one.then, one.joins[0].then), (one.orelse, one.joins[0].orelse)):
                made, out = self._steps(side, flow) if side else ((), flow)
                if out is not end:
                    raise Bent
                ends.append(made)
            return replace(one, then=ends[0], orelse=ends[1], joins=()), one.joins[0].var
        if isinstance(one, For) and len(one.carried) == 1 and not one.gathered:
            carried = one.carried[0]
            made, out = self._steps(one.body, carried.head)
            if carried.init is not flow or out is not carried.next:
                raise Bent
            return replace(one, body=made, carried=()), carried.after
        raise Bent

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
            raise Bent
        if any(isinstance(one, Do) and one.targets[0] in dropped and one.targets[0].name
               for one in region):  # fmt: skip
            raise Bent
        outside = Counter(_sizes(self.block.body)) - Counter(_sizes(region))
        if any(var in dropped and outside[name] for name, (var, _) in self.block.origins.items()):
            raise Bent


# ------------------------------------------------------------------ small questions


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


