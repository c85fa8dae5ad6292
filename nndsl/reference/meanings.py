"""What the arguments of functions mean: under a name for all of them, and where one differs."""

from __future__ import annotations

MEANINGS = """
A: the matrix
a: the first tensor
align_corners: whether the outer pixels' middles stay where they are
alpha: scale of the negative side
antialias: whether it is smoothed where it shrinks
append: values behind the last
approximate: the formula, "none" or "tanh"
assume_unique: whether no value stands twice, which is quicker
atol: absolute tolerance
attn_mask: true where a position may be attended to, or numbers that are added to the scores
B: the right side
b: the second tensor
base: what is raised to the powers
batch1: the first matrices
batch2: the second matrices
beta: sharpness
bias: what is added
boundaries: the sorted boundaries
chunks: how many pieces
col: columns of the matrix
condition: where the first of the two values is taken
correction: what is taken from the count that is divided by; 1 for a sample
data: the numbers, in lists
decimals: places behind the point that are kept
descending: whether the largest comes first
destination: the places they go to
diagonal: the diagonal where it begins or ends; 0 is the main one
dilation: distance of the kernel's taps
dim: the axis, negative from the end
dim0: one axis
dim1: the first axis
dim2: the second axis
dims: the axes
downscale_factor: how many times smaller height and width become
dropout_p: share of the weights that is dropped while training
dtype: type of the result: float, int or bool
dx: distance of two points
elements: the values
enable_gqa: whether several heads of queries share one of keys and values
end: where it ends
end_dim: last axis that is joined
eps: a small number that keeps from dividing by zero
equal_nan: whether two that are no numbers agree
equation: the axes of each operand and of the result: "b i, b j -> b i j"
exponent: the power
fill_value: the value everywhere
full_matrices: whether the factors are square
grid: places to read, from -1 to 1, as (x, y)
groups: how many groups of channels are kept apart
hard: whether the result is one-hot
hermitian: whether the matrix is symmetric
high: upper bound, not reached
include_self: whether what was there counts
index: indices along the axis
indexing: "ij" for rows first, "xy" for columns first
indices: indices along the axis
indices_or_sections: how many pieces, or the places to cut at
input: the tensor
input1: the first tensor
input2: the second tensor
interpolation: what lies between two values: "linear", "lower", "higher", "nearest" or "midpoint"
invert: whether the answer is turned around
is_causal: whether no position attends to later ones
k: how many
keepdim: whether the axis stays, with size 1
kernel_size: extent of a window
key: what queries are compared with
lambd: half the width of the flat part
largest: whether the largest are taken, not the smallest
left: whether the matrix stands on the left
length: how long
logits: logarithms of probabilities, up to a constant
low: lower bound
lower: lowest slope
m: columns; as many as rows if left out
mask: where to put it
mat: the matrix
mat1: the first matrix
mat2: the second matrix
max: upper bound
max_val: highest value
min: lower bound
min_val: lowest value
mode: how it is done
n: rows
nan: in place of what is no number
negative_slope: slope of the negative side
neginf: in place of minus infinity; the lowest number if left out
normalized_shape: sizes of the axes that are normalized
num_classes: size of the new axis
num_groups: how many groups
num_samples: how many are drawn
offset: which diagonal; 0 is the main one
operands: the tensors, in the equation's order
ord: which norm
other: the second tensor or number
output_padding: what is added to one side of the output
output_size: height and width of the result
p: the exponent of the norm, or the share that is dropped
pad: the rim: two numbers an axis, the last axis first
padding: rim of zeros around the input
padding_idx: a row that gets no gradient
padding_mode: what lies outside
periodic: whether it goes on after its end, for spectra
posinf: in place of infinity; the highest number if left out
prepend: values in front of the first
q: the share, or several
query: what is asked
reduce: "sum", "prod", "mean", "amax" or "amin"
repeats: how often
replacement: whether one may be drawn twice
right: whether a value that equals a boundary lies behind it
rounding_mode: None, "trunc" or "floor"
row: rows of the matrix
rtol: relative tolerance
scale: factor of the scores; 1 / sqrt of the last axis if left out
scale_factor: how many times larger, instead of size
shape: the new shape
shifts: how far
side: "left" or "right", instead of right
size: the shape, or the size of the result
sizes: the new sizes
sorted: whether the result is in order
sorted_sequence: the sorted values
sorter: the order that sorts them
source: the places they come from
split_size_or_sections: the size of each piece, or all sizes
src: the values
stable: whether equal values keep their order
start: where it begins
start_dim: first axis that is joined
step: distance of two numbers
steps: how many numbers
stride: step of the window
tau: temperature
tensor: the tensor
tensor1: the first tensor
tensor2: the second tensor
tensors: the tensors
test_elements: the values that count
theta: maps of shape (b, 2, 3), or (b, 3, 4) for volumes
threshold: where it changes
unitriangular: whether the diagonal is taken for ones
UPLO: which triangle is read, "L" or "U"
upper: whether the upper triangle is meant
upscale_factor: how many times larger height and width become
value: the value
values: the values at zero
vec: the vector
vec1: the first vector
vec2: the second vector
weight: the weights
window_length: how many values
x: the places
x1: the first tensor
x2: the second tensor
y: the values
"""

SPECIAL = """
add.alpha: factor of the second
addbmm.alpha: factor of the products
addbmm.beta: factor of the input
addcdiv.value: the number
addcmul.value: the number
addmm.alpha: factor of the product
addmm.beta: factor of the input
addmv.alpha: factor of the product
addmv.beta: factor of the input
addr.alpha: factor of the product
addr.beta: factor of the input
affine_grid.size: the shape of the image that is read
alpha_dropout.p: share that is dropped
baddbmm.alpha: factor of the products
baddbmm.beta: factor of the input
bernoulli.p: the probability; without, the input's values are it
cdist.p: exponent of the norm
cholesky_solve.input: the right side
cholesky_solve.input2: the factor
chunk.dim: the axis that is cut
clamp_max.max: upper bound
clamp_min.min: lower bound
diff.n: how often
dist.p: exponent of the norm
dot.tensor: the second vector
dropout.p: share that is dropped
dropout1d.p: share that is dropped
dropout2d.p: share that is dropped
dropout3d.p: share that is dropped
embedding.weight: the table, one row an index
expand.sizes: the new sizes; -1 keeps one
feature_alpha_dropout.p: share that is dropped
gather.dim: the axis that is picked along
grid_sample.mode: "bilinear", "nearest" or "bicubic"
group_norm.bias: offset of each channel
group_norm.weight: factor of each channel
hamming_window.alpha: height of its middle
hamming_window.beta: height of its cosine
index_add.alpha: factor of what is added
index_add.source: what is added
index_copy.source: what is put there
interpolate.mode: "nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact"
interpolate.size: the new size, or one for each axis
kaiser_window.beta: how narrow it is
kthvalue.k: which, from 1
layer_norm.bias: offset of each feature
layer_norm.weight: factor of each feature
lerp.end: the second tensor
lerp.weight: the share of the second tensor
linear.weight: matrix of (out, in)
logit.eps: the input is cut to eps and 1 - eps
masked_scatter.source: the values, in order
matrix_power.n: how often
max.dim: the axis, or a second tensor
min.dim: the axis, or a second tensor
norm.p: exponent of the norm
normalize.p: exponent of the norm
one_hot.input: indices
pad.mode: "constant", "reflect", "replicate" or "circular"
pad.value: what the rim holds
pairwise_distance.p: exponent of the norm
pdist.p: exponent of the norm
prelu.weight: the slope, or one a channel
qr.mode: "reduced", "complete" or "r"
randperm.n: how many
repeat_interleave.dim: the axis; without, the tensor is flattened
rms_norm.weight: factor of each feature
roll.dims: the axes; without, the tensor is flattened for it
rot90.k: how many right angles
rrelu.upper: highest slope
scaled_dot_product_attention.value: what is averaged
select.index: the place
select_scatter.index: the place
softplus.threshold: beta * x above which it is linear
solve.B: the right side
split.dim: the axis that is cut
squeeze.dim: the axes; all of size 1 if left out
stack.dim: the place of the new axis
sub.alpha: factor of the second
take.index: places among all values
tensordot.dims: how many axes, or the axes of both
threshold.value: what replaces smaller values
unbind.dim: the axis that is taken apart
unflatten.sizes: the sizes that it is taken apart into
unsqueeze.dim: the place of the new axis
vecdot.x: the first tensor
vecdot.y: the second tensor
where.input: the value where the condition is true
where.other: the value elsewhere
"""
