"""The corpus of mistakes: what is said of each, in what bounds, and that the repair repairs."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from safetensors.torch import save_file

from nndsl.cli.running import LIMITS, run
from nndsl.codes import CODES
from nndsl.render import MAX_BYTES
from nndsl.source import Source
from nndsl.syntax import parse
from tests.errors.corpus import CASES, FOLDER, expected, mended

# codes of what no spec alone can bring about; each has its tests where it arises
ELSEWHERE = {
    "E503": "the installed torch refuses what its documentation allows",
    "E504": "a model that was made by hand has a check that fails",
    "E505": "a model that was made by hand is not closed",
    "E506": "a model that was made by hand has names that are taken",
    "E507": "a plug-in declares a package that is not there",
    "E508": "the rule of a plug-in fails",
}
REPAIRED = {name: path for name, path in CASES.items() if mended(path).exists()}
_HEAD = re.compile(r"^(?:error|warning|note)\[([EW]\d{3})\]: ", re.MULTILINE)
_WRITE = re.compile(r"write `([^`]+)`|did you mean `([^`]+)`\?")


class Said(NamedTuple):
    """What a command ended with and wrote."""

    code: int
    text: str

    @property
    def codes(self) -> list[str]:
        return _HEAD.findall(self.text)


Say = Callable[[Path], Said]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Say:
    """Runs the command of a case: `check`, or what its first line says after `# nndsl`."""
    monkeypatch.chdir(FOLDER)

    def call(path: Path) -> Said:
        command, weights = _command(path), str(tmp_path / "w.safetensors")
        if keys := _keys(path):
            save_file(keys, weights)
        arguments = [part.replace("FILE", str(path.relative_to(FOLDER))) for part in command]
        code = run([weights if part == "WEIGHTS" else part for part in arguments])
        written = capsys.readouterr()
        text = (written.err + written.out).replace(weights, "w.safetensors")
        return Said(code, text)

    return call


def _command(path: Path) -> list[str]:
    first = path.read_bytes().splitlines()[:1]
    if first and first[0].startswith(b"# nndsl "):
        return first[0].decode().removeprefix("# nndsl ").split()
    return ["check", "FILE"]


def _keys(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of the file of weights that a case is held against: NAME.keys.json."""
    beside = path.with_name(path.name.split(".")[0] + ".keys.json")
    if not beside.exists():
        return {}
    found = json.loads(beside.read_text(encoding="utf-8"))
    return {
        key: torch.full(shape, value[0] if value else 0, dtype=getattr(torch, dtype))
        for key, (shape, dtype, *value) in found.items()
    }


@pytest.mark.parametrize("name", CASES)
def test_what_is_said(name: str, say: Say) -> None:
    said = say(CASES[name])
    assert said.text == expected(CASES[name], said.text)
    assert said.codes
    errors = [code for code in said.codes if code[0] == "E"]
    assert said.code == (3 if set(LIMITS) & set(errors) else 1 if errors else 0)
    check_bounds(said.text)
    places = re.findall(r"^error.*\n *--> .*$", said.text, re.MULTILINE)
    assert len(places) == len(set(places))  # a finding is told once


def check_bounds(text: str) -> None:
    """Nothing that a file holds makes a finding long, or steers the terminal."""
    findings = re.split(r"^(?=(?:error|warning|note)\[)", text, flags=re.MULTILINE)
    assert max(len(one.encode()) for one in findings) <= MAX_BYTES
    assert max(len(line.encode()) for line in text.splitlines()) <= 1000
    assert all(char == "\n" or char.isprintable() for char in text)


@pytest.mark.parametrize("name", REPAIRED)
def test_the_repaired_spec_is_right(name: str, say: Say) -> None:
    """It gives no error, is nearly the wrong one, and has what the help says to write."""
    said = say(mended(CASES[name]))
    assert said.code == 0, said.text
    text = CASES[name].with_suffix(".txt").read_text(encoding="utf-8")
    assert not set(_HEAD.findall(text)) & set(said.codes)
    assert changed_lines(name) <= 8
    # some of several findings may have one repair
    exact = [a or b for a, b in _WRITE.findall(text) if "..." not in (a or b)]
    spec = _bare(mended(CASES[name]).read_text(encoding="utf-8"))
    assert not exact or any(_bare(words) in spec for words in exact), exact


def changed_lines(name: str) -> int:
    before, after = (path.read_bytes().splitlines() for path in (CASES[name], mended(CASES[name])))
    blocks = difflib.SequenceMatcher(None, before, after).get_matching_blocks()
    return len(before) - sum(block.size for block in blocks)


def _bare(text: str) -> str:
    return "".join(text.split())


# what stands around is not independent of these: it ends a list, a long text, an open block
_BOUND = {"habits/yaml_list", "limits/long_sum", "limits/nesting", "syntax/indent_of_first_line"}
_BEFORE, _AFTER = "def before(): relu |\n\n", "\n\ndef after(): relu |\n"


def syntax_of(text: str) -> list[tuple[str, int]]:
    """Codes and places of what is wrong with the syntax of a text."""
    return [(one.code, one.span.start) for one in parse(Source(text))[1] if one.span]


@pytest.mark.parametrize("name", CASES)
def test_syntax_recovers(name: str) -> None:
    """A broken definition before, and one behind: both are told, and the case just as alone."""
    text = CASES[name].read_bytes().decode(errors="ignore")
    own = syntax_of(text)
    if not own or name in _BOUND:
        assert name not in _BOUND or own
        return
    whole = _BEFORE + text + _AFTER
    first, *found, last = syntax_of(whole)
    shifted = [(code, place + len(_BEFORE)) for code, place in own if place < len(text.rstrip())]
    assert first == ("E132", _BEFORE.index("|"))
    assert found == shifted
    assert last == ("E132", whole.rindex("|"))


def test_every_code_is_in_the_corpus() -> None:
    told: set[str] = set()
    for path in CASES.values():
        told |= set(_HEAD.findall(path.with_suffix(".txt").read_text(encoding="utf-8")))
    assert told | set(ELSEWHERE) == set(CODES)
    assert not told & set(ELSEWHERE)
    others = [path for path in FOLDER.parent.glob("*/*.py") if path.parent != FOLDER]
    tested = "".join(path.read_text(encoding="utf-8") for path in others)
    assert all(f'"{code}' in tested or f'r"{code}' in tested for code in ELSEWHERE)


def test_nothing_lies_about() -> None:
    for path in FOLDER.glob("*/*"):
        if path.is_file():
            assert path.parent.name + "/" + path.name.split(".")[0] in CASES


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 200
    assert len(REPAIRED) >= len(CASES) // 2
