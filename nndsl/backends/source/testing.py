"""A small file of tests for printed source: shapes, gradients, the number of parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nndsl.backends.source.beside import header, import_line, titles_of
from nndsl.backends.source.reached import parameters_of, unreached
from nndsl.backends.source.rendering import render, settled
from nndsl.backends.source.sample import Input, Sample
from nndsl.backends.summary import count_parameters
from nndsl.model.graph import Block, FlowType, ListType, NoneType, Program, TensorType, TupleType
from nndsl.record import dataclass

LARGE = 100_000_000
"""Models of more parameters are run on the meta device, which holds no numbers."""


@dataclass(frozen=True)
class ModelTests:
    """What is tested of one model, as text for the template."""

    prefix: str
    title: str
    kind: str
    made: str
    star: str
    asserts: list[str]
    terms: list[str]
    parameters: str
    missing: list[str]
    meta: bool


def tests_of(program: Program, blocks: Mapping[str, Block], module: str) -> str:
    """The text of ``test_<module>.py``. ``blocks`` are the models with every value known.

    Raises Unmade for a model whose inputs can't be made up.
    """
    titles = titles_of(program)
    alone = len(blocks) == 1
    models = [
        _model("" if alone else f"{name}_", titles[name], block) for name, block in blocks.items()
    ]
    return settled(
        render(
            "tests",
            header=header(f"Tests of {module}.py"),
            imports=import_line(module, titles.values()),
            models=models,
        )
    )


def _model(prefix: str, title: str, block: Block) -> ModelTests:
    sample = Sample(block)
    count, missing = count_parameters(block), unreached(block)
    learns = len(missing) < len(parameters_of(block))
    inputs = sample.inputs()
    return ModelTests(
        prefix,
        title,
        *_together(inputs),
        list(_asserts("out", block.output, sample)),
        list(_terms("out", block.output)) if learns else [],
        f"{count:_}",
        missing,
        count > LARGE,
    )


def _together(inputs: list[Input]) -> tuple[str, str, str]:
    """The annotation and the value of all inputs, and what spreads them in a call."""
    if len(inputs) == 1:
        return inputs[0].kind, inputs[0].made, ""
    kinds = ", ".join(one.kind for one in inputs) or "()"
    return f"tuple[{kinds}]", f"({', '.join(one.made for one in inputs)})", "*"


def _asserts(text: str, type: FlowType, sample: Sample) -> Iterator[str]:
    """What is known of an output's shape."""
    if isinstance(type, TensorType):
        shape = sample.shape(type)
        if shape is not None:
            yield f"{text}.shape == {_tuple(shape)}"
        elif type.rank is not None:
            yield f"{text}.dim() == {type.rank}"
        else:
            yield f"{text}.numel() > 0"
    elif isinstance(type, NoneType):
        yield f"{text} is None"
    elif isinstance(type, ListType):
        length = sample.number(type.length)
        if length is not None:
            yield f"len({text}) == {length}"
        if length and type.index is None:
            yield from _asserts(f"{text}[0]", type.item, sample)
    elif isinstance(type, TupleType):
        for part, item in _parts(text, type):
            yield from _asserts(part, item, sample)


def _parts(text: str, type: TupleType) -> Iterator[tuple[str, FlowType]]:
    for number, item in enumerate(type.items):
        yield (f"{text}.{type.names[number]}" if type.names else f"{text}[{number}]"), item


def _terms(text: str, type: FlowType) -> Iterator[str]:
    """The outputs that gradients come from."""
    if isinstance(type, TensorType) and type.dtype == "float":
        yield f"{text}.square().mean()"
    elif isinstance(type, TupleType):
        for part, item in _parts(text, type):
            yield from _terms(part, item)
    elif isinstance(type, ListType) and any(_terms("one", type.item)):
        inner = " + ".join(_terms("one", type.item))
        yield f"torch.stack([{inner} for one in {text}]).sum()"


def _tuple(sizes: tuple[Any, ...]) -> str:
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"
