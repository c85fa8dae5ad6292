"""What is wrong with a text -> a diagnostic. The words stand in ``prose.py``."""

from __future__ import annotations

import re
import unicodedata

from nndsl.diagnostics import Diagnostic, Label, error
from nndsl.limits import CODES, current
from nndsl.source import Source, Span
from nndsl.syntax import prose
from nndsl.syntax import tree as t
from nndsl.syntax.habits import HABITS, HERE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nndsl.syntax.lexer import Tokens

MAX_SHOWN = 40
MAX_CONTEXT = 400
_WHOLE = frozenset({"expected", "instead"})  # sentences of ours, never cut
_ESCAPED = re.compile(r"""(["'])(?:\\.|(?!\1)[^\\])*\1""")  # a text with escapes, as Python has


def make(code: str, span: Span | None, cause: Span | None = None, **words: str) -> Diagnostic:
    """The diagnostic of a code, its sentences filled in."""
    message, label, help_text, cause_label = prose.PROSE[code]
    code = prose.VARIANTS.get(code, code)
    return _worded(code, (message, label, help_text), span, words, cause, cause_label)


def _worded(
    code: str,
    sentences: tuple[str, str, str],
    span: Span | None,
    words: dict[str, str],
    cause: Span | None = None,
    cause_label: str = "",
) -> Diagnostic:
    shown = {key: word if key in _WHOLE else shorten(word) for key, word in words.items()}
    message, label, help_text = (_fill(one, shown) for one in sentences)
    code = CODES.get(code, code)
    causes = () if cause is None else (Label(cause, _fill(cause_label, shown)),)
    return error(code, message, span, label, help=help_text, causes=causes)


def _fill(sentence: str, words: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda found: words.get(found[1], found[0]), sentence)


def shorten(text: str) -> str:
    """A piece of the text, fit to be quoted in a message."""
    text = " ".join(text.split())
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def too_long(name: str) -> Diagnostic:
    """A text of more bytes than a file may have."""
    return make("file_bytes", None, found=name, limit=size_text(current().file_bytes))


def size_text(count: int) -> str:
    """A number of bytes as people write it."""
    whole = count >> 20
    return f"{whole} MiB" if count == whole << 20 else f"{count:,} bytes"


# ---------------------------------------------------------------- characters


def forbidden(source: Source, at: int) -> Diagnostic:
    """A control character, or one that can't be seen."""
    character = source.text[at]
    name = (
        prose.CONTROL_NAMES.get(character)
        or unicodedata.name(character, "a control character").lower()
    )
    return make(
        "E101", Span(source, at, at + 1), name=name, point=f"U+{ord(character):04X}", offset=str(at)
    )


def bad_character(source: Source, at: int, inside: bool) -> tuple[Diagnostic | None, int]:
    """What begins no token: the finding (None if reported elsewhere) and where to go on.

    ``inside`` says whether brackets are open.
    """
    text = source.text
    character = text[at]
    line_end = text.find("\n", at)
    line_end = len(text) if line_end < 0 else line_end
    if character in "\"'":
        return _bad_string(source, at, line_end)
    if ord(character) < 32 or ord(character) == 127:
        steering = re.compile(prose.TERMINAL).match(text, at)
        return None, steering.end() if steering is not None else at + 1
    if character == "{":
        return _brace(source, at, line_end)
    for sign, sentences in prose.SIGNS.items():
        if text.startswith(sign, at):
            if inside:
                sentences = prose.SIGNS_INSIDE.get(sign, sentences)
            end = at + len(sign)
            stop = line_end if sign in prose.WHOLE_LINES else end
            return _worded("E102", sentences, Span(source, at, end), {}), stop
    from nndsl.syntax.characters import is_forbidden

    if is_forbidden(character):
        return None, at + 1
    if character.isascii():
        return make("E102", Span(source, at, at + 1), found=character), at + 1
    found = re.compile(r"[^\W]+|.").match(text, at)
    end = found.end() if found else at + 1
    while at and _is_word(text[at - 1]):  # the word that it is in
        at -= 1
    name = unicodedata.name(character, "unnamed").lower()
    sentences = prose.NOT_ASCII
    words = {"found": text[at:end], "point": f"U+{ord(character):04X}", "name": name}
    return _worded("E102", sentences, Span(source, at, end), words), end


def _brace(source: Source, at: int, line_end: int) -> tuple[Diagnostic, int]:
    """An opening brace: of a label without quotes, of a dictionary, of a block."""
    text = source.text
    for pattern, sentences in prose.BRACES:
        found = re.compile(pattern).match(text, at, line_end)
        if found is not None:
            start = at
            while sentences is prose.BRACED_LABEL and start and _is_word(text[start - 1]):
                start -= 1
            end = max(found.end("to"), at + 1)
            words = {"found": text[start:end]}
            return _worded("E102", sentences, Span(source, start, end), words), found.end()
    raise AssertionError(text[at])


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def foreign_comment(source: Source, start: int) -> tuple[Diagnostic, int] | None:
    """A comment of another language at the beginning of a line, and where it ends."""
    text = source.text
    for sign, close in prose.FOREIGN_COMMENTS.items():
        if text.startswith(sign, start):
            end = text.find(close, start + len(sign))
            stop = len(text) if end < 0 else end if close == "\n" else end + len(close)
            span = Span(source, start, start + len(sign.rstrip()))
            return make("comment", span, found=sign.rstrip()), stop
    return None


def _bad_string(source: Source, at: int, line_end: int) -> tuple[Diagnostic, int]:
    text, quote = source.text, source.text[at]
    close = text.find(quote, at + 1, line_end)
    if close >= 0:
        slash = text.find("\\", at, close)
        whole = _ESCAPED.match(text, at, line_end)
        end = whole.end() if whole is not None else line_end
        is_path = text.rfind(".nn", slash, close) >= 0
        return make("path" if is_path else "E112", Span(source, slash, slash + 1)), end
    return make(
        "E107", Span(source, at, len(text[at:line_end].rstrip()) + at), quote=quote
    ), line_end


def no_gap(source: Source, start: int, end: int) -> Diagnostic | None:
    """A name, number or string directly followed by a letter, digit or quote."""
    text = source.text
    found, following = text[start:end], text[end]
    if found[0] == following and following in "\"'":
        if not text.startswith(following * 3, start):
            return None  # the rest of one that was reported
        span = Span(source, start, start + 3)
        return _worded("E108", prose.STUCK["triple"], span, {})
    if following in "\"'":
        if not (found[0].isalpha() or found[0] == "_") or found in prose.KEYWORD_BEFORE_QUOTE:
            return (
                None
                if found[0].isalpha()
                else make("E108", Span(source, start, end + 1), found=found)
            )
        key = "triple" if text.startswith(following * 3, end) else "prefix"
        return _worded(
            "E108",
            prose.STUCK[key],
            Span(source, start, end + 1),
            {"found": found, "quote": following},
        )
    if found[0] in "\"'":
        return (
            None
            if following.isascii() and following == "x"
            else make("E108", Span(source, start, end), found=found)
        )
    if not following.isascii():
        return None
    rest = re.compile(r"\w*", re.ASCII).match(text, end)
    stop = rest.end() if rest else end + 1
    return _stuck(Span(source, start, stop))


def _stuck(span: Span) -> Diagnostic:
    """A number and letters without a gap: a repeat, another base, a unit, a name."""
    for pattern, sentences in prose.STUCK_NUMBERS:
        match = re.fullmatch(pattern, span.text[:MAX_SHOWN])
        if match is not None:
            return _worded("E108", sentences, span, {"found": span.text, **_groups(match)})
    return make("E108", span, found=span.text)


# ---------------------------------------------------------------- grammar


def unexpected(tokens: Tokens, at: int, kind: str, expected: set[str]) -> Diagnostic:
    """A token that can't stand where it does."""
    source, text = tokens.source, tokens.source.text
    start, end = tokens.starts[at], tokens.ends[at]
    first = at
    while first > 0 and tokens.kinds[first - 1] not in ("_NL", "_INDENT", "_DEDENT"):
        first -= 1
    if kind in ("_NL", "_INDENT", "_DEDENT", "$END"):
        return _at_line(tokens, at, kind, expected, first)
    before = text[max(tokens.starts[first], start - MAX_CONTEXT) : start]
    stop = text.find("\n", start)
    after = text[start : min(stop if stop >= 0 else len(text), start + MAX_CONTEXT)]
    if first == at and "_INDENT" in expected and "NAME" not in expected:
        return _missing_body(tokens, at)
    return _by_habit(Span(source, start, end), before, after, kind, expected)


def _at_line(tokens: Tokens, at: int, kind: str, expected: set[str], first: int) -> Diagnostic:
    source, text = tokens.source, tokens.source.text
    if kind == "_INDENT":
        start = tokens.starts[at + 1]
        return make("E134", Span(source, start, tokens.ends[at + 1]))
    if "_INDENT" in expected and "NAME" not in expected:
        return _missing_body(tokens, at)
    end = tokens.ends[at]
    previous = (
        Span(source, tokens.starts[at - 1], tokens.ends[at - 1]) if at else Span(source, 0, 0)
    )
    before = text[max(tokens.starts[min(first, at)], end - MAX_CONTEXT) : end]
    return _by_habit(previous, before, "", "_NL", expected)


def _missing_body(tokens: Tokens, at: int) -> Diagnostic:
    while at > 0 and tokens.kinds[at] != "COLON":
        at -= 1
    return make("E135", Span(tokens.source, tokens.starts[at], tokens.ends[at]))


def _by_habit(span: Span, before: str, after: str, kind: str, expected: set[str]) -> Diagnostic:
    found = after[: span.end - span.start] if after else ""
    seen = f"{before}{HERE}{after}"
    for needs, pattern, code, message, label, help_text in HABITS:
        if needs and not needs & expected:
            continue
        match = re.search(pattern, seen)
        if match is not None:
            if code == "E131" and kind == "_NL":
                span = Span(span.source, span.end, span.end)
            place = _underlined(match, span, len(before), span.end if kind == "_NL" else span.start)
            words = {"found": found, **_groups(match)}
            return _worded(code, (message, label, help_text), place, words)
    names = expected_words(expected)
    if kind == "_NL":
        return _worded("E132", prose.UNFINISHED, span, {"expected": names})
    return make("E130", span, found=found, expected=names)


def _groups(match: re.Match[str]) -> dict[str, str]:
    """What the groups of a pattern found; a shape in the form that it has in quotes."""
    words = {
        key: text.replace(HERE, "") for key, text in match.groupdict().items() if text is not None
    }
    if "shape" in words and words["shape"][:1] not in "\"'":
        words["shape"] = " ".join(words["shape"].replace(",", " ").split())
    return words


def _underlined(match: re.Match[str], span: Span, here: int, place: int) -> Span:
    """The group ``at`` as a place of the source, where a pattern has it; ``place`` is ``here``."""
    if "at" not in match.re.groupindex:
        return span
    start, end = (at - (at > here) + place - here for at in match.span("at"))
    return Span(span.source, start, end)


def expected_words(expected: set[str]) -> str:
    """What could stand here, in words, most telling first."""
    words: list[str] = []
    for terminal, word in prose.TERMINALS.items():
        if terminal in expected and word not in words:
            words.append(word)
    words = words[:4]
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def misplaced(node: t.Node) -> Diagnostic:
    """A statement that belongs into a body, at the left margin."""
    word = prose.STATEMENTS.get(type(node).__name__, "this")
    source, start, end = node.span
    return make("E141", Span(source, start, min(end, start + len(word))), found=word)
