"""Items of other files: what can be imported, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

import nndsl
from tests.agreement.harness import execute


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".nn")
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    return folder / "main.nn"


IMPORTED = [
    ("all of a file", {"main": 'import "a.nn"\n\nlinear 4->4 | f(3)', "a": "def f(n): linear n"}),
    (
        "one name",
        {
            "main": 'from "a.nn" import f\n\nlinear 4->4 | f(3)',
            "a": "def f(n): linear n\ndef g(n): relu",
        },
    ),
    (
        "two names",
        {"main": 'from "a.nn" import n, f\n\nlinear 4->4 | f(n)', "a": "def f(n): linear n\nn = 3"},
    ),
    (
        "what the imported names need",
        {
            "main": 'from "a.nn" import f\n\nlinear 4->4 | f',
            "a": "def f(): g(n)\ndef g(n): linear n\nn = 3",
        },
    ),
    (
        "from a folder",
        {
            "main": 'import "sub/a.nn"\n\nlinear 4->4 | f(3)',
            "sub__a": 'import "b.nn"\ndef f(n): g(n)',
            "sub__b": "def g(n): linear n",
        },
    ),
    (
        "from the folder above",
        {
            "main": 'import "sub/a.nn"\n\nlinear 4->4 | f(3)',
            "sub__a": 'import "../b.nn"\ndef f(n): g(n)',
            "b": "def g(n): linear n",
        },
    ),
    (
        "a model",
        {"main": 'import "a.nn"\n\nlinear 4->4 | net', "a": 'model net()(x: "b d"): linear 3'},
    ),
    (
        "one file twice",
        {
            "main": 'import "a.nn"\nimport "b.nn"\n\nlinear 4->4 | f(3)',
            "a": 'import "c.nn"\ndef f(n): g(n)',
            "b": 'import "c.nn"\ndef h(n): g(n)',
            "c": "def g(n): linear n",
        },
    ),
]


@pytest.mark.parametrize("files", [f for _, f in IMPORTED], ids=[n for n, _ in IMPORTED])
def test_imports(files: dict[str, str], tmp_path: Path) -> None:
    net = nndsl.load(write(tmp_path, **files)).build("main")
    assert net(torch.zeros(2, 4)).shape == (2, 3)


UNIMPORTED = [
    ("missing file", {"main": 'import "a.nn"\n\nlinear 4->4'}, "E209", ""),
    (
        "missing name",
        {"main": 'from "a.nn" import blok\n\nlinear 4->4', "a": "def block2(n): linear n"},
        "E209",
        "did you mean `block2`?",
    ),
    ("cycle", {"main": 'import "a.nn"\n\nlinear 4->4', "a": 'import "main.nn"'}, "E210", ""),
    (
        "longer cycle",
        {"main": 'import "a.nn"\n\nlinear 4->4', "a": 'import "b.nn"', "b": 'import "a.nn"'},
        "E210",
        "",
    ),
    ("a path upwards", {"main": 'import "../a.nn"\n\nlinear 4->4'}, "E209", "the root is"),
    ("a way out", {"main": 'import "sub/../../a.nn"\n\nlinear 4->4'}, "E209", "the root is"),
    ("absolute path", {"main": 'import "/etc/passwd"\n\nlinear 4->4'}, "E209", ""),
    (
        "a mistake in it",
        {"main": 'import "a.nn"\n\nlinear 4->4 | f(3)', "a": "def f(n): linear m"},
        "E201",
        "",
    ),
    (
        "a name from two files",
        {
            "main": 'import "a.nn"\nimport "b.nn"\n\nlinear 4->4 | f(3)',
            "a": "def f(n): linear n",
            "b": "def f(n): linear n",
        },
        "E208",
        "choose",
    ),
]


@pytest.mark.parametrize(
    ("files", "code", "help"), [row[1:] for row in UNIMPORTED], ids=[row[0] for row in UNIMPORTED]
)
def test_wrong_imports(files: dict[str, str], code: str, help: str, tmp_path: Path) -> None:
    report = nndsl.load(write(tmp_path, **files)).check()
    assert [d.code for d in report.diagnostics] == [code]
    assert help in report.diagnostics[0].help


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    main = write(tmp_path, main='import "a.nn"\n\nlinear 4->4', a="")
    (tmp_path / "a.nn").write_bytes(b"def f(n): linear n # \xff")
    (found,) = nndsl.load(main).check().diagnostics
    assert (found.code, found.message) == ("E209", '"a.nn" is no UTF-8 text')


def test_a_cycle_of_imports_is_shown(tmp_path: Path) -> None:
    report = nndsl.load(write(tmp_path, main='import "a.nn"\n\nrelu', a='import "main.nn"')).check()
    assert "main.nn -> a.nn -> main.nn" in report.diagnostics[0].message


def refused_import(tmp_path: Path) -> str:
    report = nndsl.load(tmp_path / "root" / "main.nn").check()
    assert [d.code for d in report.diagnostics] == ["E209"]
    return report.diagnostics[0].message


def test_nothing_outside_the_root_is_imported(tmp_path: Path) -> None:
    write(tmp_path, outside="def f(n): linear n")
    write(tmp_path / "root", main='import "../outside.nn"\n\nlinear 4->4')
    refused_import(tmp_path)


def test_links_are_refused(tmp_path: Path) -> None:
    write(tmp_path, outside="def f(n): linear n")
    write(tmp_path / "root", main='import "link.nn"\n\nlinear 4->4')
    link = tmp_path / "root" / "link.nn"
    link.symlink_to(tmp_path / "outside.nn")
    refused_import(tmp_path)
    link.unlink()
    os.link(tmp_path / "outside.nn", link)
    refused_import(tmp_path)


def test_linked_folders_are_refused(tmp_path: Path) -> None:
    write(tmp_path, elsewhere__a="def f(n): linear n")
    write(tmp_path / "root", main='import "sub/a.nn"\n\nlinear 4->4')
    (tmp_path / "root" / "sub").symlink_to(tmp_path / "elsewhere")
    refused_import(tmp_path)


def test_only_plain_files_are_imported(tmp_path: Path) -> None:
    write(tmp_path / "root", main='import "pipe.nn"\n\nlinear 4->4')
    os.mkfifo(tmp_path / "root" / "pipe.nn")
    refused_import(tmp_path)
    (tmp_path / "root" / "pipe.nn").unlink()
    (tmp_path / "root" / "pipe.nn").mkdir()
    refused_import(tmp_path)


def test_numbers_of_two_files_may_have_one_name(tmp_path: Path) -> None:
    (tmp_path / "blocks.nn").write_text(
        'gain = 3\nfn up(x): x * gain\ndef wide(w)(x: "b d"): x | linear(gain * w) | up\n'
    )
    (tmp_path / "main.nn").write_text(
        'import "blocks.nn"\ngain = 7\nmodel m(w=2)(x: "b 4"): x | wide(w) | linear(gain * w)\n'
    )
    spec = nndsl.load(tmp_path / "main.nn")
    built = spec.build(seed=0).state_dict()
    torch.manual_seed(0)
    printed = execute(spec.codegen())["M"]().state_dict()
    assert [t.shape[0] for t in built.values()] == [6, 6, 14, 14]
    assert {k: t.shape for k, t in printed.items()} == {k: t.shape for k, t in built.items()}


def test_each_name_of_an_import_is_looked_at(tmp_path: Path) -> None:
    text = 'from "a.nn" import m, lin, f, f\n\nlinear 4->4 | m(3) | lin(3) | f(3)'
    spec = nndsl.load(write(tmp_path, main=text, a="def f(n): linear n\ndef line(n): linear n"))
    found = spec.check().diagnostics
    assert [(one.code, one.span.text) for one in found if one.span] == [
        ("E209", "m"),
        ("E209", "lin"),
        ("E208", "f"),
    ]
    assert found[1].help == "did you mean `line`?"


@pytest.mark.parametrize("what", ['import "b.nn"', 'from "b.nn" import f'])
def test_what_a_failed_import_would_bring_is_not_unknown(what: str, tmp_path: Path) -> None:
    spec = nndsl.load(write(tmp_path, main=f"{what}\n\nlinear 4->4 | f(3)"))
    assert [one.code for one in spec.check().diagnostics] == ["E209"]
