"""Characters that deceive a reader or a terminal, in every place that a spec's writer controls."""

from __future__ import annotations

from pathlib import Path

import pytest

import nndsl
from nndsl.cli.running import run

LOOK_ALIKE = {
    "Cyrillic a": "\u0430",
    "Greek omicron": "\u03bf",
    "fullwidth a": "\uff41",
    "ligature fi": "\ufb01",
    "long s": "\u017f",
    "superscript two": "\u00b2",
    "Arabic digit three": "\u0663",
    "mathematical bold a": "\U0001d41a",
    "combining acute": "e\u0301",
    "emoji": "\U0001f600",
}
UNSEEN = {
    "null": "\0",
    "bell": "\x07",
    "escape": "\x1b",
    "delete": "\x7f",
    "C1 control": "\x9b",
    "soft hyphen": "\u00ad",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left override": "\u202e",
    "first strong isolate": "\u2068",
    "Arabic letter mark": "\u061c",
    "line separator": "\u2028",
    "word joiner": "\u2060",
    "inner byte order mark": "\ufeff",
    "Hangul filler": "\u3164",
    "tag letter": "\U000e0061",
    "variation selector": "\U000e0100",
    "lone carriage return": "\r",
}
PLACES = {
    "name": 'model n@et()(x: "b 8"): x | linear 8\n',
    "label": 'model net()(x: "b 8"): x | l@a: linear 8\n',
    "parameter": 'model net(w@a=8)(x: "b 8"): x | linear 8\n',
    "number": 'model net()(x: "b 8"): x | linear 8@ \n',
}
QUOTED = {
    "label in quotes": 'model net()(x: "b 8"): x | "l@a": linear 8\n',
    "pattern": 'model net()(x: "b 8"): x | "b 8@"\n',
    "text": "a = 'l@a'\n\nlinear 8->8\n",
    "comment": "# l@a\nlinear 8->8\n",
    "comment at an end": "linear 8->8  # l@a\n",
}
each = pytest.mark.parametrize


def refused(text: str) -> list[nndsl.Diagnostic]:
    found = [one for one in nndsl.parse(text).check().diagnostics if one.severity == "error"]
    assert found
    return found


@each("place", PLACES)
@each("kind", [*LOOK_ALIKE, *UNSEEN])
def test_names_are_ascii(place: str, kind: str) -> None:
    character = {**LOOK_ALIKE, **UNSEEN}[kind]
    refused(PLACES[place].replace("@", character))


@each("place", QUOTED)
@each("kind", UNSEEN)
def test_what_can_not_be_seen_is_refused_everywhere(place: str, kind: str) -> None:
    character = UNSEEN[kind]
    codes = {one.code for one in refused(QUOTED[place].replace("@", character))}
    assert "E101" in codes
    said = str(nndsl.parse(QUOTED[place].replace("@", character)).check())
    assert character not in said or character == "\r"


@each("kind", LOOK_ALIKE)
def test_other_letters_are_let_into_comments_and_texts(kind: str) -> None:
    character = LOOK_ALIKE[kind]
    for place in ("text", "comment", "comment at an end"):
        assert nndsl.parse(QUOTED[place].replace("@", character)).check()
    source = nndsl.parse(QUOTED["comment"].replace("@", character)).codegen()
    compile(source, "printed", "exec")


@each("character", ["\x1b[2J", "\u202e", "\n", '"""', "\\", "\u200b", "'"])
def test_names_of_files(character: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"a{character}b.nn"
    path.write_text("linear 8->8 | relux\n")
    assert run(["check", str(path)]) == 1
    said = capsys.readouterr().err
    assert all(one.isprintable() for one in said.replace("\n", ""))
    path.write_text("linear 8->8 | relu\n")
    assert run(["codegen", str(path)]) == 0
    source = capsys.readouterr().out
    compile(source, "printed", "exec")
    assert all(one.isprintable() for one in source.replace("\n", ""))


def test_no_file_of_a_parser_is_read_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lark's cache is a pickle under a name that anybody can tell; the tables are code here."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import subprocess
    import sys

    script = (
        "import sys, nndsl\n"
        "spec = nndsl.parse('linear 8->8 | relu')\n"
        "assert spec.check() and spec.format() and spec.codegen()\n"
        "sys.exit('lark' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
    assert list(tmp_path.iterdir()) == []
