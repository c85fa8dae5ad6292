"""What ``init`` rules find: every parameter of a block and of all that it uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nndsl.diagnostics import error
from nndsl.limits import spend
from nndsl.model import keys
from nndsl.model.graph import (
    Chain,
    Construct,
    Declare,
    For,
    If,
    Init,
    Make,
    Path,
    Scan,
    Statement,
    Use,
    Weight,
    walk,
)
from nndsl.model.nearest import suggest
from nndsl.model.nested import class_of
from nndsl.model.spec import Initializer
from nndsl.model.text import shape as shape_text
from nndsl.resolve.context import Context, fault

Body = tuple[Statement, ...]
MOST_NAMES = 2000


def check_inits(body: Body, cx: Context) -> None:
    """Every rule must find a parameter, and each that it finds must have the axes it needs."""
    for rule, entry, may_lack, name in cx.builder.inits:
        found = list(_by_class(rule, body, may_lack) if rule.classes else _by_key(rule, body))
        for weight in found:
            _check_axes(rule, entry, weight)
        if not found:
            cx.resolver.report(_nothing(rule, name, body))


# ------------------------------------------------------------------ by class


def _by_class(rule: Init, body: Body, may_lack: bool) -> Iterator[Weight | None]:
    """The parameters that a rule finds; None stands for a layer that has none this time.

    Of a layer that is made of layers only names are known, so that of one inside may be meant.
    """
    for made in _layers(body, set()):
        if class_of(made) in rule.classes:
            computed = f"parametrizations.{rule.key}."
            if any(w.name.startswith(computed) for w in made.weights):
                raise fault(
                    "E404",
                    f"`{rule.key}` of {_short(class_of(made))} is computed from others here",
                    rule.span,
                    "no parameter of its own",
                    help=f'name what it is computed from: `init "*.{computed}original...": ...`',
                )
            yield from (w for w in made.weights if w.trainable and w.name == rule.key)
            if may_lack:
                yield None
        for weight in made.weights:
            inside = weight.name.rpartition(".")
            if weight.trainable and inside[1] and inside[2] == rule.key:
                yield None


def _layers(body: Body, seen: set[int]) -> Iterator[Construct]:
    """Every layer of torch in a block and in all that it uses; equal uses are seen once."""
    spend(1 + len(body) // 4)
    for statement in walk(body):
        if not isinstance(statement, Make):
            continue
        if isinstance(statement.what, Construct):
            yield statement.what
        elif isinstance(statement.what, Use) and id(statement.what.block) not in seen:
            seen.add(id(statement.what.block))
            yield from _layers(statement.what.block.body, seen)


# ------------------------------------------------------------------ by key


def _by_key(rule: Init, body: Body) -> Iterator[Weight]:
    yield from _matched(rule.key, keys.begin(rule.key), body, set())


def _matched(
    pattern: str, states: keys.States, body: Body, seen: set[tuple[int, keys.States]]
) -> Iterator[Weight]:
    """The parameters of a body whose keys a pattern means, from where it stands before them."""
    spend(1 + len(body) // 4)
    for statement in body:
        if isinstance(statement, Declare) and statement.trainable:
            if keys.is_end(pattern, keys.step(pattern, states, statement.name)):
                yield Weight(statement.name, _shape(statement))
        elif isinstance(statement, If):
            yield from _matched(pattern, states, (*statement.then, *statement.orelse), seen)
        elif isinstance(statement, For | Scan):
            yield from _matched(pattern, states, statement.body, seen)
        elif isinstance(statement, Make):
            there = keys.along(pattern, states, (*statement.path, ""))
            spend(1 + sum(len(str(part)) for part in statement.path) // 2 if there else 1)
            yield from _made(pattern, there, statement.what, seen) if there else ()


def _made(
    pattern: str, states: keys.States, what: Any, seen: set[tuple[int, keys.States]]
) -> Iterator[Weight]:
    if isinstance(what, Construct):
        for weight in what.weights:
            if weight.trainable and keys.is_end(pattern, keys.step(pattern, states, weight.name)):
                yield weight
    elif isinstance(what, Chain):
        yield from _matched(pattern, states, what.body, seen)
    elif isinstance(what, Use) and (id(what.block), states) not in seen:
        seen.add((id(what.block), states))
        yield from _matched(pattern, states, what.block.body, seen)


def _shape(declared: Declare) -> Any:
    return getattr(declared.value.type, "shape", None) or ()


# ------------------------------------------------------------------ findings


def _check_axes(rule: Init, entry: Initializer, weight: Weight | None) -> None:
    low, high = entry.ranks
    if weight is None:
        return
    rank = len(weight.shape)
    if low <= rank and (high is None or rank <= high):
        return
    wanted = f"{low} axes or more" if high is None else f"{low} to {high} axes"
    raise fault(
        "E301",
        f"`{entry.name}` needs {wanted if low != high else f'{low} axes'}, "
        f"`{weight.name}` is {shape_text(weight.shape)}",
        rule.span,
        "does not fit",
        help="for biases and norms write `zeros`, `ones` or a number",
    )


def _nothing(rule: Init, name: str, body: Body) -> Any:
    if not rule.classes:
        known = list(_names(body, (), set()))
        parts = [key.split(".") for key in known] if rule.key.startswith("*.") else []
        tails = [f"*.{'.'.join(p[n:])}" for p in parts for n in range(1, len(p))]
        help = suggest(rule.key, list(dict.fromkeys([*tails, *known])))
        message = f"there is no parameter `{rule.key}`"
        return error("E404", message, rule.span, "finds nothing", help=help)
    layers = list(_layers(body, set()))
    own = [w.name for made in layers if class_of(made) in rule.classes for w in made.weights]
    if any(class_of(made) in rule.classes for made in layers):
        message = f"no `{name}` here has a parameter `{rule.key}`"
        return error("E404", message, rule.span, "finds nothing", help=suggest(rule.key, own))
    there = dict.fromkeys(_short(class_of(made)) for made in layers if made.weights)
    help = f"the layers here are {', '.join(list(there)[:8])}" if there else ""
    return error("E404", f"there is no `{name}` here", rule.span, "finds nothing", help=help)


def _short(torch: str) -> str:
    return torch.rpartition(".")[2]


def _names(body: Body, prefix: Path, seen: set[int]) -> Iterator[str]:
    """Keys of parameters, those of equal uses once."""
    for statement in walk(body):
        if isinstance(statement, Declare) and statement.trainable:
            yield ".".join(map(str, (*prefix, statement.name)))
        elif isinstance(statement, Make):
            path, what = (*prefix, *statement.path), statement.what
            if isinstance(what, Construct):
                yield from (".".join(map(str, (*path, w.name))) for w in what.weights)
            elif isinstance(what, Use) and id(what.block) not in seen:
                seen.add(id(what.block))
                yield from _names(what.block.body, path, seen)
