"""Records behave as the standard dataclasses do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from nndsl import record


@record.dataclass(frozen=True)
class Point:
    x: int
    y: int = 2
    tags: list[str] = record.field(default_factory=list)


@record.dataclass(frozen=True, eq=False, repr=False)
class Node:
    span: int


@record.dataclass(frozen=True, eq=False, repr=False)
class Leaf(Node):
    value: str
    other: Any = None


@record.dataclass
class Box:
    content: Any = None


@record.dataclass(frozen=True)
class Partly:
    seen: int
    hidden: int = record.field(default=0, repr=False, compare=False)


@record.dataclass
class Late:
    given: int
    double: int = record.field(init=False)

    def __post_init__(self) -> None:
        self.double = 2 * self.given


@record.dataclass(frozen=True)
class Named:
    id: str
    note: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)


def test_construction() -> None:
    assert (Point(1).x, Point(1).y, Point(1).tags) == (1, 2, [])
    assert Point(1).tags is not Point(1).tags
    assert Point(y=1, x=3).y == 1
    assert (Leaf(1, "a").span, Leaf(1, "a").value, Leaf(1, "a").other) == (1, "a", None)
    with pytest.raises(TypeError, match=r"Point.__init__\(\) missing 1 required"):
        Point()  # type: ignore[call-arg]


def test_equality_and_hashing() -> None:
    assert Box(1) == Box(1) != Box(2)
    assert Point(1) == Point(1) != Point(2)
    assert Leaf(1, "a") != Leaf(1, "a")
    assert len({Leaf(1, "a"), Leaf(1, "a")}) == 2
    assert Named("a", "b") == Named("a", "c")
    assert hash(Named("a", "b")) == hash("a")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Box())


def test_frozen() -> None:
    with pytest.raises(AttributeError, match="cannot assign to field 'x'"):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="cannot delete field 'x'"):
        del Point(1).x
    box = Box()
    box.content = 3
    assert box == Box(3)


def test_printing() -> None:
    @dataclasses.dataclass
    class Standard:
        content: Any = None

    assert repr(Box("a")) == repr(Standard("a")).rpartition(".")[2].replace("Standard", "Box")
    box = Box()
    box.content = [box]
    assert repr(box) == "Box(content=[...])"
    assert repr(Leaf(1, "a")).startswith("<")


def test_copies() -> None:
    for made in (Point(1, 3, ["a"]), Box({1: 2}), Named("a")):
        assert pickle.loads(pickle.dumps(made)) == made
        assert copy.deepcopy(made) == made
    assert record.replace(Point(1, 3), x=2) == Point(2, 3)
    assert [one.name for one in record.fields(Leaf)] == ["span", "value", "other"]


def test_fields_that_are_left_out() -> None:
    assert Partly(1, 2) == Partly(1, 3)
    assert hash(Partly(1, 2)) == hash(Partly(1, 3))
    assert repr(Partly(1, 2)) == "Partly(seen=1)"


def test_fields_that_are_set_later() -> None:
    late = Late(2)
    assert late.double == 4
    assert record.replace(late, given=3) == Late(3)


def test_matching() -> None:
    match Point(1, 5):
        case Point(x, y):
            assert (x, y) == (1, 5)
