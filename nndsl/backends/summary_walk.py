"""A block as a tree of layers with what each makes, holds and computes. No torch needed.

Repeats are looked at once: a loop whose rounds are alike is one row with a count, whatever the
count is; loops that differ from round to round are written out.
"""

from __future__ import annotations

from nndsl.backends.module.statics import Env, items, plain_path, settle
from nndsl.backends.module.unroll import decide, enter_round, join_sizes, leave_round
from nndsl.backends.summary_rows import Held, Key, Row, untied
from nndsl.model import dims
from nndsl.model.expr import Static, bound_names, names_in
from nndsl.model.graph import (
    Bind,
    Block,
    Chain,
    Construct,
    Declare,
    Do,
    FlowType,
    For,
    Holder,
    If,
    Invoke,
    ListType,
    Make,
    Many,
    RunTest,
    Scan,
    Statement,
    TensorType,
    TieTo,
    TupleType,
    Use,
    walk,
)
from nndsl.model.names import class_name, is_number
from nndsl.model.nested import kind_of
from nndsl.record import dataclass, field, replace


def block_row(block: Block, name: str, done: dict[int, Row]) -> Row:
    """A use of a block, and everything in it."""
    if id(block) not in done:
        root = _Node(class_name(block.name, block.variant), output=block.output)
        reader = _Walk(done, chained=not _calls(block))
        reader.body(block.body, Env(), root, (), 1)
        row = root.row("")
        for path in reader.ties:
            row = untied(row, path)
        done[id(block)] = row
    return replace(done[id(block)], name=name)


def _calls(block: Block) -> bool:
    """Whether a body says how its layers are called; a bare chain doesn't."""
    return any(isinstance(s, Do) and isinstance(s.operation, Invoke) for s in walk(block.body))


@dataclass
class _Node:
    """A layer while it is being looked at: ``calls`` of it were seen, each with ``each`` macs.

    ``calls`` None: a container, whose members are called.
    """

    kind: str
    output: FlowType | None = None
    each: Static = 0
    calls: Static | None = None
    held: dict[str, Held] = field(default_factory=dict)
    inner: Row | None = None
    children: dict[str, _Node] = field(default_factory=dict)
    count: int = 1
    label: str = ""

    def row(self, name: str) -> Row:
        rows = [child.row(child.label or key) for key, child in self.children.items()]
        if self.inner is not None:
            rows = [*self.inner.rows, *rows]
            self.held = dict(self.inner.held) | self.held
        macs = self.each
        if self.inner is None and self.children:
            macs = _sum([_times(r.count, r.macs) for r in rows])
        if self.calls is not None:
            macs = _times(self.calls, macs)
        return Row(
            name, self.kind, self.output, dims.tidy(macs), tuple(self.held.items()),
            tuple(rows), self.count,
        )  # fmt: skip

    def at(self, path: Key, inside: str = "") -> _Node:
        """The node of a path; containers that nobody made are made, for what is ``inside``."""
        node = self
        for part, following in zip(path, (*path, inside)[1:], strict=True):
            if part not in node.children:
                node.children[part] = _Node("ModuleList" if is_number(following) else "ModuleDict")
            node = node.children[part]
        return node


@dataclass
class _Walk:
    """Reads a body into a node. ``done`` are the blocks that were read before; in a ``chained``
    body each layer is called once without a word."""

    done: dict[int, Row]
    chained: bool = False
    ties: list[Key] = field(default_factory=list)

    def body(
        self, body: tuple[Statement, ...], env: Env, root: _Node, prefix: Key, times: Static
    ) -> None:
        for one in body:
            if isinstance(one, For):
                self.rounds(one, env, root, prefix, times)
            elif isinstance(one, If):
                self.branches(one, env, root, prefix, times)
            elif isinstance(one, Scan):
                length = dims.tidy(settle(_length(one), env))
                self.body(one.body, env, root, prefix, _times(times, length))
            elif isinstance(one, Bind):
                env.set(one.name, one.value)
            elif isinstance(one, Make):
                self.make(one, env, root, prefix)
            elif isinstance(one, Do) and isinstance(one.operation, Invoke):
                self.call(one, one.operation, env, root, times)
            elif isinstance(one, Declare):
                self.declare(one, env, root)
            elif isinstance(one, TieTo):
                self.ties.append(plain_path(one.path, env))

    # -------------------------------------------------------------- layers

    def make(self, make: Make, env: Env, root: _Node, prefix: Key) -> None:
        path = (*prefix, *plain_path(make.path, env))
        parent, what = root.at(path[:-1], path[-1]), make.what
        if isinstance(what, Use):
            row = block_row(what.block, "", self.done)
            node = _Node(row.kind, row.output, row.macs, 0, inner=row)
        elif isinstance(what, Construct):
            held = {w.name: _held(w.shape, _kind(w.trainable), w.dtype, env) for w in what.weights}
            node = _Node(kind_of(what), None, settle(what.macs, env), 0, held)
        else:
            kind = what.kind if isinstance(what, Holder) else "Sequential"
            node = _Node(kind, calls=0 if isinstance(what, Chain) else None)
        if node.calls is not None and (prefix or self.chained):
            node.calls = 1
        parent.children[path[-1]] = node
        if isinstance(what, Chain):
            self.body(what.body, env, root, path, 1)

    def call(self, do: Do, call: Invoke, env: Env, root: _Node, times: Static) -> None:
        """A call: from the first one the table takes the output's shape."""
        node = root.at(plain_path(call.path, env))
        if not node.output or node.calls in (None, 0):
            types = tuple(_settled(target.type, env) for target in do.targets)
            node.output = types[0] if len(types) == 1 else TupleType(types)
        node.calls = _sum([node.calls or 0, times])

    def declare(self, one: Declare, env: Env, root: _Node) -> None:
        type = one.value.type
        shape = type.shape if isinstance(type, TensorType) and type.shape is not None else ()
        kind = _kind(one.trainable, bool(settle(one.learned, env)))
        held = _held(shape, kind, getattr(type, "dtype", "float"), env)
        if one.trainable:
            root.children[one.name] = _Node("Parameter", _settled(type, env), held={"": held})
        else:
            root.held[one.name] = held

    # -------------------------------------------------------------- loops and conditions

    def rounds(self, loop: For, env: Env, root: _Node, prefix: Key, times: Static) -> None:
        for size in loop.sizes:
            env.set(size.name, size.init)
        rounds = items(loop.iterable, env)
        if isinstance(rounds, range) and len(rounds) > 1 and _uniform(loop):
            self.first_round(loop, rounds, env, root, prefix, times)
            return
        for number, item in enumerate(rounds):
            enter_round(loop, number, item, env)
            self.body(loop.body, env, root, prefix, times)
            leave_round(loop, env)

    def first_round(
        self, loop: For, rounds: range, env: Env, root: _Node, prefix: Key, times: Static
    ) -> None:
        """All rounds are alike: look at one, into a node of its own, and count."""
        apart = _Node("")
        enter_round(loop, 0, rounds[0], env)
        self.body(loop.body, env, apart, prefix, times)
        last, paths = env.copy(), _Node("")
        enter_round(loop, len(rounds) - 1, rounds[-1], last)
        for one in loop.body:
            if isinstance(one, Make):
                paths.at((*prefix, *plain_path(one.path, last)))
        _graft(root, apart, paths, len(rounds))

    def branches(self, choice: If, env: Env, root: _Node, prefix: Key, times: Static) -> None:
        taken = None if isinstance(choice.test, RunTest) else decide(choice, env)
        if isinstance(taken, bool):
            body = choice.then if taken else choice.orelse
            self.body(body, env, root, prefix, times)
            join_sizes(choice, taken, env)
            return
        for branch in (choice.then, choice.orelse):
            self.body(branch, env.copy(), root, prefix, times)


def _uniform(loop: For) -> bool:
    """Whether the rounds of a loop can only differ in the paths of what they make."""
    own = {loop.round, *(bound_names(loop.targets) if loop.targets is not None else ())}

    def free(value: Static) -> bool:
        return own.isdisjoint(names_in(value))

    def plain(one: Statement) -> bool:
        if isinstance(one, Make):
            what = one.what
            if isinstance(what, Chain):
                return all(map(plain, what.body))
            if isinstance(what, Construct):
                return free((*what.args, *(v for _, v in what.kwargs)))
            return isinstance(what, Use)
        if isinstance(one, Do) and isinstance(one.operation, Invoke):
            return not free(one.operation.path)
        return isinstance(one, Do)

    return not loop.sizes and all(map(plain, loop.body))


def _graft(root: _Node, first: _Node, last: _Node, count: int) -> None:
    """Put the layers of a first round into the tree, each standing for ``count``."""
    pairs = zip(first.children.items(), last.children.items(), strict=False)
    for (name, node), (end, until) in pairs:
        if name == end and name in root.children:
            _graft(root.children[name], node, until, count)
        elif name == end:
            root.children[name] = _Node(node.kind)
            _graft(root.children[name], node, until, count)
        else:
            node.count, node.label = count, f"{name}-{end}"
            root.children[name] = node


# ------------------------------------------------------------------ numbers and shapes


def _kind(parameter: bool, learned: bool = True) -> str:
    if not parameter:
        return "buffer"
    return "trainable" if learned else "frozen"


def _held(shape: tuple[Static, ...], kind: str, dtype: str, env: Env) -> Held:
    total = dims.product(tuple(settle(size, env) for size in shape))  # type: ignore[misc]
    return Held(total if isinstance(total, int) else 0, kind, dtype)


def _settled(type: FlowType, env: Env) -> FlowType:
    """A type as it is in one round of a loop."""
    if isinstance(type, TensorType) and type.shape is not None:
        return replace(type, shape=tuple(settle(s, env) for s in type.shape))
    if isinstance(type, TupleType):
        return replace(type, items=tuple(_settled(item, env) for item in type.items))
    return type


def _length(loop: Scan) -> Static:
    """How many rounds a loop of the run has."""
    over = loop.over.items[0] if isinstance(loop.over, Many) else loop.over
    type = getattr(over, "type", None)
    if isinstance(type, ListType):
        return type.length
    if isinstance(type, TupleType):
        return len(type.items)
    return 1


def _sum(values: list[Static]) -> Static:
    total: Static = 0
    for value in values:
        total = value if total == 0 else total if value == 0 else total + value  # type: ignore[operator]
    return total


def _times(a: Static, b: Static) -> Static:
    if a == 0 or b == 0:
        return 0
    return a * b  # type: ignore[operator]
