"""Proof that the built module and the printed source of a spec are one network.

``check_agreement(text)`` builds every model of a text and executes its printed source; both must
have the same keys in the same order, the same shapes and dtypes, be equal under one seed, and,
with the same random weights, give the same outputs and gradients in train and in eval mode. The
printed class is then constructed with other arguments than its defaults and compared with the spec
resolved with those. A static parameter that the printed constructor lacks, although it changes the
model, is a failure unless the caller names it as expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import black
import torch
from torch import nn

import nndsl
from tests.agreement.allowed import checked_functions, complaints
from tests.agreement.arguments import (
    Variation,
    accepted,
    constructor_parameters,
    layer_variations,
    parameters_of,
    variations,
)
from tests.agreement.inputs import has_optional, make_inputs

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """How to prove one model.

    ``given``: the arguments that stand for its defaults (of a model with required ones, or with
    defaults too large for a test). ``more``: further values to try, by parameter, as the spec
    takes them. ``pinned``: parameters that are known to be missing in the printed constructor.
    ``sizes``: of the inputs, by name. ``vary`` False: the defaults only.
    """

    given: Values = field(default_factory=dict)
    more: Mapping[str, Iterable[Any]] = field(default_factory=dict)
    pinned: frozenset[str] = frozenset()
    sizes: Mapping[str, int] = field(default_factory=dict)
    vary: bool = True


@dataclass
class Proof:
    """What was compared: one line a configuration."""

    configurations: list[str] = field(default_factory=list)

    def note(self, model: str, values: Values) -> None:
        shown = ", ".join(f"{k}={v!r}" for k, v in values.items())
        self.configurations.append(f"{model}({shown})")


class Disagreement(AssertionError):
    """The two backends made different networks, or a parameter was lost."""


def check_agreement(
    text: str,
    models: tuple[str, ...] | None = None,
    vary: bool = True,
    plans: Mapping[str, Plan] | None = None,
) -> Proof:
    """Prove every model of a text (or the named ones), for the defaults and for other values.

    Raises:
        Disagreement: says which configuration of which model, and shows the printed source.
    """
    spec = nndsl.parse(text, "example.nn")
    proof = Proof()
    sources = {None: spec.codegen()} if models is None else {m: spec.codegen(m) for m in models}
    for model in models or spec.models:
        source = sources[None if models is None else model]
        plan = (plans or {}).get(model, Plan())
        _settled(source)
        namespace = execute(source)
        with _Showing(source):
            Prover(spec, model, namespace, plan, proof).prove(vary and plan.vary)
    return proof


class Prover:
    """Proves one model of a spec."""

    def __init__(
        self, spec: nndsl.Spec, model: str, namespace: dict[str, Any], plan: Plan, proof: Proof
    ) -> None:
        self.spec, self.model, self.namespace = spec, model, namespace
        self.plan, self.proof = plan, proof
        self.printed = namespace[entry_point(namespace, model)]

    def prove(self, vary: bool) -> None:
        given = dict(self.plan.given)
        own = constructor_parameters(self.printed)
        if given:
            self._defaults_agree()
        missing = [n for n in parameters_of(self.spec, self.model) if n not in own]
        theirs = {k: v for k, v in given.items() if k not in missing}
        specialised = {k: v for k, v in given.items() if k in missing}
        if specialised:
            self._lost(specialised, "lacks what has to be given")
            return
        self._compare(self.printed, given, theirs)
        if not vary:
            return
        for one in variations(self.spec, self.model, given, self.plan.more):
            self._vary(one, given, theirs, own)
        for one in layer_variations(self.spec, self.model, given, self.plan.more, self.namespace):
            self._vary_layer(one, given, theirs, own)

    def _vary(self, one: Variation, given: Values, theirs: Values, own: Iterable[str]) -> None:
        ours = {**given, **one.values}
        if not accepted(self.spec, self.model, ours):
            return
        lost = [n for n in one.values if n not in own]
        if not lost:
            self._compare(self.printed, ours, {**theirs, **one.values})
        elif not self._same_without(ours, {**theirs, **_without(one.values, lost)}):
            self._lost(lost, "lacks a parameter that changes the model")

    def _vary_layer(
        self, one: Variation, given: Values, theirs: Values, own: Iterable[str]
    ) -> None:
        """A layer is tried as a printed default, and as a class passed to the printed one."""
        ours = {**given, **one.values}
        if not accepted(self.spec, self.model, ours):
            return
        lost = [n for n in one.values if n not in own]
        if lost and not self._same_without(ours, theirs):
            self._lost(lost, "lacks a layer parameter that changes the model")
            return
        source = self.spec.codegen(self.model, params=ours)
        _settled(source)
        namespace = execute(source)
        printed = namespace[entry_point(namespace, self.model)]
        with _Showing(source):
            self._compare(printed, ours, theirs if given else {}, "printed with")
        if one.passed is not None and not lost:
            self._compare(self.printed, ours, {**theirs, **one.passed}, "given")

    def _same_without(self, ours: Values, theirs: Values) -> bool:
        try:
            compare(self.spec, self.model, self.printed, ours, theirs, self.plan.sizes)
        except (AssertionError, RuntimeError, TypeError, ValueError, IndexError):
            return False
        return True

    def _lost(self, names: Iterable[str], how: str) -> None:
        unexpected = sorted(set(names) - self.plan.pinned)
        if unexpected:
            raise Disagreement(f"the printed `{self.model}` {how}: {', '.join(unexpected)}")

    def _compare(self, printed: Any, ours: Values, theirs: Values, how: str = "") -> None:
        try:
            compare(self.spec, self.model, printed, ours, theirs, self.plan.sizes)
        except Exception as problem:
            text = ", ".join(f"{k}={v!r}" for k, v in ours.items())
            raise Disagreement(
                f"{self.model}({text}) {how}: {type(problem).__name__}: {problem}"
            ) from problem
        self.proof.note(self.model, ours)

    def _defaults_agree(self) -> None:
        """Defaults that are too large to try: names and shapes, without memory."""
        try:
            built = self.spec.build(self.model, device="meta")
        except nndsl.SpecError:
            return  # there are parameters without a default
        with torch.device("meta"):
            made = self.printed()
        same_keys(built, made)


def _without(values: Values, names: Iterable[str]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if k not in names}


def _settled(source: str) -> None:
    if black.format_str(source, mode=black.Mode()) != source:
        raise Disagreement(f"black would lay the source out otherwise:\n{source}")


class _Showing(AbstractContextManager[None]):
    """Adds the printed source to what went wrong."""

    def __init__(self, source: str) -> None:
        self.source = source

    def __exit__(self, kind: Any, problem: BaseException | None, trace: Any) -> None:
        if isinstance(problem, AssertionError) and not getattr(problem, "__notes__", None):
            problem.add_note(f"the printed source:\n{self.source}")


# ------------------------------------------------------------------ printed modules


def execute(source: str) -> dict[str, Any]:
    """The names that a printed module defines."""
    assert not complaints(source), f"{complaints(source)}\n{source}"
    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(source, "printed.py", "exec"), namespace)  # our own output, in a test
    return namespace


def entry_point(namespace: Mapping[str, Any], model: str) -> str:
    """The class or the factory that a model was printed as."""
    if model in namespace:
        return model
    wanted = model.replace("_", "").lower()
    return next(n for n in namespace if n.lower() == wanted)


# ------------------------------------------------------------------ one configuration


def compare(
    spec: nndsl.Spec,
    model: str,
    printed: Callable[..., nn.Module],
    ours: Values,
    theirs: Values,
    sizes: Mapping[str, int] | None = None,
) -> None:
    """One configuration: keys, shapes, seeds, and with random weights outputs and gradients."""
    with checked_functions():
        built = spec.build(model, params=dict(ours), seed=0)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        made = printed(**theirs)
    same_state(built, made)
    randomise(built)
    made.load_state_dict(built.state_dict(), strict=True)
    block = spec.resolved(model, dict(ours))
    for optional in (False, True) if has_optional(block) else (False,):
        inputs = make_inputs(block, sizes, optional)
        if _fails(built, inputs) is IndexError:
            inputs = [_zeros(one) for one in inputs]
        wrong = _fails(built, inputs)
        if wrong is IndexError or wrong is not None and block.assumptions:
            assert _fails(made, inputs) is wrong, "only the built module fails"
            continue
        for training in (True, False):
            same_run(built.train(training), made.train(training), inputs)
    same_state(built, made)


def _fails(net: nn.Module, inputs: list[Any]) -> type[Exception] | None:
    """How a run fails: a table without a row for an input, or sizes that the spec assumed."""
    state = {key: value.clone() for key, value in net.state_dict().items()}
    try:
        with torch.no_grad(), torch.random.fork_rng():
            net(*inputs)
    except (IndexError, RuntimeError) as problem:
        return type(problem)
    finally:
        net.load_state_dict(state)
    return None


def _zeros(value: Any) -> Any:
    if isinstance(value, torch.Tensor) and value.dtype == torch.int64:
        return torch.zeros_like(value)
    return [_zeros(one) for one in value] if isinstance(value, list) else value


def same_keys(built: nn.Module, made: nn.Module) -> None:
    """Equal keys in equal order, equal shapes and dtypes."""
    left, right = built.state_dict(), made.state_dict()
    assert list(left) == list(right), f"keys {list(left)} but printed {list(right)}"
    for key, tensor in left.items():
        assert tensor.shape == right[key].shape, f"{key}: {tensor.shape}, {right[key].shape}"
        assert tensor.dtype == right[key].dtype, f"{key}: {tensor.dtype}, {right[key].dtype}"
    for kind in ("named_parameters", "named_buffers"):
        ours = [n for n, _ in getattr(built, kind)(remove_duplicate=False)]
        theirs = [n for n, _ in getattr(made, kind)(remove_duplicate=False)]
        assert ours == theirs, f"{kind}: {ours} but printed {theirs}"
    ours = [n for n, _ in built.named_parameters()]
    assert ours == [n for n, _ in made.named_parameters()], "ties differ"


def same_state(built: nn.Module, made: nn.Module) -> None:
    """As ``same_keys``, and equal values: both were made under one seed."""
    same_keys(built, made)
    for kind in ("named_parameters", "named_buffers"):
        for (key, ours), (_, theirs) in zip(
            getattr(built, kind)(), getattr(made, kind)(), strict=True
        ):
            assert ours.dtype == theirs.dtype and ours.shape == theirs.shape, key
            torch.testing.assert_close(
                ours, theirs, rtol=0, atol=0, equal_nan=True, msg=f"{key} differs under one seed"
            )


def randomise(net: nn.Module) -> None:
    """Weights that no initialisation gives: all different, none 0 or 1."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for one in net.parameters():
            one.copy_(torch.randn(one.shape, generator=generator) * 0.3 + 0.05)


def same_run(built: nn.Module, made: nn.Module, inputs: list[Any]) -> None:
    """Equal outputs and gradients on equal inputs, randomness included."""
    results = []
    for net in (built, made):
        net.zero_grad()
        given = [_leaf(one) for one in inputs]
        with torch.random.fork_rng():
            torch.manual_seed(1)
            outs = flatten(net(*given))
        loss = sum(_weighted(o) for o in outs if o.is_floating_point())
        if isinstance(loss, torch.Tensor) and loss.requires_grad:
            loss.backward()
        grads = {n: p.grad for n, p in net.named_parameters()}
        for place, one in enumerate(flatten(given)):
            grads[f"input {place}"] = one.grad
        results.append((outs, grads))
    (left, left_grads), (right, right_grads) = results
    assert len(left) == len(right), f"{len(left)} outputs, printed {len(right)}"
    for a, b in zip(left, right, strict=True):
        assert a.shape == b.shape and a.dtype == b.dtype, f"{a.shape} {b.shape}"
        torch.testing.assert_close(a, b, rtol=0, atol=0, equal_nan=True)
    for name, grad in left_grads.items():
        other = right_grads[name]
        assert (grad is None) == (other is None), name
        if grad is not None:
            torch.testing.assert_close(
                grad, other, rtol=1e-5, atol=1e-6, equal_nan=True, msg=f"gradient of {name}"
            )


def _leaf(value: Any) -> Any:
    if isinstance(value, list):
        return [_leaf(one) for one in value]
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value.clone().requires_grad_()
    return value


def _weighted(out: torch.Tensor) -> torch.Tensor:
    """A loss in which every element counts differently."""
    weight = torch.linspace(0.5, 1.5, max(out.numel(), 1), dtype=torch.float64)
    return (out.double().flatten() * weight[: out.numel()]).sum()


def flatten(value: Any) -> list[torch.Tensor]:
    """The tensors of an output or of inputs, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    if value is None:
        return []
    return [t for part in value for t in flatten(part)]


__all__ = ["Disagreement", "Plan", "Proof", "check_agreement", "compare", "execute", "make_inputs"]
