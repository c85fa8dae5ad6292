"""References from diffusers."""

from tests.zoo.networks import Network, network

ROWS: dict[str, Network] = {
    "df_unet2d": network("diffusion", "unet2d_tiny"),
    "df_unet2d_condition": network("diffusion", "unet2d_condition_tiny"),
}
