"""``tie``: one parameter under several names."""

from __future__ import annotations

from typing import Any

from nndsl.diagnostics import Label
from nndsl.limits import spend
from nndsl.model.expr import Expr, evaluate, names_in
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
    walk,
)
from nndsl.model.listing import length
from nndsl.model.nearest import suggest
from nndsl.record import replace
from nndsl.resolve import statics
from nndsl.resolve.begun import Begun
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Fault
from nndsl.resolve.naming import split_label
from nndsl.syntax import tree

Places = tuple[Any, ...]  # a path in which a range stands for the numbers of rounds


def tie(node: tree.Tie, cx: Context) -> None:
    """Note a tie; what it names may be made below it."""
    source = _path(node.source, cx)
    for one in node.paths:
        path = _path(one, cx)
        cx.builder.ties.append((node, one, path, source))
        cx.builder.emit(TieTo(path, source))


def check_ties(cx: Context) -> None:
    """Both names of a tie must be parameters of the same shape, when everything is made."""
    if cx.general or not cx.builder.ties:
        return
    weights = _Weights(weights_of(tuple(cx.builder.statements)))
    for node, one, path, source in cx.builder.ties:
        try:
            _check_shapes(node, one, path, source, weights)
        except Fault as problem:
            cx.resolver.report(problem.diagnostic)


def _check_shapes(
    node: tree.Tie, one: tree.Path, path: Path, source: Path, weights: _Weights
) -> None:
    wanted = weights.at(source, node.source)
    found = weights.at(path, one)
    if wanted is not None and found != wanted:
        raise fault(
            "E301",
            "only parameters of one shape can be tied",
            one.span,
            f"has shape {found}",
            causes=(Label(node.source.span, f"has shape {wanted}"),),
        )


def _path(node: tree.Path, cx: Context) -> Path:
    parts: list[Any] = list(cx.naming.prefix)
    for part in node.parts:
        if isinstance(part, tree.String):
            parts.extend(split_label(statics.text(part, cx)))
        else:
            parts.extend(split_label(part))
    return tuple(parts)


# ------------------------------------------------------------------ where ties stand


def ties_behind(body: tuple[Any, ...]) -> tuple[Any, ...]:
    """All ties behind everything else, in their order, if one stands before what it names."""
    if not _any_early(body):
        return body
    kept = [_part(one, ties=False) for one in body]
    moved = [_part(one, ties=True) for one in body]
    return tuple(one for one in (*kept, *moved) if one is not None)


def _any_early(body: tuple[Any, ...]) -> bool:
    closed = Begun()
    open: list[Path] = []  # with numbers of rounds
    every: list[Path] = []
    for one in walk(body):
        if isinstance(one, TieTo):
            every += (one.path, one.source)
            open += filter(_is_open, (one.path, one.source))
            for path in (one.path, one.source):
                closed.add(path)
        elif isinstance(one, Make):
            compared = every if _is_open(one.path) else open
            spend(len(compared) // 4)
            if closed.meets(one.path) or any(_inside(one.path, path) for path in compared):
                return True
    return False


def _is_open(path: Path) -> bool:
    return any(isinstance(part, Expr) for part in path)


def _inside(made: Path, named: Path) -> bool:
    """Whether something made may hold a named parameter, or be held by what holds it."""
    return all(
        a == b or isinstance(a, Expr) or isinstance(b, Expr)
        for a, b in zip(made, named, strict=False)
    )


def _part(one: Any, ties: bool) -> Any:
    """A statement with its ties only, or without them; None if nothing is left of it."""
    if isinstance(one, TieTo):
        return one if ties else None
    if not isinstance(one, If | For) or not any(isinstance(s, TieTo) for s in walk((one,))):
        return None if ties else one
    if isinstance(one, If):
        then, orelse = _parts(one.then, ties), _parts(one.orelse, ties)
        if ties:
            return replace(one, then=then, orelse=orelse, joins=(), sizes=())
        left = then or orelse or one.joins or one.sizes
        return replace(one, then=then, orelse=orelse) if left else None
    body = _parts(one.body, ties)
    if ties:
        return replace(one, body=body, carried=(), gathered=())
    left = body or one.carried or one.sizes or one.gathered
    return replace(one, body=body) if left else None


def _parts(body: tuple[Any, ...], ties: bool) -> tuple[Any, ...]:
    found = [_part(one, ties) for one in body]
    return tuple(one for one in found if one is not None)


# ------------------------------------------------------------------ the parameters of a body


class _Weights:
    """The parameters of a body, found by their path."""

    def __init__(self, found: list[tuple[Places, Any]]) -> None:
        self.closed: dict[Places, Any] = {}
        self.open: list[tuple[Places, Any]] = []  # with numbers of rounds
        for path, shape in found:
            if any(isinstance(part, Expr | range) for part in path):
                self.open.append((path, shape))
            else:
                self.closed.setdefault(path, shape)

    def at(self, path: Path, node: tree.Path) -> Any:
        """The shape of the parameter at a path, or a fault that names what is there."""
        if path in self.closed:
            return self.closed[path]
        spend(1 + len(self.open) // 4, node.span)
        for one, shape in self.open:
            if _names(one, path):
                return shape
        text = ".".join(map(str, path))
        known = [".".join(map(str, one)) for one in self.closed]
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


def weights_of(body: tuple[Any, ...], prefix: Path = ()) -> list[tuple[Places, Any]]:
    """Every parameter of a body with its shape."""
    found: list[tuple[Places, Any]] = []
    spend(1 + len(body) // 4)
    for statement in body:
        if isinstance(statement, Declare) and statement.trainable:
            shape = getattr(statement.value.type, "shape", None)
            found.append(((*prefix, statement.name), shape))
        elif isinstance(statement, Make):
            found.extend(_made(statement.what, (*prefix, *statement.path)))
        elif isinstance(statement, If):
            found.extend(weights_of((*statement.then, *statement.orelse), prefix))
        elif isinstance(statement, For):
            found.extend(_of_rounds(statement, prefix))
        elif isinstance(statement, Scan):
            found.extend(weights_of(statement.body, prefix))
    return found


def _of_rounds(loop: For, prefix: Path) -> list[tuple[Places, Any]]:
    """The parameters of one round for all: instead of its number stand those that it counts."""
    found = weights_of(loop.body, prefix)
    return [(tuple(_numbers(part, loop) for part in path), shape) for path, shape in found]


def _numbers(part: Any, loop: For) -> Any:
    """The numbers that a part of a path has in the rounds of a loop, where it alone counts."""
    count = length(loop.iterable)
    if not isinstance(part, Expr) or set(names_in(part)) != {loop.round}:
        return part
    if type(count) is not int or count < 1:
        return part
    first, second = (evaluate(part, {loop.round: number}) for number in (0, 1))
    if not isinstance(first, int):
        return part
    return range(first, first + count * (second - first), second - first)


def _names(have: Places, wanted: Path) -> bool:
    """Whether a path names a parameter; an open number stands for all of them."""
    return len(have) == len(wanted) and all(
        b in a if isinstance(a, range) else a == b or isinstance(a, Expr) and isinstance(b, int)
        for a, b in zip(have, wanted, strict=True)
    )


def _made(what: Any, path: Path) -> list[tuple[Places, Any]]:
    if isinstance(what, Construct):
        return [((*path, *w.name.split(".")), w.shape) for w in what.weights if w.trainable]
    if isinstance(what, Use):
        return weights_of(what.block.body, path)
    if isinstance(what, Chain):
        return weights_of(what.body, path)
    return []
