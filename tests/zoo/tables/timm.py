"""References from timm."""

from tests.zoo.networks import Network, network

ROWS: dict[str, Network] = {
    "timm_resmlp_12_224": network("mixer", "resmlp_12"),
    "timm_mixer_s16_224": network("mixer", "mixer_s16"),
    "timm_deit_tiny_patch16_224": network("deit", "deit_tiny"),
    "timm_deit_tiny_distilled_patch16_224": network("deit", "deit_tiny_distilled"),
    "timm_seresnet50": network("seresnet", "seresnet50"),
    "timm_convmixer_768_32": network("convmixer", "convmixer_768_32"),
    "timm_poolformer_s12": network("poolformer", "poolformer_s12"),
    "timm_resnetv2_50": network("resnet_v2", "resnetv2_50"),
    "timm_cspdarknet53": network("csp_darknet", "cspdarknet53"),
    "timm_efficientformer_l1": network("efficientformer", "efficientformer_l1"),
    "timm_mobilevit_xs": network("mobilevit", "mobilevit_xs"),
}
