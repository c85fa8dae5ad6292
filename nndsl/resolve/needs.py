"""Which names a constructor takes."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Expr, Name, names_in
from nndsl.model.graph import (
    Bind,
    Block,
    Chain,
    Check,
    Construct,
    Declare,
    Do,
    For,
    If,
    Init,
    Make,
    Parametric,
    RunTest,
    Scan,
    Statement,
    TieTo,
    Use,
    walk,
)


def constructor_names(block: Block) -> set[Name]:
    """The names whose values the constructor takes; running ones are followed to their origin."""
    return wanted_names(block.body, tuple(block.tells.values()))


def wanted_names(body: tuple[Statement, ...], told: tuple[Any, ...] = ()) -> set[Name]:
    """The names that constructing what stands in a body takes; ``told``: sizes besides."""
    direct: set[Name] = {name for size in told for name in names_in(size)}
    defined: dict[Name, list[Any]] = {}
    _collect(body, direct, defined)
    todo, found = list(direct), set()
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        for source in defined.get(name, ()):
            todo.extend(names_in(source))
    return found


def construction_names(statement: Statement) -> set[Name]:
    """The names that a statement reads at construction, those of the parts inside it too."""
    direct: set[Name] = set()
    defined: dict[Name, list[Any]] = {}
    _collect((statement,), direct, defined)
    return direct | {n for values in defined.values() for v in values for n in names_in(v)}


def first_needs(block: Block, builder: Any) -> None:
    """What a block takes of its inputs' sizes as far as its own children tell.

    A layer that is passed is tried before all blocks are settled; its children's needs are its own.
    """
    for made, _, type, axes in builder.parametric:
        object.__setattr__(made, "sizes", tuple(type.shape[a] for a in sorted(axes)))
    needed = constructor_names(block)
    block.needs = tuple(n for n in builder.inputs if n in needed)


def _collect(
    body: tuple[Statement, ...], direct: set[Name], defined: dict[Name, list[Any]]
) -> None:
    for statement in body:
        if isinstance(statement, Make):
            direct.update(n for v in made_values(statement.what) for n in names_in(v))
            direct.update(n for p in statement.path if isinstance(p, Expr) for n in names_in(p))
            if isinstance(statement.what, Chain):
                _collect(statement.what.body, direct, defined)
        elif isinstance(statement, Declare):
            direct.update(n for v in declared_values(statement) for n in names_in(v))
        elif isinstance(statement, Check):
            direct.update(names_in(statement.test))
            direct.update(names_in(statement.message))
        elif isinstance(statement, TieTo):
            direct.update(
                n
                for p in (*statement.path, *statement.source)
                if isinstance(p, Expr)
                for n in names_in(p)
            )
        elif isinstance(statement, Init):
            values = (*statement.args, *(v for _, v in statement.kwargs))
            direct.update(n for v in values for n in names_in(v))
        elif isinstance(statement, Bind):
            defined.setdefault(statement.name, []).append(statement.value)
        elif isinstance(statement, If):
            _collect_if(statement, direct, defined)
        elif isinstance(statement, For):
            _collect_for(statement, direct, defined)
        elif isinstance(statement, Scan):
            _collect(statement.body, direct, defined)


def _collect_if(statement: If, direct: set[Name], defined: dict[Name, list[Any]]) -> None:
    _collect(statement.then, direct, defined)
    _collect(statement.orelse, direct, defined)
    for one in statement.sizes:
        sources = defined.setdefault(one.name, [])
        sources += [one.then, one.orelse]
        if not isinstance(statement.test, RunTest):
            sources.append(statement.test)
    if not isinstance(statement.test, RunTest) and constructs((statement,)):
        direct.update(names_in(statement.test))


def _collect_for(statement: For, direct: set[Name], defined: dict[Name, list[Any]]) -> None:
    _collect(statement.body, direct, defined)
    for one in statement.sizes:
        defined.setdefault(one.name, []).extend([one.init, one.next, statement.iterable])
    if constructs((statement,)):
        direct.update(names_in(statement.iterable))


def declared_values(statement: Declare) -> list[Any]:
    """The static values that a parameter or buffer is made of."""
    return [*body_operands(statement.body), statement.learned, statement.persistent]


def constructs(body: tuple[Statement, ...]) -> bool:
    """Whether a body makes or checks something at construction."""
    return any(isinstance(s, Make | Declare | Check | TieTo | Init) for s in walk(body))


def made_values(made: Any) -> list[Any]:
    if isinstance(made, Construct):
        return [*made.args, *(v for _, v in made.kwargs)]
    if isinstance(made, Use):
        needs = set(made.block.needs)
        return [*(a for _, a in made.args), *(s for n, s in made.sizes if n in needs)]
    if isinstance(made, Parametric):
        return [made.layer, *made.sizes, *made.args, *(v for _, v in made.kwargs)]
    return []


def body_operands(body: tuple[Statement, ...]) -> list[Any]:
    found: list[Any] = []
    for statement in walk(body):
        if isinstance(statement, Do):
            found.extend(statement.operation.args)
            found.extend(v for _, v in statement.operation.kwargs)
    return [v for v in found if isinstance(v, Expr | tuple)]
