"""Layer parameters in general blocks: ``block(c, width, stride)`` of a block not yet chosen.

What such a call needs and gives is learnt from the layers that were passed in the uses met: each
is tried on a stand-in tensor whose sizes are fresh names.
"""

from __future__ import annotations

from typing import Any

from nndsl.layers import registry
from nndsl.model import dims
from nndsl.model.expr import Expr, Name, Undecided, names_in, substitute
from nndsl.model.graph import (
    Chain,
    Construct,
    Invoke,
    Make,
    Parametric,
    TensorType,
    Use,
    Var,
)
from nndsl.model.spec import Layer
from nndsl.record import dataclass, replace
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.given_sizes import GivenSize, note, remember
from nndsl.resolve.naming import Naming
from nndsl.resolve.needs import constructor_names
from nndsl.resolve.values import Arguments, LayerValue, Template, free_names, is_layer, key
from nndsl.syntax import tree


@dataclass
class Trial:
    """A layer tried on a stand-in: what it makes, which axes it needs, what comes out."""

    made: Any
    axes: frozenset[int]
    output: TensorType
    stand_in: tuple[Name, ...]
    builder: Builder


def meet_parameter(
    layer: LayerValue,
    parameter: Name,
    tensors: tuple[Any, ...],
    keywords: tuple[tuple[str, Any], ...],
    cx: Context,
    node: tree.Expr,
) -> Any:
    """Call a layer parameter; every layer that was ever passed must agree on what it needs."""
    from nndsl.resolve.members import member_path
    from nndsl.resolve.uses import as_operand

    b = cx.builder
    flow = tensors[0]
    if (
        not isinstance(flow, Var)
        or not isinstance(flow.type, TensorType)
        or flow.type.shape is None
    ):
        raise Undecided(parameter)
    trials = [
        try_layer(one, layer.arguments, tensors, keywords, cx, node, parameter)
        for one in candidates(parameter, cx)
    ]
    if not trials:
        raise Undecided(parameter)
    path = member_path(layer, cx)
    output, told = _merged(trials, flow.type, (layer.arguments, keywords), parameter, cx)
    args = tuple(g.value for g in layer.arguments.positional)
    kwargs = tuple((k, g.value) for k, g in layer.arguments.keywords)
    made = Parametric(parameter, (), args, kwargs)
    axes: frozenset[int] = frozenset().union(*(t.axes for t in trials))
    object.__setattr__(made, "sizes", tuple(flow.type.shape[a] for a in sorted(axes)))
    b.parametric.append((made, parameter, flow.type, axes))
    b.make(path, made, node.span, output, tuple(told))
    return b.apply(Invoke(path, tuple(map(as_operand, tensors)), keywords), output, node.span)


def candidates(parameter: Name, cx: Context) -> list[Any]:
    """The layers that were passed to a parameter, each once."""
    found: dict[Any, Any] = {}
    for use in cx.builder.uses:
        value = use.values.get(parameter.id)
        if value is not None:
            found.setdefault(key(value), value)
    return list(found.values())


def try_layer(
    value: Any,
    arguments: Arguments,
    tensors: Any,
    keywords: Any,
    cx: Context,
    node: tree.Expr,
    parameter: Any,
) -> Trial:
    """Apply a layer to a stand-in of the tensor's rank, in a block that is thrown away."""
    from nndsl.resolve.layers import meet

    if not is_layer(value):  # the parameter is a layer in some calls only
        raise Undecided(parameter)
    builder = Builder(True, "trial")
    builder.check = cx.builder.check
    builder.samples = cx.builder.samples
    builder.uses, builder.groups = cx.builder.uses, cx.builder.groups
    flow_type = tensors[0].type
    stand_in = tuple(
        Name(f"axis{a}", "size", "int", None, builder.scope) for a in range(len(flow_type.shape))
    )
    flow = builder.var(TensorType(stand_in, flow_type.dtype), "x")
    there = replace(
        cx,
        builder=builder,
        flow=flow,
        naming=Naming(),
        label=("layer",),
        stage=True,
        identifier=None,
    )
    layer = (
        value if isinstance(value, LayerValue) else LayerValue(value, Arguments(), "layer", node)
    )
    from nndsl.resolve.layers import merge

    try:
        merged = merge(layer, arguments, node)
        out = meet(merged, (flow, *tensors[1:]), keywords, there, node)
    except (Fault, Cascade) as problem:
        raise Undecided(parameter) from problem
    makes = [s for s in builder.statements if isinstance(s, Make)]
    if len(makes) != 1 or makes[0].path != ("layer",) or not isinstance(out, Var):
        raise Undecided(parameter)
    if (
        len(builder.statements) != 2
        or not isinstance(out.type, TensorType)
        or out.type.shape is None
    ):
        raise Undecided(parameter)
    axes = frozenset(
        stand_in.index(n) for n in needed_names(makes[0].what, builder) if n in stand_in
    )
    return Trial(makes[0].what, axes, out.type, stand_in, builder)


def needed_names(made: Any, builder: Builder) -> set[Name]:
    """The names that constructing something takes."""
    if isinstance(made, Construct):
        return {n for a in (*made.args, *(v for _, v in made.kwargs)) for n in names_in(a)}
    if isinstance(made, Use):
        needs = constructor_names(made.block)
        found = {n for own, size in made.sizes if own in needs for n in names_in(size)}
        return found | {n for _, a in made.args for n in names_in(a)}
    if isinstance(made, Chain):
        return {n for s in made.body if isinstance(s, Make) for n in needed_names(s.what, builder)}
    if isinstance(made, Parametric):
        return {n for size in made.sizes for n in names_in(size)}
    return set()


def shared_axis(
    parameter: Name, flow: TensorType, axis: int, cx: Context, node: tree.Expr
) -> Any:
    """One axis of what comes out for every layer that may be passed, where no module is asked."""
    tensor = Var(0, "x", flow)
    layers = candidates(parameter, cx)
    trials = [try_layer(one, Arguments(), (tensor,), (), cx, node, parameter) for one in layers]
    if len({len(one.output.shape or ()) for one in trials}) != 1:
        return None
    shapes = _outer_shapes(trials, flow)
    return _axis(axis, len(shapes[0]), shapes, trials, None, parameter, cx)


def _outer_shapes(trials: list[Trial], flow: TensorType) -> list[list[Any]]:
    shapes = []
    for one in trials:
        table: dict[Name, Any] = dict(zip(one.stand_in, flow.shape or (), strict=True))
        shapes.append([_outer(s, table) for s in one.output.shape or ()])
    return shapes


def _merged(
    trials: list[Trial], flow: TensorType, call: tuple[Arguments, Any], parameter: Name, cx: Context
) -> tuple[TensorType, list[tuple[Name, str]]]:
    """The output for every layer that may be passed; what they don't share only the child knows."""
    shapes = _outer_shapes(trials, flow)
    ranks = {len(s) for s in shapes}
    if len(ranks) != 1 or len({t.output.dtype for t in trials}) != 1:
        raise Undecided(parameter)
    told: list[tuple[Name, str]] = []
    rank = ranks.pop()
    sizes = [_axis(a, rank, shapes, trials, told, parameter, cx) for a in range(rank)]
    for axis, size in enumerate(sizes):
        if size in [name for name, _ in told]:
            remember(size, GivenSize(parameter, flow, *call, axis, True), cx)
    shape = tuple(
        note(parameter, flow, call, axis, cx) if size is None else size
        for axis, size in enumerate(sizes)
    )
    return replace(flow, shape=shape, dtype=trials[0].output.dtype), told


def _says_all(value: Any) -> bool:
    """Whether a passed layer is written without names of values, which another use may change."""
    from nndsl.resolve.scope import MISSING, builtin

    node = value.node if isinstance(value, LayerValue | Template) else None
    names = free_names(node) if node is not None else ()
    find = value.scope.get if isinstance(value, Template) else builtin
    return all(find(name) is not MISSING and is_layer(find(name)) for name in names)


def _outer(size: Any, table: dict[Name, Any]) -> Any:
    return substitute(size, table) if isinstance(size, Expr) else size


def _axis(
    axis: int,
    rank: int,
    shapes: list[Any],
    trials: list[Trial],
    told: list[Any] | None,
    parameter: Name,
    cx: Context,
) -> Any:
    """One axis of what comes out; None where neither the layers nor their modules tell it.
    ``told``: the sizes that are asked of the module, if it can be asked here."""
    sizes = [s[axis] for s in shapes]
    same = all(dims.equal(sizes[0], s) is True for s in sizes)
    ends = [(t.output.shape or ())[axis] for t in trials]
    plain = all(isinstance(end, Expr) for end in ends)
    own = {n for t, end in zip(trials, ends, strict=True) for n in names_in(end) if n in t.stand_in}
    from_flow = same and plain and own and axis != min(1, rank - 1)
    pairs = zip(trials, ends, strict=True)
    kept = same and all(len(t.stand_in) > axis and e is t.stand_in[axis] for t, e in pairs)
    if from_flow or kept:
        return sizes[0]
    attr = _attribute(axis, rank)
    if told is not None and attr and all(isinstance(t.made, Use) for t in trials):
        return _asked(attr, axis, trials, told, parameter, cx)
    outside = not any(n.scope == t.builder.scope for t in trials for n in names_in(sizes[0]))
    outside = outside and not any(_foreign(n, cx) for n in names_in(sizes[0]))
    if same and outside and (isinstance(sizes[0], Expr) or _fixed(parameter, cx)):
        return sizes[0]
    tells = all(isinstance(t.made, Use) or _tells(t.made, attr) for t in trials)
    if told is not None and attr and tells:
        return _asked(attr, axis, trials, told, parameter, cx)
    return None


def _attribute(axis: int, rank: int) -> str:
    """Under which name modules tell a size, as torch's own do: it says which axis is meant."""
    if rank > 2 and axis == 1:
        return "out_channels"
    return "out_features" if axis == rank - 1 else ""


def _fixed(parameter: Name, cx: Context) -> bool:
    """Whether a number that comes out is the layer's own. Other callers may pass layers that give
    another one, but a model has none that could tell its size."""
    return cx.builder.model and all(map(_says_all, candidates(parameter, cx)))


def _foreign(name: Name, cx: Context) -> bool:
    """Whether a name is of the block that passes a layer, in a branch that no use takes."""
    return name.scope != cx.builder.scope and name.role in ("param", "size", "carried", "loop")


def _asked(
    attr: str, axis: int, trials: list[Trial], told: list[Any], parameter: Name, cx: Context
) -> Name:
    """A size that is read from the constructed child: ``self.layer.out_channels``."""
    name = cx.builder.size(attr, "size")
    told.append((name, attr))
    blocks = [t.made.block for t in trials if isinstance(t.made, Use)]
    sources = [(b, getattr(b.output, "shape", ())[axis]) for b in blocks]
    cx.builder.told[name] = (attr, sources, (cx.builder.groups[parameter.id], axis))
    return name


def _tells(made: Any, attr: str) -> bool:
    """Whether torch's own module keeps a size under that name: an argument of its class."""
    if not isinstance(made, Construct):
        return False
    entry = registry.find(made.torch.rsplit(".", 1)[-1])
    return isinstance(entry, Layer) and any(one.name == attr for one in entry.arguments)
