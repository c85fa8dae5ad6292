"""Arguments are torch's own: names, order, defaults, and what goes by name only."""

from __future__ import annotations

from typing import Any

import pytest

from nndsl.functions.registry import find, names
from nndsl.model.spec import REQUIRED, Argument, Function
from tests.functions.signatures import NEEDED, Parameter, Signature, ways

# What of torch an entry leaves out on purpose.
LEFT_OUT: dict[str, str] = {
    # dtypes that the language doesn't tell apart
    **dict.fromkeys(("addmm", "baddbmm", "bmm", "mm"), "out_dtype"),
    **dict.fromkeys(("tril_indices", "triu_indices", "norm"), "dtype"),
    # the module's mode says it
    **dict.fromkeys(("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout",
                     "feature_alpha_dropout", "rrelu"), "training"),
    # deprecated: `correction`, `scatter_reduce` and others stand for it
    **dict.fromkeys(("std", "var", "std_mean", "var_mean"), "unbiased"),
    "scatter": "value reduce", "pinv": "rcond",
    # how it is computed
    "cdist": "compute_mode", "svd": "driver", "svdvals": "driver", "expand": "implicit",
    "cov": "fweights aweights", "interpolate": "recompute_scale_factor",
    "repeat_interleave": "output_size",
    "embedding": "max_norm norm_type scale_grad_by_freq sparse",
    # another argument takes it
    "max": "other", "min": "other", "isin": "element test_element",
}  # fmt: skip
# An entry's name for what torch calls otherwise, or has several names for.
OTHER_NAME: dict[str, dict[str, str]] = {
    "tensor_split": dict.fromkeys(
        ("indices", "sections", "tensor_indices_or_sections"), "indices_or_sections"
    ),
    "expand": {"size": "sizes"},
    "split": {"tensor": "input"},
    "unflatten": {"self": "input"},
    "tensor": {"t": "data"},
}
# Defaults that the entry says and torch implies or has otherwise.
OTHER_DEFAULT: dict[str, str] = {
    "arange": "end",  # a single number is the end
    **dict.fromkeys(("bartlett_window", "blackman_window", "hann_window"), "periodic"),
    "hamming_window": "periodic alpha beta", "kaiser_window": "periodic beta",
    "flatten": "start_dim",  # the layer's
    "meshgrid": "indexing",  # torch warns where it is left out
    "one_hot": "num_classes",  # torch looks at the numbers
    "randint": "size dtype", "randint_like": "high",  # the first number is the end
    "randperm": "dtype",  # int64 is what `int` is
    "round": "decimals",
    "softmin": "dim",  # torch guesses it, and warns
    "sort": "stable", "argsort": "stable",
    **dict.fromkeys(("std", "var", "std_mean", "var_mean"), "correction"),  # None is 1
}  # fmt: skip
# What torch takes as `*args`.
EQUATION = [(Parameter("equation"), Parameter("operands"))]
# Functions of which torch says nothing: methods without arguments.
SILENT = frozenset(("int", "float", "bool"))


@pytest.mark.parametrize("name", sorted(set(names()) - SILENT))
def test_arguments_are_torchs_own(name: str) -> None:
    function = find(name)
    assert function is not None
    known = [*EQUATION] if name == "einsum" else [_renamed(name, w) for w in ways(function.torch)]
    assert known
    problems = [*_gained(function, known), *_lost(function, known), *_order(function, known)]
    problems += [line for a in function.arguments for line in _default(function, a, known)]
    assert not problems, "\n".join([f"{name}: {known}", *problems])


def _renamed(name: str, way: Signature) -> Signature:
    names_ = OTHER_NAME.get(name, {})
    return tuple(Parameter(names_.get(p.name, p.name), p.default, p.named) for p in way)


def _gained(function: Function, known: list[Signature]) -> list[str]:
    """What torch has and the entry hasn't."""
    ours = {a.name for a in function.arguments} | set(LEFT_OUT.get(function.name, "").split())
    theirs = {p.name for way in known for p in way}
    return [f"torch has `{name}`" for name in sorted(theirs - ours)]


def _lost(function: Function, known: list[Signature]) -> list[str]:
    """What the entry has and torch hasn't, and what is left out though there is nothing."""
    theirs = {p.name for way in known for p in way}
    left = set(LEFT_OUT.get(function.name, "").split())
    return [
        f"torch has no `{name}`"
        for name in sorted(({a.name for a in function.arguments} | left) - theirs)
    ]


def _order(function: Function, known: list[Signature]) -> list[str]:
    """Positional ones stand as in one of torch's ways; named ones are nowhere positional there."""
    ours = [a.name for a in function.arguments if not a.named]
    for way in known:
        theirs = [p.name for p in way if not p.named]
        if theirs[: len(ours)] == ours:
            return []
    return [f"torch's order isn't {ours}"]


def _default(function: Function, argument: Argument, known: list[Signature]) -> list[str]:
    defaults = [p.default for way in known for p in way if p.name == argument.name]
    missing = any(argument.name not in {p.name for p in way} for way in known)
    if argument.default is REQUIRED:
        fine = any(d is NEEDED for d in defaults)
    else:
        fine = any(_same(argument.default, d) for d in defaults) or (
            argument.default is None and missing
        )
    fine = fine or argument.name in OTHER_DEFAULT.get(function.name, "").split()
    return [] if fine else [f"`{argument.name}` is {argument.default!r}, torch has {defaults}"]


def _same(ours: Any, theirs: Any) -> bool:
    if theirs is NEEDED:
        return False
    if isinstance(theirs, list):
        return list(theirs) == (list(ours) if isinstance(ours, tuple) else [ours] * len(theirs))
    return bool(ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool))
