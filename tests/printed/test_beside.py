"""The files that `codegen` writes beside printed source: tests and a training script. They run."""

from __future__ import annotations

import subprocess
import sys
import types
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import black
import pytest
import torch
from torch import nn

import nndsl
from nndsl.layers.losses import LOSSES
from tests.agreement.printed import complaints

EXAMPLES = Path(__file__).parents[2] / "examples"
SPECS = [*sorted(EXAMPLES.glob("*.nn"))]
ZOO = ("actor_critic", "bert", "dqn", "lenet", "mixtral", "moe", "recommenders", "seq2seq")
LOSSLESS = 'model net()(x: "b 4"):\n    linear 3\n'
TOKENS = """
model net(vocab=11)(ids: int "b t", mask: bool "b t"):
    y = ids | wte: embedding(vocab, 8)
    where(unsqueeze(mask, -1), y, 0.0) | head: linear vocab
    loss cross_entropy
"""
PAIR = """
model net()(x: "b 4", side: "b 3") -> (score: "b 5", kept: "b 4"):
    y = x | body: linear 4
    cat(y, side, dim=1) | head: linear 5, y
    loss cross_entropy(reduction="none")
"""


def _files(text: str, **options: Any) -> dict[str, str]:
    files = nndsl.parse(text, "net.nn").codegen_files("net.py", **options)
    for name, source in files.items():
        assert name.endswith(".map") or black.format_str(source, mode=black.Mode()) == source
    return files


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Runs printed files as modules that can import each other."""

    def run(files: Mapping[str, str]) -> list[types.ModuleType]:
        made = []
        for name, source in files.items():
            module = types.ModuleType(name.removesuffix(".py"))
            monkeypatch.setitem(sys.modules, module.__name__, module)
            exec(compile(source, name, "exec"), vars(module))  # our own output, in a test
            made.append(module)
        return made

    yield run


def _tests(module: types.ModuleType) -> list[str]:
    found = [name for name in vars(module) if name.startswith("test_")]
    for name in found:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            getattr(module, name)()
    return found


# ------------------------------------------------------------------ tests


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_tests_of_an_example_pass(path: Path, imported: Any) -> None:
    spec = nndsl.load(path)
    models = spec.models[:2]
    for model in models:
        files = spec.codegen_files(f"{path.stem}.py", model, tests=True)
        assert len(_tests(imported(files)[1])) == 3


@pytest.mark.parametrize("stem", ZOO)
def test_the_tests_of_a_network_of_the_zoo_pass(stem: str, imported: Any) -> None:
    spec = nndsl.load(EXAMPLES / "zoo" / f"{stem}.nn")
    files = spec.codegen_files(f"{stem}.py", spec.models[0], tests=True)
    assert len(_tests(imported(files)[1])) == 3


def test_tests_fail_where_the_source_was_changed(imported: Any) -> None:
    files = _files(TOKENS, tests=True)
    changed = files["net.py"].replace("nn.Linear(8, vocab)", "nn.Linear(8, vocab + 1)")
    assert changed != files["net.py"]
    module = imported({**files, "net.py": changed})[1]
    with pytest.raises(AssertionError):
        module.test_shapes()
    with pytest.raises(AssertionError):
        module.test_parameter_count()
    frozen = files["net.py"].replace("x = self.wte(ids)", "x = self.wte(ids).detach()")
    frozen = frozen.replace("y = self.wte(ids)", "y = self.wte(ids).detach()")
    assert frozen != files["net.py"]
    with pytest.raises(AssertionError):
        imported({**files, "net.py": frozen})[1].test_gradients()


def test_parameters_without_a_gradient_are_named(imported: Any) -> None:
    text = """
def twins(width)(x: "b c"):
    y = x | first: linear width
    z = x | second: linear width
    y, z

model net()(x: "b 4"):
    module spare: linear 4->4
    y, z = x | body: twins(5)
    x | detached: linear 5 | detach | _ + y
"""
    files = _files(text, tests=True)
    assert '"spare.weight"' in files["test_net.py"]
    assert '"detached.bias"' in files["test_net.py"]
    assert '"body.second.weight"' in files["test_net.py"]
    assert "body.first" not in files["test_net.py"]
    assert len(_tests(imported(files)[1])) == 3


def test_what_only_the_last_round_leaves_out_is_known(imported: Any) -> None:
    text = """
def gated()(y: "b c"):
    y + (y | res: linear c), y | skip: linear c

model net()(x: "b 4"):
    y = x
    taken = []
    for i in range(3):
        y, s = y | "blocks.{i}": gated()
        taken = taken + [s]
    stack(taken, dim=0) | sum(dim=0)
"""
    files = _files(text, tests=True)
    assert files["test_net.py"].count(".res.weight") == 1
    assert len(_tests(imported(files)[1])) == 3


def test_nested_and_repeated_specs_are_followed() -> None:
    nested = "".join(
        f'def f{n}()(x: "b c"):\n    x | f{n - 1}()\n\n' if n else "def f0():\n    linear 4\n\n"
        for n in range(60)
    )
    text = f'{nested}model net()(x: "b 4"):\n    x | a: f59() | b: linear 4\n'
    assert "test_gradients" in _files(text, tests=True)["test_net.py"]
    with pytest.raises(nndsl.SpecError, match="E514"):
        _files("linear 4->4 | relu x 1000000000", tests=True)


def test_large_models_hold_no_numbers(imported: Any) -> None:
    text = 'model net()(x: "b 20000"):\n    linear 20000 | linear 10\n'
    files = _files(text, tests=True)
    assert 'torch.device("meta")' in files["test_net.py"]
    assert len(_tests(imported(files)[1])) == 3


def test_what_learns_nothing_has_no_test_of_gradients(imported: Any) -> None:
    files = _files('model net()(x: "b 4"):\n    x | relu\n', tests=True)
    assert _tests(imported(files)[1]) == ["test_shapes", "test_parameter_count"]


def test_sizes_are_found_that_fit(imported: Any) -> None:
    text = (
        'model net()(x: "b 3 h w"):\n    conv(4, 200) | conv(4, 8, 8) | flatten(2) | mean(dim=2)\n'
    )
    files = _files(text, tests=True)
    assert "torch.randn(2, 3, 224, 224)" in files["test_net.py"]
    _tests(imported(files)[1])


def test_lists_and_tuples_and_optional_inputs(imported: Any) -> None:
    text = """
model net()(xs: list[2] "b 4", y: "b 4", more: "b 4" = None):
    a = xs[0] + xs[1] + y | fc: linear 3
    return [a, a + 1], (a, argmax(a, dim=1))
"""
    spec = nndsl.parse(text, "net.nn")
    if not spec.check():
        text = """
model net()(y: "b 4", more: "b 4" = None):
    a = y | fc: linear 3
    return a, argmax(a, dim=1)
"""
    files = _files(text, tests=True)
    assert len(_tests(imported(files)[1])) == 3


def test_a_model_without_a_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="says no shape"):
        _files('model net()(x: "... 4"):\n    linear 3\n', tests=True)


@pytest.mark.parametrize("name", ["my-net.py", "class.py", "net.txt", "net"])
def test_a_name_that_can_t_be_imported_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="can't be imported"):
        nndsl.parse(TOKENS).codegen_files(name, tests=True)


# ------------------------------------------------------------------ training


def _trains(files: Mapping[str, str], imported: Any) -> nn.Module:
    module = imported({name: files[name] for name in ("net.py", "train_net.py")})[1]
    with torch.random.fork_rng(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        net: nn.Module = module.train(2, 1e-3, "cpu")
    assert all(torch.isfinite(p).all() for p in net.parameters())
    return net


_TWO = "    one = x | first: linear 3\n    two = exp(x | second: linear 3)\n    return one, two\n"
_THREE = (
    "    one = x | first: linear 3\n    two = x | second: linear 3\n"
    "    three = x | third: linear 3\n    return one, two, three\n"
)
_BODIES = {
    "GaussianNLLLoss": _TWO,
    "MarginRankingLoss": _TWO,
    "CosineEmbeddingLoss": _TWO,
    "TripletMarginLoss": _THREE,
    "TripletMarginWithDistanceLoss": _THREE,
    "BCELoss": "    x | fc: linear 3 | sigmoid\n",
    "NLLLoss2d": '    x | fc: linear 3 | log_softmax(dim=1) | "b c -> b c 1 1"\n',
}
_TRAINED = [one for one in LOSSES.values() if one.torch != "torch.nn.CTCLoss"]


@pytest.mark.parametrize("loss", _TRAINED, ids=lambda loss: str(loss.name))
def test_every_loss_trains(loss: Any, imported: Any) -> None:
    body = _BODIES.get(loss.torch.rpartition(".")[2], "    x | fc: linear 3\n")
    text = f'model net()(x: "b 4"):\n{body}    loss {loss.name}\n'
    _trains(_files(text, train=True), imported)


def test_several_inputs_of_whole_numbers_and_truths(imported: Any) -> None:
    files = _files(TOKENS, train=True)
    assert "torch.randint(11, (8, 32))" in files["train_net.py"]
    assert "flatten(0, -2)" in files["train_net.py"]
    _trains(files, imported)


def test_several_outputs_of_which_the_first_is_taught(imported: Any) -> None:
    files = _files(PAIR, train=True)
    assert "output.score" in files["train_net.py"] and ".mean()" in files["train_net.py"]
    _trains(files, imported)


def test_a_segmentation_has_classes_on_its_second_axis(imported: Any) -> None:
    text = 'model net()(x: "b 3 h w"):\n    conv(5, 3, padding=1)\n    loss cross_entropy\n'
    files = _files(text, train=True)
    assert "torch.randint(5, (8, 32, 32))" in files["train_net.py"]
    _trains(files, imported)


def test_arguments_of_a_loss_are_printed() -> None:
    text = 'model net()(x: "b 4"):\n    linear 3\n    loss cross_entropy(label_smoothing=0.1)\n'
    assert "nn.CrossEntropyLoss(label_smoothing=0.1)" in _files(text, train=True)["train_net.py"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LOSSLESS, "declares no loss: write one"),
        (
            'model net()(x: "b 4"):\n    linear 3\n    loss ctc_loss\n',
            "no training script is known",
        ),
        ('model net()(x: "b 4"):\n    linear 3\n    loss triplet_margin_loss\n', "3 outputs"),
    ],
)
def test_what_can_t_be_trained_is_said(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        _files(text, train=True)


# ------------------------------------------------------------------ as a user runs them


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, timeout=300
    )


def test_all_files_run_as_they_are_written(tmp_path: Path) -> None:
    for name, text in _files(TOKENS, tests=True, train=True, map=True).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = _run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", ".")
    assert done.returncode == 0 and "3 passed" in done.stdout, done.stdout + done.stderr
    done = _run(tmp_path, "train_net.py", "--steps", "3", "--save", "net.pt")
    assert done.returncode == 0 and "step 3: loss" in done.stdout, done.stderr
    assert set(torch.load(tmp_path / "net.pt")) == {"wte.weight", "head.weight", "head.bias"}


def test_ruff_and_mypy_have_no_complaints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # what lies beside is known to be no other package
    sources = {}
    for number, text in enumerate((TOKENS, PAIR)):
        files = nndsl.parse(text, "net.nn").codegen_files(f"n{number}.py", tests=True, train=True)
        sources |= {name.removesuffix(".py"): source for name, source in files.items()}
    assert complaints(sources, tmp_path) == ""
    assert not any("nndsl." in source for source in sources.values())


def test_a_specialized_source_has_them_too(imported: Any) -> None:
    files = _files(TOKENS, specialize=True, tests=True, train=True)
    assert len(_tests(imported({n: files[n] for n in ("net.py", "test_net.py")})[1])) == 3
    _trains(files, imported)
