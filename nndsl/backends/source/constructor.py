"""The statements of a constructor: parameters, buffers, then children in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from nndsl.backends.source import py, signature
from nndsl.backends.source.assembly import Assembly, grouped
from nndsl.backends.source.children import absent
from nndsl.backends.source.conditions import condition_of_all
from nndsl.backends.source.contents import binds, declares, makes, names_children, untyped
from nndsl.backends.source.headers import Header
from nndsl.backends.source.in_place import InPlace
from nndsl.backends.source.initial import Initial, is_rules_only
from nndsl.backends.source.layout import Writer
from nndsl.backends.source.literals import literal
from nndsl.backends.source.naming import is_identifier
from nndsl.backends.source.ordering import phases
from nndsl.backends.source.py import Py
from nndsl.backends.source.scan import construct_names, names
from nndsl.backends.source.targets import Attributes, Listed, Named, Target
from nndsl.backends.source.titles import module_type
from nndsl.model.expr import Index, Name, Static
from nndsl.model.graph import (
    Bind,
    Block,
    CarriedSize,
    Chain,
    Check,
    Declare,
    For,
    If,
    Make,
    RunTest,
    Statement,
    TieTo,
    Unsupported,
    Use,
)  # fmt: skip

Body = tuple[Statement, ...]
Tensors = Callable[[Writer, Declare], Py]


class Constructor:
    """Writes what a class makes. ``keep`` says under which attribute a forward wants a name."""

    def __init__(
        self,
        block: Block,
        assembly: Assembly,
        attributes: Attributes,
        kept: dict[Name, str],
        before: dict[For, list[Name]],
        tensors: Tensors,
        late: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.block = block
        self.assembly = assembly
        self.statics = assembly.statics
        self.attributes = attributes
        self.kept = kept
        self.before = before
        self.tensors = tensors
        self.late = late
        self.done: set[Statement] = set()
        self.annotated: set[str] = set()
        self.sequence: list[Body] = [block.body]
        self.in_place = InPlace(block, assembly.names, kept)
        self.absent = absent(block.body) if block.kind == "module" else {}

    # ------------------------------------------------------------------ the whole

    def write(self, out: Writer) -> None:
        block = self.block
        plain = block.kind != "module" and not any(map(names_children, block.body))
        if plain and not declares(block.body):
            signature.put_defaults(out, self.late)
            self._sequential(out)
            self._close(out)
            Initial(block, self.assembly).write(out)
            return
        out.line("super().__init__()")
        signature.put_defaults(out, self.late)
        self._keep(out)
        self.sequence = phases(self.block, self.assembly.read)
        self.in_place.run_in(self.sequence)
        for phase in self.sequence:
            self.statements(out, phase, self.attributes)
        self._close(out)
        Initial(block, self.assembly).write(out)

    def _sequential(self, out: Writer) -> None:
        """``super().__init__(...)`` with the modules, or with a list built before."""
        for loop, mine in self.before.items():  # parameters keep their values: they go behind
            self.before[loop] = [n for n in mine if n.role not in ("param", "size")]
        body = self._settled(out)
        body = tuple(one for one in body if not is_rules_only(one))
        items = self.assembly.chain_items(body)
        if items is not None:
            self.before.clear()  # no loop is written as a statement
            if len(self.block.inputs) > 1:  # a list of modules
                items = [py.sequence(items)]
            forced = len(items) > 1
            out.put("", py.call(Py("super().__init__"), items, forced=forced))
        else:
            listed = self._list(out, "layers", body)
            several = len(self.block.inputs) > 1
            out.put("", py.call("super().__init__", [listed if several else py.star(listed)]))
        self._keep(out)

    def _settled(self, out: Writer) -> Body:
        """Write the names and checks that no child has to be made for; gives the rest."""
        body = self.block.body
        late = {name for one in makes(body) for name, _ in one.told}
        late |= {size.name for one in body if isinstance(one, If | For) for size in one.sizes}
        early: list[Statement] = []
        for one in body:
            read = names(one.value) if isinstance(one, Bind) else construct_names(one)
            if isinstance(one, Bind | Check) and late.isdisjoint(read):
                early.append(one)
            elif isinstance(one, Bind):
                late.add(one.name)
        self.statements(out, tuple(early), self.attributes)
        return tuple(one for one in body if one not in early)

    def _keep(self, out: Writer) -> None:
        """What only construction knows and the forward needs."""
        late = {name for mine in self.before.values() for name in mine}
        for name, attribute in self.kept.items():
            if name.role in ("param", "size") and name not in late:
                out.put(f"self.{attribute} = ", self.statics(name))

    def _close(self, out: Writer) -> None:
        assigned = {s.name for s in binds(self.block.body)}
        for name, attribute in self.kept.items():
            if name.role not in ("param", "size", "constant") and name not in assigned:
                out.put(f"self.{attribute} = ", self.statics(name))
        for attribute, value in self.block.tells.items():
            out.put(f"self.{attribute} = ", self.statics(value))

    # ------------------------------------------------------------------ statements

    def statements(self, out: Writer, body: Body, target: Target) -> None:
        units = list(grouped(body, self.assembly.read))
        for position, unit in enumerate(units):
            target.following = units[position + 1] if position + 1 < len(units) else None
            if isinstance(unit, list):
                self._container(out, unit, target)
                continue
            if unit in self.done:
                continue
            if not isinstance(unit, Make):
                target.finish(out)
            if isinstance(unit, Bind) and unit.apart:
                group = [one for one in units[position:][: unit.apart] if isinstance(one, Bind)]
                if len(group) == unit.apart and self._apart(out, group):
                    continue
            self._statement(out, unit, target, unit is units[-1])
        target.finish(out)

    def _statement(self, out: Writer, unit: Statement, target: Target, last: bool) -> None:
        if isinstance(unit, Make):
            target.put(out, unit, self._made(out, unit, target))
        elif isinstance(unit, Bind):
            self._bind(out, unit)
        elif isinstance(unit, Declare):
            self._declare(out, unit)
        elif isinstance(unit, Check):
            self._check(out, unit)
        elif isinstance(unit, TieTo):
            path, source = (
                self.attributes.children(unit.path),
                self.attributes.children(unit.source),
            )
            out.put(f"{path.text} = ", source)
        elif isinstance(unit, If):
            self._if(out, unit, target)
        elif isinstance(unit, For):
            self._for(out, unit, target, last)
        elif isinstance(unit, Unsupported):
            out.put("raise ", py.call("ValueError", [literal(unit.message)]))

    def _made(self, out: Writer, make: Make, target: Target) -> Py:
        """The module's expression; a chain that none can make is built before."""
        made = self.assembly.made(make.what)
        if made is not None:
            return made
        assert isinstance(make.what, Chain)
        target.finish(out)
        label = str(make.path[-1]) if is_identifier(make.path[-1]) else "layers"
        if any(map(names_children, make.what.body)):
            named = Named(self.assembly, self.assembly.names.add(label))
            named.begin(out)
            self.statements(out, make.what.body, named)
            return py.call("nn.Sequential", [Py(named.name)])
        listed = self._list(out, label, make.what.body)
        return py.call("nn.Sequential", [py.star(listed)])

    def _list(self, out: Writer, name: str, body: Body) -> Py:
        asked = any(self.assembly.tells(s) and not isinstance(s.what, Use) for s in makes(body))
        kind = "Any" if asked else "nn.Module"
        listed = Listed(self.assembly, self.assembly.names.add(name), kind)
        self.statements(out, body, listed)
        listed.begin(out)
        return Py(listed.name)

    def _container(self, out: Writer, unit: list[Statement], target: Target) -> None:
        holder = unit[0]
        assert isinstance(holder, Make)
        made, rest = self.assembly.begun(unit)
        first = unit[1] if len(rest) > 0 and len(rest) == len(unit) - 1 else None
        if isinstance(first, Make) and self._takes_statements(first):
            made, rest = self.assembly.begun(unit, self._made(out, first, target))
        for one in unit[1:]:
            if isinstance(one, For) and one not in rest:
                self._keep_for(out, one)
        target.put(out, holder, made)
        self.statements(out, tuple(rest), target)

    def _takes_statements(self, make: Make) -> bool:
        """Whether a member is a chain that is built step by step, and tells nobody of its sizes."""
        chain = isinstance(make.what, Chain) and self.assembly.chain(make.what.body) is None
        return chain and not self.assembly.tells(make)

    def _apart(self, out: Writer, binds: Sequence[Bind]) -> bool:
        """``high, wide = window``, if all its names are wanted; what the forward reads is kept."""
        first = binds[0]
        wanted = all(self.assembly.read(one.name) for one in binds)
        if not wanted or not isinstance(first.value, Index):
            return False
        inside = [self.assembly.counts[one.name] > 0 for one in binds]
        kept = [self.kept.get(one.name) for one in binds]
        texts = [
            self.assembly.names.of(one.name) if local else f"self.{attribute}"
            for one, local, attribute in zip(binds, inside, kept, strict=True)
        ]
        out.put(f"{', '.join(texts)} = ", self.statics(first.value.value))
        for text, local, attribute in zip(texts, inside, kept, strict=True):
            if local and attribute is not None:
                out.line(f"self.{attribute} = {text}")
        self.done.update(binds)
        return True

    def _bind(self, out: Writer, bind: Bind) -> None:
        value = self.statics(bind.value)
        attribute = self.kept.get(bind.name)
        if attribute is not None and not self.assembly.counts[bind.name]:
            out.put(f"self.{attribute} = ", value)
            return
        text = self.assembly.names.of(bind.name)
        out.put(f"{text} = ", value)
        if attribute is not None:
            out.line(f"self.{attribute} = {text}")

    def _declare(self, out: Writer, declare: Declare) -> None:
        value = self.tensors(out, declare)
        if declare.trainable:
            arguments = [value, *self._unless_true("requires_grad", declare.learned)]
            out.put(f"self.{declare.name} = ", py.call("nn.Parameter", arguments))
            return
        arguments = [
            literal(declare.name),
            value,
            *self._unless_true("persistent", declare.persistent),
        ]
        out.put("", py.call("self.register_buffer", arguments))

    def _unless_true(self, name: str, value: Static) -> list[Py]:
        """A keyword argument that is left out where it has its default."""
        return [] if value is True else [py.keyword(name, self.statics(value))]

    def _check(self, out: Writer, check: Check) -> None:
        error = py.call("ValueError", [self.statics(check.message)])
        if check.test is False:
            out.put("raise ", error)
            return
        out.put("if ", self.statics.negated(check.test), ":")
        with out.indented():
            out.put("raise ", error)

    # ------------------------------------------------------------------ conditions and loops

    def _if(self, out: Writer, statement: If, target: Target) -> None:
        if isinstance(statement.test, RunTest):
            self.statements(out, (*statement.then, *statement.orelse), target)
            return
        choice = self._choice(statement)
        if choice is not None:
            target.put(out, *choice)
            return
        if statement in self.absent and target is self.attributes:
            out.line(f"self.{self.absent[statement][0]} = None")
        elif target is self.attributes:
            self._annotate(out, statement)
        for size in statement.sizes:
            if self.assembly.read(size.name):
                self.in_place.condition(size, statement)
        written = []
        for side, body in (("then", statement.then), ("orelse", statement.orelse)):
            inner = out.inner()
            self.statements(inner, body, target)
            for size in statement.sizes:
                if self.assembly.read(size.name):
                    name = self.assembly.names.of(size.name)
                    value = self.statics.assigned(size.name, getattr(size, side))
                    if value.text != name:
                        inner.put(f"{name} = ", value)
            written.append(inner)
        then, orelse = written
        if then.lines:
            out.branch(self.statics(statement.test), then, orelse)
        elif orelse.lines:
            out.branch(self.statics.negated(statement.test), orelse, out.inner())

    def _annotate(self, out: Writer, statement: If) -> None:
        """Children of several classes are declared once, before the outermost condition."""
        for name, ways in untyped(statement).items():
            if name not in self.annotated:
                self.annotated.add(name)
                kinds = dict.fromkeys(module_type(made, self.assembly.titles) for made in ways)
                plain = len(kinds) > 3 or "nn.Module" in kinds
                out.line(f"self.{name}: {'nn.Module' if plain else ' | '.join(kinds)}")

    def _choice(self, statement: If) -> tuple[Make, Py] | None:
        """One child that is made in one of two short ways."""
        sides = [list(grouped(b, self.assembly.read)) for b in (statement.then, statement.orelse)]
        firsts = [side[0] for side in sides if len(side) == 1]
        if len(firsts) != 2 or any(self.assembly.read(size.name) for size in statement.sizes):
            return None
        then, orelse = firsts
        if not (isinstance(then, Make) and isinstance(orelse, Make) and then.path == orelse.path):
            return None
        made = self.assembly.choice(statement, named=True)
        return None if made is None else (then, made)

    def _keep_for(self, out: Writer, loop: For) -> None:
        """What a loop's forward needs is kept in front of the loop."""
        for name in self.before.get(loop, ()):
            out.put(f"self.{self.kept[name]} = ", self.statics(name))

    def _joined_names(self, body: Body) -> Iterator[Name]:
        """What the sizes follow from that conditions and loops in a round give, where these are
        read."""
        for one in body:
            if isinstance(one, For):
                for running in one.sizes:
                    if self.assembly.read(running.name):
                        yield from names((one.iterable, running.init, running.next))
                yield from self._joined_names(one.body)
            if not isinstance(one, If) or isinstance(one.test, RunTest):
                continue
            for size in one.sizes:
                if self.assembly.read(size.name):
                    yield from (*names(one.test), *names(size.then), *names(size.orelse))
            yield from self._joined_names((*one.then, *one.orelse))

    def _for(self, out: Writer, loop: For, target: Target, last: bool) -> None:
        self._keep_for(out, loop)
        made = self.assembly.rounds(loop) if isinstance(target, Listed) else None
        if made is not None:
            out.put("", py.call(f"{target.name}.extend", [made]))  # type: ignore[attr-defined]
            return
        around = condition_of_all(loop, self.assembly.read)
        if around is not None:
            self._if(out, around, target)
            return
        header = Header(loop)
        used = {n for s in loop.body for n in construct_names(s)}
        sizes = [size for size in loop.sizes if self.assembly.read(size.name)]
        used |= {n for size in sizes for n in names(size.next)}
        used |= {n for bind in binds(loop.body) for n in names(bind.value)}
        used |= set(self._joined_names(loop.body))
        header.bind(used, self.assembly.names)
        running = [size for size in sizes if not self._follows(loop, size, target, last)]
        for size in running:
            self._start(out, size, loop)
            self.in_place.round(size, loop)
        targets, iterable = header.clause(used, self.statics)
        out.put(f"for {targets} in ", iterable, ":")
        with out.indented():
            self.statements(out, loop.body, target)
            for size in running:
                text, following = (
                    self.assembly.names.of(size.name),
                    self.statics.assigned(size.name, size.next),
                )
                if text != following.text:
                    out.put(f"{text} = ", following)
        self.assembly.names.release(header.own)

    def _start(self, out: Writer, size: CarriedSize, loop: For) -> None:
        """The running variable before the first round: a parameter, if that is all it is for, or
        what an earlier loop carried, if nothing else reads that any more."""
        init = size.init
        again = sum(size.name in _carries(one) for phase in self.sequence for one in phase) > 1
        if self.in_place.ends_at(init, loop):
            self.assembly.names.alias(size.name, self.statics(init).text)
            return
        if not again and init in self.block.needs and init not in self.kept and self._once(init):
            self.assembly.names.alias(size.name, self.statics(init).text)
            return
        name, value = self.assembly.names.of(size.name), self.statics.assigned(size.name, init)
        if name != value.text:
            out.put(self.statics.begun(name, size.name, value), value)

    def _once(self, value: Static) -> bool:
        return isinstance(value, Name) and self.assembly.counts[value] == 1

    def _follows(self, loop: For, size: CarriedSize, target: Target, last: bool) -> bool:
        """Whether the last module of the list always tells the size, so that nothing has to run."""
        if not (isinstance(target, Listed) and last and isinstance(size.next, Name)):
            return False
        made = list(grouped(loop.body, self.assembly.read))
        if len(made) != 1 or not isinstance(made[0], Make):
            return False
        told = dict(made[0].told)
        init = self.statics(size.init).text if isinstance(size.init, Name) else ""
        if size.next not in told or init != f"{target.name}[-1].{told[size.next]}":
            return False
        self.assembly.names.alias(size.name, init)
        return True


def _carries(statement: Statement) -> set[Name]:
    """The running names of a loop."""
    return {size.name for size in statement.sizes} if isinstance(statement, For) else set()
