"""Patterns of keys: ``encoder.{i}.weight``, ``{rest...}``.

``{name}`` is something in one part of a key, ``{name...}`` any number of whole parts, also none.
A pattern becomes a regular expression of escaped pieces; what could make matching slow is refused.
"""

from __future__ import annotations

import re
from itertools import pairwise

from nndsl.record import dataclass

MAX_LENGTH = 400
MAX_MANY = 2
MAX_IN_A_PART = 2

_PIECES = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PART = r"[^.]+"
_PARTS = rf"{_PART}(?:\.{_PART})*?"


class WrongPattern(ValueError):
    """A pattern that can't be read: why, and from where to where in its text."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


@dataclass(frozen=True)
class Blank:
    """What is open in a pattern; ``many``: whole parts of the key."""

    name: str
    many: bool = False


Part = tuple["str | Blank", ...]


@dataclass(frozen=True)
class KeyPattern:
    """A pattern, part by part; ``numbers`` are the names that stand for numbers."""

    text: str
    parts: tuple[Part, ...]
    numbers: frozenset[str] = frozenset()

    @property
    def blanks(self) -> dict[str, Blank]:
        """What is open in it, by name."""
        return {p.name: p for part in self.parts for p in part if isinstance(p, Blank)}

    def expression(self) -> re.Pattern[str]:
        """What a key is held against, from its beginning to its end."""
        text, last = "", len(self.parts) - 1
        for place, part in enumerate(self.parts):
            first = part[0]
            if not (isinstance(first, Blank) and first.many):
                pieces = (self._piece(piece) for piece in part)
                text += "".join(pieces) + ("" if place == last else r"\.")
            elif place < last:
                text += rf"(?:(?P<{first.name}>{_PARTS})\.)??"
            elif place:
                text = text.removesuffix(r"\.") + rf"(?:\.(?P<{first.name}>{_PARTS}))??"
            else:
                text += f"(?P<{first.name}>{_PARTS})"
        return re.compile(text)

    def _piece(self, piece: str | Blank) -> str:
        if isinstance(piece, str):
            return re.escape(piece)
        return f"(?P<{piece.name}>{'[0-9]+' if piece.name in self.numbers else _PART})"

    def fill(self, found: dict[str, str]) -> str:
        """The key that it stands for; whole parts that are none leave no dot behind."""
        texts = (
            "".join(p if isinstance(p, str) else found[p.name] for p in part) for part in self.parts
        )
        return ".".join(text for text in texts if text)


def read_pattern(text: str) -> KeyPattern:
    """Read a pattern. Raises WrongPattern."""
    if len(text) > MAX_LENGTH:
        raise WrongPattern(f"longer than {MAX_LENGTH} characters", 0, MAX_LENGTH)
    parts: list[list[str | Blank]] = [[]]
    for found in _PIECES.finditer(text):
        if found.group(3):
            raise WrongPattern("a brace without its other half", *found.span())
        if found.group(1) is not None:
            parts[-1].append(_blank(found))
            continue
        first, *more = found.group(2).split(".")
        parts[-1] += [first] if first else []
        parts += [[one] if one else [] for one in more]
    if not all(parts):
        raise WrongPattern("a part of the key is empty", 0, len(text))
    made = KeyPattern(text, tuple(map(tuple, parts)))
    _check(made)
    return made


def _blank(found: re.Match[str]) -> Blank:
    name = found.group(1)
    many = name.endswith("...")
    name = name.removesuffix("...")
    if not _NAME.fullmatch(name):
        raise WrongPattern("braces hold a name, or a name and `...`", *found.span())
    return Blank(name, many)


def _check(made: KeyPattern) -> None:
    whole = (0, len(made.text))
    blanks = [[p for p in part if isinstance(p, Blank)] for part in made.parts]
    every = [p.name for part in blanks for p in part]
    if len(set(every)) < len(every):
        raise WrongPattern("one name stands twice in it", *whole)
    if any(p.many for part in made.parts if len(part) > 1 for p in part if isinstance(p, Blank)):
        raise WrongPattern("`{name...}` is whole parts, between two dots", *whole)
    pairs = (pair for part in made.parts for pair in pairwise(part))
    if any(isinstance(a, Blank) and isinstance(b, Blank) for a, b in pairs):
        raise WrongPattern("two names side by side: where does one end?", *whole)
    many = [any(p.many for p in part) for part in blanks]
    if any(a and b for a, b in pairwise(many)):
        raise WrongPattern("two `{name...}` side by side: where does one end?", *whole)
    if sum(many) > MAX_MANY or max(map(len, blanks)) > MAX_IN_A_PART:
        message = f"at most {MAX_MANY} `{{name...}}` in a key and {MAX_IN_A_PART} names in a part"
        raise WrongPattern(message, *whole)
