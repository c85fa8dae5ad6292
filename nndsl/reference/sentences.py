"""What each function of tensors does, in a sentence.

It stands here and not in the entries because only the reference reads it: a check loads entries.
"""

from __future__ import annotations

SENTENCES = """
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
