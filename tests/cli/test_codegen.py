"""What `nndsl codegen` writes besides the parametric source."""

from __future__ import annotations

from pathlib import Path

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


TAUGHT = 'model net()(x: "b 4"):\n    linear 3\n    loss mse_loss\n'


def test_files_are_written_beside(nndsl: Nndsl, tmp_path: Path) -> None:  # noqa: F811
    done = nndsl("codegen", "-e", TAUGHT, "-o", "net.py", "--tests", "--train", "--map")
    assert done == Done(0, "", "")
    names = {"net.py", "test_net.py", "train_net.py", "net.py.map"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_files_go_to_the_folder_of_the_source(nndsl: Nndsl, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "out").mkdir()
    assert nndsl("codegen", "-e", TAUGHT, "-o", "out/net.py", "--tests").code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"net.py", "test_net.py"}


def test_nothing_is_written_where_one_file_would_be_lost(
    nndsl: Nndsl,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "train_net.py").write_text("mine")
    done = nndsl("codegen", "-e", TAUGHT, "-o", "net.py", "--tests", "--train")
    assert done.code == 4 and "would overwrite train_net.py" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["train_net.py"]
    assert nndsl("codegen", "-e", TAUGHT, "-o", "net.py", "--train", "--force").code == 0
    assert "mine" not in (tmp_path / "train_net.py").read_text()


def test_files_beside_need_a_source(nndsl: Nndsl) -> None:  # noqa: F811
    for option in ("--tests", "--train", "--map"):
        done = nndsl("codegen", "-e", TAUGHT, option)
        assert done.code == 2 and f"{option} writes beside the source" in done.err


def test_what_can_t_be_made_is_said(nndsl: Nndsl, tmp_path: Path) -> None:  # noqa: F811
    done = nndsl("codegen", "-e", LINE, "-o", "net.py", "--train")
    assert done.code == 2 and "declares no loss" in done.err
    done = nndsl("codegen", "-e", LINE, "-o", "my-net.py", "--tests")
    assert done.code == 2 and "can't be imported" in done.err
    done = nndsl("codegen", "-e", TWO, "-o", "net.py", "--train")
    assert done.code == 2 and "several models" in done.err
    assert list(tmp_path.iterdir()) == []
