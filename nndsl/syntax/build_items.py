"""What the rules of statements and items become in the tree. See ``build.py``."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nndsl.record import replace
from nndsl.source import Span
from nndsl.syntax import tree as t
from nndsl.syntax.prose import ANY_TYPE, TYPE_OF_INPUT
from nndsl.syntax.words import SOFT

if TYPE_CHECKING:
    from nndsl.syntax.build import Action, Builder, Children

# ---------------------------------------------------------------- statements


def _several(b: Builder, c: Children, span: Span) -> Children:
    """The values of ``p, q``; a comma at the end makes one value a tuple."""
    values = [one for one in c if one != "," and one is not None]
    for one, other in pairwise(values):
        call = _bare(one)
        first = other.stages[0].value if isinstance(other, t.Pipeline) else other
        if call is None or call.func.span.text in SOFT:
            continue
        if isinstance(first, t.Number):  # `conv 64, 3 | relu`
            b.fault("tuple", first.span, found=call.func.span.text)
    return (
        [t.TupleExpr(span, (c[0],))]
        if len(c) == 2 and c[1] == ","
        else [one for one in c if one != ","]
    )


def _assign(b: Builder, c: Children, span: Span) -> t.Assign:
    targets, values = c
    left = (
        targets[0]
        if len(targets) == 1
        else t.TupleExpr(targets[0].span.to(targets[-1].span), tuple(targets))
    )
    right = (
        values[0]
        if len(values) == 1
        else t.TupleExpr(values[0].span.to(values[-1].span), tuple(values))
    )
    if isinstance(left, t.TupleExpr) and isinstance(left.items[-1], t.Name):
        call = next((bare for one in left.items[:-1] if (bare := _bare(one))), None)
        if call is not None:  # `linear 2, bias=False`
            key = left.items[-1]
            words = {"found": call.span.text, "key": key.id, "head": call.func.span.text}
            if not _told(b, left.span):
                b.fault("E148", key.span, None, **words)
            return t.Assign(span, t.Name(left.span, "_"), right)
    return t.Assign(span, _target(b, left), right)


def _told(b: Builder, place: Span) -> bool:
    """Whether the last finding is about this place."""
    last = b.diagnostics[-1].span if b.diagnostics else None
    return last is not None and place.start <= last.start < place.end


def _bare(node: Any) -> t.Call | None:
    """The call with bare arguments that an expression ends with."""
    while isinstance(node, t.Pipeline):
        node = node.stages[-1].value
    return node if isinstance(node, t.Call) and node.bare else None


def _target(b: Builder, value: Any) -> t.Target:
    """The left side of ``=``, which was read as an expression."""
    if isinstance(value, t.Name):
        return value
    if isinstance(value, t.Group):
        return _target(b, value.inner)
    if isinstance(value, t.TupleExpr):
        return t.TargetTuple(value.span, tuple(_target(b, one) for one in value.items))
    last = value.stages[-1] if isinstance(value, t.Pipeline) else None
    if last is not None and isinstance(last.value, t.Name) and last.label is None:
        b.fault("label", last.value.span, found=last.value.id)
    elif _is_self(value):
        b.withdraw(value.span.start)
        b.fault("member", value.span, found=value.span.text, name=value.name.id)
    elif not any(one.span == value.span for one in b.diagnostics[-1:]):
        b.fault("E146", value.span)
    return t.Name(value.span, "_")


def _is_self(value: Any) -> bool:
    return (
        isinstance(value, t.Attribute)
        and isinstance(value.value, t.Name)
        and value.value.id == "self"
    )


_LET = frozenset({"let", "var", "val", "const", "auto", "local"})


def _result(b: Builder, c: Children, span: Span) -> t.Result | t.Assign:
    """A line that gives a value; ``let y = 3`` is read as ``y = 3``."""
    values = c[0]
    first = values[0].stages[0].value if isinstance(values[0], t.Pipeline) else values[0]
    call = first if isinstance(first, t.Call) and first.bare else None
    if call is None or call.func.span.text not in _LET or call.args[-1].name is None:
        return t.Result(span, tuple(values))
    name, value = call.args[-1].name, call.args[-1].value
    assert value is not None
    b.fault("let", call.func.span, found=call.func.span.text, name=name.id)
    return t.Assign(span, name, value)


def _if(b: Builder, c: Children, span: Span) -> t.If:
    orelse = c[2] or ()
    return t.If(span, c[0], c[1], (orelse,) if isinstance(orelse, t.If) else orelse)


def _for(b: Builder, c: Children, span: Span) -> t.For:
    return t.For(span, c[0], c[1], c[2])


def _param(b: Builder, c: Children, span: Span) -> t.ParamDecl:
    pattern, dtype, many = c[1] or (None, None, False)
    if dtype is not None or many:
        word = dtype if dtype is not None else "list"
        start = b.source.text.index(word, c[0].span.end)
        shape = pattern.span.text if pattern is not None else '"c"'
        b.fault("E150", Span(b.source, start, start + len(word)), found=c[0].id, shape=shape)
    return t.ParamDecl(span, c[0], pattern, c[2], tuple(c[3:]))


def _buffer(b: Builder, c: Children, span: Span) -> t.BufferDecl:
    pattern, dtype, _ = c[1] or (None, None, False)
    return t.BufferDecl(span, c[0], pattern, c[2], tuple(c[3:]), dtype)


def _option(b: Builder, c: Children, span: Span) -> t.Argument:
    return t.Argument(span, c[1], name=c[0])


def _path(b: Builder, c: Children, span: Span) -> t.Path:
    return t.Path(span, tuple(one if isinstance(one, t.String) else one.span.text for one in c))


def _tie(b: Builder, c: Children, span: Span) -> t.Tie:
    return t.Tie(span, tuple(c[0]), c[1])


# ---------------------------------------------------------------- heads of definitions


def _static(b: Builder, c: Children, span: Span) -> t.StaticParam:
    return t.StaticParam(span, *c)


def _type(b: Builder, c: Children, span: Span) -> t.TypeRef:
    return t.TypeRef(span, c[0].id, None if c[1] is None else c[1].id)


_DTYPES = ("int", "float", "bool")


def _pattern(b: Builder, c: Children, span: Span) -> tuple[t.String | None, str | None, bool]:
    """``list int "b t"`` as pattern, dtype and whether it is a list."""
    pattern = c[-1] if isinstance(c[-1], t.String) else None
    words = [one for one in c if one is not pattern]
    many = bool(words) and words[0].id == "list"
    dtypes = words[1:] if many else words
    for at, one in enumerate(dtypes):
        if at or one.id not in _DTYPES:
            said = TYPE_OF_INPUT.get(one.id, ANY_TYPE)
            b.fault("E151", one.span, found=one.id, instead=said)
    return pattern, dtypes[0].id if dtypes else None, many


def _input(b: Builder, c: Children, span: Span) -> t.Input:
    name, kind, default = c
    pattern, dtype, many = kind or (None, None, False)
    if default is not None and not (isinstance(default, t.Constant) and default.value is None):
        b.fault("E152", default.span, found=name.id)
    return t.Input(span, name, pattern, dtype, many, default is not None)


def _output(b: Builder, c: Children, span: Span) -> list[t.Output]:
    return [_one_output(b, None, c[0], span)]


def _output_name(b: Builder, c: Children, span: Span) -> t.Output:
    return _one_output(b, c[0], c[1], span)


def _one_output(b: Builder, name: t.Name | None, kind: Any, span: Span) -> t.Output:
    pattern, dtype, many = kind
    if pattern is None or many:
        b.withdraw(span.start)
        b.fault("E153", span)
        pattern = t.String(span, "...")
    return t.Output(span, name, pattern, dtype)


def _head(b: Builder, c: Children, span: Span) -> tuple[Any, ...]:
    return (*c, span)


def _definition(b: Builder, c: Children, span: Span) -> t.Definition:
    kind, name, statics, inputs, outputs, header = c[0]
    names = [*(statics or ()), *(inputs or ()), *(outputs or ())]
    _check_twice(b, [one.name for one in names[: len(names) - len(outputs or ())]])
    return t.Definition(
        span, kind, name, tuple(statics or ()), None if inputs is None else tuple(inputs),
        None if outputs is None else tuple(outputs), c[1], header, b.comment_above(span),
    )  # fmt: skip


def _check_twice(b: Builder, names: list[t.Name]) -> None:
    seen: dict[str, t.Name] = {}
    for name in names:
        if name.id in seen:
            b.fault("E145", name.span, seen[name.id].span, found=name.id)
        seen[name.id] = name


def _activation(b: Builder, c: Children, span: Span) -> t.Activation:
    _, name, params, body = c
    _check_twice(b, [one.name for one in params or ()])
    return t.Activation(span, name, tuple(params or ()), body, b.comment_above(span))


def _learned(b: Builder, c: Children, span: Span) -> t.ActivationParam:
    return t.ActivationParam(span, c[1], c[2], c[3], c[0] is not None)


def _function(b: Builder, c: Children, span: Span) -> t.Function:
    _check_twice(b, [one.name for one in c[-2]])
    return t.Function(span, c[-3], tuple(c[-2]), c[-1], b.comment_above(span))


def _model_alias(b: Builder, c: Children, span: Span) -> t.ModelAlias:
    return t.ModelAlias(span, c[1], c[2], b.comment_above(span))


def _keys(b: Builder, c: Children, span: Span) -> t.Keys:
    return t.Keys(span, tuple(c[:-1]), c[-1])


def _key_rule(b: Builder, c: Children, span: Span) -> t.KeyRule:
    return t.KeyRule(span, c[0], tuple(c[1:-1]), c[-1])


def _key_drop(b: Builder, c: Children, span: Span) -> t.KeyRule:
    sources = t.Keys(c[1].span.to(c[-1].span), tuple(c[1:]))
    return t.KeyRule(span, sources, (), None)


def _weights(b: Builder, c: Children, span: Span) -> t.Weights:
    return t.Weights(span, c[1], tuple(c[2:]), b.comment_above(span))


def _children(b: Builder, c: Children, span: Span) -> Children:
    return c


def _start(b: Builder, c: Children, span: Span) -> t.File:
    items = tuple(
        replace(item, comment=b.comment_above(item.span)) if isinstance(item, t.Assign) else item
        for item in c
    )
    return t.File(span, b.source, items, tuple(b.comments), _comment_of_file(b, c))


_UNCOMMENTED = t.Import | t.Result
"""What comments above don't belong to: one above the first of these is about the file."""


def _comment_of_file(b: Builder, items: Children) -> str:
    """The block of comments that the text begins with, unless the first item is below it."""
    comment = b.comment_on_top(items[0].span.start if items else len(b.source.text))
    if comment and items and not isinstance(items[0], _UNCOMMENTED):
        return comment if comment != b.comment_above(items[0].span) else ""
    return comment


ITEMS: dict[str, Action] = {
    "start": _start, "definition": _definition, "head": _head, "statics": _children,
    "static": _static,
    "type": _type, "inputs": _children, "input": _input, "pattern": _pattern, "output": _output,
    "outputs": _children, "output_name": _output_name, "model_alias": _model_alias,
    "activation": _activation, "learned_list": _children, "learned": _learned,
    "function": _function,
    "weights": _weights, "key_rule": _key_rule, "key_drop": _key_drop, "keys": _keys,
    "import_all": lambda b, c, span: t.Import(span, c[0], None),
    "import_names": lambda b, c, span: t.Import(span, c[0], tuple(c[1:])),
    "body": lambda b, c, span: tuple(c), "if_": _if, "elif_": _if, "else_": lambda b, c, span: c[0],
    "for_": _for, "result": _result,
    "return_": lambda b, c, span: t.Result(span, tuple(c[0]), True),
    "assign": _assign, "pipelines": _several,
    "layer_alias": lambda b, c, span: t.LayerAlias(span, c[1], c[2]),
    "param": lambda b, c, span: _param(b, c[1:], span), "buffer": lambda b, c, span: _buffer(b,
    c[1:], span),
    "option": _option, "module": lambda b, c, span: t.ModuleDecl(span, c[1], c[2]),
    "order": lambda b, c, span: t.Order(span, tuple(c[1:])),
    "tie": lambda b, c, span: _tie(b, c[1:], span), "path_list": _children, "path": _path,
    "init": lambda b, c, span: t.Init(span, c[1], c[2]),
    "assert_": lambda b, c, span: t.Assert(span, *c),
    "loss": lambda b, c, span: t.Loss(span, c[1], c[2] or ()),
}  # fmt: skip
