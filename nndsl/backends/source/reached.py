"""Which parameters of a concrete model no gradient reaches: what its output doesn't depend on.

The model is followed once as it runs, round by round and module by module, but with what depends on
what instead of numbers. Sizes, whole numbers and truths pass no gradient on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Union

from nndsl.backends.keys import keys_of
from nndsl.backends.module.statics import Env, plain_path
from nndsl.backends.module.unroll import enter_round, leave_round, loop_items, unrolled
from nndsl.model.graph import (
    Apply,
    Bind,
    Block,
    Chain,
    Construct,
    Declare,
    Do,
    FlowType,
    For,
    Give,
    If,
    Invoke,
    ListType,
    Make,
    Many,
    Operand,
    Scan,
    SliceArg,
    Statement,
    TensorType,
    TupleType,
    Use,
    Var,
)

Value = Union[int, tuple["Value", ...]]
"""What flows: a node of the graph, or several values together."""
Key = tuple[str, ...]

_CUTS = ("detach",)


def unreached(block: Block) -> list[str]:
    """The names of parameters that get no gradient, in the order of the state dict.

    Parameters that are tied to one that gets a gradient are not among them.
    """
    keys = keys_of(block)  # which also refuses what is too large to be followed
    graph = Graph()
    inputs = [graph.node() for _ in block.inputs]
    result = Run(graph, block, ()).run(inputs)
    live = graph.below(flat(result))
    missing = {key for key, node in graph.parameters.items() if node not in live}
    missing |= parameters_of(block) - graph.parameters.keys()
    for a, b in keys.ties:
        if not {a, b} <= missing:
            missing -= {a, b}
    return [key for key in keys.owned if key in missing]


def parameters_of(block: Block, prefix: str = "") -> set[str]:
    """The names of all parameters."""
    found: set[str] = set()
    for step in unrolled(block.body, Env()):
        one = step.statement
        name = prefix + ".".join(step.path)
        if isinstance(one, Declare) and one.trainable:
            found.add(prefix + one.name)
        elif isinstance(one, Make) and isinstance(one.what, Use):
            found |= parameters_of(one.what.block, f"{name}.")
        elif isinstance(one, Make) and isinstance(one.what, Construct):
            found |= {f"{name}.{w.name}" for w in one.what.weights if w.trainable}
    return found


class Graph:
    """What depends on what."""

    def __init__(self) -> None:
        self.sources: list[list[int]] = []
        self.parameters: dict[str, int] = {}

    def node(self, sources: Iterable[int] = ()) -> int:
        self.sources.append(list(sources))
        return len(self.sources) - 1

    def parameter(self, key: Key) -> int:
        name = ".".join(key)
        if name not in self.parameters:
            self.parameters[name] = self.node()
        return self.parameters[name]

    def below(self, nodes: Iterable[int]) -> set[int]:
        """The nodes that some depend on, themselves included."""
        found: set[int] = set()
        waiting = list(nodes)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.sources[one]
        return found


def flat(value: Value) -> list[int]:
    if isinstance(value, int):
        return [value]
    return [node for part in value for node in flat(part)]


class Run:
    """One module, followed through its forward. ``prefix`` is its path in the model."""

    def __init__(self, graph: Graph, block: Block, prefix: Key) -> None:
        self.graph = graph
        self.block = block
        self.prefix = prefix
        self.values: dict[Var, Value] = {}
        self.env = Env()
        self.result: Value = ()
        self.made: dict[Key, Make] = {}
        for step in unrolled(block.body, Env()):
            if isinstance(step.statement, Make):
                self.made[step.path] = step.statement

    def run(self, inputs: Iterable[Value]) -> Value:
        self.values.update(zip((one.var for one in self.block.inputs), inputs, strict=False))
        self.body(self.block.body)
        return self.result

    def body(self, body: tuple[Statement, ...]) -> None:
        for one in body:
            if isinstance(one, Declare):
                key = (*self.prefix, one.name)
                node = self.graph.parameter(key) if one.trainable else self.graph.node()
                self.values[one.value] = node
            elif isinstance(one, Do):
                self.do(one)
            elif isinstance(one, Give):
                self.result = self.read(one.value)
            elif isinstance(one, Bind):
                self.env.set(one.name, one.value)
            elif isinstance(one, If):
                self.either(one)
            elif isinstance(one, For):
                self.rounds(one)
            elif isinstance(one, Scan):
                self.scan(one)

    # ------------------------------------------------------------------ operands

    def read(self, operand: Operand) -> Value:
        if isinstance(operand, Var):
            if operand not in self.values and operand.member is not None:
                member = plain_path(operand.member, self.env)
                self.values[operand] = self.graph.parameter((*self.prefix, *member))
            return self.values.get(operand, ())
        if isinstance(operand, Many):
            return tuple(self.read(item) for item in operand.items)
        if isinstance(operand, SliceArg):
            return tuple(map(self.read, (operand.start, operand.stop, operand.step)))
        return ()

    def sources(self, operands: Iterable[Operand]) -> list[int]:
        return [node for one in operands for node in flat(self.read(one))]

    # ------------------------------------------------------------------ operations

    def do(self, one: Do) -> None:
        value = self.operation(one)
        if len(one.targets) == 1:
            self.values[one.targets[0]] = value if passes(one.targets[0].type) else ()
            return
        apart = isinstance(value, tuple) and len(value) == len(one.targets)
        parts = value if isinstance(value, tuple) and apart else (value,) * len(one.targets)
        for target, part in zip(one.targets, parts, strict=True):
            self.values[target] = part if passes(target.type) else ()

    def operation(self, one: Do) -> Value:
        operation = one.operation
        given = (*operation.args, *(value for _, value in operation.kwargs))
        if isinstance(operation, Invoke):
            path = plain_path(operation.path, self.env)
            return self.call(path, [self.read(operand) for operand in given])
        word = operation.fn.rpartition(".")[2] if isinstance(operation, Apply) else ""
        if word in _CUTS:
            return ()
        if word in ("identity", "tuple", "list") and isinstance(operation, Apply):
            values = tuple(map(self.read, operation.args))
            return values[0] if word == "identity" else values
        if word == "getitem":
            picked = self.item(given[0], given[1])
            if picked is not None:
                return picked
        return self.graph.node(self.sources(given))

    def item(self, value: Operand, index: Operand) -> Value | None:
        """An item of several values, picked by a number."""
        whole = self.read(value)
        if (
            isinstance(whole, tuple)
            and isinstance(index, int)
            and -len(whole) <= index < len(whole)
        ):
            return whole[index]
        return None

    def call(self, path: Key, inputs: list[Value]) -> Value:
        what = self.made[path].what if path in self.made else None
        key = (*self.prefix, *path)
        if isinstance(what, Use):
            return Run(self.graph, what.block, key).run(inputs)
        if isinstance(what, Chain):
            value: Value = inputs[0] if inputs else ()
            for inner in self.made:
                if len(inner) == len(path) + 1 and inner[: len(path)] == path:
                    value = self.call(inner, [value])
            return value
        weights = what.weights if isinstance(what, Construct) else ()
        own = [self.graph.parameter((*key, w.name)) for w in weights if w.trainable]
        return self.graph.node([*(node for value in inputs for node in flat(value)), *own])

    # ------------------------------------------------------------------ conditions and loops

    def either(self, one: If) -> None:
        """Both branches of a condition of the run."""
        self.body(one.then)
        self.body(one.orelse)
        for join in one.joins:
            self.values[join.var] = self.graph.node(self.sources((join.then, join.orelse)))

    def rounds(self, loop: For) -> None:
        for size in loop.sizes:
            self.env.set(size.name, size.init)
        carried = [self.read(one.init) for one in loop.carried]
        lists: list[list[Value]] = [[] for _ in loop.gathered]
        for number, item in enumerate(loop_items(loop, self.env)):
            enter_round(loop, number, item, self.env)
            self.values.update((c.head, v) for c, v in zip(loop.carried, carried, strict=True))
            self.body(loop.body)
            carried = [self.read(one.next) for one in loop.carried]
            for items, gathered in zip(lists, loop.gathered, strict=True):
                items.append(self.read(gathered.item))
            leave_round(loop, self.env)
        self.values.update((c.after, v) for c, v in zip(loop.carried, carried, strict=True))
        for items, gathered in zip(lists, loop.gathered, strict=True):
            before = () if gathered.onto is None else self.read(gathered.onto)
            first = before if isinstance(before, tuple) else (before,)
            self.values[gathered.after] = (*first, *items)

    def scan(self, loop: Scan) -> None:
        """One round stands for all: what it carries depends on what it gave."""
        over = self.graph.node(self.sources([loop.over]))
        self.values.update((target, over) for target in loop.target)
        heads = [self.graph.node(self.sources([one.init])) for one in loop.carried]
        self.values.update((c.head, head) for c, head in zip(loop.carried, heads, strict=True))
        self.body(loop.body)
        for one, head in zip(loop.carried, heads, strict=True):
            self.graph.sources[head] += self.sources([one.next])
            self.values[one.after] = head
        for gathered in loop.gathered:
            onto: list[Any] = [] if gathered.onto is None else [gathered.onto]
            node = self.graph.node(self.sources([gathered.item, *onto]))
            self.values[gathered.after] = node


def passes(type: FlowType) -> bool:
    """Whether gradients go through what is of this type."""
    if isinstance(type, ListType):
        return passes(type.item)
    return isinstance(type, TupleType) or isinstance(type, TensorType) and type.dtype == "float"
