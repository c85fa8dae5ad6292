"""References from transformers."""

from tests.zoo.networks import Network

ROWS: dict[str, Network] = {}
