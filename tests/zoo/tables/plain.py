"""References written with torch alone."""

from typing import Any

from tests.zoo.networks import Network, network

TRANSFORMER: dict[str, Any] = {"dim": 32, "heads": 4, "depth": 2, "ff": 64}

ROWS: dict[str, Network] = {
    "nn_actor_critic": network("actor_critic", "actor_critic"),
    "nn_autoencoder": network("autoencoders", "autoencoder"),
    "nn_cyclegan_generator": network("gan", "cyclegan_generator", width=16, depth=3),
    "nn_dcgan_discriminator": network("gan", "dcgan_discriminator"),
    "nn_dcgan_generator": network("gan", "dcgan_generator"),
    "nn_dcn_v2": network("recommenders", "dcn_v2"),
    "nn_dlrm": network("recommenders", "dlrm"),
    "nn_dqn": network("dqn", "dqn"),
    "nn_fasttext": network("text", "fasttext", dim=32),
    "nn_gcn": network("gcn", "gcn", features=12, classes=4),
    "nn_gru_lm_tied": network("recurrent", "gru_lm"),
    "nn_gru_seq2seq": network("seq2seq", "gru_seq2seq", source=120, target=90, dim=24, hidden=32),
    "nn_lenet5": network("lenet", "lenet5"),
    "nn_lstm_classifier": network("recurrent", "lstm_classifier"),
    "nn_lstm_state_classifier": network("recurrent", "lstm_state_classifier"),
    "nn_moe": network("moe", "moe"),
    "nn_neumf": network("recommenders", "neumf", users=100, items=150),
    "nn_pointnet": network("pointnet", "pointnet", classes=10),
    "nn_tabtransformer": network("tabtransformer", "tabtransformer", dim=16, heads=4, depth=2),
    "nn_textcnn": network("text", "textcnn", dim=64, classes=3),
    "nn_transformer": network("transformer", "seq2seq_transformer", **TRANSFORMER),
    "nn_transformer_encoder_lm": network("transformer", "transformer_lm"),
    "nn_transformer_prenorm_gelu": network(
        "transformer", "seq2seq_transformer", **TRANSFORMER, activation="gelu", norm_first=True
    ),
    "nn_unet": network("unet", "unet"),
    "nn_vae": network("autoencoders", "vae"),
    "nn_wavenet": network("wavenet", "wavenet", classes=64, width=16, skips=32, cycles=2, depth=4),
}
