"""What each function of tensors does, in a sentence, and what its arguments mean.

It stands here and not in the entries because only the reference reads it: a check loads entries.
An entry that has a text of its own keeps it.
"""

from __future__ import annotations

from nndsl.model.spec import Argument, Function

_FUNCTIONS = """
abs: The distance of every value from zero.
acos: The inverse of the cosine.
acosh: The inverse of the hyperbolic cosine.
add: The sum of two tensors, as `+` writes it.
addbmm: The input plus the sum of a batch of matrix products.
addcdiv: The input plus a number times the quotient of two tensors.
addcmul: The input plus a number times the product of two tensors, value by value.
addmm: The input plus a matrix product.
addmv: The input plus a matrix times a vector.
addr: The input plus the outer product of two vectors.
affine_grid: Places to read an image at, for `grid_sample`, from affine maps.
all: Whether all values are true, of all axes or along some.
alpha_dropout: Dropout that keeps mean and variance, for use with selu; only while training.
amax: The largest value of all axes or along some; ties share the gradient.
amin: The smallest value of all axes or along some; ties share the gradient.
aminmax: The smallest and the largest value, of all or along an axis.
any: Whether some value is true, of all axes or along some.
arange: The whole numbers from a start up to, and without, an end.
argmax: The place of the largest value, of all values or along an axis.
argmin: The place of the smallest value, of all values or along an axis.
argsort: The places of the values in sorted order along an axis.
asin: The inverse of the sine.
asinh: The inverse of the hyperbolic sine.
atan: The inverse of the tangent.
atan2: The angle of the point (other, input), in radians from -pi to pi.
atanh: The inverse of the hyperbolic tangent.
baddbmm: The input plus matrix products, one for each item of a batch.
bartlett_window: A window that rises and falls in straight lines.
bernoulli: 1 with a probability, else 0, drawn for each value.
bilinear: Multiplies two tensors through a matrix for every output feature.
bitwise_and: The bits that both have, as `and` writes it on bool tensors.
bitwise_left_shift: Bits moved to the left: times a power of two.
bitwise_not: Every bit turned around.
bitwise_or: The bits that one or both have.
bitwise_right_shift: Bits moved to the right: divided by a power of two, rounded down.
bitwise_xor: The bits that exactly one has.
blackman_window: A window of three cosines, with low sidelobes.
block_diag: Matrices along the diagonal of a larger one.
bmm: Matrix products, one for each item of a batch.
bool: Converts to truth values: what is not zero is true.
broadcast_tensors: Tensors, expanded to one shape.
broadcast_to: The tensor, expanded to a shape.
bucketize: The place of every value among sorted boundaries.
cartesian_prod: Every combination of the values of several vectors, one a row.
cat: Joins tensors along an axis that they have already.
cdist: The distance of each row of one tensor to each row of another.
ceil: Rounds up to a whole number.
celu: x, and alpha * (exp(x / alpha) - 1) below zero.
channel_shuffle: Deals the channels of several groups out among each other.
cholesky: The triangular factor of a positive definite matrix.
cholesky_solve: Solves a system from a triangular factor.
chunk: Cuts an axis into so many pieces, the last perhaps smaller.
clamp: Cuts values to a lower and an upper bound.
clamp_max: Cuts values to an upper bound.
clamp_min: Cuts values to a lower bound.
column_stack: Joins tensors along the second axis, vectors as columns.
conv1d: Slides a given kernel over one axis.
conv2d: Slides a given kernel over height and width.
conv3d: Slides a given kernel over depth, height and width.
conv_transpose1d: The transpose of a convolution over one axis, with a given kernel.
conv_transpose2d: The transpose of a convolution over height and width, with a given kernel.
conv_transpose3d: The transpose of a convolution over three axes, with a given kernel.
copysign: The input's size with the other's sign.
corrcoef: Correlations of the rows of a matrix.
cos: The cosine.
cosh: The hyperbolic cosine.
cosine_similarity: The cosine of the angle between two tensors along an axis.
count_nonzero: How many values are not zero.
cov: Covariances of the rows of a matrix.
cross: The cross product along an axis of size 3.
cummax: The largest value so far along an axis, and where it was.
cummin: The smallest value so far along an axis, and where it was.
cumprod: The product of the values so far along an axis.
cumsum: The sum of the values so far along an axis.
cumulative_trapezoid: The integral so far along an axis, by the trapezoid rule.
deg2rad: Degrees as radians.
det: The determinant of matrices.
detach: The same values, without a path for gradients.
diag: A vector as the diagonal of a matrix, or a matrix's diagonal as a vector.
diag_embed: The last axis as the diagonal of two new ones.
diagonal: The diagonal of two axes, as a new last axis.
diff: Differences of neighbours along an axis.
digamma: The derivative of the logarithm of the gamma function.
dist: The norm of the difference of two tensors.
div: The quotient of two tensors, as `/` writes it.
dot: The inner product of two tensors of one axis.
dropout: Sets values to zero at random while training, and scales up the others.
dropout1d: Sets whole channels of a sequence to zero at random while training.
dropout2d: Sets whole channels of an image to zero at random while training.
dropout3d: Sets whole channels of a volume to zero at random while training.
dstack: Joins tensors along the third axis.
eigh: Eigenvalues and eigenvectors of symmetric matrices.
eigvalsh: Eigenvalues of symmetric matrices.
einsum: Multiplies tensors and sums over the axes that the result doesn't name.
elu: x, and alpha * (exp(x) - 1) below zero.
embedding: Rows of a given table, looked up by index.
entr: -x * log(x), and 0 at zero.
eq: Where two tensors are equal, as `==` writes it.
erf: The error function.
erfc: One minus the error function.
erfinv: The inverse of the error function.
exp: e to the power of every value.
exp2: Two to the power of every value.
expand: Repeats axes of size 1 without copying; -1 keeps an axis as it is.
expand_as: Repeats axes of size 1 until the shape is another tensor's.
expm1: exp(x) - 1, exact near zero.
eye: The matrix with ones on its diagonal.
feature_alpha_dropout: Alpha dropout of whole channels; only while training.
flatten: Joins neighbouring axes to one.
flip: Turns the order along some axes around.
float: Converts to floats, of the default type.
floor: Rounds down to a whole number.
floor_divide: The quotient rounded down, as `//` writes it.
fmax: The larger of two values, taking the number where one is none.
fmin: The smaller of two values, taking the number where one is none.
fmod: What a division leaves, with the sign of the input.
fold: Adds up patches that were laid out as columns.
frac: The part behind the point.
full: A tensor that holds one value everywhere.
full_like: A tensor of another's shape and type that holds one value everywhere.
gather: Picks values along an axis by an index for each place.
gcd: The greatest common divisor of whole numbers.
ge: Where one tensor is at least another, as `>=` writes it.
gelu: x times the normal distribution's share below x.
glu: Halves an axis: the first half times sigmoid of the second.
grid_sample: Reads an image at given places, between its pixels too.
group_norm: Gives every group of channels mean 0 and variance 1, then scales it if told how.
gt: Where one tensor is larger than another, as `>` writes it.
gumbel_softmax: Draws from a categorical distribution in a way that gradients pass through.
hamming_window: A raised cosine that doesn't fall to zero.
hann_window: A raised cosine that falls to zero.
hardshrink: x, and 0 where x is small.
hardsigmoid: x / 6 + 1 / 2, cut to 0 and 1.
hardswish: x * hardsigmoid(x).
hardtanh: x cut to two bounds.
heaviside: 0 below zero, 1 above, and given values at zero.
hstack: Joins tensors along the second axis, vectors end to end.
hypot: The square root of the sum of two squares.
i0: The modified Bessel function of order zero.
index_add: Adds slices to places along an axis.
index_copy: Puts slices to places along an axis.
index_fill: Puts one value to places along an axis.
index_select: Picks whole slices along an axis by their indices.
inner: Products summed over the last axes of both.
int: Converts to whole numbers, towards zero.
interpolate: Resamples sequences, images or volumes to another size.
inv: The inverse of matrices.
isclose: Where two values agree up to a tolerance.
isfinite: Where a value is a finite number.
isin: Where a value is among others.
isinf: Where a value is infinite.
isnan: Where a value is no number.
isneginf: Where a value is minus infinity.
isposinf: Where a value is plus infinity.
kaiser_window: A window whose sidelobes a parameter sets.
kron: The Kronecker product.
kthvalue: The k-th smallest value along an axis, and where it was.
layer_norm: Gives the last axes mean 0 and variance 1, then scales them if told how.
lcm: The least common multiple of whole numbers.
ldexp: The input times two to the power of the other.
le: Where one tensor is at most another, as `<=` writes it.
leaky_relu: x, with a small slope below zero.
lerp: A weighted mean of two tensors: input + weight * (end - input).
lgamma: The logarithm of the gamma function.
linear: Multiplies the last axis by a given matrix and adds a given offset.
linspace: Numbers at equal distances from a start to an end, both included.
log: The natural logarithm.
log10: The logarithm to base ten.
log1p: log(1 + x), exact near zero.
log2: The logarithm to base two.
log_ndtr: The logarithm of the normal distribution's share below x.
log_softmax: The logarithm of softmax along an axis.
logaddexp: log(exp(a) + exp(b)), safe for large values.
logaddexp2: log2(2**a + 2**b), safe for large values.
logcumsumexp: The logarithm of the sum of the exponentials so far along an axis.
logdet: The logarithm of the determinant.
logical_and: Where both are true.
logical_not: Where the value is false, or zero.
logical_or: Where one or both are true.
logical_xor: Where exactly one is true.
logit: log(x / (1 - x)), the inverse of sigmoid.
logsigmoid: log(sigmoid(x)).
logspace: Powers of a base whose exponents are at equal distances.
logsumexp: The logarithm of the sum of exponentials along some axes.
lt: Where one tensor is smaller than another, as `<` writes it.
masked_fill: Puts one value wherever a mask is true.
masked_scatter: Puts the next value of a source wherever a mask is true.
matmul: The product of matrices in the last two axes, as `@` writes it.
matrix_exp: The exponential of matrices.
matrix_norm: A norm of matrices.
matrix_power: A matrix times itself.
max: The largest value: of all, along an axis (with its place), or of two tensors.
maximum: The larger of two values, everywhere.
mean: The mean of all values, or along some axes.
median: The middle value, of all or along an axis (with its place).
meshgrid: Coordinates of a grid, from its axes.
min: The smallest value: of all, along an axis (with its place), or of two tensors.
minimum: The smaller of two values, everywhere.
mish: x * tanh(softplus(x)).
mm: The product of two matrices.
mode: The most frequent value along an axis, and where it was.
movedim: Puts axes to other places; the rest keep their order.
msort: The values in order along the first axis.
mul: The product of two tensors, value by value, as `*` writes it.
multi_dot: The product of several matrices, in the cheapest order.
multinomial: Indices drawn by weights, a row at a time.
mv: A matrix times a vector.
nan_to_num: Numbers in place of what is no number or infinite.
nanmean: The mean, leaving out what is no number.
nanmedian: The middle value, leaving out what is no number.
nanquantile: Quantiles, leaving out what is no number.
nansum: The sum, taking what is no number for zero.
narrow: A stretch of an axis.
ndtr: The normal distribution's share below x.
ne: Where two tensors differ, as `!=` writes it.
neg: The value with the other sign.
norm: The length of vectors along some axes, by a p-norm.
normalize: Divides by the length along an axis.
numel: How many values a tensor has, as a number.
one_hot: A new last axis that is 1 at the index and 0 elsewhere.
ones: A tensor of ones.
ones_like: A tensor of ones of another's shape and type.
outer: Each value of one vector times each of another.
pad: Puts a rim around the last axes; two numbers an axis, the last axis first.
pairwise_distance: The norm of the difference of two tensors along the last axis.
pdist: The distance of each pair of rows.
permute: The axes in another order.
pinv: The pseudo-inverse of matrices.
pixel_shuffle: Turns channels into height and width.
pixel_unshuffle: Turns height and width into channels.
poisson: Counts drawn by their means.
positive: The values as they are.
pow: A power, as `**` writes it.
prelu: x, with a given slope below zero.
prod: The product of all values, or along an axis.
qr: An orthogonal and a triangular factor of matrices.
quantile: The value below which a share of the others lies.
rad2deg: Radians as degrees.
rand: Random numbers, equally likely from 0 to 1.
rand_like: Random numbers from 0 to 1 in another tensor's shape.
randint: Random whole numbers of a range.
randint_like: Random whole numbers in another tensor's shape.
randn: Random numbers of the normal distribution.
randn_like: Random numbers of the normal distribution in another tensor's shape.
randperm: The numbers below n in random order.
ravel: All values as one axis.
reciprocal: 1 / x.
relu: max(x, 0).
relu6: x cut to 0 and 6.
remainder: What a division leaves, with the sign of the divisor, as `%` writes it.
repeat: Copies the tensor so often along each axis.
repeat_interleave: Copies each item along an axis so often, side by side.
reshape: The same values in order, in another shape; -1 stands for what is left.
reshape_as: The same values in order, in another tensor's shape.
rms_norm: Divides the last axes by their root mean square, then scales them if told how.
roll: Shifts along axes; what leaves at the end comes in at the front.
rot90: Turned by right angles in the plane of two axes.
round: Rounds to the nearest whole number, halves to the even one.
rrelu: x, with a slope below zero that is drawn anew while training.
rsqrt: 1 / sqrt(x).
scaled_dot_product_attention: softmax(query @ key.mT * scale) @ value, fused.
scatter: Puts values to places along an axis, over what was there.
scatter_add: Adds values to places along an axis.
scatter_reduce: Reduces values into places along an axis.
searchsorted: The place of every value in a sorted sequence.
select: One slice of an axis; the axis is gone.
select_scatter: Puts a slice to one place of an axis.
selu: elu with the scales that keep mean 0 and variance 1.
sigmoid: 1 / (1 + exp(-x)).
sign: -1, 0 or 1.
signbit: Where the sign is minus.
silu: x * sigmoid(x), also called swish.
sin: The sine.
sinc: sin(pi * x) / (pi * x), and 1 at zero.
sinh: The hyperbolic sine.
size: The size of an axis, as a number.
slice_scatter: Puts values to a stretch of an axis.
slogdet: The sign and the logarithm of the determinant.
softmax: exp(x) over its sum along an axis.
softmin: exp(-x) over its sum along an axis.
softplus: log(1 + exp(beta * x)) / beta.
softshrink: x moved towards zero by lambd.
softsign: x / (1 + abs(x)).
solve: Solves systems of linear equations.
solve_triangular: Solves systems whose matrix is triangular.
sort: The values in order along an axis, and where they were.
split: Cuts an axis into pieces of one size, or of given sizes.
sqrt: The square root.
square: The value times itself.
squeeze: Drops axes of size 1.
stack: Joins tensors of one shape along a new axis.
std: The standard deviation, of all values or along some axes.
std_mean: The standard deviation and the mean.
sub: The difference of two tensors, as `-` writes it.
sum: The sum of all values, or along some axes.
svd: The singular value decomposition of matrices.
svdvals: The singular values of matrices.
t: A matrix with its axes exchanged.
take: Values by their place among all values in order.
take_along_dim: Picks values along an axis by an index for each place, broadcast.
tan: The tangent.
tanh: The hyperbolic tangent.
tanhshrink: x - tanh(x).
tensor: A tensor of given numbers.
tensor_split: Cuts an axis into so many pieces, or at given places.
tensordot: Products summed over several axes of both.
threshold: x, and a value where x is not above a threshold.
tile: Copies the tensor so often along each axis, the last ones if fewer are given.
topk: The largest values along an axis, and where they were.
trace: The sum of a matrix's diagonal.
transpose: Two axes exchanged.
trapezoid: The integral along an axis, by the trapezoid rule.
tril: The lower triangle of the last two axes; zeros elsewhere.
tril_indices: The rows and columns of a matrix's lower triangle, as a tensor of (2, count).
triu: The upper triangle of the last two axes; zeros elsewhere.
triu_indices: The rows and columns of a matrix's upper triangle, as a tensor of (2, count).
trunc: Cuts off the part behind the point.
unbind: The slices along an axis, as a list.
unflatten: Takes one axis apart into several.
unfold: Lays out the patches of an image as columns.
unsqueeze: A new axis of size 1.
var: The variance, of all values or along some axes.
var_mean: The variance and the mean.
vecdot: Products summed along an axis.
vector_norm: The norm of vectors along some axes.
vstack: Joins tensors along the first axis, vectors as rows.
where: One of two values, by a condition, everywhere.
xlogy: x * log(y), and 0 where x is zero.
zeros: A tensor of zeros.
zeros_like: A tensor of zeros of another's shape and type.
"""

_ARGUMENTS = """
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

_SPECIAL = """
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


def _table(text: str) -> dict[str, str]:
    rows = (line.partition(": ") for line in text.strip().splitlines())
    return {name: meaning for name, _, meaning in rows}


FUNCTIONS = _table(_FUNCTIONS)
ARGUMENTS = _table(_ARGUMENTS) | _table(_SPECIAL)


def of_function(function: Function) -> str:
    """What a function does."""
    return function.doc or FUNCTIONS.get(function.name, "")


def of_argument(function: Function, argument: Argument) -> str:
    """What an argument of a function means."""
    own = ARGUMENTS.get(f"{function.name}.{argument.name}")
    return argument.doc or own or ARGUMENTS.get(argument.name, "")
