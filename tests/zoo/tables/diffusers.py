"""References from diffusers."""

from tests.zoo.networks import Network

ROWS: dict[str, Network] = {}
