"""The table of layers: counts, shapes, repeats, ties, open sizes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nndsl.backends.summary import Summary, count_parameters, render, summarise, summary
from nndsl.backends.torch_module import build_module
from nndsl.diagnostics import SpecError
from nndsl.model.expr import Call, Name, Op
from nndsl.model.graph import (
    Block,
    Carried,
    Chain,
    Construct,
    Declare,
    For,
    Holder,
    If,
    ListType,
    Many,
    RunTest,
    Scan,
    TensorType,
    TieTo,
    TupleType,
    Use,
    Var,
    Weight,
)
from tests.backends.builders import B, Blocks, T, apply, block, invoke, linear, make

I = Name("i", "loop")  # noqa: E741
NORM = Construct(
    "torch.nn.BatchNorm1d",
    (8,),
    (),
    (Weight("weight", (8,)), Weight("running_mean", (8,), False), Weight("n", (), False, "int")),
)


def dense(size: Any, outputs: Any, macs: Any) -> Construct:
    made = linear(size, outputs)
    return Construct(made.torch, made.args, made.kwargs, made.weights, macs)


def residual() -> Block:
    """A block with a learned gain and two calls of one layer."""
    w = Blocks()
    x = w.var((B, T, 8), "x")
    ones = w.do(apply("torch.ones", (8,)), (8,))
    first = w.do(invoke("fc", x), (B, T, 8))
    second = w.do(invoke("fc", first.targets[0]), (B, T, 8))
    fc = make("fc", dense(8, 8, Op("*", (Op("*", (B, T)), 64))))
    body = (Declare("gain", ones.targets[0], (ones,), True), fc, first, second)
    return block("residual", (x,), body, second.targets[0])


def network(rounds: Any = 12) -> Block:
    w = Blocks()
    ids = w.var((B, T), "ids", dtype="int")
    head, after = w.var((B, T, 8)), w.var((B, T, 8))
    embedded = w.do(invoke("embed", ids), (B, T, 8))
    called = w.do(invoke(("layers", I), head), (B, T, 8))
    logits = w.do(invoke("head", after), (B, T, 1000))
    carried = Carried(head, embedded.targets[0], called.targets[0], after)
    weight = (Weight("weight", (1000, 8)),)
    body = (
        make("embed", Construct("torch.nn.Embedding", (1000, 8), (), weight)),
        embedded,
        make("layers", Holder("ModuleList")),
        For(
            None,
            Call("range", (rounds,)),
            (make(("layers", I), Use(residual())), called),
            I,
            (carried,),
        ),
        make("head", Construct("torch.nn.Linear", (8, 1000), (("bias", False),), weight)),
        logits,
        TieTo(("head", "weight"), ("embed", "weight")),
    )
    return block("gpt_net", (ids,), body, logits.targets[0])


def rows(found: Summary) -> dict[str, Any]:
    """Rows by their path."""
    out: dict[str, Any] = {}

    def visit(row: Any, path: tuple[str, ...]) -> None:
        out[".".join(path)] = row
        for inner in row.rows:
            visit(inner, (*path, inner.name))

    visit(found.root, ())
    return out


TABLE = """\
gpt_net(ids: (b, t))
──────────────────────────────────────────────────────────────
Layer                      Output shape  Parameters  Mult-adds
──────────────────────────────────────────────────────────────
GptNet                     (b, t, 1000)       8,960   1536 * t
├─ embed: Embedding        (b, t, 8)          8,000
├─ layers: ModuleList                           960   1536 * t
│  └─ 0-11: 12 × Residual  (b, t, 8)             80    128 * t
│     ├─ gain: Parameter   (8)                    8
│     └─ fc: Linear        (b, t, 8)             72    128 * t
└─ head: Linear            (b, t, 1000)        tied
──────────────────────────────────────────────────────────────
Total params:         8,960
Trainable params:     8,960
Non-trainable params: 0
Params size (MB):     0.04
Mult-adds:            depend on t, which the model leaves open
"""


def test_a_table() -> None:
    assert summary(network(), width=80) == TABLE


def test_sizes_that_are_given() -> None:
    found = summarise(network(), {"t": 10})
    assert found.macs == 12 * 128 * 10
    assert found.inputs == (("ids", "(b, 10)"),)
    assert summarise(network(), {"t": 10, "b": 2}).macs == 2 * 12 * 128 * 10
    assert "Mult-adds:            15,360\n" in render(found)


def test_parameters_are_those_of_the_module() -> None:
    assert count_parameters(network()) == sum(
        p.numel() for p in build_module(network()).parameters()
    )


def test_repeats_cost_nothing_to_read() -> None:
    found = rows(summarise(network(80_000)))
    assert found["layers.0-79999"].count == 80_000
    assert found["layers"].total() == 80_000 * 80


def test_rounds_that_differ_are_written_out() -> None:
    n = Name("n", "loop")
    loop = For(n, (8, 8, 9), (make(("layers", I), linear(8, n)),), I)
    x = Blocks().var((B, 8), "x")
    found = rows(summarise(block("net", (x,), (loop,), x)))
    assert [key for key in found if key] == ["layers", "layers.0-1", "layers.2"]
    assert found["layers.2"].total() == 81


def test_chains_buffers_and_conditions() -> None:
    x = Blocks().var((B, 8), "x")
    fc = dense(8, 8, Op("*", (B, 64)))
    rounds = For(None, Call("range", (3,)), (make((I,), fc),), I)
    body = (
        make("body", Chain((rounds, make("last", NORM)))),
        If(RunTest("training"), (make("noise", linear(8, 8)),), ()),
        If(True, (make("taken", linear(8, 8)),), (make("left", linear(8, 8)),)),
    )
    found = summarise(block("net", (x,), body, x))
    assert set(rows(found)) == {"", "body", "body.0-2", "body.last", "noise", "taken"}
    assert (found.parameters, found.buffers) == (3 * 72 + 8 + 2 * 72, 9)
    assert rows(found)["body"].macs == 3 * 64
    assert "Buffer elements:      9" in render(found)


def test_a_bare_chain_is_called_once() -> None:
    x = Blocks().var((B, 8), "x")
    body = (make("0", dense(8, 8, 64)), make("1", dense(8, 8, 64)))
    found = summarise(block("net", (x,), body, x, kind="sequential"))
    assert found.macs == 128
    assert [r.name for r in found.root.rows] == ["0-1"]


def test_what_is_never_called_computes_nothing() -> None:
    w = Blocks()
    x = w.var((B, 8), "x")
    called = w.do(invoke("a", x), (B, 8))
    body = (make("a", dense(8, 8, 64)), make("b", dense(8, 8, 64)), called)
    assert summarise(block("net", (x,), body, called.targets[0])).macs == 64


def test_loops_of_the_run_multiply() -> None:
    w = Blocks()
    x = w.var((B, T, 8), "x")
    items = ListType(TensorType((B, 8)), T)
    over, step = Var(90, "", items), w.var((B, 8))
    called = w.do(invoke("cell", step), (B, 8))
    scan = Scan((step,), over, (make("cell", dense(8, 8, Op("*", (B, 64)))), called))
    found = summarise(block("net", (x,), (scan,), x), {"t": 5})
    assert found.macs == 5 * 64


def test_several_outputs() -> None:
    a, b = TensorType((B, 8)), TensorType(None)
    type = TupleType((a, TupleType((a, b))), ("out", "state"))
    x = Blocks().var((B, 8), "x")
    text = summary(block("net", (x,), (), Many((x, x)), type=type))
    assert "out: (b, 8), state: (b, 8), (...)" in text


@pytest.mark.parametrize("width", [60, 80, 100])
def test_it_fits(width: int) -> None:
    for colour in (False, True):
        for line in render(summarise(network()), width, colour).splitlines()[:-7]:
            for code in ("\033[0m", "\033[1m", "\033[2m"):
                line = line.replace(code, "")
            assert len(line) <= width


def test_a_model_that_is_too_large() -> None:
    made = network()
    x = Blocks().var((B, 8), "x")
    for _ in range(60):
        made = block("net", (x,), (make("a", Use(made)), make("b", Use(made))), x)
    with pytest.raises(SpecError):
        summarise(made)


def test_it_needs_no_torch() -> None:
    code = "import sys, nndsl.backends.summary; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
