"""Which tests run which lines of nndsl, and how long each takes.

``python -m tests.fuzz.covered FOLDER ROOM ... -- TEST ...`` runs tests once and keeps in a folder
what they ran of some rooms; it ends with what pytest ends with. ``Covered`` reads it again.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from coverage import Coverage, CoverageData

LINES, SECONDS = "lines", "seconds.json"


class _Watch:
    """Names each line that is run after the test that runs it."""

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        started = time.perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.perf_counter() - started
            self.coverage.switch_context("")


def record(folder: Path, rooms: list[str], tests: list[str]) -> int:
    """Run tests and keep what each of them ran."""
    include = [f"{room}/*" for room in rooms]
    coverage = Coverage(data_file=str(folder / LINES), include=include, config_file=False)
    coverage.set_option("run:relative_files", True)
    watch = _Watch(coverage)
    coverage.start()
    status = pytest.main(["-n", "0", "-q", "-p", "no:cacheprovider", *tests], plugins=[watch])
    coverage.stop()
    coverage.save()
    (folder / SECONDS).write_text(json.dumps(watch.seconds), encoding="utf-8")
    return int(status)


class Covered:
    """What was recorded, in one folder or several."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.seconds: dict[str, float] = {}
        self._data: list[CoverageData] = []
        for folder in folders:
            self.seconds.update(json.loads((folder / SECONDS).read_text("utf-8")))
            self._data.append(CoverageData(str(folder / LINES)))
            self._data[-1].read()
        self.tests_by_line = cache(self._tests_by_line)

    def _tests_by_line(self, path: str) -> dict[int, set[str]]:
        """For each line of a file which tests run it; "" where it runs when it is imported."""
        found: dict[int, set[str]] = defaultdict(set)
        for data in self._data:
            for line, names in data.contexts_by_lineno(path).items():
                found[line].update(names)
        return found


if __name__ == "__main__":
    cut = sys.argv.index("--")
    sys.exit(record(Path(sys.argv[1]), sys.argv[2:cut], sys.argv[cut + 1 :]))
