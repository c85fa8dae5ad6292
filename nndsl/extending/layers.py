"""``nndsl.layer``: a layer of another package."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from nndsl.extending.inputs import Expected
from nndsl.extending.names import by_name, check_arguments, check_known, check_name, check_path
from nndsl.extending.results import Settled, run
from nndsl.layers import registry
from nndsl.layers.writing import function as functional_of
from nndsl.model import outside
from nndsl.model.graph import FlowType
from nndsl.model.spec import REQUIRED, Argument, Layer, LayerCall, LayerResult
from nndsl.record import replace

Rule = Callable[[LayerCall], "LayerResult | FlowType | Sequence[Any]"]


def layer(
    path: str,
    *arguments: Argument,
    name: str = "",
    input: str = "...",
    inputs: Sequence[str] = ("input",),
    dtype: str = "float",
    positional: Sequence[str] | None = None,
    arrow: tuple[str, str] | None = None,
    leading: int | None = None,
    functional: str = "",
    random: bool = False,
    example: str = "",
    link: str = "",
) -> Callable[[Rule], Layer]:
    """Declare a layer; decorates its shape rule and gives its entry.

    Args:
        path: where the class is, as text: ``"torchvision.ops.SqueezeExcitation"``. Its module is
            imported when a model is built.
        arguments: of the class's constructor, in its order, with its names and defaults; made by
            ``argument`` and ``inferred``.
        name: what a spec calls it (compared without case and underscores); else the rule's name.
        input: the shape of the first tensor, ``"b t dim"``. Axes may be named after arguments;
            ``...`` in front stands for any axes.
        inputs: the names of the forward's tensors, those with a ``?`` may be left out.
        dtype: of the first tensor: float, int, bool or any.
        positional: the order in which a spec gives arguments without names; else all that are not
            inferred. They may be given by name always.
        arrow: the two arguments that ``a->b`` sets.
        leading: how many arguments are printed without their names; else those at the beginning
            that have no default. 0 for a constructor that takes names only.
        functional: the path of a function that does the same without a module, with the same
            arguments, for a layer without parameters.
        random: whether it draws random numbers.
        example: for the reference: ``'(x: "b t 80"): x | conformer_conv(kernel_size=31)'``.
        link: the page that describes it.

    Returns:
        A decorator. The rule gets a ``LayerCall``: ``call["kernel_size"]`` is an argument,
        ``call.input.shape`` the first tensor's shape, ``call.inputs`` the types of all. It gives a
        shape, a ``TensorType`` or what ``gives`` makes; a call that can't be it refuses by raising
        ``Rejected``. Its docstring describes the layer.

    Raises:
        ValueError: the declaration can't be: a name that is built in or taken, an argument twice,
            a pattern that can't be read.
    """
    check_path(path)
    check_arguments(arguments)
    arguments = by_name(arguments)
    if functional:
        check_path(functional)
    expected = Expected(input, arguments, dtype)
    free = tuple(one.name for one in arguments if not one.inferred)
    unnamed = tuple(one.name for one in arguments if not one.inferred and not one.named)
    check_known("positional", positional or (), free)
    check_known("arrow", arrow or (), [one.name for one in arguments])
    count = _leading(arguments) if leading is None else leading

    def declare(rule: Rule) -> Layer:
        own = name or rule.__name__
        check_name(own, rule.__module__, registry.declared())
        entry = Layer(
            own,
            path,
            arguments,
            _guarded(rule, expected, arguments),
            positional=unnamed if positional is None else tuple(positional),
            arrow=arrow,
            leading=count,
            inputs=tuple(inputs),
            ranks=expected.ranks,
            dtype=dtype,
            dtypes={one.rstrip("?"): "any" for one in inputs[1:]},  # the rule says what they are
            functional=functional_of(functional, arguments) if functional else None,
            assume=expected,
            random=random,
            doc=inspect.getdoc(rule) or "",
            example=example,
            link=link,
            declared_by=rule.__module__,
        )
        registry.declare(entry)
        for one in filter(None, (path, functional)):
            outside.declare(one)
        return entry

    return declare


def _guarded(
    rule: Rule, expected: Expected, arguments: tuple[Argument, ...]
) -> Callable[[LayerCall], LayerResult]:
    """The rule as the resolver calls it: sizes that follow from the input are put in first."""

    def guarded(call: LayerCall) -> LayerResult:
        inferred = expected.bind(call)
        args = Settled({**call.args, **inferred}, arguments, call.check)
        made, output = run(rule, replace(call, args=args), call.input)
        if isinstance(made, LayerResult):
            return replace(made, output=output, inferred={**inferred, **made.inferred})
        return LayerResult(output, inferred)

    return guarded


def _leading(arguments: tuple[Argument, ...]) -> int:
    places = (
        i for i, a in enumerate(arguments)
        if a.named or (not a.inferred and a.default is not REQUIRED)
    )  # fmt: skip
    return next(places, len(arguments))
