"""Other values for a model's static parameters."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import nndsl
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context
from nndsl.resolve.naming import Naming
from nndsl.resolve.uses import parameter_names, unfold
from nndsl.resolve.values import Arguments, Builtin, Definition, is_layer

LAYERS = ("tanh", "identity")  # tried for a parameter whose default is a layer of torch
MOST_WEIGHTS = 3_000_000


@dataclass(frozen=True)
class Variation:
    """Values as the spec takes them; ``passed`` as the printed constructor does, for layers."""

    values: Mapping[str, Any]
    passed: Mapping[str, Any] | None = None


def definition_of(spec: nndsl.Spec, model: str) -> Definition:
    """The definition that a model is, or that it configures."""
    core = spec._core
    found = core.models[model]
    cx = Context(core.resolver, Builder(False, model), core.scope, Naming())
    return unfold(found, Arguments(), cx, found.tree.name)[0]


def parameters_of(spec: nndsl.Spec, model: str) -> list[str]:
    """The static parameters of a model, those that its configuration sets included."""
    return parameter_names(definition_of(spec, model))


def constructor_parameters(printed: Any) -> list[str]:
    """The parameters of a printed class or factory, those that a factory hands on included."""
    signature = inspect.signature(printed, eval_str=True)
    found = [n for n in signature.parameters if n != "self"]
    if found == ["args"] or found == ["args", "kwargs"]:  # nn.Module's, of a class without any
        return []
    if inspect.isfunction(printed) and "kwargs" in found:
        return [n for n in found if n != "kwargs"] + constructor_parameters(
            signature.return_annotation
        )
    return found


def configured(spec: nndsl.Spec, model: str) -> set[str]:
    """Parameters that ``model name = call`` sets: closed to the printed factory."""
    from nndsl.resolve.roots import configured_root

    return set(configured_root(spec._core, model, {}, spec._core.resolver)[1])


def accepted(spec: nndsl.Spec, model: str, params: Mapping[str, Any]) -> bool:
    """Whether the spec is right with these values, and not too large to try."""
    from nndsl.backends.summary import count_parameters

    try:
        block = spec.resolved(model, dict(params))
    except nndsl.SpecError:
        return False
    return count_parameters(block) < MOST_WEIGHTS


# ------------------------------------------------------------------ numbers, texts, lists


def variations(
    spec: nndsl.Spec, model: str, given: Mapping[str, Any], more: Mapping[str, Iterable[Any]]
) -> Iterator[Variation]:
    """One parameter at a time, then all at once."""
    current = dict(spec.resolved(model, dict(given)).args)
    closed = configured(spec, model)
    together: list[dict[str, Any]] = [{}, {}]
    for name, value in current.items():
        if name in closed or any(map(is_layer, _flat(value))):
            continue
        found = [*more.get(name, ()), *others(value)]
        for one in _distinct(found, value):
            yield Variation({name: one})
        usable = [v for v in found if accepted(spec, model, {**given, name: v})]
        for place, values in enumerate(together):
            if usable:
                values[name] = usable[min(place, len(usable) - 1)]
    for values in together:
        if len(values) > 1:
            yield Variation(values)


def others(value: Any) -> list[Any]:
    """Further values for a parameter that has this one."""
    if value is None:
        return [1, 2, 4, 0.5, True, "relu"]
    if isinstance(value, bool):
        return [not value, None]
    if isinstance(value, int):
        return [value + 1, 2 * value, value // 2, 1, 0, value - 1, None]
    if isinstance(value, float):
        return [value / 2, value + 0.25, 1.0, 1, 0.0, None]
    if isinstance(value, tuple):
        return [*_lists(value), None]
    return [None]


def _lists(value: tuple[Any, ...]) -> list[Any]:
    if not value:
        return [(8,), (4, 8), (1, 2, 3)]
    longer, shorter = (*value, value[-1]), value[:-1]
    found: list[Any] = [longer, shorter, value[:1], (), value[::-1], (value[0],) * len(value)]
    if all(type(v) is int for v in value):
        found += [tuple(n + 1 for n in value), tuple(2 * n for n in longer), (*value, *value)]
    return found


def _flat(value: Any) -> list[Any]:
    return [v for one in value for v in _flat(one)] if isinstance(value, tuple) else [value]


def _distinct(values: Iterable[Any], known: Any) -> list[Any]:
    seen = {(type(known), repr(known))}
    found = []
    for one in values:
        mark = (type(one), repr(one))
        if mark not in seen:
            seen.add(mark)
            found.append(one)
    return found


# ------------------------------------------------------------------ layers


def layer_variations(
    spec: nndsl.Spec,
    model: str,
    given: Mapping[str, Any],
    more: Mapping[str, Iterable[Any]],
    namespace: Mapping[str, Any],
) -> Iterator[Variation]:
    """Other layers for the parameters that take one: definitions of the text, and ``more``."""
    current = dict(spec.resolved(model, dict(given)).args)
    closed = configured(spec, model)
    met = _passed_somewhere(spec)
    for name, value in current.items():
        if name in closed or not is_layer(value):
            continue
        plain = LAYERS if isinstance(value, Builtin) else ()
        for text in _distinct([*more.get(name, ()), *definitions(spec), *plain], None):
            made = printed_as(namespace, text) if text in met.get(name, ()) else None
            yield Variation({name: text}, None if made is None else {name: made})


def definitions(spec: nndsl.Spec) -> list[str]:
    """The definitions of the text, to be passed as layers."""
    found = []
    for name in spec._core.scope.later:
        item = spec._core.scope.get(name)
        if name not in spec.models and isinstance(item, Definition):
            found.append(name)
    return found[:8]


def _passed_somewhere(spec: nndsl.Spec) -> dict[str, set[str]]:
    """By parameter: the definitions that some model of the text passes to it."""
    found: dict[str, set[str]] = {}
    for model in spec.models:
        try:
            args = spec.resolved(model).args
        except nndsl.SpecError:
            continue
        for name, value in args:
            if isinstance(value, Definition):
                found.setdefault(name, set()).add(value.name)
    return found


def printed_as(namespace: Mapping[str, Any], name: str) -> Any:
    """The class that a definition was printed as, if it was."""
    wanted = name.replace("_", "").lower()
    classes = {k.lower(): v for k, v in namespace.items() if inspect.isclass(v)}
    return classes.get(wanted)


__all__ = ["Variation", "accepted", "constructor_parameters", "layer_variations", "variations"]
