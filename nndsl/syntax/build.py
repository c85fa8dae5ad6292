"""What each rule of the grammar becomes in the tree: rule or alias -> a small function.

A function gets the builder, the children of the rule (see the recipes in ``tables.py``) and the
place of the whole. Checks that the grammar is too coarse for stand here too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nndsl.diagnostics import Diagnostic
from nndsl.source import Source, Span
from nndsl.syntax import mistakes, prose
from nndsl.syntax import tree as t
from nndsl.syntax.tree import Comment

Children = list[Any]


class Builder:
    """What the functions share: the source, its comments and the list of findings."""

    def __init__(self, source: Source, comments: list[Comment]) -> None:
        self.source = source
        self.comments = comments
        self.diagnostics: list[Diagnostic] = []
        self._above: dict[int, Comment] | None = None

    def report(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)

    def withdraw(self, start: int) -> None:
        """Takes back the last finding if it stands here: a better one follows."""
        last = self.diagnostics[-1].span if self.diagnostics else None
        if last is not None and last.start == start:
            self.diagnostics.pop()

    def fault(self, code: str, span: Span, cause: Span | None = None, **words: str) -> None:
        self.report(mistakes.make(code, span, cause, **words))

    def comment_above(self, span: Span) -> str:
        """The block of comments that ends on the line before, without its signs."""
        text = self.source.text
        if self._above is None:
            self._above = {}
            for comment in self.comments:
                if comment.own_line:
                    self._above[text.find("\n", comment.span.end) + 1] = comment
        lines = []
        start = text.rfind("\n", 0, span.start) + 1
        while start and (found := self._above.get(start)):
            lines.append(_said(found))
            start = text.rfind("\n", 0, found.span.start) + 1
        return "\n".join(reversed(lines))

    def comment_on_top(self, stop: int) -> str:
        """The first block of comments before ``stop``, without its signs."""
        lines: list[str] = []
        end = 0
        for comment in self.comments:
            apart = self.source.text.count("\n", end, comment.span.start) > 1
            if comment.span.start >= stop or (lines and apart):
                break
            lines.append(_said(comment))
            end = comment.span.end
        return "\n".join(lines)


def _said(comment: Comment) -> str:
    return comment.text[1:].removeprefix(" ").rstrip()


Action = Callable[[Builder, Children, Span], Any]
Leaf = Callable[[Builder, int, int], Any]

# ---------------------------------------------------------------- tokens


_WRONG_CONSTANTS = {
    "true": "True", "false": "False", "none": "None", "null": "None",
    "TRUE": "True", "FALSE": "False", "NONE": "None", "NULL": "None",
}  # fmt: skip


def _name(b: Builder, start: int, end: int) -> t.Name:
    word = b.source.text[start:end]
    if word in _WRONG_CONSTANTS:
        b.fault("E139", Span(b.source, start, end), found=word, right=_WRONG_CONSTANTS[word])
    return t.Name(Span(b.source, start, end), word)


def _key(b: Builder, start: int, end: int) -> t.Name:
    return t.Name(Span(b.source, start, end), b.source.text[start:end])


def _int(b: Builder, start: int, end: int) -> t.Number:
    # the lexer has refused longer ones already, and Python refuses 4,300 digits
    return t.Number(
        Span(b.source, start, end), int(b.source.text[start:end]) if end - start < 40 else 0
    )


def _float(b: Builder, start: int, end: int) -> t.Number:
    return t.Number(Span(b.source, start, end), float(b.source.text[start:end]))


def _string(b: Builder, start: int, end: int) -> t.String:
    return t.String(Span(b.source, start, end), b.source.text[start + 1 : end - 1])


def _text(b: Builder, start: int, end: int) -> str:
    return b.source.text[start:end]


def _constant(value: bool | None) -> Leaf:
    return lambda b, start, end: t.Constant(Span(b.source, start, end), value)


LEAVES: dict[str, Leaf] = {
    "NAME": _name, "KEY": _key, "INT": _int, "FLOAT": _float, "STRING": _string,
    "TRUE": _constant(True), "FALSE": _constant(False), "NONE": _constant(None),
    **dict.fromkeys(("PLUS", "MINUS", "STAR", "MUL", "POW", "COMPARE", "AND", "OR", "NOT", "_IN",
    "_IS"), _text),
    **dict.fromkeys(("DEF", "MODEL", "CONST", "COMMA"), _text),
}  # fmt: skip

# ---------------------------------------------------------------- expressions


def _binary(b: Builder, c: Children, span: Span) -> t.Binary:
    return t.Binary(span, c[1], c[0], c[2])


def _unary(b: Builder, c: Children, span: Span) -> t.Unary:
    return t.Unary(span, c[0], c[1])


def _compare(b: Builder, c: Children, span: Span) -> t.Compare:
    return t.Compare(span, c[0], tuple(c[1::2]), tuple(c[2::2]))


def _compare_op(b: Builder, c: Children, span: Span) -> str:
    return " ".join(c)


def _negative(b: Builder, c: Children, span: Span) -> t.Unary:
    return t.Unary(span, "-", c[1])


def _conditional(b: Builder, c: Children, span: Span) -> t.Conditional:
    return t.Conditional(span, c[0], c[1], c[2] if len(c) > 2 else None)


_REPEATABLE = (t.Name, t.Call, t.Group, t.ChainComp, t.Attribute, t.Subscript, t.String)


def _repeat(b: Builder, c: Children, span: Span) -> t.Repeat:
    if not isinstance(c[0], _REPEATABLE):
        b.fault("E143", c[0].span)
    return t.Repeat(span, c[0], c[2])


def _call(b: Builder, c: Children, span: Span) -> t.Call:
    return t.Call(span, c[0], c[1])


def _bare(b: Builder, c: Children, span: Span) -> t.Call:
    for argument in c[1:]:
        value = argument.value
        if isinstance(value, t.Name) and value.id == "x" and argument.name is None:
            b.fault("E142", value.span, found=c[0].id)
    _check_arguments(b, c[1:])
    return t.Call(span, c[0], tuple(c[1:]), True)


def _arguments(b: Builder, c: Children, span: Span) -> tuple[t.Argument, ...]:
    _check_arguments(b, c)
    return tuple(c)


def _check_arguments(b: Builder, arguments: Children) -> None:
    seen: dict[str, t.Name] = {}
    for one in arguments:
        if one.name is not None:
            if one.name.id in seen:
                b.fault("E145", one.name.span, seen[one.name.id].span, found=one.name.id)
            seen[one.name.id] = one.name
        elif seen and not one.rest and not one.star:
            b.fault("E144", one.span, next(iter(seen.values())).span)


def _argument(b: Builder, c: Children, span: Span) -> t.Argument:
    spread = _spread(c[0])
    if spread is not None:
        return t.Argument(span, spread, star=True)
    _check_label(b, c[0])
    return t.Argument(span, c[0])


def _check_label(b: Builder, value: t.Expr) -> None:
    """``kernel_size: 3`` among arguments: a label names a layer, never a number."""
    if not isinstance(value, t.Pipeline):
        return
    stage = value.stages[0]
    inner = stage.value.operand if isinstance(stage.value, t.Unary) else stage.value
    if isinstance(stage.label, t.Name) and isinstance(inner, (t.Number, t.Constant, t.ListExpr)):
        b.fault("E149", stage.span, found=stage.label.id, value=stage.value.span.text)


def _element(b: Builder, c: Children, span: Span) -> t.Expr | t.Argument:
    spread = _spread(c[0])
    return c[0] if spread is None else t.Argument(span, spread, star=True)


def _spread(value: t.Expr) -> t.Expr | None:
    """``*row`` among arguments is read as a stage with a star; here it spreads a list."""
    if isinstance(value, t.Pipeline) and len(value.stages) == 1:
        stage = value.stages[0]
        if stage.splice and stage.label is None and stage.alias is None:
            return stage.value
    return None


def _arrow(b: Builder, c: Children, span: Span) -> t.Argument:
    return t.Argument(span, c[0], target=c[1])


def _named(b: Builder, c: Children, span: Span) -> t.Argument:
    return t.Argument(span, c[1], name=c[0])


def _rest(b: Builder, c: Children, span: Span) -> t.Argument:
    return t.Argument(span, None, rest=True)


def _subscript(b: Builder, c: Children, span: Span) -> t.Subscript:
    items = [one for one in c[1] if one != ","]
    return t.Subscript(span, c[0], tuple(items), len(c[1]) > 1)


def _subscripts(b: Builder, c: Children, span: Span) -> Children:
    return c


PYTHON_ROOTS = frozenset(
    [
        "torch",
        "nn",
        "F",
        "self",
        "np",
        "numpy",
        "math",
        "keras",
        "tf",
        "jax",
        "jnp",
        "nnx",
        "einops",
        "functional",
    ]
)


def _attribute(b: Builder, c: Children, span: Span) -> t.Attribute:
    root = c[0]
    while isinstance(root, t.Attribute):
        root = root.value
    if isinstance(root, t.Name) and root.id in PYTHON_ROOTS:
        b.withdraw(root.span.start)
        found, name = root.span.to(c[0].span), c[1].id
        said = prose.PYTHON.get(found.text.rpartition(".")[2]) or prose.PYTHON.get(name)
        if said is None:
            b.fault("E138", found, found=found.text, name=name)
        else:
            b.fault("python", found, found=found.text, instead=said)
    if isinstance(c[0], (t.Number, t.String, t.Constant)):
        b.fault("E147", span)
    return t.Attribute(span, c[0], c[1])


def _tuple(b: Builder, c: Children, span: Span) -> t.TupleExpr:
    return t.TupleExpr(span, tuple(one for one in c if one != ","))


def _list(b: Builder, c: Children, span: Span) -> t.ListExpr:
    return t.ListExpr(span, tuple(c))


def _clause(b: Builder, c: Children, span: Span) -> t.Clause:
    return t.Clause(span, c[0], c[1], tuple(c[2:]))


def _targets(b: Builder, c: Children, span: Span) -> t.Target:
    if len(c) == 1:
        return c[0]  # type: ignore[no-any-return]
    return t.TargetTuple(span, tuple(one for one in c if one != ","))


def _stage(b: Builder, c: Children, span: Span) -> t.Expr:
    """A stage alone; one with a label, an alias or a star is a pipeline already."""
    label, star, value, alias = c
    if label is None and star is None and alias is None:
        return value  # type: ignore[no-any-return]
    return t.Pipeline(span, (t.Stage(span, value, label, alias, star is not None),))


def _pipeline(b: Builder, c: Children, span: Span) -> t.Expr:
    if len(c) == 1:
        return c[0]  # type: ignore[no-any-return]
    # parentheses are nodes of their own, so a pipeline among the stages is one labelled stage
    parts = (one.stages if isinstance(one, t.Pipeline) else (t.Stage(one.span, one),) for one in c)
    return t.Pipeline(span, tuple(stage for part in parts for stage in part))


EXPRESSIONS: dict[str, Action] = {
    "binary": _binary, "unary": _unary, "compare": _compare, "compare_op": _compare_op,
    "negative": _negative,
    "conditional": _conditional, "maybe": _conditional, "repeat": _repeat, "call": _call,
    "bare": _bare,
    "arguments": _arguments, "argument": _argument, "bare_argument": _argument, "element": _element,
    "arrow": _arrow, "named": _named, "rest": _rest,
    "subscript": _subscript, "subscripts": _subscripts, "attribute": _attribute,
    "slice": lambda b, c, span: t.Slice(span, *c), "dots": lambda b, c, span: t.Dots(span),
    "group": lambda b, c, span: t.Group(span, c[0]), "tuple": _tuple, "list": _list,
    "chain": lambda b, c, span: t.ChainComp(span, c[0], tuple(c[1:])),
    "list_comp": lambda b, c, span: t.ListComp(span, c[0], tuple(c[1:])),
    "clause": _clause, "targets": _targets, "target_group": lambda b, c, span: c[0],
    "stage": _stage, "pipeline": _pipeline, "expression": lambda b, c, span: c[0],
}  # fmt: skip

DEEPER = frozenset(
    [
        "binary",
        "unary",
        "compare",
        "conditional",
        "maybe",
        "repeat",
        "call",
        "bare",
        "subscript",
        "attribute",
        "group",
        "tuple",
        "list",
        "target_group",
        "if_",
        "elif_",
        "for_",
        "definition",
    ]
)
"""What is one level deeper than its deepest part."""
CLAUSED = frozenset(["chain", "list_comp"])
"""What is a level deeper for each of its clauses, which are loops inside of each other."""

from nndsl.syntax.build_items import ITEMS  # noqa: E402  (items build on expressions)

ACTIONS: dict[str, Action] = {**EXPRESSIONS, **ITEMS}
