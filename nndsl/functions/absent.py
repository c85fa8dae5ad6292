"""What is left out of torch's functions, and what to write instead where people look for it."""

from __future__ import annotations

_NUMBERS = "how large its result is depends on the numbers in the tensor"
_COMPLEX = "there are no complex tensors"

# name: what the message says. Names in one key share a message.
_SAID = {
    "view view_as": "`reshape` does it, whatever the strides",
    "contiguous clone": "leave it out: nothing is changed in place, and strides are torch's affair",
    "to type type_as long double half bfloat16": "convert with `float(x)`, `int(x)` or `bool(x)`",
    "cuda cpu": "a model is moved when it is built, or with its own `.to(...)`",
    "item tolist numpy": "a tensor's numbers aren't known when the model is constructed",
    "shape": "`size(x, dim)`, or names in the input's pattern: `x: \"b c h w\"`",
    "dim ndim": "the number of axes is known from the pattern",
    "mT H mH adjoint": "`transpose(x, -2, -1)`",
    "T": "`t(x)` or `permute(x, ...)`",
    "new_zeros": "`zeros(...)`",
    "new_ones": "`ones(...)`",
    "new_full": "`full(...)`",
    "empty empty_like": "`zeros` or `zeros_like`: memory as it lies isn't a value",
    "normal": "`mean + std * randn_like(mean)`",
    "masked_select": "`x[mask]`",
    "nonzero argwhere unique unique_consecutive bincount": _NUMBERS
    + ": use `where`, `topk` or `one_hot`",
    "allclose equal": "it gives a Python bool: use `all(isclose(a, b))`",
    "index_put put": "`scatter`, `index_copy` or `masked_scatter`",
    "as_strided": "slices, `unfold` and `reshape` say what is meant",
    "float_power": "`float(x) ** y`; torch's gives doubles",
    "fft fft2 fftn ifft ifft2 ifftn rfft rfft2 rfftn irfft irfft2 irfftn": _COMPLEX,
    "hfft ihfft stft istft": _COMPLEX,
    "complex polar real imag conj angle view_as_real view_as_complex eig eigvals": _COMPLEX,
    "hsplit vsplit dsplit": "`tensor_split` with `dim`",
    "split_with_sizes unsafe_split unsafe_chunk": "`split` or `chunk`",
    "fliplr": "`flip(x, 1)`",
    "flipud": "`flip(x, 0)`",
    "diagflat": "`diag(ravel(x))`",
    "diagonal_scatter": "`where(bool(eye(n)), ..., x)`",
    "atleast_1d atleast_2d atleast_3d": "the number of axes is known: `unsqueeze`",
    "vdot": "`dot`",
    "chain_matmul": "`multi_dot`",
    "constant_pad_nd": "`pad`",
    "vander": "`unsqueeze(x, -1) ** arange(n)`",
    "scalar_tensor as_tensor": "`tensor`",
    "upsample upsample_nearest upsample_bilinear": "`interpolate`",
    "batch_norm": "the layer `batchnorm`: it changes its statistics as it runs",
    "instance_norm": "the layer `instancenorm(affine=False)`",

    "cross_entropy nll_loss mse_loss l1_loss smooth_l1_loss huber_loss kl_div binary_cross_entropy "
    "binary_cross_entropy_with_logits": "a model's loss is said with `loss`",
}  # fmt: skip

INSTEAD = {name: said for names, said in _SAID.items() for name in names.split()}
"""For the message where such a name isn't defined."""
