"""Every name that a spec can use, by family."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.functions import registry as functions
from nndsl.layers import registry as layers
from nndsl.layers.choices import CHOICES
from nndsl.model.expr import FUNCTIONS
from nndsl.model.spec import Function, Layer
from nndsl.reference import prelude
from nndsl.reference.pages import summary

Group = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]
"""A title and its rows: a family and its members."""


def groups() -> Iterator[Group]:
    """The built-in names, and what plug-ins have declared; imports no family."""
    yield "Layers", layer_families()
    yield (
        "Layers by the number of axes",
        tuple(
            (choice.name, tuple(dict.fromkeys(n for _, n in sorted(choice.by_rank.items()))))
            for choice in CHOICES
        ),
    )
    yield "Functions of tensors", tuple(functions.families().items())
    yield "Functions of numbers and lists", (("", tuple(FUNCTIONS)),)
    yield "Losses, for `loss`", (("", layers.loss_names()),)
    yield (
        "Prelude, written in the language",
        tuple(
            (one.name, (one.comment.split("\n\n")[0] or body(one),))
            for one in prelude.items().values()
        ),
    )
    declared = declared_by()
    if declared:
        yield "Plug-ins", tuple(declared.items())


def layer_families() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The built-in layers by the module that describes them."""
    return tuple((family, tuple(names.split())) for family, names in layers.FAMILIES.items())


def family(name: str) -> Iterator[Group]:
    """The members of the families of a name, each a row with what it means."""
    for title, rows in (("Layers", layer_families()), ("Functions", functions.families().items())):
        for own, members in rows:
            if own == name:
                yield f"{title}: {name}", tuple((one, (summary(one),)) for one in members)


def declared_by() -> dict[str, tuple[str, ...]]:
    """What plug-ins have declared, by their module."""
    found: dict[str, list[str]] = {}
    every: list[Layer | Function] = [*layers.declared(), *functions.declared()]
    for one in every:
        named = found.setdefault(one.declared_by, [])
        if one.name not in named:
            named.append(one.name)
    return {module: tuple(names) for module, names in found.items()}


def body(item: prelude.Item) -> str:
    """The text of a definition behind its head, in one line."""
    return " ".join(item.text[len(item.head) + 1 :].split())


def everything() -> list[str]:
    """All names, for "did you mean"."""
    names = [*layers.names(), *functions.names(), *FUNCTIONS, *layers.loss_names()]
    return [*names, *prelude.items()]
