"""``init``: first values by class and by key."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import nndsl
from tests.language.table import Refused, refuse, rows

SAMPLES = sorted(Path("tests/agreement/samples").glob("init_*.nn"))
NET = 'model net(n=2)(x: "b 4"):\n    x | fc: linear 4 | ln: layernorm | relu\n    '
GPT = """
def mlp(width)(x: "b t d"):
    c_fc: linear(4 * width) | gelu | c_proj: linear width

model gpt(depth=2, width=8)(ids: int "b t"):
    ids | wte: embedding(11, width) | h: mlp(width) x depth | lm_head: linear(11, bias=False)
    tie lm_head.weight = wte.weight
    init linear.weight: normal(0, 0.02)
    init linear.bias: zeros
    init embedding.weight: normal(0, 0.02)
    init "*.c_proj.weight": normal(0, 0.02 / sqrt(2 * depth))
"""


class Mlp(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)


class Gpt(nn.Module):
    """GPT-2 initialised by hand."""

    def __init__(self, depth: int, width: int) -> None:
        super().__init__()
        self.wte = nn.Embedding(11, width)
        self.h = nn.ModuleList(Mlp(width) for _ in range(depth))
        self.lm_head = nn.Linear(width, 11, bias=False)
        self.lm_head.weight = self.wte.weight
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0.0, 0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Embedding):
                nn.init.normal_(module.weight, 0.0, 0.02)
        for name, parameter in self.named_parameters():
            if name.endswith("c_proj.weight"):
                nn.init.normal_(parameter, 0.0, 0.02 / math.sqrt(2 * depth))


def equal(ours: nn.Module, theirs: nn.Module) -> bool:
    """The same keys in the same order, and every number the same."""
    mine, other = ours.state_dict(), theirs.state_dict()
    return list(mine) == list(other) and all(torch.equal(mine[k], other[k]) for k in mine)


def test_gpt_starts_as_its_authors_start_it() -> None:
    built = nndsl.build(GPT, params={"depth": 3}, seed=7)
    torch.manual_seed(7)
    assert equal(built, Gpt(3, 8))
    assert not equal(nndsl.build(GPT, params={"depth": 3}, seed=8), built)


def test_printed_as_people_write_it() -> None:
    source = nndsl.parse(GPT).codegen()
    for line in (
        "for module in self.modules():",
        "if isinstance(module, nn.Linear):",
        "if module.bias is not None:",
        'if name.endswith(".c_proj.weight"):',
        "nn.init.normal_(parameter, 0, 0.02 / math.sqrt(2 * depth))",
        "for name, parameter in self.named_parameters():",
    ):
        assert line in source
    assert source.count("self.modules()") == source.count("named_parameters(") == 1


def test_a_chain_with_rules_stays_a_chain() -> None:
    source = nndsl.parse(
        """
def inner(w):
    linear w | relu
    init "*.bias": zeros

model net()(x: "b 4"):
    linear 8 | relu | inner(3)
    init "*.weight": normal(0, 0.02)
"""
    ).codegen()
    assert source.count("(nn.Sequential):") == 2
    assert "def forward" not in source


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_from_the_meta_device_with_the_same_values(path: Path) -> None:
    spec = nndsl.parse(path.read_text(encoding="utf-8"))
    for model in spec.models:
        built = spec.build(model, seed=3)
        empty = spec.build(model, device="meta")
        torch.manual_seed(3)
        assert equal(nndsl.materialize(empty), built)


def test_what_is_real_already_keeps_its_values() -> None:
    net: Any = nndsl.build(GPT, device="meta")
    net.h[0].c_proj.to_empty(device="cpu")
    nn.init.constant_(net.h[0].c_proj.weight, 3)
    nndsl.materialize(net)
    assert net.h[0].c_proj.weight.eq(3).all()
    assert not net.h[1].c_proj.weight.eq(3).any()


def test_rules_run_in_order_children_first() -> None:
    text = """
def inner()(x: "b 4"):
    a: linear 4 | b: linear 4
    init linear.weight: ones
    init "b.*": constant(2)

model net()(x: "b 4"):
    x | inner: inner | c: linear 4
    init "*.b.weight": 3
    init "*bias": zeros
    init "c.bias": ones
"""
    net: Any = nndsl.build(text)
    found = {key: value.unique().tolist() for key, value in net.state_dict().items()}
    assert len(found.pop("c.weight")) > 1
    assert found == {
        "inner.a.weight": [1], "inner.a.bias": [0], "inner.b.weight": [3], "inner.b.bias": [0],
        "c.bias": [1],
    }  # fmt: skip


def test_a_tied_parameter_is_found_under_each_of_its_names() -> None:
    for key in ("wte.weight", "lm_head.weight"):
        text = GPT.partition("    init ")[0] + f'    init "{key}": constant(5)\n'
        assert nndsl.build(text).wte.weight.eq(5).all()
        space: dict[str, Any] = {"__name__": "printed"}
        exec(nndsl.parse(text).codegen(), space)
        assert space["Gpt"]().wte.weight.eq(5).all()


def test_the_word_stays_a_name() -> None:
    text = 'model net(init=3)(x: "b 4"):\n    x | linear init | relu\n    init linear.bias: init\n'
    assert nndsl.build(text)[0].bias.tolist() == [3] * 3


def test_the_specs_own_names_come_first() -> None:
    text = NET.replace("n=2", "ones=2") + "init linear.bias: ones\n"
    assert nndsl.build(text).fc.bias.tolist() == [2] * 4


def test_many_rounds_cost_nothing() -> None:
    deep = 'def f()(x: "b 4"):\n    x | a: linear 4 x 1000 | b: linear 4 x 1000\n'
    deep += "".join(
        f'def f{n}()(x: "b 4"):\n    x | a: f{n - 1 if n else ""} | b: f{n - 1 if n else ""}\n'
        for n in range(40)
    )
    deep += 'model net()(x: "b 4"):\n    x | f39 | linear 4\n    init linear.weight: ones\n'
    deep += f'    init "{"*a" * 40}*.b.7.weight": zeros\n'
    assert not [d for d in nndsl.parse(deep).check().diagnostics if d.severity == "error"]


ATTENTION = (
    'model net()(x: "b t 4"):\n    y, _ = multihead_attention(2, bias=False)(x, x, x)\n    y'
)


def test_a_rule_may_mean_a_layer_inside_a_layer() -> None:
    net = nndsl.parse(ATTENTION + "\n    init linear.weight: ones").build()
    assert (net.multihead_attention.out_proj.weight == 1).all()
    assert not (net.multihead_attention.in_proj_weight == 1).any()


WRONG = [
    Refused("a parameter that no layer inside has", ATTENTION + "\n    init linear.bias: zeros",
            "E404", "no `linear`", "MultiheadAttention"),
    Refused("a class that isn't here", NET + "init conv.weight: zeros", "E404", "no `conv`",
            "Linear, LayerNorm"),
    Refused("a misspelt parameter", NET + "init linear.wieght: zeros", "E404", "`wieght`",
            "`weight`"),
    Refused("a misspelt class", NET + "init lineer.weight: zeros", "E201", "lineer", "`linear`"),
    Refused("a misspelt key", NET + 'init "fc.wieght": zeros', "E404", "fc.wieght", "`fc.weight`"),
    Refused("a misspelt tail", NET + 'init "*.fc.wieght": zeros', "E404", "", "`fc.weight`"),
    Refused("a misspelt end", NET + 'init "*.wieght": zeros', "E404", "", "`*.weight`"),
    Refused("a layer without parameters", NET + "init relu.weight: zeros", "E404"),
    Refused("a label", NET + "init fc.weight: zeros", "E205", "label", '`init "fc.weight": ...`'),
    Refused("a layer alone", NET + "init linear: zeros", "E404", "", "linear.weight"),
    Refused("a key without quotes", NET + "init fc.0.weight: zeros", "E404", "", '"fc.0.weight"'),
    Refused("a template", NET + 'init "h.{n}.weight": zeros', "E404", "can't be a key"),
    Refused("a definition", NET + "init net.weight: zeros", "E205", "no layer of torch"),
    Refused("no class", NET + "init weight_norm.weight: zeros", "E205", "no class of torch"),
    Refused("a number in the name", NET + "init lstm.weight_ih_l0: zeros", "E404", "not every"),
    Refused("a computed weight", 'model net()(x: "b 4"):\n    x | weight_norm(linear 4)\n'
            "    init linear.weight: zeros", "E404", "computed from others", "parametrizations"),
    Refused("a vector", NET + "init linear.bias: xavier_uniform", "E301", "needs 2 axes or more"),
    Refused("a vector by key", NET + 'init "*": orthogonal', "E301", "`bias`"),
    Refused("a matrix", NET + "init linear.weight: dirac", "E301", "3 to 5 axes"),
    Refused("a spread below 0", NET + "init linear.weight: normal(0, -1)", "E206", "at least 0"),
    Refused("no spread", NET + "init linear.weight: trunc_normal(std=0)", "E206", "above 0"),
    Refused("a range the wrong way", NET + "init linear.weight: uniform(1, 0)", "E206", "ends"),
    Refused("a word", NET + 'init linear.weight: kaiming_normal(mode="fan")', "E206", "", "fan_in"),
    Refused("an argument", NET + "init linear.weight: normal(sd=1)", "E202", "sd", "std"),
    Refused("too many", NET + "init linear.weight: eye(3)", "E204"),
    Refused("too few", NET + "init linear.weight: constant", "E203", "val"),
    Refused("a misspelt initializer", NET + "init linear.weight: nromal(0, 1)", "E201", "nromal",
            "`normal`"),
    Refused("a layer as a value", NET + "init linear.weight: linear", "E201", "no values"),
    Refused("a text", NET + 'init linear.weight: "zeros"', "E205", "is a number"),
    Refused("a tensor", NET + "init linear.weight: x", "E205", "a tensor"),
    Refused("a pipeline", NET + "init linear.weight: zeros | ones", "E205", "no value"),
    Refused("one of two", NET + "init linear.weight: zeros if n > 1 else ones", "E205",
            "one initializer", "`if ...:`"),
    Refused("an open size", NET + "init linear.weight: normal(0, b)", "E304", "`b` is not"),
    Refused("in a loop", 'model net()(x: "b 4"):\n    for i in range(2):\n'
            "        init linear.weight: ones\n    x | linear 4", "E407", "a loop"),
    Refused("in a condition of the run", NET + "if training:\n        init linear.weight: ones",
            "E407", "condition of the run"),
    Refused("in a function", "fn f(x):\n    init linear.weight: ones\n    x + 1\nlinear 4->4 | f",
            "E407", "in a function"),
    Refused("spliced", 'def f()(x: "b 4"):\n    linear 4\n    init linear.weight: ones\n'
            'model net()(x: "b 4"):\n    x | *f', "E407", "can't be spliced"),
]  # fmt: skip


@rows(WRONG)
def test_refused(row: Refused) -> None:
    refuse(row)
