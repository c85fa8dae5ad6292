"""Which static names and which variables a piece of the model reads."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.model.expr import (
    Call,
    Comprehension,
    Expr,
    Name,
    Op,
    Static,
    Text,
    bound_names,
    children,
    substitute,
)
from nndsl.model.graph import (
    Apply,
    Bind,
    CallFunction,
    Chain,
    Check,
    Construct,
    Declare,
    Do,
    For,
    Give,
    Holder,
    If,
    Init,
    LambdaRef,
    LayerRef,
    ListType,
    Made,
    Make,
    Many,
    Operand,
    Operation,
    Parametric,
    Path,
    RunTest,
    Scan,
    SliceArg,
    Special,
    Statement,
    TensorType,
    TieTo,
    Unsupported,
    Use,
    Var,
    walk,
)  # fmt: skip

_VIEWS = frozenset({
    "contiguous", "expand", "flatten", "getitem", "identity", "movedim", "permute", "reshape",
    "squeeze", "transpose", "unflatten", "unsqueeze", "view",
})  # fmt: skip


def names(value: Static) -> Iterator[Name]:
    """Every free name of a static value, those in adapted layers too."""
    if isinstance(value, Name):
        yield value
    elif isinstance(value, LambdaRef):
        yield from (n for n in made_names(value.made) if n not in value.parameters)
    elif isinstance(value, LayerRef):
        yield from (n for _, part in value.kwargs for n in names(part))
    elif isinstance(value, Comprehension):
        bound = {n for clause in value.clauses for n in bound_names(clause.targets)}
        for part in children(value):
            yield from (n for n in names(part) if n not in bound)
    elif isinstance(value, Expr | tuple):
        for part in children(value):
            yield from names(part)


def path_names(path: Path) -> Iterator[Name]:
    """The names in the written parts of a path; an index is only the place in a container."""
    for part in path:
        if isinstance(part, Text):
            yield from names(part)


def made_names(made: Made) -> Iterator[Name]:
    """The names that constructing something reads, itself only (a chain's parts are statements)."""
    values: list[Static] = []
    if isinstance(made, Construct):
        values += [*made.args, *(v for _, v in made.kwargs)]
    elif isinstance(made, Use):
        values += [*(v for _, v in used_sizes(made)), *(v for _, v in made.args)]
    elif isinstance(made, Parametric):
        values += [made.layer, *made.sizes, *made.args, *(v for _, v in made.kwargs)]
    for value in values:
        yield from names(value)
    if isinstance(made, Chain):
        for statement in made.body:
            yield from construct_names(statement)


def used_sizes(use: Use) -> list[tuple[Name, Static]]:
    """The sizes that a use hands on, in the order of the block's leading parameters."""
    sizes = dict(use.sizes)
    return [(need, sizes[need]) for need in use.block.needs if need in sizes]


def construct_names(statement: Statement) -> Iterator[Name]:
    """The names that a statement surely reads at construction, nested statements included."""
    if isinstance(statement, Make):
        yield from made_names(statement.what)
        if not isinstance(statement.what, Holder):
            yield from path_names(statement.path)
    elif isinstance(statement, Declare):
        yield from body_names(statement.body)
        yield from names(statement.learned)
        yield from names(statement.persistent)
    elif isinstance(statement, Check):
        yield from names(statement.test)
        yield from names(statement.message)
    elif isinstance(statement, TieTo):
        for place in (*statement.path, *statement.source):  # also by the number of an item
            yield from names(place)
    elif isinstance(statement, Init):
        for value in (*statement.args, *(v for _, v in statement.kwargs)):
            yield from names(value)
    elif isinstance(statement, If) and constructs(statement):
        if not isinstance(statement.test, RunTest):
            yield from names(statement.test)
        for part in (*statement.then, *statement.orelse):
            yield from construct_names(part)
    elif isinstance(statement, For) and constructs(statement):
        yield from names(statement.iterable)
        for part in statement.body:
            yield from construct_names(part)


def all_names(statement: Statement) -> Iterator[Name]:
    """Every static name that a statement may read at construction, running ones too."""
    for one in walk((statement,)):
        if isinstance(one, Bind):
            yield from names(one.value)
        elif isinstance(one, If):
            if not isinstance(one.test, RunTest):
                yield from names(one.test)
            for joined in one.sizes:
                yield from (*names(joined.then), *names(joined.orelse))
        elif isinstance(one, For):
            yield from names(one.iterable)
            for size in one.sizes:
                yield from (*names(size.init), *names(size.next))
        else:
            yield from construct_names(one)


def spelled_out(value: Static, joined: dict[Name, Static]) -> Static:
    """A static value with the author's names and with joined sizes replaced by what they are."""
    table: dict[Name, Static] = {}
    for name in names(value):
        if name.role == "local" and name.meaning is not None:
            table[name] = spelled_out(name.meaning, joined)
        elif name in joined:
            table[name] = spelled_out(joined[name], joined)
    return substitute(value, table) if table else value


def constructs(statement: Statement) -> bool:
    """Whether the constructor has anything to do for a statement."""
    if isinstance(statement, If):
        return any(map(constructs, (*statement.then, *statement.orelse)))
    if isinstance(statement, For):
        return any(map(constructs, statement.body))
    return isinstance(statement, Make | Declare | Check | TieTo | Init | Unsupported)


def flows(statement: Statement) -> bool:
    """Whether the forward has anything to do for a statement."""
    if isinstance(statement, If):
        return any(map(flows, (*statement.then, *statement.orelse))) or bool(statement.joins)
    if isinstance(statement, For | Scan):
        return any(map(flows, statement.body)) or bool(statement.carried or statement.gathered)
    return isinstance(statement, Do | Give)


def operands(operation: Operation) -> tuple[Operand, ...]:
    """What an operation reads, in the order of evaluation."""
    return (*operation.args, *(value for _, value in operation.kwargs))


def flowing(operation: Operation, made: Var) -> list[Var]:
    """The variables that an operation may make another of: what it reads as tensors, those of the
    same kind first. None where something is made that only has the shape of another, or less."""
    if isinstance(operation, Apply) and operation.fn.endswith("_like"):
        return []
    parts = (part for operand in operands(operation) for part in operand_parts(operand))
    found = [part for part in parts if isinstance(part, Var) and part.member is None]
    return sorted(found, key=lambda var: not same_dtype(var, made))


def views(operation: Operation) -> bool:
    """Whether what flows only has its axes in another order or number."""
    return isinstance(operation, Apply) and operation.fn.rpartition(".")[2] in _VIEWS


def same_dtype(var: Var, other: Var) -> bool:
    """Whether two variables are tensors of numbers of one kind."""
    one, two = var.type, other.type
    return isinstance(one, TensorType) and isinstance(two, TensorType) and one.dtype == two.dtype


def operand_parts(operand: Operand) -> Iterator[Var | Name | Special]:
    """The variables and static names in an operand, in reading order."""
    if isinstance(operand, Var | Special):
        yield operand
    elif isinstance(operand, Many):
        for item in operand.items:
            yield from operand_parts(item)
    elif isinstance(operand, SliceArg):
        for bound in (operand.start, operand.stop, operand.step):
            yield from operand_parts(bound)
    elif isinstance(operand, Expr | tuple):
        yield from names(operand)


def body_names(body: tuple[Statement, ...]) -> Iterator[Name]:
    """The static names among the operands of plain statements."""
    for statement in body:
        if isinstance(statement, Do):
            for operand in operands(statement.operation):
                yield from (p for p in operand_parts(operand) if isinstance(p, Name))


def statement_operands(statement: Statement) -> Iterator[Operand]:
    """The operands of one statement itself, not of those inside it."""
    if isinstance(statement, Do):
        yield from operands(statement.operation)
        if not isinstance(statement.operation, CallFunction) and hasattr(
            statement.operation, "path"
        ):
            yield from (p for p in statement.operation.path if isinstance(p, Expr))
    elif isinstance(statement, Give):
        yield statement.value
    elif isinstance(statement, If):
        test = statement.test
        if isinstance(test, RunTest):
            yield from test.operands()
        else:
            yield test
        for join in statement.joins:
            yield join.then
            yield join.orelse
    elif isinstance(statement, For | Scan):
        yield statement.iterable if isinstance(statement, For) else statement.over
        for carried in statement.carried:
            yield carried.init
            yield carried.next
        for gathered in statement.gathered:
            yield gathered.item
            if gathered.onto is not None:
                yield gathered.onto


def item_of(one: Statement, loop: For) -> tuple[Var, bool] | None:
    """The list that a statement takes this round's tensor from, and whether from its end."""
    operation = one.operation if isinstance(one, Do) and len(one.targets) == 1 else None
    if not isinstance(operation, Apply) or operation.fn != "op.getitem":
        return None
    over, place = operation.args
    if not isinstance(over, Var) or not isinstance(over.type, ListType) or over.member is not None:
        return None
    count = loop.iterable.args[0] if isinstance(loop.iterable, Call) else None
    if loop.targets is not None or over.type.length != count:
        return None
    backwards = place == Op("-", (-1, loop.round))
    return (over, backwards) if backwards or place == loop.round else None


def takes_items(loop: For) -> bool:
    """Whether a loop's header names the list itself, so that its length isn't asked for."""
    first = next((one for one in loop.body if isinstance(one, Do)), None)
    found = item_of(first, loop) if first is not None else None
    return found is not None and found[0] not in [one.head for one in loop.carried]
