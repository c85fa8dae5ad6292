"""One call by the entry and by torch, and whether they agree."""

from __future__ import annotations

import warnings
from typing import Any

from nndsl.functions.registry import find
from nndsl.model.checker import Checker
from nndsl.model.expr import Undecided
from nndsl.model.graph import Many, Var
from nndsl.model.spec import Rejected
from tests.functions.cases import Case
from tests.functions.running import DTYPES, Trial, ask, callable_of, flat, seen

TORCH_SAYS_NO = (
    RuntimeError,
    TypeError,
    IndexError,
    ValueError,
    NotImplementedError,
    AssertionError,
)

# Where nndsl has the default of the layer.
LAYER_DEFAULTS = {"flatten": {"start_dim": 1}}
# Where integers are not 0: they divide.
DIVIDING = frozenset(("fmod", "remainder", "floor_divide", "div", "lcm", "gcd"))
# Where torch refuses some matrices for their numbers: there only shapes are asked for.
META = frozenset(("inv", "solve", "cholesky", "cholesky_solve", "solve_triangular"))


def by_torch(name: str, case: Case) -> Any:
    """What torch itself makes of the arguments; an exception where it refuses."""
    function = find(name)
    assert function is not None
    trial = Trial(fill=name in DIVIDING, device="meta" if name in META else "cpu")
    args = [trial.read(_as_torch(trial.operand(arg)), []) for arg in case[0]]
    kwargs = {key: trial.read(_as_torch(trial.operand(arg)), []) for key, arg in case[1].items()}
    for key, value in LAYER_DEFAULTS.get(name, {}).items():
        if len(args) < 2:
            kwargs.setdefault(key, value)
    if isinstance(kwargs.get("dtype"), str):
        kwargs["dtype"] = DTYPES[kwargs["dtype"]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return seen(callable_of(function.torch)(*args, **kwargs))
        except TORCH_SAYS_NO as reason:
            return reason


def _as_torch(value: Any) -> Any:
    some = isinstance(value, tuple) and any(isinstance(v, Var) for v in value)
    return Many(value) if some else value


def by_entry(name: str, case: Case, symbolic: bool = False) -> Any:
    """What the entry says, checked against its own steps run by torch.

    None where something was assumed that isn't so here.
    """
    device = "meta" if name in META else "cpu"
    trial = Trial(symbolic, fill=name in DIVIDING, device=device)
    check = Checker()
    try:
        output, steps = ask(trial, name, *case, check)
    except Rejected as reason:
        return reason
    if not all(trial.settle(a) for a in check.assumptions):
        return None
    said = flat(output, trial)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for message in ("degrees of freedom", "`eps` parameter is deprecated", "Since version 1.3"):
            warnings.filterwarnings("ignore", message=f".*{message}")
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
    "is a whole number where",  # torch cuts it silently
    "dropout2d` works on 4 axes",  # torch warns
    "feature_alpha_dropout` works on",  # torch fails in training
)
STRICTER_IN: dict[str, tuple[str, ...]] = {
    "addr": ("needs one dtype", "bools have no products"),
    "arange": ("goes from int to int",),  # torch cuts the numbers first
    "clamp": ("two tensors or two numbers",),  # a tensor without axes is a number for torch
    "cumprod": ("are no bools",),  # of a tensor without axes
    "cumsum": ("are no bools",),
    **dict.fromkeys(("trapezoid", "cumulative_trapezoid"), ("hasn't a place", "can't be measured")),
    **{f"conv_transpose{n}d": ("the result would be",) for n in (1, 2, 3)},  # empty
    "diff": ("so `dim` can't be",),  # n=0 doesn't look at it
    "dropout1d": ("works on",),  # torch warns
    "dropout3d": ("works on",),
    "einsum": ("of one dtype",),  # of one tensor bools too
    "kthvalue": ("on bool tensors",),  # of one without axes
    "ldexp": ("is no bool",),
    **dict.fromkeys(("rand", "randn"), ("of this kind are floats",)),  # empty ones
    "randint_like": ("from 0 and 1",),  # empty ones
    "scaled_dot_product_attention": ("positions",),  # one value is stretched
    "linear": ("is wanted", "needs one dtype"),  # a bias of one number is stretched
    "linspace": ("are no bools",),  # an empty one
    "logspace": ("are no bools",),
    "pairwise_distance": ("compares vectors",),
    "qr": ("empty first output",),
    "rms_norm": ("needs one dtype",),  # promoted
    "tensordot": ("can't be multiplied over",),  # axes of 1 are stretched
    "vecdot": ("so `dim` can't be",),  # of two vectors torch doesn't look at it
    # a tensor without axes passes for one of a single element
    **dict.fromkeys(("gather", "scatter", "scatter_add", "scatter_reduce"), ("equally many axes",)),
}
# What nndsl can and torch's function, called just so, can't: the function and a place at which
# something stands.
MORE: dict[tuple[str, int | str], str] = {
    ("sum", 0): "a list of tensors",
    ("layer_norm", 1): "one size instead of a list",
    ("max", "dim"): "a second tensor, by this name",
    ("min", "dim"): "a second tensor, by this name",
    ("meshgrid", 0): "a list with a name behind it",
}


def compared(name: str, case: Case) -> tuple[str, str]:
    """What became of a call (``made`` or ``refused``), and how entry and torch disagree on it."""
    torchs, ours = by_torch(name, case), by_entry(name, case)
    refused = isinstance(ours, Rejected)
    verdict = "refused" if refused else "made"
    if isinstance(torchs, Exception):
        fine = refused or any((name, n) in MORE for n in (*range(len(case[0])), *case[1]))
        return verdict, "" if fine else f"{case}: {ours}, torch refuses: {torchs}"
    if refused:
        words = (*STRICTER, *STRICTER_IN.get(name, ()))
        fine = any(word in ours.message for word in words)
        return verdict, "" if fine else f"{case}: refused ({ours}), torch makes {torchs}"
    return verdict, "" if ours == torchs else f"{case}: {ours}, torch makes {torchs}"


def generalised(name: str, case: Case) -> str:
    """How the result with symbolic sizes, evaluated, differs from the plain one."""
    plain = by_entry(name, case)
    if isinstance(plain, Rejected):
        return ""
    try:
        general = by_entry(name, case, symbolic=True)
    except Undecided:
        return ""
    if general is None or isinstance(general, Rejected) and name in OPEN_REFUSED:
        return ""
    return "" if general == plain else f"{case}: {plain}, with symbolic sizes: {general}"


# What needs to know sizes that it could decide with numbers.
OPEN_REFUSED = frozenset(("squeeze", "tensor_split", "slice_scatter"))
