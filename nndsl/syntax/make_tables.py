"""Makes ``tables.py`` from the grammar: ``python -m nndsl.syntax.make_tables``.

Importing lark costs more than reading a file, so its tables are made ahead. This is the only
module that imports lark.
"""

from __future__ import annotations

import hashlib
import os.path
from typing import Any, ClassVar

from lark import Lark
from lark.grammar import Rule
from lark.indenter import Indenter
from lark.parse_tree_builder import maybe_create_child_filter
from lark.parsers.lalr_analysis import Shift

from nndsl import resources

STARTS = ("start", "expression")

HEADER = '''"""LALR tables of grammars/nndsl.lark, made by ``python -m nndsl.syntax.make_tables``.

ROWS: what a state does with each terminal, ``TERMINAL n``: n > 0 goes to state n - 1, n < 0
reduces by rule -n - 1. STATES: the row of each state. GOTOS: where a state goes after a rule.
RULES: the rule's name, its length, the action that builds it, whether one child stands for
itself, and its recipe (see ``rows.Recipe``).
"""

# fmt: off
'''


class Indentation(Indenter):
    """What lark needs to know about lines."""

    NL_type = "_NL"
    OPEN_PAREN_types: ClassVar[list[str]] = ["LPAR", "LSQB"]
    CLOSE_PAREN_types: ClassVar[list[str]] = ["RPAR", "RSQB"]
    INDENT_type = "_INDENT"
    DEDENT_type = "_DEDENT"
    tab_len = 8

    always_accept = ("_NL", "RESERVED")


def lark_parser() -> Lark:
    """The grammar as lark understands it."""
    return Lark(
        resources.read_text("grammars", "nndsl.lark"),
        parser="lalr",
        strict=True,
        start=list(STARTS),
        postlex=Indentation(),
        maybe_placeholders=True,
        propagate_positions=False,
    )


def grammar_hash() -> str:
    text = resources.read_text("grammars", "nndsl.lark").replace("\r\n", "\n")
    return hashlib.sha256(text.encode()).hexdigest()


def recipe(rule: Rule) -> str:
    """What become children: ``2`` keeps part 2, ``2*`` splices it in, ``-`` is None."""
    every = [
        f"{place}*" if not part.is_term and part.name.startswith("_") else str(place)
        for place, part in enumerate(rule.expansion)
    ]
    nones: Any = rule.options.empty_indices or None
    made: Any = maybe_create_child_filter(
        rule.expansion, rule.options.keep_all_tokens, False, nones
    )
    if made is None:
        return " ".join(every)
    if len(made.args) == 1:
        return " ".join(every[i] for i, _ in made.args[0])
    parts: list[str] = []
    for i, _, before in made.args[0]:
        parts += ["-"] * before + [every[i]]
    return " ".join(parts + ["-"] * made.args[1])


def make() -> str:
    """The text of ``tables.py``."""
    lark = lark_parser()
    table = lark.parser.parser._parse_table
    rules = {rule: number for number, rule in enumerate(lark.rules)}
    names = {rule.origin.name for rule in lark.rules}
    order = _order(table)
    rows: dict[str, int] = {}
    states: list[int] = []
    gotos: list[str] = []
    for state in order:
        row: list[str] = []
        goto: list[str] = []
        for symbol, (kind, target) in sorted(
            table.states[state].items(), key=lambda entry: entry[0]
        ):
            number = order[target] + 1 if kind is Shift else -rules[target] - 1
            (goto if symbol in names else row).append(f"{symbol} {number}")
        states.append(rows.setdefault(" ".join(row), len(rows)))
        gotos.append(" ".join(goto))
    lines = [
        HEADER + f"GRAMMAR = {grammar_hash()!r}",
        f"STARTS = { {s: order[table.start_states[s]] for s in STARTS}!r}",
        f"ENDS = { {s: order[table.end_states[s]] for s in STARTS}!r}",
        _listing("ROWS", [repr(row) for row in rows]),
        _listing("STATES", [repr(tuple(states))[1:-1]]),
        _listing("GOTOS", [repr(goto) for goto in gotos]),
        _listing("RULES", [repr(_rule(rule)) for rule in rules]),
    ]
    return "\n".join(lines) + "\n"


def _order(table: Any) -> dict[int, int]:
    """Numbers for the states that don't depend on the order of lark's sets."""
    found = [table.start_states[start] for start in STARTS]
    order = {state: number for number, state in enumerate(found)}
    for state in found:
        for _, (kind, target) in sorted(table.states[state].items(), key=lambda entry: entry[0]):
            if kind is Shift and target not in order:
                order[target] = len(order)
                found.append(target)
    return order


def _listing(name: str, entries: list[str]) -> str:
    return f"{name} = (\n" + "".join(f"    {entry},\n" for entry in entries) + ")"


def _rule(rule: Rule) -> tuple[str, int, str, bool, str]:
    origin = str(rule.origin.name)
    action = rule.alias or ("" if origin.startswith("_") else origin)
    alone = rule.options.expand1 and not rule.alias
    return origin, len(rule.expansion), action, alone, recipe(rule)


def table_path() -> str:
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "tables.py")


if __name__ == "__main__":
    with open(table_path(), "w", encoding="utf-8", newline="\n") as file:
        file.write(make())
