"""The statements of a body as one Python function: straight lines, loops of construction unrolled.

Each variable gets a virtual local name (``%3``) when it is assigned; ``registers`` then chooses
the real ones.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import count
from typing import Any

from nndsl.backends.module.errors import FAILED_CHECK, fail
from nndsl.backends.module.operands import Scope, Unit, call, load
from nndsl.backends.module.operations import Operations
from nndsl.backends.module.places import Places
from nndsl.backends.module.registers import Hint
from nndsl.backends.module.statics import decided
from nndsl.backends.module.unroll import enter_round, loop_items
from nndsl.model.expr import Name, Static
from nndsl.model.graph import (
    Apply,
    Bind,
    Carried,
    Do,
    For,
    Gathered,
    Give,
    If,
    Many,
    Operand,
    RunTest,
    Scan,
    Statement,
    TupleType,
    Unsupported,
    Var,
)

_STORE = ast.Store()


class Writer(Operations):
    """Writes one function. ``globals`` are the names that its code may load besides locals."""

    def __init__(self, unit: Unit, places: Places, globals: dict[str, Any], title: str) -> None:
        super().__init__(unit)
        self.places = places
        self.globals = globals
        self.title = title
        self.lines: list[ast.stmt] = []
        self.hints: dict[str, Hint] = {}
        self._numbers = count()
        self._writers: dict[type, Callable[[Any, Scope], None]] = {
            Do: self.do,
            Give: self.give,
            Bind: self.bind,
            If: self.branch,
            For: self.rounds,
            Scan: self.scan,
            Unsupported: self.unsupported,
        }

    def body(self, body: tuple[Statement, ...], scope: Scope) -> None:
        """Everything that flows in a body; what constructs is left to the constructor."""
        for statement in body:
            write = self._writers.get(type(statement))
            if write is not None:
                self.span = getattr(statement, "span", None) or self.span
                write(statement, scope)

    # -------------------------------------------------------------- lines

    def put(self, line: ast.stmt) -> None:
        self.places.mark(line, self.span)
        self.lines.append(line)

    def local(self, hint: str, tensor: bool = True) -> str:
        """A new virtual name."""
        name = f"%{next(self._numbers)}"
        self.hints[name] = Hint(hint, tensor)
        return name

    def hold(self, value: ast.expr, hint: str, tensor: bool = True) -> str:
        name = self.local(hint, tensor)
        self.put(ast.Assign([ast.Name(name, _STORE)], value))
        return name

    def nested(self, write: Callable[[], None]) -> list[ast.stmt]:
        """The lines that ``write`` puts, apart from the others."""
        outer, self.lines = self.lines, []
        try:
            write()
            return self.lines or [self.places.mark(ast.Pass(), self.span)]
        finally:
            self.lines = outer

    def local_of(self, operand: Operand, hint: str, scope: Scope) -> str:
        """A local that holds an operand; a variable that is one already stays where it is."""
        if isinstance(operand, Var) and operand.id in scope.vars:
            return scope.vars[operand.id]
        return self.hold(self.operand(operand, scope), hint)

    # -------------------------------------------------------------- statements

    def do(self, statement: Do, scope: Scope) -> None:
        operation, targets = statement.operation, statement.targets
        if isinstance(operation, Apply) and operation.fn == "op.identity" and len(targets) == 1:
            name = self.local_of(operation.args[0], targets[0].name, scope)
            scope.vars[targets[0].id] = name
            return
        value = self.operation(operation, scope)
        if not targets:
            self.put(ast.Expr(value))
            return
        names = [self.local(target.name) for target in targets]
        stores: list[ast.expr] = [ast.Name(name, _STORE) for name in names]
        self.put(ast.Assign([stores[0] if len(stores) == 1 else ast.Tuple(stores, _STORE)], value))
        scope.vars.update((t.id, name) for t, name in zip(targets, names, strict=True))

    def give(self, statement: Give, scope: Scope) -> None:
        value, type = statement.value, statement.type
        if isinstance(value, Many) and isinstance(type, TupleType) and not type.many:
            parts = [self.operand(item, scope) for item in value.items]
            if type.names is None:
                self.put(ast.Return(ast.Tuple(parts, ast.Load())))
            else:
                self.put(ast.Return(call(load(self.output(type.names)), *parts)))
            return
        made = self.operand(value, scope)
        if isinstance(type, TupleType) and type.names is not None and self.unit.has_self:
            made = call(load(self.output(type.names)), ast.Starred(made, ast.Load()))
        self.put(ast.Return(made))

    def output(self, fields: tuple[str, ...]) -> str:
        """The global that holds the class of named outputs."""
        from nndsl.backends.module.outputs import output_class

        made = output_class(f"{self.title}Output", fields)
        self.globals[f"out.{','.join(fields)}"] = made
        return f"out.{','.join(fields)}"

    def bind(self, statement: Bind, scope: Scope) -> None:
        """A static name: nothing to do at run time if its value is known."""
        self.assign_names([(statement.name, statement.value)], scope)

    def assign_names(self, pairs: list[tuple[Name, Static]], scope: Scope) -> None:
        """Give static names their values, all at once; a size of the run goes into a local."""
        settled = [(name, self.settled(value, scope)) for name, value in pairs]
        late = {
            name: self.hold(self.static(value, scope), name.id, tensor=False)
            for name, value in settled
            if not decided(value)
        }
        for name, value in settled:
            scope.names.pop(name, None)
            if name not in late:
                scope.env.set(name, value)
        scope.names.update(late)

    def unsupported(self, statement: Unsupported, scope: Scope) -> None:
        raise fail(FAILED_CHECK, statement.message, self.span)

    # -------------------------------------------------------------- conditions

    def branch(self, choice: If, scope: Scope) -> None:
        taken = self.taken(choice, scope)
        if taken is None:
            self.run_time_branch(choice, scope)
            return
        self.body(choice.then if taken else choice.orelse, scope)
        joined = [
            (j.var.id, self.local_of(j.then if taken else j.orelse, j.var.name, scope))
            for j in choice.joins
        ]
        scope.vars.update(joined)
        self.assign_names([(s.name, s.then if taken else s.orelse) for s in choice.sizes], scope)

    def taken(self, choice: If, scope: Scope) -> bool | None:
        """Which branch a condition takes, or None where only the run decides."""
        if isinstance(choice.test, RunTest):
            return None
        test = self.settled(choice.test, scope)
        return bool(test) if decided(test) else None

    def run_time_branch(self, choice: If, scope: Scope) -> None:
        test = self.test(choice, scope)
        vars = [(j.var.id, self.local(j.var.name)) for j in choice.joins]
        names = [(s.name, self.local(s.name.id, tensor=False)) for s in choice.sizes]

        def write(then: bool) -> None:
            inner = scope.branch()
            self.body(choice.then if then else choice.orelse, inner)
            for (_, local), join in zip(vars, choice.joins, strict=True):
                self.store(local, self.operand(join.then if then else join.orelse, inner))
            for (_, local), size in zip(names, choice.sizes, strict=True):
                self.store(local, self.static(size.then if then else size.orelse, inner))

        then, orelse = self.nested(lambda: write(True)), self.nested(lambda: write(False))
        orelse = [] if isinstance(orelse[0], ast.Pass) else orelse
        self.span = choice.span or self.span
        self.put(ast.If(test, then, orelse))
        scope.vars.update(vars)
        scope.names.update(names)

    def test(self, choice: If, scope: Scope) -> ast.expr:
        if isinstance(choice.test, RunTest):
            return self.run_test(choice.test, scope)
        return self.static(choice.test, scope)

    def run_test(self, test: RunTest, scope: Scope) -> ast.expr:
        if test.parts:
            parts = [
                self.run_test(p, scope) if isinstance(p, RunTest) else self.static(p, scope)
                for p in test.parts
            ]
            return ast.BoolOp(ast.And() if test.kind == "all" else ast.Or(), parts)
        if test.var is None:
            mode = self.training()
            return ast.UnaryOp(ast.Not(), mode) if test.kind == "eval" else mode
        given = ast.IsNot() if test.kind == "given" else ast.Is()
        return ast.Compare(self.variable(test.var, scope), [given], [ast.Constant(None)])

    def store(self, local: str, value: ast.expr) -> None:
        self.put(ast.Assign([ast.Name(local, _STORE)], value))

    # -------------------------------------------------------------- loops of construction

    def rounds(self, loop: For, scope: Scope) -> None:
        """Every round in turn. What is carried needs no code: the next round reads other locals."""
        self.assign_names([(size.name, size.init) for size in loop.sizes], scope)
        before = scope.vars
        values = [self.local_of(c.init, c.head.name, scope) for c in loop.carried]
        lists: list[list[ast.expr]] = [[] for _ in loop.gathered]
        outer = dict(before)
        for number, item in enumerate(loop_items(loop, scope.env)):
            scope.vars = dict(outer)
            scope.vars.update(self.heads(loop.carried, values))
            enter_round(loop, number, item, scope.env)
            self.body(loop.body, scope)
            values = [self.local_of(c.next, c.after.name, scope) for c in loop.carried]
            for parts, gathered in zip(lists, loop.gathered, strict=True):
                parts.append(self.kept(gathered, scope))
            self.assign_names([(size.name, size.next) for size in loop.sizes], scope)
        scope.vars = outer
        scope.vars.update((c.after.id, v) for c, v in zip(loop.carried, values, strict=True))
        self.span = loop.span or self.span
        for parts, gathered in zip(lists, loop.gathered, strict=True):
            self.collect(gathered, parts, scope)

    def heads(self, carried: tuple[Carried, ...], values: list[str]) -> list[tuple[int, str]]:
        return [(c.head.id, value) for c, value in zip(carried, values, strict=True)]

    def kept(self, gathered: Gathered, scope: Scope) -> ast.expr:
        """What a round adds to a list, in a local: its names mean something else in the next."""
        return load(self.local_of(gathered.item, "", scope))

    def collect(self, gathered: Gathered, parts: list[ast.expr], scope: Scope) -> None:
        if gathered.onto is not None:
            parts = [ast.Starred(self.variable(gathered.onto, scope), ast.Load()), *parts]
        made = self.hold(ast.List(parts, ast.Load()), gathered.after.name)
        scope.vars[gathered.after.id] = made

    # -------------------------------------------------------------- loops of the run

    def scan(self, loop: Scan, scope: Scope) -> None:
        over = self.over(loop.over, scope)
        heads = [self.hold(self.operand(c.init, scope), c.head.name) for c in loop.carried]
        for gathered in loop.gathered:
            self.collect(gathered, [], scope)
        inner = scope.branch()
        targets = [self.local(var.name) for var in loop.target]
        inner.vars.update((v.id, name) for v, name in zip(loop.target, targets, strict=True))
        inner.vars.update(self.heads(loop.carried, heads))
        body = self.nested(lambda: self.scan_body(loop, heads, inner))
        stores: list[ast.expr] = [ast.Name(name, _STORE) for name in targets]
        target = stores[0] if len(stores) == 1 else ast.Tuple(stores, _STORE)
        self.span = loop.span or self.span
        self.put(ast.For(target, over, body, []))
        scope.vars.update((c.after.id, head) for c, head in zip(loop.carried, heads, strict=True))

    def over(self, value: Operand, scope: Scope) -> ast.expr:
        """The list that a loop goes over; several lists go together."""
        if not isinstance(value, Many):
            return self.operand(value, scope)
        self.globals["zip"] = zip
        return call(load("zip"), *(self.operand(item, scope) for item in value.items))

    def scan_body(self, loop: Scan, heads: list[str], scope: Scope) -> None:
        self.body(loop.body, scope)
        for gathered in loop.gathered:
            add = ast.Attribute(load(scope.vars[gathered.after.id]), "append", ast.Load())
            self.put(ast.Expr(call(add, self.operand(gathered.item, scope))))
        if len(heads) == 1:
            self.store(heads[0], self.operand(loop.carried[0].next, scope))
        elif heads:
            stores: list[ast.expr] = [ast.Name(name, _STORE) for name in heads]
            values = [self.operand(c.next, scope) for c in loop.carried]
            self.put(ast.Assign([ast.Tuple(stores, _STORE)], ast.Tuple(values, ast.Load())))
