"""``nndsl.function``: a function of tensors of another package."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from nndsl.extending.names import by_name, check_arguments, check_name, check_path
from nndsl.extending.results import Settled, run
from nndsl.functions import registry
from nndsl.functions.entry import entry, operands
from nndsl.functions.shapes import Unknown
from nndsl.model import outside
from nndsl.model.graph import FlowType, TensorType
from nndsl.model.spec import Argument, Function, FunctionCall, FunctionResult
from nndsl.record import replace

Rule = Callable[[FunctionCall], "FunctionResult | FlowType | Sequence[Any]"]


def function(
    path: str,
    *arguments: Argument,
    name: str = "",
    random: bool = False,
    example: str = "",
    link: str = "",
) -> Callable[[Rule], Function]:
    """Declare a function of tensors; decorates its shape rule and gives its entry.

    Args:
        path: where it is, as text: ``"entmax.sparsemax"``. Its module is imported when a model is
            built.
        arguments: in its order, with its names and defaults; made by ``tensor``, ``tensors`` and
            ``argument``. What flows in is put into the first tensor.
        name: what a spec calls it, letter by letter; else the rule's name.
        random: whether it draws random numbers.
        example: for the reference: ``'(x: "b c"): sparsemax(x)'``.
        link: the page that describes it.

    Returns:
        A decorator. The rule gets a ``FunctionCall``: ``call["dim"]`` is an argument,
        ``call.shape("x")`` the shape of a tensor. It gives a shape (of the first tensor's type), a
        ``TensorType``, or a tuple of these; a call that can't be it refuses by raising
        ``Rejected``. Its docstring describes the function.

    Raises:
        ValueError: the declaration can't be: a name that is built in or taken, an argument twice.
    """
    check_path(path)
    check_arguments(arguments)
    arguments = by_name(arguments)

    def declare(rule: Rule) -> Function:
        own = name or rule.__name__
        check_name(own, rule.__module__, registry.declared())
        made = entry(
            own,
            path,
            arguments,
            _guarded(rule, arguments),
            random=random,
            doc=inspect.getdoc(rule) or "",
            example=example,
            link=link,
            declared_by=rule.__module__,
        )
        registry.declare(made)
        outside.declare(path)
        return made

    return declare


def _guarded(
    rule: Rule, arguments: tuple[Argument, ...]
) -> Callable[[FunctionCall], FunctionResult | FlowType]:
    def guarded(call: FunctionCall) -> FunctionResult | FlowType:
        types = [var.type for var in operands(call)]
        if any(isinstance(one, TensorType) and one.shape is None for one in types):
            raise Unknown
        first = next((one for one in types if isinstance(one, TensorType)), None)
        args = Settled(call.args, arguments, call.check)
        made, output = run(rule, replace(call, args=args), first)
        return replace(made, output=output) if isinstance(made, FunctionResult) else output

    return guarded
