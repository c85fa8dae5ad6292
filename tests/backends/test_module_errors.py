"""What is refused: sizes, names, functions, values that only the run knows."""

from __future__ import annotations

import time
from typing import Any

import pytest
import torch

from nndsl.backends.module import vocabulary
from nndsl.backends.torch_module import build_module
from nndsl.diagnostics import SpecError
from nndsl.limits import Limits, under
from nndsl.model import outside
from nndsl.model.expr import Call, Name, Op
from nndsl.model.graph import (
    Block,
    Chain,
    Check,
    Construct,
    Declare,
    For,
    If,
    Parametric,
    Unsupported,
    Use,
    Weight,
)
from tests.backends.builders import B, Blocks, apply, block, invoke, linear, make

I = Name("i", "loop")  # noqa: E741


def owner(*statements: Any, **more: Any) -> Block:
    x = Blocks().var((B, 8), "x")
    return block("net", (x,), statements, x, **more)


def refused(
    made: Block, code: str, words: str, limits: Limits | None = None, **more: Any
) -> SpecError:
    with under(limits or Limits()), pytest.raises(SpecError) as caught:
        build_module(made, **more)
    (one,) = caught.value.diagnostics
    assert one.code == code
    assert words in one.message
    return caught.value


def huge() -> Construct:
    side = 2**24
    return Construct("torch.nn.Linear", (side, side), (), (Weight("weight", (side, side)),))


def test_too_many_modules() -> None:
    many = For(None, Call("range", (10**12,)), (make((I,), linear(8, 8)),), I)
    before = time.perf_counter()
    refused(owner(make("layers", Chain((many,)))), "E514", "250,001 modules or more")
    assert time.perf_counter() - before < 20
    few = For(None, Call("range", (10,)), (make(("layers", I), linear(8, 8)),), I)
    said = "would have 11 modules or more; the limit is 10"
    refused(owner(few), "E514", said, Limits(modules=10))


def test_loops_that_construct_nothing_are_counted_too() -> None:
    w = Blocks()
    x = w.var((B, 8), "x")
    loop = For(None, Call("range", (10**9,)), (w.do(apply("torch.relu", x)),), I)
    refused(block("net", (x,), (loop,), x), "E514", "steps", Limits(modules=1000))


def test_doubling_definitions() -> None:
    made = owner(make("a", linear(8, 8)))
    for _ in range(60):
        made = owner(make("a", Use(made)), make("b", Use(made)))
    refused(made, "E514", "modules or more")


def test_definitions_in_definitions() -> None:
    made = owner(make("a", linear(8, 8)))
    for _ in range(5000):
        made = owner(make("a", Use(made)))
    refused(made, "E509", "nested")


def test_too_many_elements() -> None:
    refused(owner(make("a", huge())), "E502", "parameters and buffer elements", device="meta")
    refused(owner(make("a", huge())), "E502", "MiB", Limits(elements=2**60))
    w = Blocks()
    zeros = w.do(apply("torch.zeros", (2**50,)), (2**50,))
    refused(owner(Declare("a", zeros.targets[0], (zeros,), False)), "E502", "elements")
    with under(Limits(elements=2**60)):
        build_module(owner(make("a", huge())), device="meta")


def test_what_torch_refuses_says_where() -> None:
    w = Blocks("conv 3->5 groups=2")
    conv = Construct("torch.nn.Conv2d", (3, 5, 1), (("groups", 2),))
    found = refused(owner(make("a", conv, w.span("conv"))), "E503", "`a`")
    assert found.diagnostics[0].span == w.span("conv")
    bad = w.do(apply("torch.ones", (2, 3)))
    both = w.do(apply("op.matmul", bad.targets[0], bad.targets[0]))
    refused(owner(Declare("p", both.targets[0], (bad, both), True)), "E503", "`p`")
    inner = owner(make("a", conv))
    refused(owner(make("inner", Use(inner))), "E503", "`a`")


def test_checks() -> None:
    refused(owner(Check(Op("==", (1, 2)), "heads must divide")), "E504", "heads must divide")
    refused(owner(Unsupported("no such case")), "E504", "no such case")


def test_what_only_the_run_knows() -> None:
    refused(owner(make("a", linear(B, 8))), "E505", "the constructor depends on `b`")
    refused(owner(make(("layers", B), linear(8, 8))), "E505", "the name of a layer depends on `b`")
    loop = For(None, Call("range", (B,)), (), I)
    refused(owner(loop), "E505", "the number of rounds depends on `b`")
    choice = If(Op("==", (B, 1)), (make("a", linear(8, 8)),), ())
    refused(owner(choice), "E505", "this condition depends on `b`")
    refused(owner(make("a", Parametric(B))), "E505", "parameter")


@pytest.mark.parametrize("name", ["forward", "training", "to", "_modules", "", "__nndsl_plan__"])
def test_names_that_modules_need(name: str) -> None:
    if name == "__nndsl_plan__":
        refused(owner(make(name, linear(8, 8))), "E506", "name")
    else:
        refused(owner(make(name, linear(8, 8))), "E506", name or "empty part")


def test_names_taken_twice() -> None:
    refused(owner(make("a", linear(8, 8)), make("a", linear(8, 8))), "E506", "two things")
    w = Blocks()
    ones = w.do(apply("torch.ones", 1))
    twice = owner(make("a", linear(8, 8)), Declare("a", ones.targets[0], (ones,), True))
    refused(twice, "E506", "two things")


@pytest.mark.parametrize(
    "fn",
    [
        "os.system", "torch.load", "torch.save", "torch.from_file", "torch.hub.load", "torch._C",
        "torch.nn.functional.warnings", "F.importlib", "F._verify", "F.handle_torch_function",
        "Tensor.numpy", "Tensor.__class__", "Tensor.register_hook", "Tensor.data", "Tensor.set_",
        "builtins.eval", "eval", "op.eval", "torch.nn.init.math", "torch.compile", "torch.Tensor",
        "torch.set_default_dtype", "torch.special.sys", "Tensor.grad_fn", "torch.zeros()",
    ],
)  # fmt: skip
def test_functions_outside_of_the_vocabulary(fn: str) -> None:
    w = Blocks()
    x = w.var((B, 8), "x")
    done = w.do(apply(fn, x))
    with pytest.raises(SpecError):
        build_module(block("net", (x,), (done,), done.targets[0]))


LISTED = """
torch.cat torch.where torch.einsum torch.arange torch.linspace torch.meshgrid torch.ones_like
torch.unbind torch.chunk torch.split torch.topk torch.sort torch.stack torch.outer torch.tril
torch.full torch.cumsum torch.argmax torch.scatter torch.scatter_add torch.repeat_interleave
torch.flip torch.roll torch.index_select torch.norm torch.clamp torch.logical_not torch.pow
torch.relu torch.softmax torch.empty F.relu F.pad F.interpolate F.normalize F.one_hot F.conv2d
F.gelu F.dropout F.unfold F.max_pool2d F.silu F.scaled_dot_product_attention F.pixel_shuffle
F.adaptive_max_pool2d F.cross_entropy F.embedding Tensor.reshape Tensor.expand Tensor.permute
Tensor.masked_fill Tensor.unflatten Tensor.detach Tensor.to Tensor.flatten Tensor.size
Tensor.split Tensor.normal_ Tensor.uniform_ Tensor.contiguous Tensor.float Tensor.repeat
Tensor.mT Tensor.item torch.nn.init.trunc_normal_ torch.nn.init.kaiming_uniform_
torch.linalg.norm torch.fft.rfft torch.special.erf torch.normal torch.rand torch.randn torch.eye
"""


def test_functions_of_the_vocabulary() -> None:
    missing = [fn for fn in LISTED.split() if not vocabulary.allowed(fn)]
    assert missing == []


@pytest.mark.parametrize(
    "name", ["torch.load", "nn.Linear", "torch.nn.Parameter", "torch.nn.init", "os.X"]
)
def test_layers_outside_of_the_vocabulary(name: str) -> None:
    refused(owner(make("a", Construct(name))), "E505", name)


def test_declared_layers_of_other_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "_DECLARED", set())
    twice = owner(make("a", Construct("einops.layers.torch.Rearrange", ("b c -> c b",))))
    refused(twice, "E505", "no plug-in declares it")
    outside.declare("einops.layers.torch.Rearrange")
    assert type(build_module(twice).a).__name__ == "Rearrange"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("no_such_package.Layer", "No module named"),
        ("einops.NoSuchLayer", "has no attribute"),
        ("einops.rearrange", "no class of modules"),
        ("einops.EinopsError", "no class of modules"),
    ],
)
def test_declared_layers_that_are_not_there(
    path: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "_DECLARED", {path})
    refused(owner(make("a", Construct(path))), "E507", words)


def test_the_default_dtype_and_device_are_put_back() -> None:
    bad = owner(make("a", Construct("torch.nn.Conv2d", (3, 5, 1), (("groups", 2),))))
    with pytest.raises(SpecError):
        build_module(bad, device="meta", dtype=torch.float64)
    assert torch.get_default_dtype() is torch.float32
    assert torch.empty(1).device.type == "cpu"
    with pytest.raises(TypeError, match="float"):
        build_module(owner(), dtype=torch.int64)


def test_values_that_are_no_numbers() -> None:
    w = Blocks()
    x = w.var((B, 8), "x")
    done = w.do(apply("torch.add", x, object()))
    refused(block("net", (x,), (done,), done.targets[0]), "E505", "a object can't be an argument")
    lost = w.do(apply("torch.relu", w.var()))
    refused(block("net", (x,), (lost,), lost.targets[0]), "E505", "read before it is made")
    nameless = w.do(invoke("fc", x, Name("q")))
    refused(block("net", (x,), (nameless,), x), "E505", "`q`")
    x2 = w.var((B, 8), "x")
    refused(block("net", (x, x2), (), x), "E505", "two inputs have one name")
    no_result = owner()
    no_result.body = ()
    refused(no_result, "E505", "gives no result")
