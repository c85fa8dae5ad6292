"""Deciding about sizes: certain, impossible, or an assumption that is written down."""

from __future__ import annotations

from typing import cast

from nndsl.model import dims
from nndsl.model.expr import Expr, Name, Op, Size, Static, binary, evaluate
from nndsl.record import dataclass, field


@dataclass
class Checker:
    """What rules ask about sizes.

    ``facts`` holds what is known in the branch at hand (a name and what it equals). An equality
    that can't be decided is noted in ``assumptions`` and then taken as true.
    """

    facts: dict[Name, Static] = field(default_factory=dict)
    assumptions: list[Static] = field(default_factory=list)
    lenient: bool = False  # what is undecided is let pass without a note, and may turn out false
    splits: dict[object, tuple[Size, Size]] = field(default_factory=dict)  # part: (whole, divisor)

    def same(self, a: Static, b: Static) -> bool:
        """Whether two sizes are certainly equal. Notes nothing."""
        return dims.equal(a, b, self.facts) is True

    def differ(self, a: Static, b: Static) -> bool:
        """Whether two sizes are certainly different. Notes nothing."""
        return dims.equal(a, b, self.facts) is False

    def equal(self, a: Static, b: Static) -> bool:
        """False if two sizes certainly differ; an undecided equality becomes an assumption."""
        answer = dims.equal(a, b, self.facts)
        if answer is None:
            self.assumptions.append(Op("==", (a, b)))
        return answer is not False

    def wider(self, a: Static, b: Static) -> Static:
        """The size of two axes that broadcast, where it isn't known which of them may be 1."""
        return a if isinstance(b, Expr) or not isinstance(a, Expr) else b

    def divides(self, divisor: Static, size: Static) -> bool:
        """False if ``size`` certainly is no multiple of ``divisor``; undecided: an assumption."""
        if not isinstance(divisor, Expr) and not isinstance(size, Expr):
            return bool(size % divisor == 0)  # type: ignore[operator]
        rest = dims.tidy(Op("%", (size, divisor)))
        return self.equal(rest, 0)

    def note_split(self, whole: Size, divisor: Size, part: Size) -> None:
        """An axis was taken apart without a rest: ``part * divisor`` is ``whole`` again."""
        if isinstance(part, Expr):
            self.splits[dims.key(part)] = (whole, divisor)

    def joined(self, sizes: tuple[Size, ...]) -> Size:
        """The size of axes that are joined; parts of what was taken apart make it whole again."""
        for place, size in enumerate(sizes):
            whole, divisor = self.splits.get(dims.key(size), (0, 0))
            others = dims.product(sizes[:place] + sizes[place + 1 :])
            more = dims.tidy(binary("//", divisor, others)) if whole != 0 else 0
            if more != 0 and self.same(binary("*", more, others), divisor):
                return cast(Size, dims.tidy(binary("//", whole, more)))
        return dims.product(sizes)

    def less(self, a: Static, b: Static) -> bool | None:
        """Whether ``a < b``: yes, no, or None. Notes nothing."""
        return dims.less(a, b, self.facts)

    def number(self, value: Static) -> object:
        """The plain value; raises ``Undecided`` where it depends on names without one."""
        return evaluate(dims.tidy(value, self.facts) if isinstance(value, Expr) else value)
