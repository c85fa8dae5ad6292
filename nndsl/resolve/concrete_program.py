"""Models as programs over numbers, for printing one configuration."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from nndsl.diagnostics import Diagnostic
from nndsl.limits import Exceeded
from nndsl.model.graph import Block, Make, Program, Use, walk
from nndsl.resolve.files import SpecFile
from nndsl.resolve.programs import functions_of
from nndsl.resolve.resolver import Resolver
from nndsl.resolve.roots import resolve_root


def concrete_program(
    core: SpecFile, models: tuple[str, ...], params: Mapping[str, Any]
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The blocks of some models with every static value known: those that ``build`` constructs.

    A configured model is a class of its own, under its own name.
    """
    resolver = Resolver()
    try:
        roots = {model: resolve_root(core, model, params, resolver) for model in models}
    except Exceeded as stopped:
        return None, (*resolver.diagnostics, *stopped.diagnostics)
    found = (*resolver.diagnostics, *core.resolver.diagnostics)
    if resolver.failed or core.resolver.failed or None in roots.values():
        return None, found
    blocks: list[Block] = []
    for model, root in roots.items():
        assert root is not None
        _enter(_titled(root, model, core), blocks)
    used = tuple(blocks)
    return Program(used, functions_of(used), (), {}, core.source.name, models, core.about), found


def _titled(root: Block, model: str, core: SpecFile) -> Block:
    """A model's block under the model's name; another model may be configured alike."""
    if root.name == model:
        return root
    block = copy(root)
    block.name, block.comment = model, core.models[model].tree.comment or root.comment
    return block


def _enter(block: Block, blocks: list[Block]) -> None:
    """Append a block behind those that it uses."""
    if block in blocks:
        return
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            _enter(statement.what.block, blocks)
    blocks.append(block)
