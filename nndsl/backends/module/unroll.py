"""A concrete body written out: loops unrolled, decidable conditions decided.

Construction sees each branch of a condition of the run, and the body of a loop of the run once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nndsl.backends.module.errors import undecided
from nndsl.backends.module.statics import Env, items, plain_path, settle
from nndsl.model.expr import Undecided, bind, evaluate
from nndsl.model.graph import (
    Bind,
    Chain,
    Declare,
    For,
    If,
    Init,
    Make,
    RunTest,
    Scan,
    Statement,
    TieTo,
)
from nndsl.record import dataclass
from nndsl.source import Span


@dataclass(frozen=True)
class Step:
    """One statement of the unrolled body; ``path`` is set for a ``Make``, from the block's root."""

    statement: Statement
    env: Env
    path: tuple[str, ...] = ()


Spend = Callable[[Span | None], None]


def free(span: Span | None) -> None:
    """A step that nobody counts."""


def unrolled(
    body: tuple[Statement, ...], env: Env, spend: Spend = free, prefix: tuple[str, ...] = ()
) -> Iterator[Step]:
    """The simple statements of a body in the order in which they happen.

    A step's ``env`` changes when the next step is asked for. ``spend`` is called once a step and
    once a round, and may raise when it is too much.
    """
    for statement in body:
        spend(getattr(statement, "span", None))
        if isinstance(statement, For):
            yield from _rounds(statement, env, spend, prefix)
        elif isinstance(statement, If):
            yield from _branches(statement, env, spend, prefix)
        elif isinstance(statement, Scan):
            yield from unrolled(statement.body, env, spend, prefix)
        elif isinstance(statement, Bind):
            env.set(statement.name, statement.value)
        elif isinstance(statement, Make):
            path = (*prefix, *path_of(statement, env))
            yield Step(statement, env, path)
            if isinstance(statement.what, Chain):
                yield from unrolled(statement.what.body, env, spend, path)
        else:
            yield Step(statement, env, prefix)


def path_of(make: Make, env: Env) -> tuple[str, ...]:
    """Where a child is registered."""
    try:
        return plain_path(make.path, env)
    except Undecided as e:
        raise undecided("the name of a layer", e.name.id, make.span) from None


def _rounds(loop: For, env: Env, spend: Spend, prefix: tuple[str, ...]) -> Iterator[Step]:
    for size in loop.sizes:
        env.set(size.name, size.init)
    for number, item in enumerate(loop_items(loop, env)):
        spend(loop.span)
        enter_round(loop, number, item, env)
        yield from unrolled(loop.body, env, spend, prefix)
        leave_round(loop, env)


def loop_items(loop: For, env: Env) -> Iterator[object]:
    """What a loop of the constructor runs over."""
    try:
        yield from items(loop.iterable, env)
    except Undecided as e:
        raise undecided("the number of rounds", e.name.id, loop.span) from None


def enter_round(loop: For, number: int, item: object, env: Env) -> None:
    """Bind the loop's names for one round."""
    names: dict[object, object] = {}
    if loop.targets is not None:
        bind(loop.targets, item, names)  # type: ignore[arg-type]
    names[loop.round] = number
    for name, value in names.items():
        env.set(name, value)  # type: ignore[arg-type]


def leave_round(loop: For, env: Env) -> None:
    """Carry the loop's static names into the next round, all at once."""
    after = [(size.name, settle(size.next, env)) for size in loop.sizes]
    for name, value in after:
        env.set(name, value)


def _branches(choice: If, env: Env, spend: Spend, prefix: tuple[str, ...]) -> Iterator[Step]:
    taken = None if isinstance(choice.test, RunTest) else decide(choice, env)
    if not isinstance(taken, bool):
        for step in _both(choice, env, spend, prefix):
            if taken is not None and isinstance(step.statement, Make | Declare | TieTo | Init):
                raise undecided("this condition", taken.name.id, choice.span)
            yield step
        return
    yield from unrolled(choice.then if taken else choice.orelse, env, spend, prefix)
    join_sizes(choice, taken, env)


def _both(choice: If, env: Env, spend: Spend, prefix: tuple[str, ...]) -> Iterator[Step]:
    yield from unrolled(choice.then, env.copy(), spend, prefix)
    yield from unrolled(choice.orelse, env.copy(), spend, prefix)


def decide(choice: If, env: Env) -> bool | Undecided:
    """Which branch a condition of the constructor takes, or why that isn't known."""
    try:
        return bool(evaluate(settle(choice.test, env), env.known))
    except Undecided as e:
        return e


def join_sizes(choice: If, taken: bool, env: Env) -> None:
    """After a decided condition its names have the values of the branch that was taken."""
    after = [(s.name, settle(s.then if taken else s.orelse, env)) for s in choice.sizes]
    for name, value in after:
        env.set(name, value)
