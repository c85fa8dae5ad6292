"""What a block's constructor does, worked out once: then constructing is a loop of direct calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from functools import partial
from itertools import groupby
from typing import Any

import torch
from torch import nn

from nndsl.backends.module.errors import (
    FAILED_CHECK,
    NAME_TAKEN,
    NOT_CONCRETE,
    REFUSED_BY_TORCH,
    fail,
    undecided,
)
from nndsl.backends.module.initial import Rule, by_classes, by_keys, make_rule
from nndsl.backends.module.placing import Child, Key, Maker, Part, Placed, container, reached
from nndsl.backends.module.statics import Env, plain_path, settle
from nndsl.backends.module.unroll import Step, unrolled
from nndsl.backends.module.vocabulary import layer_class
from nndsl.diagnostics import SpecError
from nndsl.model.expr import Built, Static, Undecided, evaluate
from nndsl.model.graph import (
    Block,
    Chain,
    Check,
    Construct,
    Declare,
    Holder,
    Init,
    Make,
    TieTo,
    Unsupported,
    Use,
)
from nndsl.model.nested import is_nested
from nndsl.record import dataclass, field
from nndsl.source import Span

PLAN = "__nndsl_plan__"
"""The one attribute that a built class has besides its methods; no child can be called so."""

_RESERVED = frozenset(dir(nn.Module)) | frozenset(vars(nn.Module())) | {PLAN}
_RESERVED_IN_SEQUENTIAL = frozenset(dir(nn.Sequential))


@dataclass(frozen=True)
class Own:
    """A parameter or buffer of the module itself; ``compute`` makes its tensor."""

    name: str
    declared: Declare
    env: Env
    compute: Callable[[nn.Module], torch.Tensor] | None = None


@dataclass
class Plan:
    """``containers`` says how the children of a path are reached (see ``operands.Unit``)."""

    block: Block
    own: tuple[Own, ...] = ()
    children: tuple[Child, ...] = ()
    ties: tuple[tuple[Key, Key], ...] = ()
    containers: dict[Key, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def fill(self, module: nn.Module) -> None:
        """Construct everything that ``module`` owns, in the order of its state dict."""
        for own in self.own:
            self.declare(module, own)
        slots = [module._modules]
        child = None
        try:
            for child in self.children:
                made = child.make()
                slots[child.slot][child.name] = made
                if child.opens:
                    slots.append(made._modules)
        except SpecError:
            raise
        except Exception as e:
            assert child is not None
            raise _refused(".".join(child.path), child.span, e) from e
        self.tie(module)
        self.initialise(module)

    def declare(self, module: nn.Module, own: Own) -> None:
        """Make one parameter or buffer."""
        value = self.compute(module, own)
        if own.declared.trainable:
            learned = bool(own.declared.learned)
            module._parameters[own.name] = nn.Parameter(value, requires_grad=learned)
        else:
            module._buffers[own.name] = value
            if not own.declared.persistent:
                module._non_persistent_buffers_set.add(own.name)

    def compute(self, module: nn.Module, own: Own) -> torch.Tensor:
        """The tensor that a declaration says."""
        assert own.compute is not None
        try:
            with torch.no_grad():
                value = own.compute(module)
                others = (*module._parameters.values(), *module._buffers.values())
                if any(value is other for other in others):
                    value = value.detach().clone()  # else two names would share it
                return value
        except SpecError:
            raise
        except Exception as e:
            raise _refused(own.name, own.declared.span, e) from e

    def makers(self, module: nn.Module) -> dict[int, Maker]:
        """What constructs each child, by the identity of the child."""
        found: dict[int, Maker] = {}
        for child in self.children:
            owner: nn.Module | None = module
            for part in child.path:
                owner = None if owner is None else owner._modules.get(part)
            if owner is not None:
                found[id(owner)] = child.make
        return found

    def initialise(self, module: nn.Module, fresh: Container[int] | None = None) -> None:
        """Apply the block's rules, to modules in ``fresh`` only if it is given."""
        for by_class, run in groupby(self.rules, lambda rule: bool(rule.classes)):
            apply = by_classes if by_class else by_keys
            apply(module, list(run), fresh)

    def tie(self, module: nn.Module) -> None:
        """One tensor under several names, keeping each name's place."""
        for path, source in self.ties:
            owner, name = _owner(module, path)
            origin, first = _owner(module, source)
            # by setattr: recurrent layers keep a list of their weights besides
            setattr(owner, name, getattr(origin, first))


def _owner(module: nn.Module, path: Key) -> tuple[nn.Module, str]:
    for part in path[:-1]:
        found = module._modules[part]
        assert found is not None
        module = found
    return module, path[-1]


def _refused(name: str, span: Span | None, why: Exception) -> SpecError:
    """What torch says of a child; one that has only a number is called as the spec does."""
    text = str(why).strip().splitlines() or [type(why).__name__]
    word = re.match(r"\w+", span.text) if span is not None and name[-1:].isdigit() else None
    shown = f"`{word[0]}`, `{name}`" if word is not None else f"`{name}`"
    return fail(REFUSED_BY_TORCH, f"torch can't construct {shown}: {text[0][:400]}", span)


# ------------------------------------------------------------------ making a plan


def make_plan(block: Block, maker_of: Callable[[Block], Maker]) -> Plan:
    """Read the constructor out of a block's body."""
    draft = _Draft(block, maker_of)
    for step in unrolled(block.body, Env()):
        draft.take(step)
    return draft.plan()


@dataclass
class _Draft:
    block: Block
    maker_of: Callable[[Block], Maker]
    own: dict[str, Own] = field(default_factory=dict)
    parts: dict[Key, Part] = field(default_factory=dict)
    ties: list[tuple[Key, Key]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def take(self, step: Step) -> None:
        statement = step.statement
        try:
            if isinstance(statement, Make):
                self.add(step.path, statement, step.env)
            elif isinstance(statement, Declare):
                self.claim((statement.name,), statement.span)
                self.own[statement.name] = Own(statement.name, statement, step.env.copy())
            elif isinstance(statement, TieTo):
                paths = (plain_path(p, step.env) for p in (statement.path, statement.source))
                self.ties.append((next(paths), next(paths)))
            elif isinstance(statement, Init):
                self.rules.append(make_rule(statement, step.env))
            elif isinstance(statement, Unsupported):
                raise fail(FAILED_CHECK, statement.message, self.block.span)
            elif isinstance(statement, Check):
                self.check(statement, step.env)
        except Undecided as e:
            span = getattr(statement, "span", None)
            raise undecided("the constructor", e.name.id, span) from None

    def check(self, statement: Check, env: Env) -> None:
        try:
            holds = evaluate(settle(statement.test, env), env.known)
        except Undecided:
            return  # an assumption about sizes of the run
        if not holds:
            message = evaluate(settle(statement.message, env), env.known)
            raise fail(FAILED_CHECK, str(message), self.block.span)

    def add(self, path: Key, make: Make, env: Env) -> None:
        self.claim(path, make.span)
        what = make.what
        if isinstance(what, Construct):
            self.parts[path] = Part(construct(what, env, make.span), "", make.span)
        elif isinstance(what, Use):
            self.parts[path] = Part(self.maker_of(what.block), "", make.span)
        elif isinstance(what, Chain):
            self.parts[path] = Part(nn.Sequential, "names", make.span)
        elif isinstance(what, Holder):
            self.parts[path] = container(what.kind == "ModuleList", make.span)
        else:
            message = "a layer that is a parameter can only be constructed once it is given"
            raise fail(NOT_CONCRETE, message, make.span)

    def claim(self, path: Key, span: Span | None) -> None:
        """Refuse names that torch's modules need themselves, and names taken twice."""
        text = ".".join(path)
        if not all(path):
            raise fail(NAME_TAKEN, f"`{text}` has an empty part", span)
        if path in self.parts or text in self.own:
            raise fail(NAME_TAKEN, f"two things under one name: `{text}`", span)
        plain = self.block.kind == "module"
        if path[0] in _RESERVED or (not plain and path[0] in _RESERVED_IN_SEQUENTIAL):
            message = f"`{path[0]}` is a name that torch's modules use themselves"
            raise fail(NAME_TAKEN, message, span)

    def plan(self) -> Plan:
        rank = _ranks(self.block)
        own = sorted(self.own.values(), key=lambda o: (not o.declared.trainable, rank((o.name,))))
        placed = Placed(self.parts)
        for path in sorted(self.parts, key=rank):
            placed.place(path)
        containers = {p: part.kind for p, part in placed.parts.items() if part.kind}
        if self.block.kind != "module":
            containers[()] = "names"
        return Plan(
            self.block, tuple(own), tuple(placed.children), tuple(self.ties),
            {p: reached(p, kind, placed.children) for p, kind in containers.items()},
            tuple(self.rules),
        )  # fmt: skip


def _ranks(block: Block) -> Callable[[Key], int]:
    """A path's place among those that ``order`` puts first."""
    first = [plain_path(path, Env()) for path in block.order]

    def rank(path: Key) -> int:
        return next((i for i, p in enumerate(first) if path[: len(p)] == p), len(first))

    return rank


def construct(what: Construct, env: Env, span: Span | None) -> Maker:
    """A direct call of a torch class; what has modules among its arguments makes them first."""
    made = layer_class(what.torch, span)
    args = [_argument(a, env, span) for a in what.args]
    kwargs = {k: _argument(v, env, span) for k, v in what.kwargs}
    if is_nested(what):
        expected = frozenset(weight.name for weight in what.weights)
        return partial(_assemble, made, args, kwargs, expected)
    return partial(made, *args, **kwargs) if args or kwargs else made


@dataclass(frozen=True)
class Inner:
    """A module among the arguments of another, made anew with each of them."""

    make: Maker


def _argument(value: Static, env: Env, span: Span | None) -> Any:
    plain = evaluate(settle(value, env), env.known)
    if isinstance(plain, Built):
        return Inner(construct(Construct(plain.torch, plain.args, plain.kwargs), env, span))
    return plain


def _assemble(
    made: Maker, args: list[Any], kwargs: dict[str, Any], expected: frozenset[str]
) -> nn.Module:
    def value(argument: Any) -> Any:
        return argument.make() if isinstance(argument, Inner) else argument

    positional = [value(argument) for argument in args]  # in the order of the text
    named = {key: value(argument) for key, argument in kwargs.items()}
    module = made(*positional, **named)
    found = {name for name, _ in (*module.named_parameters(), *module.named_buffers())}
    missing = sorted(expected - found)
    if missing:  # torch passes in silence over what can't be computed on the meta device
        raise RuntimeError(f"it makes no `{missing[0]}` here; on a real device it does")
    return module
