"""What a model is made of: layers, shapes, parameters, multiply-adds. Nothing is built."""

from __future__ import annotations

from collections.abc import Mapping

from nndsl.backends.module.budget import Budget
from nndsl.backends.summary_rows import BUFFERS, Row, collapsed
from nndsl.backends.summary_table import table
from nndsl.backends.summary_walk import block_row
from nndsl.model import dims
from nndsl.model.expr import Expr, Name, Static, names_in, substitute
from nndsl.model.graph import Block, FlowType, ListType, TensorType, TupleType
from nndsl.model.text import shape
from nndsl.record import dataclass, replace

__all__ = ["Summary", "count_parameters", "render", "summarise", "summary"]


@dataclass(frozen=True)
class Summary:
    """``inputs`` are names and shapes; ``root`` is the tree of layers.

    ``trainable`` and ``frozen`` count parameters, each once however many names it has; ``buffers``
    counts what is kept but not learned. ``macs`` are the multiply-adds of one pass, for a batch of
    one: a number, or an expression where they depend on ``open`` sizes.
    """

    name: str
    inputs: tuple[tuple[str, str], ...]
    root: Row
    trainable: int
    frozen: int
    buffers: int
    bytes: int
    macs: Static
    open: tuple[str, ...] = ()

    @property
    def parameters(self) -> int:
        return self.trainable + self.frozen


def summarise(block: Block, sizes: Mapping[str, int] | None = None) -> Summary:
    """Look at a block that is resolved for one use.

    ``sizes`` gives numbers to sizes that the model leaves open (``{"h": 224, "w": 224}``); the
    batch is 1 where multiply-adds are counted, and stays open in shapes, unless it is given.
    Raises ``SpecError`` for a model that is too large to be built.
    """
    Budget().check(block)
    given = {n: size for n in _open(block) if (size := (sizes or {}).get(n.id)) is not None}
    batch = _batch(block)
    counted = given if batch is None or batch in given else {**given, batch: 1}
    row = collapsed(_numbered(block_row(block, block.name, {}), given, counted))
    inputs = tuple((p.var.name or "x", type_text(_shaped(p.var.type, given))) for p in block.inputs)
    left = names_in(row.macs) if isinstance(row.macs, Expr) else ()
    return Summary(
        block.name, inputs, row, row.total(("trainable",)), row.total(("frozen",)),
        row.total(BUFFERS), row.size(), row.macs, tuple(dict.fromkeys(n.id for n in left)),
    )  # fmt: skip


def count_parameters(block: Block) -> int:
    """How many numbers a model's parameters have; tied ones count once."""
    return block_row(block, block.name, {}).total()


def render(summary: Summary, width: int = 100, colour: bool = False) -> str:
    """The summary as a table of at most ``width`` columns."""
    root = summary.root
    lines = table(root, width, colour, type_text)
    inputs = ", ".join(f"{name}: {text}" for name, text in summary.inputs)
    head = f"{summary.name}({inputs})"
    if len(head) > width:
        head = head[: width - 1] + "…"
    return "\n".join([head, *lines, *_totals(summary)]) + "\n"


def summary(block: Block, sizes: Mapping[str, int] | None = None, width: int = 100) -> str:
    """The table of a block, as text."""
    return render(summarise(block, sizes), width)


# ------------------------------------------------------------------ totals


def _totals(summary: Summary) -> list[str]:
    pairs = [
        ("Total params", f"{summary.parameters:,}"),
        ("Trainable params", f"{summary.trainable:,}"),
        ("Non-trainable params", f"{summary.frozen:,}"),
    ]
    if summary.buffers:
        pairs.append(("Buffer elements", f"{summary.buffers:,}"))
    pairs.append(("Params size (MB)", f"{summary.bytes / 1e6:,.2f}"))
    if isinstance(summary.macs, int):
        pairs.append(("Mult-adds", f"{summary.macs:,}{_rounded(summary.macs)}"))
    lines = [f"{name + ':':<22}{value}" for name, value in pairs]
    if not isinstance(summary.macs, int):
        names = _listed(summary.open)
        lines.append(f"{'Mult-adds:':<22}depend on {names}, which the model leaves open")
    return lines


def _rounded(number: int) -> str:
    for limit, unit in ((10**12, "T"), (10**9, "G"), (10**6, "M")):
        if number >= limit:
            return f" ({number / limit:.2f} {unit})"
    return ""


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


# ------------------------------------------------------------------ open sizes


def _open(block: Block) -> list[Name]:
    """The sizes that the inputs leave open."""
    found: dict[Name, None] = {}
    for parameter in block.inputs:
        type = parameter.var.type
        if isinstance(type, TensorType):
            for size in type.shape or ():
                tidied = dims.tidy(size)
                found.update(dict.fromkeys(names_in(tidied)))
    return list(found)


def _batch(block: Block) -> Name | None:
    """The size of the first axis of the first input, if it is open."""
    type = block.inputs[0].var.type if block.inputs else None
    if not isinstance(type, TensorType) or not type.shape:
        return None
    first = dims.tidy(type.shape[0])
    return first if isinstance(first, Name) else None


def _numbered(row: Row, given: Mapping[Name, int], counted: Mapping[Name, int]) -> Row:
    """A tree with numbers put in for sizes."""
    output = None if row.output is None else _shaped(row.output, given)
    macs = dims.tidy(substitute(dims.tidy(row.macs), counted))
    rows = tuple(_numbered(inner, given, counted) for inner in row.rows)
    return replace(row, output=output, macs=macs, rows=rows)


def _shaped(type: FlowType, given: Mapping[Name, int]) -> FlowType:
    """A type with its sizes in the names of the model's own inputs."""
    if isinstance(type, TensorType) and type.shape is not None:
        sizes = (dims.tidy(substitute(dims.tidy(size), given)) for size in type.shape)
        return replace(type, shape=tuple(sizes))
    if isinstance(type, TupleType):
        return replace(type, items=tuple(_shaped(item, given) for item in type.items))
    if isinstance(type, ListType):
        return replace(type, item=_shaped(type.item, given))
    return type


def type_text(type: FlowType | None) -> str:
    """A type as the table shows it: ``(b, 64, h // 2)``; several outputs one after another."""
    if isinstance(type, TensorType):
        return shape(type.shape, type.lead)
    if isinstance(type, TupleType):
        names = type.names or ("",) * len(type.items)
        parts = (f"{n}: " * bool(n) + type_text(i) for n, i in zip(names, type.items, strict=True))
        return ", ".join(parts)
    if isinstance(type, ListType):
        return f"[{type_text(type.item)}, ...]"
    return ""
