"""References from torchvision."""

from tests.zoo.networks import Network

ROWS: dict[str, Network] = {}
