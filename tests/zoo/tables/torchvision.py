"""References from torchvision."""

from tests.zoo.networks import Network, network

ROWS: dict[str, Network] = {
    "tv_resnet18": network("resnet", "resnet18"),
    "tv_resnet50": network("resnet", "resnet50"),
    "tv_resnext50_32x4d": network("resnet", "resnext50_32x4d"),
    "tv_wide_resnet50_2": network("resnet", "wide_resnet50_2"),
    "tv_fcn_resnet50": network("segmentation", "fcn_resnet50"),
    "tv_fcn_resnet50_aux": network("segmentation", "fcn_resnet50_aux"),
    "tv_deeplabv3_resnet50": network("segmentation", "deeplabv3_resnet50"),
    "tv_swin_t": network("swin", "swin_t"),
    "tv_inception_v3": network("inception", "inception_v3"),
    "tv_mobilenet_v2": network("mobilenet_v2", "mobilenet_v2"),
    "tv_mobilenet_v3_large": network("mobilenet_v3", "mobilenet_v3_large"),
    "tv_mobilenet_v3_small": network("mobilenet_v3", "mobilenet_v3_small"),
    "tv_efficientnet_b0": network("efficientnet", "efficientnet_b0"),
    "tv_efficientnet_v2_s": network("efficientnet", "efficientnet_v2_s"),
    "tv_alexnet": network("alexnet", "alexnet"),
    "tv_vgg11": network("vgg", "vgg11"),
    "tv_vgg16_bn": network("vgg", "vgg16_bn"),
    "tv_densenet121": network("densenet", "densenet121"),
    "tv_convnext_tiny": network("convnext", "convnext_tiny"),
    "tv_vit_b_16": network("vit", "vit_b_16"),
    "tv_r3d_18": network("video_resnet", "r3d_18"),
}
