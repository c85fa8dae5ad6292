"""What a docstring says: the comment above the definition, or the shapes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Sequence

from nndsl.backends.source import shapes
from nndsl.backends.source.outward import outward
from nndsl.model.assumed import goes_without_saying, sentences
from nndsl.model.expr import Static, names_in
from nndsl.model.graph import (
    Block,
    Construct,
    Do,
    FunctionBlock,
    Give,
    InputParameter,
    LossCall,
    Make,
    Statement,
)
from nndsl.model.nested import kind_of

_LOGITS = {"CrossEntropyLoss", "BCEWithLogitsLoss", "MultiLabelSoftMarginLoss"}


def of_block(block: Block) -> list[str]:
    """The lines of a class's docstring, escaped, without the quotes."""
    text = ends(block)
    kinds = pipeline(block.body) if block.kind == "sequential" else ""
    if kinds:
        text = f"{kinds}: {text}"
    if block.loss is not None:
        text += f"; {_loss(block.loss)}"
    names = [one.name.id for one in block.parameters] + [one.var.name for one in block.inputs]
    lines = comment(block.comment, names) or fold(sentence(text))
    assumptions = [a for a in block.assumptions if not _of_a_round(a)]
    assumptions = [a for a in assumptions if not goes_without_saying(a)]
    if assumptions:
        said = " and ".join(dict.fromkeys(shapes.static(a) for a in assumptions))
        lines += ["", *fold(f"Assumes {said}.")]
    granted = sentences(block.granted)
    if granted:
        said = safe(" and ".join(granted).replace("`", ""))
        lines += ["", *fold(f"{'With its defaults, ' if block.parameters else ''}{said}.")]
    return lines


def ends(block: Block, inputs: Sequence[InputParameter] | None = None) -> str:
    """What goes in and what comes out; ``inputs`` may have other sizes than the block's."""
    inputs = block.inputs if inputs is None else inputs
    given = ", ".join(_input(one, block) for one in inputs)
    return f"{given} -> {shapes.shape(outward(block.output, block, inputs))}"


def _of_a_round(assumption: Static) -> bool:
    """Whether it speaks of a loop's own names, which mean nothing outside."""
    return any(name.role in ("loop", "carried") for name in names_in(assumption))


def _input(one: InputParameter, block: Block) -> str:
    """An input's shape, or its name where the author said no shape beside other inputs'."""
    if not one.pattern and len(block.inputs) > 1:
        return one.var.name
    return shapes.shape(one.var.type)


def of_function(function: FunctionBlock) -> list[str]:
    return comment(function.comment)


def comment(text: str, names: Collection[str] = ()) -> list[str]:
    """A comment as a docstring: its first sentence, then, behind a blank line, the others.

    ``names`` are spelled as they are, also where a sentence begins with one.
    """
    paragraphs = [" ".join(part.split()) for part in safe_lines(text).split("\n\n")]
    paragraphs = [part for part in paragraphs if any(map(str.isalnum, part))]
    if not paragraphs:
        return []
    head, rest = _first_sentence(paragraphs[0])
    lines = fold(sentence(_begun(head, names)))
    for part in (rest, *paragraphs[1:]):
        if part:
            lines += ["", *fold(sentence(part), 84)]
    return lines


def _first_sentence(text: str) -> tuple[str, str]:
    """A full stop before a word ends a sentence; "Shazeer et al. 2017" goes on."""
    end = re.search(r"\. (?=\D)", text)
    return (text[: end.start() + 1], text[end.end() :]) if end else (text, "")


def _begun(text: str, names: Collection[str]) -> str:
    """With a capital, unless it begins with a name or what is no plain word."""
    word = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if word.isalpha() and word not in names else text


def safe_lines(text: str) -> str:
    return "\n".join(safe(row.strip()) for row in text.splitlines())


def sentence(text: str) -> str:
    return text if text[-1:] in (".", "!", "?") else text + "."


def fold(text: str, width: int = 81) -> list[str]:
    """Lines that fit behind the quotes of a docstring, or below them; one line between both."""

    def wrapped(width: int) -> list[str]:
        return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]

    lines = wrapped(width)
    return lines if len(lines) > 1 or len(lines[0]) <= width - 3 else wrapped(width - 3)


def safe(text: str) -> str:
    """Text that can't end a docstring and holds nothing invisible."""
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    text = "".join(shown).replace("\\", "\\\\").replace('"', "'")
    return text + "." if text.endswith("\\") else text


def pipeline(body: tuple[Statement, ...]) -> str:
    """``linear | relu`` for a few plain layers."""
    kinds = []
    for statement in body:
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
