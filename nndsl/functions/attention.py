"""Attention as one function."""

from __future__ import annotations

from nndsl.functions import shapes
from nndsl.functions.entry import Steps, arg, entry, tensor
from nndsl.functions.shapes import Shape
from nndsl.functions.text import show, show_shape
from nndsl.model import dims
from nndsl.model.expr import Size, Undecided
from nndsl.model.graph import Special, TensorType
from nndsl.model.spec import FunctionCall, FunctionResult, Rejected

_NAMES = ("query", "key", "value")


def _attend(call: FunctionCall) -> FunctionResult:
    types = [tensor(call, name) for name in _NAMES]
    query, key, value = (shapes.shape_of(type) for type in types)
    for name, type in zip(_NAMES, types, strict=True):
        shapes.need_float(type, "attention", name)
        if len(shapes.shape_of(type)) < 2:
            raise Rejected(
                f"`{name}` is (..., length, features), not {show_shape(type.shape)}", name
            )
    for other in types[1:]:
        shapes.refuse_overlap(types[0], other, "matched")
    _equal(query[-1], key[-1], "query", "key", "features", call)
    _equal(key[-2], value[-2], "key", "value", "positions", call)
    batch = _batch(query, key, value, call)
    lead = any(type.lead for type in types)
    output = TensorType((*batch, query[-2], value[-1]), "float", lead)
    _check_mask(call, (*batch, query[-2], key[-2]))
    macs = dims.product((*batch, query[-2], key[-2], dims.tidy(query[-1] + value[-1])))  # type: ignore[arg-type]
    return _written(call, output, 0 if lead else macs)


def _equal(a: Size, b: Size, one: str, other: str, what: str, call: FunctionCall) -> None:
    if not call.check.equal(a, b):
        raise Rejected(f"`{one}` has {show(a)} {what}, `{other}` has {show(b)}", other)


def _batch(query: Shape, key: Shape, value: Shape, call: FunctionCall) -> Shape:
    """The axes in front; with ``enable_gqa`` the heads of the query are a multiple of the key's."""
    try:
        grouped = shapes.flag(call["enable_gqa"], call.check)
    except Undecided:
        grouped = True  # equal numbers of heads are multiples too, and the result is the same
    if not grouped:
        both = shapes.broadcast_shapes(query[:-2], key[:-2], call.check, "matched (query and key)")
        return shapes.broadcast_shapes(both, value[:-2], call.check, "matched (query and value)")
    if min(len(query), len(key), len(value)) < 3:
        raise Rejected("`enable_gqa` needs an axis of heads", "enable_gqa")
    for name, shape in (("key", key), ("value", value)):
        if not call.check.divides(shape[-3], query[-3]):
            raise Rejected(
                f"`query` has {show(query[-3])} heads, no multiple of the "
                f"{show(shape[-3])} of `{name}`",
                name,
            )
    both = shapes.broadcast_shapes(query[:-3], key[:-3], call.check, "matched (query and key)")
    front = shapes.broadcast_shapes(both, value[:-3], call.check, "matched (query and value)")
    return (*front, query[-3])


def _check_mask(call: FunctionCall, scores: Shape) -> None:
    if call["attn_mask"] is None:
        return
    mask = tensor(call, "attn_mask")
    if call.check.same(call["is_causal"], True):
        raise Rejected("`attn_mask` and `is_causal` exclude each other", "is_causal")
    if mask.dtype == "int":
        raise Rejected(
            "`attn_mask` is bool (what may be seen) or float (what is added)",
            "attn_mask",
            "convert with `bool(...)`",
        )
    if mask.shape is None:
        return
    shapes.refuse_overlap(TensorType(scores, "float", tensor(call, "query").lead), mask, "matched")
    shapes.broadcast_shapes(scores, mask.shape, call.check, "matched (scores and mask)")


def _written(call: FunctionCall, output: TensorType, macs: Size) -> FunctionResult:
    """What is no query, key or value stands by name, in torch's order, as everybody writes it."""
    named = {name: call[name] for name in _OPTIONS if name in call.given}
    steps = Steps(call["query"])
    if "dropout_p" in named and not call.check.same(named["dropout_p"], 0):
        # the function itself drops in evaluation too; a layer wouldn't
        kind = TensorType((), "float")
        named["dropout_p"] = steps.put(kind, "op.mul", named["dropout_p"], Special("training"))
    steps.put(output, "F.scaled_dot_product_attention", *(call[n] for n in _NAMES), **named)
    return steps.result(macs)


_OPTIONS = ("attn_mask", "dropout_p", "is_causal", "scale", "enable_gqa")

FUNCTIONS = (
    entry("scaled_dot_product_attention", "F.scaled_dot_product_attention",
          (*(arg(name) for name in _NAMES), arg("attn_mask", "tensor|none", None),
           arg("dropout_p", "float", 0.0, low=0.0, high=1.0), arg("is_causal", "bool", False),
           arg("scale", "float|none", None, named=True),
           arg("enable_gqa", "bool", False, named=True)), _attend),
)  # fmt: skip
