"""Which line of printed source comes from where: every call of a child leads to its stage."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import nndsl
from nndsl import resolve
from nndsl.backends.source.mapping import WHOLE, lines_of
from nndsl.backends.torch_source import print_source
from nndsl.model.graph import Block, Construct, Do, Invoke, Make, Program, Use, walk
from nndsl.source import Span

FOLDER = Path(__file__).parents[2] / "examples"
ZOO = sorted(path for path in (FOLDER / "zoo").glob("*.nn") if nndsl.load(path).models)
FILES = [*sorted(FOLDER.glob("*.nn")), *ZOO[::3]]
FEW = ("resnet.nn", "unet.nn", "llama.nn")


def _program(path: Path) -> Program:
    spec = nndsl.load(path)
    program, _ = resolve.generalise(resolve.load(spec.source, str(path.parent)), spec.models, {})
    assert program is not None
    return program


def _calls(block: Block) -> dict[str, set[str]]:
    """The stages that call each child, by the text of the child's name."""
    found: dict[str, set[str]] = {}
    for one in walk(block.body):
        if isinstance(one, Do) and isinstance(one.operation, Invoke) and one.span is not None:
            found.setdefault(str(one.operation.path[0]), set()).add(str(one.span))
    return found


def _children(source: str, block: str) -> Iterator[tuple[str, int, tuple[int, int]]]:
    """The calls ``self.name(...)`` of a printed forward: the name, the line, the columns."""
    for part in ast.parse(source).body:
        if isinstance(part, ast.ClassDef) and part.name.lower() == block:
            forward = next(f for f in part.body if getattr(f, "name", "") == "forward")
            for node in ast.walk(forward):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner = node.func.value
                    if isinstance(owner, ast.Name) and owner.id == "self":
                        place = (node.col_offset, node.end_col_offset or 0)
                        whole = node.lineno != node.end_lineno
                        yield node.func.attr, node.lineno, WHOLE if whole else place


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_call_of_a_child_leads_to_a_stage_that_calls_it(path: Path) -> None:
    program = _program(path)
    source = print_source(program)
    lines = lines_of(program, source)
    for block in program.blocks:
        stages = _calls(block)
        title = (block.name.replace("_", "") + block.variant).lower()
        if block.kind == "sequential":
            continue
        for name, line, columns in _children(source, title):
            found = {str(span) for place, span in lines.get(line, ()) if place == columns}
            assert name not in stages or found & stages[name], (name, line, found)


def _made(block: Block) -> Iterator[Span]:
    for one in walk(block.body):
        if isinstance(one, Make) and isinstance(one.what, Construct | Use) and one.span:
            yield one.span


@pytest.mark.parametrize("file", FEW)
def test_everything_that_is_constructed_stands_on_some_line(file: str) -> None:
    program = _program(FOLDER / file)
    lines = lines_of(program, print_source(program))
    known = {str(span) for places in lines.values() for _, span in places}
    wanted = {str(span) for block in program.blocks for span in _made(block)}
    assert wanted <= known


def test_the_file() -> None:
    spec = nndsl.load(FOLDER / "resnet.nn")
    files = spec.codegen_files("resnet.py", "resnet", map=True)
    found = json.loads(files["resnet.py.map"])
    text = files["resnet.py"].splitlines()
    line = next(n for n, row in enumerate(text, 1) if "self.bn1(self.conv1(image))" in row)
    stages = found["lines"][str(line)]
    assert [one["stage"] for one in stages] == [
        "conv(64, 7, 2, padding=3, bias=False)", "batchnorm", "relu",
    ]  # fmt: skip
    first, last = stages[0]["columns"]
    assert text[line - 1].strip()[first:last] == "self.conv1(image)"
    assert [found[key] for key in ("version", "generated")] == [1, "resnet.py"]
    assert files == spec.codegen_files("resnet.py", "resnet", map=True)


def test_a_specialized_file_has_a_map_too() -> None:
    files = nndsl.load(FOLDER / "unet.nn").codegen_files("u.py", map=True, specialize=True)
    assert '"stage": "conv_transpose(ci // 2, 2, 2)"' in files["u.py.map"]
