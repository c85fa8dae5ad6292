"""Every mistake gets a message: the whole list of them is one golden file."""

from __future__ import annotations

import json

import pytest

from nndsl.diagnostics import Diagnostic
from nndsl.render import render_text
from nndsl.source import Source
from nndsl.syntax import decode, parse
from nndsl.syntax.codes import SYNTAX_CODES
from nndsl.syntax.habits import HABITS
from nndsl.syntax.prose import PROSE
from tests.syntax.samples import FOLDER, golden

BROKEN: list[str] = json.loads((FOLDER / "broken.json").read_text(encoding="utf-8"))


def found(text: str) -> tuple[Diagnostic, ...]:
    return parse(Source(text, "net.nn"))[1]


def codes(text: str) -> list[str]:
    return [one.code for one in found(text)]


def test_messages() -> None:
    parts = []
    for text in BROKEN:
        parts.append("=" * 80 + "\n" + ascii(text))
        parts += [render_text(one) for one in found(text)] or ["accepted"]
    text = "\n".join(parts) + "\n"
    assert text == golden("messages.txt", text)


@pytest.mark.parametrize("code", SYNTAX_CODES)
def test_explained_samples(code: str) -> None:
    _, _, wrong, right = SYNTAX_CODES[code]
    if wrong:
        assert codes(wrong) == [code]
        assert codes(right) == []


def test_codes_are_explained() -> None:
    used = {code for code in PROSE if code.startswith("E")} | {habit[2] for habit in HABITS}
    assert used - set(SYNTAX_CODES) == set()
    assert set(SYNTAX_CODES) - used == set()


def test_several_are_reported() -> None:
    text = (
        "linear 10 +\nrelu gelu(3) tanh\n\ndef f(a\n    relu\n\n"
        "def g(): while\ndef h(): relu\ny = = 3\n"
    )
    lines = [one.span.source.position(one.span.start)[0] for one in found(text) if one.span]
    assert lines == [1, 2, 4, 7, 9]


def test_the_rest_is_understood() -> None:
    file, findings = parse(Source("def f(): (\n\ndef g(): relu\n+ 3\nmodel h(): gelu\n"))
    assert [one.code for one in findings] == ["E104", "E136"]
    assert file is not None
    assert [item.name.id for item in file.items if hasattr(item, "name")] == ["g", "h"]


def test_a_broken_head_does_not_spoil_its_body() -> None:
    assert codes("def f(a b):\n    y = x\n    if y:\n        y\n    y\ndef g(): relu\n") == ["E133"]


def test_number_of_messages_is_bounded() -> None:
    assert len(found("a b c =\n" * 1000)) == 20
    assert len(found("\u200b\n" * 1000)) < 30


def test_long_tokens_are_cut() -> None:
    (one,) = found("y = " + "a" * 100_000 + " 3 4 = " + "b" * 100_000)
    assert len(one.message) < 200
    (one,) = found("1" * 100_000)
    assert one.code == "E510"
    assert len(one.message) < 200


def test_bytes() -> None:
    source = decode(b"\xef\xbb\xbfrelu\r\n", "net.nn")
    assert isinstance(source, Source)
    assert not parse(source)[1]
    wrong = decode(b"relu\n\xff\xfe", "net.nn")
    assert isinstance(wrong, Diagnostic)
    assert wrong.code == "E100"
    assert "byte 5 is 0xff" in wrong.message
    assert str(wrong.span) == "net.nn:2:1"


@pytest.mark.parametrize(
    "make", [lambda t: decode(t.encode(), "n"), lambda t: parse(Source(t))[1][0]]
)
def test_size(make: object) -> None:
    assert callable(make)
    assert make("#" * (1 << 20) + "\n").code == "E501"


def test_recovers_at_the_next_stage() -> None:
    text = "y = x | conv(64) relu\n  | linear 64 + 3 | gelu\n  | tanh\n  | softmax(a b = = 1)\n"
    lines = [one.span.source.position(one.span.start)[0] for one in found(text) if one.span]
    assert lines == [1, 2, 4]
