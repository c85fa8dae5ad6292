"""The state dict of a resolved block, without building it. No torch needed."""

from __future__ import annotations

from nndsl.backends.module.budget import Budget
from nndsl.backends.module.statics import Env, plain_path, settle
from nndsl.backends.module.unroll import Step, unrolled
from nndsl.model.checkpoints import ModelKeys, Owned
from nndsl.model.expr import Size
from nndsl.model.graph import Block, Construct, Declare, Make, TensorType, TieTo, Use
from nndsl.record import dataclass, field
from nndsl.source import Span


def keys_of(block: Block) -> ModelKeys:
    """What ``state_dict`` of the built model holds; raises SpecError where it is too large."""
    Budget().check(block)
    found = _read(block, {})
    return ModelKeys(found.owned, tuple(found.ties), found.places)


@dataclass
class _Found:
    owned: dict[str, Owned] = field(default_factory=dict)
    ties: list[tuple[str, str]] = field(default_factory=list)
    places: dict[str, Span | None] = field(default_factory=dict)

    def put(self, inner: _Found, at: str) -> None:
        """What a child holds."""
        self.owned.update((f"{at}.{key}", one) for key, one in inner.owned.items())
        self.ties += [(f"{at}.{a}", f"{at}.{b}") for a, b in inner.ties]
        self.places.update((f"{at}.{path}", span) for path, span in inner.places.items())


def _read(block: Block, done: dict[int, _Found]) -> _Found:
    """One use of a block; equal uses are read once."""
    if id(block) not in done:
        found = _Found()
        own: list[tuple[str, str]] = []
        for step in unrolled(block.body, Env()):
            _take(step, found, done)
            if isinstance(step.statement, TieTo):
                tie = step.statement
                paths = [".".join(plain_path(p, step.env)) for p in (tie.path, tie.source)]
                own.append((paths[0], paths[1]))
        found.ties += own  # once all children are made
        done[id(block)] = found
    return done[id(block)]


def _take(step: Step, found: _Found, done: dict[int, _Found]) -> None:
    one, env = step.statement, step.env
    if isinstance(one, Make):
        path = ".".join(step.path)
        found.places[path] = one.span
        if isinstance(one.what, Use):
            found.put(_read(one.what.block, done), path)
        elif isinstance(one.what, Construct):
            for weight in one.what.weights:
                owned = _owned(weight.shape, weight.dtype, weight.trainable, one.span, env)
                found.owned[f"{path}.{weight.name}"] = owned
    elif isinstance(one, Declare) and (one.trainable or settle(one.persistent, env)):
        type = one.value.type
        assert isinstance(type, TensorType)
        owned = _owned(type.shape or (), type.dtype, one.trainable, one.span, env)
        found.owned[one.name] = owned


def _owned(
    shape: tuple[Size, ...], dtype: str, parameter: bool, span: Span | None, env: Env
) -> Owned:
    sizes = tuple(settle(size, env) for size in shape)
    counter = not parameter and dtype == "int" and not sizes
    return Owned(sizes, dtype, span, counter)  # type: ignore[arg-type]
