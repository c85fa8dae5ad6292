"""One class for each distinct block: its constructor, its forward, how it is pickled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from torch import nn

from nndsl.backends.module.compile import FORWARD, FunctionWriter, write_inputs
from nndsl.backends.module.errors import NOT_CONCRETE, fail
from nndsl.backends.module.operands import Scope, Unit
from nndsl.backends.module.placing import Maker
from nndsl.backends.module.plan import PLAN, Own, Plan, make_plan
from nndsl.model.graph import (
    Apply,
    Block,
    CallFunction,
    Construct,
    Declare,
    Do,
    Give,
    Init,
    Make,
    Statement,
    Use,
    walk,
)
from nndsl.model.names import class_name
from nndsl.model.nested import classes_in, is_nested
from nndsl.model.outside import declare, is_outside
from nndsl.record import replace


class Recipe:
    """How to construct a block; kept with the block, made anew where it is unpickled."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.plan = make_plan(block, lambda inner: recipe_of(inner).maker)
        self.maker: Maker = self._sequential
        self.cls: type[nn.Module] = nn.Sequential
        if block.kind != "sequential" or _keeps_plan(block):
            self.maker = self.cls = self._class()

    def _sequential(self) -> nn.Module:
        made = nn.Sequential()
        self.plan.fill(made)
        return made

    def _class(self) -> type[nn.Module]:
        block = self.block
        name = class_name(block.name, block.variant)
        unit = _unit(self.plan)
        self.plan.own = tuple(replace(one, compute=_compute(one, unit)) for one in self.plan.own)
        members: dict[str, Any] = {
            "__init__": _constructor(self.plan),
            "__reduce__": _reduce(self),
            "__module__": __name__,
            "__doc__": block.comment or None,
            PLAN: self.plan,
        }
        base = nn.Module if block.kind == "module" else nn.Sequential
        if block.kind != "sequential":
            members["forward"] = _forward(block, unit, name)
        return type(name, (base,), members)

    def __reduce__(self) -> tuple[Any, ...]:
        outside = frozenset(_outside(self.block.body, set()))
        return (_recipe_with, (self.block, outside)) if outside else (recipe_of, (self.block,))

    def __deepcopy__(self, memo: dict[int, Any]) -> Recipe:
        return self


def _keeps_plan(block: Block) -> bool:
    """Whether a chain has rules for first values, or holds modules that are made of other modules:
    no method of theirs could give them their first values again."""
    return any(
        isinstance(s, Init)
        or isinstance(s, Make)
        and isinstance(s.what, Construct)
        and is_nested(s.what)
        for s in walk(block.body)
    )


def recipe_of(block: Block) -> Recipe:
    """The recipe of a block; equal uses share the block, and so the class."""
    store = block.__dict__
    found: Recipe | None = store.get("_recipe")
    if found is None:
        found = store["_recipe"] = Recipe(block)
    return found


def _recipe_with(block: Block, outside: frozenset[str]) -> Recipe:
    """The recipe of a block in a process where no plug-in has spoken yet: called by pickle, which
    imports the same packages for the modules that it holds."""
    for path in outside:
        declare(path)
    return recipe_of(block)


def _outside(body: tuple[Statement, ...], seen: set[int]) -> Iterator[str]:
    """The names outside of torch that a body and all that it uses need."""
    if id(body) in seen:
        return
    seen.add(id(body))
    for statement in walk(body):
        what = getattr(statement, "what", None) or getattr(statement, "operation", None)
        if isinstance(what, Construct | Apply):
            paths = classes_in(what) if isinstance(what, Construct) else (what.fn,)
            yield from filter(is_outside, paths)
        elif isinstance(what, Use):
            yield from _outside(what.block.body, seen)
        elif isinstance(what, CallFunction):
            yield from _outside(what.function.body, seen)
        elif isinstance(statement, Declare):
            yield from _outside(statement.body, seen)


def revive(recipe: Recipe) -> nn.Module:
    """An instance whose state is still to be set: called by pickle and copy."""
    return recipe.cls.__new__(recipe.cls)


def plan_of(module: nn.Module) -> Plan | None:
    """The plan of a module that was built here; None for torch's own."""
    found: Plan | None = getattr(type(module), PLAN, None)
    return found


# ------------------------------------------------------------------ methods


def _constructor(plan: Plan) -> Callable[[nn.Module], None]:
    start, fill = nn.Module.__init__, plan.fill

    def __init__(self: nn.Module) -> None:
        start(self)
        fill(self)

    return __init__


def _reduce(recipe: Recipe) -> Callable[[nn.Module], tuple[Any, ...]]:
    def __reduce__(self: nn.Module) -> tuple[Any, ...]:
        state: dict[str, Any] = self.__getstate__()  # type: ignore[no-untyped-call]
        return revive, (recipe,), state

    return __reduce__


def _unit(plan: Plan) -> Unit:
    block = plan.block
    declared = (s for s in walk(block.body) if isinstance(s, Declare))
    members = {d.value.id: d.name for d in declared}
    return Unit(block.origins, plan.containers, members, True, _place(block))


def _place(block: Block) -> Any:
    """The block's own place, or the first one in it: it says which file tracebacks show."""
    places = (getattr(s, "span", None) for s in walk(block.body))
    return block.span or next((p for p in places if p is not None), None)


def _forward(block: Block, unit: Unit, title: str) -> Any:
    writer = FunctionWriter(unit, title)
    scope = Scope()
    parameters = write_inputs(writer, block.inputs, scope)
    writer.body(block.body, scope)
    if not any(isinstance(s, Give) for s in walk(block.body)):
        raise fail(NOT_CONCRETE, f"`{block.name}` gives no result", block.span)
    return writer.finish(FORWARD, parameters)


def _compute(own: Own, unit: Unit) -> Any:
    """The function that makes the tensor of a parameter or buffer."""
    declared = own.declared
    members = {id: name for id, name in unit.members.items() if id != declared.value.id}
    inner = replace(unit, members=members, span=declared.span or unit.span)
    writer = FunctionWriter(inner, own.name)
    scope = Scope(own.env.copy())
    writer.body(declared.body, scope)
    value = declared.value if declared.value.id in scope.vars else _last(declared)
    writer.body((Give(value, value.type, declared.span),), scope)
    return writer.finish(own.name, [])


def _last(declared: Declare) -> Any:
    """The last variable of a body whose ``value`` is the member itself."""
    targets = [s.targets for s in declared.body if isinstance(s, Do) and s.targets]
    if not targets:
        raise fail(NOT_CONCRETE, f"`{declared.name}` has no value", declared.span)
    return targets[-1][-1]
