"""Deciding about sizes that are names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.expr import Expr, Name, Static, Undecided, evaluate, names_in
from nndsl.model.graph import (
    TensorType,
)
from nndsl.record import dataclass, field
from nndsl.resolve.builder import Builder
from nndsl.resolve.resolver import RecordedUse


@dataclass
class GeneralChecker(Checker):
    """Sizes over names: what is undecided is let pass, the uses were checked already.

    Whether a size is 1 decides how shapes are broadcast; there the uses that were met are asked.
    """

    samples: list[dict[Name, Any]] = field(default_factory=list)
    uses: list[RecordedUse] = field(default_factory=list)
    builder: Builder | None = None

    def known(self, *sizes: Static) -> Iterator[tuple[Any, ...]]:
        """The values that sizes have in the uses, where they follow from arguments and inputs."""
        for use, values in zip(self.uses, self.samples or [{}] * len(self.uses), strict=False):
            env = dict(values)
            for name in (n for size in sizes for n in names_in(size)):
                env.setdefault(name, self._received(name, use))
            try:
                yield tuple(evaluate(size, env) for size in sizes)
            except Exception:
                yield (None,) * len(sizes)

    def _received(self, name: Name, use: RecordedUse) -> Any:
        """The size of an input's axis in one use."""
        assert self.builder is not None
        var, axis = self.builder.origins.get(name, (None, 0))
        if var is None or var.id not in self.builder.received:
            return name
        type = use.types.get(var.name)
        return type.shape[axis] if isinstance(type, TensorType) and type.shape else name

    def same(self, a: Static, b: Static) -> bool:
        answer = dims.equal(a, b, self.facts)
        if answer is None and (a == 1 or b == 1):
            return self._always_one(b if a == 1 else a)
        return answer is True

    def _always_one(self, size: Static) -> bool:
        return bool(self.uses) and all(found == (1,) for found in self.known(size))

    def wider(self, a: Static, b: Static) -> Static:
        if not isinstance(a, Expr) or not isinstance(b, Expr):
            return super().wider(a, b)
        pairs = [(x == 1, y == 1) for x, y in self.known(a, b)]
        left, right = (True, False) in pairs, (False, True) in pairs
        if left and right:
            raise Undecided(next(names_in(a)))
        return b if left or not (right or self._told(a)) else a

    def _told(self, size: Expr) -> bool:
        """Whether a constructor can know a size."""
        return self.builder is None or not self.builder.lost.keys() & set(names_in(size))

    def equal(self, a: Static, b: Static) -> bool:
        return dims.equal(a, b, self.facts) is not False

    def divides(self, divisor: Static, size: Static) -> bool:
        return True if isinstance(divisor, Expr) or isinstance(size, Expr) else size % divisor == 0  # type: ignore[operator]
