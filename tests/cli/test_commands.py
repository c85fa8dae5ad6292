"""The commands as a user types them: what they print, where, and how they end."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from nndsl.cli.running import run

LINE = "linear 784->256 | relu | block(256)x3 | linear 256->10"
TWO = (
    'model small(width=8)(x: "b 4"):\n    linear width\n\nmodel large()(x: "b 4"):\n    linear 64\n'
)


class Done(NamedTuple):
    code: int
    out: str
    err: str


Nndsl = Callable[..., Done]


@pytest.fixture
def nndsl(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Nndsl:
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        code = run(list(arguments))
        return Done(code, *capsys.readouterr())

    return call


def test_check_says_ok(nndsl: Nndsl) -> None:
    assert nndsl("check", "-e", LINE) == Done(0, "ok\n", "")


def test_check_reads_standard_input_and_files(nndsl: Nndsl, tmp_path: Path) -> None:
    assert nndsl("check", "-", stdin=LINE.encode()).out == "ok\n"
    (tmp_path / "a.nn").write_text(LINE)
    assert nndsl("check", "a.nn").out == "ok\n"


def test_check_shows_the_mistake_on_standard_error(nndsl: Nndsl) -> None:
    done = nndsl("check", "-e", "linear 784->256 | relluu | linear 10")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[E201]: ")
    assert " --> <text>:1:19\n" in done.err
    assert "relu" in done.err
    assert done.err.endswith("\n\n1 error\n")


def test_check_says_what_it_assumes(nndsl: Nndsl) -> None:
    text = (
        'model halves()(x: "b 3 h w"):\n'
        "    y = x | conv(3, 3, 2, padding=1) | conv_transpose(3, 2, 2)\n"
        "    y + x\n"
    )
    done = nndsl("check", "-e", text)
    assert done.code == 0
    assert "assumes that `h` and `w` are multiples of 2\n" in done.out
    assert done.out.endswith("ok\n")


def test_check_as_json(nndsl: Nndsl) -> None:
    done = nndsl("check", "--json", "-e", "linear 784->256 | relluu")
    assert done.code == 1
    assert json.loads(done.out)["diagnostics"][0]["code"] == "E201"


def test_codegen_prints_source(nndsl: Nndsl) -> None:
    done = nndsl("codegen", "-e", LINE)
    assert done.code == 0
    compile(done.out, "printed", "exec")
    assert "class Block(nn.Sequential):" in done.out


def test_codegen_takes_all_models_or_one(nndsl: Nndsl) -> None:
    both = nndsl("codegen", "-e", TWO).out
    assert "class Small" in both and "class Large" in both
    one = nndsl("codegen", "-e", TWO, "-m", "small").out
    assert "class Small" in one and "class Large" not in one


def test_codegen_writes_a_file(nndsl: Nndsl, tmp_path: Path) -> None:
    assert nndsl("codegen", "-e", LINE, "-o", "net.py") == Done(0, "", "")
    assert (tmp_path / "net.py").read_text() == nndsl("codegen", "-e", LINE).out
    assert [p.name for p in tmp_path.iterdir()] == ["net.py"]


def test_a_file_is_not_overwritten_by_accident(nndsl: Nndsl, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("mine")
    done = nndsl("codegen", "-e", LINE, "-o", "net.py")
    assert done.code == 4
    assert done.err == "nndsl: would overwrite net.py (4 bytes); --force allows it\n"
    assert (tmp_path / "net.py").read_text() == "mine"
    assert nndsl("codegen", "-e", LINE, "-o", "net.py", "--force").code == 0
    assert (tmp_path / "net.py").read_text() != "mine"


def test_output_never_follows_a_link(nndsl: Nndsl, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "net.py").symlink_to("mine")
    done = nndsl("codegen", "-e", LINE, "-o", "net.py", "--force")
    assert done.code == 4
    assert "is a link" in done.err
    assert (tmp_path / "mine").read_text() == "mine"


def test_output_is_never_the_spec(nndsl: Nndsl, tmp_path: Path) -> None:
    (tmp_path / "a.nn").write_text(LINE)
    assert nndsl("codegen", "a.nn", "-o", "a.nn", "--force").code == 4
    assert (tmp_path / "a.nn").read_text() == LINE


def test_nothing_is_written_for_a_wrong_spec(nndsl: Nndsl, tmp_path: Path) -> None:
    assert nndsl("codegen", "-e", "linear 784->", "-o", "net.py").code == 1
    assert not list(tmp_path.iterdir())


def test_build_shows_the_summary(nndsl: Nndsl) -> None:
    done = nndsl("build", "-e", LINE)
    assert done.code == 0
    assert "Linear" in done.out
    assert "400,906" in done.out  # 200,960 + 3 * 65,792 + 2,570


def test_build_runs_an_input(nndsl: Nndsl) -> None:
    done = nndsl("build", "-e", 'model a()(x: "b 4 h"):\n    conv(8, 3)\n', "--input", "b=2, h=64")
    assert (done.code, done.out.splitlines()[-1]) == (0, "output: (2, 8, 62)")


@pytest.mark.parametrize(
    ("sizes", "complaint"),
    [
        ("b=2", "needs a size for h"),
        ("b=2,h=4,w=1", "no input has a size w"),
        ("b", "is not of the form"),
    ],
)
def test_build_says_what_is_wrong_with_an_input(nndsl: Nndsl, sizes: str, complaint: str) -> None:
    done = nndsl("build", "-e", 'model a()(x: "b 4 h"):\n    conv(8, 3)\n', "--input", sizes)
    assert done.code == 2
    assert complaint in done.err


@pytest.mark.parametrize("name", ["w.pt", "w.safetensors"])
def test_build_saves_weights(nndsl: Nndsl, tmp_path: Path, name: str) -> None:
    import torch
    from safetensors.torch import load_file

    import nndsl as package

    assert nndsl("build", "-e", LINE, "--seed", "3", "--save", name).code == 0
    path = tmp_path / name
    state = load_file(path) if name.endswith("s") else torch.load(path, weights_only=True)
    net = package.build(LINE, seed=3)
    assert list(state) == list(net.state_dict()) or set(state) == set(net.state_dict())
    assert all(torch.equal(state[key], value) for key, value in net.state_dict().items())


def test_build_takes_device_and_dtype(nndsl: Nndsl) -> None:
    assert nndsl("build", "-e", LINE, "--device", "meta", "--dtype", "bfloat16").code == 0
    done = nndsl("build", "-e", LINE, "--device", "nowhere")
    assert done.code == 2
    assert "no device `nowhere`" in done.err
    assert nndsl("build", "-e", LINE, "--device", "meta", "--save", "w.pt").code == 2
    assert nndsl("build", "-e", LINE, "--save", "w.bin").code == 2


def test_build_takes_the_model_that_is_named_after_the_file(nndsl: Nndsl, tmp_path: Path) -> None:
    (tmp_path / "small.nn").write_text(TWO)
    assert "40" in nndsl("build", "small.nn").out
    (tmp_path / "other.nn").write_text(TWO)
    done = nndsl("build", "other.nn")
    assert done.code == 2
    assert done.err == "nndsl: other.nn has several models, choose one: small, large\n"
    assert nndsl("build", "other.nn", "-m", "large").code == 0
    assert nndsl("build", "other.nn", "-m", "tiny").code == 2


def test_parameters_are_expressions(nndsl: Nndsl) -> None:
    assert "20" in nndsl("build", "-e", TWO, "-m", "small", "-p", "width=2 * 2").out
    text = 'model a(act: layer = relu, ws=[4])(x: "b 4"):\n    (linear w | act for w in ws)\n'
    done = nndsl("build", "-e", text, "-p", "act=leaky_relu(0.2)", "-p", "ws=[8, 6]")
    assert done.code == 0
    assert "LeakyReLU" in done.out


@pytest.mark.parametrize("param", ["width", "=3", "width=", "2x=3"])
def test_parameters_of_the_wrong_form(nndsl: Nndsl, param: str) -> None:
    done = nndsl("check", "-e", TWO, "-m", "small", "-p", param)
    assert done.code == 2
    assert "is not of the form key=value" in done.err


@pytest.mark.parametrize("param", ["wdith=3", "width=nowhere", "width=)", "width='a'", "width=0"])
def test_parameters_that_the_model_refuses(nndsl: Nndsl, param: str) -> None:
    done = nndsl("check", "-e", TWO, "-m", "small", "-p", param)
    assert done.code == 1
    assert "error[" in done.err


def test_fmt_prints_changes_and_checks(nndsl: Nndsl, tmp_path: Path) -> None:
    loose, tidy = (
        "linear   784->10|relu # end\n",
        nndsl("fmt", "-e", "linear   784->10|relu # end\n").out,
    )
    assert tidy == "linear 784->10 | relu  # end\n"
    path = tmp_path / "a.nn"
    path.write_text(loose)
    assert nndsl("fmt", "--check", "a.nn") == Done(1, "", "would reformat a.nn\n")
    done = nndsl("fmt", "--diff", "a.nn")
    assert done.code == 0
    assert f"-{loose}+{tidy}" in done.out
    assert path.read_text() == loose
    assert nndsl("fmt", "a.nn") == Done(0, "", "reformatted a.nn\n")
    assert path.read_text() == tidy
    assert nndsl("fmt", "a.nn") == Done(0, "", "")
    assert nndsl("fmt", "--check", "a.nn") == Done(0, "", "")
    assert nndsl("fmt", "-", stdin=loose.encode()).out == tidy


def test_fmt_of_a_broken_file_leaves_it_alone(nndsl: Nndsl, tmp_path: Path) -> None:
    (tmp_path / "a.nn").write_text("linear (")
    assert nndsl("fmt", "a.nn").code == 1
    assert (tmp_path / "a.nn").read_text() == "linear ("


def test_explain(nndsl: Nndsl) -> None:
    done = nndsl("explain", "e301")
    assert done.code == 0
    assert done.out.startswith("E301: ")
    assert "Wrong:" in done.out and "Right:" in done.out
    assert nndsl("explain", "E999").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check"],
        ["check", "a.nn", "-e", "linear 1->1"],
        ["check", "--nonsense", "-e", "linear 1->1"],
        ["chekc", "-e", "linear 1->1"],
        ["build", "-e", LINE, "--dtype", "int8"],
        ["build", "-e", LINE, "--seed", "-1"],
    ],
)
def test_wrong_usage(nndsl: Nndsl, arguments: list[str]) -> None:
    done = nndsl(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err


def test_a_mistyped_command_is_answered(nndsl: Nndsl) -> None:
    assert "did you mean `check`?" in nndsl("chekc").err


def test_help_and_version(nndsl: Nndsl) -> None:
    done = nndsl("--help")
    assert done.code == 0
    assert all(name in done.out for name in ("build", "codegen", "check", "fmt", "explain"))
    assert nndsl("--version").out.startswith("nndsl ")


def test_files_that_cannot_be_read(nndsl: Nndsl, tmp_path: Path) -> None:
    done = nndsl("check", "missing.nn")
    assert done == Done(4, "", "nndsl: missing.nn: No such file or directory\n")
    assert nndsl("check", str(tmp_path)).code == 4
    assert nndsl("codegen", "-e", LINE, "-o", "nowhere/net.py").code == 4


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"linear 1->1 \x00",
        b"\xef\xbb\xbflinear 1->",
        b"(" * 1000,
        b"\x1b[2J",
        b"| relu",
    ],
)
def test_broken_bytes_are_mistakes_of_the_spec(
    nndsl: Nndsl, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.nn").write_bytes(content)
    for command in ("check", "fmt", "codegen", "build"):
        done = nndsl(command, "a.nn")
        assert done.code in (1, 3)
        assert "\x1b" not in done.err
        assert done.err.count("error[") >= 1


def test_limits_have_a_code_of_their_own(nndsl: Nndsl, tmp_path: Path) -> None:
    (tmp_path / "a.nn").write_bytes(b"#" * (1 << 21))
    assert nndsl("check", "a.nn").code == 3
    assert nndsl("check", "-e", "linear 784->256 | block(256) x 1000000000").code == 0
    assert nndsl("build", "-e", "linear 784->256 | block(256) x 1000000000").code == 3


def test_a_bug_asks_for_a_report(nndsl: Nndsl, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by\nzero")

    monkeypatch.setattr("nndsl.cli.options.read_spec", broken)
    done = nndsl("check", "-e", LINE)
    assert done.code == 70
    assert done.err.startswith("nndsl: internal error: ZeroDivisionError: division by zero\n")
    assert "report" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(("reason", "code"), [(KeyboardInterrupt, 130), (MemoryError, 3)])
def test_interrupted(
    nndsl: Nndsl, monkeypatch: pytest.MonkeyPatch, reason: type[BaseException], code: int
) -> None:
    def stopped(*_: object) -> None:
        raise reason

    monkeypatch.setattr("nndsl.cli.options.read_spec", stopped)
    done = nndsl("check", "-e", LINE)
    assert done.code == code
    assert done.err.count("\n") == 1


def process(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "nndsl", *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload,no-any-return]


def test_a_reader_that_goes_away() -> None:
    read, write = os.pipe()
    os.close(read)
    with process("codegen", "-e", LINE, stdout=write) as running:
        os.close(write)
        _, err = running.communicate()
    assert running.returncode == 4
    assert err == b"nndsl: the reader of the output has gone\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk() -> None:
    with open("/dev/full", "wb") as full, process("codegen", "-e", LINE, stdout=full) as running:
        _, err = running.communicate()
    assert running.returncode == 4
    assert err == b"nndsl: No space left on device\n"


def test_no_colour_where_no_terminal_is(nndsl: Nndsl) -> None:
    assert "\x1b" not in nndsl("check", "-e", "relluu").err


def test_colour_on_a_terminal_unless_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from nndsl.cli.output import colored

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert colored(Terminal())
    assert not colored(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colored(Terminal())


CONFIGURED = (
    'model wide(w=4, act: layer = relu, mode="x")(x: "b 3 h v"): x | conv(w, 3) | maxpool 2 | act\n'
    "model narrow = wide(w=2)\n"
)


@pytest.mark.parametrize(
    ("sizes", "complaint"),
    [
        ("b=1,h=0,v=9", "torch refuses it: "),
        ("b=1,h=3,v=3", "torch refuses it: "),
        ("b=1,q=3", "no input has a size q; there are b, h, v\n"),
    ],
)
def test_an_input_that_torch_refuses_is_one_line(nndsl: Nndsl, sizes: str, complaint: str) -> None:
    done = nndsl("build", "-e", CONFIGURED, "-m", "wide", "--input", sizes)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"nndsl: --input: {complaint}")
    assert done.err.count("\n") == 1


def test_a_size_of_a_model_without_open_sizes(nndsl: Nndsl) -> None:
    done = nndsl("build", "-e", 'model m()(x: "2 4"): linear 3', "--input", "b=3")
    assert done.err == "nndsl: --input: no input has a size b; all sizes are known\n"


def test_what_can_not_be_saved_is_said_before_building(nndsl: Nndsl, tmp_path: Path) -> None:
    done = nndsl("build", "-e", LINE, "--save", "nowhere/w.pt")
    assert done == Done(4, "", "nndsl: there is no folder nowhere\n")
    done = nndsl("build", "-e", LINE, "--save", "w.pt", "--device", "meta")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("nndsl: --save: a model on the meta device has no weights")
    assert not list(tmp_path.iterdir())


def test_a_text_as_a_parameter_without_quotes(nndsl: Nndsl) -> None:
    done = nndsl("check", "-e", CONFIGURED, "-m", "wide", "-p", "mode=y")
    assert done.code == 1
    assert """help: a text stands in quotes: -p 'mode="y"'""" in done.err


def test_parameters_of_a_configured_model(nndsl: Nndsl) -> None:
    done = nndsl("codegen", "-e", CONFIGURED, "-m", "narrow", "-p", "act=gelu")
    assert "def narrow(act: Callable[..., nn.Module] = nn.GELU)" in done.out
    done = nndsl("codegen", "-e", CONFIGURED, "-m", "narrow", "-p", "w=3")
    assert done.code == 1
    assert "`narrow` sets `w` itself\n = help: its parameters are act, mode" in done.err


def test_json_holds_what_is_assumed(nndsl: Nndsl) -> None:
    text = 'model m()(x: "b d"): x | "b (g 2) -> b g 2"'
    found = json.loads(nndsl("check", "--json", "-e", text).out)
    assert found["assumptions"] == {"m": ["`d` is a multiple of 2"]}
