"""Small models in which one argument of a layer or a function is a parameter of the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import nndsl
from nndsl.functions import registry as functions
from nndsl.layers import apply, registry
from nndsl.model.graph import FlowType, TensorType, TupleType
from nndsl.model.spec import REQUIRED, Argument, Layer, Rejected
from tests.functions.cases import cases
from tests.functions.running import T
from tests.layers.cases import ROWS, Row, call_of


@dataclass(frozen=True)
class Probe:
    """``argument`` of ``name`` as the parameter ``given`` of a model, with a default."""

    name: str
    argument: str
    value: Any
    text: str

    def __str__(self) -> str:
        return f"{self.name}-{self.argument}-{self.value}"


def layer_probes() -> Iterator[Probe]:
    """Every argument of every layer, with the values that the rows of calls have for it."""
    seen = set()
    for row in ROWS:
        if not all(map(_is_plain, row.args.values())):
            continue  # a layer around a layer
        layer = registry.find(row.name)
        assert isinstance(layer, Layer)
        for argument in layer.arguments:
            for value in _values(argument, row):
                mark = (row.name, argument.name, type(value), str(value))
                if mark in seen or not _right(layer, row, argument, value):
                    continue
                seen.add(mark)
                yield Probe(row.name, argument.name, value, _model(layer, row, argument, value))


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def _values(argument: Argument, row: Row) -> list[Any]:
    if argument.name in row.args:
        return [row.args[argument.name]]
    if argument.inferred or argument.default is REQUIRED:
        return []
    if argument.type == "bool":
        return [False, True]
    return [argument.default]


def _right(layer: Layer, row: Row, argument: Argument, value: Any) -> bool:
    try:
        args = {**row.args, argument.name: value}
        apply.meet(layer, call_of(layer, Row(row.name, args, row.shapes, row.dtypes)))
    except Rejected:
        return False
    return True


def _model(layer: Layer, row: Row, argument: Argument, value: Any) -> str:
    inputs = [_input(i, s, row.dtypes.get(i, "float")) for i, s in enumerate(row.shapes)]
    given = {k: written(v) for k, v in row.args.items()} | {argument.name: "given"}
    args = ", ".join(f"{k}={v}" for k, v in given.items())
    names = [r.rstrip("?") for r in layer.inputs]
    others = [
        f"{name}=x{place}"
        for place, name in enumerate(names[: len(row.shapes)])
        if place and row.shapes[place] is not None
    ]
    called = f"({', '.join(others)})" if others else ""
    output = apply.meet(layer, call_of(layer, row)).output
    head = f"model net(given={written(value)})({', '.join(i for i in inputs if i)}):\n"
    first = "x0 * 1" if "inplace" in given else "x0"  # what is given can't be overwritten
    return head + f"    {first} | part: {row.name}({args}){called}{_end(output)}\n"


def _input(place: int, shape: Any, dtype: str) -> str:
    if shape is None:
        return ""
    kind = "" if dtype == "float" else f" {dtype}"
    if shape and isinstance(shape[0], tuple):
        kind, shape = " list", shape[0]
    return f'x{place}:{kind} "{" ".join(map(str, shape))}"'


def _end(output: FlowType) -> str:
    """What reads the last axis of the result, so that the constructor needs its size."""
    if isinstance(output, TupleType):
        return " | _[0]" + _end(output.items[0])
    assert isinstance(output, TensorType)
    return " | head: linear 3" if output.shape and output.dtype == "float" else ""


def written(value: Any) -> str:
    """A value in the language."""
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(written, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


# ------------------------------------------------------------------ functions


def function_probes(most: int = 2) -> Iterator[Probe]:
    """Every static argument of every function, in up to ``most`` right calls of it."""
    for name, rows in cases().items():
        function = functions.find(name)
        assert function is not None
        done: Counter[str] = Counter()
        for positional, keywords in rows:
            if len(positional) > len(function.arguments):
                continue  # several sizes one after the other
            names = (argument.name for argument in function.arguments)
            args = {**dict(zip(names, positional, strict=False)), **keywords}
            for argument, value in args.items():
                if not _is_static(value) or done[argument] >= most:
                    continue
                text = _function_model(name, args, argument)
                if nndsl.parse(text, "example.nn").check():
                    done[argument] += 1
                    yield Probe(name, argument, value, text)


def _is_static(value: Any) -> bool:
    several = isinstance(value, list | tuple)
    return not isinstance(value, T) and not (several and any(isinstance(v, T) for v in value))


def _function_model(name: str, args: Mapping[str, Any], chosen: str) -> str:
    inputs: list[str] = []

    def operand(value: Any) -> str:
        if isinstance(value, T):
            place = len(inputs)
            inputs.append(_input(place, value.shape, value.dtype))
            return f"x{place}"
        if isinstance(value, list | tuple) and not _is_static(value):
            return f"[{', '.join(map(operand, value))}]"
        return written(value)

    given = [f"{k}={'given' if k == chosen else operand(v)}" for k, v in args.items()]
    call = f"{name}({', '.join(given)})"
    head = f"model net(given={written(args[chosen])})({', '.join(inputs)}):\n"
    return head + f"    {call}\n"
