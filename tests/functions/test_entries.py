"""Every function's entry against torch: shapes, dtypes, what is refused, symbolic sizes."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import pytest
import torch

from nndsl.functions import registry
from nndsl.functions.registry import find, names
from nndsl.model.checker import Checker
from nndsl.model.expr import Undecided
from nndsl.model.spec import REQUIRED, Rejected
from tests.functions.cases import Case, cases
from tests.functions.running import Trial, ask, callable_of, flat, seen

CASES = cases()
TORCH_SAYS_NO = (
    RuntimeError,
    TypeError,
    IndexError,
    ValueError,
    NotImplementedError,
    AssertionError,
)


def by_torch(name: str, case: Case) -> Any:
    """What torch itself makes of the arguments; ``Exception`` where it refuses."""
    function = find(name)
    assert function is not None
    trial = Trial(fill=name in DIVIDING)
    args = [trial.read(_as_torch(trial.operand(arg)), []) for arg in case[0]]
    kwargs = {key: trial.read(_as_torch(trial.operand(arg)), []) for key, arg in case[1].items()}
    if isinstance(kwargs.get("dtype"), str):
        kwargs["dtype"] = {"float": torch.float32, "int": torch.int64, "bool": torch.bool}[
            kwargs["dtype"]
        ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return seen(callable_of(function.torch)(*args, **kwargs))
        except TORCH_SAYS_NO as reason:
            return reason


def _as_torch(value: Any) -> Any:
    from nndsl.model.graph import Many, Var

    return (
        Many(value)
        if isinstance(value, tuple) and any(isinstance(v, Var) for v in value)
        else value
    )


def by_entry(name: str, case: Case, symbolic: bool = False) -> Any:
    """What the entry says, checked against its own steps run by torch."""
    trial = Trial(symbolic, fill=name in DIVIDING)
    check = Checker()
    try:
        output, steps = ask(trial, name, *case, check)
    except Rejected as reason:
        return reason
    said = flat(output, trial)
    if not all(trial.settle(a) for a in check.assumptions):
        return None  # what was assumed isn't so here
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*degrees of freedom.*")
        try:
            made = seen(trial.run(steps)) if steps else said
        except TORCH_SAYS_NO as reason:
            made = f"an error: {reason}"
    return said if said == made else f"the entry says {said}, its steps make {made}"


# Where nndsl is stricter than torch: what a refusal says there.
STRICTER = (
    "has no axes",
    "works on floats",
    "can't be filled with",  # torch cuts a float silently
    "`exponent` of `pow`",  # by True
    "dropout2d` works on 4 axes",  # torch warns
    "feature_alpha_dropout` works on",  # torch fails in training
)
# What nndsl can and torch's function, called just so, can't.
MORE = {
    ("sum", 0): "a list of tensors",
    ("layer_norm", 1): "one size instead of a list",
    ("gelu", 1): "a mode without its name",
    ("meshgrid", 0): "a list with a name behind it",
}
# Where nndsl has the layer's defaults.
OTHER = {("flatten", 1)}
DIVIDING = ("fmod", "remainder")


@pytest.mark.parametrize("name", names())
def test_agrees_with_torch(name: str) -> None:
    wrong = [line for case in CASES[name] if (line := _compared(name, case))]
    assert not wrong, "\n".join(wrong)


def _compared(name: str, case: Case) -> str:
    torchs, ours = by_torch(name, case), by_entry(name, case)
    if isinstance(torchs, Exception):
        fine = isinstance(ours, Rejected) or any((name, n) in MORE for n in range(len(case[0])))
        return "" if fine else f"{case}: {ours}, torch refuses: {torchs}"
    if isinstance(ours, Rejected):
        fine = any(words in ours.message for words in STRICTER)
        return "" if fine else f"{case}: refused ({ours}), torch makes {torchs}"
    return (
        ""
        if ours == torchs or (name, len(case[0])) in OTHER
        else f"{case}: {ours}, torch makes {torchs}"
    )


@pytest.mark.parametrize("name", names())
def test_symbolic_sizes_mean_the_same(name: str) -> None:
    wrong = [line for case in CASES[name] if (line := _generalised(name, case))]
    assert not wrong, "\n".join(wrong)


def _generalised(name: str, case: Case) -> str:
    plain = by_entry(name, case)
    if isinstance(plain, Rejected):
        return ""
    try:
        general = by_entry(name, case, symbolic=True)
    except Undecided:
        return ""
    if general is None or isinstance(general, Rejected) and name == "squeeze":
        return ""
    return "" if general == plain else f"{case}: {plain}, with symbolic sizes: {general}"


def test_every_function_has_cases() -> None:
    assert set(CASES) == set(names())
    assert all(CASES[name] for name in names())


def test_the_table_of_names_is_the_families_own() -> None:
    for family, listed in registry._FAMILIES.items():
        module = __import__(f"nndsl.functions.{family}", fromlist=["FUNCTIONS"])
        assert [function.name for function in module.FUNCTIONS] == listed.split()


def test_a_name_that_is_no_function() -> None:
    assert find("no_such") is None
    assert find("_HOME") is None


@pytest.mark.parametrize("name", names())
def test_arguments_are_torchs_own(name: str) -> None:
    """Names and defaults, where torch can be asked."""
    function = find(name)
    assert function is not None
    try:
        signature = inspect.signature(callable_of(function.torch))
    except (TypeError, ValueError):
        return  # written in C
    if any(p.kind is p.VAR_POSITIONAL for p in signature.parameters.values()):
        return
    for argument in function.arguments[1:]:
        parameter = signature.parameters.get(argument.name)
        assert parameter is not None, argument.name
        default = REQUIRED if parameter.default is parameter.empty else parameter.default
        if argument.name != "dim" or default is not None:
            assert argument.default == default, argument.name
