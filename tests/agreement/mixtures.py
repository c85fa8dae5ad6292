"""Random bodies in which few statements of many kinds meet: layers, loops, conditions, numbers that
change, lists, definitions with layers passed, comprehensions. Small ones find what large ones hide.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

HEAD = """
fn total(ts):
    z = ts[0]
    for t in ts[1:]:
        z = z + t
    z

def unit(w, f: layer = relu, n=1)(x: "b d"):
    y = x | linear w
    if n > 1:
        y = y | f
    y | linear d

def wrap(f: layer)(x: "b d"):
    x | relu | f

def both(w)(x: "b d"):
    u = x | left: linear w
    v = x | right: linear d
    return u, v

def gated(w)(x: "b d", by: "b _" = None):
    y = x | linear w
    if by is not None:
        y = y * (by | linear w | sigmoid)
    y | linear d

model net(width=4, n=2, flag=True, ws=[3, 2], act: layer = tanh)(x: "b {width}"):
    w = 3
    y = x
    hs = [y]
"""
TAIL = """
    y = y + total(hs)
    y | linear w
"""
NUMBERS = ("width", "w", "w + 1", "n + 1", "2 * width", "len(ws)", "ws[0]")
TESTS = ("n > 1", "width > 3", "flag", "not flag", "w > 3", "len(hs) > 1")
HEADS = (
    "{i} in range(n)",
    "{i} in range(n)",
    "{i} in range(len(ws))",
    "{i}, a{i} in enumerate(ws)",
    "{i}, h{i} in enumerate(hs)",
)
LEAVES: tuple[tuple[str, ...], ...] = (
    ("y = y | {label}linear width",),
    ("y = y | {label}linear({num}) | {label}linear width",),
    ("y = y | {label}block(width) x n",),
    ("y = y | {label}block(width) x (n - 1)",),
    ("hs = hs + [y]",),
    ("hs = [y] + hs",),
    ("hs = hs + [y, y * 2]",),
    ("y = y + hs[-1]",),
    ("y = y + total(hs)",),
    ("y = y | {label}unit({num})",),
    ("y = y | {label}unit({num}, f=act)",),
    ("y = y | {label}unit({num}, act, n)",),
    ("y = y | {label}unit({num}, f=(linear 4 | relu))",),
    ("y = y | {label}act",),
    ("y = y | {label}wrap(act)",),
    ("y = y | {label}wrap(linear width)",),
    ("y = y | {label}wrap((linear width | tanh))",),
    ("y = y | {label}wrap((linear w | linear width))",),
    ("ms = [y | linear(k) | relu | linear width for k in ws]", "y = y + total(ms)"),
    ("ms = [y | linear(k) | linear width for k in range(1, n + 1)]", "y = y + total(ms)"),
    ("w = {num}",),
    ("w = {num}",),
    ("z = y * {num}", "y = y + z"),
    ("u, v = y | {label}both({num})", "y = y + v + (u | {label}linear width)"),
    ("y = y | {label}gated({num})",),
    ("z = y * 2", "y = gated({num})(y, z)"),
    ("layer a{k} = act if {test} else (linear w | linear width)", "y = y | {label}a{k}"),
    ("if training:", "    y = y * {num}"),
    ("if training:", "    y = y * {num}", "else:", "    y = y + 1"),
)
DECLARED: tuple[tuple[str, ...], ...] = (
    ("module m{k}: linear width", "y = y | m{k} | relu | m{k}"),
    ("module m{k}: [linear width for i in range(n)]", "y = m{k}[0](y) + m{k}[-1](y)"),
    ('param p{k}: "{width}" = normal(0, 0.1)', "y = y * p{k}"),
    ("buffer q{k} = arange(0, width) * w", "y = y + q{k}"),
)
CHAINS: tuple[tuple[str, ...], ...] = (
    ("y = y | {label}(linear({num}) | linear width) x n",),
    ("y = y | {label}(linear({num}) | {label}tanh | linear width) x 2",),
    ("y = y | (linear({num}) | relu) x n | linear width",),
    ("y = y | (linear(c) | tanh for c in ws) | linear width",),
    ("y = y | (linear(c + {num}) | linear width for c in range(n))",),
    ("y = y | (linear(c + 1) | relu for c in range(n) if {test}) | linear width",),
    ("y = y | (linear(c + 2) for c in range(n) if c > 0) | linear width",),
    ("y = y | ((linear({num}) | linear width) if c > 0 else relu for c in range(n))",),
    ("y = y | ((linear({num}) | linear width) if {test} else tanh) x n",),
    ('y = y | ("c{k}.{c}": linear(c + 1) for c in range(n)) | linear width',),
    ("y = y | (linear({num}) if {test} else relu) | linear width",),
    ("y = y + cat(hs, dim=1) | linear width",),
    ("hs = hs[1:] + [y]",),
    ("hs = [t | linear width for t in hs]",),
    ("y = y + hs[0]", "hs = [y]"),
    ("y = sum([t | linear w | linear width for t in hs])",),
    ("ws = ws + [{num}]", "y = y | linear(ws[-1]) | linear width"),
    ("w = max(w, {num})", "y = y | linear w | linear width"),
    ("k = {num} if {test} else w", "y = y | linear k | linear width"),
    (
        "e = y | linear({num}) if {test} else None",
        "if e is not None:",
        "    y = y + (e | linear width)",
    ),
    ("y = cat([y | linear(c) for c in ws], dim=1) | linear width",),
    ("y = cat([y, y | linear({num})], dim=1) | linear width",),
    ("for t in hs:", "    y = y + (t | linear {num} | linear width)"),
    ("for c in ws:", "    y = cat([y, y | linear c], dim=1)", "y = y | linear width"),
    ("for c in range(n):", "    hs = hs + [y | linear(c + 1) | linear width]"),
)
"""Chains, lists and comprehensions, whose rounds differ."""
VARIABLES = "ijmo"


class Mixture:
    """One text, the same for the same seed."""

    def __init__(self, seed: int, leaves: tuple[tuple[str, ...], ...] = LEAVES) -> None:
        self._random = Random(seed)
        self._choices = leaves
        self._labels = 0
        self._leaves = 0

    def text(self, size: int) -> str:
        return HEAD + "\n".join(self._body(size, 1, ())) + TAIL

    def _body(self, size: int, depth: int, places: tuple[str, ...]) -> list[str]:
        lines: list[str] = []
        while size > 0:
            if size > 1 and self._random.random() < 0.25:
                inner = self._random.randint(1, size - 1)
                size -= inner + 1
                build = self._random.choice((self._condition, self._loop))
                lines += build(inner, depth, places)
                continue
            size -= 1
            lines += ["    " * depth + line for line in self._leaf(places)]
        return lines

    def _condition(self, inner: int, depth: int, places: tuple[str, ...]) -> list[str]:
        pad = "    " * depth
        lines = [f"{pad}if {self._test(places)}:", *self._body(inner, depth + 1, places)]
        if self._random.random() < 0.5:
            lines += [f"{pad}else:", *self._body(1, depth + 1, places)]
        return lines

    def _loop(self, inner: int, depth: int, places: tuple[str, ...]) -> list[str]:
        pad, i = "    " * depth, VARIABLES[len(places) % len(VARIABLES)]
        head = self._random.choice(HEADS).replace("{i}", i)
        lines = [f"{pad}for {head}:"]
        lines += [f"{pad}    w = a{i}"] * (f"a{i}" in head)
        lines += [f"{pad}    y = y + h{i}"] * (f"h{i}" in head)
        return lines + self._body(inner, depth + 1, (*places, i))

    def _leaf(self, places: tuple[str, ...]) -> list[str]:
        holes: dict[str, Callable[[tuple[str, ...]], str]] = {
            "{label}": self._label,
            "{num}": self._number,
            "{test}": self._test,
        }
        self._leaves += 1
        lines = []
        for line in self._random.choice(self._choices if places else self._choices + DECLARED):
            line = line.replace("{k}", str(self._leaves))
            for hole, fill in holes.items():
                while hole in line:
                    line = line.replace(hole, fill(places), 1)
            lines.append(line)
        return lines

    def _label(self, places: tuple[str, ...]) -> str:
        if self._random.random() < 0.4:
            return ""
        self._labels += 1
        name = f"l{self._labels}" + "".join(f".{{{i}}}" for i in places)
        return f'"{name}": ' if places else f"{name}: "

    def _test(self, places: tuple[str, ...]) -> str:
        rounds = (test for i in places for test in (f"{i} > 0", f"{i} == n - 1"))
        return self._random.choice([*TESTS, *rounds])

    def _number(self, places: tuple[str, ...]) -> str:
        return self._random.choice([*NUMBERS, *(f"w + {i}" for i in places)])
