"""A longer run: ``python -m tests.fuzz.run --seconds 600 --seed 7``. Says what was tried and found.

Each finding is kept as a text in the folder given by ``--keep``; repaired, it belongs into
``tests/fuzz/found`` with a name that says what was wrong.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz.mutations import mutated
from tests.fuzz.properties import check_text
from tests.fuzz.seeds import seeds

RIGHT = 0.75
"""The share of texts that are right before they are changed."""

PATIENCE = 60
"""Seconds after which one text is a finding too."""


def main() -> int:
    options = _options()
    chance = random.Random(options.seed)
    right, any_ = list(seeds(wrong=False).items()), list(seeds().items())
    counts: Counter[str] = Counter()
    found: dict[str, str] = {}
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        name, text = chance.choice(right if chance.random() < RIGHT else any_)
        mutant = mutated(text, chance, chance.choice((1, 1, 1, 2, 3, 8)))
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        began = time.process_time()
        try:
            counts[check_text(mutant, build=chance.random() < options.build)] += 1
        except Exception as bug:
            found.setdefault(_where(bug), f"{name}\n{mutant}")
            counts["bugs"] += 1
        if time.process_time() - began > 10:
            found.setdefault(f"slow {name}", f"{name}\n{mutant}")
    faulthandler.cancel_dump_traceback_later()
    _report(counts, found, options)
    return int(bool(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--build", type=float, default=0.3, help="share of texts that are built")
    parser.add_argument("--keep", type=Path, default=None)
    return parser.parse_args()


def _where(bug: Exception) -> str:
    """What tells bugs apart: the exception and the innermost lines of nndsl."""
    frames = [f for f in traceback.extract_tb(bug.__traceback__) if "nndsl" in f.filename][-3:]
    lines = ", ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames)
    return f"{type(bug).__name__}: {str(bug)[:300]} [{lines}]"


def _report(counts: Counter[str], found: dict[str, str], options: argparse.Namespace) -> None:
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in counts.most_common())
    print(
        f"seed {options.seed}: {sum(counts.values()):,} texts in {options.seconds:.0f} s: {kinds}"
    )
    for number, (where, text) in enumerate(found.items()):
        print(f"\n{where}")
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            path = options.keep / f"{options.seed}-{number}.nn"
            path.write_text(text.partition("\n")[2], encoding="utf-8", newline="")
            print(f"  kept as {path}")
    print(f"\n{len(found)} different findings")


if __name__ == "__main__":
    sys.exit(main())
