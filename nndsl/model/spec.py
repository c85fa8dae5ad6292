"""Entries: what nndsl knows of a layer or a function of torch, as data and one shape rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nndsl.model.checker import Checker
from nndsl.model.expr import Size, Static
from nndsl.model.graph import Apply, FlowType, TensorType, Var, Weight
from nndsl.record import dataclass, field

REQUIRED: Any = type("Required", (), {"__repr__": lambda self: "REQUIRED"})()
"""The default of an argument that must be given."""


class Rejected(Exception):
    """What a rule says of a call that can't be: the message, what is to blame, the repair.

    ``culprit`` is an argument's name, ``"input"`` for the (first) tensor, or empty for the call;
    ``text`` is what stands under it.
    ``part`` is the layer that refused, where it is an argument of the one that was asked.
    """

    part: Part | None = None

    def __init__(
        self, message: str, culprit: str = "", help: str = "", code: str = "E301", text: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.culprit = culprit
        self.help = help
        self.code = code
        self.text = text


@dataclass(frozen=True)
class Argument:
    """An argument by torch's name.

    ``type``: ``int float bool str size ints floats axis axes dtype tensor tensors layer any`` or
    several joined by ``|``; ``none`` among them allows None. ``size`` is an int of at least 1;
    ``ints`` an int or one int a spatial axis. ``tensor`` arguments are operands of functions;
    a ``layer`` is another layer with its arguments, which a rule receives as a ``Part``.
    ``inferred``: follows from the input and has no place among the positional arguments.
    ``low``/``high`` bound numbers (an infinite bound lets infinity in); ``choices`` lists the
    strings that are allowed; ``alias`` is a second keyword for it; ``named``: torch takes it by
    name only.
    """

    name: str
    type: str
    default: Any = REQUIRED
    doc: str = ""
    inferred: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    alias: str = ""
    named: bool = False


@dataclass(frozen=True)
class LayerCall:
    """A layer met with its input. ``args`` has every argument, defaults put in; an inferred one
    that was not given is None. ``given`` says which were written. ``inputs`` are the tensors."""

    args: Mapping[str, Static]
    given: frozenset[str]
    inputs: tuple[FlowType, ...]
    check: Checker = field(default_factory=Checker)

    def __getitem__(self, name: str) -> Static:
        return self.args[name]

    @property
    def input(self) -> TensorType:
        first = self.inputs[0]
        assert isinstance(first, TensorType)
        return first


@dataclass(frozen=True)
class Part:
    """A layer among the arguments of another: ``conv(64, 3)`` in ``weight_norm(conv(64, 3))``.

    ``call`` holds its arguments; the rule of the layer around it says which tensors it meets.
    ``name`` is the author's spelling; ``place`` is where it was written, for who reports.
    """

    layer: Layer
    call: LayerCall
    name: str
    place: Any = None


@dataclass(frozen=True)
class LayerResult:
    """``inferred`` fills the arguments left out (and replaces those that torch spells otherwise,
    such as ``padding="same"``); ``weights`` are in torch's registration order;
    ``macs`` are the multiply-adds of one call (for all axes, batch included)."""

    output: FlowType
    inferred: Mapping[str, Static] = field(default_factory=dict)
    weights: tuple[Weight, ...] = ()
    macs: Size = 0


@dataclass(frozen=True)
class Layer:
    """A layer's entry.

    ``name`` is the spelling shown to users (``conv2d``; matched without case and underscores).
    ``arguments`` stand in torch's order with torch's names and defaults; ``positional`` is the
    order in which a spec gives them; ``arrow`` is the (input size, output size) pair that ``a->b``
    sets. ``leading`` is how many arguments torch users write without their names.
    ``inputs`` are the names of its forward's tensors (the first is the flowing one), those with a
    ``?`` may be left out; ``ranks`` are accepted ranks of the first, empty for any. ``dtype`` is
    the kind of numbers of all of them (``any``: of whatever), ``dtypes`` of those that have
    another; masks may be bool as well.
    ``assume`` gives the shape of an undeclared model input (rank unknown) that this layer reads.
    ``functional`` is the same computation without a module, for layers without parameters.
    ``wraps`` names the argument that is a layer and stays one: the whole reads the same inputs
    as that layer, and is named after it (``inputs``, ``ranks``, ``dtype`` and ``assume`` are its).
    ``example`` is the end of a model, ``(x: "b 8"): x | linear 4``; ``link`` a page that describes
    the layer; ``declared_by`` the plug-in's module, for layers that are not built in.
    """

    name: str
    torch: str
    arguments: tuple[Argument, ...]
    rule: Callable[[LayerCall], LayerResult]
    positional: tuple[str, ...] = ()
    arrow: tuple[str, str] | None = None
    leading: int = 0
    inputs: tuple[str, ...] = ("input",)
    ranks: tuple[int, ...] = ()
    dtype: str = "float"
    dtypes: Mapping[str, str] = field(default_factory=dict)
    functional: Callable[[LayerCall, Var], Apply] | None = None
    assume: Callable[[LayerCall], TensorType | None] | None = None
    random: bool = False
    doc: str = ""
    wraps: str = ""
    example: str = ""
    link: str = ""
    declared_by: str = ""


@dataclass(frozen=True)
class Choice:
    """A name that stands for one of several entries by the input's rank: ``conv``."""

    name: str
    by_rank: Mapping[int, str]
    doc: str = ""


@dataclass(frozen=True)
class Result:
    """The result of an earlier step, by its place in the list of steps."""

    step: int


@dataclass(frozen=True)
class Step:
    """One operation of a function that takes several; operands may be ``Result``."""

    operation: Apply
    type: FlowType


@dataclass(frozen=True)
class FunctionCall:
    """A function met with its operands. Tensor arguments are ``Var`` (with a type), lists of them
    tuples of ``Var``; everything else is static."""

    args: Mapping[str, Any]
    given: frozenset[str]
    check: Checker = field(default_factory=Checker)

    def __getitem__(self, name: str) -> Any:
        return self.args[name]

    def shape(self, name: str = "input") -> tuple[Size, ...]:
        """The shape of a tensor argument."""
        shape = self.args[name].type.shape
        assert shape is not None
        return shape  # type: ignore[no-any-return]


@dataclass(frozen=True)
class FunctionResult:
    """``steps`` empty: one step, ``Function.torch`` applied to the arguments as given."""

    output: FlowType
    steps: tuple[Step, ...] = ()
    macs: Size = 0


@dataclass(frozen=True)
class Function:
    """A function's entry: torch's names, order and defaults.

    ``torch`` is where it lives: ``torch.cat``, ``F.interpolate``, ``Tensor.expand``. ``creates``:
    it makes a tensor from static values only (takes the device of the first tensor input).
    ``star``: its ``axes``/``sizes`` argument may be written as several positional ones.
    ``random``: follows the module's mode or uses random numbers. ``number``: gives a number, which
    doesn't flow. ``example``, ``link`` and ``declared_by`` are as a layer's.
    """

    name: str
    torch: str
    arguments: tuple[Argument, ...]
    rule: Callable[[FunctionCall], FunctionResult]
    creates: bool = False
    star: str = ""
    random: bool = False
    number: bool = False
    doc: str = ""
    example: str = ""
    link: str = ""
    declared_by: str = ""


@dataclass(frozen=True)
class Loss:
    """A loss's entry: ``torch.nn.CrossEntropyLoss`` and the arguments it takes."""

    name: str
    torch: str
    arguments: tuple[Argument, ...]
    doc: str = ""


@dataclass(frozen=True)
class Initializer:
    """What an ``init`` rule calls: ``torch.nn.init.normal_`` and its arguments after the tensor.

    ``ranks`` are the fewest and the most axes of a tensor that it fills. ``suits`` raises
    ``Rejected`` where arguments don't fit each other.
    """

    name: str
    torch: str
    arguments: tuple[Argument, ...]
    ranks: tuple[int, int | None] = (0, None)
    doc: str = ""
    suits: Callable[[Mapping[str, Static]], None] | None = None

    @property
    def positional(self) -> tuple[str, ...]:
        """Every argument may be given by its place, as in torch."""
        return tuple(one.name for one in self.arguments)


def fold(name: str) -> str:
    """The form in which layer names are compared: without case and underscores."""
    return name.replace("_", "").lower()
