"""The reference as Markdown, for ``docs/``."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.functions import registry as functions
from nndsl.layers import registry as layers
from nndsl.layers.absent import ABSENT
from nndsl.layers.choices import CHOICES
from nndsl.model.expr import FUNCTIONS
from nndsl.model.spec import Function
from nndsl.reference import prelude
from nndsl.reference.index import layer_families
from nndsl.reference.pages import Page, page

_NOTE = "<!-- Made from the entries by `make docs`; changes here are lost. -->"

_LAYERS = """
Every class of `torch.nn` that maps tensors to tensors, by family. Case and underscores of names
don't matter. What follows from the input is left out of a spec; it can be given by name. Behind
`*` stand arguments that are given by name only; a second pair of parentheses has the further
tensors. `nndsl layers NAME` shows the same on a terminal.

Losses are not layers but stand behind `loss`, and are at the end of this page. Left out on
purpose:
"""

_FUNCTIONS = """
Functions of tensors, by family, under torch's names and with torch's arguments. In a stage the
tensor flowing in is the first of them: `x | sum(dim=1)` is `sum(x, dim=1)`. Several axes are a
list, `mean(dim=[2, 3])`. `nndsl layers NAME` shows the same on a terminal.
"""

_NUMBERS = """
These work when a model is constructed, as Python's functions of the same names do; some are
functions of tensors as well.
"""


def layers_page() -> str:
    """``docs/layers.md``."""
    parts = [f"# Layers\n\n{_NOTE}\n{_LAYERS}", *_absent(), ""]
    families = layer_families()
    parts.append(_contents([*(family for family, _ in families), "by the number of axes",
                            "prelude", "losses"]))  # fmt: skip
    for family, names in families:
        parts.append(f"## {family}\n")
        parts += [_section(page(layers.find(name))) for name in names]  # type: ignore[arg-type]
    parts.append("## by the number of axes\n")
    parts += [_section(page(choice), short=True) for choice in CHOICES]
    parts += ["## prelude\n", *map(_prelude, prelude.items().values())]
    parts.append("## losses\n")
    for name in layers.loss_names():
        loss = layers.find_loss(name)
        assert loss is not None
        parts.append(_section(page(loss)))
    return "\n".join(parts)


def _absent() -> list[str]:
    """A line for each reason, with the classes that have no entry because of it."""
    return [
        f"- {', '.join(f'`{name}`' for name in names.split())}: {reason}"
        for reason, names in ABSENT.items()
    ]


def functions_page() -> str:
    """``docs/functions.md``."""
    families = functions.families()
    parts = [f"# Functions\n\n{_NOTE}\n{_FUNCTIONS}"]
    parts.append(_contents([*families, "numbers and lists"]))
    for family, names in families.items():
        parts.append(f"## {family}\n")
        for name in names:
            function = functions.find(name)
            assert isinstance(function, Function)
            parts.append(_section(page(function)))
    parts.append(f"## numbers and lists\n{_NUMBERS}\n{', '.join(f'`{n}`' for n in FUNCTIONS)}\n")
    return "\n".join(parts)


def _contents(titles: list[str]) -> str:
    links = (f"[{title}](#{title.replace(' ', '-')})" for title in titles)
    return " · ".join(links) + "\n"


def _section(one: Page, short: bool = False) -> str:
    lines = [f"### {one.name}\n", f"```text\n{one.signature}\n```\n", f"{one.doc}\n"]
    if one.rows and not short:
        lines += [*_rows(one), ""]
    lines.append(f"```nn\n{one.example}```\n")
    shapes = f"{', '.join(f'`{i}`' for i in one.inputs)} → `{one.output}`"
    link = f" See [{one.torch}]({one.link})." if one.link else ""
    lines.append(f"{shapes}{_weights(one)}{link}\n")
    return "\n".join(lines)


def _rows(one: Page) -> Iterator[str]:
    yield "| argument | type | default | meaning |"
    yield "|---|---|---|---|"
    for row in one.rows:
        plain = row.default in ("required", "from the input")
        default = row.default if plain else f"`{row.default}`"
        yield f"| `{row.name}` | {row.type} | {default} | {row.meaning} |"


def _weights(one: Page) -> str:
    if not one.weights:
        return "."
    said = (f"`{name}` `{shape}`" for name, shape, _ in one.weights)
    return f"; it owns {', '.join(said)}."


def _prelude(item: prelude.Item) -> str:
    comment = f"{item.comment[:1].upper()}{item.comment[1:]}.\n\n" if item.comment else ""
    return f"### {item.name}\n\n{comment}```nn\n{item.text}\n```\n"
