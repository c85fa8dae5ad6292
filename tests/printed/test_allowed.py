"""What ``tests/agreement/allowed.py`` lists is all that printed source and built forwards hold.

The harness of the agreement tests asks it of every source that they run and of every function that
they build: examples, samples, networks of the zoo, random programs, and each function's own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import nndsl
from tests.agreement.allowed import checked_functions, complaints
from tests.agreement.harness import execute

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.nn"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    spec = nndsl.load(path)
    assert complaints(spec.codegen()) == []
    with checked_functions():
        for model in spec.models:
            spec.build(model, device="meta")


def test_functions_of_a_build_are_looked_at() -> None:
    with checked_functions() as seen:
        nndsl.build('fn f(t): t + 1\nmodel net()(x: "b 4"): (x | linear 4) + f(x)\n')
    assert sorted(one.name for one in seen) == ["f", "forward"]


def test_the_harness_refuses_what_is_not_listed() -> None:
    with pytest.raises(AssertionError, match="imports"):
        execute("import os")


HEAD = "import torch\nfrom torch import Tensor, nn\n\n\n"


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "from torch import load",
        "from .torch import nn",
        "import torch.utils.data",
        HEAD + "eval('1')",
        HEAD + "exec('1')",
        HEAD + "open('f')",
        HEAD + "__import__('os')",
        HEAD + "torch.load('f')",
        HEAD + "torch._C.x()",
        HEAD + "torch.hub.load('a', 'b')",
        HEAD + "torch.ops.x.y()",
        HEAD + "x = nn.Module.__subclasses__()",
        HEAD + "x = (1).__class__",
        HEAD + "def f(x):\n    x.__init__()",
        HEAD + "def f(self, n):\n    getattr(self, '__class__')",
        HEAD + "def f(self, n):\n    getattr(n, f'a{n}')",
        HEAD + "def f(self, n):\n    getattr(self, f'__{n}')",
        HEAD + "'a'.join([])",
        HEAD + "(lambda: 1)()",
        HEAD + "x = b'a'",
        HEAD + "x = '\x1b[2J'",
        HEAD + "x = '\u202e'",
        HEAD + "while True:\n    pass",
        HEAD + "try:\n    x = 1\nfinally:\n    x = 2",
        HEAD + "with open('f'):\n    pass",
        HEAD + "async def f(): pass",
        HEAD + "def f():\n    global x\n    x = 1",
        HEAD + "@nn.Module\nclass A:\n    pass",
        HEAD + "def __getattr__(name):\n    return 1",
        HEAD + "x = y",
        HEAD + "assert torch",
    ],
)
def test_what_is_not_listed_is_noticed(source: str) -> None:
    assert complaints(source)
