"""References from transformers."""

from typing import Any

from tests.zoo.networks import Network, network

LLAMA: dict[str, Any] = {
    "vocab": 257, "dim": 64, "depth": 2, "heads": 8, "kv": 2, "ffn": 160, "padding": 2,
}  # fmt: skip

BERT: dict[str, Any] = {
    "vocab": 257, "positions": 40, "dim": 64, "depth": 2, "heads": 4, "ffn": 128,
}  # fmt: skip

ROWS: dict[str, Network] = {
    "hf_llama": network("llama", "llama", **LLAMA),
    "hf_mistral": network("llama", "llama", **LLAMA, window=6),
    "hf_qwen2": network("llama", "llama", **LLAMA, bias=True),
    "hf_mixtral": network("mixtral", "mixtral", **LLAMA, experts=4),
    "hf_gpt2_lm": network("gpt2", "gpt2", vocab=257, positions=64, dim=64, depth=3, heads=4),
    "hf_gpt_neox": network(
        "gpt_neox", "gpt_neox", vocab=257, dim=64, depth=2, heads=4, ffn=160, turned=4
    ),
    "hf_bert": network("bert", "bert", **BERT),
    "hf_bert_classifier": network("bert", "bert_classifier", **BERT, classes=3),
    "hf_bert_mlm": network("bert", "bert_masked", **BERT),
    "hf_roberta": network("roberta", "roberta", **BERT, eps=1e-12),
    "hf_distilbert": network("distilbert", "distilbert", **BERT),
    "hf_t5": network("t5", "t5", vocab=257, dim=64, depth=2, heads=4, head_dim=16, ffn=128),
    "hf_whisper": network(
        "whisper",
        "whisper",
        vocab=257,
        mels=16,
        dim=64,
        depth=2,
        heads=4,
        ffn=128,
        positions=32,
        words=20,
        padding=0,
    ),
    "hf_mamba": network("mamba", "mamba", vocab=257, dim=64, depth=2),
    "hf_clip": network(
        "clip",
        "clip",
        vocab=257,
        words=20,
        text_dim=48,
        text_heads=4,
        text_ffn=96,
        size=32,
        patch=8,
        dim=64,
        heads=4,
        ffn=128,
        depth=2,
        shared=40,
        last=256,
    ),
    "hf_segformer": network(
        "segformer", "segformer", widths=[16, 32, 48, 64], depths=[1, 1, 2, 1], heads=[1, 2, 3, 4]
    ),
    "hf_vit": network("hf_vit", "vit", size=32, patch=8, dim=64, depth=2, heads=4, ffn=128),
    "hf_convnext": network("hf_convnext", "convnext", widths=[16, 32, 48, 64], depths=[1, 1, 2, 1]),
    "hf_resnet": network(
        "hf_resnet", "resnet", stem=16, widths=[32, 48, 64, 96], depths=[1, 2, 1, 1]
    ),
    "hf_gemma": network("llama", "gemma", **LLAMA | {"heads": 4, "kv": 1, "head_dim": 24}),
}
