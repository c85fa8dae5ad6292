"""Finds entries by name. A family's module is imported when one of its names is asked for, so that
a check of a small file doesn't pay for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module

from nndsl.layers.choices import CHOICES
from nndsl.model.spec import Choice, Layer, Loss, fold

FAMILIES = {
    "linear": "linear bilinear identity",
    "embedding": "embedding embedding_bag",
    "convolution": "conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d",
    "normalization": "batchnorm1d batchnorm2d batchnorm3d sync_batchnorm instancenorm1d "
    "instancenorm2d instancenorm3d groupnorm layernorm rmsnorm local_response_norm "
    "cross_map_lrn2d",
    "activation": "relu relu6 leaky_relu elu celu selu gelu silu mish sigmoid tanh logsigmoid "
    "hardsigmoid hardswish hardtanh hardshrink softshrink tanhshrink softplus softsign "
    "threshold rrelu glu prelu softmax softmin log_softmax softmax2d",
    "dropout": "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout",
    "shaping": "flatten unflatten channel_shuffle pixel_shuffle pixel_unshuffle",
    "pooling": "maxpool1d maxpool2d maxpool3d avgpool1d avgpool2d avgpool3d lppool1d lppool2d "
    "lppool3d max_unpool1d max_unpool2d max_unpool3d fractional_maxpool2d "
    "fractional_maxpool3d",
    "adaptive": "adaptive_avgpool1d adaptive_avgpool2d adaptive_avgpool3d adaptive_maxpool1d "
    "adaptive_maxpool2d adaptive_maxpool3d",
    "recurrent": "rnn lstm gru rnn_cell lstm_cell gru_cell",
    "rims": "constant_pad1d constant_pad2d constant_pad3d zero_pad1d zero_pad2d zero_pad3d "
    "reflection_pad1d reflection_pad2d reflection_pad3d replication_pad1d replication_pad2d "
    "replication_pad3d circular_pad1d circular_pad2d circular_pad3d",
    "resizing": "upsample upsampling_nearest2d upsampling_bilinear2d fold unfold",
    "distance": "cosine_similarity pairwise_distance",
    "attention": "multihead_attention",
    "transformer": "transformer transformer_encoder_layer transformer_decoder_layer",
    "stack": "transformer_encoder transformer_decoder",
    "parametrization": "weight_norm spectral_norm orthogonal",
}
"""The modules of this package and the layers that each describes (a test holds them together)."""

_CHOICES = {fold(choice.name): choice for choice in CHOICES}
_DECLARED: dict[str, Layer] = {}


def find(name: str) -> Layer | Choice | None:
    """The entry of a layer in any spelling of its name."""
    key = fold(name)
    if key in _CHOICES:
        return _CHOICES[key]
    family = _families().get(key)
    return _DECLARED.get(key) if family is None else _members(family)[key]


def declare(layer: Layer) -> None:
    """Add an entry that is not built in; whoever calls has seen to it that the name is free."""
    _DECLARED[fold(layer.name)] = layer


def built_in(name: str) -> bool:
    """Whether a name, in any spelling, is a layer of torch here."""
    return fold(name) in _CHOICES or fold(name) in _families()


def declared() -> tuple[Layer, ...]:
    """The entries that plug-ins have declared in this process."""
    return tuple(_DECLARED.values())


def choose(choice: Choice, rank: int) -> Layer | None:
    """The entry that a choice stands for at this number of axes; None if there is none."""
    name = choice.by_rank.get(rank)
    found = None if name is None else find(name)
    return found if isinstance(found, Layer) else None


def names() -> tuple[str, ...]:
    """The name of every layer as users write it, declared ones too."""
    layers = [name for members in FAMILIES.values() for name in members.split()]
    more = (*(choice.name for choice in CHOICES), *(layer.name for layer in declared()))
    return tuple(sorted([*layers, *more]))


def layers() -> Iterator[Layer]:
    """Every built-in entry; imports all families."""
    for family in FAMILIES:
        yield from _members(family).values()


def find_loss(name: str) -> Loss | None:
    """The entry of a loss by its class or by the name of its function."""
    from nndsl.layers.losses import LOSSES, SPELLINGS

    key = fold(name)
    return LOSSES.get(SPELLINGS.get(key, key))


def loss_names() -> tuple[str, ...]:
    """The name of every loss as users write it."""
    from nndsl.layers.losses import LOSSES

    return tuple(sorted(loss.name for loss in LOSSES.values()))


@cache
def _families() -> dict[str, str]:
    return {fold(name): family for family, named in FAMILIES.items() for name in named.split()}


@cache
def _members(family: str) -> dict[str, Layer]:
    module = import_module(f"nndsl.layers.{family}")
    return {fold(entry.name): entry for entry in module.ENTRIES}
