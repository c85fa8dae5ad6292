"""Pipelines: what flows goes through one stage after the other."""

from __future__ import annotations

from typing import Any

from nndsl.model.graph import Holder, Invoke, Path, TensorType, Var
from nndsl.record import replace
from nndsl.resolve import chains
from nndsl.resolve.containers import without_empty
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.evaluate import as_flow, snippet, value
from nndsl.resolve.naming import Counter, Naming, has_labels, name_layers, split_label
from nndsl.resolve.statics import kind_of
from nndsl.resolve.values import flows
from nndsl.syntax import tree


def pipeline(node: tree.Pipeline, cx: Context) -> Any:
    """The stages in order; the first reads what flows in here, if it reads anything."""
    flow = cx.flow
    for place, stage in enumerate(node.stages):
        try:
            flow = one_stage(stage, cx, flow, first=place == 0)
        except Fault as problem:
            if cx.general:
                raise
            # go on with a tensor of unknown shape, to find the mistakes of later stages too
            cx.resolver.report(problem.diagnostic)
            flow = cx.builder.var(TensorType(None), "", stage.span)
        except Cascade:
            if cx.general:
                raise
            flow = cx.builder.var(TensorType(None), "", stage.span)
        if stage.alias is not None:
            from nndsl.resolve.assigning import assign

            assign(stage.alias, flow, cx)
            cx.builder.taken_names.add(getattr(flow, "id", 0))
    return flow


def one_stage(stage: tree.Stage, cx: Context, flow: Any, first: bool) -> Any:
    """One stage with its label; gives what flows out."""
    in_stage = cx.stage or not first or isinstance(stage.value, tree.String) and flow is not None
    here = replace(cx, flow=flow, stage=in_stage, label=None)
    if stage.splice:
        from nndsl.resolve.splice import splice

        return splice(stage, here)
    if stage.label is None:
        return stage_value(stage.value, here, flow)
    from nndsl.resolve.statics import label_text

    label = label_text(stage.label, here.plain())
    path = cx.naming.labelled(_legal_label(split_label(label), stage.label))
    mistakes = cx.resolver.errors
    out = labelled(stage.value, replace(here, label=path), flow)
    if cx.resolver.errors == mistakes and not cx.resolver.failed:  # else it may be what is wrong
        _check_label_used(stage, path, cx)
    return out


def _legal_label(parts: tuple[Any, ...], node: tree.Name | tree.String) -> tuple[Any, ...]:
    from nndsl.resolve.reserved import check_member_name

    for part in parts:
        if isinstance(part, str):
            check_member_name(part, node.span, "a member")
    return parts


def _check_label_used(stage: tree.Stage, path: Path, cx: Context) -> None:
    """A label on something that makes no module says so; an absent stage needs none."""
    made = path in cx.builder.members or path in cx.builder.parts
    bare = stage.value
    while isinstance(bare, tree.Group):
        bare = bare.inner
    if (
        made
        or cx.general
        or isinstance(bare, tree.Conditional | tree.Repeat | tree.ChainComp | tree.ListComp)
    ):
        return
    assert stage.label is not None
    raise fault(
        "E404",
        f"a label names a module, but `{snippet(stage.value)}` makes none",
        stage.label.span,
        "nothing to name",
        help="to name the tensor, write `... as name`",
    )


def stage_value(node: tree.Expr, cx: Context, flow: Any) -> Any:
    """What flows out of an unlabelled stage."""
    here = replace(cx, flow=flow)
    if isinstance(node, tree.Group):
        return stage_value(node.inner, here, flow)
    if isinstance(node, tree.Pipeline):
        return pipeline(node, here)
    if isinstance(node, tree.Conditional):
        from nndsl.resolve.conditions import stage_conditional

        return stage_conditional(node, here)
    if isinstance(node, tree.Repeat | tree.ChainComp):
        from nndsl.resolve.loops import repeat

        return repeat(node, here)
    before = cx.builder.used.get(flow.id, 0) if isinstance(flow, Var) else 0
    out = as_flow(value(node, here), node, here)
    if here.stage and (flows(out) or isinstance(node, tree.ListExpr)):
        _check_reads(node, flow, before, out, cx)
    if not flows(out):
        raise _no_layer(node, out)
    return out


def _no_layer(node: tree.Expr, found: Any) -> Fault:
    """What stands as a stage is a number, a text, a list."""
    help = ""
    if isinstance(found, str):
        help = "a layer that is passed in has the type `layer`: `act: layer = relu`"
    elif type(found) is int:
        help = f"write the layer that takes it: `linear {snippet(node)}`"
    kind = "a number" if isinstance(found, int | float) and found is not True else kind_of(found)
    return fault(
        "E205", f"`{snippet(node)}` is {kind}, not a layer", node.span, "can't be a stage", help
    )


def _check_reads(node: tree.Expr, flow: Any, before: int, out: Any, cx: Context) -> None:
    if not isinstance(flow, Var) or out is flow or cx.general:
        return
    if cx.resolver.failed and getattr(out, "type", None) == TensorType(None):
        return  # what is wrong may be what reads it
    if cx.builder.used.get(flow.id, 0) == before:
        raise fault(
            "E403",
            f"`{snippet(node)}` ignores what flows in",
            node.span,
            "the tensor from the stage before is lost here",
            help="layers side by side are arguments of a function: `| cat(a, b, dim=1)`"
            if isinstance(node, tree.ListExpr)
            else "read it as `_`, or begin a new statement",
        )


# ------------------------------------------------------------------ labelled groups


def labelled(node: tree.Expr, cx: Context, flow: Any) -> Any:
    """A stage that carries a label (``cx.label``)."""
    if isinstance(node, tree.Repeat | tree.ChainComp):
        from nndsl.resolve.loops import labelled_repeat

        return labelled_repeat(node, cx)
    if isinstance(node, tree.ListComp):
        from nndsl.resolve.lists import list_comprehension

        return list_comprehension(node, cx)
    if isinstance(node, tree.Conditional):
        from nndsl.resolve.conditions import stage_conditional

        return stage_conditional(node, cx)
    if isinstance(node, tree.Name | tree.Call):
        return stage_value(node, cx, flow)
    assert cx.label is not None
    if isinstance(node, tree.Group) and isinstance(
        node.inner, tree.Repeat | tree.ChainComp | tree.Conditional
    ):
        return labelled(node.inner, cx, flow)
    return group(node, cx.label, cx, flow)


def group(node: tree.Expr, path: Path, cx: Context, flow: Any) -> Any:
    """A labelled group: a Sequential if it is a chain of layers, else a container of its layers."""
    naming = group_naming(node, path, cx)
    inner = replace(cx, naming=naming, label=None)
    with cx.builder.collect() as statements:
        out = stage_value(node, inner, flow)
    return close_group(path, statements, flow, out, cx, node)


def group_naming(node: tree.Expr, path: Path, cx: Context) -> Naming:
    """The namespace inside a labelled group."""
    bare = node.inner if isinstance(node, tree.Group) else node
    if has_labels(bare):
        return Naming(path, None, name_layers(bare, cx.resolver.layer_test(cx.scope)))
    return Naming(path, Counter())


def close_group(
    path: Path, statements: list[Any], flow: Any, out: Any, cx: Context, node: tree.Expr
) -> Any:
    """Write a group down: as one Sequential where it is a chain, else its parts in a container."""
    b = cx.builder
    statements = without_empty(statements, b.parts, b.announced)
    body = chains.as_chain(statements, path, flow, out, b)
    if path not in b.parts:
        b.statements.extend(statements)
        return out
    if body is None:
        from nndsl.model.graph import Make

        b.claim(path, node.span)
        b.emit(Make(path, Holder(chains.holder_kind(b.parts[path])), (), node.span))
        b.statements.extend(statements)
        return out
    from nndsl.model.graph import Chain

    kind = out.type if isinstance(out, Var) else TensorType(None)
    b.make(path, Chain(body), node.span, kind)
    return b.apply(Invoke(path, (flow,)), kind, node.span)
