"""Whatever is written, an entry answers, refuses or says what it would have to know."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest

from nndsl.layers import apply
from nndsl.model.expr import Call, Listing, Name, Op, Undecided
from nndsl.model.graph import ListType, NoneType, TensorType, TupleType, Var
from nndsl.model.spec import REQUIRED, Layer, LayerCall, Rejected
from tests.layers.test_entries import ENTRIES

VALUES: list[Any] = [
    0, 1, -1, 2, 3, 10**18, -(10**18), 1.5, float("inf"), float("nan"), 1e308, -1e308, True, None,
    "same", "xxx", (), (1, 2), (0, 0), (1, 2, 3), (3, None), ((1,), 2), ("a",), [2, 2],
    Name("n", "param"), Name("f", "param", "float"), Name("l", "param", "list[int]"),
    Name("s", "param", "str"), Name("a", "param", "any"), Listing((Name("n", "param"), 3)),
    Op("/", (1, 0)), Call("range", (3,)),
]  # fmt: skip
SIZES: list[Any] = [1, 2, 3, 8, 10**15, Name("h"), Op("//", (Name("h"), 2))]
ROW = TensorType((1, 2))
STRANGE = [TensorType(None), NoneType(), TupleType((ROW,)), ListType(ROW, 3)]


def _flow(layer: Layer, dice: random.Random) -> Any:
    if dice.random() < 0.2:
        return dice.choice(STRANGE)
    rank = dice.choice(layer.ranks) if layer.ranks and dice.random() < 0.8 else dice.randrange(6)
    dtype = layer.dtype if layer.dtype != "any" else "float"
    return TensorType(tuple(dice.choices(SIZES, k=rank)), dtype, dice.random() < 0.1)


def _try(layer: Layer, dice: random.Random) -> None:
    chosen = [a for a in layer.arguments if dice.random() < 0.5 or a.default is REQUIRED]
    args, given = apply.complete(layer, [], {a.name: dice.choice(VALUES) for a in chosen})
    flows = tuple(_flow(layer, dice) for _ in layer.inputs)
    call = LayerCall(args, given, flows)
    result = apply.meet(layer, call)
    if not any(isinstance(f, TensorType) and f.shape is None for f in flows):
        apply.construct(layer, call, result)
        apply.functional(layer, call, result, Var(0, "x", flows[0]))


@pytest.mark.parametrize("name", ENTRIES)
def test_nothing_else_is_raised(name: str) -> None:
    dice = random.Random(name)
    for _ in range(60):
        with suppress(Undecided):
            try:
                _try(ENTRIES[name], dice)
            except Rejected as no:
                assert "{" not in no.message + no.help and len(no.message) < 1000


def test_masks_are_handed_over_by_name() -> None:
    layer = ENTRIES["multihead_attention"]
    x, mask = Var(0, "x", TensorType((5, 2, 8))), Var(1, "mask", TensorType((5, 5)))
    absent = Var(2, "none", NoneType())
    assert apply.invocation(layer, [x, x, x, absent, mask]) == ((x, x, x), (("attn_mask", mask),))
    assert apply.invocation(ENTRIES["lstm"], [x, mask]) == ((x, mask), ())
    assert apply.invocation(ENTRIES["lstm"], [x, None]) == ((x,), ())


def test_finding_a_layer_imports_its_family_only() -> None:
    program = (
        "import sys\nfrom nndsl.layers import apply, registry\nregistry.find('linear')\n"
        "loaded = set(sys.modules)\n"
        "assert 'nndsl.layers.linear' in loaded and 'nndsl.layers.transformer' not in loaded\n"
        "assert not {'torch', 'numpy', 'difflib'} & loaded\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
