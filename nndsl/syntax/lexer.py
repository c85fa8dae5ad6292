"""Text -> tokens. What a word means (name or keyword) is the parser's to say; see ``words.py``.

One pass over the text: brackets, line ends and indentation are settled here. Ends of lines and
changes of indentation are tokens without width, placed at the end of what stands before them.
"""

from __future__ import annotations

import re

from nndsl.diagnostics import Diagnostic
from nndsl.limits import current
from nndsl.record import dataclass, field
from nndsl.source import Source, Span
from nndsl.syntax import characters, mistakes
from nndsl.syntax.faults import Faults
from nndsl.syntax.tree import Comment

_TOKEN = re.compile(
    r"[ \t]*(?:"
    r"([A-Za-z_][A-Za-z0-9_]*)"
    r"|((?:(?<=[A-Za-z0-9_\])]\.)[0-9]+)|[0-9]+(?:_[0-9]+)*"
    r"(\.[0-9]+(?:_[0-9]+)*(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)?)"
    r"|(\"[^\"\\\n]*\"|'[^'\\\n]*')"
    r"|(\r?\n)"
    r"|(\#[^\n]*)"
    r"|(\*\*|//|->|==|!=|<=|>=|\.\.\.|[()\[\]|,:=.+\-*/%@<>])"
    r")"
)
NAME, NUMBER, FRACTION, STRING, LINE_END, COMMENT, SIGN = range(1, 8)

SIGNS = {
    "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", "|": "VBAR", ",": "COMMA", ":": "COLON",
    "=": "EQUAL", ".": "DOT", "+": "PLUS", "-": "MINUS", "*": "STAR", "**": "POW", "/": "MUL",
    "//": "MUL", "%": "MUL", "@": "MUL", "->": "_ARROW", "...": "_ELLIPSIS",
    "==": "COMPARE", "!=": "COMPARE", "<=": "COMPARE", ">=": "COMPARE", "<": "COMPARE",
    ">": "COMPARE",
}  # fmt: skip

KEYWORDS = {
    "import": "_IMPORT", "from": "_FROM", "def": "DEF", "return": "_RETURN", "assert": "_ASSERT",
    "if": "_IF", "elif": "_ELIF", "else": "_ELSE", "for": "_FOR", "in": "_IN", "is": "_IS",
    "as": "_AS",
    "and": "AND", "or": "OR", "not": "NOT", "True": "TRUE", "False": "FALSE", "None": "NONE",
}  # fmt: skip
KEYWORDS.update(
    (word, "RESERVED")
    for word in [
        "async",
        "await",
        "break",
        "class",
        "continue",
        "del",
        "except",
        "finally",
        "global",
        "lambda",
        "nonlocal",
        "pass",
        "raise",
        "try",
        "while",
        "with",
        "yield",
    ]
)

_CLOSES = {")": "(", "]": "["}
_CLOSED = {"(": ")", "[": "]"}


@dataclass
class Tokens:
    """Parallel lists: the kind, start and end of each token; the last kind is ``$END``."""

    source: Source
    kinds: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)
    quiet: list[int] = field(default_factory=list)  # places whose line needs no second complaint
    open: list[int] = field(default_factory=list)  # brackets that are never closed
    stopped: int | None = None  # the text was given up here


def tokenize(source: Source) -> Tokens:
    """All tokens of a text, and what is wrong with its characters, brackets and indentation."""
    found = _Lexer(source, close_at_margin=False)
    found.run()
    if found.unclosed:
        # Somewhere a bracket was left open: read again, taking a line that stands no deeper than
        # the bracket's own line for the end of it, so that the rest of the file can be checked.
        found = _Lexer(source, close_at_margin=True)
        found.run()
    characters.check(source, found.tokens)
    return found.tokens


class _Lexer:
    def __init__(self, source: Source, close_at_margin: bool) -> None:
        self.text = source.text
        self.tokens = Tokens(source)
        self.close_at_margin = close_at_margin
        self.unclosed = False
        self.brackets: list[tuple[str, int, int]] = []  # sign, place, indentation of its line
        self.indents = [0]
        self.margin = 0  # indentation of the current line
        self.faults = Faults(self.tokens)
        self.line_start = 0
        self.limits = current()

    def run(self) -> None:
        text, tokens = self.text, self.tokens
        match, size = _TOKEN.match, len(text)
        at = self.line_start = 1 if text.startswith("\ufeff") else 0
        fresh = True  # nothing of this line was seen yet
        while at < size and not self.given_up():
            found = match(text, at)
            if found is None:
                at = self.fault(at, fresh)
                fresh = False
                continue
            what = found.lastindex
            assert what is not None
            start, at = found.span(what)
            if what == LINE_END:
                self.line_start = at
                fresh = True
            elif what == COMMENT:
                at = self.comment(start, at, fresh)
            else:
                if fresh:
                    end = None if self.brackets else self.faults.foreign_comment(start)
                    if end is not None:
                        at = end
                        continue
                    fresh = False
                    self.begin_line(start)
                    if self.given_up():
                        break
                tokens.starts.append(start)
                tokens.ends.append(at)
                self.token(what, start, at, found)
        self.finish()

    def given_up(self) -> bool:
        return self.tokens.stopped is not None

    def token(self, what: int, start: int, end: int, found: re.Match[str]) -> None:
        text, kinds = self.text, self.tokens.kinds
        if what == SIGN:
            sign = text[start:end]
            kinds.append(SIGNS[sign])
            if sign in "()[]":
                self.bracket(sign, start)
            return
        if what == NAME:
            kinds.append(KEYWORDS.get(text[start:end], "NAME"))
        elif what == NUMBER:
            kinds.append("FLOAT" if found.group(FRACTION) else "INT")
            if end - start > 18 or kinds[-1] == "FLOAT":
                self.number(start, end)
        else:
            kinds.append("STRING")
        if end < len(text) and (text[end].isalnum() or text[end] in "_\"'"):
            self.no_gap(start, end)

    # ------------------------------------------------------------ lines

    def begin_line(self, start: int) -> None:
        tokens = self.tokens
        blank = self.text[self.line_start : start]
        if "\t" in blank:
            self.faults.tabs.append(self.line_start + blank.index("\t"))
        width = len(blank.expandtabs(8))
        if self.brackets:
            if not (self.close_at_margin and self.ends_bracket(start, width)):
                return
            self.leave_open()
        if self.text[start] == "|" and tokens.kinds:
            return
        if tokens.kinds:
            self.add("_NL")
        self.margin = width
        self.indent(width, start)
        if self.text[start] in "+-" and tokens.kinds and tokens.kinds[-1] != "_INDENT":
            self.faults.report(
                mistakes.make(
                    "minus" if self.text[start] == "-" else "E136",
                    Span(tokens.source, start, start + 1),
                    found=self.text[start],
                ),
                start,
            )

    def indent(self, width: int, start: int) -> None:
        if width > self.indents[-1]:
            self.indents.append(width)
            self.add("_INDENT")
            self.check_nesting(start)
            return
        while width < self.indents[-1]:
            self.indents.pop()
            self.add("_DEDENT")
        if width != self.indents[-1]:
            self.faults.report(
                mistakes.make("E111", Span(self.tokens.source, self.line_start, start)), start
            )
            self.indents[-1] = min(width, self.indents[-1]) if len(self.indents) > 1 else 0

    def add(self, kind: str) -> None:
        tokens = self.tokens
        end = tokens.ends[-1] if tokens.ends else 0
        tokens.kinds.append(kind)
        tokens.starts.append(end)
        tokens.ends.append(end)

    def comment(self, start: int, end: int, fresh: bool) -> int:
        stop = end - 1 if self.text[end - 1] == "\r" else end
        tokens = self.tokens
        tokens.comments.append(
            Comment(Span(tokens.source, start, stop), self.text[start:stop], fresh)
        )
        return stop

    def finish(self) -> None:
        self.faults.finish()
        if self.brackets and self.tokens.stopped is None:
            self.leave_open()
        if self.tokens.kinds:
            self.add("_NL")
        for _ in self.indents[1:]:
            self.add("_DEDENT")
        self.add("$END")

    # ------------------------------------------------------------ brackets

    def bracket(self, sign: str, start: int) -> None:
        if sign in "([":
            self.brackets.append((sign, start, self.margin))
            self.check_nesting(start)
            return
        span = Span(self.tokens.source, start, start + 1)
        if not self.brackets:
            self.faults.report(mistakes.make("E105", span, found=sign), start)
            return
        opened, at, _ = self.brackets.pop()
        if opened != _CLOSES[sign]:
            cause = Span(self.tokens.source, at, at + 1)
            words = {"found": sign, "opened": opened, "closing": _CLOSED[opened]}
            self.faults.report(mistakes.make("E106", span, cause=cause, **words), start, at)
            self.close_outer(_CLOSES[sign])

    def close_outer(self, opened: str) -> None:
        """After a bracket that does not match: it closed one further out, if there is one."""
        for place in reversed(range(len(self.brackets))):
            if self.brackets[place][0] == opened:
                del self.brackets[place:]
                return

    def ends_bracket(self, start: int, width: int) -> bool:
        return width <= self.brackets[0][2] and self.text[start] not in ")]|"

    def leave_open(self) -> None:
        self.unclosed = True
        sign, at, _ = self.brackets[-1]
        self.faults.report(
            mistakes.make(
                "E104", Span(self.tokens.source, at, at + 1), opened=sign, closing=_CLOSED[sign]
            ),
            at,
        )
        self.tokens.open.append(at)
        self.brackets.clear()

    def check_nesting(self, start: int) -> None:
        most = self.limits.nesting
        if len(self.brackets) + len(self.indents) - 1 > most and self.tokens.stopped is None:
            span = Span(self.tokens.source, start, start + 1)
            self.faults.report(mistakes.make("nesting", span, limit=str(most)), start)
            self.tokens.stopped = start

    # ------------------------------------------------------------ what is wrong

    def number(self, start: int, end: int) -> None:
        digits = self.text[start:end]
        many = sum(map(str.isdigit, re.split("[eE]", digits)[0])) > 18
        if many or float(digits) == float("inf"):
            self.faults.report(
                mistakes.make("integer", Span(self.tokens.source, start, end)), start
            )

    def no_gap(self, start: int, end: int) -> None:
        diagnostic = mistakes.no_gap(self.tokens.source, start, end)
        if diagnostic is not None:
            self.faults.report(diagnostic, start)

    def fault(self, at: int, fresh: bool) -> int:
        """A character that begins nothing: says so and gives the place to go on from."""
        text = self.text
        while at < len(text) and text[at] in " \t":
            at += 1
        if at >= len(text):
            return at
        if fresh:
            self.begin_line(at)
        code, end = self.faults.character(at, bool(self.brackets))
        if code == "E107":  # what was opened on this line is closed in the quote
            while self.brackets and self.brackets[-1][1] >= self.line_start:
                self.brackets.pop()
        self.tokens.kinds.append("FAULT")
        self.tokens.starts.append(at)
        self.tokens.ends.append(end)
        return end
