"""Layers whose weight is computed from other tensors: the parametrizations of torch.

They wrap a layer of torch, read what it reads and give what it gives; of its weights they replace
one, ``weight``, by ``parametrizations.weight.original`` and the like.
https://docs.pytorch.org/docs/stable/nn.html#torch.nn.utils.parametrizations.weight_norm
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from nndsl.layers.arguments import axis, flag, layer, real, whole
from nndsl.layers.parts import Met, given, met
from nndsl.layers.rules import likely, number, tidy, times
from nndsl.model.expr import Call, Expr, Static
from nndsl.model.graph import Weight
from nndsl.model.spec import Argument, Layer, LayerCall, LayerResult, Part, Rejected
from nndsl.model.text import shape as shape_text

Split = Callable[[LayerCall, Weight], list[Weight]]
"""What stands for a weight: the tensors of its parametrization, in the order of registration."""

_MODULE = layer("module", "the layer one of whose weights is computed")
_NAME = Argument("name", "str", "weight", "which of the layer's weights is computed")


def _parametrized(split: Split, call: LayerCall) -> LayerResult:
    inside = met(call, "module", *call.inputs)
    weight = _chosen(call, inside)
    rest = [w for w in inside.result.weights if w is not weight]
    weights = sorted([*rest, *split(call, weight)], key=lambda w: not w.trainable)
    found: dict[str, Static] = {"module": inside.built}
    if split is _length_and_direction and call["dim"] is None:
        found["dim"] = -1  # the same, and what torch's annotation allows
    return LayerResult(inside.result.output, found, tuple(weights), inside.result.macs)


def _chosen(call: LayerCall, inside: Met) -> Weight:
    """The weight that is computed: one that the layer learns and holds itself."""
    name = number(call, "name")
    weights = inside.result.weights
    own = [w for w in weights if w.trainable and "." not in w.name]
    found = next((w for w in own if w.name == name), None)
    if found is not None:
        return found
    culprit = "name" if "name" in call.given else "module"
    if any(w.name.startswith(f"parametrizations.{name}.") for w in weights):
        raise Rejected(f"`{{layer}}` wraps a layer whose {name} is computed already", culprit)
    listed = ", ".join(w.name for w in own)
    advice = f"it learns {listed}" if own else "it learns nothing of its own"
    raise Rejected(
        f"`{{layer}}` finds no weight called {name} in `{inside.part.name}`", culprit, advice
    )


def _as(weight: Weight, name: str, shape: Any, trainable: bool = True) -> Weight:
    return Weight(f"parametrizations.{weight.name}.{name}", tuple(shape), trainable)


def _axis(call: LayerCall, weight: Weight, place: int) -> int:
    """``dim`` counted from the front."""
    rank = len(weight.shape)
    if not -rank <= place < rank:
        raise Rejected(
            f"`{{layer}}` has dim = {place}, but {weight.name} {shape_text(weight.shape)} "
            f"has {rank} ax{'i' if rank == 1 else 'e'}s",
            "dim",
        )
    return place % rank


def _length_and_direction(call: LayerCall, weight: Weight) -> list[Weight]:
    place = number(call, "dim")
    gain: list[Any] = []
    if place not in (None, -1):  # torch takes -1 for the whole tensor
        kept = _axis(call, weight, place)
        gain = [size if i == kept else 1 for i, size in enumerate(weight.shape)]
    return [_as(weight, "original0", gain), _as(weight, "original1", weight.shape)]


def _spectrum(call: LayerCall, weight: Weight) -> list[Weight]:
    place = number(call, "dim")
    if place is None:
        place = int(_innermost(call).layer.torch.startswith("torch.nn.ConvTranspose"))
    place = _axis(call, weight, place)
    original = _as(weight, "original", weight.shape)
    if len(weight.shape) == 1:
        return [original]
    others = tidy(times(*weight.shape[:place], *weight.shape[place + 1 :]))
    return [
        original,
        _as(weight, "0._u", (weight.shape[place],), trainable=False),
        _as(weight, "0._v", (others,), trainable=False),
    ]


def _innermost(call: LayerCall) -> Part:
    part = given(call, "module")
    while part.layer.wraps:
        part = given(part.call, part.layer.wraps)
    return part


def _rotation(call: LayerCall, weight: Weight) -> list[Weight]:
    if len(weight.shape) < 2:
        raise Rejected(
            f"`{{layer}}` takes a matrix, but {weight.name} is {shape_text(weight.shape)}", "module"
        )
    original = _as(weight, "original", weight.shape)
    if not likely(call, "use_trivialization"):
        return [original]
    *batch, rows, columns = weight.shape
    longer = rows if call.check.same(rows, columns) else _longer(rows, columns)
    return [original, _as(weight, "0.base", (*batch, longer, longer), trainable=False)]


def _longer(a: Any, b: Any) -> Any:
    return Call("max", (a, b)) if isinstance(a, Expr) or isinstance(b, Expr) else max(a, b)


def _entry(name: str, split: Split, doc: str, *arguments: Argument) -> Layer:
    every = (_MODULE, _NAME, *arguments)
    return Layer(
        name,
        f"torch.nn.utils.parametrizations.{name}",
        every,
        partial(_parametrized, split),
        positional=tuple(a.name for a in every if a.name != "use_trivialization"),
        leading=1,
        doc=doc,
        wraps="module",
    )


ENTRIES = (
    _entry(
        "weight_norm",
        _length_and_direction,
        "Learns the length and the direction of a layer's weight apart.",
        Argument(
            "dim", "axis|none", 0, "the axis along which lengths differ; None: one for the whole"
        ),
    ),
    _entry(
        "spectral_norm",
        _spectrum,
        "Divides a layer's weight by its largest singular value.",
        whole("n_power_iterations", "steps of estimation a call in training", 1, low=1),
        real("eps", "against division by zero", 1e-12, low=0),
        axis("dim", "the axis of the outputs; None: the layer's own", None),
    ),
    _entry(
        "orthogonal",
        _rotation,
        "Keeps a layer's weight orthogonal.",
        Argument(
            "orthogonal_map",
            "str|none",
            None,
            "how it is computed; None: as suits the shape",
            choices=("matrix_exp", "cayley", "householder"),
        ),
        flag("use_trivialization", "whether it is learned relative to where it began", True),
    ),
)
