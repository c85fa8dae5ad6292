"""Short ways to write blocks by hand."""

from __future__ import annotations

from typing import Any

import torch

from nndsl.backends.torch_module import build_module
from nndsl.model.expr import Name, Static
from nndsl.model.graph import (
    Apply,
    Block,
    Construct,
    Do,
    FlowType,
    Give,
    InputParameter,
    Invoke,
    Make,
    Operand,
    Path,
    Statement,
    TensorType,
    Var,
    Weight,
)
from nndsl.source import Source, Span

B = Name("b")
T = Name("t")


class Blocks:
    """Writes one block; every variable gets a number of its own."""

    def __init__(self, text: str = "", name: str = "net.nn") -> None:
        self.source = Source(text, name)
        self.count = 0

    def var(self, shape: tuple[Any, ...] | None = None, name: str = "", **more: Any) -> Var:
        self.count += 1
        dtype = more.pop("dtype", "float")
        return Var(self.count, name, TensorType(shape, dtype), **more)

    def span(self, text: str) -> Span:
        """Where ``text`` first stands in the source."""
        start = self.source.text.index(text)
        return Span(self.source, start, start + len(text))

    def do(
        self, operation: Any, shape: tuple[Any, ...] | None = None, name: str = "", span: Any = None
    ) -> Do:
        return Do((self.var(shape, name),), operation, span)


def linear(inputs: Static, outputs: Static, **kwargs: Static) -> Construct:
    weights = [Weight("weight", (outputs, inputs))]
    if kwargs.get("bias", True):
        weights.append(Weight("bias", (outputs,)))
    return Construct(
        "torch.nn.Linear",
        (inputs, outputs),
        tuple(kwargs.items()),
        tuple(weights),
        inputs * outputs,
    )


def apply(fn: str, *args: Operand, **kwargs: Operand) -> Apply:
    return Apply(fn, args, tuple(kwargs.items()))


def invoke(path: Path | str, *args: Operand, **kwargs: Operand) -> Invoke:
    return Invoke((path,) if isinstance(path, str) else path, args, tuple(kwargs.items()))


def make(path: Path | str, what: Any, span: Span | None = None) -> Make:
    return Make((path,) if isinstance(path, str) else path, what, (), span)


def block(
    name: str, inputs: tuple[Var, ...], body: tuple[Statement, ...], output: Var | Any, **more: Any
) -> Block:
    """A block that gives ``output``; sizes are read from the inputs' axes."""
    kind = more.pop("kind", "module")
    optional = more.pop("optional", ())
    type: FlowType = getattr(output, "type", TensorType(None))
    type = more.pop("type", type)
    origins: dict[Name, tuple[Var, int]] = {}
    for var in inputs:
        for axis, size in enumerate(getattr(var.type, "shape", None) or ()):
            if isinstance(size, Name):
                origins.setdefault(size, (var, axis))
    origins.update(more.pop("origins", {}))
    parameters = tuple(InputParameter(var, var in optional) for var in inputs)
    return Block(name, kind, (), parameters, (*body, Give(output, type)), type, origins, **more)


def seeded(seed: int, block: Block, **more: Any) -> Any:
    """A block built with torch's generator seeded first."""
    torch.manual_seed(seed)
    return build_module(block, **more)
