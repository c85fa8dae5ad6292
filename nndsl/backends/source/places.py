"""Which Python name each variable of a forward gets; names are used again when they are free."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nndsl.backends.source.flow import Flow
from nndsl.backends.source.naming import as_given, legal, plain, unique
from nndsl.model.graph import ListType, TensorType, TupleType, Var

_FRESH = ("y", "z", "u", "v", "w")
SCRATCH = _FRESH[1:]
"""Names of what should rather have none."""
_FLOWING = ("", "x", "y", "z", "h", "out")  # names that say nothing of what they hold


class Places:
    """Names of variables. A name holds one live variable at a time."""

    def __init__(self, flow: Flow, inputs: tuple[Var, ...], reserved: set[str]) -> None:
        self._flow = flow
        self.reserved = reserved
        self._inputs = set(inputs)
        self.names: dict[Var, str] = {}
        self.hints: dict[Var, str] = {}
        self._labels: dict[Var, str] = {}  # what made them is called so
        self.goes_on: dict[Var, Var] = {}  # from which variable one takes its name over
        for var in inputs:
            taken = reserved | set(self.names.values())
            self.names[var] = unique(as_given(var.name or "x"), taken)

    def name_of(self, var: Var) -> str:
        """The name that holds a variable now."""
        return self.names[var]

    def free(self, name: str, var: Var, live: frozenset[Var]) -> bool:
        """Whether a name may hold a variable without losing another that is still read."""
        mine = (var, self.goes_on.get(var))
        return name not in self.reserved and not any(
            other not in mine and self.names.get(other) == name for other in live
        )

    def choose(
        self,
        var: Var,
        live: frozenset[Var],
        source: Var | None,
        label: str = "",
        viewed: bool = False,
        stays: bool = False,
    ) -> str:
        """The name for a variable that is assigned where ``live`` is still read behind it: made of
        ``source``, by something called ``label``. ``viewed``: only its axes are others; ``stays``:
        it is still what ``source`` is."""
        flowing = self._flowing(var, source, label, viewed, stays)
        for name in self._candidates(var, flowing, label):
            if self.free(name, var, live):
                break
        else:
            held = {self.names[other] for other in live if other in self.names}
            name = unique(legal(var.name or "y"), self.reserved | held)
        self.names[var] = name
        self._labels.pop(var, None)
        if label and not var.name and name not in flowing:
            self._labels[var] = label if source is not None else ""
        return name

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Names that are chosen now are forgotten."""
        names, labels = dict(self.names), dict(self._labels)
        yield
        self.names, self._labels = names, labels

    def _candidates(self, var: Var, flowing: list[str], label: str) -> list[str]:
        hint = [self.hints[var]] if var in self.hints else []
        if var.name:
            return [*hint, legal(var.name)]
        if isinstance(var.type, ListType) or isinstance(var.type, TupleType) and var.type.many:
            return [*hint, "outputs", *(f"{name}s" for name in _FRESH)]  # never a tensor's name
        named = [plain(self._flow.keywords.get(var)), *flowing, label]
        return [*hint, *filter(None, named), *_FRESH]

    def _flowing(
        self, var: Var, source: Var | None, label: str, viewed: bool, stays: bool
    ) -> list[str]:
        """Names of what flows: as long as it is the same that flows, and the way that it goes."""
        goal = [name for name in [self._goal(var)] if name]
        name = self.names.get(source) if source is not None else None
        if source is None or name is None or not isinstance(source.type, TensorType):
            return goal
        if source in self._labels:
            return [*goal, label or self._labels[source], "x"]
        if not self._speaks(source):
            return [name, *goal]
        own = [name] if _same_kind(var, source, viewed) else []
        return [*own, "x", *goal] if stays else ["x", *goal, *own]

    def _speaks(self, source: Var) -> bool:
        """Whether a name says what it holds, so that nothing else should be called so."""
        return source in self._inputs or self.names[source] not in _FLOWING

    def _goal(self, var: Var) -> str:
        """The name of the author's variable that this one becomes."""
        for _ in range(100):
            if var in self.hints:
                return self.hints[var]
            following, viewed = self._flow.consumer.get(var, (None, False))
            if following is None or self._flow.uses[var] > 3:
                return ""
            if not _same_kind(following, var, viewed):
                return ""
            if following.name:
                return legal(following.name)
            var = following
        return ""


def _same_kind(var: Var, other: Var, viewed: bool) -> bool:
    """Whether two variables may be called alike: tensors of the same numbers, of as many axes
    unless these are only looked at in another way."""
    one, two = var.type, other.type
    if not isinstance(one, TensorType) or not isinstance(two, TensorType):
        return False
    return one.dtype == two.dtype and (
        viewed or one.rank == two.rank or None in (one.rank, two.rank)
    )
