"""Files of weights with the keys that were published load into the zoo's models.

The files are made here: the model's own weights, under the names of the published ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from tests.zoo.networks import spec
from tests.zoo.test_zoo import ROWS

State = dict[str, Tensor]


def _renamed(state: State, *pairs: tuple[str, str]) -> State:
    """Keys with regular expressions put in, one after the other."""
    made: State = {}
    for key, tensor in state.items():
        for pattern, text in pairs:
            key = re.sub(pattern, text, key)
        made[key] = tensor
    return made


_NORMS = ((r"LayerNorm\.weight$", "LayerNorm.gamma"), (r"LayerNorm\.bias$", "LayerNorm.beta"))


def bert(state: State) -> State:
    old = _renamed(state, (r"^", "bert."), *_NORMS)
    old["bert.embeddings.position_ids"] = torch.arange(4)
    return old | {"cls.seq_relationship.weight": torch.ones(2, 4)}


def bert_masked(state: State) -> State:
    old = _renamed(state, *_NORMS)
    del old["cls.predictions.decoder.bias"]  # tied
    old["bert.pooler.dense.weight"] = old["cls.seq_relationship.bias"] = torch.ones(2)
    return old


def gpt2(state: State) -> State:
    old = _renamed(state, (r"^transformer\.", ""))
    del old["lm_head.weight"]  # tied
    old["h.0.attn.bias"] = torch.ones(1, 1, 4, 4)
    return old


def vit(state: State) -> State:
    return _renamed(
        state,
        (r"attention\.([qkv])_proj", r"attention.attention.\1"),
        (r"attention\.q\.", "attention.query."),
        (r"attention\.k\.", "attention.key."),
        (r"attention\.v\.", "attention.value."),
        (r"attention\.o_proj", "attention.output.dense"),
        (r"mlp\.fc1", "intermediate.dense"),
        (r"mlp\.fc2", "output.dense"),
        (r"^layers\.", "encoder.layer."),
        (r"^", "vit."),
    )


def mixtral(state: State) -> State:
    old: State = {}
    for key, tensor in _renamed(state, (r"\.mlp\.", ".block_sparse_moe.")).items():
        at, _, last = key.rpartition(".")
        for e, one in enumerate(tensor):
            if last == "gate_up_proj":
                old[f"{at}.{e}.w1.weight"], old[f"{at}.{e}.w3.weight"] = one.chunk(2)
            elif last == "down_proj":
                old[f"{at}.{e}.w2.weight"] = one
        if last not in ("gate_up_proj", "down_proj"):
            old[key] = tensor
    return old


def densenet(state: State) -> State:
    old = _renamed(state, (r"(layer\d+)\.(norm|conv)(\d)\.", r"\1.\2.\3."))
    return {key: tensor for key, tensor in old.items() if not key.endswith("batches_tracked")}


PUBLISHED: dict[str, Callable[[State], State]] = {
    "hf_bert": bert,
    "hf_bert_mlm": bert_masked,
    "hf_gpt2_lm": gpt2,
    "hf_vit": vit,
    "hf_mixtral": mixtral,
    "tv_densenet121": densenet,
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_names(name: str, tmp_path: Path) -> None:
    row = ROWS[name]
    net = spec(row.file).build(row.model, params=row.values, seed=5)
    wanted = net.state_dict()
    old = PUBLISHED[name]({key: tensor.clone() for key, tensor in wanted.items()})
    assert old.keys() != wanted.keys()
    path = str(tmp_path / "published.safetensors")
    save_file({key: tensor.contiguous().clone() for key, tensor in old.items()}, path)
    report = spec(row.file).verify(path, row.model, params=row.values)
    assert report.diagnostics == (), str(report)  # so every rule was of use
    loaded = spec(row.file).build(row.model, params=row.values, weights=path).state_dict()
    assert list(loaded) == list(wanted)
    for key, tensor in wanted.items():
        assert torch.equal(loaded[key], tensor), key
