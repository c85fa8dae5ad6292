"""Lists of numbers that torch's layers take as a tuple: ``kernel: tuple[int, int]``.

``nn.Conv2d`` wants as many numbers as a map has axes. A parameter that goes to one as it is, or to
a class that hands it on, is typed so; other lists may be any sequence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nndsl.model.expr import Listing, Name, Spread
from nndsl.model.graph import Block, Construct, Make, Use, walk
from nndsl.record import replace

_AXES = re.compile(r"([123])d$")


def type_kernels(blocks: tuple[Block, ...]) -> None:
    """Type the parameters of blocks, which come before those that use them."""
    for block in blocks:
        wanted = dict(wish for make in walk(block.body) for wish in _wanted(make))
        block.parameters = tuple(
            replace(one, type=wanted[one.name])
            if one.type == "list[int]" and one.name in wanted
            else one
            for one in block.parameters
        )


def _wanted(make: Any) -> Iterator[tuple[Name, str]]:
    """The names that go to a layer as they are, and as what."""
    made = make.what if isinstance(make, Make) else None
    if isinstance(made, Construct):
        found = _AXES.search(made.torch)
        axes = int(found[1]) if found else 0
        for value in (*made.args, *(value for _, value in made.kwargs)):
            if isinstance(value, Name):
                yield value, _tuple(axes)
            elif isinstance(value, Listing):
                spread = [one.value for one in value.items if isinstance(one, Spread)]
                if len(spread) == 1 and isinstance(spread[0], Name) and axes >= len(value.items):
                    yield spread[0], _tuple(axes - len(value.items) + 1)
    elif isinstance(made, Use):
        types = {one.name.id: one.type for one in made.block.parameters}
        for key, value in made.args:
            if isinstance(value, Name) and types.get(key, "").startswith("tuple["):
                yield value, types[key]


def _tuple(count: int) -> str:
    return f"tuple[{', '.join(['int'] * count)}]" if count else "tuple[int, ...]"
