"""The syntax tree: what was written, with the place where it was written.

Nodes are never changed and compare by identity; ``dump`` gives a text without places to compare by.
A pipeline of one unlabelled stage is just that stage's expression.
"""

from __future__ import annotations

from typing import TypeVar, Union, dataclass_transform

from nndsl.record import dataclass, fields
from nndsl.source import Source, Span

_Class = TypeVar("_Class")


@dataclass_transform(eq_default=False, frozen_default=True)
def _node(cls: type[_Class]) -> type[_Class]:
    """A dataclass that only the type checker holds frozen: at run time that would double the cost
    of importing this module, and nodes are made by the ten thousand."""
    return dataclass(eq=False, repr=False)(cls)


@_node
class Node:
    span: Span


# ------------------------------------------------------------------ expressions


@_node
class Name(Node):
    """An identifier; ``_`` is the tensor flowing in."""

    id: str


@_node
class Number(Node):
    """A number as its value; ``span.text`` is how it was written. ``inf`` and ``pi`` are Names."""

    value: int | float


@_node
class String(Node):
    """A quoted text without its quotes: an axis pattern, a label, a message or a plain string."""

    value: str


@_node
class Constant(Node):
    """True, False or None."""

    value: bool | None


@_node
class Argument(Node):
    """One argument: ``value``, ``name=value``, ``value->target``, ``*value`` or ``...``.

    ``...`` (pass every parameter of the same name) has ``value`` None and ``rest`` True.
    """

    value: Expr | None
    name: Name | None = None
    target: Expr | None = None
    star: bool = False
    rest: bool = False


@_node
class Call(Node):
    """``func(args)``, or with ``bare`` ``func arg arg``. ``f(8)(x)`` is a call of a call."""

    func: Expr
    args: tuple[Argument, ...]
    bare: bool = False


@_node
class Attribute(Node):
    value: Expr
    name: Name


@_node
class Slice(Node):
    start: Expr | None
    stop: Expr | None
    step: Expr | None


@_node
class Dots(Node):
    """``...`` in an index."""


@_node
class Subscript(Node):
    value: Expr
    items: tuple[Expr, ...]
    tuple_index: bool = False  # more than one item, or a trailing comma


@_node
class Unary(Node):
    """``op`` is ``-``, ``+`` or ``not``."""

    op: str
    operand: Expr


@_node
class Binary(Node):
    """``op`` is one of ``+ - * / // % @ ** and or``."""

    op: str
    left: Expr
    right: Expr


@_node
class Compare(Node):
    """``first op1 rest1 ...``; ops are ``== != < <= > >= in``, ``not in``, ``is``, ``is not``."""

    first: Expr
    ops: tuple[str, ...]
    rest: tuple[Expr, ...]


@_node
class Conditional(Node):
    """``then if test else orelse``; without ``else`` (the stage may be absent) it is None."""

    then: Expr
    test: Expr
    orelse: Expr | None


@_node
class Group(Node):
    """Parentheses around one expression or pipeline. They only group."""

    inner: Expr


@_node
class TupleExpr(Node):
    """``(a, b)``."""

    items: tuple[Expr, ...]


@_node
class ListExpr(Node):
    """``[a, *b]``; a spliced item is an Argument with ``star``."""

    items: tuple[Expr | Argument, ...]


@_node
class Clause(Node):
    """``for target in iterable if test if test``."""

    target: Target
    iterable: Expr
    tests: tuple[Expr, ...]


@_node
class ListComp(Node):
    """``[element for ...]``: side by side, gives a list."""

    element: Expr
    clauses: tuple[Clause, ...]


@_node
class ChainComp(Node):
    """``(element for ...)``: one after the other; only a stage."""

    element: Expr
    clauses: tuple[Clause, ...]


@_node
class Repeat(Node):
    """``body x count``."""

    body: Expr
    count: Expr


@_node
class Stage(Node):
    """``label: *value as alias``; the label is a Name or a String (a template)."""

    value: Expr
    label: Name | String | None = None
    alias: Target | None = None
    splice: bool = False


@_node
class Pipeline(Node):
    """Stages joined by ``|``; also a single stage that has a label, an alias or a ``*``."""

    stages: tuple[Stage, ...]


@_node
class TargetTuple(Node):
    """``a, (b, c)`` on the left of ``=`` or after ``for`` or ``as``."""

    items: tuple[Target, ...]


Target = Union[Name, TargetTuple]
Expr = Union[
    Name, Number, String, Constant, Call, Attribute, Slice, Dots, Subscript, Unary, Binary, Compare,
    Conditional, Group, TupleExpr, ListExpr, ListComp, ChainComp, Repeat, Pipeline,
]  # fmt: skip

# ------------------------------------------------------------------ statements


@_node
class Assign(Node):
    """``target = value``; several values on the right are a TupleExpr. ``comment`` stands above
    a value of the file."""

    target: Target
    value: Expr
    comment: str = ""


@_node
class LayerAlias(Node):
    """``layer name = value``."""

    name: Name
    value: Expr


@_node
class Result(Node):
    """A pipeline standing alone, or ``return p, q``."""

    values: tuple[Expr, ...]
    explicit: bool = False


@_node
class If(Node):
    """``elif`` is an If alone in ``orelse`` (``span`` starts at its keyword)."""

    test: Expr
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...] = ()


@_node
class For(Node):
    target: Target
    iterable: Expr
    body: tuple[Statement, ...]


@_node
class ParamDecl(Node):
    """``param name: "pattern" = init, requires_grad=False``."""

    name: Name
    pattern: String | None
    init: Expr
    options: tuple[Argument, ...] = ()


@_node
class BufferDecl(Node):
    """``buffer name: "pattern" = value, persistent=False``; ``dtype`` as for inputs."""

    name: Name
    pattern: String | None
    value: Expr
    options: tuple[Argument, ...] = ()
    dtype: str | None = None


@_node
class ModuleDecl(Node):
    """``module name: value``."""

    label: Name | String
    value: Expr


@_node
class Order(Node):
    names: tuple[Name | String, ...]


@_node
class Path(Node):
    """``head.0.weight``: parts as written; a quoted path is one String part (a template)."""

    parts: tuple[str | String, ...]


@_node
class Tie(Node):
    """``tie a.weight, b.weight = c.weight``."""

    paths: tuple[Path, ...]
    source: Path


@_node
class Init(Node):
    """``init linear.weight: zeros``, or a key in quotes, ``init "*.bias": zeros``."""

    target: Path
    value: Expr


@_node
class Assert(Node):
    test: Expr
    message: String | None


@_node
class Loss(Node):
    name: Name
    args: tuple[Argument, ...]


Statement = Union[
    Assign,
    LayerAlias,
    Result,
    If,
    For,
    ParamDecl,
    BufferDecl,
    ModuleDecl,
    Order,
    Tie,
    Init,
    Assert,
    Loss,
]

# ------------------------------------------------------------------ items of a file


@_node
class TypeRef(Node):
    """``int``, ``layer``, ``list[int]``."""

    name: str
    item: str | None = None


@_node
class StaticParam(Node):
    name: Name
    type: TypeRef | None = None
    default: Expr | None = None


@_node
class Input(Node):
    """``name: [list] [dtype] "pattern" [= None]``; ``dtype`` is "int", "bool", "float" or None."""

    name: Name
    pattern: String | None = None
    dtype: str | None = None
    many: bool = False
    optional: bool = False


@_node
class Output(Node):
    """One stated output; a lone one has no name."""

    name: Name | None
    pattern: String
    dtype: str | None = None


@_node
class Definition(Node):
    """``def`` or ``model`` (``kind``). ``inputs`` None: one anonymous input of any shape.

    ``header`` is the span of the line up to the colon; ``comment`` the comment block that stands
    directly above, without its ``#``.
    """

    kind: str
    name: Name
    statics: tuple[StaticParam, ...]
    inputs: tuple[Input, ...] | None
    outputs: tuple[Output, ...] | None
    body: tuple[Statement, ...]
    header: Span
    comment: str = ""


@_node
class ModelAlias(Node):
    """``model name = call``."""

    name: Name
    value: Expr
    comment: str = ""


@_node
class ActivationParam(Node):
    """``alpha=1.0``, ``beta: "c" = 0.25`` or ``const k=2``."""

    name: Name
    pattern: String | None
    default: Expr
    const: bool = False


@_node
class Activation(Node):
    name: Name
    params: tuple[ActivationParam, ...]
    body: Expr
    comment: str = ""


@_node
class Function(Node):
    """``fn name(a, b=1): body``."""

    name: Name
    params: tuple[StaticParam, ...]
    body: tuple[Statement, ...]
    comment: str = ""


@_node
class Import(Node):
    """``import "path"`` (``names`` None) or ``from "path" import a, b``."""

    path: String
    names: tuple[Name, ...] | None


@_node
class Keys(Node):
    """``"a.{i}.weight", "a.{i}.bias" for i``: patterns of keys, and the name that is gone over."""

    patterns: tuple[String, ...]
    over: Name | None = None


@_node
class KeyRule(Node):
    """``sources | stages -> targets``; ``drop sources`` has no ``targets``."""

    sources: Keys
    stages: tuple[Expr, ...]
    targets: Keys | None


@_node
class Weights(Node):
    """``weights name: rules``: how checkpoints spell the keys of a model. ``name`` is a model's."""

    model: Name
    rules: tuple[KeyRule, ...]
    comment: str = ""


Item = Union[
    Definition, ModelAlias, Activation, Function, Weights, Import,
    Assign, LayerAlias, Result, Loss, Assert,
]  # fmt: skip


@_node
class Comment(Node):
    """``text`` starts with ``#``; ``own_line`` if nothing but blanks stands before it."""

    text: str
    own_line: bool


@_node
class File(Node):
    """``comment`` is what stands at the top and belongs to no item: the file's own."""

    source: Source
    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = ()
    comment: str = ""


def dump(value: object) -> str:
    """The tree as a text without places, for comparing two trees."""
    if isinstance(value, Node):
        parts = [dump(getattr(value, f.name)) for f in fields(value) if f.name not in _PLACES]
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, tuple):
        return f"[{', '.join(map(dump, value))}]"
    return repr(value)


_PLACES = frozenset({"span", "header", "source", "comments", "comment"})
