"""What the installed torch says of its functions: names, order, defaults, what goes by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from tests.functions.running import callable_of

# Arguments that no entry has: where the result goes, what it lies on, and what only torch's own
# parts pass.
_NEVER = (
    "out layout device pin_memory requires_grad generator memory_format inplace names sparse_grad "
    "_stacklevel out_int32"
)
NEVER = frozenset(_NEVER.split())
NEEDED = inspect.Parameter.empty


@dataclass(frozen=True)
class Parameter:
    """One argument of one way to call a function."""

    name: str
    default: Any = NEEDED
    named: bool = False


Signature = tuple[Parameter, ...]


def ways(fn: str) -> list[Signature]:
    """Every way to call a function of torch, by its dotted name.

    Functions written in Python are inspected; for the others torch knows the schemas that its
    parser is made from.
    """
    found = callable_of(fn)
    schemas = _schemas(fn, found)
    if schemas:
        return schemas
    return [_inspected(found)]


def _inspected(found: Callable[..., Any]) -> Signature:
    signature = inspect.signature(found)
    return tuple(
        Parameter(p.name, p.default, p.kind is p.KEYWORD_ONLY)
        for p in signature.parameters.values()
        if p.name not in NEVER
    )


def _schemas(fn: str, found: Any) -> list[Signature]:
    if inspect.isfunction(found):
        return []
    root = fn.rpartition(".")[0]
    prefix = {"torch.linalg": "linalg_", "torch.special": "special_"}.get(root, "")
    name = found.__name__.removeprefix(prefix)
    known = torch._C._jit_get_schemas_for_operator(f"aten::{prefix}{name}")
    return [
        tuple(_parameter(a) for a in schema.arguments if a.name not in NEVER)
        for schema in known
        if _bound(schema)
    ]


def _bound(schema: Any) -> bool:
    """Whether Python reaches it: it makes tensors, not numbers or text, and writes nowhere else."""
    if any(argument.is_out for argument in schema.arguments):
        return False
    if schema.name in ("aten::size", "aten::numel"):
        return schema.overload_name in ("int", "")
    return any("Tensor" in str(result.type) for result in schema.returns)


def _parameter(argument: Any) -> Parameter:
    name = "input" if argument.name == "self" else argument.name
    default = argument.default_value if argument.has_default_value() else NEEDED
    return Parameter(name, default, argument.kwarg_only)
