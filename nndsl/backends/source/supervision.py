"""What a loss compares an output with: sample targets, and how the two are put into a call."""

from __future__ import annotations

from collections.abc import Callable

from nndsl.backends.source.sample import Sample, Unmade
from nndsl.model.graph import FlowType, LossCall, TensorType, TupleType
from nndsl.record import dataclass

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Supervision:
    """``target`` makes a sample target, empty where the loss takes none; ``call`` is the loss of
    ``output`` and ``target``."""

    target: str
    call: str


def supervise(loss: LossCall, output: FlowType, sample: Sample) -> Supervision:
    """How a model with this output is trained with this loss.

    Of several outputs as many go into the loss as it takes; the first, for most. Raises Unmade
    for a loss that needs more than outputs and one target.
    """
    kind = loss.torch.rpartition(".")[2]
    parts = _parts(output)
    if not parts or kind not in _TARGETS:
        raise Unmade(f"no training script is known for nn.{kind} on this model's output")
    takes, made = _TARGETS[kind]
    if len(parts) < takes:
        raise Unmade(f"nn.{kind} compares {takes} outputs, but the model has {len(parts)}")
    shape = sample.shape(parts[0][1])
    if shape is None:
        raise Unmade("the shape of the model's output is not known")
    target = made(shape)
    names = [text for text, _ in parts[:takes]]
    given = [names[0], "target", *names[1:]] if kind == "GaussianNLLLoss" else [*names, "target"]
    if kind in _CLASSES and _classes_last(parts[0][1]):
        target = f"torch.randint({shape[-1]}, {_tuple(shape[:-1])})"
        given = [f"{names[0]}.flatten(0, -2)", "target.flatten()"]
    call = f"loss_fn({', '.join(given if target else names)})"
    reduced = dict(loss.kwargs).get("reduction") == "none"
    return Supervision(target, f"{call}.mean()" if reduced else call)


def _parts(output: FlowType) -> list[tuple[str, TensorType]]:
    """The tensors of floats among the outputs, as text."""
    if isinstance(output, TensorType):
        return [("output", output)]
    if not isinstance(output, TupleType):
        return []
    names = output.names or ()
    texts = [f"output.{n}" for n in names] or [f"output[{i}]" for i in range(len(output.items))]
    pairs = zip(texts, output.items, strict=True)
    return [(t, one) for t, one in pairs if isinstance(one, TensorType) and one.dtype == "float"]


_CLASSES = ("CrossEntropyLoss", "NLLLoss")


def _classes_last(output: TensorType) -> bool:
    """Torch has classes on the second axis. A size that is open can't be their number."""
    shape = output.shape or ()
    return len(shape) > 2 and not isinstance(shape[1], int) and isinstance(shape[-1], int)


# ------------------------------------------------------------------ targets


def _tuple(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _listed(shape: Shape) -> str:
    return ", ".join(map(str, shape)) or "()"


def _index(shape: Shape) -> str:
    classes = shape[1] if len(shape) > 1 else shape[0]
    return f"torch.randint({classes}, {_tuple((*shape[:1], *shape[2:]) if len(shape) > 1 else ())})"


def _like(shape: Shape) -> str:
    return f"torch.randn({_listed(shape)})"


def _positive(shape: Shape) -> str:
    return f"torch.rand({_listed(shape)})"


def _truth(shape: Shape) -> str:
    return f"torch.randint(2, {_tuple(shape)}).float()"


def _count(shape: Shape) -> str:
    return f"torch.randint(10, {_tuple(shape)}).float()"


def _sign(shape: Shape) -> str:
    return f"2 * torch.randint(2, {_tuple(shape)}).float() - 1"


def _signs(shape: Shape) -> str:
    return _sign(shape[:1])


def _distribution(shape: Shape) -> str:
    return f"torch.softmax(torch.randn({_listed(shape)}), dim=-1)"


def _labels(shape: Shape) -> str:
    return f"torch.randint({shape[-1]}, {_tuple(shape)})"


def _none(shape: Shape) -> str:
    return ""


_TARGETS: dict[str, tuple[int, Callable[[Shape], str]]] = {
    "CrossEntropyLoss": (1, _index),
    "NLLLoss": (1, _index),
    "NLLLoss2d": (1, _index),
    "MultiMarginLoss": (1, _index),
    "MultiLabelMarginLoss": (1, _labels),
    "L1Loss": (1, _like),
    "MSELoss": (1, _like),
    "SmoothL1Loss": (1, _like),
    "HuberLoss": (1, _like),
    "GaussianNLLLoss": (2, _like),
    "BCELoss": (1, _truth),
    "BCEWithLogitsLoss": (1, _truth),
    "MultiLabelSoftMarginLoss": (1, _truth),
    "PoissonNLLLoss": (1, _count),
    "SoftMarginLoss": (1, _sign),
    "HingeEmbeddingLoss": (1, _sign),
    "KLDivLoss": (1, _distribution),
    "MarginRankingLoss": (2, _sign),
    "CosineEmbeddingLoss": (2, _signs),
    "TripletMarginLoss": (3, _none),
    "TripletMarginWithDistanceLoss": (3, _none),
}
"""How many outputs each loss of torch takes, and what it compares them with. Left out is
``CTCLoss``, which needs lengths that only the user's sequences have."""
