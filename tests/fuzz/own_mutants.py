"""Do the tests notice when nndsl's own checks are changed? ``make mutants`` tries some.

In a copy of the project one place of ``nndsl/resolve`` or ``nndsl/layers`` is changed at a time,
chosen at random (a comparison turned around, a condition negated, ``and`` for ``or``, a number off
by one, a statement left out), and the tests of the language run, the likeliest first, until one
fails. Prints what no test noticed, and apart from it what did not end in time, which says nothing.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("nndsl/resolve", "nndsl/layers")
SAMPLES = ("tests/agreement/test_samples.py", "tests/printed")
LANGUAGE = ("tests/language", "tests/errors", *SAMPLES)
MANY_CONFIGURATIONS = (
    "carry", "chains", "containers", "finishing", "general", "passed", "programs", "running",
    "tensor_lists", "unnumbered",
)  # fmt: skip
"""How the names of files begin that serve models printed for every value of their parameters: the
samples come first there."""
COPIED = (
    "nndsl",
    "tests",
    "grammars",
    "templates",
    "examples",
    "docs",
    "pyproject.toml",
    "README.md",
)
SECONDS = 600

_TURNED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip


def places(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Nodes of a file that can be changed, and what each becomes."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        changed = _changed(node, text)
        if changed is not None:
            yield node, changed


def _changed(node: ast.AST, text: str) -> str | None:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
        return f"({left} {_TURNED[type(node.ops[0])]} {right})"
    if isinstance(node, ast.BoolOp):
        other = " or " if isinstance(node.op, ast.And) else " and "
        return "(" + other.join(f"({ast.unparse(v)})" for v in node.values) + ")"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return f"({ast.unparse(node.operand)})"
    if isinstance(node, ast.IfExp):
        test, then, orelse = map(ast.unparse, (node.test, node.body, node.orelse))
        return f"({orelse} if {test} else {then})"
    if isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) < 10:
        return str(node.value + 1)
    if isinstance(node, ast.Raise) and node.exc is not None:
        return "pass"
    return None


def mutant(path: Path, node: ast.AST, changed: str) -> str:
    """The file with one node replaced."""
    lines = path.read_bytes().splitlines(keepends=True)
    first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
    head = lines[first][: node.col_offset]  # type: ignore[attr-defined]
    tail = lines[last][node.end_col_offset :]  # type: ignore[attr-defined]
    lines[first : last + 1] = [head + changed.encode() + tail]
    return b"".join(lines).decode()


def tests_of(path: Path) -> tuple[tuple[str, ...], ...]:
    """What pytest is told for a file, one run after the other: the likeliest tests first."""
    if path.parent.name == "layers":
        names = (*_entries(path.stem), "test_arguments")
        family = ("-k", " or ".join(names)) if len(names) > 1 else ()
        return (("tests/layers", *family), LANGUAGE)
    if path.stem.startswith(MANY_CONFIGURATIONS):
        return ((*SAMPLES, "tests/language", "tests/errors"),)
    return (LANGUAGE,)


def _entries(family: str) -> list[str]:
    """The names of the layers that a file describes; none where it serves all of them."""
    module = importlib.import_module(f"nndsl.layers.{family}")
    return [entry.name for entry in getattr(module, "ENTRIES", ())]


def noticed(folder: Path, runs: Iterable[tuple[str, ...]]) -> bool | None:
    """Whether a test fails; None if they do not end in time."""
    options = ("-n", "0", "-x", "-q", "-p", "no:cacheprovider")
    for tests in runs:
        command = [sys.executable, "-m", "pytest", *options, *tests]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return None
        if done.returncode != 0:
            return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    every = [
        (path.relative_to(ROOT), node, changed)
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for node, changed in places(path)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in COPIED:
            copy = shutil.copytree if (ROOT / one).is_dir() else shutil.copy
            copy(ROOT / one, folder / one)
        chosen = chance.sample(every, options.count)
        if noticed(folder, (("tests/layers",), LANGUAGE)) is not False:
            print(f"as they are, the tests fail, or take longer than {SECONDS} s")
            return 1
        return _tried(chosen, folder)


def _tried(chosen: list[tuple[Path, ast.AST, str]], folder: Path) -> int:
    found = {True: 0, False: 0, None: 0}
    words = {True: "noticed", False: "SURVIVES", None: "did not end"}
    for path, node, changed in chosen:
        before = (folder / path).read_text(encoding="utf-8")
        (folder / path).write_text(mutant(folder / path, node, changed), encoding="utf-8")
        one = noticed(folder, tests_of(path))
        found[one] += 1
        print(f"{words[one]}: {path}:{node.lineno}: {changed}", flush=True)  # type: ignore[attr-defined]
        (folder / path).write_text(before, encoding="utf-8")
    print(f"{found[True]} of {len(chosen)} changes were noticed, {found[None]} did not end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
