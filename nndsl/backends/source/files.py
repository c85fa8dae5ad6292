"""A printed program and what was asked for beside it."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from keyword import iskeyword

from nndsl.backends.source.sample import Unmade
from nndsl.backends.torch_source import print_source
from nndsl.model.graph import Block, Program


def files_of(
    program: Program,
    name: str,
    blocks: Mapping[str, Block],
    *,
    map: bool,
    tests: bool,
    train: str | None,
) -> dict[str, str]:
    """The text of each file, by its name. ``blocks`` are the models with every value known;
    ``train`` is the one that is trained. Raises Unmade for what can't be made."""
    files = {name: print_source(program)}
    if map:
        from nndsl.backends.source.mapping import text_of

        files[f"{name}.map"] = text_of(program, files[name], name)
    if tests:
        from nndsl.backends.source.testing import tests_of

        files[f"test_{name}"] = tests_of(program, blocks, _module(name))
    if train is not None:
        from nndsl.backends.source.training import training_of

        files[f"train_{name}"] = training_of(program, blocks[train], _module(name), train)
    return files


def _module(name: str) -> str:
    """The name under which a printed file is imported. Raises Unmade."""
    stem, ending = os.path.splitext(name)
    if not stem.isidentifier() or iskeyword(stem) or ending != ".py":
        raise Unmade(f"{name} can't be imported: name it like a Python module, such as net.py")
    return stem
