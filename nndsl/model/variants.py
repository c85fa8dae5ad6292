"""What tells the classes of one definition apart, where it is printed more than once."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.model.graph import Block, NoneType
from nndsl.model.names import class_name


def variants(blocks: Sequence[Block], plain: bool = True) -> list[str]:
    """What is added to each name: the inputs that not all have (``Down``, ``DownWithText``), or a
    number. ``plain``: whether one of them may have the name as it is."""
    inputs = [
        [one.var.name for one in block.inputs if not isinstance(one.var.type, NoneType)]
        for block in blocks
    ]
    shared = set(inputs[0]).intersection(*inputs)
    more = ["And".join(class_name(n) for n in names if n not in shared) for names in inputs]
    if plain and len(set(more)) == len(blocks):
        return [f"With{text}" if text else "" for text in more]
    return [str(number) for number in range(1, len(blocks) + 1)]
