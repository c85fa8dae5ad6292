"""Random programs: built and printed they are one; what doesn't change the meaning changes nothing.

``NNDSL_PROGRAMS=2000`` tries that many, with another seed each time.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count

import pytest
import torch
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from torch import nn

import nndsl
from nndsl.source import Source
from nndsl.syntax import format_text
from tests.agreement.bodies import PARAMS, bodies
from tests.agreement.harness import Plan, check_agreement, same_state
from tests.agreement.mixtures import CHAINS, LEAVES, Mixture
from tests.agreement.wider import drawn, programs

Programs = Callable[[], st.SearchStrategy[str]]

FEW = 24
FEW_PROGRAMS = 60
MANY = int(os.environ.get("NNDSL_PROGRAMS", "0"))
NEW_NAMES = {"width": "breadth", "depth": "rounds", "flag": "switch", "y": "state", "x": "given"}


def _trial(few: int) -> settings:
    return settings(
        max_examples=MANY or few,
        derandomize=not MANY,
        database=None,
        deadline=None,
        phases=[Phase.generate] if not MANY else list(Phase),
        suppress_health_check=list(HealthCheck),
    )


def _valid(text: str) -> bool:
    """Few random programs are wrong: a module that nothing calls and whose sizes nobody says."""
    return bool(nndsl.parse(text, "example.nn").check())


def _built(text: str) -> nn.Module:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")
        return nndsl.parse(text, "example.nn").build(seed=0)


@contextmanager
def _doubles() -> Iterator[None]:
    """Products in loops grow large; sums of them are compared in doubles."""
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


@cache
def _texts(kind: Programs, count: int) -> list[str]:
    """Valid texts, the same few in every run."""
    return list(filter(_valid, drawn(count, kind())))


def _programs_agree(text: str) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")
        assert check_agreement(text).configurations


def _statements_agree(text: str) -> None:
    """A parameter that is not printed is let pass here: what is printed has to be right."""
    with warnings.catch_warnings(), _doubles():
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")
        proof = check_agreement(text, plans={"net": Plan(pinned=frozenset(PARAMS))})
    assert proof.configurations


@pytest.mark.parametrize("number", range(FEW_PROGRAMS))
def test_a_program_is_the_same_network_built_and_printed(number: int) -> None:
    texts = _texts(programs, FEW_PROGRAMS)
    _programs_agree(texts[number % len(texts)])


@pytest.mark.parametrize("number", range(FEW))
def test_statements_are_the_same_network_built_and_printed(number: int) -> None:
    texts = _texts(bodies, FEW)
    _statements_agree(texts[number % len(texts)])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_small_mixtures_are_the_same_network_built_and_printed(size: int, seed: int) -> None:
    """Each parameter stays one, too."""
    _mixtures_agree(size, seed)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("size", [1, 2, 4])
def test_mixtures_of_chains_are_the_same_network_built_and_printed(size: int, seed: int) -> None:
    _mixtures_agree(size, seed, CHAINS)


def _mixtures_agree(size: int, seed: int, more: tuple[tuple[str, ...], ...] = ()) -> None:
    """Of mixtures many are wrong: the next that is valid is tried."""
    seeds = count(100 * seed + size, 10_000)
    texts = (Mixture(one, more + more + LEAVES).text(size) for one in seeds)
    text = next(filter(_valid, texts))
    with warnings.catch_warnings(), _doubles():
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")
        assert check_agreement(text).configurations


if MANY:  # others each time, made small where they fail

    def test_many_programs_are_the_same_network_built_and_printed() -> None:
        _trial(MANY)(given(programs().filter(_valid))(_programs_agree))()

    def test_many_statements_are_the_same_network_built_and_printed() -> None:
        _trial(MANY)(given(bodies().filter(_valid))(_statements_agree))()

    @pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
    def test_many_mixtures_are_the_same_network_built_and_printed(size: int) -> None:
        first = int(time.time())
        for seed in range(first, first + MANY):
            _mixtures_agree(size, seed, CHAINS if seed % 2 else ())


@pytest.mark.parametrize("kind", [programs, bodies])
def test_nearly_all_programs_are_valid(kind: Programs) -> None:
    texts = drawn(100, kind())
    valid = [text for text in texts if nndsl.parse(text, "example.nn").check()]
    assert len(valid) > 0.9 * len(texts) > 50


@_trial(25)
@given(programs())
def test_renaming_values_changes_nothing(text: str) -> None:
    assume(_valid(text))
    # the sign of a repeat is no name, and the input of an activation has no other
    renamed = re.sub(r"\bx\b(?= \d| depth)", "\0", text)
    renamed = re.sub(r"^activation.*$", lambda m: re.sub(r"\bx\b", "\0", m[0]), renamed, flags=re.M)
    for old, new in NEW_NAMES.items():
        renamed = re.sub(rf"\b{old}\b", new, renamed)
    same_state(_built(text), _built(renamed.replace("\0", "x")))


@_trial(25)
@given(programs())
def test_formatting_changes_nothing(text: str) -> None:
    assume(_valid(text))
    formatted = format_text(Source(text, "example.nn"))
    assert format_text(Source(formatted, "example.nn")) == formatted
    same_state(_built(text), _built(formatted))


@_trial(25)
@given(programs(), st.randoms(use_true_random=False))
def test_white_space_and_comments_change_nothing(text: str, chance: object) -> None:
    assume(_valid(text))
    lines = []
    for line in text.splitlines():
        lines.append(line + ("  # said" if chance.random() < 0.3 else ""))  # type: ignore[attr-defined]
        if chance.random() < 0.2:  # type: ignore[attr-defined]
            lines.append("" if chance.random() < 0.5 else "# between")  # type: ignore[attr-defined]
    loose = "\n".join(lines).replace(" | ", "  |   ").replace(", ", ",  ")
    same_state(_built(text), _built(loose + "\n\n"))


ROUNDS = (
    "linear 4 | relu",
    "linear(2 * width) | _ + 1 | linear width",
    "linear width | (tanh if width > 3) | layernorm",
    "_ + (_ | layernorm | linear width)",
    "cat(_, linear(3), dim=1) | linear width",
)


@pytest.mark.parametrize("stage", ROUNDS)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_repeat_in_a_numbered_body_is_its_rounds_written_out(stage: str, count: int) -> None:
    head = 'model net(width=4)(x: "b 4"):\n    relu | '
    short = f"{head}({stage}) x {count} | linear 2\n"
    long = f"{head}{' | '.join([f'({stage})'] * count + ['linear 2'])}\n"
    same_state(_built(short), _built(long))


@pytest.mark.parametrize("stage", ROUNDS[:3])
def test_a_labelled_repeat_is_labels_with_numbers(stage: str) -> None:
    head = 'model net(width=4)(x: "b 4"):\n    x | '
    short = f"{head}blocks: ({stage}) x 3 | head: linear 2\n"
    long = f'{head}("blocks.{{i}}": ({stage}) for i in range(3)) | head: linear 2\n'
    same_state(_built(short), _built(long))
    data = torch.randn(3, 4)
    one, other = _built(short).eval(), _built(long).eval()
    with torch.no_grad():
        assert torch.equal(one(data), other(data))


@_trial(25)
@given(programs(), st.randoms(use_true_random=False))
def test_the_order_of_definitions_changes_nothing(text: str, chance: object) -> None:
    assume(_valid(text))
    items = re.split(r"\n\n(?=\S)", text.strip())
    chance.shuffle(items)  # type: ignore[attr-defined]
    same_state(_built(text), _built("\n\n".join(items) + "\n"))


@_trial(25)
@given(programs())
def test_a_splice_of_the_whole_model_changes_nothing(text: str) -> None:
    """What is spliced stands where it is written: names, numbers and weights are the same."""
    assume(_valid(text) and "model net(" in text)
    spec = nndsl.parse(text, "example.nn")
    (model,) = spec.models
    assume(not spec.resolved(model).inputs[1:])
    inner = re.sub(rf"^model {model}\(", "def inner(", text, flags=re.MULTILINE)
    head = re.search(rf"^model {model}\((.*?)\)(\(.*?\))?:", text, re.MULTILINE)
    assume(head is not None and head[2] is not None and "layer" not in head[1])
    assert head is not None
    outer = f"\n\nmodel {model}({head[1]}){head[2]}:\n    x | *inner(...)\n"
    assume(re.match(r'\(x: "[^"]*"\)$', head[2]))
    same_state(_built(text), _built(inner.rstrip("\n") + outer))


def test_the_seed_of_hashes_changes_no_byte() -> None:
    texts = drawn(40)
    script = (
        "import sys, json, nndsl\n"
        "for text in json.load(sys.stdin):\n"
        "    spec = nndsl.parse(text, 'example.nn')\n"
        "    found = spec.check()\n"
        "    print(str(found), spec.codegen() if found else '')\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(texts),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1
