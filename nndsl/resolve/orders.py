"""``order``: which members are registered first."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.diagnostics import error
from nndsl.limits import spend
from nndsl.model.nearest import suggest
from nndsl.resolve.begun import Begun
from nndsl.resolve.context import Context
from nndsl.syntax import tree


def check_orders(body: tuple[tree.Statement, ...], cx: Context) -> None:
    """``order`` must name members, of this use or of others: a conditional one may be absent."""
    if cx.general:
        return
    members = cx.builder.members
    made = Begun(members)
    labels: list[str] | None = None
    for path, span in cx.builder.orders:
        if made.begins(path):
            continue
        text = ".".join(map(str, path))
        if labels is None:
            labels = list(dict.fromkeys(_labels((*body, *cx.builder.spliced_bodies))))
        spend(len(labels) // 8, span)
        if any(_may_be(label, text) for label in labels):
            continue
        known = list(dict.fromkeys(str(p[0]) for p in members))
        help = suggest(text, known) or _listed(known)
        cx.resolver.report(
            error("E404", f"there is no member `{text}`", span, "names nothing", help=help)
        )


def _listed(members: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in members[:8])
    return f"the members are {shown}" + (", ..." if len(members) > 8 else "") if members else ""


def _may_be(label: str, text: str) -> bool:
    """Whether a label as it is written, perhaps a template, may be this path or one inside it."""
    said, brace, _ = label.partition("{")
    return said.startswith(f"{text}.") or (text.startswith(said) if brace else said == text)


def _labels(node: object) -> Iterator[str]:
    """The labels of a body and the names that it declares, as they are written."""
    if isinstance(node, tuple):
        for part in node:
            yield from _labels(part)
    if not isinstance(node, tree.Node):
        return
    if isinstance(node, tree.Stage | tree.ModuleDecl) and node.label is not None:
        yield node.label.id if isinstance(node.label, tree.Name) else node.label.value
    if isinstance(node, tree.ParamDecl | tree.BufferDecl):
        yield node.name.id
    for key, part in vars(node).items():
        if key != "span":
            yield from _labels(part)
