"""A class that can't keep a parameter of its model open says for which values it is."""

from __future__ import annotations

import pytest

import nndsl

FIXED = [
    (
        'model net(width=4, aux=False)(x: "b 6"):\n    y = x | linear width\n    if aux:\n'
        "        z = y | linear 2\n        return y, z\n    else:\n        return y\n",
        "Only for aux=False.",
    ),
    (
        'model net(axis=1, name="a")(x: "b 4 4"):\n    x | mean(dim=axis) | linear(len([name]))\n',
        "Only for axis=1.",
    ),
    (
        'model net(ks=[1], n=2)(x: "b 6"):\n    hs = []\n    for k in ks:\n'
        "        hs = hs + [[x, x * n]]\n    hs[0][1] | linear 3\n",
        "Only for ks=(1,)",
    ),
]


@pytest.mark.parametrize(("text", "said"), FIXED)
def test_what_is_fixed_is_said(text: str, said: str) -> None:
    assert said in nndsl.parse(text).codegen()


def test_nothing_is_said_where_everything_is_open() -> None:
    printed = nndsl.parse('model net(width=4)(x: "b 6"):\n    x | linear width\n').codegen()
    assert "Only for" not in printed
