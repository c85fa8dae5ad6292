"""Lines that rearrange say what they make, where no call shows it and once in a row."""

from __future__ import annotations

import pytest

import nndsl

HEAD = 'model m(heads=2, size=4)(x: "b t 8", image: "b c 8 8"):\n'


@pytest.mark.parametrize(
    ("body", "remarks"),
    [
        ('q = x | linear 8 | "b t (heads k) -> b heads t k"\n    q * q',
         ["(b, heads, t, 8 // heads)"]),
        ('q = x | "b t (heads k) -> b heads t k"\n    k = x | "b t (heads k) -> b heads t k"\n'
         "    q * k + k * q", ["(b, heads, t, 8 // heads)"]),
        ('y = image | "b c (h size) (w size) -> b (h w) (c size size)"\n    y + y',
         ["(b, c, 8 // size, size, 8 // size, size)", "(b, (8 // size) ** 2, c * size**2)"]),
        ('y = image | "b c h w -> b (h w) c"\n    y * y', ["(b, 64, c)"]),
        ('y = image | "b c h w -> b h w c"\n    y * y', []),
        ('y = image | "b c h w -> b c (h w)"\n    y * y', []),
        ('y = x | "b t d -> b d t"\n    y * y', []),
    ],
)  # fmt: skip
def test_remarks(body: str, remarks: list[str]) -> None:
    source = nndsl.codegen(f"{HEAD}    {body}\n")
    found = [line.partition("# ")[2] for line in source.splitlines() if "# " in line]
    assert found == remarks
    assert all(len(line) <= 88 for line in source.splitlines())
