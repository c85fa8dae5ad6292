"""Proposals for names that nobody knows: what was meant, and where nothing is proposed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndsl.functions import registry as functions
from nndsl.layers import registry as layers
from nndsl.layers.matching import Entry
from nndsl.model.elsewhere import argument_here, name_here
from nndsl.model.nearest import MAX_LENGTH, distance, nearest, suggest

BUILT_IN = [*layers.names(), *functions.names()]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("linaer", "linear"),
        ("liner", "linear"),
        ("Linear", "linear"),
        ("cnov", "conv"),
        ("batchnrom", "batchnorm"),
        ("batch_norm2d", "batchnorm2d"),
        ("MaxPooling2D", "maxpool2d"),
        ("reul", "relu"),
        ("rellu", "relu"),
        ("maen", "mean"),
        ("adaptive_avgpol", "adaptive_avgpool"),
    ],
)
def test_what_was_meant(written: str, meant: str) -> None:
    assert nearest(written, BUILT_IN) == meant


@pytest.mark.parametrize(
    "written", ["k", "xy", "ab", "enc", "print", "math", "Input", "qqqqqqqq", ""]
)
def test_nothing_is_near(written: str) -> None:
    assert nearest(written, BUILT_IN) == ""


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("dw", ["wd", "ab"], "wd"),
        ("k", ["n"], ""),
        ("num_classes", ["width", "classes"], "classes"),
        ("attention", ["attn", "mlp"], "attn"),
        ("Width", ["width", "WIDTHS"], "width"),
        ("hiden", ["hidden", "hide"], "hidden"),
        ("fan", ["fan_in", "mode"], "fan_in"),
        ("lm_head.weight", ["wte.weight", "head.weight"], "head.weight"),
    ],
)
def test_among_a_few(written: str, known: list[str], meant: str) -> None:
    assert nearest(written, known) == meant
    assert suggest(written, known) == (f"did you mean `{meant}`?" if meant else "")


@given(st.text("abc_", max_size=12), st.text("abc_", max_size=12), st.integers(0, 4))
def test_distance(one: str, other: str, most: int) -> None:
    found = distance(one, other, most)
    assert found == distance(other, one, most)
    assert (found == 0) == (one == other)
    assert min(abs(len(one) - len(other)), most + 1) <= found <= most + 1


@given(st.text("abcd_", min_size=1, max_size=20))
def test_a_known_name_is_its_own_nearest(name: str) -> None:
    if name.strip("_"):
        assert nearest(name, [name, "zzzz"]) == name


def test_long_names_cost_nothing() -> None:
    assert nearest("a" * (MAX_LENGTH + 1), ["a" * 59]) == ""
    assert nearest("a" * 50, ["a" * 1_000_000]) == ""


# ------------------------------------------------------------------ names of other libraries


@pytest.mark.parametrize("name", ["Dense", "GlobalAveragePooling2D", "Concatenate", "rearrange"])
def test_names_of_others(name: str) -> None:
    assert name_here(name)
    assert name not in BUILT_IN


def entry(name: str) -> Entry:
    found = layers.find(name)
    assert isinstance(found, Entry)
    return found


@pytest.mark.parametrize(
    ("layer", "written", "meant"),
    [
        ("linear", "units", "out_features"),
        ("conv2d", "filters", "out_channels"),
        ("conv2d", "strides", "stride"),
        ("dropout", "rate", "p"),
        ("lstm", "units", "hidden_size"),
        ("lstm", "layers", "num_layers"),
        ("layernorm", "epsilon", "eps"),
        ("embedding", "vocab_size", "num_embeddings"),
        ("multihead_attention", "heads", "num_heads"),
    ],
)
def test_arguments_of_others(layer: str, written: str, meant: str) -> None:
    names = [argument.name for argument in entry(layer).arguments]
    assert written not in names
    assert argument_here(written, names) == f"did you mean `{meant}`?"


def test_an_argument_that_nobody_has() -> None:
    assert argument_here("colour", ["p", "inplace"]) == ""
    assert argument_here("rate", ["eps"]) == ""
