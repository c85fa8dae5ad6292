"""Words that are keywords only in their place: `model`, `order`, `x`, ...

The parser asks here when it meets a name that could be one; the state it is in says whether the
keyword could stand there, what follows says whether it does.
"""

from __future__ import annotations

from nndsl.syntax.lexer import Tokens

_NAMES = frozenset({"NAME"})
_LABELS = frozenset({"NAME", "STRING"})
_TEXTS = frozenset({"STRING"})

# word -> (terminal, kinds of the next token that make it a keyword)
SOFT = {
    "model": ("MODEL", _NAMES),
    "activation": ("ACTIVATION", _NAMES),
    "fn": ("FN", _NAMES),
    "param": ("PARAM", _NAMES),
    "buffer": ("BUFFER", _NAMES),
    "module": ("MODULE", _LABELS),
    "order": ("ORDER", _LABELS),
    "tie": ("TIE", _LABELS),
    "init": ("INIT", _LABELS),
    "loss": ("LOSS", _NAMES),
    "layer": ("LAYER", _NAMES),
    "const": ("CONST", _NAMES),
    "weights": ("WEIGHTS", _NAMES),
    "drop": ("DROP", _TEXTS),
}
# Python's keywords too: `param class = ones` is a parameter with a bad name
_WORDLIKE = frozenset(
    {"RESERVED", "DEF", "_RETURN", "_ASSERT", "_IMPORT", "_FROM", "TRUE", "FALSE", "NONE"}
)
_COUNTS = frozenset({"INT", "NAME", "LPAR"})


def kind_of_name(tokens: Tokens, at: int, row: dict[str, int]) -> str:
    """The terminal a NAME token stands for in a state; splits `x3` where it means a repeat."""
    word = tokens.source.text[tokens.starts[at] : tokens.ends[at]]
    soft = SOFT.get(word)
    following = tokens.kinds[at + 1]
    if soft is not None:
        if soft[0] in row and (following in soft[1] or following in _WORDLIKE):
            return soft[0]
    elif "REPEAT" in row and word[0] == "x":
        if word == "x" and following in _COUNTS:
            return "REPEAT"
        if all(part.isdigit() for part in word[1:].split("_")):
            tokens.kinds.insert(at + 1, "INT")
            tokens.starts.insert(at + 1, tokens.starts[at] + 1)
            tokens.ends.insert(at, tokens.starts[at] + 1)
            return "REPEAT"
    if following == "EQUAL" and "KEY" in row:
        return "KEY"
    return "NAME"
