"""The initializers against the installed torch."""

from __future__ import annotations

import inspect

import pytest
import torch
from torch import nn

import nndsl
from nndsl.layers.inits import INITS
from nndsl.model.spec import REQUIRED

_FURTHER = {"constant": "(0.3)", "dirac": "(2)", "uniform": "(-1, b=3)", "normal": "(1, 0.5)",
            "trunc_normal": "(0.1, 0.2, b=0.3)", "orthogonal": "(gain=2)",
            "xavier_uniform": "(0.5)", "xavier_normal": "(gain=sqrt(2))",
            "kaiming_uniform": '(sqrt(5), nonlinearity="leaky_relu")',
            "kaiming_normal": '(mode="fan_out", nonlinearity="relu")'}  # fmt: skip
CALLS = [(name, "") for name in INITS if name != "constant"] + list(_FURTHER.items())


@pytest.mark.parametrize("name", INITS)
def test_names_arguments_and_defaults_are_those_of_torch(name: str) -> None:
    entry = INITS[name]
    function = getattr(nn.init, entry.torch.rpartition(".")[2])
    theirs = [p for p in inspect.signature(function).parameters.values() if p.name != "generator"]
    assert [a.name for a in entry.arguments] == [p.name for p in theirs[1:]]
    for ours, parameter in zip(entry.arguments, theirs[1:], strict=True):
        required = parameter.default is inspect.Parameter.empty
        assert required == (ours.default is REQUIRED)
        assert required or ours.default == parameter.default


@pytest.mark.parametrize("name", INITS)
def test_axes_are_refused_where_torch_refuses_them(name: str) -> None:
    entry = INITS[name]
    function = getattr(nn.init, entry.torch.rpartition(".")[2])
    values = [0.5] if name == "constant" else []
    for rank in range(7):
        low, high = entry.ranks
        tensor = torch.empty((2,) * rank)
        if low <= rank and (high is None or rank <= high):
            function(tensor, *values)
        else:
            with pytest.raises(ValueError, match=r"dimensions|or more"):
                function(tensor, *values)


@pytest.mark.parametrize(("name", "arguments"), CALLS)
def test_a_rule_gives_what_torch_gives(name: str, arguments: str) -> None:
    shape = "conv1d(6, 3)" if name == "dirac" else "linear 6"
    pattern = '"b 4 9"' if name == "dirac" else '"b 4"'
    kind = shape.split("(")[0].split()[0]
    text = f"model net()(x: {pattern}):\n    x | fc: {shape}\n"
    net = nndsl.build(f"{text}    init {kind}.weight: {name}{arguments}", seed=5)
    torch.manual_seed(5)
    oracle = nn.Conv1d(4, 6, 3) if name == "dirac" else nn.Linear(4, 6)
    call = arguments[1:] if arguments else ")"
    space = {"weight": oracle.weight, "sqrt": lambda x: x**0.5, "nn": nn}
    eval(f"nn.init.{name}_(weight, {call}", space)
    assert torch.equal(net.fc.weight, oracle.weight)


@pytest.mark.parametrize("name", ["kaiming_uniform", "kaiming_normal"])
def test_torch_knows_every_word(name: str) -> None:
    for argument in INITS[name].arguments:
        for word in argument.choices:
            getattr(nn.init, f"{name}_")(torch.empty(2, 2), **{argument.name: word})
