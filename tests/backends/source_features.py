"""Small programs, one for each thing that a body may hold."""

from __future__ import annotations

from nndsl.model.expr import Call, Cond, Index, Name, Op, Text
from nndsl.model.graph import (
    Apply,
    Bind,
    Block,
    Carried,
    CarriedSize,
    Chain,
    Check,
    Declare,
    Do,
    For,
    Gathered,
    Give,
    Holder,
    If,
    Invoke,
    Joined,
    JoinedSize,
    LayerRef,
    Make,
    Many,
    Parametric,
    Program,
    RunTest,
    Scan,
    SliceArg,
    Special,
    TupleType,
    Unsupported,
    Use,
    Var,
)
from tests.backends.source_cases import (
    DEPTH,
    WIDTH,
    B,
    C,
    D,
    H,
    T,
    W,
    Writing,
    inp,
    linear_block,
    ne,
    param,
    size,
    tensor,
    torch,
)

WIDTHS = Name("widths", "param", "list[int]")
AT, R = Name("i", "loop"), Name("r", "loop")
ROW = Name("w", "loop")


def one(block: Block, *others: Block) -> Program:
    return Program((*others, block), spec=f"{block.name}.nn")


def growing_chain() -> Program:
    """A running size in a sequential, and a stage that is there or not."""
    first = size("in_features")
    running = Name("in_features", "carried")
    rate = Name("rate", "param", "float")
    rounds = For(
        ROW,
        WIDTHS,
        (
            Make((AT,), torch("Linear", running, ROW)),
            Make((AT,), torch("ReLU")),
            If(Op(">", (rate, 0)), (Make((AT,), torch("Dropout", rate)),), ()),
        ),
        R,
        sizes=(CarriedSize(running, first, ROW),),
    )
    body = (rounds, Make((AT,), torch("Linear", running, 10)))
    parameters = (param("widths", "list[int]"), param("rate", "float", 0.0))
    x = inp("x", B, first)
    block = Block("growing", "sequential", parameters, (x,), body, tensor(B, 10), needs=(first,))
    return one(block)


def chosen() -> Program:
    """Children and functions that a static condition chooses."""
    fast, act = Name("fast", "param", "bool"), Name("act", "param", "layer")
    w = Writing()
    x = inp("x", B, C, H, W)
    a, b = Writing(), Writing()
    left = a.child("mix", torch("Conv2d", C, C, 1), x.var)
    right = b.child("mix", torch("Conv2d", C, C, 3, padding=1, groups=C), x.var)
    mixed = w.var()
    w.add(If(fast, a.body, b.body, (Joined(mixed, left, right),)))
    a, b = Writing(), Writing()
    left, right = a.op("torch.relu", mixed), b.op("F.gelu", mixed)
    after = w.var()
    w.add(If(fast, a.body, b.body, (Joined(after, left, right),)))
    a = Writing()
    scaled = a.child("scale", torch("Conv2d", C, C, 1), after)
    scaled = a.child("norm", torch("BatchNorm2d", C), scaled)
    last = w.var()
    w.add(If(ne(C, 64), a.body, (), (Joined(last, scaled, after),)))
    y = w.child("act", Parametric(act), last)
    w.add(Give(y, tensor(B, C, H, W)))
    parameters = (
        param("fast", "bool", False), param("act", "layer", LayerRef(torch="torch.nn.ReLU"))
    )  # fmt: skip
    return one(Block("chosen", "module", parameters, (x,), w.body, y.type, needs=(C,)))


def refused() -> Program:
    """Checks, sizes from either branch, and a branch that can't be."""
    mode = Name("mode", "param", "str")
    inner, hidden = Name("inner", "local"), Name("hidden", "carried")
    w = Writing()
    x = inp("x", B, D)
    w.add(Check(Op("==", (Op("%", (D, 2)), 0)), Text(("d is ", D, ', which is "odd"'))))
    wide = (Bind(inner, Op("*", (4, WIDTH))),)
    sizes = (JoinedSize(hidden, inner, WIDTH),)
    w.add(If(Op("==", (mode, "wide")), wide, (), sizes=sizes))
    y = w.child("up", torch("Linear", D, hidden), x.var)
    a = Writing()
    more = a.op("torch.tanh", y)
    joined = w.var()
    w.add(If(Op("==", (mode, "odd")), (Unsupported("odd is not possible"),), a.body,
             (Joined(joined, y, more),)))  # fmt: skip
    a = Writing()
    noisy = a.op("op.add", joined, a.op("torch.randn_like", joined))
    after = w.var()
    w.add(If(RunTest("training"), a.body, (), (Joined(after, noisy, joined),)))
    w.add(Give(w.child("down", torch("Linear", hidden, D), after), tensor(B, D)))
    parameters = (param("width"), param("mode", "str", "plain"))
    return one(Block("refused", "module", parameters, (x,), w.body, tensor(B, D), needs=(D,)))


def recurrent() -> Program:
    """A loop over time that carries a state and gathers a list."""
    w = Writing()
    x = inp("x", B, T, D)
    h = w.op("torch.zeros", B, WIDTH, device=Special("device", x.var), name="h")
    steps = w.op("torch.unbind", x.var, dim=1)
    head, xt, after, states = w.var("h"), w.var("xt"), w.var("h"), w.var("states")
    w.add(Make(("cell",), torch("GRUCell", D, WIDTH)))
    inner = Writing()
    new = inner.do(Invoke(("cell",), (xt, head)), "h")
    carried, gathered = (Carried(head, h, new, after),), (Gathered(states, new),)
    w.add(Scan((xt,), steps, inner.body, carried, gathered))
    stacked = w.op("torch.stack", states, dim=1)
    w.add(Give(Many((stacked, after), "tuple"), TupleType(
        (tensor(B, T, WIDTH), tensor(B, WIDTH)), ("states", "last"))))  # fmt: skip
    origins = {n: (x.var, k) for k, n in enumerate((B, T, D))}
    kind = w.steps[-1].type
    block = Block("encoder", "module", (param("width"),), (x,), w.body, kind, origins, (D,))
    return one(block)


def branches() -> Program:
    """Children side by side in a list, gathered, and one that gets an optional input."""
    w = Writing()
    x, mask = inp("x", B, C, H, W), inp("mask", B, optional=True)
    w.add(Make(("branches",), Holder("ModuleList")))
    inner = Writing()
    k = Name("k", "loop")
    made = torch("Conv2d", C, WIDTH, k, padding=Op("//", (k, 2)))
    inner.add(Make(("branches", R), made))
    item, every = inner.do(Invoke(("branches", R), (x.var,))), w.var()
    kernels = Name("kernels", "param", "list[int]")
    w.add(For(k, kernels, inner.body, R, gathered=(Gathered(every, item),)))
    y = w.op("torch.cat", every, dim=1)
    a = Writing()
    masked = a.op("op.mul", y, mask.var)
    after = w.var()
    w.add(If(RunTest("none", mask.var), (), a.body, (Joined(after, y, masked),)))
    w.add(Give(after, tensor(B)))
    parameters = (param("width"), param("kernels", "list[int]", (1, 3, 5)))
    block = Block("inception", "module", parameters, (x, mask), w.body, tensor(B), needs=(C,))
    return one(block)


def numbered() -> Program:
    """A pipeline of layers and functions: children have numbers, the forward is its own."""
    w = Writing()
    x = inp("x", B, 1, 28, 28)
    w.add(Make((0,), torch("Conv2d", 1, 8, 3)))
    y = w.op("torch.relu", w.do(Invoke((0,), (x.var,))))
    w.add(Make((1,), torch("Linear", 26, 10)))
    y = w.do(Invoke((1,), (w.op("Tensor.mean", y, dim=2),)))
    index = Many((Special("..."), SliceArg(None, Op("-", (WIDTH, 1)), None)), "tuple")
    w.add(Give(w.op("op.getitem", y, index), tensor(B)))
    return one(Block("tail", "numbered", (param("width"),), (x,), w.body, tensor(B)))


def dense() -> Program:
    """Labels with numbers, and a size that runs on."""
    growth = Name("growth", "param")
    c = Name("c", "carried")
    w, inner = Writing(), Writing()
    x = inp("x", B, C, H, W)
    head, after = w.var(), w.var()
    path = (Text(("denselayer", Op("+", (AT, 1)))),)
    y = inner.child(path[0], torch("Conv2d", c, growth, 3, padding=1), head)  # type: ignore
    y = inner.op("torch.cat", Many((head, y)), dim=1)
    rounds = Call("range", (Name("n", "param"),))
    sizes = (CarriedSize(c, C, Op("+", (c, growth))),)
    w.add(For(AT, rounds, inner.body, R, (Carried(head, x.var, y, after),), sizes))
    w.add(Give(after, tensor(B)))
    parameters = (param("n"), param("growth"))
    return one(Block("dense_block", "module", parameters, (x,), w.body, tensor(B), needs=(C,)))


def learned() -> Program:
    """Parameters, in a condition too, and tables read by index."""
    w, a = Writing(), Writing()
    x = inp("x", B, T, D)
    for name, trainable in (("table", False), ("scale", True)):
        made = Writing()
        value = made.op("torch.ones", D)
        if name == "table":
            value = made.op("torch.tril", made.op("torch.ones", T, T))
        w.add(Declare(name, value, made.body, trainable))
    table, scale = (Var(k, n, tensor(D), (n,)) for k, n in enumerate(("table", "scale")))
    made = Writing()
    value = made.op("op.mul", made.op("torch.randn", 1, 1, D), 0.02)
    a.add(Declare("cls", value, made.body, True))
    cls = Var(9, "cls", tensor(1, 1, D), ("cls",))
    wide = a.op("Tensor.expand", cls, B, -1, -1)
    longer = a.op("torch.cat", Many((wide, x.var)), dim=1)
    joined = w.var()
    token = Name("token", "param", "bool")
    w.add(If(token, a.body, (), (Joined(joined, longer, x.var),)))
    y = w.op("op.mul", joined, scale)
    rows = SliceArg(None, T, None)
    y = w.op("op.matmul", w.op("op.getitem", table, Many((rows, rows), "tuple")), y)
    first = Index(Name("depths", "param", "list[int]"), 0)
    y = w.child("head", torch("Linear", D, first), y)
    w.add(Give(y, tensor(B, T)))
    origins = {n: (x.var, k) for k, n in enumerate((B, T, D))}
    parameters = (param("token", "bool", True), param("depths", "list[int]", (3, 4)))
    block = Block("learned", "module", parameters, (x,), w.body, tensor(B, T), origins, (T, D))
    return one(block)


def twins() -> Program:
    """Two containers walked together, with a value for each round; a label inside a path."""
    w, a, b = Writing(), Writing(), Writing()
    x = inp("x", B, T, D)
    use = linear_block()
    w.add(
        Make(("encoder",), Holder("ModuleDict")), Make(("encoder", "norms"), Holder("ModuleList"))
    )
    a.add(Make(("encoder", "norms", R), torch("LayerNorm", D)))
    w.add(For(None, Call("range", (DEPTH,)), a.body, R))
    w.add(Make(("blocks",), Holder("ModuleList")))
    b.add(Make(("blocks", AT), Use(use, (("width", D),), 1, ((use.needs[0], D),))))
    head, after = w.var(), w.var()
    y = b.do(Invoke(("blocks", AT), (b.do(Invoke(("encoder", "norms", AT), (head,))),)))
    y = b.op("op.add", head, b.op("op.mul", y, Op("/", (1, Op("+", (AT, 1))))))
    w.add(For(AT, Call("range", (DEPTH,)), b.body, R, (Carried(head, x.var, y, after),)))
    w.add(Give(after, tensor(B, T, D)))
    block = Block("twins", "module", (param("depth"),), (x,), w.body, tensor(B, T, D), needs=(D,))
    return one(block, use)


def named_chain() -> Program:
    """A sequential with labels, inside another, with a choice."""
    bias = Name("bias", "param", "bool")
    inner = Chain((
        Make(("conv",), torch("Conv2d", C, WIDTH, 3, bias=bias)),
        Make(("act",), torch("ReLU")),
    ))  # fmt: skip
    maybe = If(bias, (Make((1,), torch("Identity")),), (Make((1,), torch("BatchNorm2d", WIDTH)),))
    body = (Make(("stem",), inner), Make(("head",), Chain((Make((0,), torch("ReLU")), maybe))))
    x = inp("x", B, C, H, W)
    parameters = (param("width"), param("bias", "bool", False))
    block = Block("stem", "sequential", parameters, (x,), body, tensor(B), needs=(C,))
    return one(block)


def tuples() -> Program:
    """Results taken apart, and one output of several."""
    w = Writing()
    x = inp("x", B, T, D)
    w.add(Make(("lstm",), torch("LSTM", D, WIDTH, batch_first=True)))
    y, state = w.var("y"), w.var(type=TupleType((tensor(B), tensor(B))))
    w.add(Do((y, state), Invoke(("lstm",), (x.var,))))
    h, c = w.var("h"), w.var("c")
    w.add(Do((h, c), Apply("op.identity", (state,))))
    last = w.op("op.getitem", y, Many((SliceArg(None, None, None), -1), "tuple"))
    top = w.op("op.getitem", h, -1)
    y = w.op("op.add", last, top)
    w.add(
        Give(w.child("fc", torch("Linear", WIDTH, Cond(Op(">", (WIDTH, 9)), 10, 2)), y), tensor(B))
    )
    return one(Block("tuples", "module", (param("width"),), (x,), w.body, tensor(B), needs=(D,)))


FEATURES = {
    make.__name__: make
    for make in (
        growing_chain, chosen, refused, recurrent, branches, numbered, dense, learned, twins,
        named_chain, tuples,
    )
}  # fmt: skip
