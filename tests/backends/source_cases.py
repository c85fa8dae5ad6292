"""Programs written by hand in the form that the resolver hands to the source backend."""

from __future__ import annotations

from typing import Any

from nndsl.model.expr import Call, Cond, Name, Op, Static, Text
from nndsl.model.graph import (
    Apply,
    Bind,
    Block,
    CallFunction,
    Carried,
    CarriedSize,
    Chain,
    Construct,
    Declare,
    Do,
    Factory,
    For,
    FunctionBlock,
    Give,
    Holder,
    If,
    InputParameter,
    Invoke,
    Joined,
    LambdaRef,
    LayerRef,
    LossCall,
    Make,
    Many,
    Parametric,
    Program,
    Special,
    StaticParameter,
    TensorType,
    TieTo,
    TupleType,
    Use,
    Var,
)


class Writing:
    """Numbers variables; ``steps`` collects the body of one definition."""

    count = 0

    def __init__(self) -> None:
        self.steps: list[Any] = []

    def var(self, name: str = "", shape: Any = None, **more: Any) -> Var:
        Writing.count += 1
        kind = more.pop("type", TensorType(shape, more.pop("dtype", "float")))
        return Var(Writing.count, name, kind, **more)

    def add(self, *statements: Any) -> None:
        self.steps += statements

    def do(self, operation: Any, name: str = "", shape: Any = None, **more: Any) -> Var:
        made = self.var(name, shape, **more)
        self.steps.append(Do((made,), operation))
        return made

    def child(self, path: str, what: Any, *args: Any, name: str = "") -> Var:
        """Make a child and call it."""
        self.steps.append(Make((path,), what))
        return self.do(Invoke((path,), args), name)

    def op(self, fn: str, *args: Any, name: str = "", **kwargs: Any) -> Var:
        return self.do(Apply(fn, args, tuple(kwargs.items())), name)

    @property
    def body(self) -> tuple[Any, ...]:
        return tuple(self.steps)


def param(name: str, type: str = "int", default: Static = None, **more: Any) -> StaticParameter:
    required = more.pop("required", default is None and "optional" not in more)
    return StaticParameter(Name(name, "param", type), type, default, required, **more)


def size(name: str) -> Name:
    return Name(name)


def tensor(*shape: Any, dtype: str = "float", lead: bool = False) -> TensorType:
    return TensorType(shape, dtype, lead)


def inp(name: str, *shape: Any, **more: Any) -> InputParameter:
    optional = more.pop("optional", False)
    Writing.count += 1
    return InputParameter(Var(Writing.count, name, tensor(*shape, **more)), optional, "given")


def torch(name: str, *args: Static, **kwargs: Static) -> Construct:
    return Construct(f"torch.nn.{name}", args, tuple(kwargs.items()))


def eq(a: Static, b: Static) -> Op:
    return Op("==", (a, b))


def ne(a: Static, b: Static) -> Op:
    return Op("!=", (a, b))


B, C, H, W, T, D = (size(n) for n in "bchwtd")
WIDTH, STRIDE, DEPTH = (Name(n, "param") for n in ("width", "stride", "depth"))
N = Name("n_rounds", "loop")


# ------------------------------------------------------------------ one line


def linear_block() -> Block:
    features = size("in_features")
    body = (Make((0,), torch("Linear", features, WIDTH)), Make((1,), torch("ReLU")))
    x = InputParameter(Var(0, "x", tensor(features, lead=True)))
    return Block(
        "block", "sequential", (param("width"),), (x,), body, tensor(WIDTH, lead=True),
        needs=(features,),
    )  # fmt: skip


def mlp() -> Program:
    block = linear_block()
    need = block.needs[0]
    body = (
        Make((0,), torch("Linear", 784, 256)),
        Make((1,), torch("ReLU")),
        For(None, Call("range", (3,)),
            (Make((Name("at", "loop"),), Use(block, (("width", 256),), 1, ((need, 256),))),), N),
        Make((5,), torch("Linear", 256, 10)),
    )  # fmt: skip
    model = Block("mlp", "sequential", (), (inp("x", B, 784),), body, tensor(B, 10))
    return Program((block, model), spec="mlp.nn", models=("mlp",))


def two_layer_net() -> Program:
    sizes = [Name(n, "param") for n in ("input_size", "hidden_size", "output_size")]
    a, h, o = sizes
    w = Writing()
    x = inp("x", B, a)
    ones = w.var()
    w.add(Declare("alpha", ones, (Do((ones,), Apply("torch.ones", (1,))),), True))
    alpha = Var(1, "alpha", tensor(1), ("alpha",))
    y = w.op("torch.relu", w.child("linear1", torch("Linear", a, h), x.var))
    y = w.child("linear2", torch("Linear", h, h), y)
    test = w.op("op.le", y, 0)
    scaled = w.op("op.mul", alpha, w.op("torch.exp", w.op("op.neg", y)))
    soft = w.op("op.truediv", 1, w.op("op.add", 1, scaled))
    y = w.op("torch.where", test, soft, y)
    y = w.child("linear3", torch("Linear", h, o), y)
    w.add(Give(y, tensor(B, o)))
    parameters = tuple(param(n.id, default=d) for n, d in zip(sizes, (784, 256, 10), strict=True))
    block = Block(
        "two_layer_net", "module", parameters, (x,), w.body, tensor(B, o),
        loss=LossCall("torch.nn.CrossEntropyLoss"),
    )  # fmt: skip
    return Program((block,), spec="two_layer_net.nn", models=("two_layer_net",))


# ------------------------------------------------------------------ residual networks


def basic(tells: bool = False) -> Block:
    w = Writing()
    x = inp("x", B, C, H, W)
    conv1 = torch("Conv2d", C, WIDTH, 3, STRIDE, padding=1, bias=False)
    y = w.child("bn1", torch("BatchNorm2d", WIDTH), w.child("conv1", conv1, x.var))
    y = w.op("torch.relu", y)
    conv2 = torch("Conv2d", WIDTH, WIDTH, 3, padding=1, bias=False)
    y = w.child("bn2", torch("BatchNorm2d", WIDTH), w.child("conv2", conv2, y), name="y")
    part = Writing()
    chain = Chain((
        Make((0,), torch("Conv2d", C, WIDTH, 1, STRIDE, bias=False)),
        Make((1,), torch("BatchNorm2d", WIDTH)),
    ))  # fmt: skip
    skipped = part.child("downsample", chain, x.var)
    skip = w.var("skip")
    test = Op("or", (ne(STRIDE, 1), ne(C, WIDTH)))
    w.add(If(test, part.body, (), (Joined(skip, skipped, x.var),)))
    w.add(Give(w.op("torch.relu", w.op("op.add", y, skip)), tensor(B)))
    halved = [Op("+", (Op("//", (Op("-", (n, 1)), STRIDE)), 1)) for n in (H, W)]
    return Block(
        "basic", "module", (param("width"), param("stride", default=1)), (x,), w.body,
        tensor(B, WIDTH, *halved), needs=(C,), tells={"out_channels": WIDTH} if tells else {},
    )  # fmt: skip


def stage() -> Block:
    block = Name("block", "param", "layer")
    first, last, running = Name("c1"), Name("c3"), Name("c2", "carried")
    one = Make((0,), Parametric(block, (C,), (WIDTH, STRIDE)), ((first, "out_channels"),))
    more = Make((N,), Parametric(block, (running,), (WIDTH,)), ((last, "out_channels"),))
    rounds = For(
        None, Call("range", (Op("-", (DEPTH, 1)),)), (more,), N,
        sizes=(CarriedSize(running, first, last),),
    )  # fmt: skip
    parameters = (
        param("block", "layer"),
        param("width"),
        param("depth"),
        param("stride", default=1),
    )
    return Block(
        "stage", "sequential", parameters, (inp("x", B, C, H, W),), (one, rounds), tensor(B),
        needs=(C,), tells={"out_channels": running},
        comment="a strided block, then depth - 1 more at the same size",
    )  # fmt: skip


def resnet() -> Program:
    base, parts = basic(tells=True), stage()
    block, depths = Name("block", "param", "layer"), Name("depths", "param", "list[int]")
    classes = Name("classes", "param")
    i, n, rounds = Name("i", "loop"), Name("n", "loop"), Name("round", "loop")
    c, told = Name("c", "carried"), Name("c_out")
    w = Writing()
    image = inp("image", B, 3, H, W)
    conv1 = torch("Conv2d", 3, 64, 7, 2, padding=3, bias=False)
    x = w.child("bn1", torch("BatchNorm2d", 64), w.child("conv1", conv1, image.var))
    x = w.op("torch.relu", x)
    x = w.op("F.max_pool2d", x, 3, 2, padding=1)
    inner = Writing()
    width = Op("*", (64, Op("**", (2, i))))
    args = (
        ("block", block), ("width", width), ("depth", n), ("stride", Cond(eq(i, 0), 1, 2)),
    )  # fmt: skip
    path = (Text(("layer", Op("+", (i, 1)))),)
    inner.add(Make(path, Use(parts, args, 4, ((parts.needs[0], c),)), ((told, "out_channels"),)))
    head, after = w.var(), w.var()
    following = inner.do(Invoke(path, (head,)))
    w.add(For(
        (i, n), Call("enumerate", (depths,)), inner.body, rounds,
        (Carried(head, x, following, after),), (CarriedSize(c, 64, told),),
    ))  # fmt: skip
    x = w.child("avgpool", torch("AdaptiveAvgPool2d", 1), after)
    x = w.op("torch.flatten", x, 1)
    x = w.child("fc", torch("Linear", c, classes), x)
    w.add(Give(x, tensor(B, classes)))
    parameters = (
        param("block", "layer", LayerRef(base)), param("depths", "list[int]", (2, 2, 2, 2)),
        param("classes", default=1000),
    )  # fmt: skip
    model = Block("resnet", "module", parameters, (image,), w.body, tensor(B, classes))
    use = Use(model, (("block", LayerRef(base)), ("depths", (3, 4, 6, 3))), 2)
    factory = Factory("resnet34", use, (param("classes", default=1000),))
    return Program((base, parts, model), (), (factory,), spec="resnet.nn", models=("resnet",))


# ------------------------------------------------------------------ a decoder


def rotate_half() -> FunctionBlock:
    w = Writing()
    x = w.var("x")
    a, b = w.var("a"), w.var("b")
    w.add(Do((a, b), Apply("torch.chunk", (x, 2), (("dim", -1),))))
    negative = w.op("op.neg", b)
    w.add(Give(w.op("torch.cat", Many((negative, a)), dim=-1), tensor()))
    return FunctionBlock("rotate_half", (("x", x, None),), w.body, tensor())


def rope(half: FunctionBlock) -> FunctionBlock:
    w = Writing()
    t, cos, sin = w.var("t"), w.var("cos"), w.var("sin")
    left = w.op("op.mul", t, cos)
    right = w.op("op.mul", w.do(CallFunction(half, (t,))), sin)
    w.add(Give(w.op("op.add", left, right), tensor()))
    parameters = (("t", t, None), ("cos", cos, None), ("sin", sin, None))
    return FunctionBlock("rope", parameters, w.body, tensor())


def rotary() -> Block:
    dim, base = Name("dim", "param"), Name("base", "param", "float")
    w, made = Writing(), Writing()
    steps = made.op("torch.arange", 0, dim, 2)
    freq = made.op("op.pow", base, made.op("op.truediv", steps, dim))
    value = made.op("op.truediv", 1.0, freq)
    w.add(Declare("inv_freq", value, made.body, False, persistent=False))
    freq = Var(2, "inv_freq", tensor(dim), ("inv_freq",))
    pos = inp("pos", T, dtype="int")
    angle = w.op("torch.outer", pos.var, freq, name="angle")
    angle = w.op("torch.cat", Many((angle, angle)), dim=-1, name="angle")
    kind = TupleType((tensor(T, dim), tensor(T, dim)))
    w.add(Give(Many((w.op("torch.cos", angle), w.op("torch.sin", angle)), "tuple"), kind))
    parameters = (param("dim"), param("base", "float", 10000.0))
    return Block("rotary", "module", parameters, (pos,), w.body, kind)


def attention(turn: FunctionBlock) -> Block:
    heads, kv = Name("heads", "param"), Name("kv", "param")
    hd = Name("hd", "local", meaning=Op("//", (D, heads)))
    w = Writing()
    x, cos, sin = inp("x", B, T, D), inp("cos", lead=True), inp("sin", lead=True)
    w.add(Bind(hd, Op("//", (D, heads))))

    def project(label: str, count: Name, turned: bool = True) -> Var:
        made = torch("Linear", D, Op("*", (count, hd)), bias=False)
        y = w.child(label, made, x.var)
        y = w.op("Tensor.view", y, B, T, count, hd)
        last = "v" if not turned else ""
        y = w.op("Tensor.transpose", y, 1, 2, name=last)
        return w.do(CallFunction(turn, (y, cos.var, sin.var)), label[0]) if turned else y

    q, k = project("q_proj", heads), project("k_proj", kv)
    v = project("v_proj", kv, turned=False)
    y = w.op("F.scaled_dot_product_attention", q, k, v, is_causal=True, enable_gqa=ne(kv, heads))
    y = w.op("Tensor.flatten", w.op("Tensor.transpose", y, 1, 2), 2)
    out = torch("Linear", Op("*", (heads, hd)), D, bias=False)
    w.add(Give(w.child("o_proj", out, y), tensor(B, T, D)))
    origins = {n: (x.var, axis) for axis, n in enumerate((B, T, D))}
    parameters = (param("heads"), param("kv", default=heads))
    return Block(
        "attention", "module", parameters, (x, cos, sin), w.body, tensor(B, T, D), origins, (D,)
    )


def swiglu() -> Block:
    w = Writing()
    x = InputParameter(Var(7, "x", tensor(D, lead=True)))
    gate = w.child("gate_proj", torch("Linear", D, WIDTH, bias=False), x.var)
    gate = w.op("F.silu", gate)
    up = w.child("up_proj", torch("Linear", D, WIDTH, bias=False), x.var)
    y = w.op("op.mul", gate, up)
    y = w.child("down_proj", torch("Linear", WIDTH, D, bias=False), y)
    w.add(Give(y, tensor(D, lead=True)))
    kind = tensor(D, lead=True)
    return Block("swiglu", "module", (param("width"),), (x,), w.body, kind, needs=(D,))


def decoder_layer(attend: Block, feed: Block) -> Block:
    heads, kv, ffn = (Name(n, "param") for n in ("heads", "kv", "ffn"))
    eps = Name("eps", "param", "float")
    w = Writing()
    x, cos, sin = inp("x", B, T, D), inp("cos", lead=True), inp("sin", lead=True)
    y = w.child("input_layernorm", torch("RMSNorm", D, eps=eps), x.var)
    use = Use(attend, (("heads", heads), ("kv", kv)), 2, ((attend.needs[0], D),))
    h = w.op("op.add", x.var, w.child("self_attn", use, y, cos.var, sin.var), name="h")
    y = w.child("post_attention_layernorm", torch("RMSNorm", D, eps=eps), h)
    y = w.child("mlp", Use(feed, (("width", ffn),), 1, ((feed.needs[0], D),)), y)
    w.add(Give(w.op("op.add", h, y), tensor(B, T, D)))
    parameters = (param("heads"), param("kv"), param("ffn"), param("eps", "float"))
    return Block(
        "decoder_layer", "module", parameters, (x, cos, sin), w.body, tensor(B, T, D),
        needs=(D,), order=(("self_attn",), ("mlp",)),
    )  # fmt: skip


def llama_model(layer: Block, turn: Block) -> Block:
    ids = inp("ids", B, T, dtype="int")
    kinds = (("vocab", None), ("dim", None), ("depth", None), ("heads", None), ("kv", None))
    parameters = [param(name, default=default) for name, default in kinds]
    parameters += [param("ffn"), param("base", "float", 10000.0), param("eps", "float", 1e-6)]
    p = {one.name.id: one.name for one in parameters}
    w = Writing()
    half = Op("//", (p["dim"], p["heads"]))
    w.add(Make(("rotary_emb",), Use(turn, (("dim", half), ("base", p["base"])), 2)))
    pos = w.op("torch.arange", T, device=Special("device", ids.var))
    c, s = w.var("c"), w.var("s")
    w.add(Do((c, s), Invoke(("rotary_emb",), (pos,))))
    x = w.child("embed_tokens", torch("Embedding", p["vocab"], p["dim"]), ids.var)
    i, r = Name("i", "loop"), Name("r", "loop")
    args = tuple((n, p[n]) for n in ("heads", "kv", "ffn", "eps"))
    use = Use(layer, args, 4, ((layer.needs[0], p["dim"]),))
    w.add(Make(("layers",), Holder("ModuleList")))
    inner, head, after = Writing(), w.var(), w.var()
    inner.add(Make(("layers", i), use))
    following = inner.do(Invoke(("layers", i), (head, c, s)))
    carried = (Carried(head, x, following, after),)
    w.add(For(i, Call("range", (p["depth"],)), inner.body, r, carried))
    y = w.child("norm", torch("RMSNorm", p["dim"], eps=p["eps"]), after)
    w.add(Give(y, tensor(B, T, p["dim"])))
    origins = {n: (ids.var, axis) for axis, n in enumerate((B, T))}
    kind = tensor(B, T, p["dim"])
    return Block("llama_model", "module", tuple(parameters), (ids,), w.body, kind, origins)


def llama() -> Program:
    half = rotate_half()
    turn, table = rope(half), rotary()
    attend, feed = attention(turn), swiglu()
    layer = decoder_layer(attend, feed)
    inner = llama_model(layer, table)
    defaults = {"vocab": 32000, "dim": 4096, "depth": 32, "heads": 32, "kv": 32, "ffn": 11008}
    parameters = [param(name, default=value) for name, value in defaults.items()]
    parameters.append(param("tied", "bool", False))
    p = {one.name.id: one.name for one in parameters}
    ids = inp("ids", B, T, dtype="int")
    w = Writing()
    args = tuple((name, p[name]) for name in defaults)
    x = w.child("model", Use(inner, args, 6), ids.var)
    y = w.child("lm_head", torch("Linear", p["dim"], p["vocab"], bias=False), x)
    tie = TieTo(("lm_head", "weight"), ("model", "embed_tokens", "weight"))
    w.add(If(p["tied"], (tie,), ()), Give(y, tensor(B, T, p["vocab"])))
    model = Block("llama", "module", tuple(parameters), (ids,), w.body, tensor(B, T, p["vocab"]))
    blocks = (table, attend, feed, layer, inner, model)
    return Program(blocks, (half, turn), spec="llama.nn", models=("llama",))


# ------------------------------------------------------------------ a U-Net


def double_conv() -> Block:
    c, mid = Name("c", "param"), Name("mid", "param")
    ci = size("ci")
    parts = []
    for a, b in ((ci, mid), (mid, c)):
        parts += [torch("Conv2d", a, b, 3, padding=1, bias=False), torch("BatchNorm2d", b)]
        parts.append(torch("ReLU"))
    w = Writing()
    x = inp("x", B, ci, H, W)
    chain = Chain(tuple(Make((k,), one) for k, one in enumerate(parts)))
    w.add(Give(w.child("double_conv", chain, x.var), tensor(B, c, H, W)))
    parameters = (param("c"), param("mid", default=c))
    return Block("double_conv", "module", parameters, (x,), w.body, tensor(B, c, H, W), needs=(ci,))


def up(twice: Block) -> Block:
    c, ci, hs, ws = Name("c", "param"), size("ci"), size("hs"), size("ws")
    hy, wy = size("hy"), size("wy")
    dy, dx = Name("dy", "local"), Name("dx", "local")
    w = Writing()
    x, skip = inp("x", B, ci, H, W), inp("skip", B, size("cs"), hs, ws)
    half = Op("//", (ci, 2))
    y = w.child("up", torch("ConvTranspose2d", ci, half, 2, 2), x.var, name="y")
    w.add(Bind(dy, Op("-", (hs, hy))), Bind(dx, Op("-", (ws, wy))))
    edges = []
    for d in (dx, dy):
        edges += [Op("//", (d, 2)), Op("-", (d, Op("//", (d, 2))))]
    padded = w.op("F.pad", y, Many(tuple(edges)))
    y = w.op("torch.cat", Many((skip.var, padded)), dim=1)
    total = Op("+", (size("cs"), half))
    y = w.child("conv", Use(twice, (("c", c),), 1, ((twice.needs[0], total),)), y)
    w.add(Give(y, tensor(B, c, hs, ws)))
    origins = {hs: (skip.var, 2), ws: (skip.var, 3), hy: (w.steps[1].targets[0], 2)}
    origins |= {wy: (w.steps[1].targets[0], 3), ci: (x.var, 1), size("cs"): (skip.var, 1)}
    return Block(
        "up", "module", (param("c"),), (x, skip), w.body, tensor(B, c, hs, ws), origins,
        (ci, size("cs")),
    )  # fmt: skip


def unet() -> Program:
    twice = double_conv()
    return Program((twice, up(twice)), spec="unet.nn")


def layers_as_values() -> Program:
    """A template that has to be adapted where it is passed."""
    norm = Name("norm", "param", "layer")
    w = Writing()
    x = inp("x", B, C, H, W)
    y = w.child("norm", Parametric(norm, (C,)), x.var)
    w.add(Give(y, tensor(B, C, H, W)))
    kind = tensor(B, C, H, W)
    default = LayerRef(torch="torch.nn.BatchNorm2d")
    block = Block(
        "normed", "module", (param("norm", "layer", default),), (x,), w.body, kind, needs=(C,)
    )
    c = size("c")
    group = LambdaRef((c,), torch("GroupNorm", 32, c))
    use = Use(block, (("norm", group),), 1, ((block.needs[0], 64),))
    body = (Make((0,), use), Make((1,), torch("ReLU")))
    x = inp("x", B, 64, H, W)
    model = Block("grouped", "sequential", (), (x,), body, tensor(B, 64, H, W))
    return Program((block, model), spec="norms.nn")


CASES = {
    "mlp": mlp,
    "two_layer_net": two_layer_net,
    "resnet": resnet,
    "llama": llama,
    "unet": unet,
    "norms": layers_as_values,
}
