"""The reference as text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from textwrap import indent, wrap

from nndsl.plugins import Offer
from nndsl.reference.index import family as of_family
from nndsl.reference.index import groups
from nndsl.reference.pages import Page
from nndsl.reference.prelude import Item

Paint = Callable[[str], str]
"""Makes a heading stand out, where the terminal can."""


def listing(width: int, paint: Paint, offers: Iterable[Offer] = ()) -> str:
    """All names by family."""
    parts = []
    for title, rows in groups():
        parts.append("\n".join([paint(title), *_table(rows, width)]))
    elsewhere = [(one.name, (f"--plugin {one.module} ({one.package})",)) for one in offers]
    if elsewhere:
        parts.append("\n".join([paint("Installed, not imported"), *_table(elsewhere, width)]))
    return "\n\n".join([*parts, "`nndsl layers NAME` shows one of them, or a family."])


def family(name: str, width: int, paint: Paint) -> str:
    """The members of a family with what each does; empty if there is no such family."""
    found = ("\n".join([paint(title), *_table(rows, width)]) for title, rows in of_family(name))
    return "\n\n".join(found)


def _table(rows: Iterable[tuple[str, tuple[str, ...]]], width: int) -> Iterator[str]:
    """Two columns; the second is wrapped."""
    rows = list(rows)
    left = max(len(name) for name, _ in rows)
    gap = "  " + " " * left + ("  " if left else "")
    for name, members in rows:
        lines = wrap(" ".join(members), max(width - len(gap), 20), break_on_hyphens=False)
        first = f"  {name:<{left}}" + ("  " if left else "") + (lines[0] if lines else "")
        yield first.rstrip()
        yield from (gap + line for line in lines[1:])


def page(one: Page, width: int, paint: Paint) -> str:
    """One entry."""
    parts = [_head(one, width, paint), "\n".join(wrap(one.doc, width))]
    if one.rows:
        parts.append("\n".join([paint("Arguments"), *_arguments(one, width)]))
    if one.example:
        parts.append("\n".join([paint("Example"), *_example(one)]))
    if one.weights:
        parts.append("\n".join([paint("Weights in it"), *_weights(one)]))
    if one.link:
        parts.append(one.link)
    return "\n\n".join(part for part in parts if part)


def _head(one: Page, width: int, paint: Paint) -> str:
    lines = wrap(one.signature, width, subsequent_indent="    ", break_on_hyphens=False)
    lines[0] = lines[0].replace(one.name, paint(one.name), 1)
    home = f"{one.kind}, {one.torch}" if one.torch else one.kind
    by = f", declared by {one.declared_by}" if one.declared_by else ""
    return "\n".join([*lines, f"  {home}{by}"])


def _arguments(one: Page, width: int) -> Iterator[str]:
    columns = [(row.name, row.type, row.default) for row in one.rows]
    widths = [max(map(len, column)) for column in zip(*columns, strict=True)]
    widths[1] = min(widths[1], 26)
    gap = " " * (sum(widths) + 8)
    for row in one.rows:
        cells = (row.name, row.type, row.default)
        left = "  ".join(f"{cell:<{w}}" for cell, w in zip(cells, widths, strict=True))
        lines = wrap(row.meaning, max(width - len(gap), 24)) or [""]
        yield f"  {left}  {lines[0]}".rstrip()
        yield from (gap + line for line in lines[1:])


def _example(one: Page) -> Iterator[str]:
    yield indent(one.example.rstrip(), "  ")
    if one.output:
        yield f"\n  {', '.join(one.inputs)} -> {one.output}"


def _weights(one: Page) -> Iterator[str]:
    left = max(len(name) for name, _, _ in one.weights)
    for name, shape, kind in one.weights:
        yield f"  {name:<{left}}  {shape}" + ("" if kind == "parameter" else "  buffer")


def item(one: Item, paint: Paint) -> str:
    """A definition of the prelude: its text."""
    comment = "".join(f"# {line}\n" for line in one.comment.splitlines())
    return f"{paint('From the prelude, which every file sees')}\n\n{comment}{one.text}"


def number(name: str) -> str:
    """A function of numbers and lists."""
    return f"On numbers and lists, `{name}` is Python's, when a model is constructed."
