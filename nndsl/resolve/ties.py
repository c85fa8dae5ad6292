"""``tie``: one parameter under several names."""

from __future__ import annotations

from typing import Any

from nndsl.diagnostics import Label
from nndsl.limits import spend
from nndsl.model.expr import Expr
from nndsl.model.graph import (
    Chain,
    Construct,
    Declare,
    For,
    If,
    Make,
    Path,
    Scan,
    TieTo,
    Use,
)
from nndsl.model.nearest import suggest
from nndsl.resolve import statics
from nndsl.resolve.context import Context, fault
from nndsl.resolve.naming import split_label
from nndsl.syntax import tree


def tie(node: tree.Tie, cx: Context) -> None:
    """Note a tie; both names must be parameters of the same shape."""
    source = _path(node.source, cx)
    wanted = None if cx.general else weight_at(source, node.source, cx)
    for one in node.paths:
        path = _path(one, cx)
        if not cx.general:
            found = weight_at(path, one, cx)
            if wanted is not None and found != wanted:
                raise fault(
                    "E301",
                    "only parameters of one shape can be tied",
                    one.span,
                    f"has shape {found}",
                    causes=(Label(node.source.span, f"has shape {wanted}"),),
                )
        cx.builder.emit(TieTo(path, source))


def _path(node: tree.Path, cx: Context) -> Path:
    from nndsl.resolve.modules import make_named

    parts: list[Any] = list(cx.naming.prefix)
    for part in node.parts:
        if isinstance(part, tree.String):
            parts.extend(split_label(statics.text(part, cx)))
        else:
            parts.extend(split_label(part))
    make_named(tuple(parts), cx)
    return tuple(parts)


def weight_at(path: Path, node: tree.Path, cx: Context) -> Any:
    """The shape of the parameter at a path, or a fault that names what is there."""
    weights = weights_of(tuple(cx.builder.statements))
    for one, shape in weights:
        if _names(one, path):
            return shape
    text = ".".join(map(str, path))
    known = [".".join(map(str, p)) for p, _ in weights if not any(isinstance(q, Expr) for q in p)]
    raise fault(
        "E404",
        f"there is no parameter `{text}`",
        node.span,
        "names nothing",
        help=_parameter_of(text, known) or suggest(text, known),
    )


def _parameter_of(text: str, known: list[str]) -> str:
    """What to write for a module, of which one parameter is meant."""
    own = [name for name in known if name.startswith(f"{text}.")]
    return f"it is a module: write its parameter, `{own[0]}`" if own else ""


def weights_of(body: tuple[Any, ...], prefix: Path = ()) -> list[tuple[Path, Any]]:
    """Every parameter of a body with its shape."""
    found: list[tuple[Path, Any]] = []
    spend(1 + len(body) // 4)
    for statement in body:
        if isinstance(statement, Declare) and statement.trainable:
            shape = getattr(statement.value.type, "shape", None)
            found.append(((*prefix, statement.name), shape))
        elif isinstance(statement, Make):
            found.extend(_made(statement.what, (*prefix, *statement.path)))
        elif isinstance(statement, If):
            found.extend(weights_of((*statement.then, *statement.orelse), prefix))
        elif isinstance(statement, For | Scan):
            found.extend(weights_of(statement.body, prefix))
    return found


def _names(have: Path, wanted: Path) -> bool:
    """Whether a path names a parameter; the number of a round stands for all of them."""
    return len(have) == len(wanted) and all(
        a == b or isinstance(a, Expr) and isinstance(b, int)
        for a, b in zip(have, wanted, strict=True)
    )


def _made(what: Any, path: Path) -> list[tuple[Path, Any]]:
    if isinstance(what, Construct):
        return [((*path, *w.name.split(".")), w.shape) for w in what.weights if w.trainable]
    if isinstance(what, Use):
        return weights_of(what.block.body, path)
    if isinstance(what, Chain):
        return weights_of(what.body, path)
    return []
