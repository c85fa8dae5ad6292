"""What the axes of inputs are called where the author gave them no name."""

from __future__ import annotations

import pytest

import nndsl


def printed(text: str, name: str) -> str:
    """The class of a name as it is printed for a spec."""
    source = nndsl.parse(text).codegen()
    return source.split(f"class {name}(")[1].split("\n\n\n")[0]


@pytest.mark.parametrize(
    ("body", "rank", "shapes", "size"),
    [
        ("linear width | layernorm", 4, "(b, h, w, c) -> (b, h, w, width)", "c"),
        ("conv(width, 3, padding=1) | relu", 4, "(b, c, h, w) -> (b, width, h, w)", "c"),
        ("linear width | relu", 3, "(b, t, d) -> (b, t, width)", "d"),
        ("conv1d(width, 1) | relu", 3, "(b, c, t) -> (b, width, t)", "c"),
        ("linear width | relu", 5, "(b, d, h, w, c) -> (b, d, h, w, width)", "c"),
        ("inner(width) | relu", 4, "(b, h, w, c) -> (b, h, w, width)", "c"),
    ],
)
def test_the_features_are_the_axis_whose_size_is_wanted(
    body: str, rank: int, shapes: str, size: str
) -> None:
    axes = ("b", "9", "k", "m", "n")[: rank - 1]
    spec = f"""
def inner(width)(x): linear width
def outer(width)(x): {body}
model net()(x: "{" ".join(axes)} 9"): outer(4)
"""
    found = printed(spec, "Outer")
    assert f"{shapes}." in found
    assert f"__init__(self, {size}: int, width: int)" in found


def test_rounds_call_a_size_after_what_they_do_with_it() -> None:
    spec = """
def halved(factor)(x: "b h w c"): x[:, 0::2, 0::2] | linear(factor * c)
model net(n=2, dim=8)(x: "b 3 h w"):
    x = x | conv(dim, 1) | "b c h w -> b h w c"
    for i in range(n):
        x = x | halved(2)
    x | norm: layernorm
"""
    found = printed(spec, "Net")
    assert "Halved(c, 2)" in found
    assert "nn.LayerNorm(c)" in found


def test_an_input_behind_the_first_says_whose_features_it_has() -> None:
    found = printed(
        """
def read()(x: "b t d", memory, time: "b _"):
    x + (memory | k: linear d) + (time | t: linear d)[:, None]
def both()(x, skip): cat(x, skip, dim=1) | conv(8, 1)
def outer()(x: "b t d", memory: "b s _", time: "b _", y, z):
    read()(x, memory, time), both()(y, z)
model net()(x: "b t 4", m: "b t 5", s: "b 6", y: "b 7 h w", z: "b 8 h w"):
    outer()(x, m, s, y, z)
""",
        "Outer",
    )
    for name in ("d", "memory_features", "time_features", "y_channels", "z_channels"):
        assert f"{name}: int" in found


@pytest.mark.parametrize(
    ("definition", "call", "line"),
    [
        ('one()(x: "b t _", y: "b t d"): x | linear d | _ + y', "one()(x, x)",
         "def __init__(self, in_features: int, d: int)"),
        ('one(c)(x): conv(c, 1) | conv(c, 1)', "one(5)(m)",
         "def __init__(self, in_channels: int, c: int)"),
        ('one(rows)(x): (conv(c, 1) for c in rows)', "one([1, 2])(m)", "for c in rows:"),
        ('one()(x: "b c _", y: "b c"): x + y[:, :, None]', "one()(x, v)", "x (b, c, t), y (b, c)"),
        ('one()(x: "b _ _ c"): linear(2 * c)', "one()(m)", "(b, h, w, c) -> (b, h, w, 2 * c)"),
        ('one()(ids: int "b _", x): (ids | embedding 9->4) + (x | linear 4)', "one()(i, x)",
         "ids (b, t), x (b, t, x_features)"),
    ],
)  # fmt: skip
def test_the_author_s_names_stay_the_author_s(definition: str, call: str, line: str) -> None:
    found = printed(
        f"""
def {definition}
model net()(x: "b t 6", m: "b 6 h 7", v: "b t", i: int "b t"): {call}
""",
        "One",
    )
    assert line in found


def test_a_module_tells_heights_and_widths_by_their_names() -> None:
    found = printed(
        """
def stage(n)(x: "b c h w"):
    for i in range(n):
        x = x | conv(c, 3, 2, padding=1)
    x
def last()(x: "b c h w"):
    param place: "c h w" = zeros
    x + place
model net(n=2)(x: "b 3 16 16"): stage(n) | last()
""",
        "Stage",
    )
    assert "self.out_height = h" in found
    assert "self.out_width = w" in found


def test_the_features_of_a_list_s_tensors_are_those_whose_sizes_are_wanted() -> None:
    found = printed(
        """
def joined(widths)(x, kept: list "b _ _ _"):
    for i, w in enumerate(widths):
        x = cat(x, kept[i], dim=-1) | linear w
    x
model net(k=4, ws=[3, 5])(x: "b h w 4"):
    joined(ws)(x, [x, x | linear 7])
""",
        "Joined",
    )
    assert "kept: a list of (b, kept_h[i], kept_w[i], kept_channels[i])" in found
    assert "c: int, kept_channels: Sequence[int], widths: Sequence[int]" in found


def test_functions_call_sizes_after_their_inputs_too() -> None:
    source = nndsl.parse("""
fn first(x, cos): cat(x[..., :size(cos, -1)] * cos, x[..., size(cos, -1):], dim=-1)
model net()(x: "b t 8", cos: "t 4"): first(x, cos)
""").codegen()
    assert "cos_features = cos.shape[-1]" in source
