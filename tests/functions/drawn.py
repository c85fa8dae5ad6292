"""Strategies of functions whose arguments have to fit each other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from tests.functions.cases import Case
from tests.functions.drawing import BASES, DTYPES, SIZES
from tests.functions.running import T

Draw = Callable[..., Any]
Shape = tuple[int, ...]
FLOATS = st.sampled_from(["float"] * 8 + ["int", "bool"])
BATCH = st.lists(SIZES, max_size=2).map(tuple)
PAIRS = st.one_of(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3)))
ZEROS = st.one_of(st.integers(0, 2), st.tuples(st.integers(0, 2), st.integers(0, 2)))


@st.composite
def near(draw: Draw, shape: Shape) -> Shape:
    """The shape, mostly; else with one size changed, an axis more or less, or stretched."""
    how = draw(st.integers(0, 9))
    if how < 6 or not shape:
        return shape
    place = draw(st.integers(0, len(shape) - 1))
    if how == 6:
        return (*shape[:place], draw(SIZES), *shape[place + 1 :])
    if how == 7:
        return (*shape[:place], 1, *shape[place + 1 :])
    return shape[1:] if how == 8 else (draw(SIZES), *shape)


def some(draw: Draw, shape: Shape, dtype: str = "float") -> T:
    """A tensor of about this shape and mostly of this dtype."""
    other = draw(st.integers(0, 11)) == 0
    return T(draw(near(shape)), draw(DTYPES) if other else dtype)


def options(draw: Draw, **strategies: Any) -> dict[str, Any]:
    """Some of the arguments that may be left out."""
    return {name: draw(s) for name, s in strategies.items() if draw(st.booleans())}


SPECIAL: dict[str, Any] = {}


def strategy(*names: str) -> Callable[[Callable[[Draw, str], Case]], Callable[[Draw, str], Case]]:
    """Registers a strategy for functions."""

    def register(make: Callable[[Draw, str], Case]) -> Callable[[Draw, str], Case]:
        for name in names:
            SPECIAL[name] = st.composite(lambda draw, name=name: make(draw, name))()
        return make

    return register


# ------------------------------------------------------------------ products


@strategy("gcd", "lcm")
def _whole(draw: Draw, name: str) -> Case:
    base, dtype = draw(BASES), draw(st.sampled_from(["int", "int", "int", "bool"]))
    return (some(draw, base, dtype), some(draw, base, dtype)), {}


@strategy("bmm", "mm", "mv", "dot")
def _plain_products(draw: Draw, name: str) -> Case:
    b, n, k, m = (draw(SIZES) for _ in range(4))
    one, two = {
        "bmm": ((b, n, k), (b, k, m)), "mm": ((n, k), (k, m)), "mv": ((n, k), (k,)),
        "dot": ((k,), (k,)),
    }[name]  # fmt: skip
    dtype = draw(FLOATS)
    return (some(draw, one, dtype), some(draw, two, dtype)), {}


@strategy("addmm", "addmv", "addr", "addbmm", "baddbmm")
def _added(draw: Draw, name: str) -> Case:
    b, n, k, m = (draw(SIZES) for _ in range(4))
    out, one, two = {
        "addmm": ((n, m), (n, k), (k, m)), "addmv": ((n,), (n, k), (k,)),
        "addr": ((n, m), (n,), (m,)), "addbmm": ((n, m), (b, n, k), (b, k, m)),
        "baddbmm": ((b, n, m), (b, n, k), (b, k, m)),
    }[name]  # fmt: skip
    dtype = draw(FLOATS)
    factors = options(draw, beta=st.sampled_from([0, 1, 2, 0.5]), alpha=st.sampled_from([1, 0.5]))
    return tuple(some(draw, shape, dtype) for shape in (out, one, two)), factors


@strategy("linear", "bilinear")
def _linear(draw: Draw, name: str) -> Case:
    batch, i, j, o = draw(BATCH), draw(SIZES), draw(SIZES), draw(SIZES)
    dtype = draw(FLOATS)
    if name == "linear":
        shapes: list[Shape] = [(*batch, i), (o, i)]
    else:
        shapes = [(*batch, i), (*batch, j), (o, i, j)]
    if draw(st.booleans()):
        shapes.append((o,))
    return tuple(some(draw, shape, dtype) for shape in shapes), {}


@strategy("tensordot")
def _tensordot(draw: Draw, name: str) -> Case:
    common = draw(st.lists(SIZES, max_size=2).map(tuple))
    one, two = (*draw(BATCH), *common), (*common, *draw(BATCH))
    dims: Any = len(common) + draw(st.sampled_from([0, 0, 0, 1]))
    if draw(st.booleans()):
        axes = range(len(common))
        dims = (tuple(len(one) - len(common) + a for a in axes), tuple(axes))
    dtype = draw(FLOATS)
    return (some(draw, one, dtype), some(draw, two, dtype), dims), {}


@strategy("multi_dot")
def _multi_dot(draw: Draw, name: str) -> Case:
    sizes = draw(st.lists(SIZES, min_size=3, max_size=5))
    dtype = draw(FLOATS)
    pairs = [some(draw, pair, dtype) for pair in pairwise(sizes)]
    return (pairs,), {}


@strategy("einsum")
def _einsum(draw: Draw, name: str) -> Case:
    sizes = {letter: draw(SIZES) for letter in "abcd"}
    terms = draw(st.lists(st.text("abcd", max_size=3), min_size=1, max_size=3))
    dots = draw(st.booleans())
    extra = draw(BATCH) if dots else ()
    dtype = draw(FLOATS)
    tensors = [
        some(draw, (*extra[draw(st.integers(0, len(extra))) :], *(sizes[x] for x in term)), dtype)
        for term in terms
    ]
    equation = ",".join(f"...{term}" if dots else term for term in terms)
    if draw(st.booleans()):
        seen = sorted({x for term in terms for x in term})
        right = "".join(draw(st.permutations(seen))[: draw(st.integers(0, 4))])
        equation += f"->{'...' if dots and draw(st.booleans()) else ''}{right}"
    return (equation, *tensors), {}


# ------------------------------------------------------------------ algebra


@strategy("inv", "det", "logdet", "slogdet", "matrix_exp", "cholesky", "eigh", "eigvalsh")
def _squares(draw: Draw, name: str) -> Case:
    n = draw(SIZES)
    return (some(draw, (*draw(BATCH), n, n), draw(FLOATS)),), {}


@strategy("matrix_power")
def _power(draw: Draw, name: str) -> Case:
    n = draw(SIZES)
    return (some(draw, (*draw(BATCH), n, n), draw(FLOATS)), draw(st.integers(0, 3))), {}


@strategy("solve", "solve_triangular", "cholesky_solve")
def _solve(draw: Draw, name: str) -> Case:
    n, k, batch = draw(SIZES), draw(SIZES), draw(BATCH)
    left = draw(st.booleans()) or name == "cholesky_solve"
    a, b = (*batch, n, n), (*batch, n, k) if left else (*batch, k, n)
    if name == "solve" and draw(st.integers(0, 3)) == 0:
        b = b[:-1]
    one, two = some(draw, a), some(draw, b)
    if name == "cholesky_solve":
        return (two, one), {}
    flags = {"left": left} if draw(st.booleans()) or not left else {}
    return (one, two), flags | ({"upper": draw(st.booleans())} if name != "solve" else {})


@strategy("matrix_norm")
def _matrix_norm(draw: Draw, name: str) -> Case:
    shape = (*draw(BATCH), draw(SIZES), draw(SIZES))
    orders = st.sampled_from(["fro", "nuc", 1, 2, -1, -2, float("inf"), 3])
    places = st.tuples(st.integers(-3, 2), st.integers(-3, 2))
    return (some(draw, shape),), options(draw, ord=orders, dim=places, keepdim=st.booleans())


@strategy("norm")
def _norm(draw: Draw, name: str) -> Case:
    base = draw(BASES)
    axes = st.one_of(st.integers(-3, 2), st.lists(st.integers(-3, 2), min_size=1, max_size=2))
    powers = st.sampled_from(["fro", 1, 2, 0.5, float("inf")])
    return (some(draw, base),), options(draw, p=powers, dim=axes, keepdim=st.booleans())


@strategy("cross")
def _cross(draw: Draw, name: str) -> Case:
    base = [*draw(BATCH), 3, *draw(BATCH)]
    dim = draw(st.integers(-len(base), len(base) - 1)) if 3 not in base else base.index(3)
    dtype = draw(FLOATS)
    return (some(draw, tuple(base), dtype), some(draw, tuple(base), dtype)), {"dim": dim}


@strategy("trapezoid", "cumulative_trapezoid")
def _trapezoid(draw: Draw, name: str) -> Case:
    base = draw(st.lists(SIZES, min_size=1, max_size=3).map(tuple))
    dim = draw(st.integers(-len(base), len(base) - 1))
    x = (base[dim],) if draw(st.booleans()) else base
    more: dict[str, Any] = {"dim": dim}
    if draw(st.booleans()):
        more["x"] = some(draw, x)
    elif draw(st.booleans()):
        more["dx"] = 0.5
    return (some(draw, base, draw(DTYPES)),), more


@strategy("trace")
def _trace(draw: Draw, name: str) -> Case:
    return (some(draw, (draw(SIZES), draw(SIZES)), draw(DTYPES)),), {}


# ------------------------------------------------------------------ windows


@strategy("conv1d", "conv2d", "conv3d")
def _conv(draw: Draw, name: str) -> Case:
    axes = int(name[4])
    groups = draw(st.sampled_from([1, 1, 2]))
    channels, out = groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    sizes = draw(st.tuples(*[st.integers(2, 6)] * axes))
    kernel = draw(st.tuples(*[st.integers(1, 3)] * axes))
    batch = (draw(SIZES),) if draw(st.booleans()) else ()
    x = some(draw, (*batch, channels, *sizes))
    weight = some(draw, (out, channels // groups, *kernel))
    more = options(draw, bias=st.just((out,)), **_window(draw, axes))
    if "bias" in more:
        more["bias"] = some(draw, more["bias"])
    if draw(st.integers(0, 4)) == 0:
        more["padding"] = draw(st.sampled_from(["same", "valid"]))
    return (x, weight), more | ({"groups": groups} if groups > 1 else {})


def _window(draw: Draw, axes: int) -> dict[str, Any]:
    several = st.one_of(st.integers(1, 2), st.tuples(*[st.integers(1, 2)] * axes))
    padding = st.one_of(st.integers(0, 2), st.tuples(*[st.integers(0, 2)] * axes))
    return {"stride": several, "dilation": several, "padding": padding}


@strategy("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def _conv_transpose(draw: Draw, name: str) -> Case:
    axes = int(name[-2])
    groups = draw(st.sampled_from([1, 1, 2]))
    channels, out = groups * draw(st.integers(1, 2)), draw(st.integers(1, 2))
    sizes = draw(st.tuples(*[st.integers(2, 5)] * axes))
    kernel = draw(st.tuples(*[st.integers(1, 3)] * axes))
    batch = (draw(SIZES),) if draw(st.booleans()) else ()
    more = options(draw, output_padding=st.integers(0, 1), **_window(draw, axes))
    if groups > 1:
        more["groups"] = groups
    return (some(draw, (*batch, channels, *sizes)), some(draw, (channels, out, *kernel))), more


@strategy("unfold")
def _unfold(draw: Draw, name: str) -> Case:
    batch = (draw(SIZES),) if draw(st.booleans()) else ()
    shape = (*batch, draw(SIZES), draw(st.integers(2, 6)), draw(st.integers(2, 6)))
    return (some(draw, shape), draw(PAIRS)), options(
        draw, dilation=PAIRS, padding=ZEROS, stride=PAIRS
    )


@strategy("fold")
def _fold(draw: Draw, name: str) -> Case:
    height, width, k = draw(st.integers(2, 5)), draw(st.integers(2, 5)), draw(st.integers(1, 2))
    windows = (height - k + 1) * (width - k + 1)
    shape = (draw(SIZES), k * k * draw(SIZES), windows)
    size: Any = (height, width) if height != width or draw(st.booleans()) else height
    batch = shape if draw(st.booleans()) else shape[1:]
    return (some(draw, batch), size, k), options(draw, padding=st.integers(0, 0))


@strategy("interpolate")
def _interpolate(draw: Draw, name: str) -> Case:
    axes = draw(st.integers(1, 3))
    shape = (draw(SIZES), draw(SIZES), *(draw(SIZES) for _ in range(axes)))
    modes = ["nearest", "nearest-exact", "area", ("linear", "bilinear", "trilinear")[axes - 1]]
    mode = draw(st.sampled_from([*modes, "bicubic", "bilinear"]))
    how: dict[str, Any] = {"size": draw(st.integers(1, 5))}
    if draw(st.booleans()):
        how = {"scale_factor": draw(st.sampled_from([0.5, 2, 2.0, 1.5, 0.3]))}
    if draw(st.integers(0, 3)) == 0:
        how["size"] = tuple(draw(st.integers(1, 5)) for _ in range(axes))
    flags = options(draw, align_corners=st.booleans()) if draw(st.booleans()) else {}
    if draw(st.integers(0, 4)) == 0:
        flags["antialias"] = draw(st.booleans())
    return (some(draw, shape),), how | {"mode": mode} | flags


@strategy("grid_sample")
def _grid_sample(draw: Draw, name: str) -> Case:
    axes, batch = draw(st.sampled_from([2, 2, 3])), draw(SIZES)
    image = (batch, draw(SIZES), *(draw(SIZES) for _ in range(axes)))
    grid = (batch, *(draw(SIZES) for _ in range(axes)), axes)
    modes = st.sampled_from(["bilinear", "nearest", "bicubic"])
    rims = st.sampled_from(["zeros", "border", "reflection"])
    return (some(draw, image), some(draw, grid)), options(
        draw, mode=modes, padding_mode=rims, align_corners=st.booleans()
    )


@strategy("affine_grid")
def _affine_grid(draw: Draw, name: str) -> Case:
    axes, batch = draw(st.sampled_from([2, 2, 3])), draw(SIZES)
    size = draw(near((batch, *(draw(SIZES) for _ in range(axes + 1)))))
    return (some(draw, (batch, axes, axes + 1)), size), options(draw, align_corners=st.booleans())


@strategy("pixel_shuffle", "pixel_unshuffle", "channel_shuffle")
def _pixels(draw: Draw, name: str) -> Case:
    r, c, h, w = (draw(st.integers(1, 3)) for _ in range(4))
    shape = {
        "pixel_shuffle": (c * r * r, h, w), "pixel_unshuffle": (c, h * r, w * r),
        "channel_shuffle": (c * r, h, w),
    }[name]  # fmt: skip
    batch = (draw(SIZES),) if draw(st.booleans()) or name == "channel_shuffle" else ()
    return (some(draw, (*batch, *shape)), draw(st.sampled_from([r, r, r, 2]))), {}


# ------------------------------------------------------------------ norms, attention


@strategy("layer_norm", "rms_norm")
def _over_last(draw: Draw, name: str) -> Case:
    last = draw(st.lists(SIZES, min_size=1, max_size=2).map(tuple))
    more = options(draw, weight=st.just(last), bias=st.just(last), eps=st.just(0.1))
    if name == "rms_norm":
        more.pop("bias", None)
    tensors = {n: some(draw, s) if isinstance(s, tuple) else s for n, s in more.items()}
    return (some(draw, (*draw(BATCH), *last)), draw(near(last))), tensors


@strategy("group_norm")
def _group_norm(draw: Draw, name: str) -> Case:
    groups, each = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    more = options(draw, weight=st.just((groups * each,)), bias=st.just((groups * each,)))
    tensors = {n: some(draw, s) for n, s in more.items()}
    shape = (draw(st.integers(2, 3)), groups * each, *draw(BATCH), 2)
    return (some(draw, shape), groups), tensors


@strategy("scaled_dot_product_attention")
def _attention(draw: Draw, name: str) -> Case:
    b, h, t, s, d, e = (draw(SIZES) for _ in range(6))
    kv = draw(st.sampled_from([h, h, 1, 2]))
    batch, other = ((b, h), (b, kv)) if draw(st.booleans()) else ((b,), (b,))
    shapes = ((*batch, t, d), (*other, s, d), (*other, s, e))
    more = options(draw, scale=st.just(0.5), enable_gqa=st.booleans())
    if draw(st.booleans()):
        more["attn_mask"] = some(draw, (t, s), draw(st.sampled_from(["bool", "float", "int"])))
    elif draw(st.booleans()):
        more["is_causal"] = draw(st.booleans())
    return tuple(some(draw, shape) for shape in shapes), more


@strategy("embedding")
def _embedding(draw: Draw, name: str) -> Case:
    table = some(draw, (draw(SIZES), draw(SIZES)))
    return (some(draw, draw(BATCH), "int"), table), options(draw, padding_idx=st.integers(-3, 3))


# ------------------------------------------------------------------ picking and putting


@strategy("gather", "scatter", "scatter_add", "scatter_reduce", "take_along_dim")
def _scatter(draw: Draw, name: str) -> Case:
    base, dtype = draw(BASES), draw(DTYPES)
    dim = draw(st.integers(-max(len(base), 1), max(len(base), 1) - 1))
    small = tuple(draw(st.integers(1, size)) for size in base)
    index = some(draw, small, "int")
    x = some(draw, base, dtype)
    if name == "take_along_dim":
        return (x, index, dim), {}
    if name == "gather":
        return (x, dim, index), {}
    number = name == "scatter" and draw(st.booleans())
    src = draw(st.sampled_from([0, 1.5])) if number else some(draw, base, dtype)
    if name != "scatter_reduce":
        return (x, dim, index, src), {}
    how = draw(st.sampled_from(["sum", "prod", "mean", "amax", "amin"]))
    return (x, dim, index, src, how), options(draw, include_self=st.booleans())


@strategy("index_add", "index_copy", "index_fill", "index_select")
def _index(draw: Draw, name: str) -> Case:
    base, dtype, picks = draw(BASES), draw(DTYPES), draw(SIZES)
    dim = draw(st.integers(-max(len(base), 1), max(len(base), 1) - 1))
    index = some(draw, (picks,), "int")
    x = some(draw, base, dtype)
    if name == "index_select":
        return (x, dim, index), {}
    if name == "index_fill":
        value = draw(st.sampled_from([0, 1, 0.5, True]))
        return (x, dim, index, some(draw, (), dtype) if draw(st.booleans()) else value), {}
    source = list(base)
    if source:
        source[dim] = picks
    more = options(draw, alpha=st.sampled_from([1, 2])) if name == "index_add" else {}
    return (x, dim, index, some(draw, tuple(source), dtype)), more


@strategy("select_scatter", "slice_scatter")
def _part(draw: Draw, name: str) -> Case:
    base = draw(st.lists(SIZES, min_size=1, max_size=3))
    dim = draw(st.integers(-len(base), len(base) - 1))
    x = some(draw, tuple(base), draw(DTYPES))
    part = list(base)
    if name == "select_scatter":
        place = draw(st.integers(-base[dim], base[dim] - 1))
        del part[dim]
        return (x, some(draw, tuple(part), x.dtype), dim, place), {}
    start, end = draw(st.integers(-4, 4)), draw(st.integers(-4, 4))
    step = draw(st.integers(1, 2))
    part[dim] = len(range(base[dim])[start:end:step])
    return (x, some(draw, tuple(part), x.dtype), dim, start, end, step), {}


@strategy("searchsorted")
def _searchsorted(draw: Draw, name: str) -> Case:
    batch = draw(BATCH)
    rows = some(draw, (*batch, draw(SIZES)) if draw(st.booleans()) else (draw(SIZES),))
    value = some(draw, (*batch, draw(SIZES))) if draw(st.booleans()) else 0.5
    return (rows, value), options(
        draw, right=st.booleans(), side=st.sampled_from(["left", "right"])
    )


# ------------------------------------------------------------------ shapes


@strategy("reshape")
def _reshape(draw: Draw, name: str) -> Case:
    base = draw(BASES)
    sizes = list(draw(st.permutations(base)))
    if sizes and draw(st.booleans()):
        sizes[draw(st.integers(0, len(sizes) - 1))] = -1
    if draw(st.booleans()):
        sizes.append(draw(st.sampled_from([1, 1, 2, -1])))
    if len(sizes) > 1 and draw(st.booleans()) and -1 not in sizes:
        sizes[:2] = [sizes[0] * sizes[1]]
    return (T(base, draw(DTYPES)), tuple(sizes)), {}


@strategy("unflatten")
def _unflatten(draw: Draw, name: str) -> Case:
    base = list(draw(st.lists(SIZES, min_size=1, max_size=3)))
    dim = draw(st.integers(-len(base), len(base) - 1))
    parts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    for part in parts:
        base[dim] = base[dim] * part
    sizes = [*parts, draw(st.sampled_from([-1, base[dim], 1]))]
    return (T(tuple(base), draw(DTYPES)), dim, tuple(draw(st.permutations(sizes)))), {}


@strategy("expand", "broadcast_to", "repeat", "tile")
def _stretched(draw: Draw, name: str) -> Case:
    base = draw(BASES)
    front = draw(BATCH)
    if name in ("repeat", "tile"):
        sizes = [draw(st.integers(0, 2)) for _ in (*front, *base)]
    else:
        sizes = [
            *front,
            *(draw(st.sampled_from([s, s, -1])) if s > 1 else draw(SIZES) for s in base),
        ]
    return (T(base, draw(DTYPES)), draw(near(tuple(sizes)))), {}


@strategy("permute", "flip")
def _orders(draw: Draw, name: str) -> Case:
    base = draw(BASES)
    order = draw(st.permutations(range(len(base))))
    signs = [place - len(base) if draw(st.booleans()) else place for place in order]
    return (T(base, draw(DTYPES)), draw(near(tuple(signs)))), {}


@strategy("movedim")
def _movedim(draw: Draw, name: str) -> Case:
    base = draw(st.lists(SIZES, min_size=1, max_size=4).map(tuple))
    places = st.integers(-len(base), len(base) - 1)
    if draw(st.booleans()):
        return (T(base), draw(places), draw(places)), {}
    several = st.lists(places, min_size=1, max_size=2).map(tuple)
    return (T(base), draw(several), draw(several)), {}


@strategy("pad")
def _pad(draw: Draw, name: str) -> Case:
    mode = draw(st.sampled_from(["constant", "constant", "reflect", "replicate", "circular"]))
    if mode == "constant":
        base = draw(BASES)
        amounts = draw(st.lists(st.integers(-1, 3), max_size=6).map(tuple))
        return (T(base, draw(DTYPES)), amounts), options(draw, value=st.just(0.5))
    axes = draw(st.integers(1, 3))
    base = (*draw(BATCH), *(draw(st.integers(2, 4)) for _ in range(axes)))
    amounts = tuple(draw(st.integers(0, 2)) for _ in range(2 * axes))
    return (some(draw, base), amounts, mode), {}


@strategy("cat", "stack", "hstack", "vstack", "dstack", "column_stack")
def _joined(draw: Draw, name: str) -> Case:
    base, dtype = draw(BASES), draw(DTYPES)
    number = draw(st.integers(1, 3))
    dim = draw(st.integers(-len(base) - 1, len(base)))
    tensors = []
    for _ in range(number):
        shape = list(base)
        if name == "cat" and base and -len(base) <= dim < len(base):
            shape[dim] = draw(SIZES)
        tensors.append(some(draw, tuple(shape), dtype))
    return (tensors,), {"dim": dim} if name in ("cat", "stack") else {}


@strategy("split", "chunk", "tensor_split")
def _parted(draw: Draw, name: str) -> Case:
    base = draw(st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple))
    dim = draw(st.integers(-len(base), len(base) - 1))
    how: Any = draw(st.integers(0, 4))
    if name == "split" and draw(st.booleans()):
        first = draw(st.integers(0, base[dim]))
        how = (first, base[dim] - first + draw(st.sampled_from([0, 0, 0, 1])))
    if name == "tensor_split" and draw(st.booleans()):
        how = draw(st.lists(st.integers(-3, 6), max_size=3).map(tuple))
    return (T(base, draw(DTYPES)), how), {"dim": dim}


@strategy("tensor")
def _tensor(draw: Draw, name: str) -> Case:
    number = st.sampled_from([1, 2, 0.5, -1, True])
    rows = st.lists(number, max_size=3).map(tuple)
    data = draw(st.one_of(number, rows, st.lists(rows, min_size=1, max_size=2).map(tuple)))
    return (data,), options(draw, dtype=st.sampled_from(["float", "int", "bool"]))


@strategy("randint")
def _randint(draw: Draw, name: str) -> Case:
    low, high, size = draw(st.integers(-1, 2)), draw(st.integers(1, 5)), draw(BASES)
    args = (high, size) if draw(st.booleans()) else (low, high, size)
    return args, options(draw, dtype=st.sampled_from(["float", "int"]))


@strategy("multinomial")
def _multinomial(draw: Draw, name: str) -> Case:
    shape = draw(st.lists(st.integers(2, 5), min_size=1, max_size=3).map(tuple))
    return (some(draw, shape), draw(st.integers(1, 4))), options(draw, replacement=st.booleans())
