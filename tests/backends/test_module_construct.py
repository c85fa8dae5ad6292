"""What a built module owns: names, order, kinds of containers, first values."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from nndsl.backends.torch_module import build_module, loss
from nndsl.model.expr import Call, Cond, Index, Name, Op, Text
from nndsl.model.graph import (
    Bind,
    Block,
    Chain,
    Check,
    Construct,
    Declare,
    For,
    Holder,
    If,
    LossCall,
    RunTest,
    TieTo,
    Use,
)
from tests.backends.builders import B, Blocks, apply, block, invoke, linear, make, seeded

I = Name("i", "loop")  # noqa: E741


def owner(*statements: object, **more: object) -> Block:
    """A block that makes something and gives its input back."""
    x = Blocks().var((B, 8), "x")
    return block(more.pop("name", "net"), (x,), statements, x, **more)  # type: ignore[arg-type]


def keys(*statements: object, **more: object) -> list[str]:
    return list(build_module(owner(*statements, **more)).state_dict())


def bare(size: int = 8) -> Construct:
    return linear(size, size, bias=False)


def test_a_sequential_block_is_a_plain_sequential() -> None:
    net = build_module(
        owner(make("0", bare()), make("1", Construct("torch.nn.ReLU")), kind="sequential")
    )
    assert type(net) is nn.Sequential
    assert [type(m) for m in net] == [nn.Linear, nn.ReLU]
    assert net(torch.ones(2, 8)).shape == (2, 8)


def test_a_numbered_block_is_a_sequential_with_a_forward_of_its_own() -> None:
    w = Blocks()
    x = w.var((B, 8), "x")
    called = w.do(invoke("0", x))
    doubled = w.do(apply("op.mul", called.targets[0], 2))
    body = (make("0", bare()), called, doubled)
    net = build_module(block("double_it", (x,), body, doubled.targets[0], kind="numbered"))
    assert isinstance(net, nn.Sequential)
    assert type(net).__name__ == "DoubleIt"
    value = torch.randn(2, 8)
    assert torch.equal(net(value), net[0](value) * 2)


def test_a_module_shows_itself_as_others_do() -> None:
    net = build_module(owner(make("fc", bare()), name="two_layer_net"))
    assert repr(net).startswith("TwoLayerNet(\n  (fc): Linear(in_features=8")


def test_order_parameters_buffers_children() -> None:
    w = Blocks()
    ones = w.do(apply("torch.ones", (3,)))
    zeros = w.do(apply("torch.zeros", (2,)))
    hidden = w.do(apply("torch.zeros", (2,)))
    statements = (
        make("a", bare()),
        Declare("mask", zeros.targets[0], (zeros,), trainable=False),
        Declare("gone", hidden.targets[0], (hidden,), trainable=False, persistent=False),
        Declare("gain", ones.targets[0], (ones,), trainable=True),
        make("b", bare()),
    )
    assert keys(*statements) == ["gain", "mask", "a.weight", "b.weight"]
    net = build_module(owner(*statements))
    assert list(dict(net.named_buffers())) == ["mask", "gone"]
    assert keys(*statements, order=(("b",),)) == ["gain", "mask", "b.weight", "a.weight"]


def test_order_decides_which_is_constructed_first() -> None:
    torch.manual_seed(0)
    second, first = nn.Linear(8, 8, bias=False), nn.Linear(8, 8, bias=False)
    net = seeded(0, owner(make("a", bare()), make("b", bare()), order=(("b",),)))
    assert torch.equal(net.a.weight, first.weight)
    assert torch.equal(net.b.weight, second.weight)


def test_containers() -> None:
    holder = (
        make("layers", Holder("ModuleList")),
        make(("layers", 0), bare()),
        make(("layers", 1), bare()),
    )
    net = build_module(owner(*holder))
    assert type(net.layers) is nn.ModuleList
    assert list(net.state_dict()) == ["layers.0.weight", "layers.1.weight"]
    net = build_module(owner(make(("stem", "conv"), bare()), make("layers.3", bare())))
    assert type(net.stem) is nn.ModuleDict
    assert type(net.layers) is nn.ModuleList
    assert list(net.state_dict()) == ["stem.conv.weight", "layers.3.weight"]


def test_a_chain_is_a_sequential_with_relative_names() -> None:
    rounds = For(None, Call("range", (3,)), (make((I,), bare()),), I)
    net = build_module(owner(make("blocks", Chain((rounds, make("last", bare()))))))
    assert type(net.blocks) is nn.Sequential
    assert list(net.blocks._modules) == ["0", "1", "2", "last"]


def test_a_chain_in_a_chain() -> None:
    inner = Chain((make("0", bare()), make("1", bare())))
    assert keys(make("a", Chain((make("0", inner), make("1", bare()))))) == [
        "a.0.0.weight", "a.0.1.weight", "a.1.weight",
    ]  # fmt: skip


def test_loops_bind_their_names() -> None:
    n = Name("n", "loop")
    loop = For(
        (I, n),
        Call("enumerate", ((8, 16),)),
        (make((Text(("layer", Op("+", (I, 1)))),), linear(n, Op("*", (n, 2)), bias=False)),),
        Name("round", "loop"),
    )
    net = build_module(owner(loop))
    assert {k: tuple(v.shape) for k, v in net.state_dict().items()} == {
        "layer1.weight": (16, 8), "layer2.weight": (32, 16),
    }  # fmt: skip


def test_static_conditions_and_names() -> None:
    width = Name("width", "local")
    fast = Name("fast", "param", meaning=False)
    choice = If(fast, (make("a", bare()),), (make("b", linear(8, width, bias=False)),))
    shape = Cond(fast, 1, Index((4, 5), 1))
    net = build_module(owner(Bind(width, shape), choice))
    assert net.b.weight.shape == (5, 8)


def test_both_branches_of_the_run_are_constructed() -> None:
    assert keys(If(RunTest("training"), (make("a", bare()),), (make("b", bare()),))) == [
        "a.weight", "b.weight",
    ]  # fmt: skip


def test_uses_share_a_class() -> None:
    inner = owner(make("fc", bare()), name="block")
    net = build_module(owner(make("a", Use(inner)), make("b", Use(inner))))
    assert type(net.a) is type(net.b)
    assert type(build_module(inner)) is type(net.a)


def test_ties() -> None:
    net = build_module(
        owner(
            make("a", bare()),
            make("b", bare()),
            TieTo(("b", "weight"), ("a", "weight")),
        )
    )
    assert net.a.weight is net.b.weight
    assert list(net.state_dict()) == ["a.weight", "b.weight"]
    assert len(list(net.parameters())) == 1


def test_weights_are_those_of_hand_written_code() -> None:
    w = Blocks()
    empty = w.do(apply("torch.empty", (4, 8)))
    filled = w.do(apply("Tensor.normal_", empty.targets[0], 0, 0.02))
    bare_tensor = w.do(apply("torch.empty", (4,)))
    drawn = w.do(apply("torch.nn.init.trunc_normal_", bare_tensor.targets[0], std=0.5))
    net = seeded(
        3,
        owner(
            make("fc", linear(8, 8)),
            Declare("pos", filled.targets[0], (empty, filled), True),
            Declare("cls", drawn.targets[0], (bare_tensor, drawn), True),
        ),
    )
    torch.manual_seed(3)
    pos = torch.empty(4, 8).normal_(0, 0.02)
    cls = nn.init.trunc_normal_(torch.empty(4), std=0.5)
    fc = nn.Linear(8, 8)
    for made, by_hand in ((net.pos, pos), (net.cls, cls), (net.fc.weight, fc.weight)):
        assert torch.equal(made, by_hand)
    assert isinstance(net.pos, nn.Parameter)
    assert net.pos.requires_grad
    assert net.pos.is_leaf


def test_a_buffer_may_be_computed_from_a_parameter() -> None:
    w = Blocks()
    ones = w.do(apply("torch.ones", (3,)))
    gain = w.var((3,), member=("gain",))
    double = w.do(apply("op.mul", gain, 2))
    same = w.do(apply("op.identity", gain))
    net = build_module(
        owner(
            Declare("gain", gain, (ones,), True),
            Declare("twice", double.targets[0], (double,), False),
            Declare("same", same.targets[0], (same,), False),
        )
    )
    assert net.twice.tolist() == [2, 2, 2]
    assert not net.twice.requires_grad
    assert net.same.data_ptr() != net.gain.data_ptr()


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_dtype(dtype: torch.dtype) -> None:
    net = build_module(owner(make("fc", bare())), dtype=dtype)
    assert net.fc.weight.dtype is dtype
    assert torch.get_default_dtype() is torch.float32


def test_checks_that_hold_or_wait_for_the_run_are_fine() -> None:
    build_module(owner(Check(Op("==", (1, 1)), "no"), Check(Op("==", (B, 1)), "no")))


def test_loss() -> None:
    declared = LossCall("torch.nn.CrossEntropyLoss", (("label_smoothing", 0.1),))
    made = loss(owner(loss=declared))
    assert isinstance(made, nn.CrossEntropyLoss)
    assert made.label_smoothing == 0.1
    assert loss(owner()) is None
