"""Characters that no file may hold, and bytes that are no text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nndsl.diagnostics import Diagnostic
from nndsl.limits import current
from nndsl.source import Source, Span
from nndsl.syntax import mistakes

if TYPE_CHECKING:
    from nndsl.syntax.lexer import Tokens

_UNUSUAL = re.compile(r"[^\t\n\x20-\x7e]")
# control characters, lone CR, bidirectional and zero-width characters, other invisible ones
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]|\r(?!\n)"
)
MAX_REPORTS = 5


def decode(data: bytes, name: str, path: str | None = None) -> Source | Diagnostic:
    """Bytes of a file as a source; a diagnostic names the byte that is not UTF-8."""
    if len(data) > current().file_bytes:
        return mistakes.too_long(name)
    try:
        return Source(data.decode("utf-8"), name, path)
    except UnicodeDecodeError as wrong:
        before = data[: wrong.start].decode("utf-8", "replace")
        shown = Source(data.decode("utf-8", "replace"), name, path)
        span = Span(shown, len(before), len(before) + 1)
        return mistakes.make(
            "E100", span, offset=str(wrong.start), byte=f"0x{data[wrong.start]:02x}"
        )


def check(source: Source, tokens: Tokens) -> None:
    """Reports forbidden characters wherever they stand, the first few of them."""
    text = source.text
    if _UNUSUAL.search(text) is None:
        return
    begin = 1 if text.startswith("\ufeff") else 0
    for number, found in enumerate(_FORBIDDEN.finditer(text, begin)):
        at = found.start()
        tokens.quiet.append(at)
        if number < MAX_REPORTS:
            tokens.faults.append(mistakes.forbidden(source, at))


def is_forbidden(character: str) -> bool:
    return _FORBIDDEN.match(character) is not None
