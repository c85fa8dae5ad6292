"""References written with torch alone."""

from tests.zoo.networks import Network, network

ROWS: dict[str, Network] = {
    "nn_moe": network("moe", "moe"),
}
