"""How to prove the samples: smaller defaults, further values, what is known to be lost."""

from __future__ import annotations

from collections.abc import Mapping

from tests.agreement.harness import Plan

_LLAMA = Plan(
    given={"vocab": 11, "dim": 16, "depth": 2, "heads": 4, "kv": 2, "ffn": 24},
    more={"heads": (2, 1), "kv": (1, 4)},
)

PLANS: Mapping[str, Mapping[str, Plan]] = {
    "order_before_children": {
        "one": Plan(pinned=frozenset({"n"})),
        "two": Plan(pinned=frozenset({"n", "m"})),
    },
    "layers_passed_repeated": {
        "rounds": Plan(pinned=frozenset({"n"})),
        "absent": Plan(pinned=frozenset({"deep"})),
    },
    "texts_joined": {"net": Plan(more={"kind": ("tan", "rel"), "k": (3,)})},
    "lists_of_lists": {"net": Plan(pinned=frozenset({"n"}))},
    "rounds_counted_from_one": {"net": Plan(pinned=frozenset({"ws"}))},
    "filtered_rounds_of_layers": {"net": Plan(pinned=frozenset({"n"}))},
    "filtered_items": {
        "tensors": Plan(pinned=frozenset({"n"})),
        "layers": Plan(pinned=frozenset({"n"})),
    },
    "dims_param": {"net": Plan(pinned=frozenset({"axis"}))},
    "llama": {"llama": _LLAMA},
    "language_llama": {"llama": _LLAMA},
    "language_unet": {"unet": Plan(given={"base": 4})},
    "language_resnet": {
        "resnet": Plan(vary=False),
        "resnet34": Plan(vary=False),
        "resnet50": Plan(vary=False),
    },
    "layers_two_levels": {
        "net": Plan(
            more={
                "norm": ("groupnorm(2)", "identity", "instancenorm(affine=True)"),
                "act": ("gelu", "leaky_relu(0.2)", "prelu", "batchnorm | relu"),
            }
        )
    },
    "layers_param_builtin": {
        "net": Plan(
            more={"norm": ("batchnorm", "layernorm", "identity"), "act": ("relu", "conv(4, 1)")}
        )
    },
    "layer_two_sizes": {"net": Plan(more={"body": ("linear", "(linear 3 | relu)", "block")})},
    "layers_passed_within": {"net": Plan(pinned=frozenset({"act"}))},
    "slice_resnet": {"resnet": Plan(more={"depths": ((1,), (1, 1, 2), (3, 1))})},
    "squeeze_optional": {"net": Plan(more={"ratio": (0.25, 1.0, 0.5)})},
    "string_mode": {"net": Plan(more={"mode": ("add", "mul")})},
    "conditional_layer": {"net": Plan(more={"norm": ("group",)})},
    "default_input_size": {"net": Plan(more={"width": (3,)})},
    "rows_inverted": {
        "mobile": Plan(
            more={
                "rows": (
                    ((3, 16, 16, False, 1),),
                    ((3, 32, 16, True, 1), (5, 48, 16, False, 1), (3, 16, 8, True, 2)),
                )
            }
        )
    },
    "spread_rows": {"net": Plan(more={"rows": (((4, 3),), ((2, 1), (4, 5), (3, 1)))})},
    "parametrized_passed": {"discriminator": Plan(pinned=frozenset({"spectral", "width"}))},
    "parametrized": {"vocoder": Plan(sizes={"t": 96}, more={"strides": ((1,), (2, 1, 3))})},
    "lists_joined": {"net": Plan(more={"widths": ((3, 5), (2, 4, 6, 8), (7,)), "more": (1, 3)})},
    "list_static": {"net": Plan(more={"widths": ((3, 5), (2, 4, 6, 8))})},
    "order_in_branch": {"net": Plan(pinned=frozenset({"n"}))},
    "second_if": {"net": Plan(pinned=frozenset({"f"}))},
}
