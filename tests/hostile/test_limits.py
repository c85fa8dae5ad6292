"""Each limit: its code, its option, its place in the interface, and that no file can change it."""

from __future__ import annotations

from pathlib import Path

import pytest

import nndsl
from nndsl.cli.running import run
from nndsl.codes import CODES as EXPLAINED
from nndsl.limits import CEILINGS, CODES, Limits, current, spend, under
from nndsl.record import fields

NET = 'model net()(x: "b 8"):\n    x | linear 8 | relu\n'
BEYOND = {
    "file_bytes": (NET, 20),
    "nesting": ("a = ((((1))))\n\nlinear 8->8\n", 3),
    "integer": ("a = 4 * 30\n\nlinear 8->8 | linear(a)\n", 100),
    "text": ("a = 'abc' + 'def'\n\nlinear 8->8\n", 5),
    "items": ("a = [1, [2, 3], 4]\n\nlinear 8->8\n", 4),
    "steps": (NET, 3),
    "depth": ('def f(): linear 8\ndef g(): f\nmodel net()(x: "b 8"): g\n', 1),
    "modules": (NET, 2),
    "elements": (NET, 71),
    "memory": (NET, 287),
}


def said(text: str, limits: Limits) -> list[str]:
    """The codes of checking, and where that finds nothing, of building."""
    try:
        spec = nndsl.parse(text, limits=limits)
        report = spec.check()
        if report:
            spec.build()
    except nndsl.SpecError as wrong:
        return [one.code for one in wrong.diagnostics]
    return [one.code for one in report.diagnostics]


@pytest.mark.parametrize("name", BEYOND)
def test_a_limit_is_exceeded_by_one(name: str) -> None:
    text, most = BEYOND[name]
    assert CODES[name] in said(text, Limits(**{name: most}))
    assert said(text, Limits()) == []
    assert CODES[name] in EXPLAINED


@pytest.mark.parametrize("name", ["elements", "memory"])
def test_what_just_fits(name: str) -> None:
    text, most = BEYOND[name]
    assert said(text, Limits(**{name: most + 1})) == []


def test_the_memory_is_not_asked_for_where_nothing_is_allocated() -> None:
    nndsl.parse(NET, limits=Limits(memory=1)).build(device="meta")


@pytest.mark.parametrize("name", BEYOND)
def test_a_limit_is_an_option(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, most = BEYOND[name]
    (tmp_path / "net.nn").write_text(text)
    command = "build" if name in ("modules", "elements", "memory") else "check"
    code = run([command, str(tmp_path / "net.nn"), "--limit", f"{name}={most:_}"])
    assert (code, f"error[{CODES[name]}]" in capsys.readouterr().err) == (3, True)
    assert run([command, str(tmp_path / "net.nn")]) == 0


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("steps", "is not of the form name=number"),
        ("steps=", "is not of the form name=number"),
        ("steps=1e6", "is not of the form name=number"),
        ("steps=-1", "is not of the form name=number"),
        (f"steps={'9' * 5000}", "is not of the form name=number"),
        ("stepz=3", "no limit `stepz`; there are file_bytes, total_bytes"),
        ("steps=0", "steps must be a positive whole number"),
        ("nesting=65", "nesting can be 64 at most"),
        ("integer=9223372036854775808", "integer can be"),
        ("depth=201", "depth can be 200 at most"),
    ],
)
def test_wrong_options(value: str, complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "-e", NET, "--limit", value]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("value", [0, -1, True, 1.5, "3", None])
def test_wrong_values(value: object) -> None:
    with pytest.raises(ValueError, match="positive whole number"):
        Limits(steps=value)  # type: ignore[arg-type]


def test_what_protects_the_stack_can_only_be_lowered() -> None:
    for name, most in CEILINGS.items():
        assert getattr(Limits(), name) == most
        with pytest.raises(ValueError, match="at most"):
            Limits(**{name: most + 1})


def test_every_limit_has_a_code() -> None:
    assert {one.name for one in fields(Limits)} == {*CODES, "findings"}


def test_limits_end_with_the_call() -> None:
    with under(Limits(steps=1)):
        assert current().steps == 1
    assert current() == Limits()
    spend(10**9)  # outside of a run nothing is counted


def test_imports_are_counted_once(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.nn").write_text(f"def {name}(): relu\n")
    head = "".join(f'import "{name}.nn"\n' for name in "abc")
    (tmp_path / "d.nn").write_text('import "a.nn"\ndef d(): a\n')
    (tmp_path / "net.nn").write_text(head + 'import "d.nn"\nlinear 8->8 | a | d\n')
    assert nndsl.load(tmp_path / "net.nn", limits=Limits(imports=4)).check()
    (one,) = nndsl.load(tmp_path / "net.nn", limits=Limits(imports=3)).check().diagnostics
    assert one.code == "E513"
    most = sum(path.stat().st_size for path in tmp_path.glob("[abcd].nn"))
    assert nndsl.load(tmp_path / "net.nn", limits=Limits(total_bytes=most)).check()
    less = Limits(total_bytes=most - 1)
    (one,) = nndsl.load(tmp_path / "net.nn", limits=less).check().diagnostics
    assert one.code == "E501"


def test_an_imported_file_has_the_bound_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.nn").write_text("#" * 200)
    (tmp_path / "net.nn").write_text('import "a.nn"\nlinear 8->8\n')
    found = nndsl.load(tmp_path / "net.nn", limits=Limits(file_bytes=199)).check().diagnostics
    assert "E501" in [one.code for one in found]


def test_findings_are_bounded_errors_first() -> None:
    text = "".join(f"    y{n} = x | relux\n" for n in range(300))
    spec = nndsl.parse(f'model net()(x: "b 8"):\n{text}    x\n', limits=Limits(findings=7))
    found = spec.check().diagnostics
    assert [one.code for one in found[-1:]] == ["W605"]
    assert len(found) == 8
    assert all(one.severity == "error" for one in found[:-1])


def test_a_file_that_needs_more_is_let_through() -> None:
    text = "a = [i for i in range(150000)]\n\nlinear 8->8 | linear(len(a))\n"
    assert not nndsl.parse(text).check()
    assert nndsl.parse(text, limits=Limits(items=200_000, steps=10_000_000)).check()


def test_nothing_is_left_over_from_a_run_that_was_ended() -> None:
    spec = nndsl.parse(NET, limits=Limits(steps=30))
    assert [one.code for one in spec.check().diagnostics] == ["E512"]
    with pytest.raises(nndsl.SpecError, match="E512"):
        spec.codegen()
    assert nndsl.parse(NET).check()
