"""Examples of layers: the name, the inputs, the body; `~` begins a new line of the body."""

from __future__ import annotations

LAYERS = """
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
transformer_encoder; x: "b t 64"; x | transformer_encoder(transformer_encoder_layer(8, batch_first=True), 2)
transformer_decoder; x: "b t 64", memory: "b s 64"; x | transformer_decoder(transformer_decoder_layer(8, batch_first=True), 2, norm=layernorm)(memory)
weight_norm; x: "b 80 t"; x | weight_norm(conv(128, 3, padding=1))
spectral_norm; image: "b 3 32 32"; image | spectral_norm(conv(64, 3), n_power_iterations=2)
orthogonal; x: "b 64"; x | orthogonal(linear(64, bias=False))
"""  # noqa: E501
