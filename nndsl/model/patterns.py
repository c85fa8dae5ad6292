"""Axis patterns: ``"b c h w"``, ``"... d"``, ``"b {2*h} 1"``, ``"b t (heads hd) -> b heads t hd"``.

A pattern is read from left to right, one character class at a time, so that its cost is that of
its length. Errors carry the place inside the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Union

from nndsl.model import text as texts
from nndsl.model.expr import Size
from nndsl.model.graph import TensorType
from nndsl.model.spec import Rejected
from nndsl.record import dataclass

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9][A-Za-z0-9_]*|\.\.\.|->|[(){]|\s+")
MOST_AXES = 64
_MOST_DIGITS = 18


class BadPattern(Rejected):
    """A pattern that can't be read; ``offset`` and ``length`` say where in its text."""

    def __init__(self, message: str, offset: int, length: int = 1, help: str = "") -> None:
        super().__init__(message, "", help)
        self.offset = offset
        self.length = length


@dataclass(frozen=True)
class Part:
    """One axis, or one factor of a group.

    ``kind``: ``name``; ``number`` (``text`` is its digits); ``value`` (``{text}``, to be computed
    by the caller; ``offset`` is where the text inside begins); ``any`` (``_``); ``rest`` (``...``).
    """

    kind: str
    text: str
    offset: int

    @property
    def number(self) -> int:
        return int(self.text)

    @property
    def length(self) -> int:
        return len(self.text)


@dataclass(frozen=True)
class Group:
    """``(h w)``: one axis, the product of its parts."""

    parts: tuple[Part, ...]
    offset: int


Axis = Union[Part, Group]


@dataclass(frozen=True)
class Pattern:
    """``right`` is None in a pattern that asserts.

    A name may stand twice. In a pattern that asserts it is one size in both places; in one that
    rearranges it must mean a number, which is for the caller to say.
    """

    text: str
    left: tuple[Axis, ...]
    right: tuple[Axis, ...] | None = None

    @property
    def rearranges(self) -> bool:
        return self.right is not None


@dataclass(frozen=True)
class Matched:
    """A pattern laid on a shape: ``names`` and their sizes in order; ``required`` are the places
    (counted from the end where ``...`` stands before them) whose size a number or a value fixes."""

    names: tuple[tuple[str, Size], ...]
    required: tuple[tuple[int, Part], ...]


def parse_pattern(text: str) -> Pattern:
    """Reads a pattern of either kind; what is wrong with it is raised as ``BadPattern``."""
    sides: list[list[Axis]] = [[]]
    tokens = _tokens(text)
    for part in tokens:
        if part.kind == "->":
            if len(sides) == 2:
                raise BadPattern("`->` stands once in a pattern", part.offset, 2)
            sides.append([])
        elif part.kind == "(":
            sides[-1].append(_group(part.offset, tokens))
        elif part.kind == ")":
            raise BadPattern("this `)` closes nothing", part.offset)
        else:
            sides[-1].append(part)
        if len(sides[-1]) > MOST_AXES:
            raise BadPattern(f"more than {MOST_AXES} axes", part.offset)
    for side in sides:
        _check_side(side, len(sides) == 2)
    return Pattern(text, tuple(sides[0]), tuple(sides[1]) if len(sides) == 2 else None)


def parts_of(side: tuple[Axis, ...] | list[Axis]) -> Iterator[Part]:
    """Every part of a side, those in groups too."""
    for axis in side:
        yield from axis.parts if isinstance(axis, Group) else (axis,)


def _tokens(text: str) -> Iterator[Part]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None and text[at] != ")":
            raise _stray(text, at)
        word = found.group() if found else ")"
        if word == "{":
            end = _closing(text, at)
            yield Part("value", text[at + 1 : end], at + 1)
            at = end + 1
            continue
        if not word.isspace():
            yield _part(word, at)
        at += len(word)


def _part(word: str, at: int) -> Part:
    if word in ("->", "(", ")"):
        return Part(word, word, at)
    if word == "...":
        return Part("rest", word, at)
    if word == "_":
        return Part("any", word, at)
    if not word[0].isdigit():
        return Part("name", word, at)
    if not re.fullmatch(r"\d+(_\d+)*", word):
        raise BadPattern(
            f"`{word}` is neither a number nor a name", at, len(word), "put a space between the two"
        )
    word = word.replace("_", "")
    if len(word) > _MOST_DIGITS:
        raise BadPattern("this number is too large", at, len(word))
    if int(word) == 0:
        raise BadPattern("an axis of a pattern can't be 0", at, len(word))
    return Part("number", str(int(word)), at)


def _closing(text: str, at: int) -> int:
    """The ``}`` that belongs to the ``{`` at a place."""
    end = text.find("}", at)
    if end < 0:
        raise BadPattern("this `{` is never closed", at)
    inside = text[at + 1 : end]
    if "{" in inside:
        raise BadPattern("`{` can't stand inside `{...}`", at + 1 + inside.index("{"))
    if not inside.strip():
        raise BadPattern("there is nothing inside `{}`", at, end + 1 - at)
    return end


def _stray(text: str, at: int) -> BadPattern:
    char = text[at]
    if char == ".":
        return BadPattern("`...` stands for any axes; single dots mean nothing", at)
    if char == ",":
        return BadPattern("axes are separated by spaces", at, 1, 'write "b c h w"')
    if char in "+-*/%":
        return BadPattern(
            f"`{char}` can't stand in a pattern",
            at,
            1,
            "put what is to be computed in braces: `{2*h}`",
        )
    shown = char if char.isprintable() and char.isascii() else f"U+{ord(char):04X}"
    return BadPattern(f"`{shown}` can't stand in a pattern", at)


def _group(offset: int, tokens: Iterator[Part]) -> Group:
    parts: list[Part] = []
    for part in tokens:
        if part.kind == ")":
            return Group(tuple(parts), offset)
        if part.kind == "(":
            raise BadPattern("groups can't stand inside groups", part.offset)
        if part.kind == "->":
            break
        parts.append(part)
        if len(parts) > MOST_AXES:
            raise BadPattern(f"more than {MOST_AXES} parts", part.offset)
    raise BadPattern("this `(` is never closed", offset)


def _check_side(side: list[Axis], rearranges: bool) -> None:
    seen: set[str] = set()
    for axis in side:
        if isinstance(axis, Group) and not rearranges:
            raise BadPattern(
                "groups belong in a pattern with `->`",
                axis.offset,
                1,
                'say the product: "b {h * w}"',
            )
    for part in parts_of(side):
        if part.kind == "rest" and "..." in seen:
            raise BadPattern("`...` can stand once on a side", part.offset, 3)
        if part.kind == "any" and rearranges:
            raise BadPattern("`_` can't be moved", part.offset, 1, "give the axis a name")
        if part.kind in ("name", "rest"):
            seen.add(part.text)


# ------------------------------------------------------------------ asserting


def match(pattern: Pattern, type: TensorType) -> Matched:
    """Lays an asserting pattern on a shape: sizes for its names, what the caller must check."""
    shape = type.shape
    assert shape is not None
    rest = [place for place, axis in enumerate(pattern.left) if _is_rest(axis)]
    axes = [axis for axis in pattern.left if not _is_rest(axis)]
    if type.lead and not rest:
        raise _wrong_rank(pattern, type, "any axes may stand in front of it")
    if len(axes) > len(shape) or not rest and len(axes) < len(shape):
        raise _wrong_rank(pattern, type, f"it has {_axes(len(shape))}")
    front = rest[0] if rest else len(axes)
    if type.lead and front:
        raise _wrong_rank(pattern, type, "its first axes aren't known")
    names: list[tuple[str, Size]] = []
    required: list[tuple[int, Part]] = []
    for number, axis in enumerate(axes):
        place = number if number < front else number - len(axes)
        assert isinstance(axis, Part)
        if axis.kind == "name":
            names.append((axis.text, shape[place]))
        elif axis.kind in ("number", "value"):
            required.append((place, axis))
    return Matched(tuple(names), tuple(required))


def _is_rest(axis: Axis) -> bool:
    return isinstance(axis, Part) and axis.kind == "rest"


def _axes(number: int) -> str:
    return f"{number} axis" if number == 1 else f"{number} axes"


def _wrong_rank(pattern: Pattern, type: TensorType, why: str) -> Rejected:
    shown = texts.shape(type.shape, type.lead)
    return Rejected(f'{shown} doesn\'t fit "{pattern.text}": {why}', "input")


__all__ = [
    "Axis", "BadPattern", "Group", "Matched", "Part", "Pattern",
    "match", "parse_pattern", "parts_of",
]  # fmt: skip
