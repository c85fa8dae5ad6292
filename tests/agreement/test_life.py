"""What else happens to a built module: saved, copied, compiled, exported, moved."""

from __future__ import annotations

import copy
import io
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import nndsl
from tests.agreement.harness import flatten, make_inputs, randomise, same_state

FOLDER = Path(__file__).parent / "samples"
SAMPLES = (
    "branches",
    "buffers",
    "dense",
    "encoder",
    "functions_nested",
    "gather_features",
    "init_by_class",
    "init_chain",
    "layers_two_levels",
    "loop_running",
    "named_outputs",
    "numbered_loop_functions",
    "optional_input",
    "rows_inverted",
    "slice_bare",
    "slice_resnet",
    "slice_symbolic",
    "soft_step",
    "tie_if",
    "training_mode",
    "unet_list",
    "vit",
)


def _spec(name: str) -> nndsl.Spec:
    return nndsl.parse((FOLDER / f"{name}.nn").read_text(encoding="utf-8"), f"{name}.nn")


def _made(name: str) -> tuple[nn.Module, list[Any]]:
    spec = _spec(name)
    net = spec.build(spec.models[0], seed=0).eval()
    randomise(net)
    return net, make_inputs(spec.resolved(spec.models[0]))


def _same(net: nn.Module, other: nn.Module, inputs: list[Any], exact: bool = True) -> None:
    with torch.no_grad():
        pairs = zip(flatten(net(*inputs)), flatten(other(*inputs)), strict=True)
    for ours, theirs in pairs:
        bounds = {"rtol": 0.0, "atol": 0.0} if exact else {"rtol": 1e-4, "atol": 1e-4}
        torch.testing.assert_close(ours, theirs, **bounds)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_copy_is_the_same_network(name: str) -> None:
    net, inputs = _made(name)
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        same_state(net, other)
        _same(net, other, inputs)
        assert not {id(p) for p in net.parameters()} & {id(p) for p in other.parameters()}


@pytest.mark.parametrize("name", SAMPLES)
def test_torch_saves_and_loads_it(name: str) -> None:
    net, inputs = _made(name)
    whole, state = io.BytesIO(), io.BytesIO()
    torch.save(net, whole)
    torch.save(net.state_dict(), state)
    whole.seek(0)
    state.seek(0)
    _same(net, torch.load(whole, weights_only=False), inputs)
    spec = _spec(name)
    fresh = spec.build(spec.models[0], seed=1).eval()
    fresh.load_state_dict(torch.load(state, weights_only=True), strict=True)
    _same(net, fresh, inputs)


def test_another_process_unpickles_what_this_one_pickled(tmp_path: Path) -> None:
    for name in SAMPLES:
        net, inputs = _made(name)
        with torch.no_grad():
            torch.save((net, inputs, flatten(net(*inputs))), tmp_path / f"{name}.pt")
    script = (
        "import sys, pathlib, torch\ntorch.set_num_threads(1)\n"
        "from tests.agreement.harness import flatten\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).glob('*.pt')):\n"
        "    net, inputs, outs = torch.load(path, weights_only=False)\n"
        "    with torch.no_grad():\n"
        "        found = flatten(net(*inputs))\n"
        "    assert len(found) == len(outs), path\n"
        "    for a, b in zip(found, outs): torch.testing.assert_close(a, b)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.filterwarnings("ignore")
def test_torch_compiles_it_in_one_graph(name: str) -> None:
    net, inputs = _made(name)
    torch._dynamo.reset()
    _same(net, torch.compile(net, fullgraph=True, backend="eager"), inputs, exact=False)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.filterwarnings("ignore")
def test_torch_exports_it_for_any_batch(name: str) -> None:
    net, inputs = _made(name)
    batch = torch.export.Dim("batch", min=2, max=64)
    shapes = tuple({0: batch} if isinstance(one, torch.Tensor) else None for one in inputs)
    program = torch.export.export(net, tuple(inputs), dynamic_shapes=shapes)
    exported = program.module(check_guards=False)
    _same(net, exported, inputs, exact=False)
    larger = [torch.cat([one, one]) for one in inputs]
    _same(net, exported, larger, exact=False)


@pytest.mark.parametrize("name", SAMPLES)
def test_it_comes_from_the_meta_device_with_buffers_and_ties(name: str) -> None:
    net, inputs = _made(name)
    spec = _spec(name)
    empty = spec.build(spec.models[0], device="meta")
    assert all(t.is_meta for t in (*empty.parameters(), *empty.buffers()))
    filled = nndsl.materialize(empty).eval()
    filled.load_state_dict(net.state_dict(), strict=True)
    same_state(net, filled)
    _same(net, filled, inputs)


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_constructed_in_another_dtype(name: str) -> None:
    spec = _spec(name)
    net = spec.build(spec.models[0], dtype=torch.float64, seed=0).eval()
    floats = [t for t in (*net.parameters(), *net.buffers()) if t.is_floating_point()]
    assert all(t.dtype == torch.float64 for t in floats)
    inputs = make_inputs(spec.resolved(spec.models[0]))
    doubled = [x.double() if x is not None and x.is_floating_point() else x for x in inputs]
    with torch.no_grad():
        outs = flatten(net(*doubled))
    assert all(o.dtype == torch.float64 for o in outs if o.is_floating_point())
