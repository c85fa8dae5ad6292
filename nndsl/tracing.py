"""Tracebacks, told in the lines of the spec.

The modules that ``build`` makes know their places themselves. Printed source has a map beside it,
where it was asked for: ``nndsl codegen resnet.nn -o resnet.py --map`` writes ``resnet.py.map``.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from nndsl.excerpt import clean
from nndsl.record import dataclass

SUFFIX = ".map"
LARGEST = 64 * 2**20
_FRAME = re.compile(r'\s*File "(?P<file>[^"]+)", line (?P<line>\d+)')
_CARETS = re.compile(r"\s*(?P<carets>[~^]+)\s*")
_RAISED = re.compile(r"[A-Za-z_][\w.]*(: .*)?")


@dataclass(frozen=True)
class Map:
    """A map that was read: what stands on each line of which file."""

    generated: str
    digest: str
    lines: dict[str, list[dict[str, Any]]]

    def changed(self, path: str) -> bool:
        """Whether a file is another one than the map was made for."""
        try:
            with open(path, "rb") as file:
                return sha256(file.read(LARGEST)).hexdigest() != self.digest
        except OSError:
            return False  # it is on another machine


@dataclass(frozen=True)
class Frame:
    """One frame of a traceback's text: the columns that its carets mark, if there are any."""

    file: str
    line: int
    columns: tuple[int, int] | None


def trace(error: BaseException | str, *maps: str | os.PathLike[str]) -> str:
    """The stages of the spec that a failed run went through, and what was raised.

        try:
            net(image)
        except RuntimeError as error:
            print(nndsl.trace(error))

    Args:
        error: an exception, with its traceback; or a traceback's text.
        maps: files that ``codegen --map`` wrote, for printed source. One that lies beside the
            printed file is found without.

    Returns:
        What was raised, and behind it a line for each stage, outermost first:
        ``resnet.nn:27:12: `conv(64, 7, 2, padding=3)` ``; the raised line alone where no frame is
        known.

    Raises:
        OSError: a map can't be read.
        ValueError: a file is no map.
    """
    if isinstance(error, BaseException):
        import traceback

        text = "".join(traceback.format_exception(error))
        last = "".join(traceback.format_exception_only(type(error), error)).splitlines()[0]
        return "\n  ".join([last, *(_live(error) or _mapped(text, maps))])
    return "\n  ".join([raised(error), *_mapped(error, maps)])


def _live(error: BaseException) -> list[str]:
    """The stages that built modules know."""
    if "nndsl.backends.torch_module" not in sys.modules:
        return []
    from nndsl.backends.torch_module import stages

    return [str(one) for one in stages(error)]


def raised(text: str) -> str:
    """The line of a traceback that says what was raised."""
    frames = [n for n, line in enumerate(text.splitlines()) if _FRAME.match(line)]
    lines = text.splitlines()[frames[-1] + 1 if frames else 0 :]
    found = [line for line in lines if _RAISED.fullmatch(line)]
    return clean(found[0], 500) if found else "an exception"


# ------------------------------------------------------------------ printed source


def _mapped(text: str, paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    given = [read_map(os.fspath(path)) for path in paths]
    beside: dict[str, Map | None] = {}
    found: list[str] = []
    stale: dict[str, None] = {}
    for frame in frames(text):
        known = next((m for m in given if m.generated == os.path.basename(frame.file)), None)
        if known is None:
            if frame.file not in beside:
                beside[frame.file] = _beside(frame.file)
            known = beside[frame.file]
        if known is not None:
            found += _told(frame, known)
            if known.changed(frame.file):
                stale[f"{clean(frame.file, 200)} was changed since its map was made"] = None
    return found + [f"note: {line}" for line in stale]


def _beside(file: str) -> Map | None:
    path = file + SUFFIX
    try:
        return read_map(path) if os.path.isfile(path) else None
    except (OSError, ValueError):
        return None


def _told(frame: Frame, known: Map) -> list[str]:
    """The stages on a line: the one that carets mark, or else all."""
    stages = known.lines.get(str(frame.line), [])
    calls = [one for one in stages if one["columns"] != [0, 0]] or stages
    if frame.columns is not None:
        marked = [one for one in calls if tuple(one["columns"]) == frame.columns]
        calls = marked or calls
    name = clean(os.path.basename(frame.file), 100)
    return [
        f"{clean(one['at'], 200)}: `{clean(one['stage'], 200)}` ({name}:{frame.line})"
        for one in calls
    ]


def frames(text: str) -> Iterator[Frame]:
    """The frames of a traceback, outermost first."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        match = _FRAME.match(line)
        if match is not None:
            columns = _columns(lines[number + 1 : number + 3])
            yield Frame(match["file"], int(match["line"]), columns)


def _columns(below: list[str]) -> tuple[int, int] | None:
    """The columns that carets mark, in a line without its indentation."""
    if len(below) < 2 or _FRAME.match(below[0]):
        return None
    match = _CARETS.fullmatch(below[1])
    if match is None:
        return None
    indent = len(below[0]) - len(below[0].lstrip())
    return match.start("carets") - indent, match.end("carets") - indent


def read_map(path: str) -> Map:
    """A map from its file. Raises OSError or ValueError."""
    with open(path, encoding="utf-8") as file:
        text = file.read(LARGEST)
    try:
        found = json.loads(text)
        lines = found["lines"]
        good = found["version"] == 1 and all(map(_is_line, lines.values()))
        made = Map(str(found["generated"]), str(found["sha256"]), lines)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        good = False
    if not good:
        raise ValueError(f"{path} is no map of nndsl")
    return made


def _is_line(stages: Any) -> bool:
    return isinstance(stages, list) and all(
        isinstance(one, dict)
        and isinstance(one.get("at"), str)
        and isinstance(one.get("stage"), str)
        and isinstance(one.get("columns"), list)
        for one in stages
    )
