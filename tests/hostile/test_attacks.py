"""Specs that want to cost more than they weigh: they end with an answer, in bounded memory.

Every run tries them at 32 KiB with a small budget of steps; ``NNDSL_ATTACK=1048576`` tries them at
that size with the usual limits, which takes most of an hour.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.attacks import FULL, TEXTS

MEMORY = 1 << 30
SECONDS = 120
"""Of processor time: what ends a run that hangs, not what is measured."""
STEPS = () if FULL else ("--limit", "steps=60000")
SCRIPT = """
import sys
from nndsl.cli.running import run
for command in (["check"], ["fmt", "--check"], ["codegen"]):
    code = run([*command, *(sys.argv[2:] if command[0] != "fmt" else []), sys.argv[1]])
    print(command[0], code, file=sys.stdout, flush=True)
"""


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.mark.parametrize("name", TEXTS)
def test_an_attack_ends_with_an_answer(name: str, tmp_path: Path) -> None:
    path = tmp_path / "attack.nn"
    path.write_text(TEXTS[name](), encoding="utf-8", newline="")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path), *STEPS],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        preexec_fn=bounded,
    )
    said = done.stderr.decode()
    assert done.returncode == 0, (done.returncode, said[-500:])
    lines = done.stdout.decode().splitlines()
    codes = [line.split()[1] for line in lines if line.split()[:1] in (["check"], ["fmt"])]
    assert set(codes) <= {"0", "1", "3"}, (codes, said[:1000])
    assert lines[-1] in ("codegen 0", "codegen 1", "codegen 2", "codegen 3"), said[-1000:]
    assert len(said) < 300_000
