"""References from transformers."""

from typing import Any

from tests.zoo.networks import Network, network

LLAMA: dict[str, Any] = {
    "vocab": 257, "dim": 64, "depth": 2, "heads": 8, "kv": 2, "ffn": 160, "padding": 2,
}  # fmt: skip

ROWS: dict[str, Network] = {
    "hf_llama": network("llama", "llama", **LLAMA),
    "hf_mistral": network("llama", "llama", **LLAMA, window=6),
    "hf_qwen2": network("llama", "llama", **LLAMA, bias=True),
    "hf_gemma": network("llama", "gemma", **LLAMA | {"heads": 4, "kv": 1, "head_dim": 24}),
}
