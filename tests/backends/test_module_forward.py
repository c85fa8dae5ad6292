"""What a built module computes: every operation, condition and loop."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from nndsl.backends.torch_module import build_module
from nndsl.model.expr import Call, CompClause, Comprehension, Cond, Index, Name, Op, SliceOf
from nndsl.model.graph import (
    Apply,
    CallFunction,
    Carried,
    CarriedSize,
    Construct,
    Declare,
    Do,
    Dtype,
    For,
    FunctionBlock,
    Gathered,
    Give,
    If,
    Joined,
    JoinedSize,
    Many,
    RunTest,
    Scan,
    SliceArg,
    Special,
    TensorType,
    TupleType,
    Use,
)
from tests.backends.builders import B, Blocks, T, apply, block, invoke, linear, make

W = Blocks()
X = W.var((B, T, 8), "x")
VALUE = torch.randn(2, 3, 8)
EVERY_OTHER = SliceArg(1, None, 2)
ZEROS = torch.zeros(3)
K = Name("k", "loop")
SHIFTED = Comprehension(
    Op("+", (T, K)), (CompClause(K, (1, 2, 3), (Op("!=", (K, 2)),)),)
)  # [t + k for k in (1, 2, 3) if k != 2]


def run(operation: Any, *inputs: Any, **more: Any) -> Any:
    """What a block of one operation on ``X`` gives for ``VALUE``."""
    done = W.do(operation)
    net = build_module(block("net", (X,), (done,), done.targets[0], **more))
    return net(*(inputs or (VALUE,)))


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        (apply("op.add", X, 1), VALUE + 1),
        (apply("op.sub", 1, X), 1 - VALUE),
        (apply("op.mul", X, X, 2), VALUE * VALUE * 2),
        (apply("op.truediv", X, 2), VALUE / 2),
        (apply("op.floordiv", X, 2), VALUE // 2),
        (apply("op.mod", X, 2), VALUE % 2),
        (apply("op.pow", X, 2), VALUE**2),
        (apply("op.neg", X), -VALUE),
        (apply("op.pos", X), VALUE),
        (apply("op.lt", X, 0), VALUE < 0),
        (apply("op.ge", X, 0), VALUE >= 0),
        (apply("op.eq", X, X), VALUE == VALUE),
        (apply("op.getitem", X, 0), VALUE[0]),
        (apply("op.getitem", X, Many((SliceArg(None, None, None), -1), "tuple")), VALUE[:, -1]),
        (apply("op.getitem", X, Many((Special("..."), EVERY_OTHER), "tuple")), VALUE[..., 1::2]),
        (apply("op.getitem", X, Many((0, 1))), VALUE[[0, 1]]),
        (apply("op.getitem", X, 1, 2), VALUE[1, 2]),
        (apply("op.getitem", X, SliceArg(None, Op("-", (T, 2)), None)), VALUE[:1]),
        (apply("torch.cat", Many((X, X)), dim=1), torch.cat([VALUE, VALUE], dim=1)),
        (apply("F.gelu", X, approximate="tanh"), nn.functional.gelu(VALUE, approximate="tanh")),
        (apply("Tensor.reshape", X, B, Op("*", (T, 8))), VALUE.reshape(2, 24)),
        (apply("Tensor.mT", X), VALUE.mT),
        (apply("torch.special.expm1", X), torch.special.expm1(VALUE)),
        (apply("Tensor.to", X, Dtype("int")), VALUE.to(torch.int64)),
        (apply("Tensor.to", X, dtype=Dtype("bool")), VALUE.bool()),
        (apply("torch.zeros", T, device=Special("device", X), dtype=Dtype("float")), ZEROS),
        (apply("torch.full", (B, T), 2, dtype=Special("dtype", X)), torch.full((2, 3), 2.0)),
        (apply("op.identity", X), VALUE),
        (apply("torch.clamp", X, max=float("inf")), VALUE),
    ],
)  # fmt: skip
def test_operations(operation: Apply, wanted: torch.Tensor) -> None:
    found = run(operation)
    assert found.dtype == wanted.dtype
    assert torch.equal(found, wanted)


def test_matmul() -> None:
    turned = W.do(apply("Tensor.mT", X))
    done = W.do(apply("op.matmul", X, turned.targets[0]))
    net = build_module(block("net", (X,), (turned, done), done.targets[0]))
    assert torch.equal(net(VALUE), VALUE @ VALUE.mT)


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        (Call("max", (T, 2)), 3),
        (Call("ceil", (Op("/", (T, 2)),)), 2),
        (Cond(Op(">", (T, 2)), B, 9), 2),
        (Cond(Op("and", (Op(">", (T, 2)), Op("not", (Op("==", (B, 2)),)))), 1, 4), 4),
        (Index((B, T), 1), 3),
        (Index(SliceOf((B, T, 5), 1, None, None), 0), 3),
        (Op("neg", (Op("-", (1, Op("**", (T, 2)))),)), 8),
        (Call("sum", (SHIFTED,)), 10),
        (Name("known", "size", meaning=4), 4),
        (Name("later", "local", meaning=Op("*", (T, B))), 6),
    ],
)  # fmt: skip
def test_sizes_of_the_run(size: Any, wanted: int) -> None:
    assert run(apply("torch.zeros", size)).shape == (wanted,)


def test_several_targets_and_named_outputs() -> None:
    a, b = W.var(name="a"), W.var(name="b")
    split = Do((a, b), apply("torch.chunk", X, 2, dim=-1))
    named = TupleType((a.type, b.type), ("left", "right"))
    out = build_module(block("net", (X,), (split,), Many((a, b)), type=named))(VALUE)
    assert type(out).__name__ == "NetOutput"
    assert torch.equal(out.left, VALUE[..., :4])
    plain = build_module(
        block("net", (X,), (split,), Many((a, b)), type=TupleType((a.type, b.type)))
    )
    assert type(plain(VALUE)) is tuple


def test_children_with_odd_names_and_places() -> None:
    fc = linear(8, 8)
    paths: list[Any] = [
        ("block1-0",), ("layers", 0), ("layers", 1), ("gaps", 4), ("group", "class"), ("seq", "x"),
        ("0",),
    ]  # fmt: skip
    w = Blocks()
    x = w.var((B, 8), "x")
    body: list[Any] = []
    flowing = x
    for path in paths:
        called = w.do(invoke(path, flowing))
        body += [make(path, fc), called]
        flowing = called.targets[0]
    net = build_module(block("net", (x,), tuple(body), flowing))
    value = torch.randn(2, 8)
    wanted = value
    for path in paths:
        wanted = net.get_submodule(".".join(map(str, path)))(wanted)
    assert torch.equal(net(value), wanted)


def test_optional_inputs_and_keywords() -> None:
    w = Blocks()
    x, mask = w.var((B, 8), "x"), w.var((B, 8), "mask")
    masked = w.do(apply("op.mul", x, mask))
    y = w.var((B, 8), "y")
    choice = If(RunTest("none", mask), (), (masked,), (Joined(y, x, masked.targets[0]),))
    inner = block("inner", (x, mask), (choice,), y, optional=(mask,))
    net = build_module(inner)
    value = torch.randn(2, 8)
    assert torch.equal(net(value), value)
    assert torch.equal(net(value, mask=value), value * value)
    called = w.do(invoke("inner", x, mask=x))
    outer = build_module(
        block("outer", (x,), (make("inner", Use(inner)), called), called.targets[0])
    )
    assert torch.equal(outer(value), value * value)


def test_the_mode_of_the_module() -> None:
    noisy = W.do(apply("op.mul", X, 0))
    out, size = W.var(), Name("n", "carried")
    choice = If(
        RunTest("training"),
        (noisy,),
        (),
        (Joined(out, noisy.targets[0], X),),
        (JoinedSize(size, T, 1),),
    )
    grown = W.do(apply("Tensor.expand", out, size, 2, 3, 8))
    net = build_module(block("net", (X,), (choice, grown), grown.targets[0]))
    assert torch.equal(net(VALUE), (VALUE * 0).expand(3, 2, 3, 8))
    assert torch.equal(net.eval()(VALUE), VALUE.expand(1, 2, 3, 8))
    dropped = run(apply("F.dropout", X, 1.0, Special("training")))
    assert not dropped.any()


def test_rounds_carry_values_and_gather() -> None:
    i = Name("i", "loop")
    head, after, items = W.var(), W.var(), W.var()
    called = W.do(invoke(("layers", i), head))
    loop = For(
        None,
        Call("range", (3,)),
        (make(("layers", i), linear(8, 8)), called),
        i,
        (Carried(head, X, called.targets[0], after),),
        gathered=(Gathered(items, called.targets[0]),),
    )
    net = build_module(block("net", (X,), (loop,), Many((after, items), "tuple")))
    last, every = net(VALUE)
    wanted = VALUE
    for layer, item in zip(net.layers, every, strict=True):
        wanted = layer(wanted)
        assert torch.equal(item, wanted)
    assert torch.equal(last, wanted)


def test_no_rounds() -> None:
    i, head, after = Name("i", "loop"), W.var(), W.var()
    loop = For(None, Call("range", (0,)), (), i, (Carried(head, X, head, after),))
    assert torch.equal(build_module(block("net", (X,), (loop,), after))(VALUE), VALUE)


def test_rounds_carry_static_values_and_sizes() -> None:
    i, c, n = Name("i", "loop"), Name("c", "carried"), Name("n", "carried")
    head, after = W.var(), W.var()
    cut = W.do(apply("op.getitem", head, Many((0, SliceArg(None, n, None)), "tuple")))
    back = W.do(apply("torch.unsqueeze", cut.targets[0], 0))
    loop = For(
        i,
        (5, 6),
        (make((Op("+", ("fc", Call("str", (i,)))),), linear(c, i)), cut, back),
        Name("round", "loop"),
        (Carried(head, X, back.targets[0], after),),
        (CarriedSize(c, 8, i), CarriedSize(n, T, Op("-", (n, 1)))),
    )
    last = W.do(apply("torch.zeros", n, c))
    net = build_module(block("net", (X,), (loop, last), Many((after, last.targets[0]), "tuple")))
    cut_twice, rest = net(VALUE)
    assert [tuple(m.weight.shape) for m in net.children()] == [(5, 8), (6, 5)]
    assert cut_twice.shape == (1, 2, 8)
    assert rest.shape == (1, 6)


def test_carried_values_may_change_places() -> None:
    a, b, a2, b2 = (W.var() for _ in range(4))
    first = W.do(apply("op.add", X, 1))
    loop = For(
        None, Call("range", (3,)), (), Name("i", "loop"),
        (Carried(a, X, b, a2), Carried(b, first.targets[0], a, b2)),
    )  # fmt: skip
    net = build_module(block("net", (X,), (first, loop), Many((a2, b2), "tuple")))
    left, right = net(VALUE)
    assert torch.equal(left, VALUE + 1)
    assert torch.equal(right, VALUE)


def test_scan_over_time() -> None:
    w = Blocks()
    x = w.var((B, T, 8), "x")
    steps = w.do(apply("torch.unbind", x, dim=1))
    start = w.do(apply("torch.zeros", B, 4, device=Special("device", x)))
    step, head, after, states = (
        w.var((B, 8), "xt"),
        w.var((B, 4), "h"),
        w.var(),
        w.var(name="states"),
    )
    called = w.do(invoke("cell", step, head), name="h")
    scan = Scan(
        (step,),
        steps.targets[0],
        (make("cell", Construct("torch.nn.GRUCell", (8, 4))), called),
        (Carried(head, start.targets[0], called.targets[0], after),),
        (Gathered(states, called.targets[0]),),
    )
    stacked = w.do(apply("torch.stack", states, dim=1))
    body = (steps, start, scan, stacked)
    net = build_module(block("net", (x,), body, Many((stacked.targets[0], after), "tuple")))
    every, last = net(VALUE)
    h = torch.zeros(2, 4)
    for at in range(3):
        h = net.cell(VALUE[:, at], h)
        assert torch.equal(every[:, at], h)
    assert torch.equal(last, h)


def test_scan_takes_pairs_and_swaps() -> None:
    w = Blocks()
    x = w.var((B, T, 8), "x")
    rows = w.do(apply("torch.unbind", x, dim=0))
    halves = [w.do(apply("op.getitem", rows.targets[0], i)) for i in (0, 1)]
    pairs = w.do(apply("op.list", Many((halves[0].targets[0], halves[1].targets[0]), "tuple")))
    a, b = w.var(name="a"), w.var(name="b")
    p, q, p2, q2 = (w.var() for _ in range(4))
    total = w.do(apply("op.add", p, b))
    first = halves[0].targets[0]
    scan = Scan(
        (a, b),
        pairs.targets[0],
        (total,),
        (Carried(p, first, q, p2), Carried(q, first, total.targets[0], q2)),
    )
    net = build_module(block("net", (x,), (rows, *halves, pairs, scan), Many((p2, q2), "tuple")))
    left, right = net(VALUE)
    assert torch.equal(left, VALUE[0])
    assert torch.equal(right, VALUE[0] + VALUE[1])


def rope() -> FunctionBlock:
    """``fn half(x, n, k=2)``: the first n // k of an axis, halved in training."""
    w = Blocks()
    x = w.var((B,), "x")
    n, k = Name("n", "param"), Name("k", "param")
    cut = w.do(apply("op.getitem", x, SliceArg(None, Op("//", (n, k)), None)))
    halved = w.do(apply("op.mul", cut.targets[0], 0.5))
    y = w.var()
    choice = If(RunTest("training"), (halved,), (), (Joined(y, halved.targets[0], cut.targets[0]),))
    body = (cut, choice, Give(y, TensorType(None)))
    return FunctionBlock("half", (("x", x, None), ("n", n, None), ("k", k, 2)), body, y.type)


def test_functions_of_the_spec() -> None:
    fn = rope()
    assert torch.equal(run(CallFunction(fn, (X, 2))), VALUE[:1] * 0.5)
    assert torch.equal(run(CallFunction(fn, (X,), (("k", 1), ("n", B)))), VALUE * 0.5)
    done = W.do(CallFunction(fn, (X, B, 1)))
    net = build_module(block("net", (X,), (done,), done.targets[0])).eval()
    assert torch.equal(net(VALUE), VALUE)


def test_equal_calls_share_their_code_and_1_is_not_true() -> None:
    fn = rope()
    for n in (2, 2, 2.0, 4):
        done = W.do(CallFunction(fn, (X, n)))
        build_module(block("net", (X,), (done,), done.targets[0]))
    assert len(vars(fn)["_compiled"]) == 3


def test_a_condition_on_a_size_of_the_run() -> None:
    y = W.var()
    doubled = W.do(apply("op.mul", X, 2))
    choice = If(Op("==", (T, 3)), (doubled,), (), (Joined(y, doubled.targets[0], X),))
    net = build_module(block("net", (X,), (choice,), y))
    assert torch.equal(net(VALUE), VALUE * 2)
    assert torch.equal(net(VALUE[:, :2]), VALUE[:, :2])


def test_members_are_read_where_they_are() -> None:
    w = Blocks()
    x = w.var((B, 8), "x")
    ones = w.do(apply("torch.full", (8,), 3.0))
    weight = w.var((8, 8), member=("embed", "weight"))
    scaled = w.do(apply("op.mul", x, ones.targets[0]))
    out = w.do(apply("F.linear", scaled.targets[0], weight))
    body = (Declare("g", ones.targets[0], (ones,), True), make("embed", linear(8, 8)), scaled, out)
    net = build_module(block("net", (x,), body, out.targets[0]))
    value = torch.randn(2, 8)
    assert torch.equal(net(value), nn.functional.linear(value * net.g, net.embed.weight))


def test_names_of_the_author_can_hide_nothing() -> None:
    w = Blocks()
    x = w.var((B, 8), "len")
    y = w.do(apply("op.add", x, Call("max", (B, 1))), name="max")
    z = w.do(apply("torch.relu", y.targets[0]), name="training")
    net = build_module(block("net", (x,), (y, z), z.targets[0]))
    value = torch.randn(2, 8)
    assert torch.equal(net(value), torch.relu(value + 2))


def test_a_dead_value_is_freed() -> None:
    w = Blocks()
    x = w.var((B, 8), "x")
    body: list[Any] = []
    flowing = x
    for name in ("a", "b", "", "", "a", "c", ""):
        body.append(w.do(apply("op.add", flowing, 1), name=name))
        flowing = body[-1].targets[0]
    net = build_module(block("net", (x,), tuple(body), flowing))
    assert torch.equal(net(torch.zeros(1, 8)), torch.full((1, 8), 7.0))
    names = type(net).forward.__code__.co_varnames
    assert len(names) <= 6
