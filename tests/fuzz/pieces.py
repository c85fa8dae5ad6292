"""Whole expressions in each other's places: texts that are read well and mean something else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache

from nndsl.source import Source
from nndsl.syntax import parse, tree

_TEXT = """
training; None; True; 0; -1; 2; 3.5; "a"; []; [1, 2]; [[1], [2, 3]]; (x, x); [x, x]; [x, 1]; x;
-x; x > 0; not x; x[0]; x[:, 0]; x.shape[0]; x.shape[-1]; len(x); sum(x); n; width; n > 1;
training and n > 1; x is None; x if n > 1 else None; x if training else 2; 2 if n > 1 else 3;
relu if n > 1 else tanh; relu; linear; linear 4; (linear 4 | relu); (linear 4) x n; block(4);
identity; max(x, dim=1); chunk(x, 2, dim=1); unbind(x, dim=0); unbind(x, dim=1);
zip([1, 2], [3, 4]); zip(unbind(x, dim=1), unbind(x, dim=1)); enumerate([1, 2]); range(n);
range(3); [i for i in range(n)]; [i for i in range(3) if i < n]; [x * i for i in range(3)];
[t for t in unbind(x, dim=1)]; [linear 4 for i in range(2)]; [x | linear 4 for i in range(n)];
(linear(i + 1) for i in range(n)); "{n}"; "b c"; x | linear 4; x | relu | linear 4; lstm 4;
multihead_attention(2); x @ x; x ** 2; float(x); int(n); min(n, 2); [1, 2] + [n]; [1] * n;
ones(4); arange(0, n); torch.nn.Linear(4, 4); f(x)
"""
EXPRESSIONS = _TEXT.replace(";\n", "; ").strip().split("; ")
"""Of every kind that the language has."""


def exchanged(text: str, chance: random.Random) -> str:
    """Two expressions of a text in each other's places."""
    (a, b), (c, d) = sorted(chance.choices(_pieces(text), k=2))
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:] if b <= c else text


def grafted(text: str, chance: random.Random) -> str:
    """An expression of the text, or one of any kind, in another one's place."""
    a, b = chance.choice(_pieces(text))
    c, d = chance.choice(_pieces(text))
    return text[:a] + chance.choice((text[c:d], chance.choice(EXPRESSIONS))) + text[b:]


@lru_cache(8)
def _pieces(text: str) -> list[tuple[int, int]]:
    """Where the expressions of a text stand; of one that can't be read, nowhere."""
    file, problems = parse(Source(text))
    found = [] if file is None or problems else _expressions(file)
    return sorted({(one.span.start, one.span.end) for one in found}) or [(0, 0)]


def _expressions(value: object) -> Iterator[tree.Node]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting.extend(one)
        elif isinstance(one, tree.Node):
            if isinstance(one, tree.Expr):
                yield one
            waiting.extend(vars(one).values())
