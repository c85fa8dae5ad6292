"""Output that fails, or is interrupted: one line, the right exit code, files whole or as before."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

LINE = "linear 784->256 | relu | block(256)x3 | linear 256->10\nloss cross_entropy\n"
LOOSE = "linear   784->10|relu\n" * 1 + "# a comment\n"
HELD = "one that was here before\n"


class Ended(NamedTuple):
    code: int
    err: str


def ended(
    folder: Path, *arguments: str, before: Callable[[], None] | None = None, stdout: object = None
) -> Ended:
    """Runs a command in a folder, to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "nndsl", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=stdout or subprocess.DEVNULL,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        preexec_fn=before,
        timeout=300,
        text=True,
    )
    return Ended(done.returncode, done.stderr)


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("latin-1") for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "net.nn").write_text(LINE)
    (tmp_path / "loose.nn").write_text(LOOSE)
    (tmp_path / "net.py").write_text(HELD)
    (tmp_path / "net.pt").write_text(HELD)
    (tmp_path / "net.safetensors").write_text(HELD)
    return tmp_path


WRITING = [
    ("codegen", "net.nn", "-o", "net.py", "--force"),
    ("codegen", "net.nn", "-o", "net.py", "--force", "--map", "--tests", "--train", "-m", "net"),
    ("build", "net.nn", "--save", "net.pt", "--force"),
    ("build", "net.nn", "--save", "net.safetensors", "--force"),
    ("fmt", "loose.nn"),
]
each_writing = pytest.mark.parametrize("command", WRITING, ids=lambda c: " ".join(c[:1] + c[3:5]))


def full_disk() -> None:
    """No file may grow beyond 100 bytes: a write fails as it does on a disk without room."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def bound_by_rights() -> None:
    """Root may write anywhere: what runs then gives that up (capabilities 1 and 2) first."""
    if os.geteuid() == 0:
        drop, libc = 24, ctypes.CDLL(None)
        for capability in (1, 2):
            libc.prctl(drop, capability, 0, 0, 0)


@each_writing
def test_a_file_that_does_not_fit_leaves_the_old_one(
    folder: Path, command: tuple[str, ...]
) -> None:
    if command[0] == "fmt":
        (folder / "loose.nn").write_text("linear   784->10|relu\n" + "# a comment\n" * 20)
    before = files(folder)
    done = ended(folder, *command, before=full_disk)
    assert (done.code, done.err.count("\n")) == (4, 1), done
    assert files(folder) == before


@each_writing
def test_a_folder_that_may_not_be_written(folder: Path, command: tuple[str, ...]) -> None:
    before = files(folder)
    folder.chmod(0o555)
    try:
        done = ended(folder, *command, before=bound_by_rights)
    finally:
        folder.chmod(0o755)
    assert (done.code, done.err.count("\n")) == (4, 1), done
    assert "ermission denied" in done.err
    assert files(folder) == before


def test_what_is_replaced_keeps_its_rights(folder: Path) -> None:
    (folder / "net.py").chmod(0o640)
    assert ended(folder, *WRITING[0]).code == 0
    assert (folder / "net.py").stat().st_mode & 0o777 == 0o640
    assert (folder / "net.py").read_text() != HELD
    assert sorted(files(folder)) == sorted(
        ("net.nn", "loose.nn", "net.py", "net.pt", "net.safetensors")
    )


PRINTING = [
    ("check", "net.nn"),
    ("check", "--json", "net.nn"),
    ("codegen", "net.nn"),
    ("build", "net.nn"),
    ("fmt", "-e", LINE),
    ("fmt", "--diff", "loose.nn"),
    ("layers",),
    ("explain", "E301"),
]
each_printing = pytest.mark.parametrize("command", PRINTING, ids=lambda c: " ".join(c[:2])[:16])


@each_printing
def test_standard_output_that_is_full(folder: Path, command: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        done = ended(folder, *command, stdout=full)
    assert done == Ended(4, "nndsl: No space left on device\n")


@each_printing
def test_a_reader_that_has_gone(folder: Path, command: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as gone:
        done = ended(folder, *command, stdout=gone)
    assert done == Ended(4, "nndsl: the reader of the output has gone\n")


def test_messages_that_nobody_reads(folder: Path) -> None:
    """Standard error that is full or closed: the exit code is still that of the spec."""
    command = [sys.executable, "-m", "nndsl", "check", "-e", "relux"]
    with open("/dev/full", "wb") as full:
        assert subprocess.run(command, stderr=full, cwd=folder).returncode in (1, 4)
    closed = subprocess.run(command, cwd=folder, preexec_fn=lambda: os.close(2))
    assert closed.returncode in (1, 4)


SLOW = (
    "rows = [1 for i in range(99999) for j in range(99999) if False]\n\n"
    "linear 8->8 | linear(len(rows) + 1)\n"
)
LARGE = "linear 8->8 | (linear 8 | relu) x 100000\n"
INTERRUPTED = [
    (("check", "slow.nn", "--limit", "steps=100000000"), "slow.nn", SLOW),
    (
        ("codegen", "slow.nn", "--limit", "steps=100000000", "-o", "net.py", "--force"),
        "slow.nn",
        SLOW,
    ),
    (("build", "large.nn", "--save", "net.pt", "--force"), "large.nn", LARGE),
]


@pytest.mark.parametrize(("command", "name", "text"), INTERRUPTED, ids=lambda c: str(c[0])[:8])
def test_an_interrupt_is_one_line(
    folder: Path, command: tuple[str, ...], name: str, text: str
) -> None:
    (folder / name).write_text(text)
    before = files(folder)
    running = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "nndsl", *command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # also behind a shell's &
    )
    assert running.stderr is not None
    for line in running.stderr:
        if line.rstrip().endswith("nndsl.resolve.statics" if name == "slow.nn" else "torch"):
            break  # it is at work now
    time.sleep(1)
    running.send_signal(signal.SIGINT)
    try:
        _, err = running.communicate(timeout=20)
    except subprocess.TimeoutExpired:  # it came while Python itself let nothing be raised
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=280)
    said = [one for one in err.splitlines() if not one.startswith("import time:")]
    assert (running.returncode, said) == (130, ["nndsl: interrupted"])
    assert files(folder) == before
