"""Which line of printed source comes from where in the spec.

Printed text is laid out for readers: values are nested, names reused, black may break lines. So the
text is not followed while it is written. It is parsed, and its calls and operators, in the order in
which they run, are laid beside the statements of the model, which are in the same order. What
constructs is compared attribute by attribute, what flows forward by forward.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from nndsl.backends.source.calls import WHOLE, Columns, Token, last, rooted, tokens
from nndsl.backends.source.naming import is_identifier
from nndsl.backends.source.titles import Titles
from nndsl.model.expr import Name
from nndsl.model.graph import (
    Apply,
    Block,
    CallFunction,
    Chain,
    Construct,
    Declare,
    Do,
    Invoke,
    Make,
    Parametric,
    Program,
    Statement,
    Use,
    walk,
)
from nndsl.source import Span

Lines = dict[int, list[tuple[Columns, Span]]]
"""For each line what is called on it, in the order it runs: from where to where, and its origin."""

VERSION = 1
MOST = 100


def lines_of(program: Program, source: str) -> Lines:
    """The places in the spec behind each line of the printed program, in the order they run."""
    names = Titles(program)
    found: Lines = {}
    tree = ast.parse(source)
    parts = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef)}
    for block in program.blocks:
        part = parts.get(names.class_of(block))
        if isinstance(part, ast.ClassDef):
            _class(part, block, names, found)
    for function in program.functions:
        part = parts.get(names.functions[function])
        if isinstance(part, ast.FunctionDef):
            _note(found, (part.lineno, WHOLE), [function.span])
            _align(list(_flowing(function.body, names)), list(tokens(part.body, {})), found)
    for factory in program.factories:
        part = parts.get(names.factories[factory])
        if part is not None:
            _note(found, (part.lineno, WHOLE), [factory.use.block.span])
    return dict(sorted(found.items()))


def text_of(program: Program, source: str, generated: str) -> str:
    """The map as JSON: docs/tracing.md says what is in it."""
    text = source.splitlines()
    lines = {
        str(line): [_entry(columns, span, text[line - 1]) for columns, span in places]
        for line, places in lines_of(program, source).items()
    }
    about = {
        "version": VERSION,
        "generated": generated,
        "sha256": sha256(source.encode()).hexdigest(),
        "spec": program.spec,
    }
    rows = ",\n".join(f"  {json.dumps(n)}: {json.dumps(each)}" for n, each in lines.items())
    head = json.dumps(about, indent=1).removesuffix("\n}")
    return f'{head},\n "lines": {{\n{rows}\n }}\n}}\n'


def _entry(columns: Columns, span: Span, line: str) -> dict[str, Any]:
    """One call; its columns are counted from where the line's text begins."""
    indent = len(line) - len(line.lstrip()) if columns != WHOLE else 0
    place = [columns[0] - indent, columns[1] - indent]
    return {"columns": place, "at": str(span), "stage": _stage(span)}


def _stage(span: Span) -> str:
    text = " ".join(span.text.split())
    return text if len(text) <= MOST else text[: MOST - 3].rstrip() + "..."


def _class(part: ast.ClassDef, block: Block, names: Titles, found: Lines) -> None:
    _note(found, (part.lineno, WHOLE), [block.span])
    for method in part.body:
        if not isinstance(method, ast.FunctionDef):
            continue
        _note(found, (method.lineno, WHOLE), [block.span])
        if method.name == "forward":
            ours = list(_flowing(block.body, names))
            _align(ours, list(tokens(method.body, {})), found)
        else:
            _constructor(method, block, names, found)


def _note(found: Lines, place: tuple[int, Columns], spans: Iterable[Span | None]) -> None:
    line, columns = place
    known = found.setdefault(line, [])
    new = [(columns, span) for span in spans if span is not None]
    known += [one for one in new if one not in known]


# ------------------------------------------------------------------ laying beside each other


def _align(ours: Sequence[Token], theirs: Sequence[Token], found: Lines) -> None:
    """Give the lines of ``theirs`` the spans of ``ours``."""
    words = [one.word for one in ours], [one.word for one in theirs]
    for how, a, b, c, d in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if how == "equal" or b - a == d - c:
            for one, other in zip(ours[a:b], theirs[c:d], strict=True):
                _note(found, other.place, [one.place])
        elif how == "replace":
            for other in theirs[c:d]:
                _note(found, other.place, [one.place for one in ours[a:b]])


# ------------------------------------------------------------------ the model


def _flowing(body: tuple[Statement, ...], names: Titles) -> Iterator[Token]:
    for statement in walk(body):
        if isinstance(statement, Do):
            word = _word(statement, names)
            if word:
                yield Token(word, statement.span)


def _word(statement: Do, names: Titles) -> str:
    operation = statement.operation
    if isinstance(operation, Invoke):
        return _member(operation.path[0]) if operation.path else "forward"
    if isinstance(operation, CallFunction):
        return names.functions.get(operation.function, "")
    assert isinstance(operation, Apply)
    word = operation.fn.rpartition(".")[2]
    return "" if word in ("identity", "tuple", "list") else word


def _member(part: object) -> str:
    """A child as its owner calls it; numbered ones are all alike."""
    return f"self.{part}" if isinstance(part, str) and is_identifier(part) else "self"


def _constructing(statement: Statement, names: Titles) -> Iterator[Token]:
    """What a statement makes, itself first."""
    if isinstance(statement, Declare):
        yield Token("Parameter" if statement.trainable else "register_buffer", statement.span)
        for inner in _flowing(statement.body, names):
            yield Token(inner.word, inner.place or statement.span)
    if not isinstance(statement, Make):
        return
    made = statement.what
    if isinstance(made, Construct):
        yield Token(made.torch.rpartition(".")[2], statement.span)
    elif isinstance(made, Use):
        yield Token(names.class_of(made.block), statement.span)
    elif isinstance(made, Parametric):
        word = made.layer.id if isinstance(made.layer, Name) else ""
        yield Token(word, statement.span)
    elif isinstance(made, Chain):
        yield Token("Sequential", statement.span)


def _owner(statement: Statement) -> str:
    """The attribute under which a statement registers something."""
    if isinstance(statement, Declare):
        return f"self.{statement.name}"
    return _member(statement.path[0]) if isinstance(statement, Make) else ""


# ------------------------------------------------------------------ the text


def _constructor(method: ast.FunctionDef, block: Block, names: Titles, found: Lines) -> None:
    written: dict[str, list[Token]] = {}
    for statement in method.body:
        for part in _simple(statement):
            written.setdefault(_attribute(part), []).extend(tokens([part], {}, early=True))
    ours: dict[str, list[Token]] = {}
    for owner, made in _owned(block.body, ""):
        key = owner if owner in written else ""
        ours.setdefault(key, []).extend(_constructing(made, names))
    for key, mine in ours.items():
        _align(mine, written.get(key, []), found)


def _owned(body: tuple[Statement, ...], owner: str) -> Iterator[tuple[str, Statement]]:
    """What constructs, with the attribute that it belongs to: a chain's members to the chain's."""
    for statement in body:
        if isinstance(statement, Make | Declare):
            yield owner or _owner(statement), statement
        if isinstance(statement, Make) and isinstance(statement.what, Chain):
            yield from _owned(statement.what.body, owner or _owner(statement))
        for name in ("then", "orelse") if hasattr(statement, "orelse") else ():
            yield from _owned(getattr(statement, name), owner)
        if hasattr(statement, "iterable"):
            yield from _owned(getattr(statement, "body", ()), owner)


def _simple(statement: ast.stmt) -> Iterator[ast.AST]:
    """The simple statements of one that may hold others."""
    if not hasattr(statement, "body"):
        yield statement
        return
    for inner in (*getattr(statement, "body", ()), *getattr(statement, "orelse", ())):
        yield from _simple(inner)


def _attribute(statement: ast.AST) -> str:
    """The attribute of ``self`` that a statement of a constructor fills."""
    target: ast.AST | None = None
    if isinstance(statement, ast.Assign):
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if last(call.func) == "register_buffer" and isinstance(call.args[0], ast.Constant):
            return f"self.{call.args[0].value!s}"
        target = call.func.value if isinstance(call.func, ast.Attribute) else None
    return rooted(target, {}) or ""
