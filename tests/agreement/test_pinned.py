"""Every argument of every layer can be a parameter of what is printed, but for those named here."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import pytest

import nndsl
from nndsl.layers import registry
from tests.agreement.arguments import accepted, constructor_parameters, others
from tests.agreement.harness import compare, entry_point, execute
from tests.agreement.probes import Probe, function_probes, layer_probes

AXIS = "which axis is meant decides which size changes"
RANK = "the result has as many axes as this says"
KIND = "the result is one tensor, or a pair with the indices"
ONLY = "None is its only value here: the other one of the pair is given"

PINNED = {
    ("glu", "dim"): AXIS,
    ("cosine_similarity", "dim"): AXIS,
    ("unflatten", "dim"): AXIS,
    ("flatten", "start_dim"): RANK,
    ("flatten", "end_dim"): RANK,
    ("unflatten", "unflattened_size"): RANK,
    ("pairwise_distance", "keepdim"): RANK,
    **{(f"maxpool{n}d", "return_indices"): KIND for n in (1, 2, 3)},
    **{(f"adaptive_maxpool{n}d", "return_indices"): KIND for n in (1, 2, 3)},
    **{(f"fractional_maxpool{n}d", "return_indices"): KIND for n in (2, 3)},
    **{(f"fractional_maxpool{n}d", "output_size"): ONLY for n in (2, 3)},
    **{(f"fractional_maxpool{n}d", "output_ratio"): ONLY for n in (2, 3)},
    ("upsample", "size"): ONLY,
    ("upsample", "scale_factor"): ONLY,
    ("upsample", "align_corners"): ONLY,
    ("upsampling_nearest2d", "size"): ONLY,
    ("upsampling_bilinear2d", "scale_factor"): ONLY,
}

UNFIT = {
    ("cross_map_lrn2d", "size"): "torch itself fails for a window of 1",
    ("embedding_bag", "num_embeddings"): "fewer rows than the indices of the test",
    ("embedding_bag", "include_last_offset"): "the offsets of the test begin anywhere",
    ("embedding_bag", "mode"): "the offsets of the test begin anywhere",
}
"""Arguments whose probes can't be run with random inputs; that they aren't lost is seen."""


@cache
def _probes() -> dict[tuple[str, str], list[Probe]]:
    found: dict[tuple[str, str], list[Probe]] = {}
    for probe in layer_probes():
        found.setdefault((probe.name, probe.argument), []).append(probe)
    return found


def _names() -> list[str]:
    return sorted({name for name, _ in _probes()})


def test_every_layer_with_arguments_is_probed() -> None:
    wrapping = {"weight_norm", "spectral_norm", "orthogonal"}  # around a layer: a parameter of it
    wrapping |= {"transformer_encoder", "transformer_decoder"}
    assert set(_names()) == {one.name for one in registry.layers() if one.arguments} - wrapping


@pytest.mark.parametrize("name", _names())
def test_an_argument_that_is_a_parameter_is_printed_as_one(name: str) -> None:
    for (layer, argument), probes in _probes().items():
        if layer == name:
            lost = [p for p in probes if not _kept(p)]
            pinned = (layer, argument) in PINNED
            assert bool(lost) == pinned, f"{layer}.{argument}: {[p.value for p in lost]}"


def _kept(probe: Probe) -> bool:
    try:
        source = nndsl.parse(probe.text, "example.nn").codegen()
    except nndsl.SpecError as wrong:
        assert PINNED.get((probe.name, probe.argument)) is KIND, wrong
        return False
    namespace = execute(source)
    return "given" in constructor_parameters(namespace[entry_point(namespace, "net")])


@pytest.mark.parametrize("name", _names())
def test_what_is_printed_is_right_for_another_value_too(name: str) -> None:
    for (layer, argument), probes in _probes().items():
        if layer == name and (layer, argument) not in PINNED.keys() | UNFIT.keys():
            _compare(probes[0])


def _compare(probe: Probe) -> None:
    spec = nndsl.parse(probe.text, "example.nn")
    namespace = execute(spec.codegen())
    printed = namespace[entry_point(namespace, "net")]
    other: list[Any] = [v for v in others(probe.value) if accepted(spec, "net", {"given": v})]
    for value in [probe.value, *other[:1]]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compare(spec, "net", printed, {"given": value}, {"given": value}, {})


def test_nothing_is_pinned_that_isn_t_there() -> None:
    assert set(PINNED) | set(UNFIT) <= set(_probes())


# ------------------------------------------------------------------ functions

AXES = "the result has as many axes as the list has items"
ITEMS = "a list of so many numbers, one for each axis: how many decides what is printed"
TOGETHER = "which other arguments and inputs go with it depends on it"
COUNTED = "how many items the result has, or how its axes turn, is counted from it"
CHECKED = "whether the call is right depends on it, and that is asked before anything is printed"
DTYPE = "not a number of the constructor's"

PINNED_IN_FUNCTIONS = {
    **dict.fromkeys(("dim", "dim0", "dim1", "dim2", "source", "destination"), AXIS),
    **dict.fromkeys(("dims", "start_dim", "end_dim", "keepdim"), RANK),
    **dict.fromkeys(("size", "shape", "sizes", "repeats", "normalized_shape"), AXES),
    **dict.fromkeys(("pad", "split_size_or_sections", "indices_or_sections"), AXES),
    **dict.fromkeys(("stride", "padding", "kernel_size", "output_size"), ITEMS),
    **dict.fromkeys(("mode", "bias", "left", "full_matrices"), TOGETHER),
    **dict.fromkeys(("row", "col", "offset", "k"), COUNTED),
    **dict.fromkeys(("high", "replacement", "hermitian"), CHECKED),
    "dtype": DTYPE,
}
"""Arguments of functions, by name: where one is lost, this is why."""


def test_an_argument_of_a_function_is_printed_as_a_parameter() -> None:
    lost = {probe.argument for probe in function_probes() if not _kept(probe)}
    assert lost == set(PINNED_IN_FUNCTIONS)
