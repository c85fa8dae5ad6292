"""What things are called outside the spec, the same in every backend."""

from __future__ import annotations

import re

_NET = re.compile(r"([a-z]+)(net)(\d*)")


def class_name(name: str, variant: str = "") -> str:
    """``two_layer_net`` is ``TwoLayerNet``, ``resnet`` ``ResNet``; capitals are kept."""
    return "".join(map(_capital, name.split("_"))) + variant


def _capital(word: str) -> str:
    found = _NET.fullmatch(word)
    if found:
        return f"{found[1].capitalize()}Net{found[3]}"
    return word[:1].upper() + word[1:]


def is_number(part: str) -> bool:
    """Whether a part of a path is a number: plain digits, no more than a number may have."""
    return part.isascii() and part.isdigit() and len(part) < 19
