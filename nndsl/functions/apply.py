"""From the arguments as written to a function's call, and from its result to steps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from nndsl.functions.entry import apply
from nndsl.functions.shapes import may_be_list
from nndsl.functions.text import count, quote, show, show_type
from nndsl.model.checker import Checker
from nndsl.model.elsewhere import argument_here
from nndsl.model.expr import Expr, Listing
from nndsl.model.graph import (
    Dtype,
    FlowType,
    ListType,
    Many,
    NoneType,
    Operand,
    TensorType,
    TupleType,
    Var,
)
from nndsl.model.nearest import suggest
from nndsl.model.spec import (
    REQUIRED,
    Argument,
    Function,
    FunctionCall,
    FunctionResult,
    Rejected,
    Step,
)

# Arguments of torch that any number fits, infinite ones too.
_OPEN = frozenset(
    ("value", "fill_value", "input", "other", "min", "max", "p", "weight", "ord", "data", "nan",
     "posinf", "neginf")
)  # fmt: skip
_LISTS = frozenset(("ints", "floats", "axes", "sizes", "tensors", "numbers", "pairs"))
_NESTED = frozenset(("numbers", "pairs"))
_WHOLE = frozenset(("int", "size", "axis", "ints", "axes", "sizes", "pairs"))
_DTYPES = ("float", "int", "bool")
_MOST = 2**63


def complete(
    function: Function, positional: Sequence[Any], keywords: Mapping[str, Any]
) -> tuple[dict[str, Any], frozenset[str]]:
    """Every argument by name, defaults put in, and which of them were written."""
    written = _by_place(function, positional)
    known = {argument.name: argument for argument in function.arguments}
    for name, value in keywords.items():
        if name not in known:
            raise unknown_argument(function, name)
        if name in written:
            raise Rejected(f"`{name}` of `{function.name}` is given twice", name)
        written[name] = value
    args: dict[str, Any] = {}
    for argument in function.arguments:
        if argument.name in written:
            args[argument.name] = _checked(function, argument, written[argument.name])
        elif argument.default is REQUIRED:
            raise Rejected(f"`{function.name}` needs `{argument.name}`", "", signature(function))
        else:
            args[argument.name] = argument.default
    return args, frozenset(written)


def call(
    function: Function,
    positional: Sequence[Any],
    keywords: Mapping[str, Any],
    check: Checker | None = None,
) -> tuple[FlowType, tuple[Step, ...], Any]:
    """The whole way: the result's type, the steps that make it, and its multiply-adds."""
    args, given = complete(function, positional, keywords)
    made = FunctionCall(args, given, check or Checker())
    result = function.rule(made)
    return result.output, steps(function, made, result, len(positional)), result.macs


def steps(
    function: Function, call: FunctionCall, result: FunctionResult, positional: int = 1
) -> tuple[Step, ...]:
    """The rule's steps, or the one step that most functions are.

    ``positional`` is how many arguments were written without a name; they are printed so too.
    """
    if result.steps:
        return result.steps
    args: list[Operand] = []
    kwargs: dict[str, Operand] = {}
    for place, argument in enumerate(function.arguments):
        if argument.name not in call.given:
            continue
        operand = _operand(argument, call[argument.name])
        if argument.name == function.star and not kwargs:
            spread = _spread(call[argument.name])
            args.extend(spread or (operand,))  # torch wants something here
        elif place < max(positional, 1) and not kwargs and not argument.named:
            args.append(operand)
        else:
            kwargs[argument.name] = operand
    return (Step(apply(function.torch, *args, **kwargs), result.output),)


def first_tensor(function: Function) -> int:
    """Where the flowing tensor goes: the place of the first tensor among the arguments."""
    for place, argument in enumerate(function.arguments):
        if {"tensor", "tensors"} & set(argument.type.split("|")):
            return place
    return 0


def signature(function: Function) -> str:
    """``chunk(input, chunks, dim=0)``."""
    parts = [
        a.name if a.default is REQUIRED else f"{a.name}={show(a.default)}"
        for a in function.arguments
    ]
    named = next((i for i, a in enumerate(function.arguments) if a.named), None)
    if named is not None:
        parts.insert(named, "*")
    return f"{function.name}({', '.join(parts)})"


def _spread(value: Any) -> Sequence[Operand]:
    if isinstance(value, Listing):
        return value.items
    return value if isinstance(value, tuple) else (value,)


def _operand(argument: Argument, value: Any) -> Operand:
    if "tensors" in argument.type.split("|") and isinstance(value, tuple):
        return Many(value)
    if "dtype" in argument.type.split("|") and isinstance(value, str):
        return Dtype(value)
    if argument.type == "sizes" and not _may_be_list(value):
        return (value,)  # torch wants a list here, be it of one
    return cast(Operand, value)


# ------------------------------------------------------------------ matching


def _by_place(function: Function, positional: Sequence[Any]) -> dict[str, Any]:
    names = [argument.name for argument in function.arguments if not argument.named]
    values = list(positional)
    if function.star:
        at = names.index(function.star)
        if len(values) > at and not (len(values) == at + 1 and _is_list(values[at])):
            values[at:] = [tuple(values[at:])]
    if len(values) > len(names):
        what = "argument" if len(names) == len(function.arguments) else "argument without a name"
        raise Rejected(
            f"`{function.name}` takes {count(len(names), what)}, {len(values)} are given",
            "",
            signature(function),
        )
    return dict(zip(names, values, strict=False))


def _may_be_list(value: Any) -> bool:
    return isinstance(value, tuple) or isinstance(value, Expr) and may_be_list(value)


def _is_list(value: Any) -> bool:
    if isinstance(value, Var):
        return isinstance(value.type, TupleType | ListType)
    return isinstance(value, tuple | list | Listing)


def unknown_argument(function: Function, name: str) -> Rejected:
    """The refusal of an argument that a function doesn't have."""
    names = [argument.name for argument in function.arguments]
    help = argument_here(name, names) or suggest(name, names) or f"it has {quote(names)}"
    return Rejected(f"`{function.name}` has no argument `{name}`", name, help, "E202")


# ------------------------------------------------------------------ checking


def _checked(function: Function, argument: Argument, value: Any) -> Any:
    """The value if it fits the argument's type; lists as tuples."""
    kinds = argument.type.split("|")
    if isinstance(value, Var):
        return _checked_var(function, argument, kinds, value)
    if isinstance(value, list | tuple):
        if not _LISTS & set(kinds):
            raise _refuse(function, argument, "a list")
        return tuple(_item(function, argument, kinds, part) for part in value)
    if isinstance(value, Dtype):
        value = value.name
    if not isinstance(value, Expr):
        _check_plain(function, argument, kinds, value)
    elif not set(kinds) - {"tensor", "tensors"}:
        raise _refuse(function, argument, "a number" if not may_be_list(value) else "a list")
    return value


def _refuse(function: Function, argument: Argument, what: str, help: str = "") -> Rejected:
    wanted = " or ".join(_WORDS.get(kind, kind) for kind in argument.type.split("|"))
    message = f"`{argument.name}` of `{function.name}` is {wanted}, not {what}"
    return Rejected(message, argument.name, help)


_WORDS = {
    "tensor": "a tensor", "tensors": "a list of tensors", "int": "a whole number",
    "size": "a whole number", "axis": "an axis", "axes": "an axis, a list of them",
    "ints": "whole numbers",
    "sizes": "a list of sizes", "numbers": "numbers in lists", "pairs": "two lists of axes",
    "float": "a number", "floats": "numbers", "bool": "True or False",
    "str": "a string", "dtype": "a dtype", "none": "None",
}  # fmt: skip


def _checked_var(function: Function, argument: Argument, kinds: list[str], value: Var) -> Any:
    type = value.type
    if isinstance(type, NoneType):
        if "none" in kinds:
            return None
        raise Rejected(
            f"`{function.name}` needs `{argument.name}`, which was not given here", argument.name
        )
    if isinstance(type, TensorType):
        if type.optional and "none" not in kinds:
            raise Rejected(
                f"`{argument.name}` of `{function.name}` may be missing here",
                argument.name,
                "decide with `if ... is None`",
            )
        if "tensor" in kinds or type.shape is None and "tensors" in kinds:
            return value
        raise _refuse(function, argument, f"a tensor {show_type(type)}")
    items = type.items if isinstance(type, TupleType) else (type.item,)
    if "tensors" in kinds and all(isinstance(item, TensorType) for item in items):
        return value
    raise _refuse(function, argument, show_type(type), "take one of them: `[0]`")


def _item(function: Function, argument: Argument, kinds: list[str], value: Any) -> Any:
    if isinstance(value, Var):
        if "tensors" not in kinds or not isinstance(value.type, TensorType):
            raise _refuse(function, argument, f"a list of {show_type(value.type)}")
        return value
    if isinstance(value, list | tuple) and _NESTED & set(kinds):
        return tuple(_item(function, argument, kinds, part) for part in value)
    if not _LISTS & set(kinds) - {"tensors"}:
        raise _refuse(function, argument, "a list")
    if not isinstance(value, Expr):
        _check_plain(function, argument, [kind for kind in kinds if kind != "tensors"], value)
    return value


def _check_plain(function: Function, argument: Argument, kinds: list[str], value: Any) -> None:
    if value is None or isinstance(value, bool | str):
        kind = {bool: "bool", str: "str"}.get(type(value), "none")
        if kind == "bool" and "numbers" in kinds:
            return
        if kind in kinds or kind == "str" and "dtype" in kinds and value in _DTYPES:
            if not argument.choices or value in argument.choices or kind != "str":
                return
            allowed = " or ".join(f'"{choice}"' for choice in argument.choices)
            raise Rejected(
                f"`{argument.name}` of `{function.name}` is {allowed}, not {value!r}", argument.name
            )
        raise _refuse(function, argument, show(value))
    if isinstance(value, int) and (_WHOLE | {"float", "floats", "numbers"}) & set(kinds):
        _check_bounds(function, argument, value)
    elif isinstance(value, float) and {"float", "floats", "numbers"} & set(kinds):
        _check_finite(function, argument, value)
        _check_bounds(function, argument, value)
    else:
        what = show(value) if isinstance(value, int | float) else "this"
        help = "divide whole numbers with `//`" if isinstance(value, float) else ""
        raise _refuse(function, argument, what, help)


def _check_finite(function: Function, argument: Argument, value: float) -> None:
    if math.isnan(value) or math.isinf(value) and argument.name not in _OPEN:
        raise _refuse(function, argument, show(value))


def _check_bounds(function: Function, argument: Argument, value: float) -> None:
    name = f"`{argument.name}` of `{function.name}`"
    low = 1 if argument.low is None and "size" in argument.type.split("|") else argument.low
    if low is not None and value < low:
        raise Rejected(f"{name} is at least {show(low)}, not {show(value)}", argument.name)
    if argument.high is not None and value > argument.high:
        raise Rejected(f"{name} is at most {show(argument.high)}, not {show(value)}", argument.name)
    if isinstance(value, int) and not -_MOST <= value < _MOST:
        raise Rejected(f"{name} is too large a number", argument.name)
