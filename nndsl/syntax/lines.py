"""One logical line -> its printed lines."""

from __future__ import annotations

from nndsl.record import dataclass, field
from nndsl.syntax.lexer import Tokens
from nndsl.syntax.spacing import CLOSING, OPENING, OPERATORS, VALUE_ENDS, Spacing, is_rule_arrow
from nndsl.syntax.tree import Comment

WIDTH = 88
INDENT = 4

# lines whose continuation is indented, because a pipeline does not begin at their start
_STARTERS = frozenset(
    [
        "DEF",
        "MODEL",
        "FN",
        "ACTIVATION",
        "LAYER",
        "PARAM",
        "BUFFER",
        "MODULE",
        "ORDER",
        "TIE",
        "INIT",
        "LOSS",
        "WEIGHTS",
        "DROP",
        "_ASSERT",
        "_RETURN",
        "_IF",
        "_ELIF",
        "_ELSE",
        "_FOR",
        "_IMPORT",
        "_FROM",
    ]
)


@dataclass
class Logical:
    """The tokens ``first`` to ``stop`` and the comments among and behind them."""

    tokens: Tokens
    first: int
    stop: int
    indent: int
    comments: list[Comment]


@dataclass
class Piece:
    """One token as it is printed."""

    kind: str
    text: str
    gap: str
    depth: int  # open brackets before it
    can_break: bool  # a line may begin here
    fresh: bool = False  # a line begins here
    above: list[str] = field(default_factory=list)  # comments on lines of their own before it
    behind: str = ""  # the comment that ends its line


def print_line(line: Logical) -> list[str]:
    """The lines that a logical line is printed as."""
    pieces = _pieces(line)
    _attach(line, pieces)
    hang = 0 if _is_pipeline(pieces) else INDENT
    out: list[str] = []
    at = 0
    opened: list[int] = []  # for each open bracket, how far the line that opened it is indented
    looked: Looked = {}
    while at < len(pieces):
        indent = _indent(pieces, at, opened, line.indent, hang)
        out += [" " * indent + comment for comment in pieces[at].above]
        stop = _line_stop(pieces, at, indent, looked)
        out.append(" " * indent + _text(pieces[at:stop]))
        for piece in pieces[at:stop]:
            if piece.kind in OPENING:
                opened.append(indent)
            elif piece.kind in CLOSING:
                opened.pop()
        at = stop
    return out


def _pieces(line: Logical) -> list[Piece]:
    tokens = line.tokens
    kinds = tokens.kinds[line.first : line.stop]
    text = tokens.source.text
    spacing = Spacing(kinds)
    depth, found = 0, []
    in_target = False  # between `for` and `in`, where a comma is no place to break
    for at, kind in enumerate(kinds):
        in_target = kind == "_FOR" or (in_target and kind not in ("_IN", "VBAR"))
        start, end = tokens.starts[line.first + at], tokens.ends[line.first + at]
        gap = spacing.before(at)
        can_break = at > 0 and (kind == "_FOR" or not in_target) and _can_break(kinds, at, depth)
        piece = Piece(kind, _token_text(kind, text[start:end]), gap, depth, can_break)
        if can_break and "\n" in text[tokens.ends[line.first + at - 1] : start]:
            piece.fresh = True
        depth += (kind in OPENING) - (kind in CLOSING)
        found.append(piece)
    return found


def _token_text(kind: str, text: str) -> str:
    if kind == "STRING" and text[0] == "'" and '"' not in text:
        return f'"{text[1:-1]}"'
    return text


def _can_break(kinds: list[str], at: int, depth: int) -> bool:
    kind, previous = kinds[at], kinds[at - 1]
    if kind == "VBAR":
        return True
    if not depth:
        return False
    if kind in CLOSING or previous in OPENING or previous == "COMMA":
        return True
    return kind in OPERATORS and previous in VALUE_ENDS


def _attach(line: Logical, pieces: list[Piece]) -> None:
    """Gives each comment its place: above a line, or at its end."""
    tokens = line.tokens
    at = 0
    for comment in line.comments:
        text = comment_text(comment)
        start = comment.span.start
        while at < len(pieces) and tokens.starts[line.first + at] < start:
            at += 1
        if comment.own_line and at < len(pieces):
            pieces[at].above.append(text)
            pieces[at].fresh = True
        elif at:
            pieces[at - 1].behind = text
            if at < len(pieces):
                pieces[at].fresh = True


def comment_text(comment: Comment) -> str:
    """A comment with a blank after its sign."""
    text = comment.text.rstrip()
    return text if len(text) < 2 or text[1] in " #!:" else "# " + text[1:]


def _is_pipeline(pieces: list[Piece]) -> bool:
    kinds = [piece.kind for piece in pieces]
    if kinds[0] in _STARTERS or any(is_rule_arrow(kinds, at) for at in range(len(kinds))):
        return False
    return not any(
        piece.kind == "EQUAL" and not piece.depth and pieces[at - 1].kind != "KEY"
        for at, piece in enumerate(pieces)
    )


def _indent(pieces: list[Piece], at: int, opened: list[int], base: int, hang: int) -> int:
    if not at:
        return base
    close = at
    while close < len(pieces) and pieces[close].kind in CLOSING:
        close += 1
    if close > at:
        return opened[at - close]
    return opened[-1] + INDENT if opened else base + hang


def _line_stop(pieces: list[Piece], at: int, indent: int, looked: Looked) -> int:
    """Where the printed line that begins at ``at`` ends."""
    fits, whole = _fitting(pieces, at, indent)
    if whole:
        return fits
    depth = pieces[at].depth - (pieces[at].kind in CLOSING)
    level = [n for n in range(at + 1, fits + 1) if pieces[n].can_break and pieces[n].depth <= depth]
    if not level:
        return _open_up(pieces, at, fits, depth)
    edges = [n for n in level if _is_edge(pieces, n)]
    bars = [n for n in level if pieces[n].kind == "VBAR"]
    place = (edges or bars or level)[-1]
    if not edges:
        _break_at_edge(pieces, place, looked)
    return place


def _is_edge(pieces: list[Piece], at: int) -> bool:
    """Whether an item of a bracket ends here: before `for`, behind a comma, at the bracket's end.

    Inside a bracket this binds looser than `|`.
    """
    kind = pieces[at].kind
    return kind == "_FOR" or kind in CLOSING or pieces[at - 1].kind == "COMMA"


Looked = dict[int, tuple[int, int]]
"""For a depth: a stretch of pieces whose edge was found, so that a long one is read once."""


def _break_at_edge(pieces: list[Piece], at: int, looked: Looked) -> None:
    """An item that takes several lines ends its last one."""
    depth = pieces[at].depth
    first, end = looked.get(depth, (0, 0))
    if first <= at < end:
        return
    place = at + 1
    while place < len(pieces) and not pieces[place].fresh and pieces[place].depth >= depth:
        if pieces[place].depth == depth and pieces[place].can_break and _is_edge(pieces, place):
            if pieces[place].kind not in CLOSING:
                pieces[place].fresh = True
            break
        place += 1
    looked[depth] = at, place


def _stop(pieces: list[Piece], at: int) -> int:
    """Where the author's own line ends that goes on at ``at``."""
    stop = at + 1
    while stop < len(pieces) and not pieces[stop].fresh:
        stop += 1
    return stop


def _fitting(pieces: list[Piece], at: int, indent: int) -> tuple[int, bool]:
    """The last piece before which the line may end without being too long; whether that is all
    of it."""
    column, place = indent, at
    while place < len(pieces) and (place == at or not pieces[place].fresh):
        column += len(pieces[place].text) + (len(pieces[place].gap) if place > at else 0)
        if column > WIDTH:
            return place, False
        place += 1
    return place, True


def _open_up(pieces: list[Piece], at: int, fits: int, depth: int) -> int:
    """Puts what the last outer bracket holds on lines of its own."""
    stop = _stop(pieces, at)
    for place in range(fits, at, -1):
        opening = pieces[place - 1]
        if opening.kind in OPENING and opening.depth == depth and pieces[place].kind not in CLOSING:
            close = place
            while close < stop and not (
                pieces[close].kind in CLOSING and pieces[close].depth == depth + 1
            ):
                close += 1
            if close < stop:
                pieces[close].fresh = True
            return place
    return next(
        (n for n in range(at + 1, stop) if pieces[n].can_break and pieces[n].kind not in CLOSING),
        stop,
    )


def _text(pieces: list[Piece], comment: bool = True) -> str:
    parts = [pieces[0].text]
    for piece in pieces[1:]:
        parts += (piece.gap, piece.text)
    if comment and pieces[-1].behind:
        parts += ("  ", pieces[-1].behind)
    return "".join(parts)
