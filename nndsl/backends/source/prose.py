"""Text of the spec as text of a docstring: sentences, lines, nothing that could end it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection

WIDTH = 81
"""Behind the three quotes of a class's docstring."""


def paragraphs(text: str) -> list[str]:
    """A comment's paragraphs, each in one line; rules of dashes say nothing."""
    parts = [part.replace('"', "'") if part[:1] == '"' else part for part in _parts(text)]
    return [sentence(part) for part in parts]


def remark(text: str, width: int) -> list[str]:
    """A comment as a comment of Python, as the author wrote it but for the lines' ends."""
    lines: list[str] = []
    for part in _parts(text):
        lines += ["#"] if lines else []
        lines += [f"# {line}" for line in fold(part, width - 2)]
    return lines


def _parts(text: str) -> list[str]:
    parts = [" ".join(part.split()) for part in _safe_lines(text).split("\n\n")]
    return [part for part in parts if any(map(str.isalnum, part))]


def comment(text: str, names: Collection[str] = ()) -> list[str]:
    """A comment as a docstring: its first sentence, then, behind a blank line, the others.

    ``names`` are spelled as they are, also where a sentence begins with one.
    """
    found = paragraphs(text)
    if not found:
        return []
    head, rest = _first_sentence(found[0])
    if len(head) > WIDTH - 3:
        head, more = _first_clause(head)
        rest = " ".join(filter(None, (_begun(more, names), rest)))
    lines = fold(sentence(_begun(head, names)))
    for part in (rest, *found[1:]):
        if part:
            lines += ["", *fold(part, 84)]
    return lines


def _first_sentence(text: str) -> tuple[str, str]:
    """A full stop before a word ends a sentence; "Shazeer et al. 2017" goes on."""
    end = re.search(r"\. (?=\D)", text)
    return (text[: end.start() + 1], text[end.end() :]) if end else (text, "")


_QUOTED = re.compile(r"\([^()]*\)|`[^`]*`|\"[^\"]*\"|'[^']*'(?!\w)")


def _first_clause(text: str) -> tuple[str, str]:
    """What a line holds of a longer sentence: up to a semicolon, or to what follows a title."""
    plain = _QUOTED.sub(lambda part: part[0][0] + "_" * (len(part[0]) - 2) + part[0][-1], text)
    for end in re.finditer(r";(?= )|(?<=[\"']):(?= )", plain):
        if end.start() < WIDTH - 3:
            return text[: end.start()], text[end.end() + 1 :]
    return text, ""


def _begun(text: str, names: Collection[str]) -> str:
    """With a capital, unless it begins with a name or what is no plain word."""
    word = text.partition(" ")[0].rstrip(",:;.")
    return text[:1].upper() + text[1:] if word.isalpha() and word not in names else text


def sentence(text: str) -> str:
    return text if text[-1:] in ("", ".", "!", "?") else text + "."


def fold(text: str, width: int = WIDTH) -> list[str]:
    """Lines that fit behind the quotes of a docstring, or below them; one line between both."""
    lines = _wrapped(text, width)
    if len(lines) == 1 and len(lines[0]) > width - 3:
        lines = _wrapped(text, width - 3)
    for narrower in range(width - 1, width // 2, -1):
        if len(lines) == 1 or " " in lines[-1]:
            break
        fewer = _wrapped(text, narrower)
        if len(fewer) > len(lines):
            break
        lines = fewer  # a last word does not stand alone
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


_GLUE = "\0"


def fold_shapes(text: str) -> list[str]:
    """Shapes in lines that are broken between them, first of all where the result begins.

    What they are the shapes of may stand before them, in a line of its own.
    """
    if len(text) <= WIDTH - 3:
        return [text.replace("\n", " ")]
    about, _, shapes = text.rpartition("\n")
    if about:
        return [*_wrapped(about, WIDTH), *fold_shapes(shapes)]
    said, _, more = text.partition("; ")
    if more and len(said) < WIDTH:
        return [f"{said};", *fold(more)]
    given, arrow, result = text.partition(" -> ")
    lines = _between(given, WIDTH)
    return lines + _between(f"-> {result}", WIDTH) if arrow else lines


def _between(text: str, width: int) -> list[str]:
    def glue(part: re.Match[str]) -> str:
        return part[0].replace(" ", _GLUE) if len(part[0]) < width - 3 else part[0]

    glued = re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", glue, text)
    glued = re.sub(r"(?<=\w) (?=\()|^-> | or None", glue, glued)
    return [line.replace(_GLUE, " ") for line in _wrapped(glued, width)]


def _safe_lines(text: str) -> str:
    return "\n".join(safe(row.strip()) for row in text.splitlines())


def safe(text: str) -> str:
    """Text that can't end a docstring and holds nothing invisible.

    Quotes stay where they are single and stand inside of a line.
    """
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    text = "".join(shown).replace("\\", "\\\\")
    text = re.sub(r'""+', lambda found: "'" * len(found[0]), text)
    return text + "." if text.endswith("\\") else text
