"""The reference: every entry has words, an example that is true, and a place in ``docs/``."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import torch

import nndsl
from nndsl.functions import registry as functions
from nndsl.layers import registry as layers
from nndsl.layers.choices import CHOICES
from nndsl.model.expr import evaluate, names_in
from nndsl.model.graph import Construct, Do, FlowType, Make, TensorType, TupleType, walk
from nndsl.model.spec import Choice, Function, Layer, Loss
from nndsl.reference import examples, prose
from nndsl.reference.__main__ import PAGES
from nndsl.reference.index import everything, groups
from nndsl.reference.pages import page, pages, signature
from nndsl.reference.prelude import items

DOCS = Path(__file__).parents[2] / "docs"
LAYERS = tuple(layers.layers())
FUNCTIONS = tuple(f for f in map(functions.find, functions.names()) if f is not None)
LOSSES = tuple(one for one in map(layers.find_loss, layers.loss_names()) if one is not None)
EVERY: tuple[Any, ...] = (*LAYERS, *CHOICES, *FUNCTIONS, *LOSSES)
SIZES = dict(zip("bctdhwskn", (2, 3, 5, 4, 8, 7, 6, 3, 4), strict=True))


def title(entry: Layer | Choice | Function | Loss) -> str:
    return f"{type(entry).__name__}-{entry.name}"


def sizes_of(block: Any) -> dict[Any, int]:
    """A number for each open size of the inputs."""
    shapes = [one.var.type.shape for one in block.inputs]
    found = {name for shape in shapes for size in shape for name in names_in(size)}
    return {name: SIZES[name.id] for name in found}


def value(type: Any, env: dict[Any, int]) -> torch.Tensor:
    shape = [evaluate(size, env) for size in type.shape]
    if type.dtype == "float":
        return torch.rand(shape)
    return torch.ones(shape, dtype=torch.bool if type.dtype == "bool" else torch.int64)


def kinds(flow: FlowType, env: dict[Any, int]) -> Any:
    if isinstance(flow, TupleType):
        return tuple(kinds(one, env) for one in flow.items)
    assert isinstance(flow, TensorType) and flow.shape is not None
    return [evaluate(size, env) for size in flow.shape], flow.dtype


def made(output: Any) -> Any:
    if not isinstance(output, torch.Tensor):
        return tuple(map(made, output))
    whole = "bool" if output.dtype == torch.bool else "int"
    return list(output.shape), "float" if output.is_floating_point() else whole


@pytest.mark.parametrize("entry", EVERY, ids=title)
def test_its_example_is_a_spec_that_runs_as_it_says(entry: Any) -> None:
    spec = nndsl.parse(examples.example(entry))
    report = spec.check()
    assert report, report.diagnostics
    block = spec.resolved()
    env = sizes_of(block)
    net = spec.build().eval()
    inputs = [value(one.var.type, env) for one in block.inputs]
    with torch.no_grad():
        output = net(*inputs)
    assert made(output) == kinds(block.output, env)


@pytest.mark.parametrize("entry", EVERY, ids=title)
def test_its_example_uses_it(entry: Any) -> None:
    text = examples.example(entry)
    assert re.search(rf"\b{entry.name}\b", text)
    block = nndsl.parse(text).resolved()
    if isinstance(entry, Loss):
        assert block.loss is not None and block.loss.torch == entry.torch
        return
    statements = tuple(walk(block.body))
    paths = {s.what.torch for s in statements if isinstance(s, Make) and
             isinstance(s.what, Construct)}  # fmt: skip
    called = {getattr(s.operation, "fn", "") for s in statements if isinstance(s, Do)}
    if isinstance(entry, Layer):
        assert entry.torch in paths or entry.functional is not None
    elif isinstance(entry, Choice):
        members = map(layers.find, entry.by_rank.values())
        assert paths & {m.torch for m in members if isinstance(m, Layer)}
    else:
        assert paths == set() and (called or entry.name == "size")


@pytest.mark.parametrize("entry", EVERY, ids=title)
def test_it_has_words(entry: Any) -> None:
    one = page(entry)
    assert re.fullmatch(r"\S.*[.)]", one.doc), one.doc
    for row in one.rows:
        assert row.meaning and not row.meaning.endswith("."), row
        assert row.default and row.type
    if not isinstance(entry, Choice):
        whole = [a.name for a in entry.arguments]
        assert [row.name for row in one.rows] == ([] if whole == ["input"] else whole)
    assert one.inputs and one.output


def test_words_are_about_what_there_is() -> None:
    names = {one.name for one in FUNCTIONS}
    arguments = {a.name for one in FUNCTIONS for a in one.arguments}
    assert set(prose.FUNCTIONS) <= names
    for known in prose.ARGUMENTS:
        function, dot, argument = known.rpartition(".")
        owner = functions.find(function) if dot else None
        own = {a.name for a in owner.arguments} if owner is not None else arguments
        assert argument in own, known


def test_examples_are_of_what_there_is() -> None:
    known = {examples.fold(one.name) for one in (*LAYERS, *CHOICES)}
    assert set(examples._OF_LAYERS) <= known
    assert set(examples._OF_FUNCTIONS) <= {one.name for one in FUNCTIONS}


@pytest.mark.parametrize("name", PAGES)
def test_docs_are_made_from_the_entries_of_now(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


def test_docs_have_every_name() -> None:
    texts = {name: (DOCS / name).read_text(encoding="utf-8") for name in PAGES}
    for one in (*LAYERS, *CHOICES, *LOSSES):
        assert f"\n### {one.name}\n" in texts["layers.md"]
    for function in FUNCTIONS:
        assert f"\n### {function.name}\n" in texts["functions.md"]
    for item in items():
        assert f"\n### {item}\n" in texts["layers.md"]


def test_the_index_has_every_name() -> None:
    listed = {name for _, rows in groups() for family, members in rows
              for name in (family, *members)}  # fmt: skip
    for name in everything():
        assert name in listed, name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("linear", "linear(out_features, bias=True)"),
        ("layernorm", "layernorm(*, eps=1e-05, elementwise_affine=True, bias=True)"),
        ("bilinear", "bilinear(out_features, bias=True)(input1, input2)"),
        ("gru_cell", "gru_cell(hidden_size, bias=True)(input, hx=None)"),
        ("hardtanh", "hardtanh(min_val=-1.0, max_val=1.0, *, inplace=False)"),
        ("cat", "cat(tensors, dim=0)"),
    ],
)
def test_signatures(name: str, text: str) -> None:
    entry = layers.find(name) or functions.find(name)
    assert isinstance(entry, Layer | Function)
    assert signature(entry) == text


def test_a_name_has_all_its_meanings() -> None:
    assert [(one.kind, one.torch) for one in pages("softmax")] == [
        ("layer", "torch.nn.Softmax"),
        ("function", "torch.softmax"),
    ]
    assert [one.kind for one in pages("cross_entropy")] == ["loss"]
    assert list(pages("no_such_name")) == []


def test_links_lead_to_torchs_pages() -> None:
    found = {one.torch: one.link.rpartition("/")[2] for one in map(page, EVERY) if one.torch}
    assert found["torch.nn.Conv2d"] == "torch.nn.Conv2d.html"
    assert found["F.pad"] == "torch.nn.functional.pad.html"
    assert found["Tensor.expand"] == "torch.Tensor.expand.html"
    for path, link in found.items():
        if path.startswith(("torch.", "F.", "Tensor.")):
            target = torch
            for part in link.removesuffix(".html").split(".")[1:]:
                target = getattr(target, part)
            assert callable(target), path


def test_weights_are_those_of_the_example() -> None:
    (one,) = pages("batchnorm2d")
    shapes = {name: (shape, kind) for name, shape, kind in one.weights}
    assert shapes["weight"] == ("(8)", "parameter")
    assert shapes["running_mean"] == ("(8)", "buffer")


def test_prelude_items_are_cut_out_whole() -> None:
    text = (Path(__file__).parents[2] / "grammars" / "prelude.nn").read_text()
    for item in items().values():
        assert item.text in text and item.text.startswith(item.head)
    assert items()["block"].text == "def block(width):\n    linear width | relu"
    assert items()["rope"].comment == "features turned by the angles of their positions"
    assert list(itertools.islice(items(), 1)) == ["block"]
