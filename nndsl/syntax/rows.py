"""The tables in the form in which they are looked up, each row unpacked when first needed."""

from __future__ import annotations

from nndsl.syntax import tables

# One step of a recipe: which part, whether its children are spliced in; part -1 is None.
Recipe = tuple[tuple[int, bool], ...]


def _pairs(text: str) -> dict[str, int]:
    parts = text.split()
    return dict(zip(parts[::2], map(int, parts[1::2]), strict=True))


class _Table(dict[int, dict[str, int]]):
    """Rows of a table, read when first needed."""

    def __init__(self, rows: tuple[str, ...], index: tuple[int, ...] | None = None) -> None:
        self.rows = rows
        self.index = index

    def __missing__(self, state: int) -> dict[str, int]:
        row = _pairs(self.rows[state if self.index is None else self.index[state]])
        self[state] = row
        return row


ROWS = _Table(tables.ROWS, tables.STATES)
GOTOS = _Table(tables.GOTOS)
# the rules whose one child stands for itself
ALONE = [rule[0] if rule[1] == 1 and rule[3] and rule[4] == "0" else None for rule in tables.RULES]
RECIPES: list[Recipe | None] = [None] * len(tables.RULES)


def recipe(rule: int) -> Recipe:
    steps = tables.RULES[rule][4].split()
    made = tuple((-1 if s == "-" else int(s.rstrip("*")), s.endswith("*")) for s in steps)
    RECIPES[rule] = made
    return made
