"""``python -m tests.zoo.page docs/zoo.md`` proves every network of the zoo and writes the page.

All but the agreement that was reached follows from the specs and the tables, so that a test can
tell whether the page is stale.
"""

from __future__ import annotations

import json
import math
import sys
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from nndsl.backends.summary import Summary, summarise
from nndsl.model import dims
from nndsl.model.expr import Name
from nndsl.model.graph import TensorType
from tests.agreement.harness import entry_point, execute
from tests.zoo.lines import TABLE, lines_of_file, lines_of_network, references
from tests.zoo.networks import spec
from tests.zoo.proof import golden, prove
from tests.zoo.rows import ROWS

Reached = tuple[str, str]
"""By how much outputs and norms of gradients differ, as the page says it."""

_HEAD = """# The zoo

<!-- Made by `make docs`; changes here are lost. -->

Published networks, written in nndsl under [examples/zoo](../examples/zoo), and how near each comes
to the package that it is known from. For every one of them the tests hold two modules against the
reference, the one that `build` makes and the one that printed source makes: the keys of the state
dict in their order, shapes, dtypes, tied and frozen parameters, buffers, outputs, and norms of
gradients, in float64. Weights that the package saves therefore load with `strict=True`; where a
published checkpoint spells names differently, a file may have a `weights` declaration.

**lines** are those of what a network uses, without comments, docstrings and blank lines. Of nndsl
these are its model and every definition that it names, shared ones included; in parentheses is what
its file has, with all other models and with `weights`. Of the reference they are the classes and
functions in the package's own model files that the network runs through;
[reference_lines.json](../tests/zoo/reference_lines.json) lists them. Not counted are, on that side,
base classes for loading and saving, functions that only fill weights, factories, configurations,
and the packages' libraries of small layers (`torchvision.ops`, `timm.layers`).

Three things make the two numbers less comparable than they look. Where one file serves a family, as
torchvision's `resnet.py` or timm's `vision_transformer.py` and `byobnet.py` do, its classes have
more choices than the network makes use of; so have many definitions here. The packages' classes
also do what nndsl leaves out: caches for generation, losses, checkpointing, several kernels for the
same sum. And the references in plain torch were written for this comparison, tersely, often with
several statements in a line.

**multiply-adds** are those of the network's layers for the input beside them, as `nndsl build`
counts them. Products that functions compute, such as attention's scores, aren't among them; a graph
convolution that is written with `@` alone has none.

**outputs** and **gradients** are the agreement that was reached: a power of ten that the largest
difference isn't above, in the worse of built and printed. Outputs differ relative to their standard
deviation, norms of gradients relative to the norm; tests allow 1e-9 and 1e-7. `0` means no
difference at all. CycleGAN's generator and PoolFormer have biases whose effect is taken out again
behind them: their gradients are nothing but rounding, which is what is compared there.

The networks of transformers and diffusers are small configurations of the real architectures; the
defaults in the files are the published ones.
"""

_TITLES = {
    "torchvision": "torchvision {}", "timm": "timm {}", "transformers": "transformers {}",
    "diffusers": "diffusers {}", "torch": "Plain torch",
}  # fmt: skip

_COLUMNS = ("network", "file", "lines", "reference's file", "its lines", "parameters", "input",
            "multiply-adds", "outputs", "gradients")  # fmt: skip


def render(reached: Mapping[str, Reached]) -> str:
    """The page."""
    versions = json.loads(TABLE.read_text(encoding="utf-8"))["packages"]
    parts = [_HEAD]
    for package, title in _TITLES.items():
        names = sorted(name for name in ROWS if references()[name]["package"] == package)
        parts.append(f"## {title.format(versions.get(package, ''))}\n\n{_middle(names)}\n")
        parts.append(f"| {' | '.join(_COLUMNS)} |")
        parts.append("|---|---|--:|---|--:|--:|---|--:|--:|--:|")
        parts += [f"| {' | '.join((*_row(name), *reached[name]))} |" for name in names]
        parts.append("")
    return "\n".join(parts)


def read(page: str) -> dict[str, Reached]:
    """The agreement that a page tells of, by network."""
    rows = (line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `"))
    return {cells[0].strip("`"): (cells[-2], cells[-1]) for cells in rows}


def _row(name: str) -> Iterator[str]:
    """The cells that follow from specs and tables."""
    row, reference = ROWS[name], references()[name]
    yield f"`{name}`"
    yield f"[{row.file}](../examples/zoo/{row.file}), `{row.model}`"
    yield f"{lines_of_network(row.file, row.model)} ({lines_of_file(row.file)})"
    first, *more = reference["files"]
    yield f"`{first}`" + (f" and {len(more)} more" if more else "")
    yield str(reference["lines"])
    summary = summary_of(name)
    yield f"{summary.parameters:,}"
    yield ", ".join("x".join(map(str, one["shape"])) for one in golden(name)["inputs"])
    yield f"{summary.macs:,}" if isinstance(summary.macs, int) else "open"


def _middle(names: list[str]) -> str:
    """How much shorter the networks of a package are than their references."""
    ratio = median(
        lines_of_network(ROWS[name].file, ROWS[name].model) / references()[name]["lines"]
        for name in names
    )
    return f"{len(names)} networks; in the median the lines are {ratio:.0%} of the reference's."


def summary_of(name: str) -> Summary:
    """What a network is made of, for the input of its reference; optional ones may be left out."""
    row = ROWS[name]
    block = spec(row.file).resolved(row.model, row.values)
    sizes = {}
    for parameter, given in zip(block.inputs, golden(name)["inputs"], strict=False):
        type = parameter.var.type
        assert isinstance(type, TensorType) and type.shape is not None
        for size, number in zip(map(dims.tidy, type.shape), given["shape"], strict=True):
            if isinstance(size, Name):
                sizes[size.id] = number
    return summarise(block, sizes)


# ------------------------------------------------------------------ the agreement


@cache
def _printed(file: str) -> dict[str, Any]:
    return execute(spec(file).codegen())


def reach(name: str) -> Reached:
    """Prove a network, built and printed."""
    row = ROWS[name]
    namespace = _printed(row.file)
    printed = namespace[entry_point(namespace, row.model)]
    built = prove(name, lambda: spec(row.file).build(row.model, params=row.values))
    made = prove(name, lambda: printed(**row.values))
    return bound(max(built[0], made[0])), bound(max(built[1], made[1]))


def bound(difference: float) -> str:
    """The least power of ten that isn't below a difference."""
    return f"1e{math.ceil(math.log10(difference))}" if difference else "0"


def main(path: str) -> None:
    """Prove all and write the page."""
    warnings.simplefilter("ignore", UserWarning)  # torch's about nested tensors
    page = render({name: reach(name) for name in ROWS})
    Path(path).write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1])
