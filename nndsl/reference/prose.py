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
all: Whether all values are true, of all axes or along some.
alpha_dropout: Dropout that keeps mean and variance, for use with selu; only while training.
amax: The largest value of all axes or along some; ties share the gradient.
amin: The smallest value of all axes or along some; ties share the gradient.
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
bilinear: Multiplies two tensors through a matrix for every output feature.
bmm: Matrix products, one for each item of a batch.
bool: Converts to truth values: what is not zero is true.
cat: Joins tensors along an axis that they have already.
cdist: The distance of each row of one tensor to each row of another.
ceil: Rounds up to a whole number.
celu: x, and alpha * (exp(x / alpha) - 1) below zero.
channel_shuffle: Deals the channels of several groups out among each other.
chunk: Cuts an axis into so many pieces, the last perhaps smaller.
clamp: Cuts values to a lower and an upper bound.
conv1d: Slides a given kernel over one axis.
conv2d: Slides a given kernel over height and width.
conv3d: Slides a given kernel over depth, height and width.
conv_transpose1d: The transpose of a convolution over one axis, with a given kernel.
conv_transpose2d: The transpose of a convolution over height and width, with a given kernel.
conv_transpose3d: The transpose of a convolution over three axes, with a given kernel.
cos: The cosine.
cosh: The hyperbolic cosine.
cosine_similarity: The cosine of the angle between two tensors along an axis.
count_nonzero: How many values are not zero.
cummax: The largest value so far along an axis, and where it was.
cummin: The smallest value so far along an axis, and where it was.
cumprod: The product of the values so far along an axis.
cumsum: The sum of the values so far along an axis.
deg2rad: Degrees as radians.
detach: The same values, without a path for gradients.
diagonal: The diagonal of two axes, as a new last axis.
digamma: The derivative of the logarithm of the gamma function.
dot: The inner product of two tensors of one axis.
dropout: Sets values to zero at random while training, and scales up the others.
dropout1d: Sets whole channels of a sequence to zero at random while training.
dropout2d: Sets whole channels of an image to zero at random while training.
dropout3d: Sets whole channels of a volume to zero at random while training.
einsum: Multiplies tensors and sums over the axes that the result doesn't name.
elu: x, and alpha * (exp(x) - 1) below zero.
embedding: Rows of a given table, looked up by index.
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
fmod: What a division leaves, with the sign of the input.
fold: Adds up patches that were laid out as columns.
frac: The part behind the point.
full: A tensor that holds one value everywhere.
full_like: A tensor of another's shape and type that holds one value everywhere.
gather: Picks values along an axis by an index for each place.
ge: Where one tensor is at least another, as `>=` writes it.
gelu: x times the normal distribution's share below x.
glu: Halves an axis: the first half times sigmoid of the second.
grid_sample: Reads an image at given places, between its pixels too.
group_norm: Gives every group of channels mean 0 and variance 1, then scales it if told how.
gt: Where one tensor is larger than another, as `>` writes it.
gumbel_softmax: Draws from a categorical distribution in a way that gradients pass through.
hardshrink: x, and 0 where x is small.
hardsigmoid: x / 6 + 1 / 2, cut to 0 and 1.
hardswish: x * hardsigmoid(x).
hardtanh: x cut to two bounds.
hypot: The square root of the sum of two squares.
index_select: Picks whole slices along an axis by their indices.
int: Converts to whole numbers, towards zero.
interpolate: Resamples sequences, images or volumes to another size.
isfinite: Where a value is a finite number.
isinf: Where a value is infinite.
isnan: Where a value is no number.
layer_norm: Gives the last axes mean 0 and variance 1, then scales them if told how.
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
log_softmax: The logarithm of softmax along an axis.
logcumsumexp: The logarithm of the sum of the exponentials so far along an axis.
logical_and: Where both are true.
logical_not: Where the value is false, or zero.
logical_or: Where one or both are true.
logical_xor: Where exactly one is true.
logsigmoid: log(sigmoid(x)).
logsumexp: The logarithm of the sum of exponentials along some axes.
lt: Where one tensor is smaller than another, as `<` writes it.
masked_fill: Puts one value wherever a mask is true.
matmul: The product of matrices in the last two axes, as `@` writes it.
max: The largest value: of all, along an axis (with its place), or of two tensors.
maximum: The larger of two values, everywhere.
mean: The mean of all values, or along some axes.
meshgrid: Coordinates of a grid, from its axes.
min: The smallest value: of all, along an axis (with its place), or of two tensors.
minimum: The smaller of two values, everywhere.
mish: x * tanh(softplus(x)).
mm: The product of two matrices.
movedim: Puts axes to other places; the rest keep their order.
mul: The product of two tensors, value by value, as `*` writes it.
mv: A matrix times a vector.
nansum: The sum, taking what is no number for zero.
ne: Where two tensors differ, as `!=` writes it.
neg: The value with the other sign.
norm: The length of vectors along some axes, by a p-norm.
normalize: Divides by the length along an axis.
one_hot: A new last axis that is 1 at the index and 0 elsewhere.
ones: A tensor of ones.
ones_like: A tensor of ones of another's shape and type.
outer: Each value of one vector times each of another.
pad: Puts a rim around the last axes; two numbers an axis, the last axis first.
pairwise_distance: The norm of the difference of two tensors along the last axis.
permute: The axes in another order.
pixel_shuffle: Turns channels into height and width.
pixel_unshuffle: Turns height and width into channels.
positive: The values as they are.
pow: A power, as `**` writes it.
prod: The product of all values, or along an axis.
rad2deg: Radians as degrees.
rand: Random numbers, equally likely from 0 to 1.
rand_like: Random numbers from 0 to 1 in another tensor's shape.
randn: Random numbers of the normal distribution.
randn_like: Random numbers of the normal distribution in another tensor's shape.
reciprocal: 1 / x.
relu: max(x, 0).
relu6: x cut to 0 and 6.
remainder: What a division leaves, with the sign of the divisor, as `%` writes it.
repeat: Copies the tensor so often along each axis.
repeat_interleave: Copies each item along an axis so often, side by side.
reshape: The same values in order, in another shape; -1 stands for what is left.
rms_norm: Divides the last axes by their root mean square, then scales them if told how.
roll: Shifts along axes; what leaves at the end comes in at the front.
round: Rounds to the nearest whole number, halves to the even one.
rsqrt: 1 / sqrt(x).
scaled_dot_product_attention: softmax(query @ key.mT * scale) @ value, fused.
scatter: Puts values to places along an axis, over what was there.
scatter_add: Adds values to places along an axis.
selu: elu with the scales that keep mean 0 and variance 1.
sigmoid: 1 / (1 + exp(-x)).
sign: -1, 0 or 1.
signbit: Where the sign is minus.
silu: x * sigmoid(x), also called swish.
sin: The sine.
sinc: sin(pi * x) / (pi * x), and 1 at zero.
sinh: The hyperbolic sine.
size: The size of an axis, as a number.
softmax: exp(x) over its sum along an axis.
softmin: exp(-x) over its sum along an axis.
softplus: log(1 + exp(beta * x)) / beta.
softshrink: x moved towards zero by lambd.
softsign: x / (1 + abs(x)).
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
tan: The tangent.
tanh: The hyperbolic tangent.
tanhshrink: x - tanh(x).
threshold: x, and a value where x is not above a threshold.
tile: Copies the tensor so often along each axis, the last ones if fewer are given.
topk: The largest values along an axis, and where they were.
transpose: Two axes exchanged.
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
where: One of two values, by a condition, everywhere.
zeros: A tensor of zeros.
zeros_like: A tensor of zeros of another's shape and type.
"""

_ARGUMENTS = """
align_corners: whether the outer pixels' middles stay where they are
alpha: scale of the negative side
antialias: whether it is smoothed where it shrinks
approximate: the formula, "none" or "tanh"
attn_mask: true where a position may be attended to, or numbers that are added to the scores
beta: sharpness
bias: what is added
chunks: how many pieces
col: columns of the matrix
condition: where the first of the two values is taken
correction: what is taken from the count that is divided by; 1 for a sample
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
enable_gqa: whether several heads of queries share one of keys and values
end: where it ends
end_dim: last axis that is joined
eps: a small number that keeps from dividing by zero
equation: the axes of each operand and of the result: "b i, b j -> b i j"
exponent: the power
fill_value: the value everywhere
grid: places to read, from -1 to 1, as (x, y)
groups: how many groups of channels are kept apart
hard: whether the result is one-hot
index: indices along the axis
indexing: "ij" for rows first, "xy" for columns first
input: the tensor
input1: the first tensor
input2: the second tensor
is_causal: whether no position attends to later ones
k: how many
keepdim: whether the axis stays, with size 1
kernel_size: extent of a window
key: what queries are compared with
lambd: half the width of the flat part
largest: whether the largest are taken, not the smallest
logits: logarithms of probabilities, up to a constant
m: columns; as many as rows if left out
mask: where to put it
mat2: the second matrix
max: upper bound
max_val: highest value
min: lower bound
min_val: lowest value
mode: how it is done
n: rows
negative_slope: slope of the negative side
normalized_shape: sizes of the axes that are normalized
num_classes: size of the new axis
num_groups: how many groups
offset: which diagonal; 0 is the main one
operands: the tensors, in the equation's order
other: the second tensor or number
output_padding: what is added to one side of the output
output_size: height and width of the result
p: the exponent of the norm, or the share that is dropped
pad: the rim: two numbers an axis, the last axis first
padding: rim of zeros around the input
padding_idx: a row that gets no gradient
padding_mode: what lies outside
query: what is asked
repeats: how often
row: rows of the matrix
scale: factor of the scores; 1 / sqrt of the last axis if left out
scale_factor: how many times larger, instead of size
shape: the new shape
shifts: how far
size: the shape, or the size of the result
sizes: the new sizes
sorted: whether the result is in order
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
tensors: the tensors
threshold: where it changes
upscale_factor: how many times larger height and width become
value: the value
vec: the vector
vec2: the second vector
weight: the weights
x1: the first tensor
x2: the second tensor
"""

_SPECIAL = """
embedding.weight: the table, one row an index
gather.dim: the axis that is picked along
group_norm.bias: offset of each channel
group_norm.weight: factor of each channel
layer_norm.bias: offset of each feature
layer_norm.weight: factor of each feature
lerp.end: the second tensor
lerp.weight: the share of the second tensor
linear.weight: matrix of (out, in)
max.dim: the axis, or a second tensor
min.dim: the axis, or a second tensor
normalize.p: exponent of the norm
norm.p: exponent of the norm
one_hot.tensor: indices
dot.tensor: the second vector
pad.value: what the rim holds
repeat_interleave.dim: the axis; without, the tensor is flattened
rms_norm.weight: factor of each feature
roll.dims: the axes; without, the tensor is flattened for it
scaled_dot_product_attention.value: what is averaged
softplus.threshold: beta * x above which it is linear
threshold.value: what replaces smaller values
where.input: the value where the condition is true
where.other: the value elsewhere
chunk.dim: the axis that is cut
split.dim: the axis that is cut
stack.dim: the place of the new axis
unbind.dim: the axis that is taken apart
unsqueeze.dim: the place of the new axis
squeeze.dim: the axes; all of size 1 if left out
unflatten.sizes: the sizes that it is taken apart into
expand.sizes: the new sizes; -1 keeps one
interpolate.mode: "nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact"
interpolate.size: the new size, or one for each axis
grid_sample.mode: "bilinear", "nearest" or "bicubic"
pad.mode: "constant", "reflect", "replicate" or "circular"
alpha_dropout.p: share that is dropped
dropout.p: share that is dropped
dropout1d.p: share that is dropped
dropout2d.p: share that is dropped
dropout3d.p: share that is dropped
feature_alpha_dropout.p: share that is dropped
cdist.p: exponent of the norm
pairwise_distance.p: exponent of the norm
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
