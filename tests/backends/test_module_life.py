"""A built module among torch's own tools: pickle, copy, compile, export, the meta device."""

from __future__ import annotations

import copy
import linecache
import pickle
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
import torch
from torch import nn

from nndsl.backends.torch_module import build_module, materialize
from nndsl.model.expr import Call, Name, Op
from nndsl.model.graph import (
    Block,
    Carried,
    Chain,
    Construct,
    Declare,
    For,
    If,
    Joined,
    Many,
    RunTest,
    Special,
    TieTo,
    TupleType,
    Use,
)
from tests.backends.builders import B, Blocks, T, apply, block, invoke, linear, make, seeded

TEXT = """model net:
    x | embed: embedding 10->8 | "café" | layers: (block(8)) x3
"""


def inner() -> Block:
    """A residual block with a parameter, a buffer that isn't saved, and noise in training."""
    w = Blocks(TEXT)
    x = w.var((B, T, 8), "x")
    ones = w.do(apply("torch.full", (8,), 0.5))
    mask = w.do(apply("torch.arange", 8.0))
    called = w.do(invoke("fc", x), span=w.span("block(8)"))
    scaled = w.do(apply("op.mul", called.targets[0], ones.targets[0]))
    noisy = w.do(apply("F.dropout", scaled.targets[0], 0.1, Special("training")))
    y = w.var()
    joined = Joined(y, noisy.targets[0], scaled.targets[0])
    masked = w.do(apply("op.add", y, mask.targets[0]))
    body = (
        Declare("gain", ones.targets[0], (ones,), True),
        Declare("mask", mask.targets[0], (mask,), False, persistent=False),
        make("fc", linear(8, 8), w.span("block(8)")),
        called,
        scaled,
        If(RunTest("training"), (noisy,), (), (joined,)),
        masked,
    )
    return block("block", (x,), body, masked.targets[0], span=w.span("model net"))


def network(recurrent: bool = True) -> Block:
    """Embedding, blocks, batch norm, recurrent layer, a head tied to the embedding.

    (torch.compile doesn't know recurrent layers.)
    """
    w = Blocks(TEXT)
    ids = w.var((B, T), "ids", dtype="int")
    i, one = Name("i", "loop"), inner()
    head, after = w.var(), w.var()
    embedded = w.do(invoke("embed", ids))
    called = w.do(invoke(("layers", i), head))
    turned = w.do(apply("Tensor.transpose", after, 1, 2))
    normed = w.do(invoke("norm", turned.targets[0]))
    back = w.do(apply("Tensor.transpose", normed.targets[0], 1, 2))
    read = w.do(invoke("rnn", back.targets[0]))
    if not recurrent:
        read = w.do(apply("op.tuple", back.targets[0]))
    first = w.do(apply("op.getitem", read.targets[0], 0))
    logits = w.do(invoke("head", first.targets[0]))
    flat = w.do(apply("Tensor.reshape", logits.targets[0], Op("*", (B, T)), 10))
    body = (
        make("embed", Construct("torch.nn.Embedding", (10, 8))),
        embedded,
        For(
            None,
            Call("range", (3,)),
            (make(("layers", i), Use(one)), called),
            i,
            (Carried(head, embedded.targets[0], called.targets[0], after),),
        ),
        make("norm", Construct("torch.nn.BatchNorm1d", (8,))),
        make("rnn", Construct("torch.nn.LSTM", (8, 8), (("batch_first", True),))),
        make("head", linear(8, 10, bias=False)),
        TieTo(("head", "weight"), ("embed", "weight")),
        *(turned, normed, back, read, first, logits, flat),
    )
    out = Many((flat.targets[0], first.targets[0]))
    named = TupleType((flat.targets[0].type, first.targets[0].type), ("logits", "hidden"))
    return block("net", (ids,), body, out, type=named)


IDS = torch.arange(8).reshape(2, 4)


def same(a: nn.Module, b: nn.Module) -> None:
    assert list(a.state_dict()) == list(b.state_dict())
    for name, value in a.state_dict().items():
        assert torch.equal(value, b.state_dict()[name]), name
    for (name, value), (_, other) in zip(a.named_buffers(), b.named_buffers(), strict=True):
        assert torch.equal(value, other), name


def test_copies_share_the_class() -> None:
    net = build_module(network()).eval()
    for made in (copy.deepcopy(net), copy.copy(net)):
        assert type(made) is type(net)
        assert torch.equal(made(IDS).logits, net(IDS).logits)
    deep = copy.deepcopy(net)
    assert deep.head.weight is deep.embed.weight
    assert deep.embed.weight is not net.embed.weight


def test_pickle_keeps_everything_that_is_not_in_the_state_dict() -> None:
    net = build_module(network()).eval()
    made = pickle.loads(pickle.dumps(net))
    same(net, made)
    assert not made.training
    assert type(made.layers[0]) is type(made.layers[2])
    assert made.head.weight is made.embed.weight
    assert torch.equal(made(IDS).logits, net(IDS).logits)
    again = pickle.loads(pickle.dumps(made(IDS)))
    assert type(again).__name__ == "NetOutput"


SCRIPT = """
import sys, torch
net = torch.load(sys.argv[1], weights_only=False)
print(net(torch.arange(8).reshape(2, 4)).logits.sum().item())
"""


def test_a_fresh_process_needs_no_file(tmp_path: Path) -> None:
    net = build_module(network()).eval()
    torch.save(net, tmp_path / "net.pt")
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "net.pt")],
        capture_output=True, text=True, check=True, cwd=root,
    )  # fmt: skip
    assert float(done.stdout) == pytest.approx(net(IDS).logits.sum().item(), rel=1e-4)


def test_state_dicts_load_strictly(tmp_path: Path) -> None:
    first, second = build_module(network()), build_module(network())
    torch.save(first.state_dict(), tmp_path / "weights.pt")
    second.load_state_dict(torch.load(tmp_path / "weights.pt"), strict=True)
    same(first, second)


def test_training() -> None:
    net = build_module(network())
    net(IDS).logits.sum().backward()
    assert all(p.grad is not None for p in net.parameters())


def test_torch_compile_without_breaks() -> None:
    net = build_module(network(recurrent=False)).eval()
    compiled = torch.compile(net, fullgraph=True, backend="eager")
    for ids in (IDS, IDS[:1]):
        assert torch.equal(compiled(ids).logits, net(ids).logits)


@pytest.mark.parametrize("strict", [False, True])
def test_export_with_a_free_batch(strict: bool) -> None:
    w = Blocks()
    x = w.var((B, T, 8), "x")
    i = Name("i", "loop")
    rounds = For(None, Call("range", (2,)), (make((i,), Use(inner())),), i)
    called = w.do(invoke("body", x))
    flat = w.do(apply("Tensor.reshape", called.targets[0], B, Op("*", (T, 8))))
    net = build_module(
        block("net", (x,), (make("body", Chain((rounds,))), called, flat), flat.targets[0])
    ).eval()
    sizes = {"x": {0: torch.export.Dim("b"), 1: torch.export.Dim("t")}}
    exported = torch.export.export(
        net, (torch.randn(2, 3, 8),), dynamic_shapes=sizes, strict=strict
    )
    value = torch.randn(5, 7, 8)
    assert torch.allclose(exported.module()(value), net(value))


def test_meta_allocates_nothing_and_materialises_as_built() -> None:
    net = build_module(network(), device="meta")
    assert all(t.is_meta for t in (*net.parameters(), *net.buffers()))
    net.norm.weight.requires_grad_(False)
    torch.manual_seed(5)
    assert materialize(net, "cpu") is net
    built = seeded(5, network())
    same(built, net)
    assert net.head.weight is net.embed.weight
    assert not net.norm.weight.requires_grad
    net(IDS)
    assert torch.equal(built.eval()(IDS).hidden, built(IDS).hidden)


def test_materialising_keeps_dtypes() -> None:
    net = build_module(network(), device="meta", dtype=torch.float64)
    torch.manual_seed(5)
    materialize(net)
    same(seeded(5, network(), dtype=torch.float64), net)
    assert net.layers[0].mask.dtype is torch.float64
    assert net.norm.num_batches_tracked.dtype is torch.int64
    assert torch.get_default_dtype() is torch.float32


def test_materialising_torchs_composites_and_ties_made_later() -> None:
    w = Blocks()
    x = w.var((B, T, 8), "x")
    called = w.do(invoke("attention", x, x, x))
    body = (
        make("attention", Construct("torch.nn.MultiheadAttention", (8, 2))),
        make("a", linear(8, 8)),
        make("b", linear(8, 8)),
        called,
    )
    made = block("net", (x,), body, called.targets[0])
    net = build_module(made, device="meta")
    net.b.weight = net.a.weight
    net.a.weight.requires_grad_(False)
    torch.manual_seed(0)
    materialize(net)
    built = seeded(0, made)
    same(built.attention, net.attention)
    assert net.a.weight is net.b.weight
    assert not net.b.weight.requires_grad
    assert torch.equal(net.a.weight, built.a.weight)


def test_what_is_real_stays() -> None:
    net = build_module(network())
    before = {k: v.clone() for k, v in net.state_dict().items()}
    materialize(net)
    assert all(torch.equal(before[k], v) for k, v in net.state_dict().items())


def test_tracebacks_point_into_the_spec() -> None:
    net = build_module(network())
    with pytest.raises(RuntimeError) as caught:
        net.layers[0](torch.zeros(2, 3, 5))
    frames = traceback.extract_tb(caught.value.__traceback__)
    frame = next(f for f in frames if f.filename == "net.nn")
    assert (frame.lineno, frame.name) == (2, "forward")
    assert frame.line == TEXT.splitlines()[1].strip()
    line = TEXT.splitlines()[1]
    assert line.encode()[frame.colno : frame.end_colno] == b"block(8)"
    linecache.checkcache("net.nn")
    assert linecache.getline("net.nn", 1) == "model net:\n"


def test_hooks_and_half_work() -> None:
    net = build_module(network()).eval()
    seen: list[str] = []
    net.layers[1].register_forward_hook(lambda module, *_: seen.append(type(module).__name__))
    net(IDS)
    assert seen == ["Block"]
    assert net.bfloat16()(IDS).logits.dtype is torch.bfloat16
