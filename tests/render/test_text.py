"""What a message looks like."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from nndsl.diagnostics import Diagnostic, Label, SpecError, error, warning
from nndsl.render import closing, render_json, render_report, render_text
from nndsl.source import Source, Span

TEXT = """# digits
image
    | conv(64, 3) | relu
    | maxpool 2
    | flatten
    | linear 9200->10
"""


def at(text: str, part: str, name: str = "digits.nn") -> Span:
    start = text.index(part)
    return Span(Source(text, name), start, start + len(part))


def spans(text: str, *parts: str, name: str = "digits.nn") -> list[Span]:
    source = Source(text, name)
    return [Span(source, text.index(p), text.index(p) + len(p)) for p in parts]


def test_a_wrong_size_with_the_places_where_it_was_born() -> None:
    pool, flatten, wrong = spans(TEXT, "maxpool 2", "flatten", "9200")
    found = error(
        "E301",
        "`linear` is told to expect 9200 features, but receives 9216",
        wrong,
        "must be 9216",
        help="write `linear 10` and the input size is inferred",
        causes=(
            Label(pool, "makes (b, 64, 12, 12)"),
            Label(flatten, "makes (b, 9216): 64 * 12 * 12"),
        ),
    )
    assert (
        render_text(found)
        == """\
error[E301]: `linear` is told to expect 9200 features, but receives 9216
 --> digits.nn:6:14
  |
4 |     | maxpool 2
  |       --------- makes (b, 64, 12, 12)
5 |     | flatten
  |       ------- makes (b, 9216): 64 * 12 * 12
6 |     | linear 9200->10
  |              ^^^^ must be 9216
  |
  = help: write `linear 10` and the input size is inferred"""
    )


def test_lines_far_apart() -> None:
    image, wrong = spans(TEXT, "image", "9200")
    found = error("E301", "m", wrong, causes=(Label(image, "born here"),))
    assert render_text(found).splitlines()[2:] == [
        "  |",
        "2 | image",
        "  | ----- born here",
        "...",
        "6 |     | linear 9200->10",
        "  |              ^^^^",
    ]


def test_several_labels_on_one_line() -> None:
    layer, wrong = spans(TEXT, "linear", "9200")
    found = error("E301", "m", wrong, "must be 9216", causes=(Label(layer, "applied here"),))
    assert render_text(found).splitlines()[-3:] == [
        "6 |     | linear 9200->10",
        "  |       ------ ^^^^ must be 9216",
        "  |       applied here",
    ]


def test_places_in_two_files() -> None:
    other = at("def head(n): linear n\n", "n):", "blocks.nn")
    found = error("E205", "m", at(TEXT, "9200"), "given", causes=(Label(other, "declared"),))
    text = render_text(found)
    assert " --> digits.nn:6:14\n" in text
    assert " ::: blocks.nn:1:10\n" in text
    assert text.index("-->") < text.index(":::")


def test_tabs_and_wide_letters_keep_the_carets_below_their_text() -> None:
    text = "\t# 日本 | x"
    rendered = render_text(error("E101", "m", at(text, "x"))).splitlines()
    assert rendered[3] == "1 |     # 日本 | x"
    assert rendered[4].index("^") == rendered[3].index("x") + 2


def test_nothing_invisible_reaches_the_terminal() -> None:
    text = "x \x1b[31m \u202e \u200b"
    rendered = render_text(error("E101", "bad \x1b[2J\u202e", at(text, "\u202e", "\x1b.nn")))
    assert rendered.isascii()
    assert "\x1b" not in rendered
    assert "\\x1b[2J\\u202e" in rendered
    assert "^^^^^^" in rendered


def test_a_long_line_is_shown_around_its_mark() -> None:
    text = "a" * 500 + " HERE " + "b" * 500
    start, here = spans(text, "aa", "HERE")
    lines = render_text(error("E101", "m", here, causes=(Label(start, "far"),))).splitlines()
    assert max(map(len, lines)) < 130
    assert lines[3].startswith("1 | ...a")
    assert lines[3].endswith("b...")
    assert lines[4].index("^^^^") == lines[3].index("HERE")
    assert lines[4].startswith("  | ---")


def test_a_span_over_several_lines_marks_its_first() -> None:
    span = at(TEXT, "maxpool 2\n    | flatten")
    assert render_text(error("E301", "m", span, "here")).endswith("      ^^^^^^^^^ here")


def test_a_span_at_the_end_of_the_text() -> None:
    source = Source("linear", "a.nn")
    assert render_text(error("E101", "m", Span(source, 6, 6))).endswith("1 | linear\n  |       ^")


def test_a_message_without_a_place() -> None:
    assert render_text(error("E501", "too long", None, help="split it")) == (
        "error[E501]: too long\n = help: split it"
    )


def test_closing_line() -> None:
    place = at(TEXT, "image")
    two = [error("E201", "m", place)] * 2
    assert closing(two) == "2 errors"
    assert render_report([*two, warning("W601", "w", place)]).endswith("\n\n2 errors, 1 warning")
    assert render_report([]) == ""


def test_colour_only_if_asked() -> None:
    found = error("E201", "m", at(TEXT, "image"))
    assert "\x1b" not in render_text(found)
    colored = render_text(found, color=True)
    assert colored.startswith("\x1b[31;1merror[E201]\x1b[0m: ")


def test_an_exception_reads_as_its_findings() -> None:
    found = error("E201", "no `relluu`", at(TEXT, "image"))
    assert str(SpecError((found,))) == render_text(found)


def test_json() -> None:
    found = error("E301", "m", at(TEXT, "9200"), "must be 9216", help="h")
    document = json.loads(render_json([found]))
    assert document["errors"] == 1
    assert document["diagnostics"][0]["labels"] == [
        {
            "file": "digits.nn",
            "line": 6,
            "column": 14,
            "end_line": 6,
            "end_column": 18,
            "text": "must be 9216",
            "primary": True,
        }
    ]


@settings(deadline=None)
@given(
    st.text(max_size=3000),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000), st.text()), max_size=20),
    st.text(),
    st.text(),
    st.booleans(),
)
def test_any_message_is_short_and_harmless(
    text: str, places: list[tuple[int, int, str]], message: str, help: str, color: bool
) -> None:
    source = Source(text, "a.nn")
    labels = tuple(
        Label(Span(source, min(a, b, len(text)), min(max(a, b), len(text))), note, index == 0)
        for index, (a, b, note) in enumerate(places)
    )
    rendered = render_text(Diagnostic("E999", message * 50, labels, help * 50))
    assert len(rendered.encode("utf-8", "replace")) <= 4096
    assert all(char.isprintable() or char == "\n" for char in rendered)
    render_text(Diagnostic("E999", message, labels, help), color)
