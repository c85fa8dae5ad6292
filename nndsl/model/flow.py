"""What flows when a model runs: types, variables, operands, operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from nndsl.model.expr import Expr, Name, Size, Static
from nndsl.record import dataclass
from nndsl.source import Span

if TYPE_CHECKING:
    from nndsl.model.graph import FunctionBlock


@dataclass(frozen=True)
class TensorType:
    """``shape`` None: of any shape, or unknown after an error. ``dtype``: float, int or bool.

    ``lead`` True: any axes may stand before ``shape`` (an input of any rank). ``optional``: it may
    be None at run time (an input that a caller may leave out).
    """

    shape: tuple[Size, ...] | None
    dtype: str = "float"
    lead: bool = False
    optional: bool = False

    @property
    def rank(self) -> int | None:
        return None if self.shape is None or self.lead else len(self.shape)


@dataclass(frozen=True)
class TupleType:
    """Several outputs: ``names`` where they are named. ``many``: a list of tensors; ``built``: one
    that the author built, whose items a loop goes through at construction."""

    items: tuple[FlowType, ...]
    names: tuple[str, ...] | None = None
    many: bool = False
    built: bool = False


@dataclass(frozen=True)
class ListType:
    """A list of tensors whose length is ``length``, all of one type (``item``).

    The item's sizes may use ``index``, the place in the list.
    """

    item: FlowType
    length: Static
    index: Name | None = None


@dataclass(frozen=True)
class NoneType:
    """An optional input that was not given."""


FlowType = Union[TensorType, TupleType, ListType, NoneType]


@dataclass(frozen=True, eq=False)
class Var:
    """Something that flows, assigned once. ``name`` is the author's, or empty for a temporary.

    ``member`` is set for a parameter or buffer of the module (read as ``self.<member>``).
    """

    id: int
    name: str
    type: FlowType
    member: Path | None = None
    span: Span | None = None


PathPart = Union[str, Expr, int]
"""An attribute name, a template (``Text``) or an index into a container."""
Path = tuple[PathPart, ...]

# ------------------------------------------------------------------ operands


@dataclass(frozen=True)
class Many:
    """Operands; ``kind`` is ``list``, ``tuple``, or ``zip`` (lists that a Scan goes over)."""

    items: tuple[Operand, ...]
    kind: str = "list"


@dataclass(frozen=True)
class SliceArg:
    """``start:stop:step`` in an index; None where left out."""

    start: Operand
    stop: Operand
    step: Operand


@dataclass(frozen=True)
class Special:
    """``training`` (the module's mode), ``...``, ``device`` or ``dtype`` (of ``of``)."""

    kind: str
    of: Var | None = None


@dataclass(frozen=True)
class Dtype:
    """A torch dtype: ``float`` (the default one), ``int`` (int64) or ``bool``."""

    name: str


Operand = Union[Var, Static, Many, SliceArg, Special, Dtype]
"""Static expressions among the operands may use ``size`` names: sizes read at run time."""

# ------------------------------------------------------------------ operations


@dataclass(frozen=True)
class Apply:
    """A function of tensors: ``torch.cat``, ``F.relu``, ``Tensor.reshape`` (a method, the first
    argument is the tensor), ``op.add`` (a Python operator; also ``op.getitem``, ``op.tuple``,
    ``op.list``, ``op.identity``, and
    ``op.sum`` of a list, given twice: for its rest and for its first item)."""

    fn: str
    args: tuple[Operand, ...] = ()
    kwargs: tuple[tuple[str, Operand], ...] = ()


@dataclass(frozen=True)
class Invoke:
    """A call of a child module."""

    path: Path
    args: tuple[Operand, ...] = ()
    kwargs: tuple[tuple[str, Operand], ...] = ()


@dataclass(frozen=True)
class CallFunction:
    """A call of one of the spec's own functions."""

    function: FunctionBlock
    args: tuple[Operand, ...] = ()
    kwargs: tuple[tuple[str, Operand], ...] = ()


Operation = Union[Apply, Invoke, CallFunction]
