"""From a syntax tree to a resolved model: names, values, shapes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nndsl.diagnostics import Diagnostic
from nndsl.limits import Exceeded, exceeded
from nndsl.model.checkpoints import Loading, ModelKeys, Stored
from nndsl.model.graph import Block, Program
from nndsl.resolve.files import Imports, SpecFile, empty_file, read_spec
from nndsl.resolve.resolver import Resolver
from nndsl.source import Source

RECURSION = 60_000


def load(source: Source, root: str | None = None, plugins: bool = False) -> SpecFile:
    """Parse a spec and lay out its items. What was found is in ``diagnostics``.

    ``plugins``: a name that nothing explains may import the installed package that declares it.
    """
    resolver = Resolver()
    try:
        with deep():
            return read_spec(source, root, resolver, Imports(root, plugins=plugins))
    except Exceeded as stopped:
        return empty_file(source, root, resolver, stopped.diagnostics)


def resolve_model(
    core: SpecFile, model: str, params: Mapping[str, Any]
) -> tuple[Block | None, tuple[Diagnostic, ...]]:
    """One model with every static value known; None if it has mistakes."""
    from nndsl.resolve.roots import resolve_root

    resolver = Resolver()
    ended: tuple[Diagnostic, ...] = ()
    block = None
    try:
        with deep():
            block = resolve_root(core, model, params, resolver)
    except Exceeded as stopped:
        ended = stopped.diagnostics
    found = (*resolver.diagnostics, *core.resolver.diagnostics, *ended)
    return (None if core.resolver.failed else block), found


def generalise(
    core: SpecFile, models: tuple[str, ...], params: Mapping[str, Any]
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Models over their parameters' names, as the source backend prints them."""
    from nndsl.resolve.general_program import general_program

    with deep():
        return general_program(core, models, params)


def specialise(
    core: SpecFile, models: tuple[str, ...], params: Mapping[str, Any]
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Models with every number filled in, as the source backend prints them."""
    from nndsl.resolve.concrete_program import concrete_program

    with deep():
        return concrete_program(core, models, params)


def plan_loading(
    core: SpecFile,
    model: str,
    block: Block,
    stored: Mapping[str, Stored],
    keys: ModelKeys,
) -> tuple[Loading, tuple[Diagnostic, ...]]:
    """How the tensors of a file become those of a resolved model, and what does not fit."""
    from nndsl.resolve.loading import plan
    from nndsl.resolve.weights import rules_of

    with deep():
        return plan(stored, keys, rules_of(core, model), block)


@contextmanager
def deep() -> Iterator[None]:
    """Allow the recursion that the nesting limits of a spec can need; more is a limit too."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION))
    try:
        yield
    except RecursionError:
        raise exceeded("depth", "what is written here is nested too deeply") from None
    finally:
        sys.setrecursionlimit(before)


__all__ = ["SpecFile", "generalise", "load", "plan_loading", "resolve_model", "specialise"]
