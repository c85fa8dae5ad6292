"""``init`` rules as loops over modules and over parameters, at the end of a constructor."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from nndsl.backends.source import py
from nndsl.backends.source.assembly import Assembly
from nndsl.backends.source.layout import Writer
from nndsl.backends.source.literals import literal
from nndsl.backends.source.py import Py
from nndsl.model.expr import Static
from nndsl.model.graph import Block, If, Init, RunTest, Statement
from nndsl.record import dataclass

Body = tuple[Statement, ...]


@dataclass(frozen=True)
class Rule:
    """A rule and the conditions that it stands under, each with the side that it is on."""

    tests: tuple[tuple[Static, bool], ...]
    init: Init


def rules(body: Body, tests: tuple[tuple[Static, bool], ...] = ()) -> Iterator[Rule]:
    """The rules of a body in the order written."""
    for statement in body:
        if isinstance(statement, Init):
            yield Rule(tests, statement)
        elif isinstance(statement, If) and not isinstance(statement.test, RunTest):
            yield from rules(statement.then, (*tests, (statement.test, True)))
            yield from rules(statement.orelse, (*tests, (statement.test, False)))


def is_rules_only(statement: Statement) -> bool:
    """Whether a statement is a rule, or a condition that holds nothing else."""
    if isinstance(statement, If) and not statement.joins and not statement.sizes:
        inside = (*statement.then, *statement.orelse)
        return bool(inside) and all(map(is_rules_only, inside))
    return isinstance(statement, Init)


class Initial:
    """Writes the rules of a block: one pass for each run of rules of one kind."""

    def __init__(self, block: Block, assembly: Assembly) -> None:
        self.block = block
        self.assembly = assembly
        self._names: dict[str, str] = {}

    def write(self, out: Writer) -> None:
        for by_class, run in groupby(rules(self.block.body), lambda r: bool(r.init.classes)):
            if by_class:
                self._modules(out, list(run))
            else:
                self._parameters(out, list(run))

    def _name(self, wish: str) -> str:
        """A name of the constructor, the same for all loops."""
        if wish not in self._names:
            self._names[wish] = self.assembly.names.add(wish)
        return self._names[wish]

    # ------------------------------------------------------------------ by class

    def _modules(self, out: Writer, run: list[Rule]) -> None:
        module = self._name("module")
        out.line(f"for {module} in self.modules():")
        with out.indented():
            for (tests, classes), same in groupby(run, lambda r: (r.tests, r.init.classes)):
                named = [Py(self.assembly.titles.of(name)) for name in classes]
                kind = named[0] if len(named) == 1 else py.bracketed("(", named, ")")
                is_one = py.call("isinstance", [Py(module), kind])
                self._of_class(out, module, [*self._tests(tests), is_one], list(same))

    def _of_class(self, out: Writer, module: str, tests: list[Py], same: list[Rule]) -> None:
        """The rules for one class; a parameter that may be missing is asked for."""
        there = [Py(f"{module}.{rule.init.key} is not None", py.COMPARE) for rule in same]
        if len(same) == 1 and not same[0].init.sure:
            tests = [*tests, *there]
        out.put("if ", _all(tests), ":")
        with out.indented():
            for rule, test in zip(same, there, strict=True):
                if rule.init.sure or len(same) == 1:
                    self._fill(out, f"{module}.{rule.init.key}", rule.init)
                    continue
                out.put("if ", test, ":")
                with out.indented():
                    self._fill(out, f"{module}.{rule.init.key}", rule.init)

    # ------------------------------------------------------------------ by key

    def _parameters(self, out: Writer, run: list[Rule]) -> None:
        name, parameter = self._name("name"), self._name("parameter")
        twice = any(self.assembly.titles.tied(rule.init.key) for rule in run)
        every = "remove_duplicate=False" if twice else ""
        out.line(f"for {name}, {parameter} in self.named_parameters({every}):")
        with out.indented():
            for (tests, key), same in groupby(run, lambda r: (r.tests, r.init.key)):
                out.put("if ", _all([*self._tests(tests), _means(key, name)]), ":")
                with out.indented():
                    for rule in same:
                        self._fill(out, parameter, rule.init)

    # ------------------------------------------------------------------ both

    def _tests(self, tests: tuple[tuple[Static, bool], ...]) -> list[Py]:
        """The conditions that rules stand under."""
        statics = self.assembly.statics
        return [statics(test) if side else statics.negated(test) for test, side in tests]

    def _fill(self, out: Writer, parameter: str, init: Init) -> None:
        statics = self.assembly.statics
        given = [statics(value) for value in init.args]
        named = [py.keyword(name, statics(value)) for name, value in init.kwargs]
        fn = init.fn.removeprefix("torch.")
        out.put("", py.call(fn, [Py(parameter), *given, *named]))


def _all(tests: list[Py]) -> Py:
    """All of some conditions."""
    made = tests[0]
    for test in tests[1:]:
        made = py.binary("and", made, test)
    return made


def _means(key: str, name: str) -> Py:
    """The test whether a pattern means a key, as people write it."""
    plain = key.strip("*")
    if "*" in plain or key.startswith("**") or key.endswith("**"):
        return py.call("fnmatchcase", [Py(name), literal(key)])
    if key.startswith("*") and key.endswith("*") and plain:
        return Py(f"{literal(plain).text} in {name}", py.COMPARE)
    if key.startswith("*") and plain:
        return py.call(f"{name}.endswith", [literal(plain)])
    if key.endswith("*") and plain:
        return py.call(f"{name}.startswith", [literal(plain)])
    if not plain:
        return py.call("fnmatchcase", [Py(name), literal(key)])
    return Py(f"{name} == {literal(key).text}", py.COMPARE)
