"""What docstrings say of a result's shape: one formula where there is one, and for which values."""

from __future__ import annotations

import pytest

import nndsl


def shapes(definition: str, call: str) -> str:
    """The shapes in the docstring of the class that is printed for a definition."""
    spec = f'{definition}\nmodel net()(x: "b 6 h w"): {call}'
    said = nndsl.parse(spec).codegen().split('"""')[3]
    return " ".join(said.split()).removesuffix(".")


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("conv(width, kernel, padding=kernel // 2)", "(b, width, h, w) for odd kernel"),
        ("conv(width, kernel, padding=(kernel - 1) // 2)", "(b, width, h, w) for odd kernel"),
        ("conv(width, kernel, padding=kernel - 1)",
         "(b, width, h + kernel - 1, w + kernel - 1)"),
        ("conv(width, kernel, padding=\"same\") | conv(width, 2 * kernel + 1, padding=kernel)",
         "(b, width, h, w) for odd kernel"),
        ("conv(width, 3, padding=1)", "(b, width, h, w)"),
        ("conv(width, [kernel, width], padding=[kernel // 2, width // 2])",
         "(b, width, h, w) for odd kernel and width"),
    ],
)  # fmt: skip
def test_same_padding_is_told_for_odd_kernels(body: str, result: str) -> None:
    definition = f'def unit(width, kernel)(x: "b c h w"): {body}'
    assert shapes(definition, "unit(9, 5)").split(" -> ")[1] == result


def test_what_rounds_add_is_told_at_once() -> None:
    definition = """
def dense(n, growth)(x: "b c h w"):
    (cat(_, (_ | conv(growth, 3, padding=1)), dim=1) for j in range(n))
"""
    assert shapes(definition, "dense(3, 4)") == "(b, c, h, w) -> (b, c + n * growth, h, w)"


def test_what_each_round_sets_has_no_formula() -> None:
    definition = 'def chain(ws)(x: "b c h w"): (conv(w, 1) for w in ws)'
    assert shapes(definition, "chain([3, 4])") == "(b, c, h, w) -> (b, c_out, h, w)"


@pytest.mark.parametrize(
    ("test", "result"),
    [
        ("stride == 1 and c == width", "(b, width, ceil(h / stride), ceil(w / stride))"),
        ("not (stride != 1 or c != width)", "(b, width, ceil(h / stride), ceil(w / stride))"),
        ("c == width", "(b, width, h_out, w_out)"),
        ("stride == 1", "(b, c_out, ceil(h / stride), ceil(w / stride))"),
    ],
)
def test_a_formula_that_holds_in_both_branches_is_told(test: str, result: str) -> None:
    definition = f"""
def block(width, stride)(x: "b c h w"):
    y = x | conv(width, 3, stride, padding=1)
    x if {test} else y
"""
    assert shapes(definition, "block(6, 1) | block(8, 2)").split(" -> ")[1] == result


def test_an_author_s_name_for_a_size_is_told_as_what_it_is() -> None:
    definition = """
def wide(width)(x: "b c h w"):
    out = 4 * width
    conv(out, 1)
"""
    assert shapes(definition, "wide(3)") == "(b, c, h, w) -> (b, 4 * width, h, w)"


def test_one_size_that_only_the_constructor_knows_has_one_name() -> None:
    definition = """
def chain(ws)(x: "b c h w"):
    y = x | (conv(w, 1) for w in ws)
    y, y | mean(dim=[2, 3])
"""
    found = shapes(definition, "chain([3, 4]) | _[0]")
    assert found == "(b, c, h, w) -> (b, c_out, h, w), (b, c_out)"


def test_sizes_that_only_the_constructor_knows_are_told_apart() -> None:
    definition = """
def two(ws, vs)(x: "b c h w"):
    y = x | (conv(w, 1) for w in ws)
    z = x | (conv(v, 1) for v in vs)
    y, z, z * 2
"""
    found = shapes(definition, "two([3, 4], [3, 5]) | _[1]").split(" -> ")[1]
    assert found == "(b, c_out, h, w), (b, c_out2, h, w), (b, c_out2, h, w)"


def test_features_that_have_come_to_another_axis_are_no_width() -> None:
    definition = """
def last(ws)(x: "b c h w"):
    x | "b c h w -> b h w c" | (linear w for w in ws)
"""
    assert shapes(definition, "last([3, 4])") == "(b, c, h, w) -> (b, h, w, c_out)"
