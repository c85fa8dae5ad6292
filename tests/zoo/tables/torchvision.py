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
}
