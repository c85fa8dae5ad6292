"""Where a layer is registered: under its label, its number or its own name."""

from __future__ import annotations

from nndsl.model.graph import Path
from nndsl.resolve.context import Context, fault
from nndsl.resolve.values import (
    LayerValue,
)

_WORDS = {"function": "fn", "activation": "activation"}
_PLACES = {
    "function": "a function",
    "activation": "an activation",
    "rule": "a rule of `weights`",
    "": "what a parameter or buffer begins with",
}


def member_path(layer: LayerValue, cx: Context) -> Path:
    """Where a layer is registered: under its label, its number or its own name."""
    word = _WORDS.get(cx.stateless)
    if cx.quiet or cx.stateless:
        raise fault(
            "E407",
            f"{_PLACES[cx.stateless]} has nothing with state",
            layer.node.span,
            "this makes a module",
            help=f"write `def` instead of `{word}`" if word else "",
        )
    if cx.label is not None:
        return cx.label
    node, identifier = cx.identifier or (layer.node, layer.identifier)
    path = cx.naming.unlabelled(node, identifier)
    if not cx.naming.numbered and not cx.naming.whole:
        from nndsl.resolve.reserved import check_member_name

        check_member_name(identifier, layer.node.span, advice=" or label the layer")
    return path
