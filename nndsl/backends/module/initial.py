"""``init`` rules on a module: first values for parameters by class and by key."""

from __future__ import annotations

from collections.abc import Container
from fnmatch import fnmatchcase
from typing import Any

import torch
from torch import nn

from nndsl.backends.module.errors import REFUSED_BY_TORCH, fail
from nndsl.backends.module.statics import Env, settle
from nndsl.backends.module.vocabulary import layer_class, require_function
from nndsl.model.expr import Static, evaluate
from nndsl.model.graph import Init
from nndsl.record import dataclass
from nndsl.source import Span


@dataclass(frozen=True)
class Rule:
    """A rule with plain values; see ``graph.Init``."""

    classes: tuple[Any, ...]
    key: str
    fn: str
    args: tuple[Any, ...]
    kwargs: tuple[tuple[str, Any], ...]
    span: Span | None

    def fill(self, parameter: torch.Tensor) -> None:
        """Give a parameter its values; on the meta device it has none."""
        if parameter.is_meta:
            return
        try:
            getattr(nn.init, self.fn)(parameter, *self.args, **dict(self.kwargs))
        except Exception as e:
            text = str(e).strip().splitlines() or [type(e).__name__]
            raise fail(
                REFUSED_BY_TORCH, f"torch can't fill a parameter: {text[0][:400]}", self.span
            ) from e


def make_rule(init: Init, env: Env) -> Rule:
    """A rule of one use: its values are known."""

    def plain(value: Static) -> Any:
        return evaluate(settle(value, env), env.known)

    require_function(init.fn, init.span)
    return Rule(
        tuple(layer_class(name, init.span) for name in init.classes),
        init.key,
        init.fn.rpartition(".")[2],
        tuple(map(plain, init.args)),
        tuple((name, plain(value)) for name, value in init.kwargs),
        init.span,
    )


def by_classes(module: nn.Module, run: list[Rule], fresh: Container[int] | None) -> None:
    """One pass over the modules, rule by rule at each."""
    for one in module.modules():
        if fresh is not None and id(one) not in fresh:
            continue
        for rule in run:
            if isinstance(one, rule.classes):
                parameter = one._parameters.get(rule.key)
                if parameter is not None:
                    rule.fill(parameter)


def by_keys(module: nn.Module, run: list[Rule], fresh: Container[int] | None) -> None:
    """One pass over the parameters, rule by rule at each; tied ones come under every name."""
    for prefix, one in module.named_modules():
        if fresh is not None and id(one) not in fresh:
            continue
        for name, parameter in one._parameters.items():
            key = f"{prefix}.{name}" if prefix else name
            for rule in run:
                if parameter is not None and fnmatchcase(key, rule.key):
                    rule.fill(parameter)
