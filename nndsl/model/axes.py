"""What axes are called where the author gave them no name: by what is done with them.

Channels stand behind the batch (`b c h w`), or last (`b h w c`). Nobody says which, but layers ask:
a convolution wants the size of the second axis, a linear layer that of the last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

Axes = tuple[str, ...]

_LAYOUTS: dict[int, tuple[Axes, ...]] = {
    1: (("b",),),
    2: (("b", "in_features"),),
    3: (("b", "t", "d"), ("b", "c", "t")),
    4: (("b", "c", "h", "w"), ("b", "h", "w", "c")),
    5: (("b", "c", "d", "h", "w"), ("b", "d", "h", "w", "c")),
}
"""The usual ones first; the axis of the features is the second or the last."""
_NUMBERS: dict[int, Axes] = {2: ("b", "t"), 3: ("b", "t", "n")}
"""Of tensors without features: token ids, masks."""
_TOLD = {"t": "out_length", "d": "out_depth", "h": "out_height", "w": "out_width"}


def axis_names(
    rank: int,
    asked: Collection[int] = (),
    named: Mapping[int, str] | None = None,
    dtype: str = "float",
) -> Axes:
    """The names of a tensor's axes. ``asked``: those whose size layers want, ``named``: those that
    the author gave a name."""
    if dtype in ("int", "bool") and rank in _NUMBERS:
        return _NUMBERS[rank]
    layouts = _LAYOUTS.get(rank)
    if layouts is None:
        return tuple("b" if axis == 0 else "n" for axis in range(rank))
    if not asked and not named:
        return layouts[0]
    given = named or {}

    def fits(layout: Axes) -> tuple[bool, int]:
        agree = sum(layout[axis] == name for axis, name in given.items() if axis < rank)
        return features_axis(layout) in asked, agree

    return max(layouts, key=fits)


def unusual(rank: int, asked: Collection[int]) -> bool:
    """Whether what layers want shows that the features stand elsewhere than they usually do."""
    return axis_names(rank, asked) != axis_names(rank)


def features_axis(names: Axes) -> int:
    """Where the features, or channels, of a tensor stand; behind all axes if it has none."""
    wanted = {1: "", 2: "in_features"}.get(len(names), "c" if "c" in names else "d")
    return names.index(wanted) if wanted in names else len(names)


def owned(owner: str, axis: int, names: Axes) -> str:
    """The name of an axis that says whose it is: ``memory_features``."""
    if axis != features_axis(names):
        return f"{owner}_{names[axis]}"
    return f"{owner}_{'channels' if names[axis] == 'c' else 'features'}"


def told_as(axis: int, names: Axes) -> str:
    """The attribute under which a module tells the size of an axis of its output.

    ``out_channels`` is always that of the second axis and ``out_features`` that of the last.
    """
    if axis == features_axis(names):
        return "out_channels" if axis < len(names) - 1 else "out_features"
    return _TOLD.get(names[axis], f"out_size{axis}")
