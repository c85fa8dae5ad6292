"""Paths that are found by what they begin with."""

from __future__ import annotations

import pytest

from nndsl.resolve.begun import Begun

PATHS = Begun([("a", 0, "weight"), ("b",)])


@pytest.mark.parametrize(
    ("path", "begins", "meets"),
    [
        ((), True, True),
        (("a",), True, True),
        (("a", 0), True, True),
        (("a", "0"), False, False),
        (("a", 0, "weight"), True, True),
        (("a", 0, "weight", "original"), False, True),
        (("b",), True, True),
        (("b", "weight"), False, True),
        (("c",), False, False),
    ],
)
def test_paths_and_what_they_begin_with(
    path: tuple[str | int, ...], begins: bool, meets: bool
) -> None:
    assert PATHS.begins(path) == begins
    assert PATHS.meets(path) == meets


def test_nothing_begins_with_anything_where_there_is_none() -> None:
    assert not Begun().begins(("a",))
    assert not Begun().meets(("a",))
