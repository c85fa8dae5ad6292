"""Finds a function's entry by its name; a family is imported when one of its own is asked for."""

from __future__ import annotations

from importlib import import_module

from nndsl.model.spec import Function

# The names stand here once more so that a spec pays only for the families it uses.
_FAMILIES = {
    "elementwise":
        "acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh erf erfc exp exp2 expm1 "
        "lgamma digamma log log10 log1p log2 rad2deg deg2rad reciprocal rsqrt sigmoid sinc "
        "sqrt erfinv abs ceil floor neg round trunc frac relu positive sign square isfinite "
        "isinf isnan logical_not signbit relu6 elu selu celu gelu silu mish softplus softsign "
        "tanhshrink logsigmoid hardsigmoid hardswish hardtanh hardshrink softshrink "
        "leaky_relu threshold logical_and logical_or logical_xor eq ne lt le gt ge maximum "
        "minimum atan2 fmod remainder add mul sub hypot pow clamp where lerp masked_fill glu",
    "joining": "cat stack split chunk unbind meshgrid",
    "reductions":
        "sum mean nansum prod amax amin all any logsumexp count_nonzero argmax argmin max min "
        "var std var_mean std_mean norm cumsum cumprod logcumsumexp cummax cummin softmax "
        "log_softmax softmin",
    "creation":
        "zeros ones full arange linspace eye randn rand zeros_like ones_like full_like "
        "randn_like rand_like",
    "triangles": "tril_indices triu_indices",
    "reshaping":
        "reshape flatten unflatten permute transpose movedim squeeze unsqueeze expand "
        "expand_as repeat tile",
    "moving": "flip roll pad tril triu diagonal repeat_interleave",
    "selecting":
        "gather scatter scatter_add index_select topk sort argsort one_hot embedding",
    "products":
        "matmul bmm mm mv dot outer einsum linear bilinear cdist cosine_similarity "
        "pairwise_distance",
    "attention": "scaled_dot_product_attention",
    "convolution":
        "conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d unfold fold",
    "images": "interpolate pixel_shuffle pixel_unshuffle channel_shuffle grid_sample",
    "normalizing":
        "normalize layer_norm rms_norm group_norm dropout dropout1d dropout2d dropout3d "
        "alpha_dropout feature_alpha_dropout gumbel_softmax",
    "casts": "size int float bool detach",
}  # fmt: skip

_HOME = {name: family for family, names in _FAMILIES.items() for name in names.split()}
_LOADED: dict[str, Function] = {}


def find(name: str) -> Function | None:
    """The entry of a function, by torch's name."""
    family = _HOME.get(name)
    if family is None:
        return None
    if name not in _LOADED:
        module = import_module(f"nndsl.functions.{family}")
        _LOADED.update({function.name: function for function in module.FUNCTIONS})
    return _LOADED[name]


def names() -> tuple[str, ...]:
    """All functions, sorted."""
    return tuple(sorted(_HOME))
