"""Uses that read alike become one class; what a class was made for is said in its docstring.

A concrete program has a block for each use of a definition. Two of them may differ in nothing that
is printed, as two blocks of a residual network whose images have other sizes. Blocks are compared
by the text that they print as, from leaf to model.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

from nndsl.backends.source import docstring
from nndsl.backends.source.assembly import is_named
from nndsl.backends.source.classes import ClassPrinter
from nndsl.backends.source.groups import straighten
from nndsl.backends.source.prose import safe
from nndsl.backends.source.rolling import LEAST, roll
from nndsl.backends.source.settled import settle_functions
from nndsl.backends.source.titles import Titles
from nndsl.model import dims
from nndsl.model.expr import Call, Name, Static
from nndsl.model.graph import (
    Block,
    Chain,
    FlowType,
    For,
    ListType,
    Make,
    Program,
    Statement,
    TensorType,
    TupleType,
    Use,
    walk,
)
from nndsl.model.names import class_name
from nndsl.model.variants import variants
from nndsl.record import replace


def distinct(program: Program) -> Program:
    """The program without blocks that print like another; the blocks are changed in place."""
    program = replace(program, functions=settle_functions(program))
    names = Titles(program)
    groups: dict[str, list[Block]] = {}
    canonical: dict[Block, Block] = {}
    for block in program.blocks:
        _point(block, canonical)
        roll(block)
        straighten(block)
        fold(block)
        alike = groups.setdefault(_text(block, names), [])
        alike.append(block)
        canonical[block] = alike[0]
    for group in groups.values():
        group[0].shapes = _shapes(group)
    kept = tuple(group[0] for group in groups.values())
    _number(kept, program.models)
    return replace(program, blocks=kept)


def _point(block: Block, canonical: dict[Block, Block]) -> None:
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Use):
            use = statement.what
            object.__setattr__(use, "block", canonical.get(use.block, use.block))


def _text(block: Block, names: Titles) -> str:
    """What a block prints as, but for its docstring; it stands there without a number."""
    own, outputs = names.classes[block], names.outputs.get(block)
    names.classes[block] = class_name(block.name)
    if outputs is not None:
        names.outputs[block] = class_name(block.name) + "Output"
    try:
        made = ClassPrinter(block, names).write()
    finally:
        names.classes[block] = own
        if outputs is not None:
            names.outputs[block] = outputs
    return "\n".join([made.name, made.base, *made.fields, *made.init, *made.forward])


def _number(blocks: tuple[Block, ...], models: tuple[str, ...]) -> None:
    """Classes of one definition are told apart; a model's own has its plain name."""
    roots = {next(b for b in reversed(blocks) if b.name == model) for model in models}
    taken = {block.name for block in roots}
    groups: dict[str, list[Block]] = {}
    for block in blocks:
        block.variant = ""
        if block not in roots:
            groups.setdefault(block.name, []).append(block)
    for name, group in groups.items():
        if len(group) > 1 or name in taken:
            for block, variant in zip(group, variants(group, name not in taken), strict=True):
                block.variant = variant


# ------------------------------------------------------------------ docstrings


def _shapes(alike: list[Block]) -> str:
    """The values and the shapes that all uses share; empty where there is but one shape to say."""
    first, *others = alike
    values = [
        (name, text)
        for name, text in _values(first)
        if all((name, text) in _values(other) for other in others)
    ]
    shape, found = _ends(first), {_ends(one) for one in alike}
    if len(found) > 1:
        shape += f" and {len(found) - 1} other shape{'s' if len(found) > 2 else ''}"
    said = ", ".join(f"{name}={text}" for name, text in values)
    if not said and shape == docstring.ends(first):
        return ""  # which is what stands there anyway
    kinds = docstring.pipeline(first) if not first.comment else ""
    return ":\n".join(filter(None, (safe(said) or kinds, shape)))


def _ends(block: Block) -> str:
    """What goes in and what comes out, both in the sizes of the model's own inputs."""
    inputs = tuple(
        replace(one, var=replace(one.var, type=_outside(one.var.type)), pattern="known")
        for one in block.inputs
    )
    outside = copy(block)
    outside.inputs, outside.output = inputs, _outside(block.output)
    return docstring.ends(outside)


def _outside(kind: FlowType) -> FlowType:
    """A type with the caller's sizes, which the block's own stand for."""
    if isinstance(kind, TupleType):
        return replace(kind, items=tuple(map(_outside, kind.items)))
    if isinstance(kind, ListType):
        return replace(kind, item=_outside(kind.item))
    if not isinstance(kind, TensorType) or kind.shape is None:
        return kind
    return replace(kind, shape=tuple(map(dims.tidy, kind.shape)))


def _values(block: Block) -> list[tuple[str, str]]:
    return [(name, text) for name, value in block.args if (text := _value(value))]


def _value(value: object) -> str:
    """A plain value as the spec writes it; empty for a layer."""
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    if isinstance(value, tuple):
        items = [_value(item) for item in value]
        return f"[{', '.join(items)}]" if all(items) else ""
    return ""


# ------------------------------------------------------------------ loops


def fold(block: Block) -> None:
    """Make loops of equal modules in a row, where nothing but their order counts."""
    if block.kind == "sequential":
        block.body = _folded(block.body)
    for statement in walk(block.body):
        if isinstance(statement, Make) and isinstance(statement.what, Chain):
            chain = statement.what
            object.__setattr__(chain, "body", _folded(chain.body))


def _folded(body: tuple[Statement, ...]) -> tuple[Statement, ...]:
    rest: list[Statement] = [s for s in body if isinstance(s, Make | For)]
    if any(isinstance(s, Make) and is_named(s.path[-1]) for s in rest):
        return body
    result: list[Statement] = []
    for run in _runs(rest):
        times = [_times(one) for one in run]
        total = sum(n for n in times if n is not None)
        if len(run) > 1 and total >= LEAST and any(isinstance(one, For) for one in run):
            result.append(_loop(run[0], total))
        else:
            result += run
    others = [s for s in body if not isinstance(s, Make | For)]
    return (*result, *others) if len(result) < len(rest) else body


def _runs(body: list[Statement]) -> Iterator[list[Statement]]:
    """Neighbours that make the same module."""
    run: list[Statement] = []
    for statement in body:
        made = _made(statement)
        if run and (made is None or made is not _made(run[0])):
            yield run
            run = []
        run.append(statement)
    if run:
        yield run


def _made(statement: Statement) -> Block | None:
    """The definition that a statement makes modules of, and nothing else."""
    if isinstance(statement, For):
        makes = [s for s in statement.body if isinstance(s, Make | For)]
        plain = _times(statement) is not None and len(makes) == 1 and not statement.sizes
        return _made(makes[0]) if plain and isinstance(makes[0], Make) else None
    if isinstance(statement, Make) and isinstance(statement.what, Use) and not statement.told:
        return statement.what.block
    return None


def _times(statement: Statement) -> int | None:
    if isinstance(statement, Make):
        return 1
    assert isinstance(statement, For)
    call: Static = statement.iterable
    plain = isinstance(call, Call) and call.fn == "range" and len(call.args) == 1
    times = call.args[0] if plain and isinstance(call, Call) else None
    return times if isinstance(times, int) else None


def _loop(first: Statement, total: int) -> For:
    what = first if isinstance(first, Make) else next(s for s in walk((first,)) if _is_use(s))
    assert isinstance(what, Make)
    number = Name("round", "loop", "int")
    return For(None, Call("range", (total,)), (replace(what, path=(number,)),), number)


def _is_use(statement: Statement) -> bool:
    return isinstance(statement, Make) and isinstance(statement.what, Use)
