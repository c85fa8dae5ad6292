"""References from timm."""

from tests.zoo.networks import Network

ROWS: dict[str, Network] = {}
