"""Every row of every table."""

from tests.zoo.networks import Network
from tests.zoo.tables import diffusers, plain, timm, torchvision, transformers

ROWS: dict[str, Network] = {
    **plain.ROWS,
    **torchvision.ROWS,
    **timm.ROWS,
    **transformers.ROWS,
    **diffusers.ROWS,
}
