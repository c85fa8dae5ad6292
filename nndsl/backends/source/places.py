"""Which Python name each variable of a forward gets; names are used again when they are free."""

from __future__ import annotations

from nndsl.backends.source.flow import Flow
from nndsl.backends.source.naming import as_given, is_identifier, legal, unique
from nndsl.model.graph import Invoke, ListType, Operation, TensorType, Var

_FRESH = ("y", "z", "u", "v", "w")


class Places:
    """Names of variables. A name holds one live variable at a time."""

    def __init__(self, flow: Flow, inputs: tuple[Var, ...], reserved: set[str]) -> None:
        self._flow = flow
        self.reserved = reserved
        self._inputs = set(inputs)
        self.names: dict[Var, str] = {}
        self.hints: dict[Var, str] = {}
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
        self, var: Var, live: frozenset[Var], source: Var | None, operation: Operation | None = None
    ) -> str:
        """The name for a variable that is assigned where ``live`` is still read behind it."""
        candidates = self._candidates(var, source, operation)
        for name in candidates:
            if self.free(name, var, live):
                break
        else:
            held = {self.names[other] for other in live if other in self.names}
            name = unique(legal(var.name or "y"), self.reserved | held)
        self.names[var] = name
        return name

    def _candidates(self, var: Var, source: Var | None, operation: Operation | None) -> list[str]:
        hint = [self.hints[var]] if var in self.hints else []
        if var.name:
            return [*hint, legal(var.name)]
        if isinstance(var.type, ListType):
            return [*hint, "outputs", *(f"{name}s" for name in _FRESH)]  # never a tensor's name
        found = hint
        name = self.names.get(source) if source is not None else None
        same_kind = source is not None and isinstance(source.type, TensorType) == isinstance(
            var.type, TensorType
        )
        if name is not None and same_kind:
            found.append("x" if self._speaks(source) else name)
        goal = self._goal(var)
        if goal:
            found.append(goal)
        if isinstance(operation, Invoke) and is_identifier(operation.path[-1]):
            found.append(legal(str(operation.path[-1])))
        if name is not None and same_kind:
            found.append(name)
        return [*found, *_FRESH]

    def _speaks(self, source: Var | None) -> bool:
        """Whether a name says what it holds, so that nothing else should be called so."""
        return source in self._inputs or (
            source is not None and source.name not in ("", "x", "y", "z", "h", "out")
        )

    def _goal(self, var: Var) -> str:
        """The name of the author's variable that this one is on the way to."""
        for _ in range(100):
            if var in self.hints:
                return self.hints[var]
            following = self._flow.consumer.get(var)
            if following is None or self._flow.uses[var] > 3:
                return ""
            if following.name:
                return legal(following.name)
            var = following
        return ""
