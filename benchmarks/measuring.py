"""Ratios of two times that are measured in turns, so that both see the same machine."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from time import perf_counter


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """How long ``times`` runs take, without the collector's pauses."""
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        for _ in range(times):
            work()
        return perf_counter() - start
    finally:
        gc.enable()


def ratio(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 15, times: int = 1
) -> float:
    """The median, over pairs in alternating order, of our time divided by theirs."""
    ours()
    theirs()
    found = []
    for turn in range(rounds):
        if turn % 2:
            theirs_took = seconds(theirs, times)
            ours_took = seconds(ours, times)
        else:
            ours_took = seconds(ours, times)
            theirs_took = seconds(theirs, times)
        found.append(ours_took / theirs_took)
    return statistics.median(found)


def process(*arguments: str) -> Callable[[], object]:
    """A run of this Python as a whole process, its compiled modules kept as usual."""
    command = [sys.executable, *arguments]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)


def show(what: str, found: float, most: float | None = None) -> None:
    """One line: what was compared, the ratio, and what it should not exceed."""
    verdict = ""
    if most is not None:
        verdict = f"at most {most:g}" + ("" if found <= most else "  OVER")
    print(f"{what:<64} {found:8.3f}  {verdict}".rstrip(), flush=True)
