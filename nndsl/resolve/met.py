"""The uses of definitions: those that were met, and those that stand in branches nobody takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from nndsl.model.expr import Name
from nndsl.model.graph import FlowType
from nndsl.record import replace
from nndsl.resolve.families import written
from nndsl.resolve.general_sizes import kind_of_type
from nndsl.resolve.input_lists import as_list_type, is_even
from nndsl.resolve.resolver import RecordedUse, Resolver
from nndsl.resolve.uses import inputs_of
from nndsl.resolve.values import Definition, Template, is_layer


class Met:
    """What is known of the uses of each definition.

    ``untaken`` are uses in untaken branches, found in an earlier run; ``missing`` those that this
    run finds.
    """

    def __init__(self, resolver: Resolver, untaken: Mapping[int, list[RecordedUse]]) -> None:
        self.missing: list[tuple[int, RecordedUse]] = []
        self._resolver = resolver
        self._untaken = untaken
        self._layers: dict[Any, dict[str, set[Any]]] = {}

    def uses(self, definition: Definition, signature: Any) -> list[RecordedUse]:
        """The uses on inputs of these kinds; all without a signature."""
        mine = id(definition.tree)
        every = (*self._resolver.uses.get(mine, []), *self._untaken.get(mine, []))
        return [
            one
            for one in every
            if signature is None or signature_of(definition, one.types) == signature
        ]

    def note_missing(
        self,
        definition: Definition,
        values: dict[str, Any],
        types: dict[str, FlowType],
        around: Sequence[RecordedUse],
    ) -> None:
        """A layer that only an untaken branch passes: the definition's form must hold for it."""
        if not any(map(is_layer, values.values())):
            return
        known = self._layers_met(definition, signature_of(definition, types))
        for use in imagined(values, types, around):
            layers = {n: value for n, value in use.values.items() if is_layer(value)}
            if all(written(value) in known.get(name, ()) for name, value in layers.items()):
                continue
            frozen = {n: v.frozen() for n, v in layers.items() if isinstance(v, Template)}
            self.missing.append((id(definition.tree), replace(use, values=use.values | frozen)))

    def _layers_met(self, definition: Definition, signature: Any) -> dict[str, set[Any]]:
        """Where the layers are written that uses pass, by the parameter that takes them."""
        mark = (id(definition.tree), signature)
        if mark not in self._layers:
            found: dict[str, set[Any]] = defaultdict(set)
            for use in self.uses(definition, signature):
                for name, value in use.values.items():
                    if is_layer(value):
                        found[name].add(written(value))
            self._layers[mark] = found
        return self._layers[mark]


def signature_of(definition: Definition, types: dict[str, FlowType]) -> Any:
    """What kinds of inputs a definition is used on; optional ones aside."""
    optional = {one.name.id for one in inputs_of(definition) if one.optional}
    lists = {one.name.id for one in inputs_of(definition) if one.many}
    return tuple(
        (n, kind_of_type(as_list_type(t) if n in lists and is_even(t) else t))
        for n, t in types.items()
        if n not in optional
    )


def imagined(
    values: dict[str, Any], types: dict[str, FlowType], around: Sequence[RecordedUse]
) -> list[RecordedUse]:
    """A use that was never met, with the layers that its caller was given: one for each use of the
    block ``around``."""

    def layer(found: Any, use: RecordedUse) -> Any:
        named = isinstance(found, Name) and found.type == "layer"
        return use.values.get(found.id) if named else found

    return [
        RecordedUse({n: layer(v, use) for n, v in values.items()}, types, None) for use in around
    ]
