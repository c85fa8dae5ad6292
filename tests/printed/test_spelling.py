"""Sizes are printed as the author spells them, equal ones in one class alike."""

from __future__ import annotations

import pytest

import nndsl


def printed(text: str, name: str) -> str:
    """The class of a name as it is printed for a spec."""
    return nndsl.parse(text).codegen().split(f"class {name}(")[1].split("\n\n\n")[0]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("linear(ratio * d) | linear d", ["nn.Linear(d, ratio * d)", "nn.Linear(ratio * d, d)"]),
        ("linear(d * ratio) | linear d", ["nn.Linear(d, d * ratio)", "nn.Linear(d * ratio, d)"]),
        (
            "linear(8 * (ratio + 1)) | layernorm | linear 3",
            ["nn.Linear(d, 8 * (ratio + 1))", "nn.LayerNorm(8 * (ratio + 1))"],
        ),
        (
            "linear(d // ratio * ratio + 1) | linear 3",
            ["nn.Linear(d, (d // ratio) * ratio + 1)", "nn.Linear((d // ratio) * ratio + 1, 3)"],
        ),
        ("linear(d * ratio // 2) | linear 3", ["nn.Linear(d * ratio // 2, 3)"]),
        ("linear((d // 2) * (d // 2)) | linear 3", ["nn.Linear((d // 2) ** 2, 3)"]),
    ],
)
def test_a_size_is_spelled_as_it_is_spelled_first(body: str, lines: list[str]) -> None:
    found = printed(
        f'def mlp(ratio)(x: "b t d"): {body}\nmodel net()(x: "b t 12"): mlp(3)', "Mlp"
    )
    for line in lines:
        assert line in found


def test_the_docstring_spells_as_the_class_does() -> None:
    spec = 'def mlp(k)(x: "b t d"): linear(8 * (k + 1))\nmodel net()(x: "b t 12"): mlp(3)'
    assert '"""(b, t, d) -> (b, t, 8 * (k + 1))."""' in printed(spec, "Mlp")


def test_heads_are_put_together_as_they_were_parted() -> None:
    found = printed(
        """
def attention(heads, head_dim)(x: "b t d"):
    q = x | q: linear(heads * head_dim) | "b t (heads k) -> b heads t k"
    scaled_dot_product_attention(q, q, q) | "b heads t k -> b t (heads k)" | o: linear d
model net()(x: "b t 12"): attention(3, 4)
""",
        "Attention",
    )
    assert "nn.Linear(heads * head_dim, d)" in found


def test_parts_are_spelled_alike_and_what_cancels_stays() -> None:
    found = printed(
        """
def mlp(k, n)(x: "b t d"): linear(k + n - n) | linear(n * k) | linear(k * n + k)
model net()(x: "b t 12"): mlp(3, 4)
""",
        "Mlp",
    )
    assert "nn.Linear(d, k + n - n)" in found
    assert "nn.Linear(n * k, n * k + k)" in found
    assert "(b, t, d) -> (b, t, n * k + k)" in found


def test_rounds_spell_sizes_as_their_layers_do() -> None:
    found = printed(
        """
def chain(n)(x: "b t d"): (linear(4 + i) for i in range(n))
model net()(x: "b t 12"): chain(3)
""",
        "Chain",
    )
    assert "nn.Linear(d, 4 + i)" in found
    assert "d = 4 + i" in found
