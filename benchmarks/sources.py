"""``python -m benchmarks.sources`` measures printed source, network by network of the zoo.

Printed is a markdown table, with the numbers that the project's rules for printed source ask for.
``--check`` also runs ruff and mypy, which takes some minutes.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import black

from nndsl.backends.torch_source import print_source
from nndsl.model.graph import Block, Chain, Construct, For, If, Make, Program, Statement, Use
from nndsl.record import dataclass, fields
from nndsl.resolve import SpecFile, deep, general_program, load
from nndsl.resolve.general import Family, Generaliser
from nndsl.resolve.uses import parameter_names
from nndsl.source import Span
from nndsl.syntax import tree
from tests.zoo.lines import python_lines, references
from tests.zoo.networks import spec
from tests.zoo.rows import ROWS

COLUMNS = (
    "network", "printed", "reference's", "longest function", "longest line", "black", "ruff",
    "mypy", "unrolled loops", "lost parameters", "numbers for expressions",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What is measured of one network's printed source."""

    name: str
    source: str
    lines: int
    longest_function: int
    longest_line: int
    settled: bool
    unrolled: int
    lost: int
    numbers: int


# ------------------------------------------------------------------ the model


def general(core: SpecFile, model: str) -> tuple[Program, list[Family]]:
    """What is printed of a model, and the families of blocks that it was made from."""
    made: list[Generaliser] = []

    class Watched(Generaliser):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made.append(self)

    before = general_program.Generaliser
    general_program.Generaliser = Watched  # type: ignore[misc]
    try:
        with deep():
            program, _ = general_program.general_program(core, (model,), {})
    finally:
        general_program.Generaliser = before  # type: ignore[misc]
    assert program is not None
    families = [
        family
        for family in made[-1].families.values()
        if any(block in program.blocks for block in family.variants.values())
    ]
    return program, families


def unrolled(program: Program, families: list[Family]) -> int:
    """Places of the spec that construct several modules of one class, one after the other.

    A place in the definition's own text that is constructed twice, in no exclusive branches, was a
    loop. What a splice brings in stands in another definition, and may come twice.
    """
    whole = {id(block): family.definition.tree.span for family in families
             for block in family.variants.values()}  # fmt: skip
    found = 0
    for block in program.blocks:
        own = whole.get(id(block))
        counts = constructed(block.body)
        found += sum(n > 1 and _within(span, own) for span, n in counts.items())
    return found


def constructed(body: tuple[Statement, ...]) -> Counter[Span]:
    """How often each place constructs something in one pass of a body."""
    found: Counter[Span] = Counter()
    for one in body:
        if isinstance(one, If):
            then, orelse = constructed(one.then), constructed(one.orelse)
            found += then | orelse
        elif isinstance(one, For):
            found += constructed(one.body)
        elif isinstance(one, Make):
            if isinstance(one.what, Chain):
                found += constructed(one.what.body)
            elif one.span is not None and isinstance(one.what, Construct | Use):
                found[one.span] += 1
    return found


def _within(span: Span, whole: Span | None) -> bool:
    inside = whole is not None and whole.source is span.source
    return inside and whole is not None and whole.start <= span.start < whole.end


def lost(family: Family, printed: tuple[Block, ...]) -> set[str]:
    """The static parameters that a printed class should have and lacks: they are read in the
    definition, but were numbers when it was printed."""
    names = parameter_names(family.definition)
    pinned = set(names) if family.stands else set(family.pins)
    kept = {p.name.id for b in family.variants.values() if b in printed for p in b.parameters}
    read = set(read_names(family.definition.tree))
    return (pinned & read) - kept


def read_names(node: Any) -> Iterator[str]:
    """The names that a definition's body reads, one for each time."""
    body = node.body if hasattr(node, "body") else node
    waiting = [body]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tree.Name):
            yield one.id
        elif isinstance(one, tuple | list):
            waiting += one
        elif isinstance(one, tree.Node):
            waiting += [getattr(one, f.name) for f in fields(one) if f.name != "span"]


# ------------------------------------------------------------------ the text


def core_of(file: str) -> SpecFile:
    """A file of the zoo, parsed."""
    source = spec(file).source
    return load(source, str(Path(source.path or "").parent))


def measure(name: str) -> Measured:
    """All that is measured without other programs."""
    row = ROWS[name]
    program, families = general(core_of(row.file), row.model)
    source = print_source(program)
    parts = ast.parse(source).body
    named = [one.name for one in parts if isinstance(one, ast.ClassDef | ast.FunctionDef)]
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
    gone = [(family, lost(family, program.blocks)) for family in families]
    return Measured(
        name,
        source,
        python_lines(source, named),
        max((f.end_lineno or 0) - f.lineno + 1 for f in functions),
        max(map(len, source.splitlines())),
        black.format_str(source, mode=black.Mode()) == source,
        unrolled(program, families),
        sum(len(names) for _, names in gone),
        sum(
            sum(name in names for name in read_names(family.definition.tree))
            for family, names in gone
        ),
    )


def complaints(sources: Mapping[str, str]) -> dict[str, Counter[str]]:
    """How much ruff and mypy find in each of some sources."""
    found: dict[str, Counter[str]] = {name: Counter() for name in sources}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in sources.items():
            (Path(folder) / f"{name}.py").write_text(text, encoding="utf-8")
        for tool, command in _TOOLS.items():
            done = subprocess.run(
                [sys.executable, "-m", *command, *(f"{name}.py" for name in sources)],
                cwd=folder, capture_output=True, text=True,
            )  # fmt: skip
            for match in re.finditer(r"(?m)^(\w+)\.py:\d+", done.stdout):
                found[match[1]][tool] += 1
    return found


_TOOLS = {
    "ruff": ("ruff", "check", "--isolated", "--no-cache", "--output-format=concise"),
    "mypy": ("mypy", "--no-incremental", "--cache-dir=/dev/null", "--config-file="),
}


# ------------------------------------------------------------------ the table


def table(measured: list[Measured], found: Mapping[str, Counter[str]] | None) -> str:
    """The rows as markdown; without findings of other programs their columns are left out."""
    columns = [c for c in COLUMNS if found is not None or c not in _TOOLS]
    lines = [f"| {' | '.join(columns)} |", "|---|" + "--:|" * (len(columns) - 1)]
    for one in measured:
        cells = {
            "network": f"`{one.name}`",
            "printed": one.lines,
            "reference's": references()[one.name]["lines"],
            "longest function": one.longest_function,
            "longest line": one.longest_line,
            "black": "ok" if one.settled else "no",
            "unrolled loops": one.unrolled,
            "lost parameters": one.lost,
            "numbers for expressions": one.numbers,
        }
        if found is not None:
            cells |= {tool: found[one.name][tool] or "ok" for tool in _TOOLS}
        lines.append(f"| {' | '.join(str(cells[column]) for column in columns)} |")
    return "\n".join(lines)


def whole_table(check: bool) -> str:
    """The table of all networks."""
    measured = [measure(name) for name in ROWS]
    found = complaints({one.name: one.source for one in measured}) if check else None
    return table(measured, found)


if __name__ == "__main__":
    print(whole_table("--check" in sys.argv[1:]))
