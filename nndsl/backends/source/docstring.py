"""What a docstring says: the comment above the definition, and the shapes."""

from __future__ import annotations

from nndsl.backends.source import shapes
from nndsl.backends.source.literals import literal
from nndsl.backends.source.naming import as_given
from nndsl.backends.source.outward import Outward
from nndsl.backends.source.prose import WIDTH, comment, fold, fold_shapes, safe
from nndsl.model.assumed import goes_without_saying, sentences
from nndsl.model.expr import Static, names_in
from nndsl.model.graph import (
    Block,
    Construct,
    Do,
    Give,
    InputParameter,
    LossCall,
    Make,
)
from nndsl.model.nested import kind_of

_LOGITS = {"CrossEntropyLoss", "BCEWithLogitsLoss", "MultiLabelSoftMarginLoss"}


def of_block(block: Block) -> list[str]:
    """The lines of a class's docstring, escaped, without the quotes."""
    names = [one.name.id for one in block.parameters] + [one.var.name for one in block.inputs]
    lines = comment(block.comment, names)
    parts = (_shapes(block, bool(lines)), _fixed(block), _assumed(block), _granted(block))
    for part in parts:
        if part:
            lines += ["", *part] if lines else part
    return lines


def _shapes(block: Block, commented: bool) -> list[str]:
    """What goes in and comes out; behind a comment only where that says anything."""
    text = block.shapes or ends(block)
    loss = f"; {_loss(block.loss)}" if block.loss is not None else ""
    if commented and not loss and not any(map(str.isalnum, text)):
        return []
    kinds = "" if commented or block.shapes else pipeline(block)
    whole = f"{kinds}: {text}{loss}."
    return [whole] if kinds and len(whole) <= WIDTH - 3 else fold_shapes(f"{text}{loss}.")


def _fixed(block: Block) -> list[str]:
    """What the class is for, where a parameter of the model could not be kept open."""
    values = [f"{name}={_text(value)}" for name, value in block.fixed if _plain(value)]
    return fold(safe(f"Only for {', '.join(values)}.")) if values else []


def _text(value: Static) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_text, value))}{',' * (len(value) == 1)})"
    return literal(value).text


def _plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_plain, value))
    return isinstance(value, int | float | str)


def _assumed(block: Block) -> list[str]:
    assumptions = [a for a in block.assumptions if not _of_a_round(a)]
    assumptions = [a for a in assumptions if not goes_without_saying(a)]
    said = " and ".join(dict.fromkeys(shapes.static(a) for a in assumptions))
    return fold(f"Assumes {said}.") if said else []


def _granted(block: Block) -> list[str]:
    granted = sentences(block.granted)
    said = safe(" and ".join(granted).replace("`", ""))
    return fold(f"{'With its defaults, ' if block.parameters else ''}{said}.") if said else []


def ends(block: Block) -> str:
    """What goes in and what comes out."""
    several = len(block.inputs) > 1
    given = ", ".join(_input(one, several) for one in block.inputs)
    result = Outward(block)
    odd = " and ".join(as_given(name.id) for name in result.odd)
    return f"{given} -> {shapes.shape(result.type)}{f' for odd {odd}' if odd else ''}"


def _of_a_round(assumption: Static) -> bool:
    """Whether it speaks of a loop's own names, which mean nothing outside."""
    return any(name.role in ("loop", "carried") for name in names_in(assumption))


def _input(one: InputParameter, several: bool) -> str:
    """An input's shape; among several its name too, alone where the author said no shape."""
    if not several:
        return shapes.shape(one.var.type)
    name = as_given(one.var.name)
    known = one.pattern and shapes.shape(one.var.type) != "(...)"
    shown = shapes.named(name, one.var.type) if known else name
    return f"{shown} or None" if one.optional else shown


def pipeline(block: Block) -> str:
    """``linear | relu`` for a few plain layers."""
    kinds = []
    if block.kind != "sequential":
        return ""
    for statement in block.body:
        if isinstance(statement, Do | Give):
            continue
        if not isinstance(statement, Make) or not isinstance(statement.what, Construct):
            return ""
        kinds.append(kind_of(statement.what).lower())
    return " | ".join(kinds) if 2 <= len(kinds) <= 3 else ""


def _loss(loss: LossCall) -> str:
    name = loss.torch.rpartition(".")[2]
    arguments = ", ".join(f"{key}={_value(value)}" for key, value in loss.kwargs)
    shown = f"nn.{name}({arguments})" if arguments else f"nn.{name}"
    return f"raw logits, for {shown}" if name in _LOGITS else f"for {shown}"


def _value(value: object) -> str:
    text = shapes.static(value)
    return text.replace("\\", "\\\\").replace('"', "'")
