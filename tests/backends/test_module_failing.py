"""What a failing run of a built module says: the spec's line, the stage, what it received."""

from __future__ import annotations

import copy
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

import nndsl
from nndsl.backends.torch_module import stages

TEXT = """\
def body(width)(x: "b c h w"):
    inner: (
        conv(width, 3, padding=1) | relu
        | maxpool 2
    )

fn squared(x): matmul(x, x)

model net(width=8)(image: "b 3 h w"):
    y = image | stem: conv(width, 3, padding=1)
    y | body(width) | squared | flatten
"""


def _fails(call: Callable[[], object]) -> BaseException:
    with pytest.raises(RuntimeError) as caught:
        call()
    return caught.value


def _notes(error: BaseException) -> list[str]:
    return [line for note in getattr(error, "__notes__", ()) for line in note.splitlines()]


def _net() -> nn.Module:
    return nndsl.parse(TEXT, "net.nn").build()


def test_a_layer_is_named_with_its_place_and_what_it_received() -> None:
    net = _net()
    error = _fails(lambda: net(torch.zeros(2, 4, 8, 8)))
    assert _notes(error) == [
        "in the spec at net.nn:10:23: `conv(width, 3, padding=1)` receives (2, 4, 8, 8)"
    ]


def test_a_stage_in_a_chain_is_named() -> None:
    net = _net()
    error = _fails(lambda: net(torch.zeros(2, 3, 1, 1)))
    assert _notes(error)[-1] == "in the spec at net.nn:4:11: `maxpool 2` receives (2, 8, 1, 1)"
    assert [str(one.span) for one in stages(error)] == ["net.nn:11:9", "net.nn:2:12", "net.nn:4:11"]


def test_a_stage_over_several_lines_shows_its_first_in_tracebacks() -> None:
    net = _net()
    error = _fails(lambda: net(torch.zeros(2, 3, 1, 1)))
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == "net.nn"]
    assert [f.lineno for f in frames] == [11, 2]


def test_a_function_of_the_spec_is_named() -> None:
    net = _net()
    error = _fails(lambda: net(torch.zeros(2, 3, 8, 12)))
    assert _notes(error)[-1].startswith("in the spec at net.nn:7:16: `matmul(x, x)`")
    assert len(error.__notes__) == 1


def test_inner_modules_say_it_once() -> None:
    error = _fails(lambda: _net()(torch.zeros(2, 3, 1, 1)))
    assert len(error.__notes__) == 1


@pytest.mark.parametrize("again", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_copies_say_it_too(again: Callable[[nn.Module], nn.Module]) -> None:
    net = again(_net())
    assert _notes(_fails(lambda: net(torch.zeros(2, 3, 1, 1))))[-1].startswith(
        "in the spec at net.nn:4:11"
    )


def test_a_plain_chain_has_no_note_but_is_told() -> None:
    net = nndsl.build("linear 784->256 | relu | block(256)x3 | linear 256->10")
    assert type(net) is nn.Sequential
    error = _fails(lambda: net(torch.zeros(2, 700)))
    assert _notes(error) == []
    assert [str(one) for one in stages(error)] == [
        "<text>:1:1: `linear 784->256` receives (2, 700)"
    ]
    net[2] = nn.Linear(3, 3)
    assert [str(one.span) for one in stages(_fails(lambda: net(torch.zeros(2, 784))))] == [
        "<text>:1:26"
    ]


def test_what_is_no_run_of_ours_is_not_told() -> None:
    net = nn.Sequential(nn.Linear(3, 4))
    assert stages(_fails(lambda: net(torch.zeros(2, 5)))) == []
    assert stages(ValueError("nothing")) == []


def test_text_of_a_stage_is_cut_and_safe() -> None:
    text = f'model net()(x: "b 4"):\n    x | a: linear({" + ".join(["1"] * 60)})\n'
    net = nndsl.parse(text, "a\x1bb.nn").build()
    (note,) = _notes(_fails(lambda: net(torch.zeros(2, 5))))
    assert "\x1b" not in note and len(note) < 160 and "..." in note


def test_compiled_and_exported_models_are_whole() -> None:
    net = _net().eval()
    x = torch.zeros(2, 3, 8, 8)
    fast = torch.compile(net, fullgraph=True, backend="eager")
    assert torch.equal(fast(x), net(x))
    for strict in (True, False):
        exported = torch.export.export(net, (x,), strict=strict)
        assert torch.equal(exported.module()(x), net(x))


def test_other_exceptions_pass_as_they_are() -> None:
    net = _net()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    net.stem.register_forward_hook(stop)
    with pytest.raises(KeyboardInterrupt) as caught:
        net(torch.zeros(2, 3, 8, 8))
    assert _notes(caught.value) == []


def test_what_build_runs_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from nndsl.cli.running import run

    path = tmp_path / "net.nn"
    path.write_text(TEXT)
    assert run(["build", str(path), "--input", "b=2, h=1, w=1"]) == 2
    assert "net.nn:4:11" in capsys.readouterr().err
