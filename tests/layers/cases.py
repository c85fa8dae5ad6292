"""Rows of calls that are fine, which the tests of layers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nndsl.layers import apply, registry
from nndsl.layers.parts import worn
from nndsl.model.graph import NoneType, TensorType, TupleType
from nndsl.model.spec import Layer, LayerCall, LayerResult, Part


@dataclass(frozen=True)
class Inside:
    """A layer among the arguments of another."""

    name: str
    args: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"{self.name}({','.join(f'{k}={v}' for k, v in self.args.items())})"


@dataclass(frozen=True)
class Row:
    """A call that is fine: arguments by name, and the shapes of the tensors."""

    name: str
    args: Mapping[str, Any]
    shapes: tuple[Any, ...]
    dtypes: Mapping[int, str] = field(default_factory=dict)

    def __str__(self) -> str:
        args = ",".join(f"{k}={v}" for k, v in self.args.items())
        return f"{self.name}({args})"


def _row(name: str, /, *shapes: Any, dtypes: Mapping[int, str] | None = None, **args: Any) -> Row:
    return Row(name, args, shapes, dtypes or {})


def _in(name: str, /, **args: Any) -> Inside:
    return Inside(name, args)


SEQ = (5, 2, 8)
IMAGE = {1: (2, 4, 9), 2: (2, 4, 9, 10), 3: (2, 4, 5, 6, 7)}
INT = {0: "int"}
ELEMENTWISE = (
    "relu relu6 leaky_relu elu celu selu gelu silu mish sigmoid tanh logsigmoid hardsigmoid "
    "hardswish hardtanh hardshrink softshrink tanhshrink softplus softsign rrelu prelu dropout "
    "alpha_dropout identity"
)
ENCODER = _in("transformer_encoder_layer", nhead=2, dim_feedforward=12)
DECODER = _in("transformer_decoder_layer", nhead=2, dim_feedforward=12)

ROWS = [
    *(_row(name, (2, 3, 4)) for name in ELEMENTWISE.split()),
    *(_row(name, (2, 3), inplace=True) for name in ("relu", "silu", "hardtanh", "dropout")),
    _row("leaky_relu", (2, 3), negative_slope=0.2),
    _row("gelu", (2, 3), approximate="tanh"),
    _row("softplus", (2, 3), beta=2),
    _row("softshrink", (2, 3), lambd=0.0),
    _row("rrelu", (2, 3), lower=0.1, upper=0.2),
    _row("hardtanh", (2, 3), min_val=0, max_val=float("inf")),
    _row("threshold", (2, 3), threshold=0.1, value=-float("inf")),
    _row("prelu", (2, 3, 4), num_parameters=3, init=0.1),
    _row("glu", (2, 6)),
    _row("glu", (2, 6, 3), dim=1),
    *(_row(n, (2, 3, 4), dim=-1) for n in ("softmax", "softmin", "log_softmax")),
    *(_row(n, (2, 3)) for n in ("softmax", "softmin", "log_softmax")),
    _row("softmax2d", (2, 3, 4, 5)),
    _row("feature_alpha_dropout", (2, 3, 4, 5)),
    *(_row(f"dropout{n}d", IMAGE[n], p=0.3) for n in (1, 2, 3)),
    _row("linear", (2, 7), out_features=3),
    _row("linear", (2, 5, 7), out_features=3, bias=False),
    _row("linear", (7,), in_features=7, out_features=3),
    _row("bilinear", (2, 3), (2, 4), out_features=5),
    _row("bilinear", (2, 6, 3), (2, 6, 4), out_features=5, bias=False),
    _row("embedding", (2, 5), num_embeddings=9, embedding_dim=4, dtypes=INT),
    _row("embedding", (5,), num_embeddings=9, embedding_dim=4, padding_idx=-1, dtypes=INT),
    _row("embedding_bag", (2, 5), num_embeddings=9, embedding_dim=4, dtypes=INT),
    _row(
        "embedding_bag", (5,), (2,), num_embeddings=9, embedding_dim=4, mode="sum",
        dtypes={0: "int", 1: "int"},
    ),
    _row(
        "embedding_bag", (5,), (3,), num_embeddings=9, embedding_dim=4, include_last_offset=True,
        dtypes={0: "int", 1: "int"},
    ),
    *(_row(f"conv{n}d", IMAGE[n], out_channels=6, kernel_size=3) for n in (1, 2, 3)),
    *(
        _row(
            f"conv{n}d", IMAGE[n], out_channels=6, kernel_size=3, stride=2, padding=1, dilation=2,
            groups=2, bias=False, padding_mode="circular",
        )
        for n in (1, 2, 3)
    ),
    _row("conv2d", IMAGE[2], out_channels=6, kernel_size=(3, 1), padding=(1, 0), stride=(1, 2)),
    _row("conv2d", IMAGE[2], out_channels=6, kernel_size=3, padding="valid"),
    *(_row(f"conv_transpose{n}d", IMAGE[n], out_channels=6, kernel_size=2) for n in (1, 2, 3)),
    *(
        _row(
            f"conv_transpose{n}d", IMAGE[n], out_channels=6, kernel_size=3, stride=2, padding=1,
            output_padding=1, groups=2, bias=False, dilation=2,
        )
        for n in (1, 2, 3)
    ),
    _row("batchnorm1d", (2, 4)),
    *(_row(f"batchnorm{n}d", IMAGE[n], eps=1e-3, momentum=None) for n in (1, 2, 3)),
    _row("batchnorm2d", IMAGE[2], affine=False),
    _row("batchnorm2d", IMAGE[2], bias=False, track_running_stats=False),
    _row("sync_batchnorm", IMAGE[2]),
    *(_row(f"instancenorm{n}d", IMAGE[n]) for n in (1, 2, 3)),
    _row("instancenorm2d", IMAGE[2], affine=True, track_running_stats=True),
    _row("groupnorm", IMAGE[2], num_groups=2),
    _row("groupnorm", (2, 4), num_groups=4, affine=False),
    _row("layernorm", (2, 5, 8)),
    _row("layernorm", (2, 5, 8), normalized_shape=(5, 8), bias=False),
    _row("layernorm", (2, 5, 8), normalized_shape=8, elementwise_affine=False),
    _row("rmsnorm", (2, 5, 8)),
    _row("rmsnorm", (2, 5, 8), normalized_shape=(5, 8), eps=1e-6),
    _row("local_response_norm", IMAGE[2], size=2),
    _row("local_response_norm", IMAGE[1], size=3, alpha=0.1, beta=0.5, k=2),
    _row("cross_map_lrn2d", IMAGE[2], size=3),
    *(
        _row(f"{kind}{n}d", IMAGE[n], kernel_size=2)
        for kind in ("maxpool", "avgpool")
        for n in (1, 2, 3)
    ),
    *(
        _row(f"{kind}{n}d", IMAGE[n], kernel_size=3, stride=2, padding=1, ceil_mode=True)
        for kind in ("maxpool", "avgpool")
        for n in (1, 2, 3)
    ),
    *(
        _row(name, (2, 4, *(2,) * int(name[-2])), kernel_size=3, ceil_mode=True)
        for name in ("maxpool1d", "maxpool2d", "maxpool3d", "avgpool1d", "avgpool2d")
    ),
    _row("maxpool2d", IMAGE[2], kernel_size=(3, 2), dilation=2, return_indices=True),
    _row("avgpool2d", IMAGE[2], kernel_size=2, count_include_pad=False, divisor_override=3),
    *(_row(f"lppool{n}d", IMAGE[n], norm_type=2, kernel_size=3, stride=2) for n in (1, 2, 3)),
    _row("lppool2d", IMAGE[2], norm_type=1.5, kernel_size=2, ceil_mode=True),
    *(
        _row(
            f"max_unpool{n}d", IMAGE[n], IMAGE[n], kernel_size=3, stride=2, padding=1,
            dtypes={1: "int"},
        )
        for n in (1, 2, 3)
    ),
    *(
        _row(f"fractional_maxpool{n}d", IMAGE[n], kernel_size=2, output_size=3) for n in (2, 3)
    ),
    _row("fractional_maxpool2d", IMAGE[2], kernel_size=2, output_ratio=0.5, return_indices=True),
    _row("fractional_maxpool3d", IMAGE[3], kernel_size=2, output_ratio=(0.5, 0.6, 0.7)),
    *(_row(f"adaptive_avgpool{n}d", IMAGE[n], output_size=1) for n in (1, 2, 3)),
    *(_row(f"adaptive_maxpool{n}d", IMAGE[n], output_size=2) for n in (1, 2, 3)),
    _row("adaptive_avgpool2d", IMAGE[2], output_size=(None, 3)),
    _row("adaptive_maxpool2d", IMAGE[2], output_size=(4, 3), return_indices=True),
    *(
        _row(f"{kind}_pad{n}d", IMAGE[n], padding=2)
        for kind in ("zero", "reflection", "replication", "circular")
        for n in (1, 2, 3)
    ),
    *(_row(f"constant_pad{n}d", IMAGE[n], padding=1, value=0.5) for n in (1, 2, 3)),
    _row("zero_pad2d", IMAGE[2], padding=(1, 0, -2, 3)),
    _row("constant_pad2d", IMAGE[2], padding=(1, 0, 2, 3), value=0),
    _row("reflection_pad2d", IMAGE[2], padding=(1, 0, 2, 3)),
    _row("flatten", IMAGE[3]),
    _row("flatten", IMAGE[3], start_dim=0, end_dim=-2),
    _row("unflatten", (2, 12), dim=1, unflattened_size=(3, 4)),
    _row("unflatten", (2, 12, 5), dim=-2, unflattened_size=(3, -1, 2)),
    _row("channel_shuffle", IMAGE[2], groups=2),
    _row("pixel_shuffle", IMAGE[2], upscale_factor=2),
    _row("pixel_unshuffle", (2, 3, 6, 9), downscale_factor=3),
    _row("upsample", IMAGE[2], scale_factor=2),
    _row("upsample", IMAGE[1], scale_factor=1.5, mode="linear", align_corners=True),
    _row("upsample", IMAGE[2], size=(5, 7), mode="bicubic"),
    _row("upsample", IMAGE[3], size=4, mode="trilinear"),
    _row("upsampling_nearest2d", IMAGE[2], scale_factor=2),
    _row("upsampling_bilinear2d", IMAGE[2], size=(5, 7)),
    _row("unfold", IMAGE[2], kernel_size=3, dilation=2, padding=1, stride=2),
    _row("unfold", IMAGE[2], kernel_size=(2, 3)),
    _row("fold", (2, 12, 12), output_size=(4, 5), kernel_size=2),
    _row("fold", (2, 12, 9), output_size=6, kernel_size=2, stride=2),
    _row("fold", (2, 12, 9), output_size=5, kernel_size=2, dilation=2),
    _row("cosine_similarity", (2, 3, 4), (2, 1, 4)),
    _row("cosine_similarity", (2, 3), (2, 3), dim=-1),
    _row("pairwise_distance", (2, 3), (2, 3)),
    _row("pairwise_distance", (2, 3), (3,), p=1, keepdim=True),
    *(_row(name, SEQ, hidden_size=6) for name in ("rnn", "lstm", "gru")),
    *(
        _row(
            name, SEQ, hidden_size=6, num_layers=2, bias=False, batch_first=True, dropout=0.5,
            bidirectional=True,
        )
        for name in ("rnn", "lstm", "gru")
    ),
    _row("rnn", SEQ, (1, 2, 6), hidden_size=6, nonlinearity="relu"),
    _row("gru", SEQ, (2, 2, 6), hidden_size=6, num_layers=2),
    _row("lstm", SEQ, ((1, 2, 6), (1, 2, 6)), hidden_size=6),
    _row("lstm", SEQ, hidden_size=6, proj_size=3, num_layers=2, bidirectional=True),
    _row("lstm", SEQ, ((1, 2, 3), (1, 2, 6)), hidden_size=6, proj_size=3),
    *(_row(f"{name}_cell", (2, 8), hidden_size=6) for name in ("rnn", "lstm", "gru")),
    *(_row(f"{name}_cell", (2, 8), (2, 6), hidden_size=6, bias=False) for name in ("rnn", "gru")),
    _row("lstm_cell", (2, 8), ((2, 6), (2, 6)), hidden_size=6),
    _row("multihead_attention", SEQ, SEQ, SEQ, num_heads=2),
    _row("multihead_attention", SEQ, (7, 2, 6), (7, 2, 4), num_heads=4, bias=False),
    _row(
        "multihead_attention", (2, 5, 8), (2, 7, 8), (2, 7, 8), (2, 7), (5, 7), num_heads=2,
        batch_first=True, add_bias_kv=True, add_zero_attn=True, dtypes={3: "bool", 4: "bool"},
    ),
    _row("multihead_attention", SEQ, SEQ, SEQ, None, (4, 5, 5), num_heads=2),
    _row("transformer_encoder_layer", SEQ, nhead=2),
    _row(
        "transformer_encoder_layer", (2, 5, 8), (5, 5), (2, 5), nhead=2, dim_feedforward=12,
        activation="gelu", batch_first=True, norm_first=True, bias=False,
    ),
    _row("transformer_decoder_layer", SEQ, (7, 2, 8), nhead=2),
    _row(
        "transformer_decoder_layer", SEQ, (7, 2, 8), (5, 5), (5, 7), (2, 5), (2, 7), nhead=4,
        bias=False,
    ),
    _row(
        "transformer", SEQ, (7, 2, 8), nhead=2, num_encoder_layers=2, num_decoder_layers=1,
        dim_feedforward=12,
    ),
    _row(
        "transformer", (2, 5, 8), (2, 7, 8), (5, 5), (7, 7), nhead=2, num_encoder_layers=1,
        num_decoder_layers=2, dim_feedforward=12, batch_first=True, bias=False,
    ),
    _row("transformer_encoder", SEQ, encoder_layer=ENCODER, num_layers=2),
    _row(
        "transformer_encoder", (2, 5, 8), (5, 5), (2, 5), num_layers=1, norm=_in("layernorm"),
        encoder_layer=_in("transformer_encoder_layer", nhead=4, batch_first=True, bias=False),
        enable_nested_tensor=False, mask_check=False,
    ),
    _row(
        "transformer_encoder", SEQ, encoder_layer=ENCODER, num_layers=1,
        norm=_in("weight_norm", module=_in("linear", out_features=5)),
    ),
    _row("transformer_decoder", SEQ, (7, 2, 8), decoder_layer=DECODER, num_layers=2),
    _row(
        "transformer_decoder", SEQ, (7, 2, 8), (5, 5), (5, 7), (2, 5), (2, 7),
        decoder_layer=DECODER, num_layers=3, norm=_in("rmsnorm"),
    ),
    *(
        _row(name, (2, 7), module=_in("linear", out_features=size))
        for name in ("weight_norm", "spectral_norm", "orthogonal") for size in (3, 7, 9)
    ),
    *(
        _row(name, IMAGE[n], module=_in(f"{conv}{n}d", out_channels=6, kernel_size=3))
        for name in ("weight_norm", "spectral_norm", "orthogonal")
        for conv in ("conv", "conv_transpose") for n in (1, 2, 3)
    ),
    *(
        _row("weight_norm", IMAGE[1], module=_in("conv1d", out_channels=6, kernel_size=3), dim=dim)
        for dim in (None, -3, -2, -1, 0, 1, 2)
    ),
    *(
        _row("spectral_norm", IMAGE[2], module=_in("conv2d", out_channels=6, kernel_size=3), dim=d)
        for d in (None, -1, 0, 1, 2)
    ),
    _row("weight_norm", (2, 7), module=_in("linear", out_features=3), name="bias"),
    _row(
        "spectral_norm", (2, 7), name="bias", n_power_iterations=3, eps=1e-6,
        module=_in("weight_norm", module=_in("linear", out_features=3)),
    ),
    _row("weight_norm", IMAGE[2], module=_in("batchnorm2d")),
    _row("spectral_norm", IMAGE[2], module=_in("batchnorm2d"), name="bias"),
    _row("weight_norm", (2, 3, 4), module=_in("prelu", num_parameters=3)),
    _row(
        "weight_norm", (2, 5), module=_in("embedding", num_embeddings=9, embedding_dim=4),
        dtypes=INT,
    ),
    _row("weight_norm", SEQ, module=_in("lstm", hidden_size=6), name="weight_hh_l0"),
    _row("spectral_norm", (2, 8), module=_in("gru_cell", hidden_size=6), name="weight_ih"),
    _row(
        "orthogonal", SEQ, SEQ, SEQ, module=_in("multihead_attention", num_heads=2),
        name="in_proj_weight",
    ),
    _row(
        "spectral_norm", (2, 3), (2, 4), module=_in("bilinear", out_features=5), dim=1,
    ),
    *(
        _row(
            "orthogonal", (2, 7), module=_in("linear", out_features=size), orthogonal_map=how,
            use_trivialization=trivial,
        )
        for size in (3, 7) for trivial in (True, False)
        for how in ("matrix_exp", "cayley", "householder")
    ),
]  # fmt: skip


# ------------------------------------------------------------------ nndsl's side


def flow_of(shape: Any, dtype: str = "float") -> Any:
    """The type of an input: a tensor, a tuple of tensors, or one that is left out."""
    if shape is None:
        return NoneType()
    if shape and isinstance(shape[0], tuple):
        return TupleType(tuple(flow_of(s, dtype) for s in shape))
    return TensorType(tuple(shape), dtype)


def call_of(layer: Layer, row: Row) -> LayerCall:
    """The row as a call of an entry."""
    inputs = tuple(flow_of(s, row.dtypes.get(i, "float")) for i, s in enumerate(row.shapes))
    return _call(layer, row.args, inputs)


def _call(layer: Layer, args: Mapping[str, Any], inputs: tuple[Any, ...]) -> LayerCall:
    plain = {k: _part(v, inputs) if isinstance(v, Inside) else v for k, v in args.items()}
    full, given = apply.complete(layer, [], plain)
    return LayerCall(full, given, inputs)


def _part(inside: Inside, inputs: tuple[Any, ...]) -> Part:
    layer = registry.find(inside.name)
    assert isinstance(layer, Layer)
    call = _call(layer, inside.args, inputs)
    return Part(worn(layer, call) if layer.wraps else layer, call, inside.name)


def entry_of(row: Row) -> Layer:
    """The row's entry; one that wraps a layer reads what that layer reads."""
    layer = registry.find(row.name)
    assert isinstance(layer, Layer)
    return worn(layer, call_of(layer, row)) if layer.wraps else layer


def shapes_in(flow: Any) -> Any:
    """The shapes of an output, tuples as tuples."""
    if isinstance(flow, TupleType):
        return tuple(map(shapes_in, flow.items))
    return flow.shape


def weights_of(result: LayerResult) -> list[tuple[str, Any, bool, str]]:
    return [(w.name, w.shape, w.trainable, w.dtype) for w in result.weights]
