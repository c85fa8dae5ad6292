"""What functions are called that become members of a chain with labels."""

from __future__ import annotations

import re
from collections import Counter

from nndsl.backends.source.naming import MODULE, unique
from nndsl.model.expr import Text
from nndsl.model.graph import Do, For, Make, Statement, walk

_WORDS = (("Dropout", "drop"), ("Pool", "pool"), ("Pad", "pad"))
"""What people call layers of one kind, by a part of the name of their class."""
_WORD_ENDS = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_RANK = re.compile(r"\dd$")


def names_of_steps(region: tuple[Statement, ...]) -> dict[Statement, str]:
    """A name for each function that is a layer, too: numbered where several are of one kind, and
    none where a label may come to the same. Those in a loop have none."""
    labels = [make.path[-1] for make in walk(region) if isinstance(make, Make)]
    texts = [label for label in labels if isinstance(label, Text)]
    taken = {label for label in labels if isinstance(label, str)} | MODULE
    rounds = {s for loop in walk(region) if isinstance(loop, For) for s in walk(loop.body)}
    steps = [s for s in walk(region) if isinstance(s, Do) and s.layer and s not in rounds]
    words = [_word(step.layer.torch) for step in steps if step.layer is not None]
    counts, numbers = Counter(words), Counter[str]()
    found: dict[Statement, str] = {}
    for step, word in zip(steps, words, strict=True):
        numbers[word] += 1
        name = unique(f"{word}{numbers[word]}" if counts[word] > 1 else word, taken)
        if not any(_may_be(text, name) for text in texts):
            taken.add(name)
            found[step] = name
    return found


def _word(torch: str) -> str:
    """What a layer is called where it stands without a label: ``relu`` for ``torch.nn.ReLU``."""
    name = torch.rpartition(".")[2]
    for part, word in _WORDS:
        if part in name:
            return word
    return _WORD_ENDS.sub("_", _RANK.sub("", name)).lower()


def _may_be(label: Text, name: str) -> bool:
    """Whether a label with computed parts may come to a name."""
    first = label.parts[0]
    return not isinstance(first, str) or name.startswith(first)
