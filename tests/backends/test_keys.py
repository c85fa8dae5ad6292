"""The state dict that is said of a model is the one that the built model has."""

from __future__ import annotations

import pytest
import torch

import nndsl
from nndsl.backends.keys import keys_of
from tests.zoo.networks import spec
from tests.zoo.test_zoo import ROWS

pytestmark = pytest.mark.filterwarnings("ignore:enable_nested_tensor is True:UserWarning")


def kind(tensor: torch.Tensor) -> str:
    if tensor.dtype == torch.bool:
        return "bool"
    return "float" if tensor.is_floating_point() else "int"


def agree(
    one: nndsl.Spec, model: str | None = None, params: dict[str, object] | None = None
) -> None:
    found = keys_of(one.resolved(model, params))
    state = one.build(model, params=params, device="meta").state_dict()
    wanted = {key: (tuple(tensor.shape), kind(tensor)) for key, tensor in state.items()}
    assert {key: (own.shape, own.dtype) for key, own in found.owned.items()} == wanted


@pytest.mark.parametrize("name", ROWS)
def test_the_zoo(name: str) -> None:
    row = ROWS[name]
    agree(spec(row.file), row.model, row.values)


def test_what_is_owned_and_where() -> None:
    text = (
        'def cell(n)(x: "b d"):\n'
        '    param gain: "{n}" = ones\n'
        "    buffer hidden = zeros(n), persistent=False\n"
        "    buffer shown = zeros(n, 2)\n"
        "    (x | fc: linear n | bn: batchnorm) * gain + hidden + shown[:, 0]\n\n"
        'model net()(x: "b 3"):\n    x | cells: cell(3) x2 | head: linear(3, bias=False)\n'
        "    tie head.weight = cells.0.fc.weight\n"
    )
    one = nndsl.parse(text)
    agree(one)
    found = keys_of(one.resolved())
    assert found.ties == (("head.weight", "cells.0.fc.weight"),)
    places = {key: own.span.text for key, own in found.owned.items() if own.span is not None}
    assert places["cells.1.gain"] == "gain"
    assert places["cells.1.fc.bias"] == "linear n"
    assert [key for key, own in found.owned.items() if own.counter] == [
        "cells.0.bn.num_batches_tracked",
        "cells.1.bn.num_batches_tracked",
    ]


def test_a_model_that_is_too_large_is_refused() -> None:
    with pytest.raises(nndsl.SpecError, match="E514"):
        keys_of(nndsl.parse('model net()(x: "b 3"): x | linear 3 x 1000000000\n').resolved())
