"""Small changes of a text: tokens left out, doubled, swapped, replaced, moved; characters and
whole expressions too."""

from __future__ import annotations

import random
from collections.abc import Callable

from nndsl.source import Source
from nndsl.syntax.lexer import tokenize
from tests.fuzz.pieces import exchanged, grafted

PLAIN = """
( ) [ ] | : , = == -> * ** / // + - . ... @ x x3 _ if else elif for in and or not is None
True False def model fn activation layer param buffer module order tie init loss assert
return import from weights drop as training self torch nn 0 1 -1 2 0.5 1e400 $ ; \\
999999999999999999 inf pi linear conv relu block lstm batchnorm softmax cat size len range
zeros unbind chunk where sum 'a' "{i}" "a.b" #
"""
WORDS = (*PLAIN.split(), '"b c"', '"b c -> c b"', '"b t (h d) -> b h t d"', "\n", "\n\n", " ", "\t")
CHARACTERS = "\0\r\n\t \"'#|()[]{}:=,.<>*@\\\x1b\u200b\u202e\u0430\ufb01\u00e9\U0001f600\ufeff"


def mutated(text: str, chance: random.Random, changes: int) -> str:
    """A text with so many changes."""
    for _ in range(changes):
        text = chance.choice(_KINDS)(text, chance)
    return text


def _spans(text: str) -> list[tuple[int, int]]:
    tokens = tokenize(Source(text))
    pairs = zip(tokens.starts, tokens.ends, strict=True)
    return [(a, b) for a, b in pairs if b > a] or [(0, 0)]


def _deleted(text: str, chance: random.Random) -> str:
    start, end = chance.choice(_spans(text))
    return text[:start] + text[end:]


def _doubled(text: str, chance: random.Random) -> str:
    start, end = chance.choice(_spans(text))
    return text[:end] + chance.choice(("", " ")) + text[start:end] + text[end:]


def _swapped(text: str, chance: random.Random) -> str:
    (a, b), (c, d) = sorted(chance.choices(_spans(text), k=2))
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:] if b <= c else text


def _neighbours(text: str, chance: random.Random) -> str:
    spans = _spans(text)
    at = chance.randrange(len(spans))
    (a, b), (c, d) = spans[at], spans[min(at + 1, len(spans) - 1)]
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:] if b <= c else text


def _replaced(text: str, chance: random.Random) -> str:
    start, end = chance.choice(_spans(text))
    return text[:start] + chance.choice(WORDS) + text[end:]


def _put_in(text: str, chance: random.Random) -> str:
    start, _ = chance.choice(_spans(text))
    return f"{text[:start]} {chance.choice(WORDS)} {text[start:]}"


def _line(text: str, chance: random.Random) -> str:
    """A line left out, doubled, or moved to the right."""
    lines = text.splitlines(keepends=True) or [""]
    at = chance.randrange(len(lines))
    lines[at] = chance.choice(("", lines[at] * 2, "    " + lines[at], lines[at].lstrip(" ")))
    return "".join(lines)


def _character(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(CHARACTERS) + text[at + chance.randrange(2) :]


_KINDS: tuple[Callable[[str, random.Random], str], ...] = (
    _deleted, _doubled, _swapped, _neighbours, _replaced, _replaced, _put_in, _line, _character,
    exchanged, grafted, grafted, grafted,
)  # fmt: skip
