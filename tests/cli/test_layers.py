"""``nndsl layers``: the list, one entry, what is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from nndsl.cli import layers as command
from nndsl.cli.running import run
from nndsl.reference.terminal import listing


class Done(NamedTuple):
    code: int
    out: str
    err: str


Nndsl = Callable[..., Done]


@pytest.fixture
def nndsl(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Nndsl:
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str) -> Done:
        code = run(["layers", *arguments])
        return Done(code, *capsys.readouterr())

    return call


def test_the_list_has_families_and_fits(nndsl: Nndsl) -> None:
    done = nndsl()
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80
    assert re.search(r"\n  linear +linear bilinear identity\n", done.out)
    assert "\n  conv              conv1d conv2d conv3d\n" in done.out
    assert "\n  batchnorm         batchnorm1d batchnorm2d batchnorm3d\n" in done.out
    assert "\n  block        linear width | relu\n" in done.out
    assert "\x1b" not in done.out
    for line in done.out.splitlines():
        assert line == line.rstrip()


CONV = """\
conv1d(out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1,
    bias=True, padding_mode="zeros")
  layer, torch.nn.Conv1d

Slides a learned kernel over the input.

Arguments
  in_channels   int                 from the input  channels coming in
  out_channels  int                 required        channels going out
"""


def test_one_layer(nndsl: Nndsl) -> None:
    done = nndsl("conv1d")
    assert done.code == 0
    assert done.out.startswith(CONV)
    assert '\n  model example()(x: "b 80 t"): x | conv1d(128, 3, padding=1)\n' in done.out
    assert "\n  (b, 80, t) -> (b, 128, t)\n" in done.out
    assert "\n  weight  (128, 80, 3)\n  bias    (128)\n" in done.out
    assert "\nhttps://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html\n" in done.out
    assert "function, F.conv1d" in done.out, "the function of that name follows"


@pytest.mark.parametrize("name", ["LeakyReLU", "leaky_relu", "LEAKYRELU"])
def test_any_spelling(nndsl: Nndsl, name: str) -> None:
    assert nndsl(name).out.startswith("leaky_relu(negative_slope=0.01, *, inplace=False)\n")


def test_the_text_of_the_prelude(nndsl: Nndsl) -> None:
    done = nndsl("block")
    assert done.out.endswith("\n\ndef block(width):\n    linear width | relu\n")
    assert "# features turned by the angles" in nndsl("rope").out


def test_functions_of_numbers(nndsl: Nndsl) -> None:
    assert nndsl("len").out == (
        "On numbers and lists, `len` is Python's, when a model is constructed.\n"
    )
    both = nndsl("max").out
    assert both.startswith("max(input, dim=None, keepdim=False)\n")
    assert "On numbers and lists, `max` is Python's" in both


def test_families(nndsl: Nndsl) -> None:
    done = nndsl("pooling")
    assert done.code == 0
    assert done.out.startswith("Layers: pooling\n  maxpool1d ")
    assert "  avgpool2d             The average of every window.\n" in done.out
    both = nndsl("convolution").out
    assert "Layers: convolution\n" in both and "Functions: convolution\n" in both
    assert nndsl("linear").out.startswith("linear(out_features"), "a name comes first"


def test_losses(nndsl: Nndsl) -> None:
    done = nndsl("cross_entropy")
    assert "  loss, torch.nn.CrossEntropyLoss\n" in done.out
    assert "      loss cross_entropy\n" in done.out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cnv2d", "no layer or function `cnv2d`; did you mean `conv2d`?"),
        ("blok", "did you mean `block`?"),
        ("crossentropie", "did you mean `cross_entropy`?"),
        ("qqqqqqqq", "no layer or function `qqqqqqqq`\n"),
        ("\x1b[31mred", "`\\x1b[31mred`"),
        ("x" * 5000, "x`"),
        ("", "no layer or function ``"),
    ],
)
def test_unknown_names(nndsl: Nndsl, name: str, words: str) -> None:
    done = nndsl(name)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert "\x1b" not in done.err and len(done.err) < 1200


def test_a_terminal_gets_bold_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "colored", lambda stream: True)
    assert "\x1b[1mArguments\x1b[0m" in command._one("linear", 80)
    assert command._everything(80).startswith("\x1b[1mLayers\x1b[0m\n")
    monkeypatch.setattr(command, "colored", lambda stream: False)
    assert "\x1b" not in command._everything(80)


@pytest.mark.parametrize("width", [60, 72, 100])
def test_widths(width: int) -> None:
    assert max(map(len, listing(width, str).splitlines())) <= width
