"""Layers among the arguments of layers: parametrizations, stacks of transformer layers."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

import nndsl
from tests.language.table import Holds, Refused, hold, refuse, rows, same

NET = 'model net()(x: "b 3 t"):\n    '
ROW = 'model net()(x: "b 4"):\n    '
SEQ = 'model net(depth=2)(x: "t b 8"):\n    '
GIVEN = [(2, 3, 12)]
ORIGINALS = "parametrizations.weight.original0 {0}parametrizations.weight.original1"


def _keys(*layers: str) -> str:
    """The keys of layers with a bias and weight norm."""
    names = [f"{name}." if name else "" for name in layers]
    return " ".join(f"{n}bias {n}" + ORIGINALS.format(n) for n in names)


ENCODER = "transformer_encoder(transformer_encoder_layer(2, dim_feedforward=5), depth, {}, False)"
LAYER = (
    "self_attn.in_proj_weight self_attn.in_proj_bias self_attn.out_proj.weight "
    "self_attn.out_proj.bias linear1.weight linear1.bias linear2.weight linear2.bias "
    "norm1.weight norm1.bias norm2.weight norm2.bias"
)

RIGHT = [
    Holds(
        "a choice by its name",
        'model net(wide=True)(x: "b 4"):\n'
        "    f: weight_norm(dim=None, module=linear 9 if wide else linear 5)",
        _keys("f"),
        [(2, 4)],
        (2, 9),
    ),
    Holds(
        "a choice, and what is wrapped of it",
        'model net(wide=False)(x: "b 4"):\n'
        '    f: spectral_norm(linear 9 if wide else linear 5, "bias")',
        "f.weight f.parametrizations.bias.original",
        [(2, 4)],
        (2, 5),
    ),
    Holds(
        "not named after a choice",
        'model net(wide=True)(x: "b 4"):\n'
        "    y = x | weight_norm(linear 9 if wide else linear 5)\n    cat([x, y], dim=1)",
        _keys("weight_norm"),
        [(2, 4)],
        (2, 13),
    ),
    Holds("labelled", NET + "c: weight_norm(conv(5, 3))", _keys("c"), GIVEN, (2, 5, 10)),
    Holds("numbered", NET + "relu | weight_norm(conv(5, 3))", _keys("1"), GIVEN, (2, 5, 10)),
    Holds(
        "named after what it wraps",
        NET + "y = weight_norm(conv(3, 1))\n    y + x | weight_norm(conv(4, 1)) | conv(5, 1)",
        f"{_keys('conv', 'conv_1')} conv_2.weight conv_2.bias",
        GIVEN,
        (2, 5, 12),
    ),
    Holds(
        "named, called with its tensor",
        NET + "weight_norm(conv(3, 1))(x) + spectral_norm(weight_norm(conv(3, 1)), 'bias')(x)",
        f"{_keys('conv')} conv_1.parametrizations.weight.original0 "
        "conv_1.parametrizations.weight.original1 conv_1.parametrizations.bias.original",
        GIVEN,
    ),
    Holds(
        "repeated",
        NET + "blocks: weight_norm(conv(3, 1)) x2",
        _keys("blocks.0", "blocks.1"),
        GIVEN,
        (2, 3, 12),
    ),
    Holds("bare arguments inside", ROW + "weight_norm(linear 5)", _keys("0"), [(2, 4)], (2, 5)),
    Holds("only named", ROW + "weight_norm(batchnorm)", None, [(2, 4)], (2, 4)),
    Holds("by name", ROW + "weight_norm(dim=None, module=linear 5)", _keys("0"), [(2, 4)]),
    Holds("in parentheses", ROW + "f: weight_norm((linear 5))", _keys("f"), [(2, 4)]),
    Holds(
        "chosen at construction",
        'model net(wide=True)(x: "b 4"):\n    f: weight_norm(linear 9 if wide else linear 5)',
        _keys("f"),
        [(2, 4)],
        (2, 9),
    ),
    Holds(
        "a parametrization that is chosen",
        'model net(plain=True)(x: "b 4"):\n'
        "    layer norm = weight_norm if plain else spectral_norm\n"
        "    f: norm(linear 5) | norm(linear 6)",
        f"{_keys('f')} {_keys('linear')}".replace("linear", "norm"),
        [(2, 4)],
        (2, 6),
    ),
    Holds(
        "a named layer",
        ROW + "layer fc = linear(bias=False)\n    f: weight_norm(fc(5))",
        "f.parametrizations.weight.original0 f.parametrizations.weight.original1",
        [(2, 4)],
        (2, 5),
    ),
    Holds(
        "a layer parameter",
        'def d(inner: layer)(x):\n    f: weight_norm(inner)\nmodel net()(x: "b 4"):\n    '
        "d(linear 5) | d(linear 6)",
        _keys("0.f", "1.f"),
        [(2, 4)],
        (2, 6),
    ),
    Holds(
        "a parametrization as a layer parameter",
        'def d(norm: layer)(x):\n    f: norm(linear 5)\nmodel net()(x: "b 4"):\n    '
        "d(weight_norm) | d(spectral_norm)",
        f"{_keys('0.f')} 1.f.bias 1.f.parametrizations.weight.original "
        "1.f.parametrizations.weight.0._u 1.f.parametrizations.weight.0._v",
        [(2, 4)],
        (2, 5),
    ),
    Holds(
        "a layer with several tensors",
        'model net()(x: "t b 4"):\n    weight_norm(lstm 6, name="weight_hh_l0") | _[0]',
        None,
        [(5, 2, 4)],
        (5, 2, 6),
    ),
    Holds(
        "shared",
        ROW + "module f: weight_norm(linear 4)\n    f(x) + f(x * 2)",
        _keys("f"),
        [(2, 4)],
        equals=lambda n, x: n.f(x) + n.f(x * 2),
    ),
    Holds(
        "tied",
        ROW + "a: weight_norm(linear 4) | b: weight_norm(linear 4)\n    "
        "tie b.parametrizations.weight.original1 = a.parametrizations.weight.original1",
        _keys("a", "b"),
        [(2, 4)],
    ),
    Holds(
        "a stack of encoder layers",
        SEQ + f"e: {ENCODER.format('layernorm')}",
        " ".join(f"e.layers.{i}.{k}" for i in (0, 1) for k in LAYER.split())
        + " e.norm.weight e.norm.bias",
        [(5, 2, 8)],
        (5, 2, 8),
    ),
    Holds("named as torch's class", SEQ + f"{ENCODER.format('None')} + x", None, [(5, 2, 8)]),
    Holds(
        "a stack of decoder layers",
        'model net()(x: "t b 8", m: "s b 8"):\n    '
        "d: transformer_decoder(transformer_decoder_layer(2), 1, layernorm(eps=1e-6))(x, m)",
        None,
        [(5, 2, 8), (7, 2, 8)],
        (5, 2, 8),
    ),
]  # fmt: skip

WRONG = [
    Refused("no layer", ROW + "weight_norm(3)", "E205", "takes a layer of torch as module"),
    Refused("nothing", ROW + "weight_norm()", "E203", "needs module"),
    Refused("a pipeline", ROW + "weight_norm(linear 3 | relu)", "E205", "takes one layer of torch"),
    Refused(
        "a definition",
        'def d(n): linear n\nmodel net()(x: "b 4"): weight_norm(d(3))',
        "E205",
        "takes a layer of torch as module, not a definition",
    ),
    Refused("no weight", ROW + "weight_norm(relu)", "E301", "no weight called weight in `relu`"),
    Refused(
        "no such weight",
        ROW + 'weight_norm(linear 3, name="wight")',
        "E301",
        "no weight called wight in `linear`",
        "it learns weight, bias",
    ),
    Refused("twice", ROW + "weight_norm(weight_norm(linear 3))", "E301", "is computed already"),
    Refused("no such axis", ROW + "weight_norm(linear 3, dim=2)", "E301", "dim = 2"),
    Refused("no matrix", ROW + "orthogonal(batchnorm)", "E301", "takes a matrix"),
    Refused("a wrong word", ROW + 'orthogonal(linear 3, orthogonal_map="qr")', "E206", "one of"),
    Refused(
        "a mistake inside",
        ROW + "weight_norm(linear(5, in_features=3))",
        "E301",
        "`linear` is told to expect 3 features, but receives 4",
    ),
    Refused("a wrong argument inside", ROW + "weight_norm(linear 5 bia=3)", "E202", "`bia`"),
    Refused("inside, of no fitting rank", ROW + "weight_norm(conv2d(4, 3))", "E302", "`conv2d`"),
    Refused("a layer for a number", ROW + "groupnorm(relu)", "E205", "takes no layer"),
    Refused(
        "another layer stacked",
        SEQ + "transformer_encoder(linear 8, 2)",
        "E301",
        "stacks no `linear`",
        "transformer_encoder(transformer_encoder_layer(8), 6)",
    ),
    Refused("heads that don't divide", SEQ + ENCODER.format("None").replace("(2,", "(3,"), "E301"),
]


@rows(RIGHT)
def test_right(row: Holds) -> None:
    hold(row)


@rows(WRONG)
def test_wrong(row: Refused) -> None:
    refuse(row)


def test_a_mistake_inside_is_shown_inside() -> None:
    text = ROW + "weight_norm(linear(5, in_features=3))"
    (found,) = nndsl.parse(text).check().diagnostics
    assert found.span is not None and found.span.text == "3"
    text = ROW + "spectral_norm(conv2d(4, 3), eps=0.1)"
    (found,) = nndsl.parse(text).check().diagnostics
    assert found.span is not None and found.span.text == "conv2d(4, 3)"


# ------------------------------------------------------------------ against torch, and lives

MIXED = (
    'model net()(x: "b 3 t"):\n    a: weight_norm(conv(6, 3)) | relu '
    "| b: spectral_norm(conv(6, 3), n_power_iterations=2)\n"
    '    | mean(dim=2) | "b c -> b c" | c: orthogonal(linear 6)\n'
)


class _Mixed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = parametrizations.weight_norm(nn.Conv1d(3, 6, 3))
        self.b = parametrizations.spectral_norm(nn.Conv1d(6, 6, 3), n_power_iterations=2)
        self.c = parametrizations.orthogonal(nn.Linear(6, 6))

    def forward(self, x: torch.Tensor) -> Any:
        return self.c(self.b(torch.relu(self.a(x))).mean(2))


def test_it_is_what_is_written_by_hand() -> None:
    net, x = nndsl.build(MIXED, seed=0), torch.randn(2, 3, 9)
    torch.manual_seed(0)
    oracle = _Mixed()
    for (ours, a), (theirs, b) in zip(
        net.state_dict().items(), oracle.state_dict().items(), strict=True
    ):
        assert ours == theirs and torch.equal(a, b)
    same(net, oracle, x)


def test_copies_are_apart() -> None:
    net, x = nndsl.build(MIXED).eval(), torch.randn(2, 3, 9)
    other = copy.deepcopy(net)
    torch.testing.assert_close(net(x), other(x), rtol=0, atol=0)
    assert not {id(p) for p in net.parameters()} & {id(p) for p in other.parameters()}
    with pytest.raises(RuntimeError, match="only supported through state_dict"):
        copy.copy(net).__reduce_ex__(4)  # torch's own word on pickling
        import pickle

        pickle.dumps(net)


@pytest.mark.filterwarnings("ignore:.*weight_norm.*is deprecated:FutureWarning")
def test_weights_saved_in_torchs_former_way_load() -> None:
    net = nndsl.build(NET + "c: weight_norm(conv(5, 3))")
    former = nn.utils.weight_norm(nn.Conv1d(3, 5, 3))
    state = {f"c.{name}": tensor for name, tensor in former.state_dict().items()}
    assert set(state) == {"c.bias", "c.weight_g", "c.weight_v"}
    net.load_state_dict(state, strict=True)
    x = torch.randn(2, 3, 9)
    torch.testing.assert_close(net(x), former(x))


@pytest.mark.parametrize("text", [
    ROW + "weight_norm(linear 5) | spectral_norm(linear 6)",
    NET + "a: (weight_norm(conv(6, 3)) | relu) | b: spectral_norm(conv(6, 3))",
    SEQ + f"e: {ENCODER.format('layernorm')}",
    SEQ + f"{ENCODER.format('weight_norm(linear 3)')} | linear 4",
    'model net()(x: "t b 8"):\n    transformer(2, 2, 1)(x, x)',
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
def test_from_the_meta_device_under_a_seed(text: str) -> None:
    real = nndsl.build(text, seed=0).state_dict()
    net = nndsl.build(text, device="meta")
    assert list(net.state_dict()) == list(real)
    assert all(tensor.is_meta for tensor in net.state_dict().values())
    torch.manual_seed(0)
    filled = nndsl.materialize(net, "cpu").state_dict()
    assert all(torch.equal(filled[name], tensor) for name, tensor in real.items())


@pytest.mark.parametrize("size", [4, 5])
def test_what_torch_cannot_make_on_the_meta_device_is_said(size: int) -> None:
    with pytest.raises(nndsl.SpecError, match=r"torch can't construct `orthogonal`, `0`"):
        nndsl.build(ROW + f"orthogonal(linear {size})", device="meta")


@pytest.mark.filterwarnings("ignore")
def test_torch_compiles_and_exports_it() -> None:
    text = NET + "a: weight_norm(conv(6, 3)) | relu | b: spectral_norm(conv(6, 3))"
    net, x = nndsl.build(text).eval(), torch.randn(2, 3, 9)
    torch._dynamo.reset()
    compiled = torch.compile(net, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x), net(x))
    exported = torch.export.export(net, (x,)).module()
    torch.testing.assert_close(exported(x), net(x))


def test_names_of_the_file_make_room_for_what_is_imported() -> None:
    text = (
        "fn weight_norm(x): x * 2\n" + 'model net(spectral_norm=3)(x: "b 4"):\n'
        "    f: orthogonal(linear spectral_norm) | weight_norm"
    )
    source = nndsl.codegen(text)
    assert "from torch.nn.utils.parametrizations import orthogonal" in source
    assert "spectral_norm" in source and "weight_norm(" in source
