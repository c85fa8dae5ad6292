"""Runs the LALR tables over tokens, building the tree as it goes and recovering from mistakes.

Nothing here recurses, whatever the nesting of the text. Each value on the stack carries how deep
the tree below it is, so that later passes, which do recurse, can rely on a bound.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from nndsl.source import Span
from nndsl.syntax import mistakes, tables
from nndsl.syntax.build import ACTIONS, CLAUSED, DEEPER, LEAVES, Builder
from nndsl.syntax.lexer import Tokens
from nndsl.syntax.rows import ALONE, GOTOS, RECIPES, ROWS, recipe
from nndsl.syntax.tree import Name
from nndsl.syntax.words import kind_of_name

MAX_HEIGHT = 100
MAX_MISTAKES = 20
MAX_RECOVERIES = 200

_ENDS = frozenset({"_NL", "_INDENT", "_DEDENT", "$END"})
_DEPTH = {"LPAR": 1, "LSQB": 1, "RPAR": -1, "RSQB": -1}


def _has(places: list[int], start: int, end: int) -> bool:
    """Whether one of some places, which are in order, lies between two others."""
    found = bisect_left(places, start)
    return found < len(places) and places[found] <= end


class _TooDeep(Exception):
    """Later passes could not walk this tree."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__(start, end)
        self.start = start
        self.end = end


class Driver:
    """One run over one text."""

    def __init__(self, tokens: Tokens, builder: Builder, start: str) -> None:
        self.tokens = tokens
        self.builder = builder
        self.end = tables.ENDS[start]
        self.at = 0
        self.states = [tables.STARTS[start]]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.heights: list[int] = []
        self.quiet = sorted(tokens.quiet)
        self.mistakes = 0
        self.recoveries = 0
        self.moved: list[tuple[int, int]] = []  # texts that were read as if less indented

    def run(self) -> Any:
        """The value of the start rule, or None where nothing could be saved."""
        try:
            return self._run()
        except _TooDeep as deep:
            self.builder.report(
                mistakes.make("depth", Span(self.tokens.source, deep.start, deep.end))
            )
            return None

    def _run(self) -> Any:
        tokens, states, rows = self.tokens, self.states, ROWS
        kinds, gotos, alone_as = tokens.kinds, GOTOS, ALONE
        while True:
            row = rows[states[-1]]
            kind = kinds[self.at]
            if kind == "NAME":
                kind = kind_of_name(tokens, self.at, row)
            action = row.get(kind)
            while action is not None and action < 0:
                alone = alone_as[-action - 1]
                if alone is None:
                    self.reduce(-action - 1)
                else:  # one child standing for itself: only the state changes
                    states[-1] = gotos[states[-2]][alone] - 1
                if states[-1] == self.end and kind == "$END":
                    return self.values[-1]
                action = rows[states[-1]].get(kind)
            if action is None:
                if not self.recover(kind):
                    return None
                continue
            self.shift(kind, action - 1)

    def shift(self, kind: str, state: int) -> None:
        tokens, at = self.tokens, self.at
        start, end = tokens.starts[at], tokens.ends[at]
        tokens.kinds[at] = kind  # what a name turned out to be; the printer asks
        leaf = LEAVES.get(kind)
        self.values.append(None if leaf is None else leaf(self.builder, start, end))
        self.starts.append(start)
        self.ends.append(end)
        self.heights.append(0)
        self.states.append(state)
        self.at = at + 1

    def reduce(self, rule: int) -> None:
        origin, length, action, alone, _ = tables.RULES[rule]
        values, starts, ends, heights, states = (
            self.values,
            self.starts,
            self.ends,
            self.heights,
            self.states,
        )
        children = self.children(rule, length)
        if length:
            start, end = starts[-length], ends[-1]
            height = max(heights[-length:])
            del (
                values[-length:],
                starts[-length:],
                ends[-length:],
                heights[-length:],
                states[-length:],
            )
        else:
            start = end = ends[-1] if ends else 0
            height = 0
        value: Any = children
        if alone and len(children) == 1:
            value = children[0]
        elif action:
            if action in DEEPER or action in CLAUSED:
                height += len(children) - 1 if action in CLAUSED else 1
                if height > MAX_HEIGHT:
                    raise _TooDeep(start, end)
            value = ACTIONS[action](self.builder, children, Span(self.tokens.source, start, end))
        values.append(value)
        starts.append(start)
        ends.append(end)
        heights.append(height)
        states.append(GOTOS[states[-1]][origin] - 1)

    def children(self, rule: int, length: int) -> list[Any]:
        steps = RECIPES[rule] or recipe(rule)
        base = len(self.values) - length
        found: list[Any] = []
        for part, spliced in steps:
            if part < 0:
                found.append(None)
            elif not spliced:
                found.append(self.values[base + part])
            elif found:
                found.extend(self.values[base + part])
            else:
                found = self.values[
                    base + part
                ]  # grows in place: a long list costs its length once
        return found

    # ------------------------------------------------------------ mistakes

    def recover(self, kind: str) -> bool:
        """Reports what is wrong here and finds a place to go on; False if there is none."""
        self.recoveries += 1
        if not self.is_quiet(kind):
            self.builder.report(mistakes.unexpected(self.tokens, self.at, kind, self.expected()))
            self.mistakes += 1
        worn = self.mistakes >= MAX_MISTAKES or self.recoveries >= MAX_RECOVERIES
        if kind == "$END" or worn:
            return False
        row = ROWS[self.states[-1]]
        if kind == "_INDENT":
            self.ignore_indent(self.at)
            return True
        missing_body = "_INDENT" in row and "NAME" not in row
        if not missing_body and self.next_stage():
            return True
        if not self.unwind("_statement", "_rule_line", "_item"):
            return False
        if not missing_body:
            self.skip_line()
        return True

    def expected(self) -> set[str]:
        """The terminals that can really stand here; a row also lists what other contexts allow."""
        return {kind for kind in ROWS[self.states[-1]] if self.accepts(kind)}

    def accepts(self, kind: str) -> bool:
        states = self.states[:]
        action = ROWS[states[-1]].get(kind)
        while action is not None and action < 0:
            origin, length, _, _, _ = tables.RULES[-action - 1]
            if length:
                del states[-length:]
            states.append(GOTOS[states[-1]][origin] - 1)
            if states[-1] == self.end:
                return kind == "$END"
            action = ROWS[states[-1]].get(kind)
        return action is not None

    def is_quiet(self, kind: str) -> bool:
        """Whether this place was complained about already: its line of text, or, where the whole
        statement ends too early or lies in a bracket that is never closed, the statement."""
        tokens = self.tokens
        if tokens.stopped is not None and {"_NL", "_DEDENT", "$END"}.issuperset(
            tokens.kinds[self.line_end() :]
        ):
            return True  # the text was given up at the end of this line
        start, end, place = self.line_start(), tokens.ends[self.line_end()], tokens.starts[self.at]
        if kind in _ENDS:
            return self.has_fault(start, end)
        text = tokens.source.text
        stop = text.find("\n", place)
        if self.has_fault(max(start, text.rfind("\n", 0, place)), stop if stop >= 0 else end):
            return True
        return _has(tokens.open, start, place - 1)

    def has_fault(self, start: int, end: int) -> bool:
        return _has(self.quiet, start, end)

    def line_start(self) -> int:
        return self.tokens.starts[self.line_first()]

    def line_first(self) -> int:
        """The first token of this line."""
        kinds, at = self.tokens.kinds, self.at
        while at > 0 and kinds[at - 1] not in ("_NL", "_INDENT", "_DEDENT"):
            at -= 1
        return at

    def line_end(self) -> int:
        """The token that ends this line."""
        kinds, at = self.tokens.kinds, self.at
        while kinds[at] not in ("_NL", "$END"):
            at += 1
        return at

    def unwind(self, *rules: str) -> bool:
        """Drops what was begun, down to where one of the rules can stand, and takes it as read."""
        states = self.states
        depth = len(states)
        while depth:
            goto = GOTOS[states[depth - 1]]
            rule = next((rule for rule in rules if rule in goto), None)
            if rule is not None:
                self.drop_to(depth)
                self.push(goto[rule] - 1, [])
                return True
            depth -= 1
        return False

    def drop_to(self, depth: int) -> None:
        del self.states[depth:]
        for stack in (self.values, self.starts, self.ends, self.heights):
            del stack[depth - 1 :]

    def push(self, state: int, value: Any) -> None:
        end = self.tokens.ends[self.at - 1] if self.at else 0
        self.states.append(state)
        self.values.append(value)
        self.starts.append(end)
        self.ends.append(end)
        self.heights.append(0)

    def skip_line(self) -> None:
        kinds, first = self.tokens.kinds, self.line_first()
        head = kinds[first]
        word = self.tokens.source.text[self.tokens.starts[first] : self.tokens.ends[first]]
        while kinds[self.at] not in ("_NL", "_DEDENT", "$END"):
            self.at += 1
        if kinds[self.at] == "_NL":
            self.at += 1
            if kinds[self.at] == "_INDENT" and (head == "WEIGHTS" or word == "class"):
                self.at = self.block_end(self.at) + 1  # what it holds means nothing elsewhere
            elif kinds[self.at] == "_INDENT":
                self.ignore_indent(self.at)

    def block_end(self, at: int) -> int:
        """The token that closes the block opened at ``at``, or the last before the end."""
        kinds, depth, close = self.tokens.kinds, 1, at
        while depth and close + 2 < len(kinds):
            close += 1
            depth += {"_INDENT": 1, "_DEDENT": -1}.get(kinds[close], 0)
        return close

    def ignore_indent(self, at: int) -> None:
        """Takes an indented block as if it stood at its parent's level."""
        tokens = self.tokens
        depth, close = 1, at
        while depth and close + 1 < len(tokens.kinds):
            close += 1
            depth += {"_INDENT": 1, "_DEDENT": -1}.get(tokens.kinds[close], 0)
        self.moved.append((tokens.starts[at], tokens.starts[close]))
        for place in (close, at) if depth == 0 else (at,):
            del tokens.kinds[place], tokens.starts[place], tokens.ends[place]

    def next_stage(self) -> bool:
        """Goes on at a later line of the same pipeline, taking the stages before as read."""
        tokens, first = self.tokens, self.at
        while first > 0 and tokens.kinds[first - 1] not in _ENDS:
            first -= 1
        if tokens.kinds[first] not in ("NAME", "STRING", "LPAR", "LSQB"):
            return False
        depth = 0
        for at in range(first, len(tokens.kinds)):
            kind = tokens.kinds[at]
            if kind in _ENDS:
                return False
            depth += _DEPTH.get(kind, 0)
            if at > self.at and kind == "VBAR" and not depth and self.begins_line(at):
                break
        bases = [n for n, state in enumerate(self.states) if "_simple" in GOTOS[state]]
        if not bases:
            return False
        self.drop_to(bases[-1] + 1)
        self.push(GOTOS[self.states[-1]]["stage"] - 1, Name(Span(tokens.source, 0, 0), "_"))
        self.at = at
        return True

    def begins_line(self, at: int) -> bool:
        tokens = self.tokens
        return "\n" in tokens.source.text[tokens.ends[at - 1] : tokens.starts[at]]
