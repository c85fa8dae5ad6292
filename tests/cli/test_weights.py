"""``build --weights`` and ``verify`` as a user types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from nndsl.cli.running import run

SPEC = (
    'model net(n=3)(x: "b 4"):\n    x | fc: linear n | head: linear 2\n\n'
    'weights net:\n    "old.{rest...}" -> "{rest...}"\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a spec, a file that fits and one that does not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.nn").write_text(SPEC)
    state = {
        "old.fc.weight": torch.ones(3, 4), "old.fc.bias": torch.zeros(3),
        "head.weight": torch.ones(2, 3), "head.bias": torch.zeros(2),
    }  # fmt: skip
    save_file(state, "fits.safetensors")
    torch.save(state, "fits.pt")
    save_file({**state, "head.bias": torch.zeros(9)}, "other.safetensors")
    return tmp_path


@pytest.mark.parametrize("name", ["fits.safetensors", "fits.pt"])
def test_verify_says_ok(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "net.nn", name]) == 0
    assert capsys.readouterr() == ("ok\n", "")


def _shards(table: dict[str, str]) -> None:
    Path("all.safetensors.index.json").write_text(json.dumps({"weight_map": table}))


def test_an_index_names_the_files_that_hold_a_model(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = load_file("fits.safetensors")
    first = {n: t for n, t in state.items() if n.startswith("old")}
    save_file(first, "one.safetensors")
    save_file({n: t for n, t in state.items() if n not in first}, "two.safetensors")
    _shards({n: "one.safetensors" if n in first else "two.safetensors" for n in state})
    index = "all.safetensors.index.json"
    assert run(["verify", "net.nn", index]) == 0
    assert run(["build", "net.nn", "--weights", index, "--save", "back.safetensors"]) == 0
    assert torch.equal(load_file("back.safetensors")["head.weight"], state["head.weight"])
    assert "internal error" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "table",
    [
        {"head.bias": "../fits.safetensors"},
        {"head.bias": "/etc/passwd"},
        {"head.bias": "fits.safetensors\0"},
        {"head.bias": "absent.safetensors"},
        {"head.bias": 3},
        {"lost": "fits.safetensors"},
        {"a": "all.safetensors.index.json"},
        {},
    ],
)
def test_an_index_reaches_files_beside_it_only(
    table: dict[str, str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _shards(table)
    assert run(["verify", "net.nn", "all.safetensors.index.json"]) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_verify_shows_what_differs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "net.nn", "other.safetensors"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[E705]: `head.bias` is (9) in the file, but (2) in the model" in err
    assert "net.nn:2:30" in err
    assert err.endswith("1 error\n")


def test_verify_of_a_configured_model(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "net.nn", "fits.safetensors", "-m", "net", "-p", "n=5"]) == 1
    assert "`fc.weight` is (3, 4) in the file, but (5, 4)" in capsys.readouterr().err


def test_verify_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "net.nn", "other.safetensors", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in document["diagnostics"]] == ["E705"]
    assert run(["verify", "net.nn", "fits.safetensors", "--json"]) == 0


def test_a_note_is_no_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = load_file("fits.safetensors")
    save_file({k.removeprefix("old."): v for k, v in state.items()}, "new.safetensors")
    assert run(["verify", "net.nn", "new.safetensors"]) == 0
    out, err = capsys.readouterr()
    assert out == "ok\n"
    assert "note[W701]" in err


def test_build_loads(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["build", "net.nn", "--weights", "fits.pt", "--save", "again.safetensors"]
    assert run([*arguments, "--dtype", "bfloat16"]) == 0
    saved = load_file("again.safetensors")
    assert list(saved) == ["fc.bias", "fc.weight", "head.bias", "head.weight"]
    assert {tensor.dtype for tensor in saved.values()} == {torch.bfloat16}
    assert torch.equal(saved["fc.weight"], torch.ones(3, 4, dtype=torch.bfloat16))
    assert "Total params" in capsys.readouterr().out


def test_build_refuses_what_does_not_fit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "net.nn", "--weights", "other.safetensors", "--save", "a.pt"]) == 1
    assert "error[E705]" in capsys.readouterr().err
    assert not (folder / "a.pt").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["verify", "net.nn"], 2, "Missing argument"),
        (["verify", "net.nn", "net.nn"], 2, "files that end in .safetensors"),
        (["verify", "net.nn", "none.safetensors"], 4, "none.safetensors: No such file"),
        (["verify", "none.nn", "fits.safetensors"], 4, "none.nn: No such file"),
        (["verify", "net.nn", "broken.safetensors"], 4, "broken.safetensors: no safetensors file"),
        (["verify", "net.nn", "broken.pt"], 4, "broken.pt: no file of weights"),
        (["build", "net.nn", "--weights", "net.nn"], 2, "files that end in .safetensors"),
        (["build", "net.nn", "--weights", "fits.pt", "--device", "meta"], 2, "meta device"),
        (["build", "net.nn", "--weights", "broken.safetensors"], 4, "no safetensors file"),
    ],
)
def test_what_ends_otherwise(
    arguments: list[str], code: int, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("broken.safetensors", "broken.pt"):
        (folder / name).write_bytes(b"nothing of the kind")
    assert run(arguments) == code
    assert message in capsys.readouterr().err


def test_headers_are_read_without_torch(folder: Path) -> None:
    probe = (
        "import sys\nfrom nndsl.cli.running import run\n"
        "code = run(['verify', 'net.nn', 'fits.safetensors'])\n"
        "sys.exit(code or 'torch' in sys.modules or 'safetensors' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "ok\n")
