"""Assumptions in words."""

from __future__ import annotations

from nndsl.model import dims
from nndsl.model.assumed import goes_without_saying, sentences
from nndsl.model.expr import Name, Op, Static

H, W, HEADS = Name("h"), Name("w"), Name("heads", role="param")


def same(left: Static, right: Static) -> Op:
    return Op("==", (left, right))


def halvings(size: Static, times: int) -> list[Static]:
    """What meeting skips of a U assume: half of each size, doubled, is that size."""
    found: list[Static] = []
    for _ in range(times):
        half = dims.tidy(Op("//", (size, 2)))
        found.append(same(dims.tidy(Op("*", (half, 2))), size))
        size = half
    return found


def test_sizes_with_the_same_divisor_are_put_together() -> None:
    found = sentences([*halvings(H, 1), *halvings(W, 1)])
    assert found == ("`h` and `w` are multiples of 2",)


def test_repeated_halving_is_one_sentence() -> None:
    assert sentences([*halvings(H, 5), *halvings(W, 5)]) == ("`h` and `w` are multiples of 32",)


def test_halving_upwards_is_the_same() -> None:
    half = dims.ceildiv(H, 2)
    quarter = dims.ceildiv(half, 2)
    found = [same(dims.tidy(Op("*", (half, 2))), H), same(dims.tidy(Op("*", (quarter, 2))), half)]
    assert sentences(found) == ("`h` is a multiple of 4",)


def test_a_remainder() -> None:
    assert sentences([same(Op("%", (H, HEADS)), 0)]) == ("`h` is a multiple of `heads`",)
    assert sentences([same(dims.tidy(Op("%", (H, 4))), 0)]) == ("`h` is a multiple of 4",)


def test_what_follows_is_not_said() -> None:
    both = [same(Op("%", (H, 4)), 0), same(Op("%", (H, 2)), 0)]
    assert sentences(both) == ("`h` is a multiple of 4",)


def test_other_equalities() -> None:
    assert sentences([same(H, W), same(H, W)]) == ("`h` equals `w`",)


def test_a_number_is_said_first() -> None:
    assert sentences([same(8, H)]) == ("`h` is 8",)
    assert sentences([same(H, 8)]) == ("`h` is 8",)


def quotient(added: int, divisor: int) -> Static:
    return dims.tidy(Op("//", (Op("+", (H, added)), divisor)))


def test_two_quotients_of_one_size_are_told_by_what_is_left() -> None:
    for more, less, divisor in ((3, 0, 4), (3, 1, 4), (1, 0, 2), (2, 4, 5), (0, 5, 4)):
        (found,) = sentences([same(quotient(more, divisor), quotient(less, divisor))])
        fits = [n for n in range(40) if (n + more) // divisor == (n + less) // divisor]
        left = list(dict.fromkeys(n % divisor for n in fits))
        if not fits:
            assert "equals" in found
        elif left == [0]:
            assert found == f"`h` is a multiple of {divisor}"
        else:
            *first, last = map(str, left)
            numbers = f"{', '.join(first)} or {last}" if first else last
            assert found == f"`h % {divisor}` is {numbers}"


def test_sizes_are_never_negative() -> None:
    up = Op("*", (-1, Op("//", (Op("*", (-1, H)), HEADS))))  # h / heads, rounded up
    assert goes_without_saying(Op("<=", (0, up)))
    assert goes_without_saying(Op("<=", (0, Op("*", (up, Op("//", (W, HEADS)))))))
    assert not goes_without_saying(Op("<=", (0, Op("-", (up, W)))))
    assert not goes_without_saying(Op("<=", (0, Op("//", (Op("-", (H, W)), HEADS)))))
