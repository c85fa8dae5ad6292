"""What a printed network says once, for every value of its parameters."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import nndsl


@dataclass(frozen=True)
class Printed:
    """A text, pieces of its source in their order, and what is nowhere in it."""

    name: str
    text: str
    pieces: tuple[str, ...]
    nowhere: tuple[str, ...] = ()


TABLE = [
    Printed(
        "a function is printed once for all its numbers, those too that are left out",
        "fn f(x, k=2):\n    x * k\n\n"
        'model net(m=3)(x: "b 4"):\n    x = f(x)\n    x = f(x, m)\n    f(x, 5)\n',
        ("def f(x: Tensor, k: int = 2) -> Tensor:", "f(x)", "f(x, self.m)", "f(x, 5)"),
        ("f2",),
    ),
    Printed(
        "each size of a kernel that is written out stands alone",
        'model net(k=3)(x: "b 3 32 32"):\n    x | conv(8, [k, 5])\n',
        ("(b, 8, -k + 33, 28)", "nn.Conv2d(3, 8, (k, 5))"),
    ),
    Printed(
        "sizes of a kernel that are spread are picked from what they are spread into",
        'model net(ks=[3])(x: "b 3 32 32"):\n    x | conv(8, [*ks, 5])\n',
        ("(b, 8, -(*ks, 5)[0] + 33, -(*ks, 5)[1] + 33)", "nn.Conv2d(3, 8, (*ks, 5))"),
    ),
    Printed(
        "a rim that is the same at all axes is one number",
        'model net()(x: "b 3 8 8"):\n'
        '    x | conv(4, [3, 3], padding="same", padding_mode="reflect")\n',
        ('nn.Conv2d(3, 4, (3, 3), padding=1, padding_mode="reflect")',),
    ),
    Printed(
        "a list that has an item before the loop grows by appending",
        'model net(n=3)(x: "b 4"):\n    ys = [x]\n    for i in range(n):\n'
        "        x = x | linear 4\n        ys = ys + [x]\n    cat(ys, dim=1) | head: linear 2\n",
        (
            "self.linear = nn.ModuleList(nn.Linear(4, 4) for _ in range(n))",
            "self.head = nn.Linear(4 * n + 4, 2)",
            "ys = [x]",
            "ys.append(x)",
        ),
    ),
    Printed(
        "members that are numbered from the round before stand in a list",
        'model net(n=3)(x: "b 4"):\n    for i in range(1, n + 1):\n'
        '        x = x | "layers.{i - 1}": linear 4\n    x\n',
        ("nn.ModuleList(nn.Linear(4, 4) for _ in range(1, n + 1))", "for layer in self.layers:"),
    ),
    Printed(
        "a list and a number stand in one list, whatever kind of sequence is given",
        'model net(ws=[4, 5], n=3)(x: "b 4"):\n    for w in ws + [n]:\n        x = x | linear w\n'
        "    x\n",
        ("for w in [*ws, n]:",),
        ("ws +",),
    ),
    Printed(
        "a function of numbers stays a function",
        "fn half(n): n // 2 + 1\n\n"
        'model net(k=8)(x: "b 4"):\n    x | linear(half(k)) | linear(half(k + 2))\n',
        (
            "def half(n: int) -> int:\n    return n // 2 + 1\n",
            "nn.Linear(4, half(k))",
            "nn.Linear(half(k), half(k + 2))",
        ),
    ),
    Printed(
        "a call of a function of numbers is told as it is written",
        'fn twice(n): 2 * int(n)\n\nmodel net(k=8)(x: "b 4"):\n    x | linear(max(2, twice(k)))\n',
        ('"""(b, 4) -> (b, max(2, twice(k)))."""',),
    ),
    Printed(
        "what a layer takes as a tuple is one",
        'def one(k=[3, 3])(x: "b c h w"):\n    conv(8, k)\n\n'
        'model net(ks=[3, 3], sizes=[4])(x: "b 3 16 16"):\n'
        "    x | one(ks) | (conv(n, 1) for n in sizes)\n",
        ("k: tuple[int, int] = (3, 3)", "ks: tuple[int, int]", "sizes: Sequence[int] = (4,)"),
    ),
    Printed(
        "sizes stand first without names, options with them",
        'model net()(x: "b 4", y: "b 3"):\n    module m: bilinear(5, bias=False)\n    m(x, y)\n',
        ("nn.Bilinear(4, 3, 5, bias=False)",),
    ),
    Printed(
        "a size that two layers are given has a name",
        "fn whole(n): int(n)\n\n"
        'def up(width)(x: "b d"):\n    linear width | relu\n\n'
        'model net(k=1.5)(x: "b 4"):\n    x | up(whole(4 * k + 1)) | linear(whole(4 * k + 1))\n',
        ("width = whole(4 * k + 1)", "Up(4, width)", "nn.Linear(width, width)"),
    ),
    Printed(
        "members that are numbered without gaps stand in a list",
        'model net(n=3)(x: "b 4"):\n    for i in range(n):\n'
        '        x = x | "layers.{2 * i}": linear 4 | "layers.{2 * i + 1}": relu\n    x\n',
        (
            "self.layers = nn.ModuleList()",
            "self.layers.append(nn.Linear(4, 4))",
            "self.layers.append(nn.ReLU())",
        ),
        ("ModuleDict",),
    ),
    Printed(
        "a labelled group through which all goes straight is one chain, its functions too",
        'model net(n=3, rate=0.5)(x: "b 3 8 8"):\n'
        "    x | g: (avgpool 2 | a: conv(n, 1) | relu | b: conv(4, 1) | relu | dropout(rate))\n",
        (
            "self.g = nn.Sequential(",
            '("pool", nn.AvgPool2d(2)),',
            '("a", nn.Conv2d(3, n, 1)),',
            '("relu1", nn.ReLU()),',
            '("b", nn.Conv2d(n, 4, 1)),',
            '("relu2", nn.ReLU()),',
            '("drop", nn.Dropout(rate)),',
            "return self.g(x)",
        ),
        ("ModuleDict", "F.", "self.rate"),
    ),
    Printed(
        "a group is no chain where a tensor between its members is read again",
        'model net()(x: "b 4"):\n    x | g: (a: linear 4 | relu as y | b: linear 4) | _ + y\n',
        ("ModuleDict", "torch.relu("),
        ("Sequential",),
    ),
    Printed(
        "a function in a chain is never called like a member",
        'model net(n=2)(x: "b 4"):\n    x | g: (relu: linear 4 | relu | fc: linear 4)\n'
        '    | "h.a": linear 4 | relu | ("h.r{i}": linear 4 for i in range(n))\n',
        ('("relu", nn.Linear(4, 4))', '("relu2", nn.ReLU())', "ModuleDict"),
    ),
    Printed(
        "members of a dict are taken by their labels, which says what they are",
        'model net(n=3)(x: "b 4"):\n    y = x | "g.a": linear n\n    y | "g.b": linear 4 | _ + x\n'
        '    | relu(_) - sin(_) | "g.c": linear 4\n',
        ("self.g = nn.ModuleDict(", 'self.g["a"](x)', 'self.g["b"](', 'self.g["c"]('),
        ("Any",),
    ),
    Printed(
        "a container is one literal, the members of a loop among the others",
        'model net(ws=[3, 5])(x: "b 4"):\n    a = x | "g.0": linear 4\n'
        '    more = [x | "g.{i + 1}": linear w for i, w in enumerate(ws)]\n'
        '    last = x | "g.{len(ws) + 1}": linear 4\n    cat([a] + more + [last], dim=1)\n',
        ("[nn.Linear(4, 4), *(nn.Linear(4, w) for w in ws), nn.Linear(4, 4)]",),
        ("append",),
    ),
    Printed(
        "a condition that all rounds ask alike stands in front of the loop",
        'model net(n=3, more=True)(x: "b 4"):\n    for i in range(n):\n'
        '        y = x | "b.m{i}": linear 4 if more\n        x = x + y\n    x\n',
        ("        if more:\n            for i in range(n):\n", 'self.b[f"m{i}"] = nn.Linear(4, 4)'),
    ),
    Printed(
        "a name that is a number's digits is said by str",
        'model net(n=3)(x: "b 4"):\n    for i in range(n):\n'
        '        x = x + sin(x | "a.{2 * i}": linear 4)\n    x\n',
        ("str(2 * i): nn.Linear(4, 4) for i in range(n)",),
        ('f"', "[str", "in range(self"),
    ),
    Printed(
        "a child that says its size has a name for a moment",
        'def a(w, more: bool)(x: "b c"):\n    linear w if more else identity\n\n'
        'model net(n=3, more=False)(x: "b 4"):\n'
        "    x | body: (a(i + 1, more) for i in range(n)) | linear 2\n",
        ("a = A(in_features, i + 1, more)", "body.append(a)", "in_features = a.out_features"),
        ("Any", "[-1]"),
    ),
    Printed(
        "members that all run in order run as the chain that they are",
        'def pooled(w, n)(x: "b c _ _"):\n'
        "    sin(_) | avgpool 2 | conv(w, 1) x(n) | relu | interpolate(size=8, mode='nearest')\n\n"
        'model net(n=2)(x: "b 3 8 8"):\n    x | pooled(3, n)\n',
        ("return F.interpolate(super().forward(torch.sin(x)), size=8",),
        ("self[",),
    ),
    Printed(
        "a forward goes through the members of a dict, and through a list but its ends",
        'model net(n=3)(x: "b 4"):\n    y = x | "a.0": linear 4\n    for i in range(n):\n'
        '        y = y + (x | "a.{i + 1}": linear 4)\n    y = x * y | "a.{n + 1}": linear 4\n'
        '    for i in range(n):\n        y = y * (x | "b.m{i}": linear 4)\n    y\n',
        (
            '{f"m{i}": nn.Linear(4, 4) for i in range(n)}',
            "for layer in self.a[1:-1]:",
            "y = self.a[-1](x * y)",
            "for layer in self.b.values():",
        ),
        ("self.n",),
    ),
    Printed(
        "a list whose members run straight, those of a loop among them, is a chain",
        'model net(n=3)(x: "b 4"):\n'
        '    x | "a.0": linear 5 | ("a.{i + 1}": linear 5 for i in range(n)) | sin\n',
        (
            "nn.Linear(4, 5)",
            "*(nn.Linear(5, 5) for _ in range(n))",
            "return torch.sin(self.a(x))",
        ),
        ("ModuleList", "append"),
    ),
    Printed(
        "a layer that is passed with named arguments is a partial, and a lambda as a default",
        'def a(w, twice: bool = False)(x: "b c"):\n'
        "    y = x | linear w\n    y + y if twice else y\n\n"
        'def wrap(norm: layer = layernorm(eps=0.1), body: layer = a(4, True))(x: "b c"):\n'
        "    x | norm: norm | body: body\n\n"
        'model net(n=3)(x: "b 4"):\n    x | first: wrap() | second: wrap(rmsnorm(eps=0.2), a(n))\n',
        (
            "norm: Callable[..., nn.Module] = lambda d: nn.LayerNorm(d, eps=0.1)",
            "Wrap(4, partial(nn.RMSNorm, eps=0.2), partial(A, w=n))",
        ),
        ("= partial",),
    ),
    Printed(
        "a class that has no other children goes through its own",
        'def dense(n)(x: "b c"):\n'
        '    (cat(_, (_ | "part{j + 1}": linear 3), dim=1) for j in range(n))\n\n'
        'def numbers(n)(x: "b c"):\n    (sin(_) | linear c for j in range(n))\n\n'
        'model net(n=2)(x: "b 5"):\n    x | a: dense(n) | b: numbers(n)\n',
        (
            "for part in self.children():",
            "x = torch.cat([x, part(x)], dim=1)",
            "for layer in self:",
            "x = layer(torch.sin(x))",
        ),
        ("range(self.n)", "getattr"),
    ),
    Printed(
        "who uses a definition says the size that comes out of it in its own terms",
        "def f(k)(x):\n    m = 2 * k\n    x | linear(m + 1)\n\n"
        'model net(n=3)(x: "b 4"):\n    x | f(n) | linear 3\n',
        ("m = 2 * k", "nn.Linear(in_features, m + 1)", "nn.Linear(2 * n + 1, 3)"),
    ),
    Printed(
        "one class of a definition that can't be kept open has its name as it is",
        "def unit(ks)(x):\n    hs = []\n    for k in ks:\n        hs = hs + [[x, x * k]]\n"
        "    hs[0][1] | linear 3\n\n"
        'model net(n=3)(x: "b 4"):\n    x | unit([1, 2]) | linear n\n',
        ("class Unit(nn.Module):", "Unit(4)"),
    ),
    Printed(
        "of the classes of two models the one has its own name, the other a number",
        'model net(axis=1)(x: "b 4 4"):\n    x | mean(dim=axis) | linear 2\n\n'
        "model other = net(axis=2)\n",
        ("class Net1(nn.Sequential):", "axis=2", "class Net(nn.Sequential):", "axis=1", "-> Net1:"),
    ),
    Printed(
        "a size that only who passes a layer knows is called by its axis",
        'def wrap(body: layer)(x: "b t d"):\n    x | body | linear 4\n\n'
        'def across(body: layer)(x: "b t d"):\n    x | body | conv1d(4, 1)\n\n'
        'model net(n=3)(x: "b 2 4"):\n'
        "    x | wrap((linear n | relu)) | wrap((conv1d(3, 1) | linear 5))\n"
        "    | across((linear n | relu)) | across((conv1d(n, 1) | linear 5))\n",
        ("body_features: int", "nn.Linear(body_features, 4)", "nn.Conv1d(body_channels, 4, 1)"),
    ),
    Printed(
        "an assertion about a size that is left to the run is told, a constructor can't ask it",
        'def part()(x: "b t d"):\n    assert t > 2\n    x | linear d\n\n'
        'model net()(x: "b t 4"): x | part\n',
        ("Assumes t > 2.", "def __init__(self, d: int) -> None:", "Part(4)"),
        ("raise ",),
    ),
    Printed(
        "windows are given to functions in torch's order, a norm before them",
        'model net()(x: "b 3 8 8"):\n    y = x | lppool(2, 3)\n    z = x | maxpool(3, 2)\n'
        "    y + z[:, :, :2, :2]\n",
        ("F.lp_pool2d(x, 2, 3)", "F.max_pool2d(x, 3, 2)"),
    ),
    Printed(
        "a tensor that may be left out can't be a parameter",
        'model net(w=None, k=3)(x: "b 4"):\n    y = layer_norm(x, [4], weight=w)\n'
        "    y | linear k\n",
        ("def __init__(self, k: int = 3) -> None:", "F.layer_norm(x, (4,), weight=None)"),
        ("w:",),
    ),
    Printed(
        "a list that is begun before a loop stands in front of what the loop goes over",
        'model net()(x: "b t 4"):\n    ys = [x[:, 0]]\n    for y in unbind(x, dim=1):\n'
        "        ys = ys + [y | linear 4]\n    stack(ys, dim=1)\n",
        ("ys = [x[:, 0]]", "for y in x.unbind(dim=1):", "ys.append(self.linear(y))"),
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_printed_form(row: Printed) -> None:
    source = nndsl.parse(row.text, "sample.nn").codegen()
    place = 0
    for piece in row.pieces:
        place = source.index(piece, place)
    for piece in row.nowhere:
        assert piece not in source
