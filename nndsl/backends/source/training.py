"""A short training script for printed source, with the loss that the model declares."""

from __future__ import annotations

from nndsl.backends.source.beside import header, import_line, titles_of
from nndsl.backends.source.py import Py, call
from nndsl.backends.source.rendering import render, settled
from nndsl.backends.source.sample import Sample, Unmade
from nndsl.backends.source.statics import Statics
from nndsl.backends.source.supervision import supervise
from nndsl.backends.source.titles import arguments
from nndsl.model.expr import Name
from nndsl.model.graph import Block, ListType, Program, TensorType, TupleType

BATCH = 8


def training_of(program: Program, block: Block, module: str, model: str) -> str:
    """The text of ``train_<module>.py``. ``block`` is the model with every value known.

    Raises Unmade where the model declares no loss, or no inputs or targets can be made up.
    """
    if block.loss is None:
        raise Unmade(f"`{model}` declares no loss: write one in it, such as `loss cross_entropy`")
    sample = Sample(block, BATCH)
    inputs = sample.inputs()
    if any(not isinstance(one.var.type, TensorType) for one in sample.wanted):
        raise Unmade(f"an input of `{model}` is a list, of which batches can't be made up")
    title = titles_of(program)[model]
    taught = supervise(block.loss, block.output, sample)
    names = [_free(one.name) for one in inputs]
    batch = [*names, *(["target"] if taught.target else [])]
    return settled(
        render(
            "train",
            header=header(f"Trains {title} of {module}.py on random numbers"),
            imports=import_line(module, [title]),
            title=title,
            loss=_loss(block),
            batch=batch,
            made=[one.made for one in inputs] + ([taught.target] if taught.target else []),
            inputs=names,
            several=isinstance(block.output, TupleType | ListType),
            call=taught.call,
        )
    )


_OWN = (
    "target",
    "output",
    "loss",
    "loss_fn",
    "model",
    "device",
    "steps",
    "step",
    "optimizer",
    "lr",
)


def _free(name: str) -> str:
    """An input's name, unless the script has one like it."""
    return f"{name}_" if name in _OWN else name


def _loss(block: Block) -> str:
    assert block.loss is not None
    plain = Statics(_no_name, _no_layer)
    given = arguments((), block.loss.kwargs, plain)
    return call(block.loss.torch.removeprefix("torch."), given).text


def _no_name(name: Name) -> Py:
    raise ValueError("a loss takes plain values")


def _no_layer(value: object) -> Py:
    raise ValueError("a loss takes plain values")
