"""Who may cause an import, and what is said where nobody did."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import nndsl
from nndsl import plugins
from nndsl.cli.running import run

pytestmark = pytest.mark.usefixtures("undeclared")

LAYERS = """
import nndsl
from nndsl.extending import inferred

@nndsl.layer("far.Layer", inferred("dim"), input="... dim")
def far_away(call):
    '''Keeps everything.'''
    return call.input
"""
SPEC = 'model net()(x: "b 8"): x | far_away'
FOUND = """
import sys
from nndsl.cli.running import run
code = run({arguments!r})
print([name for name in {names!r} if name in sys.modules])
sys.exit(code)
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str


Nndsl = Callable[..., Done]


@pytest.fixture
def nndsl_(capsys: pytest.CaptureFixture[str]) -> Nndsl:
    def call(*arguments: str) -> Done:
        code = run(list(arguments))
        return Done(code, *capsys.readouterr())

    return call


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages with one that declares a layer."""
    (tmp_path / "far_layers.py").write_text(LAYERS)
    about = tmp_path / "nndsl_far-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: nndsl-far\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[nndsl.layers]\nfar_away = far_layers:far_away\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("far_layers", None)


def test_a_module_declares_what_it_is_imported_for(installed: Path, nndsl_: Nndsl) -> None:
    assert nndsl_("check", "-e", SPEC, "--plugin", "far_layers") == Done(0, "ok\n", "")
    assert "from far import Layer" in nndsl_("codegen", "-e", SPEC, "--plugin", "far_layers").out
    shown = nndsl_("layers", "far_away", "--plugin", "far_layers").out
    assert "declared by far_layers" in shown and "Keeps everything." in shown


@pytest.mark.parametrize("command", ["build", "check", "codegen"])
def test_without_it_the_name_is_unknown_and_nothing_is_imported(
    installed: Path, nndsl_: Nndsl, command: str
) -> None:
    done = nndsl_(command, "-e", SPEC)
    assert done.code == 1
    assert "error[E201]: `far_away` is not defined" in done.err
    assert "the installed package nndsl-far declares it: add `--plugin far_layers`" in done.err
    assert "far_layers" not in sys.modules


@pytest.mark.parametrize("spelling", ["FarAway", "far_away", "FARAWAY"])
def test_any_spelling_finds_the_package(installed: Path, spelling: str) -> None:
    report = nndsl.parse(f'model net()(x: "b 8"): x | {spelling}').check()
    assert "--plugin far_layers" in report.diagnostics[0].help
    assert nndsl.parse(SPEC.replace("far_away", spelling), plugins=True).check()


def test_a_program_may_let_installed_packages_in(installed: Path) -> None:
    assert not nndsl.parse(SPEC).check()
    assert "far_layers" not in sys.modules
    assert nndsl.parse(SPEC, plugins=True).check()
    assert "far_layers" in sys.modules
    assert nndsl.parse(SPEC).check(), "what is imported is known"
    path = installed / "net.nn"
    path.write_text(SPEC)
    assert nndsl.load(path, plugins=True).check()


def test_a_package_is_met_in_imported_files_too(installed: Path) -> None:
    (installed / "blocks.nn").write_text('def own(n)(x: "b c"): x | far_away | linear n\n')
    path = installed / "net.nn"
    path.write_text('from "blocks.nn" import own\n\nmodel net()(x: "b 8"): x | own(4)\n')
    assert not nndsl.load(path).check()
    assert nndsl.load(path, plugins=True).check()


@pytest.mark.parametrize(
    "text",
    [
        "linear 8->8 | far_away",
        "far: (linear 8->8 | far_away)",
        'layer keep = far_away\n\nmodel net()(x: "b 8"): x | keep',
        'layer keep = far_away()\n\nmodel net()(x: "b 8"): x | keep',
        'def use(body: layer = far_away)(x): x | body\n\nmodel net()(x: "b 8"): x | use',
        'def use(body: layer)(x): x | body\n\nmodel net()(x: "b 8"): x | use(far_away)',
        'model own(act: layer)(x: "b 8"): x | act\n\nmodel net = own(far_away)',
        'model net()(x: "b 8"): [x | far_away for i in range(2)][0]',
    ],
)
def test_a_package_is_met_wherever_a_name_stands(installed: Path, text: str) -> None:
    report = nndsl.parse(text).check("net" if "net" in text else None)
    assert "--plugin far_layers" in " ".join(one.help for one in report.diagnostics)
    assert nndsl.parse(text, plugins=True).check("net" if "net" in text else None)


@pytest.mark.parametrize(
    "text",
    [
        'model net()(x: "b 8"):\n    far_away = x | linear 8\n    far_away + x',
        'model net()(far_away: "b 8"): far_away | linear 8',
        'model net(far_away=3)(x: "b 8"): x | linear far_away',
        'model net()(x: "b 8"): x | far_away: linear 8',
        'def far_away(n)(x): x | linear n\n\nmodel net()(x: "b 8"): x | far_away(3)',
        'model net()(x: "b far_away"): x + far_away',
    ],
)
def test_a_name_that_the_spec_explains_lets_nothing_in(installed: Path, text: str) -> None:
    assert nndsl.parse(text, plugins=True).check()
    assert "far_layers" not in sys.modules


def test_letting_packages_in_reads_no_list_where_all_names_are_known(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(f"looked for {name}")

    monkeypatch.setattr(plugins, "offered", refuse)
    text = 'def f(n)(x: "b c"):\n    y = x | linear n | block(n)\n    y + pi * max(n, 2) | relu\n\n'
    spec = nndsl.parse(text + 'model net()(x: "b 8"): x | f(8) | dropout 0.1', plugins=True)
    assert spec.check()
    assert spec.codegen()


def test_a_package_that_fails_says_so(installed: Path) -> None:
    (installed / "far_layers.py").write_text("import nndsl\nraise OSError('no disk')\n")
    with pytest.raises(nndsl.PluginError, match=r"far_layers can't be imported: OSError: no disk"):
        nndsl.parse(SPEC, plugins=True).check()


def test_a_package_whose_list_is_wrong_is_an_unknown_name(installed: Path) -> None:
    (installed / "far_layers.py").write_text("import nndsl\n")
    report = nndsl.parse(SPEC, plugins=True).check()
    assert [one.code for one in report.diagnostics] == ["E201"]


def test_commands_import_nothing_that_nobody_named(installed: Path) -> None:
    names = ["far_layers", "far", "importlib.metadata", "nndsl.extending"]
    for arguments in (
        ["check", "-e", "linear 784->10 | relu"],
        ["codegen", "-e", 'model net()(x: "b 8"): x | block(4)'],
        ["fmt", "-e", SPEC],
    ):
        probe = FOUND.format(arguments=arguments, names=names)
        done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
        assert done.stdout.rstrip().endswith("[]"), done.stdout + done.stderr


def test_the_list_shows_what_is_installed_and_what_is_imported(
    installed: Path, nndsl_: Nndsl
) -> None:
    before = nndsl_("layers").out
    assert "Installed, not imported\n  far_away  --plugin far_layers (nndsl-far)\n" in before
    after = nndsl_("layers", "--plugin", "far_layers").out
    assert "Plug-ins\n  far_layers  far_away\n" in after and "not imported" not in after
    done = nndsl_("layers", "far_away")
    assert done.code == 0, "it is imported now"


def test_a_name_of_an_installed_package_is_found_by_layers(installed: Path, nndsl_: Nndsl) -> None:
    done = nndsl_("layers", "far_away")
    assert (done.code, done.out) == (2, "")
    assert "no layer or function `far_away`; the installed package nndsl-far" in done.err


# ------------------------------------------------------------------ files


def test_a_file_is_a_plug_in(tmp_path: Path, nndsl_: Nndsl) -> None:
    path = tmp_path / "my_layers.py"
    path.write_text(LAYERS)
    for _ in range(2):
        assert nndsl_("check", "-e", SPEC, "--plugin", str(path)).code == 0
    assert sys.modules["my_layers"].__file__ == str(path)


def test_the_folder_of_a_file_is_not_searched(tmp_path: Path, nndsl_: Nndsl) -> None:
    (tmp_path / "beside_layers.py").write_text("")
    path = tmp_path / "my_layers.py"
    path.write_text("import beside_layers\n" + LAYERS)
    done = nndsl_("check", "-e", SPEC, "--plugin", str(path))
    assert done.code == 2
    assert "ModuleNotFoundError: No module named 'beside_layers' (my_layers.py:1)" in done.err


def test_a_module_beside_the_spec_is_not_found(
    tmp_path: Path, nndsl_: Nndsl, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my_layers.py").write_text(LAYERS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p not in ("", str(tmp_path))])
    assert nndsl_("check", "-e", SPEC, "--plugin", "my_layers").code == 2


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("json.py", "", "a module json is loaded already"),
        ("my-layers.py", "", "'my-layers' is no name of a module"),
        ("absent_layers.py", None, "FileNotFoundError"),
        ("bad_layers.py", "x = 1 / 0\n", "ZeroDivisionError: division by zero (bad_layers.py:1)"),
        ("odd_layers.py", "def\n", "SyntaxError"),
        ("gone_layers.py", "raise KeyError\n", "KeyError"),
        (
            "torch_layers.py",
            "import nndsl\nnndsl.layer('torch.nn.X')(print)\n",
            "ValueError: 'torch.nn.X' belongs to torch",
        ),
    ],
)
def test_files_that_can_not_be_imported(
    tmp_path: Path, nndsl_: Nndsl, name: str, text: str | None, words: str
) -> None:
    import json

    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    done = nndsl_("check", "-e", SPEC, "--plugin", str(path))
    assert (done.code, done.out) == (2, "")
    assert words in done.err and "Traceback" not in done.err
    assert path.stem == json.__name__ or path.stem not in sys.modules


@pytest.mark.parametrize("name", ["no_such_module", "no.such", "", ".", "..x", "os;x", "a b"])
def test_modules_that_are_not_there(nndsl_: Nndsl, name: str) -> None:
    done = nndsl_("check", "-e", SPEC, "--plugin", name)
    assert (done.code, done.out) == (2, "")
    assert "can't be imported" in done.err
