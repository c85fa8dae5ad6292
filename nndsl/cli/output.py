"""What leaves the program: reports on standard error, files that are whole or not there."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TextIO

from nndsl.cli.running import WrongFile
from nndsl.diagnostics import Diagnostic
from nndsl.limits import current


def colored(stream: TextIO) -> bool:
    """Whether a stream is a terminal that wants colours."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def report(diagnostics: Iterable[Diagnostic]) -> None:
    """Print findings on standard error."""
    from nndsl.render import render_report
    from nndsl.report import merged

    found = tuple(diagnostics)
    if len(found) > (most := current().findings) + 1:
        found = merged(found, most)
    text = render_report(found, colored(sys.stderr))
    if text:
        print(text, file=sys.stderr)


def write_texts(texts: Mapping[str, str], force: bool) -> None:
    """Write several text files: none of them takes its place before all are written."""
    with ExitStack() as stack:
        for path, text in texts.items():
            temporary = stack.enter_context(replacing(path, force))
            with open(temporary, "w", encoding="utf-8") as file:
                file.write(text)


def refuse(path: str, force: bool, source: str | None = None) -> None:
    """Stop where a file may not be written, before the work for it is done."""
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        raise WrongFile(f"there is no folder {folder}")
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return
    if stat.S_ISLNK(found.st_mode):
        raise WrongFile(f"{path} is a link; name the file itself")
    if not stat.S_ISREG(found.st_mode):
        raise WrongFile(f"{path} is no plain file")
    if source is not None and os.path.exists(source) and os.path.samefile(path, source):
        raise WrongFile(f"{path} is the spec itself")
    if not force:
        raise WrongFile(f"would overwrite {path} ({found.st_size} bytes); --force allows it")


@contextmanager
def replacing(path: str, force: bool) -> Iterator[str]:
    """A temporary file beside ``path`` that takes its place once it is written."""
    import tempfile  # takes longer than the rest of a check

    refuse(path, force)
    folder, name = os.path.split(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(prefix=f".{name[:100]}.", dir=folder)
    os.close(handle)
    try:
        yield temporary
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(path: str) -> int:
    """The rights of the file that is replaced, or those of a new one."""
    try:
        return stat.S_IMODE(os.lstat(path).st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
