"""What is wrong with the characters, brackets and indentation of a text, as the lexer meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nndsl.diagnostics import Diagnostic
from nndsl.source import Span
from nndsl.syntax import mistakes

if TYPE_CHECKING:
    from nndsl.syntax.lexer import Tokens

MAX_FAULTS = 50  # that are told
MAX_QUIET = 2000  # told or not, after which the rest of a text is not read


class Faults:
    """Notes faults among the tokens of one text, each slip once."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.tabs: list[int] = []  # the first tab of each indentation that has one
        self.words: set[str] = set()  # outside ASCII, told already
        self.braces = 0  # that were opened and are not closed

    def report(self, diagnostic: Diagnostic, *places: int) -> None:
        """Notes a fault; the lines at ``places`` need no second complaint."""
        if len(self.tokens.faults) < MAX_FAULTS:
            self.tokens.faults.append(diagnostic)
        elif self.tokens.stopped is None and places:
            self.tokens.stopped = max(places)  # nobody reads more of them
        self.hush(*places)

    def hush(self, *places: int) -> None:
        """Notes places whose lines need no second complaint; after many the text is given up."""
        tokens = self.tokens
        tokens.quiet.extend(places)
        if len(tokens.quiet) > MAX_QUIET and tokens.stopped is None and places:
            tokens.stopped = places[0]

    def character(self, at: int, inside: bool) -> tuple[str, int]:
        """Says what is wrong with a character; gives the code, if any, and where to go on.

        ``inside`` says whether brackets are open.
        """
        text = self.tokens.source.text
        if text[at] == "}" and self.braces:  # its pair was reported
            self.braces -= 1
            self.hush(at)
            return "", at + 1
        diagnostic, end = mistakes.bad_character(self.tokens.source, at, inside)
        if diagnostic is None or self._is_known_word(diagnostic):
            return "", end
        self.report(diagnostic, at)
        self.braces += text[at] == "{" and end == at + 1
        return diagnostic.code, end

    def _is_known_word(self, diagnostic: Diagnostic) -> bool:
        """Whether a word with letters outside ASCII was told before; its places stay quiet."""
        span = diagnostic.span
        if span is None or not span.text[-1:].isalpha() or span.text.isascii():
            return False
        known = span.text in self.words
        self.words.add(span.text)
        if known:
            self.hush(span.start)
        return known

    def foreign_comment(self, start: int) -> int | None:
        """Says what is wrong with another language's comment on a line of its own; its end."""
        if self.tokens.source.text[start] not in "/-":
            return None
        found = mistakes.foreign_comment(self.tokens.source, start)
        if found is None:
            return None
        self.report(found[0], start)
        return found[1]

    def finish(self) -> None:
        """Tabs in indentation are told once for the whole file."""
        if not self.tabs:
            return
        at, count = self.tabs[0], len(self.tabs)
        span = Span(self.tokens.source, at, at + 1)
        code = "E103" if count == 1 else "tabs"
        self.report(mistakes.make(code, span, count=str(count)), *self.tabs)
