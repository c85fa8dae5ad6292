"""What `nndsl codegen` writes besides the parametric source."""

from __future__ import annotations

from tests.cli.test_commands import LINE, TWO, Done, Nndsl, nndsl  # noqa: F401


def test_specialize_fills_numbers_in(nndsl: Nndsl) -> None:  # noqa: F811
    done = nndsl("codegen", "-e", TWO, "-m", "small", "-p", "width=3", "--specialize")
    assert done.code == 0 and "nn.Linear(4, 3)" in done.out and "width: int" not in done.out


def test_specialize_takes_all_models(nndsl: Nndsl) -> None:  # noqa: F811
    done = nndsl("codegen", "-e", TWO, "--specialize")
    assert "class Small" in done.out and "class Large" in done.out


def test_specialize_of_a_line(nndsl: Nndsl) -> None:  # noqa: F811
    assert "for _ in range(3)" in nndsl("codegen", "-e", LINE, "--specialize").out


def test_a_wrong_spec_is_told(nndsl: Nndsl) -> None:  # noqa: F811
    done = nndsl("codegen", "-e", "linear 784->", "--specialize")
    assert isinstance(done, Done) and done.code == 1
