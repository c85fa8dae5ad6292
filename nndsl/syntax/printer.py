"""Text -> its canonical layout: same meaning, same comments, same line breaks where they help.

The tokens are printed anew. Breaks that the author made at a sensible place stay; a line that is
still too long is broken, before a `|` if possible.
"""

from __future__ import annotations

from nndsl.diagnostics import SpecError
from nndsl.record import dataclass, field
from nndsl.source import Source
from nndsl.syntax.expression_text import expression_text
from nndsl.syntax.lexer import Tokens
from nndsl.syntax.lines import Logical, comment_text, print_line
from nndsl.syntax.parser import read
from nndsl.syntax.tree import Comment

__all__ = ["expression_text", "format_text"]

INDENT = 4


def format_text(source: Source) -> str:
    """The text of a spec in its canonical layout. Raises SpecError if it can't be parsed."""
    tokens, findings = read(source)
    if findings:
        raise SpecError(findings)
    return _Page(tokens).run()


@dataclass
class _Page:
    """Logical lines and the comments between them, one below the other."""

    tokens: Tokens
    out: list[str] = field(default_factory=list)
    margins: list[int] = field(
        default_factory=lambda: [0]
    )  # the author's indentation of each level
    seen: int = 0  # comments that were printed
    end: int = 0  # where in the text the last printed thing ends
    opened: bool = True  # the last printed line opens a block, or nothing was printed
    wide: bool = False  # the last item of the file was a block
    apart: bool = False  # a blank line must stand before the next item

    def run(self) -> str:
        kinds, first = self.tokens.kinds, 0
        level = 0
        for at, kind in enumerate(kinds):
            if kind == "_INDENT":
                level += 1
                first = at + 1
            elif kind == "_DEDENT":
                level -= 1
                self.wide = self.wide or level == 0
                first = at + 1
            elif kind == "_NL":
                self.line(first, at, level, kinds[at + 1] == "_INDENT")
                first = at + 1
        self.comments(len(self.tokens.source.text), 0)
        return "\n".join(self.out) + "\n" if self.out else ""

    # ------------------------------------------------------------ one logical line

    def line(self, first: int, stop: int, level: int, opens: bool) -> None:
        tokens = self.tokens
        start, end = tokens.starts[first], tokens.ends[stop - 1]
        if level == len(self.margins):
            self.margins.append(start - (tokens.source.text.rfind("\n", 0, start) + 1))
        self.apart = level == 0 and (opens or self.wide)
        self.comments(start, level)
        del self.margins[level + 1 :]
        self.space(start, level, self.apart)
        inner = self.inner_comments(end)
        self.out += print_line(Logical(tokens, first, stop, level * INDENT, inner))
        self.end = max(end, inner[-1].span.end) if inner else end
        self.opened = opens
        if level == 0:
            self.wide = False

    def inner_comments(self, end: int) -> list[Comment]:
        """The comments among the tokens that end at ``end``, and the one behind them."""
        comments, first = self.tokens.comments, self.seen
        line_end = self.tokens.source.text.find("\n", end)
        while self.seen < len(comments) and (
            line_end < 0 or comments[self.seen].span.start < line_end
        ):
            self.seen += 1
        return comments[first : self.seen]

    def space(self, start: int, level: int, apart: bool) -> None:
        """Blank lines before what begins at ``start``."""
        if not self.out or self.opened:
            return
        wanted = self.tokens.source.text.count("\n", self.end, start) - 1
        most = 2 if level == 0 else 1
        self.out += [""] * max(min(wanted, most), int(apart))

    # ------------------------------------------------------------ comments between lines

    def comments(self, stop: int, level: int) -> None:
        """The comments on lines of their own before ``stop``."""
        comments = self.tokens.comments
        deepest = len(self.margins) - 1
        while self.seen < len(comments) and comments[self.seen].span.start < stop:
            comment = comments[self.seen]
            at = comment.span.start
            column = at - (self.tokens.source.text.rfind("\n", 0, at) + 1)
            while deepest > level and column < self.margins[deepest]:
                deepest -= 1
            self.space(
                at, deepest, deepest == 0 and (self.wide or (self.apart and self.leads(stop)))
            )
            if deepest == 0:
                self.wide = False
                self.apart = False
            self.out.append(" " * (INDENT * deepest) + comment_text(comment))
            self.end = comment.span.end
            self.opened = False
            self.seen += 1

    def leads(self, stop: int) -> bool:
        """Whether the next comments stand directly above what begins at ``stop``."""
        text, at = self.tokens.source.text, self.seen
        comments = self.tokens.comments
        while at < len(comments) and comments[at].span.start < stop:
            after = comments[at + 1].span.start if at + 1 < len(comments) else stop
            if text.count("\n", comments[at].span.end, min(after, stop)) > 1:
                return False
            at += 1
        return True
