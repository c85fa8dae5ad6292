"""An example of every built-in layer and function: the end of a model, which the tests check.

Each line of the tables has the name, the inputs and the body, set apart by ``;``. What isn't in one
takes a float tensor and nothing else.
"""

from __future__ import annotations

from nndsl.layers import registry as layers
from nndsl.model.spec import Choice, Function, Layer, Loss, fold
from nndsl.reference.function_examples import FUNCTIONS
from nndsl.reference.layer_examples import LAYERS

_INPUTS = {1: "8", 2: "b 8", 3: "b 8 10", 4: "b 8 12 12", 5: "b 8 6 6 6"}
"""Shapes for layers that need nothing but a tensor, by its number of axes."""

_LOSSES = {
    "cross_entropy": "10",
    "bce_loss": "1 | sigmoid",
    "nll_loss": "10 | log_softmax(dim=1)",
    "kl_div": "10 | log_softmax(dim=1)",
    "multi_margin_loss": "10",
    "multilabel_margin_loss": "10",
    "multilabel_soft_margin_loss": "10",
}
"""What ends in each loss: features, and what comes after."""


def _table(text: str) -> dict[str, str]:
    found = {}
    for line in text.strip().splitlines():
        name, inputs, body = (part.strip() for part in line.split(";"))
        statements = body.split(" ~ ")
        alone = len(statements) == 1
        found[name] = f"({inputs}):" + (
            f" {body}" if alone else "".join(f"\n    {s}" for s in statements)
        )
    return found


_OF_LAYERS = {fold(name): example for name, example in _table(LAYERS).items()}
_OF_FUNCTIONS = _table(FUNCTIONS)


def example(entry: Layer | Choice | Function | Loss) -> str:
    """A whole spec that uses an entry; empty for one that a plug-in declares without."""
    if isinstance(entry, Loss):
        end = _LOSSES.get(entry.name, "1")
        return f'model example()(x: "b 784"):\n    x | linear {end}\n    loss {entry.name}\n'
    own = entry.example if isinstance(entry, Layer | Function) else ""
    if not own and isinstance(entry, Layer | Function) and entry.declared_by:
        return ""
    if not own:
        own = _of_function(entry) if isinstance(entry, Function) else _of_layer(entry)
    return f"model example(){own}\n"


def _of_layer(entry: Layer | Choice) -> str:
    known = _OF_LAYERS.get(fold(entry.name))
    if known is not None or isinstance(entry, Choice):
        return known or ""
    rank = entry.ranks[-1] if entry.ranks else 2
    return f'(x: "{_INPUTS[rank]}"): x | {entry.name}'


def _of_function(entry: Function) -> str:
    known = _OF_FUNCTIONS.get(entry.name)
    if known is not None:
        return known
    call = f"{entry.name}(x * 2)" if layers.find(entry.name) else f"x | {entry.name}"
    return f'(x: "b 8"): {call}'
