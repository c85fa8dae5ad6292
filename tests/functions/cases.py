"""Calls of every function: arguments by place, arguments by name.

Each is tried as it stands; torch says whether it is right, and what comes out.
"""

from __future__ import annotations

from typing import Any

from tests.functions.more_cases import MORE, Case, c
from tests.functions.running import b, f, i

DIMS = (-4, -3, -2, -1, 0, 1, 2, 3)
SHAPES = ((), (3,), (2, 3), (2, 1, 4))
DTYPES = (f, i, b)

UNARY = (
    "acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh erf erfc exp exp2 expm1 lgamma "
    "digamma log log10 log1p log2 rad2deg deg2rad reciprocal rsqrt sigmoid sinc sqrt erfinv abs "
    "ceil floor neg round trunc frac relu sign square positive isfinite isinf isnan logical_not "
    "signbit relu6 elu selu celu gelu silu mish softplus softsign tanhshrink logsigmoid "
    "hardsigmoid hardswish hardtanh hardshrink softshrink leaky_relu zeros_like ones_like int "
    "float bool detach i0 ndtr log_ndtr entr isneginf isposinf bitwise_not logit nan_to_num rrelu "
    "median nanmedian mode aminmax cov corrcoef nanmean dropout alpha_dropout "
    "feature_alpha_dropout rand_like randn_like glu sum mean nansum prod amax amin all any "
    "count_nonzero argmax argmin max min var std var_mean std_mean norm sort argsort tril triu "
    "squeeze normalize gumbel_softmax"
)

BINARY = (
    "logical_and logical_or logical_xor eq ne lt le gt ge maximum minimum atan2 fmod remainder "
    "add mul sub hypot matmul bmm mm mv dot outer pow max min expand_as cdist cosine_similarity "
    "pairwise_distance linear embedding fmax fmin copysign xlogy floor_divide logaddexp "
    "logaddexp2 gcd lcm bitwise_left_shift bitwise_right_shift bitwise_and bitwise_or bitwise_xor "
    "div ldexp heaviside isclose isin clamp_min clamp_max kron vecdot cross inner dist"
)

# Reductions: (the argument `dim` in all ways, with and without keepdim)
REDUCTIONS = (
    "sum mean nansum nanmean prod amax amin all any logsumexp argmax argmin max min var std "
    "var_mean std_mean norm"
)
ALONG = (
    "cumsum cumprod logcumsumexp cummax cummin softmax log_softmax softmin sort argsort glu "
    "unbind unsqueeze squeeze stack cat size normalize gumbel_softmax count_nonzero"
)

PAIRS = (
    (f(2, 3), f(2, 3)), (f(2, 3), f(3)), (f(2, 1), f(1, 3)), (f(2, 3), f(3, 4)), (f(2, 3), f(4)),
    (f(2, 3), i(2, 3)), (i(2, 3), i(2, 3)), (b(2, 3), b(2, 3)), (b(2, 3), i(3)), (f(3), f(3)),
    (f(), f(3)), (f(2, 2, 3), f(2, 3, 4)), (f(2, 2, 3), f(3, 3, 4)), (f(2, 3), 2), (i(2, 3), 1.5),
    (i(2, 3), 2), (b(2), 2), (b(2), True), (f(2, 5, 1, 3), f(4, 3, 2)), (f(3), f(3, 2)),
    (f(2, 3), f(3)), (f(2), f(2, 3)), (i(2), f(4, 3)), (i(2, 3), f(5)),
)  # fmt: skip

X = f(2, 3, 4)
IMAGE = f(2, 3, 8, 9)
MATRIX = f(2, 6)

SPECIAL: dict[str, list[Case]] = {
    "threshold": [c(X, 0.1, 2.0), c(i(2), 0.1, 1.0)],
    "elu": [c(X, 0.5), c(X, alpha=2)],
    "gelu": [c(X, "tanh"), c(X, approximate="tan")],
    "softplus": [c(X, beta=2, threshold=3.0)],
    "softshrink": [c(X, 0.1), c(X, -0.1)],
    "leaky_relu": [c(X, 0.2)],
    "pow": [c(i(2), -1), c(i(2), 2.0), c(2, f(3)), c(2.0, i(3)), c(2, i(3)), c(f(2), f(3))],
    "clamp": [c(X, 0, 1), c(X, min=0), c(X, max=0.5), c(i(2), 0, 1.5), c(X), c(b(2), 0, 1),
              c(X, f(4), f(3, 1)), c(X, f(5), f(4)), c(X, max=f(4))],
    "where": [c(b(2, 3), f(2, 3), 0), c(b(3), 1, 0), c(b(3), 1, 0.5), c(b(3), True, False),
              c(f(3), 1, 0), c(b(2, 1), f(3), i(1)), c(b(2, 3), f(4), 1)],
    "lerp": [c(X, X, 0.5), c(X, f(4), f(4)), c(X, f(3), 0.5), c(i(2), i(2), 0.5)],
    "masked_fill": [c(X, b(4), 0.0), c(X, b(2, 3, 4), float("-inf")), c(X, i(4), 0.0),
                    c(i(3), b(3), 0.5), c(i(3), b(3), 1), c(b(3), b(3), True), c(b(3), b(3), 1),
                    c(X, b(4), f()), c(X, b(4), f(1)), c(X, b(5), 0)],
    "glu": [c(f(2, 6)), c(f(2, 5)), c(f(2, 6), 0), c(f(2, 6), dim=1)],
    "cat": [c([f(2, 3), f(2, 4)], dim=1), c([f(2, 3), f(2, 4)]), c([f(2, 3), i(2, 3)]),
            c([f(2, 3), f(3)]), c([f(2, 3)], dim=-1), c([f(2, 3), f(2, 4), f(2, 1)], -1),
            c([f(2, 3), f(2, 3)], dim=2)],
    "stack": [c([f(2, 3), f(2, 3)], dim=1), c([f(2, 3), f(2, 4)]), c([f(2, 3), i(2, 3)], -1),
              c([f(2, 3), f(2, 3)], dim=3), c([f(2, 3), f(2, 3)], dim=2), c([f(), f()])],
    "split": [c(f(7, 2), 3), c(f(7, 2), [3, 4]), c(f(7, 2), [3, 3]), c(f(7, 2), 2, dim=1),
              c(f(7, 2), 7), c(f(7, 2), 9), c(f(7, 2), [7, 0]), c(f(6, 2), 2), c(f(7, 2), 0)],
    "chunk": [c(f(6, 2), 3), c(f(7, 2), 3), c(f(7, 2), 9), c(f(7, 2), 2, 1), c(f(7, 2), 0),
              c(f(5, 2), 4), c(f(7, 2), 2, 2)],
    "unbind": [c(X), c(X, 1), c(X, -1), c(X, 3)],
    "meshgrid": [c(f(2), f(3), indexing="ij"), c(f(2), f(3), indexing="xy"), c([f(2), f(3)]),
                 c(f(2), f(3), f(4), indexing="xy"), c(f(2, 2), f(3)), c(f(2), i(3))],
    "sum": [c(X, (0, 2)), c(X, [0, -1], keepdim=True), c(X, (0, 0)), c(X, dtype="int"),
            c([f(2, 3), f(3)]), c([f(2, 3), f(2)]), c([f(2, 3)])],
    "mean": [c(X, (0, 2)), c(i(3), dtype="float"), c(X, (1, 1)), c(X, ())],
    "prod": [c(X, 1, dtype="float"), c(X, (0, 1))],
    "amax": [c(X, (0, 2)), c(X, ()), c(X, (), True)],
    "amin": [c(X, (0, 2), keepdim=True)],
    "all": [c(X, (0, 1))],
    "logsumexp": [c(X, (0, 1)), c(i(3), 0)],
    "var": [c(X, (0, 2), correction=0), c(X, 1, keepdim=True)],
    "norm": [c(X, 2, 1), c(X, dim=1, keepdim=True), c(X, 1, (0, 1)), c(X, float("inf"), -1),
             c(X, "fro", (1, 2))],
    "max": [c(X, f(4)), c(X, f(3)), c(X, 1, keepdim=True), c(X, keepdim=True)],
    "cumsum": [c(b(3), 0), c(i(3), 0, dtype="float")],
    "softmax": [c(i(3), 0, dtype="float"), c(i(3), 0), c(X)],
    "zeros": [c(2, 3), c([2, 3]), c(2, -3), c(), c(2, dtype="int"), c(0, 3), c(2**40, 2**40)],
    "ones": [c(2, 3), c((2, 3), dtype="bool")],
    "full": [c((2, 3), 1), c([2], 0.5), c([2], True), c((2,), 1, dtype="float"), c([-1], 1)],
    "arange": [c(5), c(2, 7), c(2, 7, 2), c(7, 2), c(7, 2, -1), c(0, 1, 0.25), c(5.5), c(0, 5, 0),
               c(5, dtype="float"), c(1, 1), c(0.5, 3), c(float("inf")), c(3, -3, -2), c(0)],
    "linspace": [c(0, 1, 5), c(0, 1, steps=0), c(0, 1, -1), c(0.0, 1, 1, dtype="float")],
    "eye": [c(3), c(3, 4), c(2, m=5), c(-1)],
    "tril_indices": [c(4, 4), c(4, 4, -1), c(4, 4, offset=-3), c(4, 4, -6), c(4, 4, 2), c(3, 5, 1),
                     c(5, 3, -1), c(0, 3), c(3, 0), c(2, 2, 9), c(-1, 2), c(3)],
    "triu_indices": [c(4, 4), c(4, 4, 1), c(4, 4, offset=3), c(4, 4, 6), c(4, 4, -2), c(3, 5, 1),
                     c(5, 3, -1), c(0, 3), c(3, 0), c(2, 2, -9)],
    "rand": [c(2, 3), c([2]), c(2, dtype="int")],
    "randn": [c(2, 3), c(-2)],
    "full_like": [c(X, 1), c(i(2), 0), c(i(2), 0.5, dtype="float")],
    "zeros_like": [c(X, dtype="int")],
    "randn_like": [c(i(2), dtype="float")],
    "reshape": [c(X, 6, 4), c(X, (-1, 4)), c(X, -1), c(X, 5, -1), c(X, -1, -1), c(X, 24), c(X, 25),
                c(X, 2, 3, 4, 1), c(X, -2, 12), c(f(), 1), c(f(1)), c(X, 0, -1), c(f(0, 3), 3, 0)],
    "flatten": [c(X, 0), c(X, 1), c(X, 0, 1), c(X, 2, 1), c(X, -2), c(X, start_dim=0, end_dim=-2),
                c(X, 3), c(X)],
    "unflatten": [c(MATRIX, 1, (2, 3)), c(MATRIX, -1, (2, -1)), c(MATRIX, 1, (4, -1)),
                  c(MATRIX, 1, (2, 2)), c(MATRIX, 2, (1, 1)), c(MATRIX, 0, [2, 1]),
                  c(MATRIX, 1, (-1, -1)), c(MATRIX, 1, ())],
    "permute": [c(X, 2, 0, 1), c(X, (0, 2, 1)), c(X, 0, 1), c(X, 0, 1, 1), c(X, -1, 0, 1),
                c(X, dims=(2, 1, 0)), c(X, 0, 1, 3)],
    "transpose": [c(X, 0, 1), c(X, -1, -2), c(X, 0, 3), c(X, 1, 1), c(X, dim0=0, dim1=2)],
    "movedim": [c(X, 0, 2), c(X, (0, 1), (1, 2)), c(X, (0, 1), 2), c(X, -1, 0),
                c(X, (0, 0), (1, 2)),
                c(X, 0, 3)],
    "squeeze": [c(f(2, 1, 3, 1), 1), c(f(2, 1, 3, 1), (1, 3)), c(f(2, 1, 3, 1), 0), c(f(1, 2)),
                c(f(2, 1), 5)],
    "unsqueeze": [c(X, 3), c(X, -4), c(X, 4), c(X, -5)],
    "expand": [c(f(2, 1), 2, 3), c(f(2, 1), -1, 3), c(f(2, 1), 4, 2, 3), c(f(2, 1), 3, 3),
               c(f(3), -1, 3), c(f(2, 1), 3), c(f(2, 1), (5, 2, -1)), c(f(1), -2)],
    "expand_as": [c(f(2, 1), f(2, 3)), c(f(1), f(4, 5)), c(f(2, 3), f(3)), c(f(2), f(3))],
    "repeat": [c(X, 2, 1, 1), c(X, 2), c(X, 2, 1, 1, 3), c(X, (1, 0, 1)), c(X, 1, -1, 1)],
    "tile": [c(X, 2), c(X, 2, 1, 1, 3), c(X, (2, 3))],
    "flip": [c(X, 0), c(X, (0, 2)), c(X, 1, 2), c(X, 3), c(X, 0, 0)],
    "roll": [c(X, 1), c(X, 1, 0), c(X, (1, 2), (0, 1)), c(X, (1, 2), 0), c(X, (1, 2)), c(X, 1, 3)],
    "pad": [c(X, (1, 2)), c(X, [1, 2, 3, 4]), c(X, (1,)), c(X, (1,) * 8), c(X, (-1, -1)),
            c(X, (-3, -3)), c(X, (1, 1), value=2.0), c(X, (1, 1), "reflect"),
            c(X, (4, 1), "reflect"), c(X, (3, 3), mode="reflect"), c(X, (1, 1), mode="replicate"),
            c(IMAGE, (1, 1, 2, 2), "circular"), c(IMAGE, (10, 1, 2, 2), "circular"),
            c(IMAGE, (9, 1, 2, 2), "circular"), c(IMAGE, (1, 1), "replicate"),
            c(f(3), (1, 1), "replicate"), c(b(2, 3), (1, 1)), c(X, ()), c(X, (1, 1), "none")],
    "tril": [c(X, 1), c(X, diagonal=-1)],
    "diagonal": [c(X), c(X, 1), c(X, -1), c(X, 0, 1, 2), c(X, 0, 1, 1), c(X, 9), c(X, dim1=-1)],
    "repeat_interleave": [c(X, 2), c(X, 2, 1), c(X, repeats=3, dim=-1), c(X, -1, 0), c(X, 0, 0)],
    "gather": [c(X, 1, i(2, 5, 4)), c(X, 1, i(2, 1, 3)), c(X, 0, i(2, 5, 4)), c(X, 1, i(2, 5)),
               c(X, 1, f(2, 3, 4)), c(X, 1, i(3, 1, 1))],
    "scatter": [c(X, 1, i(2, 3, 4), X), c(X, 1, i(2, 2, 4), 1.0), c(X, 1, i(2, 3, 4), i(2, 3, 4)),
                c(X, 1, i(2, 5, 4), f(2, 5, 4)), c(X, 1, i(2, 3, 4), f(2, 2, 4)),
                c(X, 0, i(2, 4, 4), 0.0), c(X, 1, i(2, 3), 0)],
    "scatter_add": [c(X, 1, i(2, 3, 4), X), c(X, 1, i(1, 5, 2), f(1, 5, 2)), c(X, 0, i(2), X)],
    "index_select": [c(X, 1, i(5)), c(X, 1, i(5, 2)), c(X, 1, f(5)), c(X, 3, i(5)), c(X, -1, i())],
    "topk": [c(X, 2), c(X, 4), c(X, 5), c(X, 2, 0), c(X, 1, dim=1, largest=False), c(b(3), 1)],
    "sort": [c(X, descending=True), c(X, 0, True)],
    "argsort": [c(X, descending=True)],
    "one_hot": [c(i(2, 3), 4), c(f(2), 4), c(i(2), num_classes=1)],
    "embedding": [c(i(2, 3), f(5, 6)), c(i(2), f(5, 6), 2), c(i(2), f(5, 6), 5),
                  c(i(2), f(5, 6), -5),
                  c(f(2), f(5, 6)), c(i(2), f(5))],
    "einsum": [c("ij,jk->ik", f(2, 3), f(3, 4)), c("ij,jk", f(2, 3), f(3, 4)),
               c("b i j, b j k -> b i k", f(5, 2, 3), f(5, 3, 4)), c("ii->i", f(3, 3)),
               c("ii->i", f(3, 2)), c("...ij,...jk->...ik", f(5, 2, 3), f(3, 4)),
               c("ij->ji", f(2, 3)),
               c("ij,jk->ik", f(2, 3), f(4, 5)), c("ij->ik", f(2, 3)), c("ij->ii", f(2, 3)),
               c("ij", f(2, 3)), c("ji", f(2, 3)), c("ij,ij->", f(2, 3), f(2, 3)),
               c("ij,ij->", f(2, 3), i(2, 3)), c("ijk->i", f(2, 3)), c("i,j->ij", f(2), f(3)),
               c("ij,jk->ik", f(2, 3)), c("i...->...", f(2, 3)), c("i..->i", f(2)),
               c("i1->i", f(2, 2)),
               c("...->...", f(2, 3)), c("b...,b...->b", f(2, 3), f(2, 3)), c("i,i->i", f(1), f(3)),
               c("i...->i", f(2, 3)), c("Aa->aA", f(2, 3)), c("a...b->b...", f(2, 3, 4, 5))],
    "linear": [c(X, f(5, 4)), c(X, f(5, 4), f(5)), c(X, f(5, 3)), c(X, f(5, 4), f(4)), c(X, f(4)),
               c(X, i(5, 4)), c(X, f(5, 4), bias=None)],
    "bilinear": [c(f(2, 3), f(2, 4), f(5, 3, 4)), c(f(2, 3), f(2, 4), f(5, 3, 4), f(5)),
                 c(f(2, 3), f(2, 4), f(5, 4, 3)), c(f(2, 3), f(3, 4), f(5, 3, 4))],
    "cdist": [c(f(5, 3), f(4, 3)), c(f(2, 5, 3), f(4, 3), 1.0), c(f(5, 3), f(4, 2)), c(f(3), f(3))],
    "cosine_similarity": [c(X, X), c(X, f(4), dim=-1), c(X, X, 3)],
    "pairwise_distance": [c(X, f(4), keepdim=True)],
    "scaled_dot_product_attention": [
        c(f(2, 4, 5, 8), f(2, 4, 6, 8), f(2, 4, 6, 3)),
        c(f(2, 4, 5, 8), f(2, 4, 6, 7), f(2, 4, 6, 3)),
        c(f(2, 4, 5, 8), f(2, 4, 6, 8), f(2, 4, 7, 3)), c(f(2, 5, 8), f(2, 6, 8), f(2, 6, 8)),
        c(f(2, 4, 5, 8), f(2, 2, 5, 8), f(2, 2, 5, 8), enable_gqa=True),
        c(f(2, 4, 5, 8), f(2, 3, 5, 8), f(2, 3, 5, 8), enable_gqa=True),
        c(f(2, 4, 5, 8), f(2, 2, 5, 8), f(2, 2, 5, 8)),
        c(f(2, 4, 5, 8), f(2, 4, 6, 8), f(2, 4, 6, 8), b(5, 6)),
        c(f(2, 4, 5, 8), f(2, 4, 6, 8), f(2, 4, 6, 8), f(2, 1, 5, 6)),
        c(f(2, 4, 5, 8), f(2, 4, 6, 8), f(2, 4, 6, 8), attn_mask=b(6, 5)),
        c(f(2, 4, 5, 8), f(2, 4, 5, 8), f(2, 4, 5, 8), is_causal=True, scale=0.1),
        c(f(2, 4, 5, 8), f(2, 4, 5, 8), f(2, 4, 5, 8), dropout_p=0.1),
        c(f(2, 4, 5, 8), f(2, 4, 5, 8), f(2, 4, 5, 8), b(5, 5), 0.1),
        c(i(2, 4, 5, 8), i(2, 4, 5, 8), i(2, 4, 5, 8)),
    ],
    "conv1d": [c(f(2, 4, 9), f(6, 4, 3)), c(f(2, 4, 9), f(6, 2, 3), groups=2, padding=1),
               c(f(4, 9), f(6, 4, 3), f(6), 2), c(f(2, 4, 9), f(6, 4, 3), padding="same"),
               c(f(2, 4, 9), f(6, 4, 3), stride=2, padding="same"), c(f(2, 4, 2), f(6, 4, 3)),
               c(f(2, 3, 9), f(6, 4, 3)), c(f(2, 4, 9), f(6, 4, 3), f(5)),
               c(f(2, 4, 9), f(5, 2, 3), groups=2),
               c(f(2, 4, 9), f(6, 4, 3), padding="valid"),
               c(f(2, 4, 9), f(6, 4, 3), padding="all")],
    "conv2d": [c(IMAGE, f(6, 3, 3, 3), None, 2, 1),
               c(IMAGE, f(6, 3, 3, 2), stride=(2, 1), padding=(1, 0)),
               c(IMAGE, f(6, 3, 3, 3), dilation=2), c(IMAGE, f(6, 3, 3)),
               c(i(2, 3, 8, 9), i(6, 3, 3, 3)),
               c(IMAGE, f(6, 3, 3, 3), stride=(1, 2, 3)), c(IMAGE, f(6, 3, 3, 3), stride=0)],
    "conv3d": [c(f(1, 2, 4, 5, 6), f(3, 2, 2, 3, 3), padding=1)],
    "conv_transpose1d": [c(f(2, 4, 9), f(4, 6, 3), stride=2, padding=1, output_padding=1),
                         c(f(2, 4, 9), f(4, 3, 3), groups=2), c(f(2, 4, 9), f(5, 6, 3)),
                         c(f(2, 4, 9), f(4, 6, 3), output_padding=1), c(f(4, 9), f(4, 6, 3))],
    "conv_transpose2d": [c(IMAGE, f(3, 6, 2, 2), f(6), 2), c(IMAGE, f(3, 6, 3, 3), dilation=2)],
    "conv_transpose3d": [c(f(1, 2, 4, 5, 6), f(2, 3, 2, 2, 2), stride=2)],
    "unfold": [c(IMAGE, 3), c(IMAGE, (2, 3), padding=1, stride=2), c(f(3, 8, 9), 2), c(IMAGE, 12),
               c(f(8, 9), 2), c(IMAGE, (1, 2, 3))],
    "fold": [c(f(2, 12, 12), (4, 5), 2), c(f(2, 12, 12), (4, 5), 3), c(f(2, 13, 12), (4, 5), 2),
             c(f(12, 12), (4, 5), 2), c(f(2, 12, 20), (8, 10), 2, stride=2)],
    "interpolate": [c(IMAGE, 16), c(IMAGE, (5, 7)), c(IMAGE, scale_factor=2),
                    c(IMAGE, scale_factor=0.5),
                    c(IMAGE, scale_factor=(1.5, 2.0)),
                    c(IMAGE, 16, mode="bilinear", align_corners=False),
                    c(IMAGE, 16, mode="linear"), c(IMAGE), c(IMAGE, 16, 2),
                    c(f(2, 3, 8), 4, mode="linear"),
                    c(IMAGE, 16, align_corners=True), c(IMAGE, 16, mode="bicubic", antialias=True),
                    c(IMAGE, 16, antialias=True), c(f(1, 2, 4, 4, 4), 2, mode="trilinear"),
                    c(i(2, 3, 8, 9), 4, mode="bilinear"), c(f(3, 8), 4), c(IMAGE, scale_factor=2.0),
                    c(IMAGE, 16, mode="area")],
    "pixel_shuffle": [c(f(2, 12, 3, 4), 2), c(f(2, 12, 3, 4), 3), c(f(12, 3, 4), 2), c(f(3, 4), 2)],
    "pixel_unshuffle": [c(f(2, 3, 4, 6), 2), c(f(2, 3, 4, 6), 4)],
    "channel_shuffle": [c(f(2, 6, 4, 6), 2), c(f(2, 6, 4, 6), 4)],
    "grid_sample": [c(IMAGE, f(2, 4, 5, 2), align_corners=False),
                    c(IMAGE, f(2, 4, 5, 3), align_corners=False),
                    c(IMAGE, f(3, 4, 5, 2), align_corners=False),
                    c(IMAGE, f(2, 4, 2), align_corners=True),
                    c(f(1, 2, 3, 4, 5), f(1, 2, 2, 2, 3), align_corners=False)],
    "normalize": [c(X, dim=(1, 2)), c(X, 1.0, -1)],
    "layer_norm": [c(X, 4), c(X, (3, 4)), c(X, (4, 4)), c(X, 4, f(4), f(4)), c(X, 4, f(3)),
                   c(X, ())],
    "rms_norm": [c(X, (4,)), c(X, (4,), f(4), eps=1e-6), c(X, (5,))],
    "group_norm": [c(f(2, 6, 4), 3), c(f(2, 6, 4), 4), c(f(2, 6), 2, f(6), f(6)), c(f(6), 2)],
    "dropout": [c(X, 0.2), c(X, p=1.5)],
    "dropout1d": [c(X), c(f(2))],
    "dropout2d": [c(IMAGE, 0.1), c(X, p=0.3)],
    "dropout3d": [c(f(1, 2, 3, 4, 5))],
    "gumbel_softmax": [c(X, 0.5, True), c(X, hard=True, dim=1)],
    "size": [c(X, 1), c(X, -1), c(X, 3), c(X, dim=0)],
    "max ": [],
}  # fmt: skip
del SPECIAL["max "]


def cases() -> dict[str, list[Case]]:
    """All of them, by function."""
    found: dict[str, list[Case]] = {}
    for name in UNARY.split():
        grid = [c(make(*shape)) for shape in SHAPES for make in DTYPES]
        found.setdefault(name, []).extend(grid)
    for name in BINARY.split():
        found.setdefault(name, []).extend(c(*pair) for pair in PAIRS)
    for name in REDUCTIONS.split():
        rows = [
            c(make(2, 3, 4), dim=d, keepdim=k)
            for make in DTYPES
            for d in DIMS
            for k in (True, False)
        ]
        found.setdefault(name, []).extend(rows)
    for name in ALONG.split():
        first: Any = [f(2, 3, 4)] * 2 if name in ("stack", "cat") else f(2, 4, 6)
        found.setdefault(name, []).extend(c(first, dim=d) for d in DIMS)
    for table in (SPECIAL, MORE):
        for name, rows in table.items():
            found.setdefault(name, []).extend(rows)
    return found
