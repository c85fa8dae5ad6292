"""Do the tests notice when nndsl's own checks are changed? ``make mutants`` tries some.

In a copy of the project one place of ``nndsl/resolve`` or ``nndsl/layers`` is changed at a time,
chosen at random, and the tests that run it are run until one fails, those first that run what
stands near it too, as many as some seconds have room for; where they notice nothing, some minutes
of the others follow. Which tests run which lines, and how long each takes, is recorded once and
kept in ``build`` until nndsl or its tests change.

Each change is tried in a process of its own, forked after torch is imported and before nndsl is.
Prints what no test noticed, and apart from it what no test runs and what did not end in time,
which says nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from pathlib import Path
from textwrap import shorten

import pytest

from tests.fuzz.changes import Change, changes
from tests.fuzz.covered import Covered

ROOT = Path(__file__).parents[2]
ROOMS = ("nndsl/resolve", "nndsl/layers")
TESTS = (
    (
        "tests/agreement/test_samples.py", "tests/agreement/test_programs.py", "tests/language",
        "tests/errors", "tests/codes", "tests/layers", "tests/reference",
        "tests/examples/test_examples.py",
        "tests/hostile/test_limits.py",
    ),
    (
        "tests/functions", "tests/printed", "tests/backends", "tests/zoo/test_zoo.py",
        "tests/zoo/test_published.py", "tests/extending", "tests/plugins", "tests/api",
        "tests/model", "tests/cli", "tests/fuzz/test_mutations.py",
    ),
)  # fmt: skip
"""Two halves, which are recorded side by side."""
COPIED = (
    "nndsl", "tests", "grammars", "templates", "examples", "docs", "pyproject.toml", "README.md",
)  # fmt: skip
IMPORTED = ("torch", "numpy", "hypothesis", "black", "click", "jinja2")
"""What is imported before forking: nothing that imports nndsl."""

FILES = 12
"""Of how many files of tests one is taken for each line near a change."""
BUDGETS = (60.0, 240.0)
"""Seconds of tests, as recorded, that a change may cost: at first, and where nothing fails."""
PATIENCE = 90
"""Seconds longer than recorded after which a change is given up."""
MEMORY = 12 << 30

NOTICED, SURVIVES, NOT_RUN, ENDLESS = "noticed", "SURVIVES", "NOT RUN", "did not end"


class _Only:
    """Leaves some tests, in their order, and writes down which one fails."""

    def __init__(self, tests: list[str], failed: Path) -> None:
        self.order = {test: place for place, test in enumerate(tests)}
        self.failed = failed

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        wanted = (item for item in items if item.nodeid in self.order)
        items[:] = sorted(wanted, key=lambda item: self.order[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.write_text(report.nodeid, encoding="utf-8")


def digest() -> str:
    """What a record is kept under: the texts of nndsl and of its tests."""
    seen = hashlib.sha256()
    for room in ("nndsl", "grammars", "tests"):
        for path in sorted((ROOT / room).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]


def recorded(folder: Path) -> Covered:
    """What the tests run in a copy of the project; ends where one fails as it is."""
    kept = ROOT / "build" / "own_mutants" / digest()
    if not kept.exists():
        begun = folder / "recorded"
        halves = [_recording(begun / str(n), folder, tests) for n, tests in enumerate(TESTS)]
        statuses = [half.wait() for half in halves]
        if any(statuses):
            sys.exit("as they are, the tests fail")
        shutil.move(begun, kept)
    return Covered(sorted(kept.iterdir()))


def _recording(begun: Path, folder: Path, tests: Iterable[str]) -> subprocess.Popen[bytes]:
    begun.mkdir(parents=True)
    command = (sys.executable, "-m", "tests.fuzz.covered", str(begun), *ROOMS, "--", *tests)
    return subprocess.Popen(command, cwd=folder, env=_environment(folder))


def _environment(folder: Path) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}


def tests_of(change: Change, covered: Covered) -> set[str]:
    """The tests that run a place; those of the file and its room for what runs at import."""
    lines = covered.tests_by_line(change.path)
    first, _, last, _ = change.place
    found = set().union(*(lines.get(line, ()) for line in range(first, last + 1)))
    found = found or lines.get(change.statement, set())
    if not change.called or found == {""}:
        room = f"tests/{Path(change.path).parts[1]}/"
        found = found.union(
            *lines.values(), (one for one in covered.seconds if one.startswith(room))
        )
    return found - {""}


def likeliest(change: Change, covered: Covered) -> Iterator[str]:
    """The tests of a place: those first that run what stands near it too, the cheapest of each
    file of tests for each line, so that few of them go all ways; then the others."""
    tests = tests_of(change, covered)
    lines = covered.tests_by_line(change.path)
    for line in sorted(lines, key=lambda line: abs(line - change.place[0])):
        yield from islice(_in_turn(lines[line] & tests, covered), FILES)
    yield from _in_turn(tests, covered)


def _in_turn(tests: Iterable[str], covered: Covered) -> Iterator[str]:
    """Each file's tests in turn, its cheapest first."""
    files = defaultdict(list)
    for test in sorted(tests, key=lambda test: (covered.seconds[test], test)):
        files[test.partition("::")[0]].append(test)
    for turn in zip_longest(*files.values()):
        yield from filter(None, turn)


def affordable(tests: Iterable[str], covered: Covered, budget: float) -> list[str]:
    """The first of some tests, each once, until the budget is spent."""
    spent, chosen = 0.0, []
    for test in dict.fromkeys(tests):
        spent += covered.seconds[test]
        if spent <= budget or not chosen:
            chosen.append(test)
    return chosen


def attempt(folder: Path, tests: list[str], budget: float) -> str:
    """What some tests say of the copy as it stands."""
    process = os.fork()
    if process == 0:
        _run(folder, tests, int(budget) + PATIENCE)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        return ENDLESS if os.WTERMSIG(status) == signal.SIGALRM else NOTICED
    nothing_failed = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    return SURVIVES if os.WEXITSTATUS(status) in nothing_failed else NOTICED


def _run(folder: Path, tests: list[str], patience: int) -> None:
    """The forked process: runs tests with the copy's nndsl and ends."""
    signal.alarm(patience)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.chdir(folder)
    os.environ.update(_environment(folder))
    sys.dont_write_bytecode = True
    sys.path[:] = [str(folder), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    output = os.open("output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    options = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain")
    files = sorted({test.partition("::")[0] for test in tests})
    os._exit(pytest.main([*options, *files], plugins=[_Only(tests, folder / "failed")]))


def tried(folder: Path, change: Change, covered: Covered) -> tuple[str, str]:
    """What the tests say of a change, and which one noticed it."""
    said, ran = NOT_RUN, list[str]()
    changed, failed = folder / change.path, folder / "failed"
    failed.unlink(missing_ok=True)
    before = changed.read_bytes()
    changed.write_bytes(change.applied(before))
    for budget in BUDGETS:
        done = set(ran)
        others = (test for test in likeliest(change, covered) if test not in done)
        tests = affordable(others, covered, budget)
        if tests and said in (NOT_RUN, SURVIVES):
            said = attempt(folder, tests, budget)
            ran += tests
    changed.write_bytes(before)
    return said, failed.read_text(encoding="utf-8") if failed.exists() else f"{len(ran)} tests"


def every() -> Iterator[Change]:
    """All changes of the two rooms, in a fixed order."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from changes(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chosen = random.Random(options.seed).sample(list(every()), options.count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for one in COPIED:
            copy = shutil.copytree if (ROOT / one).is_dir() else shutil.copy2
            copy(ROOT / one, folder / one)
        covered = recorded(folder)
        os.environ["OMP_NUM_THREADS"] = "1"
        for module in IMPORTED:
            importlib.import_module(module)
        tests = affordable(_in_turn(covered.seconds, covered), covered, BUDGETS[0])
        if attempt(folder, tests, BUDGETS[0]) != SURVIVES:
            sys.exit("as they are, the tests fail in a forked process")
        _report(chosen, folder, covered)


def _report(chosen: list[Change], folder: Path, covered: Covered) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for change in chosen:
        said, test = tried(folder, change, covered)
        counts[change.kind][said] += 1
        print(f"{said}: {shorten(str(change), 200)} [{test}]", flush=True)
    for kind, found in sorted(counts.items()):
        print(f"{kind}: {found[NOTICED]} of {found.total()} noticed")
    total = sum(counts.values(), Counter[str]())
    print(
        f"{total[NOTICED]} of {len(chosen)} changes were noticed; {total[SURVIVES]} survive, "
        f"{total[NOT_RUN]} are run by no test, {total[ENDLESS]} did not end"
    )


if __name__ == "__main__":
    main()
