"""How long a network is, in nndsl and where it comes from.

Counted is what a network uses: its model and every definition that this names, in its own file and
in those that it imports; of a reference the classes and functions that ``reference_lines.json``
lists. Comments, docstrings and blank lines don't count, neither here nor there.

``python -m tests.zoo.lines FOLDER`` counts the references anew, where FOLDER holds the packages'
unpacked wheels, and says where the table is wrong. Nothing of them is imported.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from nndsl.source import Source
from nndsl.syntax import parse, tree
from tests.zoo.networks import ZOO

TABLE = Path(__file__).with_name("reference_lines.json")

# a name that is used: no label, no keyword, no part of a path
_USED = re.compile(r"(?<![.\w])\w+(?![\w.:]|\s*=[^=])")


# ------------------------------------------------------------------ nndsl


def lines_of_file(file: str) -> int:
    """The lines of a whole file of the zoo."""
    return len(_code((ZOO / file).read_text(encoding="utf-8")))


def lines_of_network(file: str, model: str) -> int:
    """The lines of a model and of all that it uses."""
    found: dict[tuple[str, str], int] = {}
    _follow(file, model, found)
    return sum(found.values())


def _follow(file: str, name: str, found: dict[tuple[str, str], int]) -> None:
    """Enter an item, the import that brings it in, and what it names in turn."""
    items, imports = _items(file)
    if name in imports and (file, name) not in found:
        path, line = imports[name]
        found[file, line] = len(_code(line))
        found[file, name] = 0
        _follow(path, name, found)
    elif name in items and (file, name) not in found:
        lines = _code(items[name])
        found[file, name] = len(lines)
        for word in _USED.findall(re.sub(r'"[^"]*"', "", "\n".join(lines))):
            _follow(file, word, found)


@cache
def _items(file: str) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The text of each item of a file by its name; whence each imported name comes, and by which
    line."""
    parsed, _ = parse(Source((ZOO / file).read_text(encoding="utf-8"), file))
    assert parsed is not None
    items, imports = {}, {}
    for item in parsed.items:
        if isinstance(item, tree.Import):
            path = item.path.span.text.strip('"')
            imports |= {name.id: (path, item.span.text) for name in item.names or ()}
        elif isinstance(item, tree.Assign):
            items[item.target.span.text] = item.span.text
        elif isinstance(item, tree.Definition | tree.ModelAlias | tree.Function | tree.Activation):
            items[item.name.id] = item.span.text
    return items, imports


def _code(text: str) -> list[str]:
    """The lines that are neither blank nor comments."""
    return [line for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]


# ------------------------------------------------------------------ the references


@cache
def references() -> dict[str, dict[str, Any]]:
    """The row of the table for each network."""
    rows = json.loads(TABLE.read_text(encoding="utf-8"))["networks"]
    return {name: row for row in rows for name in row["networks"]}


def python_lines(text: str, names: list[str]) -> int:
    """The lines of some top-level classes and functions of a module."""
    nodes = {
        node.name: node
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    return sum(_lines_of(nodes[name], text.splitlines()) for name in names)


def _lines_of(node: ast.ClassDef | ast.FunctionDef, text: list[str]) -> int:
    said: set[int] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(inner):
            said |= set(range(inner.body[0].lineno, (inner.body[0].end_lineno or 0) + 1))
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    lines = (text[at - 1] for at in range(first, (node.end_lineno or 0) + 1) if at not in said)
    return len(_code("\n".join(lines)))


def main(folder: str) -> int:
    """Compare the table with the packages; the number of rows that are wrong."""
    wrong = 0
    for row in json.loads(TABLE.read_text(encoding="utf-8"))["networks"]:
        counted = sum(
            python_lines((Path(folder) / row["package"] / file).read_text("utf-8"), names)
            for file, names in row["files"].items()
        )
        if counted != row["lines"]:
            print(f"{', '.join(row['networks'])}: {counted} lines, the table says {row['lines']}")
            wrong += 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) > 0)
