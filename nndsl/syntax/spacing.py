"""Which tokens of a line stand apart: the table behind the printer."""

from __future__ import annotations

OPENING = frozenset({"LPAR", "LSQB"})
CLOSING = frozenset({"RPAR", "RSQB"})
NUMBERS = frozenset({"INT", "FLOAT"})
CONSTANTS = frozenset({"TRUE", "FALSE", "NONE"})
# what an operator can follow only as the operator between two values
VALUE_ENDS = frozenset({"NAME", "INT", "FLOAT", "STRING", "RPAR", "RSQB", "_ELLIPSIS"}) | CONSTANTS
SIGNS = frozenset({"PLUS", "MINUS", "STAR"})
HEADS = frozenset({"DEF", "MODEL", "FN", "ACTIVATION"})
OPERATORS = frozenset(
    {"PLUS", "MINUS", "MUL", "STAR", "COMPARE", "AND", "OR", "_IF", "_ELSE", "_FOR"}
)


def is_rule_arrow(kinds: list[str], at: int) -> bool:
    """Whether an arrow outside of brackets leads to the keys of a rule of `weights`."""
    return (
        kinds[0] in ("STRING", "WEIGHTS")
        and kinds[at] == "_ARROW"
        and kinds[at + 1 : at + 2] == ["STRING"]
    )


class Spacing:
    """Walks along one logical line and gives the blank before each token."""

    def __init__(self, kinds: list[str]) -> None:
        self.kinds = kinds
        self.brackets: list[str] = []  # "(", "[" of a list, "_[" of an index
        self.typed = False  # a `:` since the last comma or bracket
        self.prefix = False  # the token before is a sign of one operand
        self.assigned = False

    def before(self, at: int) -> str:
        """The blank before token ``at``; call it for each token in order."""
        kinds = self.kinds
        kind, previous = kinds[at], kinds[at - 1] if at else ""
        gap = "" if not at else self._gap(at, kind, previous)
        self.prefix = kind in SIGNS and previous not in VALUE_ENDS
        self._enter(kind, previous)
        return gap

    def _enter(self, kind: str, previous: str) -> None:
        if kind == "LSQB":
            self.brackets.append("_[" if previous in VALUE_ENDS else "[")
        elif kind == "LPAR":
            self.brackets.append("(")
        elif kind in CLOSING and self.brackets:
            self.brackets.pop()
        if kind in ("COMMA", "LPAR", "RPAR"):
            self.typed = False
        elif kind == "COLON":
            self.typed = True
        elif kind == "EQUAL" and not self.brackets and previous != "KEY":
            self.assigned = True

    def _gap(self, at: int, kind: str, previous: str) -> str:
        if self.prefix or previous in OPENING or kind in CLOSING:
            return ""
        if kind == "COLON" and previous == "COMMA":
            return " "
        if kind in ("COMMA", "COLON", "DOT") or previous == "DOT":
            return ""
        if previous == "COLON" and self._in_index():
            return ""
        if "EQUAL" in (kind, previous):
            return self._around_equal(at, kind, previous)
        if kind in OPENING:
            return "" if previous in VALUE_ENDS or previous == "REPEAT" else " "
        if "_ARROW" in (kind, previous):
            arrow = at if kind == "_ARROW" else at - 1
            return " " if self._is_output(at) or is_rule_arrow(self.kinds, arrow) else ""
        if "POW" in (kind, previous):
            return "" if self._is_simple_power(at if kind == "POW" else at - 1) else " "
        if previous == "REPEAT":
            return "" if kind == "INT" else " "
        return " "

    def _in_index(self) -> bool:
        return bool(self.brackets) and self.brackets[-1] == "_["

    def _is_output(self, at: int) -> bool:
        return (
            not self.brackets
            and self.kinds[0] in HEADS
            and "COLON" in self.kinds[at:]
            and not self.typed
        )

    def _around_equal(self, at: int, kind: str, previous: str) -> str:
        equal = at if kind == "EQUAL" else at - 1
        if self.kinds[equal - 1] == "KEY":
            return ""
        if self.brackets:
            return " " if self.typed and not self._in_index() else ""
        if self.kinds[0] in ("PARAM", "BUFFER") and "EQUAL" in self._outside(equal):
            return ""
        return " "

    def _outside(self, stop: int) -> list[str]:
        """The kinds before ``stop`` that stand in no bracket."""
        depth, found = 0, []
        for at, kind in enumerate(self.kinds[:stop]):
            depth += (kind in OPENING) - (kind in CLOSING)
            if not depth and not (kind == "EQUAL" and self.kinds[at - 1] == "KEY"):
                found.append(kind)
        return found

    def _is_simple_power(self, at: int) -> bool:
        kinds = self.kinds
        simple = NUMBERS | {"NAME"}
        after = kinds[at + 2] if at + 2 < len(kinds) else ""
        return (
            kinds[at - 1] in simple and kinds[at + 1] in simple and after not in (OPENING | {"DOT"})
        )
