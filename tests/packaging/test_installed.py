"""The wheel, the sdist and an editable install work from another folder.

Each goes into an environment of its own. Its dependencies come from the environment that runs the
tests: a ``.pth`` file names its folders, which is enough to import from them and too little for
the editable install there to be seen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LINE = "linear 784->256 | relu | block(256)x3 | linear 256->10"


def run(*command: str | Path, cwd: Path) -> str:
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONWARNINGS")}
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, so that nothing is built inside it."""
    copy = tmp_path_factory.mktemp("project") / "nndsl"
    unwanted = shutil.ignore_patterns(
        ".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "dist"
    )
    shutil.copytree(ROOT, copy, ignore=unwanted)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("sdist", checkout, tmp_path_factory.mktemp("sdist"))


def built(kind: str, checkout: Path, folder: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=checkout)
    (path,) = folder.iterdir()
    return path


def environment(folder: Path) -> Path:
    """A fresh environment; returns its ``python``."""
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies.pth").write_text("".join(f"{path}\n" for path in sorted(paths)))
    return folder / "bin" / "python"


def install(python: Path, *what: str | Path) -> None:
    """With the build backend that is there already: nothing is downloaded."""
    pip = (python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation")
    run(
        *pip,
        "--no-index",
        "--disable-pip-version-check",
        "--ignore-installed",
        *what,
        cwd=python.parent,
    )


def works(python: Path, inside: Path, folder: Path) -> None:
    """The installed package is the one that runs, and finds all that it needs."""
    home = run(python, "-c", "import nndsl; print(nndsl.__file__)", cwd=folder)
    assert Path(home).is_relative_to(inside)
    nndsl = python.parent / "nndsl"
    assert run(nndsl, "check", "-e", LINE, cwd=folder) == "ok\n"
    source = run(python, "-m", "nndsl", "codegen", "-e", LINE, cwd=folder)
    assert "class Block(nn.Sequential):" in source
    assert "400,906" in run(nndsl, "build", "-e", LINE, cwd=folder)


def test_wheel(wheel: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "env")
    install(python, wheel)
    works(python, tmp_path / "env", tmp_path)


def test_sdist(sdist: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "env")
    install(python, sdist)
    works(python, tmp_path / "env", tmp_path)


def test_editable(checkout: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "env")
    install(python, "-e", checkout)
    works(python, checkout, tmp_path)


def test_what_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"nndsl/grammars/nndsl.lark", "nndsl/grammars/prelude.nn", "nndsl/py.typed"} <= names
    assert {
        f"nndsl/templates/{p.name}" for p in (ROOT / "templates").iterdir() if p.is_file()
    } <= names
    roots = {name.split("/")[0].split("-")[0] for name in names}
    assert roots == {"nndsl"}


def test_what_is_in_the_sdist(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in (
        "LICENSE",
        "README.md",
        "Makefile",
        "grammars/nndsl.lark",
        "tests/test_imports.py",
    ):
        assert name in names
    assert any(name.startswith("examples/") for name in names)
