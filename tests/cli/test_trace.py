"""`codegen --map`, and tracebacks told with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import nndsl as package
from tests.cli.test_commands import LINE, Nndsl, nndsl  # noqa: F401

NET = """\
def body(width)(x: "b c h w"):
    y = x | conv1: conv(width, 3, padding=1) | relu
          | conv2: conv(2 * width, 3, padding=1)
    y | maxpool 2

model net(width=8)(image: "b 3 h w"):
    image | a: body(width) | b: body(2 * width) | flatten | fc: linear 10 if False else identity
"""
RUN = "import torch\nfrom net import Net\nNet()(torch.zeros(2, 3, 2, 2))\n"


def _traceback(folder: Path) -> str:
    (folder / "run.py").write_text(RUN)
    done = subprocess.run(
        [sys.executable, "run.py"], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    return done.stderr


def test_a_traceback_of_printed_source_is_told_in_the_spec_s_lines(
    nndsl: Nndsl,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "net.nn").write_text(NET)
    assert nndsl("codegen", "net.nn", "-o", "net.py", "--map").code == 0
    done = nndsl("trace", stdin=_traceback(tmp_path).encode())
    assert done.code == 0
    error, *stages = done.out.splitlines()
    assert error.startswith("RuntimeError: ")
    assert [one.strip().partition(" (")[0] for one in stages] == [
        "net.nn:7:33: `body(2 * width)`",
        "net.nn:4:9: `maxpool 2`",
    ]
    assert stages[0].endswith(")") and "(net.py:" in stages[0]


def test_a_map_may_be_named(nndsl: Nndsl, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "net.nn").write_text(NET)
    nndsl("codegen", "net.nn", "-o", "net.py", "--map")
    text = _traceback(tmp_path)
    (tmp_path / "net.py.map").rename(tmp_path / "kept.json")
    assert nndsl("trace", stdin=text.encode()).out.count("net.nn") == 0
    assert nndsl("trace", "kept.json", stdin=text.encode()).out.count("net.nn") == 2


def test_a_changed_file_is_said(nndsl: Nndsl, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "net.nn").write_text(NET)
    nndsl("codegen", "net.nn", "-o", "net.py", "--map")
    text = _traceback(tmp_path)
    assert "was changed" not in nndsl("trace", stdin=text.encode()).out
    (tmp_path / "net.py").write_text((tmp_path / "net.py").read_text() + "\n")
    assert nndsl("trace", stdin=text.encode()).out.count("was changed since its map") == 1


def test_exceptions_are_told_too(tmp_path: Path) -> None:
    spec = package.parse(NET, "net.nn")
    for name, text in spec.codegen_files("printed.py", map=True).items():
        (tmp_path / name).write_text(text)
    path = tmp_path / "printed.py"
    names: dict[str, object] = {"__name__": "printed"}
    exec(compile(path.read_text(), str(path), "exec"), names)
    image = torch.zeros(2, 3, 2, 2)
    told = []
    for net in (names["Net"](), spec.build()):  # type: ignore[operator]
        with pytest.raises(RuntimeError) as caught:
            net(image)
        told.append(package.trace(caught.value).splitlines())
    assert told[0][0] == told[1][0]
    assert [line.split("`")[0] for line in told[0]][1:] == ["  net.nn:7:33: ", "  net.nn:4:9: "]
    assert [line.split("`")[0] for line in told[1]][1:] == ["  net.nn:7:33: ", "  net.nn:4:9: "]


def test_a_plain_chain_is_told() -> None:
    net = package.build(LINE)
    with pytest.raises(RuntimeError) as caught:
        net(torch.zeros(2, 3))
    assert "<text>:1:1: `linear 784->256` receives (2, 3)" in package.trace(caught.value)


def test_what_nndsl_knows_nothing_of(nndsl: Nndsl) -> None:  # noqa: F811
    text = 'Traceback (most recent call last):\n  File "x.py", line 1, in f\n    g()\nKeyError: 3\n'
    assert nndsl("trace", stdin=text.encode()).out == "KeyError: 3\n"
    assert nndsl("trace", stdin=b"\xff\0 nothing").code == 0


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 2}', '{"version": 1, "lines": 3}'])
def test_what_is_no_map(nndsl: Nndsl, tmp_path: Path, text: str) -> None:  # noqa: F811
    (tmp_path / "m").write_text(text)
    done = nndsl("trace", "m")
    assert (done.code, done.err) == (4, "nndsl: m is no map of nndsl\n")
    assert nndsl("trace", "nowhere").code == 4


def test_a_map_needs_a_file_and_overwrites_nothing(
    nndsl: Nndsl,  # noqa: F811
    tmp_path: Path,
) -> None:
    assert nndsl("codegen", "-e", LINE, "--map").code == 2
    (tmp_path / "net.py.map").write_text("mine")
    assert nndsl("codegen", "-e", LINE, "-o", "net.py", "--map").code == 4
    assert not (tmp_path / "net.py").exists() and (tmp_path / "net.py.map").read_text() == "mine"
    assert nndsl("codegen", "-e", LINE, "-o", "net.py", "--map", "--force").code == 0
    found = json.loads((tmp_path / "net.py.map").read_text())
    assert found["version"] == 1 and found["generated"] == "net.py"
