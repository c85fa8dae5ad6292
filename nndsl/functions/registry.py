"""Finds a function's entry by its name; a family is imported when one of its own is asked for."""

from __future__ import annotations

from importlib import import_module

from nndsl.model.spec import Function

# The names stand here once more so that a spec pays only for the families it uses.
_FAMILIES = {
    "elementwise":
        "acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh erf erfc exp exp2 expm1 "
        "lgamma digamma log log10 log1p log2 rad2deg deg2rad reciprocal rsqrt sigmoid sinc "
        "sqrt erfinv i0 ndtr log_ndtr entr abs ceil floor neg trunc frac relu positive sign "
        "square isfinite isinf isnan isneginf isposinf logical_not signbit relu6 elu selu "
        "celu gelu silu mish softplus softsign tanhshrink logsigmoid hardsigmoid hardswish "
        "hardshrink softshrink leaky_relu threshold round bitwise_not hardtanh logit "
        "nan_to_num prelu rrelu glu",
    "combining":
        "logical_and logical_or logical_xor eq ne lt le gt ge maximum minimum fmax fmin mul "
        "atan2 copysign xlogy fmod remainder floor_divide hypot logaddexp logaddexp2 gcd lcm "
        "bitwise_left_shift bitwise_right_shift bitwise_and bitwise_or bitwise_xor add sub "
        "div ldexp heaviside isclose isin addcmul addcdiv pow clamp clamp_min clamp_max where "
        "lerp masked_fill masked_scatter",
    "joining": "cat stack split chunk unbind meshgrid",
    "stacking":
        "hstack vstack dstack column_stack broadcast_tensors block_diag cartesian_prod "
        "tensor_split",
    "reductions":
        "sum mean nansum nanmean prod amax amin all any logsumexp count_nonzero argmax argmin "
        "max min var std var_mean std_mean norm cumsum cumprod logcumsumexp cummax cummin "
        "softmax log_softmax softmin",
    "statistics":
        "median nanmedian mode kthvalue quantile nanquantile aminmax cov corrcoef diff "
        "trapezoid cumulative_trapezoid dist",
    "creation":
        "zeros ones full arange linspace eye logspace tensor hann_window blackman_window "
        "bartlett_window hamming_window kaiser_window zeros_like ones_like full_like",
    "sampling":
        "randn rand randn_like rand_like randint randint_like randperm bernoulli multinomial "
        "poisson",
    "triangles": "tril_indices triu_indices",
    "reshaping":
        "reshape flatten unflatten permute transpose movedim squeeze unsqueeze expand "
        "expand_as broadcast_to reshape_as ravel t repeat tile",
    "moving": "flip roll pad tril triu repeat_interleave",
    "placing":
        "narrow select select_scatter slice_scatter diagonal diag diag_embed rot90",
    "selecting":
        "gather take_along_dim take index_select topk sort argsort msort bucketize "
        "searchsorted one_hot embedding",
    "adding": "scatter scatter_add scatter_reduce index_add index_copy index_fill",
    "products":
        "matmul bmm mm mv dot outer einsum linear bilinear cdist cosine_similarity "
        "pairwise_distance",
    "contracting": "addmm addmv addr addbmm baddbmm inner tensordot multi_dot pdist",
    "algebra":
        "det logdet slogdet inv pinv matrix_exp matrix_power cholesky cholesky_solve solve "
        "solve_triangular qr svd svdvals eigh eigvalsh vector_norm matrix_norm vecdot cross "
        "kron trace",
    "attention": "scaled_dot_product_attention",
    "convolution":
        "conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d unfold fold",
    "images":
        "interpolate pixel_shuffle pixel_unshuffle channel_shuffle affine_grid grid_sample",
    "normalizing":
        "normalize layer_norm rms_norm group_norm dropout dropout1d dropout2d dropout3d "
        "alpha_dropout feature_alpha_dropout gumbel_softmax",
    "casts": "size numel int float bool detach",
}  # fmt: skip

# What torch itself calls an alias.
ALIASES = {
    "absolute": "abs", "arccos": "acos", "arccosh": "acosh", "arcsin": "asin", "arcsinh": "asinh",
    "arctan": "atan", "arctan2": "atan2", "arctanh": "atanh", "clip": "clamp", "concat": "cat",
    "concatenate": "cat", "divide": "div", "expit": "sigmoid", "fix": "trunc", "ger": "outer",
    "greater": "gt", "greater_equal": "ge", "inverse": "inv", "less": "lt", "less_equal": "le",
    "moveaxis": "movedim", "multiply": "mul", "negative": "neg", "not_equal": "ne",
    "pinverse": "pinv", "psi": "digamma", "row_stack": "vstack", "subtract": "sub",
    "swapaxes": "transpose", "swapdims": "transpose", "trapz": "trapezoid", "true_divide": "div",
}  # fmt: skip

_HOME = {name: family for family, names in _FAMILIES.items() for name in names.split()}
_LOADED: dict[str, Function] = {}
_DECLARED: dict[str, Function] = {}


def find(name: str) -> Function | None:
    """The entry of a function, by torch's name or one of its aliases."""
    name = ALIASES.get(name, name)
    family = _HOME.get(name)
    if family is None:
        return _DECLARED.get(name)
    if name not in _LOADED:
        module = import_module(f"nndsl.functions.{family}")
        _LOADED.update({function.name: function for function in module.FUNCTIONS})
    return _LOADED[name]


def names() -> tuple[str, ...]:
    """All functions, declared ones too, sorted; without aliases."""
    return tuple(sorted([*_HOME, *_DECLARED]))


def declare(function: Function) -> None:
    """Add an entry that is not built in; whoever calls has seen to it that the name is free."""
    _DECLARED[function.name] = function


def built_in(name: str) -> bool:
    """Whether a name is a function of torch here."""
    return ALIASES.get(name, name) in _HOME


def declared() -> tuple[Function, ...]:
    """The entries that plug-ins have declared in this process."""
    return tuple(_DECLARED.values())


def families() -> dict[str, tuple[str, ...]]:
    """The built-in functions by the module that describes them."""
    return {family: tuple(names.split()) for family, names in _FAMILIES.items()}
