"""Lists of numbers that torch's layers take as a tuple: ``kernel: tuple[int, int]``.

``nn.Conv2d`` wants as many numbers as a map has axes. A parameter that goes to a layer as it is, or
spread into a list, or to a class that hands it on, is typed so, with as many numbers as its default
has or its users give; other lists may be any sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nndsl.model.expr import Listing, Name, Spread, Static
from nndsl.model.graph import Block, Construct, Make, Use, walk
from nndsl.record import replace


def type_kernels(blocks: tuple[Block, ...]) -> None:
    """Type the parameters of blocks, which come before those that use them."""
    whole: set[Name] = set()
    for block in blocks:
        whole.update(name for make in walk(block.body) for name in _handed_on(make, whole))
    counts: dict[Name, int] = {}
    for block in reversed(blocks):
        for one in block.parameters:
            _note(one.name, one.default, counts)
        for make in walk(block.body):
            _note_given(make, counts)
    for block in blocks:
        block.parameters = tuple(
            replace(one, type=f"tuple[{', '.join(['int'] * counts[one.name])}]")
            if one.type == "list[int]" and one.name in whole and counts.get(one.name)
            else one
            for one in block.parameters
        )


def _handed_on(make: Any, whole: set[Name]) -> Iterator[Name]:
    """The names that a layer is given as they are, or spread, also by way of a class."""
    made = make.what if isinstance(make, Make) else None
    if isinstance(made, Construct):
        for value in (*made.args, *(value for _, value in made.kwargs)):
            items = value.items if isinstance(value, Listing) else ()
            spread = (one.value for one in items if isinstance(one, Spread))
            yield from (one for one in (value, *spread) if isinstance(one, Name))
    elif isinstance(made, Use):
        own = {one.name.id: one.name for one in made.block.parameters}
        yield from (v for key, v in made.args if isinstance(v, Name) and own.get(key) in whole)


def _note_given(make: Any, counts: dict[Name, int]) -> None:
    """How many numbers a use gives for parameters without a default."""
    made = make.what if isinstance(make, Make) else None
    if isinstance(made, Use):
        own = {one.name.id: one.name for one in made.block.parameters if one.required}
        for key, value in made.args:
            if key in own:
                _note(own[key], value, counts)


def _note(name: Name, value: Static, counts: dict[Name, int]) -> None:
    if isinstance(value, tuple):
        counts.setdefault(name, len(value))
    elif isinstance(value, Name) and value in counts:
        counts.setdefault(name, counts[value])
