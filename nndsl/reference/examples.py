"""An example of every built-in layer and function: the end of a model, which the tests check.

Each line of a table has the name, the inputs and the body, set apart by ``;``. What isn't in a
table takes one float tensor and nothing else.
"""

from __future__ import annotations

from nndsl.layers import registry as layers
from nndsl.model.spec import Choice, Function, Layer, Loss, fold

_INPUTS = {1: "8", 2: "b 8", 3: "b 8 10", 4: "b 8 12 12", 5: "b 8 6 6 6"}
"""Shapes for layers that need nothing but a tensor, by its number of axes."""

_LAYERS = """
linear; x: "b 784"; x | linear 256
bilinear; x: "b 8", y: "b 5"; bilinear(16)(x, y)
embedding; ids: int "b t"; ids | embedding 1000->64
embedding_bag; ids: int "b t"; ids | embedding_bag 1000->64
conv1d; x: "b 80 t"; x | conv1d(128, 3, padding=1)
conv2d; image: "b 3 32 32"; image | conv2d(64, 3, stride=2, padding=1)
conv3d; x: "b 3 8 32 32"; x | conv3d(16, [1, 3, 3])
conv_transpose1d; x: "b 16 10"; x | conv_transpose1d(8, 4, stride=2, padding=1)
conv_transpose2d; x: "b 16 8 8"; x | conv_transpose2d(8, 2, stride=2)
conv_transpose3d; x: "b 16 4 8 8"; x | conv_transpose3d(8, 2, stride=2)
conv; image: "b 3 32 32"; image | conv(64, 3, padding="same")
conv_transpose; x: "b 16 8 8"; x | conv_transpose(8, 2, stride=2)
batchnorm; x: "b 16 8 8"; x | batchnorm
instancenorm; x: "b 16 8 8"; x | instancenorm(affine=True)
layernorm; x: "b t 64"; x | layernorm(eps=1e-6)
rmsnorm; x: "b t 64"; x | rmsnorm(eps=1e-6)
groupnorm; x: "b 16 8 8"; x | groupnorm 4
local_response_norm; x: "b 16 8 8"; x | local_response_norm 5
cross_map_lrn2d; x: "b 16 8 8"; x | cross_map_lrn2d 5
threshold; x: "b 8"; x | threshold(0.1, 0.0)
glu; x: "b 8"; x | glu
softmax; x: "b 10"; x | softmax(dim=-1)
softmin; x: "b 10"; x | softmin(dim=-1)
log_softmax; x: "b 10"; x | log_softmax(dim=-1)
prelu; x: "b 16 8 8"; x | prelu 16
flatten; x: "b 16 8 8"; x | flatten
unflatten; x: "b 64"; x | unflatten(1, [4, 16])
channel_shuffle; x: "b 16 8 8"; x | channel_shuffle 4
pixel_shuffle; x: "b 12 8 8"; x | pixel_shuffle 2
pixel_unshuffle; image: "b 3 16 16"; image | pixel_unshuffle 2
maxpool1d; x: "b 8 10"; x | maxpool1d 2
maxpool2d; x: "b 8 12 12"; x | maxpool2d(3, stride=2, padding=1)
maxpool3d; x: "b 8 6 6 6"; x | maxpool3d 2
maxpool; x: "b 8 12 12"; x | maxpool 2
avgpool1d; x: "b 8 10"; x | avgpool1d 2
avgpool2d; x: "b 8 12 12"; x | avgpool2d 2
avgpool3d; x: "b 8 6 6 6"; x | avgpool3d 2
avgpool; x: "b 8 12 12"; x | avgpool 2
lppool1d; x: "b 8 10"; x | lppool1d(2, 2)
lppool2d; x: "b 8 12 12"; x | lppool2d(2, 2)
lppool3d; x: "b 8 6 6 6"; x | lppool3d(2, 2)
lppool; x: "b 8 12 12"; x | lppool(2, 2)
max_unpool1d; x: "b 8 10"; y, places = x | maxpool1d(2, return_indices=True) ~ max_unpool1d(2)(y, places)
max_unpool2d; x: "b 8 12 12"; y, places = x | maxpool2d(2, return_indices=True) ~ max_unpool2d(2)(y, places)
max_unpool3d; x: "b 8 6 6 6"; y, places = x | maxpool3d(2, return_indices=True) ~ max_unpool3d(2)(y, places)
fractional_maxpool2d; x: "b 8 12 12"; x | fractional_maxpool2d(2, output_size=7)
fractional_maxpool3d; x: "b 8 6 6 6"; x | fractional_maxpool3d(2, output_size=4)
adaptive_avgpool1d; x: "b 8 t"; x | adaptive_avgpool1d 1
adaptive_avgpool2d; x: "b 8 h w"; x | adaptive_avgpool2d 1
adaptive_avgpool3d; x: "b 8 d h w"; x | adaptive_avgpool3d 1
adaptive_avgpool; x: "b 8 h w"; x | adaptive_avgpool 1
adaptive_maxpool1d; x: "b 8 t"; x | adaptive_maxpool1d 1
adaptive_maxpool2d; x: "b 8 h w"; x | adaptive_maxpool2d 1
adaptive_maxpool3d; x: "b 8 d h w"; x | adaptive_maxpool3d 1
adaptive_maxpool; x: "b 8 h w"; x | adaptive_maxpool 1
dropout_channels; x: "b 16 8 8"; x | dropout_channels 0.2
rnn; x: "b t 32"; x | rnn(64, batch_first=True) | _[0]
lstm; x: "b t 32"; y, (h, c) = x | lstm(64, batch_first=True) ~ y
gru; x: "b t 32"; x | gru(64, batch_first=True) | _[0]
rnn_cell; x: "b 32", h: "b 64"; x | rnn_cell(64)(h)
lstm_cell; x: "b 32", h: "b 64", c: "b 64"; x | lstm_cell(64)([h, c])
gru_cell; x: "b 32", h: "b 64"; x | gru_cell(64)(h)
constant_pad1d; x: "b 8 10"; x | constant_pad1d(2, 0.5)
constant_pad2d; x: "b 8 12 12"; x | constant_pad2d([1, 1, 2, 2], 0.5)
constant_pad3d; x: "b 8 6 6 6"; x | constant_pad3d(1, 0.5)
zero_pad1d; x: "b 8 10"; x | zero_pad1d 1
zero_pad2d; x: "b 8 12 12"; x | zero_pad2d 1
zero_pad3d; x: "b 8 6 6 6"; x | zero_pad3d 1
reflection_pad1d; x: "b 8 10"; x | reflection_pad1d 1
reflection_pad2d; x: "b 8 12 12"; x | reflection_pad2d 1
reflection_pad3d; x: "b 8 6 6 6"; x | reflection_pad3d 1
replication_pad1d; x: "b 8 10"; x | replication_pad1d 1
replication_pad2d; x: "b 8 12 12"; x | replication_pad2d 1
replication_pad3d; x: "b 8 6 6 6"; x | replication_pad3d 1
circular_pad1d; x: "b 8 10"; x | circular_pad1d 1
circular_pad2d; x: "b 8 12 12"; x | circular_pad2d 1
circular_pad3d; x: "b 8 6 6 6"; x | circular_pad3d 1
upsample; x: "b 8 12 12"; x | upsample(scale_factor=2, mode="bilinear")
upsampling_nearest2d; x: "b 8 12 12"; x | upsampling_nearest2d(scale_factor=2)
upsampling_bilinear2d; x: "b 8 12 12"; x | upsampling_bilinear2d(size=[24, 20])
unfold; image: "b 3 32 32"; image | unfold(4, stride=4)
fold; x: "b 48 64"; x | fold([32, 32], 4, stride=4)
cosine_similarity; x: "b 64", y: "b 64"; cosine_similarity()(x, y)
pairwise_distance; x: "b 64", y: "b 64"; pairwise_distance()(x, y)
multihead_attention; x: "b t 64"; x | multihead_attention(8, batch_first=True)(x, x) | _[0]
transformer_encoder_layer; x: "b t 64"; x | transformer_encoder_layer(8, batch_first=True)
transformer_decoder_layer; x: "b t 64", memory: "b s 64"; x | transformer_decoder_layer(8, batch_first=True)(memory)
transformer; x: "b s 64", y: "b t 64"; x | transformer(batch_first=True)(y)
"""  # noqa: E501

_FUNCTIONS = """
add; x: "b 8", y: "b 8"; add(x, y)
addbmm; x: "4 5", y: "b 4 8", z: "b 8 5"; addbmm(x, y, z)
addcdiv; x: "b 8", y: "b 8", z: "b 8"; addcdiv(x, y, z, value=0.1)
addcmul; x: "b 8", y: "b 8", z: "b 8"; addcmul(x, y, z, value=0.1)
addmm; x: "b 5", y: "b 8", z: "8 5"; addmm(x, y, z)
addmv; x: "b", y: "b 8", z: "8"; addmv(x, y, z)
addr; x: "t d", y: "t", z: "d"; addr(x, y, z)
affine_grid; image: "b 3 32 32", theta: "b 2 3"; grid_sample(image, affine_grid(theta, [b, 3, 32, 32], False), align_corners=False)
aminmax; x: "b 8"; low, high = aminmax(x, dim=1, keepdim=True) ~ (x - low) / (high - low)
arange; x: "b t 8"; x + arange(t)[:, None]
atan2; x: "b 8", y: "b 8"; atan2(x, y)
baddbmm; x: "b 4 5", y: "b 4 8", z: "b 8 5"; baddbmm(x, y, z)
bartlett_window; x: "b 400"; x * bartlett_window(400)
bernoulli; x: "b 8"; bernoulli(sigmoid(x))
bilinear; x: "b 8", y: "b 5"; param w: "16 8 5" = normal(0, 0.1) ~ bilinear(x, y, w)
bitwise_and; x: int "b 8"; bitwise_and(x, 7)
bitwise_left_shift; x: int "b 8"; bitwise_left_shift(x, 2)
bitwise_not; x: int "b 8"; bitwise_not(x)
bitwise_or; x: int "b 8", y: int "b 8"; bitwise_or(x, y)
bitwise_right_shift; x: int "b 8"; bitwise_right_shift(x, 2)
bitwise_xor; x: int "b 8", y: int "b 8"; bitwise_xor(x, y)
blackman_window; x: "b 400"; x * blackman_window(400)
block_diag; x: "4 4", y: "3 3"; block_diag(x, y)
bmm; x: "b 4 8", y: "b 8 5"; bmm(x, y)
broadcast_tensors; x: "b 1", y: "b 8"; p, q = broadcast_tensors(x, y) ~ p - q
broadcast_to; x: "b 1"; broadcast_to(x, [b, 8])
bucketize; x: "b 8", edges: "k"; bucketize(x, edges)
cartesian_prod; x: "t", y: "s"; cartesian_prod(x, y)
cat; x: "b 8", y: "b 5"; cat(x, y, dim=1)
cdist; x: "b 4 8", y: "b 5 8"; cdist(x, y)
channel_shuffle; x: "b 16 8 8"; channel_shuffle(x, 4)
cholesky; x: "b 8 8"; cholesky(x @ transpose(x, 1, 2) + 8 * eye(8))
cholesky_solve; x: "b 8 2", y: "b 8 8"; cholesky_solve(x, tril(y) + eye(8))
chunk; x: "b 8"; a, g = chunk(x, 2, dim=1) ~ a * sigmoid(g)
clamp; x: "b 8"; x | clamp(min=0, max=1)
clamp_max; x: "b 8"; x | clamp_max(1)
clamp_min; x: "b 8"; x | clamp_min(0)
column_stack; x: "b", y: "b 4"; column_stack(x, y)
conv1d; x: "b 8 10"; param w: "16 8 3" = normal(0, 0.1) ~ conv1d(x, w, padding=1)
conv2d; x: "b 8 12 12"; param w: "16 8 3 3" = normal(0, 0.1) ~ conv2d(x, w, padding=1)
conv3d; x: "b 8 6 6 6"; param w: "16 8 3 3 3" = normal(0, 0.1) ~ conv3d(x, w, padding=1)
conv_transpose1d; x: "b 8 10"; param w: "8 4 2" = normal(0, 0.1) ~ conv_transpose1d(x, w, stride=2)
conv_transpose2d; x: "b 8 12 12"; param w: "8 4 2 2" = normal(0, 0.1) ~ conv_transpose2d(x, w, stride=2)
conv_transpose3d; x: "b 8 6 6 6"; param w: "8 4 2 2 2" = normal(0, 0.1) ~ conv_transpose3d(x, w, stride=2)
copysign; x: "b 8", y: "b 8"; copysign(x, y)
corrcoef; x: "8 t"; corrcoef(x)
cosine_similarity; x: "b 64", y: "b 64"; cosine_similarity(x, y)
count_nonzero; x: "b 8"; count_nonzero(x, dim=1)
cov; x: "8 t"; cov(x)
cross; x: "b 3", y: "b 3"; cross(x, y)
cummax; x: "b t"; values, places = cummax(x, dim=1) ~ values
cummin; x: "b t"; values, places = cummin(x, dim=1) ~ values
cumprod; x: "b t"; x | cumprod(dim=1)
cumsum; x: "b t"; x | cumsum(dim=1)
cumulative_trapezoid; x: "b t"; cumulative_trapezoid(x, dx=0.1)
det; x: "b 8 8"; det(x)
diag; x: "8"; diag(x)
diag_embed; x: "b 8"; diag_embed(x)
diagonal; x: "b 8 8"; diagonal(x, dim1=1, dim2=2)
diff; x: "b 10"; x | diff(dim=1)
dist; x: "b 8", y: "b 8"; dist(x, y)
div; x: "b 8", y: "b 8"; div(x, y)
dot; x: "8", y: "8"; dot(x, y)
dropout1d; x: "b 8 10"; dropout1d(x, 0.2)
dropout2d; x: "b 8 12 12"; dropout2d(x, 0.2)
dropout3d; x: "b 8 6 6 6"; dropout3d(x, 0.2)
dstack; x: "b 8", y: "b 8"; dstack(x, y)
eigh; x: "b 8 8"; values, vectors = eigh(x + transpose(x, 1, 2)) ~ values
eigvalsh; x: "b 8 8"; eigvalsh(x + transpose(x, 1, 2))
einsum; q: "b t d", k: "b s d"; einsum("b t d, b s d -> b t s", q, k)
embedding; ids: int "b t"; param table: "1000 64" = normal(0, 1) ~ embedding(ids, table)
eq; x: "b 8", y: "b 8"; eq(x, y)
expand; x: "b 1 8"; x | expand(-1, 4, -1)
expand_as; x: "b 1", y: "b 8"; expand_as(x, y)
eye; x: "b 8 8"; x + eye(8)
flatten; x: "b 16 8 8"; flatten(x + 1, start_dim=1)
flip; x: "b t 8"; x | flip(1)
floor_divide; x: "b 8"; x | floor_divide(2)
fmax; x: "b 8", y: "b 8"; fmax(x, y)
fmin; x: "b 8", y: "b 8"; fmin(x, y)
fmod; x: "b 8"; x | fmod(2)
fold; x: "b 48 64"; fold(x, [32, 32], 4, stride=4)
full; x: "b 8"; x + full([8], 0.5)
full_like; x: "b 8"; full_like(x, 0.5)
gather; x: "b 10", ids: int "b k"; gather(x, 1, ids)
gcd; x: int "b 8", y: int "b 8"; gcd(x, y)
ge; x: "b 8"; x | ge(0)
glu; x: "b 8"; glu(x * 2)
grid_sample; image: "b 3 h w", grid: "b 16 16 2"; grid_sample(image, grid, align_corners=False)
group_norm; x: "b 16 8 8"; group_norm(x, 4)
gt; x: "b 8"; x | gt(0)
gumbel_softmax; x: "b 10"; x | gumbel_softmax(tau=0.5, hard=True)
hamming_window; x: "b 400"; x * hamming_window(400)
hann_window; x: "b 400"; x * hann_window(400)
heaviside; x: "b 8", y: "8"; heaviside(x, y)
hstack; x: "b 4", y: "b 5"; hstack(x, y)
hypot; x: "b 8", y: "b 8"; hypot(x, y)
index_add; x: "b 8", ids: int "k", y: "b k"; index_add(x, 1, ids, y)
index_copy; x: "b 8", ids: int "k", y: "b k"; index_copy(x, 1, ids, y)
index_fill; x: "b 8", ids: int "k"; index_fill(x, 1, ids, 0.0)
index_select; x: "b 8", ids: int "k"; index_select(x, 1, ids)
inner; x: "b 8", y: "t 8"; inner(x, y)
int; x: "b 8"; int(x)
interpolate; image: "b 3 32 32"; image | interpolate(scale_factor=2, mode="bilinear")
inv; x: "b 8 8"; inv(x + 8 * eye(8))
isclose; x: "b 8", y: "b 8"; isclose(x, y)
isin; x: int "b 8", y: int "k"; isin(x, y)
kaiser_window; x: "b 400"; x * kaiser_window(400)
kron; x: "2 3", y: "4 5"; kron(x, y)
kthvalue; x: "b 10"; values, places = kthvalue(x, 3) ~ values
layer_norm; x: "b t 64"; layer_norm(x, [64])
lcm; x: int "b 8", y: int "b 8"; lcm(x, y)
ldexp; x: "b 8", y: int "b 8"; ldexp(x, y)
le; x: "b 8"; x | le(0)
lerp; x: "b 8", y: "b 8"; lerp(x, y, 0.5)
linear; x: "b 8"; param w: "4 8" = normal(0, 0.1) ~ linear(x, w)
linspace; x: "b 8"; x + linspace(0, 1, 8)
log_softmax; x: "b 10"; log_softmax(x * 2, dim=-1)
logaddexp; x: "b 8", y: "b 8"; logaddexp(x, y)
logaddexp2; x: "b 8", y: "b 8"; logaddexp2(x, y)
logcumsumexp; x: "b t"; x | logcumsumexp(dim=1)
logdet; x: "b 8 8"; logdet(x @ transpose(x, 1, 2) + eye(8))
logical_and; x: bool "b 8", y: bool "b 8"; logical_and(x, y)
logical_not; x: bool "b 8"; logical_not(x)
logical_or; x: bool "b 8", y: bool "b 8"; logical_or(x, y)
logical_xor; x: bool "b 8", y: bool "b 8"; logical_xor(x, y)
logspace; x: "b 8"; x * logspace(0, 3, 8)
logsumexp; x: "b 10"; x | logsumexp(dim=1)
lt; x: "b 8"; x | lt(0)
masked_fill; x: "b t", mask: bool "b t"; x | masked_fill(mask, -inf)
masked_scatter; x: "b 8", mask: bool "b 8", y: "b 8"; masked_scatter(x, mask, y)
matmul; x: "b 4 8", y: "b 8 5"; matmul(x, y)
matrix_exp; x: "b 8 8"; matrix_exp(x)
matrix_norm; x: "b 8 8"; matrix_norm(x)
matrix_power; x: "b 8 8"; matrix_power(x, 3)
max; x: "b 10"; values, places = max(x, dim=1) ~ values
maximum; x: "b 8", y: "b 8"; maximum(x, y)
mean; x: "b 16 8 8"; x | mean(dim=[2, 3])
median; x: "b 10"; values, places = median(x, dim=1) ~ values
meshgrid; x: "w", y: "h"; rows, columns = meshgrid(y, x) ~ rows + columns
min; x: "b 10"; values, places = min(x, dim=1) ~ values
minimum; x: "b 8", y: "b 8"; minimum(x, y)
mm; x: "b 8", y: "8 5"; mm(x, y)
mode; x: "b 10"; values, places = mode(x) ~ values
movedim; x: "b 3 h w"; x | movedim(1, -1)
mul; x: "b 8", y: "b 8"; mul(x, y)
multi_dot; x: "b 8", y: "8 5", z: "5 3"; multi_dot(x, y, z)
multinomial; x: "b 10"; multinomial(softmax(x, dim=1), 3)
mv; x: "b 8", y: "8"; mv(x, y)
nanmedian; x: "b 10"; values, places = nanmedian(x, dim=1) ~ values
nanquantile; x: "b 10"; nanquantile(x, 0.9, dim=1)
narrow; x: "b 10"; x | narrow(1, 2, 4)
ne; x: "b 8", y: "b 8"; ne(x, y)
norm; x: "b 64"; x | norm(dim=1, keepdim=True)
numel; x: "b 8"; x / numel(x)
one_hot; ids: int "b t"; ids | one_hot(10)
ones; x: "b 8"; x + ones(8)
outer; x: "t", y: "d"; outer(x, y)
pad; image: "b 3 32 32"; image | pad([1, 1, 2, 2])
pairwise_distance; x: "b 64", y: "b 64"; pairwise_distance(x, y)
pdist; x: "5 8"; pdist(x)
permute; image: "b 3 h w"; image | permute(0, 2, 3, 1)
pinv; x: "b 8 4"; pinv(x)
pixel_shuffle; x: "b 12 8 8"; pixel_shuffle(x, 2)
pixel_unshuffle; image: "b 3 16 16"; pixel_unshuffle(image, 2)
poisson; x: "b 8"; poisson(exp(x))
pow; x: "b 8"; x | pow(2)
prelu; x: "b 16 8 8"; param slope: "16" = 0.25 ~ prelu(x, slope)
qr; x: "b 8 4"; q, r = qr(x) ~ q @ r
quantile; x: "b 10"; quantile(x, 0.9, dim=1)
rand; x: "b 8"; x + rand(8)
randint; x: "b 8"; x + randint(0, 10, [8])
randint_like; x: "b 8"; randint_like(x, 10)
randn; x: "b 8"; x + randn(8)
randperm; x: "b 8"; x[:, randperm(8)]
remainder; x: "b 8"; x | remainder(2)
repeat; x: "b 8"; x | repeat(1, 3)
repeat_interleave; x: "b 4 t 16"; x | repeat_interleave(2, dim=1)
reshape; x: "b 12"; x | reshape(b, 3, 4)
reshape_as; x: "b 12", y: "b 3 4"; reshape_as(x, y)
rms_norm; x: "b t 64"; rms_norm(x, [64])
roll; x: "b t 8"; x | roll(1, dims=1)
rot90; image: "b 3 h w"; rot90(image, 1, [2, 3])
round; x: "b 8"; x | round
rrelu; x: "b 8"; rrelu(x * 2)
scaled_dot_product_attention; q: "b 8 t 64", k: "b 8 s 64", v: "b 8 s 64"; scaled_dot_product_attention(q, k, v)
scatter; x: "b 10", ids: int "b k"; scatter(x, 1, ids, 0.0)
scatter_add; x: "b 10", ids: int "b k", y: "b k"; scatter_add(x, 1, ids, y)
scatter_reduce; x: "b 10", ids: int "b k", y: "b k"; scatter_reduce(x, 1, ids, y, "amax")
searchsorted; edges: "k", x: "b 8"; searchsorted(edges, x)
select; x: "b t 8"; x | select(1, 0)
select_scatter; x: "b 4 8", y: "b 8"; select_scatter(x, y, 1, 0)
sigmoid; x: "b 8"; sigmoid(x * 2)
size; x: "b t 8"; x / size(x, 1)
slice_scatter; x: "b 10", y: "b 4"; slice_scatter(x, y, 1, 2, 6)
slogdet; x: "b 8 8"; s, size = slogdet(x) ~ size
softmax; q: "b t d", k: "b s d"; softmax(einsum("b t d, b s d -> b t s", q, k), dim=-1)
softmin; x: "b 10"; softmin(x * 2, dim=-1)
solve; x: "b 8 8", y: "b 8 2"; solve(x + 8 * eye(8), y)
solve_triangular; x: "b 8 8", y: "b 8 2"; solve_triangular(tril(x) + eye(8), y, upper=False)
sort; x: "b 10"; values, places = sort(x, dim=1, descending=True) ~ values
split; x: "b 12"; a, c = split(x, [8, 4], dim=1) ~ a
squeeze; x: "b 8 1"; x | squeeze(-1)
stack; x: "b 8", y: "b 8"; stack(x, y, dim=1)
std_mean; x: "b 64"; s, m = std_mean(x, dim=1, keepdim=True) ~ (x - m) / s
sub; x: "b 8", y: "b 8"; sub(x, y)
sum; x: "b t 8"; x | sum(dim=1)
svd; x: "b 8 4"; u, s, v = svd(x, full_matrices=False) ~ u * unsqueeze(s, 1) @ v
svdvals; x: "b 8 4"; svdvals(x)
t; x: "b 8"; x | t
take; x: "b 8", ids: int "k"; take(x, ids)
take_along_dim; x: "b 10", ids: int "b k"; take_along_dim(x, ids, 1)
tensor; x: "b 3"; (x - tensor([0.485, 0.456, 0.406])) / tensor([0.229, 0.224, 0.225])
tensor_split; x: "b 12"; p, q = tensor_split(x, [4], dim=1) ~ p
tensordot; x: "b 3 4", y: "3 4 5"; tensordot(x, y)
threshold; x: "b 8"; threshold(x * 2, 0.1, 0.0)
tile; x: "b 8"; x | tile(1, 3)
topk; x: "b 10"; values, places = topk(x, 3) ~ values
trace; x: "8 8"; trace(x)
transpose; x: "b t 8"; x | transpose(1, 2)
trapezoid; x: "b t"; trapezoid(x, dx=0.1)
tril; x: "b 8 8"; x | tril
tril_indices; x: "b 8 8"; i, j = unbind(tril_indices(8, 8)) ~ x[:, i, j]
triu; x: "b 8 8"; x | triu(1)
triu_indices; x: "b 8 8"; i, j = unbind(triu_indices(8, 8, 1)) ~ x[:, i, j]
unbind; x: "b 2 8"; a, c = unbind(x, dim=1) ~ a * c
unflatten; x: "b 64"; unflatten(x + 1, 1, [4, 16])
unfold; image: "b 3 32 32"; unfold(image, 4, stride=4)
unsqueeze; x: "b 8"; x | unsqueeze(1)
var; x: "b 64"; x | var(dim=1)
var_mean; x: "b 64"; v, m = var_mean(x, dim=1, keepdim=True) ~ (x - m) / sqrt(v)
vecdot; x: "b 8", y: "b 8"; vecdot(x, y)
vector_norm; x: "b 64"; x | vector_norm(dim=1)
vstack; x: "b 8", y: "t 8"; vstack(x, y)
where; x: "b 8", y: "b 8"; where(x > 0, x, y)
xlogy; x: "b 8", y: "b 8"; xlogy(x, y)
zeros; x: "b 8"; x + zeros(8)
"""  # noqa: E501


_LOSSES = {
    "cross_entropy": "10",
    "bce_loss": "1 | sigmoid",
    "nll_loss": "10 | log_softmax(dim=1)",
    "kl_div": "10 | log_softmax(dim=1)",
    "multi_margin_loss": "10",
    "multilabel_margin_loss": "10",
    "multilabel_soft_margin_loss": "10",
}
"""What ends in each loss: features, and what comes after."""


def _table(text: str) -> dict[str, str]:
    found = {}
    for line in text.strip().splitlines():
        name, inputs, body = (part.strip() for part in line.split(";"))
        statements = body.split(" ~ ")
        alone = len(statements) == 1
        found[name] = f"({inputs}):" + (
            f" {body}" if alone else "".join(f"\n    {s}" for s in statements)
        )
    return found


_OF_LAYERS = {fold(name): example for name, example in _table(_LAYERS).items()}
_OF_FUNCTIONS = _table(_FUNCTIONS)


def example(entry: Layer | Choice | Function | Loss) -> str:
    """A whole spec that uses an entry; empty for one that a plug-in declares without."""
    if isinstance(entry, Loss):
        end = _LOSSES.get(entry.name, "1")
        return f'model example()(x: "b 784"):\n    x | linear {end}\n    loss {entry.name}\n'
    own = entry.example if isinstance(entry, Layer | Function) else ""
    if not own and isinstance(entry, Layer | Function) and entry.declared_by:
        return ""
    if not own:
        own = _of_function(entry) if isinstance(entry, Function) else _of_layer(entry)
    return f"model example(){own}\n"


def _of_layer(entry: Layer | Choice) -> str:
    known = _OF_LAYERS.get(fold(entry.name))
    if known is not None or isinstance(entry, Choice):
        return known or ""
    rank = entry.ranks[-1] if entry.ranks else 2
    return f'(x: "{_INPUTS[rank]}"): x | {entry.name}'


def _of_function(entry: Function) -> str:
    known = _OF_FUNCTIONS.get(entry.name)
    if known is not None:
        return known
    call = f"{entry.name}(x * 2)" if layers.find(entry.name) else f"x | {entry.name}"
    return f'(x: "b 8"): {call}'
