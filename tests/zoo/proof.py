"""Whether a network is its reference: keys, shapes, buffers, outputs and gradients.

``tests/golden/networks`` holds what the reference was measured to be, ``tests/golden/oracle.py``
fills a network with weights that follow from its keys. A difference is told with the first module
on the way whose output differs, so that one sees where to look.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import nn

from tests.golden import oracle

GOLDEN = Path(__file__).parents[1] / "golden" / "networks"
OUTPUTS, GRADIENTS, CONSTANTS = 1e-9, 1e-7, 1e-12

Golden = dict[str, Any]


@cache
def golden(name: str) -> Golden:
    """What was measured of a reference."""
    return oracle.load(GOLDEN / f"{name}.json")  # type: ignore[no-any-return]


@contextmanager
def in_double() -> Iterator[None]:
    """What is constructed has floats of 64 bits, and its weights as memory was."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def prove(name: str, make: Callable[[], nn.Module]) -> tuple[float, float]:
    """Hold a network against its reference; raises AssertionError with what differs first.

    Returns by how much outputs and norms of gradients differ at most, relative to their size.
    """
    g = golden(name)
    with in_double(), torch.random.fork_rng():
        torch.manual_seed(0)
        net = make().eval()
        same_entries(net, g)
        same_buffers(net, g)
        oracle.fill(net, g)
        return same_results(net, g)


def same_entries(net: nn.Module, g: Golden) -> None:
    """The state dict's keys in order, shapes, dtypes, ties, and the number of parameters."""
    state = net.state_dict()
    wanted = [entry[0] for entry in g["state"]]
    assert list(state) == wanted, difference_of_keys(list(state), wanted)
    for key, shape, dtype, *_ in g["state"]:
        assert list(state[key].shape) == shape, f"{key}: {list(state[key].shape)}, wanted {shape}"
        assert str(state[key].dtype) == f"torch.{dtype}", f"{key}: {state[key].dtype}"
    for key, first in g["tied"].items():
        assert state[key].data_ptr() == state[first].data_ptr(), f"{key} isn't tied to {first}"
    assert sum(p.numel() for p in net.parameters()) == g["params"]
    assert len(list(net.parameters())) == g["param_tensors"]
    assert [n for n, p in net.named_parameters() if not p.requires_grad] == g["frozen"]


def difference_of_keys(ours: list[str], theirs: list[str]) -> str:
    """Where two lists of keys part."""
    missing = [k for k in theirs if k not in set(ours)]
    extra = [k for k in ours if k not in set(theirs)]
    if missing or extra:
        return f"missing {missing[:8]} ({len(missing)}), unexpected {extra[:8]} ({len(extra)})"
    place = next(i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b)
    return f"order: {ours[place : place + 4]}, wanted {theirs[place : place + 4]}"


def same_buffers(net: nn.Module, g: Golden) -> None:
    """Buffers that the constructor computes: those of the state dict and the others."""
    buffers = dict(net.named_buffers())
    persistent = net.state_dict().keys()
    others = [n for n in buffers if n not in persistent]
    assert others == [entry[0] for entry in g["nonpersistent"]], others
    for key, shape, dtype, values in g["nonpersistent"]:
        assert list(buffers[key].shape) == shape, f"{key}: {list(buffers[key].shape)}"
        assert str(buffers[key].dtype) == f"torch.{dtype}", f"{key}: {buffers[key].dtype}"
        _same_values(key, buffers[key], values)
    for key, values in g["const"].items():
        _same_values(key, buffers[key], values)


def _same_values(key: str, tensor: torch.Tensor, wanted: list[float]) -> None:
    flat = tensor.reshape(-1)
    for place, value in zip(oracle.indices(flat.numel(), 4), wanted, strict=True):
        assert math.isclose(float(flat[place]), value, rel_tol=CONSTANTS, abs_tol=CONSTANTS), (
            f"{key}[{place}] is {float(flat[place])}, wanted {value}"
        )


def same_results(net: nn.Module, g: Golden) -> tuple[float, float]:
    """Outputs, and norms of gradients, of a network whose weights are filled: how far they are."""
    inputs = [oracle.make_input(spec) for spec in g["inputs"]]
    outs = oracle.flatten(as_named(net(*inputs)))
    differences = oracle.compare(g, outs)
    worst = max(d for _, d in differences)
    assert worst < OUTPUTS, f"outputs differ by {differences}; {first_difference(net, g)}"
    gradients = oracle.grad_norms(net, g, outs)
    assert gradients < GRADIENTS, f"norms of gradients differ by {gradients}"
    return worst, gradients


def as_named(out: Any) -> Any:
    """Outputs with names as a dictionary, which is what references give."""
    return out._asdict() if hasattr(out, "_asdict") else out


def first_difference(net: nn.Module, g: Golden) -> str:
    """The first module, in order of completion, whose output isn't the reference's."""
    found: dict[str, tuple[list[int], float]] = {}

    def watch(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, args: Any, out: Any) -> None:
            tensors = [t for _, t in oracle.flatten(out) if t.is_floating_point()]
            if tensors and name not in found:
                flat = tensors[0].detach().double().reshape(-1)
                dot = float(flat @ torch.from_numpy(oracle.dot_weights(name, flat.numel())))
                found[name] = (list(tensors[0].shape), dot)

        return hook

    hooks = [m.register_forward_hook(watch(n)) for n, m in net.named_modules()]
    with torch.no_grad():
        net(*[oracle.make_input(spec) for spec in g["inputs"]])
    for hook in hooks:
        hook.remove()
    for name, shape, std, dot in g["trace"]:
        if name not in found:
            continue
        ours = found[name]
        scale = max(std, 1e-9) * math.sqrt(math.prod(shape) / 3)
        if ours[0] != shape or abs(ours[1] - dot) / scale > 1e-7:
            return f"first at module {name!r}: {ours}, wanted {(shape, dot)}"
    return "every module that both have agrees"
