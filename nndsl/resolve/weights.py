"""``weights name: rules``: which model they are for, and what their patterns say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nndsl.diagnostics import Diagnostic
from nndsl.limits import CODES
from nndsl.model.key_patterns import KeyPattern, WrongPattern, read_pattern
from nndsl.model.nearest import suggest
from nndsl.record import dataclass, replace
from nndsl.resolve.context import fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.names import unknown_in_rules
from nndsl.resolve.resolver import Resolver
from nndsl.resolve.scope import MISSING, Scope
from nndsl.resolve.values import Definition, ModelAlias
from nndsl.source import Span
from nndsl.syntax import tree

MAX_RULES = 1000


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule. ``over`` is the name in the sources that is gone over, ``spread`` that in the
    targets. ``targets`` is empty where the keys are dropped."""

    node: tree.KeyRule
    sources: tuple[KeyPattern, ...]
    targets: tuple[KeyPattern, ...] = ()
    over: str = ""
    spread: str = ""

    @property
    def renames(self) -> bool:
        """Whether it changes a name and nothing else: the key goes on to the rules below."""
        return len(self.sources) == len(self.targets) == 1 and not self.node.stages


@dataclass(frozen=True, eq=False)
class Rules:
    """What a file says of the checkpoints of one of its models."""

    node: tree.Weights
    model: Definition | ModelAlias
    rules: tuple[Rule, ...]
    scope: Scope


def declare(items: Iterable[tree.Weights], file: Any) -> None:
    """Note the rules of a file with the models that they are for, and what is wrong with them."""
    for item in items:
        try:
            model = _model(item, file)
            if id(model.tree) in file.own_weights:
                name = item.model
                raise fault("E208", f"`{name.id}` has its `weights` twice", name.span, "again here")
            file.diagnostics += unknown_in_rules(item, parameters_of(model), file.scope)
            rules = tuple(_rules(item, file.diagnostics))
            file.own_weights[id(model.tree)] = Rules(item, model, rules, file.scope)
        except Fault as problem:
            file.diagnostics.append(problem.diagnostic)
        except Cascade:
            pass
    file.weights.update(file.own_weights)


def rules_of(file: Any, model: str) -> Rules | None:
    """The rules for a model: its own, or those of what it configures."""
    found: Definition | ModelAlias = file.models[model]
    while id(found.tree) not in file.weights:
        if not isinstance(found, ModelAlias):
            return None
        found = Resolver().configured(found)[0]
    return file.weights[id(found.tree)]  # type: ignore[no-any-return]


def _model(item: tree.Weights, file: Any) -> Definition | ModelAlias:
    name = item.model
    found = file.models.get(name.id, MISSING)
    if found is MISSING:
        found = file.scope.get(name.id)
    if found is MISSING:
        close = suggest(name.id, file.models)
        raise fault("E201", f"no model `{name.id}`", name.span, "unknown name", help=close)
    if not isinstance(found, Definition | ModelAlias) or isinstance(found.tree, tree.Activation):
        raise fault("E211", "`weights` are those of a model", name.span, "this is none")
    return found


def parameters_of(model: Definition | ModelAlias) -> tuple[str, ...]:
    """The names of static parameters that the functions of rules may read."""
    while isinstance(model, ModelAlias):
        model = Resolver().configured(model)[0]
    node = model.tree
    return tuple(p.name.id for p in node.statics) if isinstance(node, tree.Definition) else ()


# ------------------------------------------------------------------ one rule


def _rules(item: tree.Weights, diagnostics: list[Diagnostic]) -> Iterable[Rule]:
    if len(item.rules) > MAX_RULES:
        raise fault(CODES["steps"], f"more than {MAX_RULES} rules", item.model.span, "too many")
    for node in item.rules:
        try:
            yield _rule(node)
        except Fault as problem:
            diagnostics.append(problem.diagnostic)


def _rule(node: tree.KeyRule) -> Rule:
    over = node.sources.over.id if node.sources.over is not None else ""
    sources = tuple(_pattern(one, over) for one in node.sources.patterns)
    if node.targets is None:
        return Rule(node, sources)
    spread = node.targets.over.id if node.targets.over is not None else ""
    targets = tuple(_pattern(one, spread) for one in node.targets.patterns)
    made = Rule(node, sources, targets, over, spread)
    _check_names(made)
    _check_count(made)
    return made


def _pattern(node: tree.String, number: str) -> KeyPattern:
    try:
        made = read_pattern(node.value)
    except WrongPattern as wrong:
        start = node.span.start + 1
        span = Span(node.span.source, start + wrong.start, start + wrong.end)
        raise fault("E701", "this pattern of a key can't be read", span, wrong.message) from None
    return replace(made, numbers=frozenset((number,)) if number else frozenset())


def _check_names(rule: Rule) -> None:
    """What is open on the left is filled in on the right."""
    node, first = rule.node, rule.sources[0].blanks
    assert node.targets is not None
    for keys, patterns, name in (
        (node.sources, rule.sources, rule.over),
        (node.targets, rule.targets, rule.spread),
    ):
        for pattern, text in zip(patterns, keys.patterns, strict=True):
            if name and (name not in pattern.blanks or pattern.blanks[name].many):
                raise _wrong(f"has no `{{{name}}}` to go over", text)
    for pattern, text in zip(rule.sources[1:], node.sources.patterns[1:], strict=True):
        if set(pattern.blanks) != set(first):
            raise _wrong("the keys of one rule leave the same names open", text)
    known = (set(first) - {rule.over}) | ({rule.spread} if rule.spread else set())
    for pattern, text in zip(rule.targets, node.targets.patterns, strict=True):
        for name in pattern.blanks:
            if name not in known:
                raise _wrong(f"`{{{name}}}` has no value here", text, suggest(name, known))
    if rule.spread and rule.spread in first:
        raise _wrong(f"`{{{rule.spread}}}` has a value already", node.targets.patterns[0])


def _check_count(rule: Rule) -> None:
    """Without functions, as many keys come out as go in."""
    node = rule.node
    assert node.targets is not None
    if rule.spread and len(rule.targets) > 1:
        raise _wrong("one key with `for`, or several without", node.targets.patterns[1])
    if node.stages:
        return
    if rule.over or rule.spread:
        text = (node.sources if rule.over else node.targets).patterns[0]
        raise _wrong("a list: which function makes it?", text, "write `| stack` or `| unbind`")
    if len(rule.sources) != len(rule.targets):
        message = f"{len(rule.sources)} come in, {len(rule.targets)} go out"
        raise _wrong(message, node.targets.patterns[0], "name the function: `| cat(dim=0)`")


def _wrong(message: str, node: tree.String, help: str = "") -> Fault:
    return fault("E701", "a rule of `weights` does not fit together", node.span, message, help)
