"""The tables are those of the grammar, and lark reads every sample as we do."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from lark import Lark, Tree

from nndsl.source import Source
from nndsl.syntax import make_tables, tables
from nndsl.syntax.build import ACTIONS, LEAVES, Action, Builder
from nndsl.syntax.driver import Driver
from nndsl.syntax.lexer import tokenize
from tests.syntax.samples import SAMPLES


def test_tables_are_up_to_date() -> None:
    assert make_tables.grammar_hash() == tables.GRAMMAR, "run python -m nndsl.syntax.make_tables"
    with open(make_tables.table_path(), encoding="utf-8") as file:
        assert file.read() == make_tables.make()


@pytest.fixture(scope="module")
def lark() -> Lark:
    return make_tables.lark_parser()


def plain(value: Any) -> Any:
    if isinstance(value, Tree):
        return [str(value.data), *map(plain, value.children)]
    return None if value is None else str(value)


def _note(action: str) -> Action:
    return lambda b, c, span: [action, *c]


def our_shape(text: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Our driver with actions that only note what they are given."""
    kinds = {kind for row in tables.ROWS for kind in row.split()[::2]}
    for action in ACTIONS:
        monkeypatch.setitem(ACTIONS, action, _note(action))
    for kind in kinds:
        monkeypatch.setitem(LEAVES, kind, lambda b, start, end: b.source.text[start:end])
    tokens = tokenize(Source(text))
    return Driver(tokens, Builder(tokens.source, []), "start").run()


@pytest.mark.parametrize("name", SAMPLES)
def test_lark_agrees(name: str, lark: Lark, monkeypatch: pytest.MonkeyPatch) -> None:
    text = SAMPLES[name] + "\n"
    theirs = lark.parse(text, start="start")
    assert isinstance(theirs, Tree)
    assert our_shape(text, monkeypatch) == plain(theirs)


def test_every_action_is_known() -> None:
    assert {rule[2] for rule in tables.RULES if rule[2]} - set(ACTIONS) - _ALWAYS_ALONE == set()


# rules that only ever stand for their one child
_ALWAYS_ALONE = {
    rule[0]
    for rule in tables.RULES
    if rule[2] == rule[0] and all(r[3] and r[1] == 1 for r in tables.RULES if r[2] == rule[0])
}


def test_lark_is_not_imported() -> None:
    code = "import sys, nndsl.syntax, nndsl.syntax.printer; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
