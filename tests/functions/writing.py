"""Calls of the table as models of the language, and what torch makes of the same numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch

from nndsl.functions.registry import find
from nndsl.model.spec import Rejected
from tests.functions.cases import Case
from tests.functions.comparing import DIVIDING
from tests.functions.running import T, Trial, ask, sample

# Of matrices that must have an inverse.
_SQUARE = "inv solve cholesky cholesky_solve solve_triangular logdet slogdet det"
SQUARE = frozenset(_SQUARE.split())
# What gives a number.
NUMBERS = ("size", "numel")


@dataclass
class Written:
    """One call as a model: its text, and its inputs."""

    text: str
    inputs: list[torch.Tensor] = field(default_factory=list)


class Writer:
    """Turns the arguments of a call into text; tensors become inputs of the model."""

    def __init__(self) -> None:
        self.tensors: list[T] = []

    def value(self, found: Any) -> str:
        if isinstance(found, T):
            self.tensors.append(found)
            return f"in{len(self.tensors) - 1}"
        if isinstance(found, list | tuple):
            return f"[{', '.join(map(self.value, found))}]"
        if isinstance(found, float) and found in (float("inf"), float("-inf")):
            return "inf" if found > 0 else "-inf"
        return repr(found)

    def call(self, name: str, case: Case) -> str:
        args = [self.value(a) for a in case[0]]
        args += [f"{key}={self.value(a)}" for key, a in case[1].items()]
        return f"{name}({', '.join(args)})"


def written(name: str, case: Case) -> Written:
    """The model, one input more where the function makes a tensor of numbers alone."""
    function = find(name)
    assert function is not None
    writer = Writer()
    body = writer.call(name, case)
    if name in NUMBERS:  # they don't flow
        body = f"in0 * {body}"
    if not writer.tensors:
        writer.tensors.append(T((2,)))
        body = f"{body}, in0"
    inputs = ", ".join(_input(i, t) for i, t in enumerate(writer.tensors))
    text = f"model net()({inputs}):\n    {body}\n"
    return Written(text, [_sample(name, t) for t in writer.tensors])


def _input(number: int, spec: T) -> str:
    dtype = "" if spec.dtype == "float" else f"{spec.dtype} "
    return f'in{number}: {dtype}"{" ".join(map(str, spec.shape))}"'


def _sample(name: str, spec: T) -> torch.Tensor:
    made = sample(spec, name in DIVIDING)
    if name in SQUARE and spec.shape[-2:-1] == spec.shape[-1:]:
        return made + 4 * torch.eye(spec.shape[-1])
    return made


def by_torch(name: str, case: Case, inputs: list[torch.Tensor]) -> Any:
    """The entry's steps run on these tensors, in evaluation, with the seed 1."""
    trial = Trial(training=False)
    _, steps = ask(trial, name, *case)
    trial.real = dict(enumerate(inputs))
    torch.manual_seed(1)
    made = trial.run(steps)
    return inputs[0] * made if name in NUMBERS else made


def can_be_written(name: str, case: Case) -> bool:
    """Whether the call is right, and its tensors can be inputs."""
    try:
        ask(Trial(), name, *case)
    except Rejected:
        return False
    return all(t.shape and 0 not in t.shape for t in _tensors([*case[0], *case[1].values()]))


def _tensors(values: Any) -> list[T]:
    found: list[T] = []
    for value in values:
        if isinstance(value, T):
            found.append(value)
        elif isinstance(value, list | tuple):
            found += _tensors(value)
    return found
