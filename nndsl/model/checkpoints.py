"""What a file of weights holds, what a model owns, and how the one becomes the other: as data."""

from __future__ import annotations

from collections.abc import Mapping

from nndsl.model.graph import FunctionBlock
from nndsl.record import dataclass, field
from nndsl.source import Span


@dataclass(frozen=True)
class Stored:
    """A tensor of a file. ``dtype``: float, int or bool, whatever its width, or what no model has
    (complex, packed)."""

    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True)
class Owned:
    """An entry of a model's state dict, and the layer or declaration of the spec that owns it.

    ``counter``: a buffer of one integer, which counts and may be missing, as torch has it.
    """

    shape: tuple[int, ...]
    dtype: str
    span: Span | None
    counter: bool = False


@dataclass(frozen=True)
class ModelKeys:
    """The state dict of a model without its tensors.

    ``ties``, in the order in which they are made, give a name to the parameter of another;
    ``places`` say where each module is made.
    """

    owned: Mapping[str, Owned]
    ties: tuple[tuple[str, str], ...] = ()
    places: Mapping[str, Span | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """Tensors of a file that become entries of a state dict; None leaves them as they are.

    ``function`` takes the ``sources`` one by one and gives a tensor, or one for each target.
    """

    sources: tuple[str, ...]
    function: FunctionBlock | None
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Loading:
    """How a file is read into a model. ``missing`` maps names that the file leaves out to another
    name of the same parameter, or to None for a counter, which stays as it is."""

    moves: tuple[Move, ...] = ()
    missing: Mapping[str, str | None] = field(default_factory=dict)
