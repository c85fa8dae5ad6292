"""W604: what runs along the batch says so, and nothing else does."""

from __future__ import annotations

import pytest

import nndsl

SAID = [
    ("an LSTM", "x | e: lstm 8 | _[0]"),
    ("a GRU, told so", "x | e: gru(8, batch_first=False) | _[0]"),
    ("attention", "e: multihead_attention(2)(x, x, x) | _[0]"),
    ("in a chain", "e: (relu | transformer_encoder_layer(2)) | linear 3"),
    ("a layer in a layer", "e: transformer_encoder(transformer_encoder_layer(2), 2)"),
    ("a parametrized layer", 'x | e: weight_norm(lstm 8, name="weight_hh_l0") | _[0]'),
    ("in a definition", "x | e: inner()"),
    ("in a loop", "x | e: transformer_encoder_layer(2) x3"),
]
QUIET = [
    ("batch first", "x | e: lstm(8, batch_first=True) | _[0]"),
    ("inside", "transformer_encoder(transformer_encoder_layer(2, batch_first=True), 2)"),
    ("turned before", 'x | "b t d -> t b d" | e: lstm 8 | _[0]'),
    ("one step", "e: gru_cell 8"),
    ("no sequence", "e: linear 8"),
]
INNER = 'def inner()(x: "b t d"):\n    x | rnn: rnn 4 | _[0]\n'


def _codes(body: str, axes: str) -> list[str]:
    shape = axes if "gru_cell" not in body else "b 8"
    spec = nndsl.parse(f'{INNER}model net()(x: "{shape}"):\n    {body}\n')
    return [one.code for one in spec.check().diagnostics if one.code != "W602"]


@pytest.mark.parametrize("body", [b for _, b in SAID], ids=[n for n, _ in SAID])
def test_said(body: str) -> None:
    assert _codes(body, "b t 8") == ["W604"]
    if "inner" not in body:
        assert _codes(body, "batch t 8") == ["W604"]
        assert _codes(body, "t b 8") == []
        assert _codes(body, "_ t 8") == []


@pytest.mark.parametrize("body", [b for _, b in QUIET], ids=[n for n, _ in QUIET])
def test_quiet(body: str) -> None:
    assert _codes(body, "b t 8") == []


def test_each_place_is_shown_once() -> None:
    text = INNER + 'model net()(x: "b t 8"):\n    x | a: inner() | b: inner() | c: inner()\n'
    found = [one for one in nndsl.parse(text).check().diagnostics if one.code == "W604"]
    assert [one.span.text for one in found if one.span] == ["rnn 4"]
    assert found[0].message == (
        "`RNN` takes the sequence as its first axis, which is called `b` here"
    )
