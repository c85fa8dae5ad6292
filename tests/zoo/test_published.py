"""Networks that no reference was measured for have as many parameters as was published."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import torch

from tests.agreement.harness import entry_point, execute
from tests.zoo.networks import spec

# torchvision's model pages, "num_params"
TORCHVISION: dict[str, dict[str, int]] = {
    "resnet": {
        "resnet34": 21_797_672,
        "resnet101": 44_549_160,
        "resnet152": 60_192_808,
        "resnext101_32x8d": 88_791_336,
        "resnext101_64x4d": 83_455_272,
        "wide_resnet101_2": 126_886_696,
    },
    "segmentation": {
        "fcn_resnet101_aux": 54_314_346,
        "deeplabv3_resnet50_aux": 42_004_074,
        "deeplabv3_resnet101_aux": 60_996_202,
    },
    "vgg": {
        "vgg11_bn": 132_868_840,
        "vgg13": 133_047_848,
        "vgg13_bn": 133_053_736,
        "vgg16": 138_357_544,
        "vgg19": 143_667_240,
        "vgg19_bn": 143_678_248,
    },
    "densenet": {
        "densenet161": 28_681_000,
        "densenet169": 14_149_480,
        "densenet201": 20_013_928,
    },
    "efficientnet": {
        "efficientnet_b1": 7_794_184,
        "efficientnet_b2": 9_109_994,
        "efficientnet_b3": 12_233_232,
        "efficientnet_b4": 19_341_616,
        "efficientnet_b5": 30_389_784,
        "efficientnet_b6": 43_040_704,
        "efficientnet_b7": 66_347_960,
        "efficientnet_v2_m": 54_139_356,
        "efficientnet_v2_l": 118_515_272,
    },
    "convnext": {
        "convnext_small": 50_223_688,
        "convnext_base": 88_591_464,
        "convnext_large": 197_767_336,
    },
    "vit": {
        "vit_b_32": 88_224_232,
        "vit_l_16": 304_326_632,
        "vit_l_32": 306_535_400,
        "vit_h_14": 632_045_800,
    },
    "swin": {"swin_s": 49_606_258, "swin_b": 87_768_224},
    "video_resnet": {"mc3_18": 11_695_440, "r2plus1d_18": 31_505_325},
}

CASES = [(file, model, n) for file, found in TORCHVISION.items() for model, n in found.items()]


@cache
def printed(file: str) -> dict[str, Any]:
    """What the source of a whole file defines."""
    return execute(spec(f"{file}.nn").codegen())


@pytest.mark.parametrize(("file", "model", "published"), CASES)
def test_as_many_parameters_as_published(file: str, model: str, published: int) -> None:
    built = spec(f"{file}.nn").build(model, device="meta")
    with torch.device("meta"):
        made = printed(file)[entry_point(printed(file), model)]()
    assert sum(p.numel() for p in built.parameters()) == published
    assert [(k, v.shape) for k, v in built.state_dict().items()] == [
        (k, v.shape) for k, v in made.state_dict().items()
    ]
